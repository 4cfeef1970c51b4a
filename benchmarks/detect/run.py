"""How many items a second one process detects: judged, grouped and written with their alerts. Prints one table.

    python benchmarks/detect/run.py [--items 3000] [--window 10000] [--only postgresql] [--real]

The real `Detect` with the shipped watchlists (76 watches) works off fresh items in batches of 40, as the service does,
with so many placed before, on PostgreSQL as one of several workers. Twenty chats follow: four of them everything, the
others five watches each. Of invented items 11 in 100 name a watch, and three in ten tell a story that others tell, too;
--real takes newspapers' own, by their dates, where they lie beside the repository. PostgreSQL is one of its own on
loopback, which does not wait for the disk.

Rates are the machine's, and those of whatever else it does. The process and PostgreSQL work by turns, so that the CPU
seconds of both, of the cheapest 500 items, say how many a second it would be with nothing beside. The yardstick is
judging the same items with no database at all, in the same run. Ends with 1 when detection on PostgreSQL takes the
process more than LIMIT times the CPU of that.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sqlalchemy import text  # noqa: E402

from benchmarks.peers.texts import Piece, piece  # noqa: E402
from benchmarks.stories import labelled  # noqa: E402
from monitor.config import load_all  # noqa: E402
from monitor.feeds.plain import lead_text  # noqa: E402
from monitor.matching.active_watchlist import ActiveWatchlist  # noqa: E402
from monitor.pipeline.detect import Detect  # noqa: E402
from monitor.pipeline.judge import Judge, load_quotes, without_body  # noqa: E402
from monitor.store.engine import is_shared  # noqa: E402
from monitor.store.role_names import GROUP  # noqa: E402
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
STORED = 500  # items that come at a time
OUTLETS = 40
LIMIT = 3.0  # times the CPU of judging alone; 1.3 to 1.6 of invented items, twice of real ones, which are judged faster
TICKS = os.sysconf("SC_CLK_TCK")  # a second, as Linux counts what its processes use


@dataclass(frozen=True, slots=True)
class News:
    """So many items, placed `before` the `fresh` ones that are measured; newspapers' own, or invented ones."""

    before: int
    fresh: int
    real: Sequence[Piece] = ()

    def come(self) -> Iterator[tuple[bool, list[NewItem]]]:
        """The items, STORED at a time; whether they are measured."""
        for start in range(0, self.before + self.fresh, STORED):
            yield start >= self.before, [self._draft(number) for number in range(start, start + STORED)]

    def _draft(self, number: int) -> NewItem:
        told = self.real[number] if self.real else piece(number, self.before + self.fresh)
        outlet, at = number % OUTLETS, START + timedelta(seconds=number / 3)
        url = f"https://bao-{outlet}.example/{number}.html"
        entry = Entry(f"key-{number}", f"guid-{number}", url, told.title, lead_text(told.lead), at)
        return NewItem(entry, FeedId(f"bao-{outlet}"), f"Báo {outlet}", at, True)


@dataclass(frozen=True, slots=True)
class Part:
    """What STORED items took: seconds on the wall, and of this process's and PostgreSQL's CPU."""

    wall: float
    cpu: float
    server: float


@dataclass
class Cost:
    """What the measured items took."""

    what: str
    parts: list[Part] = field(default_factory=list)

    @contextmanager
    def measured(self, pids: Sequence[int] = ()) -> Iterator[None]:
        """STORED items more."""
        cpu, server, wall = time.process_time(), cpu_of(pids), time.perf_counter()
        yield
        took = time.perf_counter() - wall
        self.parts.append(Part(took, time.process_time() - cpu, cpu_of(pids) - server))

    @property
    def cpu(self) -> float:
        """Of this process, of the cheapest part."""
        return min(part.cpu for part in self.parts)

    def line(self, batches: Sequence[float] = ()) -> str:
        """A row of the table."""
        longest = f"{1000 * statistics.quantiles(batches, n=100)[98]:12.0f}" if batches else " " * 12
        wall = sum(part.wall for part in self.parts) / len(self.parts)
        both = min(part.cpu + part.server for part in self.parts)
        an_item = 1000 / STORED
        return (
            f"| {self.what:<13} | {STORED / wall:7.0f} | {self.cpu * an_item:7.2f} | "
            f"{min(part.server for part in self.parts) * an_item:9.2f} | {longest} | {STORED / both:20.0f} |"
        )


def cpu_of(pids: Sequence[int]) -> float:
    """Seconds that these processes have used."""
    stats = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in stats) / TICKS


def backends(tx: Transaction) -> list[int]:
    """The processes of PostgreSQL that work for this store."""
    mine = text(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
    )
    return [int(row.pid) for row in tx._rows(mine)]


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


async def detection(url: str, active: ActiveWatchlist, news: News, cost: Cost) -> list[float]:
    """Work off the fresh items, with all others in the window; seconds of each batch."""
    now, took = [START], list[float]()
    worker = "one" if is_shared(url) else None
    async with await open_store(url, worker=worker) as store:
        await follow(store, active)
        fence = await store.write(Transaction.keep_role, GROUP, worker) if worker is not None else None
        detect = Detect(
            store,
            lambda: active,
            StoryWindow(),
            clock=lambda: now[0],
            fence=(lambda: fence) if store.is_shared else None,
        )
        await detect.warm()

        async def work_off() -> None:
            while items := await detect.unmatched(limit=BATCH):
                began = time.perf_counter()
                assert all(await detect.detect(items))
                took.append(time.perf_counter() - began)

        for is_measured, batch in news.come():
            await store.write(Transaction.add_items, batch)
            now[0] = batch[-1].seen_at
            if not is_measured:
                await work_off()
                took.clear()
                continue
            with cost.measured(await store.write(backends) if store.is_shared else ()):
                await work_off()
    return took


async def judging(active: ActiveWatchlist, news: News, cost: Cost) -> None:
    """The same items judged and learnt, and nothing written."""
    window = StoryWindow()
    window.load()
    load_quotes()
    judge = Judge(window)

    async def take(batch: Sequence[NewItem]) -> None:
        for new in batch:
            told, number = new.entry, new.entry.key.removeprefix("key-")
            item = Item(ItemId(number), new.outlet, told.title, told.lead, key=told.key, published_at=new.seen_at)
            bare, at = without_body(item), new.seen_at
            judged, placement = await judge.first(item, active, at=at, bare=bare)
            story = placement.story_id or StoryId(number)
            found = window.review(bare, story, judged.matches, at=at)
            window.packed(bare)
            window.remember(bare, story, judged.matches, at=at)
            if found is not None:
                window.revise(found, [], StoryId(f"{number}0"))

    for is_measured, batch in news.come():
        if not is_measured:
            await take(batch)
            continue
        with cost.measured():
            await take(batch)


def real_news() -> list[Piece]:
    """Titles and leads of newspapers, by their dates."""
    rows = sorted(labelled.rows("articles.dev.jsonl.gz"), key=lambda row: labelled.when(row["date"]))
    return [Piece(row["title"], row["summary"]) for row in rows]


@contextmanager
def addresses() -> Iterator[dict[str, str]]:
    """An empty database of each kind."""
    with tempfile.TemporaryDirectory() as folder, running_cluster() as cluster:
        yield {"postgresql": cluster.new_database(), "sqlite": f"sqlite:///{folder}/monitor.db"}


def main() -> int:
    """The exit code: 1 when detection costs more than the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=3_000, help=f"that are measured, in steps of {STORED}")
    parser.add_argument("--window", type=int, default=10_000, help=f"items placed before, in steps of {STORED}")
    parser.add_argument("--only", choices=("postgresql", "sqlite"))
    parser.add_argument("--real", action="store_true", help="newspapers' own titles and leads")
    wish = parser.parse_args()
    active = ActiveWatchlist.of(load_all(ROOT / "config", timezone="Asia/Ho_Chi_Minh").watchlist)
    before, fresh = (count // STORED * STORED for count in (wish.window, wish.items))
    news = News(before, fresh, real_news() if wish.real else ())
    print(f"{len(active.watches)} watches, {before} items placed before, {fresh} measured, {BATCH} a batch")
    print("| what          | items/s | ms CPU  | ms server | ms batch p99 | items/s, none beside |")
    alone = Cost("judging alone")
    asyncio.run(judging(active, news, alone))
    print(alone.line(), flush=True)
    times = 0.0
    with addresses() as urls:
        for kind in [wish.only] if wish.only else urls:
            cost = Cost(kind)
            took = asyncio.run(detection(urls[kind], active, news, cost))
            print(cost.line(took), flush=True)
            if kind == "postgresql":
                times = cost.cpu / alone.cpu
    if times:
        print(f"detection on PostgreSQL takes {times:.2f} times the CPU of judging alone (limit {LIMIT})")
    return int(times > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
