"""Marks that chats make without knowing: what somebody complained of is wrong, and of what nobody did some is right.

Pure: ids in, ids out.
"""

from collections.abc import Sequence
from typing import Final

TRUSTED: Final = 3  # told items that nobody complained of, for each complaint
FEWEST: Final = 10  # of them, however few complaints there are


def trusted(told: Sequence[str], wrong: Sequence[str]) -> list[str]:
    """Of what was told, oldest first, and not complained of, as much as counts as right: evenly of the time."""
    calm = [each for each in told if each not in wrong]
    most = min(len(calm), max(TRUSTED * len(wrong), FEWEST) if wrong else 0)
    return [calm[number * len(calm) // most] for number in range(most)]
