"""How often each watch was in the news, day by day: kept for ever, when the items themselves are long gone.

Decides nothing of news: counts what transaction 2 writes.
"""

from collections import Counter
from collections.abc import Collection, Sequence
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

    def _count(self, named: Sequence[tuple[int, int | None, datetime, Collection[str]]]) -> None:
        """Count items, each with its story, its time and the watches that are new of it, in the order of the news."""
        of_stories = self._one_of(items.c.story_id, {story for _, story, _, _ in named if story is not None})
        theirs = self._one_of(items.c.id, [item_id for item_id, _, _, _ in named])
        earlier = (
            select(items.c.story_id, matches.c.watch_id)
            .join(matches, matches.c.item_id == items.c.id)
            .where(of_stories, ~theirs)
            .distinct()
        )
        in_story = {(row.story_id, row.watch_id) for row in self._rows(earlier)}
        for_item = Counter[tuple[date, str]]()
        for_story = Counter[tuple[date, str]]()
        for _, story, at, watch_ids in named:
            day = at.astimezone(self._zone).date()
            for watch_id in watch_ids:
                for_item[day, watch_id] += 1
                for_story[day, watch_id] += (story, watch_id) not in in_story
                in_story.add((story, watch_id))
        counted = [
            {"day": day, "watch_id": watch_id, "items": number, "stories": for_story[day, watch_id]}
            for (day, watch_id), number in sorted(for_item.items())
        ]
        insert = self._insert(daily_counts)
        raised = {
            "items": daily_counts.c["items"] + insert.excluded["items"],
            "stories": daily_counts.c.stories + insert.excluded["stories"],
        }
        key = [daily_counts.c.day, daily_counts.c.watch_id]
        self._change(insert.on_conflict_do_update(index_elements=key, set_=raised), counted)
