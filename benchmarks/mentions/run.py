"""Who is named in an item, and what happened: our matcher against four simpler ways, on items labelled by reading.

Prints one table (precision, recall, F1 for leaders and events, recall of mentions by office alone, microseconds an
item) and the calibration of our score; what matching costs stands in benchmarks/matching. The labelled items belong to
newspapers and are no part of the repository: without ../shared/data beside it this says so and ends.

    python benchmarks/mentions/run.py [--data FILE] [--mistakes N] [--no-tagger]
"""

import argparse
import json
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from monitor.config import load_watchlist  # noqa: E402
from monitor.matching.confidence import Confidence  # noqa: E402
from monitor.matching.matcher import Matcher, compile_watchlist  # noqa: E402
from monitor.types import Item, ItemId, Leader, Watchlist  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "mentions.dev.jsonl"

# what a keyword bot would be given for each event
KEYWORDS = {
    "ngung-ban-gaza": "ngừng bắn",
    "hoa-dam-nga-ukraine": "đàm phán",
    "eo-bien-hormuz": "hormuz",
    "hat-nhan-iran": "hạt nhân",
    "thue-quan-my": "thuế",
    "trieu-tien-ten-lua": "tên lửa",
    "dong-dat": "động đất",
    "bao": "bão",
    "roi-may-bay": "máy bay",
    "dien-dam": "điện đàm",
    "bien-dong": "biển đông",
    "dao-chinh": "đảo chính",
}

Finder = Callable[[Item], set[str]]


class Tally:
    """Right, wrong and missed, counted as the labels say: pairs the reader was unsure of count neither way."""

    def __init__(self, kinds: dict[str, str]) -> None:
        self.kinds = kinds
        self.counts: Counter[tuple[str, str]] = Counter()
        self.mistakes: list[str] = []

    def add(self, row: dict[str, Any], got: set[str]) -> None:
        """Count one item's answer."""
        sure = {target for target, certain, _ in row["labels"] if certain}
        unsure = {target for target, certain, _ in row["labels"] if not certain}
        for target in (got & set(self.kinds)) - unsure:
            right = target in sure
            self.counts[self.kinds[target], "tp" if right else "fp"] += 1
            if not right:
                self.mistakes.append(f"  wrong  {target}: {row['title']} || {row['summary']}"[:200])
        for target, certain, by_office in row["labels"]:
            if certain and target not in got:
                self.counts[self.kinds[target], "fn"] += 1
                self.mistakes.append(f"  missed {target}: {row['title']} || {row['summary']}"[:200])
            if certain and by_office:
                self.counts["office", "hit" if target in got else "miss"] += 1

    def cells(self, kind: str) -> str:
        """Precision, recall and F1 of leaders or of events."""
        tp, fp, fn = (self.counts[kind, what] for what in ("tp", "fp", "fn"))
        if not tp + fp:
            return "    –     –     –"
        precision, recall = tp / (tp + fp), tp / (tp + fn)
        return f"{precision:5.3f} {recall:5.3f} {2 * precision * recall / (precision + recall):5.3f}"

    def office(self) -> str:
        """Recall of mentions by office alone."""
        hit, miss = self.counts["office", "hit"], self.counts["office", "miss"]
        return f"{hit / (hit + miss):6.3f}" if hit + miss else "     –"


def text_of(item: Item) -> str:
    return unicodedata.normalize("NFC", f"{item.title}\n{item.lead}")


def finders(watchlist: Watchlist, matcher: Matcher, tagger: bool) -> Iterable[tuple[str, Finder]]:
    leaders = [watch for watch in watchlist.watches if isinstance(watch, Leader)]
    full = [(leader.id, leader.name) for leader in leaders]
    last = [(leader.id, leader.name.split()[-1]) for leader in leaders]
    loose = [(leader.id, word.lower()) for leader in leaders for word in leader.name.split() if len(word) > 2]
    events = list(KEYWORDS.items())

    def ours(item: Item) -> set[str]:
        return {str(match.watch_id) for match in matcher.match(item)}

    def full_names(item: Item) -> set[str]:
        text = text_of(item)
        return {str(id) for id, name in full if name in text}

    def last_names(item: Item) -> set[str]:
        text = text_of(item)
        return {str(id) for id, name in (*full, *last) if name in text}

    def keyword_bot(item: Item) -> set[str]:
        text = text_of(item).lower()
        return {str(id) for id, word in (*loose, *events) if word in text}

    yield "this program", ours
    yield "full names", full_names
    yield "full plus last names", last_names
    if tagger:
        from underthesea import ner  # type: ignore[import-untyped]

        def tagged(item: Item) -> set[str]:
            persons = {word for word, _, _, label in ner(text_of(item)) if label.endswith("-PER")}
            names = {part for person in persons for part in (person, person.split()[-1])}
            return {str(id) for id, name in (*full, *last) if name in names}

        yield "underthesea.ner plus names", tagged
    yield "keyword bot", keyword_bot


def calibration(rows: list[dict[str, Any]], items: list[Item], matcher: Matcher) -> None:
    """What share of our matches is right, score by score.

    The lists were tuned on these items, so they look better here than they are; the scores come from others.
    """
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row, item in zip(rows, items, strict=True):
        sure = {target for target, certain, _ in row["labels"] if certain}
        unsure = {target for target, certain, _ in row["labels"] if not certain}
        for match in matcher.match(item):
            if match.watch_id in unsure:
                continue
            low = min(int(match.score * 20) / 20, 0.95)
            bucket = f"{low:.2f}–{low + 0.05:.2f}"
            total[bucket] += 1
            right[bucket] += match.watch_id in sure
    print("\nscore        matches  right")
    for bucket in sorted(total):
        print(f"{bucket}  {total[bucket]:7}  {right[bucket] / total[bucket]:.3f}")
    print(
        "\nwhat a score rests on: matches read by eye or labelled (see monitor/matching/confidence.py)\n   read  score"
    )
    for confidence in sorted(Confidence, key=lambda confidence: (-confidence.score, confidence.name)):
        print(f"{confidence.read:7}  {confidence.score:.2f}   {confidence.meaning}")


def item_of(row: dict[str, Any]) -> Item:
    return Item(
        ItemId(row["id"]), row.get("outlet", ""), row["title"], row.get("summary") or "", row.get("body") or "",
        published_at=datetime.fromisoformat(row["published"]) if row.get("published") else None,
    )  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, default=DATA)
    arguments.add_argument("--mistakes", type=int, default=10, help="how many of our own to show")
    arguments.add_argument("--no-tagger", action="store_true", help="leave out underthesea, which takes a minute")
    wish = arguments.parse_args()
    if not wish.data.exists():
        print(f"benchmarks/mentions: no labelled items at {wish.data}: skipped")
        return
    rows = [json.loads(line) for line in wish.data.read_text(encoding="utf-8").splitlines() if line.strip()]
    items = [item_of(row) for row in rows]
    watchlist = load_watchlist(ROOT / "config")
    matcher = compile_watchlist(watchlist)
    kinds = {str(watch.id): "leader" if isinstance(watch, Leader) else "event" for watch in watchlist.watches}
    print(f"{len(rows)} items\n")
    print(f"{'':26} {'leaders P R F1':^17}  {'events P R F1':^17}  office  µs/item")
    ours: Tally | None = None
    for name, find in finders(watchlist, matcher, not wish.no_tagger):
        tally = Tally(kinds)
        began = time.process_time()
        answers = [find(item) for item in items]
        spent = time.process_time() - began
        for row, got in zip(rows, answers, strict=True):
            tally.add(row, got)
        cells = f"{tally.cells('leader')}  {tally.cells('event')}  {tally.office()}"
        print(f"{name:26} {cells} {spent / len(items) * 1e6:8,.0f}")
        ours = ours or tally
    calibration(rows, items, matcher)
    if ours and ours.mistakes:
        print("\nour mistakes:")
        print("\n".join(ours.mistakes[: wish.mistakes]))


if __name__ == "__main__":
    main()
