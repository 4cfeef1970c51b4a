"""Which watched events an item tells of, and how closely what speaks for them stands together.

Sees what a scan found; leaders are found before (leaders.py), because queries ask for them too.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from monitor.matching.clauses import clause_around
from monitor.matching.compile import CompiledEvent, CompiledQuery
from monitor.matching.confidence import Confidence
from monitor.matching.evidence import MAX_EVIDENCE, evidence_at
from monitor.matching.item_hits import ItemHits, Trigger
from monitor.matching.prominence import Reading
from monitor.matching.query_leaves import QueryPlan
from monitor.matching.query_nodes import Term, written
from monitor.matching.query_parts import borne_out
from monitor.matching.spans import Span, without_inner
from monitor.types import Focus, Match, Rule


class EventFinder:
    """The events of a watchlist, ready to be looked for."""

    def __init__(
        self,
        events: Sequence[CompiledEvent],
        by_trigger: Mapping[Trigger, Sequence[tuple[int, QueryPlan]]],
        numbers: Mapping[Term, int],
    ) -> None:
        self._events = events
        self._by_trigger = by_trigger
        self._numbers = numbers

    def awake(self, present: AbstractSet[Trigger]) -> list[int]:
        """The events that may match, by place: what they wait for is there, and all else that they cannot do without.

        Asked before anything is known of places, because most candidates end here.
        """
        awake: set[int] = set()
        for trigger in present:
            for place, plan in self._by_trigger.get(trigger, ()):
                if place not in awake and plan.may_hold(present):
                    awake.add(place)
        return sorted(awake)

    def matches(self, awake: Sequence[int], hits: ItemHits) -> list[Match]:
        """The events of these places that do match."""
        found = (self._match(self._events[place], hits) for place in awake)
        return [match for match in found if match is not None]

    def _match(self, event: CompiledEvent, hits: ItemHits) -> Match | None:
        # most candidates hold in no query: ask before looking for what to ignore
        likely = _likely(event, hits)
        if not likely:
            return None
        clear = hits.without(ignored_spans(event, hits))
        found = _found(likely, hits, clear)
        if found is None or stopped_by(event, hits) is not None:
            return None
        spans = sorted(found.spans)
        plans = [query.plan for query, _ in likely]
        reading = Reading(plans, event.words, spans, clear)
        if event.event.focus is Focus.MAIN and not reading.is_main():
            return None
        passing = reading.needs_text and reading.is_in_passing()
        confidence = Confidence.EVENT_PASSING if passing else _confidence(plans, spans, clear, reading)
        shown = borne_out(found.by.root, clear, self._numbers)
        return Match(
            event.event.id,
            "event",
            event.event.name,
            Rule.QUERY,
            confidence.score,
            evidence_at(without_inner(spans), hits.texts),
            by=written(shown),
            note=_polarity(event, hits),
            passing=passing,
        )


@dataclass(frozen=True, slots=True)
class _Found:
    by: CompiledQuery  # the first that holds
    spans: set[Span]  # of all that hold


_Likely = Sequence[tuple[CompiledQuery, list[Span] | None]]
"""Queries with where they hold before anything is ignored."""


def _likely(event: CompiledEvent, hits: ItemHits) -> _Likely:
    """The queries that hold, or may hold once something is ignored."""
    possible = (
        (query, query.plan.find(hits))
        for query in event.match
        if (not query.waits_for or not query.waits_for.isdisjoint(hits.present)) and query.plan.may_hold(hits.present)
    )
    return [(query, found) for query, found in possible if found is not None or query.plan.negated]


def _found(likely: _Likely, hits: ItemHits, clear: ItemHits) -> _Found | None:
    """What holds in `clear`, which is `hits` less what is ignored."""
    found: _Found | None = None
    for query, before in likely:
        spans = before if clear is hits else query.plan.find(clear)
        if spans is not None:
            found = found or _Found(query, set())
            found.spans.update(spans)
    return found


def ignored_spans(event: CompiledEvent, hits: ItemHits) -> list[Span]:
    """Where the `ignore` phrases of an event stand."""
    return [span for query in event.ignore for span in query.plan.find(hits) or ()]


def stopped_by(event: CompiledEvent, hits: ItemHits) -> CompiledQuery | None:
    """The first query of an event's `not` that holds."""
    return next((query for query in event.exclude if _stops(query, hits)), None)


def _stops(query: CompiledQuery, hits: ItemHits) -> bool:
    """Whether a query of `not` holds.

    A ready guard by itself says what kind of item it is, so it is asked of title and lead: a report of a fire may look
    back on an older one in its tenth paragraph.
    """
    if not query.is_guard:
        return query.plan.find(hits) is not None
    frames = (Span(number, 0, len(text.low)) for number, text in enumerate(hits.texts[:2]))
    return any(query.plan.find(hits.within(frame)) is not None for frame in frames)


def _polarity(event: CompiledEvent, hits: ItemHits) -> str:
    """The first label of which a query holds, "" where none does."""
    for label, queries in event.polarity:
        if any(query.plan.find(hits) is not None for query in queries):
            return label
    return ""


# ---------------------------------------------------------------- how sure


def _confidence(plans: Sequence[QueryPlan], spans: Sequence[Span], hits: ItemHits, reading: Reading) -> Confidence:
    """How closely what was found stands together: in the title, in one clause of the lead, or apart."""
    if reading.needs_text:
        return Confidence.EVENT_TEXT
    if any(span.field == 0 for span in spans) and _holds_within(Span(0, 0, len(hits.texts[0].low)), plans, hits):
        return Confidence.EVENT_TITLE
    in_lead = [span for span in spans[:MAX_EVIDENCE] if span.field == 1]
    clauses = {clause_around(hits.texts[1], span) for span in in_lead}
    if any(_holds_within(clause, plans, hits) for clause in clauses):
        return Confidence.EVENT_CLAUSE
    return Confidence.EVENT_SPREAD


def _holds_within(frame: Span, plans: Sequence[QueryPlan], hits: ItemHits) -> bool:
    inside = hits.within(frame)
    return any(plan.find(inside) is not None for plan in plans)
