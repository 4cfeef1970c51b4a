"""What is deleted when it is old: items that no feed lists any more, and alerts that ended.

Does not ask what time it is or how long things are kept. Stories and the counts of days stay.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from monitor.store.index_rows import IndexRows
from monitor.store.tables import alerts, chats, is_open, items, saved_items
from monitor.types import AlertState, ChatState

OUTBOX_STAYS = timedelta(days=7)  # beyond its items: longer than any story lives, so that no alert can repeat


class SweepRows(IndexRows):
    """The sweep."""

    swept = 0  # items that this transaction deleted

    def sweep(self, *, before: datetime, limit: int) -> int:
        """Delete up to `limit` items last listed by a feed before `before`; stories and counts stay. How many went.

        Never an item that is unmatched, that a chat has saved, or whose story an unfinished alert or digest is about.
        What has waited since
        before `before` for a chat that is paused or lost is given up first, else one such chat would hold its items
        for ever.
        """
        self._give_up_waiting(before)
        digests = alerts.alias("digests")
        is_saved = select(saved_items.c.item_id).where(saved_items.c.item_id == items.c.id).exists()
        unfinished = (
            select(alerts.c.id)
            .join(digests, digests.c.id == alerts.c.digest_id, isouter=True)
            .where(
                or_(alerts.c.story_id == items.c.story_id, alerts.c.item_id == items.c.id),
                or_(is_open(alerts), is_open(digests)),
            )
        )
        old = (
            select(items.c.id)
            .where(items.c.last_listed_at < before, items.c.matched_at.is_not(None), ~unfinished.exists(), ~is_saved)
            .order_by(items.c.last_listed_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = [row.id for row in self._rows(old)]
        if ids:
            self._unindex(ids)
            self._change(delete(items).where(self._one_of(items.c.id, ids)))
        self.swept = len(ids)
        return len(ids)

    def _give_up_waiting(self, before: datetime) -> None:
        silent = (
            select(chats.c.chat_id)
            .where(
                chats.c.chat_id == alerts.c.chat_id,
                chats.c.thread_id == alerts.c.thread_id,
                chats.c.state != ChatState.ACTIVE,
            )
            .exists()
        )
        waiting = (is_open(alerts), alerts.c.state == AlertState.PENDING, alerts.c.created_at < before, silent)
        why = "its chat was paused or lost for as long as items are kept"
        self._change(update(alerts).where(*waiting).values(state=AlertState.SKIPPED, why=why, settled_at=before))

    def sweep_outbox(self, *, before: datetime, limit: int) -> int:
        """Delete up to `limit` alerts that were written, and ended, a week before `before`; how many went.

        Never one whose story has items still, or that an unfinished digest has taken in.
        """
        of_a_story = select(items.c.id).where(items.c.story_id == alerts.c.story_id).exists()
        digests = alerts.alias("digests")
        of_a_digest = select(digests.c.id).where(digests.c.id == alerts.c.digest_id, is_open(digests)).exists()
        old = (
            select(alerts.c.id)
            .where(alerts.c.created_at < before - OUTBOX_STAYS, ~is_open(alerts), ~of_a_story, ~of_a_digest)
            .order_by(alerts.c.created_at, alerts.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        if ids := [row.id for row in self._rows(old)]:
            self._change(delete(alerts).where(self._one_of(alerts.c.id, ids)))
        return len(ids)
