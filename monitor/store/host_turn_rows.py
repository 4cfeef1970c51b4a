"""Which worker may ask which host now, and how long each host rests: one request a host at a time, by all workers.

By the database's clock. Decides neither how long a host rests nor how long a request may take. On SQLite nobody asks.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Interval, and_, bindparam, delete, func, or_, select, type_coerce, update
from sqlalchemy.dialects.postgresql import insert

from monitor.store.column_types import Prose, UtcDateTime
from monitor.store.role_rows import db_now
from monitor.store.statements import Statements
from monitor.store.tables import host_turns
from monitor.store.worker_rows import is_dead

KEPT_FOR = timedelta(hours=1)  # the row of a host that nobody asks any more


@dataclass(frozen=True, slots=True)
class HostTurn:
    """Whether the host may be asked now. If not: how long it rests; None while another worker asks it."""

    is_ours: bool
    rests: timedelta | None = None


_at = func.clock_timestamp()
_span = bindparam("span", type_=Interval())
_host, _worker = bindparam("of_host", type_=Prose()), bindparam("of_worker", type_=Prose())
_in_a_while: Any = type_coerce(_at + _span, UtcDateTime())

_is_free = and_(
    host_turns.c.free_at <= _at,
    # its own: it could not be given back, and within a process nobody else asks this host
    or_(host_turns.c.worker_id.is_(None), host_turns.c.worker_id == _worker),
)
_is_lost = or_(host_turns.c.held_until <= _at, is_dead(host_turns.c.worker_id))
_of_host = host_turns.c.host == _host
# in vain it locks nothing and writes nothing, as an upsert would: whoever waits asks it again and again
TAKE = (
    update(host_turns)
    .where(_of_host, _is_free)
    .values(worker_id=_worker, held_until=_in_a_while)
    .returning(host_turns.c.host)
)
LOOK = select(
    type_coerce(host_turns.c.free_at - _at, Interval()).label("rests"),
    host_turns.c.worker_id.is_not(None).label("is_asked"),
    _is_lost.label("is_lost"),
).where(_of_host)
TAKE_NEW = (
    insert(host_turns)
    .values(host=_host, worker_id=_worker, held_until=_in_a_while, free_at=db_now())
    .on_conflict_do_nothing()
    .returning(host_turns.c.host)
)
_rests = {"worker_id": None, "held_until": None, "free_at": _in_a_while}
END_LOST = update(host_turns).where(_of_host, _is_lost).values(_rests)
GIVE_BACK = (
    update(host_turns)
    .where(_of_host, host_turns.c.worker_id == _worker)
    .values(_rests)
    # nobody waits for the disk: what a power cut takes back is the turn's end, and it runs out by itself
    .returning(func.set_config("synchronous_commit", "off", True))
)


class HostTurnRows(Statements):
    """Turns of hosts."""

    def take_host(self, host: str, *, hold: timedelta, spacing: timedelta) -> HostTurn:
        """Take a host that nobody asks and that has rested, for `hold` at most.

        The turn of a worker that is dead, or that had it for longer than its `hold`, ends now: the host rests for
        `spacing` from here on, as after any request.
        """
        mine = {"of_host": host, "of_worker": self.worker, "span": hold}
        if self._rows(TAKE, mine):
            return HostTurn(is_ours=True)
        row = next(iter(self._rows(LOOK, {"of_host": host})), None)
        if row is None:
            return HostTurn(is_ours=bool(self._rows(TAKE_NEW, mine)))
        if row.is_lost:
            self._change(END_LOST, {"of_host": host, "span": spacing})
            return HostTurn(is_ours=False, rests=spacing)
        return HostTurn(is_ours=False, rests=None if row.is_asked else max(row.rests, timedelta(0)))

    def give_host_back(self, host: str, *, spacing: timedelta) -> None:
        """This worker's request has ended: the host rests for `spacing`. Nothing when the turn is not its own."""
        self._rows(GIVE_BACK, {"of_host": host, "of_worker": self.worker, "span": spacing})

    def sweep_hosts(self) -> None:
        """Forget hosts that nobody has asked for a while."""
        idle = (host_turns.c.worker_id.is_(None), host_turns.c.free_at < db_now(-KEPT_FOR))
        self._change(delete(host_turns).where(*idle))
