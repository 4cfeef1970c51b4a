"""When a feed is asked next, and when people hear of trouble."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.rhythm import UNIT, LearntRhythm
from monitor.feeds.schedule import MAX_BACKOFF, after_failure, after_success, trouble_to_announce
from monitor.types import Bookmark, Failed, FailureKind, Feed, FeedId, FeedState, Fetched, Hints, NotModified

NOW = datetime(2026, 8, 14, 12, 0, tzinfo=UTC)
FEED = Feed(id=FeedId("thu"), outlet="Thử", url="https://bao.example/rss")
NEW_FEED = FeedState(feed_id=FEED.id, next_check_at=NOW)
WHOLE = Bookmark(etag='"a"', body_sha256="b", full_fetch_at=NOW)
RUNNING = FeedState(
    feed_id=FEED.id,
    next_check_at=NOW,
    bookmark=WHOLE,
    interval=FEED.interval,
    first_success_at=NOW,
    last_success_at=NOW,
)
MINUTE = timedelta(minutes=1)


def succeed(state: FeedState, new: int, total: int, *, ttl: timedelta | None = None, feed: Feed = FEED) -> FeedState:
    bookmark = replace(state.bookmark, full_fetch_at=state.next_check_at)
    result = Fetched((), bookmark, Hints(ttl)) if total else NotModified(bookmark, Hints(ttl))
    return after_success(state, feed, result, new=new, total=total, now=state.next_check_at, jitter=0.0)


def fail(
    state: FeedState, kind: FailureKind, *, retry_after: timedelta | None = None, jitter: float = 0.0
) -> FeedState:
    failed = Failed(kind, f"because of {kind}", retry_after)
    return after_failure(state, FEED, failed, now=state.next_check_at, jitter=jitter)


def wait(state: FeedState) -> timedelta:
    assert state.last_checked_at is not None
    return state.next_check_at - state.last_checked_at


def announced(state: FeedState, *steps: FailureKind | None) -> list[str]:
    """What admin chats hear while polls end so, one after the other; None is a poll that worked."""
    heard: list[str] = []
    for kind in steps:
        after = succeed(state, 1, 40) if kind is None else fail(state, kind)
        if word := trouble_to_announce(state, after):
            heard.append(word)
        state = after
    return heard


# ---------------------------------------------------------------- rhythm


def test_the_first_success_is_the_baseline_and_keeps_the_editors_interval() -> None:
    state = succeed(NEW_FEED, 40, 40)
    assert (state.first_success_at, state.interval, wait(state)) == (NOW, FEED.interval, FEED.interval)


def test_a_window_that_nearly_ran_over_is_asked_more_often_down_to_the_minimum() -> None:
    state = succeed(RUNNING, 38, 40)
    assert wait(state) < FEED.interval
    for _ in range(10):
        state = succeed(state, 40, 40)
    assert wait(state) == FEED.min_interval


def test_a_mostly_known_poll_lengthens_again_but_news_is_never_asked_more_rarely_than_wished() -> None:
    hurried = replace(RUNNING, interval=MINUTE)
    state = succeed(hurried, 2, 40)
    assert wait(state) > MINUTE
    for _ in range(20):
        state = succeed(state, 2, 40)
    assert wait(state) == FEED.interval


def test_silence_stretches_the_interval_to_the_maximum_and_one_new_item_ends_that() -> None:
    state = RUNNING
    for _ in range(40):
        state = succeed(state, 0, 40)
    assert wait(state) == FEED.max_interval
    assert wait(succeed(state, 1, 40)) == FEED.interval


def test_after_two_silent_hours_a_feed_is_still_asked_within_twenty_minutes() -> None:
    state = RUNNING
    while state.next_check_at < NOW + timedelta(hours=2):
        state = succeed(state, 0, 0)
    assert wait(state) <= 20 * MINUTE


def test_the_servers_wish_is_a_floor_within_the_editors_bounds() -> None:
    assert wait(succeed(RUNNING, 2, 40, ttl=30 * MINUTE)) == 30 * MINUTE
    assert wait(succeed(RUNNING, 2, 40, ttl=timedelta(days=2))) == FEED.max_interval
    assert wait(succeed(RUNNING, 2, 40, ttl=timedelta(seconds=1))) == FEED.interval


# NOW is a Friday at 19 o'clock in Vietnam. This feed was watched for three weeks, and brings 9 articles an hour from
# 6 to 21 o'clock, and in the hours of the night a tenth of one.
DAY = 24 * 60 * 60
HOURS = tuple(15 * (900 if 6 <= hour < 22 else 10) for hour in range(24))
KNOWN = LearntRhythm(
    day=NOW.date().toordinal(),
    watched=(15 * DAY, 6 * DAY),
    newest_at=int(NOW.timestamp()) // 60,
    by_hour=HOURS + tuple(count * 6 // 15 for count in HOURS),
    by_minute=(sum(HOURS) * 21 // 15 // 60,) * 60,
)
LEARNT = replace(RUNNING, rhythm=str(KNOWN), last_success_at=NOW - MINUTE, last_checked_at=NOW - MINUTE)


def test_a_learnt_feed_is_asked_by_its_hours_and_seldom_at_night() -> None:
    by_day, by_night = LEARNT, replace(LEARNT, next_check_at=NOW + timedelta(hours=7))
    assert wait(succeed(by_day, 0, 40)) < FEED.interval
    assert wait(succeed(by_night, 0, 40)) > 4 * FEED.interval


def test_a_learnt_feed_that_brings_news_is_not_asked_more_rarely_than_its_editor_wished() -> None:
    by_night = replace(LEARNT, next_check_at=NOW + timedelta(hours=7))
    assert wait(succeed(by_night, 1, 40)) == FEED.interval
    assert wait(succeed(replace(by_night, interval=timedelta(hours=1)), 1, 40)) == FEED.interval


def test_a_learnt_feed_keeps_its_bounds_its_servers_wish_and_its_jitter() -> None:
    assert wait(succeed(LEARNT, 2, 40, ttl=30 * MINUTE)) == 30 * MINUTE
    pinned = replace(FEED, min_interval=20 * MINUTE, interval=20 * MINUTE, max_interval=20 * MINUTE)
    assert wait(succeed(LEARNT, 2, 40, feed=pinned)) == 20 * MINUTE
    result = Fetched((), WHOLE, Hints())
    still, jittered = (
        after_success(LEARNT, FEED, result, new=0, total=40, now=NOW, jitter=jitter) for jitter in (0.0, 0.5)
    )
    assert wait(jittered) == pytest.approx(wait(still) * 1.05, abs=timedelta(milliseconds=1))


def test_what_a_learnt_feed_published_is_remembered() -> None:
    result = Fetched((), WHOLE, Hints())
    after = after_success(LEARNT, FEED, result, new=2, total=40, now=NOW, jitter=0, published=[NOW, NOW])
    assert LearntRhythm.of(after.rhythm).by_hour[19] == KNOWN.by_hour[19] + 2 * UNIT
    assert sum(LearntRhythm.of(after.rhythm).watched) == 21 * DAY + 60


def test_a_new_feed_or_one_whose_memory_is_damaged_is_asked_as_before() -> None:
    for rhythm in ("", "[1,2", str(replace(KNOWN, watched=(DAY, 0)))):
        state = replace(RUNNING, rhythm=rhythm)
        assert wait(succeed(state, 2, 40)) == FEED.interval
        assert wait(succeed(state, 0, 40)) == 1.1 * FEED.interval


def test_the_baseline_and_a_304_that_proves_nothing_teach_nothing() -> None:
    assert succeed(NEW_FEED, 40, 40).rhythm == ""
    failing = fail(LEARNT, FailureKind.NOT_A_FEED)
    assert failing.rhythm == LEARNT.rhythm
    doubtful = after_success(failing, FEED, NotModified(failing.bookmark), new=0, total=0, now=NOW, jitter=0)
    assert doubtful.rhythm == LEARNT.rhythm
    assert sum(LearntRhythm.of(succeed(doubtful, 0, 40).rhythm).watched) > 21 * DAY


@given(
    st.integers(0, 60),
    st.integers(0, 60),
    st.floats(0, 1, exclude_max=True),
    st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=3)),
    st.none() | st.timedeltas(min_value=timedelta(), max_value=timedelta(days=9)),
    st.sampled_from(["", LEARNT.rhythm]),
    st.timedeltas(min_value=timedelta(), max_value=timedelta(days=9)),
)
def test_the_interval_stays_within_bounds(
    new: int,
    total: int,
    jitter: float,
    present: timedelta,
    ttl: timedelta | None,
    rhythm: str,
    later: timedelta,
) -> None:
    result = Fetched((), WHOLE, Hints(ttl))
    before = replace(RUNNING, interval=present, rhythm=rhythm)
    state = after_success(before, FEED, result, new=new, total=total, now=NOW + later, jitter=jitter)
    assert FEED.min_interval <= wait(state) <= FEED.max_interval * 1.1
    assert state.interval is not None
    assert FEED.min_interval <= state.interval <= FEED.max_interval


# ---------------------------------------------------------------- failures


def test_failures_back_off_in_a_line_and_soft_ones_half_as_fast() -> None:
    hard = soft = RUNNING
    waits = []
    for _ in range(12):
        hard, soft = fail(hard, FailureKind.NOT_A_FEED), fail(soft, FailureKind.TIMEOUT)
        waits.append((wait(hard), wait(soft)))
    assert waits[11] == (60 * MINUTE, 30 * MINUTE)
    assert waits[5] == (30 * MINUTE, 15 * MINUTE)
    assert waits[0] == (5 * MINUTE, 5 * MINUTE)


def test_a_failing_feed_is_asked_at_least_once_a_day_for_ever() -> None:
    state = RUNNING
    for _ in range(2_000):
        state = fail(state, FailureKind.FORBIDDEN, jitter=0.99)
    assert wait(state) == MAX_BACKOFF


def test_a_feed_that_is_gone_is_asked_once_a_day() -> None:
    assert wait(fail(RUNNING, FailureKind.GONE)) == MAX_BACKOFF


def test_retry_after_is_waited_for_up_to_a_day() -> None:
    assert wait(fail(RUNNING, FailureKind.RATE_LIMITED, retry_after=timedelta(hours=3))) == timedelta(hours=3)
    assert wait(fail(RUNNING, FailureKind.RATE_LIMITED, retry_after=timedelta(days=9))) == timedelta(days=1)
    assert wait(fail(RUNNING, FailureKind.RATE_LIMITED, retry_after=timedelta())) == 5 * MINUTE


def test_a_failure_says_since_when_and_why_and_leaves_the_bookmark() -> None:
    state = fail(fail(RUNNING, FailureKind.DNS), FailureKind.HTTP)
    assert (state.failures, state.failing_since, state.failure_kind) == (2, NOW, FailureKind.HTTP)
    assert state.last_error == "because of http"
    assert state.bookmark == RUNNING.bookmark


def test_a_whole_body_heals() -> None:
    state = succeed(fail(fail(RUNNING, FailureKind.DNS), FailureKind.DNS), 0, 0)
    assert (state.failures, state.strain, state.failing_since, state.last_error) == (0, 0.0, None, "")


def test_a_304_after_failures_ends_the_back_off_but_proves_nothing() -> None:
    failing = fail(fail(RUNNING, FailureKind.NOT_A_FEED), FailureKind.NOT_A_FEED)
    doubtful = after_success(failing, FEED, NotModified(failing.bookmark), new=0, total=0, now=NOW, jitter=0)
    assert (doubtful.failures, doubtful.failure_kind) == (2, FailureKind.NOT_A_FEED)
    assert doubtful.bookmark.full_fetch_at is None  # the next poll asks for the whole body
    assert wait(doubtful) <= 6 * MINUTE
    assert succeed(doubtful, 0, 0).failures == 0


def test_a_304_of_a_healthy_feed_is_a_success() -> None:
    state = after_success(RUNNING, FEED, NotModified(WHOLE), new=0, total=0, now=NOW + MINUTE, jitter=0)
    assert (state.last_success_at, state.bookmark) == (NOW + MINUTE, WHOLE)


# ---------------------------------------------------------------- what people hear

DOWN, OTHER, PAGE, GONE = FailureKind.TIMEOUT, FailureKind.DNS, FailureKind.NOT_A_FEED, FailureKind.GONE


@pytest.mark.parametrize(
    ("steps", "heard"),
    [
        ((DOWN,), []),
        ((DOWN, DOWN, None), []),  # a flap rings nobody
        ((DOWN, DOWN, DOWN), ["down"]),
        ((DOWN,) * 50, ["down"]),
        ((DOWN, OTHER, DOWN, OTHER, DOWN), ["down"]),  # one trouble to a person: not reachable
        ((GONE,), ["down"]),
        ((DOWN, DOWN, DOWN, None), ["down", "recovered"]),
        ((DOWN, DOWN, DOWN, None, None, DOWN), ["down", "recovered"]),
        ((DOWN, DOWN, DOWN, PAGE), ["down"]),
        ((DOWN, DOWN, DOWN, PAGE, PAGE, PAGE), ["down", "changed"]),
        ((DOWN, DOWN, DOWN, PAGE, DOWN, PAGE, DOWN), ["down"]),
        ((PAGE, PAGE, PAGE, GONE), ["down", "changed"]),
        ((DOWN, DOWN, DOWN, PAGE, PAGE, None), ["down", "changed", "recovered"]),
        ((None, None), []),
    ],
)
def test_admin_chats_hear_little_and_in_time(steps: tuple[FailureKind | None, ...], heard: list[str]) -> None:
    assert announced(RUNNING, *steps) == heard


def test_a_304_announces_no_recovery_until_a_body_came() -> None:
    state = RUNNING
    for _ in range(3):
        state = fail(state, PAGE)
    doubtful = after_success(state, FEED, NotModified(state.bookmark), new=0, total=0, now=NOW, jitter=0)
    assert trouble_to_announce(state, doubtful) is None
    assert trouble_to_announce(doubtful, succeed(doubtful, 1, 40)) == "recovered"
