"""How long a search takes when much is stored, and whether both databases find the same. A table of milliseconds.

    python benchmarks/search/run.py [--items 30000] [--rounds 20] [--step 100] [--postgresql EMPTY-DATABASE]

The words are invented: syllables of Vietnamese shape, as unevenly frequent as those of newspapers, in pairs that keep
together as words do. 5 % of the items bring a full text, 10 % name something watched.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

sys.path.insert(0, str(Path(__file__).parents[2]))

from monitor.pipeline.index_news import INDEXED_AT_ONCE
from monitor.store.search import Search, SearchTerm, term_of
from monitor.store.tables import items, matches, unindexed
from monitor.store.transaction import Store, open_store
from monitor.text.words import bars, unmarked
from monitor.types import WatchId
from tests.store_samples import DAY, NOW

A_DAY = 16_000  # items, as a thousand feeds bring them
PAGE = 30  # hits of a page, before those of one story become one line
ONSETS = bars("b|c|ch|d|đ|g|h|kh|l|m|n|ng|nh|ph|qu|r|s|t|th|tr|v|x")
RHYMES = bars(
    "a|á|à|ả|ã|ạ|an|án|àn|ang|áng|àng|anh|ánh|âm|ấm|ân|ấn|ất|ật|ây|e|é|en|êm|ên|ết|i|í|ì|in|ình|ính|o|ó|"
    "on|ông|ống|ồng|ơi|ới|ôi|u|ú|ung|úng|ương|ường|ước|ượt|y|ý"
)
OUTLETS = [f"Báo {n}" for n in range(40)]


class Newspaper:
    """Writes texts that nobody wrote, the same ones each time."""

    def __init__(self) -> None:
        self.dice = random.Random(2026)
        syllables = [onset + rhyme for onset in ONSETS for rhyme in RHYMES]
        self.dice.shuffle(syllables)
        count = len(syllables)
        self.words = [f"{syllables[n % count]} {syllables[(n * 7 + n // count) % count]}" for n in range(12_000)]
        self.shares = [1 / (n + 3) for n in range(len(self.words))]
        for n in range(1, len(self.shares)):
            self.shares[n] += self.shares[n - 1]

    def text(self, words: int) -> str:
        """So many words of two syllables."""
        said = self.dice.choices(self.words, cum_weights=self.shares, k=words)
        return " ".join(said).capitalize() + "."

    def rows(self, count: int) -> Iterator[dict[str, Any]]:
        """Items, the oldest first."""
        for n in range(1, count + 1):
            at = NOW - (count - n) * DAY / A_DAY
            yield {
                "id": n, "key": f"k{n}", "feed_id": "f", "outlet": self.dice.choice(OUTLETS), "guid": "", "url": "",
                "title": self.text(6), "lead": self.text(20), "body": self.text(250) if n % 20 == 0 else "",
                "image": "", "published_at": at - timedelta(minutes=self.dice.randrange(60)), "published_raw": "",
                "seen_at": at, "at": at - timedelta(minutes=self.dice.randrange(60)), "last_listed_at": at,
                "alertable": True, "matched_version": "", "match_failures": 0, "parked_why": "", "reason": "",
                "score": 0.0, "fulltext": "auto", "fulltext_attempts": 0, "rechecks": 0, "page_title": "",
                "in_bulk": False, "gist": "", "matched_at": at,
            }  # fmt: skip


def questions(paper: Newspaper) -> dict[str, Search]:
    """What is searched for, from the commonest to what nobody wrote."""
    common, often, some, rare = (paper.words[n] for n in (0, 20, 400, 9_000))

    def asked(*typed: str, **limits: Any) -> Search:
        terms = (term_of(each.strip('"'), quoted=each.startswith('"')) for each in typed)
        return Search(tuple(each for each in terms if each.words), **limits)

    one: SearchTerm = term_of(common.split()[0])
    return {
        "a common syllable": Search((one,)),
        "a common word": asked(common),
        "a common phrase, page 10": asked(f'"{common}"'),
        "a rare word": asked(rare),
        "a phrase of three words": asked(f'"{common} {often} {some}"'),
        "two common words, without marks": asked(unmarked(f"{common} {often}")),
        "a word without marks": asked(unmarked(some)),
        "a rare word without marks": asked(unmarked(rare)),
        "syllables of words, apart": asked(f"{common.split()[0]} {rare.split()[1]}"),
        "four words": asked(f"{common} {often} {some} {paper.words[40]}"),
        "what nobody wrote": asked("zzyzx"),
        "nobody's pair of common syllables": asked(f'"{common.split()[1]} {often.split()[0]}"'),
        "a common word since 7 days": asked(common, since=NOW - 7 * DAY),
        "a common word of an outlet": asked(common, outlet=OUTLETS[7]),
        "a rare word of an outlet": asked(rare, outlet=OUTLETS[7]),
        "a common word with a watch": asked(common, watch_ids=[WatchId("watch-3")]),
        "a rare word with a watch": asked(rare, watch_ids=[WatchId("watch-3")]),
        "a watch": asked(watch_ids=[WatchId("watch-3")]),
        "an outlet since 7 days": asked(outlet=OUTLETS[3], since=NOW - 7 * DAY),
    }


def fill(store: Store, count: int) -> None:
    """Write the items, and what watches they match."""
    rows = Newspaper().rows(count)
    while some := list(islice(rows, 2_000)):
        with store.writing() as tx:
            tx._change(insert(items), some)
            tx._change(insert(unindexed), [{"item_id": row["id"]} for row in some])
            named = [row["id"] for row in some if row["id"] % 10 == 0]
            plain = {"kind": "leader", "name": "", "rule": "name", "score": 0.9, "evidence": [], "by": "", "note": ""}
            tx._change(
                insert(matches),
                [plain | {"item_id": number, "watch_id": f"watch-{number // 10 % 76}"} for number in named],
            )


def index(store: Store, step: int) -> float:
    """Fill the index, `step` items a transaction (the service: 100); seconds.

    In large steps PostgreSQL's GIN is made after its table: the same index in a fraction of the time.
    """
    began = time.perf_counter()
    with store.writing() as tx:
        tx.begin_index()
        later = tx._on_postgresql and step > INDEXED_AT_ONCE
        if later:
            tx._connection.execute(text("DROP INDEX ix_search_keys_keys"))
    while True:
        with store.writing() as tx:
            if not tx.index_items(limit=step):
                break
    if later:
        with store.writing() as tx:
            tx._connection.execute(text("CREATE INDEX ix_search_keys_keys ON search_keys USING gin (keys)"))
    return time.perf_counter() - began


def answers(store: Store, rounds: int) -> tuple[dict[str, list[tuple[object, ...]]], dict[str, list[float]]]:
    """What is found of each question, and how many ms each time took."""
    said, took = {}, {}
    for name, asked in questions(Newspaper()).items():
        wanted = 10 * PAGE if "page 10" in name else PAGE
        for _ in range(rounds):
            began = time.perf_counter()
            with store.reading() as tx:
                hits = list(islice(tx.search(asked), wanted))
            took.setdefault(name, []).append(1_000 * (time.perf_counter() - began))
        said[name] = [(hit.item.id, hit.nearness, hit.marks) for hit in hits]
    return said, took


async def main(count: int, rounds: int, step: int, postgresql: str | None) -> int:
    """Measure; 1 where the two databases find different things."""
    said: dict[str, dict[str, list[tuple[object, ...]]]] = {}
    took: dict[str, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, url in {"SQLite": f"sqlite:///{folder}/a.db", "PostgreSQL": postgresql}.items():
            if url is None:
                continue
            async with await open_store(url) as store:
                fill(store, count)
                seconds = index(store, step)
                print(f"{name}: {count:,} items, indexed in {seconds:.1f} s ({1e6 * seconds / count:.0f} µs an item)")
                if name == "PostgreSQL":
                    with store.writing() as tx:  # as its autovacuum does within minutes
                        tx._connection.execute(text("ANALYZE"))
                else:
                    pages = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
                    with store.reading() as tx:
                        size = tx._connection.execute(text(pages)).scalar_one()
                    print(f"SQLite: {size / 2**20:,.0f} MiB")
                said[name], took[name] = answers(store, rounds)
    print(f"\n{'ms: median / p99':36}", *(f"{name:>18}" for name in took), "   hits")
    for question in next(iter(took.values())):
        cells = (
            f"{statistics.median(each[question]):8.1f} /{sorted(each[question])[int(len(each[question]) * 0.99)]:8.1f}"
            for each in took.values()
        )
        print(f"{question:36}", *cells, f"{len(next(iter(said.values()))[question]):7}")
    if len(said) == 2:
        other = [question for question in said["SQLite"] if said["SQLite"][question] != said["PostgreSQL"][question]]
        print(f"\nfound differently: {', '.join(other) or 'nothing'}")
        return bool(other)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--step", type=int, default=INDEXED_AT_ONCE)
    parser.add_argument("--postgresql", metavar="URL")
    options = parser.parse_args()
    sys.exit(asyncio.run(main(options.items, options.rounds, options.step, options.postgresql)))
