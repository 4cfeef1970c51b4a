"""What a stage is, and the one loop that runs each of them.

Knows none of them by name: they stand in use_cases.py. Work to do is a condition on rows; whoever wakes a stage only
says "look now".
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from monitor.app.events import ServiceEvent
from monitor.app.signals import AT_ONCE, Signals
from monitor.ports import Clock

AFTER_TROUBLE = timedelta(seconds=2)  # whatever waits there still waits, and nobody may wake the stage for a sweep

Piece = TypeVar("Piece")
PieceOut = TypeVar("PieceOut", covariant=True)
Result = TypeVar("Result", bound=ServiceEvent | Sequence[ServiceEvent | None] | None)


class ClaimWork(Protocol[PieceOut]):
    """Takes rows for a time, so that nobody else works on them meanwhile."""

    def __call__(self, *, limit: int) -> Awaitable[Sequence[PieceOut]]:
        """At most `limit` pieces of work; none when nothing waits."""
        ...


class ClaimByKey(Protocol[PieceOut]):
    """Takes the rows of one key for a time."""

    def __call__(self, key: str, *, limit: int) -> Awaitable[Sequence[PieceOut]]:
        """At most `limit` pieces of work of this key."""
        ...


@dataclass(frozen=True, slots=True)
class Keys(Generic[Piece]):
    """How the work of a stage is handed out among processes: by host, by chat, by article.

    `due` gives at most `most` keys for which something could be claimed, and claims nothing; `claim` takes the rows of
    one key.
    """

    due: Callable[[int], Awaitable[Sequence[str]]]
    claim: ClaimByKey[Piece]
    most: int


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


@dataclass(frozen=True, slots=True)
class Wake:
    """What a result means for a stage: look, now or after a while."""

    stage: str
    after: timedelta = AT_ONCE
    key: str | None = None  # the only one that it concerns, where that is known


def _wake_deliver(_: object) -> Iterator[Wake]:
    yield Wake("deliver")


@dataclass(frozen=True, slots=True)
class Stage(Generic[Piece, Result]):
    """A queue that is worked on: how many pieces at once, how it claims them, how one is worked on.

    `work` gives what observers are told, one or several, None for nothing; `wakes` says who has to look then. A stage
    works on its pieces side by side, or `in_turn`: one after the other, in its own loop. It looks when there is room
    for `room` more: where a look costs much, several pieces should share one. What `finishes` is waited for when the
    service stops, and everything else is cancelled.

    Where several processes share the work: `part` of the work that it belongs to (`--only`); the `role` that whoever
    runs it has to hold; or the `keys` by which any of them may run it.
    """

    name: str
    at_once: int
    sweep: Sweep
    claim: ClaimWork[Piece]
    work: Callable[[Piece], Awaitable[Result]]
    wakes: Callable[[Result], Iterable[Wake]] = _wake_deliver
    in_turn: bool = False
    finishes: bool = False
    room: int = 1
    part: str = "detect"
    role: str | None = None
    keys: Keys[Piece] | None = None


# ---------------------------------------------------------------- the loop


class StageLoop:
    """One stage at work: `wake` makes it look, `tasks` are what it has out, `swept_at` is when it last looked well.

    `began_at` is when it began to run here, which among several processes may be long after they did.
    """

    def __init__(self, stage: Stage[Any, Any], signals: Signals, *, clock: Clock) -> None:
        self.stage = stage
        self.wake = signals.add_stage(stage.name)
        self.tasks: set[asyncio.Task[None]] = set()
        self.began_at: datetime | None = None
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
            idle = self.free < self.stage.room or signals.stopping.is_set()
            if idle or await signals.guarded(lambda: self.look(group), name):
                self.swept_at = self._clock()
            else:
                signals.wake(name, after=AFTER_TROUBLE)

    async def look(self, group: asyncio.TaskGroup) -> int:
        """Claim what there is room for and start on it; how many pieces that were."""
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

    def tick(self) -> None:
        """Time has gone by: look."""
        self.wake.set()

    def _spawn(self, group: asyncio.TaskGroup, piece: object) -> asyncio.Task[None]:
        async def guarded() -> None:
            await self._signals.guarded(lambda: self._work(piece), self.stage.name)

        def ended(done: asyncio.Task[None]) -> None:
            self.tasks.discard(done)
            self.wake.set()

        task = group.create_task(guarded(), name=self.stage.name)
        self.tasks.add(task)
        task.add_done_callback(ended)
        return task

    async def _work(self, piece: object) -> None:
        result = await self.stage.work(piece)
        for event in result if isinstance(result, Sequence) else (result,):
            if event is not None:
                self._signals.tell(event)
        for wake in self.stage.wakes(result):
            self._signals.wake(wake.stage, after=wake.after, key=wake.key)
