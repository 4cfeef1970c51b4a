"""The turns of hosts that several workers share: net/politeness.py waits here for the other processes.

Leaves the turns within this process to net/, and whose turn it is to the rows. Looks again when the host has rested;
while another worker asks it, after a wait that grows.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from monitor.errors import StoreError
from monitor.store.transaction import Store, Transaction

HOLD = timedelta(minutes=2)  # twice what a request may take (FEED_LIMITS): a worker alive but stuck blocks no host
FIRST_LOOK, LAST_LOOK = timedelta(milliseconds=50), timedelta(milliseconds=500)  # while another worker asks the host
A_MOMENT = timedelta(milliseconds=2)  # timers may run a little early, and another look costs more than this
RETRIES = tuple(timedelta(seconds=each) for each in (0.5, 1, 2, 4))  # a PostgreSQL started again is back by then
END_RETRIES = (*RETRIES, *itertools.repeat(timedelta(seconds=4), 30))  # of a turn's end: as long as its HOLD

Result = TypeVar("Result")


class SharedHostTurns:
    """Turns of hosts as rows."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def take(self, host: str, *, spacing: timedelta) -> None:
        """Wait until this worker may ask the host. Raises StoreError while the rows cannot be asked: then nobody asks.

        A worker that is killed while it asks keeps its turn until it counts as dead, and the host rests from then on.
        """
        look = FIRST_LOOK
        try:
            while True:
                turn = await _patiently(
                    lambda: self._store.write(Transaction.take_host, host, hold=HOLD, spacing=spacing), RETRIES
                )
                if turn.is_ours:
                    return
                if turn.rests is None:
                    await asyncio.sleep(look.total_seconds())
                    look = min(2 * look, LAST_LOOK)
                else:
                    await asyncio.sleep((turn.rests + A_MOMENT).total_seconds())
        except asyncio.CancelledError:
            await self._end(host, spacing, RETRIES)  # it may have been taken at this very moment
            raise

    async def give_back(self, host: str, *, spacing: timedelta) -> None:
        """The request has ended, well or not. Till that can be written, others wait; until HOLD is over at most."""
        await self._end(host, spacing, END_RETRIES)

    async def _end(self, host: str, spacing: timedelta, pauses: Iterable[timedelta]) -> None:
        writing = _patiently(lambda: self._store.write(Transaction.give_host_back, host, spacing=spacing), pauses)
        with contextlib.suppress(StoreError):  # what is written next says so: the items that came
            await asyncio.shield(writing)


async def _patiently(work: Callable[[], Awaitable[Result]], pauses: Iterable[timedelta]) -> Result:
    """The result of `work`, tried again while the database is in trouble for a while."""
    for pause in pauses:
        try:
            return await work()
        except StoreError:
            await asyncio.sleep(pause.total_seconds())
    return await work()
