"""Answers of the bot that wait: which may go at once, and which have a place in the outbox until they may.

Neither sends nor words them. An answer goes at once only where nothing else is on its way to its chat: the rows of a
chat keep its order, and Telegram counts answers and alerts together.
"""

from datetime import datetime

from sqlalchemy import case, func, literal_column, or_, select, update

from monitor.store.claim_rows import ClaimRows
from monitor.store.hold_rows import HoldRows
from monitor.store.tables import alerts, chats, holds, is_open
from monitor.types import AlertState, NewAlert

MOST_OF_CHAT = 30  # answers that wait for one chat, at its pace half a minute's: who asks on has seen none of them
MOST_OF_STRANGER = 3  # for one that the store does not know: whoever floods us from many chats fills nothing
MOST_OF_STRANGERS = 200  # for all of them together

_is_answer = alerts.c.kind == literal_column("'answer'")
_is_sending = alerts.c.state == literal_column("'sending'")


class AnswerRows(ClaimRows, HoldRows):
    """The answers among the rows of the outbox."""

    def may_answer(self, chat_id: int, *, now: datetime) -> bool:
        """Whether nothing is before an answer: no hold, no answer that waits, and no message on its way to the chat."""
        mine = (is_open(alerts), alerts.c.chat_id == chat_id)
        before = select(alerts.c.id).where(*mine, or_(_is_answer, _is_sending)).limit(1)
        if self._row(before) is not None:
            return False
        until = self.held_until(chat_id)
        return until is None or until <= now

    def begin_answer(self, chat_id: int, *, now: datetime, until: datetime) -> bool:
        """Whether an answer may go; if so nobody else sends to the chat before `until`, or `end_answer`.

        For several workers, on PostgreSQL: where the answer and the outbox are of one process, they need no hold.
        """
        self._commit_lazily()  # a power cut that forgets it costs the rest beside one answer
        if not self._begin_turns([chat_id]) or not self.may_answer(chat_id, now=now):
            return False
        self.hold_chat(chat_id, until)
        return True

    def end_answer(self, chat_id: int, *, until: datetime, now: datetime) -> None:
        """What `begin_answer` held until `until` is free; a longer hold that came meanwhile stays."""
        self._change(update(holds).where(holds.c.chat_id == chat_id, holds.c.until == until).values(until=now))

    def keep_answer(self, answer: NewAlert, *, now: datetime) -> bool:
        """Let an answer wait. False: too many wait already, and it has no place.

        The same answer is kept once. One that edits takes the place of the earlier one with its key: of a message that
        is to be edited twice only the last look counts.
        """
        if self._has_key(answer):
            if (answer.payload or {}).get("edits") is not None:
                self._word_anew(answer, now)
            return True
        if not self._has_room(answer):
            return False
        self.enqueue([answer], now=now)
        return True

    def _has_key(self, answer: NewAlert) -> bool:
        address = answer.address
        mine = (alerts.c.chat_id == address.chat_id, alerts.c.thread_id == address.thread_id)
        return self._row(select(alerts.c.id).where(*mine, alerts.c.dedupe_key == answer.dedupe_key)) is not None

    def _word_anew(self, answer: NewAlert, now: datetime) -> None:
        address, ended = answer.address, ~is_open(alerts)
        row = (
            update(alerts)
            .where(
                alerts.c.chat_id == address.chat_id,
                alerts.c.thread_id == address.thread_id,
                alerts.c.dedupe_key == answer.dedupe_key,
            )
            .values(
                kind=answer.kind,
                payload=dict(answer.payload or {}),
                state=case((ended, AlertState.PENDING.value), else_=alerts.c.state),
                next_try_at=case((ended, now), else_=alerts.c.next_try_at),
                attempts=case((ended, 0), else_=alerts.c.attempts),
                created_at=case((ended, now), else_=alerts.c.created_at),
                revision=alerts.c.revision + 1,  # one that is on its way with the old words goes once more
            )
        )
        self._change(row)

    def _has_room(self, answer: NewAlert) -> bool:
        waiting = select(func.count().label("n")).select_from(alerts).where(is_open(alerts), _is_answer)
        of_chat = self._row(waiting.where(alerts.c.chat_id == answer.address.chat_id))
        is_known = self._row(select(chats.c.chat_id).where(chats.c.chat_id == answer.address.chat_id).limit(1))
        if of_chat is None or of_chat.n >= (MOST_OF_CHAT if is_known is not None else MOST_OF_STRANGER):
            return False
        if is_known is not None:
            return True
        is_strangers = ~select(chats.c.chat_id).where(chats.c.chat_id == alerts.c.chat_id).exists()
        of_strangers = self._row(waiting.where(is_strangers))
        return of_strangers is not None and of_strangers.n < MOST_OF_STRANGERS
