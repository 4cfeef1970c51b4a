"""How each chat wants to be told, what it saved and watches for itself, answers that wait, and who changed what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from monitor.store.column_types import Prose, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Forward."""
    _columns()
    _saved_items()
    _own_watches()
    _changes()


def _columns() -> None:
    op.add_column("chats", sa.Column("preferences", JSON, nullable=False, server_default="{}"))
    for name in ("gather_from", "gather_until", "report_at"):
        op.add_column("chats", sa.Column(name, UtcDateTime(), nullable=True))
    op.add_column("chats", sa.Column("brought_by", sa.BigInteger(), nullable=True))
    op.add_column("feedback", sa.Column("voices", JSON, nullable=False, server_default="[]"))
    for name in ("gather_until", "report_at"):
        where = sa.text(f"{name} IS NOT NULL")
        op.create_index(f"ix_chats_{name}", "chats", [name], sqlite_where=where, postgresql_where=where)
    op.add_column("holds", sa.Column("flooded_until", UtcDateTime(), nullable=True))
    op.add_column("alerts", sa.Column("payload", JSON, nullable=True))
    op.add_column("alerts", sa.Column("interruptions", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("feedback", sa.Column("closed_at", UtcDateTime(), nullable=True))


def _saved_items() -> None:
    op.create_table(
        "saved_items",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("thread_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_saved_items_item_id_items", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", "thread_id", "item_id", name="pk_saved_items"),
    )
    op.create_index("ix_saved_items_item_id", "saved_items", ["item_id"])


def _own_watches() -> None:
    op.create_table(
        "own_watches",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("yaml", Prose(), nullable=False),
        sa.Column("asked", Prose(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("lost_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_own_watches"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_own_watches_chat", "own_watches", ["chat_id", "thread_id"])
    kept, name = sa.text("kept_at IS NOT NULL"), "ix_own_watches_changed_at"
    op.create_index(name, "own_watches", ["changed_at"], sqlite_where=kept, postgresql_where=kept)
    op.create_table(
        "own_marks",
        sa.Column("watch_id", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["watch_id"], ["own_watches.id"], name="fk_own_marks_watch_id_own_watches", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_own_marks_item_id_items", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("watch_id", "item_id", name="pk_own_marks"),
    )
    op.create_index("ix_own_marks_item_id", "own_marks", ["item_id"])


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        *(sa.Column(name, Prose(), nullable=False) for name in ("who", "action", "what", "before", "after")),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
    )
    op.create_index("ix_changes_at", "changes", ["at"])


def downgrade() -> None:
    """Back."""
    for table in ("changes", "own_marks", "own_watches", "saved_items"):
        op.drop_table(table)
    op.drop_column("feedback", "closed_at")
    op.drop_column("alerts", "payload")
    op.drop_column("alerts", "interruptions")
    op.drop_column("holds", "flooded_until")
    for name in ("gather_until", "report_at"):
        op.drop_index(f"ix_chats_{name}", table_name="chats")
    op.drop_column("feedback", "voices")
    for name in ("preferences", "gather_from", "gather_until", "report_at", "brought_by"):
        op.drop_column("chats", name)
