"""What an item came close to, and why it was not taken: told to a person who asks, never stored.

Asks the same plans and readings that matching asked.
"""

from collections.abc import Container, Iterator, Sequence

from monitor.matching import reasons
from monitor.matching.compile import CompiledEvent, CompiledQuery
from monitor.matching.event_finder import ignored_spans, stopped_by
from monitor.matching.evidence import evidence_at
from monitor.matching.explain import NearMiss
from monitor.matching.item_hits import ItemHits
from monitor.matching.leader_reading import LeaderReading
from monitor.matching.reasons import Why
from monitor.matching.text import Text
from monitor.types import Leader, WatchId


def missed_leaders(
    reading: LeaderReading, leaders: Sequence[Leader], fields: Sequence[Text], taken: Container[WatchId]
) -> Iterator[NearMiss]:
    """Each place that was not taken for a leader who is not found elsewhere either."""
    for miss in dict.fromkeys(reading.missed):  # who held an office twice misses it twice
        leader = leaders[miss.leader]
        if leader.id not in taken:
            evidence = evidence_at([miss.span], fields)
            yield NearMiss(leader.id, leader.name, miss.by, miss.why, evidence[0] if evidence else None)


def missed_events(events: Sequence[CompiledEvent], hits: ItemHits, taken: Container[WatchId]) -> Iterator[NearMiss]:
    """Each event that was dropped, or lacks a single part, by the first of its queries that came so close."""
    for event in events:
        if event.event.id in taken:
            continue
        clear = hits.without(ignored_spans(event, hits))
        for query in event.match:
            why = _why_not(event, query, hits, clear)
            if why is not None:
                yield NearMiss(event.event.id, event.event.name, query.text, why)
                break


def _why_not(event: CompiledEvent, query: CompiledQuery, hits: ItemHits, clear: ItemHits) -> Why | None:
    """Why a query came to nothing, None where it was not close; `clear` is `hits` less what is ignored."""
    if query.plan.find(clear) is not None:
        stop = stopped_by(event, hits)
        return reasons.dropped(stop.text) if stop else reasons.NOT_MAIN
    if query.plan.find(hits) is not None:
        return reasons.IGNORED
    lacking = query.plan.missing(clear)
    if len(lacking) == 1 and not query.waits_for.isdisjoint(hits.present):
        return reasons.lacking(lacking[0])
    return None
