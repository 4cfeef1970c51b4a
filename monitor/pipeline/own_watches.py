"""Watches that a chat writes for itself: drafted, marked, kept, changed and ended; owns their transactions.

Leaves alone how one is drafted, and how they are at work (app/).
"""

from datetime import datetime, timedelta

from monitor.store.transaction import Transaction

DRAFTS_STAY = timedelta(days=7)
LOST_STAY = timedelta(days=30)  # after a chat was lost: who blocks a bot for a week finds all as it was


def sweep_own_watches(tx: Transaction, *, now: datetime) -> None:
    """Delete old drafts, and the watches of chats that have been out of reach for long."""
    tx.sweep_own_drafts(before=now - DRAFTS_STAY)
    tx.sweep_lost_own_watches(now=now, before=now - LOST_STAY)
