"""Of what one asker asks again and again, the newest counts: what waits, or may be broken off, gives way to it.

Knows not what is asked. All askers together have a few turns at once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Final, TypeVar

T = TypeVar("T")


class NotDone(Enum):
    """Why there is no answer."""

    SUPERSEDED = "superseded"  # the same asker has asked anew
    BUSY = "busy"


class NewestFirst:
    """Runs one question of each asker at a time, `at_once` of all; of one asker at most the newest waits."""

    def __init__(self, *, at_once: int, most_waiting: int, breaks_off: bool) -> None:
        """`breaks_off`: what runs is cancelled for a newer question; else that waits for its end."""
        self._turns: Final = asyncio.Semaphore(at_once)
        self._most_waiting: Final = most_waiting
        self._breaks_off: Final = breaks_off
        self._newest: dict[str, asyncio.Task[object]] = {}  # of each asker
        self._locks: dict[str, asyncio.Lock] = {}
        self._running: set[asyncio.Task[object]] = set()
        self._asked = 0  # questions that wait or are worked on

    async def ask(self, asker: str, work: Callable[[], Awaitable[T]]) -> T | NotDone:
        """The answer, unless the same asker asks anew before it is there."""
        if self._asked >= self._most_waiting:
            return NotDone.BUSY
        older = self._newest.get(asker)
        task = asyncio.create_task(self._in_turn(asker, work))
        self._newest[asker] = task
        self._asked += 1
        if older is not None and (self._breaks_off or older not in self._running):
            older.cancel()
        try:
            return await task
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is not None and current.cancelling():  # nobody waits for the answer any more
                raise
            return NotDone.SUPERSEDED
        finally:
            self._asked -= 1
            if self._newest.get(asker) is task:
                del self._newest[asker]
                self._locks.pop(asker, None)

    async def _in_turn(self, asker: str, work: Callable[[], Awaitable[T]]) -> T:
        async with self._locks.setdefault(asker, asyncio.Lock()), self._turns:
            task = asyncio.current_task()
            assert task is not None  # ask() made it one
            self._running.add(task)
            try:
                return await work()
            finally:
                self._running.discard(task)
