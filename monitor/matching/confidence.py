"""What speaks for a watch, kind by kind, and how often each kind is right.

Holds the figures only; which kind a match rests on is decided in leaders.py, the rules beside it and event_finder.py.

A score is (right + 1) / (read + 2), Laplace's rule, so that a kind of which little was read claims little. What was
read: matches drawn at random from 73,000 unlabelled items of 2025-08..12 and 2026-07..08 (the rarer the kind, the
larger its share) and judged by eye, together with those of the labelled items; a match that a fair judge might decide
either way counts half. Kinds of which fewer than three were read stand at most one hundredth above their nearest
weaker relative. Draw and read anew when the rules change: benchmarks/mentions prints this table beside the shares
right on the labelled items.
"""

from enum import Enum


class Confidence(Enum):
    """A kind of evidence: what it is, how often matches on it alone are right, and how many were read to know it."""

    meaning: str
    score: float
    read: int

    def __init__(self, meaning: str, score: float, read: int) -> None:
        self.meaning, self.score, self.read = meaning, score, read

    FULL_NAME = ("full name", 0.99, 221)
    OWN_NAME = ("Vietnamese full name", 0.99, 119)
    TITLED_NAME = ("last name behind an office", 0.98, 102)
    POLITE_NAME = ("last name behind ông, bà", 0.99, 89)
    LAST_NAME = ("last name", 0.93, 42)
    COMMON_TITLED = ("common name behind its office", 0.98, 50)
    COMMON_NEAR = ("common name by its neighbours", 0.90, 18)
    SHORT_NAMED = ("short form, full name in the item", 0.98, 0)
    SHORT_OFFICE = ("short form, office in the item", 0.98, 1)
    SHORT_NEAR = ("short form by its neighbours", 0.97, 32)
    OFFICE_STATE = ("office and state", 0.98, 97)
    OFFICE_UNIQUE = ("office there is one of", 0.88, 10)
    OFFICE_HOME = ("lone office in home news", 0.97, 56)
    OFFICE_MIXED = ("lone office beside foreign names", 0.91, 53)
    OFFICE_SECOND = ("lone office beside another holder", 0.70, 0)
    OFFICE_LISTED = ("office shared in a list", 0.91, 9)
    OFFICE_UNDATED = ("office in an item without a date", 0.80, 0)
    OFFICE_UNDERSTOOD = ("office whose state opens the sentence", 0.80, 5)
    OFFICE_PHRASE = ("words that stand for an office", 0.88, 0)
    EVENT_TITLE = ("query within the title", 0.96, 215)
    EVENT_CLAUSE = ("query within one clause of the lead", 0.90, 135)
    EVENT_SPREAD = ("query over clauses, or title and lead", 0.83, 55)
    EVENT_TEXT = ("query that needs the full text, prominent there", 0.50, 30)
    EVENT_PASSING = ("query in passing in the full text", 0.12, 30)
