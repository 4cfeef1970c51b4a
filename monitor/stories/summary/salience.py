"""How likely a word, or a pair of neighbours, is to stand in a person's summary of a story.

Chooses no sentences. A logistic model over a few measures of where the word stands: Li, Qian and Liu 2013 ("Using
supervised bigram-based ILP for extractive summarization") with few measures and no solver. The weights are trained by
`python -m benchmarks.summaries.train`, which also prints what they reach on articles that they have not seen.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

Gram = tuple[str, ...]  # one syllable, or two that stand side by side

MEASURES = (
    "bias",
    "share of sentences",
    "sentences, log",
    "first place, log",
    "in a title",
    "syllables in titles",
    "its sentences' similarity to the titles",
    "share of articles",
)
# for single syllables and for pairs, in the order of MEASURES
WEIGHTS: tuple[tuple[float, ...], tuple[float, ...]] = (
    (-1.609, 2.395, 0.722, -0.366, 0.833, 0.833, 2.645, -1.081),
    (-1.916, 2.539, 1.224, -0.443, 1.279, 0.547, 2.835, -1.398),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as it is measured: its syllables, its article, its place there, how similar to the titles (0..1)."""

    syllables: Sequence[str]
    order: int
    place: int
    like_title: float


def grams_of(syllables: Sequence[str], n: int) -> Collection[Gram]:
    """The different runs of n syllables, in their order: sums over a set would differ in the last digit by process."""
    return dict.fromkeys(zip(*(syllables[shift:] for shift in range(n)), strict=False)).keys()


def salience_of(lines: Sequence[Line], titles: Iterable[Sequence[str]]) -> dict[Gram, float]:
    """The chance, 0..1, of every syllable and pair of the sentences to stand in a summary."""
    titles = list(titles)
    salience: dict[Gram, float] = {}
    for n, weights in zip((1, 2), WEIGHTS, strict=True):
        for gram, measures in measured(lines, titles, n):
            odds = sum(map(float.__mul__, weights, measures))
            salience[gram] = 1 / (1 + math.exp(-odds))
    return salience


def measured(
    lines: Sequence[Line], titles: Sequence[Sequence[str]], n: int
) -> Iterable[tuple[Gram, tuple[float, ...]]]:
    """Every run of n syllables with its MEASURES."""
    in_titles = {gram for title in titles for gram in grams_of(title, n)}
    title_syllables = {syllable for title in titles for syllable in title}
    articles = _articles(lines)
    for gram, where in _standing(lines, n).items():
        count = len(where)
        yield (
            gram,
            (
                1.0,
                count / len(lines),
                math.log(count),
                math.log(1 + min(line.place for line in where)),
                float(gram in in_titles),
                sum(syllable in title_syllables for syllable in gram) / n,
                sum(line.like_title for line in where) / count,
                _articles(where) / articles if articles > 1 else 1.0,
            ),
        )


def _standing(lines: Sequence[Line], n: int) -> dict[Gram, list[Line]]:
    """Every run of n syllables, and the sentences in which it stands."""
    where: dict[Gram, list[Line]] = {}
    for line in lines:
        for gram in grams_of(line.syllables, n):
            where.setdefault(gram, []).append(line)
    return where


def _articles(lines: Sequence[Line]) -> int:
    """How many articles the sentences are of."""
    return len({line.order for line in lines})
