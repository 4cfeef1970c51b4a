"""What a survey proposes, with the sentences that speak for it.

Nouns only; what is proposed is decided in rises.py, spellings.py and office_holders.py beside this file.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from monitor.types import WatchId

Kind = Literal["holder", "spelling", "name"]
Nature = Literal["person", "other", ""]


@dataclass(frozen=True, slots=True, order=True)
class Example:
    """A sentence of an item, with the day and the outlet that printed it."""

    day: date
    outlet: str
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing to add to the watchlists, with what speaks for it; `score` ranks within its kind.

    holder: `name` follows the office `office` since `first`, in place of `leader` (its offices[office_index]); `known`
    is set when a watched leader took over. spelling: `name` looks like a form of `leader`. name: nobody watches it;
    `aliases` are its other forms, `office` what stands before it, `nature` whether it is somebody or something.
    """

    kind: Kind
    name: str
    score: float
    items: int
    why: str
    examples: tuple[Example, ...]
    first: date
    leader: WatchId | None = None
    office: str = ""
    office_index: int | None = None
    known: WatchId | None = None
    aliases: tuple[str, ...] = ()
    nature: Nature = ""
