"""What waits for a person: items and alerts that failed again and again, alerts that may or may not have arrived.

Decides about none of them: an admin does, who tries again or drops.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, true, update

from monitor.store.statements import Statements
from monitor.store.tables import Values, alerts, is_troubled, items, stories
from monitor.types import AlertState, StuckAlert

DROPPED = "dropped by an admin"
MOST_DIGITS = 18  # of a row's number in 64 bits

_is_stuck = and_(is_troubled(alerts), alerts.c.state.in_([AlertState.UNCERTAIN.value, AlertState.PARKED.value]))


class StuckRows(Statements):
    """Rows that no queue moves any more."""

    def stuck_alerts(self) -> list[StuckAlert]:
        """Alerts that may or may not have arrived, and those that cannot be put on the wire; the oldest first."""
        return self._alerts(_is_stuck)

    def refused_alerts(self, *, since: datetime) -> list[StuckAlert]:
        """Alerts that were refused for good since then; the oldest first."""
        refused = alerts.c.state == AlertState.REFUSED.value
        return self._alerts(and_(is_troubled(alerts), refused, alerts.c.settled_at >= since))

    def _alerts(self, mine: ColumnElement[bool]) -> list[StuckAlert]:
        rows = select(alerts, stories.c.title).join(stories, stories.c.id == alerts.c.story_id, isouter=True)
        return [
            StuckAlert(
                row.id,
                row.chat_id,
                row.title or row.text,
                row.why,
                row.settled_at or row.created_at,
                AlertState(row.state),
            )
            for row in self._rows(rows.where(mine).order_by(alerts.c.id))
        ]

    def end_stuck(self, name: str, *, again: bool, now: datetime) -> int:
        """Try again, or let go of, what is called item:12, alert:7 or all; how many rows that were.

        An alert that was refused is tried again by its number alone: of all, most would be refused once more. An alert
        that is sent again may be a reader's second copy. Raises ValueError for any other name.
        """
        kind, _, number = name.partition(":")
        ids = [int(number)] if number.isascii() and number.isdecimal() and len(number) <= MOST_DIGITS else None
        if name == "all":
            return self._end_parked(true(), again, now) + self._end_stuck_alerts(_is_stuck, again, now)
        if kind == "item" and ids:
            return self._end_parked(self._one_of(items.c.id, ids), again, now)
        if kind == "alert" and ids:
            return self._end_stuck_alerts(and_(is_troubled(alerts), self._one_of(alerts.c.id, ids)), again, now)
        raise ValueError(f"{name!r} is neither item:NUMBER nor alert:NUMBER nor all")

    def _end_parked(self, mine: ColumnElement[bool], again: bool, now: datetime) -> int:
        values: Values = {"parked_at": None, "match_failures": 0} if again else {"parked_at": None, "matched_at": now}
        return self._change(update(items).where(items.c.parked_at.is_not(None), mine).values(values))

    def _end_stuck_alerts(self, mine: ColumnElement[bool], again: bool, now: datetime) -> int:
        values: Values = {"settled_at": now}
        if again:
            values |= {"state": AlertState.PENDING, "attempts": 0, "next_try_at": now}
        else:
            values |= {"state": AlertState.SKIPPED, "why": DROPPED}
        return self._change(update(alerts).where(mine).values(values))
