"""An event loop whose clock jumps to the next thing that happens, and a store that stays in its thread.

The program's own coroutines run on it unchanged: what sleeps for an hour is back at once. Nothing real may be waited
for there: no socket, no thread, no process.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from monitor.store.transaction import Store, Transaction

Given = ParamSpec("Given")
Result = TypeVar("Result")


class SimulatedLoop(asyncio.SelectorEventLoop):
    """Begins at 0 seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__(_Jump(self))

    def time(self) -> float:
        """Seconds since it began."""
        return self.now


class _Jump(selectors.SelectSelector):
    def __init__(self, loop: SimulatedLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everything waits, and nothing will ever happen")
        self._loop.now += max(0.0, timeout)
        return []

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return super().get_map()


def run_simulated(main: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end in simulated time."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(main)


class SimulatedClock:
    """The moment on the loop's clock, where 0 seconds were `begin`."""

    def __init__(self, begin: datetime) -> None:
        self._begin = begin

    def __call__(self) -> datetime:
        """Now."""
        return self._begin + timedelta(seconds=asyncio.get_running_loop().time())


class OneThreadStore:
    """The transactions of a store, run at once in this very thread, and committed when `commit` is called.

    A simulated second of thousands of polls is one transaction: what is measured is what the rows cost, and not the
    disk. One that raises ends the simulation.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: tuple[AbstractContextManager[Transaction], Transaction] | None = None

    async def write(
        self, do: Callable[Concatenate[Transaction, Given], Result], *args: Given.args, **named: Given.kwargs
    ) -> Result:
        """Run it in the open transaction."""
        if self._open is None:
            block = self._store.writing()
            self._open = block, block.__enter__()
        try:
            return do(self._open[1], *args, **named)
        except Exception as bug:
            raise BrokenSimulation(repr(bug)) from bug

    write_much = write
    read = write

    def commit(self) -> None:
        """Keep what was written."""
        if self._open is not None:
            block, self._open = self._open[0], None
            block.__exit__(None, None, None)


class BrokenSimulation(BaseException):
    """A bug inside a transaction; no part of the program may take it for a failing feed."""
