"""Text out of HTML, with or without the way back: where each character of the text stands in the HTML as given.

Sanitises nothing for a browser: markup is dropped, not cleaned, and whoever shows the text escapes it. Knows no field
of an item and no outlet's habits (feeds/plain.py does). There is one reading; `FlatText` forgets where things stood, as
a feed may, and `Flattened` remembers it, for evidence that counts in a field as given.
"""

import html
import re
from array import array
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Self

from monitor.text.words import clusters, is_nfc, nfc

MAX_HTML_CHARS = 65_536  # the longest description seen has 9,000; whole articles are read from the page, not the feed
MAX_TAG_CHARS = 2_000

# An attribute may hold `>` in quotes. Alternatives start with different characters, so nothing is tried twice.
_TAG = re.compile(r"""</?([a-zA-Z][a-zA-Z0-9:_-]*)(?:\s(?:[^<>"']|"[^"<]*"|'[^'<]*')*)?/?>""")
_UNCLOSED_TAG = re.compile(r"</?(?:[a-zA-Z][^<>]*)?\Z")  # a description that was cut in the middle of a tag
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>|<[!?][a-zA-Z][^<>]*>", re.DOTALL)
_UNSPOKEN = re.compile(
    rf"<(script|style|iframe|noscript|template)\b[^>]{{0,{MAX_TAG_CHARS}}}>.*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_MAY_BE_UNSPOKEN = re.compile(r"<[sintSINT][ctfoeCTFOE]")  # cheap: most texts have none of these
# ePi's editorial system appends related articles: <div><ul><li><a href=…>headline</a></li>…
_RELATED = re.compile(
    rf"<(ul|ol)\b[^>]{{0,{MAX_TAG_CHARS}}}>\s*<li\b[^>]{{0,{MAX_TAG_CHARS}}}>\s*<a\b.*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_INLINE = frozenset(
    (
        *("abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "mark"),
        *("q", "s", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "wbr", "o:p"),
    )
)
_HTML = _INLINE | {
    *("a", "address", "area", "article", "aside", "audio", "base", "blockquote", "body", "br", "button", "canvas"),
    *("caption", "center", "col", "colgroup", "dd", "del", "details", "div", "dl", "dt", "embed", "fieldset"),
    *("figcaption", "figure", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head"),
    *("header", "hr", "html", "iframe", "img", "input", "kbd", "label", "legend", "li", "link", "main", "map", "meta"),
    *("nav", "nobr", "noscript", "object", "ol", "option", "p", "param", "path", "picture", "pre", "rp", "rt", "ruby"),
    *("samp", "script", "section", "select", "source", "strike", "style", "summary", "svg", "table", "tbody", "td"),
    *("template", "textarea", "tfoot", "th", "thead", "title", "tr", "track", "ul", "var", "video"),
}

_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_DIRT = re.compile(  # control characters, halves of surrogate pairs, non-characters; then what has no width
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u00ad\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
# Between letters it is dirt, however often; inside an emoji it holds it together. A run is tried from its start alone.
_JOINER = re.compile(r"(?<=\w)\u200d++|(?<!\u200d)\u200d++(?=\w)")
_ODD_BLANKS = re.compile(r"\s{2,}|[^\S ]")  # also no-break, narrow, figure and ideographic spaces
_SPACE_BEFORE_POINT = re.compile(r"(?<! ) ++(?=[,.;:!?…](?:\s|\Z))")

Edit = tuple[int, int, str]  # what stands from here to there, and what is read instead
Reading = str | Callable[[re.Match[str]], str]


class FlatText:
    """A text on its way out of HTML, step by step; remembers nothing but the text."""

    __slots__ = ("text",)

    def __init__(self, source: str) -> None:
        self.text = source

    def read_line(self) -> Self:
        """Read markup as a person does, as one line: no tags, entities spoken, NFC, single blanks.

        Plain text may come in as well; what merely looks a little like markup stays ("lãi suất < 5 %"). Doing it twice
        to plain text changes nothing but one more level of escaping. What lies behind MAX_HTML_CHARS is not read.
        """
        if _is_line(self.text):
            return self
        if len(self.text) > MAX_HTML_CHARS:
            self.keep(0, MAX_HTML_CHARS)
        return self._drop_markup(" ").tidy()

    def read_lines(self) -> Self:
        """Drop markup where lines count: tags that part text begin a new one. Length, blanks and marks stay."""
        return self._drop_markup("\n")

    def tidy(self) -> Self:
        """NFC, no control or zero-width characters, every run of blanks one blank. Touches no tags and no entities."""
        if not self.text.isprintable():  # neither dirt nor odd blanks are, and asking is cheap
            self.replace(_DIRT, "")
            if "\u200d" in self.text:
                self._compose()  # a mark is no letter, the two together are
                self.replace(_JOINER, "")
        self._tighten()
        self._compose()
        return self

    def drop_related(self) -> Self:
        """Leave out lists that open with a link: headlines of other articles."""
        if "<li" in self.text or "<LI" in self.text:
            self.replace(_RELATED, " ")
        return self

    # ------------------------------------------------------------ steps

    def replace(self, pattern: re.Pattern[str], by: Reading) -> None:
        """Read `by` wherever `pattern` stands; as a string it is taken letter by letter."""
        self.text = pattern.sub(by, self.text)

    def keep(self, start: int, end: int) -> None:
        """Leave out all but [start, end)."""
        self.text = self.text[start:end]

    def _compose(self) -> None:
        self.text = nfc(self.text)

    def _tighten(self) -> None:
        self.text = " ".join(self.text.split())

    def _drop_markup(self, parting: str) -> Self:
        if "<" in self.text:
            self._drop_tags(parting)
        if "&" in self.text:
            self._speak_entities()
            if "&" in self.text and _REFERENCE.search(self.text):
                self._speak_entities()  # escaped twice: 127 VnExpress titles of 2026, `đ&atilde;` in Thanh Niên's
            if "<" in self.text:
                self._drop_tags(parting)  # the tags themselves were escaped
        return self

    def _drop_tags(self, parting: str) -> None:
        found = False

        def replacement(tag: re.Match[str]) -> str:
            nonlocal found
            name = tag[1].lower()
            if name not in _HTML and name.isalnum() and "=" not in tag[0]:
                return tag[0]  # "phim <Mai>": a word between angle brackets
            found = True
            return "" if name in _INLINE else parting

        if "<!" in self.text or "]]>" in self.text or _MAY_BE_UNSPOKEN.search(self.text):
            self.replace(_UNSPOKEN, parting)
            self.replace(_COMMENT, " ")
        self.replace(_TAG, replacement)
        if not found:
            return
        if cut := _UNCLOSED_TAG.search(self.text, max(0, len(self.text) - MAX_TAG_CHARS)):
            self.keep(0, cut.start())
        self.replace(_SPACE_BEFORE_POINT, "")

    def _speak_entities(self) -> None:
        # only references with their semicolon: html.unescape alone would make "R&para=1" a pilcrow
        self.replace(_REFERENCE, lambda reference: html.unescape(reference[0]))


class Flattened(FlatText):
    """The same with the way back: from which slice of the source each character came."""

    __slots__ = ("_ends", "_shift", "_starts")

    def __init__(self, source: str) -> None:
        super().__init__(source)
        # none as long as every character stands where it stood, only so much further on
        self._shift = 0
        self._starts: array[int] | None = None
        self._ends: array[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The slice of the source that a slice of the text came from; an empty one stays empty."""
        if self._starts is None or self._ends is None:
            return start + self._shift, end + self._shift
        if start < end:
            return self._starts[start], self._ends[end - 1]
        place = self._starts[start] if start < len(self._starts) else self._ends[-1] if self._ends else 0
        return place, place

    def replace(self, pattern: re.Pattern[str], by: Reading) -> None:
        """As FlatText does; what is put in stands for the whole slice that it replaces."""
        found = pattern.finditer(self.text)
        self._edit((each.start(), each.end(), by if isinstance(by, str) else by(each)) for each in found)

    def keep(self, start: int, end: int) -> None:
        """As FlatText does."""
        if self._starts is None or self._ends is None:
            self._shift += start
        else:
            self._starts, self._ends = self._starts[start:end], self._ends[start:end]
        self.text = self.text[start:end]

    def _compose(self) -> None:
        if not is_nfc(self.text):
            self._edit((start, end, nfc(self.text[start:end])) for start, end in clusters(self.text))

    def _tighten(self) -> None:
        if "  " in self.text or not self.text.isprintable():
            self.replace(_ODD_BLANKS, " ")
        bare = self.text.lstrip()
        if len(bare) < len(self.text) or bare[-1:].isspace():
            start = len(self.text) - len(bare)
            self.keep(start, start + len(bare.rstrip()))

    def _way(self) -> "tuple[array[int], array[int]]":
        if self._starts is None or self._ends is None:
            start, end = self._shift, self._shift + len(self.text)
            places = _places() if end <= MAX_HTML_CHARS else array("I", range(end + 1))
            self._starts, self._ends = places[start:end], places[start + 1 : end + 1]
        return self._starts, self._ends

    def _edit(self, edits: Iterable[Edit]) -> None:
        """Apply edits that stand in order."""
        text, done = self.text, 0
        letters: list[str] = []
        starts, ends = array("I"), array("I")
        for start, end, new in edits:
            if new == text[start:end]:
                continue
            old_starts, old_ends = self._way()
            letters += text[done:start], new
            starts += old_starts[done:start]
            ends += old_ends[done:start]
            if new:
                starts.extend([old_starts[start]] * len(new))
                ends.extend([old_ends[end - 1]] * len(new))
            done = end
        if done:
            old_starts, old_ends = self._way()
            self.text = "".join((*letters, text[done:]))
            self._starts, self._ends = starts + old_starts[done:], ends + old_ends[done:]


def _is_line(text: str) -> bool:
    """Whether `read_line` would leave the text as it is, asked cheaply: neither dirt nor odd blanks are printable."""
    return (
        len(text) <= MAX_HTML_CHARS
        and text.isprintable()
        and "<" not in text
        and "&" not in text
        and "  " not in text
        and text == text.strip()
        and is_nfc(text)
    )


@lru_cache(maxsize=1)
def _places() -> "array[int]":
    """0, 1, 2, …: counted once, because a copy costs a hundredth of counting."""
    return array("I", range(MAX_HTML_CHARS + 1))
