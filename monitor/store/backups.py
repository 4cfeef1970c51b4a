"""Backup and restore of whichever database it is: what both have in common, and in which order things are done.

A backup is one file; what is in it says which kind of database it is of.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, Connection, inspect, text
from sqlalchemy.exc import DatabaseError, InterfaceError

from monitor.errors import NewerSchema, StoreError
from monitor.store import engine as engines
from monitor.store import postgresql_backup, sqlite_backup
from monitor.store.migrations import REVISIONS
from monitor.store.process_rows import sole_worker
from monitor.store.tables import metadata
from monitor.store.transaction import open_store
from monitor.store.upgrading import NEWER, downgrade, version_of

LOCK_SECONDS = 10  # how long a restore waits for somebody who still reads PostgreSQL's tables
LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's code for a wait that was given up


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the schema the backup had, and where the old database is now (None: there was none)."""

    schema: str
    aside: Path | None


async def back_up(address: str, target: Path, *, force: bool) -> str:
    """Make a backup of the database at `address`, consistent, also while the service works; says what is in it.

    Migrates nothing, so that it can be made before an update. Raises StoreError with what to do.
    """
    url = engines.parse(address)
    if url.get_backend_name() == "sqlite":
        saved = await asyncio.to_thread(sqlite_backup.back_up, url, target, force=force)
        return f"{sum(saved.rows.values())} rows of {len(saved.rows)} tables, schema {saved.schema}"
    version = await asyncio.to_thread(_version_at, url)
    if version is None:
        raise StoreError("the database holds nothing of this program yet")
    tables = await asyncio.to_thread(postgresql_backup.back_up, url, target, force=force)
    return f"{len(tables)} tables, schema {version}"


async def restore(address: str, file: Path, *, now: datetime) -> Restored:
    """Put a backup in the place of the database, which is kept aside, and bring it to today's schema.

    Raises StoreError while a service works on the database, and for a file that is no whole backup of ours.
    """
    url = engines.parse(address)
    of_sqlite = url.get_backend_name() == "sqlite"
    is_dump = _is_dump(file)
    if of_sqlite and is_dump:
        raise StoreError(f"{file} is a backup of PostgreSQL, and MONITOR_DATABASE_URL names a SQLite file")
    if not of_sqlite and not is_dump:
        raise StoreError(f"{file} is no backup of PostgreSQL; from SQLite the way is: monitor export, monitor import")
    if of_sqlite:
        engines.make_folder(url)
    async with sole_worker(url):
        return await (_restore_sqlite if of_sqlite else _restore_postgresql)(url, file, now)


async def _restore_sqlite(url: URL, file: Path, now: datetime) -> Restored:
    saved = await asyncio.to_thread(sqlite_backup.inspect, file)
    copy = await asyncio.to_thread(sqlite_backup.prepare, file, url)
    try:
        await (await open_store(f"sqlite:///{copy}")).close()  # migrates it, before anything else is touched
        return Restored(saved.schema, await asyncio.to_thread(sqlite_backup.swap_in, copy, url, now=now))
    finally:
        sqlite_backup.drop_copy(copy)


async def _restore_postgresql(url: URL, file: Path, now: datetime) -> Restored:
    schema, _ = await asyncio.to_thread(postgresql_backup.inspect, file)
    try:
        present = await asyncio.to_thread(_version_at, url)
    except NewerSchema as newer:  # its own tables are not known here, and would be in the way
        raise NewerSchema(f"{newer}; restore it into a new, empty database, and set MONITOR_DATABASE_URL") from None
    aside = None
    if present is not None:
        aside = file.with_name(f"{file.name}.before-restore-{now:%Y%m%dT%H%M%S.%f}Z")
        await asyncio.to_thread(postgresql_backup.back_up, url, aside, force=False)
        await asyncio.to_thread(_make_way, url, min(schema, present, key=REVISIONS.index))
    await asyncio.to_thread(postgresql_backup.restore, url, file)
    await (await open_store(url.render_as_string(hide_password=False), alone=True)).close()
    return Restored(schema, aside)


def _is_dump(file: Path) -> bool:
    if not file.is_file():
        raise StoreError(f"there is no file {file}")
    with file.open("rb") as opened:
        return opened.read(len(postgresql_backup.MAGIC)) == postgresql_backup.MAGIC


def _version_at(url: URL) -> str | None:
    """The schema of a PostgreSQL database, None for one without. Raises StoreError for one newer than we are."""
    engine = engines.engine_for(url)
    try:
        with engine.connect() as connection:
            version = version_of(connection)
    except (DatabaseError, InterfaceError) as error:
        raise engines.explained(error, url) from error
    finally:
        engine.dispose()
    if version is not None and version not in REVISIONS:
        raise NewerSchema(NEWER.format(version=version))
    return version


def _make_way(url: URL, revision: str) -> None:
    """See that nobody reads our tables, and take the schema back to `revision`, in one transaction.

    pg_restore itself would wait for ever: what pg_dump wrote sets its lock_timeout to none.
    """
    engine = engines.engine_for(url)

    def locked(connection: Connection) -> None:
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
        ours = sorted(metadata.tables.keys() & set(inspect(connection).get_table_names()))
        connection.execute(text(f"LOCK TABLE {', '.join(ours)} IN ACCESS EXCLUSIVE MODE"))
        if version_of(connection) != revision:
            # tables that the backup knows nothing of would hold fast those that it replaces
            downgrade(connection, revision)

    try:
        with engine.begin() as connection:
            locked(connection)
    except (DatabaseError, InterfaceError) as error:
        if getattr(error.orig, "sqlstate", "") == LOCK_NOT_AVAILABLE:
            said = f"somebody has been reading the database for {LOCK_SECONDS} s: stop them first"
            raise StoreError(said) from error
        raise engines.explained(error, url) from error
    finally:
        engine.dispose()
