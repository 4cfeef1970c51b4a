"""Fan-outs: news whose audience is large, told slice by slice in the order of addresses; transaction 2 of each slice.

Decides nothing of news: which audience is large and what its chats are told is handed in. The cursor of a fan-out moves
in the transaction that tells its slice.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    cast,
    delete,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    tuple_,
    union,
    update,
)

from monitor.store.column_types import Id, Json, Prose, UtcDateTime, dump_json
from monitor.store.detection_rows import DetectionRows
from monitor.store.outbox_rows import woken
from monitor.store.outbox_turns import IS_EDIT, is_any
from monitor.store.statements import AnyRow
from monitor.store.tables import alerts, chats, fanouts, items, mutes, row_id, row_ids, stories, subscriptions
from monitor.types import (
    Address,
    AlertKind,
    AlertState,
    ChatState,
    ItemId,
    NewAlert,
    Priority,
    Role,
    StoryId,
    Target,
    WatchId,
)

_COUNTED_POSTGRESQL = text(
    "SELECT target, (SELECT count(*) FROM (SELECT 1 FROM subscriptions s WHERE s.target = t.target LIMIT :most) c) AS n"
    " FROM unnest(CAST(:targets AS text[])) t (target)"
)
_COUNTED_SQLITE = text(
    "SELECT t.value AS target, (SELECT count(*) FROM (SELECT 1 FROM subscriptions s WHERE s.target = t.value"
    " LIMIT :most)) AS n FROM json_each(:targets) t"
)


class Task(StrEnum):
    """What a fan-out tells."""

    ITEM = "item"  # the item itself
    CORRECTION = "correction"  # that it was changed, or taken down
    SUMMARY = "summary"  # what was written of its story
    MERGE = "merge"  # that a story is one with that of the item
    SPLIT = "split"  # that the story of the item was part of another one


@dataclass(frozen=True, slots=True)
class FanOut:
    """An item that is being told in slices; `after` is the last address that was told, None before the first.

    `story_id` is the story of the item at this moment, `of_story` the one that the fan-out was added for: of a merge
    the one that is gone, of a split the new one.
    """

    id: int
    task: Task
    item_id: ItemId
    story_id: StoryId
    role: Role
    watch_ids: tuple[WatchId, ...]
    at: datetime
    of_story: StoryId
    after: Address | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """The next addresses of a fan-out, in order.

    `told` have a message about the story, and nothing else is known of them. `apart` are those of which more must be
    known than that they follow: they have wishes, or heard something before. All others only follow.
    """

    addresses: Sequence[Address]
    apart: frozenset[Address]
    told: frozenset[Address] = frozenset()

    @property
    def last(self) -> Address:
        """The last one; raises IndexError for an empty slice."""
        return self.addresses[-1]


@dataclass(frozen=True, slots=True)
class Plain:
    """What everybody gets who only follows, and who was told: for which watches depends on what they follow.

    Both are of any address. No `edit`: those who were told need a decision each.
    """

    first: NewAlert
    edit: NewAlert | None
    targets: Sequence[tuple[WatchId, frozenset[Target], Priority]]  # under which targets each watch is followed


class FanOutRows(DetectionRows):
    """Audiences, and fan-outs."""

    # ------------------------------------------------ how large an audience is

    def followers_of(self, targets: Collection[Target], *, most: int) -> dict[Target, int]:
        """How many chats follow each of these, counted up to `most`; nothing where all together are not more."""
        mine = self._one_of(subscriptions.c.target, targets)
        if not targets or self._row(select(subscriptions.c.id).where(mine).offset(most).limit(1)) is None:
            return {}
        names = sorted(targets)
        if self._on_postgresql:
            rows = self._rows(_COUNTED_POSTGRESQL, {"targets": names, "most": most})
        else:
            rows = self._rows(_COUNTED_SQLITE, {"targets": dump_json(names), "most": most})
        return {Target(row.target): row.n for row in rows}

    def crowded_stories(self, story_ids: Collection[StoryId], *, most: int) -> set[StoryId]:
        """Those of these stories that more than `most` rows of the outbox are about, or that a fan-out waits for."""
        if not story_ids:
            return set()
        told = select(alerts.c.id).where(alerts.c.story_id == stories.c.id).offset(most).limit(1)
        now = func.coalesce(items.c.story_id, fanouts.c.story_id)
        waiting = select(now).select_from(fanouts.join(items, items.c.id == fanouts.c.item_id))
        mine = self._one_of(stories.c.id, row_ids(story_ids))
        rows = self._rows(select(stories.c.id).where(mine, or_(told.exists(), stories.c.id.in_(waiting))))
        return {StoryId(str(row.id)) for row in rows}

    # ------------------------------------------------ fan-outs

    def add_fanout(
        self,
        task: Task,
        item_id: ItemId,
        story_id: StoryId,
        *,
        now: datetime,
        role: Role = Role.REPEAT,
        watch_ids: Sequence[WatchId] = (),
    ) -> None:
        """Have an item told slice by slice, after those that wait already."""
        values = {
            "task": task,
            "item_id": row_id(item_id),
            "story_id": row_id(story_id),
            "role": role,
            "watch_ids": list(watch_ids),
            "at": now,
        }
        self._change(self._insert(fanouts).values(values))

    def next_fanout(self) -> FanOut | None:
        """The one whose turn it is: the oldest, of stories that merged or split before all others.

        Who is told of a story before what they have of it is in order hears of it twice.
        """
        rows = select(fanouts, items.c.story_id.label("story_now")).join(items, items.c.id == fanouts.c.item_id)
        row = self._row(rows.order_by(fanouts.c.task.not_in([Task.MERGE, Task.SPLIT]), fanouts.c.id).limit(1))
        return None if row is None else _fanout_of(row)

    def begin_slice(self, number: int, after: Address | None) -> FanOut | None:
        """Be alone with detection and its audience until this transaction ends; the fan-out as it is now.

        None where another worker has told the slice meanwhile, or another fan-out goes first by now.
        """
        self._detect_alone()
        self._step_by_index()
        self._row(select(fanouts.c.id).where(fanouts.c.id == number).with_for_update())
        present = self.next_fanout()
        return present if present is not None and (present.id, present.after) == (number, after) else None

    def _step_by_index(self) -> None:
        """Have the next addresses read in the order of their index until this transaction ends.

        PostgreSQL's statistics know nothing of what was told a moment ago: it would collect and sort the whole rest of
        an audience with each slice.
        """
        if self._on_postgresql:
            ways = ("bitmapscan", "hashjoin", "mergejoin")
            self._rows(select(*(func.set_config(f"enable_{way}", "off", True) for way in ways)))

    def move_fanout(self, number: int, after: Address) -> None:
        """All up to this address are told."""
        moved = {"after_chat": after.chat_id, "after_thread": after.thread_id}
        self._change(update(fanouts).where(fanouts.c.id == number).values(moved))

    def end_fanout(self, number: int) -> None:
        """All are told."""
        self._change(delete(fanouts).where(fanouts.c.id == number))

    def open_fanouts(self) -> int:
        """How many wait or are at work."""
        row = self._row(select(func.count().label("open")).select_from(fanouts))
        return 0 if row is None else int(row.open)

    # ------------------------------------------------ a slice

    def slice_of(
        self,
        targets: Collection[Target],
        story_id: StoryId,
        *,
        after: Address | None,
        size: int,
        own: Collection[Target] = (),
        kin: Collection[StoryId] = (),
        also: Collection[StoryId] = (),
        edits: bool = False,
    ) -> Stretch:
        """The next `size` addresses that follow any of `targets` or were told of the story or of one of `also`.

        Apart are those that were told of it or of any story of `kin`, that want no more of it, that follow any of `own`
        or whose wishes are about newspapers. `edits`: of those that were told, only where that is not all.
        """
        story = row_id(story_id)
        parts = [_next_of(_followers(target), subscriptions.c, after, size) for target in sorted(targets)]
        parts += [_next_of(_told_of(each), alerts.c, after, size) for each in (story, *row_ids(also))]
        found = union(*(select(part.subquery(f"part_{n}")) for n, part in enumerate(parts))).subquery("found")
        first = select(found).order_by(found.c.chat_id, found.c.thread_id).limit(size).subquery("slice")
        about = (alerts.c.story_id == story, _same(alerts.c, first.c))
        kin_told = select(alerts.c.id).where(self._one_of(alerts.c.story_id, row_ids(kin)), _same(alerts.c, first.c))
        messages = select(func.count()).select_from(alerts).where(*about, _IS_FIRST)
        rows = self._rows(
            select(
                first.c.chat_id,
                first.c.thread_id,
                self._has_wishes(first, story, own).label("has_wishes"),
                is_any(select(alerts.c.id).where(*about)).label("heard"),
                (messages.scalar_subquery() == 1).label("heard_once"),
                is_any(select(alerts.c.id).where(*about, _IS_FIRST, _STANDS)).label("stands"),
                is_any(kin_told).label("heard_kin") if kin else literal(False).label("heard_kin"),
            )
            .select_from(first.outerjoin(chats, _same(chats.c, first.c)))
            .order_by(first.c.chat_id, first.c.thread_id)
        )
        kinds: defaultdict[int, set[str]] = defaultdict(set)
        for row in rows:
            kinds[row.chat_id].add(_kind_of(row, edits))
        addresses = [Address(row.chat_id, row.thread_id) for row in rows]
        # of a chat all topics alike, so that one list of numbers says who is meant
        told = frozenset(each for each in addresses if kinds[each.chat_id] == {"told"})
        plain = frozenset(each for each in addresses if kinds[each.chat_id] == {"plain"})
        return Stretch(addresses, frozenset(addresses) - told - plain, told)

    def _has_wishes(self, mine: FromClause, story: int | None, own: Collection[Target]) -> ColumnElement[bool]:
        now = select(func.coalesce(stories.c.merged_into, stories.c.id)).where(stories.c.id == story).scalar_subquery()
        wishes = chats.c.preferences
        tests: list[ColumnElement[bool]] = [
            is_any(select(mutes.c.chat_id).where(mutes.c.story_id == now, _same(mutes.c, mine.c))),
            wishes["least_outlets"].as_string().is_not(None),
            wishes["muted_outlets"].as_string().is_not(None),
            and_(chats.c.state.is_not(None), ~_WELCOME),
        ]
        if own:
            follows = self._one_of(subscriptions.c.target, own)
            tests.append(is_any(select(subscriptions.c.id).where(follows, _same(subscriptions.c, mine.c))))
        return or_(*tests)

    def tell_plain(self, plain: Plain, part: Stretch, *, after: Address | None, now: datetime) -> int:
        """Write the first message for all of a slice that only follow; how many are new. One statement."""
        if not plain.targets:
            return 0
        others = sorted({each.chat_id for each in part.apart | part.told})
        rows = (
            select(subscriptions.c.chat_id, subscriptions.c.thread_id, *self._for_watches(plain))
            .join(chats, _same(chats.c, subscriptions.c))
            .where(
                self._one_of(subscriptions.c.target, _targets_of(plain)),
                _between(subscriptions.c, after, part.last),
                ~self._one_of(subscriptions.c.chat_id, others),
                _WELCOME,
            )
            .group_by(subscriptions.c.chat_id, subscriptions.c.thread_id)
            .order_by(subscriptions.c.chat_id, subscriptions.c.thread_id)
        )
        return self._write_all(plain.first, rows, now)

    def edit_plain(self, plain: Plain, part: Stretch, *, after: Address | None, now: datetime) -> None:
        """Ask for the edit of what all that were told have. One statement; see `enqueue_each` for edits that wait."""
        if plain.edit is None or not part.told:
            return
        follows = and_(_same(subscriptions.c, alerts.c), self._one_of(subscriptions.c.target, _targets_of(plain)))
        rows = (
            select(alerts.c.chat_id, alerts.c.thread_id, *self._for_watches(plain))
            .select_from(alerts.outerjoin(subscriptions, follows))
            .where(
                alerts.c.story_id == row_id(plain.edit.story_id),
                self._one_of(alerts.c.chat_id, sorted({each.chat_id for each in part.told})),
                _between(alerts.c, after, part.last),
                _IS_FIRST,
                _STANDS,
            )
            .group_by(alerts.c.chat_id, alerts.c.thread_id)
            .order_by(alerts.c.chat_id, alerts.c.thread_id)
        )
        self._write_all(plain.edit, rows, now)

    def _for_watches(self, plain: Plain) -> tuple[ColumnElement[Any], ColumnElement[str]]:
        """Of a row a chat: the list of watches that it follows, and how urgent that is."""
        named = [
            func.max(case((self._one_of(subscriptions.c.target, sorted(followed)), 1), else_=0)) == 1
            for _, followed, _ in plain.targets
        ]
        listed: ColumnElement[str] = literal("", Prose)
        for is_named, (watch_id, _, _) in zip(named, plain.targets, strict=True):
            listed = listed.concat(case((is_named, literal("," + dump_json(watch_id), Prose)), else_=""))
        listed = literal("[", Prose).concat(func.substr(listed, 2)).concat("]")
        urgent = [each for each, (_, _, way) in zip(named, plain.targets, strict=True) if way is Priority.HIGH]
        normal, high = literal(Priority.NORMAL.value, Prose), literal(Priority.HIGH.value, Prose)
        return (
            (cast(listed, Json) if self._on_postgresql else listed).label("watch_ids"),
            (case((or_(*urgent), high), else_=normal) if urgent else normal).label("priority"),
        )

    def _write_all(self, new: NewAlert, rows: Select[Any], now: datetime) -> int:
        mine = rows.subquery("mine")
        values: dict[str, ColumnElement[Any]] = {
            "chat_id": mine.c.chat_id,
            "thread_id": mine.c.thread_id,
            "watch_ids": mine.c.watch_ids,
            "priority": mine.c.priority,
            "kind": literal(new.kind.value, Prose),
            "dedupe_key": literal(new.dedupe_key, Prose),
            "state": literal(AlertState.PENDING.value, Prose),
            "attempts": literal(0),
            "created_at": literal(now, UtcDateTime()),
            "next_try_at": literal(new.not_before or now, UtcDateTime()),
            "in_bulk": literal(True),
            "story_id": literal(row_id(new.story_id), Id),
            "item_id": literal(row_id(new.item_id), Id),
            "text": literal("", Prose),
            "sent_digest": literal("", Prose),
            "revision": literal(0),
            "why": literal("", Prose),
        }
        ordered = select(*(value.label(name) for name, value in values.items())).order_by(
            mine.c.chat_id, mine.c.thread_id
        )
        if not self._on_postgresql:  # SQLite needs a WHERE between a SELECT and ON CONFLICT
            ordered = ordered.where(literal(1) == 1)
        insert = self._insert(alerts).from_select(list(values), ordered, include_defaults=False)
        key = [alerts.c.chat_id, alerts.c.thread_id, alerts.c.dedupe_key]
        if new.kind is AlertKind.EDIT:
            written = insert.on_conflict_do_update(
                index_elements=key, set_=woken(literal(new.not_before or now, UtcDateTime()), True), where=IS_EDIT
            )
        else:
            written = insert.on_conflict_do_nothing(index_elements=key)
        return self._change(written.execution_options(preserve_rowcount=True))


_WELCOME = chats.c.state.in_([ChatState.ACTIVE.value, ChatState.PAUSED.value])
_IS_FIRST = alerts.c.kind == literal_column("'alert'")
# a message that stands there, or is on its way, by itself: neither a line in another one nor told in a digest
_STANDS = and_(
    alerts.c.state.in_([AlertState.SENT.value, AlertState.SENDING.value]),
    alerts.c.under_id.is_(None),
    alerts.c.digest_id.is_(None),
)


def _kind_of(row: AnyRow, edits: bool) -> str:
    if row.has_wishes or (row.heard and not (edits and row.heard_once and row.stands)):
        return "apart"
    if row.heard:
        return "told"
    return "apart" if row.heard_kin else "plain"


def _followers(target: Target) -> Select[Any]:
    return select(subscriptions.c.chat_id, subscriptions.c.thread_id).where(subscriptions.c.target == target)


def _told_of(story: int | None) -> Select[Any]:
    return select(alerts.c.chat_id, alerts.c.thread_id).where(alerts.c.story_id == story).distinct()


def _targets_of(plain: Plain) -> list[Target]:
    return sorted({target for _, followed, _ in plain.targets for target in followed})


def _next_of(rows: Select[Any], columns: Any, after: Address | None, size: int) -> Select[Any]:
    """The first so many of these addresses behind `after`."""
    if after is not None:
        rows = rows.where(_address(columns) > _given(after))
    return rows.order_by(columns.chat_id, columns.thread_id).limit(size)


def _between(columns: Any, after: Address | None, last: Address) -> ColumnElement[bool]:
    up_to = _address(columns) <= _given(last)
    return up_to if after is None else and_(_address(columns) > _given(after), up_to)


def _address(columns: Any) -> Any:
    return tuple_(columns.chat_id, columns.thread_id)


def _given(address: Address) -> Any:
    return tuple_(literal(address.chat_id, BigInteger()), literal(address.thread_id, BigInteger()))


def _same(one: Any, other: Any) -> ColumnElement[bool]:
    return and_(one.chat_id == other.chat_id, one.thread_id == other.thread_id)


def _after(row: AnyRow) -> Address | None:
    return None if row.after_chat is None else Address(row.after_chat, row.after_thread)


def _fanout_of(row: AnyRow) -> FanOut:
    story = row.story_id if row.story_now is None else row.story_now
    return FanOut(
        row.id,
        Task(row.task),
        ItemId(str(row.item_id)),
        StoryId(str(story)),
        Role(row.role),
        tuple(map(WatchId, row.watch_ids)),
        row.at,
        StoryId(str(row.story_id)),
        _after(row),
    )
