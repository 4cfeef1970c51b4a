"""Several processes on PostgreSQL: workers, roles, shared turns, fan-outs, and the engine that wakes them."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from monitor.store.column_types import Json, Prose, Seconds, UtcDateTime

revision = "0010"
down_revision = "0009"
works_with = "0010"  # the oldest HEAD that may work on this schema: before, a process was alone
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HELD = {  # which column names the worker that holds a row -> by which a dead one's rows are found
    ("feeds", "leased_by"): "",
    ("alerts", "leased_by"): "",
    ("items", "fulltext_by"): "ix_items_fulltext_by",
    ("items", "recheck_by"): "ix_items_recheck_by",
}
AUDIENCES = {"subscriptions": "target", "alerts": "story_id"}  # asked in the order of addresses now
WAITING = {  # index -> its columns, and what it holds of the open alerts in the words of each database
    "ix_alerts_few": (["chat_id", "thread_id", "id", "kind"], "in_bulk = 0", "NOT in_bulk"),
    "ix_alerts_bulk_news": (["priority", "id"], "in_bulk = 1 AND kind != 'edit'", "in_bulk AND kind != 'edit'"),
    "ix_alerts_bulk_edits": (["id"], "in_bulk = 1 AND kind = 'edit'", "in_bulk AND kind = 'edit'"),
}
BUSY_TABLES = ("items", "matches", "alerts", "news_events")


def upgrade() -> None:
    """Forward."""
    _workers()
    _fanouts()
    for (table, column), index in HELD.items():
        op.add_column(table, sa.Column(column, Prose(), nullable=True))
        if index:
            where = sa.text(f"{column} IS NOT NULL")
            op.create_index(index, table, [column], sqlite_where=where, postgresql_where=where)
    op.add_column("alerts", sa.Column("in_bulk", sa.Boolean(), nullable=False, server_default=sa.false()))
    _index_audiences()
    if op.get_bind().dialect.name == "postgresql":
        for table in BUSY_TABLES:
            # by its own rule autovacuum waits for a fifth of a table, which is a million rows of a large one
            op.execute(f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.02)")
        create_engine_tables(op.get_bind())


def _index_audiences() -> None:
    """Followers and told chats in the order of their addresses; what waits for few, and what waits for very many."""
    for table, column in AUDIENCES.items():
        op.drop_index(f"ix_{table}_{column}", table_name=table)
        op.create_index(f"ix_{table}_{column}", table, [column, "chat_id", "thread_id"])
    is_open = "state IN ('pending', 'sending')"
    for name, (columns, sqlite, postgresql) in WAITING.items():
        held, held_too = sa.text(f"{is_open} AND {sqlite}"), sa.text(f"{is_open} AND {postgresql}")
        op.create_index(name, "alerts", columns, sqlite_where=held, postgresql_where=held_too)


def _workers() -> None:
    op.create_table(
        "workers",
        sa.Column("id", Prose(), nullable=False),
        sa.Column("host", Prose(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", Prose(), nullable=False),
        sa.Column("schema", Prose(), nullable=False),
        sa.Column("parts", Prose(), nullable=False),
        sa.Column("page", Prose(), nullable=False),
        sa.Column("trouble", Prose(), nullable=False),
        sa.Column("clock_ahead", Seconds(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("beat_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
    )
    op.create_table(
        "roles",
        sa.Column("name", Prose(), nullable=False),
        sa.Column("worker_id", Prose(), nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("kept_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_roles"),
        sa.UniqueConstraint("name", "fence", name="uq_roles_name_fence"),
    )
    op.create_table(
        "host_turns",
        sa.Column("host", Prose(), nullable=False),
        sa.Column("worker_id", Prose(), nullable=True),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.Column("free_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_host_turns"),
    )
    op.create_index("ix_host_turns_free_at", "host_turns", ["free_at"])
    op.create_table(
        "bot_pace",
        sa.Column("name", Prose(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("held_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_bot_pace"),
    )
    op.create_table(
        "window_steps",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("what", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_window_steps"),
        sqlite_autoincrement=True,
    )


def _fanouts() -> None:
    op.create_table(
        "fanouts",
        sa.Column("id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("story_id", ID, nullable=False),
        sa.Column("task", Prose(), nullable=False),
        sa.Column("role", Prose(), nullable=False),
        sa.Column("watch_ids", Json, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("after_chat", sa.BigInteger(), nullable=True),
        sa.Column("after_thread", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_fanouts_item_id_items", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="fk_fanouts_story_id_stories"),
        sa.PrimaryKeyConstraint("id", name="pk_fanouts"),
        sqlite_autoincrement=True,
    )
    for column in ("item_id", "story_id", "at"):
        op.create_index(f"ix_fanouts_{column}", "fanouts", [column])


def create_engine_tables(connection: sa.Connection) -> None:
    """The tables of Procrastinate 3.10, as its own schema.sql draws them (MIT licence: NOTICE); PostgreSQL only."""
    script = Path(__file__).with_name("engine_0010.sql").read_bytes()
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(script)  # the driver's own: the script holds colons and percent signs


def drop_engine_tables() -> None:
    """Take away all that is named procrastinate_…; nothing in it is anybody's only copy."""
    op.execute(
        """
        DO $$ DECLARE each record; BEGIN
          FOR each IN SELECT tablename FROM pg_tables
            WHERE schemaname = current_schema() AND tablename LIKE 'procrastinate\\_%' LOOP
            EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', each.tablename);
          END LOOP;
          FOR each IN SELECT oid::regprocedure AS called FROM pg_proc
            WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'procrastinate\\_%' LOOP
            EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', each.called);
          END LOOP;
          FOR each IN SELECT typname FROM pg_type
            WHERE typnamespace = current_schema()::regnamespace AND typname LIKE 'procrastinate\\_%'
            AND typtype IN ('e', 'c') LOOP
            EXECUTE format('DROP TYPE IF EXISTS %I CASCADE', each.typname);
          END LOOP;
        END $$
        """
    )


def downgrade() -> None:
    """Back."""
    if op.get_bind().dialect.name == "postgresql":
        drop_engine_tables()
        for table in BUSY_TABLES:
            op.execute(f"ALTER TABLE {table} RESET (autovacuum_vacuum_scale_factor)")
    for name in WAITING:
        op.drop_index(name, table_name="alerts")
    for table, column in AUDIENCES.items():
        op.drop_index(f"ix_{table}_{column}", table_name=table)
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.drop_column("alerts", "in_bulk")
    for (table, column), index in HELD.items():
        if index:
            op.drop_index(index, table_name=table)
        op.drop_column(table, column)
    for table in ("fanouts", "window_steps", "bot_pace", "host_turns", "roles", "workers"):
        op.drop_table(table)
