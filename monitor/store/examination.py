"""A look at a database from outside, for `monitor doctor`: makes nothing, migrates nothing, takes no lock."""

import contextlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL

from monitor.errors import StoreError
from monitor.store.engine import PATIENCE, address_of, explained
from monitor.store.migrations import VERSION_TABLE
from monitor.store.sole_names import SOLE_WORKER
from monitor.store.upgrading import WORKS_WITH

SAID = "SELECT value FROM facts WHERE name = {}"
LOCKS = Path("/proc/locks")  # of Linux: which process holds which file


@dataclass(frozen=True, slots=True)
class Examination:
    """What a database looks like. `schema` None: it is empty; `damage` and `worker` empty: none."""

    kind: str
    schema: str | None
    size: int  # bytes
    wal: int = 0  # bytes
    damage: str = ""
    worker: str = ""
    most_connections: int = 0  # of PostgreSQL, for who is not its superuser
    is_behind_pooler: bool = False
    works_with: str = ""  # what a newer release says of who else may work there; see upgrading.py


def examine_database(url: URL) -> Examination | None:
    """Look at it; None where no SQLite file is. Blocks: call it in a thread. Raises StoreError with what to do."""
    if url.get_backend_name() == "postgresql":
        return _postgresql(url)
    file = Path(str(url.database))
    if not file.exists():
        return None
    if not file.is_file():
        raise StoreError(f"{file} is no plain file; name one in MONITOR_DATABASE_URL, like sqlite:///data/monitor.db")
    try:
        return _sqlite(file)
    except (sqlite3.Error, OSError) as error:
        raise explained(error, url) from error


def _sqlite(file: Path) -> Examination:
    address = f"{file.resolve().as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=5)) as connection:
        damage = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        has_version = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [VERSION_TABLE]).fetchone()
        row = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone() if has_version else None  # noqa: S608
        has_facts = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'facts'").fetchone()
        said = connection.execute(SAID.format("?"), [WORKS_WITH]).fetchone() if has_facts else None
    wal = Path(f"{file}-wal")
    return Examination(
        f"SQLite {sqlite3.sqlite_version} file {file}",
        str(row[0]) if row else None,
        file.stat().st_size,
        wal=wal.stat().st_size if wal.exists() else 0,
        damage="" if damage == "ok" else " ".join(damage.split()),
        worker=_holder(Path(f"{file}.lock")),
        works_with=str(said[0]) if said else "",
    )


def _holder(lock: Path) -> str:
    """The process that holds a file's lock, as the kernel lists it; empty when none does.

    Nothing is tried out: a lock that is taken for a moment would turn away a service that starts in it.
    """
    try:
        found = lock.stat()
        lines = LOCKS.read_text("ascii", "replace").splitlines()
    except OSError:
        return ""
    place = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    for line in lines:
        words = line.split()
        if len(words) >= 6 and words[1] == "FLOCK" and words[5] == place:
            return f"process {words[4]}"
    return ""


def _postgresql(url: URL) -> Examination:
    address = address_of(url)
    patience = {name: value for name, value in PATIENCE.items() if name not in url.query}
    try:
        with psycopg.connect(address, autocommit=True, **patience) as connection:  # type: ignore[arg-type]
            own_pid = connection.info.backend_pid
            size, version, table = connection.execute(
                "SELECT pg_database_size(current_database()), current_setting('server_version'), to_regclass(%s)::text",
                [VERSION_TABLE],
            ).fetchone() or (0, "", None)
            schema = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}".encode()) if table else None  # noqa: S608
            row = schema.fetchone() if schema else None
            most = connection.execute(
                "SELECT current_setting('max_connections')::int"
                " - current_setting('superuser_reserved_connections')::int, pg_backend_pid()"
            ).fetchone() or (0, 0)
            has_facts = connection.execute("SELECT to_regclass('facts') IS NOT NULL").fetchone() == (True,)
            said = connection.execute(SAID.format("%s").encode(), [WORKS_WITH]).fetchone() if has_facts else None
            worker = connection.execute(
                "SELECT a.pid, coalesce(host(a.client_addr), 'this machine') FROM pg_locks l"
                " JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted"
                " AND l.objid = %s AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                [SOLE_WORKER],
            ).fetchone()
    except psycopg.Error as error:
        raise explained(error, url) from error
    except UnicodeError as error:
        raise StoreError("MONITOR_DATABASE_URL holds signs that no address has") from error
    kind = f"PostgreSQL {version} at {url.host or 'localhost'}/{url.database}"
    at_work = f"session {worker[0]} from {worker[1]}" if worker else ""
    works_with = str(said[0]) if said else ""
    return Examination(
        kind,
        str(row[0]) if row else None,
        int(size),
        worker=at_work,
        most_connections=most[0],
        # a pooler makes up the number of the server's process that it tells its clients
        is_behind_pooler=most[1] != own_pid,
        works_with=works_with,
    )
