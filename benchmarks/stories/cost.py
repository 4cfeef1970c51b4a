"""What grouping costs an item, beside splitting the item into words: with a small window, and with a full one.

    python benchmarks/stories/cost.py

Calls the window as the service does: decide, packed, review and remember, each with an object of its own. Machines
differ, and so do their other guests, so the cost is told in words split too: the same item's title and lead through
one plain regular expression, measured in the same breath. Ends with 1 when a window costs more than its LIMITS. The
items belong to newspapers and are no part of the repository: without ../shared/data beside it this says so and ends.
"""

import gc
import itertools
import re
import statistics
import sys
import time
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.stories import labelled  # noqa: E402
from monitor.feeds.plain import lead_text  # noqa: E402
from monitor.stories.grouping.review import Merge  # noqa: E402
from monitor.stories.grouping.window import SAME_TEXT_WINDOW, StoryWindow  # noqa: E402
from monitor.stories.grouping.window_index import FORGOTTEN_AT_ONCE  # noqa: E402
from monitor.types import Item, ItemId, StoryId  # noqa: E402

LIMITS = {4_000: 60, 41_000: 90}  # by items in the window: an item may cost as much as splitting so many
MEASURED = 2_000  # items that come to a window
ROUNDS = 3  # the best of each item counts: what else the machine does is not grouping's
STEPS = ("split", "decide", "packed", "review", "remember")


class RoundOver(Exception):
    """Takes back what a round taught the window, so that the next one measures the same."""


def split(item: Item) -> list[str]:
    """The yardstick, which no change of grouping moves."""
    return re.findall(r"\w+", f"{item.title} {item.lead}".casefold())


def crowd(size: int) -> list[Item]:
    """`size` items spread over the window's span, and MEASURED more behind them."""
    dated = sorted((labelled.when(row["date"]), number) for number, row in enumerate(ROWS))
    start = dated[0][0]
    items = []
    for place, (_, number) in enumerate(dated[: size + MEASURED]):
        row, at = ROWS[number], start + SAME_TEXT_WINDOW * place / size
        lead = lead_text(row["summary"])
        items.append(Item(ItemId(row["id"]), row["source"], row["title"], lead, key=row["id"], published_at=at))
    return items


def take(window: StoryWindow, item: Item) -> tuple[float, ...]:
    """Let one item come, as the service does; the seconds of each of STEPS."""
    at = item.at
    assert at is not None
    copies = replace(item), replace(item), replace(item)
    times = [time.perf_counter()]
    split(item)
    times.append(time.perf_counter())
    story = window.decide(copies[0], at=at).story_id or StoryId(item.id)
    times.append(time.perf_counter())
    window.packed(copies[1])
    times.append(time.perf_counter())
    revision = window.review(copies[2], story, at=at)
    times.append(time.perf_counter())
    window.remember(copies[2], story)
    times.append(time.perf_counter())
    if isinstance(revision, Merge):
        window.revise(revision)
    return tuple(after - before for before, after in itertools.pairwise(times))


def cost(size: int) -> float:
    """Print what an item costs with `size` items in the window; how many times splitting it that is."""
    items = crowd(size)
    tracemalloc.start()
    window = StoryWindow()
    for item in items[:size]:
        take(window, item)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0] / len(window)
    tracemalloc.stop()
    best = [(float("inf"),) * len(STEPS)] * MEASURED
    for _ in range(ROUNDS):
        with suppress(RoundOver), window.trial():
            taken = [take(window, item) for item in items[size:]]
            raise RoundOver
        best = [tuple(map(min, one, other)) for one, other in zip(best, taken, strict=True)]
    of_step = dict(zip(STEPS, (sum(column) / MEASURED * 1000 for column in zip(*best, strict=True)), strict=True))
    whole = [sum(times[1:]) * 1000 for times in best]
    hundredths = statistics.quantiles(whole, n=100)
    times_split = statistics.mean(whole) / of_step["split"]
    print(f"{len(window)} items in the window, {held:.0f} bytes an item with all that was drawn of it")
    print(f"    ms an item: {statistics.mean(whole):.3f} mean, {hundredths[49]:.3f} p50, {hundredths[98]:.3f} p99")
    print("    ms by step: " + ", ".join(f"{step} {of_step[step]:.3f}" for step in STEPS))
    print(f"    {times_split:.0f} times splitting it into words (limit {LIMITS[size]})")
    longest, until = 0.0, items[size].at
    assert until is not None
    more = True
    while more:
        began = time.perf_counter()
        more = window.forget(until + timedelta(days=3), most=FORGOTTEN_AT_ONCE)
        longest = max(longest, time.perf_counter() - began)
    print(f"    three quarters forgotten in slices, the longest {longest * 1000:.1f} ms", flush=True)
    return times_split


def main() -> int:
    """The exit code: 1 when a limit is broken."""
    if not labelled.DATA.is_dir():
        print("cost: the items are not beside the repository (../shared/data); nothing to measure")
        return 0
    ROWS.extend(labelled.rows("articles.dev.jsonl.gz"))
    costs = {size: cost(size) for size in LIMITS}
    return int(any(costs[size] > limit for size, limit in LIMITS.items()))


ROWS: list[dict[str, str]] = []

if __name__ == "__main__":
    sys.exit(main())
