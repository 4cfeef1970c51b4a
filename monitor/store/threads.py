"""The threads in which transactions run, so that the event loop never waits for a database.

Knows no database. A thread that hangs in one must not keep the process from ending: they are daemons, and what a
transaction leaves undone when the process goes is undone by the database.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from itertools import count
from math import inf
from queue import Empty, PriorityQueue
from typing import Any, Generic, TypeVar

Given = TypeVar("Given")
Result = TypeVar("Result")

LARGE_WAITS = (
    2.0  # seconds: a large call counts as if it had come so much later, so that it holds up few and waits not for ever
)


class Call(Generic[Given, Result]):
    """One piece of work for a thread; `given_up` is set when nobody waits for it any more."""

    def __init__(self, do: Callable[[Given], Result]) -> None:
        self.do = do
        self.given_up = False
        self.answer: Future[Result] = Future()

    def fail(self, error: BaseException) -> None:
        """Let its caller have an error, if they have no answer yet."""
        if not self.answer.done():
            self.answer.set_exception(error)


AnyCall = Call[Any, Any]


class Threads:
    """A few threads that work on what is put before them, started when they are needed.

    The oldest is first, but small calls go before large ones that have waited less than LARGE_WAITS.

    `serve` is handed what waits, one call after the other, and answers each; it may stop taking at any time.
    """

    def __init__(self, name: str, most: int, serve: Callable[[Iterator[AnyCall]], None]) -> None:
        self._name = name
        self._most = most
        self._serve = serve
        self._waiting: PriorityQueue[tuple[float, int, AnyCall | None]] = PriorityQueue()
        self._numbers = count()
        self._threads: list[threading.Thread] = []
        self._unfinished = 0  # calls that wait or run; changed in the event loop alone
        self._closed = False

    async def run(self, do: Callable[[Given], Result], *, is_large: bool = False) -> Result:
        """Have `do` done in a thread. Cancelled, it is told so through its Call, and not waited for."""
        if self._closed:
            raise RuntimeError("the store is closed")
        call = Call(do)
        self._unfinished += 1
        if self._unfinished > len(self._threads) and len(self._threads) < self._most:
            thread = threading.Thread(target=self._work, name=f"{self._name}-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._put(call, time.monotonic() + LARGE_WAITS * is_large)
        answer = asyncio.wrap_future(call.answer)
        try:
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            call.given_up = True
            call.answer.cancel()  # where it has not begun
            answer.add_done_callback(_heard)
            raise
        finally:
            self._unfinished -= 1

    async def close(self, patience: float) -> bool:
        """Take no more work, and wait up to `patience` seconds for what runs; whether all of it has ended."""
        self._closed = True
        for _ in self._threads:
            self._put(None, inf)
        waited = [asyncio.to_thread(thread.join, patience) for thread in self._threads]
        await asyncio.gather(*waited)
        return not any(thread.is_alive() for thread in self._threads)

    def _put(self, call: AnyCall | None, turn: float) -> None:
        self._waiting.put((turn, next(self._numbers), call))

    def _work(self) -> None:
        while (call := self._waiting.get()[-1]) is not None:
            self._serve(self._calls(call))
            del call  # the rows that it gave are its caller's alone

    def _calls(self, first: AnyCall) -> Iterator[AnyCall]:
        """The first call, and what waits behind it for as long as somebody takes it."""
        call: AnyCall | None = first
        while call is not None:
            if call.answer.set_running_or_notify_cancel():
                yield call
            try:
                call = self._waiting.get_nowait()[-1]
            except Empty:
                return
        self._put(None, inf)  # the wish to end is for the thread


def _heard(answer: "asyncio.Future[Any]") -> None:
    """Nobody waits for this answer: a failure in it is no news either."""
    if not answer.cancelled():
        answer.exception()
