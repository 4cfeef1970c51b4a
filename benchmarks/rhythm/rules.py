"""The rules that are compared: given what a poll brought, how long until the next one. Minutes, all of them.

Each is made anew for a feed, and knows only what its own polls have seen.
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from benchmarks.rhythm.press import DAY, HOUR, MONDAY, WEEK
from monitor.feeds.schedule import after_success
from monitor.types import Bookmark, Feed, FeedId, FeedState, Fetched, Hints

LISTED = 40  # entries of a body
JITTER = 0.1


class Rule(Protocol):
    """When a feed is asked again."""

    def wait(self, now: float, new: list[float], chance: float) -> float:
        """Minutes until the next poll, after one at `now` that brought articles published at `new`."""


Rules = Callable[[str], Rule]  # by the feed's name


class Fixed:
    """Every so many minutes."""

    def __init__(self, interval: float) -> None:
        self._interval = interval

    def wait(self, now: float, new: list[float], chance: float) -> float:
        """As Rule has it."""
        return self._interval * (1 + JITTER * chance)


class Miniflux:
    """Its entry_frequency scheduler: a week by (articles a week times a factor), between a minute and a day.

    It ships with five minutes at least and a factor of 1, a whole number; `divisor` is one over that. Read in
    internal/model/feed.go, ScheduleNextCheck, and internal/storage/feed.go, WeeklyFeedEntryCount, at 106cdd09: the
    articles a week are made of the mean gap between those of the last seven days.
    """

    def __init__(self, divisor: float) -> None:
        self._factor = 1 / divisor
        self._week: deque[float] = deque()

    def wait(self, now: float, new: list[float], chance: float) -> float:
        """As Rule has it."""
        self._week.extend(new)
        while self._week and self._week[0] < now - WEEK:
            self._week.popleft()
        span = self._week[-1] - self._week[0] if self._week else 0.0
        weekly = math.ceil(WEEK / (span / (len(self._week) - 1))) if span > 0 else 0
        return min(max(WEEK / (weekly * self._factor), 1.0), DAY) if weekly else DAY


class MediaCloud:
    """rss-fetcher's auto-adjust, all of its numbers times `scale`: 10 minutes longer when 67 % of a body is known.

    fetcher/tasks.py, _check_auto_adjust, at 25747431: 60 shorter below 33 %, or back to 6 hours; 10 minutes to a day.
    """

    def __init__(self, scale: float) -> None:
        self._scale = scale
        self._minutes = 6 * HOUR

    def wait(self, now: float, new: list[float], chance: float) -> float:
        """As Rule has it."""
        known = 1 - min(len(new), LISTED) / LISTED
        if known >= 0.67:
            self._minutes = min(self._minutes + 10, DAY)
        elif known < 0.33:
            self._minutes = max(6 * HOUR if self._minutes > 6 * HOUR else self._minutes - 60, 10)
        return self._minutes * self._scale


class Ours:
    """This program with its shipped bounds; without `learns` as it was before it learnt, and is with a new feed."""

    def __init__(self, interval: float, *, learns: bool) -> None:
        self._feed = Feed(FeedId("a"), "", "", interval=timedelta(minutes=interval))
        self._state = FeedState(self._feed.id, MONDAY)
        self._learns = learns
        self._result = Fetched((), Bookmark(full_fetch_at=MONDAY), Hints())

    def wait(self, now: float, new: list[float], chance: float) -> float:
        """As Rule has it."""
        at = MONDAY + timedelta(minutes=now)
        state = self._state if self._learns else replace(self._state, rhythm="", last_success_at=None)
        self._state = after_success(
            state,
            self._feed,
            self._result,
            new=len(new),
            total=LISTED,
            now=at,
            jitter=chance,
            published=[MONDAY + timedelta(minutes=time) for time in new],
        )
        return (self._state.next_check_at - at) / timedelta(minutes=1)
