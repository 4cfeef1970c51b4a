"""What watches and queries tell of, over marks and over items that nobody marked.

Asks the matcher that the service asks; judges nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from monitor.errors import QueryError
from monitor.matching.learn.marks import Mark
from monitor.matching.matcher import compile_watchlist
from monitor.matching.query import parse_query
from monitor.types import Event, Item, Leader, Match, Watch, WatchId, Watchlist

AT_ONCE: Final = 400  # events compiled together


@dataclass(frozen=True, slots=True)
class Touched:
    """Of which marks and of which unmarked items a watch or a query tells, by place."""

    marks: frozenset[int]
    items: frozenset[int]


class TrialGround:
    """Marks, and unmarked items as the background that a change must not upset.

    `company` are the other leaders: a watch is judged beside them, as it is at work.
    """

    def __init__(self, marks: Sequence[Mark], items: Sequence[Item], company: Sequence[Leader] = ()) -> None:
        self.marks = marks
        self.items = items
        self._company = company
        self._known: dict[Watch, frozenset[int]] = {}

    def over_marks(self, watches: Sequence[Watch]) -> list[frozenset[int]]:
        """Of which marks each watch tells."""
        return self._over([mark.item for mark in self.marks], watches)

    def over_items(self, watches: Sequence[Watch]) -> list[frozenset[int]]:
        """Of which unmarked items each watch tells."""
        new = [watch for watch in dict.fromkeys(watches) if watch not in self._known]
        self._known.update(zip(new, self._over(self.items, new), strict=True))
        return [self._known[watch] for watch in watches]

    def holding(self, queries: Sequence[str], *, items: bool = True) -> list[Touched]:
        """Where each query holds; without `items` over the marks alone. Raises QueryError for one that is wrong."""
        events = [Event(WatchId("q"), query, match=(query,)) for query in queries]
        nothing = [frozenset[int]()] * len(events)
        pairs = zip(self.over_marks(events), self.over_items(events) if items else nothing, strict=True)
        return [Touched(*pair) for pair in pairs]

    def matches(self, watch: Watch) -> list[Match | None]:
        """The match of each mark, None where the watch does not tell of it."""
        matcher = compile_watchlist(Watchlist("", self._beside(watch)))
        found = (matcher.match(mark.item) for mark in self.marks)
        return [next((match for match in each if match.watch_id == watch.id), None) for each in found]

    def refused(self, watch: Watch) -> list[str]:
        """Of each mark why the watch did not take it, "" where it did or was not near."""
        matcher = compile_watchlist(Watchlist("", self._beside(watch)))
        reasons = []
        for mark in self.marks:
            near = matcher.explain(mark.item).near_misses
            reasons.append(next((miss.why.message for miss in near if miss.watch_id == watch.id), ""))
        return reasons

    def _over(self, items: Sequence[Item], watches: Sequence[Watch]) -> list[frozenset[int]]:
        told: list[set[int]] = [set() for _ in watches]
        events = [(place, watch) for place, watch in enumerate(watches) if isinstance(watch, Event)]
        for first in range(0, len(events), AT_ONCE):
            batch = events[first : first + AT_ONCE]
            renamed = tuple(replace(watch, id=WatchId(f"#{place}"), enabled=True) for place, watch in batch)
            self._note(items, (*self._asked_for(renamed), *renamed), told)
        for place, watch in enumerate(watches):
            if isinstance(watch, Leader):  # leaders of one name are rivals: each is asked alone
                one = replace(watch, id=WatchId(f"#{place}"), enabled=True)
                self._note(items, self._beside(one, of=watch.id), told)
        return [frozenset(each) for each in told]

    @staticmethod
    def _note(items: Sequence[Item], watches: tuple[Watch, ...], told: list[set[int]]) -> None:
        matcher = compile_watchlist(Watchlist("", watches))
        for number, item in enumerate(items):
            for match in matcher.match(item):
                if match.watch_id.startswith("#"):
                    told[int(match.watch_id[1:])].add(number)

    def _beside(self, watch: Watch, *, of: WatchId | None = None) -> tuple[Watch, ...]:
        if isinstance(watch, Event):
            return (*self._asked_for((watch,)), watch)
        mine = {watch.id, of}
        return (*(leader for leader in self._company if leader.id not in mine), watch)

    def _asked_for(self, events: Sequence[Event]) -> tuple[Leader, ...]:
        """The leaders that the queries of events ask for."""
        written = [query for event in events for query in (*event.match, *event.exclude, *event.ignore)]
        if not any("@" in query for query in written):
            return ()
        return tuple(self._company)


def readable(query: str) -> bool:
    """Whether a query that was put together parses."""
    try:
        parse_query(query)
    except QueryError:
        return False
    return True
