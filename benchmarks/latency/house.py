"""A house for the benchmark: newspapers, a Bot API and the service, each a process of its own, on one folder."""

import asyncio
import json
import os
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from monitor.store.transaction import open_store
from monitor.types import Address, Chat, ChatKind, Target

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "70001:" + "s" * 35
_TICK = os.sysconf("SC_CLK_TCK")

Article = tuple[str, int, str, str, float]
"""Feed, number, title, lead, age in seconds."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What stands in the files, and who follows what. Feeds by name with the seconds between two polls."""

    feeds: dict[str, float]
    watches: dict[str, str]  # id and name
    followers: dict[int, list[str]]  # chat and watches


@dataclass
class House:
    """What runs, and what is known of it."""

    folder: Path
    plan: Plan
    press: str = ""
    metrics_port: int = 0
    service: int = 0  # its process
    lags: list[tuple[float, float]] = field(default_factory=list)  # at, seconds late; once it has ended

    async def publish(self, articles: Sequence[Article]) -> None:
        """Newspapers print these."""
        async with aiohttp.ClientSession() as session:
            (await session.post(f"{self.press}/publish", json=articles)).raise_for_status()

    async def answered(self) -> dict[int, float]:
        """When the first answer with an article had left, by its number."""
        return {int(number): at for number, at in (await self._noted())["answered"].items()}

    async def all_asked(self) -> bool:
        """Whether every feed has been asked."""
        asked = (await self._noted())["asked"]
        return all(asked.get(feed) for feed in self.plan.feeds)

    async def _noted(self) -> dict[str, Any]:
        async with aiohttp.ClientSession() as session, session.get(f"{self.press}/noted") as answer:
            noted: dict[str, Any] = await answer.json()
        return noted

    def accepted(self) -> list[dict[str, Any]]:
        """What Telegram has accepted, new messages and edits, oldest first."""
        file = self.folder / "telegram.jsonl"
        if not file.exists():
            return []
        lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        return [line for line in lines if line["method"] in ("sendMessage", "editMessageText")]

    def rows(self, query: str) -> int:
        """One number of the database."""
        with closing(sqlite3.connect(self.folder / "monitor.db", timeout=30)) as database:
            return int(database.execute(query).fetchone()[0])

    def poll_now(self) -> None:
        """Every feed is due."""
        with closing(sqlite3.connect(self.folder / "monitor.db", timeout=30)) as database, database:
            database.execute("UPDATE feeds SET next_check_at = ? WHERE NOT leased", ("2020-01-01 00:00:00.000000",))

    def cpu(self) -> float:
        """Seconds of the service with its descendants."""
        return _cpu_of(self.service)

    async def parts(self) -> dict[str, float]:
        """Mean milliseconds of each part of the delay, as /metrics tells them."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{self.metrics_port}/metrics") as told,
        ):
            lines = (line.rpartition(" ") for line in (await told.text()).splitlines() if line[:1] != "#")
        numbers = {name: float(value) for name, _, value in lines}
        count = numbers["monitor_news_delay_seconds_count"]
        part = 'monitor_news_delay_part_seconds_sum{{part="{}"}}'
        names = ("poll", "fetch", "detect", "outbox", "send")
        means = {name: numbers[part.format(name)] / max(count, 1) * 1000 for name in names}
        return {"messages": count, **means}


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    mine = sum(int(each) for each in fields[11:15]) / _TICK  # user, system, and those of children that have ended
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return mine + sum(_cpu_of(int(child)) for child in children)


@asynccontextmanager
async def opened(folder: Path, plan: Plan, baseline: Sequence[Article]) -> AsyncIterator[House]:
    """Everything runs, and every feed has been asked once; within the block the house is at work."""
    house = House(folder, plan)
    async with _running(["-m", "benchmarks.latency.press"]) as (_, port):
        house.press = f"http://127.0.0.1:{port}"
        await house.publish(baseline)
        _write_config(folder / "config", plan, port)
        async with await open_store(f"sqlite:///{folder}/monitor.db") as store:
            with store.writing() as tx:
                for chat, watches in plan.followers.items():
                    tx.save_chat(Chat(Address(chat), ChatKind.PRIVATE, joined_at=_now()))
                    for watch in watches:
                        tx.follow(Address(chat), Target(watch), now=_now())
        log = folder / "telegram.jsonl"
        async with (
            _running(["-m", "tests.bot_api", "--token", TOKEN, "--log", str(log)]) as (_, api),
            _service(house, api),
        ):
            await until(house.all_asked, 60)
            yield house
    house.lags = [
        (float(at), float(by)) for at, by in (line.split() for line in (folder / "lag.txt").read_text().splitlines())
    ]


@asynccontextmanager
async def _service(house: House, api: str) -> AsyncIterator[None]:
    folder = house.folder
    house.metrics_port = _free_port()
    env = {
        "PATH": os.environ.get("PATH", ""),
        "MONITOR_CONFIG_DIR": str(folder / "config"),
        "MONITOR_DATABASE_URL": f"sqlite:///{folder}/monitor.db",
        "MONITOR_TELEGRAM_TOKEN": TOKEN,
        "MONITOR_TELEGRAM_API_URL": api,
        "MONITOR_HTTP_ALLOW_PRIVATE": "1",
        "MONITOR_HTTP_PORT": str(house.metrics_port),
        "MONITOR_HOST_SPACING": "0s",
    }
    command = ["-m", "benchmarks.latency.service", str(folder / "lag.txt")]
    with (folder / "service.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(sys.executable, *command, cwd=ROOT, env=env, stderr=log)
    house.service = process.pid
    try:
        yield
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        code = await process.wait()
    if code:
        raise RuntimeError(f"the service ended with {code}: {(folder / 'service.log').read_text('utf-8')[-2_000:]}")


@asynccontextmanager
async def _running(command: list[str]) -> AsyncIterator[tuple[int, str]]:
    """A helper that says its address in its first line, and ends with its input."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdin=pipe, stdout=pipe, cwd=ROOT)
    assert process.stdout is not None
    try:
        yield process.pid, (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


def _write_config(folder: Path, plan: Plan, port: str) -> None:
    (folder / "watchlists").mkdir(parents=True)
    feeds = "".join(
        f"  - {{id: {name}, outlet: Báo {name}, url: 'http://127.0.2.{number + 1}:{port}/rss/{name}', "
        f"interval: {seconds * 1000:.0f}ms, min_interval: {seconds * 500:.0f}ms, "
        f"max_interval: {seconds * 1000:.0f}ms}}\n"
        for number, (name, seconds) in enumerate(plan.feeds.items())
    )
    (folder / "feeds.yaml").write_text(f"feeds:\n{feeds}", "utf-8")
    leaders = "".join(f"  - {{id: {watch}, name: {name}}}\n" for watch, name in plan.watches.items())
    (folder / "watchlists" / "all.yaml").write_text(f"leaders:\n{leaders}", "utf-8")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _now() -> Any:
    from monitor.app.wiring import utc_now

    return utc_now()


async def until(holds: Callable[[], Any], within: float) -> bool:
    """Look five times a second whether it holds; give up after so many seconds."""
    end = time.monotonic() + within
    while True:
        held = holds()
        if await held if asyncio.iscoroutine(held) else held:
            return True
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.2)


def quantile(values: Iterable[float], share: float) -> float:
    """The value that so large a share lies at or under; 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
