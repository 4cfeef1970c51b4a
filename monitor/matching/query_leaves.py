"""A query evaluated: what every part of it can be asked, and the parts that ask for one thing only.

Reads no text itself: terms and persons were found before, by one automaton for all watches. What joins parts stands in
matching/query_plans.py.
"""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple, Protocol, assert_never

from monitor.matching.item_hits import ItemHits, Trigger
from monitor.matching.query_nodes import People, Person, Term, written
from monitor.matching.spans import Span
from monitor.text.words import is_vietnamese


class Triggers(NamedTuple):
    """What a query waits for, and how common that is: rare words wake it less often."""

    cost: float
    any_of: frozenset[Trigger]


NEVER: Final = Triggers(float("inf"), frozenset())


def _commonness(written: str) -> float:
    # counted on 4,000 items: a Vietnamese syllable hits every tenth (a state like =Mỹ more often), a foreign word or
    # two syllables every hundredth (a name like Trung Quốc more often), three hardly ever
    blanks = written.count(" ")
    if blanks:
        return 1.0 if blanks > 1 else 12.0 if written.strip('="~').istitle() else 8.0
    if not is_vietnamese(written.strip('="~')):
        return 10.0
    return 300.0 if written[0] == "=" else 100.0


class QueryPlan(Protocol):
    """A node ready to be evaluated. `negated`: a NOT is somewhere in it, so that less in an item may make it hold."""

    negated: bool

    def find(self, hits: ItemHits) -> list[Span] | None:
        """The spans that make it hold, or None when it does not."""
        ...

    def may_hold(self, present: AbstractSet[Trigger]) -> bool:
        """Whether it could hold where just these terms and leaders are, wherever they stand: false rules it out."""
        ...

    def triggers(self) -> "Triggers":
        """One of these must be in the item; none: it holds without any."""
        ...

    def missing(self, hits: ItemHits) -> list[str]:
        """The parts that keep it from holding, as the query writes them."""
        ...


class _Terms:
    """Any of some terms: an OR of words is one set intersection, however long."""

    negated = False

    def __init__(self, numbers: Mapping[int, str]) -> None:
        self._names = numbers
        self._numbers = frozenset(numbers)

    def find(self, hits: ItemHits) -> list[Span] | None:
        here = self._numbers.intersection(hits.terms)
        if not here:
            return None
        spans = [span for number in here for span in hits.framed(hits.terms[number])]
        if len(here) > 1:
            spans.sort()
        return spans or None

    def may_hold(self, present: AbstractSet[Trigger]) -> bool:
        return not self._numbers.isdisjoint(present)

    def triggers(self) -> Triggers:
        return Triggers(sum(map(_commonness, self._names.values())), frozenset(self._numbers))

    def missing(self, hits: ItemHits) -> list[str]:
        names = list(self._names.values())
        return [" | ".join(names[:4]) + (" | …" if len(names) > 4 else "")] if self.find(hits) is None else []


class _Person:
    """One watched leader, however named."""

    negated = False

    def __init__(self, id: str) -> None:
        self._id = id

    def find(self, hits: ItemHits) -> list[Span] | None:
        spans = hits.framed(hits.leaders.get(self._id, ()))
        return list(spans) if spans else None

    def may_hold(self, present: AbstractSet[Trigger]) -> bool:
        return f"@{self._id}" in present

    def triggers(self) -> Triggers:
        return Triggers(8.0, frozenset({f"@{self._id}"}))

    def missing(self, hits: ItemHits) -> list[str]:
        return [] if self.find(hits) else [f"@{self._id}"]


class _People:
    """At least so many different leaders or state offices."""

    negated = False

    def __init__(self, count: int) -> None:
        self._count = count

    def find(self, hits: ItemHits) -> list[Span] | None:
        people = hits.named()
        if len({one.who for one in people}) < self._count:
            return None
        return sorted({one.span for one in people})

    def may_hold(self, present: AbstractSet[Trigger]) -> bool:
        return True  # offices of states count too, and of them `present` knows nothing

    def triggers(self) -> Triggers:
        return Triggers(200.0, frozenset({"@*"}))

    def missing(self, hits: ItemHits) -> list[str]:
        return [] if self.find(hits) else ["@" + "*" * self._count]


def leaf_plan(node: Term | Person | People, number: Callable[[Term], int]) -> QueryPlan:
    """A part that asks for one thing, made ready; `number` gives a term the number under which the scan reports it."""
    match node:
        case Term():
            return terms_plan({number(node): written(node)})
        case Person(id=id):
            return _Person(id)
        case People(count=count):
            return _People(count)
        case _:
            assert_never(node)


def terms_plan(written_by_number: Mapping[int, str]) -> QueryPlan:
    """Any of some terms, by number, each as a query writes it."""
    return _Terms(written_by_number)
