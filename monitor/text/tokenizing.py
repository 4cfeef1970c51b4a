"""A text as words and numbers with the marks between them.

Knows letters, figures and marks; what a word means is for whoever asks.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(r"[0-9]+(?:[.,:/h-][0-9]+)*[h%]?|[^\W_]+(?:['’.-][^\W_]+)*|%|[.!?:;…,()“”\"‘’'|]")
_CLOSES = re.compile(r"[.!?:;…,()“”\"‘’'|]")
_OPENS = frozenset(".!?:…“\"‘'|(")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text; `low` as it is compared, `opens`: it begins a sentence, `ends`: a mark stands behind it."""

    text: str
    low: str
    start: int
    end: int
    opens: bool
    ends: bool


def tokens_of(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """The words of a text, or of its slice [start, end)."""
    found = list(_TOKEN.finditer(text, start, len(text) if end is None else end))
    opens = True
    for at, token in enumerate(found):
        if _CLOSES.fullmatch(token[0]):
            opens = opens or token[0] in _OPENS
            continue
        ends = at + 1 < len(found) and _CLOSES.fullmatch(found[at + 1][0]) is not None
        yield Token(token[0], _low(token[0]), token.start(), token.end(), opens, ends)
        opens = False


def _low(word: str) -> str:
    return word.casefold().replace("’", "'")
