"""Later items may show that two stories are one, or that one was two: decides which, from how alike their items are.

Pure, and knows no window: it is handed matrices of log-odds (similarity.py). Better never than wrong: a story that was
merged wrongly hides news, and a message that was corrected twice is believed by nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.types import ItemId, Reason, ReasonCode, StoryId

REVIEWED = 8  # latest members of a story that are compared; two such stories take 64 comparisons, some 2 ms
LEAST_MERGED = 3  # items: of two alone the first look has decided, and nothing new was seen since
BRIDGE = 0.0  # log-odds that an item tells another story too, from which the two are held against each other
ONE_STORY = 2.5  # mean log-odds over all pairs of two stories; by reading, at 2.0 one merge in four was wrong
EACH_BELONGS = 0.5  # of every single item with the other story: none that came in by mistake may pull the rest along
MOST_SPLIT = 12  # members: a story that so many tell is not taken apart for what a part of them stresses
LEAST_GROUP = 2  # items on each side of a cut: one that stands apart may be an aspect, two have found each other
STRAINED = -1.0  # log-odds with one member, while it is like another, at which a story is looked at as a whole
APART = -3.0  # mean log-odds over all pairs across a cut
NEVER_BRIDGED = 2.0  # of the best pair across it: above that, somebody tells both
TOGETHER = 1.0  # mean log-odds within each side
LIMIT = 6.0  # log-odds are capped: one syndicated copy must not speak for all

MERGED = Reason(ReasonCode.MERGED)
PARTED = Reason(ReasonCode.PARTED)

Similarities = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Merge:
    """The story `gone` is one with the older `into`."""

    into: StoryId
    gone: StoryId
    reason: Reason = MERGED


@dataclass(frozen=True, slots=True)
class Split:
    """Those items of `story` are a story of their own; the side of its first item keeps its name."""

    story: StoryId
    items: tuple[ItemId, ...]
    reason: Reason = PARTED


Revision = Merge | Split


def capped(odds: float) -> float:
    """Log-odds within ±LIMIT."""
    return max(-LIMIT, min(LIMIT, odds))


def are_one(across: Similarities) -> float | None:
    """How surely two stories are one, given log-odds of each item of one (rows) with each of the other; None: not."""
    columns = list(zip(*across, strict=True))
    if not columns or len(across) + len(columns) < LEAST_MERGED:
        return None
    means = [_mean([capped(odds) for odds in line]) for line in (*across, *columns)]
    sure = _mean(means[: len(across)])
    return sure if sure >= ONE_STORY and min(means) >= EACH_BELONGS else None


def is_strained(links: Sequence[float]) -> bool:
    """Whether an item with these log-odds to the members of its story is like some and unlike others."""
    return len(links) + 1 >= 2 * LEAST_GROUP and max(links) >= 0 and min(links) <= STRAINED


def cut(within: Similarities) -> tuple[frozenset[int], frozenset[int]] | None:
    """The two groups that a story falls into, by places in the symmetric matrix `within`; None: it is one.

    The first group holds place 0. Groups grow from the last item, by whoever is more like it than like the rest.
    """
    size = len(within)
    if not 2 * LEAST_GROUP <= size <= MOST_SPLIT:
        return None
    odds = [[capped(each) for each in line] for line in within]
    group, rest = [size - 1], list(range(size - 1))
    while True:
        drawn = []
        for one in rest:
            to_group = [odds[one][other] for other in group]
            to_rest = [odds[one][other] for other in rest if other != one]
            if _mean(to_group) > max(0.0, _mean(to_rest) if to_rest else -LIMIT):
                drawn.append((_mean(to_group) + min(to_group), one))
        if not drawn:
            break
        _, one = max(drawn)
        group.append(one)
        rest.remove(one)
    if min(len(group), len(rest)) < LEAST_GROUP:
        return None
    across = [odds[a][b] for a in group for b in rest]
    if _mean(across) > APART or max(across) >= NEVER_BRIDGED:
        return None
    for side in (group, rest):
        if _mean([odds[a][b] for a in side for b in side if a < b]) < TOGETHER:
            return None
    sides = frozenset(rest), frozenset(group)
    return sides if 0 in sides[0] else (sides[1], sides[0])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
