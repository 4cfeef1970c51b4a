"""Does it concern us? A watchlist compiled once, then asked about item after item.

Pure and synchronous: reads no clock (the item's own date decides who holds an office), touches nothing outside.
The order of watches and of items never matters. Roughly 30 µs an item on a 2020s core for titles and leads.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from typing import Final, Literal

from monitor.matching import lexicon as lex
from monitor.matching import offices, query_plans, reasons
from monitor.matching import query_nodes as nodes
from monitor.matching.confidence import Confidence
from monitor.matching.explain import Explanation, NearMiss
from monitor.matching.held_offices import OfficeHolder
from monitor.matching.hits import ALIAS, NEAR, NOT, PHRASE, SHORT, LeaderWord, sort_hits
from monitor.matching.item_hits import ItemHits, Trigger
from monitor.matching.leader_reading import LeaderMention, LeaderReading
from monitor.matching.leaders import LeaderFinder
from monitor.matching.lexicon import Found, Lexicon
from monitor.matching.names import has_capitals
from monitor.matching.offices import OfficeKey
from monitor.matching.query import parse_query
from monitor.matching.query_leaves import QueryPlan
from monitor.matching.query_nodes import Term, written
from monitor.matching.spans import Span
from monitor.matching.text import ItemText, Text
from monitor.text import gazetteer
from monitor.text.words import is_vietnamese
from monitor.types import Event, Evidence, Item, Leader, Match, Rule, Watchlist

MAX_EVIDENCE: Final = 50  # a match needs no more to be believed; 1 MB of one name stays a small row
LONGEST_CLAUSE: Final = 300  # characters on either side of a word; a text without commas stays cheap
MOST_ALTERNATIVES: Final = 200  # looked through for the part of a query that hit; a longer list is shown as it is
BODY_ONLY: Final = 0.92  # what only the full text names: 25 of 27 read were right, the others of an earlier holder

_CLAUSE_END: Final = re.compile(r"[,:;()](?= |$)|[()]| - ")
_FIELDS: Final[tuple[Literal["title", "summary", "body"], ...]] = ("title", "summary", "body")
_HANOI: Final = timezone(timedelta(hours=7))  # offices change hands on Vietnamese days; Vietnam has no summer time


@dataclass(frozen=True, slots=True)
class _EventPlan:
    event: Event
    match: tuple[tuple[str, QueryPlan, frozenset[Trigger]], ...]  # the query, its plan, and one of what must be there
    exclude: tuple[tuple[str, QueryPlan], ...]
    ignore: tuple[tuple[str, QueryPlan], ...]
    polarity: tuple[tuple[str, tuple[QueryPlan, ...]], ...]


_NOTHING: Final = ItemHits({}, {}, (), (), frozenset())
_NOBODY: Final[tuple[tuple[Match, ...], LeaderReading, ItemHits]] = ((), LeaderReading(), _NOTHING)


class Matcher:
    """A compiled watchlist. Safe to share between threads: it changes nothing once built."""

    def __init__(self, watchlist: Watchlist) -> None:
        self.version = watchlist.version
        self._lexicon = Lexicon()
        self._leaders: list[Leader] = []
        self._plans: list[_EventPlan] = []
        self._by_trigger: dict[Trigger, list[tuple[int, QueryPlan]]] = {}  # the event, and which of its queries
        self._terms: dict[Term, int] = {}
        office_keys: dict[OfficeKey, list[OfficeHolder]] = {}
        for watch in watchlist.watches:
            if not watch.enabled:
                continue
            if isinstance(watch, Leader):
                self._add_leader(watch, office_keys)
            else:
                self._add_event(watch)
        self._add_offices(office_keys)
        self._leader_finder = LeaderFinder(self._leaders, office_keys)
        for trigger in self._by_trigger:
            if isinstance(trigger, int):
                self._lexicon.mark(trigger)
        self._lexicon.close()

    # ------------------------------------------------------------ asking

    def match(self, item: Item) -> tuple[Match, ...]:
        """The watches found in an item, surest first; evidence counts characters of the item's own texts."""
        return self._read(item)[0]

    def explain(self, item: Item) -> Explanation:
        """The same, with what came close and why it was not taken."""
        matches, reading, hits = self._read(item, thorough=True)
        return Explanation(item, matches, tuple(self._near_misses(matches, reading, hits)))

    def _read(self, item: Item, *, thorough: bool = False) -> tuple[tuple[Match, ...], LeaderReading, ItemHits]:
        item_text = ItemText((item.title, item.lead, item.body) if item.body else (item.title, item.lead))
        scans, flags = self._lexicon.scan(item_text, thorough=thorough)
        if not scans and not thorough:
            return _NOBODY
        reading = LeaderReading()
        item_text.settle()
        fields = item_text.fields
        if not thorough and not flags & lex.OF_LEADERS and not self._awake(self._present(reading, fields, scans)):
            return _NOBODY  # a word of an event and nothing else of it: what titles stand there is of no use
        if flags & (lex.NAME | lex.TITLE):
            sorted_fields = [
                sort_hits(number, text, found) for number, (text, found) in enumerate(zip(fields, scans, strict=False))
            ]
            reading = self._leader_finder.read(sorted_fields, _day(item))
        matches = self._leader_matches(reading, fields)
        hits = _NOTHING
        present = self._present(reading, fields, scans) if self._plans else _NOTHING.present
        waiting = self._awake(present)
        if waiting or thorough:
            hits = self._item_hits(reading, fields, scans, present)
            for place in waiting:
                match = self._event_match(self._plans[place], hits)
                if match is not None:
                    matches.append(match)
        if len(matches) > 1:
            matches.sort(key=lambda match: (-match.score, match.watch_id))
        return tuple(matches), reading, hits

    def _present(
        self, reading: LeaderReading, fields: Sequence[Text], scans: Sequence[Sequence[Found]]
    ) -> AbstractSet[Trigger]:
        """The terms and leaders that stand in the item."""
        present: set[Trigger] = {"@*"}
        for text, found in zip(fields, scans, strict=False):
            for start, _, word in found:
                for term, capitals in word.terms:
                    if not capitals or has_capitals(text, start, capitals):
                        present.add(term)
        present.update(f"@{self._leaders[mention.leader].id}" for mention in reading.mentions)
        return present

    def _awake(self, present: AbstractSet[Trigger]) -> list[int]:
        """The events that may match: what they wait for is there, and so is all else that they cannot do without.

        Asked before anything is known of places, because most candidates end here.
        """
        awake: set[int] = set()
        for trigger in present:
            for place, wanted in self._by_trigger.get(trigger, ()):
                if place not in awake and wanted.may_hold(present):
                    awake.add(place)
        return sorted(awake)

    def _item_hits(
        self,
        reading: LeaderReading,
        fields: Sequence[Text],
        scans: Sequence[Sequence[Found]],
        present: AbstractSet[Trigger],
    ) -> ItemHits:
        leaders: dict[str, list[Span]] = {}
        for mention in reading.mentions:
            leaders.setdefault(str(self._leaders[mention.leader].id), []).append(mention.span)
        for spans in leaders.values():
            spans.sort()
        terms: dict[int, list[Span]] = {}
        for number, found in enumerate(scans):
            text = fields[number]
            for start, end, word in found:
                for term, capitals in word.terms:
                    if not capitals or has_capitals(text, start, capitals):
                        terms.setdefault(term, []).append(Span(number, start, end))
        for spans in terms.values():
            if len(spans) > 1:
                spans.sort()
        return ItemHits(terms, leaders, self._leader_finder.people(reading), fields, present)

    def _leader_matches(self, reading: LeaderReading, fields: Sequence[Text]) -> list[Match]:
        mentions: dict[int, list[LeaderMention]] = {}
        for mention in reading.mentions:
            mentions.setdefault(mention.leader, []).append(mention)
        matches: list[Match] = []
        for leader, own in mentions.items():
            watch = self._leaders[leader]
            score = max(_mention_score(mention) for mention in own)
            best = min(own, key=lambda mention: (-_mention_score(mention), mention.span))
            spans = sorted({mention.span for mention in own})
            matches.append(
                Match(
                    watch.id,
                    "leader",
                    watch.name,
                    best.rule,
                    round(score, 3),
                    _evidence(spans, fields),
                    by=best.by,
                    note=best.note,
                )
            )
        return matches

    def _event_match(self, plan: _EventPlan, hits: ItemHits) -> Match | None:
        # most candidates hold in no query: ask before looking for what to ignore
        likely = [
            (text, wanted, wanted.find(hits))
            for text, wanted, waits_for in plan.match
            if (not waits_for or not waits_for.isdisjoint(hits.present)) and wanted.may_hold(hits.present)
        ]
        likely = [one for one in likely if one[2] is not None or one[1].negated]
        if not likely:
            return None
        hidden = [span for _, ignored in plan.ignore for span in ignored.find(hits) or ()]
        clear = hits.without(hidden)
        spans: set[Span] = set()
        by = ""
        for text, wanted, found in likely:
            if clear is not hits:
                found = wanted.find(clear)
            if found is not None:
                by = by or text
                spans.update(found)
        if not by or any(unwanted.find(hits) is not None for _, unwanted in plan.exclude):
            return None
        note = ""
        for label, queries in plan.polarity:
            if any(query.find(hits) is not None for query in queries):
                note = label
                break
        by = written(self._part(parse_query(by).root, clear))
        ordered = sorted(spans)
        return Match(
            plan.event.id,
            "event",
            plan.event.name,
            Rule.QUERY,
            _event_confidence([wanted for _, wanted, _ in likely], ordered, clear).score,
            _evidence(_apart(ordered), hits.texts),
            by=by,
            note=note,
        )

    def _part(self, node: nodes.Node, hits: ItemHits) -> nodes.Node:
        """The part of a query that the item bears out: of alternatives those that are there."""
        match node:
            case nodes.Or(parts=parts) if len(parts) <= MOST_ALTERNATIVES:
                there = tuple(self._part(part, hits) for part in parts if self._stands(part, hits))
                return (there[0] if len(there) == 1 else nodes.Or(there)) if there else node
            case nodes.And(parts=parts):
                return nodes.And(tuple(self._part(part, hits) for part in parts))
            case nodes.Near(parts=parts, distances=distances):
                return nodes.Near(tuple(self._part(part, hits) for part in parts), distances)
            case nodes.InTitle(part=part):
                return nodes.InTitle(self._part(part, hits))
            case nodes.InSentence(part=part):
                return nodes.InSentence(self._part(part, hits))
            case _:
                return node

    def _stands(self, node: nodes.Node, hits: ItemHits) -> bool:
        """Whether an alternative is there, as far as words and leaders tell."""
        match node:
            case nodes.Term():
                return self._terms.get(node) in hits.terms
            case nodes.Person(id=id):
                return id in hits.leaders
            case nodes.Or(parts=parts):
                return any(self._stands(part, hits) for part in parts)
            case nodes.Not():
                return True
            case _:
                return all(self._stands(part, hits) for part in nodes.children(node))

    def _near_misses(self, matches: Sequence[Match], reading: LeaderReading, hits: ItemHits) -> list[NearMiss]:
        taken = {match.watch_id for match in matches}
        near: list[NearMiss] = []
        for miss in dict.fromkeys(reading.missed):  # who held an office twice misses it twice
            leader = self._leaders[miss.leader]
            if leader.id not in taken:
                evidence = _evidence([miss.span], hits.texts)
                near.append(NearMiss(leader.id, leader.name, miss.by, miss.why, evidence[0] if evidence else None))
        for plan in self._plans:
            if plan.event.id in taken:
                continue
            hidden = [span for _, ignored in plan.ignore for span in ignored.find(hits) or ()]
            clear = hits.without(hidden)
            for text, wanted, waits_for in plan.match:
                if wanted.find(clear) is not None:
                    stop = next((stop for stop, unwanted in plan.exclude if unwanted.find(hits) is not None), "")
                    near.append(NearMiss(plan.event.id, plan.event.name, text, reasons.dropped(stop)))
                    break
                if wanted.find(hits) is not None:
                    near.append(NearMiss(plan.event.id, plan.event.name, text, reasons.IGNORED))
                    break
                lacking = wanted.missing(clear)
                if len(lacking) == 1 and not waits_for.isdisjoint(hits.present):
                    near.append(NearMiss(plan.event.id, plan.event.name, text, reasons.lacking(lacking[0])))
                    break
        return near

    def parts(self) -> Iterator[object]:
        """What a matcher is made of, in pieces of which none takes long to free: see monitor/app/reload.py."""
        yield from self._lexicon.parts()
        yield from self._leaders
        yield from self._plans
        yield from self._terms

    # ------------------------------------------------------------ building

    def _add_leader(self, leader: Leader, office_keys: dict[OfficeKey, list[OfficeHolder]]) -> None:
        number = len(self._leaders)
        self._leaders.append(leader)
        add = self._lexicon.add
        for alias in dict.fromkeys((leader.name, *leader.aliases)):
            add(alias, lex.NAME, LeaderWord(number, ALIAS, alias), capitals=True)
        for alias in _with_given_names(leader):
            add(alias, lex.NAME, LeaderWord(number, ALIAS, alias), capitals=True)
        for form in leader.short:
            add(form, lex.NAME, LeaderWord(number, SHORT, form), capitals=True)
        for phrase in leader.exclude:
            add(phrase, lex.CONTEXT, LeaderWord(number, NOT, phrase))
        for phrase in leader.near:
            add(phrase, lex.CONTEXT, LeaderWord(number, NEAR, phrase))
        for office in leader.offices:
            office_key = offices.office_key(office.title)
            if office_key is None:
                use = LeaderWord(number, PHRASE, office.title, office.since, office.until)
                add(office.title, lex.NAME, use, capitals=True)
            else:
                office_keys.setdefault(office_key, []).append(
                    OfficeHolder(number, office.title, office.since, office.until)
                )

    def _add_offices(self, office_keys: Mapping[OfficeKey, Sequence[OfficeHolder]]) -> None:
        if not self._leaders:
            return
        watched = {office_key.title for office_key in office_keys}
        if watched & {"tổng thống", "thủ tướng"}:
            watched.add("tt")
        if watched & {"chủ tịch nước", "chủ tịch ủy ban châu âu"}:
            watched.add("chủ tịch")
        for title, spellings in offices.titles().items():
            flag = lex.TITLE
            if title in watched:
                flag |= lex.TITLE_OF_STATE if title in offices.NEEDS_STATE else lex.WATCHED_TITLE
            for spelling in spellings:
                self._lexicon.add(spelling, flag, title, capitals=spelling != spelling.lower(), twins=False)
        for state, (inner, outer) in gazetteer.states().items():
            for spelling in (*inner, *outer):
                self._lexicon.add(spelling, lex.STATE, state, capitals=True)
        for decoy in gazetteer.DECOYS:
            self._lexicon.add(decoy, lex.STATE, "", capitals=True)
        for word in gazetteer.HOME_WORDS:
            self._lexicon.add(word, lex.HOME, word, capitals=True)

    def _add_event(self, event: Event) -> None:
        plan = _EventPlan(
            event,
            tuple((text, wanted, wanted.triggers().any_of) for text, wanted in self._plan_all(event.match)),
            self._plan_all(event.exclude),
            self._plan_all(event.ignore),
            tuple((label, tuple(p for _, p in self._plan_all(queries))) for label, queries in event.polarity),
        )
        place = len(self._plans)
        self._plans.append(plan)
        for _, wanted, waits_for in plan.match:
            for trigger in waits_for:
                self._by_trigger.setdefault(trigger, []).append((place, wanted))

    def _plan_all(self, queries: Sequence[str]) -> tuple[tuple[str, QueryPlan], ...]:
        return tuple((text, query_plans.plan(parse_query(text).root, self._number)) for text in queries)

    def _number(self, term: Term) -> int:
        number = self._terms.get(term)
        if number is None:
            number = self._terms[term] = len(self._terms)
            if term.fold:
                self._lexicon.add_folded(term.text, lex.QUERY, number)
            else:
                self._lexicon.add(term.text, lex.QUERY, number, capitals=term.exact)
        return number


def compile_watchlist(watchlist: Watchlist) -> Matcher:
    """A matcher of all enabled watches.

    Leaves the watchlist's quality to monitor/matching/lint.py. Raises QueryError when a query of an event does not
    parse; the configuration has parsed them all before.
    """
    return Matcher(watchlist)


def _with_given_names(leader: Leader) -> list[str]:
    """The given names before each other spelling of a foreign last name: Volodymyr, Zelenskyy."""
    given, _, last = leader.name.rpartition(" ")
    if not given or is_vietnamese(last) or is_vietnamese(given.split(" ")[0]):
        return []
    known = {leader.name, *leader.aliases}
    spellings = (
        alias for alias in leader.aliases if " " not in alias and "." not in alias and alias not in leader.name
    )
    return [f"{given} {alias}" for alias in spellings if f"{given} {alias}" not in known]


def _day(item: Item) -> date | None:
    return item.at.astimezone(_HANOI).date() if item.at else None


def _mention_score(mention: LeaderMention) -> float:
    return mention.confidence.score * BODY_ONLY if mention.span.field == 2 else mention.confidence.score


def _event_confidence(wanted: Sequence[QueryPlan], spans: Sequence[Span], hits: ItemHits) -> Confidence:
    """How closely what was found stands together: in the title, in one clause of the lead, or apart."""
    fields = {span.field for span in spans}
    if fields == {2}:
        return Confidence.EVENT_TEXT
    title = hits.within(Span(0, 0, len(hits.texts[0].low)))
    if 0 in fields and any(plan.find(title) is not None for plan in wanted):
        return Confidence.EVENT_TITLE
    if 1 in fields:
        for clause in {_clause(hits.texts[1], span) for span in spans[:MAX_EVIDENCE] if span.field == 1}:
            inside = hits.within(clause)
            if any(plan.find(inside) is not None for plan in wanted):
                return Confidence.EVENT_CLAUSE
    return Confidence.EVENT_SPREAD


def _clause(text: Text, span: Span) -> Span:
    """The clause around `span`: commas, colons, brackets and dashes end one, as does a sentence."""
    begin, end = text.sentence(span.start)
    begin, end = max(begin, span.start - LONGEST_CLAUSE), min(end, span.end + LONGEST_CLAUSE)
    for stop in _CLAUSE_END.finditer(text.plain, begin, span.start):
        begin = stop.end()
    after = _CLAUSE_END.search(text.plain, span.end, end)
    return Span(span.field, begin, after.start() if after else end)


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Spans less those inside another."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.field, span.start, -span.end)):
        if not kept or kept[-1].field != span.field or span.end > kept[-1].end:
            kept.append(span)
    return kept


def _evidence(spans: Sequence[Span], fields: Sequence[Text]) -> tuple[Evidence, ...]:
    shown: list[Evidence] = []
    for span in spans[:MAX_EVIDENCE]:
        text = fields[span.field]
        start, end = text.span(span.start, span.end)
        shown.append(Evidence(_FIELDS[span.field], start, end, text.source[start:end]))
    return tuple(shown)


__all__ = ["Explanation", "Matcher", "NearMiss", "compile_watchlist"]
