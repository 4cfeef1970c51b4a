"""The heartbeat of a worker: which roles it holds, how they change hands, and by which clock."""

import asyncio
import contextlib
import gc
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from monitor.app import worker as app_worker
from monitor.app.worker import HANGS_AT_MOST, STILL_ALIVE, SharedClock, SharedRoles, new_worker, new_worker_id
from monitor.errors import StoreError
from monitor.store.role_names import BOT, CHORES, GROUP, LOOKOUT, STANDBY
from monitor.store.role_rows import db_now
from monitor.store.sole_names import DEAD_AFTER
from monitor.store.tables import roles
from monitor.store.transaction import Store, Transaction, open_store
from tests.store_samples import MINUTE


@contextlib.asynccontextmanager
async def worker(url: str, *parts: str) -> AsyncIterator[tuple[SharedRoles, Store]]:
    """A worker that has beaten once."""
    worker_id = new_worker_id()
    async with await open_store(url, worker=worker_id) as store:
        mine = SharedRoles(store, new_worker(worker_id, parts), clock=SharedClock())
        await mine.begin()
        yield mine, store


async def until(holds: Callable[[], bool], mine: SharedRoles) -> None:
    """Beat until `holds()`: what a second brings in a process that runs."""
    async with asyncio.timeout(30):
        while not holds():
            await mine.begin()


async def test_a_worker_wants_the_roles_of_its_parts_and_anybody_looks_out(shared: str) -> None:
    async with worker(shared, "web") as (first, _), worker(shared, "detect", "bot") as (second, _):
        assert set(first.held()) == {LOOKOUT}
        assert set(second.held()) == {GROUP, CHORES, BOT}


async def test_a_role_that_is_given_back_is_the_next_ones_at_its_next_beat(shared: str) -> None:
    async with worker(shared, "bot") as (first, _), worker(shared, "bot") as (second, _):
        assert (first.held(), second.held()) == ({LOOKOUT: 1, BOT: 1}, {})
        await first.end()
        assert first.held() == {}
        await second.begin()
        assert second.held() == {LOOKOUT: 2, BOT: 2}


async def test_of_those_that_could_group_one_stands_by_and_takes_over_and_the_next_one_stands_by(shared: str) -> None:
    async with (
        worker(shared, "detect") as (first, _),
        worker(shared, "detect") as (second, _),
        worker(shared, "detect") as (third, _),
    ):
        assert [set(each.held()) & {GROUP, STANDBY} for each in (first, second, third)] == [{GROUP}, {STANDBY}, set()]
        await first.end()
        await third.begin()
        assert set(third.held()) & {GROUP, STANDBY} == set(), "whoever stands by goes first"
        await second.begin()
        await third.begin()
        assert [set(each.held()) & {GROUP, STANDBY} for each in (second, third)] == [{GROUP}, {STANDBY}]


async def test_what_goes_with_a_role_runs_as_long_as_it_is_held_and_anew_when_it_comes_back(shared: str) -> None:
    began, ended = 0, 0

    async def do() -> None:
        nonlocal began, ended
        began += 1
        try:
            await asyncio.Event().wait()
        finally:
            ended += 1

    def take_away(tx: Transaction) -> None:
        change = {"worker_id": "another", "fence": roles.c.fence + 1, "kept_until": db_now(MINUTE)}
        tx._change(update(roles).where(roles.c.name == BOT).values(change))

    async with worker(shared, "bot") as (mine, store):
        holding = asyncio.create_task(mine.while_held(BOT, do))
        await until(lambda: began == 1, mine)
        await store.write(take_away)
        await until(lambda: ended == 1, mine)
        assert BOT not in mine.held()
        await store.write(Transaction.leave_role, BOT, "another")
        await until(lambda: began == 2, mine)
        assert mine.held()[BOT] == 3
        holding.cancel()
        await asyncio.wait((holding,))
        assert ended == 2


async def test_what_fails_under_a_role_fails_for_whoever_holds_it(shared: str) -> None:
    async def broken() -> None:
        raise RuntimeError("the bot is refused")

    async with worker(shared, "bot") as (mine, _):
        with pytest.raises(RuntimeError, match="refused"):
            await mine.while_held(BOT, broken)


async def test_what_fails_while_its_holder_ends_is_nobodys_traceback(shared: str) -> None:
    said: list[str] = []
    began = asyncio.Event()

    async def fails_at_its_end() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            raise StoreError("the database is away")

    asyncio.get_running_loop().set_exception_handler(lambda _, about: said.append(about["message"]))
    async with worker(shared, "bot") as (mine, _):
        holding = asyncio.create_task(mine.while_held(BOT, fails_at_its_end))
        await began.wait()
        holding.cancel()
        await asyncio.wait((holding,))
        assert holding.cancelled()
        del holding
        gc.collect()  # then asyncio tells of what nobody asked for
    assert said == []


async def test_a_worker_that_has_not_reached_the_database_for_long_holds_nothing(
    shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with worker(shared, "bot") as (mine, _):
        assert BOT in mine.held()
        monkeypatch.setattr(mine, "_until", 0.0)  # as after some seconds without an answer
        assert mine.held() == {}


async def test_the_clock_is_the_databases_whatever_the_machine_says(shared: str) -> None:
    async with await open_store(shared, worker="w1") as store:
        clock = SharedClock()
        clock.set(clock() + 60 * MINUTE, 0.0)
        mine = SharedRoles(store, new_worker("w1", ["web"]), clock=clock)
        await mine.begin()
        (row,) = await store.read(lambda tx: [each for each in tx.workers() if each.worker.id == "w1"])
        assert abs(clock() - row.beat_at) < MINUTE


async def test_what_it_claimed_before_a_long_silence_is_not_surely_its_own_any_more(
    shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with worker(shared, "deliver") as (mine, _):
        first = mine.life
        await mine.begin()
        assert mine.life == first is not None
        monkeypatch.setattr(mine, "_beat_at", mine._beat_at - STILL_ALIVE.total_seconds())  # stopped, or unheard
        assert mine.life is None
        await mine.begin()
        assert mine.life not in (None, first)


async def test_what_it_claimed_before_its_machine_slept_is_not_surely_its_own_any_more(
    shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept = timedelta(0)
    async with worker(shared, "deliver") as (mine, _):
        write = mine._write

        def later(tx: Transaction) -> tuple[datetime, dict[str, int]]:
            at, fences = write(tx)
            return at + slept, fences  # by the clock of the database, which went on

        monkeypatch.setattr(mine, "_write", later)
        first = mine.life
        await mine.begin()
        assert mine.life == first
        slept = DEAD_AFTER
        await mine.begin()
        assert mine.life not in (None, first)


async def test_a_process_whose_beats_hang_for_minutes_ends_and_one_without_a_database_waits_on(
    shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BEAT_EVERY", "BEAT_WITHIN"):
        monkeypatch.setattr(app_worker, name, timedelta(milliseconds=50))
    monkeypatch.setattr(app_worker, "HANGS_AT_MOST", timedelta(milliseconds=400))
    refusals = 20  # in a second

    async def refused_at_first(_: object) -> None:
        nonlocal refusals
        refusals -= 1
        if refusals > 0:
            raise StoreError("it is away")
        await asyncio.Event().wait()

    async with worker(shared, "web") as (mine, store):
        monkeypatch.setattr(store, "write_apart", refused_at_first)
        with pytest.raises(StoreError, match="no connection broke"):
            await asyncio.wait_for(mine.run(), 20)
        assert refusals < 0
        monkeypatch.undo()


async def test_a_process_that_is_stopped_during_a_beat_goes_on_however_long_that_lasts(
    shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_worker, "BEAT_WITHIN", timedelta(milliseconds=50))
    stopped_for, came = 0.0, asyncio.Event()

    class Moved:
        @staticmethod
        def monotonic() -> float:
            return time.monotonic() + stopped_for

    async def stopped_at_first(_: object) -> None:
        nonlocal stopped_for
        if stopped_for:
            came.set()
        stopped_for = 2 * HANGS_AT_MOST.total_seconds()
        await asyncio.Event().wait()

    async with worker(shared, "web") as (mine, store):
        monkeypatch.setattr(app_worker, "time", Moved)
        monkeypatch.setattr(store, "write_apart", stopped_at_first)
        beating = asyncio.create_task(mine.run())
        coming = asyncio.create_task(came.wait())
        done, _ = await asyncio.wait((beating, coming), timeout=20, return_when=asyncio.FIRST_COMPLETED)
        beating.cancel()
        coming.cancel()
        monkeypatch.undo()
        assert done == {coming}
