"""What was told lately around items of a batch: their topics, and watches that may ring so often. Asks the rows.

Decides nothing: what is one topic is stories/grouping/topics.py's, who is rung ringing.py's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from monitor.pipeline.ringing import NOTHING_LATELY, Lately
from monitor.store.topic_rows import Named
from monitor.store.transaction import Transaction
from monitor.stories.grouping.topics import NO_TOPIC, TOPIC_WITHIN, ToldItem, Topic, keys_of, topic_of
from monitor.types import Address, Alert, AlertKind, Item, Role, StoryId, Watch, WatchId


@dataclass(frozen=True, slots=True)
class Ringing:
    """An item that may ring: what it names, and its place. `is_new_story`: nobody can have been told of the story."""

    item: Item
    watch_ids: Sequence[WatchId]
    role: Role
    story_id: StoryId
    is_new_story: bool = False


class LatelyTold:
    """What was told lately around items of one batch: read once, and gaining what each of them rings for."""

    def __init__(self, topics: Mapping[int, Topic], rows: Iterable[Alert]) -> None:
        self._topics = topics
        self._rows: defaultdict[Address, list[Alert]] = defaultdict(list)
        for row in rows:
            self._rows[row.address].append(row)

    @classmethod
    def read(
        cls,
        tx: Transaction,
        telling: Sequence[tuple[Ringing, Sequence[Watch]]],
        *,
        now: datetime,
        chats: Collection[int] | None = None,
    ) -> Self:
        """Ask the rows about watches with a rate, and of items that are part of a topic; mostly there are none."""
        topics, rated, since = _kin(tx, telling, now)
        kin = {story_id for topic in topics.values() for story_id in topic.stories}
        return cls(topics, tx.messages_of(kin, since, rated, chats=chats))

    @staticmethod
    def kin_of(tx: Transaction, each: Ringing, mine: Sequence[Watch], *, now: datetime) -> frozenset[StoryId]:
        """The stories of which it matters who was told: those of the item's topic, and of its watches with a rate."""
        topics, rated, _ = _kin(tx, [(each, mine)], now)
        return frozenset(rated).union(*(topic.stories for topic in topics.values()))

    def around(self, each: Ringing) -> Lately:
        """Around one item."""
        topic = self._topics.get(id(each), NO_TOPIC)
        return Lately(topic, self._rows) if topic.stories or self._rows else NOTHING_LATELY

    def add(self, before: Sequence[Alert], after: Sequence[Alert]) -> None:
        """Take in the messages that were not among the rows of their story before."""
        known = {(row.address, row.dedupe_key) for row in before}
        for row in after:
            is_news = row.kind in (AlertKind.ALERT, AlertKind.UPDATE) and not row.is_line
            if is_news and (row.address, row.dedupe_key) not in known:
                self._rows[row.address].append(row)


def _kin(
    tx: Transaction, telling: Sequence[tuple[Ringing, Sequence[Watch]]], now: datetime
) -> tuple[dict[int, Topic], set[StoryId], datetime]:
    """The topic of each item, by its identity; the stories of watches with a rate, and since when their news counts."""
    rates = {watch.id: watch.rate.within for _, mine in telling for watch in mine if watch.rate is not None}
    topical = [(each, mine) for each, mine in telling if keys_of(each.item.title, each.item.lead)]
    since = now - max(rates.values(), default=timedelta())
    wanted = {*rates, *(watch.id for _, mine in topical for watch in mine)}
    if not wanted:
        return {}, set(), since
    named = tx.named_since(wanted, now - TOPIC_WITHIN)
    later = {each.item.id: place for place, (each, _) in enumerate(telling)}
    topics: dict[int, Topic] = {}
    for each, mine in topical:
        watch_ids, place = {watch.id for watch in mine}, later[each.item.id]
        before = [
            one for one in named if one.watch_id in watch_ids and later.get(one.item_id, -1) < place
        ]  # what the batch brings behind it, nobody has been told of
        topics[id(each)] = topic_of(each.item.title, each.item.lead, each.item.at or now, _tellings(before, each))
    return topics, {one.story_id for one in named if one.watch_id in rates}, since


def _tellings(named: Iterable[Named], each: Ringing) -> list[ToldItem]:
    """The items of other stories, once each."""
    items = {one.item_id: one for one in named if one.story_id != each.story_id}
    return [ToldItem(one.story_id, one.title, one.lead, one.at) for one in items.values()]
