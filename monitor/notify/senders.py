"""A sender that is built when its first message leaves: what it sends with takes a while to load.

Knows no service.
"""

import asyncio
from collections.abc import Callable

from monitor.ports import Sender
from monitor.types import Message, Outcome


class LateSender:
    """The Sender that `build` makes, in a thread, when it is first asked."""

    def __init__(self, build: Callable[[], Sender]) -> None:
        self._build = build
        self._built: asyncio.Task[Sender] | None = None

    async def send(self, message: Message) -> Outcome:
        """As the sender does."""
        return await (await self._sender()).send(message)

    async def probe(self) -> str:
        """As the sender does; one that is not built yet has no trouble."""
        return await (await self._sender()).probe() if self._built else ""

    async def _sender(self) -> Sender:
        if self._built is None:
            self._built = asyncio.create_task(asyncio.to_thread(self._build))
        return await asyncio.shield(self._built)
