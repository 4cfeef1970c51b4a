"""How much came hour by hour, of each watch, each outlet and in all; and how much was told. Hours are UTC's whole ones.

Decides nothing and writes nothing; the database counts, so that a year of news is a few thousand rows.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from monitor.store.statements import Statements
from monitor.store.tables import alerts, daily_counts, items, matches
from monitor.types import AlertKind, AlertState, WatchId

LONGEST_WAIT = timedelta(days=1)  # of a message, from written to sent; a longer one is counted nowhere
Hours = dict[datetime, int]  # by the beginning of the hour; one without anything is left out


class HourRows(Statements):
    """Counts by hour."""

    def mentions_by_hour(self, *, since: datetime) -> dict[WatchId, Hours]:
        """How many stored items named each watch."""
        hour = self._hour()
        rows = (
            select(matches.c.watch_id, hour, func.count().label("named"))
            .join(items, items.c.id == matches.c.item_id)
            .where(items.c.at >= since)
            .group_by(matches.c.watch_id, hour)
        )
        found: defaultdict[WatchId, Hours] = defaultdict(dict)
        for row in self._rows(rows):
            found[WatchId(row.watch_id)][_moment(row.hour)] = row.named
        return dict(found)

    def items_by_hour(self, *, since: datetime) -> dict[str, Hours]:
        """How many items each outlet published."""
        hour = self._hour()
        rows = select(items.c.outlet, hour, func.count().label("told")).where(items.c.at >= since)
        found: defaultdict[str, Hours] = defaultdict(dict)
        for row in self._rows(rows.group_by(items.c.outlet, hour)):
            found[row.outlet][_moment(row.hour)] = row.told
        return dict(found)

    def first_counted(self, watch_id: WatchId) -> date | None:
        """The first day on which a watch was in the news, however long ago."""
        first = select(func.min(daily_counts.c.day).label("day")).where(daily_counts.c.watch_id == watch_id)
        row = self._row(first)
        return None if row is None else row.day

    def told_by_hour(self, *, since: datetime) -> Hours:
        """How many messages left for readers, by when they were settled; edits are none."""
        hour, a = self._hour(alerts.c.settled_at), alerts.c
        sent = (a.state == AlertState.SENT.value, a.kind != AlertKind.EDIT.value, a.settled_at >= since)
        # what waited for longer than a day and left since is left out: the index goes by when a message was written
        rows = select(hour, func.count().label("told")).where(a.created_at >= since - LONGEST_WAIT, *sent)
        return {_moment(row.hour): row.told for row in self._rows(rows.group_by(hour))}

    def stored_by_hour(self, *, since: datetime) -> Hours:
        """How many items were published."""
        hour = self._hour()
        rows = select(hour, func.count().label("told")).where(items.c.at >= since).group_by(hour)
        return {_moment(row.hour): row.told for row in self._rows(rows)}

    def _hour(self, at: ColumnElement[datetime] | None = None) -> ColumnElement[str]:
        """The hour of an item, or of another moment, as text, 2026-08-23 05; SQLite keeps moments in these letters."""
        moment = items.c.at if at is None else at
        if self._on_postgresql:
            return func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD HH24").label("hour")
        return func.substr(moment, 1, 13).label("hour")


def _moment(hour: str) -> datetime:
    return datetime.fromisoformat(f"{hour}:00").replace(tzinfo=UTC)  # strptime takes ten times as long
