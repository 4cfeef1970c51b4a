"""`monitor run --once` with nothing to do: it ends before the rooms are loaded, and never while anything waits."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.app.ground import is_quiet, open_ground
from monitor.app.service import Service
from monitor.store.sole_names import DONE_WITH
from monitor.store.transaction import Transaction, open_store
from monitor.types import ItemId, Placement, Reason, ReasonCode, Role, StoryId
from tests.app.running import running
from tests.newsstand import Newsstand
from tests.store_samples import DAY, MINUTE, NOW, SECOND, alert, chat, draft, match, urls

CALL = "Tổng thống Nga Vladimir Putin điện đàm với Thủ tướng Israel Benjamin Netanyahu"
LEAD = "Ông Putin và ông Netanyahu trao đổi qua điện thoại tối thứ hai về viện trợ nhân đạo."
OURS = ("app.wiring", "app.service", "app.stages", "bot", "config.loading", "config.yaml_reader", "feeds", "matching",
        "net", "notify", "pipeline", "stories", "web")  # fmt: skip
DEAR = ("aiohttp", "ahocorasick", "alembic", "apscheduler", "babel", "feedparser", "lark", "lxml", "prometheus_client",
        "protego", "psycopg", "rich", "structlog", "telegram", "trafilatura",
        "underthesea", "watchfiles", "yaml")  # fmt: skip
RUN = """
import json, sys
from monitor.cli.main import main
try:
    main(["run", "--once"])
finally:
    print(json.dumps(sorted(sys.modules)))
"""


class Once:
    """`run --once` in a process of its own, on a newspaper on loopback that is asked once an hour."""

    def __init__(self, folder: Path, stand: Newsstand) -> None:
        stand.write_config(folder / "config")
        feeds = folder / "config" / "feeds.yaml"
        feeds.write_text(feeds.read_text().replace("1s", "1h"))
        self.folder = folder
        self.url = f"sqlite:///{folder}/monitor.db"

    def __call__(self) -> tuple[set[str], subprocess.CompletedProcess[str]]:
        """The modules that it loaded, and what it said."""
        environment = os.environ | {
            "MONITOR_CONFIG_DIR": str(self.folder / "config"),
            "MONITOR_DATABASE_URL": self.url,
            "MONITOR_HTTP_ALLOW_PRIVATE": "true",
            "MONITOR_HOST_SPACING": "0",
        }
        ended = subprocess.run(
            [sys.executable, "-c", RUN], env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        return set(json.loads(ended.stdout.splitlines()[-1])), ended


@pytest.mark.slow
async def test_a_run_with_nothing_due_loads_neither_rooms_nor_network_nor_files(tmp_path: Path) -> None:
    async with Newsstand() as stand:
        once = Once(tmp_path, stand)
        first, _ = await in_thread(once)
        loaded, ended = await in_thread(once)
    assert {"aiohttp", "monitor.pipeline.detect"} <= first
    assert (ended.returncode, stand.polls) == (0, 1)
    dear = {name for name in loaded if any(name == each or name.startswith(f"{each}.") for each in DEAR)}
    rooms = {name for name in loaded if any(f"{name}.".startswith(f"monitor.{each}.") for each in OURS)}
    assert (dear, rooms) == (set(), set())


@pytest.mark.slow
async def test_a_run_reads_files_that_were_changed_although_nothing_is_due(tmp_path: Path) -> None:
    async with Newsstand() as stand:
        once = Once(tmp_path, stand)
        await in_thread(once)
        (tmp_path / "config" / "watchlists" / "all.yaml").write_text("leaders: [{id: A}]\n")
        _, ended = await in_thread(once)
    assert ended.returncode == 2
    assert "all.yaml:1:" in ended.stderr


@pytest.mark.slow
async def test_what_came_while_nobody_ran_is_told_by_a_run_that_asks_no_feed(tmp_path: Path) -> None:
    """The story window is warmed only where an item waits: it must be before the first one is judged."""
    async with Newsstand() as stand:
        once = Once(tmp_path, stand)
        await in_thread(once)
        async with await open_store(once.url) as store:
            with store.writing() as tx:
                now = datetime.now(UTC)
                tx.add_items([draft("a", title=CALL, lead=LEAD, published_at=now, seen_at=now)])
        _, told = await in_thread(once)
        async with await open_store(once.url) as store:
            with store.writing() as tx:
                now = datetime.now(UTC)
                tx.add_items([draft("b", title=CALL, lead=LEAD, published_at=now, seen_at=now)])
        _, again = await in_thread(once)
        async with await open_store(once.url) as store:
            with store.reading() as tx:
                first, second = (tx.item(ItemId(number)) for number in ("2", "3"))
    assert CALL in told.stdout
    assert CALL not in again.stdout
    assert first is not None
    assert second is not None
    assert first.story_id == second.story_id


@pytest.mark.slow
async def test_a_service_knows_the_stories_of_the_one_before_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/monitor.db"

    async def story_of(service: Service, title: str) -> StoryId:
        async with asyncio.timeout(60):
            while True:
                await stand.polled()
                items = await service.store.read(lambda tx: [tx.item(ItemId(str(number))) for number in range(1, 4)])
                for item in items:
                    if item is not None and item.title == title and item.story_id is not None:
                        return item.story_id

    async with Newsstand() as stand:
        async with running(tmp_path, url, stand) as service:
            stand.publish(CALL, LEAD)
            told = await story_of(service, CALL)
        async with running(tmp_path, url, stand) as service:
            stand.publish(f"{CALL}.", LEAD)
            assert await story_of(service, f"{CALL}.") == told


async def in_thread(once: Once) -> tuple[set[str], subprocess.CompletedProcess[str]]:
    """While the newspaper goes on answering."""
    return await asyncio.to_thread(once)


# ---------------------------------------------------------------- what is no quiet


def resting(tx: Transaction) -> None:
    """One feed that is well and not due, and one item that is done."""
    tx.register_feeds(urls("ben-song"), now=NOW)
    (state,) = tx.feed_states()
    tx.save_feed(replace(state, next_check_at=NOW + DAY))
    (item,) = tx.add_items([draft("old")])
    placed = Placement(None, Role.NEW, Reason(ReasonCode.NOTHING_ALIKE))
    tx.save_detection(item, [match()], placed, version="v1", now=NOW)
    (item,) = tx.claim_fulltext(now=NOW, lease=MINUTE, limit=1)
    tx.save_fulltext(item.id, "Bài.", now=NOW)
    tx.save_chat(chat())
    tx.set_fact(DONE_WITH, "seen")


def feed_is_due(tx: Transaction) -> None:
    (state,) = tx.feed_states()
    tx.save_feed(replace(state, next_check_at=NOW))


def feed_fails(tx: Transaction) -> None:
    (state,) = tx.feed_states()
    tx.save_feed(replace(state, failures=1, next_check_at=NOW + DAY))


def feed_is_new(tx: Transaction) -> None:
    tx.register_feeds(urls("ben-song", "nui-cao"), now=NOW)


def item_waits(tx: Transaction) -> None:
    tx.add_items([draft("new")])


def article_is_wanted(tx: Transaction) -> None:
    (item,) = tx.add_items([draft("new")])
    placed = Placement(None, Role.NEW, Reason(ReasonCode.NOTHING_ALIKE))
    tx.save_detection(item, [match()], placed, version="v1", now=NOW)


def page_is_due(tx: Transaction) -> None:
    item = tx.item(ItemId("1"))
    assert item is not None
    assert item.story_id is not None
    tx.schedule_rechecks([item.story_id], at=NOW)


def alert_waits(tx: Transaction) -> None:
    tx.enqueue([alert()], now=NOW)


def alert_rests_for_a_moment(tx: Transaction) -> None:
    tx.enqueue([alert(not_before=NOW + 3 * SECOND)], now=NOW)


def process_died_while_sending(tx: Transaction) -> None:
    tx.enqueue([alert()], now=NOW)
    tx.claim_alerts(now=NOW, lease=5 * MINUTE, limit=1)


def clock_was_set_back(tx: Transaction) -> None:
    (state,) = tx.feed_states()
    tx.save_feed(replace(state, last_checked_at=NOW + DAY, next_check_at=NOW + 2 * DAY))


def other_files(tx: Transaction) -> None:
    tx.set_fact(DONE_WITH, "other")


WORK = (
    feed_is_due,
    feed_fails,
    feed_is_new,
    item_waits,
    article_is_wanted,
    page_is_due,
    alert_waits,
    alert_rests_for_a_moment,
    process_died_while_sending,
    clock_was_set_back,
    other_files,
)


async def quiet(url: str, now: datetime = NOW) -> bool:
    async with open_ground(url, clock=lambda: now) as ground:
        return await is_quiet(ground, "seen", now=now)


@pytest.mark.parametrize("work", WORK, ids=lambda work: work.__name__)
async def test_whatever_waits_is_work(database_url: str, work: Callable[[Transaction], None]) -> None:
    async with await open_store(database_url) as store:
        await store.write(resting)
    assert await quiet(database_url)
    async with await open_store(database_url) as store:
        await store.write(work)
    assert not await quiet(database_url)
