"""backup and restore: nothing is lost by them, however they end."""

import asyncio
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from monitor.errors import StoreError
from monitor.store import backups, postgresql_backup
from monitor.store.engine import engine_for, parse
from monitor.store.migrations import HEAD, VERSION_TABLE
from monitor.store.sole_names import IN_USE
from monitor.store.transaction import open_store
from tests.command_line import CommandLine
from tests.databases import GUARDED, Cluster
from tests.store.test_archive import fill
from tests.store_samples import draft, save_items

TOKEN = "70001:" + "bi-mat" * 6
REPO = Path(__file__).parents[2]


def rows(monitor: CommandLine) -> str:
    """All that the database holds, as lines."""
    ended = monitor("export")
    assert ended.code == 0, ended.err
    return ended.out


def goes_on(url: str, *keys: str) -> None:
    async def saved() -> None:
        async with await open_store(url) as store:
            await save_items(store, *(draft(key) for key in keys))

    asyncio.run(saved())


def whole(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


@pytest.fixture
def filled(monitor: CommandLine, database_url: str) -> CommandLine:
    """The command line on a database with something in every table, of both kinds in turn."""
    fill(database_url)
    monitor.set(database_url=database_url, telegram_token=TOKEN)
    return monitor


@pytest.fixture
def on_file(monitor: CommandLine) -> CommandLine:
    """The command line on a SQLite file with something in every table."""
    fill(f"sqlite:///{monitor.folder}/data/monitor.db")
    return monitor


# ---------------------------------------------------------------- there and back


def test_a_restored_database_is_the_one_that_was_backed_up(filled: CommandLine, database_url: str) -> None:
    before = rows(filled)
    ended = filled("backup", "kept.backup")
    assert (ended.code, ended.out) == (0, "")
    assert f"schema {HEAD}" in ended.err
    goes_on(database_url, "sau-do")
    changed = rows(filled)
    assert changed != before
    ended = filled("restore", "kept.backup")
    assert ended.code == 0, ended.err
    assert rows(filled) == before
    kept_aside = ended.err.partition("is kept as ")[2].partition(": delete")[0]
    assert filled("restore", kept_aside).code == 0
    assert rows(filled) == changed


def test_a_backup_is_private_and_holds_no_secret(filled: CommandLine) -> None:
    assert filled("backup", "kept.backup").code == 0
    file = filled.folder / "kept.backup"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    raw = file.read_bytes()
    assert TOKEN.encode() not in raw
    assert TOKEN[6:].encode() not in raw
    assert [path.name for path in filled.folder.iterdir() if "partial" in path.name] == []


def test_a_backup_replaces_nothing_unless_it_is_told_to(filled: CommandLine) -> None:
    filled.write("kept.backup", "something else")
    ended = filled("backup", "kept.backup")
    assert ended.code == 2
    assert "choose another name, or --force" in ended.err
    assert (filled.folder / "kept.backup").read_text() == "something else"
    assert filled("backup", "kept.backup", "--force").code == 0
    assert filled("restore", "kept.backup").code == 0


def test_a_restore_is_refused_while_a_service_works(filled: CommandLine, database_url: str) -> None:
    assert filled("backup", "kept.backup").code == 0
    before = rows(filled)

    async def refused() -> str:
        async with await open_store(database_url) as store, store.sole_worker():
            assert (await asyncio.to_thread(filled, "backup", "meanwhile.backup")).code == 0
            ended = await asyncio.to_thread(filled, "restore", "kept.backup")
        assert ended.code == 2
        return ended.err

    assert asyncio.run(refused()) == f"monitor restore: {IN_USE}\n"
    assert rows(filled) == before


def test_a_restore_into_a_database_that_is_not_there_yet(filled: CommandLine, blank_database_url: str) -> None:
    before = rows(filled)
    assert filled("backup", "kept.backup").code == 0
    is_other_kind = os.environ["MONITOR_DATABASE_URL"].partition(":")[0] != blank_database_url.partition(":")[0]
    filled.set(database_url=blank_database_url)
    ended = filled("restore", "kept.backup")
    if is_other_kind:
        assert ended.code == 2
        assert "backup of PostgreSQL" in ended.err
    else:
        assert (ended.code, ended.err) == (0, "restored from kept.backup\n")
        assert rows(filled) == before


def test_a_backup_that_is_damaged_or_none_changes_nothing(filled: CommandLine) -> None:
    before = rows(filled)
    assert filled("backup", "kept.backup").code == 0
    raw = (filled.folder / "kept.backup").read_bytes()
    (filled.folder / "half.backup").write_bytes(raw[: len(raw) // 2])
    torn = bytearray(raw)
    torn[len(raw) // 3 : len(raw) // 3 + 6_000] = b"\xff" * 6_000
    (filled.folder / "torn.backup").write_bytes(torn)
    filled.write("poem.backup", "đây là một bài thơ")
    for name in ("half.backup", "torn.backup", "poem.backup", "nothing.backup", "."):
        ended = filled("restore", name)
        assert ended.code == 2, name
        assert ended.err.count("\n") == 1, ended.err
    assert rows(filled) == before


def test_a_newer_database_and_its_backup_are_refused_with_what_to_do(filled: CommandLine, database_url: str) -> None:
    assert filled("backup", "old.backup").code == 0
    with newer(database_url):
        refused_everywhere(filled, database_url)


def refused_everywhere(filled: CommandLine, database_url: str) -> None:
    for command in (["run", "--once"], ["status"], ["export"], ["backup", "new.backup"]):
        ended = filled(*command)
        assert ended.code == 2, command
        assert "newer version (schema 9999" in ended.err
        assert "update this program, or restore a backup from before the update" in ended.err
    if database_url.startswith("sqlite"):
        shutil.copy(database_url.removeprefix("sqlite:///"), filled.folder / "new.backup")
        ended = filled("restore", "new.backup")
        assert ended.code == 2
        assert "newer version" in ended.err
        assert filled("restore", "old.backup").code == 0, "the way back that was promised"
        assert filled("status").code in (0, 1)
    else:
        ended = filled("restore", "old.backup")
        assert ended.code == 2
        assert "restore it into a new, empty database" in ended.err


def set_version(url: str, version: str) -> None:
    """Say that another release wrote this database, which none of ours opens then."""
    engine = engine_for(parse(url))
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '{version}'"))
    engine.dispose()


@contextmanager
def newer(url: str) -> Iterator[None]:
    """A database of a newer release, for the time of the block: other tests may get it after us."""
    set_version(url, "9999")
    try:
        yield
    finally:
        set_version(url, HEAD)


# ---------------------------------------------------------------- SQLite


def test_a_backup_is_one_state_although_the_service_writes_all_the_time(
    on_file: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer between every two steps neither waits nor makes the copy begin anew."""
    from monitor.store import sqlite_backup

    before = rows(on_file)
    database = on_file.folder / "data" / "monitor.db"
    copied = 0
    copy = sqlite_backup._copy

    def with_a_writer(source: sqlite3.Connection, target: Path) -> None:
        nonlocal copied
        with closing(sqlite3.connect(database, timeout=0)) as writer, closing(sqlite3.connect(target)) as into:

            def between(*_: int) -> None:
                nonlocal copied
                copied += 1
                writer.execute("UPDATE chats SET title = title || 'x'")
                writer.commit()

            source.backup(into, pages=1, progress=between)

    monkeypatch.setattr(sqlite_backup, "_copy", with_a_writer)
    assert on_file("backup", "kept.db").code == 0
    monkeypatch.setattr(sqlite_backup, "_copy", copy)
    assert copied == (on_file.folder / "kept.db").stat().st_size // 4096
    assert rows(on_file) != before
    assert on_file("restore", "kept.db").code == 0
    assert rows(on_file) == before


def test_what_others_have_open_is_not_replaced(on_file: CommandLine) -> None:
    assert on_file("backup", "kept.db").code == 0
    with closing(sqlite3.connect(on_file.folder / "data" / "monitor.db")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM chats").fetchall()
        ended = on_file("restore", "kept.db")
        assert (ended.code, ended.err) == (2, f"monitor restore: {IN_USE}\n")
    assert on_file("restore", "kept.db").code == 0


def test_a_damaged_database_is_replaced_and_kept_aside(on_file: CommandLine) -> None:
    before = rows(on_file)
    assert on_file("backup", "kept.db").code == 0
    database = on_file.folder / "data" / "monitor.db"
    for journal in database.parent.glob("monitor.db-*"):
        journal.unlink()
    database.write_bytes(b"\xff" * 100_000)
    (database.parent / "monitor.db-wal").write_bytes(b"\x37" * 5_000)
    assert on_file("restore", "kept.db").code == 0
    assert rows(on_file) == before
    assert whole(database) == "ok"
    aside = min(database.parent.glob("monitor.db.before-restore-*"))
    assert aside.read_bytes() == b"\xff" * 100_000


def test_a_backup_onto_the_database_itself_is_refused(on_file: CommandLine) -> None:
    before = rows(on_file)
    for name in ("data/monitor.db", "data"):
        assert on_file("backup", name, "--force").code == 2
    assert rows(on_file) == before


def test_without_a_database_there_is_nothing_to_back_up(monitor: CommandLine) -> None:
    ended = monitor("backup", "kept.db")
    assert ended.code == 2
    assert "nothing to back up" in ended.err
    assert not (monitor.folder / "data").exists()


def test_a_backup_into_a_folder_that_is_not_there(on_file: CommandLine) -> None:
    ended = on_file("backup", "no/where/kept.db")
    assert ended.code == 2
    assert "Traceback" not in ended.err


KILLED = """
import os, signal, sys
from monitor.cli.main import main
left = int(sys.argv[1])
def deadly(name):
    whole = getattr(os, name)
    def call(*given, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(*given, **named)
    setattr(os, name, call)
for name in ("fsync", "link", "replace", "rename", "unlink"):
    deadly(name)
main(sys.argv[2:])
"""


def killed_at(folder: Path, step: int, *command: str) -> int:
    """Run a command that dies before its n-th change of the file system; its return code."""
    line = [sys.executable, "-c", KILLED, str(step), *command]
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    return subprocess.run(line, cwd=folder, env=environment, capture_output=True, timeout=60).returncode


@pytest.mark.slow
def test_a_kill_at_any_step_of_a_backup_leaves_the_database_and_no_half_backup(on_file: CommandLine) -> None:
    before = rows(on_file)
    target = on_file.folder / "kept.db"
    for step in range(1, 30):
        code = killed_at(on_file.folder, step, "backup", "kept.db")
        assert rows(on_file) == before
        if target.exists():
            assert whole(target) == "ok"
            target.unlink()
        if code == 0:
            break
        assert code == -signal.SIGKILL
    assert step > 3
    assert code == 0


@pytest.mark.slow
def test_a_kill_at_any_step_of_a_restore_leaves_the_old_database_or_the_new_one(on_file: CommandLine) -> None:
    kept = rows(on_file)
    assert on_file("backup", "kept.db").code == 0
    goes_on(f"sqlite:///{on_file.folder}/data/monitor.db", "sau-do")
    present = rows(on_file)
    seen = set()
    for step in range(1, 60):
        code = killed_at(on_file.folder, step, "restore", "kept.db")
        now = rows(on_file)
        assert now in (kept, present)
        assert whole(on_file.folder / "data" / "monitor.db") == "ok"
        seen.add(now)
        if code == 0:
            break
        assert code == -signal.SIGKILL
        if now == kept:
            goes_on(f"sqlite:///{on_file.folder}/data/monitor.db", "sau-do")
            present = rows(on_file)
    assert step > 3
    assert code == 0
    assert len(seen) > 1
    assert [path for path in (on_file.folder / "data").iterdir() if path.suffix in (".restoring", ".restored")] == []


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_full_disk_loses_nothing(on_file: CommandLine, command: str) -> None:
    assert on_file("backup", "kept.db").code == 0
    before = rows(on_file)
    files = sorted(path.name for path in on_file.folder.rglob("*"))
    line = f"ulimit -f 40; exec {sys.executable} -m monitor {command} {'new' if command == 'backup' else 'kept'}.db"
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    ended = subprocess.run(["bash", "-c", line], cwd=on_file.folder, env=environment, capture_output=True, text=True)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert rows(on_file) == before
    now = sorted(path.name for path in on_file.folder.rglob("*") if path.suffix != ".lock")
    assert now == files


@pytest.mark.slow
def test_twenty_thousand_items_are_backed_up_within_seconds(on_file: CommandLine) -> None:
    goes_on(f"sqlite:///{on_file.folder}/data/monitor.db", *(f"n-{n}" for n in range(20_000)))
    begin = time.process_time()
    assert on_file("backup", "kept.db").code == 0
    assert time.process_time() - begin < 10


# ---------------------------------------------------------------- PostgreSQL


def test_the_password_stands_in_no_process_list(
    monitor: CommandLine, postgresql: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = postgresql.new_database("migrated").rsplit("/", 1)[1]
    monitor.set(database_url=postgresql.url(name, user=GUARDED, password="mat-khau-sai"))
    seen: list[tuple[list[str], dict[str, str]]] = []
    run = subprocess.run

    def noted(line: list[str], **named: object) -> object:
        seen.append((line, named["env"]))  # type: ignore[arg-type]
        return run(line, **named)  # type: ignore[call-overload]

    monkeypatch.setattr("subprocess.run", noted)
    url = parse(postgresql.url(name, user=GUARDED, password="mat-khau-sai"))
    with pytest.raises(StoreError, match="pg_dump failed") as refusal:
        postgresql_backup.back_up(url, monitor.folder / "kept.dump", force=False)
    assert "mat-khau-sai" not in str(refusal.value)
    ((line, environment),) = seen
    assert "mat-khau-sai" not in " ".join(line)
    assert environment["PGPASSWORD"] == "mat-khau-sai"
    assert not any(variable.startswith("MONITOR_") for variable in environment)
    assert not (monitor.folder / "kept.dump").exists()


def test_without_pg_dump_it_says_what_to_install(
    monitor: CommandLine, postgresql: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor.set(database_url=postgresql.new_database("migrated"))
    monkeypatch.setenv("PATH", str(monitor.folder))
    ended = monitor("backup", "kept.dump")
    assert ended.code == 2
    assert "pg_dump is not installed here: apt-get install postgresql-client" in ended.err


def test_what_somebody_reads_in_postgresql_is_not_replaced(
    monitor: CommandLine, postgresql: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "LOCK_SECONDS", 1)
    url = postgresql.new_database("migrated")
    fill(url)
    monitor.set(database_url=url)
    assert monitor("backup", "kept.dump").code == 0
    before = rows(monitor)
    with psycopg.connect(url) as reader:
        reader.execute("SELECT * FROM chats").fetchall()
        ended = monitor("restore", "kept.dump")
    assert ended.code == 2
    assert ended.err == "monitor restore: somebody has been reading the database for 1 s: stop them first\n"
    assert rows(monitor) == before


@pytest.mark.slow
def test_a_restore_that_is_killed_leaves_postgresql_as_it_was(
    monitor: CommandLine, postgresql: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgresql.new_database("migrated")
    fill(url)
    monitor.set(database_url=url)
    assert monitor("backup", "kept.dump").code == 0
    goes_on(url, "sau-do")
    present = rows(monitor)
    for step in range(1, 40):
        code = killed_at(monitor.folder, step, "restore", "kept.dump")
        if code == 0:
            break
        assert rows(monitor) == present
    assert code == 0
    assert rows(monitor) != present
