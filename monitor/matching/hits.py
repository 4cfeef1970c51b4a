"""What one scan of an item brought for its persons, field by field and kind by kind.

Sorts only; who is meant is decided in matching/leaders.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from monitor.matching import names
from monitor.matching.lexicon import CONTEXT, HOME, NAME, STATE, TITLE, Found, Use
from monitor.matching.office_mentions import Hit, OfficeMention
from monitor.matching.text import Text

ALIAS, SHORT, NOT, NEAR = "alias", "short", "not", "near"
LAST, TITLED = "last name", "title and name"  # which no watch lists: they follow from its name and its offices


@dataclass(frozen=True, slots=True)
class LeaderWord:
    """What a word is to a leader; `written` as the watchlist has it."""

    leader: int
    role: str
    written: str
    since: date | None = None  # of an office that a title and name speak of
    until: date | None = None


@dataclass(slots=True)
class FieldHits:
    """One field sorted by what its words are."""

    number: int
    text: Text
    names: list[tuple[int, int, LeaderWord]] = field(default_factory=list)
    titles: list[Hit] = field(default_factory=list)
    states: dict[int, Hit] = field(default_factory=dict)
    home: list[tuple[int, int]] = field(default_factory=list)
    mentions: list[OfficeMention] = field(default_factory=list)
    shouting: bool = False
    state_starts: list[int] | None = None  # of `states`, sorted when first asked for


_OF_PERSONS: Final = NAME | CONTEXT | TITLE | STATE | HOME


def sort_hits(number: int, text: Text, found: Iterable[Found]) -> FieldHits:
    """The hits of one field by kind; of titles and states inside longer ones only the longer stay."""
    sorted_hits = FieldHits(number, text)
    sorted_hits.shouting = text.plain.isupper()
    states: list[Hit] = []
    for start, end, word in found:
        if word.flags & _OF_PERSONS:
            for use in word.uses:
                if not use.capitals or names.has_capitals(text, start, use.capitals):
                    _sort_hit(sorted_hits, states, start, end, use)
    sorted_hits.titles = _longest(sorted_hits.titles)
    sorted_hits.states = {hit.start: hit for hit in _longest(states) if hit.what}
    return sorted_hits


def _sort_hit(sorted_hits: FieldHits, states: list[Hit], start: int, end: int, use: Use) -> None:
    if use.flag == NAME or use.flag == CONTEXT:
        assert isinstance(use.what, LeaderWord)
        sorted_hits.names.append((start, end, use.what))
    elif use.flag & TITLE:
        sorted_hits.titles.append(Hit(start, end, str(use.what)))
    elif use.flag == STATE:
        states.append(Hit(start, end, str(use.what)))
    elif use.flag == HOME:
        sorted_hits.home.append((start, end))


def _longest(hits: list[Hit]) -> list[Hit]:
    if len(hits) < 2:
        return hits
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    kept: list[Hit] = []
    reach = -1
    for hit in hits:
        if hit.end > reach:
            kept.append(hit)
            reach = hit.end
    return kept
