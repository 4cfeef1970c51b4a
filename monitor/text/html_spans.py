"""Text out of HTML with the way back: where each character of the plain text stands in the HTML as given.

For fields that programs hand in (contract 4) and whose evidence counts in the field as given. Feeds are cleaned in
feeds/plain.py, which reads markup alike but repairs more, and may forget where things stood.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

# An attribute may hold `>` in quotes; nothing is tried twice (possessive), so that hostile text costs no more than its
# length. Entities that were escaped twice are one piece with their `amp;`.
_PIECE = re.compile(
    r"<!--|<(?P<name>/?[A-Za-z][A-Za-z0-9:_-]{0,30})"
    r"(?:\s(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+)?+/?>"
    r"|&(?:amp;)?(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
_CUT = re.compile(r"<(?:[/!]|/?[A-Za-z][^<>]*+)?\Z")  # a field that was cut to a length in the middle of a tag
_CUT_WITHIN = 2_000  # characters

_INLINE = frozenset(
    (
        *("abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "mark"),
        *("q", "s", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "wbr"),
    )
)
_PARTING = frozenset(
    (
        *("a", "article", "aside", "audio", "blockquote", "body", "br", "button", "center", "col", "dd", "del", "div"),
        *("dl", "dt", "embed", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head"),
        *("header", "hr", "html", "img", "input", "label", "li", "link", "main", "meta", "nav", "object", "ol", "p"),
        *("param", "picture", "pre", "section", "source", "strike", "summary", "svg", "table", "tbody", "td", "tfoot"),
        *("th", "thead", "title", "tr", "track", "ul", "video"),
    )
)
_UNSPOKEN = frozenset(["script", "style", "iframe", "noscript", "template"])
_CLOSES_UP = frozenset(",.;:!?…)]”»")  # no blank stands before these
_OPENS_UP = frozenset("([“«")  # and none behind these


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters of the text from `at` on, made of [start, end) of the HTML; `verbatim`: each of one character."""

    at: int
    start: int
    end: int
    verbatim: bool


@dataclass(frozen=True, slots=True)
class Flattened:
    """`text` without markup, and of which pieces of the HTML it was made (None: it is the HTML)."""

    text: str
    pieces: tuple[_Piece, ...] | None = None

    @classmethod
    def of(cls, source: str) -> Self:
        """Drop tags (a blank for those that part text) and resolve entities; plain text comes back as it is."""
        if "<" not in source and "&" not in source:
            return cls(source)
        out: list[str] = []
        pieces: list[_Piece] = []
        length = 0
        for text, start, end in _spoken(source):
            out.append(text)
            pieces.append(_Piece(length, start, end, verbatim=len(text) == end - start))
            length += len(text)
        return cls("".join(out), tuple(pieces))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The slice of the HTML that a slice of the text came from; an empty one stays empty."""
        if self.pieces is None:
            return start, end
        if not self.pieces:
            return 0, 0
        first = self._piece(start)
        opening = first.start + (start - first.at if first.verbatim else 0)
        if end <= start:
            return opening, opening
        last = self._piece(end - 1)
        return opening, last.start + (end - last.at) if last.verbatim else last.end

    def _piece(self, index: int) -> _Piece:
        assert self.pieces is not None
        return self.pieces[bisect_right(self.pieces, index, key=lambda piece: piece.at) - 1]


def _spoken(source: str) -> Iterator[tuple[str, int, int]]:
    """What a reader sees, with the slice of `source` that it stands for."""
    at = 0
    in_blank = True  # a text does not begin with a blank for a tag
    for found in _found(source):
        start, end, name = found
        if at < start:
            yield source[at:start], at, start
            in_blank = source[start - 1].isspace() or source[start - 1] in _OPENS_UP
        if name is None:
            text = _unescaped(source[start:end])
            yield text, start, end
            in_blank = text[-1:].isspace()
        elif name not in _INLINE and not in_blank and end < len(source) and source[end] not in _CLOSES_UP:
            yield " ", start, end
            in_blank = True
        at = end
    if at < len(source):
        yield source[at:], at, len(source)


def _found(source: str) -> Iterator[tuple[int, int, str | None]]:
    """Spans of tags with their names, of comments and unspoken elements as "", and of entities with None."""
    at = 0
    is_html = False
    while piece := _PIECE.search(source, at):
        start, at = piece.span()
        name = piece["name"]
        if name is None:
            if piece[0] == "<!--":
                end = source.find("-->", at)
                at = len(source) if end < 0 else end + 3
                yield start, at, ""
            else:
                yield start, at, None
            continue
        name = name.removeprefix("/").casefold()
        if name in _UNSPOKEN and not piece[0].startswith("</"):
            closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(source, at)
            at = closing.end() if closing else len(source)
            is_html = True
            yield start, at, ""
        elif name in _INLINE or name in _PARTING or name in _UNSPOKEN or ":" in name or "=" in piece[0]:
            is_html = True
            yield start, at, name
        # else a word between angle brackets: phim <Mai>
    if is_html and (cut := _CUT.search(source, max(at, len(source) - _CUT_WITHIN))):
        yield cut.start(), len(source), ""


def _unescaped(reference: str) -> str:
    text = html.unescape(reference)
    return html.unescape(text) if text.startswith("&") and len(text) > 1 else text
