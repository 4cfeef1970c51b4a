"""Where a query hits: the tree of monitor/matching/query.py evaluated over what one scan of the item found.

Reads no text itself: terms and persons were found before, by one automaton for all watches.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple, Protocol, assert_never

from monitor.matching import query as q
from monitor.matching.text import Text
from monitor.text.words import is_vietnamese


class Span(NamedTuple):
    """[start, end) of the field with this number: 0 title, 1 lead, 2 body."""

    field: int
    start: int
    end: int


class Somebody(NamedTuple):
    """A leader or a state office named at `span`; two with one `who` are one person."""

    span: Span
    who: str


Trigger = int | str
"""What must be there before a query is worth evaluating: a term's number, "@id", or "@*"."""


class Triggers(NamedTuple):
    """What a query waits for, and how common that is: rare words wake it less often."""

    cost: float
    any_of: frozenset[Trigger]


_NEVER = Triggers(float("inf"), frozenset())


def _commonness(written: str) -> float:
    # counted on 4,000 items: a Vietnamese syllable hits every tenth (a state like =Mỹ more often), a foreign word or
    # two syllables every hundredth (a name like Trung Quốc more often), three hardly ever
    blanks = written.count(" ")
    if blanks:
        return 1.0 if blanks > 1 else 12.0 if written.strip('="~').istitle() else 8.0
    if not is_vietnamese(written.strip('="~')):
        return 10.0
    return 300.0 if written[0] == "=" else 100.0


@dataclass(frozen=True, slots=True)
class ItemHits:
    """What stands in an item: spans of each term and each leader, in order, and everybody named.

    `present` says which triggers are there, in the item as a whole.
    """

    terms: Mapping[int, Sequence[Span]]
    leaders: Mapping[str, Sequence[Span]]
    people: Sequence[Somebody]
    texts: Sequence[Text]
    present: AbstractSet[Trigger]
    frame: Span | None = None

    def within(self, frame: Span) -> "ItemHits":
        """The same, less what is outside of `frame`: it is left out when asked for, since most of it never is."""
        if self.frame is not None:
            same = self.frame.field == frame.field
            start, end = max(frame.start, self.frame.start), min(frame.end, self.frame.end)
            frame = Span(frame.field, start, end if same else 0)
        return ItemHits(self.terms, self.leaders, self.people, self.texts, self.present, frame)

    def framed(self, spans: Sequence[Span]) -> Sequence[Span]:
        """Those of `spans`, which are in order, that stand inside the frame."""
        frame = self.frame
        if frame is None:
            return spans
        first = bisect_left(spans, Span(frame.field, frame.start, 0))
        last = bisect_left(spans, Span(frame.field, frame.end, 0), first)
        return [span for span in spans[first:last] if span.end <= frame.end]

    def named(self) -> Sequence[Somebody]:
        """The people inside the frame."""
        frame = self.frame
        if frame is None:
            return self.people
        first = bisect_left(self.people, Somebody(Span(frame.field, frame.start, 0), ""))
        last = bisect_left(self.people, Somebody(Span(frame.field, frame.end, 0), ""), first)
        return [one for one in self.people[first:last] if one.span.end <= frame.end]

    def without(self, hidden: Sequence[Span]) -> "ItemHits":
        """The same, less the terms that overlap one of `hidden`."""
        if not hidden:
            return self
        terms: dict[int, Sequence[Span]] = {}
        covers = _Covers(hidden)
        for number, spans in self.terms.items():
            kept = [span for span in spans if not covers.touch(span)]
            if kept:
                terms[number] = kept
        return ItemHits(terms, self.leaders, self.people, self.texts, self.present, self.frame)


class _Covers:
    """Spans merged into disjoint ones, so that asking is a bisection."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._merged: list[Span] = []
        for span in sorted(spans):
            last = self._merged[-1] if self._merged else None
            if last and last.field == span.field and span.start <= last.end:
                self._merged[-1] = Span(last.field, last.start, max(last.end, span.end))
            else:
                self._merged.append(span)

    def touch(self, span: Span) -> bool:
        place = bisect_left(self._merged, Span(span.field, span.end, 0)) - 1
        return place >= 0 and self._merged[place].field == span.field and self._merged[place].end > span.start


def _all_may(parts: Sequence["Plan"], present: AbstractSet[Trigger]) -> bool:
    for part in parts:  # noqa: SIM110  all() with a generator is twice as slow, and this is asked of every candidate
        if not part.may_hold(present):
            return False
    return True


def _cost(triggers: Triggers) -> float:
    return triggers.cost


class Plan(Protocol):
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


class _Any:
    def __init__(self, parts: Sequence[Plan]) -> None:
        self._parts = parts
        self.negated = any(part.negated for part in parts)

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
        if _NEVER in every:
            return _NEVER
        return Triggers(sum(one.cost for one in every), frozenset().union(*(one.any_of for one in every)))

    def missing(self, hits: ItemHits) -> list[str]:
        if self.find(hits) is not None:
            return []
        return min((part.missing(hits) for part in self._parts), key=len)


class _All:
    def __init__(self, parts: Sequence[Plan]) -> None:
        self._parts = parts
        self.negated = any(part.negated for part in parts)

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

    def __init__(self, part: Plan, name: str) -> None:
        self._part = part
        self._name = name

    def find(self, hits: ItemHits) -> list[Span] | None:
        return [] if self._part.find(hits) is None else None

    def may_hold(self, present: AbstractSet[Trigger]) -> bool:
        return True

    def triggers(self) -> Triggers:
        return _NEVER

    def missing(self, hits: ItemHits) -> list[str]:
        return [] if self._part.find(hits) is None else [self._name]


class _Near:
    def __init__(self, parts: Sequence[Plan], distances: Sequence[int], name: str) -> None:
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
    def __init__(self, part: Plan) -> None:
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
    def __init__(self, part: Plan, name: str) -> None:
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


def written(node: q.Node) -> str:
    """A node as a query writes it, for a person."""
    match node:
        case q.Term(text=text, exact=exact, fold=fold):
            return ("=" if exact else "~" if fold else "") + (f'"{text}"' if " " in text else text)
        case q.Person(id=id):
            return f"@{id}"
        case q.People(count=count):
            return "@" + "*" * count
        case q.Near(parts=parts, distances=distances):
            words = [written(parts[0])]
            for distance, part in zip(distances, parts[1:], strict=True):
                words.append(f"NEAR/{distance} {written(part)}")
            return " ".join(words)
        case q.And(parts=parts):
            return "(" + " AND ".join(map(written, parts)) + ")"
        case q.Or(parts=parts):
            shown = [written(part) for part in parts[:6]] + (["…"] if len(parts) > 6 else [])
            return "(" + " OR ".join(shown) + ")"
        case q.Not(part=part):
            return f"NOT {written(part)}"
        case q.InTitle(part=part):
            return f"title:{_in_brackets(part)}"
        case q.InSentence(part=part):
            return f"sentence:{_in_brackets(part)}"
        case _:
            assert_never(node)


def _in_brackets(node: q.Node) -> str:
    return f"({written(node)})" if isinstance(node, q.Near | q.Not) else written(node)


def plan(node: q.Node, number: Callable[[q.Term], int]) -> Plan:
    """A node made ready; `number` gives each term the number under which the scan reports it."""
    match node:
        case q.Term():
            return _Terms({number(node): written(node)})
        case q.Person(id=id):
            return _Person(id)
        case q.People(count=count):
            return _People(count)
        case q.Near(parts=parts, distances=distances):
            return _Near([plan(part, number) for part in parts], distances, written(node))
        case q.And(parts=parts):
            return _All([plan(part, number) for part in parts])
        case q.Or(parts=parts):
            terms = {number(part): written(part) for part in parts if isinstance(part, q.Term)}
            others = [plan(part, number) for part in parts if not isinstance(part, q.Term)]
            if terms and not others:
                return _Terms(terms)
            return _Any([*([_Terms(terms)] if terms else []), *others])
        case q.Not(part=part):
            return _None(plan(part, number), written(node))
        case q.InTitle(part=part):
            return _Title(plan(part, number))
        case q.InSentence(part=part):
            return _Sentence(plan(part, number), written(node))
        case _:
            assert_never(node)
