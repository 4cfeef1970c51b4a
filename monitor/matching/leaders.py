"""Which watched leaders an item names: by name, by short form, by office.

Sees the whole item and its date; leaves events to matching/query_plans.py. The rules, in the order in which they speak:
a name inside a longer name is not the name; a `not` phrase takes its own leader away; an office goes to whoever is
named right after it, else to its holder on the day (office_rules.py); common names and short forms need support
elsewhere in the item (support_rules.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from monitor.matching import names, office_mentions, reasons
from monitor.matching.bare_names import is_bare, name_confidence, names_another, settle_bare
from monitor.matching.held_offices import HeldOffices, OfficeHolder
from monitor.matching.hits import ALIAS, LAST, NEAR, NOT, SHORT, TITLED, FieldHits, LeaderWord
from monitor.matching.item_hits import NamedPerson
from monitor.matching.leader_reading import LeaderReading, UnsureName
from monitor.matching.named_people import named_people
from monitor.matching.office_rules import read_offices
from monitor.matching.offices import OfficeKey
from monitor.matching.own_words import FORMER, OwnWords
from monitor.matching.reasons import Why
from monitor.matching.spans import Span
from monitor.matching.support_rules import settle_unsure
from monitor.types import Leader, Rule


class LeaderFinder:
    """The leaders of a watchlist, ready to be looked for."""

    def __init__(self, leaders: Sequence[Leader], office_keys: Mapping[OfficeKey, Sequence[OfficeHolder]]) -> None:
        self._leaders = leaders
        self._ids = [str(leader.id) for leader in leaders]
        self._held = HeldOffices(office_keys)
        self._own = [OwnWords(leader) for leader in leaders]

    def read(self, fields: Sequence[FieldHits], day: date | None) -> LeaderReading:
        """Who is named in the item, where, and how surely."""
        reading = LeaderReading(fields)
        for one in fields:
            if one.titles:
                one.mentions = office_mentions.read(one.text, one.titles, one.states, one.shouting)
        for one in fields:
            if one.names:
                self._read_names(one, day, reading)
        settle_bare(reading, self._own)
        read_offices(reading, self._leaders, self._held, day)
        settle_unsure(reading, self._own, self._held, day)
        return reading

    def people(self, reading: LeaderReading) -> list[NamedPerson]:
        """Everybody who counts for @*."""
        return named_people(reading, self._ids)

    def _read_names(self, one: FieldHits, day: date | None, reading: LeaderReading) -> None:
        """The names of one field: taken, refused, or left until the rest of the item is read."""
        around = _surroundings(one)
        hidden = _hidden_by_not(one)
        for span, word in _whole_names(one, reading):
            if any(start < span.end and span.start < end for start, end in hidden.get(word.leader, ())):
                reading.miss(word, span, reasons.INSIDE_NOT)
            else:
                judgement = names.judge(one.text, span.start, span.end, around, self._own[word.leader])
                name = UnsureName(span, word, judgement)
                if judgement.refused:
                    _refuse(name, judgement.refused, one, reading)
                elif word.role in (LAST, TITLED) and judgement.begins is None:
                    self._read_office_and_name(name, one, day, reading)
                else:
                    self._read_name(name, one, reading)

    def _read_name(self, name: UnsureName, one: FieldHits, reading: LeaderReading) -> None:
        """A name that the watch lists, or the person's first name with the last one."""
        word, span, judgement = name.word, name.span, name.judgement
        own = self._own[word.leader]
        reading.named_at.setdefault((span.field, span.start), set()).add(word.leader)
        if judgement.begins is not None:
            reading.named_at.setdefault((span.field, judgement.begins), set()).add(word.leader)
            word, span = replace(word, role=ALIAS), Span(span.field, judgement.begins, span.end)
            name = UnsureName(span, word, judgement)
        elif is_bare(name, one.text.low[span.start : span.end], own):
            reading.bare.append(name)
            return
        if word.role == ALIAS:
            reading.in_full.add(word.leader)
        if word.role == SHORT or own.is_common:
            reading.unsure.append(name)
        else:
            reading.mention(word, span, Rule.NAME, name_confidence(word, judgement))

    def _read_office_and_name(self, name: UnsureName, one: FieldHits, day: date | None, reading: LeaderReading) -> None:
        """“Thủ tướng Lecornu”, “Bộ trưởng Sơn”: a last name that counts behind an office which its bearer holds."""
        word, span = name.word, name.span
        if word.role == TITLED:
            if not OfficeHolder(word.leader, word.written, word.since, word.until).on(day):
                reading.miss(word, span, reasons.NOT_HELD)
                return
            own, called = self._own[word.leader], word.written.rpartition(" ")[2]
            if names_another(reading.fields, own, called):
                reading.others.add((word.leader, one.text.low[span.start : span.end]))
        elif not self._is_behind_held_office(name, one, day):
            if self._own[word.leader].is_last_part(one.text.low[span.start : span.end]):
                reading.miss(word, span, reasons.LAST_NAME)  # "Lee" of Lee Jae-myung is too many people's
            return
        reading.named_at.setdefault((span.field, span.start), set()).add(word.leader)
        reading.bare.append(name)

    def _is_behind_held_office(self, name: UnsureName, one: FieldHits, day: date | None) -> bool:
        """Whether an office right before a name is one that its bearer holds on the day, or held, behind "cựu"."""
        words = name.judgement.own_office
        is_former = bool(words) and one.text.low.endswith(FORMER, 0, name.span.start - 1 - len(words))
        if words and self._own[name.word.leader].holds(words, day, is_former=is_former):
            return True
        return any(
            holder.leader == name.word.leader and holder.on(day)
            for mention in one.mentions
            if mention.end == name.span.start - 1 and not mention.changed
            for holder in self._held.office_of(mention)[1]
        )


def _refuse(name: UnsureName, why: Why, one: FieldHits, reading: LeaderReading) -> None:
    """Note why a name is not taken; one that no watch lists came close to nothing."""
    if name.judgement.is_anothers:
        reading.others.add((name.word.leader, one.text.low[name.span.start : name.span.end]))
    if name.word.role not in (LAST, TITLED):
        reading.miss(name.word, name.span, why)


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
                    _note_inside(word, span, longest, one, reading)
                continue
            longest, owners = span, set()
        owners.add(word.leader)
        yield span, word


def _note_inside(word: LeaderWord, span: Span, longest: Span, one: FieldHits, reading: LeaderReading) -> None:
    """A name inside another leader's: where it ends that one, somebody else is named in full."""
    if span.end == longest.end and span.start > longest.start:
        reading.others.add((word.leader, one.text.low[span.start : span.end]))
    if word.role not in (LAST, TITLED):
        reading.miss(word, span, reasons.INSIDE_LONGER)
