"""Whether a summary denies what its sources say, or says what they deny.

Knows a few words and how far each reaches; no grammar.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from monitor.stories.summary.candidates import syllables_of

SHORT_NEGATION, LONG_NEGATION = 3, 6  # syllables that "không" and "bác bỏ" reach over

Pair = tuple[str, ...]  # two neighbouring syllables

_SHORT = frozenset({"không", "chưa", "chẳng", "đừng"})
_LONG = frozenset({("bác", "bỏ"), ("phủ", "nhận"), ("từ", "chối"), ("hủy", "bỏ"), ("phản", "đối"), ("ngăn", "chặn")})
_NO_NEGATION = frozenset(
    {("không", "quân"), ("không", "gian"), ("không", "khí"), ("hàng", "không"), ("không", "chỉ"), ("hay", "không")}
)


def wrong_negation(text: str, sources: Sequence[str]) -> str | None:
    """What `text` says and the sources only say with the opposite sign; texts as `plain` in factcheck.py."""
    said: set[Pair] = set()
    denied: set[Pair] = set()
    for source in sources:
        for pair, negated in _signed_pairs(source):
            (denied if negated else said).add(pair)
    for pair, negated in _signed_pairs(text):
        mine, opposite = (denied, said) if negated else (said, denied)
        if pair in opposite and pair not in mine:
            return " ".join(pair)
    return _denial_of_nobody(text, {word for source in sources for word in syllables_of(source)})


def _denial_of_nobody(text: str, words: Collection[str]) -> str | None:
    """A "bác bỏ" or "phủ nhận" of `text` whose syllables stand nowhere in the sources."""
    running = f" {' '.join(syllables_of(text))} "
    for first, second in _LONG:
        if f" {first} {second} " in running and not (first in words and second in words):
            return f"{first} {second}"
    return None


def _signed_pairs(text: str) -> Iterator[tuple[Pair, bool]]:
    """Neighbouring syllables of each clause, with whether a negation reaches over them."""
    for clause in re.split(r"[.,;:!?()\n\"]", text):
        words = syllables_of(clause)
        until = -1  # the last syllable that a negation so far reaches
        for at in range(len(words)):
            before, pair = tuple(words[max(0, at - 1) : at + 1]), tuple(words[at : at + 2])
            if words[at] in _SHORT and pair not in _NO_NEGATION and before not in _NO_NEGATION:
                until = max(until, at + SHORT_NEGATION)
            elif pair in _LONG:
                until = max(until, at + 1 + LONG_NEGATION)
            elif _is_claim(before, pair):
                yield pair, at <= until


def _is_claim(before: Pair, pair: Pair) -> bool:
    """Whether two syllables are a part of what is said, not of a negation."""
    return len(pair) == 2 and before not in _LONG and pair[1] not in _SHORT
