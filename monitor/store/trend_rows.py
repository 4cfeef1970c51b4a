"""What pictures are drawn from: mentions by day, who is named with whom, and what some days told most.

Decides nothing and writes nothing. A day is one of the store's zone, as in the counts of days (count_rows.py).
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select

from monitor.store.statements import AnyRow, Statements
from monitor.store.tables import daily_counts, items, matches, stories
from monitor.types import ItemId, Mention, StoryId, ToldStory, WatchId

MENTION = (  # with `stories` joined from outside: a title is its story's
    *(items.c.id, items.c.story_id, items.c.at, items.c.outlet, items.c.url),
    func.coalesce(stories.c.title, items.c.title).label("title"),
)


def mention_of(row: AnyRow) -> Mention:
    """The noun of a row with these columns."""
    story_id = None if row.story_id is None else StoryId(str(row.story_id))
    return Mention(ItemId(str(row.id)), story_id, row.at, row.outlet, row.url, row.title)


class TrendRows(Statements):
    """Numbers for pictures."""

    def mentions(
        self, watch_ids: Collection[WatchId] | None, *, since: date, until: date
    ) -> dict[WatchId, dict[date, int]]:
        """How many items named each watch (None: all that were) on each day between the two, both included."""
        rows = select(daily_counts.c.day, daily_counts.c.watch_id, daily_counts.c["items"].label("named"))
        rows = rows.where(daily_counts.c.day >= since, daily_counts.c.day <= until)
        if watch_ids is not None:
            rows = rows.where(self._one_of(daily_counts.c.watch_id, watch_ids))
        found: defaultdict[WatchId, dict[date, int]] = defaultdict(dict)
        for row in self._rows(rows):
            found[WatchId(row.watch_id)][row.day] = row.named
        return dict(found)

    def counted_days(self, *, since: date, until: date) -> set[date]:
        """The days of which anything is known: on the others nothing was read, or nobody was watched yet."""
        days = select(daily_counts.c.day).where(daily_counts.c.day >= since, daily_counts.c.day <= until).distinct()
        return {row.day for row in self._rows(days)}

    def named_items(self, watch_id: WatchId, *, since: datetime, until: datetime) -> list[Mention]:
        """The stored items between the two moments that name a watch, oldest first; a title is its story's."""
        return self.named_within(watch_id, [(since, until)])

    def named_within(self, watch_id: WatchId, spans: Sequence[tuple[datetime, datetime]]) -> list[Mention]:
        """The same of several spans of time, in one walk through what names the watch."""
        if not spans:
            return []
        during = or_(*(and_(items.c.at >= since, items.c.at < until) for since, until in spans))
        rows = (
            select(*MENTION)
            .join(matches, matches.c.item_id == items.c.id)
            .join(stories, stories.c.id == items.c.story_id, isouter=True)
            .where(matches.c.watch_id == watch_id, during)
            .order_by(items.c.at, items.c.id)
        )
        return [mention_of(row) for row in self._rows(rows)]

    def companions(self, watch_id: WatchId, *, since: datetime, until: datetime) -> dict[WatchId, int]:
        """The leaders that items of a watch name beside it, with how many of these do."""
        mine, others = matches.alias("mine"), matches.alias("others")
        rows = (
            select(others.c.watch_id, func.count().label("named"))
            .select_from(mine)
            .join(items, items.c.id == mine.c.item_id)
            .join(others, others.c.item_id == mine.c.item_id)
            .where(
                mine.c.watch_id == watch_id,
                others.c.watch_id != watch_id,
                others.c.kind == "leader",
                items.c.at >= since,
                items.c.at < until,
            )
            .group_by(others.c.watch_id)
        )
        return {WatchId(row.watch_id): row.named for row in self._rows(rows)}

    def told_most(
        self, watch_ids: Collection[WatchId], *, since: datetime, until: datetime, limit: int
    ) -> list[ToldStory]:
        """The stories of that time which name one of `watch_ids`, those first that most outlets tell.

        Counted are the items of that time alone; names are watch ids, the most often named first.
        """
        if not watch_ids:
            return []
        during = (items.c.at >= since, items.c.at < until, items.c.story_id.is_not(None))
        named = (
            select(items.c.story_id, matches.c.watch_id, func.count().label("named"))
            .join(matches, matches.c.item_id == items.c.id)
            .where(*during, self._one_of(matches.c.watch_id, watch_ids))
            .group_by(items.c.story_id, matches.c.watch_id)
        )
        names: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
        for row in self._rows(named):
            names[row.story_id].append((-row.named, row.watch_id))
        told = (
            select(
                items.c.story_id,
                func.count(items.c.outlet.distinct()).label("outlets"),
                func.count().label("told"),
                func.min(items.c.id).label("first"),
            )
            .where(*during)
            .group_by(items.c.story_id)
        )
        mine = sorted(
            (row for row in self._rows(told) if row.story_id in names),
            key=lambda row: (-row.outlets, -row.told, row.story_id),
        )[:limit]
        first = select(items.c.id, items.c.url).where(self._one_of(items.c.id, [row.first for row in mine]))
        urls = {row.id: row.url for row in self._rows(first)}
        called = select(stories.c.id, stories.c.title).where(self._one_of(stories.c.id, [row.story_id for row in mine]))
        titles = {row.id: row.title for row in self._rows(called)}
        return [
            ToldStory(
                StoryId(str(row.story_id)),
                titles[row.story_id],
                urls[row.first],
                row.outlets,
                row.told,
                tuple(watch_id for _, watch_id in sorted(names[row.story_id])),
            )
            for row in mine
        ]

    def news_between(self, *, since: datetime, until: datetime) -> tuple[int, int, int]:
        """How many items, stories and outlets there are of that time."""
        told = select(
            func.count().label("items"),
            func.count(items.c.story_id.distinct()).label("stories"),
            func.count(items.c.outlet.distinct()).label("outlets"),
        )
        (row,) = self._rows(told.where(items.c.at >= since, items.c.at < until))
        return row[0], row[1], row[2]
