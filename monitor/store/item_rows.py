"""Items on their way to stories: transaction 2.

Decides nothing of news: which watch, which story and which role are handed in.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import cast, delete, func, or_, select, update

from monitor.store.feed_rows import ITEM, item_of
from monitor.store.reason_text import read_reason, reason_text
from monitor.store.statements import AnyRow, Statements
from monitor.store.story_rows import story_now
from monitor.store.tables import (
    Prose,
    alerts,
    chats,
    daily_counts,
    is_open,
    is_unmatched,
    item_versions,
    items,
    matches,
    row_id,
    storable,
    stories,
)
from monitor.types import (
    AlertState,
    ChatState,
    Evidence,
    Fulltext,
    Item,
    ItemId,
    Match,
    ParkedItem,
    Placed,
    Placement,
    Remembered,
    Role,
    Rule,
    Story,
    StoryId,
    StoryView,
    Version,
    WatchId,
)

PAGE = 500  # rows read at a time where whole items are
STREAMED = 2_000  # narrow rows read at a time while the story window is warmed
FULLTEXT_TRIES = 8  # claims of one article, crashed ones included; what fails so often is not there
DETECTION = 7_110_002  # the name of an advisory lock of PostgreSQL: any number that nobody else takes
OUTBOX_STAYS = timedelta(days=7)  # beyond its items: longer than any story lives, so that no alert can repeat


@dataclass(frozen=True, slots=True)
class DailyCount:
    """How often a watch was in the news of one day: items that name it, and stories that did so for the first time."""

    day: date
    watch_id: WatchId
    items: int
    stories: int


class ItemRows(Statements):
    """Items, matches and stories."""

    swept = 0  # items that this transaction deleted
    _alone = False

    async def unmatched_items(self, *, limit: int) -> list[Item]:
        """The oldest items that no watchlist has seen, parked ones left out."""
        waiting = select(*ITEM).where(is_unmatched(items)).order_by(items.c.at, items.c.id).limit(limit)
        return [item_of(row) for row in await self._rows(waiting)]

    async def save_detection(
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
        await self._detect_alone()
        row = await self._item_row(item.id)
        values: dict[str, object] = {"matched_at": now, "matched_version": version, "match_failures": 0}
        if (row.title, row.lead) != (storable(item.title), storable(item.lead)):
            values["matched_at"] = None  # reworded while it was looked at: it is looked at again
        story = row.story_id
        if story is None:
            story = await self._story_of(placement, item, now)
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
        await self._change(update(items).where(items.c.id == row.id).values(values | {"parked_at": None}))
        await self._write_matches(row.id, story, row.at, matches)
        return StoryId(str(story))

    async def add_matches(self, item_id: ItemId, matches: Sequence[Match]) -> list[Match]:
        """Write matches that a second look brought; gives those that were new."""
        await self._detect_alone()
        row = await self._item_row(item_id)
        return await self._write_matches(row.id, row.story_id, row.at, matches)

    async def outdated_items(self, version: str, *, since: datetime, limit: int) -> list[Item]:
        """Items not older than `since` that an earlier watchlist than `version` was asked about, newest first."""
        earlier = items.c.matched_at.is_not(None), items.c.matched_version != version
        rows = select(*ITEM).where(items.c.at >= since, items.c.story_id.is_not(None), *earlier)
        return [item_of(row) for row in await self._rows(rows.order_by(items.c.at.desc(), items.c.id).limit(limit))]

    async def mark_matched(self, ids: Collection[ItemId], version: str) -> None:
        """The watchlist `version` has been asked about these items."""
        mine = self._one_of(items.c.id, [int(item_id) for item_id in ids])
        await self._change(update(items).where(mine).values(matched_version=version))

    async def note_failure(self, item_id: ItemId, why: str, *, park_after: int, now: datetime) -> bool:
        """Count a failed detection; True when that parked the item."""
        row = await self._item_row(item_id)
        failures = row.match_failures + 1
        parked = row.parked_at is None and failures >= park_after
        values = {"match_failures": failures, "parked_why": why} | ({"parked_at": now} if parked else {})
        await self._change(update(items).where(items.c.id == row.id).values(values))
        return parked

    async def parked_items(self) -> list[ParkedItem]:
        """What waits for a person, the longest waiting first."""
        parked = select(items).where(items.c.parked_at.is_not(None)).order_by(items.c.parked_at, items.c.id)
        return [
            ParkedItem(ItemId(str(row.id)), row.title, row.parked_why, row.parked_at)
            for row in await self._rows(parked)
        ]

    async def window_since(self, since: datetime) -> AsyncIterator[Remembered]:
        """What the story window keeps of items, in the order in which they came: narrow rows, STREAMED at a time."""
        recent = items.c.story_id.is_not(None), items.c.at >= since
        in_title = cast(matches.c.evidence, Prose).contains('["title"', autoescape=True)
        named = select(matches.c.item_id, matches.c.watch_id, matches.c.kind, in_title.label("in_title"))
        found: dict[int, tuple[Match, ...]] = {}
        for row in await self._rows(named.join(items, items.c.id == matches.c.item_id).where(*recent)):
            evidence = (Evidence("title", 0, 0, ""),) if row.in_title else ()
            match = Match(WatchId(row.watch_id), row.kind, row.watch_id, Rule.NAME, 1.0, evidence)
            found[row.item_id] = (*found.get(row.item_id, ()), match)
        i = items.c
        narrow = select(i.id, i.outlet, i.title, i.lead, i.key, i.at, i.story_id, i.gist).where(*recent)
        ordered = narrow.order_by(i.seen_at, i.at, i.id).execution_options(yield_per=STREAMED)
        async with self._connection.stream(ordered) as rows:
            async for page in rows.partitions():
                for number, outlet, title, lead, key, at, story, packed in page:
                    item = Item(ItemId(str(number)), outlet, title, lead, key=key, published_at=at)
                    yield Remembered(item, StoryId(str(story)), found.get(number, ()), packed)

    async def placed_since(self, since: datetime) -> AsyncIterator[Placed]:
        """Items with their stories, oldest first, in constant memory: page by page, inside this transaction."""
        after = items.c.at >= since
        while True:
            page = select(*ITEM, items.c.at).where(items.c.story_id.is_not(None), after)
            rows = await self._rows(page.order_by(items.c.at, items.c.id).limit(PAGE))
            found = await self._matches_of([row.id for row in rows])
            for row in rows:
                yield Placed(item_of(row), StoryId(str(row.story_id)), found.get(row.id, ()))
            if len(rows) < PAGE:
                return
            last = rows[-1]
            after = or_(items.c.at > last.at, (items.c.at == last.at) & (items.c.id > last.id))

    async def story(self, story_id: StoryId) -> StoryView | None:
        """A story with its items (oldest first), matches and roles; of one that was merged, the one it is now."""
        row = await self._row(select(story_now(row_id(story_id)).label("number")))
        number = None if row is None else row.number
        views = await self._views([] if number is None else [number])
        return views[0] if views else None

    async def latest_stories(
        self, watch_ids: Collection[WatchId] | None, *, since: datetime, limit: int
    ) -> list[StoryView]:
        """Stories with a match of one of `watch_ids` (None: of any), newest first: by their newest such item."""
        newest = func.max(items.c.at)
        named = (
            select(items.c.story_id)
            .join(matches, matches.c.item_id == items.c.id)
            .where(items.c.at >= since, items.c.story_id.is_not(None))
            .group_by(items.c.story_id)
            .order_by(newest.desc(), items.c.story_id.desc())
            .limit(limit)
        )
        if watch_ids is not None:
            named = named.where(self._one_of(matches.c.watch_id, watch_ids))
        return await self._views([row.story_id for row in await self._rows(named)])

    async def claim_fulltext(self, *, now: datetime, lease: timedelta, limit: int) -> list[Item]:
        """Items whose article is wanted and due, each pushed forward by `lease`; those that may still ring first."""
        due = (
            select(*ITEM)
            # an item that detection has not placed yet waits: its first look and its article must not race
            .where(
                items.c.fulltext_at <= now,
                items.c.story_id.is_not(None),
                items.c.fulltext_attempts < FULLTEXT_TRIES,
            )
            .order_by(items.c.alertable.desc(), items.c.fulltext_at, items.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        wanted = [item_of(row) for row in await self._rows(due)]
        if wanted:
            mine = self._one_of(items.c.id, [int(item.id) for item in wanted])
            leased = {"fulltext_at": now + lease, "fulltext_attempts": items.c.fulltext_attempts + 1}
            await self._change(update(items).where(mine).values(leased))
        return wanted

    async def save_fulltext(self, item_id: ItemId, body: str, *, now: datetime) -> None:
        """The article has been read; it is not wanted any more."""
        read = {"body": body, "fulltext_at": None, "fulltext_read_at": now}
        await self._change(update(items).where(items.c.id == row_id(item_id)).values(read))

    async def fulltext_failed(self, item_id: ItemId, *, retry_at: datetime | None) -> None:
        """Try again at `retry_at`, or give up when it is None."""
        await self._change(update(items).where(items.c.id == row_id(item_id)).values(fulltext_at=retry_at))

    async def daily_counts(self, *, since: date) -> list[DailyCount]:
        """The counts of all watches from the day `since`, by day and watch; a day is one of the store's zone."""
        rows = await self._rows(select(daily_counts).where(daily_counts.c.day >= since))
        counts = [DailyCount(row.day, WatchId(row.watch_id), row.items, row.stories) for row in rows]
        return sorted(counts, key=lambda count: (count.day, count.watch_id))

    async def sweep(self, *, before: datetime, limit: int) -> int:
        """Delete up to `limit` items last listed by a feed before `before`; stories and counts stay. How many went.

        Never an item that is unmatched, or whose story an unfinished alert or digest is about. What has waited since
        before `before` for a chat that is paused or lost is given up first, else one such chat would hold its items
        for ever. With the items go alerts that ended a week before them.
        """
        await self._give_up_waiting(before)
        digests = alerts.alias("digests")
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
            .where(items.c.last_listed_at < before, items.c.matched_at.is_not(None), ~unfinished.exists())
            .order_by(items.c.last_listed_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        ids = [row.id for row in await self._rows(old)]
        if ids:
            await self._change(delete(items).where(self._one_of(items.c.id, ids)))
        await self._sweep_outbox(before - OUTBOX_STAYS, limit)
        self.swept = len(ids)
        return len(ids)

    async def _give_up_waiting(self, before: datetime) -> None:
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
        await self._change(update(alerts).where(*waiting).values(state=AlertState.SKIPPED, why=why, settled_at=before))

    async def _sweep_outbox(self, before: datetime, limit: int) -> None:
        of_a_story = select(items.c.id).where(items.c.story_id == alerts.c.story_id).exists()
        digests = alerts.alias("digests")
        of_a_digest = select(digests.c.id).where(digests.c.id == alerts.c.digest_id, is_open(digests)).exists()
        old = (
            select(alerts.c.id)
            .where(alerts.c.created_at < before, ~is_open(alerts), ~of_a_story, ~of_a_digest)
            .order_by(alerts.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        if ids := [row.id for row in await self._rows(old)]:
            await self._change(delete(alerts).where(self._one_of(alerts.c.id, ids)))

    async def _detect_alone(self) -> None:
        # Detectors of several workers write one after the other: counts and outbox rows are shared by all of them, and
        # taken in the order of the news, which two workers would take in two orders (a deadlock). On SQLite every
        # writer is alone.
        if self._on_postgresql and not self._alone:
            self._alone = True
            await self._rows(select(func.pg_advisory_xact_lock(DETECTION)))

    async def _item_row(self, item_id: ItemId) -> AnyRow:
        row = await self._row(select(items).where(items.c.id == row_id(item_id)).with_for_update())
        if row is None:
            raise LookupError(f"item {item_id} is not stored")
        return row

    async def _story_of(self, placement: Placement, item: Item, now: datetime) -> int:
        if placement.story_id is not None:
            number = row_id(placement.story_id)
            if number is None:
                raise LookupError(f"story {placement.story_id} is not stored")
            return number
        opened = self._insert(stories).values(title=item.title, opened_at=item.at or now).returning(stories.c.id)
        return int((await self._connection.execute(opened)).scalar_one())

    async def _write_matches(
        self, item_id: int, story_id: int | None, at: datetime, found: Sequence[Match], *, counted: bool = True
    ) -> list[Match]:
        if not found:
            return []
        first = {match.watch_id: match for match in reversed(found)}  # one watch, one row
        insert = self._insert(matches).on_conflict_do_nothing().returning(matches.c.watch_id)
        rows = await self._rows(insert, [_values_of(item_id, match) for match in first.values()])
        new = {row.watch_id for row in rows}
        if counted:
            await self._count(item_id, story_id, at, new)
        return [match for match in found if match.watch_id in new and first[match.watch_id] is match]

    async def _count(self, item_id: int, story_id: int | None, at: datetime, watch_ids: Collection[str]) -> None:
        if not watch_ids:
            return
        earlier = (
            select(matches.c.watch_id)
            .join(items, items.c.id == matches.c.item_id)
            .where(items.c.story_id == story_id, items.c.id != item_id, self._one_of(matches.c.watch_id, watch_ids))
        )
        in_story = {row.watch_id for row in await self._rows(earlier)}
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
        await self._change(insert.on_conflict_do_update(index_elements=key, set_=raised), counted)

    async def _matches_of(self, item_ids: Sequence[int]) -> dict[int, tuple[Match, ...]]:
        if not item_ids:
            return {}
        found: dict[int, list[Match]] = defaultdict(list)
        for row in await self._rows(select(matches).where(self._one_of(matches.c.item_id, item_ids))):
            found[row.item_id].append(_match_of(row))
        # the surest first; by id among equals, so that both databases say the same
        return {
            item_id: tuple(sorted(mine, key=lambda match: (-match.score, match.watch_id)))
            for item_id, mine in found.items()
        }

    async def _versions_of(self, item_ids: Sequence[int]) -> dict[int, tuple[Version, ...]]:
        if not item_ids:
            return {}
        found: dict[int, list[Version]] = defaultdict(list)
        mine = select(item_versions).where(self._one_of(item_versions.c.item_id, item_ids))
        for row in await self._rows(mine.order_by(item_versions.c.id)):
            found[row.item_id].append(Version(row.replaced_at, row.title, row.lead))
        return {item_id: tuple(versions) for item_id, versions in found.items()}

    async def _views(self, story_ids: Sequence[int]) -> list[StoryView]:
        if not story_ids:
            return []
        told = {row.id: row for row in await self._rows(select(stories).where(self._one_of(stories.c.id, story_ids)))}
        members = select(*ITEM, items.c.role, items.c.reason).where(self._one_of(items.c.story_id, story_ids))
        rows = await self._rows(members.order_by(items.c.at, items.c.id))
        found = await self._matches_of([row.id for row in rows])
        earlier = await self._versions_of([row.id for row in rows if row.edited_at is not None])
        of_story: dict[int, list[AnyRow]] = defaultdict(list)
        for row in rows:
            of_story[row.story_id].append(row)
        return [
            StoryView(
                Story(StoryId(str(number)), told[number].title, told[number].opened_at),
                tuple(item_of(row) for row in of_story[number]),
                {ItemId(str(row.id)): found.get(row.id, ()) for row in of_story[number]},
                {ItemId(str(row.id)): Role(row.role) for row in of_story[number]},
                {ItemId(str(row.id)): why for row in of_story[number] if (why := read_reason(row.reason))},
                {ItemId(str(row.id)): earlier[row.id] for row in of_story[number] if row.id in earlier},
            )
            for number in story_ids
            if number in told
        ]


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


def _match_of(row: AnyRow) -> Match:
    return Match(
        watch_id=WatchId(row.watch_id),
        kind=row.kind,
        name=row.name,
        rule=Rule(row.rule),
        score=row.score,
        evidence=tuple(Evidence(*each) for each in row.evidence),
        by=row.by,
        note=row.note,
    )
