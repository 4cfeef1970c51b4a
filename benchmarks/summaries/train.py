"""Learns the WEIGHTS of stories/summary/salience.py from labelled articles and stories, and says what they reach.

    python -m benchmarks.summaries.train

Logistic regression by Newton's method, in plain Python. Each third of the labelled texts is summarised with weights
that the other two thirds gave. Prints the weights; a person copies them.
"""

import math
import zlib
from collections.abc import Sequence
from typing import Any

from benchmarks.summaries.run import DATA, articles, item_of, ours, references_of, rows_of, stories
from monitor.stories.summary import salience
from monitor.stories.summary.candidates import syllables_of
from monitor.stories.summary.extract import measured_lines
from monitor.stories.summary.salience import MEASURES, grams_of, measured
from monitor.types import Item

FOLDS = 3
EVERY = 6  # of the articles; each has some thousand words
STORIES_EVERY = 4
STORY_WEIGHT = 0.05  # of a word of a story beside one of an article: few stories have many words
RIDGE = 0.3
STEPS = 6

Example = tuple[tuple[float, ...], float, float]  # measures, share of summaries that have it, weight


def examples(items: Sequence[Item], references: Sequence[str], n: int, weight: float) -> list[Example]:
    """Every word (n=1) or pair (n=2) of the texts, and whether people said it."""
    lines, titles = measured_lines(items)
    said = [grams_of(syllables_of(one), n) for one in references]
    return [
        (measures, sum(gram in one for one in said) / len(said), weight)
        for gram, measures in measured(lines, titles, n)
    ]


def fit(data: Sequence[Example]) -> tuple[float, ...]:
    """Weights of MEASURES, drawn a little towards zero."""
    size = len(MEASURES)
    weights = [0.0] * size
    for _ in range(STEPS):
        slope = [RIDGE * w for w in weights]
        curve = [[RIDGE * (i == j) for j in range(size)] for i in range(size)]
        for measures, share, weight in data:
            chance = 1 / (1 + math.exp(-sum(map(float.__mul__, weights, measures))))
            off, bend = weight * (chance - share), weight * chance * (1 - chance)
            for i, one in enumerate(measures):
                if one:
                    slope[i] += off * one
                    row, part = curve[i], bend * one
                    for j in range(i + 1):
                        row[j] += part * measures[j]
        for i in range(size):
            for j in range(i):
                curve[j][i] = curve[i][j]
        weights = [w - d for w, d in zip(weights, _solved(curve, slope), strict=True)]
    return tuple(round(w, 3) for w in weights)


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gaussian elimination with pivoting."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda at: abs(rows[at][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for at in range(size):
            if at != column and rows[at][column]:
                factor = rows[at][column] / rows[column][column]
                rows[at] = [a - factor * b for a, b in zip(rows[at], rows[column], strict=True)]
    return [rows[at][size] / rows[at][at] for at in range(size)]


def fold_of(row: dict[str, Any]) -> int:
    """To which third a row belongs: by its id, so that it does not hang on the order of the file."""
    return zlib.crc32(str(row.get("cluster_id", row.get("id"))).encode()) % FOLDS


def trained(
    texts: Sequence[dict[str, Any]], clusters: Sequence[dict[str, Any]]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Weights for words and for pairs."""
    found = []
    for n in (1, 2):
        data = []
        for row in texts[::EVERY]:
            data += examples([item_of(row)], [row["summary"]], n, 1.0)
        for row in clusters[::STORIES_EVERY]:
            items = [item_of({"id": number, **doc}) for number, doc in enumerate(row["docs"])]
            data += examples(items, references_of(row), n, STORY_WEIGHT)
        found.append(fit(data))
    words, pairs = found
    return words, pairs


def main() -> None:
    if not DATA.is_dir():
        print("summaries: the labelled texts are not beside the repository (../shared/data); nothing to learn from")
        return
    texts, clusters = rows_of("vietnews.dev.jsonl.gz"), rows_of("clusters.dev.jsonl.gz")
    print(f"{'':16}{'articles R-1':>14}{'R-2':>7}{'stories R-1':>14}{'R-2':>7}")
    for fold in range(FOLDS):
        salience.WEIGHTS = trained(
            [row for row in texts if fold_of(row) != fold], [row for row in clusters if fold_of(row) != fold]
        )
        one = articles([row for row in texts if fold_of(row) == fold], ours)
        many = stories([row for row in clusters if fold_of(row) == fold], ours)
        print(f"without fold {fold}  {one.rouge1:14.1f}{one.rouge2:7.1f}{many.rouge1:14.1f}{many.rouge2:7.1f}")
    salience.WEIGHTS = trained(texts, clusters)
    one, many = articles(texts, ours), stories(clusters, ours)
    print(f"trained on all  {one.rouge1:14.1f}{one.rouge2:7.1f}{many.rouge1:14.1f}{many.rouge2:7.1f}")
    for name, single, pair in zip(MEASURES, *salience.WEIGHTS, strict=True):
        print(f"{name:40}{single:9.3f}{pair:9.3f}")


if __name__ == "__main__":
    main()
