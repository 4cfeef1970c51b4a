"""How many articles each feed has brought since a moment, and when the newest is from. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from monitor.store.column_types import UtcDateTime
from monitor.store.statements import Statements
from monitor.store.tables import items
from monitor.types import FeedId


@dataclass(frozen=True, slots=True)
class FeedCount:
    """Of one feed: how many of its articles are from `since` on, and when the newest of those it has is from."""

    since: int
    newest_at: datetime | None


class FeedCountRows(Statements):
    """Counts by feed."""

    def counted_by_feed(self, *, since: datetime, newest_since: datetime) -> dict[FeedId, FeedCount]:
        """Of each feed that brought something since `newest_since`. Walks through all items from then on."""
        at = items.c.at
        new = func.count().filter(at >= since)
        newest = func.max(at, type_=UtcDateTime)
        rows = select(items.c.feed_id, new.label("new"), newest.label("newest")).where(at >= newest_since)
        return {
            FeedId(row.feed_id): FeedCount(row.new, row.newest) for row in self._rows(rows.group_by(items.c.feed_id))
        }
