"""What a feed's last body held, and when the feed publishes; indexes of what is asked for all the time."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ADDED = ("known_items", "rhythm")
INDEXES = (  # name, table, columns, and of which rows alone
    ("ix_feeds_failing", "feeds", ["id"], "failures > 0"),
    ("ix_items_parked_at", "items", ["parked_at"], "parked_at IS NOT NULL"),
    ("ix_chats_unwelcome", "chats", ["chat_id", "thread_id"], "state IN ('barred', 'blocked')"),
    ("ix_alerts_created_at", "alerts", ["created_at"], None),
    ("ix_alerts_troubled", "alerts", ["state"], "state IN ('parked', 'refused', 'uncertain')"),
)


def upgrade() -> None:
    """Forward."""
    for name in ADDED:
        op.add_column("feeds", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("feeds", sa.Column("whole_read_at", sa.DateTime(timezone=True), nullable=True))
    for name, table, columns, condition in INDEXES:
        where = None if condition is None else sa.text(condition)
        op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Back."""
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    op.drop_column("feeds", "whole_read_at")
    for name in reversed(ADDED):
        op.drop_column("feeds", name)
