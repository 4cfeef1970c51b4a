"""What field of news a text is from, as a direction in a space of 32 dimensions: latent semantic analysis.

Words that stand in the same news point the same way ("lĩnh án", "tuyên phạt"), so that two reports of one event are
known by more than the words they share. Knows nothing of stories; `python -m benchmarks.stories.train --meaning` makes
the directions (Deerwester et al. 1990, "Indexing by latent semantic analysis") from unlabelled titles and leads.
"""

import math
from array import array
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from operator import mul

DIMENSIONS = 32
ZERO = 128  # added to every number of a word and of a text, so that none is negative
LENGTH = 127  # of a text's direction, whose numbers are whole ones: as many bytes, the same after a restart
LANE = 4  # bytes; a sum of numbers below 256 stays within its lane for texts of any length

NOWHERE = bytes([ZERO]) * DIMENSIONS  # the direction of a text none of whose words is known


def meaning_of(terms: Iterable[int]) -> bytes:
    """The direction of a text's words, of length LENGTH, ZERO added to each number. Some 10 µs."""
    table = _table()
    total = known = 0
    for one in terms:
        lanes = table.get(one)
        if lanes is not None:
            if isinstance(lanes, bytes):  # the numbers of a word side by side in one, once the word is met
                lanes = table[one] = int.from_bytes(array("I", list(lanes)).tobytes(), "little")
            total += lanes  # 32 sums at once: one addition of two long numbers
            known += 1
    if not known:
        return NOWHERE
    sums = array("I")
    sums.frombytes(total.to_bytes(DIMENSIONS * LANE, "little"))
    middle = ZERO * known
    numbers = [one - middle for one in sums]
    length = math.hypot(*numbers) or 1.0
    return bytes([ZERO + round(LENGTH * one / length) for one in numbers])


class Direction:
    """A direction, made ready to be compared with many."""

    def __init__(self, meaning: bytes) -> None:
        self._numbers = [one - ZERO for one in meaning]
        self._shift = ZERO * sum(self._numbers)

    def cosine(self, other: bytes) -> float:
        """The cosine with another direction."""
        shared: int = sum(map(mul, self._numbers, other))
        return (shared - self._shift) / (LENGTH * LENGTH)


@cache
def _table() -> dict[int, bytes | int]:
    """The numbers of each word, ZERO added: as bytes, and LANE bytes each in one number once it was met."""
    packed = files("monitor.stories.grouping").joinpath("meaning.bin").read_bytes()
    words = len(packed) // (LANE + DIMENSIONS)
    terms = array("I")
    terms.frombytes(packed[: words * LANE])
    rows = packed[words * LANE :]
    return {one: rows[at * DIMENSIONS : (at + 1) * DIMENSIONS] for at, one in enumerate(terms)}
