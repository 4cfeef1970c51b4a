"""The search index: full-text keys of items, and which items it does not hold yet. It is filled while the service runs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward. Half a million numbers are copied in a second; the words of their items are read later."""
    op.create_table(
        "unindexed",
        sa.Column("item_id", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_unindexed_item_id_items", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", name="pk_unindexed"),
    )
    op.execute("INSERT INTO unindexed (item_id) SELECT id FROM items")
    if op.get_bind().dialect.name == "sqlite":
        # contentless, and nothing but which item has which key: a third of what it takes with positions
        op.execute(
            "CREATE VIRTUAL TABLE search_keys USING fts5"
            "(keys, content='', detail=none, tokenize='ascii')"
        )
        return
    op.create_table(
        "search_keys",
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("keys", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_search_keys_item_id_items", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", name="pk_search_keys"),
    )
    op.create_index("ix_search_keys_keys", "search_keys", ["keys"], postgresql_using="gin")


def downgrade() -> None:
    """Back."""
    op.drop_table("search_keys")
    op.drop_table("unindexed")
