"""What an alert to very many costs, and what others notice of it. Prints one table.

    python benchmarks/fan_out/run.py sqlite:////tmp/new.db | postgresql://EMPTY-DATABASE [--followers 100000]

One item is detected whose watch so many chats follow, and told in slices; then a second newspaper tells the same story,
so that all messages are edited; then a second story is told to all of them that turns out to be the same. All the
while other items come, whose watch a few other chats follow: how long from the commit of such an item until its alert
is claimed. Detection, fan-out and claims share one process and its cores.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.pipeline.alerts import Timing
from monitor.pipeline.detect import Detect, Detected
from monitor.pipeline.fan_out import FanOuts
from monitor.pipeline.tell import Tell
from monitor.store.transaction import Store, Transaction, open_store
from monitor.stories.grouping.review import Merge
from monitor.stories.grouping.window import StoryWindow
from monitor.types import AlertState, Entry, FeedId, Leader, NewItem, Role, StoryId, WatchId, Watchlist

LEASE = timedelta(minutes=5)
OTHERS = 20  # chats that follow the other watch
WATCHES = ActiveWatchlist.of(
    Watchlist(
        "v1",
        (
            Leader(WatchId("putin"), "Vladimir Putin", aliases=("Putin",)),
            Leader(WatchId("netanyahu"), "Benjamin Netanyahu", aliases=("Netanyahu",)),
        ),
    )
)
MASS = "Ông Putin bất ngờ thăm bến phà phía nam"
SECOND = "Vườn chè trên đồi mang tên Putin mở cửa đón khách"
SECOND_LEAD = "Hợp tác xã trồng chè hôm nay mời ông Putin tới hái mẻ chè đầu tiên của năm."
MASS_LEAD = "Tổng thống Nga Vladimir Putin sáng nay bất ngờ tới thăm bến phà phía nam thành phố."
PLACES = ("Bến Sông", "Sao Mai", "Hải Đăng", "Cầu Đá", "Đồng Xoài", "Lũng Cú", "Mũi Né", "Tam Đảo", "Vũng Rô", "Yên Tử")
DEEDS = (
    "khai trương",
    "dừng xây",
    "mở rộng",
    "đổi tên",
    "bán lại",
    "sơn mới",
    "dời chỗ",
    "xét lại",
    "đặt hàng",
    "trồng",
)
THINGS = (
    "nhà hát",
    "cầu vượt",
    "vườn chè",
    "bảo tàng",
    "xưởng gỗ",
    "trường nghề",
    "chợ cá",
    "ga tàu",
    "hồ bơi",
    "đài quan sát",
)


@dataclass
class Bench:
    """One database with its followers."""

    store: Store
    detect: Detect
    fans: FanOuts
    followers: int
    number: int = 0
    waits: list[float] = field(default_factory=list)
    slices: list[float] = field(default_factory=list)

    async def comes(self, outlet: str, title: str, lead: str) -> tuple[float, bool]:
        """An item comes and is detected; how long that took, and whether it opens a story."""
        self.number += 1
        entry = Entry(f"k{self.number}", "", f"https://bao.example/{self.number}", title, lead, now())
        await self.store.write(lambda tx: tx.add_items([NewItem(entry, FeedId("bao"), outlet, now(), True)]))
        began, is_new = time.perf_counter(), False
        while items := await self.detect.unmatched(limit=10):
            for each in await self.detect.detect(items):
                assert isinstance(each, Detected), each
                is_new = each.placement.role is Role.NEW
        return time.perf_counter() - began, is_new

    async def other(self) -> None:
        """Another item, and how long after its commit its alert is claimed."""
        n = self.number
        what = f"{DEEDS[n // 10 % 10]} {THINGS[n % 10]} ở {PLACES[n // 100 % 10]}"
        title, lead = f"Ông Netanyahu {what} lần thứ {n}", f"Thủ tướng Israel Benjamin Netanyahu {what}."
        _, is_new = await self.comes("Sao Mai", title, lead)
        if not is_new:
            return  # taken for an earlier one: its messages are edited, which waits on purpose
        committed = time.perf_counter()
        got = 0
        while got < OTHERS:
            claimed = await self.store.write(Transaction.claim_alerts, now=now(), lease=LEASE, limit=15)
            for each in claimed:
                if each.address.chat_id > self.followers:
                    got += 1
                    self.waits.append(time.perf_counter() - committed)
                await self.store.write(Transaction.settle, each, AlertState.SENT, now=now(), message_id=each.id)

    async def beside(self, work: Callable[[], Awaitable[None]]) -> float:
        """Some work with others' news beside it; how long the work took."""
        self.waits.clear()
        ended = asyncio.Event()

        async def others() -> None:
            while not ended.is_set():
                await self.other()
                await asyncio.sleep(1)  # an item that some follow each second or so

        side = asyncio.create_task(others())
        began = time.perf_counter()
        await work()
        took = time.perf_counter() - began
        ended.set()
        await side
        return took

    def slices_told(self) -> str:
        """How many slices, and the longest."""
        return f"{len(self.slices)} slices, the longest {max(self.slices):.2f} s"

    async def tell_all(self) -> None:
        """Every slice of every fan-out."""
        self.slices.clear()
        while waiting := await self.fans.claim(limit=1):
            began = time.perf_counter()
            await self.fans.tell(*waiting)
            self.slices.append(time.perf_counter() - began)


def now() -> datetime:
    """The clock on the wall."""
    return datetime.now(UTC)


def settle_in(tx: Transaction, followers: int) -> None:
    """The chats and what they follow, written by the database itself."""
    given = {
        "n": followers,
        "all": followers + OTHERS,
        "at": now() if tx._on_postgresql else f"{now():%Y-%m-%d %H:%M:%S.%f}",
    }
    rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :all) "
    nothing = "CAST('{}' AS jsonb)" if tx._on_postgresql else "'{}'"
    names = "chat_id, thread_id, kind, title, lang, state, preferences"
    tx._connection.execute(
        text(f"INSERT INTO chats ({names}) {rows} SELECT i, 0, 'private', '', 'vi', 'active', {nothing} FROM n"),
        {"all": given["all"]},
    )
    target = "CASE WHEN i <= :n THEN 'putin' ELSE 'netanyahu' END"
    tx._connection.execute(
        text(f"INSERT INTO subscriptions (chat_id, thread_id, target, since) {rows} SELECT i, 0, {target}, :at FROM n"),
        given,
    )


def all_arrive(tx: Transaction) -> None:
    """Whatever waits stands on the phones."""
    tx._connection.execute(text("UPDATE alerts SET state = 'sent', message_id = id WHERE state = 'pending'"))


def merge(tx: Transaction) -> None:
    """The two stories that all were told are one."""
    crowded = "SELECT story_id FROM alerts WHERE kind = 'alert' GROUP BY story_id HAVING count(*) > :others ORDER BY 1"
    into, gone = (StoryId(str(row.story_id)) for row in tx._rows(text(crowded), {"others": OTHERS}))
    assert Tell(tx, WATCHES, now(), Timing()).revision(Merge(into, gone)) is not None


async def run(url: str, followers: int) -> None:
    """One run."""
    async with await open_store(url) as store:
        await store.write(settle_in, followers)
        detect = Detect(store, lambda: WATCHES, StoryWindow(), clock=now)
        bench = Bench(store, detect, FanOuts(store, lambda: WATCHES, clock=now), followers)
        await detect.warm()
        for _ in range(3):
            await bench.other()
        print(f"| others' alerts, nothing beside | {told(bench.waits)} |")
        took, _ = await bench.comes("Bến Sông", MASS, MASS_LEAD)
        print(f"| transaction 2 of the item that {followers:,} follow | {took:.2f} s |")
        took = await bench.beside(bench.tell_all)
        rows = await store.read(lambda tx: tx.backlog(now=now()))
        print(f"| its alerts written | {took:.1f} s, {bench.slices_told()} |")
        print(f"| others' alerts meanwhile | {told(bench.waits)} |")
        bench.waits.clear()
        for _ in range(10):
            await bench.other()
        print(f"| others' alerts beside {rows.waiting:,} that wait | {told(bench.waits)} |")
        await store.write(all_arrive)
        await bench.comes("Hải Đăng", MASS, MASS_LEAD)
        took = await bench.beside(bench.tell_all)
        print(f"| a second newspaper: all edits | {took:.1f} s, {bench.slices_told()} |")
        print(f"| others' alerts meanwhile | {told(bench.waits)} |")
        await bench.comes("Sao Mai", SECOND, SECOND_LEAD)
        await bench.tell_all()
        await store.write(all_arrive)
        began = time.perf_counter()
        await store.write(merge)
        print(f"| the transaction in which the two stories become one | {time.perf_counter() - began:.2f} s |")
        took = await bench.beside(bench.tell_all)
        print(f"| what they have is corrected | {took:.1f} s, {bench.slices_told()} |")
        print(f"| others' alerts meanwhile | {told(bench.waits)} |")
        with store.reading() as tx:
            kinds = tx._connection.execute(text("SELECT kind, in_bulk, count(*) FROM alerts GROUP BY 1, 2")).all()
        print(f"| rows | {', '.join(f'{kind} in bulk {bulk}: {count:,}' for kind, bulk, count in kinds)} |")


def told(waits: list[float]) -> str:
    """Median and worst."""
    ordered = sorted(waits)
    return f"median {1000 * ordered[len(ordered) // 2]:.0f} ms, worst {1000 * ordered[-1]:.0f} ms ({len(ordered)})"


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("url")
    asked.add_argument("--followers", type=int, default=100_000)
    given = asked.parse_args()
    asyncio.run(run(given.url, given.followers))
