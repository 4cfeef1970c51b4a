"""What matching costs: an item beside a bare loop, more and more aliases, a large watchlist, and a reload.

Prints four tables. The items belong to newspapers and are no part of the repository: without ../shared/data beside it
the first two say so and are left out.

    python benchmarks/matching/run.py [--items 10000] [--no-reload]
"""

import argparse
import gzip
import io
import json
import multiprocessing
import re
import resource
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.matching.persons import made_up  # noqa: E402
from benchmarks.matching.reload import print_pauses, write_persons  # noqa: E402
from monitor.config import load_watchlist  # noqa: E402
from monitor.matching.matcher import Matcher, compile_watchlist  # noqa: E402
from monitor.types import Item, ItemId, Watchlist  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
SETS = {"of three outlets": "articles.dev.jsonl.gz", "of feeds": "feed_items.dev.jsonl.gz"}
LIMIT = 3.0  # times the bare loop
STRETCH = 250  # items
ROUNDS = 7
BARE = """\
import json, sys, unicodedata
for line in open(sys.argv[1], encoding="utf-8"):
    row = json.loads(line)
    words = unicodedata.normalize("NFC", f"{row['title']} {row['summary']}").casefold().split()
    sys.stdout.write(json.dumps({"id": row["id"], "words": words}, ensure_ascii=False) + "\\n")
"""


def lines_of(path: Path, count: int) -> list[str]:
    """Items nobody chose, evenly over the file, as JSON lines: most concern no watch."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    return [
        json.dumps(
            {
                "id": str(number),
                "title": row["title"] or "",
                "summary": re.sub("<[^>]*>", "", row.get("summary") or row.get("summary_html") or ""),
                "published": row.get("date") or row.get("published"),
            },
            ensure_ascii=False,
        )
        for number, row in enumerate(rows[:: max(1, len(rows) // count)][:count])
    ]


def bare(lines: list[str]) -> None:
    """Read, normalise, split, write: what nobody who answers a line with a line can do without."""
    out = io.StringIO()
    for line in lines:
        row = json.loads(line)
        words = unicodedata.normalize("NFC", f"{row['title']} {row['summary']}").casefold().split()
        out.write(json.dumps({"id": row["id"], "words": words}, ensure_ascii=False) + "\n")


def matched(matcher: Matcher, lines: list[str]) -> None:
    """Read, match, write."""
    out = io.StringIO()
    for line in lines:
        matches = [
            {"watch": match.watch_id, "score": match.score} for match in matcher.match(item_of(json.loads(line)))
        ]
        out.write(json.dumps({"matches": matches}, ensure_ascii=False) + "\n")


def item_of(row: dict[str, Any]) -> Item:
    """A row as the matcher reads it."""
    published = datetime.fromisoformat(row["published"]) if row["published"] else None
    return Item(ItemId(row["id"]), "", row["title"], row["summary"], published_at=published)


def side_by_side(works: list[Callable[[list[str]], None]], lines: list[str]) -> list[float]:
    """The CPU seconds of each over all lines: per stretch the shortest of some rounds in turn.

    In turn and in short stretches, so that a busy neighbour or a changing clock meets all alike; the shortest, because
    noise only ever adds.
    """
    spent = [0.0] * len(works)
    for begin in range(0, len(lines), STRETCH):
        shortest = [float("inf")] * len(works)
        for _ in range(ROUNDS):
            for place, work in enumerate(works):
                began = time.process_time()
                work(lines[begin : begin + STRETCH])
                shortest[place] = min(shortest[place], time.process_time() - began)
        spent = [sofar + least for sofar, least in zip(spent, shortest, strict=True)]
    return spent


def command_seconds(command: list[str]) -> float:
    """The least CPU seconds, system's included, of some runs of a program."""
    least = float("inf")
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True, cwd=ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return least


def print_speed(sets: dict[str, list[str]], matcher: Matcher) -> None:
    """Matching beside the bare loop: in one process, and as the command with and without its start."""
    print(f"µs CPU an item (limit {LIMIT:g} times bare)    bare  matching          monitor match   with its start")
    for whence, lines in sets.items():
        scale = 1e6 / len(lines)
        base, ours = side_by_side([bare, partial(matched, matcher)], lines)
        with tempfile.TemporaryDirectory() as name:
            full, empty = Path(name) / "items.jsonl", Path(name) / "none.jsonl"
            full.write_text("\n".join(lines) + "\n", encoding="utf-8")
            empty.touch()
            match = [sys.executable, "-m", "monitor.cli.main", "match"]
            script = [sys.executable, "-c", BARE]
            given, nothing, bare_given, bare_nothing = (
                command_seconds([*command, str(path)]) for command in (match, script) for path in (full, empty)
            )
        print(
            f"{len(lines):6,} items {whence:24} {base * scale:6.1f} {ours * scale:6.1f}: {ours / base:4.2f} times"
            f" {(given - nothing) * scale:6.1f}: {(given - nothing) / (bare_given - bare_nothing):4.2f} times"
            f" {given * scale:6.1f}: {given / bare_given:4.2f} times (start {nothing:.2f} s)"
        )


def resident() -> float:
    """MB of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def grown(aliases: int, lines: list[str]) -> tuple[float, float, float]:
    """With so many further aliases: seconds to compile, CPU seconds over the lines, MB."""
    shipped = load_watchlist(ROOT / "config")
    watchlist = Watchlist("x", (*shipped.watches, *made_up(aliases // 10, aliases=10)), shipped.sets)
    before = resident()
    began = time.process_time()
    matcher = compile_watchlist(watchlist)
    built = time.process_time() - began
    memory = resident() - before
    return built, side_by_side([partial(matched, matcher)], lines)[0], memory


def print_growth(lines: list[str]) -> None:
    """What more and more aliases cost, each number in a process of its own."""
    print("\nfurther aliases   compile s   µs an item   memory MB")
    for aliases in (0, 100, 10_000, 100_000):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            built, spent, memory = pool.apply(grown, (aliases, lines))
        print(f"{aliases:15,} {built:11.2f} {spent / len(lines) * 1e6:12.1f} {memory:11.0f}")


def loaded(count: int) -> tuple[float, float, float]:
    """A file of so many watches: seconds to read, seconds to compile, MB of both."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "watchlists").mkdir()
        write_persons(folder / "watchlists" / "made-up.yaml", count)
        load_watchlist(ROOT / "config")  # what loads at the first use
        before = resident()
        began = time.process_time()
        watchlist = load_watchlist(folder)
        read = time.process_time()
        matcher = compile_watchlist(watchlist)
        compiled = time.process_time()
        memory = resident() - before
        del matcher
        return read - began, compiled - read, memory


def print_load() -> None:
    """What 10,000 watches take to load (limit 2 s)."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        read, built, memory = pool.apply(loaded, (10_000,))
    print(f"\n10,000 watches: read in {read:.2f} s, compiled in {built:.2f} s (limit 2 s together), {memory:.0f} MB")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--items", type=int, default=10_000)
    arguments.add_argument(
        "--no-reload", action="store_true", help="leave out the last table, which takes half a minute"
    )
    wish = arguments.parse_args()
    sets = {whence: lines_of(DATA / name, wish.items) for whence, name in SETS.items() if (DATA / name).exists()}
    if sets:
        print_speed(sets, compile_watchlist(load_watchlist(ROOT / "config")))
        print_growth(next(iter(sets.values()))[:3000])
    else:
        print(f"benchmarks/matching: no items at {DATA}: speed skipped")
    print_load()
    if not wish.no_reload:
        print_pauses()


if __name__ == "__main__":
    main()
