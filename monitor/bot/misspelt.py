"""Names that were nearly typed: "natanyahu", "putn", "tran than man".

Pure; knows names, not watchlists. The rule: the whole name is alike, or one word of it that no Vietnamese syllable
looks like. An ordinary word of Vietnamese therefore is nobody's name, however near it comes to one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from monitor.matching.name_similarity import sound
from monitor.matching.romanisation import distance
from monitor.text.words import has_marks, is_vietnamese, unmarked

LEAST_LETTERS = 4  # of a word that may be a slip of the pen
LONG = 8  # letters, from which on two slips are allowed
LONG_NAME = 3  # syllables of a Vietnamese name in which one letter may be wrong
SURE_LETTERS = 6  # of a Vietnamese name of which only the marks are wrong
CANDIDATES = 50  # that share most trigrams and are compared letter by letter


@lru_cache(maxsize=65536)
def bare(word: str) -> str:
    """A word in small letters without marks."""
    return unmarked(word.casefold()).replace("ð", "d").replace("ɖ", "d")


class Misspelt:
    """An index of names; `names` are words as they are written, in small letters."""

    def __init__(self, names: Iterable[Sequence[str]]) -> None:
        self._entries: list[tuple[str, tuple[str, ...]]] = []  # letters without blanks; the name's words
        self._by_trigram: dict[str, list[int]] = defaultdict(list)
        self._begins: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        seen: set[tuple[str, tuple[str, ...]]] = set()
        for each in names:
            words = tuple(each)
            keys = ["".join(map(bare, words)), *(bare(word) for word in words if is_foreign(word))]
            for key in keys:
                if (key, words) not in seen and len(key) >= LEAST_LETTERS:
                    seen.add((key, words))
                    self._add(key, words)

    def _add(self, key: str, words: tuple[str, ...]) -> None:
        for trigram in _trigrams(key):
            self._by_trigram[trigram].append(len(self._entries))
        self._entries.append((key, words))
        if any(bare(word) == key and is_foreign(word) for word in words):
            self._begins[key[:LEAST_LETTERS]].append((key, words))

    def near(self, asked: Sequence[str]) -> list[tuple[str, ...]]:
        """The names that these words nearly are, the nearest first; empty when they are nobody's."""
        typed = bare("".join(asked))
        if len(typed) < LEAST_LETTERS:
            return []
        shared = Counter(place for trigram in _trigrams(typed) for place in self._by_trigram.get(trigram, ()))
        found: list[tuple[int, str, tuple[str, ...]]] = []
        for place, _ in shared.most_common(CANDIDATES):
            key, words = self._entries[place]
            slips = self._slips(asked, typed, key, words)
            if slips is not None:
                found.append((slips, key, words))
        found += ((1, key, words) for key, words in self._begun(asked, typed))
        return list(dict.fromkeys(words for _, _, words in sorted(found)))

    def _slips(self, asked: Sequence[str], typed: str, key: str, words: tuple[str, ...]) -> int | None:
        """How many letters are wrong; None: it is another name."""
        if all(map(is_vietnamese, words)):
            return _slips_at_home(asked, typed, key, words)
        if all(map(is_vietnamese, asked)):
            # "tram" is no Trump, nor "mơ đi" Modi; but one may have parted a name into syllables
            joined = typed == key and len(typed) > LEAST_LETTERS and not any(map(has_marks, asked))
            return 0 if joined else None
        longest = max(len(typed), len(key))
        most = 2 if min(len(typed), len(key)) >= LONG else 1
        if longest == LEAST_LETTERS and (len(typed) != len(key) or typed[0] != key[0]):
            return None
        slips = _distance(typed, key, most)
        if slips > most and longest > LEAST_LETTERS and sound(typed) == sound(key):
            return most
        return slips if slips <= most else None

    def _begun(self, asked: Sequence[str], typed: str) -> list[tuple[str, tuple[str, ...]]]:
        """Foreign names that begin like this: half of the letters, of what looks Vietnamese all but the last."""
        if len(asked) != 1 or any(map(has_marks, asked)):
            return []
        left = 1 if is_vietnamese(typed) else len(typed)
        return [
            each
            for each in self._begins.get(typed[:LEAST_LETTERS], ())
            if each[0].startswith(typed) and len(each[0]) - len(typed) <= left
        ]


def is_foreign(word: str) -> bool:
    """Whether a word of a name means nobody else: long enough, and no Vietnamese syllable."""
    return len(word) >= LEAST_LETTERS and not is_vietnamese(word)


def _slips_at_home(asked: Sequence[str], typed: str, key: str, words: tuple[str, ...]) -> int | None:
    """Of a Vietnamese name only the whole counts: its syllables are everybody's words."""
    if len(words) < 2 or key != bare("".join(words)):
        return None
    if typed == key:
        if len(asked) == len(words):
            return 0 if len(key) >= SURE_LETTERS else None
        return 0 if len(asked) == 1 and not is_vietnamese(typed) else None
    is_long = len(words) >= LONG_NAME and len(asked) >= LONG_NAME - 1
    return 1 if is_long and _distance(typed, key, 1) <= 1 else None


def _distance(one: str, other: str, most: int) -> int:
    """Letters that are wrong; two neighbours in the other order are one mistake."""
    slips = distance(one, other, most)
    if slips > most and len(one) == len(other) and most:
        wrong = [place for place, (mine, theirs) in enumerate(zip(one, other, strict=True)) if mine != theirs]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1 and one[wrong[0]] == other[wrong[1]]:
            return 1
    return slips


def _trigrams(word: str) -> frozenset[str]:
    padded = f"  {word} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))
