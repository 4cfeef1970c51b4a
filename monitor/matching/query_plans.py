"""Where a query hits: its nodes made ready, and what joins them (AND, OR, NOT, NEAR, title:, sentence:) evaluated.

Reads no text itself; what is asked of each part, and the parts that ask for one thing, stand in query_leaves.py.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, assert_never

from monitor.matching.amounts import Amount, amount_beside
from monitor.matching.item_hits import ItemHits, Trigger
from monitor.matching.query_leaves import NEVER, QueryPlan, Triggers, leaf_plan, terms_plan
from monitor.matching.query_nodes import (
    And,
    Compare,
    InSentence,
    InTitle,
    NamedSet,
    Near,
    Node,
    Not,
    Or,
    People,
    Person,
    SetName,
    Term,
    written,
)
from monitor.matching.spans import Span, SpanCover
from monitor.matching.text import Text


def _all_may(parts: Sequence[QueryPlan], present: AbstractSet[Trigger]) -> bool:
    for part in parts:  # noqa: SIM110  all() with a generator is twice as slow, and this is asked of every candidate
        if not part.may_hold(present):
            return False
    return True


def _cost(triggers: Triggers) -> float:
    return triggers.cost


class _Joined:
    def __init__(self, parts: Sequence[QueryPlan]) -> None:
        self._parts = parts
        self.negated = any(part.negated for part in parts)


class _Any(_Joined):
    def find(self, hits: ItemHits) -> list[Span] | None:
        spans: set[Span] = set()
        held = False
        for part in self._parts:
            found = part.find(hits)
            if found is not None:
                held = True
                spans.update(found)
        return sorted(spans) if held else None

    def may_hold(self, present: AbstractSet[Trigger]) -> bool:
        for part in self._parts:  # noqa: SIM110  as above
            if part.may_hold(present):
                return True
        return False

    def triggers(self) -> Triggers:
        every = [part.triggers() for part in self._parts]
        if NEVER in every:
            return NEVER
        return Triggers(sum(one.cost for one in every), frozenset().union(*(one.any_of for one in every)))

    def missing(self, hits: ItemHits) -> list[str]:
        if self.find(hits) is not None:
            return []
        return min((part.missing(hits) for part in self._parts), key=len)


class _All(_Joined):
    def find(self, hits: ItemHits) -> list[Span] | None:
        spans: set[Span] = set()
        for part in self._parts:
            found = part.find(hits)
            if found is None:
                return None
            spans.update(found)
        return sorted(spans)

    def may_hold(self, present: AbstractSet[Trigger]) -> bool:
        return _all_may(self._parts, present)

    def triggers(self) -> Triggers:
        return min((part.triggers() for part in self._parts), key=_cost)

    def missing(self, hits: ItemHits) -> list[str]:
        return [name for part in self._parts for name in part.missing(hits)]


class _None:
    negated = True

    def __init__(self, part: QueryPlan, name: str) -> None:
        self._part = part
        self._name = name

    def find(self, hits: ItemHits) -> list[Span] | None:
        return [] if self._part.find(hits) is None else None

    def may_hold(self, present: AbstractSet[Trigger]) -> bool:
        return True

    def triggers(self) -> Triggers:
        return NEVER

    def missing(self, hits: ItemHits) -> list[str]:
        return [] if self._part.find(hits) is None else [self._name]


class _Near:
    def __init__(self, parts: Sequence[QueryPlan], distances: Sequence[int], name: str) -> None:
        self._parts = parts
        self._distances = distances
        self._name = name
        self.negated = False  # the grammar lets no NOT in here

    def find(self, hits: ItemHits) -> list[Span] | None:
        chain = self._parts[0].find(hits)
        if chain is None:
            return None
        reached = chain
        spans: set[Span] = set()
        for distance, part in zip(self._distances, self._parts[1:], strict=True):
            others = part.find(hits)
            if others is None:
                return None
            pairs = [(one, other) for one in reached for other in _neighbours(one, others, distance, hits.texts)]
            if not pairs:
                return None
            spans.update(span for pair in pairs for span in pair)
            reached = sorted({other for _, other in pairs})
        return sorted(spans)

    def may_hold(self, present: AbstractSet[Trigger]) -> bool:
        return _all_may(self._parts, present)

    def triggers(self) -> Triggers:
        return min((part.triggers() for part in self._parts), key=_cost)

    def missing(self, hits: ItemHits) -> list[str]:
        if self.find(hits) is not None:
            return []
        parts = [name for part in self._parts for name in part.missing(hits)]
        return parts or [self._name]


def _neighbours(one: Span, others: Sequence[Span], distance: int, fields: Sequence[Text]) -> list[Span]:
    """Of `others` the nearest on each side of `one`, if within `distance` syllables (1: side by side)."""
    text = fields[one.field]
    place = bisect_left(others, one)
    found: list[Span] = []
    first = text.syllable(one.start)
    last = text.syllable(one.end - 1)
    for step in (-1, 1):
        at = place - 1 if step < 0 else place
        while 0 <= at < len(others) and others[at].field == one.field:
            other = others[at]
            if other.end <= one.start:
                gap = first - text.syllable(other.end - 1)
            elif other.start >= one.end:
                gap = text.syllable(other.start) - last
            else:
                at += step  # the same words, or words inside them, are not beside themselves
                continue
            if gap <= distance:
                found.append(other)
            break
    return found


class _Title:
    def __init__(self, part: QueryPlan) -> None:
        self._part = part
        self.negated = part.negated

    def find(self, hits: ItemHits) -> list[Span] | None:
        return self._part.find(hits.within(Span(0, 0, len(hits.texts[0].low))))

    def may_hold(self, present: AbstractSet[Trigger]) -> bool:
        return self._part.may_hold(present)

    def triggers(self) -> Triggers:
        return self._part.triggers()

    def missing(self, hits: ItemHits) -> list[str]:
        inner = self._part.missing(hits.within(Span(0, 0, len(hits.texts[0].low))))
        return [f"title:{name}" for name in inner]


class _Sentence:
    def __init__(self, part: QueryPlan, name: str) -> None:
        self._part = part
        self._name = name
        self.negated = part.negated

    def find(self, hits: ItemHits) -> list[Span] | None:
        if self.negated:
            every = (*hits.terms.values(), *hits.leaders.values())
            here = [span for spans in every for span in hits.framed(spans)]
        else:
            here = self._part.find(hits) or []  # what does not hold in the item holds in no sentence
        frames: dict[Span, None] = {}
        for span in here:
            begin, end = hits.texts[span.field].sentence(span.start)
            frames[Span(span.field, begin, end)] = None
        spans: set[Span] = set()
        held = False
        for frame in frames:
            found = self._part.find(hits.within(frame))
            if found is not None:
                held = True
                spans.update(found)
        return sorted(spans) if held else None

    def may_hold(self, present: AbstractSet[Trigger]) -> bool:
        return self._part.may_hold(present)

    def triggers(self) -> Triggers:
        return self._part.triggers()

    def missing(self, hits: ItemHits) -> list[str]:
        if self.find(hits) is not None:
            return []
        return self._part.missing(hits) or [self._name]


class _Set:
    """A named set: its members, less the words that stand inside what the set ignores.

    What it ignores is asked of the whole item, so that neither a frame nor what an event ignores makes it hold.
    """

    def __init__(self, part: QueryPlan, ignored: QueryPlan, name: str) -> None:
        self._part = part
        self._ignored = ignored
        self._name = name
        self.negated = part.negated

    def find(self, hits: ItemHits) -> list[Span] | None:
        found = self._part.find(hits)
        if found is None or not self._ignored.may_hold(hits.present):
            return found
        cover = hits.covers.get(self)
        if cover is None:
            cover = hits.covers[self] = SpanCover(self._ignored.find(hits.whole or hits) or ())
        if not any(map(cover.touch, found)):
            return found
        return self._part.find(hits.uncovered(cover))

    def may_hold(self, present: AbstractSet[Trigger]) -> bool:
        return self._part.may_hold(present)

    def triggers(self) -> Triggers:
        return self._part.triggers()

    def missing(self, hits: ItemHits) -> list[str]:
        return [] if self.find(hits) is not None else [self._name]


class _CountedNear(_Near):
    """Of words near each other the last, which a number counts: of `người NEAR/2 chết` the "chết"."""

    def find(self, hits: ItemHits) -> list[Span] | None:
        found = super().find(hits)
        if found is None:
            return None
        near = set(found)
        return [span for span in self._parts[-1].find(hits) or () if span in near]


_SIGNS: Final[Mapping[str, Callable[[Amount, float], bool]]] = {
    ">=": lambda amount, number: amount.low >= number,
    ">": lambda amount, number: amount.low > number,
    "<=": lambda amount, number: amount.high <= number,
    "<": lambda amount, number: amount.high < number,
    "=": lambda amount, number: amount.low == amount.high == number,
}
"""What is surely so: "hơn 100" is at least 50, but not at most 200."""
MOST_PLACES: Final = 60  # of the words, read for their numbers


class _Compared:
    """Words with a number beside them that is as large as asked for."""

    def __init__(self, node: Compare, part: QueryPlan) -> None:
        self._node = node
        self._part = part
        self.negated = part.negated

    def find(self, hits: ItemHits) -> list[Span] | None:
        spans: set[Span] = set()
        for span in _joined((self._part.find(hits) or ())[:MOST_PLACES]):
            amount = amount_beside(hits.texts[span.field], span)
            if amount is not None and self._fits(amount):
                spans.update((span, amount.span))
        return sorted(spans) or None

    def _fits(self, amount: Amount) -> bool:
        node = self._node
        return (amount.is_percent or not node.percent) and _SIGNS[node.sign](amount, node.number)

    def may_hold(self, present: AbstractSet[Trigger]) -> bool:
        return self._part.may_hold(present)

    def triggers(self) -> Triggers:
        return self._part.triggers()

    def missing(self, hits: ItemHits) -> list[str]:
        return [] if self.find(hits) is not None else self._part.missing(hits) or [written(self._node)]


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Spans in order, those that overlap or stand side by side as one: "người chết" with "chết và" beside it."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last is not None and last.field == span.field and span.start <= last.end + 1:
            joined[-1] = last._replace(end=max(last.end, span.end))
        else:
            joined.append(span)
    return joined


class Planner:
    """Makes nodes ready; `number` gives each term the number under which the scan reports it.

    A named set is made ready once, however many queries name it.
    """

    def __init__(self, number: Callable[[Term], int], near: type[_Near] = _Near) -> None:
        self._number = number
        self._near = near
        self._sets: dict[str, QueryPlan] = {}
        self._counting: Planner | None = None  # of what a number counts

    def plan(self, node: Node) -> QueryPlan:
        """A node made ready, its named sets looked up before (matching/sets.py)."""
        match node:
            case Term() | Person() | People():
                return leaf_plan(node, self._number)
            case Near(parts=parts, distances=distances):
                return self._near(self._plans(parts), distances, written(node))
            case And(parts=parts):
                return _All(self._plans(parts))
            case Or(parts=parts):
                return self._any_plan(parts)
            case Not(part=part):
                return _None(self.plan(part), written(node))
            case InTitle(part=part):
                return _Title(self.plan(part))
            case InSentence(part=part):
                return _Sentence(self.plan(part), written(node))
            case Compare(part=part):
                self._counting = self._counting or Planner(self._number, _CountedNear)
                return _Compared(node, self._counting.plan(part))
            case NamedSet():
                return self._set_plan(node)
            case SetName(name=name):
                raise AssertionError(f"{{{name}}} was not looked up")
            case _:
                assert_never(node)

    def _plans(self, parts: Sequence[Node]) -> list[QueryPlan]:
        return [self.plan(part) for part in parts]

    def _set_plan(self, node: NamedSet) -> QueryPlan:
        known = self._sets.get(node.name)
        if known is None:
            known = self.plan(node.part)
            if node.ignored is not None:
                known = _Set(known, self.plan(node.ignored), written(node))
            self._sets[node.name] = known
        return known

    def _any_plan(self, parts: Sequence[Node]) -> QueryPlan:
        """An OR: its terms as one plan, however many they are."""
        terms = {self._number(part): written(part) for part in parts if isinstance(part, Term)}
        others = self._plans([part for part in parts if not isinstance(part, Term)])
        if terms and not others:
            return terms_plan(terms)
        return _Any([*([terms_plan(terms)] if terms else []), *others])
