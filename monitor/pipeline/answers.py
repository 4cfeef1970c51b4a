"""What the bot says to whoever asked: at once where Telegram lets it, else as a row of the outbox.

Leaves the words to bot/, sending rows to deliver.py, and what Telegram's errors mean to notify/telegram.py. Shares with
deliver.py all that has to be waited for (pace.py), because Telegram counts answers and alerts together.
"""

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Protocol, assert_never
from weakref import WeakValueDictionary

import structlog

from monitor.errors import SenderBroken
from monitor.pipeline.dedupe_keys import answer_key
from monitor.pipeline.outage import OUT_SINCE
from monitor.pipeline.pace import Waits
from monitor.ports import Clock, Sender
from monitor.store.transaction import Store, Transaction
from monitor.types import (
    AlertKind,
    ChatKind,
    Later,
    Message,
    NewAlert,
    Outcome,
    Reach,
    Refused,
    Sent,
    Unknown,
    Unreached,
)

PATIENCE = timedelta(seconds=1)  # the rest of a private chat; its own next answers wait meanwhile, nobody else's
ON_ITS_WAY = timedelta(seconds=30)  # of other workers: longer than an answer takes that Telegram answers at all
A_MOMENT = timedelta(milliseconds=10)  # after a hold is over: timers may run a little early

_log = structlog.stdlib.get_logger("monitor.answers")


class WakeOutbox(Protocol):
    """Has the outbox looked at."""

    def __call__(self, *, after: timedelta) -> object:
        """So long from now."""
        ...


class Answers:
    """Answers of the bot. `out_of_reach`: whether Telegram is known to be; `wake` has the outbox looked at.

    For the rest after a chat's last message an answer waits here, for no longer than `patience`: in the outbox it would
    have its turn after all the chats that got nothing for longer.
    """

    def __init__(
        self,
        store: Store,
        sender: Sender,
        waits: Waits,
        *,
        clock: Clock,
        wake: WakeOutbox = lambda *, after: None,
        out_of_reach: Callable[[], bool] = lambda: False,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._store = store
        self._sender = sender
        self._waits = waits
        self._clock = clock
        self._wake = wake
        self._out_of_reach = out_of_reach
        self._patience = patience
        # of chats that are answered just now: an errand may have something to say while a command is answered
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._held: dict[int, datetime] = {}  # chats that other workers leave alone for an answer, until when

    async def say(
        self, message: Message, kind: ChatKind, *, asked: object = "", later: NewAlert | None = None
    ) -> int | None:
        """Send or edit once, in a chat of that kind; the number of the message, None where it is not there now.

        What must wait becomes a row.

        `asked` names the question, so that the same answer to it is not kept twice. `later` is the row in place of the
        one that is made of the message: for a picture, which no row holds. Raises StoreError when the rows cannot be
        asked; nothing was sent then.
        """
        later, chat_id = later or row_of(message, asked), message.address.chat_id
        async with self._turns.setdefault(chat_id, asyncio.Lock()):
            if not await self._begin(message, later):
                return None
            try:
                return await self._send(message, kind, later)
            finally:
                self._waits.answering.discard(chat_id)
                self._held.pop(chat_id, None)  # an answer of which nobody knows how it ended: the hold runs out

    async def _send(self, message: Message, kind: ChatKind, later: NewAlert) -> int | None:
        await self._waits.bucket.take(is_answer=True)
        if self._waits.is_bot_held(self._clock()):  # since this very moment
            await self._store.write(self._put_off, later, self._clock())
            return None
        try:
            outcome = await self._sender.send(message)
        except SenderBroken as broken:  # whoever polls or delivers meets it too, and ends the service
            _log.warning("answer waits", chat=message.address.chat_id, why=str(broken))
            await self._store.write(self._put_off, later, self._clock())
            return None
        if isinstance(outcome, Later) and outcome.reach is Reach.BOT:
            self._waits.hold_bot(outcome.at)
        await self._store.write(self._note, message, kind, later, outcome, self._clock())
        return outcome.message_id if isinstance(outcome, Sent) else None

    async def may_call(self, chat_id: int) -> bool:
        """Whether Telegram may be asked anything about this chat; not while it wants silence there, or of the bot."""
        now = self._clock()
        if self._waits.is_bot_held(now):
            return False
        flooded_until = await self._store.read(Transaction.flooded_until, chat_id)
        return flooded_until is None or flooded_until <= now

    async def flooded(self, chat_id: int, seconds: float) -> None:
        """Telegram has just said that it wants silence in this chat for so long."""
        until = self._clock() + timedelta(seconds=seconds)
        await self._store.write(Transaction.hold_chat, chat_id, until, flooded=True)

    # ------------------------------------------------ now, or later

    async def _begin(self, message: Message, later: NewAlert) -> bool:
        """Take the chat's turn, or let the answer wait in the outbox."""
        chat_id = message.address.chat_id
        if await self._take(chat_id):
            return True
        free_at = await self._store.read(Transaction.held_until, chat_id)
        rest = (free_at or self._clock()) - self._clock()
        if timedelta(0) < rest <= self._patience and not self._must_wait():
            await asyncio.sleep((rest + A_MOMENT).total_seconds())
            if await self._take(chat_id):
                return True
        await self._store.write(self._keep, later, self._clock())
        self._wake(after=max(rest, timedelta(0)) + A_MOMENT)
        return False

    async def _take(self, chat_id: int) -> bool:
        """Take the chat's turn. First in memory and then asked of the rows: the outbox does it the other way round."""
        if self._must_wait() or chat_id in self._waits.answering:
            return False
        self._waits.answering.add(chat_id)
        may = False
        try:
            if self._store.is_shared:
                may = await self._store.write(self._hold, chat_id, self._clock())
            else:
                may = await self._store.read(Transaction.may_answer, chat_id, now=self._clock())
        finally:
            if not may:
                self._waits.answering.discard(chat_id)
        return may

    def _hold(self, tx: Transaction, chat_id: int, now: datetime) -> bool:
        """Take the chat's turn in the rows as well: the outbox is also worked on elsewhere."""
        until = now + ON_ITS_WAY
        is_out = tx.fact(OUT_SINCE) or self._waits.is_held_for_all(tx, now)  # as other workers know
        if is_out or not tx.begin_answer(chat_id, now=now, until=until):
            return False
        self._held[chat_id] = until
        return True

    def _let_go(self, tx: Transaction, chat_id: int, now: datetime) -> None:
        if (until := self._held.get(chat_id)) is not None:
            tx.end_answer(chat_id, until=until, now=now)

    def _put_off(self, tx: Transaction, later: NewAlert, now: datetime) -> None:
        self._let_go(tx, later.address.chat_id, now)
        self._keep(tx, later, now)

    def _must_wait(self) -> bool:
        if self._waits.is_bot_held(self._clock()):
            return True
        return not self._store.is_shared and self._out_of_reach()  # what several workers know stands in the rows

    def _keep(self, tx: Transaction, later: NewAlert, now: datetime) -> None:
        if not tx.keep_answer(later, now=now):
            _log.warning("answer dropped", chat=later.address.chat_id, why="too many wait already")

    def _note(
        self, tx: Transaction, message: Message, kind: ChatKind, later: NewAlert, outcome: Outcome, now: datetime
    ) -> None:
        chat_id = message.address.chat_id
        self._let_go(tx, chat_id, now)
        match outcome:
            case Sent():
                self._rest(tx, chat_id, kind, now)
            case Later(moved_to=int(new)):
                self._keep(tx, later, now)
                tx.move_chat(chat_id, new)
            case Later(reach=Reach.TOPIC, why=why):  # half an hour later nobody waits for it
                _log.warning("answer not delivered", chat=chat_id, why=why)
            case Later(at=at, why=why):
                _log.warning("answer waits", chat=chat_id, why=why)
                if outcome.reach is Reach.BOT:
                    self._waits.hold_all(tx, at, now)
                tx.hold_chat(chat_id, at, flooded=True)
                self._keep(tx, later, now)
            case Unreached(why=why):
                _log.warning("answer waits", chat=chat_id, why=why)
                self._keep(tx, later, now)
            case Refused(why=why, reach=reach):
                _log.warning("answer not delivered", chat=chat_id, why=why)
                if reach is Reach.CHAT:
                    tx.lose_chat(chat_id)
                elif reach is Reach.TOPIC and message.address.thread_id:
                    tx.lose_topic(message.address)
            case Unknown(why=why):
                _log.warning("answer may not have arrived", chat=chat_id, why=why)
                self._rest(tx, chat_id, kind, now)
                if message.edits is not None:  # the same once more changes nothing
                    self._keep(tx, later, now)
            case _:
                assert_never(outcome)

    def _rest(self, tx: Transaction, chat_id: int, kind: ChatKind, now: datetime) -> None:
        # counted from the answer of Telegram, which may have been slow
        tx.hold_chat(chat_id, now + self._waits.pace.rest_in(kind))


def row_of(message: Message, asked: object = "") -> NewAlert:
    """An answer as a row; compose.answer_of makes the message of it again."""
    payload: dict[str, Any] = {
        "html": message.html,
        "buttons": [[asdict(button) for button in row] for row in message.buttons],
        "reply_to": message.reply_to,
        "edits": message.edits,
    }
    return NewAlert(message.address, AlertKind.ANSWER, answer_key(message, asked), payload=payload)
