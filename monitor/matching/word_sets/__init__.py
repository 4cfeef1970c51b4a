"""The named sets that ship: words that say one thing, so that an event writes {khởi tố} for all of them.

Holds words only, a file a theme; what a set means in a query is said in matching/sets.py. In a file's text a block is
a set: its name and what it means, then, indented, its members parted by bars or by the ends of lines. From a line that
begins with `not:` to the end of the block stands what does not count: a member inside one of these is not meant.
A member is a query, so bare words are a phrase; inside brackets it may go on in the next line.

    cháy: có lửa ngoài ý muốn
        hỏa hoạn | bốc cháy | "cháy" NEAR/3 "rừng"
        not: bán cháy hàng | cháy vé
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

from monitor.matching.word_sets import (
    accidents,
    conflict,
    disasters,
    economy,
    guards,
    justice,
    politics,
    society,
    sport,
)
from monitor.text.words import bars
from monitor.types import WordSet

THEMES: Final = {
    "Tai nạn": accidents.SETS,
    "Thiên tai, dịch bệnh": disasters.SETS,
    "Vụ án": justice.SETS,
    "Kinh tế": economy.SETS,
    "Chính trị, ngoại giao": politics.SETS,
    "Xung đột": conflict.SETS,
    "Thể thao": sport.SETS,
    "Xã hội, khoa học": society.SETS,
    "Không phải tin, và nơi xảy ra": guards.SETS,
}
"""The text of each file, by the heading of its part of docs/sets.md."""


@cache
def guard_sets() -> tuple[WordSet, ...]:
    """The sets that say what is no news, or where: for `not` and `ignore`."""
    return tuple(read_sets(guards.SETS))


@cache
def shipped_sets() -> tuple[WordSet, ...]:
    """All sets that ship, in the order of the files."""
    return tuple(one for text in THEMES.values() for one in read_sets(text))


def read_sets(text: str) -> Iterator[WordSet]:
    """The sets of one file."""
    head = ""
    lines: list[str] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        if line[0] != " ":
            if head:
                yield _set(head, lines)
            head, lines = line, []
        elif lines and lines[-1].count("(") > lines[-1].count(")"):
            lines[-1] += f" {line.strip()}"  # a member too long for a line breaks inside its brackets
        else:
            lines.append(line.strip())
    if head:
        yield _set(head, lines)


def _set(head: str, lines: list[str]) -> WordSet:
    name, _, meaning = head.partition(":")
    at = next((number for number, line in enumerate(lines) if line.startswith("not:")), len(lines))
    ignored = "\n".join(lines[at:]).removeprefix("not:")
    return WordSet(name.strip(), _members("\n".join(lines[:at])), _members(ignored), meaning.strip())


def _members(block: str) -> tuple[str, ...]:
    return tuple(member for line in block.splitlines() for member in bars(line) if member)
