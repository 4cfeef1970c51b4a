"""Write a dump of each schema that has none yet, with a few rows of our own in every table.

    python -m tests.store.schemas [postgresql://… of an empty database]

The tables come from the revisions themselves, the rows from here. What was released stays as it is: a dump that is
there already is not written again. Without an address the dumps for SQLite alone are made.
"""

import contextlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Double,
    Float,
    Integer,
    MetaData,
    Table,
    Text,
    make_url,
    text,
)

import monitor.store.migrations
from monitor.store.engine import engine_for, parse
from monitor.store.migrations import REVISIONS, VERSION_TABLE
from monitor.store.tables import SEARCH_KEYS, UNDRAWN

HERE = Path(__file__).parent
AT = "2026-08-23 05:20:00.000000"

# Columns that are not told here hold what their type has for nothing.
ROWS: dict[str, list[dict[str, str]]] = {
    "feeds": [{"id": "ben-song", "next_check_at": AT, "etag": '"x"', "first_success_at": AT, "interval": "90.5"}],
    "stories": [{"id": "1", "title": "Bến cảng mở thêm một tuyến phà"}, {"id": "2", "title": "Chợ nổi họp lại"}],
    "items": [
        {
            "id": "11",
            "key": "bs:1",
            "feed_id": "ben-song",
            "outlet": "Bến Sông",
            "title": "Bến cảng mở thêm một tuyến phà",
            "lead": "Tuyến phà chạy từ tháng sau. Ông nói: 'Đông lắm'",
            "matched_at": AT,
            "story_id": "1",
            "role": "new",
            "fulltext": "auto",
        },
        {"id": "12", "key": "bs:2", "title": "Chợ nổi họp lại", "story_id": "2", "role": "new", "fulltext": "auto"},
    ],
    "matches": [{"item_id": "11", "watch_id": "putin", "kind": "leader", "rule": "name", "score": "0.9"}],
    "daily_counts": [{"day": "2026-08-23", "watch_id": "putin", "items": "3", "stories": "2"}],
    "chats": [
        {"chat_id": "101", "thread_id": "0", "kind": "private", "title": "Ân & bạn", "state": "active"},
        {"chat_id": "-1001234567890", "thread_id": "7", "kind": "group", "title": "Ban quốc tế", "state": "paused"},
    ],
    "holds": [{"chat_id": "101", "until": AT}],
    "subscriptions": [
        {"id": "1", "chat_id": "101", "thread_id": "0", "target": "putin"},
        {"id": "2", "chat_id": "-1001234567890", "thread_id": "7", "target": "#nga"},
    ],
    "mutes": [{"chat_id": "101", "thread_id": "0", "story_id": "2"}],
    "invites": [{"code": "moi-ban", "used_at": AT, "used_chat_id": "101", "used_thread_id": "0"}],
    "feedback": [{"id": "1", "chat_id": "101", "thread_id": "0", "story_id": "1", "evidence": '[{"watch": "putin"}]'}],
    "alerts": [
        {
            "id": "21",
            "chat_id": "101",
            "kind": "alert",
            "dedupe_key": "story:1",
            "state": "sent",
            "story_id": "1",
            "item_id": "11",
            "watch_ids": '["putin"]',
            "message_id": "77",
            "sent_digest": "abc",
            "priority": "normal",
            "settled_at": AT,
        },
        {
            "id": "22",
            "chat_id": "-1001234567890",
            "thread_id": "7",
            "kind": "alert",
            "dedupe_key": "story:2",
            "state": "pending",
            "story_id": "2",
            "under_id": "21",
            "watch_ids": "[]",
            "priority": "high",
        },
    ],
    "facts": [{"name": "access", "value": "invite"}],
    "item_versions": [{"id": "1", "item_id": "11", "title": "Bến cảng mở tuyến phà", "lead": "Từ tháng sau."}],
    "quotes": [
        {"id": "1", "item_id": "11", "watch_id": "putin", "speaker": "ông Putin", "verb": "nói", "field": "lead",
         "start": "40", "end": "48", "text": "Đông lắm"},
    ],
    "unindexed": [{"item_id": "12"}],
    "saved_items": [{"chat_id": "101", "thread_id": "0", "item_id": "11"}],
    "own_watches": [{"id": "1", "chat_id": "101", "thread_id": "0", "yaml": "events: []", "kept_at": AT}],
    "own_marks": [{"watch_id": "1", "item_id": "11", "is_right": "1"}],
    "changes": [{"id": "1", "chat_id": "101", "action": "edit", "what": "putin", "who": "Ân"}],
    "workers": [{"id": "w1", "host": "ben-song", "pid": "7", "schema": "0010", "parts": "poll", "beat_at": AT}],
    "roles": [{"name": "group", "worker_id": "w1", "fence": "3", "taken_at": AT, "kept_until": AT}],
    "host_turns": [{"host": "ben-song.example", "free_at": AT}],
    "bot_pace": [{"name": "telegram", "next_at": AT}],
    "window_steps": [{"id": "1", "at": AT, "what": '{"placed": [["11", "1", []]], "merged": null, "parted": null}'}],
    "fanouts": [{"id": "1", "item_id": "11", "story_id": "1", "task": "item", "role": "new",
                 "watch_ids": '["putin"]', "at": AT}],
    "abstracts": [{"story_id": "1", "digest": "d1", "text": "Một tuyến phà mới."}],
}  # fmt: skip


def alembic_config(connection: Connection) -> Config:
    """Alembic on this connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(monitor.store.migrations.__file__).parent))
    config.attributes["connection"] = connection
    return config


def fill(connection: Connection, revision: str) -> None:
    """The schema of a revision, with its rows."""
    command.upgrade(alembic_config(connection), revision)
    schema = MetaData()
    schema.reflect(connection, only=lambda name, _: not name.startswith(UNDRAWN))
    for table in schema.sorted_tables:
        for row in [] if table.name == VERSION_TABLE else ROWS.get(table.name, [{}]):
            values = {column.name: row.get(column.name, nothing(column)) for column in table.columns}
            connection.execute(text(insertion(table, {k: v for k, v in values.items() if v is not None})))
        if connection.dialect.name == "postgresql" and isinstance(table.columns.values()[0].type, Integer):
            # so that new rows are numbered after these, as those of a database that lived are
            sequence = f"pg_get_serial_sequence('{table.name}', '{table.columns.keys()[0]}')"
            number = f"(SELECT max({table.columns.keys()[0]}) FROM {table.name})"
            connection.execute(text(f"SELECT setval({sequence}, {number}) WHERE {sequence} IS NOT NULL"))


def insertion(table: Table, values: dict[str, str]) -> str:
    """A statement that both databases read: every value in quotes, for its column to make of it what it is."""
    names = ", ".join(f'"{name}"' for name in values)
    quoted = ", ".join("'" + value.replace("'", "''").replace(":", "\\:") + "'" for value in values.values())
    return f"INSERT INTO {table.name} ({names}) VALUES ({quoted})"


def nothing(column: Column[object]) -> str | None:
    """What a column holds that no row speaks of."""
    if column.nullable or column.server_default is not None:
        return None
    match column.type:
        case Boolean() | Integer() | Double() | Float():
            return "0"
        case DateTime():
            return AT
        case Date():
            return "2026-08-23"
        case JSON():
            return "[]"
        case Text():
            return ""
        case other:
            raise AssertionError(f"{column} is {other!r}: say what it holds")


def build(url: str, revision: str) -> None:
    """A database as `revision` left it."""
    engine = engine_for(parse(url))

    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            for name in ("DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "SET TIME ZONE 'UTC'"):
                connection.execute(text(name))
        fill(connection, revision)
    engine.dispose()


def dump_sqlite(revision: str) -> str:
    """The whole database as statements."""
    with tempfile.TemporaryDirectory() as folder:
        build(f"sqlite:///{folder}/x.db", revision)
        with contextlib.closing(sqlite3.connect(f"{folder}/x.db")) as connection:
            made = [row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [SEARCH_KEYS])]
            for _ in made:  # a virtual table cannot be dumped; it holds nothing, and is made again
                connection.execute(f"DROP TABLE {SEARCH_KEYS}")
            return "\n".join([*connection.iterdump(), *(f"{each};" for each in made)]) + "\n"


def dump_postgresql(revision: str, url: str) -> str:
    """The whole database as statements, without what is not SQL or only of that server."""
    build(url, revision)
    said = subprocess.run(
        ["pg_dump", "--inserts", "--no-owner", "--no-acl", f"--dbname={make_url(url).render_as_string(False)}"],
        capture_output=True, text=True, check=True, env={**os.environ, "PGTZ": "UTC"},
    ).stdout  # fmt: skip
    left_out = ("--", "\\", "SET ", "SELECT pg_catalog.set_config", "CREATE SCHEMA", "COMMENT ")
    return "\n".join(line for line in said.splitlines() if line and not line.startswith(left_out)) + "\n"


def main() -> None:
    """Write what is missing."""
    for revision in REVISIONS:
        for kind in ("sqlite", "postgresql")[: len(sys.argv)]:
            path = HERE / f"{revision}.{kind}.sql"
            if not path.exists():
                dump = dump_sqlite(revision) if kind == "sqlite" else dump_postgresql(revision, sys.argv[1])
                path.write_text(dump, "utf-8")
                print(path)


if __name__ == "__main__":
    main()
