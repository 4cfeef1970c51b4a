"""What watches and queries tell of, over marks and over items that nobody marked.

Asks the matcher that the service asks; judges nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from monitor.errors import QueryError
from monitor.matching.learn.marks import Mark
from monitor.matching.matcher import Matcher, compile_watchlist
from monitor.matching.sets import Sets
from monitor.types import Event, Item, ItemId, Leader, Match, Watch, WatchId, Watchlist, WordSet

AT_ONCE: Final = 400  # events compiled together


@dataclass(frozen=True, slots=True)
class Touched:
    """Of which marks and of which unmarked items a watch or a query tells, by place."""

    marks: frozenset[int]
    items: frozenset[int]


@dataclass(frozen=True, slots=True)
class JudgedMarks:
    """The places of the marks by what a person and the watch say of them."""

    rights: list[int]
    wrongs: list[int]
    missed: list[int]
    told_right: list[int]
    told_wrong: list[int]

    @classmethod
    def of(cls, marks: Sequence[Mark], told: Collection[int]) -> "JudgedMarks":
        """`told`: the places of those that the watch tells of."""
        rights = [place for place, mark in enumerate(marks) if mark.right]
        wrongs = [place for place, mark in enumerate(marks) if not mark.right]
        return cls(
            rights,
            wrongs,
            missed=[place for place in rights if place not in told],
            told_right=[place for place in rights if place in told],
            told_wrong=[place for place in wrongs if place in told],
        )


@dataclass(frozen=True, slots=True)
class Beside:
    """What of the watchlists a watch is judged beside: the leaders, and the sets written there."""

    leaders: tuple[Leader, ...] = ()
    sets: tuple[WordSet, ...] = ()

    @classmethod
    def of(cls, watchlist: Watchlist) -> "Beside":
        """All of a watchlist that is at work."""
        leaders = (watch for watch in watchlist.watches if isinstance(watch, Leader) and watch.enabled)
        return cls(tuple(leaders), watchlist.sets)


class TrialGround:
    """Marks, and unmarked items as the background that a change must not upset.

    A watch is judged beside the leaders and sets that it is at work with.
    """

    def __init__(self, marks: Sequence[Mark], items: Sequence[Item], beside: "Beside | None" = None) -> None:
        self.marks = marks
        self.items = items
        beside = beside or Beside()
        self._company = beside.leaders
        self._own_sets = beside.sets
        self.sets = Sets(beside.sets)
        self._in_sets: dict[str, frozenset[int]] | None = None
        self._by_query: dict[str, frozenset[int]] = {}
        self._by_words: dict[str, frozenset[str]] = {}
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

    def in_sets(self) -> Mapping[str, frozenset[int]]:
        """In which marks each named set holds, those left out that hold in none."""
        if self._in_sets is None:
            found: dict[str, set[int]] = {}
            for place, names in enumerate(self._sets_held([mark.item for mark in self.marks])):
                for name in names:
                    found.setdefault(name, set()).add(place)
            self._in_sets = {name: frozenset(places) for name, places in found.items()}
        return self._in_sets

    def where(self, query: str) -> frozenset[int]:
        """Of which marks a query holds, asked once."""
        if query not in self._by_query:
            self._by_query[query] = self.holding([query], items=False)[0].marks
        return self._by_query[query]

    def sets_in(self, words: Sequence[str]) -> list[frozenset[str]]:
        """Of each word or phrase the named sets that hold it."""
        new = [each for each in dict.fromkeys(words) if each not in self._by_words]
        items = [Item(ItemId(""), "", each) for each in new]
        self._by_words.update(zip(new, self._sets_held(items), strict=True))
        return [self._by_words[each] for each in words]

    def _sets_held(self, items: Sequence[Item]) -> list[frozenset[str]]:
        matcher = _set_matcher(self._own_sets)
        return [frozenset(str(match.watch_id) for match in matcher.match(item)) for item in items]

    def is_readable(self, query: str) -> bool:
        """Whether a query that was put together parses, with its sets where they stand."""
        return _reads(self.sets, query)

    def matches(self, watch: Watch) -> list[Match | None]:
        """The match of each mark, None where the watch does not tell of it."""
        matcher = compile_watchlist(Watchlist("", self._beside(watch), self._own_sets))
        found = (matcher.match(mark.item) for mark in self.marks)
        return [next((match for match in each if match.watch_id == watch.id), None) for each in found]

    def refused(self, watch: Watch) -> list[str]:
        """Of each mark why the watch did not take it, "" where it did or was not near."""
        matcher = compile_watchlist(Watchlist("", self._beside(watch), self._own_sets))
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
                one = replace(watch, id=WatchId(f"#{place}"))
                self._note(items, self._beside(one, of=watch.id), told)
        return [frozenset(each) for each in told]

    def _note(self, items: Sequence[Item], watches: tuple[Watch, ...], told: list[set[int]]) -> None:
        matcher = compile_watchlist(Watchlist("", watches, self._own_sets))
        for number, item in enumerate(items):
            for match in matcher.match(item):
                if match.watch_id.startswith("#"):
                    told[int(match.watch_id[1:])].add(number)

    def _beside(self, watch: Watch, *, of: WatchId | None = None) -> tuple[Watch, ...]:
        if isinstance(watch, Event):
            return (*self._asked_for((watch,)), replace(watch, enabled=True))
        mine = {watch.id, of}
        return (*(leader for leader in self._company if leader.id not in mine), replace(watch, enabled=True))

    def _asked_for(self, events: Sequence[Event]) -> tuple[Leader, ...]:
        """The leaders that the queries of events ask for."""
        written = [query for event in events for query in (*event.match, *event.exclude, *event.ignore)]
        if not any("@" in query for query in written):
            return ()
        return tuple(self._company)


@lru_cache(maxsize=1)
def _set_matcher(own: tuple[WordSet, ...]) -> Matcher:
    """An event for each named set that can be read: put together once, it serves every lesson."""
    sets = Sets(own)
    events = [
        Event(WatchId(name), name, match=(f"{{{name}}}",))
        for name in dict.fromkeys(sets.names())
        if _reads(sets, f"{{{name}}}")
    ]
    return compile_watchlist(Watchlist("", tuple(events), own))


def _reads(sets: Sets, query: str) -> bool:
    try:
        sets.parse(query)
    except QueryError:
        return False
    return True
