"""What the store's frequent work costs when much is stored. Prints a line a step.

    python benchmarks/store/growth.py [--items 500000] [--postgresql EMPTY-DATABASE]

16,000 items a day, as a thousand feeds bring them; every tenth names something watched, every fifth led to an alert.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.store.detection_rows import Detection
from monitor.store.transaction import Store, Transaction, open_store
from monitor.types import Address, AlertState, ChatState, Placement, Role, StoryId, WatchId
from tests.store.grown import ITEMS_A_STORY, grow
from tests.store_samples import DAY, MINUTE, NOW, alert, draft, match

A_DAY = 16_000
SWEPT = 500  # rows a transaction, as app/service.py has it


def detect(tx: Transaction, count: int, times: int, last: int) -> None:
    """Write what was found of new items: half of them open stories, the others join some of today."""
    drafts = [draft(f"new-{count}-{times}-{n}") for n in range(count)]
    found = tx.add_items(drafts)
    placed = [Placement(StoryId(str(last - n)) if n % 2 else None, Role.REPEAT) for n in range(count)]
    new = tx.reserve_stories(count)
    written = [Detection(*each) for each in zip(found, [[match("watch-7")]] * count, placed, new, strict=True)]
    tx.save_detections(written, version="v1", now=NOW)


def deliver(tx: Transaction) -> None:
    """Claim one alert, and settle it."""
    for each in tx.claim_alerts(now=NOW, lease=MINUTE, limit=1):
        tx.settle(each, AlertState.SENT, now=NOW, message_id=each.id)


def unwelcome(tx: Transaction) -> object:
    """As it is asked for each story that was told."""
    if hasattr(tx, "unwelcome"):
        return tx.unwelcome()
    return tx.chats({ChatState.BLOCKED, ChatState.BARRED})


def measured(tx: Transaction) -> None:
    """What the gauges of the metrics are set from, every few seconds."""
    tx.queue_counts() if hasattr(tx, "queue_counts") else tx.outbox_counts()
    tx.unmatched_count()
    tx.parked_count() if hasattr(tx, "parked_count") else tx.parked_items()
    tx.failing_feeds() if hasattr(tx, "failing_feeds") else tx.feed_states()
    tx.backlog(now=NOW)


def swept(tx: Transaction, before: object, limit: int) -> None:
    """One step of the sweep."""
    tx.sweep(before=before, limit=limit)  # type: ignore[arg-type]
    if hasattr(tx, "sweep_outbox"):
        tx.sweep_outbox(before=before, limit=limit)  # type: ignore[arg-type]


def measure(store: Store, items: int) -> None:
    """One line a step: the median and the fastest of some runs, in ms."""
    some = [WatchId(f"watch-{n}") for n in range(5)]
    last = items // ITEMS_A_STORY - 50
    oldest = NOW - items * DAY / A_DAY
    steps: list[tuple[str, int, Callable[[Transaction, int], object]]] = [
        ("add_items of 40, 2 new", 20, lambda tx, n: tx.add_items(
            [draft(f"key-{items - i}") for i in range(38)] + [draft(f"n-{n}"), draft(f"m-{n}")])),
        ("add_items and save_detections of 1", 20, lambda tx, n: detect(tx, 1, n, last)),
        ("add_items and save_detections of 50", 20, lambda tx, n: detect(tx, 50, n, last)),
        ("heard", 20, lambda tx, n: tx.heard(range(1, 500), since=NOW - DAY)),
        ("chats that are not welcome", 20, lambda tx, n: unwelcome(tx)),
        ("backlog, before each batch", 10, lambda tx, n: tx.backlog(now=NOW)),
        ("claim and settle 1 alert", 20, lambda tx, n: deliver(tx)),
        ("enqueue 50 alerts", 20, lambda tx, n: tx.enqueue(
            [alert(f"new-{n}-{i}", Address(i + 1)) for i in range(50)], now=NOW)),
        ("gauges of the metrics", 10, lambda tx, n: measured(tx)),
        ("/latest of all", 15, lambda tx, n: tx.latest_stories(None, since=NOW - 14 * DAY, limit=5)),
        ("/latest of 5 watches", 15, lambda tx, n: tx.latest_stories(some, since=NOW - 14 * DAY, limit=5)),
        ("/latest of a watch that nothing names", 15, lambda tx, n: tx.latest_stories(
            [WatchId("nobody")], since=NOW - 14 * DAY, limit=5)),
        ("stories without a model's summary", 5, lambda tx, n: tx.stories_without_abstract(
            told_after=NOW - timedelta(hours=6), told_before=NOW, limit=3)),
        ("sweep of 5,000", 2, lambda tx, n: swept(tx, oldest + 7 * DAY, 5_000)),
        (f"sweep of {SWEPT}", 15, lambda tx, n: swept(tx, oldest + 7 * DAY, SWEPT)),
        ("sweep when nothing is old", 5, lambda tx, n: swept(tx, oldest - 30 * DAY, SWEPT)),
    ]  # fmt: skip
    for name, times, step in steps:
        spent = []
        for n in range(times):
            started = time.perf_counter()
            with store.writing() as tx:
                step(tx, n)
            spent.append((time.perf_counter() - started) * 1000)
        print(f"{name:<42} {statistics.median(spent):>9.1f} {min(spent):>9.1f}", flush=True)


async def main(items: int, postgresql: str | None) -> None:
    """Both databases, or SQLite alone."""
    with tempfile.TemporaryDirectory() as folder:
        for url in (f"sqlite:///{folder}/grown.db", *([postgresql] if postgresql else [])):
            async with await open_store(url) as store:
                started = time.perf_counter()
                with store.writing() as tx:
                    grow(tx._connection, items=items, items_a_day=A_DAY)
                if postgresql == url:
                    with store.writing() as tx:
                        tx._connection.execute(text("ANALYZE"))
                spent = time.perf_counter() - started
                print(f"{url.split(':')[0]}: {items:,} items in {spent:.0f} s; ms, median and fastest")
                measure(store, items)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=500_000)
    parser.add_argument("--postgresql", metavar="URL")
    options = parser.parse_args()
    asyncio.run(main(options.items, options.postgresql))
