"""How long a page of the web takes when much is stored. Prints a table of milliseconds, one column a database.

    python benchmarks/pages/run.py [--items 20000] [--rounds 20] [--postgresql EMPTY-DATABASE]

The real server over a store with so many items, 2,880 a day, with the shipped feeds and watchlists; every tenth item
names something watched, every fifth led to an alert to one of 2,000 chats. An administrator's browser on loopback asks
for each page of the table and its JSON twin, whole (no ETag is sent), one after the other, in turn about other watches
and stories; compressed, as a browser asks for it. Counted from the first byte that is sent to the last that comes, in
one process, so that the client's own work is in it; CPU is that of this process, with SQLite and without PostgreSQL.
What other programs do at the same time shows in the p99 first: the page that asks the least, /login, is the measure.
"""

import argparse
import asyncio
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import quote_plus

import aiohttp
from sqlalchemy import text, update

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.search.run import Newspaper, index  # noqa: E402
from monitor.app.wiring import open_service  # noqa: E402
from monitor.cli.run import keep_for_good  # noqa: E402
from monitor.config import Config, Settings, load_all  # noqa: E402
from monitor.pipeline.logins import hash_of  # noqa: E402
from monitor.store.session_rows import LoginLink  # noqa: E402
from monitor.store.tables import items  # noqa: E402
from monitor.store.transaction import Store, open_store  # noqa: E402
from monitor.types import Address, ChangeAction, Chat, ChatKind, NewChange  # noqa: E402
from monitor.web.routes import PAGES, ShownTo  # noqa: E402
from monitor.web.viewer import COOKIE, SESSION_LASTS  # noqa: E402
from tests.store.grown import FEEDS, ITEMS_A_STORY, WATCHES, grow  # noqa: E402
from tests.store_samples import NOW  # noqa: E402
from tests.web.page_house import pages_of  # noqa: E402

ADMIN = Address(9_001)
GOAL = 150.0  # ms, of the 99th in a hundred
WARM = 3  # rounds that are not counted: templates are read and compiled once a process
_PLACEHOLDER = re.compile(r"\{(\w+)(?::(?:[^{}]|\{[^{}]*\})*)?\}")
# parameters with which a page has more to do
MORE: Mapping[str, Sequence[str]] = {
    "/": ("?watch={watch}", "?tag=trung-dong", "?outlet={outlet}", "?q={word}", "?watch={watch}&q={word}"),
    "/search": ("?q={phrase}", "?q={word}"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: a path with placeholders, and whether a JSON twin is meant."""

    path: str
    more: str = ""
    is_twin: bool = False

    @property
    def name(self) -> str:
        """For a person."""
        return self._twin(_PLACEHOLDER.sub(lambda found: found[1].upper(), self.path)) + self.more

    def at(self, turn: int, places: Mapping[str, Sequence[str]]) -> str:
        """The address of this turn."""
        path, more = (
            pattern.sub(lambda found: places[found[1]][turn % len(places[found[1]])], text)
            for pattern, text in ((_PLACEHOLDER, self.path), (_PLACEHOLDER, self.more))
        )
        return self._twin(path) + more

    def _twin(self, path: str) -> str:
        if not self.is_twin:
            return path
        return "/index.json" if path == "/" else f"{path}.json"


def every_page() -> list[Asked]:
    """The table, with twins, and with the parameters that make work."""
    pages = [page for page in PAGES if page.shown_to is not ShownTo.ANYBODY or page.path == "/login"]
    asked = [Asked(page.path, more) for page in pages for more in ("", *MORE.get(page.path, ()))]
    twins = [Asked(page.path, is_twin=True) for page in pages if page.twin]
    feeds = [Asked(page.path) for page in PAGES if page.path.endswith((".xml", ".json"))]
    return asked + twins + feeds


def fill(store: Store, config: Config, count: int) -> None:
    """Items that tell something, of the shipped feeds, about the shipped watches; all in the search index."""
    watches = [watch.id for watch in config.watchlist.watches]
    feeds = [feed for feed in config.feeds if feed.enabled]
    with store.writing() as tx:
        grow(tx._connection, items=count)
        run = tx._connection.execute
        run(text("DELETE FROM unindexed"))
        for number, watch in enumerate(watches[:WATCHES]):
            for table in ("matches", "daily_counts", "quotes"):
                run(text(f"UPDATE {table} SET watch_id = :new WHERE watch_id = :old").bindparams(
                    new=watch, old=f"watch-{number}"))  # fmt: skip
        for number in range(1, FEEDS + 1):
            feed = feeds[number % len(feeds)]
            run(text("UPDATE items SET feed_id = :new, outlet = :outlet WHERE feed_id = :old").bindparams(
                new=feed.id, outlet=feed.outlet, old=f"feed-{number}"))  # fmt: skip
        run(text("DELETE FROM feeds"))
        run(text("UPDATE quotes SET text = 'Bến cảng phía nam mở thêm một tuyến phà đêm'"))
        run(text("INSERT INTO unindexed (item_id) SELECT id FROM items"))
    rows = Newspaper().rows(count)
    while some := list(islice(rows, 2_000)):
        with store.writing() as tx:
            for row in some:
                told = update(items).where(items.c.id == row["id"])
                tx._change(told.values(title=row["title"], lead=row["lead"], body=row["body"]))
    index(store, 2_000)
    with store.writing() as tx:
        if tx._on_postgresql:
            tx._connection.execute(text("ANALYZE"))  # as its autovacuum does within minutes


@asynccontextmanager
async def page_at_work(database_url: str, folder: Path, count: int) -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    """The filled store behind the real server; where it is, and a browser that is logged in."""
    shutil.copytree(ROOT / "config", folder, dirs_exist_ok=True)
    settings = Settings(config_dir=folder, database_url=database_url, http_port=0, admin_chats=(ADMIN.chat_id,))
    config = load_all(folder)
    async with await open_store(database_url) as store:
        await asyncio.to_thread(fill, store, config, count)
    async with open_service(settings, config, clock=lambda: NOW) as service:
        await service.prepare()
        keep_for_good()  # as `monitor run` does
        with service.store.writing() as tx:
            tx.save_chat(Chat(ADMIN, ChatKind.PRIVATE, lang="vi", joined_at=NOW))
            tx.add_change(NewChange(ChangeAction.FILE, "su-kien.yaml", before="a: 1\n", after="a: 2\n"), now=NOW)
            link = LoginLink(hash_of("link"), ADMIN, NOW)
            tx.add_session(hash_of("secret"), link, browser="", now=NOW, ends_at=NOW + SESSION_LASTS)
        async with (
            pages_of(service) as (url, _),
            aiohttp.ClientSession(cookies={COOKIE: "secret"}, auto_decompress=False) as http,
        ):
            yield url, http


def places_of(config_dir: Path, count: int) -> dict[str, Sequence[str]]:
    """What stands for the placeholders: other ones each turn, the newest and old ones."""
    config, paper = load_all(config_dir), Newspaper()
    stories = [1 + (count // ITEMS_A_STORY - 101 - 97 * turn) % (count // ITEMS_A_STORY - 101) for turn in range(200)]
    watches = [str(watch.id) for watch in config.watchlist.watches][:WATCHES]
    return {
        "story_id": [str(number) for number in stories if number % 50],  # every fiftieth is a part of another one
        "watch_id": watches,
        "watch": watches,
        "file": sorted(path.name for path in (config_dir / "watchlists").glob("*.yaml")),
        "outlet": sorted({quote_plus(feed.outlet) for feed in config.feeds}),
        "number": ["1"],
        "word": [quote_plus(paper.words[n]) for n in (0, 20, 400, 9_000)],
        "phrase": [quote_plus(f'"{paper.words[n]}"') for n in (0, 20, 400, 9_000)],
    }


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds of one page, in order; those of this process's work; the most bytes that travelled."""

    spent: list[float]
    work: list[float]
    size: int

    def at(self, share: float) -> float:
        """The time that so large a share of the answers took at most."""
        return self.spent[min(len(self.spent) - 1, int(len(self.spent) * share))]


async def measure(database_url: str, count: int, rounds: int) -> dict[str, Took]:
    """What each page took."""
    took: dict[str, Took] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with page_at_work(database_url, Path(folder), count) as (base, http):
            places = places_of(Path(folder), count)
            for asked in every_page():
                if unknown := {found[1] for found in _PLACEHOLDER.finditer(asked.path)} - places.keys():
                    print(f"not asked for: {asked.name} ({', '.join(unknown)} has no value here)")
                    continue
                spent, work, size = [], [], 0
                for turn in range(rounds + WARM):
                    began, busy = time.perf_counter(), time.process_time()
                    async with http.get(base + asked.at(turn, places), headers={"Accept-Encoding": "gzip"}) as answer:
                        body = await answer.read()
                    spent.append(1_000 * (time.perf_counter() - began))
                    work.append(1_000 * (time.process_time() - busy))
                    if answer.status != 200:
                        raise SystemExit(f"{asked.at(turn, places)}: {answer.status}")
                    size = max(size, len(body))
                took[asked.name] = Took(sorted(spent[WARM:]), sorted(work[WARM:]), size)
    return took


async def main(count: int, rounds: int, postgresql: str | None) -> None:
    """Measure, and say what misses the goal."""
    took = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, url in {"SQLite": f"sqlite:///{folder}/pages.db", "PostgreSQL": postgresql}.items():
            if url is not None:
                took[name] = await measure(url, count, rounds)
    print(f"{count:,} items, {rounds} times each; ms: median / p99 / CPU\n")
    print(f"{'':44}", *(f"{name:>26}" for name in took), "   kB")
    for page, first in next(iter(took.values())).items():
        cells = []
        for each in (of[page] for of in took.values()):
            median, work = statistics.median(each.spent), statistics.median(each.work)
            cells.append(f"{median:8.1f} /{each.at(0.99):7.1f} /{work:7.1f}")
        print(f"{page:44}", *cells, f"{first.size / 1_000:6.1f}")
    slow = [
        f"{page} on {name}: {each.at(0.99):.0f} ms"
        for name, of in took.items()
        for page, each in of.items()
        if each.at(0.99) > GOAL
    ]
    print(f"\nabove {GOAL:.0f} ms: {'; '.join(slow) or 'none'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--postgresql", metavar="URL")
    options = parser.parse_args()
    asyncio.run(main(options.items, options.rounds, options.postgresql))
