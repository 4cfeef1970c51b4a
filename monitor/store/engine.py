"""The address of a database -> an engine, and what the driver says put into a line that says what to do.

Runs no query of the newsroom and knows no schema: upgrading.py does. A password stands in no message.
"""

import os
import sqlite3
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from monitor.errors import StoreError
from monitor.store.column_types import dump_json

BUSY_SECONDS = (
    5.0  # how long a writer waits for another process's transaction; ours take milliseconds. A stop waits, too
)
BETWEEN_TRIES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)  # seconds; a first migration is over by then
PATIENCE = {  # of libpq; a server that vanished without a word is noticed in a minute, not in the kernel's quarter hour
    "connect_timeout": 10,  # seconds
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,  # milliseconds
}
BEGIN = "monitor_begin"  # the execution option with which a transaction says how it begins

FELL_SILENT = "25P03"  # PostgreSQL's code for a transaction that it ended because nothing came any more

HINTS = {  # what PostgreSQL says (https://www.postgresql.org/docs/current/errcodes-appendix.html) -> what to do
    "28P01": "check user and password in MONITOR_DATABASE_URL",
    "28000": "check the user in MONITOR_DATABASE_URL and the server's pg_hba.conf",
    "3D000": "create it first: createdb NAME",
    "42501": "let the user create tables: GRANT CREATE, USAGE ON SCHEMA public TO the user",
    "53300": "raise max_connections (or the limit of this database or user), or stop other programs",
    "53100": "the server's disk is full: make room",
    "57P03": "the server is starting or stopping: try again",
    "55P03": "somebody holds a table for long (a backup that is being made?): try again when they are done",
    "40P01": "others were writing to the same rows: try again",
    FELL_SILENT: "this machine stood still in the middle of its work, which is tried again",
    "25006": "the server only reads (a replica?): name the primary",
}

REFUSALS = {  # while connecting, libpq gives the words of the server and not its code
    "password authentication failed": "28P01",
    "no password supplied": "28P01",
    "no pg_hba.conf entry": "28000",
    "FATAL: role": "28000",
    "does not exist": "3D000",
    "too many clients": "53300",
    "too many connections": "53300",  # of one database, or of one user
    "remaining connection slots": "53300",
    "starting up": "57P03",
}


def parse(url: str) -> URL:
    """The address with our drivers. Raises StoreError for one that cannot be meant."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            "MONITOR_DATABASE_URL cannot be read; write sqlite:///data/monitor.db or postgresql://USER@HOST/NAME"
        ) from error
    match parsed.get_backend_name():
        case "sqlite":
            if not parsed.database or parsed.database == ":memory:" or parsed.database.startswith("file:"):
                raise StoreError(
                    "a database in memory would forget every alert: name a file, sqlite:///data/monitor.db"
                )
            return parsed.set(drivername="sqlite+pysqlite")
        case "postgresql" | "postgres":
            if "@" in (parsed.host or "") or url.count("@") > 1:
                # the half of a password would stand where a host is expected, and in the driver's message
                raise StoreError("the user or password of MONITOR_DATABASE_URL holds an @: write it as %40")
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise StoreError(f"{other} is no database this program knows; write sqlite:///… or postgresql://…")


def is_shared(url: str) -> bool:
    """Whether several processes may work on the database at an address. Raises StoreError like `parse`."""
    return parse(url).get_backend_name() == "postgresql"


def engine_for(url: URL) -> Engine:
    """An engine; nothing is connected yet. Creates the folder of a SQLite file."""
    if url.get_backend_name() == "postgresql":
        # A statement prepared while the outbox was small keeps its plan when 20,000 rows wait (8 s a claim, against
        # 0.1 s); planned anew it costs about a millisecond, and PgBouncer likes it better too.
        options: dict[str, Any] = {"prepare_threshold": None}
        options |= {name: value for name, value in PATIENCE.items() if name not in url.query}
        return create_engine(url, json_serializer=dump_json, pool_pre_ping=True, connect_args=options)
    make_folder(url)
    engine = create_engine(url, json_serializer=dump_json, max_overflow=15, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def undo_what_falls_silent(engine: Engine, after: timedelta) -> None:
    """Have PostgreSQL undo a transaction of this engine in which nothing comes any more for so long.

    A machine that vanished in the middle of one, or a process that was stopped, would keep its locks until TCP gives
    up, in hours. The sessions of a pooler are everybody's: there that is the pooler's to do (idle_transaction_timeout).
    """
    milliseconds = str(after // timedelta(milliseconds=1))
    set_here = (
        "SELECT set_config('idle_in_transaction_session_timeout', %s, false) WHERE pg_backend_pid() = %s"  # no pooler's
    )

    def set_up(connection: Any, _: object) -> None:
        connection.execute(set_here, (milliseconds, connection.info.backend_pid))
        connection.commit()

    event.listen(engine, "connect", set_up)


def address_of(url: URL) -> str:
    """A PostgreSQL database as libpq reads it, with its password and without the blanks that SQLAlchemy leaves."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False).replace(" ", "%20")


def make_folder(url: URL) -> None:
    """See that there is a folder for a SQLite file."""
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the folder {folder} cannot be made: {error.strerror}") from error


def probe(url: URL) -> None:
    """See that a SQLite file can be opened and written to, and give it what is kept in the file itself.

    A new file is its owner's alone: who follows what is nobody else's business, and SQLite gives its journals the same
    rights.
    """
    with suppress(FileExistsError):
        os.close(os.open(str(url.database), os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(str(url.database), timeout=BUSY_SECONDS)
    try:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # only an empty file takes it; see Store
        _into_wal(connection)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    finally:
        connection.close()


def _into_wal(connection: sqlite3.Connection) -> None:
    """Let readers and the writer not wait for each other; kept in the file.

    Two processes that meet a new file would both change it, and SQLite refuses one of them at once, whatever its
    patience: the wait is ours.
    """
    for pause in (*BETWEEN_TRIES, None):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as busy:
            if pause is None or busy.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(pause)
        else:
            return


def _set_up_sqlite(connection: Any, _: object) -> None:
    # The driver begins no transaction for a SELECT, so that a block of reads would see several states of the file: we
    # begin them ourselves (docs.sqlalchemy.org, "Transactions with SQLite and the sqlite3 driver").
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        # In WAL, NORMAL survives a kill -9 but may lose the last commits at a power cut: alerts that Telegram has
        # accepted would be pending again and ring twice. FULL costs one fsync a commit.
        "synchronous = FULL",
        "foreign_keys = ON",
        "journal_size_limit = 67108864",  # bytes: the WAL of one large transaction does not stay for ever
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(BEGIN, "BEGIN"))


def explained(error: Exception, url: URL) -> StoreError:
    """What the driver said, with what to do about it."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    said = " ".join(str(cause).split())
    if url.password:
        said = said.replace(str(url.password), "***")
    if url.get_backend_name() == "postgresql":
        where = f"{url.host or 'localhost'}:{url.port or 5432}/{url.database or ''}"
        return StoreError(f"the database at {where} failed: {said}; {_hint_of_postgresql(cause, said)}")
    return StoreError(f"the database file {url.database} failed: {said}; {_hint_of_sqlite(cause, url)}")


def _hint_of_postgresql(error: BaseException, said: str) -> str:
    state = getattr(error, "sqlstate", None) or next((code for words, code in REFUSALS.items() if words in said), "")
    if not state:
        return "is PostgreSQL running there, and does the network let us through?"
    return HINTS.get(state, f"PostgreSQL's code is {state}")


def _hint_of_sqlite(error: BaseException, url: URL) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
    match code:
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return "it is no SQLite database, or a damaged one: name another file, or restore a backup"
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_READONLY:
            return f"is {Path(str(url.database)).parent} a folder that this user may write to?"
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"another process has been writing for {BUSY_SECONDS:.0f} s: is a second monitor running?"
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return "is the disk full?"
        case _:
            return f"SQLite's code is {code}"
