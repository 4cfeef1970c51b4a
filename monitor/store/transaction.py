"""The store: transactions on SQLite (one file) or PostgreSQL, by the same code.

Each topic has its rows in a file; here they become one transaction: a plain function that runs in a thread from BEGIN
to COMMIT. Nothing outside can be awaited in it. Reads no clock.
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import tzinfo
from functools import partial
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import URL, Engine
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from monitor.store import engine as engines
from monitor.store.abstract_rows import AbstractRows
from monitor.store.answer_rows import AnswerRows
from monitor.store.bot_pace_rows import BotPaceRows
from monitor.store.broadcast_rows import BroadcastRows
from monitor.store.change_rows import ChangeRows
from monitor.store.chat_rows import ChatRows
from monitor.store.complaint_rows import ComplaintRows
from monitor.store.event_rows import EventRows
from monitor.store.fact_rows import FactRows
from monitor.store.fan_out_rows import FanOutRows
from monitor.store.feed_count_rows import FeedCountRows
from monitor.store.feed_key_rows import FeedKeyRows
from monitor.store.feed_rows import FeedRows
from monitor.store.fulltext_rows import FulltextRows
from monitor.store.gather_rows import GatherRows
from monitor.store.health_rows import HealthRows
from monitor.store.host_turn_rows import HostTurnRows
from monitor.store.hour_rows import HourRows
from monitor.store.item_rows import ItemRows
from monitor.store.listed_rows import ListedRows
from monitor.store.login_rows import LoginRows
from monitor.store.message_rows import MessageRows
from monitor.store.missed_rows import MissedRows
from monitor.store.outlet_rows import OutletRows
from monitor.store.outside_rows import OutsideRows
from monitor.store.own_rows import OwnRows
from monitor.store.popular_rows import PopularRows
from monitor.store.process_rows import DatabaseLock, ProcessRows, sole_worker
from monitor.store.quote_rows import QuoteRows
from monitor.store.report_rows import ReportRows
from monitor.store.role_rows import RoleRows
from monitor.store.saved_rows import SavedRows
from monitor.store.search import SearchRows
from monitor.store.session_rows import SessionRows
from monitor.store.sole_names import DEAD_AFTER
from monitor.store.step_rows import StepRows
from monitor.store.story_page_rows import StoryPageRows
from monitor.store.story_rows import StoryRows
from monitor.store.stuck_rows import StuckRows
from monitor.store.sweep_rows import SweepRows
from monitor.store.threads import AnyCall, Threads
from monitor.store.topic_rows import TopicRows
from monitor.store.trend_rows import TrendRows
from monitor.store.trial_rows import TrialRows
from monitor.store.upgrading import prepare
from monitor.store.version_rows import VersionRows
from monitor.store.voice_rows import VoiceRows
from monitor.store.watch_page_rows import WatchPageRows
from monitor.store.worker_rows import WorkerRows

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
WRITERS = 4  # threads, on PostgreSQL: what waits for a row that another process holds must not stop everything
READERS = 4
TOGETHER = 50  # transactions of SQLite that share a commit, which costs a wait for the disk, and
TOGETHER_SECONDS = 0.02  # for how long more of them are taken in
CLOSING = 5.0  # seconds that a transaction gets which still runs when the store is closed
PAGES_GIVEN_BACK = 2_500  # of 4 kB, a sweep: at most 10 MB, so that no writer waits for long

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Transaction(
    FeedRows,
    StoryRows,
    StoryPageRows,
    VersionRows,
    StepRows,
    FanOutRows,
    ItemRows,
    FulltextRows,
    MessageRows,
    SweepRows,
    AnswerRows,
    TopicRows,
    OutsideRows,
    ChatRows,
    GatherRows,
    OutletRows,
    QuoteRows,
    AbstractRows,
    StuckRows,
    FactRows,
    ChangeRows,
    BroadcastRows,
    ComplaintRows,
    FeedCountRows,
    MissedRows,
    OwnRows,
    ListedRows,
    SearchRows,
    PopularRows,
    VoiceRows,
    SavedRows,
    ProcessRows,
    TrendRows,
    HourRows,
    HealthRows,
    ReportRows,
    SessionRows,
    EventRows,
    FeedKeyRows,
    WatchPageRows,
    LoginRows,
    WorkerRows,
    RoleRows,
    HostTurnRows,
    BotPaceRows,
    TrialRows,
):
    """The rows of all topics inside one transaction."""


class _GivenUp(Exception):
    """Nobody waits for this transaction any more: it is undone."""


def _done(call: AnyCall, tx: Transaction) -> object:
    result = call.do(tx)
    if call.given_up:
        raise _GivenUp
    return result


class Store:
    """Transactions on one database. Made by open_store; close it, or use it as a context.

    On SQLite one writer of this process is let in at a time: others would only spin on the file's lock. Raises
    StoreError when the database goes away, is full, or is held by another process for too long.
    """

    def __init__(self, engine: Engine, url: URL, *, zone: tzinfo, worker: str | None = None) -> None:
        self.worker = worker
        self._engine = engine
        self._url = url
        self._zone = zone
        self._readers = Threads("read", READERS, partial(self._each, self.reading))
        self._writer: Engine
        self._reader: Engine
        if engine.dialect.name == "postgresql":
            self._turn: threading.Lock | nullcontext[None] = nullcontext()
            self._writers = Threads("write", WRITERS, partial(self._each, self.writing))
            self._beats = Threads("beat", 1, partial(self._each, self.writing))
            self._writer = engine
            # one snapshot for all reads of a block, as SQLite gives it
            self._reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        else:
            self._turn = threading.Lock()
            self._writers = self._beats = Threads("write", 1, self._write_together)
            self._writer = engine.execution_options(**{engines.BEGIN: "BEGIN IMMEDIATE"})
            self._reader = engine

    @property
    def is_shared(self) -> bool:
        """Whether this is one of several workers: on PostgreSQL, where it was opened in a worker's name."""
        return self.worker is not None and self._engine.dialect.name == "postgresql"

    async def write(
        self, do: Callable[Concatenate[Transaction, Given], Result], *args: Given.args, **named: Given.kwargs
    ) -> Result:
        """Run `do` in a writing transaction, in a thread: committed when it returns, undone when it raises.

        It gets the transaction and whatever else is given here. Cancelled before the commit, it is undone, too.
        """

        def given(tx: Transaction) -> Result:
            return do(tx, *args, **named)

        return await self._writers.run(given)

    async def write_much(
        self, do: Callable[Concatenate[Transaction, Given], Result], *args: Given.args, **named: Given.kwargs
    ) -> Result:
        """The same for what takes long, hundreds of rows: what is short goes before it for a while."""

        def given(tx: Transaction) -> Result:
            return do(tx, *args, **named)

        return await self._writers.run(given, is_large=True)

    async def write_apart(self, do: Callable[[Transaction], Result]) -> Result:
        """The same in a thread that nothing else uses, on PostgreSQL: what waits for rows must not hold up a beat."""
        return await self._beats.run(do)

    async def read(
        self, do: Callable[Concatenate[Transaction, Given], Result], *args: Given.args, **named: Given.kwargs
    ) -> Result:
        """Run `do` in a reading transaction, in a thread: it sees one state of the database; writing in it raises."""

        def given(tx: Transaction) -> Result:
            return do(tx, *args, **named)

        return await self._readers.run(given)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A writing transaction in this very thread, which waits: for commands, which have nothing else to do."""
        with self._turn:
            with self._transaction(self._writer, writing=True) as tx:
                yield tx
            if tx.swept:
                self._give_back_pages()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A reading transaction in this very thread, which waits."""
        with self._transaction(self._reader, writing=False) as tx:
            yield tx

    @contextmanager
    def _transaction(self, engine: Engine, *, writing: bool) -> Iterator[Transaction]:
        try:
            with engine.begin() as connection:
                yield Transaction(connection, writing=writing, zone=self._zone, worker=self.worker)
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise engines.explained(error, self._url) from error
        except InternalError as error:
            if getattr(error.orig, "sqlstate", "") != engines.FELL_SILENT:
                raise
            raise engines.explained(error, self._url) from error

    # ---------------------------------------------------------------- in a thread

    def _each(self, opened: Callable[[], AbstractContextManager[Transaction]], calls: Iterator[AnyCall]) -> None:
        """One call, in a transaction of its own."""
        call = next(calls, None)
        if call is None:
            return
        try:
            with opened() as tx:
                result = _done(call, tx)
        except BaseException as error:
            call.fail(error)
        else:
            call.answer.set_result(result)

    def _write_together(self, calls: Iterator[AnyCall]) -> None:
        """Several transactions that wait share one commit, which is the dear part; each is undone by itself.

        For some milliseconds only: the first one waits for the commit, too.
        """
        taken: list[AnyCall] = []
        results: dict[AnyCall, object] = {}
        began = time.monotonic()
        try:
            with self.writing() as tx:
                for call in calls:
                    taken.append(call)
                    inner = Transaction(tx._connection, writing=True, zone=self._zone, worker=self.worker)
                    if len(taken) == 1:  # its failure undoes all, which is itself alone
                        results[call] = _done(call, inner)
                    else:
                        self._do_beside(call, inner, results)
                    tx.swept += inner.swept
                    if len(taken) >= TOGETHER or time.monotonic() - began > TOGETHER_SECONDS:
                        break
        except BaseException as error:
            for call in taken:
                call.fail(error)
        else:
            for call, result in results.items():
                call.answer.set_result(result)

    def _do_beside(self, call: AnyCall, tx: Transaction, results: dict[AnyCall, object]) -> None:
        """Do one that is not the first; when it fails, that undoes what it did and no more."""
        connection = tx._connection
        connection.exec_driver_sql("SAVEPOINT one")
        try:
            results[call] = _done(call, tx)
        except (OperationalError, InterfaceError):
            raise  # the database's trouble is that of all
        except BaseException as error:
            connection.exec_driver_sql("ROLLBACK TO one")
            call.fail(error)
        connection.exec_driver_sql("RELEASE one")

    @property
    def address(self) -> str:
        """Of a PostgreSQL database, with its password, as libpq reads it."""
        return engines.address_of(self._url)

    @property
    def patience(self) -> dict[str, str | int]:
        """With which another library should connect there."""
        return {name: value for name, value in engines.PATIENCE.items() if name not in self._url.query}

    def is_behind_pooler(self) -> bool:
        """Whether something stands between us and PostgreSQL that shares its connections: no notice comes through.

        A pooler makes up the number of the server's process that it tells its clients.
        """
        with self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            said: int = driver.info.backend_pid
            return said != connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()

    def sole_worker(self) -> AbstractAsyncContextManager[DatabaseLock]:
        """Be the only process that polls and delivers on this database. Raises StoreError when another one does."""
        return sole_worker(self._url)

    def _give_back_pages(self) -> None:
        """Make a SQLite file smaller by what was deleted; PostgreSQL's autovacuum does the like by itself."""
        if self._engine.dialect.name == "postgresql":
            return
        with self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            # one page a step, and of the driver's calls only a script takes every step (and none inside a transaction)
            with suppress(sqlite3.OperationalError):  # another process is writing: the next sweep does it
                driver.executescript(f"PRAGMA incremental_vacuum({PAGES_GIVEN_BACK})")

    async def close(self) -> None:
        """Close all connections. A transaction that still runs gets CLOSING seconds."""
        ended = await asyncio.gather(*(each.close(CLOSING) for each in {self._writers, self._readers, self._beats}))
        if all(ended):
            self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


async def open_store(url: str, *, zone: tzinfo = VIETNAM, worker: str | None = None, alone: bool = False) -> Store:
    """Open `sqlite:///data/monitor.db` or `postgresql://…`, with its folder and tables made or brought up to date.

    `zone` says when a day of the daily counts begins; `worker`, in whose name rows are claimed; `alone`: the caller has
    the database to itself already (sole_worker). Raises StoreError with what to do.
    """
    return await asyncio.to_thread(_open, url, zone, worker, alone)


def _open(url: str, zone: tzinfo, worker: str | None, alone: bool) -> Store:
    address = engines.parse(url)
    engine = engines.engine_for(address)
    if worker is not None and engine.dialect.name == "postgresql":
        engines.undo_what_falls_silent(engine, DEAD_AFTER)
    try:
        prepare(engine, address, alone=alone)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, address, zone=zone, worker=worker)
