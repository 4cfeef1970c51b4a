"""The web page: login links, sessions, keys of feeds, and what open pages are told."""

import sqlalchemy as sa
from alembic import op

from monitor.store.column_types import Prose, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward."""
    _logins()
    op.create_table(
        "feed_keys",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("thread_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", Prose(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "thread_id", name="pk_feed_keys"),
        sa.UniqueConstraint("key", name="uq_feed_keys_key"),
    )
    op.create_table(
        "news_events",
        sa.Column("id", ID, nullable=False),
        sa.Column("xact", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("kind", Prose(), nullable=False),
        sa.Column("story_id", ID, nullable=True),
        sa.Column("alert_id", ID, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_news_events"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_news_events_at", "news_events", ["at"])
    op.create_index("ix_news_events_order", "news_events", ["xact", "id"])


def _logins() -> None:
    op.create_table(
        "login_links",
        sa.Column("token_hash", Prose(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("who", Prose(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name="pk_login_links"),
    )
    op.create_index("ix_login_links_ends_at", "login_links", ["ends_at"])
    op.create_table(
        "sessions",
        sa.Column("id", ID, nullable=False),
        sa.Column("token_hash", Prose(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("who", Prose(), nullable=False),
        sa.Column("browser", Prose(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_sessions_token_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sessions_chat", "sessions", ["chat_id", "thread_id"])
    op.create_index("ix_sessions_ends_at", "sessions", ["ends_at"])


def downgrade() -> None:
    """Back: whoever is logged in has to do it again."""
    for table in ("news_events", "feed_keys", "sessions", "login_links"):
        op.drop_table(table)
