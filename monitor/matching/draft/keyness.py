"""Words that go with some items more than chance explains, against a background of all of them.

Counts items, not occurrences; which of the words are any use in a watch is for whoever asks.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.matching import text as texts
from monitor.matching.suggest.rises import SURE, log_likelihood
from monitor.matching.text import Text
from monitor.text.words import LARGE_LETTERS, bars
from monitor.types import Item

LONGEST: Final = 3  # syllables of a phrase
MIN_LIFT: Final = 4.0  # times the share in the background
_BREAK: Final = re.compile(r"[^\w\s\-]+|\s-\s")
_WORD: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_CAPITALS: Final = re.compile(
    rf"[{LARGE_LETTERS}][^\W_]*(?:[ -][{LARGE_LETTERS}][^\W_]*)+|[A-ZĐ][A-Za-z]*[A-Z][A-Za-z]*"
)
FUNCTION_WORDS: Final = frozenset(
    bars(
        """
    là | và | của | có | được | cho | trong | với | các | những | một | này | đó | khi | để | từ | đến | tại |
    về | ở | ra | vào | theo | sau | trước | trên | dưới | không | đã | đang | sẽ | bị | do | vì | nên | nhưng
    | cũng | như | còn | rất | hơn | nhất | nhiều | ít | mọi | mỗi | cùng | hay | hoặc | nếu | thì | mà | lại
    | người | năm | ngày | tháng | ông | bà | anh | chị | mới | chỉ | vẫn | vừa | qua | lên | xuống | nay |
    hai | ba | bốn | giữa | gần | hết | chưa | cả | nói | thêm | bằng | làm | đi | lúc | nào | gì | ai | sự |
    việc | cách | nơi | đây | vài | nhau | tới | rồi | đầu | cuối | đến | nhằm | bởi | tuy | song
    """
    )
)


@dataclass(frozen=True, slots=True)
class Companion:
    """A word or phrase that goes with items: in how many of them, and how surely it is no chance."""

    term: str
    items: int
    share: float  # of the items
    lift: float  # times its share in the background
    surprise: float


def phrases(text: Text) -> set[str]:
    """The runs of one to three syllables of a text that no punctuation parts and no small word begins or ends."""
    found: set[str] = set()
    for clause in _BREAK.split(text.low):
        words = _WORD.findall(clause)
        for at in range(len(words)):
            if words[at] in FUNCTION_WORDS:
                continue
            for length in range(1, LONGEST + 1):
                run = words[at : at + length]
                if len(run) == length and run[-1] not in FUNCTION_WORDS:
                    found.add(" ".join(run))
    return found


def capitals(text: Text) -> set[str]:
    """Runs of words with capitals, as written: firms, places, people."""
    return set(_CAPITALS.findall(text.plain))


class Background:
    """How often phrases stand in a sample of all items."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.total = len(items)
        self._counts: Counter[str] = Counter()
        self._lows: list[str] = []
        for item in items:
            fields = (Text(item.title), Text(item.lead))
            self._counts.update(phrases(fields[0]) | phrases(fields[1]))
            self._lows.append(f" {fields[0].low} | {fields[1].low} ")

    def count(self, phrase: str) -> int:
        """In how many items of the sample a phrase stands."""
        return self._counts[phrase]

    def adhesion(self, one: str, other: str) -> float:
        """Of the items with both words, in how many they stand side by side (0..1)."""
        beside = re.compile(rf"(?<!\w){re.escape(one)} {re.escape(other)}(?!\w)")
        words = [re.compile(rf"(?<!\w){re.escape(word)}(?!\w)") for word in (one, other)]
        both = [low for low in self._lows if one in low and other in low and all(word.search(low) for word in words)]
        return sum(beside.search(low) is not None for low in both) / len(both) if len(both) > 1 else 0.0


def companions(
    items: Iterable[tuple[Text, ...]],
    background: Background,
    *,
    without: Collection[str] = (),
    least: int = 1,
    most: int = 40,
) -> list[Companion]:
    """The phrases of `least` syllables or more that go with items, the surest first.

    Those that share a syllable with `without` are left out.
    """
    counts: Counter[str] = Counter()
    total = 0
    for fields in items:
        total += 1
        counts.update(set[str]().union(*map(phrases, fields)))
    own = {word for name in without for word in texts.key(name).split()}
    found = [
        _companion(term, count, total, background)
        for term, count in counts.items()
        if count > 1 and term.count(" ") + 1 >= least
    ]
    sure = (one for one in found if one.surprise >= SURE and one.lift >= MIN_LIFT and own.isdisjoint(one.term.split()))
    return _without_parts(sorted(sure, key=lambda one: (-one.surprise, one.term)))[:most]


def _companion(term: str, count: int, total: int, background: Background) -> Companion:
    elsewhere = background.count(term)
    share, usual = count / total, (elsewhere + 0.5) / max(1, background.total)
    surprise = log_likelihood(count, total, min(elsewhere, background.total), max(1, background.total))
    return Companion(term, count, share, share / usual, surprise)


def _without_parts(found: Iterable[Companion]) -> list[Companion]:
    """Each idea once: of a phrase and its parts the one that came first."""
    kept: list[Companion] = []
    for one in found:
        if all(f" {one.term} " not in f" {other.term} " and f" {other.term} " not in f" {one.term} " for other in kept):
            kept.append(one)
    return kept


def proper_names(
    items: Sequence[tuple[Text, ...]], background: Background, *, without: Collection[str] = (), most: int = 12
) -> list[str]:
    """The names that go with items, as written, the surest first: firms, places, people."""
    counts: Counter[str] = Counter()
    for fields in items:
        counts.update(set[str]().union(*map(capitals, fields)))
    own = {word for name in without for word in texts.key(name).split()}
    found = []
    for name, count in counts.items():
        one = _companion(texts.key(name), count, len(items), background)
        if count > 1 and one.surprise >= SURE and one.lift >= MIN_LIFT and own.isdisjoint(one.term.split()):
            found.append((one, name))
    ranked = sorted(found, key=lambda pair: (-pair[0].surprise, pair[1]))
    kept = _without_parts([one for one, _ in ranked])
    return [name for one, name in ranked if one in kept][:most]
