r"""Text as the matcher reads it: one form for many spellings, with the way back to the text as given.

Knows letters, blanks and hyphens; knows nothing of markup (text/html_spans.py), names or queries.

Three views of one text, position by position the same:
    source   as given: NFD, odd blanks and all
    plain    NFC, capitals kept; every blank is one " " (a line break "\n"), every hyphen "-", look-alikes of Đ are Đ
    low      plain in lower case, the old tone placement (hòa), a hyphen between letters is a blank
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from monitor.text.sentences import clause_starts
from monitor.text.words import is_nfc, nfc

_HYPHENS: Final = "‐‑‒–—―−﹘﹣－⁃"
_BLANKS: Final = "\t\x0b\x0c\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_BREAKS: Final = "\n\r\u2028\u2029"
_INVISIBLE: Final = (
    "\x00-\x08\x0e-\x1b\x7f\xad\u034f\u061c\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
)
# combining marks, and the Hangul vowels and finals that compose with the letter before them
_MARKS: Final = "\u0300-\u036f\u0483-\u0487\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_LOOKALIKES: Final = {"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ", "İ": "I", "’": "'", "‘": "'", "ʼ": "'"}

_ODD = re.compile(f"[{_HYPHENS}{_BLANKS}{_BREAKS[1:]}{_INVISIBLE}{''.join(_LOOKALIKES)}]")
_ONE_FOR_ONE = re.compile(f"[{_HYPHENS}{_BLANKS}{_BREAKS[1:]}{''.join(_LOOKALIKES)}]")
_PIECE = re.compile(
    f"(?P<blank>[ {_BLANKS}{_BREAKS}]{{2,}}|[{_BLANKS}{_BREAKS}])"
    f"|(?P<gone>[{_INVISIBLE}])"
    f"|(?P<hyphen>[{_HYPHENS}])"
    f"|(?P<like>[{''.join(_LOOKALIKES)}](?:[{_INVISIBLE}]*[{_MARKS}])*)"
    f"|(?P<marked>[^{_MARKS}](?:[{_INVISIBLE}]*[{_MARKS}])+|[{_MARKS}]+)"
)
_BREAKS_RE = re.compile(f"[{_BREAKS}]")
_JOINED = re.compile(r"-(?=\w)(?<=\w-)")
_NEW_TONES = re.compile(r"o([àáảãạ])(?!\w)|o([èéẻẽẹ])(?!\w)|(?<!q)u([ỳýỷỹỵ])(?!\w)|qú(y)(?!\w)")
_MAYBE_NEW = re.compile("[àáảãạèéẻẽẹỳýỷỹỵ](?<=[ou].)(?!\\w)(?<!qu.)")  # six times as fast to ask first
_BARE = dict(zip("àáảãạèéẻẽẹỳýỷỹỵ", "aaaaaeeeeeyyyyy", strict=True))
_TONED_O = dict(zip("àáảãạèéẻẽẹ", "òóỏõọòóỏõọ", strict=True))
_TONED_U = dict(zip("ỳýỷỹỵ", "ùúủũụ", strict=True))
_WORD = re.compile(r"\w+")


class Text:
    """One field of an item, made ready once and asked often; all positions are those of `plain` and `low`."""

    __slots__ = ("_sentences", "_way", "_words", "low", "plain", "source")

    def __init__(self, source: str, *, plain: str | None = None, low: str | None = None) -> None:
        self.source = source
        self._way: _Way | None = None  # None: positions of plain and source are the same
        self._words: list[int] | None = None
        self._sentences: list[int] | None = None
        if plain is None or low is None:
            plain = _same_length(source)
            if plain is None:
                plain, self._way = _rewritten(source)
            low = _lowered(plain)
        self.plain = plain
        self.low = low

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The slice of `source` that became [start, end) of `plain`; end must lie behind start."""
        return (start, end) if self._way is None else self._way.span(start, end)

    def syllable(self, position: int) -> int:
        """The number of the syllable at `position`, counted from 0 at the start of the field."""
        if self._words is None:
            self._words = [found.start() for found in _WORD.finditer(self.low)]
        return bisect_right(self._words, position) - 1

    def sentences(self) -> list[int]:
        """Where sentences begin, the first at 0; a semicolon, a line break and a bar end one as well."""
        if self._sentences is None:
            self._sentences = clause_starts(self.plain)
        return self._sentences

    def sentence(self, position: int) -> tuple[int, int]:
        """The span of the sentence around `position`."""
        begins = self.sentences()
        place = bisect_right(begins, position)
        return begins[place - 1], begins[place] if place < len(begins) else len(self.plain)

    def begins_sentence(self, position: int) -> bool:
        """Whether only quotes and brackets stand between the sentence's start and `position`."""
        begins = self.sentences()
        start = begins[bisect_right(begins, position) - 1]
        return not any(self.plain[at].isalnum() for at in range(start, position))  # no slice: a sentence may be 1 MB


class ItemText:
    """The fields of an item side by side, lowered and scanned as one; `Text` objects come when asked for.

    `rough`: the same words stand in `low`, but not yet at exact places; `settle` before using any.
    """

    __slots__ = ("_fields", "_plain", "_sources", "low", "rough")

    def __init__(self, sources: Sequence[str]) -> None:
        self._sources = sources
        self._fields: list[Text] | None = None
        whole = _WALL.join(sources)
        self._plain = _same_length(whole)
        self.rough = self._plain is None
        self.low = _lowered(_roughly(whole) if self._plain is None else self._plain)

    def settle(self) -> None:
        """Make the positions of a rough page exact. Most pages concern nobody and never need it."""
        if self.rough:
            self.rough = False
            self._fields = [Text(source) for source in self._sources]
            self.low = _WALL.join(text.low for text in self._fields)

    @property
    def fields(self) -> list[Text]:
        """Each field; its positions in `low` of the page are `offsets` further on."""
        if self._fields is None:
            assert self._plain is not None, "settle a rough page first"
            fields = []
            for source, begin in zip(self._sources, self.offsets, strict=False):
                end = begin + len(source)
                fields.append(Text(source, plain=self._plain[begin:end], low=self.low[begin:end]))
            self._fields = fields
        return self._fields

    @property
    def offsets(self) -> list[int]:
        """Where each field begins in `low`, and a last one behind them all."""
        lengths = map(len, self._sources) if self._fields is None else (len(text.low) for text in self._fields)
        return [0, *accumulate(length + 1 for length in lengths)]


_WALL: Final = "\uf8ff"  # a private character that stands in no key, so no hit crosses from one field into the next


def _same_length(source: str) -> str | None:
    """`plain` of a text whose positions stay as they are, None for one that needs the longer way."""
    if not is_nfc(source):
        return None
    plain = source
    if _ODD.search(plain):
        plain = _ONE_FOR_ONE.sub(_one_for_one, plain)
        if _ODD.search(plain):
            return None
    if "  " in plain or ("\n" in plain and _RUN.search(plain)):
        return None
    return plain


_GONE_RE = re.compile(f"[{_INVISIBLE}]")
_RUN = re.compile(r"[ \n]{2,}")


def _roughly(source: str) -> str:
    """`plain` at once and without places, ten times as fast as with them."""
    plain = nfc(_ONE_FOR_ONE.sub(_one_for_one, nfc(_GONE_RE.sub("", source))))
    return _RUN.sub(" ", plain)


def _one_for_one(found: re.Match[str]) -> str:
    letter = found[0]
    if letter in _HYPHENS:
        return "-"
    if letter in _LOOKALIKES:
        return _LOOKALIKES[letter]
    return "\n" if letter in _BREAKS else " "


def _lowered(plain: str) -> str:
    low = plain.lower()
    if "\n" in low:
        low = low.replace("\n", " ")
    if "-" in low:
        low = _JOINED.sub(" ", low)
    return _NEW_TONES.sub(_old_tone, low) if _MAYBE_NEW.search(low) else low


def _old_tone(found: re.Match[str]) -> str:
    # newspapers write hòa over hoà 728 : 11, so the old placement is the form that costs nothing to reach
    whole = found[0]
    if whole[0] == "q":
        return "quý"
    if whole[0] == "o":
        return _TONED_O[whole[1]] + _BARE[whole[1]]
    return _TONED_U[whole[1]] + _BARE[whole[1]]


class _Way:
    """The way back from `plain` to `source`: where each piece of `plain` begins, and which slice it was made of."""

    __slots__ = ("_as_given", "_at", "_ends", "_starts", "length")

    def __init__(self) -> None:
        self._at: list[int] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._as_given: list[bool] = []
        self.length = 0

    def add(self, length: int, start: int, end: int, *, as_given: bool) -> None:
        """The next piece: `as_given` it is taken letter by letter, else any part of it stands for the whole slice."""
        self._at.append(self.length)
        self._as_given.append(as_given or length == end - start == 1)
        self._starts.append(start)
        self._ends.append(end)
        self.length += length

    def is_straight(self) -> bool:
        """Whether every letter of `plain` stands where it stood in `source`."""
        return all(self._as_given) and self._at == self._starts

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The slice of `source` of a slice of `plain` that is not empty."""
        return self._letter(start)[0], self._letter(end - 1)[1]

    def _letter(self, position: int) -> tuple[int, int]:
        place = bisect_right(self._at, position) - 1
        if not self._as_given[place]:
            return self._starts[place], self._ends[place]
        letter = self._starts[place] + position - self._at[place]
        return letter, letter + 1


def _rewritten(source: str) -> tuple[str, _Way | None]:
    """`plain`, with the way back where positions differ."""
    letters: list[str] = []
    way = _Way()
    done = 0

    def put(new: str, begin: int, end: int, *, as_given: bool = True) -> None:
        letters.append(new)
        way.add(len(new), begin, end, as_given=as_given)

    def blank_before() -> bool:
        return bool(letters) and letters[-1][-1] in " \n"

    for piece in _PIECE.finditer(source):
        begin, end = piece.span()
        if source[done:begin] == " " and blank_before():
            done = begin
        elif done < begin:
            if source[done] in " \n" and blank_before():
                done += 1
            put(source[done:begin], done, begin)
        done = end
        new = _piece(piece)
        if new in (" ", "\n") and blank_before():
            # blanks may meet across an invisible letter: the run stays one blank, and a line break wins
            if new == "\n":
                letters[-1] = letters[-1][:-1] + "\n"
        elif new:
            put(new, begin, end, as_given=False)
    if done < len(source) and source[done] in " \n" and blank_before():
        done += 1
    if done < len(source):
        put(source[done:], done, len(source))
    return "".join(letters), None if way.is_straight() and way.length == len(source) else way


def _piece(piece: re.Match[str]) -> str:
    match piece.lastgroup:
        case "blank":
            return "\n" if _BREAKS_RE.search(piece[0]) else " "
        case "gone":
            return ""
        case "hyphen":
            return "-"
        case "like":
            return nfc(_LOOKALIKES[piece[0][0]] + _GONE_RE.sub("", piece[0][1:]))
        case _:
            return nfc(_GONE_RE.sub("", piece[0]))


def key(term: str) -> str:
    """A term as it must stand in `low`: the same spelling rules, outer and double blanks gone."""
    if term.isascii():
        low = " ".join(term.lower().split())
        return _JOINED.sub(" ", low) if "-" in low else low
    return " ".join(Text(term).low.split())


def plain(term: str) -> str:
    """A term in the letters of `Text.plain`, so that its capitals stand where those of `key` were."""
    if term.isascii():
        return " ".join(term.split())
    return " ".join(Text(term).plain.split())
