"""The store: transactions on SQLite (one file) or PostgreSQL, by the same code.

Each topic has its rows in a file; here they become one transaction. Reads no clock and awaits nothing outside.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from datetime import tzinfo
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

import aiosqlite
from sqlalchemy import URL
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from monitor.store import engine as engines
from monitor.store.abstract_rows import AbstractRows
from monitor.store.chat_rows import ChatRows
from monitor.store.fact_rows import FactRows
from monitor.store.feed_rows import FeedRows
from monitor.store.fulltext_rows import FulltextRows
from monitor.store.item_rows import ItemRows
from monitor.store.outbox_rows import OutboxRows
from monitor.store.process_rows import DatabaseLock, ProcessRows, sole_worker
from monitor.store.quote_rows import QuoteRows
from monitor.store.story_rows import StoryRows
from monitor.store.stuck_rows import StuckRows
from monitor.store.sweep_rows import SweepRows
from monitor.store.version_rows import VersionRows

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
PAGES_GIVEN_BACK = 2_500  # of 4 kB, a sweep: at most 10 MB, so that no writer waits for long


class Transaction(
    FeedRows,
    StoryRows,
    VersionRows,
    ItemRows,
    FulltextRows,
    SweepRows,
    OutboxRows,
    ChatRows,
    QuoteRows,
    AbstractRows,
    StuckRows,
    FactRows,
    ProcessRows,
):
    """The rows of all topics inside one transaction."""


class Store:
    """Transactions on one database. Made by open_store; close it, or use it as a context.

    On SQLite one writer of this process is let in at a time: others would only spin on the file's lock. Raises
    StoreError when the database goes away, is full, or is held by another process for too long.
    """

    def __init__(self, engine: AsyncEngine, url: URL, *, zone: tzinfo) -> None:
        self._engine = engine
        self._url = url
        self._zone = zone
        if engine.dialect.name == "postgresql":
            self._turn: asyncio.Lock | nullcontext[None] = nullcontext()
            self._writer = engine
            # one snapshot for all reads of a block, as SQLite gives it
            self._reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        else:
            self._turn = asyncio.Lock()
            self._writer = engine.execution_options(**{engines.BEGIN: "BEGIN IMMEDIATE"})
            self._reader = engine

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """A writing transaction: committed at the end of the block, undone by an exception."""
        async with self._turn:
            async with self._transaction(self._writer, writing=True) as tx:
                yield tx
            if tx.swept:
                await self._give_back_pages()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A reading one, which takes no write lock and sees one state of the database; writing in it raises."""
        async with self._transaction(self._reader, writing=False) as tx:
            yield tx

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine, *, writing: bool) -> AsyncIterator[Transaction]:
        try:
            async with engine.begin() as connection:
                yield Transaction(connection, writing=writing, zone=self._zone)
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise engines.explained(error, self._url) from error

    def sole_worker(self) -> AbstractAsyncContextManager[DatabaseLock]:
        """Be the only process that polls and delivers on this database. Raises StoreError when another one does."""
        return sole_worker(self._engine, self._url)

    async def _give_back_pages(self) -> None:
        """Make a SQLite file smaller by what was deleted; PostgreSQL's autovacuum does the like by itself."""
        if self._engine.dialect.name == "postgresql":
            return
        async with self._engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert isinstance(driver, aiosqlite.Connection)
            # one page a step, and of the driver's calls only a script takes every step (and none inside a transaction)
            with suppress(sqlite3.OperationalError):  # another process is writing: the next sweep does it
                await driver.executescript(f"PRAGMA incremental_vacuum({PAGES_GIVEN_BACK})")

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


async def open_store(url: str, *, zone: tzinfo = VIETNAM) -> Store:
    """Open `sqlite:///data/monitor.db` or `postgresql://…`, with its folder and tables made or brought up to date.

    `zone` says when a day of the daily counts begins. Raises StoreError with what to do.
    """
    address = engines.parse(url)
    engine = engines.engine_for(address)
    try:
        if address.get_backend_name() == "sqlite":
            await asyncio.to_thread(engines.probe, address)
        await engines.migrate(engine)
    except (DatabaseError, InterfaceError, PoolTimeout, sqlite3.Error, OSError) as error:
        await engine.dispose()
        raise engines.explained(error, address) from error
    except BaseException:
        await engine.dispose()
        raise
    return Store(engine, address, zone=zone)
