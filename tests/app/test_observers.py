"""One line an outcome for the log, one for /status when it is trouble, and a count for the metrics."""

from datetime import timedelta

import pytest

from monitor.app.events import ArticleRead, JobFailed, Reloaded, ServiceEvent, Swept
from monitor.app.observers import LAST_ERRORS, LastErrors, log_event, metrics_observer, trouble_in
from monitor.errors import Problem
from monitor.pipeline.abstract import AbstractDone
from monitor.pipeline.deliver import Delivered
from monitor.pipeline.detect import Detected, Parked
from monitor.pipeline.poll import Polled
from monitor.pipeline.status import PastError
from monitor.stories.grouping.review import Merge, Split
from monitor.types import (
    Abstract,
    Address,
    Alert,
    AlertKind,
    AlertState,
    Bookmark,
    DedupeKey,
    Failed,
    FailureKind,
    Feed,
    FeedId,
    Fetched,
    Item,
    ItemId,
    NotModified,
    Placement,
    Role,
    StoryId,
)
from monitor.web import Metrics
from tests.app.conftest import Lines
from tests.store_samples import NOW, match

FEED = Feed(FeedId("ben-song"), "Bến Sông", "https://ben-song.example/rss")
ITEM = Item(ItemId("7"), "Bến Sông", "Tuyến phà mới")
KEY, STORY = DedupeKey("story:9"), StoryId("9")
ALERT = Alert(3, Address(5), AlertKind.ALERT, KEY, AlertState.SENDING, 1, NOW, NOW, story_id=STORY)
PLACED = Placement(StoryId("9"), Role.UPDATE)


@pytest.mark.parametrize(
    ("event", "level", "facts"),
    [
        (
            Polled(FEED, Fetched((), Bookmark()), (ITEM,)),
            "info",
            {"event": "polled", "feed": "ben-song", "items": 0, "new": 1},
        ),
        (Polled(FEED, Fetched((), Bookmark(), known=38), ()), "info", {"event": "polled", "items": 38, "new": 0}),
        (
            Polled(FEED, Failed(FailureKind.DNS, "no such host"), (), None),
            "warning",
            {"event": "poll_failed", "feed": "ben-song", "kind": "dns", "why": "no such host"},
        ),
        (
            Detected(ITEM, (match(),), PLACED, StoryId("9"), 2),
            "info",
            {"event": "detected", "item": "7", "story": "9", "role": "update", "watches": ["putin"], "alerts": 2},
        ),
        (
            Detected(ITEM, (), Placement(None, Role.NEW), StoryId("9"), 0, Merge(StoryId("4"), StoryId("9"))),
            "info",
            {"event": "stories_merged", "into": "4", "gone": "9", "by": "7"},
        ),
        (
            Detected(ITEM, (), Placement(None, Role.NEW), StoryId("9"), 0, Split(StoryId("9"), (ITEM.id, ItemId("8")))),
            "info",
            {"event": "story_split", "story": "9", "items": 2, "by": "7"},
        ),
        (Parked(ITEM, "KeyError"), "error", {"event": "parked", "item": "7", "why": "KeyError"}),
        (ArticleRead(ITEM, (match(),)), "info", {"event": "article_read", "item": "7", "watches": ["putin"]}),
        (
            ArticleRead(ITEM, Failed(FailureKind.ROBOTS, "not allowed")),
            "info",
            {"event": "article_failed", "kind": "robots", "why": "not allowed"},
        ),
        (
            Delivered(ALERT, AlertState.SENT),
            "info",
            {"event": "delivered", "alert": 3, "chat": 5, "kind": "alert", "state": "sent", "story": "9"},
        ),
        (
            Delivered(ALERT, AlertState.REFUSED, why="bot was blocked"),
            "warning",
            {"event": "delivered", "state": "refused", "why": "bot was blocked"},
        ),
        (Reloaded("v2"), "info", {"event": "reloaded", "version": "v2"}),
        (
            Reloaded("v1", (Problem("f.yaml", 3, 5, "wrong"),)),
            "error",
            {"event": "reload_refused", "in_force": "v1", "problems": ["f.yaml:3:5: wrong"]},
        ),
        (Swept(12), "info", {"event": "swept", "items": 12}),
    ],
    ids=lambda value: value["event"] if isinstance(value, dict) else "",
)
def test_each_outcome_is_one_line(lines: Lines, event: ServiceEvent, level: str, facts: dict[str, object]) -> None:
    log_event(event)
    [line] = lines()
    assert line["level"] == level
    assert line["timestamp"].endswith("Z")
    assert {key: line[key] for key in facts} == facts


def test_what_changes_nothing_is_not_worth_a_line(lines: Lines) -> None:
    log_event(Polled(FEED, NotModified(Bookmark()), ()))
    log_event(Detected(ITEM, (), Placement(None, Role.NEW), StoryId("9"), 0))
    assert lines() == []


def test_trouble_that_admins_were_told_of_is_a_line_of_its_own(lines: Lines) -> None:
    log_event(Polled(FEED, Failed(FailureKind.DNS, "x"), (), "down"))
    assert [line["event"] for line in lines()] == ["poll_failed", "feed_trouble"]


# ---------------------------------------------------------------- the last errors


def test_trouble_is_kept_with_its_time_newest_first_and_no_more_than_a_page_of_it() -> None:
    last_errors = LastErrors(clock=lambda: NOW)
    for number in range(LAST_ERRORS + 2):
        last_errors(Parked(ITEM, f"bug {number}"))
        last_errors(Swept(number))
    lines = list(last_errors)
    assert len(lines) == LAST_ERRORS
    assert lines[0] == PastError(NOW, f"item 7: bug {LAST_ERRORS + 1}")


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        (Polled(FEED, Failed(FailureKind.DNS, "no such host"), ()), "ben-song: no such host"),
        (Polled(FEED, NotModified(Bookmark()), ()), ""),
        (Delivered(ALERT, AlertState.REFUSED, why="blocked"), "alert 3 to chat 5: blocked"),
        (Delivered(ALERT, AlertState.SKIPPED, why="nothing to say any more"), ""),
        (Reloaded("v1", (Problem("f.yaml", 3, 5, "wrong"), Problem("f.yaml", 9, 1, "too"))), "f.yaml:3:5: wrong"),
        (Reloaded("v2"), ""),
        (JobFailed("detect", "KeyError: 1"), "KeyError: 1"),
        (JobFailed("detect", "KeyError: 1", again=True), ""),
        (ArticleRead(ITEM, Failed(FailureKind.ROBOTS, "not allowed")), ""),
    ],
)
def test_trouble_is_one_line_and_the_same_trouble_again_is_none(event: ServiceEvent, shown: str) -> None:
    assert trouble_in(event) == shown


# ---------------------------------------------------------------- the metrics


def test_what_happens_is_counted() -> None:
    metrics = Metrics("1")
    count = metrics_observer(metrics, clock=lambda: NOW + timedelta(seconds=3))
    events: list[ServiceEvent] = [
        Polled(FEED, Fetched((), Bookmark()), (ITEM,)),
        Polled(FEED, NotModified(Bookmark()), ()),
        Polled(FEED, Failed(FailureKind.DNS, "no such host"), ()),
        Detected(ITEM, (match(),), PLACED, StoryId("9"), 2),
        Delivered(ALERT, AlertState.SENT),
        AbstractDone(StoryId("9"), Abstract("Hai bên trao đổi.")),
        JobFailed("poll", "KeyError: 1"),
        Swept(12),
    ]
    for event in events:
        count(event)
    lines = metrics.exposition().decode().splitlines()
    for expected in (
        'monitor_polls_total{outcome="fetched"} 1.0',
        'monitor_polls_total{outcome="not_modified"} 1.0',
        'monitor_polls_total{outcome="dns"} 1.0',
        "monitor_items_total 1.0",
        'monitor_matches_total{kind="leader"} 1.0',
        'monitor_alerts_total{kind="alert",outcome="sent"} 1.0',
        'monitor_alert_latency_seconds_bucket{le="2.0"} 0.0',
        'monitor_alert_latency_seconds_bucket{le="5.0"} 1.0',
        'monitor_summaries_total{outcome="written"} 1.0',
        'monitor_job_failures_total{job="poll"} 1.0',
    ):
        assert expected in lines
