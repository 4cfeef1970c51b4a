"""The phrases of an item: some words side by side in one clause, as a query or a list of words can hold them.

Knows letters and clauses; which phrases say something is for support.py beside this file.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.matching import text as texts
from monitor.matching.text import Text
from monitor.text.words import bars, is_vietnamese
from monitor.types import Item

LONGEST: Final = 4  # words: "đề nghị truy tố"; longer ones are sentences of one newspaper

_WORD = re.compile(r"\w+(?:[.&]\w+)*")
_NUMBER = re.compile(r"[\d.,]+")
_NO_START: Final = frozenset(
    bars(
        """
    và | của | là | ở | tại | trong | với | cho | các | những | một | này | được | đã | sẽ | đang | có | khi | để | từ |
    đến | trên | dưới | vào | ra | về | do | vì | theo | như | cùng | cũng | lại | còn | mới | vừa | nhiều | ít | hơn |
    nhất | rất | quá | sau | trước | giữa | qua | bằng | thì | mà | nhưng | hay | hoặc | nếu | đó | ấy | kia | nào |
    gì | ai | đâu | mấy | mỗi | từng | phải | nên | rằng | tới | hôm | chỉ | đều | vẫn | đây | thêm | khiến | gần | ngay
    """
    )
)
_NO_END: Final = _NO_START | frozenset(bars("bị | không | sao | việc | sự | cái | chiếc | người | ông | bà | số"))
"""Words with which no phrase begins, or ends, that says something."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words where they stand: characters [start, end) of the field's `low`, `key` is that slice."""

    key: str
    written: str
    field: int
    start: int
    end: int
    words: int


def fields_of(item: Item) -> list[Text]:
    """Title and lead, made ready."""
    return [Text(item.title), Text(item.lead)]


def phrases(fields: Sequence[Text], *, longest: int = LONGEST) -> Iterator[Phrase]:
    """Every phrase of an item that neither begins nor ends with a word that says nothing."""
    for number, text in enumerate(fields):
        words = [found.span() for found in _WORD.finditer(text.low)]
        for first, (start, before) in enumerate(words):
            if text.low[start:before] in _NO_START:
                continue
            end = before
            for count in range(longest):
                if count:
                    if first + count >= len(words) or words[first + count][0] != end + 1 or text.low[end] != " ":
                        break
                    end = words[first + count][1]
                last = text.low[words[first + count][0] : end]
                if _NUMBER.fullmatch(last):
                    break
                if last not in _NO_END:
                    yield Phrase(text.low[start:end], text.plain[start:end], number, start, end, count + 1)


def keys_of(item: Item) -> set[str]:
    """The keys of all phrases of an item."""
    return {phrase.key for phrase in phrases(fields_of(item))}


def says_something(key: str) -> bool:
    """Whether a phrase may stand alone: one Vietnamese syllable is a piece of many words."""
    return " " in key or not (is_vietnamese(key) or len(key) < 3)


def spelling(written: Collection[str]) -> str:
    """How a phrase is written here: with capitals only where each word has one in every place."""
    lowest = min(written, key=lambda form: (sum(map(str.isupper, form)), form))
    words = lowest.split()
    named = all(word[:1].isupper() for word in words) and len(words) > 1
    return texts.plain(lowest) if named or lowest.isupper() else texts.plain(lowest).lower()
