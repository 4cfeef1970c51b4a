"""Stories that merge or split when later items show it.

Decides nothing of news: which stories, which items and what becomes of their alerts are handed in. A story that was
merged away stays as a row, because its number stands in buttons of sent messages; one step leads to what it is now.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, bindparam, func, literal, or_, select, union, update

from monitor.store.column_types import Id
from monitor.store.outbox_rows import values_of
from monitor.store.reason_text import reason_text
from monitor.store.statements import AnyRow, Statements
from monitor.store.tables import Values, alerts, daily_counts, items, matches, mutes, row_id, stories
from monitor.types import AlertState, ItemId, Kinship, NewAlert, Reason, Refiled, Role, StoryId


def story_now(number: int | None) -> ColumnElement[int | None]:
    """The number of the story that this one is now, as an expression of SQL."""
    merged = select(stories.c.merged_into).where(stories.c.id == number).scalar_subquery()
    return func.coalesce(merged, literal(number, stories.c.id.type))


class StoryRows(Statements):
    """What became of stories."""

    def merge_stories(self, gone: StoryId, into: StoryId, *, reason: Reason) -> bool:
        """Let all items and mutes of `gone` be those of `into`; False when they are one already or were taken apart.

        Whoever asks for the story `gone` gets the other one from then on, for ever. Both may be names of earlier days:
        what counts is what they are now, so that no merge can go in a circle.
        Counts of days stay what they are for items, and lose the story that was counted twice.
        """
        old, new = self._locked(gone), self._locked(into)
        if old is None or new is None or old == new or StoryId(str(new)) in self.split_kin(StoryId(str(old))):
            return False
        self._count_stories(self._watched(old), self._watched(new), -1)
        opening = (items.c.story_id == old, items.c.role == Role.NEW)
        self._change(update(items).where(*opening).values(role=Role.REPEAT, reason=reason_text(reason)))
        self._change(update(items).where(items.c.story_id == old).values(story_id=new))
        self._copy_mutes(old, new)
        # those that it took in before go along: one step from any of them leads to the story of today
        lost = or_(stories.c.id == old, stories.c.merged_into == old)
        self._change(update(stories).where(lost).values(merged_into=new))
        return True

    def split_story(self, story_id: StoryId, item_ids: Collection[ItemId], *, reason: Reason) -> StoryId | None:
        """Let these items be a story of their own; None when that would leave one of the two empty.

        It is titled and dated by its first item, which becomes its opening. Mutes that came after the first of them was
        placed hold for both. Counts of days gain the story.
        """
        old = self._locked(story_id)
        parted, left = self._parted(old, {row_id(item_id) for item_id in item_ids})
        if old is None or not parted or not left:
            return None
        first = parted[0]
        opened = self._insert(stories).values(title=first.title, opened_at=first.at, split_from=old)
        new = int(self._connection.execute(opened.returning(stories.c.id)).scalar_one())
        ids = [row.id for row in parted]
        self._change(update(items).where(self._one_of(items.c.id, ids)).values(story_id=new))
        self._count_stories(self._watched(new), self._watched(old), +1)
        self._change(update(items).where(items.c.id == first.id).values(role=Role.NEW, reason=reason_text(reason)))
        # what is left may have lost its opening
        self._change(update(items).where(items.c.id == left[0].id).values(role=Role.NEW))
        since = min((row.matched_at for row in parted if row.matched_at is not None), default=None)
        if since is not None:
            self._copy_mutes(old, new, mutes.c.at >= since)
        return StoryId(str(new))

    def current_story(self, story_id: StoryId) -> StoryId:
        """The story that this one was merged into; itself when it was not."""
        row = self._row(select(story_now(row_id(story_id)).label("number")))
        return story_id if row is None or row.number is None else StoryId(str(row.number))

    def split_kin(self, story_id: StoryId) -> list[StoryId]:
        """The stories that were taken apart from this one, as they are called now, oldest first."""
        number = row_id(self.current_story(story_id))
        family = select(stories.c.id).where(or_(stories.c.id == number, stories.c.merged_into == number))
        parents = select(stories.c.split_from).where(stories.c.id.in_(family), stories.c.split_from.is_not(None))
        kin = select(func.coalesce(stories.c.merged_into, stories.c.id).label("number"))
        # a union, because of an OR of the two PostgreSQL makes a walk through all stories
        both = union(kin.where(stories.c.split_from.in_(family)), kin.where(stories.c.id.in_(parents)))
        found = {row.number for row in self._rows(both)} - {number}
        return [StoryId(str(each)) for each in sorted(found)]

    def split_from(self, story_id: StoryId) -> StoryId | None:
        """The story that this one was taken out of, by its name of then; None where it was not."""
        row = self._row(select(stories.c.split_from).where(stories.c.id == row_id(story_id)))
        return None if row is None or row.split_from is None else StoryId(str(row.split_from))

    def kinship(self, *, since: datetime) -> Kinship:
        """What merged and split of the stories opened since then."""
        recent = stories.c.opened_at >= since
        into = select(stories.c.merged_into).where(recent, stories.c.merged_into.is_not(None)).distinct()
        merged = sorted(row.merged_into for row in self._rows(into))
        split = select(stories.c.id).where(recent, stories.c.split_from.is_not(None)).order_by(stories.c.id)
        apart = []
        for row in self._rows(split):
            current = self.current_story(StoryId(str(row.id)))
            apart += [(other, current) for other in self.split_kin(current)]
        return Kinship(tuple(StoryId(str(each)) for each in merged), tuple(apart))

    def refile(self, rows: Sequence[Refiled]) -> None:
        """Put rows of the outbox under other stories; a row that is being sent goes on.

        Two rows of a chat may change places: each is first given a key that nobody has.
        """
        if not rows:
            return
        one = update(alerts).where(alerts.c.id == bindparam("alert_id", type_=Id))
        moving = [{"alert_id": int(row.alert_id), "dedupe_key": f"moving:{row.alert_id}"} for row in rows]
        self._change(one, moving)
        alike: defaultdict[tuple[str, ...], list[Values]] = defaultdict(list)
        for row in rows:
            values: Values = {"story_id": row_id(row.story_id), "dedupe_key": row.dedupe_key}
            if row.state is not None:
                values |= {"state": row.state, "why": row.why}
            if row.watch_ids is not None:
                values["watch_ids"] = list(row.watch_ids)
            alike[tuple(values)].append({"alert_id": int(row.alert_id), **values})
        for some in alike.values():
            self._change(one, some)

    def note_told(self, new_alerts: Sequence[tuple[NewAlert, AlertState]], *, now: datetime) -> None:
        """Write rows that need no sending: these chats heard of it elsewhere. Known keys stay as they are."""
        if not new_alerts:
            return
        told = [values_of(new_alert, now) | {"state": state, "settled_at": now} for new_alert, state in new_alerts]
        self._change(self._insert(alerts).on_conflict_do_nothing(), told)

    def _parted(self, story: int | None, wanted: Collection[int | None]) -> tuple[Sequence[AnyRow], Sequence[AnyRow]]:
        """The items of a story that are `wanted`, and the others, both oldest first."""
        mine = select(items.c.id, items.c.title, items.c.at, items.c.matched_at).where(items.c.story_id == story)
        members = self._rows(mine.order_by(items.c.at, items.c.id))
        return [row for row in members if row.id in wanted], [row for row in members if row.id not in wanted]

    def _copy_mutes(self, old: int, new: int, *where: ColumnElement[bool]) -> None:
        """Let chats that muted the one story mute the other, too."""
        mine = select(mutes.c.chat_id, mutes.c.thread_id, literal(new), mutes.c.at).where(mutes.c.story_id == old)
        names = ["chat_id", "thread_id", "story_id", "at"]
        self._change(self._insert(mutes).from_select(names, mine.where(*where)).on_conflict_do_nothing())

    def _locked(self, story_id: StoryId) -> int | None:
        """The story of today, locked until the end of the transaction; None when there is none."""
        number = row_id(self.current_story(story_id))
        row = self._row(select(stories.c.id).where(stories.c.id == number).with_for_update())
        return None if row is None else int(row.id)

    def _watched(self, story: int) -> dict[str, date]:
        """The watches that a story's items name, and on which day it was first counted for each."""
        first = select(matches.c.watch_id, func.min(items.c.at).label("at"))
        named = first.join(items, items.c.id == matches.c.item_id).where(items.c.story_id == story)
        rows = self._rows(named.group_by(matches.c.watch_id))
        return {row.watch_id: row.at.astimezone(self._zone).date() for row in rows}

    def _count_stories(self, mine: dict[str, date], others: dict[str, date], by: int) -> None:
        """Of a watch that both stories name, count one story more or less, on the day of the later of the two."""
        days = Counter((max(day, others[watch]), watch) for watch, day in mine.items() if watch in others)
        for day, watch in sorted(days):
            row = (daily_counts.c.day == day, daily_counts.c.watch_id == watch)
            least = 0 if by > 0 else 1
            counted = update(daily_counts).where(*row, daily_counts.c.stories >= least)
            self._change(counted.values(stories=daily_counts.c.stories + by))
