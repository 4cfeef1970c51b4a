"""/healthz while the database is locked or gone: it says so in time, and answers at once all the while."""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import aiohttp
import psycopg
import pytest

from monitor.app.observers import measure_queues
from monitor.app.wiring import open_service
from monitor.config import Settings, load_all
from monitor.store.transaction import Store, open_store
from monitor.web import Metrics, Pulse
from tests.newsstand import Newsstand
from tests.web.test_half_open import free_port

WITHIN = 30.0  # seconds; a few, where nothing else runs
NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
Beat = Callable[[], Awaitable[str]]


class Clock:
    """Stands until it is turned."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@asynccontextmanager
async def beating(beat: Beat, clock: Clock) -> AsyncIterator[Pulse]:
    pulse = Pulse(beat, clock=clock)
    task = asyncio.create_task(pulse.run())
    try:
        yield pulse
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def locked(url: str) -> AsyncIterator[None]:
    """The database, or the table that everything needs, held by somebody else."""
    if url.startswith("sqlite"):
        path = url.removeprefix("sqlite:///")
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=WITHIN)
        await asyncio.to_thread(other.execute, "BEGIN EXCLUSIVE")  # it may have to wait for a writer of this very loop
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
    else:
        async with await psycopg.AsyncConnection.connect(url) as holding:
            await holding.execute("LOCK TABLE alerts IN ACCESS EXCLUSIVE MODE")  # one: two may meet a reader of both
            yield
            await holding.rollback()


def beat_of(store: Store) -> Beat:
    return lambda: measure_queues(Metrics("1"), store, set(), now=NOON)


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks waits a moment, and tries follow each other: time itself is turned by hand."""
    monkeypatch.setattr("monitor.web.pulse.TO_ANSWER", 0.2)
    monkeypatch.setattr("monitor.web.pulse.EVERY", 0.05)


async def until_well(pulse: Pulse, clock: Clock) -> None:
    async with asyncio.timeout(WITHIN):
        while await pulse.trouble():
            clock.turn(1)


async def test_a_locked_database_is_told_after_ten_seconds_and_until_it_is_free(database_url: str) -> None:
    clock = Clock()
    async with await open_store(database_url) as store, beating(beat_of(store), clock) as pulse:
        assert await pulse.trouble() == ""
        async with locked(database_url):
            clock.turn(5)
            assert await pulse.trouble() == ""  # a large batch may take so long
            clock.turn(35)
            assert await pulse.trouble() == "no answer for 35 s"
        await until_well(pulse, clock)


async def test_a_refused_try_is_told_at_once_with_how_long_it_lasts() -> None:
    clock, said = Clock(), ["the database file failed: disk I/O error"]

    async def beat() -> str:
        return said[0]

    async with beating(beat, clock) as pulse:
        assert await pulse.trouble() == "for 0 s: the database file failed: disk I/O error"
        clock.turn(90)
        assert await pulse.trouble() == "for 90 s: the database file failed: disk I/O error"
        said[0] = ""
        await until_well(pulse, clock)


async def test_a_bug_in_the_try_is_told_too() -> None:
    async def beat() -> str:
        raise ValueError("words of a reader")

    async with beating(beat, Clock()) as pulse:
        assert await pulse.trouble() == "for 0 s: ValueError while the database was asked"


async def test_however_often_it_is_asked_the_database_is_asked_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.web.pulse.EVERY", 3_600.0)
    clock, asked = Clock(), 0

    async def beat() -> str:
        nonlocal asked
        asked += 1
        return ""

    async with beating(beat, clock) as pulse:
        for _ in range(1_000):
            await pulse.trouble()
        assert asked == 1
        clock.turn(1)
        await pulse.trouble()
        assert asked == 2


# ---------------------------------------------------------------- the whole service


async def status(session: aiohttp.ClientSession, port: int) -> tuple[int, str, float]:
    began = time.monotonic()
    async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:
        return answer.status, await answer.text(), time.monotonic() - began


@pytest.mark.slow
async def test_healthz_turns_503_while_somebody_holds_the_database(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.web.pulse.PATIENCE", timedelta(seconds=1))
    port = free_port()
    async with Newsstand() as stand:
        stand.write_config(tmp_path / "config")
        settings = Settings(
            config_dir=tmp_path / "config", database_url=database_url, http_allow_private=True, http_port=port
        )
        config = load_all(settings.config_dir, timezone=settings.timezone)
        async with open_service(settings, config, stream=StringIO()) as service, asyncio.TaskGroup() as group:
            group.create_task(service.run())
            await stand.polled()
            async with aiohttp.ClientSession() as session:
                assert (await status(session, port))[0] == 200
                async with locked(database_url):
                    async with asyncio.timeout(WITHIN):
                        while (seen := await status(session, port))[0] != 503:
                            assert seen[2] < 3
                    assert "database: no answer for" in seen[1]
                    assert seen[2] < 3
                async with asyncio.timeout(WITHIN):
                    while (await status(session, port))[0] != 200:
                        pass
            service.stop()
