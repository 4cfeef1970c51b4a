"""backup and restore: the whole database as one file, and back."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from monitor.cli.exit_codes import DONE
from monitor.cli.feeds_status import missing_file
from monitor.cli.screen import tell
from monitor.cli.streams import configured
from monitor.errors import StoreError
from monitor.store.backups import back_up
from monitor.store.backups import restore as restore_file
from monitor.store.migrations import HEAD


def backup(file: str, *, force: bool) -> int:
    """Write the database into `file`, also while the service works. Raises StoreError with what to do."""
    settings = configured()
    if missing := missing_file(settings.database_url):
        raise StoreError(f"there is no database {missing} yet: nothing to back up")
    said = asyncio.run(back_up(settings.database_url, Path(file), force=force))
    tell(f"{file}: {said}; config/ and .env are not in it")
    return DONE


def restore(file: str) -> int:
    """Put `file` in the place of the database. Raises StoreError while a service works on it."""
    settings = configured()
    done = asyncio.run(restore_file(settings.database_url, Path(file), now=datetime.now(UTC)))
    migrated = "" if done.schema == HEAD else f", brought from schema {done.schema} to {HEAD}"
    tell(f"restored from {file}{migrated}")
    if done.aside is not None:
        tell(f"the database of before is kept as {done.aside}: delete it when all is well")
    return DONE
