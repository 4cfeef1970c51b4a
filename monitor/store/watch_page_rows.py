"""What the pages and feeds of watches ask beside trends and stories: sums, the last news of each, what was wrong.

Writes nothing. A day is one of the store's zone, as in the counts of days (count_rows.py).
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ARRAY, Text, and_, bindparam, case, cast, func, or_, select
from sqlalchemy.sql.selectable import TableValuedAlias

from monitor.store.statements import Statements
from monitor.store.tables import (
    alerts,
    daily_counts,
    feedback,
    items,
    matches,
    own_marks,
    row_ids,
    stories,
)
from monitor.store.trend_rows import MENTION, mention_of
from monitor.types import AlertKind, AlertState, Mention, StoryId, WatchId, own_number

STORED_LAST = 30  # items of a watch among which the newest is looked for


@dataclass(frozen=True, slots=True)
class MentionTotals:
    """How many items named a watch: today, in the last seven days, in the last thirty."""

    today: int = 0
    week: int = 0
    month: int = 0


class WatchPageRows(Statements):
    """Numbers and moments of watches."""

    def mention_totals(self, *, today: date, week: date, month: date) -> dict[WatchId, MentionTotals]:
        """The totals of all watches that were named since the day `month`; `week` is the first day of the seven."""
        named = daily_counts.c["items"]
        rows = (
            select(
                daily_counts.c.watch_id,
                func.sum(case((daily_counts.c.day == today, named), else_=0)).label("today"),
                func.sum(case((daily_counts.c.day >= week, named), else_=0)).label("week"),
                func.sum(named).label("month"),
            )
            .where(daily_counts.c.day >= month, daily_counts.c.day <= today)
            .group_by(daily_counts.c.watch_id)
        )
        return {
            WatchId(row.watch_id): MentionTotals(int(row.today), int(row.week), int(row.month))
            for row in self._rows(rows)
        }

    def last_mentions(self, watch_ids: Collection[WatchId]) -> dict[WatchId, Mention]:
        """The newest item of each watch among those that were stored last: news comes in late, but hardly so late.

        The title is its story's.
        """
        wanted = self._each(watch_ids)
        stored = (
            select(matches.c.item_id)
            .where(matches.c.watch_id == wanted.c.value)
            .order_by(matches.c.item_id.desc())
            .limit(STORED_LAST)
            .correlate(wanted)
            .subquery("stored")
        )
        newest = (
            select(stored.c.item_id)
            .join(items, items.c.id == stored.c.item_id)
            .order_by(items.c.at.desc(), items.c.id.desc())
            .limit(1)
            .correlate(wanted)
        )
        last = newest.scalar_subquery().label("item_id")
        found = {WatchId(row.value): row.item_id for row in self._rows(select(wanted.c.value, last))}
        some = [item_id for item_id in found.values() if item_id is not None]
        rows = select(*MENTION).join(stories, stories.c.id == items.c.story_id, isouter=True)
        known = {row.id: mention_of(row) for row in self._rows(rows.where(self._one_of(items.c.id, some)))}
        return {watch_id: known[item_id] for watch_id, item_id in found.items() if item_id in known}

    def told_and_wrong(self, watch_id: WatchId, *, since: datetime) -> tuple[int, int]:
        """How many stories of that time some chat was told for this watch, and of how many of them a reader said wrong.

        Wrong is what a complaint names this watch for, and what the owner of an own watch marked so.
        """
        named = (
            select(items.c.story_id)
            .join(matches, matches.c.item_id == items.c.id)
            .where(matches.c.watch_id == watch_id, items.c.at >= since, items.c.story_id.is_not(None))
            .distinct()
            .subquery()
        )
        # ids have letters, digits and hyphens alone: none of them means anything to LIKE
        for_it = cast(alerts.c.watch_ids, Text).like(f'%"{watch_id}"%')
        rang = and_(
            alerts.c.story_id == named.c.story_id,
            alerts.c.kind.in_([AlertKind.ALERT.value, AlertKind.UPDATE.value]),
            or_(alerts.c.state == AlertState.SENT.value, alerts.c.digest_id.is_not(None)),
            for_it,
        )
        # Asked of each story, not as a condition: PostgreSQL takes LIKE for so rare that it would walk all stories anew
        # for each alert (0.9 s of a watch that 3,000 items name).
        told = select(named.c.story_id, select(alerts.c.id).where(rang).exists().label("rang"))
        stories_told = {row.story_id for row in self._rows(told) if row.rang}
        if not stories_told:
            return 0, 0
        return len(stories_told), len(self._wrong(watch_id, stories_told))

    def _wrong(self, watch_id: WatchId, among: Collection[int]) -> set[int]:
        """Those of these stories that a reader said are wrong for this watch."""
        merged = select(stories.c.id, stories.c.merged_into).where(self._one_of(stories.c.merged_into, among))
        now = {number: number for number in among} | {row.id: row.merged_into for row in self._rows(merged)}
        said = select(feedback.c.story_id, feedback.c.evidence).where(self._one_of(feedback.c.story_id, list(now)))
        wrong = {
            now[row.story_id]
            for row in self._rows(said)
            if any(isinstance(each, dict) and each.get("watch") == watch_id for each in row.evidence)
        }
        number = own_number(watch_id)
        if number is not None:
            marked = select(items.c.story_id).join(own_marks, own_marks.c.item_id == items.c.id)
            mine = marked.where(own_marks.c.watch_id == number, own_marks.c.is_right.is_(False))
            wrong |= {row.story_id for row in self._rows(mine)} & set(among)
        return wrong

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

    def _each(self, watch_ids: Collection[WatchId]) -> TableValuedAlias:
        """A row a watch, with one parameter however many there are; its column is `value`."""
        wanted = list(dict.fromkeys(watch_ids))
        if self._on_postgresql:
            several = func.unnest(bindparam(None, wanted, type_=ARRAY(Text), unique=True))
            return several.table_valued("value", name="wanted").render_derived()
        several = func.json_each(bindparam(None, json.dumps(wanted), type_=Text, unique=True))
        return several.table_valued("value", name="wanted")
