"""The stages that news flows through, in one table, and the one loop that runs each of them.

Decides nothing of the rooms'. Work to do is a condition on rows; whoever wakes a stage only says "look now".
A new stage is one line in `stage_table`, and what it claims and does is a use case under monitor/pipeline.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from monitor.app.events import ArticleRead, ServiceEvent
from monitor.app.signals import AT_ONCE, Signals
from monitor.pipeline.abstract import SPACING, WriteAbstracts
from monitor.pipeline.deliver import Deliver, Delivered, Pace
from monitor.pipeline.detect import Detect
from monitor.pipeline.enrich import Enrich
from monitor.pipeline.poll import Poll, Polled, host_of
from monitor.pipeline.recheck import Recheck, Rechecked
from monitor.ports import Clock
from monitor.types import Feed, FeedId, FeedState, Item

AFTER_TROUBLE = timedelta(seconds=2)  # whatever waits there still waits, and nobody may wake the stage for a sweep
A_MOMENT = timedelta(milliseconds=10)  # after a rest is over: timers may run a little early

Piece = TypeVar("Piece")
PieceOut = TypeVar("PieceOut", covariant=True)
Result = TypeVar("Result", bound=ServiceEvent | None)


class ClaimWork(Protocol[PieceOut]):
    """Takes rows for a time, so that nobody else works on them meanwhile."""

    def __call__(self, *, limit: int) -> Awaitable[Sequence[PieceOut]]:
        """At most `limit` pieces of work; none when nothing waits."""
        ...


@dataclass(frozen=True, slots=True)
class Sweep:
    """When a stage looks without being woken by another one.

    A stage that has not looked for `stale_after` hangs, for /healthz. `after_claim`: once more, so long after a claim
    that brought something. `in_once`: also when the service runs only once.
    """

    every: timedelta
    stale_after: timedelta
    after_claim: timedelta | None = None
    in_once: bool = True


TICK = Sweep(timedelta(seconds=1), stale_after=timedelta(minutes=2))  # where time itself makes work
SWEEP = Sweep(timedelta(seconds=30), stale_after=timedelta(minutes=5))  # catches what a wake-up missed
SPACED = Sweep(SWEEP.every, SWEEP.stale_after, after_claim=SPACING + A_MOMENT, in_once=False)


@dataclass(frozen=True, slots=True)
class Wake:
    """What a result means for a stage: look, now or after a while."""

    stage: str
    after: timedelta = AT_ONCE


def _wake_deliver(_: object) -> Iterator[Wake]:
    yield Wake("deliver")


@dataclass(frozen=True, slots=True)
class Stage(Generic[Piece, Result]):
    """A queue that is worked on: how many pieces at once, how it claims them, how one is worked on.

    `work` gives what observers are told, None for nothing; `wakes` says who has to look then. A stage works on its
    pieces side by side, or `in_turn`: one after the other, in its own loop. What `finishes` is waited for when the
    service stops, and everything else is cancelled.
    """

    name: str
    at_once: int
    sweep: Sweep
    claim: ClaimWork[Piece]
    work: Callable[[Piece], Awaitable[Result]]
    wakes: Callable[[Result], Iterable[Wake]] = _wake_deliver
    in_turn: bool = False
    finishes: bool = False


# ---------------------------------------------------------------- the table


@dataclass(frozen=True, slots=True)
class UseCases:
    """What the stages do, and at which pace messages leave. Without `write_abstracts` no language model is asked."""

    poll: Poll
    detect: Detect
    enrich: Enrich
    recheck: Recheck
    write_abstracts: WriteAbstracts | None
    deliver: Deliver
    pace: Pace


def stage_table(
    use: UseCases, signals: Signals, *, feeds: Callable[[], Mapping[FeedId, Feed]], sends_at_once: int
) -> tuple[Stage[Any, Any], ...]:
    """Every stage, in the order in which a piece of news meets them: it is told before its article is read."""
    polls = _PollsByHost(use.poll, feeds)
    read = _reading(use.enrich)
    waiting = _waiting_items(use.detect, signals)
    abstracts = use.write_abstracts
    stages: list[Stage[Any, Any]] = [
        # 1,000 feeds at 0.4 s take 4.5 s with 100 at once, 40 s with 10
        Stage("poll", 50, TICK, polls.claim, polls.poll, _after_poll),
        Stage("detect", 50, SWEEP, waiting, use.detect.detect, _after_detect, in_turn=True),
        Stage("deliver", sends_at_once, TICK, use.deliver.claim, use.deliver.deliver, _after_deliver, finishes=True),
        # each host has one turn at a time anyway
        Stage("enrich", 8, SWEEP, use.enrich.claim, read),
        # never in the way of articles that an alert waits for
        Stage("recheck", 2, SWEEP, use.recheck.claim, use.recheck.recheck, _after_recheck),
    ]
    if abstracts is not None:  # a model may think for half a minute
        stages.append(Stage("retell", 2, SPACED, abstracts.claim, abstracts.write))
    return tuple(stages)


class _PollsByHost:
    """Claims feeds of hosts that are not being asked: their requests go one after the other."""

    def __init__(self, poll: Poll, feeds: Callable[[], Mapping[FeedId, Feed]]) -> None:
        self._poll = poll
        self._feeds = feeds
        self._polling: set[FeedId] = set()

    async def claim(self, *, limit: int) -> Sequence[tuple[Feed, FeedState]]:
        feeds = self._feeds()
        asked = {host_of(feeds[feed_id].url) for feed_id in self._polling if feed_id in feeds}
        idle = {feed_id: feed for feed_id, feed in feeds.items() if host_of(feed.url) not in asked}
        due = await self._poll.claim(idle, limit=limit)
        self._polling.update(feed.id for feed, _ in due)
        return due

    async def poll(self, due: tuple[Feed, FeedState]) -> Polled:
        feed, state = due
        try:
            return await self._poll.poll(feed, state)
        finally:
            self._polling.discard(feed.id)


def _waiting_items(detect: Detect, signals: Signals) -> ClaimWork[Item]:
    async def claim(*, limit: int) -> Sequence[Item]:
        """New items first; when there are none, a changed watchlist is asked about those of the last day."""
        items = await detect.unmatched(limit=limit)
        if not items and await detect.match_again(limit=limit):
            signals.wake("detect")
        return items

    return claim


def _reading(enrich: Enrich) -> Callable[[Item], Awaitable[ArticleRead]]:
    async def read(item: Item) -> ArticleRead:
        return ArticleRead(item, await enrich.read(item))

    return read


def _after_poll(polled: Polled) -> Iterator[Wake]:
    if polled.new or polled.reworded:
        yield Wake("detect")
    if polled.trouble:
        yield Wake("deliver")


def _after_detect(_: object) -> Iterator[Wake]:
    yield Wake("deliver")
    yield Wake("enrich")


def _after_recheck(seen: Rechecked) -> Iterator[Wake]:
    if seen.verdict.new_title:
        yield Wake("detect")
    yield Wake("deliver")


def _after_deliver(delivered: Delivered) -> Iterator[Wake]:
    if delivered.rest:  # the chat may have more
        yield Wake("deliver", after=delivered.rest + A_MOMENT)


# ---------------------------------------------------------------- the loop


class StageLoop:
    """One stage at work: `wake` makes it look, `tasks` are what it has out, `swept_at` is when it last looked well."""

    def __init__(self, stage: Stage[Any, Any], signals: Signals, *, clock: Clock) -> None:
        self.stage = stage
        self.wake = signals.add_stage(stage.name)
        self.tasks: set[asyncio.Task[None]] = set()
        self.swept_at: datetime | None = None
        self._signals = signals
        self._clock = clock

    @property
    def free(self) -> int:
        """How many more pieces there is room for."""
        return self.stage.at_once - len(self.tasks)

    async def run(self, group: asyncio.TaskGroup) -> None:
        """Look whenever woken, until the service stops; after trouble with the rows, again in a while."""
        name, signals = self.stage.name, self._signals
        while not signals.stopping.is_set():
            await self.wake.wait()
            self.wake.clear()
            idle = self.free <= 0 or signals.stopping.is_set()
            if idle or await signals.guarded(lambda: self.look(group), name):
                self.swept_at = self._clock()
            else:
                signals.wake(name, after=AFTER_TROUBLE)

    async def look(self, group: asyncio.TaskGroup) -> int:
        """ClaimWork what there is room for and start on it; how many pieces that were."""
        stage = self.stage
        pieces = await stage.claim(limit=self.free)
        if pieces and stage.sweep.after_claim is not None:
            self._signals.wake(stage.name, after=stage.sweep.after_claim)
        if not stage.in_turn:
            for piece in pieces:
                self._spawn(group, piece)
            return len(pieces)
        for piece in pieces:
            if self._signals.stopping.is_set():
                return 0
            await self._work(piece)
            await asyncio.sleep(0)  # a first poll brings thousands of items: let the others breathe
        if pieces:
            self.wake.set()
        return len(pieces)

    async def drain(self, group: asyncio.TaskGroup) -> None:
        """Look and work until nothing waits."""
        while await self.look(group):
            while self.tasks:
                await asyncio.wait(self.tasks)
                await asyncio.sleep(0)  # the callbacks that take ended tasks out of the set run next

    def _spawn(self, group: asyncio.TaskGroup, piece: object) -> None:
        async def guarded() -> None:
            await self._signals.guarded(lambda: self._work(piece), self.stage.name)

        def ended(done: asyncio.Task[None]) -> None:
            self.tasks.discard(done)
            self.wake.set()

        task = group.create_task(guarded(), name=self.stage.name)
        self.tasks.add(task)
        task.add_done_callback(ended)

    async def _work(self, piece: object) -> None:
        result = await self.stage.work(piece)
        if result is not None:
            self._signals.tell(result)
        for wake in self.stage.wakes(result):
            self._signals.wake(wake.stage, after=wake.after)
