"""Text out of HTML with the way back: where each character of the plain text stands in the HTML as given.

For fields that programs hand in (contract 4) and whose evidence counts in the field as given. Feeds are cleaned in
feeds/parse.py, which may forget where things stood.
"""

import html
import re
from dataclasses import dataclass
from typing import Self

_PIECE = re.compile(
    r"<!--.*?-->|</?[A-Za-z][^<>]*>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});", re.S
)
_BREAK = re.compile(r"</?(?:br|p|div|li|ul|ol|tr|td|h[1-6]|table|figure|img|a)\b", re.I)


@dataclass(frozen=True, slots=True)
class Flattened:
    """`text` without markup; `starts[i]` and `ends[i]` say which slice of the HTML gave character i (None: the same)."""

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    @classmethod
    def of(cls, source: str) -> Self:
        """Drop tags (a blank for those that part text) and resolve entities; plain text comes back as it is."""
        if "<" not in source and "&" not in source:
            return cls(source)
        out: list[str] = []
        starts: list[int] = []
        ends: list[int] = []

        def take(text: str, start: int, end: int) -> None:
            out.append(text)
            starts.extend([start] * len(text))
            ends.extend([end] * len(text))

        at = 0
        for piece in _PIECE.finditer(source):
            for index in range(at, piece.start()):
                take(source[index], index, index + 1)
            if piece[0].startswith("&"):
                take(html.unescape(piece[0]), piece.start(), piece.end())
            elif _BREAK.match(piece[0]) and out and not out[-1].isspace():
                take(" ", piece.start(), piece.end())
            at = piece.end()
        for index in range(at, len(source)):
            take(source[index], index, index + 1)
        return cls("".join(out), tuple(starts), tuple(ends))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The slice of the HTML that a slice of the text came from."""
        if self.starts is None or self.ends is None:
            return start, end
        if start >= end:
            place = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return place, place
        return self.starts[start], self.ends[end - 1]
