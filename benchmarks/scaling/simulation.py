"""100,000 feeds, 10,000 watches, 1,000,000 followers: the real code on a model of the network and of Telegram.

    python -m benchmarks.scaling.simulation [--small] [--processes 4] [--seed 1] [--json FILE]

Real are the claim of due feeds, schedule and rhythm, the turns of hosts, transaction 1, the compiled watchlist and its
matches, who is told what, and the rows of an alert. A model are the newspapers and the network (world.py), who is named
and followed (readers.py), how many tell a story, and Telegram's pace (telling.py). Time is simulated: minutes with all
feeds at nine in the morning, when most is published, and a whole day with one feed in a thousand. Some three minutes of
CPU; `--small` takes seconds. On SQLite, in one process; how many processes there are is how many polls go on at once.
"""

import argparse
import asyncio
import json
import random
import resource
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.latency.house import quantile
from benchmarks.scaling import grouping, matching
from benchmarks.scaling.grouping import Grouping
from benchmarks.scaling.matching import Matching
from benchmarks.scaling.polling import Polling, simulate
from benchmarks.scaling.readers import NAMES, watchlist
from benchmarks.scaling.telling import (
    AudienceCost,
    Sending,
    Told,
    audience_costs,
    bots_needed,
    hour,
    readers,
    sending,
    stories,
)
from benchmarks.scaling.world import ZONE, Source, sources
from monitor.net.politeness import SPACING
from monitor.pipeline.pace import Pace
from monitor.store.transaction import open_store

NINE = datetime(2026, 3, 4, 9, 0, tzinfo=ZONE)  # a Wednesday
PAID = 1_000.0  # messages a second of a bot that pays for it: core.telegram.org/bots/faq#broadcasting-to-users
SOON = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it."""

    feeds: int = 100_000
    warm_up: float = 20.0  # simulated seconds
    measured: float = 100.0
    processes: int = 4
    day_of: int = 100  # feeds of the whole day, which one process asks
    day: float = 24.0  # hours of it
    watches: tuple[int, ...] = (100, 1_000, 10_000)
    items: int = 2_000  # that are matched
    windows: tuple[int, ...] = (4_000, 40_000)  # items that the story window holds
    followers: int = 1_000_000
    tellers: float = 60.0  # feeds that tell a story of a watch
    telling: float = 3600.0  # seconds of stories
    audiences: tuple[int, ...] = (100, 1_000, 2_000)
    seed: int = 1


SMALL = Size(300, 5.0, 600.0, 1, 20, 3.0, (10, 200), 100, (100,), 2_000, 3.0, 900.0, (10, 200))


@dataclass(frozen=True, slots=True)
class Day:
    """Polls of each hour of a day, of all feeds, from a sample; `polling` is that of the sample."""

    sample: int
    by_hour: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that came of it."""

    size: Size
    polling: Polling
    day: Day
    matching: list[Matching]
    grouping: list[Grouping]
    told: Told
    sendings: list[Sending]
    bots: dict[str, int]
    audiences: list[AudienceCost]
    memory: int  # bytes at most, of all this in one process
    seconds: float


def run(size: Size, say: Callable[[str], None]) -> Found:
    """All of it; `say` is given each table as soon as it is known."""
    began = time.monotonic()
    feeds = sources(size.feeds, random.Random(size.seed))
    polling = asked(feeds, size)
    say(polls(polling))
    day = whole_day(feeds, replace(size, processes=1))
    say(whole(day))
    matched = matching.growth(size.watches, size.items)
    say(matches(matched))
    grouped = grouping.growth(size.windows)
    say(groups(grouped))
    watches = watchlist(max(size.watches)).watches
    known = readers(size.followers, watches)
    an_hour = polling.items / polling.seconds * 3600
    happening = list(stories(an_hour * NAMES / size.tellers, size.tellers, watches, size.telling))
    told = hour(known, happening, NINE, size.telling)
    own = Pace().per_second
    sendings = [
        sending(told.batches, bots, pace, size.telling) for bots, pace in ((1, own), (10, own), (100, own), (1, PAID))
    ]
    bots = {
        "own pace": bots_needed(told.batches, own, SOON, size.telling),
        "paid": bots_needed(told.batches, PAID, SOON, size.telling),
    }
    say(alerts(size, told, sendings, bots))
    with tempfile.TemporaryDirectory() as folder:
        store = asyncio.run(open_store(f"sqlite:///{folder}/monitor.db"))
        costs = audience_costs(store, size.audiences, NINE)
        asyncio.run(store.close())
    say(rows(costs))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    seconds = time.monotonic() - began
    say(f"{seconds:.0f} s in all, {memory / 2**20:.0f} MB at most")
    return Found(size, polling, day, matched, grouped, told, sendings, bots, costs, memory, seconds)


def asked(feeds: Sequence[Source], size: Size, *, hours: float = 0.0) -> Polling:
    """The feeds asked at nine in the morning; or for so many hours from midnight on."""
    with tempfile.TemporaryDirectory() as folder:
        store = asyncio.run(open_store(f"sqlite:///{folder}/monitor.db"))
        try:
            return simulate(
                store,
                feeds,
                begin=NINE.replace(hour=0) if hours else NINE,
                warm_up=timedelta(seconds=size.warm_up),
                measured=timedelta(hours=hours) if hours else timedelta(seconds=size.measured),
                processes=size.processes,
                spacing=SPACING,
                seed=size.seed,
            )
        finally:
            asyncio.run(store.close())


def whole_day(feeds: Sequence[Source], size: Size) -> Day:
    """Every n-th feed, as if of a newspaper of its own, from midnight on."""
    chosen = [
        replace(source, host=f"{source.feed.id}.example", seen_at=None, published=0)
        for source in feeds[:: max(1, len(feeds) // size.day_of)]
    ]
    polling = asked(chosen, size, hours=size.day)
    each = len(feeds) / len(chosen)
    counts = [0] * 24
    for at in polling.asked_at:
        counts[at.astimezone(ZONE).hour] += 1
    return Day(len(chosen), tuple(count * each for count in counts[: int(size.day)]))


# ---------------------------------------------------------------- words


def polls(of: Polling) -> str:
    """Of feeds."""
    per_hour, polls = 3600 / of.seconds, len(of.late)
    kinds = ", ".join(f"{name} {count / of.traffic.requests:.0%}" for name, count in sorted(of.traffic.kinds.items()))
    late, alone, delays = (
        ", ".join(f"{quantile(values, share):.1f}" for share in (0.5, 0.99))
        for values in (of.late, of.late_alone, of.delays)
    )
    lines = [
        "| feeds | |",
        "| --- | --- |",
        f"| feeds, of so many newspapers | {of.feeds:,} of {of.hosts:,} |",
        f"| polls an hour, at nine in the morning | {polls * per_hour:,.0f} ({polls / of.seconds:.0f} a second) |",
        f"| … what they bring | {kinds}; {of.traffic.received * per_hour / 1e9:.1f} GB an hour |",
        f"| … asked later than due, seconds, p50, p99 | {late}; of newspapers with one feed {alone} |",
        f"| … items an hour | {of.items * per_hour:,.0f} |",
        f"| … an article waits to be found, seconds, p50, p99 | {delays} |",
        f"| … polls at once, on average, of {of.processes * 50} places | {of.busy / of.seconds:.0f} |",
        f"| … ms CPU a poll: claim, turn, transaction 1 on SQLite | {of.cpu / polls * 1000:.2f} |",
        f"| … of it a claim, ms; claims | {of.claim_cpu / of.claims * 1000:.2f}; {of.claims:,} |",
        f"| asked within min_interval; within a host's spacing | {of.too_soon}; {of.impolite} |",
    ]
    return "\n".join(lines)


def whole(day: Day) -> str:
    """Of a day."""
    return (
        "| polls a day, of all feeds, from so many of them | in the quietest hour | in the busiest |\n"
        "| --- | --- | --- |\n"
        f"| {sum(day.by_hour):,.0f} from {day.sample} | {min(day.by_hour):,.0f} | {max(day.by_hour):,.0f} |"
    )


def matches(found: Sequence[Matching]) -> str:
    """Of watches."""
    lines = [
        "| watches | ms an item: mean, p50, p99 | compiled in, s | MB |",
        "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| {each.watches:,} | {each.mean:.3f}, {each.p50:.3f}, {each.p99:.3f} "
        f"| {each.compiled:.2f} | {each.memory:.0f} |"
        for each in found
    ]
    return "\n".join(lines)


def groups(found: Sequence[Grouping]) -> str:
    """Of the story window."""
    lines = [
        "| items in the story window | ms an item: mean, p50, p99 | bytes of each |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| {each.window:,} | {each.mean:.2f}, {each.p50:.2f}, {each.p99:.2f} | {each.bytes_each:,.0f} |"
        for each in found
    ]
    return "\n".join(lines)


def alerts(size: Size, told: Told, sendings: Sequence[Sending], bots: Mapping[str, int]) -> str:
    """Of followers."""
    hours = size.telling / 3600
    lines = [
        f"| {size.followers:,} followers of {max(size.watches):,} watches | |",
        "| --- | --- |",
        f"| stories an hour that name a watch, each told by {size.tellers:.0f} feeds | {told.stories / hours:,.0f} |",
        f"| first messages an hour; the largest audience | {told.messages / hours:,.0f}; {told.largest:,} |",
        f"| edits an hour that later articles ask for | {told.edits / hours:,.0f} |",
        f"| µs to decide for a follower | {told.cpu / max(told.decided, 1) * 1e6:.1f} |",
        f"| told twice of a story | {told.twice} |",
    ]
    lines += [
        f"| {each.bots} bot{'s' * (each.bots > 1)} at {each.a_second:,.0f} a second: busy; p50, p99, last "
        f"| {each.busy:.0%}; {_span(each.p50)}, {_span(each.p99)}, {_span(each.last)} |"
        for each in sendings
    ]
    lines.append(
        f"| bots with which 99 of 100 messages leave within {SOON:.0f} s | {bots['own pace']} at "
        f"{Pace().per_second:.0f} a second, {bots['paid']} at {PAID:,.0f} |"
    )
    return "\n".join(lines)


def rows(found: Sequence[AudienceCost]) -> str:
    """Of one alert."""
    lines = [
        "| followers of one alert | rows | seconds of the transaction | … of the next article's |",
        "| --- | --- | --- | --- |",
    ]
    lines += [f"| {each.followers:,} | {each.rows:,} | {each.first:.2f} | {each.second:.2f} |" for each in found]
    return "\n".join(lines)


def _span(seconds: float) -> str:
    return (
        f"{seconds:.0f} s"
        if seconds < 300
        else f"{seconds / 60:.0f} min"
        if seconds < 7200
        else f"{seconds / 3600:.1f} h"
    )


def as_json(found: Found) -> dict[str, Any]:
    """What was found, without the single polls."""
    whole = asdict(found)
    for name in ("late", "late_alone", "delays", "asked_at"):
        values = whole["polling"].pop(name)
        if name != "asked_at":
            whole["polling"][name] = {share: quantile(values, share) for share in (0.5, 0.9, 0.99, 1.0)}
    whole["polling"]["polls"] = len(found.polling.late)
    whole["told"].pop("batches")
    return whole


def main() -> None:
    """Run, print, and write the figures where they are wanted."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling.simulation", description="Far beyond today.")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--processes", type=int, default=Size().processes)
    parser.add_argument("--seed", type=int, default=Size().seed)
    parser.add_argument("--json", type=Path)
    wish = parser.parse_args()
    size = SMALL if wish.small else replace(Size(), processes=wish.processes)
    found = run(replace(size, seed=wish.seed), lambda table: print(table, end="\n\n", flush=True))
    if wish.json:
        wish.json.write_text(json.dumps(as_json(found), indent=2, default=str) + "\n", "utf-8")


if __name__ == "__main__":
    main()
