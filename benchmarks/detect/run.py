"""How many items a second one process detects: judged, grouped and written with their alerts. Prints one table.

    python benchmarks/detect/run.py [--items 3000] [--window 10000] [--only postgresql]

The real `Detect` with the shipped watchlists (76 watches) works off fresh items in batches of 40, as the service does,
with so many placed before. Twenty chats follow: four of them everything, the others five watches each. 11 items in 100
name a watch, three in ten tell a story that others tell, too. PostgreSQL is one of its own on loopback, which
does not wait for the disk. Rates are the machine's: the yardstick is judging the same items with no database at all,
in the same run. Ends with 1 when detection on PostgreSQL takes the process more than LIMIT times the CPU of that.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.peers.texts import piece  # noqa: E402
from monitor.config import load_all  # noqa: E402
from monitor.matching.active_watchlist import ActiveWatchlist  # noqa: E402
from monitor.pipeline.detect import Detect  # noqa: E402
from monitor.pipeline.judge import Judge, is_compared, load_quotes, without_body  # noqa: E402
from monitor.store.transaction import Store, Transaction, open_store  # noqa: E402
from monitor.stories.grouping.window import StoryWindow  # noqa: E402
from monitor.types import (  # noqa: E402
    EVERYTHING,
    Address,
    Chat,
    ChatKind,
    Entry,
    FeedId,
    Item,
    ItemId,
    NewItem,
    StoryId,
    Target,
)
from tests.databases import running_cluster  # noqa: E402

START = datetime(2026, 8, 23, 1, 0, tzinfo=UTC)
BATCH = 40  # items that the service looks at together while they are fresh
STORED = 500  # items a transaction
OUTLETS = 40
LIMIT = 3.0  # times the CPU of judging alone


@dataclass(frozen=True, slots=True)
class Cost:
    """What some items took: seconds of this process, and on the wall."""

    what: str
    items: int
    cpu: float
    wall: float
    batches: tuple[float, ...] = ()

    def line(self) -> str:
        """A row of the table."""
        longest = f"{1000 * statistics.quantiles(self.batches, n=100)[98]:8.0f}" if len(self.batches) > 1 else " " * 8
        return (
            f"| {self.what:<22} | {self.items / self.wall:8.0f} | {1000 * self.wall / self.items:7.2f} | "
            f"{1000 * self.cpu / self.items:7.2f} | {longest} |"
        )


class Ticking:
    """A clock that goes with the items."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        """The time."""
        return self.now


def at_of(number: int) -> datetime:
    """When an item is published: three a second."""
    return START + timedelta(seconds=number / 3)


def drafts(first: int, count: int, stories: int) -> Iterator[list[NewItem]]:
    """Items from number `first` on, some hundreds at a time."""
    for start in range(first, first + count, STORED):
        new = []
        for number in range(start, min(start + STORED, first + count)):
            told, outlet = piece(number, stories), f"Báo {number % OUTLETS}"
            url = f"https://bao-{number % OUTLETS}.example/{number}.html"
            entry = Entry(f"key-{number}", f"guid-{number}", url, told.title, told.lead, at_of(number))
            new.append(NewItem(entry, FeedId(f"bao-{number % OUTLETS}"), outlet, at_of(number), True))
        yield new


async def follow(store: Store, active: ActiveWatchlist) -> None:
    """Twenty chats: four follow everything, sixteen five watches each."""
    chance, ids = random.Random(3), sorted(active.watches)

    def write(tx: Transaction) -> None:
        for number in range(20):
            address = Address(1_000 + number)
            tx.save_chat(Chat(address, ChatKind.PRIVATE, joined_at=START))
            for target in [EVERYTHING] if number < 4 else [Target(each) for each in chance.sample(ids, 5)]:
                tx.follow(address, target, now=START)

    await store.write(write)


async def detection(url: str, active: ActiveWatchlist, before: int, count: int, what: str) -> Cost:
    """Work off `count` fresh items, with `before` in the window."""
    clock = Ticking()
    async with await open_store(url) as store:
        await follow(store, active)
        detect = Detect(store, lambda: active, StoryWindow(), clock=clock)
        await detect.warm()

        async def work_off(first: int, many: int) -> list[float]:
            took: list[float] = []
            for batch in drafts(first, many, before + count):
                await store.write(Transaction.add_items, batch)
                clock.now = at_of(first + many)
                began = time.perf_counter()
                while items := await detect.unmatched(limit=BATCH):
                    assert all(await detect.detect(items))
                    took.append(time.perf_counter() - began)
                    began = time.perf_counter()
            return took

        await work_off(0, before)
        stored = 0.0
        cpu, wall, took = 0.0, 0.0, list[float]()
        for batch in drafts(before, count, before + count):
            await store.write(Transaction.add_items, batch)
            clock.now = at_of(before + count)
            cpu -= time.process_time()
            wall -= time.perf_counter()
            while items := await detect.unmatched(limit=BATCH):
                began = time.perf_counter()
                assert all(await detect.detect(items))
                took.append(time.perf_counter() - began)
            cpu += time.process_time()
            wall += time.perf_counter()
        _ = stored
        return Cost(what, count, cpu, wall, tuple(took))


async def judging(active: ActiveWatchlist, before: int, count: int) -> Cost:
    """The same items judged, and nothing written."""
    window = StoryWindow()
    window.load()
    load_quotes()
    judge = Judge(window)

    async def take(first: int, many: int) -> None:
        for batch in drafts(first, many, before + count):
            for new in batch:
                entry = new.entry
                item = Item(
                    ItemId(entry.key[4:]),
                    new.outlet,
                    entry.title,
                    entry.lead,
                    key=entry.key,
                    published_at=entry.published_at,
                )
                bare, at = without_body(item), item.at
                assert at is not None
                judged, placement = await judge.first(item, active, at=at, bare=bare)
                story = placement.story_id or StoryId(item.id)
                if is_compared(item, judged.matches, at, at):
                    found = window.review(bare, story, judged.matches, at=at)
                    window.packed(bare)
                    window.remember(bare, story, judged.matches, at=at)
                    if found is not None:
                        window.revise(found, [], StoryId(f"{item.id}0"))

    await take(0, before)
    cpu, wall = time.process_time(), time.perf_counter()
    await take(before, count)
    return Cost("judging alone", count, time.process_time() - cpu, time.perf_counter() - wall)


@contextmanager
def addresses(kinds: list[str]) -> Iterator[dict[str, str]]:
    """An empty database of each kind."""
    with tempfile.TemporaryDirectory() as folder, running_cluster() as cluster:
        both = {"postgresql": cluster.new_database(), "sqlite": f"sqlite:///{folder}/monitor.db"}
        yield {kind: both[kind] for kind in kinds}


def main() -> int:
    """The exit code: 1 when detection costs more than the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=3_000)
    parser.add_argument("--window", type=int, default=10_000)
    parser.add_argument("--only", choices=("postgresql", "sqlite"))
    wish = parser.parse_args()
    config = load_all(ROOT / "config", timezone="Asia/Ho_Chi_Minh")
    active = ActiveWatchlist.of(config.watchlist)
    print(f"{len(active.watches)} watches, {wish.window} items placed before, {wish.items} measured, {BATCH} a batch")
    print("| what                   | items/s  | ms item | ms CPU  | p99 batch ms |")
    alone = asyncio.run(judging(active, wish.window, wish.items))
    print(alone.line(), flush=True)
    times = 0.0
    with addresses([wish.only] if wish.only else ["postgresql", "sqlite"]) as urls:
        for kind, url in urls.items():
            cost = asyncio.run(detection(url, active, wish.window, wish.items, kind))
            print(cost.line(), flush=True)
            if kind == "postgresql":
                times = cost.cpu / alone.cpu
    print(f"detection on PostgreSQL takes {times:.1f} times the CPU of judging alone (limit {LIMIT})")
    return int(times > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
