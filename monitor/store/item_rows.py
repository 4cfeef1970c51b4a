"""Items on their way to stories: transaction 2.

Decides nothing of news: which watch, which story and which role are handed in.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import cast, func, or_, select, update

from monitor.store.column_types import Prose, storable
from monitor.store.count_rows import CountRows
from monitor.store.feed_rows import ITEM, item_of
from monitor.store.reason_text import reason_text
from monitor.store.statements import AnyRow
from monitor.store.tables import is_unmatched, items, matches, row_id, stories
from monitor.store.view_rows import ViewRows
from monitor.types import (
    Evidence,
    Fulltext,
    Item,
    ItemId,
    Match,
    ParkedItem,
    Placed,
    Placement,
    Remembered,
    Rule,
    StoryId,
    WatchId,
)

PAGE = 500  # rows read at a time where whole items are
STREAMED = 2_000  # narrow rows read at a time while the story window is warmed
DETECTION = 7_110_002  # the name of an advisory lock of PostgreSQL: any number that nobody else takes


class ItemRows(CountRows, ViewRows):
    """Items with their matches, on their way to a story."""

    _alone = False

    def unmatched_items(self, *, limit: int) -> list[Item]:
        """The oldest items that no watchlist has seen, parked ones left out; what came in bulk after all others."""
        order = (items.c.in_bulk, items.c.at, items.c.id)
        waiting = select(*ITEM).where(is_unmatched(items)).order_by(*order).limit(limit)
        return [item_of(row) for row in self._rows(waiting)]

    def save_detection(
        self,
        item: Item,
        matches: Sequence[Match],
        placement: Placement,
        *,
        version: str,
        now: datetime,
        packed: str = "",
    ) -> StoryId:
        """Write matches, story (opened when placement.story_id is None) and matched_at; gives the story's id.

        An item that has a story keeps it, so that two detectors with the same item still end in one story. `packed` is
        kept with an item that gets its first story: what `window_since` gives back after a restart.
        Raises LookupError for an item that is not stored.
        """
        self._detect_alone()
        row = self._item_row(item.id)
        values: dict[str, object] = {"matched_at": now, "matched_version": version, "match_failures": 0}
        if (row.title, row.lead) != (storable(item.title), storable(item.lead)):
            values["matched_at"] = None  # reworded while it was looked at: it is looked at again
        story = row.story_id
        if story is None:
            story = self._story_of(placement, item, now)
            values |= {
                "story_id": story,
                "role": placement.role,
                "reason": reason_text(placement.reason),
                "score": placement.score,
                "gist": packed,
            }
        unread = row.fulltext_read_at is None and row.fulltext_at is None and not row.fulltext_attempts
        if matches and unread and row.fulltext != Fulltext.NEVER:
            values["fulltext_at"] = now
        self._change(update(items).where(items.c.id == row.id).values(values | {"parked_at": None}))
        self._write_matches(row.id, story, row.at, matches)
        return StoryId(str(story))

    def add_matches(self, item_id: ItemId, matches: Sequence[Match]) -> list[Match]:
        """Write matches that a second look brought; gives those that were new."""
        self._detect_alone()
        row = self._item_row(item_id)
        return self._write_matches(row.id, row.story_id, row.at, matches)

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
        """What the story window keeps of items, in the order in which they came: narrow rows, STREAMED at a time."""
        recent = items.c.story_id.is_not(None), items.c.at >= since
        in_title = cast(matches.c.evidence, Prose).contains('["title"', autoescape=True)
        named = select(matches.c.item_id, matches.c.watch_id, matches.c.kind, in_title.label("in_title"))
        found: dict[int, tuple[Match, ...]] = {}
        for row in self._rows(named.join(items, items.c.id == matches.c.item_id).where(*recent)):
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

    def _detect_alone(self) -> None:
        # Detectors of several workers write one after the other: counts and outbox rows are shared by all of them, and
        # taken in the order of the news, which two workers would take in two orders (a deadlock). On SQLite every
        # writer is alone.
        if self._on_postgresql and not self._alone:
            self._alone = True
            self._rows(select(func.pg_advisory_xact_lock(DETECTION)))

    def _item_row(self, item_id: ItemId) -> AnyRow:
        row = self._row(select(items).where(items.c.id == row_id(item_id)).with_for_update())
        if row is None:
            raise LookupError(f"item {item_id} is not stored")
        return row

    def _story_of(self, placement: Placement, item: Item, now: datetime) -> int:
        if placement.story_id is not None:
            number = row_id(placement.story_id)
            if number is None:
                raise LookupError(f"story {placement.story_id} is not stored")
            return number
        opened = self._insert(stories).values(title=item.title, opened_at=item.at or now).returning(stories.c.id)
        return int(self._connection.execute(opened).scalar_one())

    def _write_matches(
        self, item_id: int, story_id: int | None, at: datetime, found: Sequence[Match], *, counted: bool = True
    ) -> list[Match]:
        if not found:
            return []
        first = {match.watch_id: match for match in reversed(found)}  # one watch, one row
        insert = self._insert(matches).on_conflict_do_nothing().returning(matches.c.watch_id)
        rows = self._rows(insert, [_values_of(item_id, match) for match in first.values()])
        new = {row.watch_id for row in rows}
        if counted:
            self._count(item_id, story_id, at, new)
        return [match for match in found if match.watch_id in new and first[match.watch_id] is match]


def _values_of(item_id: int, match: Match) -> dict[str, object]:
    return {
        "item_id": item_id,
        "watch_id": match.watch_id,
        "kind": match.kind,
        "name": match.name,
        "rule": match.rule,
        "score": match.score,
        "evidence": [[each.field, each.start, each.end, each.text] for each in match.evidence],
        "by": match.by,
        "note": match.note,
    }
