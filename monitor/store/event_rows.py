"""What open pages are told: a log of news events, in an order in which no reader misses one that commits late.

Decides neither who is shown an event nor what of it (web/live.py); an event says which row to look at, and no more.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from sqlalchemy import BigInteger, ColumnElement, Text, bindparam, cast, delete, func, insert, literal, select, tuple_

from monitor.store.column_types import Id
from monitor.store.statements import Statements
from monitor.store.tables import alerts, items, matches, news_events, row_id, row_ids, stories
from monitor.types import Alert, AlertKind, StoryId

_ON_THE_WIRE = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")


class EventKind(StrEnum):
    """What happened: a story came or changed what it shows; somebody was told of one."""

    STORY = "story"
    ALERT = "alert"


@dataclass(frozen=True, slots=True, order=True)
class EventNumber:
    """Which event, and its place among all: `xact` is PostgreSQL's transaction, 0 on SQLite. As text `XACT-ID`."""

    xact: int = 0
    id: int = 0

    def __str__(self) -> str:
        return f"{self.xact}-{self.id}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The number that a text is; None for what is none."""
        found = _ON_THE_WIRE.fullmatch(text)
        return None if found is None else cls(int(found[1]), int(found[2]))


NO_EVENT = EventNumber()  # before all


@dataclass(frozen=True, slots=True)
class NewsEvent:
    """One line of the log. `alert_id` names what was sent; the story may be another one by now (merged), or gone."""

    number: EventNumber
    kind: EventKind
    story_id: StoryId | None
    alert_id: int | None
    at: datetime


_XACT = cast(cast(func.pg_current_xact_id(), Text), BigInteger)  # of the transaction that writes
_ALL_DONE = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger)
_NOT_YET = cast(cast(func.pg_snapshot_xmax(func.pg_current_snapshot()), Text), BigInteger)
_E = news_events.c
_NOW = bindparam("now", type_=_E.at.type)


def _xact(on_postgresql: bool) -> ColumnElement[int]:
    return _XACT if on_postgresql else literal(0, BigInteger)


# built once: they run with every message
_ONE = {
    on_postgresql: insert(news_events).values(
        xact=_xact(on_postgresql),
        kind=bindparam("of_kind", type_=_E.kind.type),
        story_id=bindparam("of_story", type_=Id),
        alert_id=bindparam("of_alert", type_=Id),
        at=_NOW,
    )
    for on_postgresql in (False, True)
}
_OF_DIGEST = {
    on_postgresql: insert(news_events).from_select(
        ["xact", "kind", "story_id", "alert_id", "at"],
        select(_xact(on_postgresql), literal(EventKind.ALERT.value, Text), alerts.c.story_id, alerts.c.id, _NOW).where(
            alerts.c.digest_id == bindparam("of_digest", type_=Id), alerts.c.story_id.is_not(None)
        ),
    )
    for on_postgresql in (False, True)
}


class EventRows(Statements):
    """The log for open pages.

    Numbers of rows are drawn before a commit: of two transactions the one with the lower number may commit last, and a
    reader that had gone past it would never see it. So on PostgreSQL a row carries its transaction, and only rows are
    read whose transaction is older than all that still run: among them none can come any more. On SQLite one
    transaction writes at a time.
    """

    def note_stories(self, story_ids: Collection[StoryId], *, now: datetime) -> None:
        """Tell open pages that these stories came or changed; those that name no watch are nobody's news."""
        if not story_ids:
            return
        named = select(matches.c.item_id).join(items, items.c.id == matches.c.item_id)
        mine = select(
            _xact(self._on_postgresql), literal(EventKind.STORY.value, Text), stories.c.id, literal(now, _E.at.type)
        )
        mine = mine.where(
            self._one_of(stories.c.id, row_ids(story_ids)),
            named.where(items.c.story_id == stories.c.id).correlate(stories).exists(),
        )
        self._change(insert(news_events).from_select(["xact", "kind", "story_id", "at"], mine))

    def note_merged(self, gone: StoryId, *, now: datetime) -> None:
        """Tell open pages that this story is a part of another one now."""
        event = {"of_kind": EventKind.STORY.value, "of_story": row_id(gone), "of_alert": None, "now": now}
        self._change(_ONE[self._on_postgresql], event)

    def note_sent(self, alert: Alert, *, now: datetime) -> None:
        """Tell open pages that a chat was told of a story, or by a digest of several. An edit tells nobody."""
        if alert.kind is AlertKind.DIGEST:
            self._change(_OF_DIGEST[self._on_postgresql], {"of_digest": alert.id, "now": now})
        elif alert.kind in (AlertKind.ALERT, AlertKind.UPDATE) and alert.story_id is not None:
            told = {"of_kind": EventKind.ALERT.value, "of_story": row_id(alert.story_id), "of_alert": alert.id}
            self._change(_ONE[self._on_postgresql], told | {"now": now})

    def last_event(self) -> EventNumber:
        """The last one that can be read now; whoever reads on from there misses none."""
        rows = select(_E.xact, _E.id).where(_E.xact >= 0, *self._done())  # all: one step into the index, and no walk
        row = self._row(rows.order_by(_E.xact.desc(), _E.id.desc()).limit(1))
        return NO_EVENT if row is None else EventNumber(row.xact, row.id)

    def events_after(self, number: EventNumber, *, limit: int) -> list[NewsEvent]:
        """The next ones, in their order."""
        later = tuple_(_E.xact, _E.id) > tuple_(literal(number.xact, BigInteger), literal(number.id, BigInteger))
        rows = select(news_events).where(later, *self._done()).order_by(_E.xact, _E.id).limit(limit)
        return [
            NewsEvent(
                EventNumber(row.xact, row.id),
                EventKind(row.kind),
                None if row.story_id is None else StoryId(str(row.story_id)),
                row.alert_id,
                row.at,
            )
            for row in self._rows(rows)
        ]

    def has_event(self, number: EventNumber) -> bool:
        """Whether one can read on from there: the event is still kept, or it is before all and none was swept."""
        if number == NO_EVENT:
            first = self._row(select(func.min(_E.id).label("id")))
            return first is None or first.id is None or first.id == 1
        return self._row(select(_E.id).where(_E.id == number.id, _E.xact == number.xact)) is not None

    def forget_foreign_events(self) -> int:
        """Empty the log where it comes from another cluster, whose transactions count otherwise; how many rows went.

        That is so when a row that is seen belongs to a transaction that has not begun. For the start of a service.
        """
        if not self._on_postgresql:
            return 0
        foreign = select(_E.id).where(_E.xact >= _NOT_YET).exists()
        return self._change(delete(news_events).where(foreign))

    def sweep_events(self, *, before: datetime) -> int:
        """Delete what was written before then; how many rows went."""
        return self._change(delete(news_events).where(_E.at < before))

    def _done(self) -> tuple[ColumnElement[bool], ...]:
        return (_E.xact < _ALL_DONE,) if self._on_postgresql else ()
