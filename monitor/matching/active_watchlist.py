"""The watchlist in force, compiled: what detection works with at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from monitor.matching.matcher import Matcher, compile_watchlist
from monitor.types import Watch, WatchId, Watchlist


@dataclass(frozen=True, slots=True)
class ActiveWatchlist:
    """A watchlist with its matcher; swapped as a whole when the files change, never changed itself."""

    matcher: Matcher
    watches: Mapping[WatchId, Watch]
    version: str

    @classmethod
    def of(cls, watchlist: Watchlist) -> Self:
        """Compile a watchlist: up to a second for 10,000 watches. Raises QueryError for a wrong query."""
        return cls(compile_watchlist(watchlist), watchlist.named(), watchlist.version)
