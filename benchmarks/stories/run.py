"""Which items tell one story: ours against simpler ways, each online, on items grouped by reading.

    python benchmarks/stories/run.py

Prints pairwise and B-cubed F1 and milliseconds an item, then what a full window costs. Every way places each item when
it comes, with only the past known, and looks back 48 hours; "in the end" is after stories have merged or split. The
labelled items belong to newspapers and are no part of the repository: without ../shared/data beside it this says so
and ends.
"""

import asyncio
import itertools
import math
import re
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zlib import crc32

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.stories import labelled  # noqa: E402
from benchmarks.stories.labelled import LabelledSet  # noqa: E402
from monitor.feeds.plain import lead_text  # noqa: E402
from monitor.store.transaction import open_store  # noqa: E402
from monitor.stories.grouping.features import news_of  # noqa: E402
from monitor.stories.grouping.window import SAME_TEXT_WINDOW, WINDOW, StoryWindow  # noqa: E402
from monitor.text.words import nfc  # noqa: E402
from monitor.types import (  # noqa: E402
    Entry,
    Evidence,
    FeedId,
    Item,
    ItemId,
    Match,
    NewItem,
    Placement,
    Role,
    Rule,
    StoryId,
    WatchId,
)

OVERLAP = 0.6  # NewsBlur's rule (NewsBlur PR #2057): share of the shorter title's words
COSINE = 0.25
BANDS, ROWS = 32, 2  # MinHash: two texts of Jaccard 0.18 meet in one band with even odds
FULL_WINDOW = 20_000

Seen = tuple[datetime, str, object]
Alike = Callable[[object, object], float]


def syllables(text: str) -> list[str]:
    return re.findall(r"\w+", news_of(nfc(text)).casefold())


def nearest(read: Callable[[Item], object], alike: Alike, least: float) -> Callable[[LabelledSet], dict[str, str]]:
    """Joins the story of the most alike item of the window, if it is alike enough."""

    def place(items: LabelledSet) -> dict[str, str]:
        told: dict[str, str] = {}
        seen: list[Seen] = []
        for item, at in items.items:
            seen = [one for one in seen if at - one[0] <= WINDOW]
            mine = read(item)
            best, story = max(((alike(mine, other), told[name]) for _, name, other in seen), default=(0.0, ""))
            told[item.id] = story if best >= least else item.id
            seen.append((at, item.id, mine))
        return told

    return place


def overlap(a: object, b: object) -> float:
    assert isinstance(a, set)
    assert isinstance(b, set)
    return len(a & b) / (min(len(a), len(b)) or 1)


def tfidf(items: LabelledSet) -> dict[str, str]:
    """Cosine over title and lead (or the first of the body), syllables and their pairs; rarity from the whole set."""
    texts = {}
    for item, _ in items.items:
        words = syllables(item.title) + (syllables(item.lead) or syllables(item.body)[:60])
        texts[item.id] = Counter([*words, *itertools.pairwise(words)])
    seen = Counter(one for text in texts.values() for one in text)
    vectors = {}
    for name, text in texts.items():
        vector = {one: count * math.log(len(texts) / seen[one]) for one, count in text.items()}
        norm = math.sqrt(sum(w * w for w in vector.values())) or 1.0
        vectors[name] = {one: weight / norm for one, weight in vector.items()}

    def alike(a: object, b: object) -> float:
        assert isinstance(a, dict)
        assert isinstance(b, dict)
        return sum(weight * b[one] for one, weight in a.items() if one in b)

    return nearest(lambda item: vectors[item.id], alike, COSINE)(items)


def minhash(items: LabelledSet) -> dict[str, str]:
    """Pairs of syllables of title and lead, 64 hashes in 32 bands; one shared band joins."""
    salts = [crc32(str(salt).encode()) for salt in range(BANDS * ROWS)]

    def read(item: Item) -> object:
        words = syllables(item.title) + (syllables(item.lead) or syllables(item.body)[:60])
        grams = [crc32(" ".join(two).encode()) for two in itertools.pairwise(words)] or [0]
        least = [min((gram * 0x9E3779B1 ^ salt * 0x85EBCA6B) & 0xFFFFFFFF for gram in grams) for salt in salts]
        return {(band, *least[band * ROWS : (band + 1) * ROWS]) for band in range(BANDS)}

    return nearest(read, lambda a, b: float(len(a & b)), 1.0)(items)  # type: ignore[operator]


WAYS: dict[str, Callable[[LabelledSet], dict[str, str]]] = {
    "title overlap >= 0.6": nearest(lambda item: set(syllables(item.title)), overlap, OVERLAP),
    "TF-IDF cosine >= 0.25": tfidf,
    "MinHash": minhash,
    "ours": labelled.place,
    "ours, in the end": labelled.place_and_review,
}


def cost() -> None:
    """A full window's restart, time and memory, and the replay of all unlabelled items."""
    dated = [(labelled.when(row["date"]), row) for row in labelled.rows("articles.dev.jsonl.gz")]
    dated.sort(key=lambda pair: pair[0])
    items = [
        Item(ItemId(row["id"]), row["source"], row["title"], lead_text(row["summary"]), published_at=at)
        for at, row in dated
    ]
    start = labelled.when("2026-01-01T00:00:00+07:00")
    crowd = [replace(item, published_at=start + WINDOW * k / FULL_WINDOW) for k, item in enumerate(items)]
    newcomers = [replace(item, published_at=start + WINDOW) for item in crowd[FULL_WINDOW : FULL_WINDOW + 3_000]]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/news.db"
        asyncio.run(_fill(url, crowd[:FULL_WINDOW]))
        restarts = [asyncio.run(_restart(url, start)) for _ in range(3)]
    window = restarts[-1][0]
    fresh = [_placing(window, item, start) for item in newcomers[:500]]
    later = [_placing(window, item, start) for item in newcomers[500:]]
    rows = {
        "restart with a warm window, s of wall, median of 3": statistics.median(wall for _, wall, _ in restarts),
        "restart with a warm window, s of CPU, median of 3": statistics.median(spent for _, _, spent in restarts),
        "placing an item just after the restart, ms, median": statistics.median(fresh),
        "placing an item later, ms, median": statistics.median(later),
        "placing an item later, ms, 95 %": statistics.quantiles(later, n=20)[-1],
        "memory, kB an item (it grows linearly)": _bytes_an_item(crowd) / 1000,
        "memory, MB": _bytes_an_item(crowd) * FULL_WINDOW / 1e6,
    }
    print(f"\na window of {FULL_WINDOW} items of 48 hours, in SQLite")
    for what, figure in rows.items():
        print(f"    {what:55}{figure:8.2f}")
    replayed, roles = StoryWindow(), Counter[Role]()
    began = time.process_time()
    for number, item in enumerate(items):
        placement = replayed.decide(item, at=start)
        roles[placement.role] += 1
        replayed.remember(item, placement.story_id or StoryId(item.id))
        if number % 200 == 0 and item.published_at:
            replayed.forget(item.published_at - SAME_TEXT_WINDOW - timedelta(hours=1))
    print(
        f"{len(items)} items replayed in {time.process_time() - began:.0f} s of CPU: "
        + ", ".join(f"{roles[role]} {role}" for role in Role)
    )


async def _fill(url: str, items: list[Item]) -> None:
    """Store items as the service would have: each in a story of its own, one in five with a match."""
    window, evidence = StoryWindow(), (Evidence("title", 0, 1, "x"),)
    match = Match(WatchId("somebody"), "leader", "Somebody", Rule.NAME, 0.9, evidence)
    store = await open_store(url, zone=labelled.VIETNAM)
    try:
        for page in _pages(items, 1_000):
            drafts = [
                NewItem(
                    Entry(
                        item.id, f"news:{item.id}", f"https://news.example/{item.id}", item.title, item.lead, item.at
                    ),
                    FeedId("news"),
                    item.outlet,
                    seen_at=item.at or labelled.when("2026-01-01"),
                    alertable=False,
                )
                for item in page
            ]
            with store.writing() as tx:
                for number, item in enumerate(tx.add_items(drafts)):
                    new, now = Placement(None, Role.NEW), item.seen_at or labelled.when("2026-01-01")
                    found = [match] if number % 5 == 0 else []
                    tx.save_detection(item, found, new, version="1", now=now, packed=window.packed(item))
    finally:
        await store.close()


def _pages(items: list[Item], size: int) -> list[list[Item]]:
    return [items[at : at + size] for at in range(0, len(items), size)]


async def _restart(url: str, since: datetime) -> tuple[StoryWindow, float, float]:
    """A window filled from the store as the service fills it (detect.Detect.warm), with seconds of wall and of CPU."""
    began, worked = time.perf_counter(), time.process_time()
    store = await open_store(url, zone=labelled.VIETNAM)
    window = StoryWindow()
    with store.reading() as tx:
        kept_rows = list(tx.window_since(since - WINDOW))
    for kept in kept_rows:
        window.remember(kept.item, kept.story_id, kept.matches, packed=kept.packed)
    spent = time.perf_counter() - began, time.process_time() - worked
    await store.close()
    return window, *spent


def _placing(window: StoryWindow, item: Item, at: datetime) -> float:
    began = time.process_time()
    window.decide(item, at=at)
    return (time.process_time() - began) * 1000


def _bytes_an_item(items: list[Item]) -> float:
    """What the window keeps of an item, measured on some."""
    some = 2_000
    window = StoryWindow()
    tracemalloc.start()
    for item in items[:some]:
        window.remember(item, StoryId(item.id))
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return kept / some


def main() -> None:
    if not labelled.DATA.is_dir():
        print("stories: the labelled items are not beside the repository (../shared/data); nothing to measure")
        return
    sets = (labelled.morning(), labelled.full_texts(body=True, lead=True), labelled.syndicated())
    print(f"{'':24}" + "".join(f"{one.name:>34}" for one in sets))
    print(f"{'':24}" + f"{'pairwise':>16}{'B-cubed':>9}{'ms':>9}" * len(sets))
    for name, place in WAYS.items():
        line = f"{name:24}"
        for one in sets:
            began = time.perf_counter()
            told = place(one)
            spent = (time.perf_counter() - began) / len(one.items) * 1000
            result = labelled.score(one, told)
            line += f"{result.pairwise:16.3f}{result.bcubed:9.3f}{spent:9.2f}"
        print(line, flush=True)
    cost()


if __name__ == "__main__":
    main()
