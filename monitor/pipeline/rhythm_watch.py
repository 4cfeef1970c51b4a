"""What is unusual: a watch far above its own rhythm, a watch or an outlet gone quiet. Pure: counts by hour come in.

Decides neither who is told nor in which words. The numbers were measured on 146 days of three newspapers:
docs/decisions.md.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

Hours = Mapping[datetime, int]  # by the beginning of the hour; one without anything is left out

WINDOW = 6  # hours that are counted together
COMPARED = 28  # days: the same hours of each of them; four of them are the same day of the week
LEAST_COMPARED = 14  # days: a watch with a shorter history is left alone
LEAST = 6  # items: fewer ring for nobody, however rare the watch
TIMES = 3.0  # as many as usual, at least
DEVIATIONS = 5.0  # above the usual, at least; robust ones
REST = timedelta(days=3)  # a spike that comes again sooner is the same one
LONGEST = timedelta(days=14)  # how far back the beginning of a spike is looked for
MAD = 1.4826  # makes the median absolute deviation one of the normal distribution

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
QUIET_WATCH, QUIET_OUTLET = timedelta(hours=24), timedelta(hours=8)  # nothing shorter is a silence
QUIET_TIMES = 2.0  # as long as the longest of the last weeks
DAILY = 26 / 28  # of the days: what is in the news more seldom is never missed
DAILY_ITEMS = 3  # on average
HOLE = timedelta(hours=6)  # without a single item of anything: the monitor did not read, or the net was gone


@dataclass(frozen=True, slots=True)
class Spike:
    """So many items in the last WINDOW hours where `usual` are, and since when it has been far above."""

    count: int
    usual: float
    began: datetime


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing since the hour of `last`."""

    last: datetime


def spike(counts: Hours, heard: Hours, until: datetime) -> Spike | None:
    """Whether the hours before `until` (a whole one) stand far above the rhythm of a watch.

    `heard` counts items of anything: hours of which nothing is known are compared with nothing.
    """
    now = _far_above(counts, heard, until)
    if now is None:
        return None
    began, earlier = until, until - HOUR
    while began - earlier < REST and until - earlier < LONGEST:
        if _far_above(counts, heard, earlier) is not None:
            began = earlier
        earlier -= HOUR
    return Spike(now[0], now[1], began)


def _far_above(counts: Hours, heard: Hours, until: datetime) -> tuple[int, float] | None:
    """How many there are and how many are usual, where these are far more."""
    count = _window(counts, until)
    if count < LEAST:
        return None
    before = {
        day: _window(counts, until - day * DAY) for day in range(1, COMPARED + 1) if _window(heard, until - day * DAY)
    }
    if len(before) < LEAST_COMPARED or count <= max(before.values()):
        return None
    same_weekday = [number for day, number in before.items() if not day % 7]
    middle = median(before.values())
    usual = max(middle, median(same_weekday) if same_weekday else 0.0)
    spread = max(MAD * median(abs(number - middle) for number in before.values()), (usual + 1) ** 0.5)
    return (count, usual) if count > max(TIMES * usual, usual + DEVIATIONS * spread) else None


def _window(counts: Hours, until: datetime) -> int:
    return sum(counts.get(until - number * HOUR, 0) for number in range(1, WINDOW + 1))


def silence(counts: Hours, heard: Hours, until: datetime, *, least: timedelta) -> Silence | None:
    """Whether what is in the news every day has not been for far longer than in weeks; `least`: nor any shorter.

    Time in which nothing came of anything is nobody's silence.
    """
    if not counts:
        return None
    last = max(counts)
    begin = max(last + HOUR, _after_hole(heard, until))
    if until - begin < least:
        return None
    since = max(last - COMPARED * DAY, min(heard, default=last))
    known = sorted(hour for hour in counts if hour >= since)
    days = max(1, round((last - since) / DAY))
    if days < LEAST_COMPARED:
        return None
    is_daily = len({hour.date() for hour in known}) >= DAILY * days
    if not is_daily or sum(counts[hour] for hour in known) < DAILY_ITEMS * days:
        return None
    longest = max((later - hour for hour, later in itertools.pairwise(known)), default=timedelta(0))
    return Silence(last) if until - begin > QUIET_TIMES * longest else None


def _after_hole(heard: Hours, until: datetime) -> datetime:
    """When news began to come again after the last time that none of anything came."""
    hours = sorted(hour for hour in heard if hour < until)
    if not hours or until - hours[-1] > HOLE:
        return until
    after = hours[0]
    for hour, later in itertools.pairwise(hours):
        if later - hour > HOLE:
            after = later
    return after
