"""Which chats get their weekly report when.

Decides neither what it shows nor when the next one is due.
"""

from datetime import datetime

from sqlalchemy import select, update

from monitor.store.chat_rows import chat_of
from monitor.store.statements import Statements
from monitor.store.tables import chats
from monitor.types import Address, Chat, ChatState


class ReportRows(Statements):
    """Weekly reports."""

    def due_reports(self, *, now: datetime, limit: int) -> list[tuple[Chat, datetime]]:
        """Active chats whose report is due, and since when; the longest due first."""
        due = (
            select(chats)
            .where(chats.c.report_at <= now, chats.c.state == ChatState.ACTIVE)
            .order_by(chats.c.report_at, chats.c.chat_id, chats.c.thread_id)
            .limit(limit)
        )
        return [(chat_of(row), row.report_at) for row in self._rows(due)]

    def put_off_report(self, address: Address, *, due: datetime, until: datetime | None) -> bool:
        """Its next report comes then (None: none does); False when it was changed meanwhile, perhaps elsewhere."""
        mine = (chats.c.chat_id == address.chat_id, chats.c.thread_id == address.thread_id, chats.c.report_at == due)
        return self._change(update(chats).where(*mine).values(report_at=until)) > 0
