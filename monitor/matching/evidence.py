"""The slices of an item that a match rests on.

Cuts out only; what is evidence was decided before.
"""

from collections.abc import Sequence
from typing import Final, Literal

from monitor.matching.spans import Span
from monitor.matching.text import Text
from monitor.types import Evidence

MAX_EVIDENCE: Final = 50  # a match needs no more to be believed; 1 MB of one name stays a small row
_FIELDS: Final[tuple[Literal["title", "summary", "body"], ...]] = ("title", "summary", "body")


def evidence_at(spans: Sequence[Span], fields: Sequence[Text]) -> tuple[Evidence, ...]:
    """What stands at these places in the item's own texts, of many the first."""
    shown: list[Evidence] = []
    for span in spans[:MAX_EVIDENCE]:
        text = fields[span.field]
        start, end = text.span(span.start, span.end)
        shown.append(Evidence(_FIELDS[span.field], start, end, text.source[start:end]))
    return tuple(shown)
