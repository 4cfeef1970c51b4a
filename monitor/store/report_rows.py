"""Which chats get their weekly report when.

Decides neither what it shows nor when the next one is due.
"""

from datetime import datetime

from sqlalchemy import select, update

from monitor.store.statements import Statements
from monitor.store.tables import chats
from monitor.types import Address, ChatState


class ReportRows(Statements):
    """Weekly reports."""

    def due_reports(self, *, now: datetime, limit: int) -> list[tuple[Address, datetime, str]]:
        """Active chats whose report is due: since when, and the zone that they chose; the longest due first."""
        due = (
            select(chats.c.chat_id, chats.c.thread_id, chats.c.report_at, chats.c.preferences)
            .where(chats.c.report_at <= now, chats.c.state == ChatState.ACTIVE)
            .order_by(chats.c.report_at, chats.c.chat_id, chats.c.thread_id)
            .limit(limit)
        )
        return [
            (Address(row.chat_id, row.thread_id), row.report_at, str((row.preferences or {}).get("zone", "")))
            for row in self._rows(due)
        ]

    def put_off_report(self, address: Address, *, due: datetime, until: datetime) -> bool:
        """Its next report comes then; False when it was changed meanwhile, or another process did so."""
        mine = (chats.c.chat_id == address.chat_id, chats.c.thread_id == address.thread_id, chats.c.report_at == due)
        return self._change(update(chats).where(*mine).values(report_at=until)) > 0
