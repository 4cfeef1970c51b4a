"""A message to all chats: who would get it, how far it is, and what of it still waits taken back.

Knows no words; its rows in the outbox are found by their dedupe key.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, func, select, update

from monitor.store.statements import Statements
from monitor.store.tables import alerts, is_open
from monitor.types import AlertState, DedupeKey


class BroadcastRows(Statements):
    """The rows of one message to all."""

    def broadcast_counts(self, key: DedupeKey) -> Mapping[AlertState, int]:
        """How many of its rows are in which state. Walks through the outbox: for who asks by hand."""
        counts = select(alerts.c.state, func.count().label("n")).where(alerts.c.dedupe_key == key)
        return {AlertState(row.state): row.n for row in self._rows(counts.group_by(alerts.c.state))}

    def stop_broadcast(self, key: DedupeKey, *, why: str, now: datetime) -> int:
        """Skip what has not left yet; how many rows that were. What is on the wire goes on."""
        waiting = and_(is_open(alerts), alerts.c.dedupe_key == key, alerts.c.state == AlertState.PENDING.value)
        values = {"state": AlertState.SKIPPED.value, "why": why, "settled_at": now}
        return self._change(update(alerts).where(waiting).values(values))
