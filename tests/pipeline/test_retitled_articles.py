"""Articles that newspapers changed after publication, replayed: nobody hears of one twice."""

import gzip
import json
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.config import load_watchlist
from monitor.feeds.article_keys import article_key
from monitor.pipeline.pace import Pace
from monitor.store.transaction import open_store
from monitor.types import Entry, Feed, FeedId
from tests.flow import READER, FakeClock, Flow
from tests.outside import DATA, judged_outside

ROOT = Path(__file__).parents[2]
VERSIONS = DATA / "article_versions.dev.jsonl.gz"


def entry(version: dict[str, Any]) -> Entry:
    at = datetime.fromisoformat(version["first_seen"])
    key = article_key(version["url"], version["url"], version["title"], at.date())
    return Entry(key, version["url"], version["url"], version["title"], version["summary"], published_at=at)


@pytest.mark.slow
@judged_outside("tests/pipeline/test_flow.py::test_a_retitled_article_is_not_told_again", needs=VERSIONS)
async def test_no_changed_article_is_told_twice(tmp_path: Path) -> None:
    with gzip.open(VERSIONS, "rt", encoding="utf-8") as file:
        articles = [json.loads(line)["versions"] for line in file]
    articles.sort(key=lambda versions: versions[0]["first_seen"])
    feed = Feed(FeedId("moi-nhat"), "Báo", "https://bao.example/rss", max_alert_age=timedelta(days=3))
    clock = FakeClock(datetime.fromisoformat(articles[0][0]["first_seen"]) - timedelta(days=1))
    async with await open_store(f"sqlite:///{tmp_path}/monitor.db") as store:
        flow = Flow(
            store,
            clock=clock,
            feeds={feed.id: feed},
            watchlist=load_watchlist(ROOT / "config"),
            pace=Pace(10_000, timedelta(0), timedelta(0)),
        )
        await flow.subscribe(READER, "*")
        await flow.start()
        for start in range(0, len(articles), 220):
            batch = articles[start : start + 220]
            for place in (0, -1):
                entries = [entry(versions[place]) for versions in batch]
                flow.fetcher.shelves[feed.id] = [replace(each, published_at=clock()) for each in entries]
                await flow.on()
    rung = Counter(message.html.split('href="', 1)[1].split('"')[0] for message in flow.phone.new)
    keys = Counter(article_key(url, url, "", None) for url in rung.elements())
    assert len(keys) > 50, "hardly anything rang: the test has lost its point"
    assert [key for key, times in keys.items() if times > 1] == []
