"""How near our summaries come to what people wrote: beside the lead and LexRank, by ROUGE on Vietnamese syllables.

    python benchmarks/summaries/run.py

Articles at two sentences against the journalist's own summary; stories of several articles at five sentences against
human ones. ROUGE F1 x 100 over NFC, casefolded syllables (the PyPI rouge-score drops accented letters). The labelled
texts belong to newspapers and are no part of the repository: without ../shared/data beside it this says so and ends.
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

from monitor.stories.sentences import split_sentences  # noqa: E402
from monitor.stories.summary import summarise, syllables_of  # noqa: E402
from monitor.types import Item, ItemId  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
LEXRANK_SENTENCES = 120  # of one story: its matrix grows with the square

Summariser = Callable[[Sequence[Item], int, int], str]
"""Items, sentences, and how many syllables ours took (a lead of a story gets as many)."""


@dataclass(frozen=True, slots=True)
class Result:
    """Mean ROUGE F1 x 100 and milliseconds an article or story."""

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


def lexrank(items: Sequence[Item], sentences: int, _syllables: int) -> str:
    """Erkan and Radev 2004, continuous, damping 0.85: the sentences that the others resemble most."""
    texts = [item.body[start:end] for item in items for start, end in split_sentences(item.body)][:LEXRANK_SENTENCES]
    counts = [Counter(syllables_of(text)) for text in texts]
    seen = Counter(one for count in counts for one in count)
    weights = [{s: n * math.log(1 + len(texts) / seen[s]) for s, n in count.items()} for count in counts]
    norms = [math.sqrt(sum(w * w for w in vector.values())) or 1.0 for vector in weights]
    alike = [
        [sum(w * b.get(s, 0.0) for s, w in a.items()) / (x * y) for b, y in zip(weights, norms, strict=True)]
        for a, x in zip(weights, norms, strict=True)
    ]
    rows = [[value / (sum(row) or 1.0) for value in row] for row in alike]
    rank = [1 / len(texts)] * len(texts) if texts else []
    for _ in range(30):
        rank = [
            0.15 / len(texts) + 0.85 * sum(rank[i] * rows[i][j] for i in range(len(texts))) for j in range(len(texts))
        ]
    best = sorted(sorted(range(len(texts)), key=lambda i: -rank[i])[:sentences])
    return " ".join(texts[i] for i in best)


WAYS: dict[str, Summariser] = {"lead": lead, "LexRank": lexrank, "ours": ours}


def articles(rows: Sequence[dict[str, Any]], way: Summariser, sentences: int = 2) -> Result:
    """Articles without their human lead, which is the reference."""
    return _measure((([_item(row)], [row["summary"]]) for row in rows), way, sentences)


def stories(rows: Sequence[dict[str, Any]], way: Summariser, sentences: int = 5) -> Result:
    """Several articles of one story, against one or two human summaries."""
    return _measure(
        (
            (
                [_item({"id": number, **doc}) for number, doc in enumerate(row["docs"])],
                [one if isinstance(one, str) else one.get("text", "") for one in row["ref_summaries"]],
            )
            for row in rows
        ),
        way,
        sentences,
    )


def _item(row: dict[str, Any]) -> Item:
    return Item(ItemId(str(row["id"])), row.get("source") or "", row["title"] or "", body=row["body"])


def _measure(cases: Iterable[tuple[list[Item], list[str]]], way: Summariser, sentences: int) -> Result:
    scores = []
    spent = 0.0
    for items, references in cases:
        length = len(syllables_of(ours(items, sentences, 0))) if len(items) > 1 and way is lead else 0
        start = time.perf_counter()
        said = way(items, sentences, length)
        spent += time.perf_counter() - start
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


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress((DATA / name).read_bytes()).splitlines()]


def main() -> None:
    if not DATA.is_dir():
        print("summaries: the labelled texts are not beside the repository (../shared/data); nothing to measure")
        return
    texts, clusters = _rows("vietnews.dev.jsonl.gz"), _rows("clusters.dev.jsonl.gz")
    print(f"{len(texts)} articles at 2 sentences, {len(clusters)} stories at 5; ROUGE F1 x 100, ms each")
    print(f"{'':10}{'articles R-1':>14}{'R-2':>7}{'ms':>8}{'stories R-1':>14}{'R-2':>7}{'ms':>8}")
    for name, way in WAYS.items():
        part = 5 if way is lexrank else 1  # it is slow; every fifth is enough to tell
        one, many = articles(texts[::part], way), stories(clusters[::part], way)
        print(
            f"{name:10}{one.rouge1:14.1f}{one.rouge2:7.1f}{one.milliseconds:8.2f}"
            f"{many.rouge1:14.1f}{many.rouge2:7.1f}{many.milliseconds:8.2f}"
        )


if __name__ == "__main__":
    main()
