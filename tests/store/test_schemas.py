"""A database of every released schema is brought to today's, and nothing in it is lost."""

import asyncio
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, select

from monitor.store import tables
from monitor.store.engine import engine_for, parse
from monitor.store.migrations import HEAD, REVISIONS, VERSION_TABLE
from monitor.store.transaction import open_store
from monitor.types import Address, Target
from tests.command_line import CommandLine
from tests.databases import KINDS, Cluster
from tests.store.schemas.__main__ import AT
from tests.store_samples import NOW, alert, draft, enqueue, save_items, save_story

SCHEMAS = Path(__file__).parent / "schemas"
READER, GROUP = Address(101), Address(-1001234567890, 7)

Rows = dict[str, list[dict[str, Any]]]


def load(revision: str, url: str) -> None:
    """Make the database of a dump at an empty address."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.executescript((SCHEMAS / f"{revision}.sqlite.sql").read_text("utf-8"))
        return
    with psycopg.connect(url) as opened:
        opened.execute("SET TIME ZONE 'UTC'")
        opened.execute((SCHEMAS / f"{revision}.postgresql.sql").read_bytes())


@pytest.fixture(params=[(revision, kind) for revision in REVISIONS for kind in KINDS], ids="-".join)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A database as an earlier release left it: its revision and its address."""
    revision, kind = request.param
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path}/old.db"
        load(revision, url)
        yield revision, url
    else:
        cluster: Cluster = request.getfixturevalue("postgresql")
        url = cluster.new_database()
        load(revision, url)
        yield revision, url
        cluster.drop(url)


def all_rows(url: str) -> Rows:
    """Every row of every table, whatever the tables are."""

    def read(connection: Connection) -> Rows:
        schema = MetaData()
        schema.reflect(connection, only=lambda name, _: not name.startswith(tables.UNDRAWN))  # of SQLite: not rows
        return {
            table.name: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
            for table in schema.sorted_tables
        }

    engine = engine_for(parse(url))
    with engine.connect() as connection:
        found = read(connection)
    engine.dispose()
    return found


def as_today(rows: Rows) -> Rows:
    """The rows with what revisions change of them on purpose: since 0003 a hash stands for an invitation's word."""
    (version,) = rows[VERSION_TABLE]
    changed = {name: each for name, each in rows.items() if name != VERSION_TABLE}
    if version["version_num"] < "0003":
        hashed = [{**row, "code": hashlib.sha256(row["code"].encode()).hexdigest()} for row in rows["invites"]]
        changed["invites"] = hashed
    return changed


def test_every_released_schema_has_its_dump() -> None:
    missing = {f"{revision}.{kind}.sql" for revision in REVISIONS for kind in KINDS}
    missing -= {path.name for path in SCHEMAS.glob("*.sql")}
    assert not missing, "run: python -m tests.store.schemas [postgresql://… of an empty database]"


def test_no_table_of_a_dump_is_empty(old: tuple[str, str]) -> None:
    revision, url = old
    found = all_rows(url)
    assert found.pop(VERSION_TABLE) == [{"version_num": revision}]
    assert [name for name, rows in found.items() if not rows] == []


def test_every_row_and_value_survives_the_way_to_todays_schema(old: tuple[str, str]) -> None:
    _, url = old
    before = all_rows(url)

    def differences(connection: Connection) -> object:
        # the search index is another kind of table in each database, and in no drawing of both
        mine = {"include_name": lambda name, kind, _: kind != "table" or not str(name).startswith(tables.UNDRAWN)}
        options = {"compare_type": True, "version_table": VERSION_TABLE, **mine}
        return compare_metadata(MigrationContext.configure(connection, opts=options), tables.metadata)

    async def opened() -> object:
        async with await open_store(url) as store:
            with store.reading() as tx:
                return differences(tx._connection)

    assert asyncio.run(opened()) == []
    after = all_rows(url)
    assert after.pop(VERSION_TABLE) == [{"version_num": HEAD}]
    before = as_today(before)
    for name, rows in before.items():
        kept = [{column: row[column] for column in rows[0]} for row in after[name]]
        assert kept == rows, name


def test_the_newsroom_goes_on_where_it_stood(old: tuple[str, str]) -> None:
    _, url = old

    async def goes_on() -> None:
        async with await open_store(url) as store:
            with store.writing() as tx:
                assert tx.following(READER) == ["putin"]
                assert tx.following(GROUP) == ["#nga"]
                tx.follow(READER, Target("tap-can-binh"), now=NOW)
                (feed,) = tx.feed_states()
                assert feed.first_success_at is not None, "else its next poll would be silent"
                assert tx.last_message_id(READER) == 77
            assert await save_items(store, draft("bs:1")) == [], "known"
            assert await enqueue(store, alert("story:1", READER)) == 0, "told"
            story = await save_story(store, "moi")
            assert int(story) > 2
            assert await enqueue(store, alert(f"story:{story}", READER, story=story)) == 1

    assert AT.startswith("2026-08-23")
    asyncio.run(goes_on())


def test_a_backup_of_an_older_release_is_restored_and_brought_up_to_date(
    monitor: CommandLine, old: tuple[str, str]
) -> None:
    revision, url = old
    monitor.set(database_url=url)
    assert monitor("backup", "old.backup").code == 0
    before = all_rows(url)
    assert before[VERSION_TABLE] == [{"version_num": revision}], "a backup migrates nothing"
    assert monitor("status").code in (0, 1)  # the new release has begun to work on it
    assert all_rows(url)[VERSION_TABLE] == [{"version_num": HEAD}]
    ended = monitor("restore", "old.backup")
    assert ended.code == 0, ended.err
    if revision != HEAD:
        assert f"brought from schema {revision} to {HEAD}" in ended.err
    after = all_rows(url)
    for name, rows in as_today(before).items():
        assert [{column: row[column] for column in rows[0]} for row in after[name]] == rows, name
