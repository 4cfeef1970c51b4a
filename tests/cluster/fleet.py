"""`monitor run` several times on one PostgreSQL: started, killed by role, stopped and started again.

Each process has a number, under which Telegram's log notes its calls.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import psycopg

from monitor.store.transaction import open_store
from monitor.types import Address, Chat, ChatKind, Target
from tests.bot_api import BotApi
from tests.cluster.press import Press, watch_id

TOKEN = "70001:" + "k" * 35
SPACING = 0.3  # seconds that a newspaper is left alone
AT_ONCE = 4  # messages that one process has on the wire
GROUP_EACH = 10  # every tenth chat is a group, which takes 20 messages a minute
HOLDERS = "SELECT w.pid FROM roles r JOIN workers w ON w.id = r.worker_id WHERE r.name = %s AND r.kept_until > now()"


def chat_id(number: int) -> int:
    """The chat that follows the person of this number."""
    return -1_000_000_001_000 - number if number % GROUP_EACH == 0 else 1000 + number


class Fleet:
    """The processes; all that still run are killed at the end of the block."""

    def __init__(self, api: BotApi, press: Press, url: str, folder: Path, **settings: str) -> None:
        self._api = api
        self._url = url
        self._folder = folder
        self.running: dict[int, asyncio.subprocess.Process] = {}
        self.killed: set[int] = set()
        self._next = 0
        self._started: list[asyncio.subprocess.Process] = []
        self._press = press
        self._environment = {
            "MONITOR_CONFIG_DIR": str(folder / "config"),
            "MONITOR_DATABASE_URL": url,
            "MONITOR_TELEGRAM_TOKEN": TOKEN,
            "MONITOR_HTTP_ALLOW_PRIVATE": "true",
            "MONITOR_HTTP_PORT": "off",
            "MONITOR_HOST_SPACING": f"{SPACING * 1000:.0f}ms",
            "MONITOR_SENDS_AT_ONCE": str(AT_ONCE),
            **settings,
        }

    async def __aenter__(self) -> Self:
        self._press.write_config(self._folder / "config")
        async with await open_store(self._url) as store:
            with store.writing() as tx:
                for number in range(self._press.people):
                    address, now = Address(chat_id(number)), datetime.now(UTC)
                    tx.save_chat(Chat(address, ChatKind.GROUP if number % GROUP_EACH == 0 else ChatKind.PRIVATE))
                    tx.follow(address, Target(watch_id(number)), now=now)
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None:
            error.add_note(self.tails())
        for process in self._started:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()

    # ------------------------------------------------ what befalls them

    async def start(self, *arguments: str) -> int:
        """One process more; its number."""
        number, self._next = self._next, self._next + 1
        environment = {**os.environ, **self._environment, "MONITOR_TELEGRAM_API_URL": self._api.url_of(str(number))}
        with self.log(number).open("ab") as out:
            self.running[number] = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "monitor.cli.main",
                "run",
                *arguments,
                env=environment,
                stdout=out,
                stderr=out,
            )
        self._started.append(self.running[number])
        return number

    async def kill(self, number: int) -> None:
        """As the kernel does it: at once, whatever it is at."""
        process = self.running.pop(number)
        self.killed.add(number)
        process.kill()
        await process.wait()

    async def stop(self, number: int, *, within: float = 10.0) -> None:
        """As an operator does it: it has to end by itself, well and in time."""
        process = self.running.pop(number)
        process.terminate()
        try:
            ended = await asyncio.wait_for(process.wait(), within)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise AssertionError(f"process {number} did not end within {within} s") from None
        assert ended == 0, f"process {number} ended with {ended}"

    async def stop_all(self) -> None:
        """All of them, side by side."""
        await asyncio.gather(*(self.stop(number, within=20.0) for number in list(self.running)))

    # ------------------------------------------------ what is seen of them

    async def ask(self, question: str, *values: object) -> list[tuple[object, ...]]:
        """Rows of their database."""

        def ask() -> list[tuple[object, ...]]:
            with psycopg.connect(self._url, connect_timeout=10, autocommit=True) as connection:
                return connection.execute(question.encode(), values).fetchall()

        return await asyncio.to_thread(ask)

    async def holder(self, role: str) -> int | None:
        """Who holds a role, if it is one of those that run."""
        pids = {pid for (pid,) in await self.ask(HOLDERS, role)}
        return next((number for number, process in self.running.items() if process.pid in pids), None)

    async def until_held(self, *roles: str, within: float = 60.0) -> dict[str, int]:
        """Wait until each of these roles is held by one that runs; by whom."""

        async def held() -> bool:
            return all([await self.holder(role) is not None for role in roles])

        await self.until_true(held, within=within, what=f"roles held: {roles}")
        return {role: number for role in roles if (number := await self.holder(role)) is not None}

    async def until_at_work(self, *, within: float = 60.0) -> None:
        """Wait until each of those that run says so: before, a signal finds nobody at home, nor a dead database."""

        async def all_work() -> bool:
            return all("at_work" in self.log(number).read_text(errors="replace") for number in self.running)

        await self.until_true(all_work, within=within, what="all at work")

    async def until_polled(self, *, within: float = 90.0) -> None:
        """Wait until each feed has had its silent first poll."""

        async def polled() -> bool:
            rows = await self.ask("SELECT count(*) FROM feeds WHERE first_success_at IS NOT NULL")
            return rows == [(len(self._press.hosts) * 3,)]

        await self.until_true(polled, within=within, what="every feed polled")

    async def until_true(self, holds: Callable[[], Awaitable[bool]], *, within: float, what: str) -> None:
        """Ask again and again until `holds()`."""
        deadline = asyncio.get_running_loop().time() + within
        while not await holds():
            self.see_all_run()
            if asyncio.get_running_loop().time() > deadline:
                raise TimeoutError(f"not within {within:.0f} s: {what}")
            await asyncio.sleep(0.1)

    async def until(self, holds: Callable[[], bool], *, within: float, what: str) -> None:
        """Wait until `holds()` after some call of Telegram's log, or soon after."""
        deadline = asyncio.get_running_loop().time() + within
        while not holds():
            self.see_all_run()
            if asyncio.get_running_loop().time() > deadline:
                raise TimeoutError(f"not within {within:.0f} s: {what}")
            await self._api.change(0.5)

    def see_all_run(self) -> None:
        """A process that ended by itself is a failure."""
        ended = {number: each.returncode for number, each in self.running.items() if each.returncode is not None}
        assert not ended, f"processes ended by themselves: {ended}"

    def log(self, number: int) -> Path:
        """Where a process writes its log."""
        return self._folder / f"monitor-{number}.log"

    def logs(self) -> str:
        """The logs of all processes there ever were."""
        return "\n".join(self.log(number).read_text(errors="replace") for number in range(self._next))

    def tails(self) -> str:
        """How each log ends."""
        return "\n".join(
            f"--- process {number}{' (killed)' if number in self.killed else ''}:\n"
            + self.log(number).read_text(errors="replace")[-1_200:]
            for number in range(max(0, self._next - 6), self._next)
        )
