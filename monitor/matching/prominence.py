"""Whether an item is about what a query finds, or names it in passing.

Looks at places only: title, first sentence, first paragraphs, how often; what a query means is its plan's.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from monitor.matching.item_hits import ItemHits, Trigger
from monitor.matching.query_leaves import QueryPlan
from monitor.matching.spans import Span

HEAD: Final = 700  # characters of a full text: the first paragraphs, where news stands (the inverted pyramid)
TWICE: Final = 2  # sentences that each tell of it, one of them in the first paragraphs
OFTEN: Final = 3  # sentences anywhere: an article does not come back so often to what it only mentions
MOST_SENTENCES: Final = 60  # looked at of one item


class Reading:
    """Where in one item the queries of an event hold.

    `plans` are the queries that do, `words` all terms and leaders that they look for, `spans` where those were found.
    """

    def __init__(
        self, plans: Sequence[QueryPlan], words: AbstractSet[Trigger], spans: Sequence[Span], hits: ItemHits
    ) -> None:
        self._plans = plans
        self._words = words
        self._spans = spans
        self._hits = hits
        self._title, self._lead = (Span(field, 0, len(hits.texts[field].low)) for field in (0, 1))

    @property
    def needs_text(self) -> bool:
        """Whether no query holds in title and lead alone."""
        return any(span.field == 2 for span in self._spans) and not self._holds_in([self._title, self._lead])

    def is_in_passing(self) -> bool:
        """Of what needs the full text: whether it stands there seldom or late.

        It is more than that where it comes OFTEN, and where it stands in the first paragraphs and comes again: a second
        time, or with a word of it in title or lead.
        """
        upper = [self._title, self._lead]
        often = self._holding(upper)
        if often >= OFTEN:
            return False
        if not self._holds_in([*upper, Span(2, 0, HEAD)]):
            return True
        return often < TWICE and not (self._names_in(self._title) or self._names_in(self._lead))

    def is_main(self) -> bool:
        """Whether the item is about it.

        A query holds in the title; in the title with the first sentence of the lead, a word of it being in the title
        (of "sân bay Long Thành" the name is enough); in the first sentence of the lead, a word of it coming again
        further down; or in OFTEN sentences.
        """
        if self._holds_in([self._title]):
            return True
        first = Span(1, *self._hits.texts[1].sentence(0)) if self._lead.end else self._lead
        is_named = self._names_in(self._title) or self._names_end_in_title(first)
        if is_named and self._holds_in([self._title, first]):
            return True
        if self._comes_behind(first) and self._holds_in([first]):
            return True
        return self._holding([self._title]) >= OFTEN

    def _holds_in(self, frames: Sequence[Span]) -> bool:
        inside = self._hits.only(frames)
        return any(plan.find(inside) is not None for plan in self._plans)

    def _names_in(self, frame: Span) -> bool:
        """Whether any of the words stands there."""
        hits = self._hits.within(frame)
        return any(hits.framed(hits.terms[word]) for word in hits.terms if word in self._words) or any(
            hits.framed(spans) for id, spans in hits.leaders.items() if f"@{id}" in self._words
        )

    def _names_end_in_title(self, first: Span) -> bool:
        """Whether a name with which found words of the lead's first sentence end stands in the title."""
        title = f" {self._hits.texts[0].plain} "
        for span in self._spans:
            if span.field == 1 and span.end <= first.end:
                name = _name_at_end(self._hits.texts[1].plain[span.start : span.end])
                if name and re.search(rf"\W{re.escape(name)}\W", title):
                    return True
        return False

    def _comes_behind(self, first: Span) -> bool:
        """Whether a word that was found comes again behind the first sentence of the lead."""
        return any(span.field > first.field or (span.field == 1 and span.start >= first.end) for span in self._spans)

    def _holding(self, beside: Sequence[Span]) -> int:
        """How many sentences make a query hold, each alone with what stands in `beside`; counted up to OFTEN."""
        number = 0
        for frame in self._sentences({frame.field for frame in beside}):
            number += self._holds_in([*beside, frame])
            if number >= OFTEN:
                break
        return number

    def _sentences(self, but: AbstractSet[int]) -> Iterator[Span]:
        """The sentences in which anything was found, once each, in other fields than those of `but`."""
        seen: set[Span] = set()
        for span in self._spans:
            if span.field not in but and len(seen) < MOST_SENTENCES:
                sentence = Span(span.field, *self._hits.texts[span.field].sentence(span.start))
                if sentence not in seen:
                    seen.add(sentence)
                    yield sentence


def _name_at_end(words: str) -> str:
    """The words with capitals at the end of some, where those are two or more."""
    name: list[str] = []
    for word in reversed(words.split()):
        if not word[0].isupper():
            break
        name.insert(0, word)
    return " ".join(name) if len(name) > 1 else ""
