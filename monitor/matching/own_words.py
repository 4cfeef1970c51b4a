"""What a watch itself says of its person: trades, beginnings of offices, first names. Whatever of it stands beside a
name speaks for the person, and never for somebody else.

Knows one watch and no text; what stands beside a name is read in matching/names.py.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Final

from monitor.matching import romanisation, trades
from monitor.matching import text as texts
from monitor.text.words import is_vietnamese
from monitor.types import Leader, Office, WatchId

FORMER: Final = ("cựu ", "nguyên ", "cố ")
_LESSER: Final = ("phó ", "trợ lý ", "thư ký ", "vợ ", "chồng ", "con trai ", "con gái ")


def is_held(office: Office, day: date | None) -> bool:
    """Whether an office is held on this day; without a day, whether it is held still."""
    if day is None:
        return office.until is None
    return (office.since is None or office.since <= day) and (office.until is None or day < office.until)


class OwnWords:
    """The words of one watch, each kind made ready when a text first asks for it."""

    def __init__(self, leader: Leader) -> None:
        self.leader: Final = leader
        self.is_common: Final = leader.common
        self.has_office: Final = bool(leader.offices)

    def names_trade(self, trade: str) -> bool:
        """Whether the watch calls its person by this trade or by another word for it."""
        return any(f" {word} " in self._all for word in trades.akin(trade))

    def office_before(self, low: str, start: int) -> str:
        """The longest beginning of an own office right before `start`, "" for none; "phó …" is no own one."""
        if not self._ends or not low.endswith(self._ends, 0, start):
            return ""
        for words in self.heads:
            begin = start - 1 - len(words)
            if begin >= 0 and low.startswith(words, begin) and not (begin and low[begin - 1].isalnum()):
                return "" if low.endswith(_LESSER, 0, begin) else words
        return ""

    def holds(self, words: str, day: date | None, *, is_former: bool) -> bool:
        """Whether an office that begins with these words is held on this day, or was before."""
        return any(
            (each.until is not None and (day is None or each.until <= day)) if is_former else is_held(each, day)
            for each in self.heads.get(words, ())
        )

    def is_first_name(self, word: str) -> bool:
        """Whether a word is the person's first name, in whatever letters it is written."""
        return any(romanisation.is_same_first_name(word, own) for own in self._first_names)

    def has_first_name_in(self, plain: str) -> bool:
        """Whether a text has the first name of a foreign person, letter by letter."""
        first, _, rest = self.leader.name.partition(" ")
        if not rest or all(map(is_vietnamese, self._key.split(" "))):
            return False
        return re.search(rf"(?<!\w){re.escape(first)}(?!\w)", plain) is not None

    def is_called(self, word: str) -> bool:
        """Whether a word in small letters is one of the person's name."""
        return word in self._key.split(" ")

    def is_last_part(self, low: str) -> bool:
        """Whether words in small letters are the end of the person's name, and not all of it."""
        return len(low) < len(self._key) and self._key.endswith(f" {low}")

    def is_named(self, written: str) -> bool:
        """Whether this is the person's name, or one that the watch lists."""
        return f"| {texts.key(written)} |" in f"| {self._all.strip()} |"

    @cached_property
    def _key(self) -> str:
        return texts.key(self.leader.name)

    @cached_property
    def heads(self) -> dict[str, list[Office]]:
        """The beginnings of the offices as they stand in a text, the longest first, and the offices of each."""
        found: dict[str, list[Office]] = {}
        for office in self.leader.offices:
            for words in office_heads(office.title):
                found.setdefault(words, []).append(office)
        return dict(sorted(found.items(), key=lambda each: (-len(each[0]), each[0])))

    @cached_property
    def _ends(self) -> tuple[str, ...]:
        return tuple(f"{words} " for words in self.heads)

    @cached_property
    def _first_names(self) -> frozenset[str]:
        return frozenset(first_names(self.leader))

    @cached_property
    def _all(self) -> str:
        leader = self.leader
        written = (leader.name, *leader.aliases, *leader.short, *leader.near, *(each.title for each in leader.offices))
        return f" {' | '.join(map(texts.key, written))} "

    @cached_property
    def titles(self) -> frozenset[str]:
        """The beginnings that few bear at once."""
        return frozenset(words for words in self.heads if not trades.is_of_many(words))


NOBODYS: Final = OwnWords(Leader(WatchId(""), ""))
"""Of a watch that says nothing but a name."""


def office_heads(written: str) -> Iterator[str]:
    """What an office begins with, from its title alone, "thống đốc", to the whole, "thống đốc ngân hàng nhà nước"."""
    words = texts.key(written).split()
    lengths = [count for count in trades.title_lengths(words) if not trades.is_form_of_address(" ".join(words[:count]))]
    first = lengths[0] if lengths else _words_of_title(texts.plain(written).split())
    for count in range(first, len(words) + 1):
        yield " ".join(words[:count])
    if words[first - 1 : first] == ["trưởng"] and words[first : first + 1] not in ([], ["bộ"]):
        yield " ".join((*words[:first], "bộ", *words[first:]))  # "Bộ trưởng Y tế", "Bộ trưởng Bộ Y tế"


def _words_of_title(words: list[str]) -> int:
    """How many words of an office that is in no list are its title: up to the next capital, at least two syllables.

    "Tổng" alone is no title in "Tổng Giám thị trại giam"; an abbreviation is one by itself.
    """
    if words and len(words[0]) > 1 and words[0].isupper():
        return 1
    capitals = [place for place, word in enumerate(words) if place > 1 and word[:1].isupper()]
    return capitals[0] if capitals else len(words)


def first_names(leader: Leader) -> Iterator[str]:
    """The first name of a foreign name, and what else stands right before the last one."""
    words = leader.name.split()
    if len(words) > 1:
        yield words[0]
        yield words[-2]
    for alias in leader.aliases:
        words = alias.split()
        if len(words) == 2:
            yield words[0]
