"""How near our summaries come to what people wrote, beside the lead, TextRank, LexRank and a centroid, by ROUGE.

    python benchmarks/summaries/run.py

Articles at two sentences against the journalist's own summary; stories of several articles at five sentences against
human ones. The oracle has read the human summary and picks sentences by it: no extract does much better. ROUGE F1 x 100
over NFC, casefolded syllables (the PyPI rouge-score drops accented letters). The labelled texts belong to newspapers
and are no part of the repository: without ../shared/data beside it this says so and ends.
"""

import gzip
import json
import math
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from monitor.stories.summary.candidates import syllables_of  # noqa: E402
from monitor.stories.summary.extract import summarise  # noqa: E402
from monitor.text.sentences import split_sentences  # noqa: E402
from monitor.types import Item, ItemId  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
GRAPH_SENTENCES = 120  # of one story: its matrix grows with the square

Summariser = Callable[[Sequence[Item], int, int], str]
"""Items, sentences, and how many syllables ours took (a lead of a story gets as many)."""


@dataclass(frozen=True, slots=True)
class Result:
    """Mean ROUGE F1 x 100 and milliseconds of one core an article or story."""

    rouge1: float
    rouge2: float
    milliseconds: float


def ours(items: Sequence[Item], sentences: int, _syllables: int) -> str:
    return " ".join(one.text for one in summarise(items, sentences=sentences))


def lead(items: Sequence[Item], sentences: int, syllables: int) -> str:
    """The first sentences; of a story, as much of the first article as our summary is long."""
    body = items[0].body
    if len(items) > 1:
        return " ".join(syllables_of(body)[: max(30, syllables)])
    return " ".join(body[start:end] for start, end in split_sentences(body)[:sentences])


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Sentences with their syllables as TF-IDF vectors of length one."""

    texts: list[str]
    syllables: list[list[str]]
    vectors: list[dict[str, float]]

    @classmethod
    def of(cls, items: Sequence[Item]) -> "_Weighed":
        texts = [item.body[start:end] for item in items for start, end in split_sentences(item.body)][:GRAPH_SENTENCES]
        syllables = [syllables_of(text) for text in texts]
        seen = Counter(one for each in syllables for one in set(each))
        vectors = []
        for each in syllables:
            raw = {s: n * math.log(1 + len(texts) / seen[s]) for s, n in Counter(each).items()}
            norm = math.sqrt(sum(w * w for w in raw.values())) or 1.0
            vectors.append({s: w / norm for s, w in raw.items()})
        return cls(texts, syllables, vectors)

    def best(self, rank: Sequence[float], sentences: int) -> str:
        chosen = sorted(sorted(range(len(self.texts)), key=lambda i: -rank[i])[:sentences])
        return " ".join(self.texts[i] for i in chosen)


def _cosine(a: dict[str, float], b: dict[str, float]) -> float:
    return sum(w * b[s] for s, w in a.items() if s in b)


def _walk(alike: list[list[float]]) -> list[float]:
    """PageRank with damping 0.85 over a matrix of likenesses."""
    size = len(alike)
    rows = [[value / (sum(row) or 1.0) for value in row] for row in alike]
    rank = [1 / size] * size
    for _ in range(30):
        rank = [0.15 / size + 0.85 * sum(rank[i] * rows[i][j] for i in range(size)) for j in range(size)]
    return rank


def lexrank(items: Sequence[Item], sentences: int, _syllables: int) -> str:
    """Erkan and Radev 2004, continuous: the sentences that the others resemble most, by TF-IDF cosine."""
    weighed = _Weighed.of(items)
    return weighed.best(_walk([[_cosine(a, b) for b in weighed.vectors] for a in weighed.vectors]), sentences)


def textrank(items: Sequence[Item], sentences: int, _syllables: int) -> str:
    """Mihalcea and Tarau 2004: the same walk over shared syllables, by the sum of log lengths."""
    weighed = _Weighed.of(items)
    sets = [set(each) for each in weighed.syllables]
    logs = [math.log(len(each) + 1) for each in weighed.syllables]
    alike = [
        [0.0 if i == j else len(a & b) / ((logs[i] + logs[j]) or 1.0) for j, b in enumerate(sets)]
        for i, a in enumerate(sets)
    ]
    return weighed.best(_walk(alike), sentences)


def centroid(items: Sequence[Item], sentences: int, _syllables: int) -> str:
    """Radev et al. 2004: nearest to the mean of all TF-IDF vectors, leaving out what is 0.7 alike to a chosen one."""
    weighed = _Weighed.of(items)
    whole: dict[str, float] = {}
    for vector in weighed.vectors:
        for syllable, weight in vector.items():
            whole[syllable] = whole.get(syllable, 0.0) + weight
    rank = [_cosine(vector, whole) for vector in weighed.vectors]
    chosen: list[int] = []
    for i in sorted(range(len(rank)), key=lambda i: -rank[i]):
        if len(chosen) < sentences and all(_cosine(weighed.vectors[i], weighed.vectors[j]) < 0.7 for j in chosen):
            chosen.append(i)
    return " ".join(weighed.texts[i] for i in sorted(chosen))


def oracle(items: Sequence[Item], sentences: int, references: Sequence[str]) -> str:
    """The greedy choice of one who has read what people wrote."""
    weighed = _Weighed.of(items)
    chosen: list[int] = []
    best = 0.0

    def value(picked: list[int]) -> float:
        said = " ".join(weighed.texts[i] for i in picked)
        return statistics.mean(rouge(said, one, n) for one in references for n in (1, 2))

    while len(chosen) < sentences:
        salience, at = max(
            ((value([*chosen, i]), i) for i in range(len(weighed.texts)) if i not in chosen), default=(0, -1)
        )
        if salience <= best:
            break
        best = salience
        chosen.append(at)
    return " ".join(weighed.texts[i] for i in sorted(chosen))


WAYS: dict[str, Summariser | None] = {
    "lead": lead,
    "TextRank": textrank,
    "LexRank": lexrank,
    "centroid": centroid,
    "ours": ours,
    "oracle": None,  # it alone is shown the references
}


def articles(rows: Sequence[dict[str, Any]], way: Summariser | None, sentences: int = 2) -> Result:
    """Articles without their human lead, which is the reference."""
    return _measure((([item_of(row)], [row["summary"]]) for row in rows), way, sentences)


def stories(rows: Sequence[dict[str, Any]], way: Summariser | None, sentences: int = 5) -> Result:
    """Several articles of one story, against one or two human summaries."""
    return _measure(
        (
            (
                [item_of({"id": number, **doc}) for number, doc in enumerate(row["docs"])],
                references_of(row),
            )
            for row in rows
        ),
        way,
        sentences,
    )


def references_of(row: dict[str, Any]) -> list[str]:
    """The summaries that people wrote of a story."""
    return [one if isinstance(one, str) else one.get("text", "") for one in row["ref_summaries"]]


def item_of(row: dict[str, Any]) -> Item:
    return Item(ItemId(str(row["id"])), row.get("source") or "", row["title"] or "", body=row["body"])


def _measure(cases: Iterable[tuple[list[Item], list[str]]], way: Summariser | None, sentences: int) -> Result:
    scores = []
    spent = 0.0
    for items, references in cases:
        length = len(syllables_of(ours(items, sentences, 0))) if len(items) > 1 and way is lead else 0
        start = time.process_time()
        said = way(items, sentences, length) if way is not None else oracle(items, sentences, references)
        spent += time.process_time() - start
        scores.append([statistics.mean(rouge(said, one, n) for one in references) for n in (1, 2)])
    one, two = (statistics.mean(column) for column in zip(*scores, strict=True))
    return Result(one, two, spent / len(scores) * 1000)


def rouge(said: str, reference: str, n: int) -> float:
    """ROUGE-n F1 x 100."""
    mine, theirs = (
        Counter(zip(*(words[i:] for i in range(n)), strict=False))
        for words in (syllables_of(said), syllables_of(reference))
    )
    shared = sum((mine & theirs).values())
    return 200 * shared / (sum(mine.values()) + sum(theirs.values())) if shared else 0.0


def rows_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress((DATA / name).read_bytes()).splitlines()]


def main() -> None:
    if not DATA.is_dir():
        print("summaries: the labelled texts are not beside the repository (../shared/data); nothing to measure")
        return
    texts, clusters = rows_of("vietnews.dev.jsonl.gz"), rows_of("clusters.dev.jsonl.gz")
    print(f"{len(texts)} articles at 2 sentences, {len(clusters)} stories at 5; ROUGE F1 x 100, ms each")
    print(f"{'':10}{'articles R-1':>14}{'R-2':>7}{'ms':>8}{'stories R-1':>14}{'R-2':>7}{'ms':>8}")
    for name, way in WAYS.items():
        part = 8 if way is None else 1  # the oracle is slow; every eighth is enough to tell
        one, many = articles(texts[::part], way), stories(clusters[::part], way)
        print(
            f"{name:10}{one.rouge1:14.1f}{one.rouge2:7.1f}{one.milliseconds:8.2f}"
            f"{many.rouge1:14.1f}{many.rouge2:7.1f}{many.milliseconds:8.2f}"
        )


if __name__ == "__main__":
    main()
