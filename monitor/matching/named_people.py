"""Everybody who counts for @* in a query: leaders, other holders of state offices, names with a title.

Counts persons apart; whether two of them meet is for the query.
"""

from typing import Final

from monitor.matching import offices
from monitor.matching.hits import FieldHits
from monitor.matching.item_hits import NamedPerson
from monitor.matching.leader_reading import LeaderReading
from monitor.matching.office_mentions import OfficeMention
from monitor.matching.spans import Span

_NO_LEADER: Final = frozenset({"lãnh đạo", "đại sứ", "thống đốc", "phó chủ tịch", "chủ tịch"})
"""Titles of too many for their holders to count."""


def named_people(reading: LeaderReading, id_of: list[str]) -> list[NamedPerson]:
    """The people of an item in order; `id_of` gives a leader's id by number."""
    people = [NamedPerson(mention.span, id_of[mention.leader]) for mention in reading.mentions]
    taken = {mention.span for mention in reading.mentions}
    # whose name begins right behind an office is counted already
    begun: set[tuple[int, int | None]] = {(span.field, span.start) for span in taken}
    for one in reading.fields:
        for mention in one.mentions:
            span = Span(one.number, mention.start, mention.end)
            if span not in taken and _counts(mention) and (one.number, mention.named) not in begun:
                who = _who(one, mention)
                if who:
                    people.append(NamedPerson(span, who))
    return sorted(people)


def _counts(mention: OfficeMention) -> bool:
    """Whether an office says that somebody is there: no "cựu", no lesser title, not the first of one person's two."""
    is_of_state = offices.is_known(mention.title) and mention.title not in _NO_LEADER
    return is_of_state and not mention.changed and not mention.apposed


def _who(one: FieldHits, mention: OfficeMention) -> str:
    """What tells the holder from others: the state, else the name behind; "" for an office without either."""
    if mention.state is not None:
        return f"office of {mention.state}"
    if mention.named is None:
        return ""
    end = one.text.plain.find(" ", mention.named)
    return f"name {one.text.low[mention.named : end if end > 0 else None]}"
