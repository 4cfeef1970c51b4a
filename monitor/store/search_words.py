"""The words of a text as the search index knows them, and the keys under which the index finds an item.

Asks no database: both index the same keys, so that both find the same. A key is a word or two that stand side by side,
as written and once more without marks; title and lead have theirs, the full text has others, the outlet one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from monitor.text.words import UNICODE_VERSION, compatible, nfc, old_tone, unmarked

VERSION = f"1/{UNICODE_VERSION}"
"""Of the words: an index of another version is built anew, since its entries could not be taken out word by word."""

AS_WRITTEN, BARE = "1", "2"  # title and lead
TEXT_AS_WRITTEN, TEXT_BARE = "3", "4"  # the full text
OUTLET = "5"
BESIDE = "·"  # between two words of a key; no letter, and above U+007F, which FTS5's ascii tokenizer takes for one
MOST_LETTERS = 64  # of a word; PostgreSQL indexes nothing over 2 kB, and nobody types more
MOST_WORDS = 4_000  # of a field; the longest reports have as many

_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*")


@dataclass(frozen=True, slots=True)
class FoundWord:
    """A word of a text: as written, in small letters; without marks; and which characters of the text it is."""

    written: str
    bare: str
    start: int
    end: int


def words_of(text: str) -> list[FoundWord]:
    """The first MOST_WORDS words of a text; hyphens, dots and commas part words."""
    found: list[FoundWord] = []
    for match in _WORD.finditer(text):
        found += (FoundWord(written, bare, *match.span()) for written, bare in _forms(match[0]))
        if len(found) >= MOST_WORDS:
            break
    return found[:MOST_WORDS]


@lru_cache(maxsize=65_536)
def _forms(word: str) -> tuple[tuple[str, str], ...]:
    """A word as written and bare; some characters stand for several words (½)."""
    small = compatible(word).lower().replace("ð", "đ").replace("ɖ", "đ")
    parts = (old_tone(nfc(part))[:MOST_LETTERS] for part in _WORD.findall(small))
    return tuple((part, unmarked(part)[:MOST_LETTERS] or part) for part in parts)


def keys_of(title: str, lead: str, body: str, outlet: str) -> str:
    """Every key of an item, parted by blanks; some stand there more than once, which is one to both databases.

    Put together by joins alone: half a million items wait after an upgrade.
    """
    lanes: list[str] = [outlet_key(outlet)]
    for text, written, bare in (
        (title, AS_WRITTEN, BARE),
        (lead, AS_WRITTEN, BARE),
        (body, TEXT_AS_WRITTEN, TEXT_BARE),
    ):
        forms = [form for word in _WORD.findall(text) for form in _forms(word)][:MOST_WORDS]
        if forms:
            lanes += _lane(written, [form[0] for form in forms])
            lanes += _lane(bare, [form[1] for form in forms])
    return " ".join(lanes)


def _lane(lane: str, words: list[str]) -> Iterator[str]:
    """The words, and the pairs of them, each behind the sign of the lane."""
    yield lane + f" {lane}".join(words)
    if len(words) > 1:
        yield lane + f" {lane}".join(map(BESIDE.join, pairwise(words)))


def phrase_keys(lane: str, words: Sequence[str]) -> tuple[str, ...]:
    """The keys of words that stand side by side: their pairs, of a single word itself."""
    if len(words) == 1:
        return (lane + words[0],)
    return tuple(dict.fromkeys(f"{lane}{one}{BESIDE}{other}" for one, other in pairwise(words)))


def word_keys(lane: str, words: Sequence[str]) -> tuple[str, ...]:
    """The keys of words that may stand apart."""
    return tuple(dict.fromkeys(lane + word for word in words))


def outlet_key(outlet: str) -> str:
    """The key of an outlet: however it is typed, with marks or without."""
    return OUTLET + "".join(word.bare for word in words_of(outlet))[:MOST_LETTERS]
