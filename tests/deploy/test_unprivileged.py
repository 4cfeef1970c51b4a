"""The service as a user without rights, with a program and a config that it cannot write to: it needs its data alone.

Docker cannot be asked for in a test; what it does to a process can: another user, no capability, none to be gained, and
folders that are somebody else's.
"""

import asyncio
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

import monitor
from tests.bot_api import BotApi
from tests.command_line import FEEDS
from tests.newsstand import WATCHLIST, Newsstand
from tests.web.test_half_open import free_port

pytestmark = pytest.mark.slow

NOBODY = 10001  # as in the Dockerfile
TOKEN = "70001:" + "s" * 35
READER = 501
QUAKE = "Động đất 6,1 độ làm rung chuyển miền đông Indonesia"
QUAKE_LEAD = "Trận động đất mạnh 6,1 độ xảy ra ngoài khơi tỉnh Maluku sáng chủ nhật, chưa có báo cáo về thương vong."
IS_ROOT = os.geteuid() == 0


@dataclass(frozen=True, slots=True)
class House:
    """`program`, `config` and `secrets` can be read by the service, `data` and `scratch` are its own."""

    root: Path
    user: int

    @property
    def data(self) -> Path:
        return self.root / "data"

    def command(self, *words: str) -> list[str]:
        """`monitor …` by the user of the service."""
        return [*self.as_user(), sys.executable, "-m", "monitor", *words]

    def as_user(self) -> list[str]:
        if not IS_ROOT:
            return ["setpriv", "--no-new-privs"]
        rights = ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]
        return ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups", *rights]

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": "/nonexistent",
            "TMPDIR": str(self.root / "scratch"),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(self.root / "program"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "MONITOR_CONFIG_DIR": str(self.root / "config"),
            "MONITOR_DATABASE_URL": f"sqlite:///{self.data}/monitor.db",
            "MONITOR_TELEGRAM_TOKEN_FILE": str(self.root / "secrets" / "telegram_token"),
            **more,
        }


def can_read(house: House) -> bool:
    """Whether the user of the service reaches the interpreter and the program; a clone in /root hides both."""
    asked = [*house.as_user(), sys.executable, "-c", "import monitor.cli.main, aiohttp"]
    return subprocess.run(asked, cwd="/", env=house.environment(), capture_output=True, check=False).returncode == 0


def shut(folder: Path) -> None:
    """Nobody may write below `folder`, its owner included."""
    for path in [*folder.rglob("*"), folder]:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222 | 0o444 | (0o111 if path.is_dir() else 0))


@pytest.fixture
def house() -> Iterator[House]:
    """Below /tmp and not `tmp_path`, which is its owner's alone."""
    root = Path(tempfile.mkdtemp(prefix="monitor-house-"))
    try:
        root.chmod(0o755)
        shutil.copytree(
            Path(monitor.__file__).parent, root / "program" / "monitor", ignore=shutil.ignore_patterns("__pycache__")
        )
        for name in ("config", "secrets", "data", "scratch"):
            (root / name).mkdir()
        (root / "secrets" / "telegram_token").write_text(TOKEN + "\n")
        found = House(root, NOBODY)
        if not can_read(found):
            found = House(root, os.geteuid())  # root without a single capability: others' folders are shut to it, too
        for own in ("data", "scratch"):
            os.chown(root / own, found.user, found.user if IS_ROOT else -1)
        yield found
    finally:
        for path in [root, *(path for path in root.rglob("*") if path.is_dir())]:
            path.chmod(0o700)
        shutil.rmtree(root)


@asynccontextmanager
async def running(house: House, stand: Newsstand, api: BotApi, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    stand.write_config(house.root / "config")
    for name in ("program", "config", "secrets"):
        shut(house.root / name)
    house.root.chmod(0o555)
    environment = house.environment(
        MONITOR_TELEGRAM_API_URL=api.url,
        MONITOR_HTTP_ALLOW_PRIVATE="true",
        MONITOR_HTTP_PORT=str(port),
        MONITOR_HOST_SPACING="50ms",
    )
    process = await asyncio.create_subprocess_exec(
        *house.command("run"), cwd=house.root, env=environment, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        assert process.stderr is not None
        print((await process.stderr.read()).decode())
        await process.wait()


def rights(process: asyncio.subprocess.Process) -> dict[str, str]:
    status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    return dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*")}


async def test_it_tells_a_reader_the_news_and_writes_nothing_but_its_data(house: House) -> None:
    port = free_port()
    async with Newsstand() as stand, BotApi(token=TOKEN, any_chat=True) as api, running(house, stand, api, port) as run:
        await stand.polled()
        before = {name: tree(house.root / name) for name in ("program", "config", "secrets")}
        held = rights(run)
        assert held["NoNewPrivs"] == "1"
        if IS_ROOT:
            assert held["Uid"].split() == [str(house.user)] * 4
            assert int(held["CapEff"], 16) == int(held["CapPrm"], 16) == int(held["CapBnd"], 16) == 0
        api.push_message(READER, "/start")
        api.push_message(READER, "/follow dong-dat")
        await api.until(lambda: any("Động đất" in text for text in api.texts(READER)), within=60)
        stand.publish(QUAKE, QUAKE_LEAD)
        await api.until(lambda: any(QUAKE in text for text in api.texts(READER)), within=60)
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/healthz") as answer:
            assert answer.status == 200, await answer.text()
        run.terminate()
        assert await asyncio.wait_for(run.wait(), 60) == 0
        assert {name: tree(house.root / name) for name in before} == before
    assert sorted(path.name for path in house.root.iterdir()) == ["config", "data", "program", "scratch", "secrets"]
    assert {path.stat().st_mode & 0o077 for path in house.data.glob("monitor.db")} == {0}, "the database is its own"


def test_a_data_folder_that_is_not_its_own_ends_the_start_with_a_line(house: House) -> None:
    """The walls are real: what works above does not without the one folder that may be written to."""
    shut(house.data)
    os.chown(house.data, 0 if IS_ROOT else -1, -1)
    (house.root / "config" / "watchlists").mkdir()
    (house.root / "config" / "watchlists" / "all.yaml").write_text(WATCHLIST)
    (house.root / "config" / "feeds.yaml").write_text(FEEDS)
    ended = subprocess.run(
        house.command("run"),
        cwd=house.root,
        env=house.environment(MONITOR_HTTP_PORT="off"),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 2
    assert "monitor.db" in ended.stderr
    assert "Traceback" not in ended.stderr
