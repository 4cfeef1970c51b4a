"""Workers and roles: who is alive, who does what alone, and what the dead held."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from monitor.errors import RoleLost, StoreError
from monitor.store import role_rows, transaction, worker_rows
from monitor.store.role_rows import db_now
from monitor.store.tables import feeds, items, roles, workers
from monitor.store.transaction import Transaction, open_store
from monitor.store.worker_rows import Worker
from monitor.types import Address, AlertState
from tests.store_samples import MINUTE, NOW, alert, claim, draft, enqueue, save_items, urls

FIRST = Worker("w1", "ben-song", 11, "1.0", "0010", ("poll", "deliver"))
SECOND = Worker("w2", "ben-song", 12, "1.0", "0010", ("bot",), page="http://127.0.0.1:9464")
Doing = Callable[[Transaction, Worker], object]
A_LONG_SILENCE = timedelta(seconds=21)


def fall_silent(tx: Transaction, worker_id: str) -> None:
    """As if it had not beaten for longer than the living may."""
    tx._change(update(workers).where(workers.c.id == worker_id).values(beat_at=db_now(-A_LONG_SILENCE)))


async def test_a_worker_that_beats_is_seen_alive_until_it_is_silent_or_ends(shared: str) -> None:
    async with await open_store(shared) as store:
        first, again = await store.write(Transaction.beat, FIRST), await store.write(Transaction.beat, FIRST)
        assert again > first
        await store.write(Transaction.beat, SECOND)
        await store.write(fall_silent, "w1")
        seen = {each.worker.id: each for each in await store.read(Transaction.workers)}
        assert {name: each.is_alive for name, each in seen.items()} == {"w1": False, "w2": True}
        assert seen["w2"].worker == SECOND
        await store.write(Transaction.end_worker, "w2")
        assert [each.worker.id for each in await store.read(Transaction.workers)] == ["w1"]


async def test_what_a_dead_worker_held_is_free_and_what_a_living_one_holds_is_not(shared: str) -> None:
    async with await open_store(shared, worker="w1") as dying, await open_store(shared, worker="w2") as living:
        for store, worker in ((dying, FIRST), (living, SECOND)):
            await store.write(Transaction.beat, worker)
        await living.write(Transaction.register_feeds, urls("a", "b"), now=NOW)
        await enqueue(living, alert("1", Address(1)), alert("2", Address(2)))
        for store in (dying, living):
            (_,) = await claim(store, limit=1)
            (_,) = await store.write(lambda tx: tx.claim_due_feeds(lambda _: True, now=NOW, lease=MINUTE, limit=1))
        assert await living.write(Transaction.free_dead, now=NOW) == 0, "both are alive"
        await living.write(fall_silent, "w1")
        assert await living.write(Transaction.free_dead, now=NOW) == 1
        counts = await living.read(Transaction.queue_counts)
        assert (counts[AlertState.PENDING], counts[AlertState.SENDING]) == (1, 1)
        held = await living.read(lambda tx: tx._rows(select(feeds.c.leased_by).where(feeds.c.leased)))
        assert [row.leased_by for row in held] == ["w2"]


async def test_articles_that_a_dead_worker_was_reading_are_due_again(shared: str) -> None:
    async with await open_store(shared, worker="w1") as store:
        await store.write(Transaction.beat, FIRST)
        await save_items(store, draft("a"))
        held = {"fulltext_by": "w1", "fulltext_at": NOW + MINUTE, "recheck_by": "w1", "recheck_at": NOW + MINUTE}
        await store.write(lambda tx: tx._change(update(items).values(held)))
        await store.write(fall_silent, "w1")
        await store.write(Transaction.free_dead, now=NOW)
        columns = (items.c.fulltext_by, items.c.fulltext_at, items.c.recheck_by, items.c.recheck_at)
        (row,) = await store.read(lambda tx: tx._rows(select(*columns)))
        assert tuple(row) == (None, NOW, None, NOW)


async def test_a_role_has_one_holder_and_another_one_once_it_is_silent_or_gives_it_back(shared: str) -> None:
    def keep(tx: Transaction, who: str) -> int | None:
        return tx.keep_role("group", who)

    async with await open_store(shared) as store:
        assert [await store.write(keep, who) for who in ("w1", "w2", "w1")] == [1, None, 1]
        await store.write(lambda tx: tx._change(update(roles).values(kept_until=db_now(-MINUTE))))
        assert [await store.write(keep, who) for who in ("w2", "w1")] == [2, None]
        await store.write(Transaction.leave_role, "group", "w1")
        assert await store.write(keep, "w1") is None, "it was not its own to give back"
        await store.write(Transaction.leave_role, "group", "w2")
        assert await store.write(keep, "w1") == 3


async def test_whoever_lost_a_role_cannot_write_in_its_name(shared: str) -> None:
    async with await open_store(shared) as store:
        fence = await store.write(Transaction.keep_role, "group", "w1")
        assert fence is not None
        await store.write(Transaction.check_fence, "group", fence)
        await store.write(Transaction.leave_role, "group", "w1")
        await store.write(Transaction.keep_role, "group", "w2")
        with pytest.raises(RoleLost, match="group"):
            await store.write(Transaction.check_fence, "group", fence)


async def test_a_transaction_that_checked_its_fence_holds_up_who_would_take_the_role_and_not_its_holder(
    shared: str,
) -> None:
    async with await open_store(shared) as store, await open_store(shared) as other:
        fence = await store.write(Transaction.keep_role, "group", "w1")
        assert fence is not None
        with store.writing() as tx:
            tx.check_fence("group", fence)
            async with asyncio.timeout(20):
                assert await other.write(Transaction.keep_role, "group", "w1") == fence, "it goes on while it writes"
            await other.write(Transaction.leave_role, "group", "w1")
            taking = asyncio.create_task(other.write(Transaction.keep_role, "group", "w2"))
            await asyncio.wait([taking], timeout=0.2)
            assert not taking.done()
        assert await taking == fence + 1


async def test_nobody_has_the_database_to_themselves_while_a_worker_is_alive_and_none_begins_meanwhile(
    shared: str,
) -> None:
    async with await open_store(shared) as store:
        await store.write(Transaction.beat, FIRST)
        with pytest.raises(StoreError, match="another monitor"):
            async with store.sole_worker():
                pass
        await store.write(fall_silent, "w1")
        async with store.sole_worker():
            with pytest.raises(StoreError, match="another monitor"):
                await store.write(Transaction.beat, SECOND)
        await store.write(Transaction.beat, SECOND)


def beats(tx: Transaction, worker: Worker) -> None:
    tx.beat(worker)
    tx.keep_role("lookout", worker.id)


def checks_its_fence(tx: Transaction, worker: Worker) -> None:
    tx.check_fence("group", 1)


def writes_anything(tx: Transaction, worker: Worker) -> None:
    tx.set_fact("of-all", worker.id)


@pytest.mark.parametrize(
    ("vanishes", "goes_on"),
    [
        (beats, beats),
        (checks_its_fence, lambda tx, worker: tx.keep_role("group", worker.id)),
        (writes_anything, writes_anything),
    ],
)
async def test_who_vanishes_in_the_middle_of_a_transaction_holds_up_the_others_for_seconds(
    shared: str, monkeypatch: pytest.MonkeyPatch, vanishes: Doing, goes_on: Doing
) -> None:
    a_moment = timedelta(milliseconds=300)
    for module, name in ((role_rows, "KEPT"), (worker_rows, "KEPT"), (transaction, "DEAD_AFTER")):
        monkeypatch.setattr(module, name, a_moment)
    async with await open_store(shared, worker="w1") as vanished, await open_store(shared, worker="w2") as living:
        assert await vanished.write(lambda tx: tx.keep_role("group", "w1")) == 1
        await vanished.write(lambda tx: tx._change(update(roles).values(kept_until=db_now())))  # anybody may have it

        async def vanish() -> None:
            with vanished.writing() as tx:
                vanishes(tx, FIRST)
                async with asyncio.timeout(10):
                    await living.write(goes_on, SECOND)
                tx.set_fact("of-all", "w1")  # it comes back, too late

        with pytest.raises(StoreError, match="stood still"):
            await vanish()
