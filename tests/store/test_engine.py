"""Opening a database: made, migrated, or refused with a line that says what to do."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection, make_url, text

import monitor.store.migrations
from monitor.errors import StoreError
from monitor.store import engine as engines
from monitor.store import tables
from monitor.store.migrations import HEAD, REVISIONS, VERSION_TABLE
from monitor.store.transaction import Store, Transaction, open_store
from tests.databases import GUARDED, PASSWORD, Cluster
from tests.store_samples import AN, NOW, draft, save_items, stored_keys


async def _refused(url: str) -> str:
    with pytest.raises(StoreError) as refusal:
        await open_store(url)
    assert "\n" not in str(refusal.value)
    return str(refusal.value)


# ---------------------------------------------------------------- the schema


async def test_a_new_database_is_made_and_found_again(blank_database_url: str) -> None:
    async with await open_store(blank_database_url) as store:
        await save_items(store, draft("a-1"))
    async with await open_store(blank_database_url) as store:
        with store.reading() as tx:
            assert stored_keys(tx, ["a-1"]) == {"a-1"}


async def test_the_migrations_lead_to_the_very_tables(blank_database_url: str) -> None:
    def differences(connection: Connection) -> object:
        def is_drawn(_: object, name: str | None, kind: str, *__: object) -> bool:
            """The search index is no table of rows: its revision alone knows it."""
            return not (name or "").startswith(tables.UNDRAWN)

        options = {"compare_type": True, "version_table": VERSION_TABLE, "include_object": is_drawn}
        return compare_metadata(MigrationContext.configure(connection, opts=options), tables.metadata)

    async with await open_store(blank_database_url) as store:
        with store.reading() as tx:
            assert differences(tx._connection) == []


def test_every_revision_is_named_in_its_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(monitor.store.migrations.__file__).parent))
    script = ScriptDirectory.from_config(config)
    history = [revision.revision for revision in script.walk_revisions()]
    assert tuple(reversed(history)) == REVISIONS
    assert script.get_current_head() == HEAD


async def test_migrations_can_be_undone(blank_database_url: str) -> None:
    from alembic import command

    def down(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(monitor.store.migrations.__file__).parent))
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    async with await open_store(blank_database_url) as store:
        with store.writing() as tx:
            down(tx._connection)
    async with await open_store(blank_database_url) as store:
        assert len(await save_items(store, draft("a-1"))) == 1


async def test_an_invitation_of_an_older_schema_works_for_a_week_more(blank_database_url: str) -> None:
    from alembic import command

    def as_it_was(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(monitor.store.migrations.__file__).parent))
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
        connection.execute(text("INSERT INTO invites (code, created_at) VALUES ('moi-ban', '2026-01-01 00:00:00')"))

    async with await open_store(blank_database_url) as store:
        with store.writing() as tx:
            as_it_was(tx._connection)
    async with await open_store(blank_database_url) as store:
        with store.writing() as tx:
            now = datetime.now(UTC)
            assert not tx.use_invite("moi-ban", AN, now=now + timedelta(days=8))
            assert tx.use_invite("moi-ban", AN, now=now + timedelta(days=6))


async def test_stores_that_open_at_once_migrate_once(blank_database_url: str) -> None:
    stores = await asyncio.gather(*(open_store(blank_database_url) for _ in range(4)))
    assert [len(await save_items(store, draft(f"a-{n}"))) for n, store in enumerate(stores)] == [1, 1, 1, 1]
    for store in stores:
        await store.close()


@pytest.mark.slow
async def test_processes_that_start_at_once_migrate_once(blank_database_url: str) -> None:
    program = (
        "import asyncio, sys\n"
        "from monitor.store.transaction import open_store\n"
        "async def main():\n"
        "    await (await open_store(sys.argv[1])).close()\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", program, blank_database_url]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]  # noqa: ASYNC220
    assert [process.communicate()[1] for process in started] == ["", "", ""]
    assert [process.returncode for process in started] == [0, 0, 0]


def test_a_new_file_that_another_process_holds_for_a_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(tmp_path / "monitor.db", isolation_level=None)
    other.execute("CREATE TABLE held (x)")
    other.execute("BEGIN")
    other.execute("SELECT * FROM held").fetchall()  # a reader of a file that is not yet in WAL bars the change
    pauses: list[float] = []

    def free_gently(seconds: float) -> None:
        pauses.append(seconds)
        if other.in_transaction:
            other.execute("COMMIT")

    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.01)
    monkeypatch.setattr("time.sleep", free_gently)
    engines.probe(make_url(f"sqlite:///{tmp_path}/monitor.db"))
    assert len(pauses) == 1
    other.close()
    now = sqlite3.connect(tmp_path / "monitor.db")
    assert now.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    now.close()


async def test_a_newer_schema_is_left_alone(blank_database_url: str) -> None:
    async with await open_store(blank_database_url) as store:
        with store.writing() as tx:
            tx._connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    assert "newer version (schema 9999" in await _refused(blank_database_url)


async def test_another_programs_tables_are_left_alone(blank_database_url: str, tmp_path: Path) -> None:
    engine = engines.engine_for(engines.parse(blank_database_url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE items (price INTEGER)"))
    engine.dispose()
    assert "another program's table items" in await _refused(blank_database_url)


# ---------------------------------------------------------------- what cannot be opened


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite://", "name a file"),
        ("sqlite:///:memory:", "name a file"),
        ("mysql://root:bi-mat@localhost/news", "mysql is no database"),
        ("monitor.db", "write sqlite:///data/monitor.db"),
        ("", "write sqlite:///data/monitor.db"),
        ("postgresql://news:bi-mat@localhost:cong/news", "cannot be read"),
        ("postgresql://news:bi-mat@half@localhost/news", "write it as %40"),
    ],
)
async def test_an_address_that_cannot_be_meant(url: str, said: str) -> None:
    refusal = await _refused(url)
    assert said in refusal
    assert "bi-mat" not in refusal
    assert "half" not in refusal


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    file = tmp_path / "monitor.db"
    file.write_text("đây là một bài thơ\n" * 100)
    assert "it is no SQLite database" in await _refused(f"sqlite:///{file}")
    assert file.read_text().startswith("đây là")


async def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert "cannot be made" in await _refused(f"sqlite:///{tmp_path}/data/monitor.db")


async def test_a_file_that_is_a_folder(tmp_path: Path) -> None:
    assert "a folder that this user may write to?" in await _refused(f"sqlite:///{tmp_path}")


async def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    async with await open_store(f"sqlite:///{tmp_path}/monitor.db") as store:
        await save_items(store, draft("a-1"))
        assert _rights(tmp_path) == {"monitor.db": 0o600, "monitor.db-wal": 0o600, "monitor.db-shm": 0o600}


def _rights(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


async def test_a_relative_file_is_made_with_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    await (await open_store("sqlite:///data/monitor.db")).close()
    assert (tmp_path / "data" / "monitor.db").exists()


@pytest.mark.parametrize("sign", " '%/@:#?&+ắ")
def test_every_sign_of_a_password_reaches_postgresql(sign: str) -> None:
    url = engines.parse(f"postgresql://news:hush{quote(sign, safe='')}hush@localhost:5433/news?sslmode=require")
    assert conninfo_to_dict(engines.address_of(url)) == {
        "user": "news",
        "password": f"hush{sign}hush",
        "host": "localhost",
        "port": "5433",
        "dbname": "news",
        "sslmode": "require",
    }


async def test_a_wrong_password_is_said_and_not_shown(postgresql: Cluster) -> None:
    refusal = await _refused(postgresql.url("migrated", user=GUARDED, password="mat-khau-sai"))
    assert "password authentication failed" in refusal
    assert "check user and password in MONITOR_DATABASE_URL" in refusal
    assert "mat-khau-sai" not in refusal


async def test_a_user_that_may_not_create_tables(postgresql: Cluster) -> None:
    name = postgresql.new_database().rsplit("/", 1)[1]
    postgresql.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC", database=name)
    refusal = await _refused(postgresql.url(name, user=GUARDED, password=PASSWORD))
    assert "permission denied" in refusal
    assert "GRANT CREATE" in refusal
    assert PASSWORD not in refusal


async def test_a_database_that_does_not_exist(postgresql: Cluster) -> None:
    assert "createdb" in await _refused(postgresql.url("khong-co"))


async def test_a_database_or_a_user_that_may_have_no_more_connections(postgresql: Cluster) -> None:
    name = postgresql.new_database().rsplit("/", 1)[1]
    postgresql.run(f"ALTER DATABASE {name} CONNECTION LIMIT 0")
    assert "raise max_connections" in await _refused(postgresql.url(name, user=GUARDED, password=PASSWORD))


async def test_a_server_that_is_not_there() -> None:
    refusal = await _refused("postgresql://news:bi-mat@127.0.0.1:1/news")
    assert "127.0.0.1:1/news" in refusal
    assert "is PostgreSQL running there" in refusal
    assert "bi-mat" not in refusal


# ---------------------------------------------------------------- transactions


async def test_an_exception_undoes_the_whole_block(store: Store) -> None:
    def fails(tx: Transaction) -> None:
        tx.add_items([draft("a-1")])
        tx.add_invite("moi-ban", now=NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.write(fails)
    with store.writing() as tx:
        assert stored_keys(tx, ["a-1"]) == set()
        assert tx.use_invite("moi-ban", AN, now=NOW) is False


async def test_a_cancelled_block_is_undone_and_the_next_one_goes_on(store: Store) -> None:
    inside, is_cancelled = threading.Event(), threading.Event()

    def waits(tx: Transaction) -> None:
        tx.add_items([draft("a-1")])
        inside.set()
        assert is_cancelled.wait(30)

    task = asyncio.create_task(store.write(waits))
    await asyncio.to_thread(inside.wait, 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    is_cancelled.set()
    assert len(await save_items(store, draft("a-1"))) == 1


async def test_a_reading_block_writes_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError, match="use write"), store.reading() as tx:
        tx.add_invite("moi-ban", now=NOW)


async def test_a_reading_block_sees_one_state_while_others_write(store: Store) -> None:
    with store.reading() as before:
        assert stored_keys(before, ["a-1"]) == set()
        await save_items(store, draft("a-1"))
        assert stored_keys(before, ["a-1"]) == set()
    with store.reading() as after:
        assert stored_keys(after, ["a-1"]) == {"a-1"}


async def test_sqlite_is_set_up_to_lose_nothing_and_to_wait(tmp_path: Path) -> None:
    async with await open_store(f"sqlite:///{tmp_path}/monitor.db") as store:
        with store.reading() as tx:
            values = {}
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "auto_vacuum"):
                values[name] = (tx._connection.execute(text(f"PRAGMA {name}"))).scalar_one()
    assert values == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "busy_timeout": 5_000,
        "auto_vacuum": 2,  # incremental
    }


async def test_another_process_that_writes_for_too_long_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.05)
    file = tmp_path / "monitor.db"
    async with await open_store(f"sqlite:///{file}") as store:
        other = sqlite3.connect(file, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="is a second monitor running"):
                await save_items(store, draft("a-1"))
            with store.reading() as tx:
                assert stored_keys(tx, ["a-1"]) == set()
        finally:
            other.close()
        assert len(await save_items(store, draft("a-1"))) == 1


async def test_a_database_that_goes_away_is_a_store_error_and_one_that_comes_back_works(postgresql: Cluster) -> None:
    url = postgresql.new_database("migrated")
    name = url.rsplit("/", 1)[1]

    async def loses_its_connection(store: Store) -> None:
        with store.writing() as tx:
            postgresql.run(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'")
            tx.feed_states()

    async with await open_store(url) as store:
        await save_items(store, draft("a-1"))
        with pytest.raises(StoreError):
            await loses_its_connection(store)
        assert len(await save_items(store, draft("a-2"))) == 1
