"""What a poll costs that brings nothing new (304), with few feeds and with many, and how late the event loop is then.

    python benchmarks/polls/run.py [--feeds 100,10000] [--seconds 60] [--every 300]

The real service polls a farm on loopback in a process of its own, each feed once in `--every` seconds. Before the
measure every feed has been read once, and their times are spread evenly. Prints one table; cost and lag should be the
same in each line, what the service costs at rest apart.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # the farm is another benchmark's

from sqlalchemy import bindparam, update  # noqa: E402

from benchmarks.peers.__main__ import farm  # noqa: E402
from benchmarks.peers.farm import feed_urls  # noqa: E402
from monitor.app.wiring import open_service, utc_now  # noqa: E402
from monitor.config import Settings, load_all  # noqa: E402
from monitor.store.column_types import UtcDateTime  # noqa: E402
from monitor.store.tables import feeds as feeds_table  # noqa: E402
from monitor.store.transaction import Transaction  # noqa: E402

ITEMS = 2  # of a feed: what is not read costs nothing, and 10,000 first polls should not take all day
LAG_EVERY = 0.01  # seconds
SETTLED = 5.0  # seconds after the start that are not measured

WATCHLIST = "events:\n  - {id: dong-dat, name: Động đất, match: ['\"động đất\"']}\n"


@dataclass(frozen=True)
class Cost:
    """What some seconds of polling took."""

    feeds: int
    polls: int
    cpu: float  # seconds
    wall: float
    lags: list[float]  # seconds

    def line(self) -> str:
        """A row of the table."""
        lags = sorted(self.lags)
        p50, p99 = (1000 * lags[int(len(lags) * share)] for share in (0.5, 0.99))
        return (
            f"| {self.feeds:6} | {self.polls:5} | {1000 * self.cpu / max(1, self.polls):6.2f} | "
            f"{100 * self.cpu / self.wall:5.1f} | {p50:5.1f} | {p99:5.1f} | {1000 * lags[-1]:6.1f} |"
        )


async def _lag(lags: list[float]) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(LAG_EVERY)
        lags.append(max(0.0, time.perf_counter() - before - LAG_EVERY))


async def measure(count: int, seconds: float, every: float) -> Cost:
    """Poll `count` feeds for a while."""
    with farm(count, ITEMS, real=False) as held, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config" / "watchlists").mkdir(parents=True)
        lines = [
            f"  - {{id: f{n}, outlet: Báo {n % 50}, url: '{url}'}}" for n, url in enumerate(feed_urls(count, held.port))
        ]
        times = f"interval: {every:.0f}s, min_interval: {every:.0f}s, max_interval: {every * 1.01:.0f}s"
        (folder / "config" / "feeds.yaml").write_text(f"defaults: {{{times}}}\nfeeds:\n" + "\n".join(lines) + "\n")
        (folder / "config" / "watchlists" / "all.yaml").write_text(WATCHLIST)
        settings = Settings(
            config_dir=folder / "config",
            database_url=f"sqlite:///{folder}/monitor.db",
            http_allow_private=True,
            host_spacing=timedelta(0),
        )
        config = load_all(settings.config_dir, timezone=settings.timezone)
        async with open_service(settings, config, stream=StringIO(), interactive=False) as service:
            await service.run_once()
        chance = random.Random(1)
        async with open_service(settings, config, stream=StringIO(), interactive=False) as service:

            def spread(tx: Transaction) -> None:
                now = utc_now()
                at = update(feeds_table).where(feeds_table.c.id == bindparam("of_feed"))
                at = at.values(next_check_at=bindparam("at", type_=UtcDateTime()))
                rows = [
                    {"of_feed": f"f{n}", "at": now + timedelta(seconds=chance.uniform(0, every))} for n in range(count)
                ]
                tx._change(at, rows)

            await service.store.write(spread)
            held.become("304")
            lags: list[float] = []
            running = asyncio.create_task(service.run())
            await asyncio.sleep(SETTLED)
            watching = asyncio.create_task(_lag(lags))
            held.become()
            cpu, wall = time.process_time(), time.perf_counter()
            await asyncio.sleep(seconds)
            cost = Cost(
                count,
                sum(await asyncio.to_thread(lambda: held.become().values())),
                time.process_time() - cpu,
                time.perf_counter() - wall,
                lags,
            )
            watching.cancel()
            service.stop()
            with suppress(asyncio.CancelledError):
                await watching
            await running
        return cost


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", default="100,10000")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--every", type=float, default=300)
    given = parser.parse_args()
    try:
        counts = [int(each) for each in given.feeds.split(",")]
    except ValueError:
        parser.error(f"--feeds: {given.feeds} is no list of numbers like 100,10000")
    print("|  feeds | polls | ms CPU a poll | % of a core | lag p50 ms | p99 | max |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for count in counts:
        print(asyncio.run(measure(count, given.seconds, given.every)).line(), flush=True)


if __name__ == "__main__":
    main()
