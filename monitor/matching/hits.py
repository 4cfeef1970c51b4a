"""What one scan of an item brought for its persons, field by field and kind by kind, and what is claimed of it.

Sorts only; who is meant is decided in monitor/matching/leaders.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from monitor.matching import names
from monitor.matching.confidence import Confidence
from monitor.matching.lexicon import CONTEXT, HOME, NAME, STATE, TITLE, Found
from monitor.matching.office_mentions import Hit, OfficeMention
from monitor.matching.reasons import Why
from monitor.matching.spans import Span
from monitor.matching.text import Text
from monitor.types import Rule

ALIAS, SHORT, NOT, NEAR, PHRASE = "alias", "short", "not", "near", "office"


@dataclass(frozen=True, slots=True)
class LeaderWord:
    """What a word is to a leader; `written` as the watchlist has it."""

    leader: int
    role: str
    written: str
    since: date | None = None  # of an office that matches as a phrase
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OfficeHolder:
    """A leader in an office for a time."""

    leader: int
    written: str
    since: date | None
    until: date | None

    def on(self, day: date | None) -> bool:
        """Whether the office is held on this day; without a day, whether it is held still."""
        if day is None:
            return self.until is None
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class LeaderMention:
    """A place in the item that speaks for a leader."""

    leader: int
    span: Span
    rule: Rule
    by: str
    confidence: Confidence
    note: str = ""


@dataclass(frozen=True, slots=True)
class MissedMention:
    """A place that might have spoken for a leader, and why it was not taken."""

    leader: int
    span: Span
    by: str
    why: Why


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


@dataclass(slots=True)
class LeaderReading:
    """What was understood of an item's persons."""

    mentions: list[LeaderMention] = field(default_factory=list)
    missed: list[MissedMention] = field(default_factory=list)
    fields: Sequence[FieldHits] = ()


_OF_PERSONS: Final = NAME | CONTEXT | TITLE | STATE | HOME


def sort_hits(number: int, text: Text, found: Iterable[Found]) -> FieldHits:
    """The hits of one field by kind; of titles and states inside longer ones only the longer stay."""
    sorted_hits = FieldHits(number, text)
    sorted_hits.shouting = text.plain.isupper()
    states: list[Hit] = []
    titles: list[Hit] = []
    for start, end, word in found:
        if not word.flags & _OF_PERSONS:
            continue
        for use in word.uses:
            if use.capitals and not names.has_capitals(text, start, use.capitals):
                continue
            if use.flag == NAME or use.flag == CONTEXT:
                assert isinstance(use.what, LeaderWord)
                sorted_hits.names.append((start, end, use.what))
            elif use.flag & TITLE:
                titles.append(Hit(start, end, str(use.what)))
            elif use.flag == STATE:
                states.append(Hit(start, end, str(use.what)))
            elif use.flag == HOME:
                sorted_hits.home.append((start, end))
    sorted_hits.titles = _longest(titles)
    sorted_hits.states = {hit.start: hit for hit in _longest(states) if hit.what}
    return sorted_hits


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
