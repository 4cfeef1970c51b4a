"""Which items tell one story: ours against simpler ways, each online, on items grouped by reading.

    python benchmarks/stories/run.py

Prints pairwise and B-cubed F1 and milliseconds an item, then what a full window costs. Every way places each item when
it comes, with only the past known, and looks back 48 hours. The labelled items belong to newspapers and are no part of
the repository: without ../shared/data beside it this says so and ends.
"""

import itertools
import math
import re
import statistics
import sys
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
from monitor.stories.cluster import SAME_TEXT_WINDOW, WINDOW, StoryWindow  # noqa: E402
from monitor.stories.fingerprint import news_of, plain  # noqa: E402
from monitor.types import Item, ItemId, Role, StoryId  # noqa: E402

OVERLAP = 0.6  # NewsBlur's rule (NewsBlur PR #2057): share of the shorter title's words
COSINE = 0.25
BANDS, ROWS = 32, 2  # MinHash: two texts of Jaccard 0.18 meet in one band with even odds
FULL_WINDOW = 20_000

Seen = tuple[datetime, str, object]
Alike = Callable[[object, object], float]


def syllables(text: str) -> list[str]:
    return re.findall(r"\w+", news_of(plain(text)).casefold())


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
}


def cost() -> None:
    """A full window's time and memory, and the replay of all unlabelled items."""
    dated = [(labelled.when(row["date"]), row) for row in labelled.rows("articles.dev.jsonl.gz")]
    dated.sort(key=lambda pair: pair[0])
    items = [Item(ItemId(row["id"]), row["source"], row["title"], row["summary"], published_at=at) for at, row in dated]
    start = labelled.when("2026-01-01T00:00:00+07:00")
    crowd = [replace(item, published_at=start + WINDOW * k / FULL_WINDOW) for k, item in enumerate(items)]
    window = StoryWindow()
    began = time.process_time()
    for item in crowd[:FULL_WINDOW]:
        window.remember(item, StoryId(item.id))
    warm = time.process_time() - began
    took = []
    for item in crowd[FULL_WINDOW : FULL_WINDOW + 3_000]:
        began = time.process_time()
        window.decide(item, at=start)
        took.append((time.process_time() - began) * 1000)
    memory = _bytes_an_item(crowd) * FULL_WINDOW / 2**20
    print(
        f"\na window of {FULL_WINDOW} items: restart {warm:.1f} s of CPU, {memory:.0f} MB, "
        f"placing an item {statistics.median(took):.2f} ms (median)"
    )
    window, roles = StoryWindow(), Counter[Role]()
    began = time.process_time()
    for number, item in enumerate(items):
        placement = window.decide(item, at=start)
        roles[placement.role] += 1
        window.remember(item, placement.story_id or StoryId(item.id))
        if number % 200 == 0 and item.published_at:
            window.forget(item.published_at - SAME_TEXT_WINDOW - timedelta(hours=1))
    print(
        f"{len(items)} items replayed in {time.process_time() - began:.0f} s of CPU: "
        + ", ".join(f"{roles[role]} {role}" for role in Role)
    )


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
