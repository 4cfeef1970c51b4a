"""Marks: items of which a person said whether they concern a watch, and how far a watch agrees with them.

Nouns and sums; what follows from them is for learn/learner.py.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from monitor.types import Item


@dataclass(frozen=True, slots=True)
class Mark:
    """An item, and whether somebody wants to be told of it."""

    item: Item
    right: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a watch judges marks: those told rightly and wrongly, and those left out wrongly and rightly."""

    told_right: int
    told_wrong: int
    missed: int
    left: int

    @classmethod
    def of(cls, marks: Sequence[Mark], told: Collection[int]) -> "Agreement":
        """The judgement of marks by a watch that tells of those in `told`, by place."""
        right = sum(marks[place].right for place in told)
        rights = sum(mark.right for mark in marks)
        wrong = len(told) - right
        return cls(right, wrong, rights - right, len(marks) - rights - wrong)

    @property
    def precision(self) -> float:
        """Of what is told, the share that is right; 1 where nothing is told."""
        told = self.told_right + self.told_wrong
        return self.told_right / told if told else 1.0

    @property
    def recall(self) -> float:
        """Of what is right, the share that is told; 1 where nothing is right."""
        right = self.told_right + self.missed
        return self.told_right / right if right else 1.0

    @property
    def agreeing(self) -> int:
        """How many marks are judged as they were marked."""
        return self.told_right + self.left
