"""What was understood of an item's persons: who is mentioned, who was nearly, and what still waits for support.

Holds only; who is meant is decided in matching/leaders.py and the rules beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from monitor.matching.confidence import Confidence
from monitor.matching.held_offices import OfficeHolder
from monitor.matching.hits import FieldHits, LeaderWord
from monitor.matching.names import Judgement
from monitor.matching.reasons import Why
from monitor.matching.spans import Span
from monitor.types import Rule


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


@dataclass(frozen=True, slots=True)
class UnsureName:
    """A common name or a short form: taken only when the rest of the item speaks for it."""

    span: Span
    word: LeaderWord
    judgement: Judgement


@dataclass(slots=True)
class LeaderReading:
    """All of it, for one item."""

    fields: Sequence[FieldHits] = ()
    mentions: list[LeaderMention] = field(default_factory=list)
    missed: list[MissedMention] = field(default_factory=list)
    unsure: list[UnsureName] = field(default_factory=list)
    named_at: dict[tuple[int, int], set[int]] = field(default_factory=dict)
    """Leaders whose name begins at this place of this field."""
    bare: list[UnsureName] = field(default_factory=list)
    """Last names by themselves: taken unless the item names somebody else of that name."""
    others: set[tuple[int, str]] = field(default_factory=set)
    """Of a leader the last names that the item has in somebody else's full name."""
    in_full: set[int] = field(default_factory=set)
    """Leaders whom the item names in full."""

    def mention(self, word: LeaderWord, span: Span, rule: Rule, confidence: Confidence) -> None:
        """Take a name for its leader."""
        self.mentions.append(LeaderMention(word.leader, span, rule, word.written, confidence))

    def miss(self, word: LeaderWord, span: Span, why: Why) -> None:
        """Note why a name is not taken."""
        self.missed.append(MissedMention(word.leader, span, word.written, why))

    def mention_office(self, holder: OfficeHolder, span: Span, confidence: Confidence) -> None:
        """Take an office for its holder."""
        self.mentions.append(LeaderMention(holder.leader, span, Rule.OFFICE, holder.written, confidence))

    def miss_office(self, holders: Iterable[OfficeHolder], span: Span, why: Why) -> None:
        """Note why an office is not taken for any of these holders."""
        self.missed.extend(MissedMention(holder.leader, span, holder.written, why) for holder in holders)
