"""What the running process asks of the outbox and of the database as a whole, beyond the desks of the use cases."""

import contextlib
import fcntl
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, and_, case, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from monitor.errors import StoreError
from monitor.store.desk import Desk
from monitor.store.tables import alerts, chats, holds, is_unmatched, items
from monitor.types import Address, AlertState, ChatState

SOLE_WORKER = 7_110_003  # the name of an advisory lock of PostgreSQL: any number that nobody else takes
IN_USE = "another monitor works on this database: stop it first, or give this one its own MONITOR_DATABASE_URL"


class ProcessDesk(Desk):
    """Questions of the process about its queues."""

    async def unmatched_count(self) -> int:
        """How many items no watchlist has seen yet."""
        row = await self._row(select(func.count().label("rows")).select_from(items).where(is_unmatched(items)))
        return 0 if row is None else int(row.rows)

    async def next_alert_at(self) -> datetime | None:
        """When the next pending alert may go out, rests and floods of its chat counted; None: none may."""
        at = case((holds.c.until > alerts.c.next_try_at, holds.c.until), else_=alerts.c.next_try_at)
        first = (
            select(at.label("at"))
            .select_from(alerts)
            .join(
                chats, and_(chats.c.chat_id == alerts.c.chat_id, chats.c.thread_id == alerts.c.thread_id), isouter=True
            )
            .join(holds, holds.c.chat_id == alerts.c.chat_id, isouter=True)
            .where(alerts.c.state == AlertState.PENDING, func.coalesce(chats.c.state, "active") == ChatState.ACTIVE)
            .order_by(at)
            .limit(1)
        )
        row = await self._row(first)
        return None if row is None else row.at

    async def last_message_id(self, address: Address) -> int:
        """The highest message id that was sent to a chat; 0 when none was."""
        row = await self._row(
            select(func.max(alerts.c.message_id).label("id")).where(alerts.c.chat_id == address.chat_id)
        )
        return int(row.id) if row is not None and row.id is not None else 0


@contextlib.asynccontextmanager
async def sole_worker(engine: AsyncEngine, url: URL) -> AsyncIterator[None]:
    """Be the only process that polls and delivers on this database; a dead one's place is free at once.

    Two of them would ring twice for what the other is sending. Raises StoreError when somebody else is at work.
    """
    if engine.dialect.name == "postgresql":
        async with engine.connect() as connection:
            taken = await connection.scalar(text("SELECT pg_try_advisory_lock(:name)"), {"name": SOLE_WORKER})
            await connection.commit()  # the lock is the session's; an open transaction would hold back VACUUM
            if not taken:
                raise StoreError(IN_USE)
            try:
                yield
            finally:
                with contextlib.suppress(DBAPIError):  # a server that went away has freed the lock itself
                    await connection.execute(text("SELECT pg_advisory_unlock(:name)"), {"name": SOLE_WORKER})
                    await connection.commit()
        return
    with open(Path(f"{url.database}.lock"), "a") as place:  # noqa: ASYNC230 - a file beside the database, opened once
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(IN_USE) from None
        yield
