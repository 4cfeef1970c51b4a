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
ZERO = 128  # added to every number of a word, so that none is negative
LENGTH = 127  # of a text's direction, whose numbers are whole ones: as many bytes, the same after a restart
LANE = 4  # bytes; a sum of numbers below 256 stays within its lane for texts of any length


def meaning_of(terms: Iterable[int]) -> "array[int]":
    """The direction of a text's words, of length LENGTH; all zeros when none of them is known. Some 10 µs."""
    table, lanes = _table(), _lanes
    total = known = 0
    for one in terms:
        lane = lanes.get(one)
        if lane is None:
            row = table.get(one)
            if row is None:
                continue
            lane = lanes[one] = int.from_bytes(array("I", list(row)).tobytes(), "little")
        total += lane  # 32 sums at once: one addition of two long numbers
        known += 1
    sums = array("I")
    sums.frombytes(total.to_bytes(DIMENSIONS * LANE, "little"))
    middle = ZERO * known
    numbers = [one - middle for one in sums]
    length = math.hypot(*numbers) or 1.0
    return array("b", [round(LENGTH * one / length) for one in numbers])


def meaning_cosine(one: "array[int]", other: "array[int]") -> float:
    """The cosine of two directions."""
    shared: int = sum(map(mul, one, other))
    return shared / (LENGTH * LENGTH)


_lanes: dict[int, int] = {}  # the numbers of a word side by side in one, for the words that have been met


@cache
def _table() -> dict[int, bytes]:
    """The numbers of each word, ZERO added."""
    packed = files("monitor.stories.grouping").joinpath("meaning.bin").read_bytes()
    words = len(packed) // (LANE + DIMENSIONS)
    terms = array("I")
    terms.frombytes(packed[: words * LANE])
    rows = packed[words * LANE :]
    return {one: rows[at * DIMENSIONS : (at + 1) * DIMENSIONS] for at, one in enumerate(terms)}
