"""Learns the weights of similarity.json and the counts of idf.json.gz (monitor/stories/grouping) from labelled sets.

    python -m benchmarks.stories.train             weights and their cross-validation
    python -m benchmarks.stories.train --idf    the background counts of words too (a minute)
    python -m benchmarks.stories.train --meaning   the directions of words too (two minutes)

Logistic regression by Newton's method, in plain Python: some twenty measures and ten thousand pairs. A weight is drawn
towards a prior where the sets are too small to speak (two matches of one league, two decrees of one day). A measure
that would count the wrong way round is left out: readers are told why, and "another place" must never speak for one.
"""

import argparse
import gzip
import itertools
import json
import math
import random
import zlib
from array import array
from collections import Counter
from collections.abc import Sequence
from operator import add, mul
from pathlib import Path

import monitor.stories.grouping
from benchmarks.stories.labelled import (
    LabelledSet,
    feed_items,
    full_texts,
    morning,
    pairs,
    place,
    read_pairs,
    rows,
    score,
    syndicated,
)
from monitor.feeds.plain import lead_text
from monitor.stories.grouping import meaning, similarity, window
from monitor.stories.grouping.features import news_of, read, words_of_reading
from monitor.stories.grouping.roundups import is_roundup
from monitor.stories.grouping.similarity import MEASURES, Model
from monitor.stories.grouping.window import SAME_TEXT_WINDOW, StoryWindow
from monitor.text.variants import words_of
from monitor.types import Item, ItemId, StoryId

ROOM = Path(monitor.stories.grouping.__file__).parent
OFTEN = 24  # a word of fewer items is as rare as one never seen
CLUSTER_WEIGHT = 0.1  # of a pair of the clusters beside one of the morning: they are many and of another time
RIDGE = 0.3
FOLDS = 5
PASSES = 4  # of the subspace iteration; more change no figure
CLIPPED = 4.0  # the longest numbers of a word's direction are cut at a quarter, so that the others are not rounded away
PLAINLY_ALIKE = 0.33  # cosine of title and lead from which two of the unlabelled items are taken for one story
AROUND = 15  # neighbours of an unlabelled item, among whom it finds its story
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
        if not is_roundup(item.title):
            found.extend(
                (item.id, other.long, other.measures, float(other.story_id == story))
                for other in window.neighbours(item, at=at, nearest=NEAREST, least_share=0.0, everyone=True)
                if frozenset((item.id, other.item_id)) not in labelled.skip
            )
        window.remember(item, StoryId(story), at=at)
    return found


def pairs_read(name: str = "read_pairs.json") -> list[tuple[str, tuple[float, ...], float]]:
    """The pairs that were read by eye, measured as they stood when the later came: (later, measures, one story or not).

    Around them items are joined by a plain rule, not by the model, or each training would start from the last one.
    """
    read_by_eye, items = read_pairs(name), feed_items().items
    window, told = StoryWindow(), dict[str, str]()
    found: list[tuple[str, tuple[float, ...], float]] = []
    alike = MEASURES.index("short")
    for number, (item, at) in enumerate(items):
        near = [] if is_roundup(item.title) else window.neighbours(item, at=at, nearest=AROUND, everyone=True)
        measured = {str(other.item_id): other.measures for other in near}
        found.extend(
            (item.id, measured[earlier], float(same))
            for earlier, same in read_by_eye.get(item.id, ())
            if earlier in measured
        )
        best = max(near, key=lambda other: other.measures[alike], default=None)
        joins = best is not None and best.measures[alike] >= PLAINLY_ALIKE
        told[item.id] = told[best.item_id] if best is not None and joins else item.id
        window.remember(item, StoryId(told[item.id]), at=at)
        if number % 200 == 0:
            window.forget(at - SAME_TEXT_WINDOW)
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
        words = words_of(row["title"]), words_of(news_of(lead_text(row["summary"])))
        counts.update({one for text in words for one in (*text, *map(" ".join, itertools.pairwise(text)))})
        items += 1
    words = {word: count for word, count in sorted(counts.items()) if count >= OFTEN}
    packed = gzip.compress(json.dumps({"items": items, "words": words}, ensure_ascii=False).encode(), mtime=0)
    (ROOM / "idf.json.gz").write_bytes(packed)
    similarity._background.cache_clear()
    print(f"{items} items, {len(words)} words, {len(packed) / 1024:.0f} KiB")


def learn_directions() -> None:
    """Write the directions of words: the strongest DIMENSIONS of the unlabelled items' words, by subspace iteration."""
    idf = similarity.shipped_idf()
    known = sorted(one for one in idf._background if one not in idf.common)
    at = {one: number for number, one in enumerate(known)}
    weights = [idf.of(one) for one in known]
    texts: list[list[int]] = []
    for row in rows("articles.dev.jsonl.gz"):
        item = Item(ItemId(""), "", row["title"], lead_text(row["summary"]))
        terms = words_of_reading(read(item), idf.common).terms
        texts.append([at[one] for one in terms if one in at])
    texts = [text for text in texts if len(text) > 5]
    chance = random.Random(1)
    basis = [[chance.gauss(0, 1) for _ in range(meaning.DIMENSIONS)] for _ in known]
    for _ in range(PASSES):
        basis = _orthonormal(basis)
        scaled = [[weight * number for number in line] for weight, line in zip(weights, basis, strict=True)]
        basis = [[0.0] * meaning.DIMENSIONS for _ in known]
        for text in texts:
            line = [0.0] * meaning.DIMENSIONS
            for one in text:
                line = list(map(add, line, scaled[one]))
            share = 1 / sum(weights[one] ** 2 for one in text)
            line = [number * share for number in line]
            for one in text:
                basis[one] = list(map(add, basis[one], line))
        basis = [[weight * number for number in line] for weight, line in zip(weights, basis, strict=True)]
    basis = _orthonormal(basis)
    lines = [[weight * number for number in line] for weight, line in zip(weights, basis, strict=True)]
    scale = 127 / max(abs(number) for line in lines for number in line) * CLIPPED
    rounded = bytes(meaning.ZERO + max(-127, min(127, round(number * scale))) for line in lines for number in line)
    (ROOM / "meaning.bin").write_bytes(array("I", known).tobytes() + rounded)
    meaning._table.cache_clear()
    print(f"{len(texts)} texts, {len(known)} words, {meaning.DIMENSIONS} dimensions")


def _orthonormal(lines: list[list[float]]) -> list[list[float]]:
    """Columns made orthogonal and of length 1, by Gram and Schmidt."""
    columns: list[list[float]] = []
    for column in map(list, zip(*lines, strict=True)):
        for _ in range(2):  # twice is enough (Kahan)
            for other in columns:
                along = sum(map(mul, column, other))
                column = [a - along * b for a, b in zip(column, other, strict=True)]
        length = math.sqrt(sum(map(mul, column, column)))
        columns.append([a / length for a in column])
    return list(map(list, zip(*columns, strict=True)))


def cross_validate(
    first: LabelledSet,
    near: Sequence[tuple[str, bool, tuple[float, ...], float]],
    by_eye: Sequence[tuple[str, tuple[float, ...], float]],
    clusters: Sequence[Pair],
    use: set[str],
    long: Sequence[float],
) -> None:
    """Print how the morning and the pairs read by eye come out when their own stories were not trained on."""

    def fold_of(name: str) -> int:
        return zlib.crc32(name.encode()) % FOLDS

    right = mine = gold = 0
    joined = joined_well = same = 0
    for fold in range(FOLDS):
        kept: list[Pair] = [(x, y, 1.0) for item, _, x, y in near if fold_of(first.gold[item]) != fold]
        kept += [(x, y, 1.0) for item, x, y in by_eye if fold_of(item) != fold]
        trained = Model(tuple(fit([*kept, *clusters], use)), tuple(long))
        window.model = lambda trained=trained: trained
        told = place(first)
        held_out = {str(item.id) for item, _ in first.items if fold_of(first.gold[item.id]) == fold}
        ours, theirs = ({pair for pair in pairs(first, label) if pair & held_out} for label in (told, first.gold))
        right, mine, gold = right + len(ours & theirs), mine + len(ours), gold + len(theirs)
        for item, x, y in by_eye:
            if fold_of(item) == fold:
                joins = trained.score(x, long=False) >= window.JOIN
                joined, joined_well, same = joined + joins, joined_well + int(joins and y > 0), same + int(y > 0)
    print(
        f"cross-validated by story: the morning {2 * right / (mine + gold):.3f} pairwise (precision "
        f"{right / mine:.3f}, recall {right / gold:.3f}); look-alikes read by eye: precision "
        f"{joined_well / joined:.3f}, recall {joined_well / same:.3f}"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--idf", action="store_true")
    asked.add_argument("--meaning", action="store_true")
    wanted = asked.parse_args()
    if wanted.idf:
        count_words()
    if wanted.idf or wanted.meaning:
        learn_directions()
    first = morning()
    near = pairs_of(first)
    by_eye = pairs_read()
    sets = [full_texts(body=True, lead=False), full_texts(body=True, lead=True), full_texts(body=False, lead=True)]
    far = [pairs_of(one) for one in sets]
    short_names, long_names = set(MEASURES) - FULL_TEXT, set(MEASURES)
    clusters_short: list[Pair] = [(x, y, CLUSTER_WEIGHT) for _, _, x, y in far[2]]
    clusters_long: list[Pair] = [(x, y, 1.0) for pairs in far[:2] for _, both, x, y in pairs if both]
    long = fit(clusters_long, long_names)
    cross_validate(first, near, by_eye, clusters_short, short_names, long)
    short = fit(
        [*((x, y, 1.0) for _, _, x, y in near), *((x, y, 1.0) for _, x, y in by_eye), *clusters_short], short_names
    )
    final = Model(tuple(short), tuple(long))
    window.model = lambda: final
    for one in (first, *sets, syndicated()):
        result = score(one, place(one))
        print(
            f"{one.name}: pairwise {result.pairwise:.3f} (precision {result.precision:.3f}, "
            f"recall {result.recall:.3f}), B-cubed {result.bcubed:.3f}"
        )
    held_out = [(final.score(x, long=False) >= window.JOIN, y > 0) for _, x, y in pairs_read("held_out_pairs.json")]
    joined, same, well = (sum(one) for one in zip(*((j, y, j and y) for j, y in held_out), strict=True))
    print(f"{len(held_out)} pairs read by eye and held out: precision {well / joined:.3f}, recall {well / same:.3f}")
    shipped = {
        kind: {name: round(weight, 3) for name, weight in zip(MEASURES, weights, strict=True) if weight}
        for kind, weights in (("short", short), ("long", long))
    }
    (ROOM / "similarity.json").write_text(json.dumps(shipped, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(json.dumps(shipped, ensure_ascii=False))


if __name__ == "__main__":
    main()
