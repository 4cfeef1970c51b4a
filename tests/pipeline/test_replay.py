"""`monitor backtest` and the service tell the same: one recorded by a phone, the other replayed in memory."""

import json
import re
from collections.abc import Sequence
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from monitor.config import load_watchlist
from monitor.feeds.article_keys import article_key
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.pipeline.replay import replay
from monitor.types import Item, ItemId
from tests.golden.cases import ROOT, Printed, own_press, recorded_service, shared_press
from tests.outside import judged_outside

pytestmark = pytest.mark.slow


async def served(press: Sequence[Printed], folder: Path, *, step: timedelta) -> list[str]:
    """The addresses of which a reader who follows everything was told by new messages of the service."""
    recorded = await recorded_service(press, folder, step=step)
    rows = [json.loads(line) for line in recorded.splitlines()]
    new = [row["html"] for row in rows if row["chat"] == 1 and row["edits"] is None]
    return [unescape(found[1]) for html in new if (found := re.search(r'href="([^"]*)"', html))]


async def replayed(press: Sequence[Printed]) -> list[str]:
    items = [
        Item(
            ItemId(str(number)),
            each.outlet,
            each.title,
            each.lead,
            each.body,
            each.url,
            key=article_key(each.url, each.url, each.title, each.at.date()),
            published_at=each.at,
        )
        for number, each in enumerate(press)
    ]
    alerts, _ = await replay(items, ActiveWatchlist.of(load_watchlist(ROOT / "config")))
    return [alert.item.url for alert in alerts]


async def test_of_the_demos_articles(tmp_path: Path) -> None:
    press = sorted(own_press(), key=lambda each: each.at)
    told = await served(press, tmp_path, step=timedelta(minutes=6))
    assert len(told) > 10, "hardly anything rang: the test has lost its point"
    assert sorted(await replayed(press)) == sorted(told)


@judged_outside("tests/pipeline/test_replay.py::test_of_the_demos_articles")
async def test_of_a_real_morning(tmp_path: Path) -> None:
    press = sorted(shared_press(), key=lambda each: each.at)
    told = await served(press, tmp_path, step=timedelta(minutes=10))
    assert len(told) > 50, "hardly anything rang: the test has lost its point"
    assert sorted(await replayed(press)) == sorted(told)
