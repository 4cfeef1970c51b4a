"""Who works on this database: the rows of workers, and what the dead ones held given back.

One clock counts, the database's: those of several machines differ. Decides nothing of the newsroom's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from monitor.errors import StoreError
from monitor.store.outbox_rows import IS_SENDING, OutboxRows
from monitor.store.role_rows import KEPT, db_now, ends_if_silent_for
from monitor.store.sole_names import DEAD_AFTER, IN_USE, SOLE_WORKER
from monitor.store.tables import alerts, feeds, items, roles, workers
from monitor.store.upgrading import see_that_schema_fits

KEPT_FOR = timedelta(hours=1)  # a dead worker's row, for whoever wants to know


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that works on the database, as it says of itself; `clock_ahead` of the database's clock."""

    id: str
    host: str
    pid: int
    version: str
    schema: str
    parts: tuple[str, ...]
    page: str = ""
    trouble: str = ""
    clock_ahead: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker as the others see it: silent for so long; `roles` are those that it holds."""

    worker: Worker
    started_at: datetime
    beat_at: datetime
    silent_for: timedelta
    roles: tuple[str, ...] = ()

    @property
    def is_alive(self) -> bool:
        """Whether what it holds is still its own."""
        return self.silent_for < DEAD_AFTER


class WorkerRows(OutboxRows):
    """Workers."""

    @property
    def has_workers(self) -> bool:
        """Whether this is a database that several workers may share."""
        return self._on_postgresql

    def beat(self, worker: Worker) -> datetime:
        """Say that this worker is alive; the database's time. Its first beat makes its row.

        Raises StoreError while a restore or an import has the database to itself, and WrongSchema when another release
        has changed the schema in such a way that this one can work no more.
        """
        if self._on_postgresql:
            # the roles that it keeps are rows that all others wait for
            alone = func.pg_try_advisory_xact_lock_shared(SOLE_WORKER).label("got")
            shared = self._row(select(alone, ends_if_silent_for(KEPT)))
            if shared is None or not shared.got:
                raise StoreError(IN_USE)
        see_that_schema_fits(self._connection)
        values = {
            "host": worker.host,
            "pid": worker.pid,
            "version": worker.version,
            "schema": worker.schema,
            "parts": ",".join(worker.parts),
            "page": worker.page,
            "trouble": worker.trouble,
            "clock_ahead": worker.clock_ahead,
            "beat_at": db_now(),
        }
        insert = self._insert(workers).values(id=worker.id, started_at=db_now(), **values)
        self._change(insert.on_conflict_do_update(index_elements=[workers.c.id], set_=values))
        row = self._row(select(workers.c.beat_at).where(workers.c.id == worker.id))
        assert row is not None
        at: datetime = row.beat_at
        return at

    def workers(self) -> list[WorkerSeen]:
        """All that are alive, and the dead of the last hour; the oldest first."""
        now = db_now().label("now")
        held = self._rows(select(roles.c.name, roles.c.worker_id).where(roles.c.kept_until > db_now()))
        return [
            WorkerSeen(
                Worker(
                    row.id,
                    row.host,
                    row.pid,
                    row.version,
                    row.schema,
                    tuple(row.parts.split(",")) if row.parts else (),
                    row.page,
                    row.trouble,
                    row.clock_ahead,
                ),
                row.started_at,
                row.beat_at,
                row.now - row.beat_at,
                tuple(sorted(each.name for each in held if each.worker_id == row.id)),
            )
            for row in self._rows(select(workers, now).order_by(workers.c.started_at, workers.c.id))
        ]

    def end_worker(self, worker_id: str) -> None:
        """A worker that stops by itself: what it holds is free at once."""
        self._change(delete(workers).where(workers.c.id == worker_id))

    def free_dead(self, *, now: datetime) -> int:
        """Give back what workers hold that have been silent for DEAD_AFTER, or are gone; how many alerts that were.

        Feeds and articles are due at once. An alert that was on its way is tried again as after any interruption
        (attempts.py): most of a claim's time goes by before the wire. A host's turn is freed by whoever wants it next
        (take_host): how long it rests then is theirs to say.
        """
        self._change(
            update(feeds)
            .where(feeds.c.leased, _is_nobodys(feeds.c.leased_by))
            .values(next_check_at=now, leased=False, leased_by=None)
        )
        for by, at in ((items.c.fulltext_by, items.c.fulltext_at), (items.c.recheck_by, items.c.recheck_at)):
            self._change(update(items).where(by.is_not(None), at.is_not(None), is_dead(by)).values({by: None, at: now}))
        lost = select(alerts).where(IS_SENDING, _is_nobodys(alerts.c.leased_by)).with_for_update(skip_locked=True)
        freed = self._interrupt(self._rows(lost), now=now)
        self._change(delete(workers).where(workers.c.beat_at < db_now(-KEPT_FOR)))
        return freed


def is_dead(by: ColumnElement[str]) -> ColumnElement[bool]:
    """Of a row that `by` holds: that worker is silent."""
    alive = select(workers.c.id).where(workers.c.id == by, workers.c.beat_at > db_now(-DEAD_AFTER))
    return and_(by.is_not(None), ~alive.exists())


def _is_nobodys(by: ColumnElement[str]) -> ColumnElement[bool]:
    """The same, or it was claimed without a name, as by earlier releases."""
    return or_(by.is_(None), is_dead(by))
