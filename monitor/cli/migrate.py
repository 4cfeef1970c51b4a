"""migrate: the database brought to the schema of this release, before any worker of it starts."""

import asyncio

from monitor.cli.exit_codes import DONE
from monitor.cli.screen import tell
from monitor.cli.streams import configured
from monitor.store.migrations import HEAD
from monitor.store.upgrading import Migrated, migrate_database


def run() -> int:
    """Migrate, and say from where to where. Raises StoreError with what to do."""
    tell(words(asyncio.run(migrate_database(configured().database_url))))
    return DONE


def words(done: Migrated) -> str:
    """What was done, in a line."""
    if done.before is None:
        return f"an empty database has schema {done.after} now"
    if done.before != done.after:
        return f"brought from schema {done.before} to {done.after}"
    if done.after != HEAD:
        return f"schema {done.after} is of a newer version, with which this one ({HEAD}) works; nothing to do"
    return f"schema {done.after}; nothing to do"
