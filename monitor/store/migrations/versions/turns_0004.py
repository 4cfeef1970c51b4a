"""Items that came in bulk are looked at after all others."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

waiting = sa.text("matched_at IS NULL AND parked_at IS NULL")


def upgrade() -> None:
    """Forward."""
    op.add_column("items", sa.Column("in_bulk", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.drop_index("ix_items_unmatched", table_name="items")
    op.create_index(
        "ix_items_unmatched",
        "items",
        ["in_bulk", "at", "id"],
        unique=False,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_items_unmatched", table_name="items")
    op.create_index(
        "ix_items_unmatched", "items", ["at", "id"], unique=False, sqlite_where=waiting, postgresql_where=waiting
    )
    op.drop_column("items", "in_bulk")
