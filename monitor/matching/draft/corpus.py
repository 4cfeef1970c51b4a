"""The items that a draft is made from, and a sieve that lets through only those with certain words.

Knows letters and nothing of names: whoever asks looks again at what came through, since a sieve may let through more.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Final, Protocol

from monitor.matching import text as texts
from monitor.text.words import folded, nfc
from monitor.types import Item


class Sieve(Protocol):
    """What says of a text whether it may hold what is wanted; a regular expression does."""

    def search(self, text: str, /) -> object:
        """Something true for a text to look at."""


class AnyOf:
    """A sieve for many words with their marks: forty of them in a regular expression take six times as long."""

    def __init__(self, words: Collection[str]) -> None:
        keys = sorted({key for key in map(texts.key, words) if key}, key=len)
        self._words: list[str] = []
        for key in keys:  # where "cháy" is wanted, "đám cháy" is found with it
            if not any(shorter in key for shorter in self._words):
                self._words.append(key)

    def search(self, text: str, /) -> bool:
        """Whether any of the words stands in the text, within a longer one, too."""
        low = nfc(text).lower()
        return any(word in low for word in self._words)


class Corpus(Protocol):
    """Items that can be gone through as often as it takes; titles and leads count, full texts do not."""

    def having(self, wanted: Sieve) -> Iterator[Item]:
        """The items in whose text `wanted` is found, in order; a few more do no harm."""

    def sample(self, most: int) -> Sequence[Item]:
        """At most so many items, spread over all of them: the background that words are compared with."""


class ItemCorpus:
    """Items in memory."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = list(items)

    def having(self, wanted: Sieve) -> Iterator[Item]:
        """The items in whose title or lead `wanted` is found."""
        return (item for item in self._items if wanted.search(f"{item.title}\n{item.lead}"))

    def sample(self, most: int) -> Sequence[Item]:
        """Every n-th item."""
        return self._items[:: max(1, -(-len(self._items) // most))]


# ---------------------------------------------------------------- the sieve

_GAP: Final = r"(?:[\s.\-\u00ad\u2010-\u2015\u200b]|&nbsp;)+"
_MARKS: Final = r"[\u0300-\u036f]*"
_SHORTEST: Final = 4  # letters of a word in which a hyphen may stand: Pu-tin


def sieve(forms: Collection[str]) -> re.Pattern[str]:
    """What finds any of these words: in any case, with or without marks, with a hyphen between syllables or within."""
    return re.compile("|".join(_loose(form) for form in forms) or r"(?!)", re.DOTALL)


def _loose(form: str) -> str:
    words = [word for word in re.split(r"[^\w]+", folded(texts.key(form))) if word]
    within = r"-?" if len(words) == 1 and len(words[0]) >= _SHORTEST else ""
    letters = [_letters(word, within) for word in words]
    if not letters:
        return r"(?!)"
    # a class of letters first: the engine looks for it alone, six times as fast as asking what stands before
    first = _any_of(words[0][0])
    letters[0] = f"{first}(?<!\\w.){letters[0].removeprefix(first)}"
    return _GAP.join(letters) + r"(?!\w)"


def _letters(word: str, within: str) -> str:
    return within.join(f"{_any_of(letter)}{_MARKS}" for letter in word)


@cache
def _any_of(letter: str) -> str:
    """A letter with whatever marks, small or large."""
    return f"[{''.join(_alike().get(letter, letter))}]" if letter.isalnum() else re.escape(letter)


@cache
def _alike() -> dict[str, list[str]]:
    alike: dict[str, list[str]] = {"d": ["Ð", "ð", "Ɖ", "ɖ"]}
    for char in map(chr, (*range(0x30, 0x250), *range(0x1E00, 0x1F00))):
        bare = folded(char.lower())
        if char.isalnum() and len(bare) == 1 and bare.isascii():
            alike.setdefault(bare, []).append(char)
    return alike
