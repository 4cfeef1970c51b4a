"""What differs between two texts line by line, and two changes of one text joined where they do not meet.

Knows no file, and not what the lines mean.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final, Literal

MOST_LINES: Final = 20_000  # of a text; comparing more takes longer than somebody waits
AROUND: Final = 2  # lines shown before and behind a change

Sign = Literal["+", "-", " ", "…"]


@dataclass(frozen=True, slots=True)
class DifferingLine:
    """A line that came, went or stands beside one, or a gap where nothing differs. `number`: of the newer text, from 1;
    of one that went the number of the older.
    """

    sign: Sign
    number: int
    text: str


def difference(before: str, after: str) -> list[DifferingLine]:
    """The lines that differ, with a few around them. Texts of more than MOST_LINES lines are shown as replaced."""
    old, new = before.split("\n"), after.split("\n")
    lines: list[DifferingLine] = []
    last = 0
    for group in _groups(old, new):
        if group[0][3] > last:
            lines.append(DifferingLine("…", 0, ""))
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                lines += [DifferingLine(" ", at + 1, new[at]) for at in range(new_start, new_end)]
                continue
            lines += [DifferingLine("-", at + 1, old[at]) for at in range(old_start, old_end)]
            lines += [DifferingLine("+", at + 1, new[at]) for at in range(new_start, new_end)]
        last = group[-1][4]
    return lines


def joined(base: str, mine: str, theirs: str) -> str | None:
    """Both changes of `base` in one text; None where they change the same lines, or lines side by side, otherwise."""
    lines = base.split("\n")
    if max(text.count("\n") for text in (base, mine, theirs)) > MOST_LINES:
        return None
    changes = sorted({*_changes(lines, mine.split("\n")), *_changes(lines, theirs.split("\n"))})
    for (_, end, _), (start, _, _) in pairwise(changes):
        if start <= end:
            return None
    for start, end, instead in reversed(changes):
        lines[start:end] = instead
    return "\n".join(lines)


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    for tag, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield start, end, tuple(new[new_start:new_end])


def _groups(old: Sequence[str], new: Sequence[str]) -> Iterable[Sequence[tuple[str, int, int, int, int]]]:
    if old == new:
        return []
    if max(len(old), len(new)) > MOST_LINES:
        return [[("replace", 0, len(old), 0, len(new))]]
    return SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND)
