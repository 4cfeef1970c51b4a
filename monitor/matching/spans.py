"""Places in an item, and many of them merged so that asking is quick.

Knows numbers only: what stands at a place is for whoever found it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """[start, end) of the field with this number: 0 title, 1 lead, 2 body."""

    field: int
    start: int
    end: int


class SpanCover:
    """Spans merged into disjoint ones, so that asking is a bisection."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._merged: list[Span] = []
        for span in sorted(spans):
            last = self._merged[-1] if self._merged else None
            if last and last.field == span.field and span.start <= last.end:
                self._merged[-1] = Span(last.field, last.start, max(last.end, span.end))
            else:
                self._merged.append(span)

    def touch(self, span: Span) -> bool:
        """Whether a span overlaps any of them."""
        place = bisect_left(self._merged, Span(span.field, span.end, 0)) - 1
        return place >= 0 and self._merged[place].field == span.field and self._merged[place].end > span.start


def without_inner(spans: Sequence[Span]) -> list[Span]:
    """Spans in order, less those inside another."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.field, span.start, -span.end)):
        if not kept or kept[-1].field != span.field or span.end > kept[-1].end:
            kept.append(span)
    return kept
