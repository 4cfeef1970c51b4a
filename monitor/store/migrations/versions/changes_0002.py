"""Changes after publication, quotes, written summaries, stories that merge or split."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Forward."""
    for name in ("merged_into", "split_from"):
        op.add_column("stories", sa.Column(name, number, nullable=True))
        op.create_index(f"ix_stories_{name}", "stories", [name])
    op.add_column("items", sa.Column("edited_at", moment, nullable=True))
    op.add_column("items", sa.Column("gone_at", moment, nullable=True))
    op.add_column("items", sa.Column("recheck_at", moment, nullable=True))
    op.add_column("items", sa.Column("rechecks", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("items", sa.Column("missed_at", moment, nullable=True))
    op.add_column("items", sa.Column("page_title", sa.Text(), nullable=False, server_default=""))
    op.add_column("items", sa.Column("gist", sa.Text(), nullable=False, server_default=""))
    op.create_index(
        "ix_items_recheck_at",
        "items",
        ["recheck_at"],
        sqlite_where=sa.text("recheck_at IS NOT NULL"),
        postgresql_where=sa.text("recheck_at IS NOT NULL"),
    )
    op.create_index(
        "ix_items_gone_at",
        "items",
        ["gone_at"],
        sqlite_where=sa.text("gone_at IS NOT NULL"),
        postgresql_where=sa.text("gone_at IS NOT NULL"),
    )
    op.create_table(
        "item_versions",
        sa.Column("id", number, nullable=False),
        sa.Column("item_id", number, nullable=False),
        sa.Column("replaced_at", moment, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_versions_item_id_items"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_versions")),
    )
    op.create_index(op.f("ix_item_versions_item_id"), "item_versions", ["item_id"])
    op.create_table(
        "quotes",
        sa.Column("id", number, nullable=False),
        sa.Column("item_id", number, nullable=False),
        sa.Column("watch_id", sa.Text(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("about", json, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_quotes_item_id_items"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.UniqueConstraint(
            "item_id", "watch_id", "field", "start", name=op.f("uq_quotes_item_id_watch_id_field_start")
        ),
    )
    op.create_index("ix_quotes_watch_id_at", "quotes", ["watch_id", "at"])
    op.create_table(
        "abstracts",
        sa.Column("story_id", number, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_abstracts_story_id_stories")),
        sa.PrimaryKeyConstraint("story_id", "digest", name=op.f("pk_abstracts")),
    )
    op.create_index(op.f("ix_abstracts_at"), "abstracts", ["at"])


def downgrade() -> None:
    """Back to the first schema."""
    op.drop_table("abstracts")
    op.drop_table("quotes")
    op.drop_table("item_versions")
    op.drop_index("ix_items_gone_at", "items")
    op.drop_index("ix_items_recheck_at", "items")
    for name in ("gist", "page_title", "missed_at", "rechecks", "recheck_at", "gone_at", "edited_at"):
        op.drop_column("items", name)
    for name in ("split_from", "merged_into"):
        op.drop_index(f"ix_stories_{name}", "stories")
        op.drop_column("stories", name)
