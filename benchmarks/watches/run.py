"""How well watches are judged that somebody wrote in two minutes, on items labelled by reading.

    python benchmarks/watches/run.py [--set first|second] [--watches FILE] [--mistakes ID …]

Two sets of targets that are not shipped (targets.tsv: what counts and what does not), each with two files of watches
that somebody wrote in two minutes a target from the page docs/watchlists.md alone, having seen no item: before there
were named sets (two-minutes.yaml), and with them (from-the-page.yaml). Beside them the ids of items with their labels.
The matcher is tuned on the first set; of the second only the totals are looked at.
Items that the reader was unsure of count neither way. The texts belong to newspapers and are no part of the repository:
without ../shared/data beside it this says so and ends.
"""

import argparse
import csv
import gzip
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from monitor.config import load_watchlist  # noqa: E402
from monitor.matching.matcher import Matcher, compile_watchlist  # noqa: E402
from monitor.types import Item, ItemId, Watchlist  # noqa: E402

HERE = Path(__file__).parent
ARTICLES = ROOT.parent / "shared" / "data" / "articles.dev.jsonl.gz"
SETS = ("first", "second")
FILES = ("two-minutes.yaml", "from-the-page.yaml")


@dataclass(frozen=True, slots=True)
class Target:
    """Whom or what a watch is for, and what a reader said of its items."""

    id: str
    kind: str  # leader or event
    right: Sequence[str]  # ids of items
    wrong: Sequence[str]


@dataclass(frozen=True, slots=True)
class Score:
    """Right, wrong and missed."""

    hits: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(self.hits + other.hits, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """The share that was right of what was found; 1 where nothing was."""
        found = self.hits + self.wrong
        return self.hits / found if found else 1.0

    @property
    def recall(self) -> float:
        """The share that was found of what is right."""
        return self.hits / max(1, self.hits + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.hits / max(1, 2 * self.hits + self.wrong + self.missed)


def targets_of(name: str) -> list[Target]:
    """The targets of a set, with their labels."""
    labels = json.loads((HERE / name / "labels.json").read_text("utf-8"))
    with (HERE / name / "targets.tsv").open(encoding="utf-8") as rows:
        return [
            Target(row["id"], row["kind"], labels[row["id"]]["right"], labels[row["id"]]["wrong"])
            for row in csv.DictReader(rows, delimiter="\t")
        ]


def items_with(ids: Iterable[str], articles: Path = ARTICLES) -> dict[str, Item]:
    """The items with these ids, out of the newspapers' texts."""
    wanted = set(ids)
    with gzip.open(articles, "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        return {row["id"]: item_of(row) for row in rows if row["id"] in wanted}


def item_of(row: Mapping[str, Any]) -> Item:
    """A row of the articles as an item."""
    published = datetime.fromisoformat(row["date"])
    return Item(ItemId(1), row.get("outlet", ""), row["title"], row["summary"], published_at=published)


def watchlist_in(file: Path) -> Watchlist:
    """The watches of one file. Raises ConfigError."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "watchlists").mkdir()
        shutil.copy(file, Path(folder, "watchlists", "watches.yaml"))
        shutil.copy(ROOT / "config" / "feeds.yaml", folder)
        return load_watchlist(Path(folder))


def score_of(target: Target, matcher: Matcher, items: Mapping[str, Item]) -> Score:
    """What a matcher gets right, wrong and misses of a target."""
    got = Counter((label, found_in(items[id], target.id, matcher)) for id, label in _labelled(target))
    return Score(got[True, True], got[False, True], got[True, False])


def found_in(item: Item, target: str, matcher: Matcher) -> bool:
    """Whether the target's watch is found in an item."""
    return any(match.watch_id == target for match in matcher.match(item))


def _labelled(target: Target) -> list[tuple[str, bool]]:
    return [(id, True) for id in target.right] + [(id, False) for id in target.wrong]


def _tell_mistakes(target: Target, matcher: Matcher, items: Mapping[str, Item]) -> None:
    for id, label in _labelled(target):
        if found_in(items[id], target.id, matcher) != label:
            item = items[id]
            print(f"  {'missed' if label else 'wrong '} {target.id}: {item.title} || {item.lead}")


def _print_row(name: str, score: Score) -> None:
    cells = f"{score.precision:5.3f} {score.recall:5.3f} {score.f1:5.3f}"
    print(f"{name:24} {score.hits:5} {score.wrong:5} {score.missed:6}   {cells}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--set", choices=SETS, action="append", dest="sets")
    arguments.add_argument("--watches", type=Path, help="instead of the watches of the set")
    arguments.add_argument("--mistakes", nargs="*", default=(), metavar="ID", help="show what these targets get wrong")
    wish = arguments.parse_args()
    if not ARTICLES.exists():
        print(f"benchmarks/watches: no articles at {ARTICLES}: skipped")
        return
    for name in wish.sets or SETS:
        for file in [wish.watches] if wish.watches else [HERE / name / each for each in FILES]:
            _score_set(name, file, wish.mistakes)


def _score_set(name: str, file: Path, mistakes: Sequence[str]) -> None:
    targets = targets_of(name)
    items = items_with(id for target in targets for id, _ in _labelled(target))
    matcher = compile_watchlist(watchlist_in(file))
    labels = sum(len(_labelled(target)) for target in targets)
    print(f"\n{name} set, {file.name}: {len(targets)} targets, {labels} labels")
    print(f"{'':24} {'right':>5} {'wrong':>5} {'missed':>6}   {'P':>5} {'R':>5} {'F1':>5}")
    totals: dict[str, Score] = {}
    for target in targets:
        score = score_of(target, matcher, items)
        totals[target.kind] = totals.get(target.kind, Score()) + score
        if name == "first":  # of the other set only the totals are looked at
            _print_row(target.id, score)
    for kind, score in totals.items():
        _print_row(f"all {kind}s", score)
    for target in targets:
        if target.id in mistakes:
            _tell_mistakes(target, matcher, items)


if __name__ == "__main__":
    main()
