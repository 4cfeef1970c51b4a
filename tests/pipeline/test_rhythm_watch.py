"""What is unusual, by counts of hours: seldom told, and never for a handful of articles."""

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from monitor.config import load_all
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.pipeline.rhythm_watch import (
    DAY,
    HOUR,
    LEAST,
    LEAST_COMPARED,
    QUIET_OUTLET,
    QUIET_WATCH,
    Hours,
    silence,
    spike,
)
from monitor.pipeline.unusual import LOOKED_BACK
from monitor.types import Item, ItemId
from tests.outside import DATA, judged_outside

NOON = datetime(2026, 8, 23, 5, tzinfo=UTC)  # in Vietnam
EVERYTHING = {NOON - number * HOUR: 40 for number in range(45 * 24)}


def steady(days: int = 30, *, by_day: int = 8) -> dict[datetime, int]:
    """So many articles each day, from six in the morning on, up to now."""
    return {NOON - day * DAY - number * HOUR: 1 for day in range(days) for number in range(by_day) if day or number}


def test_far_more_than_at_this_time_on_any_day_is_a_spike() -> None:
    counts = steady() | {NOON - HOUR: 22}
    found = spike(counts, EVERYTHING, NOON)
    assert found is not None
    assert (found.count, found.usual, found.began) == (27, 6.0, NOON)


def test_a_rare_watch_does_not_ring_for_a_handful() -> None:
    rare = {NOON - 20 * DAY: 1}
    assert spike(rare | {NOON - HOUR: LEAST - 1}, EVERYTHING, NOON) is None
    assert spike(rare | {NOON - HOUR: LEAST}, EVERYTHING, NOON) is not None


def test_what_is_as_much_on_some_weekday_is_none() -> None:
    weekly = {NOON - week * 7 * DAY - HOUR: 20 for week in range(5)}
    assert spike(steady() | weekly, EVERYTHING, NOON) is None


def test_a_spike_that_goes_on_is_told_with_its_beginning() -> None:
    counts = steady() | {NOON - 30 * HOUR: 30, NOON - 7 * HOUR: 35, NOON - HOUR: 60}
    found = spike(counts, EVERYTHING, NOON)
    assert found is not None
    assert found.began == NOON - 29 * HOUR


def test_days_of_which_nothing_is_known_are_compared_with_nothing() -> None:
    counts = {NOON - HOUR: 20}
    short = {hour: 40 for hour in EVERYTHING if hour >= NOON - (LEAST_COMPARED - 1) * DAY}
    long = {hour: 40 for hour in EVERYTHING if hour >= NOON - (LEAST_COMPARED + 1) * DAY}
    assert spike(counts, short, NOON) is None
    assert spike(counts, long, NOON) is not None


def test_a_daily_watch_that_is_far_too_long_away_has_gone_quiet() -> None:
    counts = steady()
    last = max(counts)
    assert silence(counts, EVERYTHING, NOON, least=QUIET_WATCH) is None
    later = {hour + 60 * HOUR: number for hour, number in EVERYTHING.items()} | EVERYTHING
    assert silence(counts, later, NOON + 20 * HOUR, least=QUIET_WATCH) is None
    found = silence(counts, later, NOON + 40 * HOUR, least=QUIET_WATCH)
    assert found is not None
    assert found.last == last


def test_a_watch_that_is_not_daily_is_never_missed() -> None:
    seldom = {NOON - day * DAY - number * HOUR: 3 for day in range(4, 30, 2) for number in range(5)}
    assert silence(seldom, EVERYTHING, NOON, least=QUIET_WATCH) is None
    once = {NOON - day * DAY: 1 for day in range(3, 30)}
    assert silence(once, EVERYTHING, NOON, least=QUIET_WATCH) is None
    young = {hour: number for hour, number in steady(35).items() if hour > NOON - 12 * DAY and hour < NOON - 3 * DAY}
    fresh = {hour: 40 for hour in EVERYTHING if hour > NOON - 12 * DAY}
    assert silence(young, fresh, NOON, least=QUIET_WATCH) is None
    assert silence({}, EVERYTHING, NOON, least=QUIET_WATCH) is None


def test_while_nothing_came_of_anything_nobody_is_silent() -> None:
    counts = {hour: number for hour, number in steady(35).items() if hour < NOON - 4 * DAY}
    assert silence(counts, EVERYTHING, NOON, least=QUIET_WATCH) is not None
    gone = {hour: 40 for hour in EVERYTHING if hour < NOON - 4 * DAY}
    assert silence(counts, gone, NOON, least=QUIET_WATCH) is None, "the net is still gone"
    back = gone | {NOON - number * HOUR: 40 for number in range(1, 9)}
    assert silence(counts, back, NOON, least=QUIET_WATCH) is None, "it has been back for eight hours"
    assert silence(counts, back, NOON, least=timedelta(hours=4)) is None, "no longer than each night"


# ---------------------------------------------------------------- how often it is told


def told(named: Mapping[str, Hours], heard: Hours, *, least: timedelta | None) -> Iterator[tuple[str, str]]:
    """What each hour would tell, as the service does: spikes by the day of their beginning, or silences."""
    hours = sorted(heard)
    hour = hours[0] + LEAST_COMPARED * DAY
    while hour <= hours[-1]:
        for name, counts in named.items():
            if least is None:
                if counts.get(hour - HOUR) and (found := spike(counts, heard, hour)) is not None:
                    yield name, f"{found.began:%Y%m%d}"
            elif not any(counts.get(hour - number * HOUR) for number in range(1, 8)):
                recent = {each: number for each, number in counts.items() if hour - LOOKED_BACK <= each < hour}
                around = {each: number for each, number in heard.items() if hour - LOOKED_BACK <= each < hour}
                if (quiet := silence(recent, around, hour, least=least)) is not None:
                    yield name, f"{quiet.last:%Y%m%d%H}"
        hour += HOUR


def test_chance_alone_rings_at_most_once_a_watch_a_month() -> None:
    """120 days of articles that come by chance, more by day than by night, few to many."""
    random = Random(20260823)
    begin = NOON - 120 * DAY
    named: dict[str, Counter[datetime]] = defaultdict(Counter)
    for name, by_day in (("ít", 0.3), ("vừa", 3.0), ("nhiều", 25.0)):
        for number in range(120 * 24):
            hour = begin + number * HOUR
            share = 1.6 if 0 <= hour.hour < 14 else 0.2
            named[name][hour] += sum(random.random() < by_day * share / 24 / 10 for _ in range(10))
    heard = {begin + number * HOUR: 40 for number in range(120 * 24)}
    rung = Counter(name for name, _ in set(told(named, heard, least=None)))
    assert all(count <= 3 for count in rung.values()), rung


@judged_outside("tests/pipeline/test_rhythm_watch.py::test_chance_alone_rings_at_most_once_a_watch_a_month")
@pytest.mark.slow
def test_real_news_rings_at_most_once_a_watch_a_month() -> None:
    """146 days of three newspapers by the shipped watchlists; docs/decisions.md has what rang."""
    active = ActiveWatchlist.of(load_all(Path(__file__).parents[2] / "config").watchlist)
    named: dict[str, Counter[datetime]] = defaultdict(Counter)
    outlets: dict[str, Counter[datetime]] = defaultdict(Counter)
    with gzip.open(DATA / "articles.dev.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            at = datetime.fromisoformat(row["date"]).astimezone(UTC)
            hour = at.replace(minute=0, second=0, microsecond=0)
            outlets[row["source"]][hour] += 1
            item = Item(ItemId(row["id"]), row["source"], row["title"], row["summary"] or "", published_at=at)
            for match in active.matcher.match(item):
                named[match.watch_id][hour] += not match.passing
    heard: Counter[datetime] = Counter()
    for counts in outlets.values():
        heard.update(counts)
    months = (max(heard) - min(heard) - LEAST_COMPARED * DAY) / timedelta(days=30.4)
    rung = Counter(name for name, _ in set(told(named, heard, least=None)))
    assert rung, "there were storms"
    assert max(rung.values()) <= months
    assert sum(rung.values()) <= 0.1 * months * len(named)
    assert len(set(told(outlets, heard, least=QUIET_OUTLET))) == 0
