"""One change of a watch, with what speaks for it.

Nouns only; edits are thought up in leader_edits.py and event_edits.py and chosen in learner.py.
"""

from dataclasses import dataclass
from typing import Literal

from monitor.types import Watch

Action = Literal["add", "remove"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A value that a field of the watch's YAML gains or loses; `field` is the key there."""

    field: str
    action: Action
    value: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A watch as it would be, and by which changes; `words` are those that the editor would write or delete.

    `part` is a query that holds where the edit's own words stand, "" where there are none. `known` is the share of
    what it takes in, or leaves out, that is right by all experience with edits of its kind, whatever the marks; None
    for words of which nothing is known. `needs`: the least marks that must speak for it.
    """

    watch: Watch
    changes: tuple[FieldChange, ...]
    words: int
    about: str
    part: str = ""
    known: float | None = None
    needs: int = 1
