"""What more processes bring on the same cores: items a second, CPU an item, and PostgreSQL's share. Prints tables.

    python -m benchmarks.scaling.throughput [--processes 1,2,4] [--feeds 400] [--items 25] [--cores 2] [--json FILE]

So many `monitor run` work on one PostgreSQL of their own, with newspapers and a Bot API on loopback. Every feed has
been asked once; then each has new items, all at once, and all feeds are due: fetched, parsed, stored, matched, grouped.
One item in nine names one of thirty watches, of which a third has a follower. Everything (the processes, PostgreSQL,
the newspapers, the Bot API) shares the same cores, so that only what an item costs can become better or worse:
efficiency is the items that a CPU second of the processes and of PostgreSQL makes, against those with one process; and
the same without what each second costs in which nothing happens, which on a busy machine is most of the difference.

Then, for benchmarks/scaling/model.py: what a poll costs that brings 304, what a message costs, what nothing at all
costs, and how many bytes a row takes in PostgreSQL.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
from sqlalchemy import select

from benchmarks.latency.__main__ import TELLERS, article, old_news, watch_names
from benchmarks.latency.house import ROOT, TOKEN, Article, until
from benchmarks.peers.measuring import cpu_of, tree
from monitor.app.wiring import utc_now
from monitor.pipeline.dedupe_keys import first_key
from monitor.store.tables import items as items_table
from monitor.store.transaction import open_store
from monitor.types import Address, AlertKind, Chat, ChatKind, NewAlert, StoryId, Target, WatchId
from tests.faults.grounds import postgresql_ground

WATCHES, FOLLOWED = 30, 10
BASELINE = 5  # items that each feed has before
PATIENCE = 600.0  # seconds
ROUNDS = 3  # in which all feeds are asked and answer 304
IDLE = 10.0  # seconds
MESSAGES = 280  # ten seconds of what one bot may send
FIRST_TOLD = 100_000  # the number of the first of as many chats
TABLES = ("feeds", "items", "search_keys", "stories", "matches", "alerts")
DUE_NOW = b"UPDATE feeds SET next_check_at = now() - interval '1 second' WHERE NOT leased"
CONNECTIONS = 200  # of PostgreSQL: a process holds some ten


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU: of all processes together, and of PostgreSQL."""

    processes: float
    postgresql: float


@dataclass(frozen=True, slots=True)
class Run:
    """What one number of processes came to. Seconds from when the feeds are due."""

    processes: int
    items: int
    stored: float  # seconds until all were fetched, parsed and stored
    matched: float  # … and looked at
    cpu: tuple[float, ...]  # seconds of each process with its descendants
    postgresql: float  # CPU seconds of its server with all backends
    memory: tuple[int, ...]  # bytes of each process with its descendants, at the end
    connections: int  # of PostgreSQL, at the end
    poll: Cost  # of a poll that brings 304
    message: Cost  # of an alert that is sent
    idle: Cost  # of a second
    bytes_a_row: dict[str, float]  # of tables, with their indexes

    @property
    def per_cpu_second(self) -> float:
        """Items that a second of CPU makes, PostgreSQL's counted."""
        return self.items / (sum(self.cpu) + self.postgresql)

    @property
    def without_idle(self) -> float:
        """The same, less what the time would have cost without an item."""
        idle = (self.idle.processes + self.idle.postgresql) / 1000 * self.matched
        return self.items / (sum(self.cpu) + self.postgresql - idle)


async def measure(processes: int, feeds: Sequence[str], items: int, url: str, server: int, folder: Path) -> Run:
    """One run on an empty database; `server` is PostgreSQL's first process."""
    names = list(watch_names(WATCHES).values())
    await _subscribe(url)
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(_running(["-m", "benchmarks.latency.press"]))
        press = f"http://127.0.0.1:{port}"
        await _publish(press, old_news(list(feeds), BASELINE))
        _write_config(folder, feeds, names, port)
        api = await stack.enter_async_context(_running(["-m", "tests.bot_api", "--token", TOKEN]))
        pids = [await stack.enter_async_context(_monitor(folder, url, api, number)) for number in range(processes)]
        ground = await stack.enter_async_context(
            await psycopg.AsyncConnection.connect(url, autocommit=True, prepare_threshold=None)
        )

        async def word(query: str) -> str:
            row = await (await ground.execute(query.encode())).fetchone()
            return str(row[0]) if row else ""

        async def count(query: str) -> int:
            return int(await word(query))

        async def is_quiet() -> bool:
            asked = await count("SELECT count(*) FROM feeds WHERE first_success_at IS NOT NULL")
            return asked == len(feeds) and not await count("SELECT count(*) FROM items WHERE matched_at IS NULL")

        await _hold(until(is_quiet, PATIENCE), "the first polls never ended")
        await _publish(press, _news(feeds, items, names))
        wanted = len(feeds) * items
        before, ours = cpu_of(server), [cpu_of(pid) for pid in pids]
        begun, stored = time.monotonic(), 0.0
        await ground.execute(DUE_NOW)
        matched = "SELECT count(*) FROM items WHERE alertable AND matched_at IS NOT NULL"

        async def is_done() -> bool:
            nonlocal stored
            if not stored and await count("SELECT count(*) FROM items WHERE alertable") >= wanted:
                stored = time.monotonic() - begun
            return bool(stored) and await count(matched) >= wanted

        await _hold(until(is_done, PATIENCE), "not all items were looked at")
        done = time.monotonic() - begun
        cpu = tuple(cpu_of(pid) - spent for pid, spent in zip(pids, ours, strict=True))
        theirs = cpu_of(server) - before

        async def is_sent() -> bool:
            return not await count("SELECT count(*) FROM alerts WHERE state IN ('pending', 'sending')")

        async def is_indexed() -> bool:
            return not await count("SELECT count(*) FROM unindexed")

        await _hold(until(is_sent, PATIENCE), "not all alerts were sent")
        await _hold(until(is_indexed, PATIENCE), "the search index never kept up")
        meter = Meter(pids, server)

        async def ask_all() -> None:
            for _ in range(ROUNDS):
                now = await word("SELECT clock_timestamp()::text")
                await ground.execute(DUE_NOW)
                waiting = f"SELECT count(*) FROM feeds WHERE leased OR last_checked_at < '{now}'"

                async def all_asked(waiting: str = waiting) -> bool:
                    return not await count(waiting)

                await _hold(until(all_asked, PATIENCE), "not all feeds were asked")

        async def send() -> None:
            await _tell(url)
            await _hold(until(is_sent, PATIENCE), "not all messages were sent")

        idle = await meter.measured(lambda: asyncio.sleep(IDLE), IDLE)
        return Run(
            processes,
            wanted,
            stored,
            done,
            cpu,
            theirs,
            tuple(sum(_resident(each) for each in tree(pid)) for pid in pids),
            await count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()") - 1,
            await meter.measured(ask_all, ROUNDS * len(feeds), idle),
            await meter.measured(send, MESSAGES, idle),
            idle,
            {table: await _bytes_a_row(ground, table) for table in TABLES},
        )


class Meter:
    """CPU of the processes and of PostgreSQL, by the piece."""

    def __init__(self, pids: Sequence[int], server: int) -> None:
        self._pids = pids
        self._server = server

    async def measured(self, work: Callable[[], Awaitable[None]], pieces: float, idle: Cost = Cost(0.0, 0.0)) -> Cost:
        """What each of so many pieces of this work costs, less what the time costs in which nothing happens."""
        ours, theirs, begun = sum(map(cpu_of, self._pids)), cpu_of(self._server), time.monotonic()
        await work()
        took = time.monotonic() - begun
        return Cost(
            ((sum(map(cpu_of, self._pids)) - ours) * 1000 - idle.processes * took) / pieces,
            ((cpu_of(self._server) - theirs) * 1000 - idle.postgresql * took) / pieces,
        )


async def _tell(url: str) -> None:
    """An alert for each of many chats, about a story that is there."""
    async with await open_store(url) as store:
        with store.reading() as tx:
            story = max(row.story_id for row in tx._rows(select(items_table.c.story_id)) if row.story_id is not None)
        with store.writing() as tx:
            for number in range(FIRST_TOLD, FIRST_TOLD + MESSAGES):
                tx.save_chat(Chat(Address(number), ChatKind.PRIVATE, joined_at=utc_now()))
            tx.enqueue(
                [
                    NewAlert(
                        Address(number),
                        AlertKind.ALERT,
                        first_key(StoryId(str(story))),
                        StoryId(str(story)),
                        watch_ids=(WatchId("nguoi-0"),),
                    )
                    for number in range(FIRST_TOLD, FIRST_TOLD + MESSAGES)
                ],
                now=utc_now(),
            )


async def _bytes_a_row(ground: psycopg.AsyncConnection[Any], table: str) -> float:
    query = f"SELECT pg_total_relation_size('{table}')::float / greatest(count(*), 1) FROM {table}"
    row = await (await ground.execute(query.encode())).fetchone()
    return float(row[0]) if row else 0.0


async def _hold(waiting: Any, otherwise: str) -> None:
    if not await waiting:
        raise RuntimeError(otherwise)


def _news(feeds: Sequence[str], items: int, names: Sequence[str]) -> list[Article]:
    """New items of every feed, minutes old."""
    chance = random.Random(5)
    return [
        article(
            feed,
            (number * items + n) * TELLERS,
            0,
            names[(number * items + n) // 9 % len(names)] if (number * items + n) % 9 == 0 else "Trong nước",
            chance.uniform(60, 600),
        )
        for number, feed in enumerate(feeds)
        for n in range(items)
    ]


async def _publish(press: str, articles: Sequence[Article]) -> None:
    async with aiohttp.ClientSession() as session:
        (await session.post(f"{press}/publish", json=articles)).raise_for_status()


async def _subscribe(url: str) -> None:
    """A reader each for a third of the watches."""
    async with await open_store(url) as store:
        with store.writing() as tx:
            for number in range(FOLLOWED):
                address = Address(1_000 + number)
                tx.save_chat(Chat(address, ChatKind.PRIVATE, joined_at=utc_now()))
                tx.follow(address, Target(f"nguoi-{number}"), now=utc_now())


def _write_config(folder: Path, feeds: Sequence[str], names: Sequence[str], port: str) -> None:
    """Feeds of 250 newspapers (addresses of the loopback), which are asked when the benchmark says so."""
    (folder / "watchlists").mkdir(parents=True)
    lines = "".join(
        f"  - {{id: {feed}, outlet: Báo {feed}, url: 'http://127.0.2.{number % 250 + 1}:{port}/rss/{feed}'}}\n"
        for number, feed in enumerate(feeds)
    )
    (folder / "feeds.yaml").write_text(
        f"defaults: {{interval: 1h, min_interval: 1h, max_interval: 1h, fulltext: never}}\nfeeds:\n{lines}", "utf-8"
    )
    leaders = "".join(f"  - {{id: nguoi-{number}, name: {name}}}\n" for number, name in enumerate(names))
    (folder / "watchlists" / "all.yaml").write_text(f"leaders:\n{leaders}", "utf-8")


@asynccontextmanager
async def _monitor(folder: Path, url: str, api: str, number: int) -> AsyncIterator[int]:
    """One `monitor run`; its process. Ends cleanly, or the benchmark fails."""
    env = {
        "PATH": os.environ.get("PATH", ""),
        "MONITOR_CONFIG_DIR": str(folder),
        "MONITOR_DATABASE_URL": url,
        "MONITOR_TELEGRAM_TOKEN": TOKEN,
        "MONITOR_TELEGRAM_API_URL": api,
        "MONITOR_HTTP_ALLOW_PRIVATE": "1",
        "MONITOR_HTTP_PORT": "0",
        "MONITOR_HOST_SPACING": "0s",
    }
    file = folder / f"monitor-{number}.log"
    with file.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "monitor.cli.main", "run"), cwd=ROOT, env=env, stdout=log, stderr=log
        )
    try:
        yield process.pid
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        if code := await process.wait():
            print(f"process {number} ended with {code}:\n{file.read_text('utf-8')[-2_000:]}", file=sys.stderr)
    if code:
        raise RuntimeError(f"process {number} ended with {code}")


@asynccontextmanager
async def _running(command: list[str]) -> AsyncIterator[str]:
    """A helper that says where it is in its first line."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdin=pipe, stdout=pipe, cwd=ROOT)
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    except OSError:
        return 0


def table(runs: Sequence[Run]) -> str:
    """The runs side by side; efficiency against the first."""
    lines = [
        "| processes | fetched, parsed, stored: items/s | and matched: items/s | ms CPU an item: processes, PostgreSQL "
        "| PostgreSQL's share | MB a process | connections | efficiency; without what idles |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for run in runs:
        ours, theirs = (spent / run.items * 1000 for spent in (sum(run.cpu), run.postgresql))
        lines.append(
            f"| {run.processes} | {run.items / run.stored:.0f} | {run.items / run.matched:.0f} "
            f"| {ours:.2f}, {theirs:.2f} | {theirs / (ours + theirs):.0%} "
            f"| {max(run.memory) / 2**20:.0f} | {run.connections} | {run.per_cpu_second / runs[0].per_cpu_second:.2f}; "
            f"{run.without_idle / runs[0].without_idle:.2f} |"
        )
    return "\n".join(lines)


def costs(runs: Sequence[Run]) -> str:
    """What single things cost in each run: processes and PostgreSQL."""

    def both(cost: Cost) -> str:
        return f"{cost.processes:.2f}, {cost.postgresql:.2f}"

    lines = [
        "| processes | ms CPU (processes, PostgreSQL): a poll that brings 304 | a message | a second in which nothing "
        f"happens | bytes a row: {', '.join(TABLES)} |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {run.processes} | {both(run.poll)} | {both(run.message)} | {both(run.idle)} "
        f"| {', '.join(f'{run.bytes_a_row[table]:,.0f}' for table in TABLES)} |"
        for run in runs
    ]
    return "\n".join(lines)


def main() -> None:
    """Run each number of processes once, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling.throughput", description="Items a second.")
    parser.add_argument("--processes", default="1,2,4")
    parser.add_argument("--feeds", type=int, default=400)
    parser.add_argument("--items", type=int, default=25, help="new ones of each feed")
    parser.add_argument("--cores", type=int, default=2, help="that everything shares")
    parser.add_argument("--json", type=Path)
    wish = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: wish.cores])
    feeds = [f"bao-{number}" for number in range(wish.feeds)]
    runs = []
    for processes in map(int, wish.processes.split(",")):
        with tempfile.TemporaryDirectory() as folder, postgresql_ground(CONNECTIONS) as ground:
            place = Path(folder) / "config"
            runs.append(asyncio.run(measure(processes, feeds, wish.items, ground.url, ground.server, place)))
            print(json.dumps(asdict(runs[-1])), file=sys.stderr, flush=True)
    print(table(runs), costs(runs), sep="\n\n")
    if wish.json:
        wish.json.write_text(json.dumps([asdict(run) for run in runs], indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
