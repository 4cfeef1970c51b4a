"""export and import: the store as JSON lines, for a backup and for the way to another database."""

import asyncio
import sys

from monitor.cli.exit_codes import ATTENTION, DONE
from monitor.cli.feeds_status import existing_store
from monitor.cli.jsonl import RowReader, write
from monitor.cli.screen import tell
from monitor.cli.streams import SourceError, configured, rows_of
from monitor.config import Settings
from monitor.store.archive import Importer, count_rows, export_rows
from monitor.store.transaction import Transaction, open_store


def export(*, subscribers_only: bool) -> int:
    """Everything that the store holds, or its subscribers alone; also while the service works."""
    return asyncio.run(_export(configured(), subscribers_only))


async def _export(settings: Settings, subscribers_only: bool) -> int:
    async with existing_store(settings) as store:
        if store is None:
            raise SourceError("nothing is stored yet")
        with store.reading() as tx:
            for row in export_rows(tx, subscribers_only=subscribers_only):
                write(row, sys.stdout)
    return DONE


def import_(source: str) -> int:
    """Read what export wrote, all of it or nothing; rows that are there already stay as they are.

    Raises StoreError while a monitor works on the database, and for news of another origin.
    """
    settings = configured()
    with rows_of(source) as reading:
        added = asyncio.run(_import(settings, reading))
    tell(f"{added} rows are new")
    return ATTENTION if reading.faults else DONE


async def _import(settings: Settings, reading: RowReader) -> int:
    async with await open_store(settings.database_url) as store, store.sole_worker():
        with store.writing() as tx:
            return _import_rows(tx, reading)


def _import_rows(tx: Transaction, reading: RowReader) -> int:
    before = count_rows(tx)
    importer = Importer(tx, reading.complain)
    for number, row in reading:
        importer.add(number, row)
    importer.end()
    return count_rows(tx) - before
