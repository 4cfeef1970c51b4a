"""Two stories became one, or one became two: what becomes of the alerts that chats have of them. Pure.

A message that was sent is corrected by an edit, never by a second message. Writes nothing (store/story_rows.py) and
decides neither what is one story (grouping/review.py) nor what is new in it (detect.py).

Of a chat's rows the first message and its edits stay together, because they are one message on a phone; developments
(replies) go with the article that told them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.types import Address, Alert, AlertKind, AlertState, ItemId, NewAlert, Refiled, StoryId

ONE_STORY = "one story with another that is told"
CORRECTED = "fix:"  # how the dedupe key of an edit begins that corrects a reply, not the first message


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
    may_update: Callable[[Address, Sequence[Alert], datetime], bool],
) -> Corrections:
    """One message a chat goes on: the earlier that stands there. The other says that it is one with it, and no more.

    `may_update` says whether a development may ring, given the rows of its story: the rate holds across the merge.
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
                    refiled.append(Refiled(kept.id, into, f"story:{into}", watch_ids=watch_ids))
                    if lost.state is AlertState.PENDING:
                        key = f"story:{gone}"
                        refiled.append(Refiled(lost.id, gone, key, state=AlertState.SKIPPED, why=ONE_STORY))
                    elif _is_there(lost):
                        edits.append(_edit(lost, gone, now + edit_delay))
            refiled += _replies(old, new, into, address, may_update)
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
                refiled.append(Refiled(reply.id, new, _key(reply, new)))
        if first is None:
            continue
        if first.state is AlertState.PENDING:
            free.add(address)
            continue
        # told with the other one; who was refused or skipped that one is not told this one either
        heard = AlertState.SENT if _rank(first) < 2 else AlertState.SKIPPED
        new_alert = NewAlert(address, AlertKind.ALERT, f"story:{other}", other, first.item_id, first.watch_ids)
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
        elif row.kind is AlertKind.UPDATE or row.dedupe_key.startswith(CORRECTED):
            mine.replies.append(row)
        elif row.kind is AlertKind.EDIT:
            mine.edits.append(row)
    return found


def _file(rows: _Rows, story: StoryId) -> Iterator[Refiled]:
    """A message with its edits, put under `story`."""
    for row in (*([rows.first] if rows.first else ()), *rows.edits):
        yield Refiled(row.id, story, _key(row, story))


def _key(row: Alert, story: StoryId) -> str:
    what = row.dedupe_key.partition(":")[0]
    of_item = row.kind is AlertKind.UPDATE or row.dedupe_key.startswith(CORRECTED)
    return f"{what}:{story}:{row.item_id}" if of_item else f"{what}:{story}"


def _replies(
    old: _Rows,
    new: _Rows | None,
    into: StoryId,
    address: Address,
    may_update: Callable[[Address, Sequence[Alert], datetime], bool],
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
            row.id, into, _key(row, into), state=AlertState.SKIPPED if soon else None, why=ONE_STORY if soon else ""
        )


def _edit(first: Alert, story: StoryId, at: datetime) -> NewAlert:
    return NewAlert(
        first.address, AlertKind.EDIT, f"edit:{story}", story, first.item_id, first.watch_ids, not_before=at
    )


def _last_word(refiled: Iterable[Refiled]) -> tuple[Refiled, ...]:
    """One change a row: what was said of it last."""
    last: Mapping[int, Refiled] = {each.alert_id: each for each in refiled}
    return tuple(last.values())
