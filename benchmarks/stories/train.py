"""Learns the weights of monitor/stories/likeness.json and the counts of rarity.json.gz from the labelled sets.

    python -m benchmarks.stories.train             weights and their cross-validation
    python -m benchmarks.stories.train --rarity    the background counts of words too (a minute)

Logistic regression by Newton's method, in plain Python: some twenty measures and ten thousand pairs. A weight is drawn
towards a prior where the sets are too small to speak (two matches of one league, two decrees of one day). A measure
that would count the wrong way round is left out: readers are told why, and "another place" must never speak for one.
"""

import argparse
import gzip
import itertools
import json
import math
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import monitor.stories
from benchmarks.stories.labelled import LabelledSet, full_texts, morning, place, rows, score
from monitor.stories import cluster, likeness
from monitor.stories.cluster import StoryWindow
from monitor.stories.fingerprint import is_digest, news_of, plain, words_of
from monitor.stories.likeness import MEASURES, Model
from monitor.types import StoryId

ROOM = Path(monitor.stories.__file__).parent
OFTEN = 24  # a word of fewer items is as rare as one never seen
CLUSTER_WEIGHT = 0.1  # of a pair of the clusters beside one of the morning: they are many and of another time
RIDGE = 0.3
FOLDS = 3
NEAREST = 40  # more than are weighed at run time: the far ones are the easy negatives
PRIOR = {
    "names missing": -0.5,
    "numbers differ": -0.5,
    "decrees differ": -2.0,
    "laws differ": -1.0,
    "topics differ": -2.0,
    "same outlet, same opening": -2.0,
    "places differ": -1.0,
    "dates differ": -1.0,
    "scores differ": -1.5,
}
AGAINST = {*PRIOR, "hours", "same outlet", "same outlet, alike"}
FULL_TEXT = {"body", "body²"}

Pair = tuple[tuple[float, ...], float, float]  # measures, one story or not, weight


def pairs_of(labelled: LabelledSet) -> list[tuple[str, bool, tuple[float, ...], float]]:
    """Each item with what was near it when it came: (item, both full texts known, measures, one story or not)."""
    window = StoryWindow()
    found: list[tuple[str, bool, tuple[float, ...], float]] = []
    for item, at in labelled.items:
        story = labelled.gold[item.id]
        if not is_digest(item.title):
            found.extend(
                (item.id, other.long, other.measures, float(other.story_id == story))
                for other in window.neighbours(item, at=at, nearest=NEAREST, least_share=0.0)
                if frozenset((item.id, other.item_id)) not in labelled.skip
            )
        window.remember(item, StoryId(story), at=at)
    return found


def fit(pairs: Sequence[Pair], use: set[str]) -> list[float]:
    """Weights of MEASURES; those not in `use` and those of the wrong sign are zero."""
    used = set(use)
    while True:
        keep = [name in used for name in MEASURES]
        prior = [PRIOR.get(name, 0.0) if name in used else 0.0 for name in MEASURES]
        weights = _newton(
            [(tuple(v if k else 0.0 for v, k in zip(x, keep, strict=True)), y, w) for x, y, w in pairs], prior
        )
        wrong = {
            name
            for name, weight in zip(MEASURES, weights, strict=True)
            if name in used and name != "bias" and (weight > 0 if name in AGAINST else weight < 0)
        }
        if not wrong:
            return weights
        used -= wrong


def _newton(pairs: Sequence[Pair], prior: list[float]) -> list[float]:
    n = len(prior)
    weights = prior[:]
    for _ in range(20):
        hessian = [[0.0] * n for _ in range(n)]
        gradient = [0.0] * n
        for x, y, share in pairs:
            odds = max(-30.0, min(30.0, sum(map(float.__mul__, weights, x))))
            p = 1 / (1 + math.exp(-odds))
            slope, error = share * p * (1 - p), share * (y - p)
            present = [i for i in range(n) if x[i]]
            for i in present:
                gradient[i] += error * x[i]
                scaled = slope * x[i]
                line = hessian[i]
                for j in present:
                    line[j] += scaled * x[j]
        for i in range(n):
            ridge = RIDGE if i else 1e-6
            hessian[i][i] += ridge
            gradient[i] -= ridge * (weights[i] - prior[i])
        step = _solve(hessian, gradient)
        longest = max(map(abs, step))
        weights = [w + s * min(1.0, 5 / max(longest, 1e-9)) for w, s in zip(weights, step, strict=True)]
        if longest < 1e-3:
            break
    return weights


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss-Jordan elimination with pivots."""
    n = len(right)
    lines = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(lines[r][i]))
        lines[i], lines[pivot] = lines[pivot], lines[i]
        for r in range(n):
            if r != i and lines[r][i]:
                factor = lines[r][i] / lines[i][i]
                lines[r] = [a - factor * b for a, b in zip(lines[r], lines[i], strict=True)]
    return [lines[i][n] / lines[i][i] for i in range(n)]


def count_words() -> None:
    """Write how many of the unlabelled items have each word: counts, no texts."""
    counts: Counter[str] = Counter()
    items = 0
    for row in rows("articles.dev.jsonl.gz"):
        words = words_of(row["title"]), words_of(news_of(plain(row["summary"])))
        counts.update({one for text in words for one in (*text, *map(" ".join, itertools.pairwise(text)))})
        items += 1
    words = {word: count for word, count in sorted(counts.items()) if count >= OFTEN}
    packed = gzip.compress(json.dumps({"items": items, "words": words}, ensure_ascii=False).encode(), mtime=0)
    (ROOM / "rarity.json.gz").write_bytes(packed)
    likeness._background.cache_clear()
    print(f"{items} items, {len(words)} words, {len(packed) / 1024:.0f} KiB")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rarity", action="store_true")
    if asked.parse_args().rarity:
        count_words()
    first = morning()
    near = pairs_of(first)
    sets = [full_texts(body=True, lead=False), full_texts(body=True, lead=True), full_texts(body=False, lead=True)]
    far = [pairs_of(one) for one in sets]
    short_names, long_names = set(MEASURES) - FULL_TEXT, set(MEASURES)
    clusters_short: list[Pair] = [(x, y, CLUSTER_WEIGHT) for _, _, x, y in far[2]]
    clusters_long: list[Pair] = [(x, y, 1.0) for pairs in far[:2] for _, both, x, y in pairs if both]
    long = fit(clusters_long, long_names)
    for fold in range(FOLDS):
        kept: list[Pair] = [(x, y, 1.0) for item, _, x, y in near if zlib.crc32(item.encode()) % FOLDS != fold]
        trained = Model(tuple(fit(kept + clusters_short, short_names)), tuple(long))
        cluster.model = lambda trained=trained: trained
        result = score(first, place(first))
        print(f"without fold {fold} the morning scores {result.pairwise:.3f} pairwise, {result.bcubed:.3f} B-cubed")
    short = fit([*((x, y, 1.0) for _, _, x, y in near), *clusters_short], short_names)
    final = Model(tuple(short), tuple(long))
    cluster.model = lambda: final
    for one in (first, *sets):
        result = score(one, place(one))
        print(f"{one.name}: pairwise {result.pairwise:.3f}, B-cubed {result.bcubed:.3f}")
    shipped = {
        kind: {name: round(weight, 3) for name, weight in zip(MEASURES, weights, strict=True) if weight}
        for kind, weights in (("short", short), ("long", long))
    }
    (ROOM / "likeness.json").write_text(json.dumps(shipped, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(json.dumps(shipped, ensure_ascii=False))


if __name__ == "__main__":
    main()
