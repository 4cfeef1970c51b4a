"""What the running process asks of the outbox and of the database as a whole, beyond the rows of the use cases."""

import asyncio
import contextlib
import fcntl
import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import URL, and_, bindparam, case, func, or_, select, update

from monitor.errors import StoreError
from monitor.store.column_types import UtcDateTime
from monitor.store.engine import PATIENCE, address_of, explained
from monitor.store.outbox_turns import is_asked, waits_for_digest
from monitor.store.sole_names import DEAD_AFTER, IN_USE, POOLED, SOLE_WORKER
from monitor.store.statements import Statements
from monitor.store.tables import (
    alerts,
    bot_pace,
    chats,
    feeds,
    holds,
    host_turns,
    is_open,
    is_unmatched,
    items,
    roles,
)
from monitor.types import Address, AlertState, Backlog, ChatKind, ChatState

if TYPE_CHECKING:
    import psycopg

ANSWER_SECONDS = 5.0  # that PostgreSQL may take for nothing at all, before the connection counts as lost


class ProcessRows(Statements):
    """Questions of the process about its queues."""

    def unmatched_count(self) -> int:
        """How many items no watchlist has seen yet."""
        row = self._row(select(func.count().label("rows")).select_from(items).where(is_unmatched(items)))
        return 0 if row is None else int(row.rows)

    def parked_count(self) -> int:
        """How many items wait for a person, parked."""
        row = self._row(select(func.count().label("rows")).select_from(items).where(items.c.parked_at.is_not(None)))
        return 0 if row is None else int(row.rows)

    def are_items_full(self, most: int) -> bool:
        """Whether at least `most` items wait for detection."""
        some = select(items.c.id).where(is_unmatched(items)).limit(most).subquery()
        row = self._row(select(func.count().label("rows")).select_from(some))
        return row is not None and row.rows >= most

    def backlog(self, *, now: datetime) -> Backlog:
        """The alerts that are due in chats that may be written to; a chat in a flood wait counts as well."""
        in_chats = and_(chats.c.chat_id == alerts.c.chat_id, chats.c.thread_id == alerts.c.thread_id)
        each = (
            select(
                func.count().label("rows"),
                func.min(case((~alerts.c.in_bulk, alerts.c.next_try_at))).label("since"),
                func.sum(case((alerts.c.in_bulk, 1), else_=0)).label("in_bulk"),
                func.max(case((chats.c.kind == ChatKind.PRIVATE.value, 1), else_=0)).label("is_private"),
            )
            .select_from(alerts)
            .join(chats, in_chats, isouter=True)
            .where(
                is_open(alerts),
                alerts.c.state == AlertState.PENDING,
                alerts.c.next_try_at <= now,
                ~waits_for_digest(now),
                or_(
                    func.coalesce(chats.c.state, ChatState.ACTIVE.value) == ChatState.ACTIVE.value,
                    and_(chats.c.state == ChatState.PAUSED.value, chats.c.paused_until <= now),
                ),
            )
            .group_by(alerts.c.chat_id)
        )
        of = each.subquery("of")
        row = self._row(
            select(
                func.sum(of.c.rows).label("rows"),
                func.min(of.c.since).label("since"),
                func.max(case((of.c.is_private == 1, of.c.rows))).label("private"),
                func.max(case((of.c.is_private == 0, of.c.rows))).label("group"),
                func.sum(of.c.in_bulk).label("in_bulk"),
            )
        )
        if row is None or row.rows is None:
            return Backlog()
        return Backlog(int(row.rows), row.since, row.private or 0, row.group or 0, int(row.in_bulk))

    def next_alert_at(self) -> datetime | None:
        """When the next pending alert may go out, rests, floods, pauses and digests counted; None: none may."""
        resumed = case((chats.c.state == ChatState.PAUSED.value, chats.c.paused_until))
        held = case((holds.c.until > alerts.c.next_try_at, holds.c.until), else_=alerts.c.next_try_at)
        told = case((waits_for_digest(alerts.c.next_try_at), chats.c.gather_until))
        free = case((told > held, told), else_=held)
        at = case((and_(resumed > free, ~is_asked(alerts)), resumed), else_=free)
        first = (
            select(at.label("at"))
            .select_from(alerts)
            .join(
                chats, and_(chats.c.chat_id == alerts.c.chat_id, chats.c.thread_id == alerts.c.thread_id), isouter=True
            )
            .join(holds, holds.c.chat_id == alerts.c.chat_id, isouter=True)
            .where(
                is_open(alerts),
                alerts.c.state == AlertState.PENDING,
                or_(
                    func.coalesce(chats.c.state, "active") == ChatState.ACTIVE,
                    resumed.is_not(None),
                    and_(chats.c.state == ChatState.PAUSED, is_asked(alerts)),
                ),
            )
            .order_by(at)
            .limit(1)
        )
        row = self._row(first)
        return None if row is None else row.at

    def last_message_id(self, address: Address) -> int:
        """The highest message id that was sent to a chat; 0 when none was."""
        row = self._row(select(func.max(alerts.c.message_id).label("id")).where(alerts.c.chat_id == address.chat_id))
        return int(row.id) if row is not None and row.id is not None else 0

    def clock_behind(self, *, now: datetime) -> timedelta:
        """How far the clock stands behind the newest poll on record, 0 or more: it was set back while nobody ran."""
        row = self._row(select(func.max(feeds.c.last_checked_at).label("at")))
        return max(row.at - now, timedelta(0)) if row is not None and row.at is not None else timedelta(0)

    def turn_back(self, by: timedelta, *, now: datetime) -> int:
        """The clock was set back: what was to come in an hour still comes in an hour; how many rows were changed.

        What was due becomes due again. A pause until a time of day stays: that is the clock's time.
        """
        moved = 0
        for table, key, column, due_now in (
            (feeds, feeds.c.id, feeds.c.next_check_at, True),
            (items, items.c.id, items.c.fulltext_at, True),
            (items, items.c.id, items.c.recheck_at, True),
            (alerts, alerts.c.id, alerts.c.next_try_at, True),
            (alerts, alerts.c.id, alerts.c.lease_until, False),  # a claim made since the clock was set is good
            (holds, holds.c.chat_id, holds.c.until, True),
            (holds, holds.c.chat_id, holds.c.flooded_until, True),
            # of several workers: what they have written since is good
            (roles, roles.c.name, roles.c.kept_until, False),
            (host_turns, host_turns.c.host, host_turns.c.free_at, False),
            (host_turns, host_turns.c.host, host_turns.c.held_until, False),
            (bot_pace, bot_pace.c.name, bot_pace.c.next_at, False),
            (bot_pace, bot_pace.c.name, bot_pace.c.held_until, False),
        ):
            after = now if due_now else now + by
            rows = self._rows(select(key.label("key"), column.label("at")).where(column > after))
            if rows:
                change = update(table).where(key == bindparam("of_row"))
                change = change.values({column: bindparam("earlier", type_=UtcDateTime())})
                earlier = [{"of_row": row.key, "earlier": max(now, row.at - by)} for row in rows]
                self._change(change, earlier)
                moved += len(rows)
        return moved


class DatabaseLock(Protocol):
    """The place of the only process that polls and delivers on a database."""

    async def is_kept(self) -> bool:
        """Whether it is still ours; one that got lost is taken again, and False means that somebody else has it.

        Raises StoreError while the database cannot be asked.
        """
        ...


@contextlib.asynccontextmanager
async def sole_worker(url: URL) -> AsyncIterator[DatabaseLock]:
    """Be the only process that polls and delivers on this database; a dead one's place is free at once.

    Two of them would ring twice for what the other is sending. Raises StoreError when somebody else is at work.
    """
    on_postgresql = url.get_backend_name() == "postgresql"
    database_lock = _Advisory(url) if on_postgresql else _Beside(Path(f"{url.database}.lock"))
    if not await database_lock.is_kept():
        raise StoreError(IN_USE)
    try:
        yield database_lock
    finally:
        await database_lock.leave()


class _Advisory:
    """An advisory lock of a PostgreSQL session: gone with its connection, which a restart or a proxy may cut.

    Behind a pooler a session is lent to many in turn, and would keep the lock when we are gone: there it is refused.
    """

    def __init__(self, url: URL) -> None:
        self._url = url
        self._connection: psycopg.AsyncConnection | None = None

    async def is_kept(self) -> bool:
        import psycopg  # here and below: 50 ms that SQLite does not need

        if self._connection is not None and await self._answers(self._connection):
            return True
        try:
            await self._take()
        except psycopg.Error as error:
            raise explained(error, self._url) from error
        return self._connection is not None

    async def _answers(self, connection: "psycopg.AsyncConnection") -> bool:
        import psycopg

        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await connection.execute("SELECT 1")
        except (psycopg.Error, TimeoutError):
            self._connection = None
            await connection.close()
            return False
        return True

    async def _take(self) -> None:
        import psycopg

        address = address_of(self._url)
        patience = {name: value for name, value in PATIENCE.items() if name not in self._url.query}
        # an open transaction would hold back VACUUM: the lock is the session's
        connection = await psycopg.AsyncConnection.connect(address, autocommit=True, **patience)  # type: ignore[arg-type]
        taken = False
        try:
            if connection.info.backend_pid != await self._pid(connection):
                raise StoreError(POOLED)
            cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", [SOLE_WORKER])
            row = await cursor.fetchone()
            taken = bool(row and row[0]) and not await self._is_worked_on(connection)
        finally:
            if not taken:
                await connection.close()
        self._connection = connection if taken else None

    async def _pid(self, connection: "psycopg.AsyncConnection") -> int:
        """Of the server's process; a pooler tells its clients another one, which it makes up."""
        row = await (await connection.execute("SELECT pg_backend_pid()")).fetchone()
        assert row is not None
        return int(row[0])

    async def _is_worked_on(self, connection: "psycopg.AsyncConnection") -> bool:
        """Whether a worker is alive there: those share a database, and let nobody have it to themselves."""
        known = await (await connection.execute("SELECT to_regclass('workers') IS NOT NULL")).fetchone()
        if not (known and known[0]):
            return False
        alive = "SELECT 1 FROM workers WHERE beat_at > clock_timestamp() - make_interval(secs => %s) LIMIT 1"
        return await (await connection.execute(alive, [DEAD_AFTER.total_seconds()])).fetchone() is not None

    async def leave(self) -> None:
        import psycopg

        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            with contextlib.suppress(psycopg.Error, TimeoutError):  # a session that ends frees the lock by itself
                async with asyncio.timeout(ANSWER_SECONDS):
                    await connection.execute("SELECT pg_advisory_unlock(%s)", [SOLE_WORKER])
        finally:
            await connection.close()


class _Beside:
    """A lock on a file beside SQLite's. Whoever deletes that file must not make room for a second process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIOWrapper | None = None

    async def is_kept(self) -> bool:
        if self._file is not None and self._is_there(self._file):
            return True
        await self.leave()
        file = open(self._path, "a")  # noqa: ASYNC230, SIM115 - opened once, and held until the end
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def _is_there(self, file: TextIOWrapper) -> bool:
        try:
            return os.path.samestat(os.stat(self._path), os.fstat(file.fileno()))
        except FileNotFoundError:
            return False

    async def leave(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
