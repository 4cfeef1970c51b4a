"""How often each watch was in the news, day by day: kept for ever, when the items themselves are long gone.

Decides nothing of news: counts what transaction 2 writes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from monitor.store.statements import Statements
from monitor.store.tables import daily_counts, items, matches
from monitor.types import WatchId


@dataclass(frozen=True, slots=True)
class DailyCount:
    """How often a watch was in the news of one day: items that name it, and stories that did so for the first time."""

    day: date
    watch_id: WatchId
    items: int
    stories: int


class CountRows(Statements):
    """The counts of days."""

    def daily_counts(self, *, since: date) -> list[DailyCount]:
        """The counts of all watches from the day `since`, by day and watch; a day is one of the store's zone."""
        rows = self._rows(select(daily_counts).where(daily_counts.c.day >= since))
        counts = [DailyCount(row.day, WatchId(row.watch_id), row.items, row.stories) for row in rows]
        return sorted(counts, key=lambda count: (count.day, count.watch_id))

    def _count(self, item_id: int, story_id: int | None, at: datetime, watch_ids: Collection[str]) -> None:
        if not watch_ids:
            return
        earlier = (
            select(matches.c.watch_id)
            .join(items, items.c.id == matches.c.item_id)
            .where(items.c.story_id == story_id, items.c.id != item_id, self._one_of(matches.c.watch_id, watch_ids))
        )
        in_story = {row.watch_id for row in self._rows(earlier)}
        day = at.astimezone(self._zone).date()
        counted = [
            {"day": day, "watch_id": watch_id, "items": 1, "stories": int(watch_id not in in_story)}
            for watch_id in sorted(watch_ids)
        ]
        insert = self._insert(daily_counts)
        raised = {
            "items": daily_counts.c["items"] + insert.excluded["items"],
            "stories": daily_counts.c.stories + insert.excluded["stories"],
        }
        key = [daily_counts.c.day, daily_counts.c.watch_id]
        self._change(insert.on_conflict_do_update(index_elements=key, set_=raised), counted)
