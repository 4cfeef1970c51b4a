"""What waits to be told together, and the chats whose hour has come.

Decides neither when that is (pipeline/gathering.py) nor how it is divided (pipeline/digest.py).
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select, update

from monitor.store.chat_rows import chat_of
from monitor.store.outbox_rows import IS_LINE, alert_of
from monitor.store.outbox_turns import IS_NEWS, IS_PENDING
from monitor.store.statements import Statements
from monitor.store.tables import alerts, chats, is_gathering, is_open
from monitor.types import Address, Alert, Chat, ChatState


class GatherRows(Statements):
    """Chats that gather their news, and that news."""

    def due_gatherings(self, *, now: datetime, limit: int, but: Collection[Address] = ()) -> list[Address]:
        """Chats whose gathering, or whose pause, has ended, the longest first; `but` those."""
        heard = chats.c.state.in_([ChatState.ACTIVE.value, ChatState.PAUSED.value])
        due = select(chats.c.chat_id, chats.c.thread_id).where(is_gathering(chats), chats.c.gather_until <= now, heard)
        rows = self._rows(due.order_by(chats.c.gather_until, chats.c.chat_id).limit(limit + len(but)))
        return [found for row in rows if (found := Address(row.chat_id, row.thread_id)) not in but][:limit]

    def timed_chats(self, *, after: datetime) -> list[tuple[Chat, datetime | None]]:
        """Chats that wait for a moment later than `after`, with that of their weekly report."""
        waits = or_(chats.c.gather_until > after, chats.c.report_at > after)
        rows = select(chats).where(waits).order_by(chats.c.chat_id, chats.c.thread_id)
        return [(chat_of(row), row.report_at) for row in self._rows(rows)]

    def locked_chat(self, address: Address) -> Chat | None:
        """A subscriber, whom nobody else changes until this transaction ends."""
        mine = (chats.c.chat_id == address.chat_id, chats.c.thread_id == address.thread_id)
        row = self._row(select(chats).where(*mine).with_for_update())
        return None if row is None else chat_of(row)

    def waiting_news(self, address: Address) -> list[Alert]:
        """The first messages and developments that have not been sent to a chat, oldest first, locked."""
        mine = (alerts.c.chat_id == address.chat_id, alerts.c.thread_id == address.thread_id)
        rows = select(alerts).where(is_open(alerts), IS_PENDING, IS_NEWS, *mine).order_by(alerts.c.id)
        return [alert_of(row) for row in self._rows(rows.with_for_update())]

    def lines_under(self, alert_ids: Collection[int]) -> list[int]:
        """All rows that are lines in the messages of these."""
        rows = select(alerts.c.id).where(self._one_of(alerts.c.under_id, alert_ids), IS_LINE)
        return [row.id for row in self._rows(rows)]

    def untold(self, alert_ids: Collection[int]) -> list[Alert]:
        """Those of these rows that still wait, themselves or as lines, locked; not those that somebody else has."""
        rows = select(alerts).where(self._one_of(alerts.c.id, alert_ids), or_(IS_PENDING, IS_LINE))
        return [alert_of(row) for row in self._rows(rows.with_for_update(skip_locked=True))]

    def plan_report(self, address: Address, at: datetime | None) -> None:
        """When a chat gets its next weekly report; None: it wants none."""
        mine = (chats.c.chat_id == address.chat_id, chats.c.thread_id == address.thread_id)
        self._change(update(chats).where(*mine).values(report_at=at))
