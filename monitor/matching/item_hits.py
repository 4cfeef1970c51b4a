"""What one scan found in an item, as a query asks for it: terms, leaders, people, each where it stands.

Holds and narrows only; who is named was decided in matching/leaders.py, what a query wants in matching/query_plans.py.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from monitor.matching.spans import Span, SpanCover
from monitor.matching.text import Text


class NamedPerson(NamedTuple):
    """A leader or a state office named at `span`; two with one `who` are one person."""

    span: Span
    who: str


Trigger = int | str
"""What must be there before a query is worth evaluating: a term's number, "@id", or "@*"."""


_Key = TypeVar("_Key", int, str)


def _kept(spans_of: Mapping[_Key, Sequence[Span]], parts: Sequence["ItemHits"]) -> dict[_Key, Sequence[Span]]:
    """What of each stands in one of the parts."""
    kept = ((key, [span for part in parts for span in part.framed(spans)]) for key, spans in spans_of.items())
    return {key: spans for key, spans in kept if spans}


@dataclass(frozen=True, slots=True)
class ItemHits:
    """What stands in an item: spans of each term and each leader, in order, and everybody named.

    `present` says which triggers are there, in the item as a whole.
    """

    terms: Mapping[int, Sequence[Span]]
    leaders: Mapping[str, Sequence[Span]]
    people: Sequence[NamedPerson]
    texts: Sequence[Text]
    present: AbstractSet[Trigger]
    frame: Span | None = None
    whole: "ItemHits | None" = None
    """All that stands in the item, where this leaves some of it out."""
    covers: dict[object, SpanCover] = field(default_factory=dict, compare=False)
    """What each named set ignores in the whole item, found once however many sentences are asked."""

    def within(self, frame: Span) -> "ItemHits":
        """The same, less what is outside of `frame`: it is left out when asked for, since most of it never is."""
        if self.frame is not None:
            same = self.frame.field == frame.field
            start, end = max(frame.start, self.frame.start), min(frame.end, self.frame.end)
            frame = Span(frame.field, start, end if same else 0)
        return ItemHits(
            self.terms, self.leaders, self.people, self.texts, self.present, frame, self.whole or self, self.covers
        )

    def only(self, frames: Sequence[Span]) -> "ItemHits":
        """The same, less what is outside of all `frames`, which are in order and apart."""
        parts = [self.within(frame) for frame in frames]
        people = [one for part in parts for one in part.named()]
        terms = _kept(self.terms, parts)
        return ItemHits(
            terms,
            _kept(self.leaders, parts),
            people,
            self.texts,
            self.present,
            self.frame,
            self.whole or self,
            self.covers,
        )

    def framed(self, spans: Sequence[Span]) -> Sequence[Span]:
        """Those of `spans`, which are in order, that stand inside the frame."""
        frame = self.frame
        if frame is None:
            return spans
        first = bisect_left(spans, Span(frame.field, frame.start, 0))
        last = bisect_left(spans, Span(frame.field, frame.end, 0), first)
        return [span for span in spans[first:last] if span.end <= frame.end]

    def named(self) -> Sequence[NamedPerson]:
        """The people inside the frame."""
        frame = self.frame
        if frame is None:
            return self.people
        first = bisect_left(self.people, NamedPerson(Span(frame.field, frame.start, 0), ""))
        last = bisect_left(self.people, NamedPerson(Span(frame.field, frame.end, 0), ""), first)
        return [one for one in self.people[first:last] if one.span.end <= frame.end]

    def without(self, hidden: Sequence[Span]) -> "ItemHits":
        """The same, less the terms that overlap one of `hidden`."""
        return self.uncovered(SpanCover(hidden)) if hidden else self

    def uncovered(self, cover: SpanCover) -> "ItemHits":
        """The same, less the terms that `cover` touches, and what is outside of the frame."""
        kept = (
            (number, [one for one in self.framed(spans) if not cover.touch(one)])
            for number, spans in self.terms.items()
        )
        terms = {number: spans for number, spans in kept if spans}
        return ItemHits(
            terms, self.leaders, self.people, self.texts, self.present, self.frame, self.whole or self, self.covers
        )
