"""Politeness towards servers: at most one request a host at a time, with a pause between two.

Knows hosts and a clock, not HTTP; feeds, pages and robots.txt share one gate, so that a newspaper sees one guest. Where
several processes ask, it also waits for the others, by what it is handed.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Protocol

SPACING = timedelta(seconds=2)  # Media Cloud spaces one source's polls by 5 s; its sources are polled once a day


class HostTurns(Protocol):
    """Turns that this process shares with others. Within a process each host has one contender at a time."""

    async def take(self, host: str, *, spacing: timedelta) -> None:
        """Wait until the host may be asked. What it raises, the turn raises: then the host is not asked."""
        ...

    async def give_back(self, host: str, *, spacing: timedelta) -> None:
        """The request has ended: the host rests for `spacing` from now on. Raises nothing."""
        ...


class _Host:
    __slots__ = ("free_at", "lock", "users")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.free_at = 0.0  # on the monotonic clock, seconds
        self.users = 0


class HostGate:
    """Turns for hosts. `spacing` runs from the end of one request to the start of the next of the same host.

    `shared` are the turns of all processes; without them this one is alone.
    """

    def __init__(self, spacing: timedelta = SPACING, *, shared: HostTurns | None = None) -> None:
        self._spacing = spacing
        self._shared = shared
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host, hold it for the block, then let it rest."""
        loop = asyncio.get_running_loop()
        clock = loop.time
        host = host.casefold()
        place = self._hosts.setdefault(host, _Host())
        place.users += 1
        try:
            async with place.lock:
                if (wait := place.free_at - clock()) > 0:
                    await asyncio.sleep(wait)
                if self._shared is not None:
                    await self._shared.take(host, spacing=self._spacing)
                try:
                    yield
                finally:
                    try:
                        if self._shared is not None:
                            await self._shared.give_back(host, spacing=self._spacing)
                    finally:  # counted from here, for the row counts from its own moment
                        place.free_at = clock() + self._spacing.total_seconds()
        finally:
            place.users -= 1
            self._forget_idle(clock())

    def _forget_idle(self, now: float) -> None:
        # 10,000 hosts would stay for ever; only resting ones that nobody waits for may go
        if len(self._hosts) > 1_000:
            self._hosts = {name: host for name, host in self._hosts.items() if host.users or host.free_at > now}
