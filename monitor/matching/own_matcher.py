"""The own watches of all chats, compiled: none changes what another one finds, or a watch of the files.

In one watchlist leaders stand in each other's way: who is named in full takes a shorter name away, and a form of two
goes to one. What a stranger watches must not do that. So own events are asked together, since events do not know each
other, and each own leader by itself, if a name or the title of an office of theirs stands in the item.
"""

from collections.abc import Sequence
from threading import Lock
from typing import Final

from monitor.errors import QueryError
from monitor.matching.compile import ALSO_WATCHED, CompiledWatchlist
from monitor.matching.explain import NearMiss
from monitor.matching.hits import NEAR, NOT, LeaderWord
from monitor.matching.matcher import Matcher, compile_watchlist
from monitor.matching.sets import Sets
from monitor.matching.text import ItemText
from monitor.types import Event, Item, Leader, Match, Watch, WatchId, Watchlist

MOST_COMPILED: Final = 256  # leaders kept compiled, 4 ms each to make; of the others only the names are known


class OwnMatcher:
    """Own watches beside the files' ones. Safe to share between threads."""

    def __init__(self, watches: Sequence[Watch], files: Watchlist) -> None:
        """`files` lend their sets, and their leaders to a query that asks for @one. Raises QueryError."""
        leaders = [watch for watch in watches if isinstance(watch, Leader)]
        events = [watch for watch in watches if isinstance(watch, Event)]
        self._sets = files.sets
        self._words = CompiledWatchlist(Watchlist("", tuple(leaders))) if leaders else None
        self._titled: dict[str, set[int]] = {}
        for office, holders in self._words.office_keys.items() if self._words is not None else ():
            for title in (office.title, *(shorter for titles, shorter in ALSO_WATCHED if office.title in titles)):
                self._titled.setdefault(title, set()).update(holder.leader for holder in holders)
        self._events = compile_watchlist(_with_company(events, files)) if events else None
        self._ids = frozenset(watch.id for watch in watches)
        self._compiled: dict[WatchId, Matcher] = {}
        self._turn = Lock()

    def __len__(self) -> int:
        return len(self._ids)

    def match(self, item: Item) -> tuple[Match, ...]:
        """The own watches found in an item, in no order that means anything."""
        if not self._ids:
            return ()
        found = list(self._events.match(item)) if self._events is not None else []
        for leader in self._concerned(item):
            found += self._alone(leader).match(item)
        return tuple(match for match in found if match.watch_id in self._ids)

    def near_misses(self, item: Item) -> list[NearMiss]:
        """What came close to an item and was not taken, and why: some milliseconds, so for whoever asks."""
        near = list(self._events.explain(item).near_misses) if self._events is not None else []
        for leader in self._words.leaders if self._words is not None else ():
            near += self._alone(leader).explain(item).near_misses
        return [miss for miss in near if miss.watch_id in self._ids]

    def _concerned(self, item: Item) -> list[Leader]:
        """The leaders who may be in an item, by a name or title that stands there; each is asked then."""
        if self._words is None:
            return []
        text = ItemText((item.title, item.lead, item.body) if item.body else (item.title, item.lead))
        numbers: set[int] = set()
        for field in self._words.lexicon.scan(text)[0]:
            for _, _, word in field:
                for use in word.uses:
                    if isinstance(use.what, LeaderWord) and use.what.role not in (NEAR, NOT):
                        numbers.add(use.what.leader)
                    elif isinstance(use.what, str):
                        numbers |= self._titled.get(use.what, set())
        return [self._words.leaders[number] for number in sorted(numbers)]

    def _alone(self, leader: Leader) -> Matcher:
        """A matcher of one leader; of those asked least lately none is kept."""
        with self._turn:
            matcher = self._compiled.pop(leader.id, None)
        if matcher is None:
            matcher = compile_watchlist(Watchlist("", (leader,), self._sets))
        with self._turn:
            self._compiled[leader.id] = matcher
            while len(self._compiled) > MOST_COMPILED:
                del self._compiled[next(iter(self._compiled))]
        return matcher


def _with_company(events: Sequence[Event], files: Watchlist) -> Watchlist:
    """Events, with the files' leaders where a query asks for any of them."""
    written = [query for event in events for query in (*event.match, *event.exclude, *event.ignore)]
    company = [watch for watch in files.watches if isinstance(watch, Leader)] if any("@" in q for q in written) else []
    return Watchlist("", (*company, *events), files.sets)


def wrong_query(watch: Watch, files: Watchlist) -> QueryError | None:
    """What is wrong with the queries of a watch beside these files: a set that went away, mostly."""
    if isinstance(watch, Leader):
        return None
    sets = Sets(files.sets)
    labelled = [query for _, queries in watch.polarity for query in queries]
    for query in (*watch.match, *watch.exclude, *watch.ignore, *labelled):
        try:
            sets.parse(query)
        except QueryError as wrong:
            return wrong
    return None


NO_OWN: Final = OwnMatcher((), Watchlist("", ()))
