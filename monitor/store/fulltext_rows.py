"""Articles that are wanted in full: which are due, and what came of asking for them.

Decides neither which articles are wanted nor how often an outlet is asked.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, true, update

from monitor.store.detection_rows import DetectionRows
from monitor.store.feed_rows import ITEM, item_of
from monitor.store.index_rows import IndexRows
from monitor.store.tables import Values, items, row_id, row_ids
from monitor.types import Item, ItemId

FULLTEXT_TRIES = 8  # claims of one article, crashed ones included; what fails so often is not there


class FulltextRows(DetectionRows, IndexRows):
    """The queue of articles."""

    def claim_fulltext(
        self, *, now: datetime, lease: timedelta, limit: int, among: Collection[ItemId] | None = None
    ) -> list[Item]:
        """Items whose article is wanted and due, each pushed forward by `lease`; those that may still ring first.

        `among`: these alone.
        """
        mine = true() if among is None else self._one_of(items.c.id, row_ids(among))
        due = wanted_articles(now).where(mine).limit(limit).with_for_update(skip_locked=True)
        wanted = [item_of(row) for row in self._rows(due)]
        if wanted:
            taken = self._one_of(items.c.id, [int(item.id) for item in wanted])
            leased: Values = {"fulltext_at": now + lease, "fulltext_by": self.worker}
            leased |= {"fulltext_attempts": items.c.fulltext_attempts + 1}
            self._change(update(items).where(taken).values(leased))
        return wanted

    def save_fulltext(self, item_id: ItemId, body: str, *, now: datetime) -> None:
        """The article has been read; it is not wanted any more. What it says is written in the same transaction."""
        self._detect_alone()  # before the item's row, as detection does: else the two could wait for each other
        self._unindex([number] if (number := row_id(item_id)) is not None else [])
        read = {"body": body, "fulltext_at": None, "fulltext_by": None, "fulltext_read_at": now}
        self._change(update(items).where(items.c.id == row_id(item_id)).values(read))

    def fulltext_failed(self, item_id: ItemId, *, retry_at: datetime | None) -> None:
        """Try again at `retry_at`, or give up when it is None."""
        self._change(update(items).where(items.c.id == row_id(item_id)).values(fulltext_at=retry_at, fulltext_by=None))


def wanted_articles(now: datetime) -> Select[Any]:
    """Items whose article is due, those that may still ring first."""
    return (
        select(*ITEM)
        # an item that detection has not placed yet waits: its first look and its article must not race
        .where(
            items.c.fulltext_at <= now,
            items.c.story_id.is_not(None),
            items.c.fulltext_attempts < FULLTEXT_TRIES,
        )
        .order_by(items.c.alertable.desc(), items.c.fulltext_at, items.c.id)
    )
