"""How fast messages may leave: Telegram's limits of a bot, of a chat and of a group.

Knows no outbox; the rest of a chat is written by deliver.py and answers.py. What several workers share of the bot is
shared_pace.py's.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from monitor.store.transaction import Transaction
from monitor.types import Chat, ChatKind

ANSWERS_IN_A_ROW = 3  # then an alert has its turn
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
        return self.rest_in(chat.kind if chat else ChatKind.GROUP)

    def rest_in(self, kind: ChatKind) -> timedelta:
        """The same of a chat that may have no row."""
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
    Answers go before alerts, which get one turn in four all the same.
    """

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second
        self._next = 0.0
        self._waiting = {False: 0, True: 0}  # alerts, answers
        self._passed = 0  # answers since the last alert

    async def take(self, *, is_answer: bool = False) -> None:
        """Wait for one's turn. Raises StoreError where several workers share them and the rows cannot be asked."""
        self._waiting[is_answer] += 1
        try:
            await self._take(is_answer)
        finally:
            self._waiting[is_answer] -= 1
        self._passed = self._passed + 1 if is_answer else 0

    async def _take(self, is_answer: bool) -> None:
        loop = asyncio.get_running_loop()
        while (wait := max(self._next - loop.time(), self._gives_way(is_answer))) > 0:  # noqa: ASYNC110 - a turn is a time
            await asyncio.sleep(wait)
        self._next = max(self._next, loop.time() - MADE_UP * self._gap) + self._gap

    def _gives_way(self, is_answer: bool) -> float:
        """For how many seconds the others go first."""
        others_turn = self._waiting[not is_answer] and (self._passed < ANSWERS_IN_A_ROW) is not is_answer
        return self._gap if others_turn else 0.0

    async def opened(self) -> None:
        """Wait until a turn is free, and leave it to whoever takes it."""
        if (wait := self._next - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(wait)


class Waits:
    """What has to be waited for before anything is asked of Telegram: the one place that knows, for alerts and answers.

    Of the bot as a whole in memory: its pace, and a flood wait. Of each chat in rows (store/hold_rows.py). `answering`
    are chats to which an answer is on its way: it waits for no writing before it leaves, only afterwards.
    """

    def __init__(self, pace: Pace = Pace(), bucket: Bucket | None = None) -> None:
        self.pace = pace
        self.bucket = bucket or Bucket(pace.per_second)
        self.answering: set[int] = set()
        self.bot_held_until: datetime | None = None

    def hold_bot(self, until: datetime) -> None:
        """Telegram wants nothing of this bot before `until`; never shortens a longer wait."""
        self.bot_held_until = max(self.bot_held_until or until, until)

    def is_bot_held(self, now: datetime) -> bool:
        """Whether Telegram wants nothing of this bot for the moment, as far as this process was told."""
        return self.bot_held_until is not None and now < self.bot_held_until

    def is_held_for_all(self, tx: Transaction, now: datetime) -> bool:
        """The same, as far as any worker was told; asked of the rows where there are several."""
        return self.is_bot_held(now)

    def hold_all(self, tx: Transaction, until: datetime, now: datetime) -> None:
        """Tell all workers what `hold_bot` tells this process; `hold_bot` is not called by this."""

    def turn_back(self, by: timedelta) -> None:
        """The clock was set back: a wait stays as long as Telegram said."""
        if self.bot_held_until is not None:
            self.bot_held_until -= by
