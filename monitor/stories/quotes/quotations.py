"""What stands between quotation marks, as spans of the very text.

Knows marks and paragraphs; whether somebody said it, and who, is decided in quotes/find_quotes.py.
"""

import re
from dataclasses import dataclass

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
    found: list[Quotation] = []
    opened, depth, inner, line = -1, 0, 0, 0
    for mark in _MARKS.finditer(text):
        at, char = mark.start(), mark[0]
        if char == "\n":
            line = at + 1
            if opened >= 0:
                after = len(text) - len(text[line:].lstrip())
                if text[after : after + 1] == text[opened] and _opens(text, after):
                    _keep(text, opened, at, at, found)
                    opened = -1
                elif not _goes_on(text, opened, line):
                    opened = -1
            continue
        if opened < 0:
            if char in _CLOSERS and _may_open(text, at):
                opened, depth, inner = at, 1, 0
            continue
        first = text[opened]
        if char not in (first, *_CLOSERS[first]):
            if _opens(text, at):
                inner += 1  # another kind of mark inside: a quotation in the quotation
                continue
            if inner or char not in '”"»' or first not in '“"«':
                inner = max(0, inner - 1)
                continue
            depth = 1  # “…": opened by one kind and closed by another
        if char == "“" and _opens(text, at):
            depth += 1  # some newsrooms nest the same marks
            continue
        if char == first and char in "\"'" and _opens(text, at) and at > line:
            opened, inner = at, 0  # the one before was never closed
            continue
        depth -= 1
        if depth == 0 or not _closed_later(text, at + 1):
            _keep(text, opened, at + 1, at, found)
            opened = -1
    return tuple(found)


def masked(text: str, quoted: tuple[Quotation, ...]) -> str:
    """`text` with MASK for every character of a quotation: same length, same places."""
    pieces = []
    done = 0
    for each in quoted:
        pieces += [text[done : each.opens].replace(MASK, " "), MASK * (each.closes - each.opens)]
        done = each.closes
    return "".join([*pieces, text[done:].replace(MASK, " ")])


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
