"""What the story window keeps of an item, and of a story's items together. Reads no text twice and decides nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from sys import intern

from monitor.stories.grouping.developments import NOTHING_SAID, Said, State, said_in
from monitor.stories.grouping.features import Entities, entities_of, news_of
from monitor.stories.grouping.similarity import Features
from monitor.text.words import nfc
from monitor.types import Item, ItemId, Match, StoryId

DRAWN = 2_000  # items whose entities are kept: a few thousand bytes each, and most are compared soon or never
NOBODY: frozenset[str] = frozenset()  # one for all, of the many items that match nothing

_DAILY = re.compile(
    r"\b(?:hôm nay|ngày mai|ngày \d|sáng \d|tối \d|tuần này|mới nhất|kỳ \d|số \d|\d{1,2}[/.-]\d{1,2})\b", re.IGNORECASE
)


@dataclass(slots=True)
class Member:
    """An item of the window. Tens of thousands are held: texts as bytes, and what many say alike is shared.

    Entities and what it says of its story are drawn when it is first compared, not at a restart.
    """

    item_id: ItemId
    story_id: StoryId
    at: datetime
    outlet: str
    daily: bool
    named: frozenset[str]
    events: frozenset[str]
    title_leaders: frozenset[str]
    features: Features  # by which it is found
    _title: bytes
    _lead: bytes
    _entities: Entities | None = None  # of an article whose body stands in for the lead; else they are drawn
    _said: Said | None = None

    @classmethod
    def of(cls, item: Item, when: datetime, features: Features, entities: Entities | None = None) -> "Member":
        """An item of no story yet; `entities` where they are not those of its title and lead alone."""
        return cls(
            item_id=item.id,
            story_id=StoryId(""),
            at=when,
            outlet=intern(item.outlet),
            daily=is_daily(item.title),
            named=NOBODY,
            events=NOBODY,
            title_leaders=NOBODY,
            features=features,
            _title=_packed(item.title),
            _lead=_packed(item.lead),
            _entities=entities,
        )

    def placed(self, story_id: StoryId, matches: Sequence[Match], when: datetime) -> "Member":
        """The same item in its story."""
        return Member(
            self.item_id,
            StoryId(intern(story_id)),
            when,
            self.outlet,
            self.daily,
            named_of(matches),
            events_of(matches),
            title_leaders_of(matches),
            self.features,
            self._title,
            self._lead,
            self._entities,
            self._said,
        )

    @property
    def texts(self) -> set[int]:
        """The numbers of its title and lead, by which an exact copy is found; none of an empty or a short one."""
        return {self.features.same_title, self.features.same_lead} - {0}

    @property
    def title(self) -> str:
        """As it was published."""
        return _unpacked(self._title)

    @property
    def entities(self) -> Entities:
        """Its names, numbers, places, days."""
        return self._entities or _entities(self._title, self._lead)

    @property
    def state(self) -> State:
        """How far it says its story has come."""
        if self._said is None:
            said = said_in(self.title.casefold(), _unpacked(self._lead).casefold())
            self._said = NOTHING_SAID if said == NOTHING_SAID else said
        return State(self.at, self._said, self.named)


@lru_cache(maxsize=DRAWN)
def _entities(title: bytes, lead: bytes) -> Entities:
    return entities_of(nfc(_unpacked(title)), news_of(nfc(_unpacked(lead))))


def _packed(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _unpacked(text: bytes) -> str:
    return text.decode("utf-8", "surrogatepass")


def is_daily(title: str) -> bool:
    """Whether a title may be that of a column or forecast, which is another story the next day."""
    return _DAILY.search(title) is not None


def leaders_of(members: Sequence[Member]) -> frozenset[str]:
    """The watched leaders whom the titles name."""
    return frozenset[str]().union(*(member.title_leaders for member in members))


def named_of(matches: Sequence[Match]) -> frozenset[str]:
    """The watches that were found."""
    return frozenset(match.watch_id for match in matches) if matches else NOBODY


def events_of(matches: Sequence[Match]) -> frozenset[str]:
    """The watched events that were found."""
    return frozenset(match.watch_id for match in matches if match.kind == "event") or NOBODY if matches else NOBODY


def title_leaders_of(matches: Sequence[Match]) -> frozenset[str]:
    """The watched leaders that were found in the title."""
    if not matches:
        return NOBODY
    found = (
        match.watch_id
        for match in matches
        if match.kind == "leader" and any(evidence.field == "title" for evidence in match.evidence)
    )
    return frozenset(found) or NOBODY
