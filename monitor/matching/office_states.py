"""Whose state an office belongs to where none stands beside it, and which states an item is news of.

Reads states and names that were found before; whom an office then means is decided in matching/office_rules.py.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from monitor.matching.held_offices import HeldOffices, kinds
from monitor.matching.hits import FieldHits
from monitor.matching.leader_reading import LeaderReading
from monitor.matching.office_mentions import OfficeMention
from monitor.matching.offices import OfficeKey
from monitor.text import gazetteer

BEHIND_ALL: Final = (99, 0)  # behind every field
_NEVER_OURS: Final = frozenset({"tổng thống", "phó tổng thống"})
_AMBIGUOUS_STATES: Final = frozenset(
    {"anh", "đức", "áo", "bỉ", "ý", "thái", "trung", "thổ", "hàn", "ấn", "triều", "nga", "síp"}
)
"""Also names of people, places or words: too weak to make an item foreign news."""
_THAT_STATE: Final = re.compile(r" (?:của )?(?:nước (?:này|đó|ấy|kia|bạn|láng giềng|chủ nhà))(?!\w)")
_SOME_STATE: Final = "nước này"  # no state is written so: an office of it has no holder we know
_FEW_STATES: Final = 8  # of a sentence: enough to see a second one; a sentence may hold thousands


# ---------------------------------------------------------------- where no state stands beside an office


def understand_opening_state(one: FieldHits, mention: OfficeMention) -> bool:
    """“Mỹ bác tin bất hòa giữa Tổng thống và …”: we have no such office, so the opening state's is meant.

    Says whether it is an office of this kind, whether or not a state opens the sentence.
    """
    if mention.state is not None or mention.named is not None or mention.title not in _NEVER_OURS:
        return False
    mention.state = _opening_state(one, mention)
    return True


def _opening_state(one: FieldHits, mention: OfficeMention) -> str | None:
    """The only state before an office in its sentence, or the one that begins it."""
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
    some = one.state_starts[place : min(until, place + _FEW_STATES)]
    alone = all(one.states[start].what == first.what for start in some)
    return first.what if alone or text.begins_sentence(first.start) else None


def understand_that_state(fields: Sequence[FieldHits], one: FieldHits, mention: OfficeMention) -> None:
    """“Thủ tướng nước này”: the only state named so far is meant; of several, nobody's that we know."""
    if mention.state is not None or mention.named is not None or not _THAT_STATE.match(one.text.low, mention.end):
        return
    mention.pointed = True
    named = {
        hit.what
        for each in fields
        for start, hit in each.states.items()
        if (each.number, start) < (one.number, mention.start)
    }
    if len(named) != 1:
        mention.state = _SOME_STATE
        return
    (only,) = named
    mention.state = None if only == gazetteer.HOME else only


# ---------------------------------------------------------------- home news, foreign news, and whose offices are named


def is_home_news(fields: Sequence[FieldHits]) -> bool:
    """Whether Vietnam, or something of Vietnam's, is named."""
    return any(one.home or any(hit.what == gazetteer.HOME for hit in one.states.values()) for one in fields)


def is_foreign_news(reading: LeaderReading, held: HeldOffices) -> bool:
    """Whether another state, or one of its leaders, is named."""
    if any(mention.leader in held.foreigners for mention in reading.mentions):
        return True
    return any(map(_names_foreign_state, reading.fields))


def _names_foreign_state(one: FieldHits) -> bool:
    """“Nga” may be a girl's name, and “Đức” or “Anh” a man's: those make no foreign news."""
    low = one.text.low
    return any(
        hit.what != gazetteer.HOME and low[hit.start : hit.end] not in _AMBIGUOUS_STATES for hit in one.states.values()
    )


def offices_of_others(
    mentions: Sequence[tuple[FieldHits, OfficeMention]], reading: LeaderReading, held: HeldOffices
) -> dict[str, tuple[int, int]]:
    """Where each title is first given to another state or to somebody who is not ours."""
    first: dict[str, tuple[int, int]] = {}
    for one, mention in mentions:
        if _is_of_others(one, mention, reading, held):
            # "Thủ tướng nước này" makes another's of what stands within a headline, not of who opens it
            place = BEHIND_ALL if mention.pointed else (one.number, mention.start)
            first[mention.title] = min(place, first.get(mention.title, BEHIND_ALL))
    return first


def _is_of_others(one: FieldHits, mention: OfficeMention, reading: LeaderReading, held: HeldOffices) -> bool:
    if mention.state not in (None, gazetteer.HOME):
        return True
    if mention.named is None:
        return False
    owners = reading.named_at.get((one.number, mention.named), set())
    ours = {holder.leader for title in kinds(mention.title) for holder in held.holders(OfficeKey(title, ""))}
    return owners.isdisjoint(ours)
