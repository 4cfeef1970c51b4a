"""The release after this one: this very program with one more revision of the schema, in these tests or as a process.

    python -m tests.newer_release FOLDER run --only poll

FOLDER is what `draw` made.
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from monitor.store import migrations, upgrading

OURS = migrations.HEAD
NEXT = f"{int(OURS) + 1:04}"
MODULE = '''"""What the next release changes."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None
works_with = "{works_with}"


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    pass
'''
EXPANDING = 'op.add_column("feeds", sa.Column("colour", sa.Text(), nullable=True))'
CONTRACTING = 'op.alter_column("feeds", "etag", new_column_name="entity_tag")'


def draw(folder: Path, *, works_with: str = OURS, upgrade: str = EXPANDING) -> Path:
    """The next release's folder of migrations, made in `folder`."""
    made = folder / "migrations"
    shutil.copytree(migrations.FOLDER, made, ignore=shutil.ignore_patterns("__pycache__"))
    module = MODULE.format(revision=NEXT, before=OURS, works_with=works_with, upgrade=upgrade)
    (made / "versions" / f"next_{NEXT}.py").write_text(module)
    return made


@contextmanager
def at_work(made: Path) -> Iterator[None]:
    """Within the block it is the next release that opens databases."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "FOLDER", made)
        patch.setattr(upgrading, "REVISIONS", (*migrations.REVISIONS, NEXT))
        patch.setattr(upgrading, "HEAD", NEXT)
        yield


def main() -> None:
    """The command line of the next release."""
    # before any other module has taken these names from there
    names = {"REVISIONS": (*migrations.REVISIONS, NEXT), "HEAD": NEXT}
    vars(migrations).update(names, FOLDER=Path(sys.argv[1]))
    vars(upgrading).update(names)
    from monitor.cli.main import main as command_line

    command_line(sys.argv[2:])


if __name__ == "__main__":
    main()
