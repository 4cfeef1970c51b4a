"""Who and what was in the news lately: how many articles name each watch.

Decides nothing: what is offered to a reader is bot/popular.py's.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from monitor.store.statements import Statements
from monitor.store.tables import items, matches
from monitor.types import WatchId


class PopularRows(Statements):
    """Counts of a short time, made when somebody asks."""

    def mentioned_since(self, since: datetime) -> Mapping[WatchId, int]:
        """How many articles published since then name each watch; those that none names are left out."""
        # articles first, by their time: joined, SQLite walks through every match that there ever was
        fresh = select(items.c.id).where(items.c.at >= since)
        named = (
            select(matches.c.watch_id, func.count().label("articles"))
            .where(matches.c.item_id.in_(fresh))
            .group_by(matches.c.watch_id)
        )
        return {WatchId(row.watch_id): row.articles for row in self._rows(named)}
