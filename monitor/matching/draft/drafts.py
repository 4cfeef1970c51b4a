"""What a draft is: one watch, with what speaks for each of its lines.

Nouns only; what is drafted is decided in leader_draft.py and event_draft.py, how it is written in draft_yaml.py.
"""

from dataclasses import dataclass
from typing import Final

from monitor.types import Watch

EXAMPLES: Final = 3  # items shown for a proposal


@dataclass(frozen=True, slots=True)
class Sample:
    """An item that speaks for a proposal: its id as given and its title."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class FieldProposal:
    """One value of one key of the watch, `support` being the number of items that speak for it.

    `why` goes beside the line as a comment. `taken` is False for what was looked at and left out: a comment alone.
    """

    field: str
    value: str
    support: int
    why: str
    examples: tuple[Sample, ...] = ()
    taken: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """A watch, what speaks for it, and what whoever reads it should know first. `found`: the items knew of it."""

    watch: Watch
    proposals: tuple[FieldProposal, ...]
    notes: tuple[str, ...] = ()
    found: bool = True
