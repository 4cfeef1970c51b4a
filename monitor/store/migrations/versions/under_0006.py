"""Alerts that reply to another one of their chat, or are a line in its message."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEX = "ix_alerts_under_id"


def upgrade() -> None:
    """Forward."""
    op.add_column("alerts", sa.Column("under_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
    where = sa.text("under_id IS NOT NULL")
    op.create_index(INDEX, "alerts", ["under_id"], unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Back."""
    op.drop_index(INDEX, table_name="alerts")
    op.drop_column("alerts", "under_id")
