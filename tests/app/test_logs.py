"""One line an outcome, readable by a person or a machine, and never with the token in it."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from monitor.app.events import ArticleRead, Reloaded, ServiceEvent, Swept
from monitor.app.logs import HIDDEN, configure_logs, log_event
from monitor.errors import Problem
from monitor.pipeline.deliver import Delivered
from monitor.pipeline.detect import Detected, Parked
from monitor.pipeline.poll import Polled
from monitor.stories.grouping.review import Merge, Split
from monitor.types import (
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
from tests.store_samples import NOW, match

TOKEN = "70001:" + "s" * 35
FEED = Feed(FeedId("ben-song"), "Bến Sông", "https://ben-song.example/rss")
ITEM = Item(ItemId("7"), "Bến Sông", "Tuyến phà mới")
ALERT = Alert(
    3, Address(5), AlertKind.ALERT, DedupeKey("story:9"), AlertState.SENDING, 1, NOW, NOW, story_id=StoryId("9")
)
PLACED = Placement(StoryId("9"), Role.UPDATE)

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The JSON lines that were logged; afterwards the root logger is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    out = io.StringIO()
    configure_logs("json", out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("event", "level", "facts"),
    [
        (
            Polled(FEED, Fetched((), Bookmark()), (ITEM,)),
            "info",
            {"event": "polled", "feed": "ben-song", "items": 0, "new": 1},
        ),
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


def test_the_token_is_cut_out_of_every_line_of_every_library(lines: Lines) -> None:
    log = structlog.stdlib.get_logger("monitor.test")
    url = f"https://api.telegram.org/bot{TOKEN}/sendMessage"
    log.error("failed", url=url, error=RuntimeError(url), many=[url], deep={"a": (url,)})
    logging.getLogger("httpx").warning("HTTP Request: POST %s", url)
    logging.getLogger("other").error(f"text {url}")
    try:
        raise RuntimeError(url)
    except RuntimeError:
        log.exception("crashed")
        logging.getLogger("other").exception("crashed")
    written = lines()
    assert len(written) == 5
    assert [HIDDEN in json.dumps(line, ensure_ascii=False) for line in written] == [True] * 5
    assert TOKEN not in json.dumps(written)


def test_a_secret_of_any_form_is_hidden_when_it_is_known(lines: Lines) -> None:
    out = io.StringIO()
    configure_logs("json", out, secrets=["short+token", ""])
    logging.getLogger("x").error("POST /botshort+token/x %s", {"a": "short+token"})
    assert "short+token" not in out.getvalue()
    assert out.getvalue().count(HIDDEN) == 2


def test_chatty_libraries_speak_only_of_trouble(lines: Lines) -> None:
    for name in ("httpx", "apscheduler", "telegram.ext", "alembic.runtime", "watchfiles.main"):
        logging.getLogger(name).info("hello")
    assert lines() == []


def test_the_console_shows_the_same_to_a_person_without_colours_in_a_file(lines: Lines) -> None:
    out = io.StringIO()
    configure_logs("console", out)
    log_event(Parked(ITEM, f"KeyError {TOKEN}"))
    assert "parked" in out.getvalue()
    assert "why='KeyError <token>'" in out.getvalue()
    assert "\x1b" not in out.getvalue()
    assert lines() == []
