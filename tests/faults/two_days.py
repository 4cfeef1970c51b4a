"""Two simulated days after four of warming up: memory, open files and the database come to rest. For `make soak`.

    python -m tests.faults.two_days [--items-a-day 1200] [--database sqlite:///…]

The use cases themselves over a real database, with a clock that is turned by a minute: polls, detection, articles,
messages and the sweep. The story window holds 96 hours, so that it is full when measuring begins. Prints a line every
six hours, and ends with 1 when something grew.
"""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from monitor.store.transaction import open_store
from monitor.types import Address, ChatKind, Event, Feed, FeedId, WatchId, Watchlist
from tests.faults.news import by_outlet, news
from tests.faults.plan import Size
from tests.flow import Flow

OUTLETS, CHATS = 20, 40
LISTED = 40  # items that a feed shows
KEPT = timedelta(hours=12)  # in place of 90 days
WARM, MEASURED = timedelta(days=4, hours=6), timedelta(days=2)
STEP = timedelta(minutes=1)
GROWTH = 1.10  # of memory, from the end of warming up


@dataclass(frozen=True, slots=True)
class Sample:
    """How much there is at one moment."""

    after: timedelta
    memory: int  # bytes resident
    files: int
    items: int
    alerts: int
    told: int


async def simulate(url: str, items_a_day: int) -> list[Sample]:
    """Days of news; a sample every six hours."""
    days = (WARM + MEASURED) / timedelta(days=1)
    # a simulated minute is a second of the plan
    size = Size(seconds=days * 24 * 60, outlets=OUTLETS, a_second=items_a_day / (24 * 60) / 1.6)
    shelves = by_outlet(news(7, size), OUTLETS)
    feeds = {
        FeedId(f"to-{n}"): Feed(FeedId(f"to-{n}"), f"Tờ {n}", f"https://to-{n}.example/rss") for n in range(OUTLETS)
    }
    everything = Event(WatchId("moi-tin"), "Mọi tin có mã", match=('"mã"',))
    async with await open_store(url) as store:
        flow = Flow(store, watchlist=Watchlist("v1", (everything,)), feeds=feeds)
        for number in range(CHATS):
            await flow.subscribe(Address(1_000 + number), "moi-tin" if number < 2 else "nobody", kind=ChatKind.PRIVATE)
        await flow.start()
        begun, samples, out = flow.clock(), [], [0] * OUTLETS
        while (after := flow.clock() - begun) < WARM + MEASURED:
            for outlet, pieces in enumerate(shelves):
                while out[outlet] < len(pieces) and pieces[out[outlet]].at * 60 <= after.total_seconds():
                    piece = pieces[out[outlet]]
                    flow.fetcher.publish(f"to-{outlet}", f"{out[outlet]}", piece.title, piece.lead, at=flow.clock())
                    out[outlet] += 1
                if shelf := flow.fetcher.shelves.get(FeedId(f"to-{outlet}")):
                    del shelf[LISTED:]
            await flow.poll_due()
            await flow.look()
            await flow.read()
            for alert in await flow.deliver.claim(limit=CHATS):
                await flow.deliver.deliver(alert)
            flow.phone.accepted.clear()
            flow.phone.shown.clear()
            if after % timedelta(hours=1) < STEP:
                with store.writing() as tx:
                    tx.sweep(before=flow.clock() - KEPT, limit=5_000)
            if after % timedelta(hours=6) < STEP:
                samples.append(await sample(flow, after, sum(out)))
                print(line(samples[-1]), flush=True)
            flow.clock.turn(STEP)
        samples.append(await sample(flow, after, sum(out)))
    return samples


async def sample(flow: Flow, after: timedelta, told: int) -> Sample:
    """How things stand; what is garbage already is not counted."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])  # noqa: ASYNC240 - a file in memory
    with flow.store.reading() as tx:
        items = len(tx.outdated_items("none", since=flow.clock() - timedelta(days=9), limit=1_000_000))
        alerts = sum((tx.outbox_counts()).values())
    files = len(os.listdir("/proc/self/fd"))
    return Sample(after, pages * os.sysconf("SC_PAGESIZE"), files, items, alerts, told)


def line(each: Sample) -> str:
    """A sample for a person."""
    hours = each.after / timedelta(hours=1)
    return (
        f"{hours:5.0f} h  {each.memory / 2**20:6.1f} MB  {each.files:3} files  {each.items:6} items  "
        f"{each.alerts:6} alerts  {each.told:6} published"
    )


def verdict(samples: Sequence[Sample]) -> list[str]:
    """What grew during the measured days, a line each."""
    (start,) = [each for each in samples if WARM <= each.after < WARM + timedelta(hours=6)]
    later = [each for each in samples if each.after > start.after]
    grown = []
    if (most := max(each.memory for each in later)) > start.memory * GROWTH:
        grown.append(f"memory grew from {start.memory / 2**20:.0f} to {most / 2**20:.0f} MB")
    if (files := max(each.files for each in later)) > start.files:
        grown.append(f"open files grew from {start.files} to {files}")
    if (items := max(each.items for each in later)) > 1.5 * start.items:
        grown.append(f"stored items grew from {start.items} to {items}")
    return grown


def main() -> int:
    """Run, print, judge."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.two_days", description=__doc__)
    parser.add_argument("--items-a-day", type=int, default=1_200)
    parser.add_argument("--database", default="")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.database or f"sqlite:///{folder}/monitor.db"
        grown = verdict(asyncio.run(simulate(url, arguments.items_a_day)))
    for each in grown:
        print(each)
    print("something grew" if grown else "nothing grew")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
