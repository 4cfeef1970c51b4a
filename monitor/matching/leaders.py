"""Which watched leaders an item names: by name, by short form, by office.

Sees the whole item and its date; leaves events to matching/query_plans.py. The rules, in the order in which they speak:
a name inside a longer name is not the name; a `not` phrase takes its own leader away; an office goes to whoever is
named right after it, else to its holder on the day; common names and short forms need support elsewhere in the item.
"""

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from monitor.matching import names, office_mentions, offices, reasons
from monitor.matching import text as texts
from monitor.matching.confidence import Confidence
from monitor.matching.hits import (
    ALIAS,
    NEAR,
    NOT,
    PHRASE,
    SHORT,
    FieldHits,
    LeaderMention,
    LeaderReading,
    LeaderWord,
    MissedMention,
    OfficeHolder,
)
from monitor.matching.item_hits import NamedPerson
from monitor.matching.office_mentions import OfficeMention
from monitor.matching.offices import OfficeKey
from monitor.matching.reasons import Why
from monitor.matching.spans import Span
from monitor.matching.text import Text
from monitor.text import gazetteer
from monitor.text.words import is_vietnamese
from monitor.types import Leader, Rule

FRESH_FOR: Final = timedelta(days=270)  # "tân Thủ tướng" is said of a holder for about this long


class LeaderFinder:
    """The leaders of a watchlist, ready to be looked for."""

    def __init__(self, leaders: Sequence[Leader], office_keys: Mapping[OfficeKey, Sequence[OfficeHolder]]) -> None:
        self._leaders = leaders
        self._holders_of = office_keys
        self._titles_of: list[set[str]] = [set() for _ in leaders]
        self._foreigners: set[int] = set()
        self._holdings: dict[int, list[OfficeHolder]] = {}
        for office_key, holders in office_keys.items():
            for holder in holders:
                self._titles_of[holder.leader].update(
                    (office_key.title, offices.WIDER.get(office_key.title, office_key.title))
                )
                self._holdings.setdefault(holder.leader, []).append(holder)
                if office_key.state:
                    self._foreigners.add(holder.leader)

    def read(self, fields: Sequence[FieldHits], day: date | None) -> LeaderReading:
        """Who is named in the item, where, and how surely."""
        reading = LeaderReading()
        for one in fields:
            if one.titles:
                one.mentions = office_mentions.read(one.text, one.titles, one.states, one.shouting)
        pending: list[tuple[FieldHits, int, int, LeaderWord, names.Judgement]] = []
        named_at: dict[tuple[int, int], set[int]] = {}
        for one in fields:
            self._names(one, day, reading, pending, named_at)
        self._offices(fields, day, reading, named_at)
        self._pending(fields, day, reading, pending)
        reading.fields = fields
        return reading

    # ------------------------------------------------------------ names

    def _names(
        self,
        one: FieldHits,
        day: date | None,
        reading: LeaderReading,
        pending: list[tuple[FieldHits, int, int, LeaderWord, names.Judgement]],
        named_at: dict[tuple[int, int], set[int]],
    ) -> None:
        if not one.names:
            return
        around = names.Surroundings(
            title_ends={hit.end for hit in one.titles},
            state_ends={hit.end for hit in one.states.values()},
            state_starts=one.states,
            name_starts={start for start, _, use in one.names if use.role in (ALIAS, SHORT)},
            shouting=one.shouting,
        )
        one.names.sort(key=lambda hit: (hit[0], -hit[1]))
        hidden: dict[int, list[tuple[int, int]]] = {}
        for start, end, use in one.names:
            if use.role == NOT:
                hidden.setdefault(use.leader, []).append((start, end))
        judged: dict[tuple[int, int], names.Judgement] = {}
        reach = (-1, -1)
        owners: set[int] = set()
        for start, end, use in one.names:
            if use.role in (NOT, NEAR):
                continue
            span = Span(one.number, start, end)
            if (start, end) == reach:
                owners.add(use.leader)
            elif end > reach[1]:
                reach, owners = (start, end), {use.leader}
            else:
                if use.leader not in owners:
                    reading.missed.append(MissedMention(use.leader, span, use.written, reasons.INSIDE_LONGER))
                continue
            if any(s < end and start < e for s, e in hidden.get(use.leader, ())):
                reading.missed.append(MissedMention(use.leader, span, use.written, reasons.INSIDE_NOT))
                continue
            if use.role == PHRASE:
                holder = OfficeHolder(use.leader, use.written, use.since, use.until)
                if holder.on(day):
                    reading.mentions.append(
                        LeaderMention(use.leader, span, Rule.OFFICE, use.written, Confidence.OFFICE_PHRASE)
                    )
                else:
                    reading.missed.append(MissedMention(use.leader, span, use.written, reasons.NOT_HELD))
                continue
            judgement = judged.get((start, end))
            if judgement is None:
                judgement = judged[start, end] = names.judge(one.text, start, end, around)
            if judgement.refused:
                reading.missed.append(MissedMention(use.leader, span, use.written, judgement.refused))
                continue
            named_at.setdefault((one.number, start), set()).add(use.leader)
            if use.role == SHORT or self._leaders[use.leader].common:
                pending.append((one, start, end, use, judgement))
                continue
            reading.mentions.append(
                LeaderMention(use.leader, span, Rule.NAME, use.written, _confidence(use, judgement))
            )

    def _pending(
        self,
        fields: Sequence[FieldHits],
        day: date | None,
        reading: LeaderReading,
        pending: list[tuple[FieldHits, int, int, LeaderWord, names.Judgement]],
    ) -> None:
        """Common names and short forms: taken when the rest of the item speaks for them."""
        if not pending:
            return
        by_name = {mention.leader for mention in reading.mentions if mention.rule is Rule.NAME}
        by_office = {mention.leader for mention in reading.mentions if mention.rule is Rule.OFFICE}
        near = {use.leader for one in fields for _, _, use in one.names if use.role == NEAR}
        contrary = {use.leader for one in fields for _, _, use in one.names if use.role == NOT}
        titles = {
            title for one in fields for mention in one.mentions if not mention.changed for title in _kinds(mention)
        }
        ending: dict[tuple[int, int], list[OfficeMention]] = {}
        for one in fields:
            for mention in one.mentions:
                ending.setdefault((one.number, mention.end), []).append(mention)
        commons: set[int] = set()
        former: set[Span] = set()
        waiting = sorted(pending, key=lambda entry: entry[3].role == SHORT)
        taken: list[tuple[LeaderMention, bool]] = []
        for one, start, end, use, judgement in waiting:
            leader = self._leaders[use.leader]
            span = Span(one.number, start, end)
            own = self._titles_of[use.leader]
            before = ending.get((one.number, start - 1), [])
            own_office = any(own & _kinds(mention) for mention in before)
            other_office = judgement.titled and before and not own_office
            if any(mention.changed in _FORMER for mention in before):
                former.add(span)
            if leader.common and use.role != SHORT:
                if own_office:
                    taken.append(
                        (LeaderMention(use.leader, span, Rule.NAME, use.written, Confidence.COMMON_TITLED), True)
                    )
                    commons.add(use.leader)
                elif other_office and before[0].title in _PERSONAL:
                    reading.missed.append(MissedMention(use.leader, span, use.written, reasons.OTHER_OFFICE))
                elif use.leader in contrary:
                    reading.missed.append(MissedMention(use.leader, span, use.written, reasons.COMMON_CONTRARY))
                elif use.leader in near or own & titles:
                    taken.append(
                        (LeaderMention(use.leader, span, Rule.NAME, use.written, Confidence.COMMON_NEAR), True)
                    )
                    commons.add(use.leader)
                else:
                    reading.missed.append(MissedMention(use.leader, span, use.written, reasons.COMMON))
                continue
            if use.leader in by_name or use.leader in commons:
                taken.append((LeaderMention(use.leader, span, Rule.SHORT, use.written, Confidence.SHORT_NAMED), True))
            elif use.leader in by_office or own_office:
                taken.append((LeaderMention(use.leader, span, Rule.SHORT, use.written, Confidence.SHORT_OFFICE), False))
            elif use.leader in near or own & titles:
                taken.append((LeaderMention(use.leader, span, Rule.SHORT, use.written, Confidence.SHORT_NEAR), False))
            else:
                reading.missed.append(MissedMention(use.leader, span, use.written, reasons.SHORT))
        self._share(reading, taken, day, former)

    def _share(
        self, reading: LeaderReading, taken: list[tuple[LeaderMention, bool]], day: date | None, former: Container[Span]
    ) -> None:
        """A short form of two leaders goes to the one named in full, else to the one in office that day.

        Behind "cố" or "cựu", and while nobody is in office, it goes to the one who left last.
        """
        by_span: dict[Span, list[tuple[LeaderMention, bool]]] = {}
        for mention, full in taken:
            by_span.setdefault(mention.span, []).append((mention, full))
        for rivals in by_span.values():
            if len({mention.leader for mention, _ in rivals}) > 1:
                chosen = [pair for pair in rivals if pair[1]]
                if not chosen and rivals[0][0].span not in former:
                    chosen = [pair for pair in rivals if self._in_office(pair[0].leader, day)]
                if not chosen:
                    left = {mention.leader: self._left_office(mention.leader, day) for mention, _ in rivals}
                    chosen = [pair for pair in rivals if left[pair[0].leader] == max(left.values()) != date.min]
                for mention, full in rivals:
                    if chosen and (mention, full) not in chosen:
                        reading.missed.append(MissedMention(mention.leader, mention.span, mention.by, reasons.RIVAL))
                rivals = chosen or rivals
            reading.mentions.extend(mention for mention, _ in rivals)

    def _in_office(self, leader: int, day: date | None) -> bool:
        return any(holder.on(day) for holder in self._holdings.get(leader, ()))

    def _left_office(self, leader: int, day: date | None) -> date:
        """The last day before `day` on which the leader left an office."""
        ends = (holder.until for holder in self._holdings.get(leader, ()) if holder.until is not None)
        return max((end for end in ends if day is None or end <= day), default=date.min)

    # ------------------------------------------------------------ offices

    def _offices(
        self,
        fields: Sequence[FieldHits],
        day: date | None,
        reading: LeaderReading,
        named_at: Mapping[tuple[int, int], set[int]],
    ) -> None:
        if not any(one.mentions for one in fields):
            return
        foreign: dict[str, tuple[int, int]] = {}  # title -> where a foreign or another holder of it is first named
        that_state: set[int] = set()
        at_home = any(one.home for one in fields)
        abroad = any(mention.leader in self._foreigners for mention in reading.mentions)
        for one in fields:
            for mention in one.mentions:
                if mention.state is None and mention.named is None and _THAT_STATE.match(one.text.low, mention.end):
                    mention.state = _state_meant(fields, one, mention)
                    that_state.add(id(mention))
            for hit in one.states.values():
                if hit.what == gazetteer.HOME:
                    at_home = True
                elif one.text.low[hit.start : hit.end] not in _AMBIGUOUS_STATES:
                    abroad = True
            for mention in one.mentions:
                someone = mention.named is not None and not named_at.get((one.number, mention.named))
                if (mention.state not in (None, gazetteer.HOME)) or someone:
                    # "Thủ tướng nước này" makes another's of what stands within a headline, not of who opens it
                    place = _LAST if id(mention) in that_state else (one.number, mention.start)
                    foreign[mention.title] = min(place, foreign.get(mention.title, _LAST))
                elif mention.named is not None:
                    owners = named_at.get((one.number, mention.named), set())
                    ours = {
                        holder.leader
                        for kind in _kinds(mention)
                        for holder in self._holders_of.get(OfficeKey(kind, ""), ())
                    }
                    if not owners & ours:
                        foreign[mention.title] = min((one.number, mention.start), foreign.get(mention.title, _LAST))
        for one in fields:
            for mention in one.mentions:
                self._one_office(one, mention, day, reading, named_at, foreign, at_home, abroad)

    def _one_office(
        self,
        one: FieldHits,
        mention: OfficeMention,
        day: date | None,
        reading: LeaderReading,
        named_at: Mapping[tuple[int, int], set[int]],
        foreign: Mapping[str, tuple[int, int]],
        at_home: bool,
        abroad: bool,
    ) -> None:
        understood = mention.state is None and mention.named is None and mention.title in _NEVER_OURS
        if understood:
            # "Mỹ bác tin bất hòa giữa Tổng thống và …": the state that opens the sentence is meant
            mention.state = _opening_state(one, mention)
        office_key = self._office_key(mention)
        holders = self._holders_of.get(office_key, ())
        if not holders and mention.title in offices.WIDER:
            office_key = OfficeKey(offices.WIDER[mention.title], office_key.state)
            holders = self._holders_of.get(office_key, ())
        if not holders:
            return
        span = Span(one.number, mention.start, mention.end)
        if mention.changed:
            self._miss(reading, holders, day, span, reasons.changed(mention.changed))
            return
        if mention.named is not None:
            owners = named_at.get((one.number, mention.named))
            if owners:
                return  # the name itself speaks for its owner
            if not any(self._begins_name(holder.leader, one.text, mention.named) for holder in holders):
                self._miss(reading, holders, day, span, reasons.SOMEBODY_ELSE)
                return
        held = [holder for holder in holders if holder.on(day)]
        if mention.fresh and day is not None:
            held = [holder for holder in held if holder.since is not None and day - holder.since <= FRESH_FOR]
        if not held:
            self._miss(reading, holders, None, span, reasons.NOT_HELD)
            return
        if len({holder.leader for holder in held}) > 1:
            self._miss(reading, held, day, span, reasons.SEVERAL)
            return
        holder = held[0]
        confidence = Confidence.OFFICE_STATE if office_key.state else Confidence.OFFICE_UNIQUE
        if mention.state is None and office_key.title in offices.OF_VIETNAM:
            first = one.text.plain[mention.start]
            where = foreign.get(mention.title)
            if not first.isupper():
                self._miss(reading, held, day, span, reasons.SMALL_LETTERS)
                return
            opens = one.number == 0 and one.text.begins_sentence(mention.start)
            # "Thủ tướng gặp Thủ tướng Ấn Độ": who opens a headline that then names another state's is not that one
            known = at_home or (where is not None and (where[0] == 0 or where == _LAST))
            if where is not None and (where < (one.number, mention.start) or not (opens and known)):
                self._miss(reading, held, day, span, reasons.ANOTHER_HOLDER)
                return
            if abroad and where is None:
                minister = office_key.title in _MINISTERS
                if (minister and reading.mentions and not at_home) or not (
                    at_home or opens or office_key.title in _ONLY_OURS
                ):
                    self._miss(reading, held, day, span, reasons.FOREIGN_NEWS)
                    return
            if not abroad:
                confidence = Confidence.OFFICE_HOME
            else:
                confidence = Confidence.OFFICE_MIXED if where is None else Confidence.OFFICE_SECOND
        elif understood:
            confidence = Confidence.OFFICE_UNDERSTOOD
        elif mention.loosely:
            confidence = Confidence.OFFICE_LISTED
        elif day is None:
            confidence = Confidence.OFFICE_UNDATED
        reading.mentions.append(LeaderMention(holder.leader, span, Rule.OFFICE, holder.written, confidence))

    def _begins_name(self, leader: int, text: Text, start: int) -> bool:
        """Whether a text breaks off within this leader's name: "Tổng thống Mỹ Donald..."."""
        word = text.low[start : start + 40].split(" ", 1)[0]
        bare = word.rstrip(".…")
        behind = start + len(bare)
        if not word.endswith(("..", "…")) and text.low[behind : behind + 8].strip(" .…"):
            return False
        watch = self._leaders[leader]
        return any(texts.key(name).startswith(f"{bare} ") for name in (watch.name, *watch.aliases))

    def _office_key(self, mention: OfficeMention) -> OfficeKey:
        state = mention.state or ""
        if not state and mention.title in offices.NEEDS_STATE:
            return OfficeKey("", "")
        if mention.title != "tt":
            return offices.office_key_of(mention.title, state)
        for title in ("tổng thống", "thủ tướng"):
            office_key = offices.office_key_of(title, state)
            if office_key in self._holders_of:
                return office_key
        return OfficeKey("", "")

    @staticmethod
    def _miss(reading: LeaderReading, holders: Iterable[OfficeHolder], day: date | None, span: Span, why: Why) -> None:
        for holder in holders:
            if day is None or holder.on(day):
                reading.missed.append(MissedMention(holder.leader, span, holder.written, why))

    # ------------------------------------------------------------ everybody, for @*

    def people(self, reading: LeaderReading) -> list[NamedPerson]:
        """Everybody who counts for @*: leaders claimed, other holders of state offices, names with a title."""
        people = [NamedPerson(mention.span, str(self._leaders[mention.leader].id)) for mention in reading.mentions]
        taken = {mention.span for mention in reading.mentions}
        begun = {(span.field, span.start) for span in taken}
        for one in reading.fields:
            for mention in one.mentions:
                span = Span(one.number, mention.start, mention.end)
                if mention.changed or span in taken or mention.title in _NO_LEADER or mention.apposed:
                    continue
                if mention.named is not None and (one.number, mention.named) in begun:
                    continue  # the office of somebody already counted
                if mention.state is not None:
                    people.append(NamedPerson(span, f"office of {mention.state}"))
                elif mention.named is not None:
                    end = one.text.plain.find(" ", mention.named)
                    people.append(NamedPerson(span, f"name {one.text.low[mention.named : end if end > 0 else None]}"))
        return sorted(people)


_FORMER: Final = frozenset({"cố", "cựu", "nguyên", "quá cố"})
_MINISTERS: Final = frozenset({"ngoại trưởng", "bộ trưởng quốc phòng", "bộ trưởng công an", "bộ trưởng tài chính"})
_NEVER_OURS: Final = frozenset({"tổng thống", "phó tổng thống"})
_ONLY_OURS: Final = frozenset({"tổng bí thư", "chủ tịch nước"})
"""Lone, these are Vietnam's even in foreign news: of others newspapers add the state or the name."""
_AMBIGUOUS_STATES: Final = frozenset(
    {"anh", "đức", "áo", "bỉ", "ý", "thái", "trung", "thổ", "hàn", "ấn", "triều", "nga", "síp"}
)
"""Also names of people, places or words: too weak to make an item foreign news."""
_THAT_STATE: Final = re.compile(r" (?:của )?(?:nước (?:này|đó|ấy|kia|bạn|láng giềng|chủ nhà))(?!\w)")
_LAST: Final = (99, 0)  # behind every field
_SOME_STATE: Final = "nước này"  # no state is written so: an office of it has no holder we know
_PERSONAL: Final = frozenset(offices.titles()) - {"lãnh đạo"}
_NO_LEADER: Final = frozenset({"lãnh đạo", "đại sứ", "thống đốc", "phó chủ tịch", "chủ tịch"})


def _kinds(mention: OfficeMention) -> set[str]:
    """The office named and what it is a kind of."""
    return {mention.title, offices.WIDER.get(mention.title, mention.title)}


def _opening_state(one: FieldHits, mention: OfficeMention) -> str | None:
    text = one.text
    if not text.plain[mention.start].isupper():
        return None
    begin, _ = text.sentence(mention.start)
    if one.state_starts is None:
        one.state_starts = sorted(one.states)
    place = bisect_left(one.state_starts, begin)
    until = bisect_left(one.state_starts, mention.start)
    if place == until:
        return None
    first = one.states[one.state_starts[place]]
    some = one.state_starts[
        place : min(until, place + 8)
    ]  # enough to see a second state; a sentence may hold thousands
    alone = all(one.states[start].what == first.what for start in some)
    return first.what if alone or text.begins_sentence(first.start) else None


def _state_meant(fields: Sequence[FieldHits], one: FieldHits, mention: OfficeMention) -> str | None:
    """Whose "Thủ tướng nước này" it is: that of the only state named so far; of several, nobody's that we know."""
    named = {
        hit.what
        for each in fields
        for start, hit in each.states.items()
        if (each.number, start) < (one.number, mention.start)
    }
    if len(named) != 1:
        return _SOME_STATE
    (only,) = named
    return None if only == gazetteer.HOME else only


def _confidence(use: LeaderWord, judgement: names.Judgement) -> Confidence:
    if " " in use.written or "-" in use.written:
        own = all(map(is_vietnamese, use.written.split()))
        return Confidence.OWN_NAME if own else Confidence.FULL_NAME
    if judgement.titled:
        return Confidence.TITLED_NAME
    return Confidence.POLITE_NAME if judgement.polite else Confidence.LAST_NAME
