"""How much is needed for how many feeds, items, watches and chats: the sum of what single things cost. Pure.

    python -m benchmarks.scaling.model [--feeds 3000 --items 10 --watches 500 --chats 20000 --messages 6]

The costs are those that benchmarks/scaling measured (throughput.py and simulation.py; which of them, and when, says
docs/scaling.md, which shows this table). They are of one machine: elsewhere only their ratios hold. What is not
linear is left out, because nothing of it was seen up to these sizes; where a single process ends is a column.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from benchmarks.rhythm.press import FRONT_PAGE

BUSIEST = max(FRONT_PAGE) / sum(FRONT_PAGE)  # share of a day's news in its busiest hour
POLLS_AT_ONCE = 50  # of a process: app/use_cases.py
FILLED = 0.7  # of those at once, on average: polls do not come evenly
DAYS_IN_WINDOW = 4  # of news that grouping holds in memory: SAME_TEXT_WINDOW
KEPT_DAYS = 90  # MONITOR_RETENTION_DAYS as it ships
BOT_A_SECOND = 28.0  # messages: pipeline/pace.py
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Load:
    """How much there is: of each feed so many articles a day, to each chat so many messages a day."""

    feeds: int
    items: float
    watches: int
    chats: int
    messages: float


@dataclass(frozen=True, slots=True)
class Costs:
    """What single things cost. Pairs are CPU milliseconds of the processes and of PostgreSQL."""

    polls_an_hour: float  # of a feed, in the busiest hour
    poll_seconds: float  # that a poll is one of those at once: the newspaper's answer, and the wait for its turn
    poll: tuple[float, float]
    item: tuple[float, float]  # fetched, parsed, stored, matched, grouped
    match: float  # ms more of an item for each 1,000 watches
    message: tuple[float, float]
    window_bytes: float  # in memory, of an item in the story window
    item_bytes: float  # in PostgreSQL: the item, its words in the search index, its story, its matches
    alert_bytes: float
    process_mb: float  # of a process that holds nothing
    feed_bytes: float  # in memory of each process
    watch_bytes: float
    most_items: float  # a second that the one process which groups gets through


@dataclass(frozen=True, slots=True)
class Needs:
    """What that takes, in the busiest hour of a day."""

    polls_an_hour: float
    items_an_hour: float
    messages_an_hour: float
    cores: float  # of the processes together
    postgresql_cores: float
    processes: int  # for so many polls at once, and for the cores: a process fills about one
    grouping_share: float  # of what the one process that groups gets through
    grouping_mb: float  # its memory
    rows_a_day: float  # items and alerts
    gigabytes: float  # in PostgreSQL, once as much is deleted as comes
    bots: int  # at BOT_A_SECOND


def needs(load: Load, costs: Costs) -> Needs:
    """The sum."""
    polls = load.feeds * costs.polls_an_hour
    items_a_day, messages_a_day = load.feeds * load.items, load.chats * load.messages
    items, messages = items_a_day * BUSIEST, messages_a_day * BUSIEST
    item = costs.item[0] + costs.match * load.watches / 1_000
    cores = (polls * costs.poll[0] + items * item + messages * costs.message[0]) / 1_000 / HOUR
    theirs = (polls * costs.poll[1] + items * costs.item[1] + messages * costs.message[1]) / 1_000 / HOUR
    at_once = polls / HOUR * costs.poll_seconds
    held = load.feeds * costs.feed_bytes + load.watches * costs.watch_bytes
    window = items_a_day * DAYS_IN_WINDOW * costs.window_bytes
    return Needs(
        polls,
        items,
        messages,
        cores,
        theirs,
        max(1, ceil(at_once / (FILLED * POLLS_AT_ONCE)), ceil(cores)),
        items / HOUR / costs.most_items,
        costs.process_mb + (held + window) / 2**20,
        items_a_day + messages_a_day,
        KEPT_DAYS * (items_a_day * costs.item_bytes + messages_a_day * costs.alert_bytes) / 1e9,
        max(1, ceil(messages / HOUR / BOT_A_SECOND)),
    )


MEASURED = Costs(
    polls_an_hour=5.5,
    poll_seconds=0.81,
    poll=(9.3, 3.7),
    item=(3.9, 1.8),
    match=0.02,
    message=(12.5, 10.4),
    window_bytes=2_170,
    item_bytes=6_100,
    alert_bytes=1_050,
    process_mb=156,
    feed_bytes=2_600,
    watch_bytes=2_600,
    most_items=319,
)

LOADS = (
    Load(feeds=40, items=30, watches=76, chats=20, messages=20),
    Load(feeds=200, items=30, watches=300, chats=1_000, messages=10),
    Load(feeds=1_000, items=16, watches=1_000, chats=10_000, messages=10),
    Load(feeds=10_000, items=16, watches=5_000, chats=100_000, messages=10),
    Load(feeds=100_000, items=16, watches=10_000, chats=1_000_000, messages=10),
)


def table(loads: Sequence[Load] = LOADS, costs: Costs = MEASURED) -> str:
    """Each load and what it takes, as Markdown."""
    lines = [
        "| feeds | items a day | watches | chats | polls, items, messages in the busiest hour | cores: processes, "
        "PostgreSQL | processes | grouping: of its most; memory | rows a day | GB in PostgreSQL | bots |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for load in loads:
        of = needs(load, costs)
        lines.append(
            f"| {load.feeds:,} | {load.feeds * load.items:,.0f} | {load.watches:,} | {load.chats:,} "
            f"| {_round(of.polls_an_hour)}, {_round(of.items_an_hour)}, {_round(of.messages_an_hour)} "
            f"| {of.cores:.2f}, {of.postgresql_cores:.2f} | {of.processes} "
            f"| {of.grouping_share:.1%}; {_memory(of.grouping_mb)} | {_round(of.rows_a_day)} "
            f"| {of.gigabytes:,.0f} | {of.bots} |"
        )
    return "\n".join(lines)


def _round(count: float) -> str:
    """Two figures are as many as such a sum is worth."""
    if count < 100:
        return f"{count:.0f}"
    digits = len(f"{count:.0f}") - 2
    return f"{round(count / 10**digits) * 10**digits:,}"


def _memory(megabytes: float) -> str:
    return f"{megabytes:.0f} MB" if megabytes < 1024 else f"{megabytes / 1024:.1f} GB"


def main() -> None:
    """Print the table, or the line of one's own load."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling.model", description="How much for how much.")
    parser.add_argument("--feeds", type=int)
    parser.add_argument("--items", type=float, help="that each feed brings a day")
    parser.add_argument("--watches", type=int)
    parser.add_argument("--chats", type=int)
    parser.add_argument("--messages", type=float, help="that each chat gets a day")
    given = {name: value for name, value in vars(parser.parse_args()).items() if value is not None}
    print(table([replace(LOADS[1], **given)]) if given else table())


if __name__ == "__main__":
    main()
