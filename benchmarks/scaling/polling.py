"""Very many feeds in simulated time: the real claim, schedule, rhythm, politeness, stage loop and transaction 1.

Only the network is a model (world.py). Several processes are so many stages of 50 places on one database; that one host
is asked by one of them at a time is what the engine's lock does, here a set that they share.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from benchmarks.scaling.simulated_time import OneThreadStore, SimulatedClock, run_simulated
from benchmarks.scaling.world import LONGEST, Source, Traffic, answer, latency, learnt
from monitor.app.signals import Signals
from monitor.app.stages import TICK, Stage, StageLoop
from monitor.app.use_cases import _PollsByHost
from monitor.feeds.rhythm import wait_for_news
from monitor.net.politeness import HostGate
from monitor.pipeline.poll import Poll
from monitor.store.feed_rows import _values_of
from monitor.store.tables import feeds as feeds_table
from monitor.store.transaction import Store, Transaction
from monitor.types import Bookmark, Failed, FailureKind, Feed, FeedState, FetchResult

PLACES, ROOM = 50, 10  # of the stage "poll" of one process, as app/use_cases.py has them
KNOWN = "0123456789" * 44  # as long as the hashes of forty items, so that a row is as large as in life
WORDS = 600  # characters of an ETag, addresses and the like that a row holds besides


@dataclass(slots=True)
class Polling:
    """What came of the measured time; lateness and delays in seconds."""

    feeds: int
    hosts: int
    processes: int
    seconds: float = 0.0  # simulated
    asked_at: list[datetime] = field(default_factory=list)
    busy: float = 0.0  # seconds that polls took, waits for their hosts included, added up
    late: list[float] = field(default_factory=list)  # from when a feed was due to its request
    late_alone: list[float] = field(default_factory=list)  # the same of hosts that have no other feed
    delays: list[float] = field(default_factory=list)  # from an article's appearance to its being stored
    items: int = 0
    traffic: Traffic = field(default_factory=Traffic)
    cpu: float = 0.0  # seconds
    claims: int = 0
    claim_cpu: float = 0.0
    too_soon: int = 0  # requests within the feed's min_interval of the one before
    impolite: int = 0  # requests within the host's spacing, or beside another one


class ModelFetcher:
    """The network as world.py draws it, behind the real gate of hosts; holds the laws of politeness to account."""

    def __init__(
        self, by_id: dict[str, Source], clock: SimulatedClock, found: Polling, chance: random.Random, spacing: timedelta
    ) -> None:
        self._by_id = by_id
        self._clock = clock
        self._found = found
        self._chance = chance
        self._spacing = spacing.total_seconds()
        self._gate = HostGate(spacing)
        self._asked_at: dict[str, float] = {}
        self._free_at: dict[str, float] = {}
        self.due_at: dict[str, datetime] = {}
        self.alone: set[str] = set()
        self.is_measured = False

    async def fetch(self, feed: Feed, bookmark: Bookmark) -> FetchResult:
        """One poll."""
        source, loop, found = self._by_id[feed.id], asyncio.get_running_loop(), self._found
        claimed_at = loop.time()
        async with self._gate.turn(source.host):
            now = loop.time()
            before = self._asked_at.get(feed.id)
            if before is not None and now - before < feed.min_interval.total_seconds() - 1e-6:
                found.too_soon += 1
            if now < self._free_at.get(source.host, 0.0) - 1e-6:
                found.impolite += 1
            self._asked_at[feed.id], self._free_at[source.host] = now, float("inf")
            late = (self._clock() - self.due_at[feed.id]).total_seconds()
            traffic = found.traffic if self.is_measured else Traffic()
            result, times = answer(source, bookmark, self._clock(), self._chance, traffic)
            is_hung = isinstance(result, Failed) and result.kind is FailureKind.TIMEOUT
            await asyncio.sleep(LONGEST if is_hung else latency(self._chance))
            self._free_at[source.host] = loop.time() + self._spacing
        if self.is_measured:
            found.busy += loop.time() - claimed_at
            found.asked_at.append(self._clock())
            found.late.append(late)
            if source.host in self.alone:
                found.late_alone.append(late)
            found.items += len(times)
            arrived = self._clock()
            found.delays += [(arrived - at).total_seconds() for at in times]
        return result


class CountedPolls(_PollsByHost):
    """The claims of all processes, timed."""

    def __init__(self, poll: Poll, feeds: dict[Any, Feed], fetcher: ModelFetcher, found: Polling) -> None:
        super().__init__(poll, lambda: feeds)
        self._fetcher = fetcher
        self._found = found

    async def claim(self, *, limit: int) -> Sequence[tuple[Feed, FeedState]]:
        """As the real one."""
        begun = time.process_time()
        due = await super().claim(limit=limit)
        if self._fetcher.is_measured:
            self._found.claims += 1
            self._found.claim_cpu += time.process_time() - begun
        self._fetcher.due_at.update((feed.id, state.next_check_at) for feed, state in due)
        return due


def simulate(
    store: Store,
    sources: Sequence[Source],
    *,
    begin: datetime,
    warm_up: timedelta,
    measured: timedelta,
    processes: int,
    spacing: timedelta,
    seed: int = 1,
) -> Polling:
    """Ask these feeds for a while; what came of the time after the warming up."""
    chance = random.Random(seed)
    by_host: dict[str, int] = {}
    for source in sources:
        by_host[source.host] = by_host.get(source.host, 0) + 1
    found = Polling(len(sources), len(by_host), processes)
    with store.writing() as tx:
        _fill(tx, sources, begin, chance)
    return run_simulated(
        _run(store, sources, found, SimulatedClock(begin), warm_up, measured, processes, spacing, chance, by_host)
    )


async def _run(
    store: Store,
    sources: Sequence[Source],
    found: Polling,
    clock: SimulatedClock,
    warm_up: timedelta,
    measured: timedelta,
    processes: int,
    spacing: timedelta,
    chance: random.Random,
    by_host: dict[str, int],
) -> Polling:
    rows = OneThreadStore(store)
    fetcher = ModelFetcher({source.feed.id: source for source in sources}, clock, found, chance, spacing)
    fetcher.alone = {host for host, feeds in by_host.items() if feeds == 1}
    poll = Poll(cast(Store, rows), fetcher, clock=clock, chance=chance.random)
    polls = CountedPolls(poll, {source.feed.id: source.feed for source in sources}, fetcher, found)
    stages = []
    for _ in range(processes):
        signals = Signals(())
        stage = Stage("poll", PLACES, TICK, polls.claim, polls.poll, lambda _: (), room=ROOM)
        stages.append((StageLoop(stage, signals, clock=clock), signals))
    loop = asyncio.get_running_loop()

    async def tick() -> None:
        while True:
            for stage, _ in stages:
                stage.wake.set()
            await asyncio.sleep(TICK.every.total_seconds())
            rows.commit()

    async with asyncio.TaskGroup() as group:
        looking = [group.create_task(stage.run(group)) for stage, _ in stages]
        ticking = group.create_task(tick())
        await asyncio.sleep(warm_up.total_seconds())
        fetcher.is_measured, begun, cpu = True, loop.time(), time.process_time()
        await asyncio.sleep(measured.total_seconds())
        fetcher.is_measured = False
        found.seconds, found.cpu = loop.time() - begun, time.process_time() - cpu
        for stage, signals in stages:
            signals.stopping.set()
            stage.wake.set()
        await asyncio.wait(looking)
        for stage, _ in stages:
            for task in stage.tasks:
                task.cancel()
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking
    rows.commit()
    return found


def _fill(tx: Transaction, sources: Sequence[Source], now: datetime, chance: random.Random) -> None:
    """Rows of feeds that have been asked for a week, each somewhere in its present wait."""
    rows = []
    for source in sources:
        rhythm = learnt(source, now, chance)
        wait = wait_for_news(rhythm, source.feed, now) or source.feed.interval
        next_check_at = now + chance.random() * wait
        source.seen_at = next_check_at - wait
        state = FeedState(
            source.feed.id,
            next_check_at,
            Bookmark(etag="e" * WORDS, known_items=KNOWN, full_fetch_at=source.seen_at),
            interval=source.feed.interval,
            rhythm=str(rhythm),
            first_success_at=now - timedelta(days=7),
            last_success_at=source.seen_at,
            last_checked_at=source.seen_at,
        )
        rows.append({"id": source.feed.id, **_values_of(state)})
        if len(rows) == 1_000 or source is sources[-1]:
            tx._change(tx._insert(feeds_table), rows)
            rows = []
