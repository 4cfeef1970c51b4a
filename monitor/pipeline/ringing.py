"""Whether a new story rings in a chat by itself, replies to what its topic began with, or becomes a line there.

Pure, asked by alerts.py. What is one topic is stories/grouping/topics.py's. Nothing is lost: what does not ring is a
line, with its link, in a message of the same chat.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.pipeline.dedupe_keys import correction_key, edit_key
from monitor.stories.grouping.topics import NO_TOPIC, Topic
from monitor.types import Address, Alert, AlertKind, AlertState, NewAlert, Priority, Watch


@dataclass(frozen=True, slots=True)
class Lately:
    """The topic of an item, and the messages of the last days that each chat got about its topic and its watches."""

    topic: Topic = NO_TOPIC
    rows: Mapping[Address, Sequence[Alert]] = field(default_factory=dict)


NOTHING_LATELY = Lately()


def may_ring(watches: Iterable[Watch], told: Iterable[Alert], now: datetime) -> bool:
    """Whether any of these watches may still ring in a chat that got `told`; `priority: high` always may."""
    rows = [row for row in told if _stands(row)]
    return any(
        watch.rate is None
        or watch.priority is Priority.HIGH
        or sum(watch.id in row.watch_ids and now - row.created_at < watch.rate.within for row in rows) < watch.rate.most
        for watch in watches
    )


def as_it_goes_out(
    first: NewAlert, watches: Sequence[Watch], lately: Lately, *, now: datetime, edit_delay: timedelta
) -> list[NewAlert]:
    """The first message about a story: itself, a reply, or a line in another message with the edit that shows it."""
    rows = [row for row in lately.rows.get(first.address, ()) if _stands(row) and row.story_id != first.story_id]
    began = next((row for row in rows if row.kind is AlertKind.ALERT and row.story_id in lately.topic.stories), None)
    rings = may_ring(watches, rows, now)
    if rings and began is None:
        return [first]
    if first.address.is_outside:  # what was sent there cannot gain a line: the news would be lost
        return [first if began is None else replace(first, under=began.dedupe_key)]
    heard = {watch_id for row in rows if row.story_id in lately.topic.stories for watch_id in row.watch_ids}
    is_news = lately.topic.moves_on or may_ring([watch for watch in watches if watch.id not in heard], rows, now)
    if rings and began is not None and is_news:
        return [replace(first, under=began.dedupe_key)]
    names = {watch.id for watch in watches}
    over = began or next(row for row in reversed(rows) if names.intersection(row.watch_ids))
    line = replace(first, under=over.dedupe_key, is_line=True)
    return [line] if over.state is AlertState.PENDING else [line, _edit_of(over, now + edit_delay)]


def _edit_of(row: Alert, at: datetime) -> NewAlert:
    """The silent edit of a message that is to show a line more; one that is pending shows it when it is sent."""
    if row.story_id is None:
        raise ValueError(f"alert {row.id} is about no story")
    is_first = row.kind is AlertKind.ALERT
    key = edit_key(row.story_id) if is_first else correction_key(row.story_id, row.item_id)
    return NewAlert(row.address, AlertKind.EDIT, key, row.story_id, row.item_id, row.watch_ids, not_before=at)


def _stands(row: Alert) -> bool:
    """Whether a message is on the phone, or on its way there."""
    return row.state in (AlertState.PENDING, AlertState.SENDING) or (
        row.state is AlertState.SENT and row.message_id is not None
    )
