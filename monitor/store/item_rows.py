"""Items that wait for detection, that were parked, or that the story window is filled with.

What detection found is written by detection_rows.py.
"""

from collections.abc import Collection, Generator, Iterator
from datetime import datetime

from sqlalchemy import cast, or_, select, update

from monitor.store.column_types import Prose
from monitor.store.detection_rows import DetectionRows
from monitor.store.feed_rows import ITEM, item_of
from monitor.store.tables import is_unmatched, items, matches
from monitor.store.view_rows import ViewRows
from monitor.types import (
    Evidence,
    Item,
    ItemId,
    Match,
    ParkedItem,
    Placed,
    Remembered,
    Rule,
    StoryId,
    WatchId,
    own_number,
)

PAGE = 500  # rows read at a time where whole items are
STREAMED = 2_000  # narrow rows read at a time while the story window is warmed


class ItemRows(DetectionRows, ViewRows):
    """Items before and after detection."""

    def unmatched_items(self, *, limit: int, fresh_since: datetime | None = None) -> list[Item]:
        """The oldest items that no watchlist has seen, parked ones left out; what came in bulk after all others.

        Where more wait than that, those published since `fresh_since` go first: news never waits behind a backlog.
        """
        order = (items.c.in_bulk, items.c.at, items.c.id)
        waiting = select(*ITEM).where(is_unmatched(items)).order_by(*order)
        oldest = self._rows(waiting.limit(limit + 1))
        rows = list(oldest[:limit])
        if len(oldest) > limit and fresh_since is not None:
            is_fresh = (items.c.in_bulk.is_(False), items.c.at >= fresh_since)
            fresh = {row.id: row for row in self._rows(waiting.where(*is_fresh).limit(limit))}
            rows = [*fresh.values(), *(row for row in rows if row.id not in fresh)][:limit]
        return [item_of(row) for row in rows]

    def outdated_items(self, version: str, *, since: datetime, limit: int) -> list[Item]:
        """Items not older than `since` that an earlier watchlist than `version` was asked about, newest first."""
        earlier = items.c.matched_at.is_not(None), items.c.matched_version != version
        rows = select(*ITEM).where(items.c.at >= since, items.c.story_id.is_not(None), *earlier)
        return [item_of(row) for row in self._rows(rows.order_by(items.c.at.desc(), items.c.id).limit(limit))]

    def mark_matched(self, ids: Collection[ItemId], version: str) -> None:
        """The watchlist `version` has been asked about these items."""
        mine = self._one_of(items.c.id, [int(item_id) for item_id in ids])
        self._change(update(items).where(mine).values(matched_version=version))

    def note_failure(self, item_id: ItemId, why: str, *, park_after: int, now: datetime) -> bool:
        """Count a failed detection; True when that parked the item."""
        row = self._item_row(item_id)
        failures = row.match_failures + 1
        parked = row.parked_at is None and failures >= park_after
        values = {"match_failures": failures, "parked_why": why} | ({"parked_at": now} if parked else {})
        self._change(update(items).where(items.c.id == row.id).values(values))
        return parked

    def parked_items(self) -> list[ParkedItem]:
        """What waits for a person, the longest waiting first."""
        parked = select(items).where(items.c.parked_at.is_not(None)).order_by(items.c.parked_at, items.c.id)
        return [ParkedItem(ItemId(str(row.id)), row.title, row.parked_why, row.parked_at) for row in self._rows(parked)]

    def window_since(self, since: datetime) -> Iterator[Remembered]:
        """What the story window keeps of items, in the order in which they came: narrow rows, STREAMED at a time.

        Items that were not compared are left out; so are roundups, which nothing is compared with.
        """
        recent = items.c.story_id.is_not(None), items.c.at >= since, items.c.gist != ""
        in_title = cast(matches.c.evidence, Prose).contains('["title"', autoescape=True)
        named = select(matches.c.item_id, matches.c.watch_id, matches.c.kind, in_title.label("in_title"))
        found: dict[int, tuple[Match, ...]] = {}
        for row in self._rows(named.join(items, items.c.id == matches.c.item_id).where(*recent)):
            if own_number(row.watch_id) is not None:
                continue  # what one chat watches says nothing of stories
            evidence = (Evidence("title", 0, 0, ""),) if row.in_title else ()
            match = Match(WatchId(row.watch_id), row.kind, row.watch_id, Rule.NAME, 1.0, evidence)
            found[row.item_id] = (*found.get(row.item_id, ()), match)
        i = items.c
        narrow = select(i.id, i.outlet, i.title, i.lead, i.key, i.at, i.story_id, i.gist).where(*recent)
        ordered = narrow.order_by(i.seen_at, i.at, i.id).execution_options(yield_per=STREAMED)
        with self._connection.execute(ordered) as rows:
            for page in rows.partitions():
                for number, outlet, title, lead, key, at, story, packed in page:
                    item = Item(ItemId(str(number)), outlet, title, lead, key=key, published_at=at)
                    yield Remembered(item, StoryId(str(story)), found.get(number, ()), packed)

    def newest_since(self, since: datetime) -> Generator[Item, None, None]:
        """Items published since then by title and lead, newest first, STREAMED at a time, inside this transaction.

        Close it where it is not read to its end.
        """
        i = items.c
        narrow = select(i.id, i.outlet, i.title, i.lead, i.at).where(i.at >= since)
        ordered = narrow.order_by(i.at.desc(), i.id.desc()).execution_options(yield_per=STREAMED)
        with self._connection.execute(ordered) as rows:
            for page in rows.partitions():
                for number, outlet, title, lead, at in page:
                    yield Item(ItemId(str(number)), outlet, title, lead, published_at=at)

    def placed_since(self, since: datetime) -> Iterator[Placed]:
        """Items with their stories, oldest first, in constant memory: page by page, inside this transaction."""
        after = items.c.at >= since
        while True:
            page = select(*ITEM, items.c.at).where(items.c.story_id.is_not(None), after)
            rows = self._rows(page.order_by(items.c.at, items.c.id).limit(PAGE))
            found = self._matches_of([row.id for row in rows])
            for row in rows:
                yield Placed(item_of(row), StoryId(str(row.story_id)), found.get(row.id, ()))
            if len(rows) < PAGE:
                return
            last = rows[-1]
            after = or_(items.c.at > last.at, (items.c.at == last.at) & (items.c.id > last.id))
