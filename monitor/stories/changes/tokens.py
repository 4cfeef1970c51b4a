"""Two wordings of an article as words, ready to be set side by side.

Judges nothing: what between two wordings matters is for differences.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from monitor.text.gazetteer import ONE_PLACE, SEATS
from monitor.text.tokenizing import Token, tokens_of

_TITLES = ("ông", "bà", "anh", "chị", "cô", "em", "cháu")
_KNOWN_PLACES = frozenset((*SEATS, *SEATS.values(), *ONE_PLACE, *ONE_PLACE.values()))


@dataclass(frozen=True, slots=True)
class Wording:
    """Title and lead as an outlet has them at one time, as plain text."""

    title: str
    lead: str = ""


@dataclass(frozen=True)
class TokenText:
    """A wording in words."""

    source: Wording
    title: tuple[Token, ...]
    lead: tuple[Token, ...]

    @classmethod
    def of(cls, wording: Wording) -> "TokenText":
        """Read a wording."""
        return cls(wording, tuple(tokens_of(wording.title)), tuple(tokens_of(wording.lead)))

    @property
    def fields(self) -> tuple[tuple[str, tuple[Token, ...]], tuple[str, tuple[Token, ...]]]:
        """Title and lead, each as it is written and in words."""
        return (self.source.title, self.title), (self.source.lead, self.lead)

    @cached_property
    def lows(self) -> frozenset[str]:
        """All words in small letters."""
        return frozenset(word.low for _, words in self.fields for word in words)

    @cached_property
    def running(self) -> str:
        """All words in small letters, parted by one blank, with one at each end."""
        return f" {' '.join(word.low for _, words in self.fields for word in words)} "

    @cached_property
    def polite(self) -> frozenset[str]:
        """Single names behind an "ông" or "bà"."""
        return frozenset(
            name.low
            for _, words in self.fields
            for at, name in enumerate(words)
            if at and words[at - 1].low in _TITLES and name.text[0].isupper()
            if name.ends or at + 1 == len(words) or not words[at + 1].text[0].isupper()
        )

    @cached_property
    def places(self) -> frozenset[str]:
        """The states that are told, each under one name."""
        return frozenset(place(name) for name in _KNOWN_PLACES if f" {name} " in self.running)


def similarity(one: Sequence[Token], other: Sequence[Token]) -> float:
    """Share of the words that both have, of the longer one; two empty texts are alike."""
    if not one and not other:
        return 1.0
    mine, theirs = {word.low for word in one}, {word.low for word in other}
    return len(mine & theirs) / max(len(mine), len(theirs))


def place(low: str) -> str:
    """The state that a name stands for, else the name itself."""
    low = ONE_PLACE.get(low, low)
    return SEATS.get(low, low)
