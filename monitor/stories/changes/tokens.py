"""Two wordings of an article as words, ready to be set side by side.

Judges nothing: what between two wordings matters is for differences.py.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from monitor.text.gazetteer import ONE_PLACE, SEATS

_TOKEN = re.compile(r"[0-9]+(?:[.,:/h-][0-9]+)*[h%]?|[^\W_]+(?:['’.-][^\W_]+)*|%|[.!?:;…,()“”\"‘’'|]")
_CLOSES = re.compile(r"[.!?:;…,()“”\"‘’'|]")
_OPENS = frozenset(".!?:…“\"‘'|(")
_TITLES = ("ông", "bà", "anh", "chị", "cô", "em", "cháu")
_KNOWN_PLACES = frozenset((*SEATS, *SEATS.values(), *ONE_PLACE, *ONE_PLACE.values()))


@dataclass(frozen=True, slots=True)
class Wording:
    """Title and lead as an outlet has them at one time, as plain text."""

    title: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a field; `low` as it is compared, `opens`: it begins a sentence, `ends`: a mark stands behind it."""

    text: str
    low: str
    start: int
    end: int
    opens: bool
    ends: bool


@dataclass(frozen=True)
class TokenText:
    """A wording in words."""

    source: Wording
    title: tuple[Token, ...]
    lead: tuple[Token, ...]

    @classmethod
    def of(cls, wording: Wording) -> "TokenText":
        """Read a wording."""
        return cls(wording, tuple(_tokens(wording.title)), tuple(_tokens(wording.lead)))

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


def _tokens(text: str) -> Iterator[Token]:
    found = list(_TOKEN.finditer(text))
    opens = True
    for at, token in enumerate(found):
        if _CLOSES.fullmatch(token[0]):
            opens = opens or token[0] in _OPENS
            continue
        ends = at + 1 < len(found) and _CLOSES.fullmatch(found[at + 1][0]) is not None
        yield Token(token[0], _low(token[0]), token.start(), token.end(), opens, ends)
        opens = False


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


def _low(word: str) -> str:
    return word.casefold().replace("’", "'")
