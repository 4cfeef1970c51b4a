"""The own watches that are at work: read from their rows, compiled in a thread, and followed as they change.

Leaves alone how one is drafted and kept (pipeline/own_watches.py), and the files (reload.py).
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog

from monitor.config.one_watch import read_one_watch
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.store.transaction import Store, Transaction
from monitor.types import Address, OwnWatch, Watch, WatchId, Watchlist

_log = structlog.stdlib.get_logger("monitor.app")

Stand = tuple[int, datetime | None]


class OwnInForce:
    """Knows what was compiled last, so that only a change costs anything."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stand: Stand | None = None
        self._read: dict[int, tuple[str, str, Watch | None]] = {}

    async def have_changed(self) -> bool:
        """Whether one was kept, changed or ended since they were compiled; asks one small question of the rows."""
        return await self._store.read(Transaction.own_watches_stand) != self._stand

    async def beside(self, active: ActiveWatchlist, files: Watchlist) -> ActiveWatchlist:
        """The files' watchlist with the own watches of this moment; one that does not fit the files is left out."""

        def read(tx: Transaction) -> tuple[Stand, Sequence[OwnWatch]]:
            return tx.own_watches_stand(), tx.kept_own_watches()

        stand, rows = await self._store.read(read)
        if rows or active.owners:
            active = await asyncio.to_thread(self._compiled, rows, active, files)
        self._stand = stand
        return active

    def _compiled(self, rows: Sequence[OwnWatch], active: ActiveWatchlist, files: Watchlist) -> ActiveWatchlist:
        """Compile the own watches anew: 0.2 s for 1,000; texts that were read before are not read again."""
        known, self._read = self._read, {}
        own: dict[WatchId, tuple[Address, Watch]] = {}
        for row in rows:
            text, version, watch = known.get(row.number, ("", "", None))
            if (text, version) != (row.text, files.version):
                watch = _watch_of(row, files)
            self._read[row.number] = (row.text, files.version, watch)
            if watch is not None:
                own[row.watch_id] = (row.address, watch)
        return active.beside(own, files)


def _watch_of(row: OwnWatch, files: Watchlist) -> Watch | None:
    watch = read_one_watch(row.text, files, watch_id=row.watch_id)
    if isinstance(watch, tuple):  # the files took a set or a leader away that it asks for: /watches says so
        _log.warning("own watch left out", watch=row.watch_id, problems=len(watch))
        return None
    return watch
