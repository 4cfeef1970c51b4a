"""Pieces of a message in Telegram's HTML: escaped, closed in themselves, counted, and cut to a length.

Every text is escaped here and nowhere else. Knows no alert and no language.
"""

import html as markup
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from monitor.text.sentences import split_sentences

MAX_UNITS = 4096  # of a message, in UTF-16 units after entities: core.telegram.org/bots/api#sendmessage
MAX_BOLD = 60  # passages of one text: a hundred entities is all that Telegram keeps of a message
MAX_URL = 2048  # longer ones are no newspaper's; Telegram counts them against a limit it does not document
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class HtmlPiece:
    """A run of message text: `html` with its tags closed, and the `units` it counts after entities."""

    html: str
    units: int

    def __add__(self, other: "HtmlPiece") -> "HtmlPiece":
        return HtmlPiece(self.html + other.html, self.units + other.units)


def units(text: str) -> int:
    """Length in UTF-16 units, in which Telegram counts: an emoji is two."""
    return len(text) + sum(char > "\uffff" for char in text)


# Controls move cursors in a terminal and are blanks to Telegram; a lone surrogate cannot be sent at all.
# One character for one, so that spans stay where they are.
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Text without what Telegram cannot show; one character for one, so that spans stay where they are."""
    return _SURROGATE.sub("\ufffd", _UNSPEAKABLE.sub(" ", text))


def one_line(text: str) -> str:
    """Text on one line, with single blanks."""
    return " ".join(clean(text).split())


def piece_of(text: str) -> HtmlPiece:
    """Text, escaped."""
    spoken = clean(text)
    return HtmlPiece(markup.escape(spoken, quote=False), units(spoken))


def tagged(tag: str, inner: HtmlPiece) -> HtmlPiece:
    """A piece inside a tag; nothing stays nothing."""
    return HtmlPiece(f"<{tag}>{inner.html}</{tag}>", inner.units) if inner.units else inner


def bold(text: str) -> HtmlPiece:
    """Text in bold."""
    return tagged("b", piece_of(text))


def italic(text: str) -> HtmlPiece:
    """Text in italics."""
    return tagged("i", piece_of(text))


def link(text: str, url: str) -> HtmlPiece:
    """A link; only the text where the address is not one of the web."""
    inner = piece_of(text)
    if not text or not re.match(r"https?://[^\s/]", url) or len(url) > MAX_URL:
        return inner
    return HtmlPiece(f'<a href="{markup.escape(one_line(url).replace(" ", "%20"))}">{inner.html}</a>', inner.units)


def joined(separator: str, pieces: Iterable[HtmlPiece]) -> HtmlPiece:
    """Pieces one behind the other, parted by a text."""
    whole = HtmlPiece("", 0)
    for number, piece in enumerate(pieces):
        whole = whole + piece_of(separator) + piece if number else piece
    return whole


def plain(html: str) -> str:
    """The text of a message's `html`, for logs and where Telegram could not read it: a lone < is no tag."""
    return markup.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", html))


# ---------------------------------------------------------------- cutting


def prefix(text: str, most: int) -> str:
    """The longest beginning of `text` with at most `most` UTF-16 units."""
    if units(text) <= most:
        return text
    count = 0
    for position, char in enumerate(text):
        count += 2 if char > "\uffff" else 1
        if count > most:
            return text[:position]
    return text


def cut(text: str, most: int) -> str:
    """`text` in at most `most` UTF-16 units, ended after a word with … where it had to be cut."""
    if units(text) <= most:
        return text
    if most < 1:
        return ""
    kept = prefix(text, most - 1)
    blank = max(kept.rfind(" "), kept.rfind("\n"))
    if not text[len(kept)].isspace() and blank > len(kept) // 2:
        kept = kept[:blank]
    return kept.rstrip(" \n,;:–-") + ELLIPSIS


def cut_sentences(text: str, most: int) -> str:
    """`text` cut at the last sentence end that fits into `most` UTF-16 units; after a word when there is none."""
    if units(text) <= most:
        return text
    fitting = prefix(text, most)
    ends = [end for _, end in split_sentences(text) if end <= len(fitting)]
    return text[: ends[-1]] if ends else cut(text, most)


def with_bold(text: str, spans: Collection[tuple[int, int]]) -> HtmlPiece:
    """`text` with those passages bold; overlapping ones are merged, those outside are left out."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((max(0, start), min(end, len(text))) for start, end in spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    whole, at = HtmlPiece("", 0), 0
    for start, end in merged[:MAX_BOLD]:
        whole = whole + piece_of(text[at:start]) + bold(text[start:end])
        at = end
    return whole + piece_of(text[at:])
