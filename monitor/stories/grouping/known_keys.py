"""Which article keys are known, and under which story, for a month. Knows no item."""

from array import array
from collections.abc import Callable
from datetime import datetime
from functools import partial

from monitor.types import StoryId

HOUR = 3600  # seconds: keys are forgotten by whole hours


class KnownKeys:
    """Stories by article key. Some 100 bytes a key, for there are ten times as many as items in the window.

    A key is kept as its hash: that two of 400,000 share all 64 bits comes once in 200 million months.
    """

    def __init__(self) -> None:
        self._stories: dict[int, StoryId] = {}
        self._hours: dict[int, array[int]] = {}  # which keys came in an hour: the oldest are forgotten first

    def story_of(self, key: str) -> StoryId | None:
        """The story of the article with this key."""
        return self._stories.get(hash(key)) if key else None

    def add(self, key: str, story_id: StoryId, when: datetime) -> Callable[[], None]:
        """Remember an article's story; what is returned takes it back, as long as nothing was forgotten meanwhile."""
        one, hour = hash(key), hour_of(when)
        known = self._stories.get(one)
        earlier = self._hour_of(one) if known is not None else None
        if earlier is not None:
            self._hours[earlier].remove(one)
        self._put(one, story_id, hour)
        return partial(self._take_back, one, hour, known, earlier)

    def _put(self, one: int, story_id: StoryId, hour: int) -> None:
        self._stories[one] = story_id
        self._hours.setdefault(hour, array("q")).append(one)

    def _take_back(self, one: int, hour: int, story_id: StoryId | None, earlier: int | None) -> None:
        self._hours[hour].pop()
        if story_id is None or earlier is None:
            del self._stories[one]
        else:
            self._put(one, story_id, earlier)

    def _hour_of(self, one: int) -> int | None:
        """When a key came last; looked for from the latest on, for hardly any article comes twice."""
        return next((hour for hour in reversed(self._hours) if one in self._hours[hour]), None)

    def move(self, key: str, story_id: StoryId) -> Callable[[], None]:
        """Let a known article be one of another story; what is returned takes it back."""
        one = hash(key)
        known = self._stories.get(one)
        if known is None:
            return _nothing
        self._stories[one] = story_id
        return partial(self._stories.__setitem__, one, known)

    def forget(self, before: datetime, *, most: int | None = None) -> bool:
        """Drop the keys of the hours before that of `before`, the oldest first, `most` at most: whether more wait."""
        left = len(self._stories) if most is None else most
        for hour in sorted(hour for hour in self._hours if hour < hour_of(before)):
            keys = self._hours[hour]
            for one in keys[:left]:
                del self._stories[one]
            if len(keys) > left:
                self._hours[hour] = keys[left:]
                return True
            del self._hours[hour]
            left -= len(keys)
        return False


def hour_of(when: datetime) -> int:
    """In which hour of all time a moment lies."""
    return int(when.timestamp() // HOUR)


def _nothing() -> None:
    """Nothing was changed."""
