"""The watchlist in force, compiled: what detection works with at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from monitor.matching.matcher import Matcher, compile_watchlist
from monitor.matching.own_matcher import NO_OWN, OwnMatcher
from monitor.types import Address, Watch, WatchId, Watchlist


@dataclass(frozen=True, slots=True)
class ActiveWatchlist:
    """A watchlist with its matcher; swapped as a whole when the files change, never changed itself.

    Beside it stand the watches that chats wrote for themselves: in `watches`, in a matcher of their own, and whose each
    is. The version is that of the files alone: an own watch has nobody asked about old news.
    """

    matcher: Matcher
    watches: Mapping[WatchId, Watch]
    version: str
    own: OwnMatcher = NO_OWN
    owners: Mapping[WatchId, Address] = field(default_factory=dict)

    @classmethod
    def of(cls, watchlist: Watchlist) -> Self:
        """Compile a watchlist: up to a second for 10,000 watches. Raises QueryError for a wrong query."""
        return cls(compile_watchlist(watchlist), watchlist.named(), watchlist.version)

    def beside(self, own: Mapping[WatchId, tuple[Address, Watch]], files: Watchlist) -> Self:
        """The same with these own watches; what is compiled of `files` stays. Raises QueryError."""
        of_files = {watch_id: watch for watch_id, watch in self.watches.items() if watch_id not in self.owners}
        watches = {watch_id: watch for watch_id, (_, watch) in own.items()}
        return replace(
            self,
            watches={**of_files, **watches},
            own=OwnMatcher(tuple(watches.values()), files),
            owners={watch_id: address for watch_id, (address, _) in own.items()},
        )
