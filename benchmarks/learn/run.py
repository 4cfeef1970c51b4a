"""How much of the way from a watch written in two minutes to an expert's does `monitor learn` go, with a few marks?

Each target has a pool of items labelled by reading. A sample of them is marked, as a reader would: most of what rang,
and some that were missed. The watch learns from these, and F1 is taken on the rest of the pool; unmarked items of the
same months are the background. Several samples a target, chosen by its name and a number. One table, and the means.

A set is a folder of benchmarks/watches: targets.tsv (id, kind), two-minutes.yaml, expert.yaml (may be missing: the
second set has none), labels.json (for each target the ids of right, unsure and wrong items). The first set's expert
had read all of its items. The items belong to newspapers and are no part of the repository: without ../shared/data
beside it this says so and ends.

    python benchmarks/learn/run.py [FOLDER …] [--items FILE] [--marks 10] [--samples 3] [--kind event] [--only ID …]
        [--explain]
"""

import argparse
import csv
import gzip
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from monitor.config import load_watchlist  # noqa: E402
from monitor.matching.learn.learner import learn  # noqa: E402
from monitor.matching.learn.marks import Agreement, Mark  # noqa: E402
from monitor.matching.learn.trials import Beside, TrialGround  # noqa: E402
from monitor.types import Item, ItemId, Watch, WatchId, Watchlist  # noqa: E402

ITEMS = ROOT.parent / "shared" / "data" / "articles.dev.jsonl.gz"
SETS = ROOT / "benchmarks" / "watches"
BACKGROUND = 8_000  # unmarked items: as many as `monitor learn` learns by
MISSED = 3  # of the marks, where so many were missed

WAYS = ("two minutes", "learnt", "expert")


@dataclass(slots=True)
class Sums:
    """Agreements of one way over samples; a target that has nothing right left counts for none."""

    all: list[Agreement] = field(default_factory=list)

    def total(self) -> Agreement:
        """All together, as if they were one."""
        names = ("told_right", "told_wrong", "missed", "left")
        return Agreement(*(sum(getattr(each, name) for each in self.all) for name in names))


def f1(agreement: Agreement) -> float:
    """The harmonic mean of precision and recall."""
    told = 2 * agreement.told_right
    wrong = agreement.told_wrong + agreement.missed
    return told / (told + wrong) if told + wrong else 1.0


def read_items(path: Path) -> dict[str, Item]:
    """All items by id, as title and lead."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = map(json.loads, lines)
        return {
            row["id"]: Item(
                ItemId(row["id"]),
                row["source"],
                row["title"],
                row["summary"] or "",
                published_at=datetime.fromisoformat(row["date"]),
            )
            for row in rows
        }


def watchlist(path: Path) -> Watchlist:
    """One file as a watchlist; an empty one where it is missing."""
    if not path.exists():
        return Watchlist("", ())
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "watchlists").mkdir()
        shutil.copy(path, Path(folder) / "watchlists" / "one.yaml")
        return load_watchlist(Path(folder))


def pool_of(labels: Mapping[str, Sequence[str]], items: Mapping[str, Item]) -> list[Mark]:
    """The labelled items of a target by id, so that the order says nothing; unsure ones are left out."""
    labelled = [(each, kind == "right") for kind in ("right", "wrong") for each in labels[kind]]
    return [Mark(items[each], right) for each, right in sorted(labelled) if each in items]


def judged(watch: Watch, marks: Sequence[Mark], beside: Beside) -> frozenset[int]:
    """Of which marks a watch tells."""
    return TrialGround(marks, (), beside).over_marks([watch])[0]


def sampled(pool: Sequence[Mark], told: frozenset[int], count: int, chance: random.Random) -> set[int]:
    """The places that a reader would mark: some that were missed, else what rang, else of what was left."""
    missed = [place for place, mark in enumerate(pool) if mark.right and place not in told]
    chosen = set(chance.sample(missed, min(len(missed), MISSED)))
    chosen |= set(chance.sample(sorted(told), min(len(told), count - len(chosen))))
    left = [place for place, mark in enumerate(pool) if not mark.right and place not in told]
    return chosen | set(chance.sample(left, min(len(left), count - len(chosen))))


def measure(folder: Path, items: Mapping[str, Item], given: argparse.Namespace) -> None:
    """The table of one set."""
    two, expert = watchlist(folder / "two-minutes.yaml"), watchlist(folder / "expert.yaml")
    with (folder / "targets.tsv").open(encoding="utf-8") as lines:
        kinds = {row["id"]: row["kind"] for row in csv.DictReader(lines, delimiter="\t")}
    labels = json.loads((folder / "labels.json").read_text("utf-8"))
    order = sorted(items)
    random.Random(1).shuffle(order)
    by_kind: dict[str, dict[str, list[float]]] = {}
    sums = {kind: {way: Sums() for way in WAYS} for kind in ("leader", "event")}
    print(f"\n{folder}\n{'':24}" + "".join(f"{way:>24}" for way in WAYS))
    for target, kind in kinds.items():
        if (given.only and target not in given.only) or given.kind not in (None, kind):
            continue
        pool = pool_of(labels[target], items)
        mine = {mark.item.id for mark in pool}
        background = [items[each] for each in order if each not in mine][:BACKGROUND]
        found, seconds = _target(target, pool, background, (two, expert), given)
        for way, each in found.items():
            sums[kind][way].all += each.all
            if each.all:
                by_kind.setdefault(kind, {}).setdefault(way, []).append(f1(each.total()))
        cells = (f"{f1(one.total()):.3f} {_counts(one.total())}" if one.all else "-" for one in found.values())
        if folder.name != "second":  # of which only the totals are looked at
            print(f"{target:24}" + "".join(f"{cell:>24}" for cell in cells) + f"{seconds:6.1f} s", flush=True)
    for kind, ways in by_kind.items():
        means = {way: (f1(sums[kind][way].total()), sum(each) / len(each)) for way, each in ways.items()}
        print(
            f"{kind}: "
            + ", ".join(f"{way} {both:.3f} (mean of targets {mean:.3f})" for way, (both, mean) in means.items())
        )


def _counts(agreement: Agreement) -> str:
    return f"{agreement.told_right}/{agreement.told_wrong}/{agreement.missed}"


def _target(
    target: str,
    pool: Sequence[Mark],
    background: Sequence[Item],
    watchlists: tuple[Watchlist, Watchlist],
    given: argparse.Namespace,
) -> tuple[dict[str, Sums], float]:
    two, expert = watchlists
    beside = Beside.of(two)
    watch, best = two.named()[WatchId(target)], expert.named().get(WatchId(target))
    told = judged(watch, pool, beside)
    found = {way: Sums() for way in WAYS}
    seconds = 0.0
    for number in range(given.samples):
        marked = sampled(pool, told, given.marks, random.Random(f"{target} {number}"))
        rest = [mark for place, mark in enumerate(pool) if place not in marked]
        if not any(mark.right for mark in rest):
            continue
        begun = time.process_time()
        lesson = learn(watch, [pool[place] for place in sorted(marked)], background, beside)
        seconds += (time.process_time() - begun) / given.samples
        if given.explain:
            for one in lesson.changes:
                print(f"    {number} {one.change.action} {one.change.field}: {one.change.value}  ({one.why})")
        for way, each, at_work in ((WAYS[0], watch, two), (WAYS[1], lesson.watch, two), (WAYS[2], best, expert)):
            if each is not None:
                found[way].all.append(Agreement.of(rest, judged(each, rest, Beside.of(at_work))))
    return found, seconds


def main() -> None:
    """Measure every set that is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=sorted(SETS.glob("*/")))
    parser.add_argument("--items", type=Path, default=ITEMS)
    parser.add_argument("--marks", type=int, default=10)
    parser.add_argument("--samples", type=int, default=3)
    parser.add_argument("--kind", choices=("leader", "event"))
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--explain", action="store_true")
    given = parser.parse_args()
    folders = [folder for folder in given.folders if (folder / "targets.tsv").exists()]
    if not folders or not given.items.exists():
        print("learn: no labelled watches or no items here; name a folder, and --items")
        return
    items = read_items(given.items)
    for folder in folders:
        measure(folder, items, given)


if __name__ == "__main__":
    main()
