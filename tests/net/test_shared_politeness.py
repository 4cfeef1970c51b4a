"""Politeness of several processes: a newspaper sees one guest, with a rest between two visits, whoever asks."""

import asyncio
import contextlib
import itertools
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from monitor.errors import StoreError
from monitor.net.politeness import HostGate
from monitor.pipeline import host_turns as shared_turns
from monitor.pipeline.host_turns import SharedHostTurns
from monitor.store.host_turn_rows import HostTurn
from monitor.store.role_rows import db_now
from monitor.store.tables import host_turns, workers
from monitor.store.transaction import Store, Transaction, open_store
from monitor.store.worker_rows import Worker
from tests.databases import Cluster

REST = timedelta(milliseconds=60)
HOLD = timedelta(minutes=1)
HOST = "bao-mau.example"


@pytest.fixture
async def stores(shared: str) -> AsyncIterator[list[Store]]:
    """Those of three workers."""
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(await open_store(shared, worker=f"w{n}")) for n in range(3)]
        for store in opened:
            worker = Worker(str(store.worker), "ben-song", 1, "1", "0010", ())
            await store.write(Transaction.beat, worker)
        yield opened


def take(tx: Transaction) -> HostTurn:
    return tx.take_host(HOST, hold=HOLD, spacing=REST)


def kill(tx: Transaction, worker: str) -> None:
    """As if it had been killed a while ago."""
    tx._change(update(workers).where(workers.c.id == worker).values(beat_at=db_now(-timedelta(seconds=21))))


async def test_workers_ask_one_host_one_at_a_time_with_a_rest_between_two(stores: list[Store]) -> None:
    clock = asyncio.get_running_loop().time
    visits: list[tuple[float, float]] = []

    async def work(store: Store) -> None:
        gate = HostGate(REST, shared=SharedHostTurns(store))

        async def visit() -> None:
            async with gate.turn("Bao-Mau.example"):
                began = clock()
                await asyncio.sleep(0.005)
                visits.append((began, clock()))

        await asyncio.gather(*(visit() for _ in range(4)))

    async with asyncio.timeout(20):
        await asyncio.gather(*map(work, stores))
    visits.sort()
    rests = [begin - end for (_, end), (begin, _) in itertools.pairwise(visits)]
    assert (len(visits), min(rests) >= REST.total_seconds()) == (12, True), rests


async def test_a_host_that_rests_or_is_asked_is_nobody_elses_and_its_worker_may_take_up_its_own_turn(
    stores: list[Store],
) -> None:
    first, second, _ = stores
    assert await first.write(take) == HostTurn(is_ours=True)
    assert await second.write(take) == HostTurn(is_ours=False)
    await second.write(Transaction.give_host_back, HOST, spacing=REST)
    assert await second.write(take) == HostTurn(is_ours=False), "it was not its own to give back"
    assert await first.write(take) == HostTurn(is_ours=True), "the end of its last request was not written"
    await first.write(Transaction.give_host_back, HOST, spacing=timedelta(hours=1))
    for store in (first, second):
        turn = await store.write(take)
        assert turn.rests is not None
        assert timedelta(minutes=59) < turn.rests <= timedelta(hours=1)


async def test_the_turn_of_a_worker_that_was_killed_ends_with_a_rest(stores: list[Store]) -> None:
    killed, other, third = stores
    await killed.write(take)
    await other.write(kill, "w0")
    assert await other.write(take) == HostTurn(is_ours=False, rests=REST)
    turn = await third.write(take)
    assert (turn.is_ours, turn.rests is None) == (False, False), "nobody asks it, and it rests"
    async with asyncio.timeout(5):
        await SharedHostTurns(other).take(HOST, spacing=REST)
    assert await third.write(take) == HostTurn(is_ours=False)


async def test_the_turn_of_a_worker_that_has_ended_or_has_it_for_too_long_ends_with_a_rest_as_well(
    stores: list[Store],
) -> None:
    first, second, third = stores
    await first.write(take)
    await second.write(Transaction.end_worker, "w0")
    assert await second.write(take) == HostTurn(is_ours=False, rests=REST)
    await second.write(lambda tx: tx._change(update(host_turns).values(free_at=db_now())))
    assert (await second.write(take)).is_ours
    await second.write(lambda tx: tx._change(update(host_turns).values(held_until=db_now())))
    assert await third.write(take) == HostTurn(is_ours=False, rests=REST)


async def test_nobody_is_asked_while_the_database_is_away(stores: list[Store], monkeypatch: pytest.MonkeyPatch) -> None:
    for retries in ("RETRIES", "END_RETRIES"):
        monkeypatch.setattr(shared_turns, retries, (timedelta(milliseconds=1),))
    asked = 0
    store = stores[0]

    async def away(*_: object, **__: object) -> None:
        nonlocal asked
        asked += 1
        raise StoreError("away")

    gate = HostGate(REST, shared=SharedHostTurns(store))
    with monkeypatch.context() as patched:
        patched.setattr(store, "write", away)
        with pytest.raises(StoreError, match="away"):
            async with gate.turn(HOST):
                pytest.fail("the host was asked")
        assert asked == 2, "one more try"
    async with asyncio.timeout(5), gate.turn(HOST):
        monkeypatch.setattr(store, "write", away)  # what came is kept; the end of the turn is not written
    monkeypatch.undo()
    async with asyncio.timeout(5), gate.turn(HOST):
        pass


async def test_the_end_of_a_turn_is_written_once_the_database_is_back(
    stores: list[Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    for retries in ("RETRIES", "END_RETRIES"):  # away for longer than whoever wants a turn waits
        short = tuple(pause / 1_000 for pause in getattr(shared_turns, retries))
        monkeypatch.setattr(shared_turns, retries, short)
    first, second, _ = stores
    write, troubles = first.write, iter(range(len(shared_turns.RETRIES) + 2))

    async def away(*given: Any, **named: Any) -> object:
        if next(troubles, None) is not None:
            raise StoreError("away")
        return await write(*given, **named)

    async with asyncio.timeout(5), HostGate(timedelta(0), shared=SharedHostTurns(first)).turn(HOST):
        monkeypatch.setattr(first, "write", away)
    assert (await second.write(take)).is_ours


async def test_who_gives_up_waiting_holds_no_turn(stores: list[Store], monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, _ = stores
    await first.write(take)
    has_asked, write = asyncio.Event(), second.write

    async def noted(*given: Any, **named: Any) -> object:
        has_asked.set()
        return await write(*given, **named)

    monkeypatch.setattr(second, "write", noted)
    waiting = asyncio.create_task(SharedHostTurns(second).take(HOST, spacing=REST))
    await has_asked.wait()
    waiting.cancel()
    assert isinstance((await asyncio.gather(waiting, return_exceptions=True))[0], asyncio.CancelledError)
    await first.write(Transaction.give_host_back, HOST, spacing=timedelta(0))
    assert (await first.write(take)).is_ours


async def test_hosts_that_nobody_asks_any_more_are_forgotten(stores: list[Store]) -> None:
    store = stores[0]
    await store.write(take)
    for host in ("old.example", "new.example"):
        await store.write(Transaction.take_host, host, hold=HOLD, spacing=REST)
        await store.write(Transaction.give_host_back, host, spacing=REST)
    long_ago = update(host_turns).where(host_turns.c.host != "new.example").values(free_at=db_now(-timedelta(hours=2)))
    await store.write(lambda tx: tx._change(long_ago))
    await store.write(Transaction.sweep_hosts)
    left = {row.host for row in await store.read(lambda tx: tx._rows(select(host_turns.c.host)))}
    assert left == {HOST, "new.example"}, "one is being asked, one was lately"


@pytest.mark.slow
async def test_a_newspaper_sees_one_guest_whoever_is_killed_and_when_the_database_goes_away_for_a_moment(
    postgresql: Cluster, shared: str
) -> None:
    clock, rest, silence = asyncio.get_running_loop().time, 0.3, 1.5
    visits: list[tuple[float, float]] = []
    asking: asyncio.Queue[int] = asyncio.Queue()

    serving: set[asyncio.Task[Any] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        began = clock()
        serving.add(asyncio.current_task())
        if pid := await reader.readline():
            asking.put_nowait(int(pid))
            await asyncio.sleep(0.05)
            visits.append((began, clock()))
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async def visited(times: int) -> int:
        """Wait for so many more; who asks then."""
        while not asking.empty():
            asking.get_nowait()
        return [await asking.get() for _ in range(times)][-1]

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    told = (shared, str(server.sockets[0].getsockname()[1]), str(rest), str(silence))
    guests: dict[int, asyncio.subprocess.Process] = {}

    async def come() -> None:
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.net.guest", *told)
        guests[process.pid] = process

    try:
        for _ in range(3):
            await come()
        async with asyncio.timeout(60):
            for _ in range(2):
                killed = guests[await visited(4)]
                killed.kill()  # in the midst of its request
                began, seen = clock(), len(visits)
                await come()
                await visited(2)
                assert visits[seen + 1][0] - began > silence - 0.5, "nobody asks before it counts as dead"
            name = shared.rsplit("/", 1)[1]
            postgresql.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            await visited(4)
    finally:
        for process in guests.values():
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        server.close()
        await server.wait_closed()
        await asyncio.gather(*(task for task in serving if task is not None))
    visits.sort()
    rests = [begin - end for (_, end), (begin, _) in itertools.pairwise(visits)]
    assert min(rests) >= rest - 0.002, "our clock and the database's are read at different moments"
