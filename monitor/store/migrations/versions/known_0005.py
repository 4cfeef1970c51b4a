"""What a feed's last body held, and when the feed publishes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ADDED = ("known_items", "rhythm")


def upgrade() -> None:
    """Forward."""
    for name in ADDED:
        op.add_column("feeds", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("feeds", sa.Column("whole_read_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Back."""
    op.drop_column("feeds", "whole_read_at")
    for name in reversed(ADDED):
        op.drop_column("feeds", name)
