"""The profile of several processes, run as its file says: the same commands and variables, as processes of ours.

A container is its command here; the names that Docker gives to addresses and mounts are replaced by what stands for
them, and nothing else.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from monitor.app.checkup.workers import CONNECTIONS_EACH
from tests.app.test_run import CALL, LEAD, QUAKE, QUAKE_LEAD, READER, TOKEN
from tests.bot_api import BotApi
from tests.databases import Cluster
from tests.deploy.compose_file import SERVICES, command, environment, health_command
from tests.deploy.set_up import set_up
from tests.newsstand import Newsstand
from tests.web.test_half_open import free_port

pytestmark = pytest.mark.slow

PATIENCE = 60  # seconds, of a loaded machine


@dataclass(frozen=True, slots=True)
class Stack:
    """What a container of the file finds around it: `folder` stands for /app, with secrets/ for /run/secrets."""

    folder: Path
    postgres: str
    settings: dict[str, str]  # what the operator wrote into .env

    def environment(self, service: str, port: int) -> dict[str, str]:
        mounted = "./secrets:/run/secrets:ro"
        assert mounted in SERVICES[service]["volumes"]
        given = {
            name: value.replace("@postgres/", f"@{self.postgres}/").replace("/run/secrets", f"{self.folder}/secrets")
            for name, value in environment(service).items()
        }
        assert given["MONITOR_HTTP_PORT"] == "9464"  # the same in each container, not on one machine
        own = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
        return {**own, **self.settings, **given, "MONITOR_HTTP_PORT": str(port)}


@dataclass(frozen=True, slots=True)
class Container:
    """One that runs."""

    process: asyncio.subprocess.Process
    environment: dict[str, str]

    async def is_healthy(self) -> bool:
        """Whether Docker would call it so: by the command of the image, which says nothing when all is well."""
        asked = await asyncio.create_subprocess_exec(
            *_here(health_command()), env=self.environment, stderr=asyncio.subprocess.DEVNULL
        )
        return await asyncio.wait_for(asked.wait(), PATIENCE) == 0

    async def stopped(self) -> int:
        """The exit code after Docker's signal. What becomes of one that is killed: tests/app."""
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), PATIENCE)

    async def until_healthy(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await self.is_healthy():
                assert self.process.returncode is None


def _here(words: list[str]) -> list[str]:
    """A command of the image, with this environment's Python."""
    program, *arguments = words
    return [*{"monitor": [sys.executable, "-m", "monitor"], "python": [sys.executable]}[program], *arguments]


async def migrated(stack: Stack) -> int:
    """The exit code of the job that ends by itself."""
    given = stack.environment("migrate", free_port())
    job = await asyncio.create_subprocess_exec(*_here(command("migrate")), cwd=stack.folder, env=given)
    return await asyncio.wait_for(job.wait(), PATIENCE)


@asynccontextmanager
async def worker(stack: Stack, name: str) -> AsyncIterator[Container]:
    given = stack.environment("worker", free_port())
    log = stack.folder / f"{name}.log"
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *_here(command("worker")), cwd=stack.folder, env=given, stdout=out, stderr=out
        )
    try:
        yield Container(process, given)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        print(log.read_text())


@pytest.fixture
def stack(postgresql: Cluster, tmp_path: Path) -> Iterator[Stack]:
    """PostgreSQL as its service leaves it: the role, an empty database, the password in its file."""
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "telegram_token").write_text(TOKEN)
    with set_up(postgresql, tmp_path / "secrets" / "postgres_password"):
        settings = {
            "MONITOR_TELEGRAM_TOKEN_FILE": str(tmp_path / "secrets" / "telegram_token"),
            "MONITOR_HTTP_ALLOW_PRIVATE": "true",
            "MONITOR_HOST_SPACING": "50ms",
        }
        yield Stack(tmp_path, f"127.0.0.1:{postgresql.port}", settings)


async def test_the_profile_tells_an_article_once_and_goes_on_when_a_worker_is_stopped(
    stack: Stack, postgresql: Cluster
) -> None:
    async with Newsstand() as stand, BotApi(token=TOKEN, any_chat=True) as api:
        stand.write_config(stack.folder / "config")
        stack.settings["MONITOR_TELEGRAM_API_URL"] = api.url

        async def told(part: str) -> None:
            await api.until(lambda: any(part in text for text in api.texts(READER)), within=PATIENCE)

        assert await migrated(stack) == 0
        async with worker(stack, "first") as first, worker(stack, "second") as second:
            await stand.polled()  # asking for health before would only slow the start down
            await first.until_healthy()
            await second.until_healthy()
            api.push_message(READER, "/start")
            api.push_message(READER, "/follow putin")
            await told("Vladimir Putin")
            api.push_message(READER, "/follow dong-dat")
            await told("Động đất")
            await stand.polled()
            stand.publish(CALL, LEAD)
            await told(CALL)
            await stand.polled(3)
            assert sum(CALL in text for text in api.texts(READER)) == 1
            ((connections,),) = postgresql.ask("SELECT count(*) FROM pg_stat_activity WHERE usename = 'monitor'")
            assert 2 < int(str(connections)) <= 2 * CONNECTIONS_EACH

            assert await first.stopped() == 0
            stand.publish(QUAKE, QUAKE_LEAD)
            await told(QUAKE)
            assert await second.is_healthy()
            assert await second.stopped() == 0
        assert sum(QUAKE in text for text in api.texts(READER)) == 1
        assert sum(CALL in text for text in api.texts(READER)) == 1
