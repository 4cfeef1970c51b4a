"""What the story window keeps of an item, and of a story's items together. Reads no text twice and decides nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.stories.grouping.developments import State, state_of
from monitor.stories.grouping.features import Entities, RareWords, entities_of, news_of
from monitor.stories.grouping.similarity import Features, Idf
from monitor.text.words import nfc
from monitor.types import Item, ItemId, Match, StoryId

_DAILY = re.compile(
    r"\b(?:hôm nay|ngày mai|ngày \d|sáng \d|tối \d|tuần này|mới nhất|kỳ \d|số \d|\d{1,2}[/.-]\d{1,2})\b", re.IGNORECASE
)


@dataclass(slots=True)
class Member:
    """An item of the window. Its features, entities and state are drawn when it is first compared, not at a restart."""

    item_id: ItemId
    story_id: StoryId
    at: datetime
    outlet: str
    daily: bool
    named: frozenset[str]
    events: frozenset[str]
    title_leaders: frozenset[str]
    title: str
    lead: str
    words: RareWords  # by which it is found
    _features: Features | None = None
    _entities: Entities | None = None
    _state: State | None = None

    @classmethod
    def of(
        cls,
        item: Item,
        story_id: StoryId,
        matches: Sequence[Match],
        when: datetime,
        words: RareWords,
        *,
        features: Features | None = None,
        entities: Entities | None = None,
    ) -> "Member":
        """An item that was placed at `when`; features and entities where they were drawn already."""
        return cls(
            item_id=item.id,
            story_id=story_id,
            at=when,
            outlet=item.outlet,
            daily=is_daily(item.title),
            named=frozenset(match.watch_id for match in matches),
            events=events_of(matches),
            title_leaders=title_leaders_of(matches),
            title=item.title,
            lead=item.lead,
            words=words,
            _features=features,
            _entities=entities,
        )

    def features(self, idf: Idf) -> Features:
        """Its rare words with their weight."""
        if self._features is None:
            self._features = Features.of(self.words, idf)
        return self._features

    @property
    def entities(self) -> Entities:
        """Its names, numbers, places, days."""
        if self._entities is None:
            self._entities = entities_of(nfc(self.title), news_of(nfc(self.lead)))
        return self._entities

    @property
    def state(self) -> State:
        """How far it says its story has come."""
        if self._state is None:
            self._state = state_of(self.title.casefold(), self.lead.casefold(), self.named, self.at)
        return self._state


def is_daily(title: str) -> bool:
    """Whether a title may be that of a column or forecast, which is another story the next day."""
    return _DAILY.search(title) is not None


def leaders_of(members: Sequence[Member]) -> frozenset[str]:
    """The watched leaders whom the titles name."""
    return frozenset[str]().union(*(member.title_leaders for member in members))


def events_of(matches: Sequence[Match]) -> frozenset[str]:
    """The watched events that were found."""
    return frozenset(match.watch_id for match in matches if match.kind == "event")


def title_leaders_of(matches: Sequence[Match]) -> frozenset[str]:
    """The watched leaders that were found in the title."""
    return frozenset(
        match.watch_id
        for match in matches
        if match.kind == "leader" and any(evidence.field == "title" for evidence in match.evidence)
    )
