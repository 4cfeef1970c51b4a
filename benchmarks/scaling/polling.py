"""Very many feeds in simulated time: the real claim, schedule, rhythm, politeness, stage loop and transaction 1.

Only the network is a model (world.py), and where there are several processes the engine between them: a list of keys,
of which each is with one process at a time, and which a process that found none looks at again after half a second.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from benchmarks.scaling.simulated_time import OneThreadStore, SimulatedClock, run_simulated
from benchmarks.scaling.world import LONGEST, Source, Traffic, answer, latency, learnt
from monitor.app.cluster import LOOK_EVERY, Engine, KeyedLoop, LookAt
from monitor.app.process_roles import Roles
from monitor.app.signals import Signals
from monitor.app.stage_keys import MOST_HOSTS
from monitor.app.stages import TICK, Keys, Stage, StageLoop
from monitor.app.use_cases import _PollsByHost
from monitor.feeds.rhythm import wait_for_news
from monitor.net.politeness import HostGate
from monitor.pipeline.poll import Poll
from monitor.store.feed_rows import _values_of
from monitor.store.role_names import LOOKOUT
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


class ModelEngine:
    """What wakes the processes, in place of Procrastinate: one for each process, on the keys that all share."""

    def __init__(self, waiting: dict[str, None], running: set[str]) -> None:
        self._waiting = waiting
        self._running = running
        self._look: LookAt | None = None

    def add(self, queue: str, look: LookAt) -> None:
        """What is done with a key."""
        self._look = look

    async def wake(self, queue: str, keys: Iterable[str]) -> None:
        """Put keys there that do not wait there already."""
        self._waiting.update(dict.fromkeys(keys))

    async def work(self, queues: Sequence[str], at_once: int) -> None:
        """Take keys that nobody has, so many at once."""
        places, jobs = asyncio.Semaphore(at_once), set[asyncio.Task[None]]()
        while True:
            await places.acquire()
            key = next((each for each in self._waiting if each not in self._running), None)
            if key is None:
                places.release()
                await asyncio.sleep(LOOK_EVERY)
                continue
            del self._waiting[key]
            self._running.add(key)
            job = asyncio.create_task(self._run(key, places))
            jobs.add(job)
            job.add_done_callback(jobs.discard)

    async def _run(self, key: str, places: asyncio.Semaphore) -> None:
        try:
            assert self._look is not None
            await self._look(key)
        finally:
            self._running.discard(key)
            places.release()


class ModelRoles:
    """The first process is the look-out."""

    def __init__(self, roles: Collection[str]) -> None:
        self._roles = roles

    def held(self) -> Collection[str]:
        """Of this process."""
        return self._roles


class CountedPolls(_PollsByHost):
    """The claims of all processes, timed."""

    def __init__(self, poll: Poll, feeds: dict[Any, Feed], fetcher: ModelFetcher, found: Polling) -> None:
        super().__init__(poll, lambda: feeds)
        self._fetcher = fetcher
        self._found = found

    async def claim(self, *, limit: int) -> Sequence[tuple[Feed, FeedState]]:
        """As the real one."""
        return await self._counted(super().claim(limit=limit))

    async def claim_at(self, key: str, *, limit: int) -> Sequence[tuple[Feed, FeedState]]:
        """As the real one."""
        return await self._counted(super().claim_at(key, limit=limit))

    async def due_hosts(self, most: int) -> Sequence[str]:
        """As the real one; what the look-out asks counts among the claims' seconds."""
        begun = time.process_time()
        hosts = await super().due_hosts(most)
        if self._fetcher.is_measured:
            self._found.claim_cpu += time.process_time() - begun
        return hosts

    async def _counted(self, claim: Awaitable[Sequence[tuple[Feed, FeedState]]]) -> Sequence[tuple[Feed, FeedState]]:
        begun = time.process_time()
        due = await claim
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
    stages: list[tuple[StageLoop, Signals]] = []
    keys = Keys(polls.due_hosts, polls.claim_at, MOST_HOSTS)
    waiting, running = dict[str, None](), set[str]()
    for number in range(processes):
        signals = Signals(())
        stage = Stage("poll", PLACES, TICK, polls.claim, polls.poll, lambda _: (), room=ROOM, keys=keys)
        if processes == 1:
            stages.append((StageLoop(stage, signals, clock=clock), signals))
        else:
            engine = cast(Engine, ModelEngine(waiting, running))
            roles = cast(Roles, ModelRoles([LOOKOUT] if number == 0 else []))
            stages.append((KeyedLoop(stage, signals, engine, roles, clock=clock), signals))
    loop = asyncio.get_running_loop()

    async def tick() -> None:
        while True:
            for stage, _ in stages:
                stage.tick()
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
