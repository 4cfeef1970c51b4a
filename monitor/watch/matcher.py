"""Does it concern us? A watchlist compiled once, then asked about item after item.

Pure and synchronous: reads no clock (the item's own date decides who holds an office), touches nothing outside.
The order of watches and of items never matters. Roughly 30 µs an item on a 2020s core for titles and leads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from typing import Final, Literal, cast

from monitor.types import Event, Evidence, Item, Leader, Match, Rule, Watchlist
from monitor.watch import lexicon as lex
from monitor.watch import offices, places, search
from monitor.watch.explain import Explanation, NearMiss
from monitor.watch.lexicon import Found, Lexicon
from monitor.watch.names import has_capitals
from monitor.watch.offices import Seat
from monitor.watch.persons import Persons
from monitor.watch.query import Term, parse_query
from monitor.watch.search import Plan, Sight, Span, Trigger
from monitor.watch.sightings import ALIAS, NEAR, NOT, PHRASE, SHORT, Claim, Holder, NameUse, Reading, sort_hits
from monitor.watch.text import Page, Text

MAX_EVIDENCE: Final = 50  # a match needs no more to be believed; 1 MB of one name stays a small row
BODY_ONLY: Final = 0.92  # a name that only the full text has is a passing mention more often

_FIELDS: Final[tuple[Literal["title", "summary", "body"], ...]] = ("title", "summary", "body")
_HANOI: Final = timezone(timedelta(hours=7))  # offices change hands on Vietnamese days; Vietnam has no summer time


@dataclass(frozen=True, slots=True)
class _EventPlan:
    event: Event
    match: tuple[tuple[str, Plan, frozenset[Trigger]], ...]  # the query, its plan, and one of what must be there
    exclude: tuple[tuple[str, Plan], ...]
    ignore: tuple[tuple[str, Plan], ...]
    polarity: tuple[tuple[str, tuple[Plan, ...]], ...]


_NOTHING: Final = Sight({}, {}, (), (), frozenset())


class Matcher:
    """A compiled watchlist. Safe to share between threads: it changes nothing once built."""

    def __init__(self, watchlist: Watchlist) -> None:
        self.version = watchlist.version
        self._lexicon = Lexicon()
        self._leaders: list[Leader] = []
        self._plans: list[_EventPlan] = []
        self._by_trigger: dict[Trigger, list[int]] = {}
        self._terms: dict[Term, int] = {}
        seats: dict[Seat, list[Holder]] = {}
        for watch in watchlist.watches:
            if not watch.enabled:
                continue
            if isinstance(watch, Leader):
                self._add_leader(watch, seats)
            else:
                self._add_event(watch)
        self._add_offices(seats)
        self._persons = Persons(self._leaders, seats)
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
        matches, reading, sight = self._read(item, thorough=True)
        return Explanation(item, matches, tuple(self._near_misses(matches, reading, sight)))

    def _read(self, item: Item, *, thorough: bool = False) -> tuple[tuple[Match, ...], Reading, Sight]:
        page = Page((item.title, item.lead, item.body) if item.body else (item.title, item.lead))
        scans, flags = self._lexicon.scan(page, thorough=thorough)
        reading = Reading()
        if not scans and not thorough:
            return (), reading, _NOTHING
        page.settle()
        fields = page.fields
        if flags & (lex.NAME | lex.TITLE):
            sorted_fields = [
                sort_hits(number, text, found) for number, (text, found) in enumerate(zip(fields, scans, strict=False))
            ]
            reading = self._persons.read(sorted_fields, _day(item))
        matches = self._leader_matches(reading, fields)
        sight = _NOTHING
        waiting = self._awake(reading, scans) if self._plans else ()
        if waiting or thorough:
            sight = self._sight(reading, fields, scans)
            for place in sorted(waiting):
                match = self._event_match(self._plans[place], sight)
                if match is not None:
                    matches.append(match)
        if len(matches) > 1:
            matches.sort(key=lambda match: (-match.score, match.watch_id))
        return tuple(matches), reading, sight

    def _awake(self, reading: Reading, scans: Sequence[Sequence[Found]]) -> set[int]:
        """The events one of whose triggers stands in the item."""
        waiting: set[int] = set()
        for found in scans:
            for _, _, word in found:
                if word.flags & lex.TRIGGER:
                    for use in word.uses:
                        if use.flag == lex.QUERY:
                            waiting.update(self._by_trigger.get(cast(int, use.what), ()))
        for claim in reading.claims:
            waiting.update(self._by_trigger.get(f"@{self._leaders[claim.leader].id}", ()))
        if "@*" in self._by_trigger:
            waiting.update(self._by_trigger["@*"])
        return waiting

    def _sight(self, reading: Reading, fields: Sequence[Text], scans: Sequence[Sequence[Found]]) -> Sight:
        leaders: dict[str, list[Span]] = {}
        for claim in reading.claims:
            leaders.setdefault(str(self._leaders[claim.leader].id), []).append(claim.span)
        for spans in leaders.values():
            spans.sort()
        terms: dict[int, list[Span]] = {}
        for number, found in enumerate(scans):
            text = fields[number]
            for start, end, word in found:
                if not word.flags & lex.QUERY:
                    continue
                for use in word.uses:
                    if use.flag == lex.QUERY and (not use.capitals or has_capitals(text, start, use.capitals)):
                        terms.setdefault(cast(int, use.what), []).append(Span(number, start, end))
        for spans in terms.values():
            if len(spans) > 1:
                spans.sort()
        present: set[Trigger] = {"@*", *terms, *(f"@{id}" for id in leaders)}
        return Sight(terms, leaders, self._persons.people(reading), fields, present)

    def _leader_matches(self, reading: Reading, fields: Sequence[Text]) -> list[Match]:
        claims: dict[int, list[Claim]] = {}
        for claim in reading.claims:
            claims.setdefault(claim.leader, []).append(claim)
        matches: list[Match] = []
        for leader, own in claims.items():
            watch = self._leaders[leader]
            score = max(_claim_score(claim) for claim in own)
            best = min(own, key=lambda claim: (-_claim_score(claim), claim.span))
            spans = sorted({claim.span for claim in own})
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

    def _event_match(self, plan: _EventPlan, sight: Sight) -> Match | None:
        # most candidates hold in no query: ask before looking for what to ignore
        likely = [
            (text, wanted, wanted.find(sight))
            for text, wanted, waits_for in plan.match
            if not waits_for or not waits_for.isdisjoint(sight.present)
        ]
        likely = [one for one in likely if one[2] is not None or one[1].negated]
        if not likely:
            return None
        hidden = [span for _, ignored in plan.ignore for span in ignored.find(sight) or ()]
        clear = sight.without(hidden)
        spans: set[Span] = set()
        by = ""
        for text, wanted, found in likely:
            if clear is not sight:
                found = wanted.find(clear)
            if found is not None:
                by = by or text
                spans.update(found)
        if not by or any(unwanted.find(sight) is not None for _, unwanted in plan.exclude):
            return None
        note = ""
        for label, queries in plan.polarity:
            if any(query.find(sight) is not None for query in queries):
                note = label
                break
        ordered = sorted(spans)
        return Match(
            plan.event.id,
            "event",
            plan.event.name,
            Rule.QUERY,
            _event_score(ordered),
            _evidence(_apart(ordered), sight.texts),
            by=by,
            note=note,
        )

    def _near_misses(self, matches: Sequence[Match], reading: Reading, sight: Sight) -> list[NearMiss]:
        taken = {match.watch_id for match in matches}
        near: list[NearMiss] = []
        for miss in reading.misses:
            leader = self._leaders[miss.leader]
            if leader.id not in taken:
                evidence = _evidence([miss.span], sight.texts)
                near.append(NearMiss(leader.id, leader.name, miss.by, miss.why, evidence[0] if evidence else None))
        for plan in self._plans:
            if plan.event.id in taken:
                continue
            hidden = [span for _, ignored in plan.ignore for span in ignored.find(sight) or ()]
            clear = sight.without(hidden)
            for text, wanted, waits_for in plan.match:
                if wanted.find(clear) is not None:
                    stop = next((stop for stop, unwanted in plan.exclude if unwanted.find(sight) is not None), "")
                    near.append(NearMiss(plan.event.id, plan.event.name, text, f"`not` holds: {stop}"))
                    break
                if wanted.find(sight) is not None:
                    near.append(
                        NearMiss(plan.event.id, plan.event.name, text, "its words stand inside an `ignore` phrase")
                    )
                    break
                lacking = wanted.missing(clear)
                if len(lacking) == 1 and not waits_for.isdisjoint(sight.present):
                    near.append(NearMiss(plan.event.id, plan.event.name, text, f"missing: {lacking[0]}"))
                    break
        return near

    # ------------------------------------------------------------ building

    def _add_leader(self, leader: Leader, seats: dict[Seat, list[Holder]]) -> None:
        number = len(self._leaders)
        self._leaders.append(leader)
        add = self._lexicon.add
        for alias in dict.fromkeys((leader.name, *leader.aliases)):
            add(alias, lex.NAME, NameUse(number, ALIAS, alias), capitals=True)
        for form in leader.short:
            add(form, lex.NAME, NameUse(number, SHORT, form), capitals=True)
        for phrase in leader.exclude:
            add(phrase, lex.CONTEXT, NameUse(number, NOT, phrase))
        for phrase in leader.near:
            add(phrase, lex.CONTEXT, NameUse(number, NEAR, phrase))
        for office in leader.offices:
            seat = offices.seat(office.title)
            if seat is None:
                use = NameUse(number, PHRASE, office.title, office.since, office.until)
                add(office.title, lex.NAME, use, capitals=True)
            else:
                seats.setdefault(seat, []).append(Holder(number, office.title, office.since, office.until))

    def _add_offices(self, seats: Mapping[Seat, Sequence[Holder]]) -> None:
        if not self._leaders:
            return
        watched = {seat.title for seat in seats}
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
        for state, (inner, outer) in places.states().items():
            for spelling in (*inner, *outer):
                self._lexicon.add(spelling, lex.STATE, state, capitals=True)
        for decoy in places.DECOYS:
            self._lexicon.add(decoy, lex.STATE, "", capitals=True)
        for word in places.HOME_WORDS:
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
        for _, _, waits_for in plan.match:
            for trigger in waits_for:
                there = self._by_trigger.setdefault(trigger, [])
                if not there or there[-1] != place:
                    there.append(place)

    def _plan_all(self, queries: Sequence[str]) -> tuple[tuple[str, Plan], ...]:
        return tuple((text, search.plan(parse_query(text).root, self._number)) for text in queries)

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

    Leaves the watchlist's quality to monitor/watch/watchlist.py. Raises QueryError when a query of an event does not
    parse; the configuration has parsed them all before.
    """
    return Matcher(watchlist)


def _day(item: Item) -> date | None:
    return item.at.astimezone(_HANOI).date() if item.at else None


def _claim_score(claim: Claim) -> float:
    return claim.score * BODY_ONLY if claim.span.field == 2 else claim.score


def _event_score(spans: Sequence[Span]) -> float:
    fields = {span.field for span in spans}
    if 0 in fields:
        return 0.93
    return 0.9 if 1 in fields else 0.8


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
