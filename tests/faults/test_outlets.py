"""Each trouble of an outlet really happens: what the monitor's own fetcher makes of it."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.feeds.fetch import HttpFetcher
from monitor.feeds.parser import open_parser
from monitor.net.politeness import HostGate
from monitor.net.request import HttpClient, Limits
from monitor.net.session import open_session
from monitor.types import Bookmark, Failed, Feed, FeedId, Fetched, FetchResult, NotModified
from tests.faults.news import news
from tests.faults.outlets import HOST, Given, Outlets
from tests.faults.plan import KINDS, Fault, Place, Size

SIZE = Size(seconds=20, outlets=1, chats=8, a_second=1.0)
READ = {  # the troubles under which something can be read all the same
    *("no-ids", "no-dates", "dates-of-1970", "dates-of-the-future", "thousand-items", "reordered", "reissued"),
    *("renamed", "lying-etag", "lying-304", "cut-xml", "doubled-xml", "wrong-charset"),
    *("unknown-name", "name-moves"),  # those are the monitor's own process's
}
AS_THE_PARSER_LIKES = {"no-links", "empty-feed", "entity-bomb", "deep-nesting", "length-too-short"}
SICK = [name for name, kind in KINDS.items() if kind.place is Place.OUTLET]


def utc_now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def outlet(folder: Path, kind: str = "") -> AsyncIterator[tuple[Feed, Path]]:
    """One outlet with all of its articles on line, ill for the next minute."""
    log = folder / "served.jsonl"
    faults = (Fault(25.0, kind, 0, 60.0),) if kind else ()
    outlets = Outlets(Given(1, SIZE, faults, str(log)))
    (port,) = outlets.listen()
    outlets.begin(time.monotonic() - 30)
    serving = asyncio.create_task(outlets.serve())
    try:
        yield Feed(FeedId("to-0"), "Tờ", f"http://{HOST}:{port}/rss"), log
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        outlets.close()


async def asked(feed: Feed, *, times: int = 1) -> list[FetchResult]:
    """What a fetcher of little patience gets."""
    limits = Limits(2**20, timedelta(seconds=0.7), is_shared=True)
    came: list[FetchResult] = []
    async with open_session(allow_private=True, contact="", version="1") as session, open_parser() as parser:
        fetcher = HttpFetcher(HttpClient(session, HostGate(timedelta(0))), parser, clock=utc_now, limits=limits)
        bookmark = Bookmark()
        for _ in range(times):
            result = await fetcher.fetch(feed, bookmark)
            bookmark = bookmark if isinstance(result, Failed) else result.bookmark
            came.append(result)
    return came


async def test_a_healthy_outlet_hands_over_what_is_on_line_and_then_nothing_new(tmp_path: Path) -> None:
    async with outlet(tmp_path) as (feed, log):
        first, second = await asked(feed, times=2)
    assert isinstance(first, Fetched)
    assert len(first.entries) == len(news(1, SIZE)) + 1
    assert isinstance(second, NotModified)
    served = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(each["how"], each["count"], each["conditional"]) for each in served] == [
        ("well", len(news(1, SIZE)), False),
        ("304", len(news(1, SIZE)), True),
    ]


@pytest.mark.parametrize("kind", SICK)
async def test_a_sick_outlet_is_as_sick_as_its_plan_says(tmp_path: Path, kind: str) -> None:
    async with outlet(tmp_path, kind) as (feed, _):
        (result,) = await asked(feed)
    if kind in AS_THE_PARSER_LIKES:
        return
    assert isinstance(result, Fetched) is (kind in READ), result


async def test_what_is_handed_over_badly_is_not_noted_as_well(tmp_path: Path) -> None:
    for kind in ("body-hangs", "length-too-long", "reset-in-body", "gzip-bomb", "dates-of-1970"):
        folder = tmp_path / kind
        folder.mkdir()
        async with outlet(folder, kind) as (feed, log):
            await asked(feed)
        assert all(json.loads(line)["how"] in ("badly", "spoiled") for line in log.read_text().splitlines()), kind
