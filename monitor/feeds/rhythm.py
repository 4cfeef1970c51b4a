"""Learns at which hours a feed publishes, and when it should be asked so that its news waits least. Pure.

Leaves alone what a server or an editor wants (schedule.py). The sum behind it stands in docs/polling.md: for a given
number of requests the mean delay is least when the gap between two goes with one over the root of the rate. The rate is
followed ahead, so that a gap that begins at night ends with the rise of the morning.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from math import pow, sqrt
from typing import Self
from zoneinfo import ZoneInfo

from monitor.types import Feed

HALF_LIFE = 30  # days after which a day counts half; 10 to 60 made less than 1 % of difference
UNIT = 100  # parts of an article in the counts, so that rounding lets them fade
ENOUGH = 3 * 24 * 60 * 60  # seconds watched, before which nothing is foretold
LONGEST_LOOK = timedelta(days=1)  # between two polls; over a longer gap a feed has dropped what it published
STANDARD = 200 / (24 * 60)  # articles a minute of a feed that gets its editor's interval at its usual hour: polling.md
BETWEEN_FEEDS = 0.4  # gap ~ rate ** -0.4: ½ is best for the mean, less for the 95th percentile, which slow feeds make
FIRST_COUNTS = 6  # times as much as others: the first article since the night, until it has come
MORNING = 4  # o'clock: the quietest hour of the Vietnamese press
PEAK = 2  # times the usual: such a minute (05:00, when articles are set to appear) is waited out
EVEN_MINUTES = 200 * UNIT  # how much is supposed before anything is known: all minutes of an hour are alike
SUPPOSED_DAYS = 0.5  # likewise, of each hour: it is like the whole day, and at a weekend like that hour on other days
FORMAT = 1
MOST_CHARS = 4_000
MOST = 10**9

HOURS, MINUTES = 24, 60


@dataclass(frozen=True, slots=True)
class LearntRhythm:
    """How much a feed published by hour and by minute of the hour, the older the fainter. All of it whole numbers."""

    day: int = 0  # the local day, as its ordinal, up to which older days have faded
    watched: tuple[int, int] = (0, 0)  # seconds, on weekdays and at weekends
    newest_at: int = 0  # minutes since 1970: the newest article
    by_hour: tuple[int, ...] = (0,) * (2 * HOURS)  # weekdays, then weekends; in UNITs
    by_minute: tuple[int, ...] = (0,) * MINUTES  # in UNITs

    @classmethod
    def of(cls, text: str) -> Self:
        """What `text` remembers; nothing learnt where it is empty, damaged or of another format."""
        if not text or len(text) > MOST_CHARS:
            return cls()
        try:
            numbers = json.loads(text)
        except (ValueError, RecursionError):
            return cls()
        if not isinstance(numbers, list) or len(numbers) != 5 + 2 * HOURS + MINUTES or numbers[0] != FORMAT:
            return cls()
        if set(map(type, numbers)) != {int} or min(numbers) < 0 or max(numbers) > MOST:
            return cls()
        hours_end = 5 + 2 * HOURS
        return cls(
            numbers[1],
            (numbers[2], numbers[3]),
            numbers[4],
            tuple(numbers[5:hours_end]),
            tuple(numbers[hours_end:]),
        )

    def __str__(self) -> str:
        """As it is stored: one list of numbers, some 300 characters."""
        numbers = [FORMAT, self.day, *self.watched, self.newest_at, *self.by_hour, *self.by_minute]
        return json.dumps(numbers, separators=(",", ":"))

    def after(self, published: Iterable[datetime], *, since: datetime, now: datetime, zone: str) -> Self:
        """With what a poll at `now` found that the one at `since` had not.

        An article counts where it could first be seen: one that claims to be older than `since` came after it.
        """
        if not timedelta() < now - since <= LONGEST_LOOK:
            return self
        local = ZoneInfo(zone)
        today = now.astimezone(local)
        faded = self._faded(today.toordinal())
        watched = list(faded.watched)
        watched[_is_weekend(today.weekday())] += round((now - since).total_seconds())
        news = list(published)
        if not news:
            return replace(faded, watched=(watched[0], watched[1]))
        by_hour, by_minute, newest_at = list(faded.by_hour), list(faded.by_minute), faded.newest_at
        for claimed in news:
            at = min(max(claimed, since), now).astimezone(local)
            by_hour[HOURS * _is_weekend(at.weekday()) + at.hour] += UNIT
            by_minute[at.minute] += UNIT
            newest_at = max(newest_at, int(at.timestamp()) // 60)
        return replace(
            faded,
            watched=(watched[0], watched[1]),
            newest_at=newest_at,
            by_hour=tuple(by_hour),
            by_minute=tuple(by_minute),
        )

    def _faded(self, today: int) -> Self:
        if today <= self.day:
            return self
        share = 0.5 ** ((today - self.day) / HALF_LIFE) if self.day else 1.0
        return replace(
            self,
            day=today,
            watched=(int(self.watched[0] * share), int(self.watched[1] * share)),
            by_hour=tuple([int(count * share) for count in self.by_hour]),
            by_minute=tuple([int(count * share) for count in self.by_minute]),
        )


def wait_for_news(learnt: LearntRhythm, feed: Feed, now: datetime) -> timedelta | None:
    """How long to wait for the next poll, between the feed's bounds; None while too little is learnt.

    It ends when so many articles are expected that it is time to look: the rate of that hour times the gap that it
    deserves. So a gap may begin in a quiet hour and is cut short by a busy one.
    """
    if sum(learnt.watched) < ENOUGH:
        return None
    return timedelta(minutes=_Forecast(learnt, feed).wait(now.astimezone(ZoneInfo(feed.timezone))))


def expected_between(learnt: LearntRhythm, feed: Feed, since: datetime, until: datetime) -> float | None:
    """How many articles a feed usually brings in a span of at most some days; None while too little is learnt."""
    if sum(learnt.watched) < ENOUGH:
        return None
    zone = ZoneInfo(feed.timezone)
    return _Forecast(learnt, feed).between(since.astimezone(zone), until.astimezone(zone))


class _Forecast:
    """What a feed is expected to publish, minute by minute, and which gap each rate deserves. All in minutes."""

    def __init__(self, learnt: LearntRhythm, feed: Feed) -> None:
        self._newest_at = learnt.newest_at
        self._shortest, self._longest = _minutes(feed.min_interval), _minutes(feed.max_interval)
        days = [watched / (HOURS * MINUTES * 60) for watched in learnt.watched]
        self._usual = sum(learnt.by_hour) / UNIT / (sum(learnt.watched) / 60)
        self._gap = _minutes(feed.interval) * pow(self._usual / STANDARD, -BETWEEN_FEEDS) if self._usual else 0.0
        even = SUPPOSED_DAYS * MINUTES * self._usual
        weekday = [(count / UNIT + even) / (days[0] + SUPPOSED_DAYS) for count in learnt.by_hour[:HOURS]]
        weekend = [
            (count / UNIT + SUPPOSED_DAYS * other) / (days[1] + SUPPOSED_DAYS)
            for count, other in zip(learnt.by_hour[HOURS:], weekday, strict=True)
        ]
        self._a_hour = weekday, weekend
        total = sum(learnt.by_minute) + EVEN_MINUTES
        scale, supposed = MINUTES / total, EVEN_MINUTES / MINUTES
        self._share = [(count + supposed) * scale for count in learnt.by_minute]  # of each minute; 1 is even
        self._up_to = [0.0, *accumulate(self._share)]
        self._between_peaks = sorted(self._share)[MINUTES // 2]

    def wait(self, local: datetime) -> float:
        """From `local` to the poll."""
        if not self._usual:
            return self._longest
        weight = FIRST_COUNTS if self._waits_for_the_first(local) else 1
        begins, passed, unseen = local.minute + local.second / 60 + local.microsecond / 60_000_000, 0.0, 0.0
        hour = local.hour
        while passed < self._longest:
            rate = self._rate(local.weekday(), hour)
            due = self._due(rate, weight)
            here = self._expected(begins)
            ends = self._reached(here + (due - unseen) / rate) if unseen < due else begins
            if ends < MINUTES:
                passed += ends - begins
                break
            passed += MINUTES - begins
            unseen += rate * (MINUTES - here)
            begins, hour = 0.0, hour + 1
        return max(self._shortest, min(passed, self._longest))

    def between(self, since: datetime, until: datetime) -> float:
        """How many are expected from one local time to another, as the clocks on the wall show them."""
        if not self._usual:
            return 0.0
        expected, at, end = 0.0, since.replace(tzinfo=None), until.replace(tzinfo=None)
        while at < end:
            hour_ends = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
            begins = at.minute + at.second / 60
            ends = MINUTES if hour_ends <= end else end.minute + end.second / 60
            expected += self._rate(at.weekday(), at.hour) * (self._expected(ends) - self._expected(begins))
            at = hour_ends
        return expected

    def _waits_for_the_first(self, local: datetime) -> bool:
        morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
        if morning > local:
            morning -= timedelta(days=1)
        return self._newest_at * 60 < morning.timestamp()

    def _rate(self, weekday: int, hour: int) -> float:
        """Articles a minute, `hour` hours after the midnight of that day; smoothed over the hours beside it."""
        days, hour = divmod(hour, HOURS)
        an_hour = self._a_hour[_is_weekend((weekday + days) % 7)]
        return (an_hour[hour - 1] + 2 * an_hour[hour] + an_hour[(hour + 1) % HOURS]) / (4 * MINUTES)

    def _due(self, rate: float, weight: float) -> float:
        """How many articles are expected, where the rate is `rate`, when it is time to look."""
        rate *= self._between_peaks  # else a gap between two peaks would be as long as if they brought nothing
        gap = self._gap / sqrt(weight * rate / self._usual)
        return rate * max(self._shortest, min(gap, self._longest))

    def _expected(self, minute: float) -> float:
        whole = min(int(minute), MINUTES - 1)
        return self._up_to[whole] + (minute - whole) * self._share[whole]

    def _reached(self, expected: float) -> float:
        """The minute of the hour by which so much of its even flow has come; MINUTES if that is not in this hour."""
        whole = bisect_right(self._up_to, expected) - 1
        if whole >= MINUTES:
            return MINUTES
        share = self._share[whole]
        if share > PEAK * self._between_peaks:
            return whole + 1
        return whole + (expected - self._up_to[whole]) / share


def _is_weekend(weekday: int) -> bool:
    return weekday >= 5


def _minutes(span: timedelta) -> float:
    return span / timedelta(minutes=1)
