"""The threads in which transactions run, so that the event loop never waits for a database.

Knows no database. A thread that hangs in one must not keep the process from ending: they are daemons, and what a
transaction leaves undone when the process goes is undone by the database.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")


class Call(Generic[Result]):
    """One piece of work for a thread; `given_up` is set when nobody waits for it any more."""

    def __init__(self, work: Callable[["Call[Result]"], Result]) -> None:
        self.given_up = False
        self.result: Future[Result] = Future()
        self._work = work

    def run(self) -> None:
        """Do it, in the thread of whoever calls."""
        if not self.result.set_running_or_notify_cancel():
            return
        try:
            result = self._work(self)
        except BaseException as error:
            self.result.set_exception(error)
        else:
            self.result.set_result(result)


class Threads:
    """A few threads that work on what is put before them, oldest first; started when they are needed."""

    def __init__(self, name: str, most: int) -> None:
        self._name = name
        self._most = most
        self._waiting: SimpleQueue[Call[Any] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._unfinished = 0  # calls that wait or run; changed in the event loop alone
        self._closed = False

    async def run(self, work: Callable[[Call[Result]], Result]) -> Result:
        """Have `work` done in a thread. Cancelled, it is told so through its Call, and not waited for."""
        if self._closed:
            raise RuntimeError("the store is closed")
        call = Call(work)
        self._unfinished += 1
        if self._unfinished > len(self._threads) and len(self._threads) < self._most:
            thread = threading.Thread(target=self._serve, name=f"{self._name}-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._waiting.put(call)
        answer = asyncio.wrap_future(call.result)
        try:
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            call.given_up = True
            call.result.cancel()  # where it has not begun
            answer.add_done_callback(_heard)
            raise
        finally:
            self._unfinished -= 1

    async def close(self, patience: float) -> bool:
        """Take no more work, and wait up to `patience` seconds for what runs; whether all of it has ended."""
        self._closed = True
        for _ in self._threads:
            self._waiting.put(None)
        waited = [asyncio.to_thread(thread.join, patience) for thread in self._threads]
        await asyncio.gather(*waited)
        return not any(thread.is_alive() for thread in self._threads)

    def _serve(self) -> None:
        while (call := self._waiting.get()) is not None:
            call.run()
            del call  # the rows that it gave are its caller's alone


def _heard(answer: "asyncio.Future[Any]") -> None:
    """Nobody waits for this answer: a failure in it is no news either."""
    if not answer.cancelled():
        answer.exception()
