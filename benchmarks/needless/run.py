"""What a reader of twenty shipped watches gets, and how much of it was judged needless by reading.

    python benchmarks/needless/run.py ITEMS.jsonl.gz

ITEMS are feed items of 2026-07-20..08-07 with title, link, summary_html and published. labels.json names those of six
days by a hash of their link. Needless is the same story told again, what its watch does not mean, a list, a forecast.
The labels are one reader's, and say nothing of what is missing.
"""

import asyncio
import gzip
import hashlib
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from monitor.cli.items import GivenItem  # noqa: E402
from monitor.config import load_watchlist  # noqa: E402
from monitor.feeds.article_keys import article_key  # noqa: E402
from monitor.matching.active_watchlist import ActiveWatchlist  # noqa: E402
from monitor.matching.nlp import UndertheseaNlp  # noqa: E402
from monitor.pipeline.replay import replay  # noqa: E402
from monitor.types import Item, Target  # noqa: E402

FOLLOWED = [
    "trump",
    "putin",
    "zelensky",
    "tap-can-binh",
    "netanyahu",
    "to-lam",
    "le-minh-hung",
    "tran-thanh-man",
    "kim-jong-un",
    "macron",
    "ngung-ban-gaza",
    "hoa-dam-nga-ukraine",
    "eo-bien-hormuz",
    "hat-nhan-iran",
    "bien-dong",
    "thue-quan-my",
    "dong-dat",
    "bao",
    "roi-may-bay",
    "dien-dam",
]
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def items_of(path: Path) -> list[Item]:
    """The items of a file in the order of their times."""
    items = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            row = json.loads(line)
            keys = {"summary": row.get("summary_html", ""), "url": row["link"]}
            item = GivenItem.of(row | keys, number, zone=ZONE).item
            if item.at is not None:
                items.append(replace(item, key=article_key(item.url, row.get("guid", ""), item.title, item.at.date())))
    return sorted(items, key=lambda item: (item.at is not None and item.at.timestamp()) or 0.0)


def main(path: Path) -> None:
    """Replay, and count by what labels say."""
    labels = json.loads((Path(__file__).parent / "labels.json").read_text(encoding="utf-8"))
    active = ActiveWatchlist.of(load_watchlist(ROOT / "config"))
    following = [Target(each) for each in FOLLOWED]
    told, _ = asyncio.run(replay(items_of(path), active, nlp=UndertheseaNlp(), following=following))
    days: dict[str, Counter[str]] = {}
    for each in told:
        label = labels.get(hashlib.sha256(each.item.url.encode()).hexdigest()[:16])
        counts = days.setdefault(f"{each.at.astimezone(ZONE):%Y-%m-%d}", Counter())
        counts[label or "not read"] += 1
        counts["replies"] += each.under is not None
    for day, counts in sorted(days.items()):
        if counts["needful"] + counts["needless"]:
            shown = (f"{name} {counts[name]}" for name in ("needful", "needless", "replies", "not read"))
            print(f"{day}: {', '.join(shown)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
