"""The bot's pace of several workers: together they keep what one alone would, and a flood wait is everybody's."""

import asyncio
import random
from bisect import bisect_left
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import update

from monitor.errors import StoreError
from monitor.pipeline.pace import Pace
from monitor.pipeline.shared_pace import SharedWaits
from monitor.store.bot_pace_rows import BOT
from monitor.store.role_rows import db_now
from monitor.store.tables import bot_pace
from monitor.store.transaction import Store, Transaction, open_store

ALLOWED = 30  # messages a second: core.telegram.org/bots/faq
WORKERS = 4
SECOND = timedelta(seconds=1)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def stores(shared: str) -> AsyncIterator[list[Store]]:
    """Those of a few workers."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(await open_store(shared, worker=f"w{number}")) for number in range(WORKERS)
        ]


def most_within_a_second(starts: list[float]) -> int:
    starts = sorted(starts)
    return max(bisect_left(starts, at + 1) - place for place, at in enumerate(starts))


@pytest.mark.slow
async def test_in_no_second_all_workers_together_start_more_than_telegram_allows_and_nobody_starves(
    stores: list[Store],
) -> None:
    draw = random.Random(13)
    time = asyncio.get_running_loop().time
    starts: list[tuple[float, int, bool]] = []  # when, by whom, whether it was an answer
    waits = [SharedWaits(Pace(), store, clock=now) for store in stores]
    end = time() + 4

    async def sender(number: int, *, is_answer: bool, pauses: float) -> None:
        while time() < end:
            await waits[number].bucket.take(is_answer=is_answer)
            starts.append((time(), number, is_answer))
            await asyncio.sleep(draw.random() * pauses)

    askers = [sender(number, is_answer=False, pauses=0.01) for number in range(WORKERS) for _ in range(4)]
    answers = [sender(number, is_answer=True, pauses=0.4) for number in (0, 1)]
    began = time()
    async with asyncio.timeout(20):
        await asyncio.gather(*askers, *answers)
    assert most_within_a_second([at for at, *_ in starts]) <= ALLOWED
    assert len(starts) / (max(at for at, *_ in starts) - began) > 0.6 * Pace().per_second, "few turns are lost"
    for number in range(WORKERS):
        mine = sorted(at for at, worker, is_answer in starts if worker == number and not is_answer)
        assert max(b - a for a, b in pairwise(mine)) < 2, f"worker {number} starves"


async def test_a_pause_saves_up_no_storm(stores: list[Store]) -> None:
    first, second = (SharedWaits(Pace(per_second=10), store, clock=now) for store in stores[:2])
    time = asyncio.get_running_loop().time
    for waits in (first, second):
        await waits.bucket.take()
    await stores[0].write(lambda tx: tx._change(update(bot_pace).values(next_at=db_now(-10 * SECOND))))
    starts = []

    async def take(waits: SharedWaits) -> None:
        await waits.bucket.take()
        starts.append(time())

    await asyncio.gather(*(take(waits) for waits in (first, second) for _ in range(2)))
    starts.sort()
    assert starts[-1] - starts[0] > 0.15, "four turns of 0.1 s, of which one was made up for"


async def test_turns_that_a_slow_database_gives_too_late_are_not_used_and_the_next_ones_are_taken_ahead(
    stores: list[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    (store, *_), time, write = stores, asyncio.get_running_loop().time, stores[0].write
    waits = SharedWaits(Pace(per_second=10), store, clock=now)
    await waits.bucket.take()
    asked = []

    async def slow(*given: Any, **named: Any) -> object:
        asked.append(time())
        got: object = await write(*given, **named)
        await asyncio.sleep(0.25)
        return got

    monkeypatch.setattr(store, "write", slow)
    async with asyncio.timeout(10):
        await waits.bucket.take()
    assert len(asked) == 2, "the first turn had gone by, the second was taken so far ahead"


async def test_a_flood_wait_that_one_worker_is_told_is_kept_by_all(stores: list[Store]) -> None:
    told, claims, takes, late = (SharedWaits(Pace(), store, clock=now) for store in stores)
    at = now()
    await stores[0].write(lambda tx: told.hold_all(tx, at + 60 * SECOND, at))
    await stores[0].write(lambda tx: told.hold_all(tx, at + 5 * SECOND, at))  # never shortened
    assert await stores[1].read(claims.is_held_for_all, at)
    await takes.bucket.take()
    for waits in (claims, takes):
        assert waits.bot_held_until is not None
        assert waits.bot_held_until - at > 55 * SECOND
    await stores[0].write(lambda tx: tx._change(update(bot_pace).values(held_until=db_now(-SECOND))))
    assert not await stores[3].read(late.is_held_for_all, at)


async def test_without_the_database_nobody_gets_a_turn(stores: list[Store], monkeypatch: pytest.MonkeyPatch) -> None:
    (store, *_) = stores
    waits = SharedWaits(Pace(), store, clock=now)

    async def away(*_: object, **__: object) -> None:
        raise StoreError("away")

    with monkeypatch.context() as patched:
        patched.setattr(store, "write", away)
        with pytest.raises(StoreError):
            await waits.bucket.take()
    async with asyncio.timeout(5):
        await waits.bucket.take()


async def test_a_turn_far_ahead_of_a_clock_that_was_set_back_is_not_waited_for(stores: list[Store]) -> None:
    (store, *_) = stores
    await store.write(Transaction.take_slice, BOT, length=SECOND, earliest=SECOND)
    await store.write(lambda tx: tx._change(update(bot_pace).values(next_at=db_now(timedelta(hours=3)))))
    got = await store.write(Transaction.take_slice, BOT, length=SECOND, earliest=SECOND)
    assert got.starts_in <= timedelta(minutes=1)
