"""The first schema: feeds, items, stories, matches, chats, outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "chats",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("thread_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("joined_at", moment, nullable=True),
        sa.Column("paused_until", moment, nullable=True),
        sa.PrimaryKeyConstraint("chat_id", "thread_id", name=op.f("pk_chats")),
    )
    op.create_table(
        "daily_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("watch_id", sa.Text(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "watch_id", name=op.f("pk_daily_counts")),
    )
    op.create_table(
        "facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_facts")),
    )
    op.create_table(
        "feeds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("next_check_at", moment, nullable=False),
        sa.Column("leased", sa.Boolean(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("body_sha256", sa.Text(), nullable=False),
        sa.Column("moved_to", sa.Text(), nullable=False),
        sa.Column("moved_from", sa.Text(), nullable=False),
        sa.Column("full_fetch_at", moment, nullable=True),
        sa.Column("interval", sa.Double(), nullable=True),
        sa.Column("first_success_at", moment, nullable=True),
        sa.Column("last_success_at", moment, nullable=True),
        sa.Column("last_checked_at", moment, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("strain", sa.Double(), nullable=False),
        sa.Column("failing_since", moment, nullable=True),
        sa.Column("failure_kind", sa.Text(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("announced", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
    )
    op.create_index(op.f("ix_feeds_next_check_at"), "feeds", ["next_check_at"], unique=False)
    op.create_table(
        "holds",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_holds")),
    )
    op.create_table(
        "invites",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("used_at", moment, nullable=True),
        sa.Column("used_chat_id", sa.BigInteger(), nullable=True),
        sa.Column("used_thread_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_invites")),
    )
    op.create_table(
        "stories",
        sa.Column("id", number, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "feedback",
        sa.Column("id", number, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("story_id", number, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("evidence", json, nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_feedback_story_id_stories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("chat_id", "thread_id", "story_id", name=op.f("uq_feedback_chat_id_thread_id_story_id")),
    )
    op.create_index(op.f("ix_feedback_story_id"), "feedback", ["story_id"], unique=False)
    op.create_table(
        "items",
        sa.Column("id", number, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("feed_id", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.Column("published_at", moment, nullable=True),
        sa.Column("published_raw", sa.Text(), nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("last_listed_at", moment, nullable=False),
        sa.Column("alertable", sa.Boolean(), nullable=False),
        sa.Column("matched_at", moment, nullable=True),
        sa.Column("matched_version", sa.Text(), nullable=False),
        sa.Column("match_failures", sa.Integer(), nullable=False),
        sa.Column("parked_at", moment, nullable=True),
        sa.Column("parked_why", sa.Text(), nullable=False),
        sa.Column("story_id", number, nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("fulltext", sa.Text(), nullable=False),
        sa.Column("fulltext_at", moment, nullable=True),
        sa.Column("fulltext_read_at", moment, nullable=True),
        sa.Column("fulltext_attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_items_story_id_stories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("key", name=op.f("uq_items_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_items_at"), "items", ["at"], unique=False)
    op.create_index(
        "ix_items_fulltext_at",
        "items",
        ["fulltext_at"],
        unique=False,
        sqlite_where=sa.text("fulltext_at IS NOT NULL"),
        postgresql_where=sa.text("fulltext_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_items_last_listed_at"), "items", ["last_listed_at"], unique=False)
    op.create_index(op.f("ix_items_story_id"), "items", ["story_id"], unique=False)
    op.create_index(
        "ix_items_unmatched",
        "items",
        ["at", "id"],
        unique=False,
        sqlite_where=sa.text("matched_at IS NULL AND parked_at IS NULL"),
        postgresql_where=sa.text("matched_at IS NULL AND parked_at IS NULL"),
    )
    op.create_table(
        "mutes",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("thread_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("story_id", number, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_mutes_story_id_stories")),
        sa.PrimaryKeyConstraint("chat_id", "thread_id", "story_id", name=op.f("pk_mutes")),
    )
    op.create_index(op.f("ix_mutes_story_id"), "mutes", ["story_id"], unique=False)
    op.create_table(
        "subscriptions",
        sa.Column("id", number, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id", "thread_id"],
            ["chats.chat_id", "chats.thread_id"],
            name=op.f("fk_subscriptions_chat_id_thread_id_chats"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("chat_id", "thread_id", "target", name=op.f("uq_subscriptions_chat_id_thread_id_target")),
    )
    op.create_index(op.f("ix_subscriptions_target"), "subscriptions", ["target"], unique=False)
    op.create_table(
        "alerts",
        sa.Column("id", number, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("next_try_at", moment, nullable=False),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("story_id", number, nullable=True),
        sa.Column("item_id", number, nullable=True),
        sa.Column("digest_id", number, nullable=True),
        sa.Column("watch_ids", json, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("sent_digest", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("settled_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["alerts.id"], name=op.f("fk_alerts_digest_id_alerts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_alerts_item_id_items"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_alerts_story_id_stories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("chat_id", "thread_id", "dedupe_key", name=op.f("uq_alerts_chat_id_thread_id_dedupe_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_alerts_digest_id"), "alerts", ["digest_id"], unique=False)
    op.create_index(op.f("ix_alerts_item_id"), "alerts", ["item_id"], unique=False)
    op.create_index(
        "ix_alerts_lease_until",
        "alerts",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index(
        "ix_alerts_message",
        "alerts",
        ["chat_id", "message_id"],
        unique=False,
        sqlite_where=sa.text("message_id IS NOT NULL"),
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_index(
        "ix_alerts_open",
        "alerts",
        ["chat_id", "thread_id", "id", "kind"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending', 'sending')"),
        postgresql_where=sa.text("state IN ('pending', 'sending')"),
    )
    op.create_index(op.f("ix_alerts_story_id"), "alerts", ["story_id"], unique=False)
    op.create_table(
        "matches",
        sa.Column("item_id", number, nullable=False),
        sa.Column("watch_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("evidence", json, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_matches_item_id_items"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "watch_id", name=op.f("pk_matches")),
    )
    op.create_index("ix_matches_watch_id_item_id", "matches", ["watch_id", "item_id"], unique=False)


def downgrade() -> None:
    """Back to an empty database."""
    op.drop_table("matches")
    op.drop_table("alerts")
    op.drop_table("subscriptions")
    op.drop_table("mutes")
    op.drop_table("items")
    op.drop_table("feedback")
    op.drop_table("stories")
    op.drop_table("invites")
    op.drop_table("holds")
    op.drop_table("feeds")
    op.drop_table("facts")
    op.drop_table("daily_counts")
    op.drop_table("chats")
