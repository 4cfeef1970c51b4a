"""The bot's pace and flood wait as a row that several workers share: pace.py with the rows behind it.

Turns are taken in slices of the second, one round trip each, for all who wait here; the two clocks are compared in that
same round trip. Who of this process goes first is pace.py's.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.pipeline.pace import MADE_UP, Bucket, Pace, Waits
from monitor.ports import Clock
from monitor.store.bot_pace_rows import BOT, Slice
from monitor.store.transaction import Store, Transaction

SLICE = 0.25  # seconds: a worker takes at most so much of the bot's time at once
LATE = (
    0.065  # seconds that a turn may begin late: 1.065 s have 29.8 turns of 28 a second, so that none has more than 30
)
# Telegram counts what arrives, and a message takes a while from its turn to the wire, longer where several processes
# want the processor: at 28 a second 33 were once seen to arrive within one; at 25 there are 0.2 s for that
SHARED_PER_SECOND = 25.0
LONGEST_LEAD = 1.0  # seconds: of a database that is slower than this turns are lost


@dataclass(frozen=True, slots=True)
class SendTurn:
    """When one message may begin, on the loop's clock: not before `at`, and not after `until`."""

    at: float
    until: float


class SharedBucket(Bucket):
    """A bucket whose turns several workers share. `note_held` hears how long the bot is held, with each slice."""

    def __init__(self, per_second: float, store: Store, *, note_held: Callable[[timedelta], None], bot: str) -> None:
        super().__init__(per_second)
        self._store = store
        self._note_held = note_held
        self._bot = bot
        self._most = max(1, int(SLICE * per_second))
        self._turns: deque[SendTurn] = deque()  # taken, and not used yet
        self._taking = asyncio.Lock()
        self._took = 0.0  # seconds, the last time: turns are taken so far ahead that they are none too late

    async def _take(self, is_answer: bool) -> None:
        time = asyncio.get_running_loop().time
        while True:
            while self._turns and self._turns[0].until < time():
                self._turns.popleft()
            if not self._turns:
                async with self._taking:
                    if not self._turns:  # whoever came first takes some for all who wait
                        await self._take_slice(min(sum(self._waiting.values()), self._most))
            elif (wait := max(self._turns[0].at - time(), self._gives_way(is_answer))) > 0:
                await asyncio.sleep(wait)
            else:
                self._turns.popleft()
                return

    async def _take_slice(self, turns: int) -> None:
        time, gap = asyncio.get_running_loop().time, self._gap
        made_up = min(MADE_UP * gap, LATE / 2)  # else the first would be too late once it is here
        earliest = timedelta(seconds=min(self._took, LONGEST_LEAD) - made_up)
        length = timedelta(seconds=turns * gap)

        def take(tx: Transaction) -> tuple[float, Slice, float]:
            before = time()
            return before, tx.take_slice(self._bot, length=length, earliest=earliest), time()

        before, mine, after = await self._store.write(take)
        self._took = time() - before
        self._note_held(mine.held_for)
        # the database read its clock somewhere between the two: a turn begins by the late one, and ends by the early
        firsts = [mine.starts_in.total_seconds() + n * gap for n in range(turns)]
        self._turns.extend(SendTurn(after + first, before + first + LATE) for first in firsts)
        self._next = self._turns[-1].at + gap


class SharedWaits(Waits):
    """Waits of the bot that all workers on a database share."""

    def __init__(self, pace: Pace, store: Store, *, clock: Clock, bot: str = BOT) -> None:
        super().__init__(
            pace, SharedBucket(min(pace.per_second, SHARED_PER_SECOND), store, note_held=self._note_held, bot=bot)
        )
        self._clock = clock
        self._bot = bot

    def is_held_for_all(self, tx: Transaction, now: datetime) -> bool:
        """Whether any worker was told that Telegram wants nothing of the bot for the moment."""
        self._note_held(tx.bot_held_for(self._bot))
        return self.is_bot_held(now)

    def hold_all(self, tx: Transaction, until: datetime, now: datetime) -> None:
        """Tell all workers that Telegram wants nothing of the bot before `until`."""
        tx.hold_bot(self._bot, until - now)

    def _note_held(self, span: timedelta) -> None:
        if span:
            self.hold_bot(self._clock() + span)
