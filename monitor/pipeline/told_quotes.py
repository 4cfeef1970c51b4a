"""What leaders said, each quote once however many outlets tell it: for the chat and for the page.

Finds no quotes; detection stored them with their items.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.store.transaction import Transaction
from monitor.stories.quotes.find_quotes import same_words
from monitor.types import Leader, Quote, Spoken, Watch, WatchId

ROWS = 300  # looked through for one answer: about a busy fortnight of one leader
_UNSAID = frozenset({"", "theo"})  # no verb of theirs: a headline's colon, "theo ông Putin"


@dataclass(frozen=True, slots=True)
class Telling:
    """One quote, told by one or more outlets: the fullest wording, and who tells it, newest first."""

    best: Spoken
    by: tuple[Spoken, ...]


def told_once(spoken: Sequence[Spoken]) -> list[Telling]:
    """Each quote once, in the order given: the same words within a story or a day are one, also a part of them."""
    groups: list[list[Spoken]] = []
    words: list[list[str]] = []
    for each in spoken:
        said = f" {same_words(each.quote.text)} "
        for group, known in zip(groups, words, strict=True):
            if _beside(group[0], each) and any(said in other or other in said for other in known):
                group.append(each)
                known.append(said)
                break
        else:
            groups.append([each])
            words.append([said])
    return [Telling(max(group, key=_fullness), tuple(group)) for group in groups]


def _beside(one: Spoken, other: Spoken) -> bool:
    same_story = one.story_id is not None and one.story_id == other.story_id
    return one.quote.watch_id == other.quote.watch_id and (same_story or abs(one.at - other.at) <= timedelta(days=1))


def _fullness(spoken: Spoken) -> tuple[bool, int]:
    return spoken.quote.direct, len(spoken.quote.text)


def verb_of(quote: Quote) -> str:
    """How it was said, as the outlet wrote; empty where it only names who speaks."""
    return "" if quote.verb in _UNSAID or "lời" in quote.verb else quote.verb


def spoken_about(
    tx: Transaction, wanted: Collection[WatchId], named: Mapping[WatchId, Watch], *, since: datetime
) -> list[Spoken]:
    """What the leaders among `wanted` said; where there are only events, what anybody said about those."""
    leaders = [each for each in wanted if isinstance(named[each], Leader)]
    speakers = leaders or [watch.id for watch in named.values() if isinstance(watch, Leader) and watch.enabled]
    if not wanted or not speakers:
        return []
    spoken = tx.latest_quotes(speakers, since=since, limit=ROWS)
    return spoken if leaders else [each for each in spoken if set(each.quote.about) & set(wanted)]
