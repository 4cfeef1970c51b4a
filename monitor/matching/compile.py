"""A watchlist made ready for matching: its words in one lexicon, its leaders and offices, its queries as plans.

Builds only; matching/matcher.py asks. Reads no item.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.matching import lexicon as lex
from monitor.matching import offices, written_offices
from monitor.matching.held_offices import OfficeHolder
from monitor.matching.hits import NEAR, NOT, LeaderWord
from monitor.matching.item_hits import Trigger
from monitor.matching.lexicon import Lexicon
from monitor.matching.name_forms import name_forms
from monitor.matching.offices import OfficeKey
from monitor.matching.query_leaves import QueryPlan
from monitor.matching.query_nodes import NamedSet, Node, Not, Person, Term, children
from monitor.matching.query_plans import Planner
from monitor.matching.sets import Sets
from monitor.matching.word_sets import guard_sets
from monitor.text import gazetteer
from monitor.types import Event, Leader, Watchlist

ALSO_WATCHED: Final = (
    (frozenset({"tổng thống", "thủ tướng"}), "tt"),
    (frozenset({"chủ tịch nước", "chủ tịch ủy ban châu âu"}), "chủ tịch"),
)
"""Where a title of the set is watched, this shorter one may stand for it."""


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """A query of an event: as written, as a plan, and what of which one must be there before it can hold.

    `is_guard`: it is nothing but a set that says what is no news, or where.
    """

    text: str
    root: Node
    plan: QueryPlan
    waits_for: frozenset[Trigger]
    is_guard: bool


@dataclass(frozen=True, slots=True)
class CompiledEvent:
    """An event with its queries; `words` are the terms and leaders that those of `match` look for."""

    event: Event
    words: frozenset[Trigger]
    match: tuple[CompiledQuery, ...]
    exclude: tuple[CompiledQuery, ...]
    ignore: tuple[CompiledQuery, ...]
    polarity: tuple[tuple[str, tuple[CompiledQuery, ...]], ...]


class CompiledWatchlist:
    """All enabled watches of a watchlist.

    Raises QueryError when a query of an event does not parse, or names an unknown set.
    """

    def __init__(self, watchlist: Watchlist) -> None:
        self.lexicon: Final = Lexicon()
        self.leaders: Final[list[Leader]] = []
        self.events: Final[list[CompiledEvent]] = []
        self.office_keys: Final[dict[OfficeKey, list[OfficeHolder]]] = {}
        self.by_trigger: Final[dict[Trigger, list[tuple[int, QueryPlan]]]] = {}
        """The event, by its place, and which of its queries waits for this."""
        self.terms: Final[dict[Term, int]] = {}
        self._sets = Sets(watchlist.sets)
        self._planner = Planner(self._number)
        for watch in watchlist.watches:
            if watch.enabled:
                if isinstance(watch, Leader):
                    self._add_leader(watch)
                else:
                    self._add_event(watch)
        if self.leaders:
            self._add_titles()
            self._add_places()
        for trigger in self.by_trigger:
            if isinstance(trigger, int):
                self.lexicon.mark(trigger)
        self.lexicon.close()

    # ------------------------------------------------------------ leaders

    def _add_leader(self, leader: Leader) -> None:
        number = len(self.leaders)
        self.leaders.append(leader)
        add = self.lexicon.add
        for form in name_forms(number, leader):
            add(form.sought, lex.NAME, form.word, capitals=True)
        for phrase in leader.exclude:
            add(phrase, lex.CONTEXT, LeaderWord(number, NOT, phrase))
        for phrase in leader.near:
            add(phrase, lex.CONTEXT, LeaderWord(number, NEAR, phrase))
        for office in leader.offices:
            office_key = written_offices.read_office(office.title).office_key
            holder = OfficeHolder(number, office.title, office.since, office.until)
            self.office_keys.setdefault(office_key, []).append(holder)

    def _add_titles(self) -> None:
        watched = {office_key.title for office_key in self.office_keys}
        watched |= {shorter for titles, shorter in ALSO_WATCHED if watched & titles}
        for title, spellings in offices.titles().items():
            flag = lex.TITLE
            if title in watched:
                flag |= lex.TITLE_OF_STATE if title in offices.NEEDS_STATE else lex.WATCHED_TITLE
            for spelling in spellings:
                self.lexicon.add(spelling, flag, title, capitals=spelling != spelling.lower(), twins=False)
        self._add_written_titles()

    def _add_written_titles(self) -> None:
        """The titles of offices that only this watchlist knows, and what their holders are called for short."""
        written = [office.title for leader in self.leaders for office in leader.offices]
        for title, spellings in written_offices.spellings_of_all(written).items():
            for spelling in spellings:
                self.lexicon.add(spelling, lex.TITLE | lex.WATCHED_TITLE, title, capitals=True)
        for head in sorted({written_offices.read_office(each).head for each in written} - {""}):
            if not offices.is_known(head):
                self.lexicon.add(head, lex.TITLE, head, twins=False)

    def _add_places(self) -> None:
        for state, (inner, outer) in gazetteer.states().items():
            for spelling in (*inner, *outer):
                self.lexicon.add(spelling, lex.STATE, state, capitals=True)
        for decoy in gazetteer.DECOYS:
            self.lexicon.add(decoy, lex.STATE, "", capitals=True)
        for word in gazetteer.HOME_WORDS:
            self.lexicon.add(word, lex.HOME, word, capitals=True)

    # ------------------------------------------------------------ events

    def _add_event(self, event: Event) -> None:
        match = self._compiled(event.match)
        compiled = CompiledEvent(
            event,
            frozenset(word for query in match for word in self._looked_for(query.root)),
            match,
            self._compiled(event.exclude),
            self._compiled(event.ignore),
            tuple((label, self._compiled(queries)) for label, queries in event.polarity),
        )
        place = len(self.events)
        self.events.append(compiled)
        for query in compiled.match:
            for trigger in query.waits_for:
                self.by_trigger.setdefault(trigger, []).append((place, query.plan))

    def _compiled(self, queries: Sequence[str]) -> tuple[CompiledQuery, ...]:
        roots = [(text, self._sets.parse(text)) for text in queries]
        plans = [(text, root, self._planner.plan(root)) for text, root in roots]
        return tuple(
            CompiledQuery(text, root, plan, plan.triggers().any_of, _is_guard(root)) for text, root, plan in plans
        )

    def _looked_for(self, node: Node) -> Iterator[Trigger]:
        """The terms and leaders of a query that may speak for it, so none behind NOT."""
        match node:
            case Term():
                yield self._number(node)
            case Person(id=id):
                yield f"@{id}"
            case Not():
                return
            case _:
                for part in children(node):
                    yield from self._looked_for(part)

    def _number(self, term: Term) -> int:
        """The number under which the scan reports a term."""
        number = self.terms.get(term)
        if number is None:
            number = self.terms[term] = len(self.terms)
            if term.fold:
                self.lexicon.add_folded(term.text, lex.QUERY, number)
            else:
                self.lexicon.add(term.text, lex.QUERY, number, capitals=term.exact)
        return number


def _is_guard(root: Node) -> bool:
    return isinstance(root, NamedSet) and any(root.name == guard.name for guard in guard_sets())
