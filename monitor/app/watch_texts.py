"""The text of each watch as its file writes it, for pages that show it: read again only when a file has changed.

Writes nothing. While a file is wrong, the texts stay those of the watchlist in force.
"""

import asyncio
import threading
from collections.abc import Mapping
from pathlib import Path

from monitor.config.file_changes import Snapshot, snapshot
from monitor.config.watch_edits import entry_text
from monitor.config.watchlist_files import read_watchlist
from monitor.pipeline.watch_desk import ShownWatch
from monitor.types import WatchId


class WatchTexts:
    """The texts of the files in `config_dir`."""

    def __init__(self, config_dir: Path) -> None:
        self._config_dir = config_dir
        self._lock = threading.Lock()
        self._looks: Snapshot | None = None
        self._texts: Mapping[WatchId, ShownWatch] = {}

    async def show(self, watch_id: WatchId) -> ShownWatch | None:
        """The watch as its file has it; None for one that no file has. Reading all files anew takes a second or two."""
        return await asyncio.to_thread(self._show, watch_id)

    def _show(self, watch_id: WatchId) -> ShownWatch | None:
        with self._lock:  # one reading for all who ask
            looks = snapshot(self._config_dir)
            if looks != self._looks:
                self._texts = self._read() or self._texts
                self._looks = looks
            return self._texts.get(watch_id)

    def _read(self) -> dict[WatchId, ShownWatch]:
        reading, problems = read_watchlist(self._config_dir)
        if problems:
            return {}
        names = {watch.id: watch.name for watch in reading.watchlist.watches}
        return {
            WatchId(watch_id): ShownWatch(
                WatchId(watch_id), names[WatchId(watch_id)], Path(file.name).name, entry_text(file, entry)
            )
            for watch_id, (file, entry) in reading.places.entries.items()
            if watch_id in names
        }
