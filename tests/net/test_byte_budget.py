"""Bodies share a number of bytes: small ones wait for nobody, and large ones never wait for each other for ever."""

import asyncio
import random

import pytest

from monitor.net.byte_budget import ByteBudget, Share

FREE, STEP, MOST = 100, 100, 1_000


def budget(total: int = 2 * MOST) -> ByteBudget:
    return ByteBudget(total, free=FREE, step=STEP)


async def turns(count: int = 3) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def waiting(share: Share, size: int) -> "asyncio.Task[None]":
    return asyncio.create_task(share.cover(size))


async def test_what_is_free_counts_for_nobody() -> None:
    shared = budget(total=STEP)
    shares = [shared.share(MOST) for _ in range(50)]
    for share in shares:
        await share.cover(FREE)
    assert shared.left == STEP
    assert all(share.held == 0 for share in shares)


async def test_a_body_holds_what_it_has_brought_and_gives_it_back() -> None:
    shared = budget()
    with shared.share(MOST) as share:
        await share.cover(FREE + 1)
        assert shared.left == 2 * MOST - STEP
        await share.cover(FREE + STEP)
        assert shared.left == 2 * MOST - STEP
        await share.cover(MOST)
        assert share.held == MOST - FREE
    assert shared.left == 2 * MOST


async def test_a_body_waits_for_another_to_be_read_and_not_only_to_have_come() -> None:
    shared = budget(total=MOST)
    with shared.share(MOST) as first, shared.share(MOST) as second:
        await first.cover(MOST)
        first.close()
        task = waiting(second, MOST)
        await turns()
        assert not task.done()
        shared._take_back(first)
        await task
        assert second.held == MOST - FREE


async def test_who_has_the_least_goes_first() -> None:
    shared = budget(total=2 * MOST)
    with (
        shared.share(MOST) as come,
        shared.share(MOST) as other,
        shared.share(MOST) as large,
        shared.share(MOST) as small,
    ):
        for whole, steps in ((come, 9), (other, 7)):
            whole.close()
            await whole.cover(FREE + steps * STEP)
        await large.cover(FREE + 4 * STEP)
        tasks = [waiting(large, FREE + 9 * STEP), waiting(small, FREE + 5 * STEP)]
        await turns()
        assert not any(task.done() for task in tasks)
        shared._take_back(come)  # 900 come free: enough for one of the two
        await turns()
        assert [task.done() for task in tasks] == [False, True]
        tasks[0].cancel()


async def test_a_step_that_would_leave_nobody_able_to_finish_is_not_given() -> None:
    shared = budget(total=MOST)
    with shared.share(MOST) as ahead, shared.share(MOST) as behind:
        await ahead.cover(FREE + 4 * STEP)
        task = waiting(behind, FREE + 5 * STEP)
        await turns()
        assert not task.done()  # 100 would be left, and both would lack more
        await ahead.cover(MOST)
        ahead.close()
        shared._take_back(ahead)
        await task


@pytest.mark.parametrize("seed", range(20))
async def test_however_bodies_grow_all_of_them_end(seed: int) -> None:
    chance = random.Random(seed)
    shared = budget(total=MOST + chance.randrange(MOST))
    lowest = shared.left

    async def read(size: int) -> None:
        nonlocal lowest
        with shared.share(MOST) as share:
            come = 0
            while come < size:
                come = min(size, come + chance.randrange(1, 150))
                await share.cover(come)
                lowest = min(lowest, shared.left)
                await asyncio.sleep(0)
            share.close()
            await asyncio.sleep(0)

    whole = shared.left
    async with asyncio.timeout(20):
        await asyncio.gather(*(read(chance.randrange(1, MOST)) for _ in range(40)))
    assert 0 <= lowest < whole
    assert shared.left == whole
    assert not shared._shares
    assert not shared._waiting


async def test_who_gives_up_waiting_leaves_no_trace() -> None:
    shared = budget(total=MOST)
    with shared.share(MOST) as first:
        await first.cover(MOST)
        with shared.share(MOST) as second:
            task = waiting(second, MOST)
            await turns()
            task.cancel()
            await asyncio.wait([task])
        assert not shared._waiting
    assert shared.left == MOST
