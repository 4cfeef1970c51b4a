"""How surely a change is meant, from a handful of marks and from the items that nobody marked.

Sums only. A phrase that three marks share says little where a thousand other items have it too, so what a change does
to the unmarked items weighs against the marks.
"""

from dataclasses import dataclass
from typing import Final

# To take in more pays where more than half of F1 of it is right, to leave out where more than 1 less half of F1 of it
# is wrong: for a watch with F1 of 0.8 that is 0.4 and 0.6.
SURE_OF_GAIN: Final = 0.5  # the least share of what a change takes in that must be expected to be right
SURE_OF_LOSS: Final = 0.6  # and of what it leaves out to be wrong
FEW: Final = 5  # matches among the unmarked items below which their number says nothing
DOUBT: Final = 4.0  # marks that what was thought before counts as much as: how many a change covers says little
GROWTH: Final = 4.0  # and this many more for each unmarked item that is touched beside one that is told already
UNKNOWN: Final = 0.35  # of what a word more brings, whatever its marks
MOST_LOST: Final = 0.5  # of what was told; more is left out only where the marks say that so much is wrong


@dataclass(frozen=True, slots=True)
class Side:
    """What a change takes in, or leaves out: marks as they should be and as not, and unmarked items."""

    right: int  # marks judged rightly by it
    wrong: int
    items: int

    @property
    def is_empty(self) -> bool:
        """Whether it touches nothing at all."""
        return not (self.right or self.wrong or self.items)


def expected(side: Side, before: float, told: int) -> float:
    """The share of a side that is right, by its marks and by `before`, what was to be expected without them.

    The more unmarked items a side has beside the `told` ones of the watch, the more marks it takes.
    """
    doubt = DOUBT + GROWTH * side.items / max(told, FEW)
    return (doubt * before + side.right) / (doubt + side.right + side.wrong)


def is_sure(gain: Side, loss: Side, belief: "Belief", told: int) -> bool:
    """Whether both sides of a change are more right than wrong."""
    if not gain.is_empty and expected(gain, belief.gain, told) < SURE_OF_GAIN:
        return False
    if loss.is_empty:
        return True
    if loss.items > max(MOST_LOST, belief.wrong) * max(told, FEW):
        return False
    return expected(loss, belief.loss, told) >= SURE_OF_LOSS


@dataclass(frozen=True, slots=True)
class Belief:
    """What is thought of a change before its marks: of what it takes in, and of what it leaves out.

    `wrong` is the share of what the watch tells that was marked wrong.
    """

    gain: float
    loss: float
    wrong: float
