"""What placing an item costs while the story window grows: it holds four days of all that came."""

import multiprocessing
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.latency.house import quantile
from benchmarks.matching.run import resident
from benchmarks.peers.texts import told
from benchmarks.scaling.world import SHARED
from monitor.stories.grouping.review import Merge
from monitor.stories.grouping.window import SAME_TEXT_WINDOW, StoryWindow
from monitor.types import Item, ItemId, StoryId

NEW = 1_000  # items that are placed and timed
TELLERS = 10  # of a story that several tell
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Grouping:
    """Milliseconds of CPU an item, with so many in the window; bytes of each of them."""

    window: int
    p50: float
    p99: float
    mean: float
    bytes_each: float


def news(count: int, span: timedelta) -> Iterator[Item]:
    """Items spread over a time; three in ten tell what ten tell within some hours."""
    chance = random.Random(15)
    for number in range(count):
        if chance.random() < SHARED:
            story = int(number - chance.expovariate(1 / 2_000)) // TELLERS * TELLERS
        else:
            story = -number - 1
        piece = told(story, number)
        at = BEGIN + span * number / count
        yield Item(ItemId(str(number)), f"Tờ {number % 40}", piece.title, piece.lead, key=str(number), published_at=at)


def growth(sizes: Sequence[int]) -> list[Grouping]:
    """Each size in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        return [pool.apply(measure, (size,)) for size in sizes]


def measure(size: int) -> Grouping:
    """Fill a window over its span, then let NEW items come, as the service takes them."""
    window = StoryWindow()
    window.load()
    coming = news(size + NEW, SAME_TEXT_WINDOW * (size + NEW) / max(size, 1))
    before = resident()
    for _, item in zip(range(size), coming, strict=False):
        window.remember(item, StoryId(item.id))
    memory = resident() - before
    spent = []
    for item in coming:
        began = time.process_time()
        at = item.at or BEGIN
        story = window.decide(item, at=at).story_id or StoryId(item.id)
        window.packed(item)
        found = window.review(item, story, at=at)
        window.remember(item, story)
        if isinstance(found, Merge):
            window.revise(found)
        spent.append((time.process_time() - began) * 1000)
    return Grouping(
        size,
        quantile(spent, 0.5),
        quantile(spent, 0.99),
        sum(spent) / len(spent),
        memory * 2**20 / max(size, 1),
    )
