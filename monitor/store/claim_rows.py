"""Transaction 3: alerts whose turn it is, taken by one sender; and chats in which only one may begin a message.

Whose turn it is is drawn in outbox_turns.py; what becomes of a claim is outbox_rows.py's.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Integer, bindparam, func, select, update

from monitor.store.column_types import UtcDateTime
from monitor.store.due_rows import DueRows
from monitor.store.outbox_rows import OutboxRows, alert_of
from monitor.store.outbox_turns import (
    DUE,
    DUE_IN_BULK,
    DUE_IN_CHAT,
    DUE_ON_POSTGRESQL,
    FRESH,
    IN_CHANNELS,
    IN_TELEGRAM,
    IS_PENDING,
    is_pending_by_number,
)
from monitor.store.sole_names import CHAT_TURNS
from monitor.store.statements import AnyRow
from monitor.store.tables import alerts, holds, is_open
from monitor.types import Alert, AlertState

_lock = func.unnest(bindparam("locks", type_=ARRAY(Integer))).column_valued("lock")
BEGIN_TURNS = select(_lock).where(func.pg_try_advisory_xact_lock(CHAT_TURNS, _lock))

_now, _of_chat = bindparam("now", type_=UtcDateTime()), bindparam("of_chat", type_=BigInteger())
# whether whose turn it is need be asked at all: planning that costs 3 ms, and of three looks at a chat two find nothing
WAITS_IN_CHAT = (
    select(alerts.c.id)
    .where(
        is_open(alerts),
        IS_PENDING,
        alerts.c.chat_id == _of_chat,
        alerts.c.next_try_at <= _now,
        ~select(holds.c.chat_id).where(holds.c.chat_id == _of_chat, holds.c.until > _now).exists(),
    )
    .limit(1)
)


class ClaimRows(OutboxRows, DueRows):
    """Claims of the outbox."""

    def _begin_turns(self, chat_ids: Collection[int]) -> list[int]:
        """Those of the chats in which nobody else begins a message until this transaction ends. PostgreSQL alone.

        Only what is asked after this sees all that others began: two claims that look side by side would each find the
        chat free, when something urgent comes between. Never waits: a chat that another worker is at is left to it.
        """
        locks = {chat_id: _lock_of(chat_id) for chat_id in chat_ids}
        got = {row.lock for row in self._rows(BEGIN_TURNS, {"locks": sorted(set(locks.values()))})} if locks else ()
        return [chat_id for chat_id, lock in locks.items() if lock in got]

    def claim_alerts(
        self, *, now: datetime, lease: timedelta, limit: int, outside: bool = False, chat_id: int | None = None
    ) -> list[Alert]:
        """Due rows of Telegram's chats, at most one a chat, each set to sending with attempts + 1 and a lease.

        `outside`: those of channels instead. What holds up one of the two must not hold up the other. `chat_id`: of
        this chat alone.

        Left out: chats that are paused, blocked, or held until later (pacing, flood waits); news of normal priority in
        a chat that gathers it (`gather_from`); rows behind an earlier unfinished row of their chat (what is gathered
        blocks nobody, and neither does an EDIT, which waits only for rows of its own story). A row whose lease ran out
        while sending is treated as settle(Unknown) first.

        Of several chats one with an urgent alert goes first, then one whose turn is fresh, then the one that has waited
        longest for a message; last, chats for which nothing waits but what very many are told. Within a chat all of an
        urgent story (one with an unfinished alert of high priority) goes before the rest, else the oldest alert, and
        edits only when no alert is due. "Behind an earlier row" counts within an address, so that a paused topic does
        not silence the others of its forum; "at most one" counts within the whole chat, also over several claims (edits
        apart, which block nobody).
        """
        self._expire(now)
        asked = _asked(now, limit, outside)
        if self._on_postgresql:  # whom another worker saw a moment ago, may have a message on its way by now
            chats = self.due_chats(now=now, limit=limit, outside=outside) if chat_id is None else [chat_id]
            if chat_id is not None and not list(self._rows(WAITS_IN_CHAT, {"of_chat": chat_id, "now": now})):
                return []
            mine = self._begin_turns(chats)
            due = [row for each in mine for row in self._rows(DUE_IN_CHAT, asked | {"of_chat": each})]
        elif chat_id is not None:
            due = list(self._rows(DUE_IN_CHAT, asked | {"of_chat": chat_id}))
        else:
            due = self._due(asked)
        claimed = self._still_pending([row.id for row in due])
        if claimed:
            ours = self._one_of(alerts.c.id, [alert.id for alert in claimed])
            taken = {
                "state": AlertState.SENDING,
                "attempts": alerts.c.attempts + 1,
                "lease_until": now + lease,
                "leased_by": self.worker,
            }
            self._change(update(alerts).where(ours).values(taken))
        return [replace(alert, state=AlertState.SENDING, attempts=alert.attempts + 1) for alert in claimed]

    def due_chats(self, *, now: datetime, limit: int, outside: bool = False) -> list[int]:
        """Chats of which a row could be claimed now, in the order in which they have their turn; nothing is claimed."""
        return [row.chat_id for row in self._due(_asked(now, limit, outside))]

    def _due(self, asked: Mapping[str, Any]) -> list[AnyRow]:
        """At most one row a chat, by number and chat: what few are told first, then what very many are."""
        of_few = DUE_ON_POSTGRESQL if self._on_postgresql else DUE
        first: dict[int, AnyRow] = {row.chat_id: row for row in self._rows(of_few, asked)}
        if len(first) < asked["at_most"]:
            for row in self._rows(DUE_IN_BULK, asked):
                first.setdefault(row.chat_id, row)
        return list(first.values())[: asked["at_most"]]

    def _still_pending(self, ids: Sequence[int]) -> list[Alert]:
        """Those of these rows that are pending still and that nobody else has, in this order."""
        if not ids:
            return []
        mine = select(alerts).where(self._one_of(alerts.c.id, ids), is_pending_by_number(alerts))
        found = {row.id: alert_of(row) for row in self._rows(mine.with_for_update(skip_locked=True))}
        return [found[number] for number in ids if number in found]


def _asked(now: datetime, limit: int, outside: bool) -> dict[str, Any]:
    where = IN_CHANNELS if outside else IN_TELEGRAM
    return {"now": now, "fresh_since": now - FRESH, "at_most": limit, **where}


def _lock_of(chat_id: int) -> int:
    """A number of 32 bits, which a lock of two numbers takes; chats that share one only wait for each other."""
    return chat_id % 2**32 - 2**31
