"""Which schema a database has, whether this release may work on it, and the way from an older one to ours.

A release works on the schema that is its own HEAD. It may go on working on a newer one that only added to it: that one
says so in a row (`works_with` of its revision), and on that word alone two releases work side by side.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from monitor.errors import NewerSchema, StoreError, WrongSchema
from monitor.store import engine as engines
from monitor.store import migrations
from monitor.store.migrations import HEAD, REVISIONS, VERSION_TABLE
from monitor.store.process_rows import sole_worker
from monitor.store.sole_names import DEAD_AFTER, IN_USE, SOLE_WORKER
from monitor.store.tables import facts, metadata

MIGRATION = 7_110_001  # the name of an advisory lock of PostgreSQL: any number that nobody else takes
WORKS_WITH = "schema_works_with"  # the name of a fact, "0012 0011": on schema 0012 releases from HEAD 0011 on may work
PATIENT_FOR = "5s"  # of a change beside workers: whoever waits for a table makes all others wait behind it

NEWER = (
    "the database was written by a newer version (schema {version}, "
    f"ours is {HEAD}): update this program, or restore a backup from before the update"
)
OLDER = f"the database went back to schema {{version}}, ours is {HEAD}: start this program again, it brings it up"
STOP_FIRST = "stop these workers first, they cannot work with schema {head}: {names}"


@dataclass(frozen=True, slots=True)
class Migrated:
    """From which schema a database came (None: it was empty), and which it has."""

    before: str | None
    after: str


async def migrate_database(url: str) -> Migrated:
    """Bring the database to this release's schema and close it again; from where to where.

    Raises StoreError with what to do, also while a service works on a SQLite file of an older schema: it would not know
    the new one.
    """
    address = engines.parse(url)
    engine = engines.engine_for(address)
    try:
        if address.get_backend_name() == "sqlite" and not await asyncio.to_thread(_is_ready, engine, address):
            async with sole_worker(address):
                return await asyncio.to_thread(prepare, engine, address, alone=True)
        return await asyncio.to_thread(prepare, engine, address, alone=False)
    finally:
        engine.dispose()


def prepare(engine: Engine, address: URL, *, alone: bool) -> Migrated:
    """See that the database can be opened and has a schema to work on; as `migrate`."""
    with _explained(address):
        if address.get_backend_name() == "sqlite":
            engines.probe(address)
        return migrate(engine, alone=alone)


def _is_ready(engine: Engine, address: URL) -> bool:
    """Whether a SQLite file needs no migration."""
    with _explained(address):
        engines.probe(address)
        with engine.connect() as connection:
            version = version_of(connection)
            return version is not None and may_work_on(connection, version)


@contextmanager
def _explained(address: URL) -> Iterator[None]:
    try:
        yield
    except (DatabaseError, InterfaceError, PoolTimeout, sqlite3.Error, OSError) as error:
        raise engines.explained(error, address) from error


def migrate(engine: Engine, *, alone: bool = False) -> Migrated:
    """Bring the schema to HEAD in one transaction; two processes that start at once do so one after the other.

    A newer one on which this release may work stays. `alone`: the caller has the database to itself already. Raises
    NewerSchema for one on which it may not, StoreError for tables that are not ours, and for an old schema on which
    workers are alive that could not go on with the new one.
    """
    with engine.connect() as connection:
        version = version_of(connection)
        if version is not None and may_work_on(connection, version) and _has_engine_tables(connection, version):
            return Migrated(version, version)
    with engine.execution_options(**{engines.BEGIN: "BEGIN IMMEDIATE"}).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": MIGRATION})
        version = version_of(connection)  # it may have moved while we waited
        if version is not None and may_work_on(connection, version):
            after = version
        else:
            _upgrade(connection, version, alone=alone)
            after = HEAD
        if not _has_engine_tables(connection, after):  # a backup leaves them out
            _create_engine_tables(connection)
    return Migrated(version, after)


def _has_engine_tables(connection: Connection, version: str) -> bool:
    """Whether the engine's tables are there, which only PostgreSQL has; those of a newer schema are not our matter."""
    if connection.dialect.name != "postgresql" or version != HEAD:
        return True
    return inspect(connection).has_table("procrastinate_jobs")


def _create_engine_tables(connection: Connection) -> None:
    """Draw the tables of the engine between processes anew, as the newest revision does."""
    from monitor.store.migrations.versions import workers_0010

    workers_0010.create_engine_tables(connection)


def version_of(connection: Connection) -> str | None:
    """The revision of the schema; None where there is none."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608  a constant
    return None if version is None else str(version)


def may_work_on(connection: Connection, version: str) -> bool:
    """Whether this release may work on schema `version` as it is: its own, or a newer one that says so."""
    if version in REVISIONS:
        return version == HEAD
    if not inspect(connection).has_table(facts.name):
        return False
    said = connection.execute(facts.select().where(facts.c.name == WORKS_WITH)).one_or_none()
    return said is not None and fits(said.value, version)


def fits(said: str, version: str) -> bool:
    """Whether the word that a newer release left means this schema, and this release; one of another schema does not.

    What it names is the oldest HEAD that may work there: if we know it, ours is that one or a later one.
    """
    schema, _, oldest = said.partition(" ")
    return schema == version and oldest in REVISIONS


def see_that_schema_fits(connection: Connection) -> None:
    """See that this release may still work on the schema, which another one may have changed meanwhile.

    Raises NewerSchema when it may not, WrongSchema when the schema went back.
    """
    version = version_of(connection) or "none"
    if may_work_on(connection, version):
        return
    if version in REVISIONS:
        raise WrongSchema(OLDER.format(version=version))
    raise NewerSchema(NEWER.format(version=version))


# ---------------------------------------------------------------- the way up


def _upgrade(connection: Connection, version: str | None, *, alone: bool) -> None:
    if version is None:
        foreign = metadata.tables.keys() & set(inspect(connection).get_table_names())
        if foreign:
            raise StoreError(f"the database holds another program's table {min(foreign)}: name an empty one")
    elif version not in REVISIONS:
        raise NewerSchema(NEWER.format(version=version))
    works_with = _works_with()
    if version is not None and connection.dialect.name == "postgresql" and not alone:
        _see_who_works(connection, works_with)
    _alembic("upgrade", "head", connection)
    if works_with != HEAD:
        connection.execute(facts.delete().where(facts.c.name == WORKS_WITH))
        connection.execute(facts.insert().values(name=WORKS_WITH, value=f"{HEAD} {works_with}"))


def _works_with() -> str:
    """The oldest HEAD that may work on ours, by what the newest revision says."""
    from alembic.script import ScriptDirectory

    revision = ScriptDirectory.from_config(_config()).get_revision(HEAD)
    oldest: str = revision.module.works_with
    return oldest


def _see_who_works(connection: Connection, works_with: str) -> None:
    """Let no process go on with a schema that its release does not know. Raises StoreError that names them.

    A change with which no older release can work holds the place of the sole worker meanwhile, so that none begins.
    """
    lock = "pg_try_advisory_xact_lock" + ("" if works_with == HEAD else "_shared")
    taken = connection.execute(text(f"SELECT {lock}(:name)"), {"name": SOLE_WORKER}).scalar()
    alive = _alive(connection)
    able = REVISIONS[REVISIONS.index(works_with) :]
    if unable := [each for each in alive if each.schema not in able]:
        names = ", ".join(f"{each.host} (process {each.pid}, version {each.version})" for each in unable)
        raise StoreError(STOP_FIRST.format(head=HEAD, names=names))
    if not taken:
        raise StoreError(IN_USE)
    if alive:
        connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENT_FOR}'"))


def _alive(connection: Connection) -> list[Any]:
    """The workers that are alive, by columns that every release has."""
    if not inspect(connection).has_table("workers"):
        return []
    statement = (
        "SELECT host, pid, version, schema FROM workers"
        " WHERE beat_at > clock_timestamp() - make_interval(secs => :dead) ORDER BY started_at"
    )
    return list(connection.execute(text(statement), {"dead": DEAD_AFTER.total_seconds()}))


def downgrade(connection: Connection, revision: str) -> None:
    """Take the schema back to `revision`; what only later ones know is lost."""
    _alembic("downgrade", revision, connection)


def _config(connection: Connection | None = None) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _alembic(verb: str, revision: str, connection: Connection) -> None:
    from alembic import command  # 0.1 s of imports that only a new or old database needs

    getattr(command, verb)(_config(connection), revision)
