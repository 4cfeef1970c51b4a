"""Roles: what only one worker at a time may do, held for some seconds and kept by saying so again.

Rows and not advisory locks of a session: those do not exist behind PgBouncer in transaction mode, and the session of a
machine that vanished stays for a minute. On SQLite nobody asks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Interval, case, func, literal, or_, select, type_coerce, update

from monitor.errors import RoleLost
from monitor.store.column_types import UtcDateTime
from monitor.store.statements import Statements
from monitor.store.tables import roles

KEPT = timedelta(seconds=4)  # a holder says each second that it is there; silent for so long, another one takes over


def db_now(after: timedelta = timedelta(0)) -> ColumnElement[datetime]:
    """The database's clock, at this very statement or so long after: `now()` would be the begin of the transaction."""
    clock = func.clock_timestamp(type_=DateTime(timezone=True))
    return type_coerce(clock + literal(after, Interval()) if after else clock, UtcDateTime())


def ends_if_silent_for(span: timedelta) -> ColumnElement[str]:
    """Selected in a transaction: PostgreSQL undoes it when nothing more of it comes for so long.

    Whoever vanishes or is stopped in the middle of it would keep its locks until TCP gives up on it, in hours.
    """
    return func.set_config("idle_in_transaction_session_timeout", str(span // timedelta(milliseconds=1)), True)


@dataclass(frozen=True, slots=True)
class RoleSeen:
    """A role as everybody sees it: who holds it (None: nobody), its fence, and for how long it has been free."""

    name: str
    worker_id: str | None
    fence: int
    free_for: timedelta = timedelta(0)


class RoleRows(Statements):
    """Who holds which role."""

    def roles_seen(self) -> list[RoleSeen]:
        """All that were ever held, by name."""
        held = case((roles.c.kept_until > db_now(), roles.c.worker_id)).label("holder")
        free_for = (db_now() - roles.c.kept_until).label("free_for")
        return [
            RoleSeen(row.name, row.holder, row.fence, timedelta(0) if row.holder else row.free_for)
            for row in self._rows(select(roles.c.name, roles.c.fence, held, free_for).order_by(roles.c.name))
        ]

    def keep_role(self, name: str, worker_id: str) -> int | None:
        """Take the role if it is free, or keep it for another KEPT; its fence, None while another worker holds it."""
        free = or_(roles.c.worker_id.is_(None), roles.c.kept_until <= db_now())
        until = db_now(KEPT)
        kept = update(roles).where(roles.c.name == name, roles.c.worker_id == worker_id, roles.c.kept_until > db_now())
        row = self._written(kept.values(kept_until=until))
        if row is None:
            taken = update(roles).where(roles.c.name == name, free)
            change = {"worker_id": worker_id, "fence": roles.c.fence + 1, "taken_at": db_now(), "kept_until": until}
            row = self._written(taken.values(change))
        if row is None:
            first = self._insert(roles).values(
                name=name, worker_id=worker_id, fence=1, taken_at=db_now(), kept_until=until
            )
            row = self._written(first.on_conflict_do_nothing())
        return row

    def keeps_role(self, name: str) -> bool:
        """Whether this worker holds the role at this moment, by the database's clock."""
        kept = (roles.c.name == name, roles.c.worker_id == self.worker, roles.c.kept_until > db_now())
        return self._row(select(roles.c.name).where(*kept)) is not None

    def taken_roles(self, worker_id: str) -> set[str]:
        """Roles that another worker holds at this moment: one look, where to ask for each would be three statements."""
        others = (roles.c.worker_id.is_not(None), roles.c.worker_id != worker_id, roles.c.kept_until > db_now())
        return {row.name for row in self._rows(select(roles.c.name).where(*others))}

    def _written(self, statement: Any) -> int | None:
        rows = self._rows(statement.returning(roles.c.fence))
        return int(rows[0].fence) if rows else None

    def leave_role(self, name: str, worker_id: str) -> None:
        """Give a role back: whoever asks next has it at once."""
        mine = (roles.c.name == name, roles.c.worker_id == worker_id)
        self._change(update(roles).where(*mine).values(worker_id=None, kept_until=db_now()))

    def check_fence(self, name: str, fence: int) -> None:
        """See that the role has not changed hands since `fence`, and that it does not until this transaction ends.

        Raises RoleLost when it has.
        """
        held = select(roles.c.fence, ends_if_silent_for(KEPT)).where(roles.c.name == name)
        row = self._row(held.with_for_update(read=True, key_share=True))
        if row is None or row.fence != fence:
            raise RoleLost(f"another worker holds the role {name} by now")
