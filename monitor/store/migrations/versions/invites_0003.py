"""Invitations that expire, and of whose words only a hash is kept."""

import hashlib
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LAST_DAYS = timedelta(days=7)  # for words that are out there already

invites = sa.table(
    "invites",
    sa.column("code", sa.Text()),
    sa.column("used_at", sa.DateTime(timezone=True)),
    sa.column("expires_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Forward: a word that nobody has used yet works for seven more days."""
    op.add_column("invites", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    connection = op.get_bind()
    now = datetime.now(UTC)
    if connection.dialect.name == "sqlite":
        now = now.replace(tzinfo=None)  # as moments are kept there
    for (code,) in connection.execute(sa.select(invites.c.code)).all():
        hashed = hashlib.sha256(code.encode()).hexdigest()
        connection.execute(
            sa.update(invites).where(invites.c.code == code).values(code=hashed, expires_at=now + LAST_DAYS)
        )


def downgrade() -> None:
    """Back; words that were given out work no more, for nobody knows them."""
    op.drop_column("invites", "expires_at")
