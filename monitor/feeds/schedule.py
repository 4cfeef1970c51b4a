"""Decides when a feed is asked next, and when people hear that one is in trouble. Pure: time and chance are arguments.

Asks nobody and writes nothing. Once its hours are learnt (rhythm.py), a feed is asked by them. Until then the
thresholds are Media Cloud's (rss-fetcher, 180,000 feeds polled about daily): longer when more than 67 % of a poll is
known, shorter below 33 %. Ours rings telephones, so such a feed, while it brings news, is never asked more rarely than
its editor wished (`interval`); only silence stretches that. Failures count in a row, soft ones half, and back off
linearly, for "a surprising number of feeds come back": each is asked at least once a day, for ever.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from monitor.feeds.rhythm import LearntRhythm, wait_for_news
from monitor.types import Bookmark, Failed, FailureKind, Feed, FeedState, Fetched, Hints, NotModified

MOSTLY_KNOWN = 0.67
MOSTLY_NEW = 0.33
LONGER = 1.25
SHORTER = 0.5  # quickly down: what falls out of the window between two polls is lost
QUIET_LONGER = 1.1  # without news the interval stays near a tenth of the silence, so a first item waits about that long
JITTER = 0.1  # of the interval, so that 1,000 feeds do not march in step
MAX_BACKOFF = timedelta(hours=24)
DOWN_AFTER = 3  # failures in a row: one flap rings nobody


def after_success(
    state: FeedState,
    feed: Feed,
    result: Fetched | NotModified,
    *,
    new: int,
    total: int,
    now: datetime,
    jitter: float,
    published: Iterable[datetime] = (),
) -> FeedState:
    """The state after a poll that worked: `new` of `total` entries were not known. `jitter` is chance in [0, 1).

    `published` are the times of those new ones that show when the feed publishes.

    The first success is the baseline and says nothing of the rhythm. A 304 after failures does not prove health (a
    cache in front of a broken feed gives it): it ends the back-off, but the failures stay counted until a whole body
    has come, and the bookmark loses its conditions so that the next poll asks for one.
    """
    whole_body = isinstance(result, Fetched) or result.bookmark.full_fetch_at != state.bookmark.full_fetch_at
    healed = whole_body or not state.failures
    first = state.first_success_at is None
    learnt = LearntRhythm.of(state.rhythm)
    if healed and state.last_success_at is not None:
        learnt = learnt.after(published, since=state.last_success_at, now=now, zone=feed.timezone)
    interval = wait_for_news(learnt, feed, now)
    if interval is None:
        interval = _within(
            feed, feed.interval if first else _guessed(feed, state.interval or feed.interval, new, total)
        )
    elif new:
        interval = min(interval, feed.interval)
    wait = max(interval, _floor(feed, result.hints))
    return replace(
        _healed(state, now) if healed else state,
        next_check_at=now + wait * (1 + JITTER * jitter),
        bookmark=result.bookmark if healed else _unconditional(result.bookmark),
        interval=interval,
        rhythm=str(learnt) if learnt.day else "",
        first_success_at=now if first else state.first_success_at,
        last_checked_at=now,
    )


def _healed(state: FeedState, now: datetime) -> FeedState:
    return replace(
        state,
        last_success_at=now,
        failures=0,
        strain=0.0,
        failing_since=None,
        failure_kind=None,
        last_error="",
        announced=None,
    )


def after_failure(state: FeedState, feed: Feed, failed: Failed, *, now: datetime, jitter: float) -> FeedState:
    """The state after a poll that brought nothing: backed off by strain, the bookmark untouched.

    Retry-After is waited for in full, up to a day; a feed that says it is gone is asked once a day from then on.
    """
    strain = state.strain + (0.5 if failed.kind.is_soft else 1.0)
    backoff = feed.interval * max(strain, 1.0)
    if failed.kind is FailureKind.GONE:
        backoff = MAX_BACKOFF
    wait = min(backoff * (1 + JITTER * jitter), MAX_BACKOFF)
    if failed.retry_after is not None:
        wait = max(wait, min(failed.retry_after, MAX_BACKOFF))
    after = replace(
        state,
        next_check_at=now + wait,
        last_checked_at=now,
        failures=state.failures + 1,
        strain=strain,
        failing_since=state.failing_since or now,
        failure_kind=failed.kind,
        last_error=failed.why,
    )
    return replace(after, announced=failed.kind) if _tells(state, after) else after


def trouble_to_announce(before: FeedState, after: FeedState) -> Literal["down", "changed", "recovered"] | None:
    """What admin chats should hear of this poll; None for most.

    A feed goes down after three failures in a row, or at once when it is gone for good; it changes when its trouble
    becomes one of another sort (unreachable, refused, gone, bad content), and comes back only if it was announced.
    """
    if before.announced is None:
        return "down" if after.announced is not None else None
    if after.announced is None:
        return "recovered"
    return "changed" if _sort(after.announced) != _sort(before.announced) else None


def _tells(before: FeedState, after: FeedState) -> bool:
    """Whether the failure that led to `after` is one that people hear of."""
    kind = after.failure_kind
    if kind is None:
        return False
    if before.announced is None:
        return kind is FailureKind.GONE or after.failures >= DOWN_AFTER
    if _sort(kind) == _sort(before.announced):
        return False
    # twice the same new trouble, or a feed that alternates between two would ring at every poll
    return kind is FailureKind.GONE or (before.failure_kind is not None and _sort(before.failure_kind) == _sort(kind))


def _sort(kind: FailureKind) -> str:
    if kind.is_unreachable:
        return "unreachable"
    return "bad content" if kind.is_bad_content else kind.value


def _guessed(feed: Feed, present: timedelta, new: int, total: int) -> timedelta:
    if new <= 0 or total <= 0:
        return present * QUIET_LONGER
    known = 1 - min(new, total) / total
    if known < MOSTLY_NEW:
        return min(present, feed.interval) * SHORTER
    if known > MOSTLY_KNOWN:
        return min(present * LONGER, feed.interval)
    return min(present, feed.interval)


def _within(feed: Feed, interval: timedelta) -> timedelta:
    return max(feed.min_interval, min(interval, feed.max_interval))


def _floor(feed: Feed, hints: Hints) -> timedelta:
    """The server's own wish, as far as the editor's bounds allow."""
    return _within(feed, hints.ttl) if hints.ttl is not None else feed.min_interval


def _unconditional(bookmark: Bookmark) -> Bookmark:
    return replace(bookmark, full_fetch_at=None)
