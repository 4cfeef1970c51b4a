"""What is learnt of a feed's hours, and when it is asked by them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.rhythm.press import WEEK, made_up
from benchmarks.rhythm.replay import Outcome, at_equal_requests, replay
from benchmarks.rhythm.rules import Fixed, Ours, Rules
from monitor.feeds.rhythm import HALF_LIFE, UNIT, LearntRhythm, expected_between, wait_for_news
from monitor.types import Feed, FeedId

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 8, 3, tzinfo=HANOI)
FEED = Feed(id=FeedId("thu"), outlet="Thử", url="https://bao.example/rss")
NOTHING = LearntRhythm()

Day = Callable[[datetime], Iterable[datetime]]  # when a feed publishes on a day that begins so


def at_hours(**an_hour: int) -> Day:
    """So many articles in each of the hours h6, h7, …, at any minute."""

    def day(midnight: datetime) -> Iterable[datetime]:
        chance = Random(midnight.toordinal())
        for hour, count in an_hour.items():
            for _ in range(count):
                yield midnight + int(hour[1:]) * HOUR + chance.random() * HOUR

    return day


def nothing(_: datetime) -> Iterable[datetime]:
    return ()


def learnt(weekday: Day, weekend: Day, *, days: int = 28, every: timedelta = 5 * MINUTE) -> LearntRhythm:
    """From a Monday on, asked so often."""
    rhythm, since = NOTHING, MONDAY
    for nth in range(days):
        midnight = MONDAY + nth * DAY
        times = sorted((weekend if midnight.weekday() >= 5 else weekday)(midnight))
        while since < midnight + DAY:
            now = since + every
            rhythm = rhythm.after([t for t in times if since < t <= now], since=since, now=now, zone=FEED.timezone)
            since = now
    return rhythm


BUSY = at_hours(**{f"h{hour}": 12 for hour in range(6, 22)})
DAYTIME = learnt(BUSY, nothing)
TUESDAY = MONDAY + 29 * DAY
SUNDAY = MONDAY + 34 * DAY


def wait(rhythm: LearntRhythm, now: datetime, *, feed: Feed = FEED) -> timedelta:
    found = wait_for_news(rhythm, feed, now)
    assert found is not None
    return found


def read(rhythm: LearntRhythm, now: datetime) -> LearntRhythm:
    """The same, with an article that came just before `now`, so that nobody waits for the first of the day."""
    return replace(rhythm, newest_at=int(now.timestamp()) // 60)


# ---------------------------------------------------------------- what is remembered


def test_articles_count_at_their_hour_and_minute_and_part_of_the_week() -> None:
    at = MONDAY + 8 * HOUR + 30 * MINUTE
    rhythm = NOTHING.after([at, at + 5 * DAY], since=at - MINUTE, now=at, zone=FEED.timezone)
    assert sum(rhythm.by_hour[:24]) == 2 * UNIT  # who claims to be of Saturday came now, on Monday
    rhythm = rhythm.after([at + 5 * DAY], since=at + 5 * DAY - MINUTE, now=at + 5 * DAY, zone=FEED.timezone)
    assert [hour for hour, count in enumerate(rhythm.by_hour) if count] == [8, 24 + 8]
    assert [minute for minute, count in enumerate(rhythm.by_minute) if count] == [30]


def test_the_hour_is_that_of_the_feeds_zone() -> None:
    now = datetime(2026, 8, 3, 23, 30, tzinfo=UTC)
    in_hanoi = NOTHING.after([now], since=now - HOUR, now=now, zone="Asia/Ho_Chi_Minh")
    in_london = NOTHING.after([now], since=now - HOUR, now=now, zone="Europe/London")
    assert in_hanoi.by_hour.index(UNIT) == 6
    assert in_london.by_hour.index(UNIT) == 0


def test_an_article_counts_where_it_could_first_be_seen() -> None:
    """Who claims to be older than the last poll was not there then; nobody is younger than now."""
    since, now = MONDAY + 8 * HOUR, MONDAY + 9 * HOUR - MINUTE
    rhythm = NOTHING.after([since - 7 * HOUR, now + 7 * HOUR], since=since, now=now, zone=FEED.timezone)
    assert rhythm.by_hour[8] == 2 * UNIT
    assert (rhythm.by_minute[0], rhythm.by_minute[59]) == (UNIT, UNIT)


def test_what_was_learnt_fades_by_half_in_its_half_life() -> None:
    before = DAYTIME
    now = MONDAY + (28 + HALF_LIFE) * DAY
    after = before.after([], since=now - MINUTE, now=now, zone=FEED.timezone)
    assert sum(after.by_hour) == pytest.approx(sum(before.by_hour) / 2, rel=0.03)
    assert sum(after.watched) == pytest.approx(sum(before.watched) / 2, rel=0.03)


def test_a_feed_that_changed_its_hours_is_known_by_the_new_ones() -> None:
    rhythm = learnt(BUSY, BUSY)
    nights = at_hours(h1=12, h2=12, h3=12)
    for nth in range(90):
        midnight = MONDAY + (28 + nth) * DAY
        for hour in range(24):
            now = midnight + (hour + 1) * HOUR
            new = [at for at in nights(midnight) if now - HOUR < at <= now]
            rhythm = rhythm.after(new, since=now - HOUR, now=now, zone=FEED.timezone)
    by_night, at_noon = MONDAY + 118 * DAY + 2 * HOUR, MONDAY + 118 * DAY + 12 * HOUR
    assert wait(read(rhythm, by_night), by_night) < wait(read(rhythm, at_noon), at_noon)


def test_a_long_silence_of_our_own_teaches_nothing() -> None:
    now = MONDAY + 30 * DAY
    assert DAYTIME.after([now] * 40, since=now - 2 * DAY, now=now, zone=FEED.timezone) == DAYTIME
    assert DAYTIME.after([now], since=now + HOUR, now=now, zone=FEED.timezone) == DAYTIME  # the clock was set back


def test_it_is_the_same_after_it_was_stored() -> None:
    assert LearntRhythm.of(str(DAYTIME)) == DAYTIME
    assert len(str(DAYTIME)) < 1_000


HUGE = "9" * 3_000


@pytest.mark.parametrize(
    "damaged",
    [
        *("", "x", "null", "{}", "[]", "[1]", '"' * 50, "[" * 3_999, "1" * 100_000, "\0", "\ud800", HUGE, f"[{HUGE}]"),
        str(DAYTIME)[:-1],
        str(DAYTIME)[1:],
        str(DAYTIME).replace("[1,", "[2,", 1),
        str(DAYTIME).replace(",", ",-", 1),
        str(DAYTIME).replace(",", ",true,", 1),
        str(DAYTIME).replace("]", ",0]"),
        str([1.5] * 113),
        str(["1"] * 113),
        str([1] + [10**12] * 112),
        "[1" + ",NaN" * 112 + "]",
    ],
    ids=lambda text: text[:20].encode("ascii", "backslashreplace").decode().replace("\0", "NUL"),
)
def test_a_damaged_column_is_as_if_nothing_was_learnt(damaged: str) -> None:
    assert LearntRhythm.of(damaged) == NOTHING


# ---------------------------------------------------------------- when a feed is asked


def test_nothing_is_foretold_of_a_feed_that_was_watched_for_less_than_three_days() -> None:
    assert wait_for_news(NOTHING, FEED, MONDAY) is None
    assert wait_for_news(learnt(BUSY, BUSY, days=2), FEED, MONDAY + 2 * DAY) is None
    assert wait_for_news(learnt(BUSY, BUSY, days=4), FEED, MONDAY + 4 * DAY) is not None


def test_how_many_articles_are_expected_in_a_span_adds_up_to_what_comes() -> None:
    assert expected_between(NOTHING, FEED, TUESDAY, TUESDAY + DAY) is None
    whole = expected_between(DAYTIME, FEED, TUESDAY, TUESDAY + DAY)
    assert whole == pytest.approx(16 * 12, rel=0.05)
    morning = expected_between(DAYTIME, FEED, TUESDAY + 6.5 * HOUR, TUESDAY + 12 * HOUR)
    assert morning == pytest.approx(5.5 * 12, rel=0.1)
    parts = [
        expected_between(DAYTIME, FEED, TUESDAY + n * 7 * MINUTE, TUESDAY + (n + 1) * 7 * MINUTE) for n in range(200)
    ]
    assert sum(part or 0.0 for part in parts) == pytest.approx(
        expected_between(DAYTIME, FEED, TUESDAY, TUESDAY + 1400 * MINUTE)
    )
    assert (expected_between(DAYTIME, FEED, TUESDAY, TUESDAY + 3 * HOUR) or 0.0) < 2


def test_the_gap_goes_with_one_over_the_root_of_the_rate() -> None:
    rhythm = learnt(*[at_hours(**{f"h{h}": 20 if h in (8, 9, 10) else 5 for h in range(24)})] * 2)
    busy, calm = TUESDAY + 9 * HOUR, TUESDAY + 15 * HOUR
    assert wait(read(rhythm, calm), calm) / wait(read(rhythm, busy), busy) == pytest.approx(2, rel=0.15)


def test_a_feed_that_publishes_more_is_asked_more_often() -> None:
    few, many = (learnt(*[at_hours(**{f"h{h}": n for h in range(24)})] * 2) for n in (2, 16))
    noon = TUESDAY + 12 * HOUR
    assert wait(read(few, noon), noon) > 2 * wait(read(many, noon), noon)


def test_a_gap_is_what_the_editor_makes_it() -> None:
    noon = TUESDAY + 12 * HOUR
    twice = replace(FEED, interval=2 * FEED.interval)
    assert wait(read(DAYTIME, noon), noon, feed=twice) == pytest.approx(2 * wait(read(DAYTIME, noon), noon), rel=0.1)
    pinned = replace(FEED, min_interval=7 * MINUTE, interval=7 * MINUTE, max_interval=7 * MINUTE)
    assert {wait(DAYTIME, MONDAY + 29 * DAY + nth * HOUR, feed=pinned) for nth in range(48)} == {7 * MINUTE}


def test_the_night_stretches_and_the_morning_does_not_wait_for_it() -> None:
    night = TUESDAY + 2 * HOUR
    assert wait(read(DAYTIME, night), night) > 2 * wait(read(DAYTIME, night + 10 * HOUR), night + 10 * HOUR)
    before_the_first = TUESDAY + 5 * HOUR + 50 * MINUTE
    gaps, now = [], before_the_first - 2 * HOUR
    while now < before_the_first + HOUR:
        gaps.append((now, wait(DAYTIME, now)))
        now += gaps[-1][1]
    assert max(gap for at, gap in gaps if at + gap > TUESDAY + 6 * HOUR) <= FEED.interval


def test_until_the_first_article_of_the_day_has_come_it_is_asked_more_often() -> None:
    morning = TUESDAY + 9 * HOUR
    yesterdays = read(DAYTIME, TUESDAY - 3 * HOUR)
    assert wait(read(DAYTIME, morning), morning) / wait(yesterdays, morning) == pytest.approx(6**0.5, rel=0.1)


def test_a_weekend_without_news_is_not_asked_as_a_weekday_is() -> None:
    noon = 12 * HOUR
    assert wait(read(DAYTIME, SUNDAY + noon), SUNDAY + noon) > 2 * wait(read(DAYTIME, TUESDAY + noon), TUESDAY + noon)


def test_before_a_weekend_was_seen_it_is_thought_to_be_like_other_days() -> None:
    rhythm = learnt(BUSY, BUSY, days=5)
    friday, saturday = MONDAY + 4 * DAY + 12 * HOUR, MONDAY + 5 * DAY + 12 * HOUR
    assert wait(read(rhythm, saturday), saturday) == pytest.approx(wait(read(rhythm, friday), friday), rel=0.2)


def test_articles_set_to_the_full_hour_are_met_just_after_it() -> None:
    def on_the_hour(midnight: datetime) -> Iterable[datetime]:
        for hour in range(6, 22):
            yield from [midnight + hour * HOUR] * 6
            yield from (midnight + hour * HOUR + minutes * MINUTE for minutes in (7, 18, 29, 33, 46, 52))

    rhythm = learnt(on_the_hour, on_the_hour)
    for minutes in range(50, 59):
        now = TUESDAY + 11 * HOUR + minutes * MINUTE
        while now <= TUESDAY + 12 * HOUR:
            now += wait(read(rhythm, now), now)
        assert now <= TUESDAY + 12 * HOUR + MINUTE


def test_a_feed_that_never_published_waits_as_long_as_it_may() -> None:
    assert wait(learnt(nothing, nothing), TUESDAY) == FEED.max_interval


COUNTS = st.integers(0, 10**9)
RHYTHMS = st.builds(
    LearntRhythm,
    day=COUNTS,
    watched=st.tuples(COUNTS, COUNTS),
    newest_at=COUNTS,
    by_hour=st.lists(COUNTS | st.just(0), min_size=48, max_size=48).map(tuple),
    by_minute=st.lists(COUNTS | st.just(0), min_size=60, max_size=60).map(tuple),
)
SPANS = st.lists(st.timedeltas(timedelta(seconds=1), timedelta(days=2)), min_size=3, max_size=3).map(sorted)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(RHYTHMS, SPANS, MOMENTS, st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/London", "America/New_York"]))
def test_a_wait_is_within_the_editors_bounds_whatever_was_learnt(
    rhythm: LearntRhythm, spans: list[timedelta], now: datetime, zone: str
) -> None:
    low, middle, high = spans
    feed = replace(FEED, min_interval=low, interval=middle, max_interval=high, timezone=zone)
    found = wait_for_news(rhythm, feed, now)
    assert found == wait_for_news(rhythm, feed, now)
    assert (found is None) == (sum(rhythm.watched) < 3 * 86_400)
    assert found is None or low <= found <= high


@given(RHYTHMS, st.lists(MOMENTS, max_size=5), MOMENTS, st.timedeltas(-2 * DAY, 3 * DAY))
def test_what_is_learnt_can_always_be_read_again(
    rhythm: LearntRhythm, published: list[datetime], now: datetime, ago: timedelta
) -> None:
    after = rhythm.after(published, since=now - ago, now=now, zone=FEED.timezone)
    assert min(*after.watched, *after.by_hour, *after.by_minute) >= 0
    if max(after.day, *after.watched, *after.by_hour, *after.by_minute, after.newest_at) <= 10**9:
        assert LearntRhythm.of(str(after)) == after


# ---------------------------------------------------------------- what it is for


@cache
def outcomes() -> tuple[Outcome, Outcome]:
    """One fixed interval for all, and ours with as many requests; feeds made up, the first three weeks learnt from."""
    press = made_up(6, names=("front page", "world", "markets"))
    ours = replay(press, lambda _: Ours(5.0, learns=True), begin=3 * WEEK, end=6 * WEEK)

    def fixed(interval: float) -> Rules:
        return lambda _: Fixed(interval)

    found, _ = at_equal_requests(press, fixed, ours.requests_a_day, begin=3 * WEEK, end=6 * WEEK)
    return found, ours


@pytest.mark.slow
def test_news_waits_a_fifth_less_than_with_one_fixed_interval_and_as_many_requests() -> None:
    fixed, ours = outcomes()
    assert ours.mean < 0.8 * fixed.mean


@pytest.mark.slow
def test_neither_the_late_ones_nor_the_first_of_a_day_pay_for_it() -> None:
    fixed, ours = outcomes()
    assert ours.quantile(0.95) <= fixed.quantile(0.95)
    assert ours.first_of_day_mean <= fixed.first_of_day_mean  # 63 mornings: too few for a percentile of their own
