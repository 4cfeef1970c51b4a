"""What stands between quotation marks, as spans of the very text.

Knows marks and paragraphs; whether somebody said it, and who, is decided in quotes/find_quotes.py.
"""

import re
from dataclasses import dataclass, field

MASK = "\ufffc"  # stands for every character of a quotation, marks and all, where a sentence's frame is read

LONGEST_SPEECH = 1_500  # characters from its opening mark: over several lines, what is longer was never closed

_MARKS = re.compile("[“”„\"«»\n]|(?<![^\\s(\\[“])[‘'](?=\\S)|[’'](?!\\w)")
_CLOSERS = {"“": "”“", "„": "”“", '"': '"', "«": "»", "‘": "’", "'": "'"}


@dataclass(frozen=True, slots=True)
class Quotation:
    """Marks and all at [opens, closes), what is quoted at [start, end)."""

    opens: int
    closes: int
    start: int
    end: int


def quotations(text: str) -> tuple[Quotation, ...]:
    """The outermost quotations of `text` in order; one that is never closed is none.

    Speech over several paragraphs is closed at its end: each paragraph that opens anew is a quotation of its own, and
    one that does not goes on until a mark that can only close.
    """
    reader = _MarkReader(text)
    for mark in _MARKS.finditer(text):
        reader.take(mark.start(), mark[0])
    return tuple(reader.found)


def masked(text: str, quoted: tuple[Quotation, ...]) -> str:
    """`text` with MASK for every character of a quotation: same length, same places."""
    pieces = []
    done = 0
    for each in quoted:
        pieces += [text[done : each.opens].replace(MASK, " "), MASK * (each.closes - each.opens)]
        done = each.closes
    return "".join([*pieces, text[done:].replace(MASK, " ")])


@dataclass(slots=True)
class _MarkReader:
    """Goes from mark to mark, line breaks among them."""

    text: str
    found: list[Quotation] = field(default_factory=list)
    _opened: int = -1  # where the quotation begins that stands open; -1: none
    _depth: int = 0  # of its own kind of marks: some newsrooms nest the same
    _inner: int = 0  # quotations with another kind of mark that stand open inside it
    _line: int = 0  # where the line begins

    def take(self, at: int, char: str) -> None:
        """Read on over one mark."""
        if char == "\n":
            self._end_line(at)
        elif self._opened < 0:
            if char in _CLOSERS and _may_open(self.text, at):
                self._opened, self._depth, self._inner = at, 1, 0
        elif not self._belongs_inside(at, char):
            self._nest_or_close(at, char)

    def _end_line(self, at: int) -> None:
        """Close what stands open where the next paragraph opens anew, and give it up where nothing closes it later."""
        self._line = at + 1
        if self._opened < 0:
            return
        text, opened = self.text, self._opened
        after = len(text) - len(text[self._line :].lstrip())
        if text[after : after + 1] == text[opened] and _opens(text, after):
            self._close(at, at)
        elif not _goes_on(text, opened, self._line):
            self._opened = -1

    def _belongs_inside(self, at: int, char: str) -> bool:
        """Whether a mark is one of a quotation in the quotation: of another kind, unless it closes after all."""
        first = self.text[self._opened]
        if char in (first, *_CLOSERS[first]):
            return False
        if _opens(self.text, at):
            self._inner += 1
            return True
        if self._inner or char not in '”"»' or first not in '“"«':
            self._inner = max(0, self._inner - 1)
            return True
        self._depth = 1  # “…": opened by one kind and closed by another
        return False

    def _nest_or_close(self, at: int, char: str) -> None:
        opens = _opens(self.text, at)
        if char == "“" and opens:
            self._depth += 1
            return
        if char == self.text[self._opened] and char in "\"'" and opens and at > self._line:
            self._opened, self._inner = at, 0  # the one before was never closed
            return
        self._depth -= 1
        if self._depth == 0 or not _closed_later(self.text, at + 1):
            self._close(at + 1, at)

    def _close(self, closes: int, end: int) -> None:
        _keep(self.text, self._opened, closes, end, self.found)
        self._opened = -1


def _may_open(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()


def _opens(text: str, at: int) -> bool:
    """Whether a mark can only open: nothing or a blank before it, a letter behind."""
    return (at == 0 or text[at - 1].isspace() or text[at - 1] in "([“") and text[at + 1 : at + 2].isalnum()


def _goes_on(text: str, opened: int, line: int) -> bool:
    """Whether a quotation that stands open at the end of a line is closed in one of the next."""
    first = text[opened]
    for mark in _MARKS.finditer(text, line, min(len(text), opened + LONGEST_SPEECH)):
        if mark[0] in _CLOSERS[first]:
            return not _opens(text, mark.start())
        if mark[0] == first:
            return False
    return False


def _closed_later(text: str, start: int) -> bool:
    end = text.find("\n", start)
    return "”" in text[start : end if end >= 0 else len(text)]


def _keep(text: str, opened: int, closes: int, end: int, found: list[Quotation]) -> None:
    start = opened + 1
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == ","):
        end -= 1  # “…,” ông nói: the comma is the newspaper's
    if start < end:
        found.append(Quotation(opened, closes, start, end))
