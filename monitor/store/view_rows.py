"""Stories as they are shown: with their items, matches, roles and earlier wordings.

Writes nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from monitor.store.feed_rows import ITEM, item_of
from monitor.store.reason_text import read_reason
from monitor.store.statements import AnyRow, Statements
from monitor.store.story_rows import story_now
from monitor.store.tables import item_versions, items, matches, row_id, stories
from monitor.types import Evidence, ItemId, Match, Role, Rule, Story, StoryId, StoryView, Version, WatchId

LOOKED_BACK = 2_000  # numbers of items, then twice as many each time: what a watch that is often named needs
STORED_WITHIN = timedelta(minutes=10)  # from seen to stored: the longest poll, and clocks of several processes
_NEVER = datetime.min.replace(tzinfo=UTC)


class ViewRows(Statements):
    """What is stored of whole stories."""

    def story(self, story_id: StoryId) -> StoryView | None:
        """A story with its items (oldest first), matches and roles; of one that was merged, the one it is now."""
        row = self._row(select(story_now(row_id(story_id)).label("number")))
        number = None if row is None else row.number
        views = self._views([] if number is None else [number])
        return views[0] if views else None

    def latest_stories(self, watch_ids: Collection[WatchId] | None, *, since: datetime, limit: int) -> list[StoryView]:
        """Stories with a match of one of `watch_ids` (None: of any), newest first: by their newest such item."""
        newest: dict[int, datetime] = {}
        for rows, others_until in self._matched_backwards(watch_ids):
            for row in rows:
                if row.story_id is not None and row.at >= since:
                    newest[row.story_id] = max(row.at, newest.get(row.story_id, row.at))
            if others_until < since or sum(at > others_until for at in newest.values()) >= limit:
                break
        ordered = sorted(newest, key=lambda story: (newest[story], story), reverse=True)
        return self._views(ordered[:limit])

    def _matched_backwards(self, watch_ids: Collection[WatchId] | None) -> Iterator[tuple[Sequence[AnyRow], datetime]]:
        """Items that match one of `watch_ids`, the last stored first, in steps; and until when all others can be.

        No item is published after it was seen (the parser sees to that), nor stored long after.
        """
        named = select(items.c.story_id, items.c.at).join(matches, matches.c.item_id == items.c.id)
        if watch_ids is not None:
            named = named.where(self._one_of(matches.c.watch_id, watch_ids))
        last = self._row(select(func.max(items.c.id).label("id")))
        end, width = (0 if last is None or last.id is None else last.id) + 1, LOOKED_BACK
        while end > 0:
            first, width = end - width, 2 * width
            rows = self._rows(named.where(matches.c.item_id >= first, matches.c.item_id < end))
            before = self._row(select(items.c.seen_at).where(items.c.id < first).order_by(items.c.id.desc()).limit(1))
            if before is None:
                yield rows, _NEVER
                return
            yield rows, before.seen_at + STORED_WITHIN
            end = first

    def _matches_of(self, item_ids: Sequence[int]) -> dict[int, tuple[Match, ...]]:
        if not item_ids:
            return {}
        found: dict[int, list[Match]] = defaultdict(list)
        for row in self._rows(select(matches).where(self._one_of(matches.c.item_id, item_ids))):
            found[row.item_id].append(_match_of(row))
        # the surest first; by id among equals, so that both databases say the same
        return {
            item_id: tuple(sorted(mine, key=lambda match: (-match.score, match.watch_id)))
            for item_id, mine in found.items()
        }

    def _versions_of(self, item_ids: Sequence[int]) -> dict[int, tuple[Version, ...]]:
        if not item_ids:
            return {}
        found: dict[int, list[Version]] = defaultdict(list)
        mine = select(item_versions).where(self._one_of(item_versions.c.item_id, item_ids))
        for row in self._rows(mine.order_by(item_versions.c.id)):
            found[row.item_id].append(Version(row.replaced_at, row.title, row.lead))
        return {item_id: tuple(versions) for item_id, versions in found.items()}

    def _views(self, story_ids: Sequence[int]) -> list[StoryView]:
        if not story_ids:
            return []
        told = {row.id: row for row in self._rows(select(stories).where(self._one_of(stories.c.id, story_ids)))}
        members = select(*ITEM, items.c.role, items.c.reason).where(self._one_of(items.c.story_id, story_ids))
        rows = self._rows(members.order_by(items.c.at, items.c.id))
        found = self._matches_of([row.id for row in rows])
        earlier = self._versions_of([row.id for row in rows if row.edited_at is not None])
        of_story: dict[int, list[AnyRow]] = defaultdict(list)
        for row in rows:
            of_story[row.story_id].append(row)
        return [
            view_of(number, told[number].title, told[number].opened_at, of_story[number], found, earlier)
            for number in story_ids
            if number in told
        ]


def view_of(
    number: int,
    title: str,
    opened_at: datetime,
    members: Sequence[AnyRow],
    found: Mapping[int, tuple[Match, ...]],
    earlier: Mapping[int, tuple[Version, ...]],
) -> StoryView:
    """A story with the rows of its items, and the matches and earlier wordings of each item."""
    return StoryView(
        Story(StoryId(str(number)), title, opened_at),
        tuple(item_of(row) for row in members),
        {ItemId(str(row.id)): found.get(row.id, ()) for row in members},
        {ItemId(str(row.id)): Role(row.role) for row in members},
        {ItemId(str(row.id)): why for row in members if (why := read_reason(row.reason))},
        {ItemId(str(row.id)): earlier[row.id] for row in members if row.id in earlier},
    )


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
