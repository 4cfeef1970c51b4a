"""Why an item was placed where it is: the words it shares with its nearest neighbour, or what keeps the two apart."""

import itertools
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from monitor.stories.grouping.features import pair, term
from monitor.stories.grouping.similarity import MEASURES, Idf
from monitor.text.words import nfc
from monitor.types import Item, ItemId, Reason, ReasonCode, StoryId

LONGEST_RUN = 6  # words of one phrase
MOST_PHRASES = 3
RELATED = -3.0  # log-odds from which a difference is worth telling: below, the two are about nothing in common
DIFFERENCES = (
    "decrees differ",
    "laws differ",
    "topics differ",
    "scores differ",
    "places differ",
    "dates differ",
)  # measures that part look-alikes, the plainest first

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An item of the window beside a new one: how they measure against each other (similarity.MEASURES)."""

    item_id: ItemId
    story_id: StoryId
    measures: tuple[float, ...]
    long: bool  # both full texts are known
    score: float


def why_joined(item: Item, shared: Set[int], idf: Idf) -> Reason:
    """The rarest phrases that an item has in common with another, as the item writes them; `shared`: pairs of words."""
    told: dict[str, float] = dict(_phrases(item, shared, idf))
    phrases: list[str] = []
    for phrase in sorted(told, key=lambda phrase: -told[phrase]):
        words = set(phrase.casefold().split())
        if not any(words & set(known.casefold().split()) for known in phrases):
            phrases.append(phrase)
        if len(phrases) == MOST_PHRASES:
            break
    return Reason(ReasonCode.SHARED_WORDS, tuple(phrases)) if phrases else Reason(ReasonCode.SAME_CONTENT)


def _phrases(item: Item, shared: Set[int], idf: Idf) -> Iterator[tuple[str, float]]:
    """Runs of words that both have, which read better than pairs, with their weight."""
    run: list[str] = []
    weight = 0.0
    written = [*_WORD.findall(f"{nfc(item.title)} {nfc(item.lead)}"), ""]
    numbers = [term(word.casefold()) for word in written]
    for (before, after), (this, other) in zip(itertools.pairwise(written), itertools.pairwise(numbers), strict=True):
        one = pair(this, other)
        if after and one in shared and len(run) < LONGEST_RUN:
            run = run or [before]
            run.append(after)
            weight += idf.of(one) + (before[0].isupper() and after[0].isupper())
        elif run:
            yield " ".join(run), weight
            run, weight = [], 0.0


def why_not_joined(nearest: Neighbour) -> Reason:
    """What kept an item apart from the nearest one."""
    measured: Mapping[str, float] = dict(zip(MEASURES, nearest.measures, strict=True))
    for measure in DIFFERENCES:
        if measured[measure] and nearest.score > RELATED:
            return Reason(ReasonCode.DIFFERS, (measure,))
    return Reason(ReasonCode.NOT_ALIKE_ENOUGH)
