"""One schema and two releases: who brings it up, who may work on it meanwhile, and who has to stop first."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import connect

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from monitor.errors import NewerSchema, StoreError
from monitor.store import migrations, upgrading
from monitor.store.migrations import REVISIONS, VERSION_TABLE
from monitor.store.transaction import Transaction, open_store
from monitor.store.upgrading import WORKS_WITH, Migrated, fits, migrate_database
from monitor.store.worker_rows import Worker
from tests import newer_release
from tests.command_line import CommandLine
from tests.databases import Cluster
from tests.newer_release import CONTRACTING, NEXT, OURS
from tests.store.test_worker_rows import fall_silent
from tests.store_samples import NOW, draft, save_items, urls

OLD = Worker("w1", "ben-song", 11, "1.0", OURS, ("poll", "deliver"))
NEW = Worker("w2", "ben-song", 12, "1.1", NEXT, ("poll", "deliver"))
FIRST_OF_SEVERAL = "0010"  # before it a process was alone, and its revisions say nothing of others


@pytest.fixture
def own(postgresql: Cluster) -> Iterator[str]:
    """A PostgreSQL database whose schema may be changed."""
    url = postgresql.new_database("migrated")
    yield url
    postgresql.drop(url)


def expanding(folder: Path) -> Path:
    """A release that adds a column, which ours need not know."""
    return newer_release.draw(folder)


def contracting(folder: Path) -> Path:
    """A release that renames a column that ours writes."""
    return newer_release.draw(folder, works_with=NEXT, upgrade=CONTRACTING)


async def test_beside_a_release_that_only_adds_ours_goes_on_and_starts_anew(own: str, tmp_path: Path) -> None:
    async with await open_store(own, worker="w1") as old:
        await old.write(Transaction.beat, OLD)
        with newer_release.at_work(expanding(tmp_path)):
            assert await migrate_database(own) == Migrated(OURS, NEXT)
            async with await open_store(own, worker="w2") as new:
                await new.write(Transaction.beat, NEW)
                await new.write(Transaction.register_feeds, urls("a"), now=NOW)
        await old.write(Transaction.beat, OLD)
        await old.write(Transaction.register_feeds, urls("a", "b"), now=NOW)
        assert {each.feed_id for each in await old.read(Transaction.feed_states)} == {"a", "b"}
    assert await migrate_database(own) == Migrated(NEXT, NEXT), "it stays as it is"
    async with await open_store(own) as again:
        assert len(await save_items(again, draft("a-1"))) == 1


async def test_a_release_that_takes_something_away_waits_for_the_end_of_ours(own: str, tmp_path: Path) -> None:
    made = contracting(tmp_path)
    async with await open_store(own, worker="w1") as old:
        await old.write(Transaction.beat, OLD)
        with newer_release.at_work(made), pytest.raises(StoreError) as refused:
            await migrate_database(own)
        said = f"stop these workers first, they cannot work with schema {NEXT}: ben-song (process 11, version 1.0)"
        assert str(refused.value) == said
        await old.write(Transaction.beat, OLD)
        await old.write(fall_silent, "w1")
        with newer_release.at_work(made):
            assert await migrate_database(own) == Migrated(OURS, NEXT)
        with pytest.raises(NewerSchema, match=f"schema {NEXT}, ours is {OURS}"):
            await old.write(Transaction.beat, OLD)
    with pytest.raises(NewerSchema, match="update this program"):
        await open_store(own)


async def test_the_word_of_a_release_counts_for_its_own_schema_alone(own: str, tmp_path: Path) -> None:
    with newer_release.at_work(expanding(tmp_path)):
        await migrate_database(own)
    async with await open_store(own) as store:
        with store.writing() as tx:
            assert tx.fact(WORKS_WITH) == f"{NEXT} {OURS}"
            tx._connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(NewerSchema, match="schema 9999"):
        await open_store(own)


@pytest.mark.parametrize(
    ("said", "version", "does"),
    [
        (f"0099 {OURS}", "0099", True),
        ("0099 0001", "0099", True),
        ("0099 0098", "0099", False),
        ("0099 0099", "0099", False),
        (f"0098 {OURS}", "0099", False),
        ("0099 ", "0099", False),
        ("", "0099", False),
    ],
)
def test_a_schema_fits_whoever_knows_the_oldest_release_that_it_names(said: str, version: str, does: bool) -> None:
    assert fits(said, version) is does


async def test_a_worker_ends_when_the_schema_goes_back(own: str) -> None:
    async with await open_store(own, worker="w1") as store:
        await store.write(Transaction.beat, OLD)
        with store.writing() as tx:
            tx._connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0009'"))
        with pytest.raises(StoreError, match=f"went back to schema 0009, ours is {OURS}"):
            await store.write(Transaction.beat, OLD)


async def test_a_service_of_a_release_that_knew_no_workers_is_not_overtaken(own: str, postgresql: Cluster) -> None:
    async with await open_store(own) as store, store.sole_worker():
        postgresql.run(f"UPDATE {VERSION_TABLE} SET version_num = '0009'", database=own.rsplit("/", 1)[1])
        with pytest.raises(StoreError, match="another monitor works on this database"):
            await migrate_database(own)


async def test_of_two_older_releases_only_that_one_is_named_which_the_new_schema_leaves_behind(
    own: str, tmp_path: Path
) -> None:
    async with await open_store(own) as store:
        await store.write(Transaction.beat, OLD)
        await store.write(Transaction.beat, replace(OLD, id="w0", host="sao-mai", schema="0009"))
    with newer_release.at_work(expanding(tmp_path)), pytest.raises(StoreError) as refused:
        await migrate_database(own)
    assert str(refused.value).endswith(f"schema {NEXT}: sao-mai (process 11, version 1.0)")


async def test_beside_workers_a_migration_does_not_wait_for_long_for_a_table(
    own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrading, "PATIENT_FOR", "50ms")
    async with await open_store(own) as store:
        await store.write(Transaction.beat, OLD)
        with store.reading() as tx, newer_release.at_work(expanding(tmp_path)):
            assert tx.feed_states() == []
            with pytest.raises(StoreError, match="somebody holds a table for long"):
                await migrate_database(own)
    assert await migrate_database(own) == Migrated(OURS, OURS)


def test_each_revision_of_several_processes_says_who_may_work_on_it() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    history = {each.revision: each.module for each in ScriptDirectory.from_config(config).walk_revisions()}
    said = [history[each].works_with for each in REVISIONS if each >= FIRST_OF_SEVERAL]
    assert all(FIRST_OF_SEVERAL <= each <= of for each, of in zip(said, REVISIONS[9:], strict=True))
    assert said == sorted(said), "what one took away a later one does not give back"


# ---------------------------------------------------------------- monitor migrate


def test_migrate_makes_the_schema_brings_it_up_and_says_when_nothing_is_to_do(
    monitor: CommandLine, blank_database_url: str, tmp_path: Path
) -> None:
    monitor.set(database_url=blank_database_url)
    first, second = monitor("migrate"), monitor("migrate")
    with newer_release.at_work(expanding(tmp_path)):
        third = monitor("migrate")
    fourth = monitor("migrate")
    assert [(each.code, each.out) for each in (first, second, third, fourth)] == [(0, "")] * 4
    assert first.err == f"an empty database has schema {OURS} now\n"
    assert second.err == f"schema {OURS}; nothing to do\n"
    assert third.err == f"brought from schema {OURS} to {NEXT}\n"
    assert fourth.err == f"schema {NEXT} is of a newer version, with which this one ({OURS}) works; nothing to do\n"


def test_migrate_refuses_what_this_release_does_not_know(
    monitor: CommandLine, blank_database_url: str, tmp_path: Path
) -> None:
    monitor.set(database_url=blank_database_url)
    with newer_release.at_work(contracting(tmp_path)):
        assert monitor("migrate").code == 0
    ended = monitor("migrate")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"monitor migrate: the database was written by a newer version (schema {NEXT},")
    monitor.set(database_url="postgresql://nobody:geheim@127.0.0.1:9/x")
    ended = monitor("migrate")
    assert ended.code == 2
    assert "is PostgreSQL running there" in ended.err


async def test_a_file_on_which_an_older_release_works_is_not_changed_under_it(tmp_path: Path) -> None:
    file = tmp_path / "monitor.db"
    url = f"sqlite:///{file}"
    async with await open_store(url) as store, store.sole_worker():
        assert await migrate_database(url) == Migrated(OURS, OURS)
        with newer_release.at_work(expanding(tmp_path)), pytest.raises(StoreError, match="another monitor works"):
            await migrate_database(url)
    with closing(connect(file)) as connection:
        assert connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone() == (OURS,)
