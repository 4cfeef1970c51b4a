"""Does it concern us? A watchlist compiled once, then asked about item after item.

Pure and synchronous: reads no clock (the item's own date decides who holds an office), touches nothing outside.
The order of watches and of items never matters. Roughly 30 µs an item on a 2020s core for titles and leads.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date, timedelta, timezone
from typing import Final, NamedTuple

from monitor.matching import lexicon as lex
from monitor.matching.compile import CompiledWatchlist
from monitor.matching.event_finder import EventFinder
from monitor.matching.evidence import evidence_at
from monitor.matching.explain import Explanation
from monitor.matching.hits import sort_hits
from monitor.matching.item_hits import ItemHits, Trigger
from monitor.matching.leader_reading import LeaderMention, LeaderReading
from monitor.matching.leaders import LeaderFinder
from monitor.matching.lexicon import Found
from monitor.matching.names import has_capitals
from monitor.matching.near_misses import missed_events, missed_leaders
from monitor.matching.spans import Span
from monitor.matching.text import ItemText, Text
from monitor.types import Item, Match, Watchlist

BODY_ONLY: Final = 0.92  # what only the full text names: 25 of 27 read were right, the others of an earlier holder

_HANOI: Final = timezone(timedelta(hours=7))  # offices change hands on Vietnamese days; Vietnam has no summer time
_NOTHING: Final = ItemHits({}, {}, (), (), frozenset())


class _Scan(NamedTuple):
    """The fields of an item, and the words found in each."""

    fields: Sequence[Text]
    found: Sequence[Sequence[Found]]


class _Findings(NamedTuple):
    """What was understood of an item."""

    matches: tuple[Match, ...]
    reading: LeaderReading
    hits: ItemHits


_NOBODY: Final = _Findings((), LeaderReading(), _NOTHING)


class Matcher:
    """A compiled watchlist. Safe to share between threads: it changes nothing once built."""

    def __init__(self, watchlist: Watchlist) -> None:
        self.version = watchlist.version
        self._compiled = compiled = CompiledWatchlist(watchlist)
        self._lexicon = compiled.lexicon
        self._leaders = compiled.leaders
        self._leader_finder = LeaderFinder(compiled.leaders, compiled.office_keys)
        self._event_finder = EventFinder(compiled.events, compiled.by_trigger, compiled.terms)

    def match(self, item: Item) -> tuple[Match, ...]:
        """The watches found in an item, surest first; evidence counts characters of the item's own texts."""
        return self._read(item).matches

    def explain(self, item: Item) -> Explanation:
        """The same, with what came close and why it was not taken."""
        found = self._read(item, thorough=True)
        taken = {match.watch_id for match in found.matches}
        leaders = missed_leaders(found.reading, self._leaders, found.hits.texts, taken)
        events = missed_events(self._compiled.events, found.hits, taken)
        return Explanation(item, found.matches, (*leaders, *events))

    def _read(self, item: Item, *, thorough: bool = False) -> _Findings:
        item_text = ItemText((item.title, item.lead, item.body) if item.body else (item.title, item.lead))
        found, flags = self._lexicon.scan(item_text, thorough=thorough)
        if not found and not thorough:
            return _NOBODY
        item_text.settle()
        scan = _Scan(item_text.fields, found)
        if not thorough and not flags & lex.OF_LEADERS and not self._event_finder.awake(_terms_present(scan)):
            return _NOBODY  # a word of an event and nothing else of it: what titles stand there is of no use
        reading = self._read_leaders(scan, flags, _day(item))
        of_events, hits = self._read_events(scan, reading, thorough=thorough)
        matches = [*self._leader_matches(reading, scan.fields), *of_events]
        if len(matches) > 1:
            matches.sort(key=lambda match: (-match.score, match.watch_id))
        return _Findings(tuple(matches), reading, hits)

    # ------------------------------------------------------------ leaders

    def _read_leaders(self, scan: _Scan, flags: int, day: date | None) -> LeaderReading:
        if not flags & (lex.NAME | lex.TITLE):
            return LeaderReading()
        pairs = zip(scan.fields, scan.found, strict=False)
        return self._leader_finder.read([sort_hits(number, *pair) for number, pair in enumerate(pairs)], day)

    def _leader_matches(self, reading: LeaderReading, fields: Sequence[Text]) -> list[Match]:
        mentions: dict[int, list[LeaderMention]] = {}
        for mention in reading.mentions:
            mentions.setdefault(mention.leader, []).append(mention)
        matches: list[Match] = []
        for leader, own in mentions.items():
            watch = self._leaders[leader]
            best = min(own, key=lambda mention: (-_score(mention), mention.span))
            spans = sorted({mention.span for mention in own})
            evidence = evidence_at(spans, fields)
            score = round(_score(best), 3)
            matches.append(
                Match(watch.id, "leader", watch.name, best.rule, score, evidence, by=best.by, note=best.note)
            )
        return matches

    # ------------------------------------------------------------ events

    def _read_events(self, scan: _Scan, reading: LeaderReading, *, thorough: bool) -> tuple[Sequence[Match], ItemHits]:
        """The events found, and what they were looked for in: nothing, where none can match and nobody asks why."""
        if not self._compiled.events and not thorough:
            return (), _NOTHING
        present = self._present(scan, reading)
        awake = self._event_finder.awake(present)
        if not awake and not thorough:
            return (), _NOTHING
        hits = self._item_hits(scan, reading, present)
        return self._event_finder.matches(awake, hits), hits

    def _present(self, scan: _Scan, reading: LeaderReading) -> AbstractSet[Trigger]:
        """The terms and leaders that stand in the item."""
        present = _terms_present(scan)
        present.update(f"@{self._leaders[mention.leader].id}" for mention in reading.mentions)
        return present

    def _item_hits(self, scan: _Scan, reading: LeaderReading, present: AbstractSet[Trigger]) -> ItemHits:
        leaders: dict[str, list[Span]] = {}
        for mention in reading.mentions:
            leaders.setdefault(str(self._leaders[mention.leader].id), []).append(mention.span)
        for spans in leaders.values():
            spans.sort()
        people = self._leader_finder.people(reading)
        return ItemHits(_term_spans(scan), leaders, people, scan.fields, present)


def compile_watchlist(watchlist: Watchlist) -> Matcher:
    """A matcher of all enabled watches.

    Leaves the watchlist's quality to monitor/matching/lint.py. Raises QueryError when a query of an event does not
    parse; the configuration has parsed them all before.
    """
    return Matcher(watchlist)


def _terms_present(scan: _Scan) -> set[Trigger]:
    """The terms of queries that stand in the item, and that anybody at all may."""
    present: set[Trigger] = {"@*"}
    for text, found in zip(scan.fields, scan.found, strict=False):
        for start, _, word in found:
            for term, capitals in word.terms:
                if not capitals or has_capitals(text, start, capitals):
                    present.add(term)
    return present


def _term_spans(scan: _Scan) -> dict[int, list[Span]]:
    """Where each term of a query stands, in order."""
    terms: dict[int, list[Span]] = {}
    for number, found in enumerate(scan.found):
        text = scan.fields[number]
        for start, end, word in found:
            for term, capitals in word.terms:
                if not capitals or has_capitals(text, start, capitals):
                    terms.setdefault(term, []).append(Span(number, start, end))
    for spans in terms.values():
        if len(spans) > 1:
            spans.sort()
    return terms


def _day(item: Item) -> date | None:
    return item.at.astimezone(_HANOI).date() if item.at else None


def _score(mention: LeaderMention) -> float:
    confidence = mention.confidence.score
    return confidence * BODY_ONLY if mention.span.field == 2 else confidence
