"""Files of watchlists in a folder of settings, for tests that edit them."""

from pathlib import Path

from monitor.config.watchlist_files import read_watchlist
from monitor.types import Watchlist

FILE = """\
leaders:
  # watched from the beginning
  - id: putin
    name: Vladimir Putin   # as newspapers write it
    aliases: [Putin]
  - id: to-lam
    name: Tô Lâm
"""
EVENTS = "events:\n  - id: bao\n    name: Bão\n    match: [bão]\n    tags: [thien-tai]\n"


class WatchFiles:
    """The files under `folder`, by name."""

    folder: Path

    def path(self, name: str = "all.yaml") -> Path:
        return self.folder / "watchlists" / name

    def text(self, name: str = "all.yaml") -> str:
        return self.path(name).read_text()

    def write(self, text: str, name: str = "all.yaml") -> None:
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_text(text)

    def watchlist(self) -> Watchlist:
        return read_watchlist(self.folder)[0].watchlist
