"""Whether the database answers, felt every few seconds and remembered, so that /healthz need not wait for it.

Knows no database: it is given what to try. One try at a time, and never broken off: a driver that waits for a lock
cannot be called back, and a second try would only wait behind the first.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

EVERY = 10.0  # seconds between two tries that nobody asked for; counting a large outbox is no work for each second
FRESH = timedelta(seconds=1)  # so young an answer is not asked for again, however often /healthz is
TO_ANSWER = 1.0  # seconds that whoever asks waits for a new answer; then they hear what is remembered
PATIENCE = timedelta(seconds=10)  # a sweep or a large batch may hold the file for some seconds


class Pulse:
    """`beat` tries the database and gives what is wrong in one line, empty when it answers; `run` must be running."""

    def __init__(self, beat: Callable[[], Awaitable[str]], *, clock: Callable[[], datetime]) -> None:
        self._beat = beat
        self._clock = clock
        self._asked_at: datetime | None = None  # of the try that is out
        self._answered_at: datetime | None = None  # of the last one that came back
        self._unwell_since: datetime | None = None
        self._trouble = ""
        self._wanted = asyncio.Event()
        self._answered = asyncio.Event()

    async def run(self) -> None:
        """Try again and again, until cancelled."""
        while True:
            self._wanted.clear()
            asked_at = self._asked_at = self._clock()
            self._trouble = await self._tried()
            self._unwell_since = (self._unwell_since or asked_at) if self._trouble else None
            self._asked_at, self._answered_at = None, self._clock()
            self._answered.set()
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY):
                    await self._wanted.wait()

    async def trouble(self) -> str:
        """What is wrong with the database now, in one line; empty when it answers. Takes TO_ANSWER at most."""
        if self._answered_at is None or self._clock() - self._answered_at >= FRESH:
            self._answered.clear()
            self._wanted.set()
            with suppress(TimeoutError):
                async with asyncio.timeout(TO_ANSWER):
                    await self._answered.wait()
        return self.remembered()

    def remembered(self) -> str:
        """The same by the last try, at once."""
        return no_answer(self._clock(), asked_at=self._asked_at, since=self._unwell_since, trouble=self._trouble)

    async def _tried(self) -> str:
        try:
            return await self._beat()
        except Exception as bug:  # said on /healthz; the health page is no reason to end the news
            return f"{type(bug).__name__} while the database was asked"


def no_answer(now: datetime, *, asked_at: datetime | None, since: datetime | None, trouble: str) -> str:
    """The line: a trouble that was said and for how long it lasts, or a try that has been out for too long."""
    if since is not None:
        return f"for {(now - since).total_seconds():.0f} s: {trouble}"
    if asked_at is not None and now - asked_at > PATIENCE:
        return f"no answer for {(now - asked_at).total_seconds():.0f} s"
    return ""
