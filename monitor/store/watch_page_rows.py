"""What the pages and feeds of watches ask beside numbers and stories: the last news of each, and when stories changed.

Writes nothing.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from monitor.store.statements import Statements
from monitor.store.tables import items, row_ids
from monitor.types import StoryId


class WatchPageRows(Statements):
    """Numbers and moments of watches."""

    def stories_changed_at(self, story_ids: Collection[StoryId]) -> datetime | None:
        """When one of these stories last got an item, a match or another wording; None where there are none."""
        moments = (
            items.c.seen_at,
            items.c.matched_at,
            items.c.edited_at,
            items.c.fulltext_read_at,
            items.c.gone_at,
        )
        latest = select(*(func.max(each) for each in moments)).where(self._one_of(items.c.story_id, row_ids(story_ids)))
        row = self._row(latest)
        return None if row is None else max((at for at in row if at is not None), default=None)
