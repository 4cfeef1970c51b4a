"""What a watchlist of more and more watches costs: to compile, to hold, and an item."""

import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.latency.house import quantile
from benchmarks.matching.run import resident
from benchmarks.scaling.readers import items, watchlist
from monitor.matching.matcher import compile_watchlist


@dataclass(frozen=True, slots=True)
class Matching:
    """Milliseconds of CPU an item; seconds and MB of the compiled watchlist."""

    watches: int
    items: int
    named: int  # items that name some watch
    compiled: float
    memory: float
    p50: float
    p99: float
    mean: float


def growth(sizes: Sequence[int], count: int) -> list[Matching]:
    """Each size in a process of its own, so that memory is that of one."""
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        return [pool.apply(measure, (size, count)) for size in sizes]


def measure(size: int, count: int) -> Matching:
    """One size."""
    watches = watchlist(size)
    news = items(count, watches.watches)
    compile_watchlist(watchlist(10)).match(news[0])  # what loads at the first use
    before, began = resident(), time.process_time()
    matcher = compile_watchlist(watches)
    compiled, memory = time.process_time() - began, resident() - before
    spent, named = [], 0
    for item in news:
        began = time.process_time()
        named += bool(matcher.match(item))
        spent.append((time.process_time() - began) * 1000)
    return Matching(
        size, count, named, compiled, memory, quantile(spent, 0.5), quantile(spent, 0.99), sum(spent) / len(spent)
    )
