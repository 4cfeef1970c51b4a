"""Politeness towards servers: at most one request a host at a time, with a pause between two.

Knows hosts and a clock, not HTTP; feeds, pages and robots.txt share one gate, so that a newspaper sees one guest.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

SPACING = timedelta(seconds=2)  # Media Cloud spaces one source's polls by 5 s; its sources are polled once a day


class _Host:
    __slots__ = ("free_at", "lock", "users")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.free_at = 0.0  # on the monotonic clock, seconds
        self.users = 0


class HostGate:
    """Turns for hosts. `spacing` runs from the end of one request to the start of the next of the same host."""

    def __init__(self, spacing: timedelta = SPACING) -> None:
        self._spacing = spacing.total_seconds()
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host, hold it for the block, then let it rest."""
        loop = asyncio.get_running_loop()
        clock = loop.time
        place = self._hosts.setdefault(host.casefold(), _Host())
        place.users += 1
        try:
            async with place.lock:
                if (wait := place.free_at - clock()) > 0:
                    await asyncio.sleep(wait)
                try:
                    yield
                finally:
                    place.free_at = clock() + self._spacing
        finally:
            place.users -= 1
            self._forget_idle(clock())

    def _forget_idle(self, now: float) -> None:
        # 10,000 hosts would stay for ever; only resting ones that nobody waits for may go
        if len(self._hosts) > 1_000:
            self._hosts = {name: host for name, host in self._hosts.items() if host.users or host.free_at > now}
