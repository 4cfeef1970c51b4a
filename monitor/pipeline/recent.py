"""How often somebody did something lately: pure, with the time as an argument; in memory, and bounded.

Knows nobody and no words; what is too often is whose limit it is (bot/storms.py, web/login_page.py).
"""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MOST_KEPT = 10_000  # keys; one costs a kilobyte at most


@dataclass(frozen=True, slots=True)
class Limit:
    """No more than `most` within `span`."""

    most: int
    span: timedelta


@dataclass(slots=True)
class Recent:
    """The last times of each key, no more of them than a limit asks for."""

    limit: Limit
    _times: dict[Hashable, deque[datetime]] = field(default_factory=dict)

    def add(self, key: Hashable, now: datetime) -> bool:
        """Count one more; whether that is too many."""
        if len(self._times) >= MOST_KEPT and key not in self._times:
            self._forget(now)
            if len(self._times) >= MOST_KEPT:
                self._times.clear()  # all begin anew; the memory is what counts then
        times = self._times.setdefault(key, deque(maxlen=self.limit.most + 1))
        times.append(now)
        return len(times) > self.limit.most and self._is_recent(times[0], now)

    def is_full(self, key: Hashable, now: datetime) -> bool:
        """Whether one more would be too many."""
        times = self._times.get(key, ())
        return sum(self._is_recent(at, now) for at in times) >= self.limit.most

    def _is_recent(self, at: datetime, now: datetime) -> bool:
        return timedelta(0) <= now - at < self.limit.span  # a clock that was set back has no memory

    def _forget(self, now: datetime) -> None:
        self._times = {key: times for key, times in self._times.items() if self._is_recent(times[-1], now)}
