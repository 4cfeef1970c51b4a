"""Which watched leaders an item names: by name, by short form, by office.

Sees the whole item and its date; leaves events to matching/query_plans.py. The rules, in the order in which they speak:
a name inside a longer name is not the name; a `not` phrase takes its own leader away; an office goes to whoever is
named right after it, else to its holder on the day (office_rules.py); common names and short forms need support
elsewhere in the item (support_rules.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from monitor.matching import names, office_mentions, reasons
from monitor.matching.confidence import Confidence
from monitor.matching.held_offices import HeldOffices, OfficeHolder
from monitor.matching.hits import ALIAS, NEAR, NOT, PHRASE, SHORT, FieldHits, LeaderWord
from monitor.matching.item_hits import NamedPerson
from monitor.matching.leader_reading import LeaderReading, UnsureName
from monitor.matching.named_people import named_people
from monitor.matching.office_rules import read_offices
from monitor.matching.offices import OfficeKey
from monitor.matching.spans import Span
from monitor.matching.support_rules import settle_unsure
from monitor.text.words import is_vietnamese
from monitor.types import Leader, Rule


class LeaderFinder:
    """The leaders of a watchlist, ready to be looked for."""

    def __init__(self, leaders: Sequence[Leader], office_keys: Mapping[OfficeKey, Sequence[OfficeHolder]]) -> None:
        self._leaders = leaders
        self._ids = [str(leader.id) for leader in leaders]
        self._held = HeldOffices(office_keys)

    def read(self, fields: Sequence[FieldHits], day: date | None) -> LeaderReading:
        """Who is named in the item, where, and how surely."""
        reading = LeaderReading(fields)
        for one in fields:
            if one.titles:
                one.mentions = office_mentions.read(one.text, one.titles, one.states, one.shouting)
        for one in fields:
            if one.names:
                self._read_names(one, day, reading)
        read_offices(reading, self._leaders, self._held, day)
        settle_unsure(reading, self._held, day)
        return reading

    def people(self, reading: LeaderReading) -> list[NamedPerson]:
        """Everybody who counts for @*."""
        return named_people(reading, self._ids)

    def _read_names(self, one: FieldHits, day: date | None, reading: LeaderReading) -> None:
        """The names of one field: taken, refused, or left until the rest of the item is read."""
        around = _surroundings(one)
        hidden = _hidden_by_not(one)
        judged: dict[Span, names.Judgement] = {}
        for span, word in _whole_names(one, reading):
            if any(start < span.end and span.start < end for start, end in hidden.get(word.leader, ())):
                reading.miss(word, span, reasons.INSIDE_NOT)
                continue
            if word.role == PHRASE:
                _read_phrase(word, span, day, reading)
                continue
            judgement = judged.get(span)
            if judgement is None:
                judgement = judged[span] = names.judge(one.text, span.start, span.end, around)
            if judgement.refused:
                reading.miss(word, span, judgement.refused)
                continue
            reading.named_at.setdefault((span.field, span.start), set()).add(word.leader)
            if word.role == SHORT or self._leaders[word.leader].common:
                reading.unsure.append(UnsureName(span, word, judgement))
            else:
                reading.mention(word, span, Rule.NAME, _confidence(word, judgement))


def _surroundings(one: FieldHits) -> names.Surroundings:
    return names.Surroundings(
        title_ends={hit.end for hit in one.titles},
        state_ends={hit.end for hit in one.states.values()},
        state_starts=one.states,
        name_starts={start for start, _, word in one.names if word.role in (ALIAS, SHORT)},
        shouting=one.shouting,
    )


def _hidden_by_not(one: FieldHits) -> Mapping[int, Sequence[tuple[int, int]]]:
    """Where a `not` phrase stands, by the leader whom it takes away."""
    hidden: dict[int, list[tuple[int, int]]] = {}
    for start, end, word in one.names:
        if word.role == NOT:
            hidden.setdefault(word.leader, []).append((start, end))
    return hidden


def _whole_names(one: FieldHits, reading: LeaderReading) -> Iterator[tuple[Span, LeaderWord]]:
    """The names of a field that stand in no longer one: "Kim Jong Un" is not "Kim"; the others are noted as missed."""
    one.names.sort(key=lambda hit: (hit[0], -hit[1]))
    longest = Span(one.number, -1, -1)
    owners: set[int] = set()
    for start, end, word in one.names:
        if word.role in (NOT, NEAR):
            continue
        span = Span(one.number, start, end)
        if span != longest:
            if end <= longest.end:
                if word.leader not in owners:
                    reading.miss(word, span, reasons.INSIDE_LONGER)
                continue
            longest, owners = span, set()
        owners.add(word.leader)
        yield span, word


def _read_phrase(word: LeaderWord, span: Span, day: date | None, reading: LeaderReading) -> None:
    """Words that stand for an office which is no known title: "ông chủ Nhà Trắng"."""
    if OfficeHolder(word.leader, word.written, word.since, word.until).on(day):
        reading.mention(word, span, Rule.OFFICE, Confidence.OFFICE_PHRASE)
    else:
        reading.miss(word, span, reasons.NOT_HELD)


def _confidence(word: LeaderWord, judgement: names.Judgement) -> Confidence:
    if " " in word.written or "-" in word.written:
        own = all(map(is_vietnamese, word.written.split()))
        return Confidence.OWN_NAME if own else Confidence.FULL_NAME
    if judgement.titled:
        return Confidence.TITLED_NAME
    return Confidence.POLITE_NAME if judgement.polite else Confidence.LAST_NAME
