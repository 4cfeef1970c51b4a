"""Who changed what of the installation, and the changes that were proposed and wait for a yes.

Knows no file and no chat: what `before` and `after` hold is the business of whoever writes them. A proposal is a row
like any other, so that a restart between question and answer loses nothing.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, select, update

from monitor.store.statements import AnyRow, Statements
from monitor.store.tables import changes
from monitor.types import ChangeAction, LoggedChange, NewChange

_is_log = changes.c.action != ChangeAction.PROPOSED.value
_EDITS = (ChangeAction.EDIT.value, ChangeAction.FILE.value)
_is_waiting = and_(changes.c.action == ChangeAction.PROPOSED.value, changes.c.undone_at.is_(None))


def _waits(number: int) -> ColumnElement[bool]:
    return and_(changes.c.id == number, _is_waiting)


def _forgotten(now: datetime) -> dict[str, object]:
    return {"undone_at": now, "before": "", "after": ""}


class ChangeRows(Statements):
    """The log of changes."""

    def add_change(self, change: NewChange, *, now: datetime) -> int:
        """Write one; its number."""
        values: dict[str, Any] = {
            "at": now,
            "chat_id": change.chat_id,
            "user_id": change.user_id,
            "who": change.who,
            "action": change.action.value,
            "what": change.what,
            "before": change.before,
            "after": change.after,
        }
        row = self._rows(insert(changes).returning(changes.c.id), [values])[0]
        return int(row.id)

    def change(self, number: int) -> LoggedChange | None:
        """One by its number."""
        row = self._row(select(changes).where(changes.c.id == number))
        return None if row is None else _change_of(row)

    def confirm_change(self, number: int, action: ChangeAction, *, by: NewChange, now: datetime) -> bool:
        """Make a proposal what was done, by whoever said yes; False when it is none any more."""
        values = {"action": action.value, "at": now, "who": by.who, "user_id": by.user_id, "chat_id": by.chat_id}
        return self._change(update(changes).where(_waits(number)).values(values)) == 1

    def drop_proposal(self, number: int, *, now: datetime) -> bool:
        """Forget what was proposed; False when it is no proposal any more. The row stays: a number is not given twice,
        or an old button would say yes to something else.
        """
        return self._change(update(changes).where(_waits(number)).values(_forgotten(now))) == 1

    def drop_proposals(self, *, before: datetime, now: datetime) -> int:
        """Forget the proposals that nobody has answered since then; how many."""
        old = and_(_is_waiting, changes.c.at < before)
        return self._change(update(changes).where(old).values(_forgotten(now)))

    def last_edit(self) -> LoggedChange | None:
        """The newest change of a watch, or of a file of watches, that was not taken back."""
        mine = and_(changes.c.action.in_(_EDITS), changes.c.undone_at.is_(None))
        row = self._row(select(changes).where(mine).order_by(changes.c.id.desc()).limit(1))
        return None if row is None else _change_of(row)

    def mark_undone(self, number: int, *, now: datetime) -> bool:
        """Note that a change was taken back; False when it was before."""
        mine = and_(changes.c.id == number, changes.c.undone_at.is_(None))
        return self._change(update(changes).where(mine).values(undone_at=now)) == 1

    def changes_made(self, *, limit: int, skip: int = 0, actions: Collection[ChangeAction] = ()) -> list[LoggedChange]:
        """What was done, newest first, without proposals; `actions`: of these kinds alone."""
        wanted = and_(_is_log, changes.c.action.in_([each.value for each in actions])) if actions else _is_log
        # by number within a moment: a clock may stand
        newest = select(changes).where(wanted).order_by(changes.c.at.desc(), changes.c.id.desc())
        return [_change_of(row) for row in self._rows(newest.limit(limit).offset(skip))]

    def changes_count(self) -> int:
        """How many there are, without proposals."""
        row = self._row(select(func.count()).select_from(changes).where(_is_log))
        return 0 if row is None else int(row[0])


def _change_of(row: AnyRow) -> LoggedChange:
    return LoggedChange(
        row.id,
        row.at,
        ChangeAction(row.action),
        what=row.what,
        who=row.who,
        chat_id=row.chat_id,
        user_id=row.user_id,
        before=row.before,
        after=row.after,
        undone_at=row.undone_at,
    )
