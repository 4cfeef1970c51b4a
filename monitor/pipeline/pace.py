"""How fast messages may leave: Telegram's limits of a bot, of a chat and of a group.

Knows no outbox; the rest of a chat is written by deliver.py.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from monitor.types import Chat, ChatKind

MADE_UP = 1  # two at once and the 28 of a second are the 30 that Telegram allows


@dataclass(frozen=True, slots=True)
class Pace:
    """Telegram's limits, about: 30 messages a second in all, 1 a second a chat, 20 a minute a group; edits count too.

    The rest of a chat is a column, so that a restart cannot forget it; the bot's own pace is a bucket in memory.
    """

    per_second: float = 28.0
    private: timedelta = timedelta(seconds=1)
    group: timedelta = timedelta(seconds=3)

    def rest(self, chat: Chat | None) -> timedelta:
        """How long a chat is left alone after a message."""
        kind = chat.kind if chat else ChatKind.GROUP
        match kind:
            case ChatKind.TERMINAL:
                return timedelta(0)
            case ChatKind.PRIVATE | ChatKind.OUTSIDE:
                return self.private
            case ChatKind.GROUP | ChatKind.CHANNEL:
                return self.group
            case _:
                assert_never(kind)


class Bucket:
    """Lets at most `per_second` sends start a second, evenly spaced, however many coroutines ask.

    A turn that nobody took is made up for (MADE_UP): else each moment in which the database was asked costs one.
    """

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second
        self._next = 0.0

    async def take(self) -> None:
        """Wait for one's turn."""
        loop = asyncio.get_running_loop()
        turn = max(self._next, loop.time() - MADE_UP * self._gap)
        self._next = turn + self._gap
        if (wait := turn - loop.time()) > 0:
            await asyncio.sleep(wait)

    async def opened(self) -> None:
        """Wait until a turn is free, and leave it to whoever takes it."""
        if (wait := self._next - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(wait)
