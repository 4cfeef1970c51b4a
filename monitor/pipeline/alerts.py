"""Who is told what: first messages, developments, silent edits, and what becomes of them when stories merge or split.

Pure: reads no row and no clock, writes nothing; the transactions that ask are those of detect.py, recheck.py and
abstract.py, and `monitor backtest` asks in the same words. What is the same story is decided in stories/grouping, how
an alert looks in compose.py.

Of a chat's rows the first message and its edits stay together, because they are one message on a phone; developments
(replies) go with the article that told them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.pipeline.dedupe_keys import correction_key, corrects_reply, edit_key, first_key, moved_key, update_key
from monitor.pipeline.following import follows
from monitor.pipeline.newspapers import ALL_ALIKE, Newspapers
from monitor.pipeline.ringing import NOTHING_LATELY, Lately, as_it_goes_out, may_ring
from monitor.stories.grouping.roundups import is_roundup
from monitor.types import (
    Address,
    Alert,
    AlertKind,
    AlertState,
    Item,
    ItemId,
    NewAlert,
    Priority,
    Refiled,
    Role,
    StoryId,
    Target,
    Watch,
    WatchId,
)

EDIT_DELAY = timedelta(seconds=15)  # later outlets come in bursts: one edit for all of a burst
GATHER = timedelta(minutes=1)  # news that is hours old can wait for what else an outage has left
HEARD_WITHIN = timedelta(days=1)  # a roundup tells of the last day
UPDATE_SPACING = timedelta(minutes=30)  # a storm of developments becomes one edit
UPDATES_PER_STORY = 6  # replies under one alert; what comes after is an edit

ONE_STORY = "one story with another that is told"


# ---------------------------------------------------------------- an item


@dataclass(frozen=True, slots=True)
class Audience:
    """The chats that an item may concern, and what each knows of its story already.

    `followers` follow any of the item's watches; `known` are the rows of its story, of every chat; `muted` want no more
    of it, or cannot be reached. `heard`: of which watches each chat was told within HEARD_WITHIN; asked of items that
    repeat the day's news only (`repeats_the_day`). `lately`: what they were told of its topic and its watches.
    `newspapers`: which of them count in each chat.
    """

    followers: Mapping[Address, Collection[Target]] = field(default_factory=dict)
    known: Sequence[Alert] = ()
    muted: Collection[Address] = ()
    heard: Mapping[Address, Collection[WatchId]] = field(default_factory=dict)
    lately: Lately = NOTHING_LATELY
    newspapers: Newspapers = ALL_ALIKE


@dataclass(frozen=True, slots=True)
class Timing:
    """When alerts go out: edits after `edit_delay`; news older than `catch_up_after` waits for more (None: never)."""

    edit_delay: timedelta = EDIT_DELAY
    catch_up_after: timedelta | None = None


AT_ONCE = Timing()


def repeats_the_day(item: Item) -> bool:
    """Whether an item only repeats what was told before: it rings for whoever has not heard of a watch that day."""
    return is_roundup(item.title)


def alerts_for_item(
    item: Item,
    watches: Sequence[Watch],
    role: Role,
    story_id: StoryId,
    audience: Audience,
    *,
    now: datetime,
    timing: Timing = AT_ONCE,
) -> list[NewAlert]:
    """Decide what each chat is told of an item: a first message, a reply with a development, a silent edit, or nothing.

    `watches` are those the item matched. A chat that was told of the story gains every later outlet, also one that does
    not name its watch.
    """
    told = {alert.address: alert for alert in audience.known if alert.kind is AlertKind.ALERT}
    alerts = []
    for address in dict.fromkeys((*audience.followers, *told)):
        wishes = audience.newspapers.of(address)
        if address in audience.muted or item.outlet in wishes.muted_outlets:
            continue
        mine = _concerning(address, item, watches, audience)
        if address not in told:
            mine = _concerning(address, item, audience.newspapers.first_told(address, item, mine), audience)
        base = NewAlert(
            address,
            AlertKind.ALERT,
            first_key(story_id),
            story_id=story_id,
            item_id=item.id,
            watch_ids=tuple(watch.id for watch in mine),
            priority=_priority(mine),
        )
        rings = wishes.updates and may_ring(mine, audience.lately.rows.get(address, ()), now)
        alert = _told_next(base, story_id, told.get(address), audience.known, role, now, timing, rings=rings)
        if alert is not None and address not in told:
            alerts += as_it_goes_out(alert, mine, audience.lately, now=now, edit_delay=timing.edit_delay)
        elif alert is not None:
            alerts.append(alert)
    waits_until = gathers_until(item, timing, now=now)
    if waits_until is not None:
        return [replace(alert, not_before=alert.not_before or waits_until) for alert in alerts]
    return alerts


def gathers_until(item: Item, timing: Timing, *, now: datetime) -> datetime | None:
    """How long news that comes late waits for what else an outage has left; None: it goes at once."""
    is_late = timing.catch_up_after and item.published_at and now - item.published_at > timing.catch_up_after
    return now + GATHER if is_late else None


def _concerning(address: Address, item: Item, watches: Sequence[Watch], audience: Audience) -> list[Watch]:
    """For which of the watches this chat may be rung."""
    targets = audience.followers.get(address, ())
    repeated = audience.heard.get(address, ()) if repeats_the_day(item) else ()
    return [watch for watch in watches if follows(watch, targets) and watch.id not in repeated]


def _told_next(
    base: NewAlert,
    story_id: StoryId,
    first: Alert | None,
    known: Sequence[Alert],
    role: Role,
    now: datetime,
    timing: Timing,
    *,
    rings: bool,
) -> NewAlert | None:
    """What a chat gets whose first message about the story is `first`; None: nothing. `rings`: its watches still may.

    A pending first message is rendered when it is sent, with this item in it; a refused or skipped one stays so.
    """
    if first is None:
        return base if base.watch_ids else None
    in_digest = first.state is AlertState.SKIPPED and first.digest_id is not None
    if first.state not in (AlertState.SENT, AlertState.SENDING, AlertState.UNCERTAIN) and not in_digest:
        return None
    if base.watch_ids and role is Role.UPDATE and rings and may_update(base.address, known, now):
        return replace(base, kind=AlertKind.UPDATE, dedupe_key=update_key(story_id, base.item_id))
    if first.is_line or in_digest:
        return None  # a line stays as it was told
    if first.state is AlertState.UNCERTAIN:  # what may not be there cannot be edited: the row is tried once more
        return base if base.watch_ids else None
    later = now + timing.edit_delay
    return replace(base, kind=AlertKind.EDIT, dedupe_key=edit_key(story_id), not_before=later)


def with_new(known: Sequence[Alert], new_alerts: Collection[NewAlert], *, now: datetime) -> list[Alert]:
    """The rows of a story as they stand once `new_alerts` are written: what the next item of it has to go by."""
    by_key = {(alert.address, alert.dedupe_key): alert for alert in known}
    for new in new_alerts:
        row = by_key.get((new.address, new.dedupe_key))
        if row is None:
            row = Alert(
                0,
                new.address,
                new.kind,
                new.dedupe_key,
                AlertState.SENT if new.is_line else AlertState.PENDING,
                0,
                now,
                new.not_before or now,
                story_id=new.story_id,
                item_id=new.item_id,
                watch_ids=new.watch_ids,
                under=0 if new.is_line else None,
            )
        elif row.state is AlertState.UNCERTAIN or (
            new.kind is AlertKind.EDIT and row.state not in (AlertState.PENDING, AlertState.SENDING)
        ):
            row = replace(row, state=AlertState.PENDING)
        by_key[new.address, new.dedupe_key] = row
    return list(by_key.values())


def may_update(address: Address, known: Sequence[Alert], now: datetime) -> bool:
    """Whether a development may ring in this chat, given the rows of its story: not too many, not too soon."""
    sent = [alert.created_at for alert in known if alert.kind is AlertKind.UPDATE and alert.address == address]
    return len(sent) < UPDATES_PER_STORY and all(now - at >= UPDATE_SPACING for at in sent)


def corrections_for_item(
    item: Item,
    story_id: StoryId,
    *,
    known: Sequence[Alert],
    muted: Collection[Address],
    now: datetime,
    edit_delay: timedelta = EDIT_DELAY,
) -> list[NewAlert]:
    """Silent edits of what chats were told of an item that its outlet changed or took down; nothing new rings."""
    alerts = []
    for alert in known:
        if alert.address in muted or alert.state not in (AlertState.SENT, AlertState.SENDING):
            continue  # a pending one is rendered when it is sent
        if alert.kind is AlertKind.ALERT:
            key = edit_key(story_id)
        elif alert.kind is AlertKind.UPDATE and alert.item_id == item.id:
            key = correction_key(story_id, item.id)
        else:
            continue
        edit = NewAlert(alert.address, AlertKind.EDIT, key, story_id, item.id, not_before=now + edit_delay)
        alerts.append(edit)
    return alerts


def edits_of_story(story_id: StoryId, known: Sequence[Alert], *, muted: Collection[Address]) -> list[NewAlert]:
    """Edits, at once, of every message that opened the story: it is to show something more."""
    return [
        NewAlert(
            alert.address,
            AlertKind.EDIT,
            edit_key(story_id),
            story_id=story_id,
            item_id=alert.item_id,
            watch_ids=alert.watch_ids,
            priority=alert.priority,
        )
        for alert in known
        if alert.kind is AlertKind.ALERT and alert.state is AlertState.SENT and alert.address not in muted
    ]


def _priority(watches: Sequence[Watch]) -> Priority:
    return Priority.HIGH if any(watch.priority is Priority.HIGH for watch in watches) else Priority.NORMAL


# ---------------------------------------------------------------- stories that merge or split


@dataclass(frozen=True, slots=True)
class Corrections:
    """What to write: rows that change, rows that say "told elsewhere", and edits of messages that are there."""

    refiled: tuple[Refiled, ...] = ()
    told: tuple[tuple[NewAlert, AlertState], ...] = ()  # no messages of their own: these chats heard of it elsewhere
    edits: tuple[NewAlert, ...] = ()
    free: frozenset[Address] = frozenset()  # of a split: chats whose alert was not sent, and that hear of both stories


@dataclass(slots=True)
class _Rows:
    """The rows that one chat has of one story."""

    first: Alert | None
    edits: list[Alert]
    replies: list[Alert]  # developments and the edits that correct them


def after_merge(
    into: StoryId,
    gone: StoryId,
    of_into: Sequence[Alert],
    of_gone: Sequence[Alert],
    *,
    muted: Collection[Address],
    now: datetime,
    edit_delay: timedelta,
) -> Corrections:
    """One message a chat goes on: the earlier that stands there. The other says that it is one with it, and no more.

    Developments count together, so that their rate holds across the merge.
    """
    refiled: list[Refiled] = []
    edits: list[NewAlert] = []
    theirs, mine = _by_chat(of_gone), _by_chat(of_into)
    for address in {**theirs, **mine}:
        old, new = theirs.get(address), mine.get(address)
        kept = new.first if new else None
        if old is not None:
            if old.first is not None:
                kept, lost = _kept(kept, old.first)
                if kept is old.first:
                    refiled += _file(old, into)
                    if new is not None and lost is not None:
                        refiled += _file(new, gone)
                if lost is not None:
                    watch_ids = tuple(dict.fromkeys((*kept.watch_ids, *lost.watch_ids)))
                    refiled.append(Refiled(kept.id, into, first_key(into), watch_ids=watch_ids))
                    if lost.state is AlertState.PENDING:
                        key = first_key(gone)
                        refiled.append(Refiled(lost.id, gone, key, state=AlertState.SKIPPED, why=ONE_STORY))
                    elif _is_there(lost):
                        edits.append(_edit(lost, gone, now + edit_delay))
            refiled += _replies(old, new, into, address)
        if kept is not None and _is_there(kept):
            edits.append(_edit(kept, into, now + edit_delay))
    return Corrections(_last_word(refiled), edits=tuple(edit for edit in edits if edit.address not in muted))


def after_split(
    story: StoryId,
    new: StoryId,
    items: Collection[ItemId],
    rows: Sequence[Alert],
    *,
    muted: Collection[Address],
    now: datetime,
    edit_delay: timedelta,
) -> Corrections:
    """A message goes on with the article that opened it; of the other story its chat counts as told.

    A chat whose alert was not sent yet is told of each story that concerns it, as if they had never been one.
    """
    refiled: list[Refiled] = []
    told: list[tuple[NewAlert, AlertState]] = []
    edits: list[NewAlert] = []
    free: set[Address] = set()
    for address, mine in _by_chat(rows).items():
        first = mine.first
        stays, other = story, new
        if first is not None and first.item_id in items:
            stays, other = new, story
            refiled += _file(_Rows(first, mine.edits, []), new)
        for reply in mine.replies:
            if reply.item_id in items:
                refiled.append(Refiled(reply.id, new, moved_key(reply, new)))
        if first is None:
            continue
        if first.state is AlertState.PENDING:
            free.add(address)
            continue
        # told with the other one; who was refused or skipped that one is not told this one either
        heard = AlertState.SENT if _rank(first) < 2 else AlertState.SKIPPED
        new_alert = NewAlert(address, AlertKind.ALERT, first_key(other), other, first.item_id, first.watch_ids)
        told.append((new_alert, heard))
        if _is_there(first) and address not in muted:
            edits.append(_edit(first, stays, now + edit_delay))
    return Corrections(_last_word(refiled), tuple(told), tuple(edits), frozenset(free))


def _kept(one: Alert | None, other: Alert) -> tuple[Alert, Alert | None]:
    """The row that goes on, and the one that does not: what stands on the phone, the earlier of two."""
    if one is None:
        return other, None
    first, second = sorted((one, other), key=lambda alert: (_rank(alert), alert.id))
    return first, second


def _is_there(alert: Alert) -> bool:
    """Whether a message stands on the phone that can be edited, or is on its way there."""
    return alert.state is AlertState.SENDING or (alert.state is AlertState.SENT and alert.message_id is not None)


def _rank(alert: Alert) -> int:
    has_message = alert.message_id is not None
    match alert.state:
        case AlertState.SENT:
            return 0 if has_message else 1  # 1: told in a digest, or in the message of a story it was split from
        case AlertState.SENDING:
            return 0
        case AlertState.UNCERTAIN:
            return 1
        case AlertState.SKIPPED:
            return 1 if alert.digest_id is not None else 3
        case AlertState.PENDING:
            return 2
        case _:
            return 3


def _by_chat(rows: Iterable[Alert]) -> dict[Address, _Rows]:
    found: dict[Address, _Rows] = {}
    for row in rows:
        mine = found.setdefault(row.address, _Rows(None, [], []))
        if row.kind is AlertKind.ALERT:
            mine.first = mine.first or row
        elif row.kind is AlertKind.UPDATE or corrects_reply(row):
            mine.replies.append(row)
        elif row.kind is AlertKind.EDIT:
            mine.edits.append(row)
    return found


def _file(rows: _Rows, story: StoryId) -> Iterator[Refiled]:
    """A message with its edits, put under `story`."""
    for row in (*([rows.first] if rows.first else ()), *rows.edits):
        yield Refiled(row.id, story, moved_key(row, story))


def _replies(
    old: _Rows,
    new: _Rows | None,
    into: StoryId,
    address: Address,
) -> Iterator[Refiled]:
    """The developments of the story that is gone, under the other; one too soon after its like falls away."""
    there = [row for row in (new.replies if new else ()) if row.kind is AlertKind.UPDATE]
    for row in old.replies:
        soon = (
            row.kind is AlertKind.UPDATE
            and row.state is AlertState.PENDING
            and not may_update(address, there, row.created_at)
        )
        if row.kind is AlertKind.UPDATE and not soon:
            there.append(row)
        yield Refiled(
            row.id,
            into,
            moved_key(row, into),
            state=AlertState.SKIPPED if soon else None,
            why=ONE_STORY if soon else "",
        )


def _edit(first: Alert, story: StoryId, at: datetime) -> NewAlert:
    return NewAlert(
        first.address, AlertKind.EDIT, edit_key(story), story, first.item_id, first.watch_ids, not_before=at
    )


def _last_word(refiled: Iterable[Refiled]) -> tuple[Refiled, ...]:
    """One change a row: what was said of it last."""
    last: Mapping[int, Refiled] = {each.alert_id: each for each in refiled}
    return tuple(last.values())
