"""Open pages beside news as it flows: how soon they are told, and what they cost the alerts. Prints one table.

    python -m benchmarks.pages.live [--viewers 50] [--seconds 60] [--rounds 2]

The steady scenario of benchmarks/latency (the real service; ten items a second through poll, detection and delivery,
each of which names something watched), in turn without and with so many open streams of /events, half of them chats
that follow something, half an administrator's. Newspapers, Telegram, the service and the browsers are processes of
their own, on one machine.

"told" is counted from the time that stands in the event's row, which is that of the transaction and before its commit,
to the browser's having it whole, for each event and each browser; of what several events say of one story at once only
the last is sent, and counts for those before it. Then SIGTERM, with all streams open: until the process has gone.
"""

import argparse
import asyncio
import os
import signal
import sqlite3
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.latency.__main__ import Scale, steady  # noqa: E402
from benchmarks.latency.house import House, quantile  # noqa: E402
from monitor.pipeline.logins import hash_of  # noqa: E402
from monitor.store.session_rows import LoginLink  # noqa: E402
from monitor.store.transaction import open_store  # noqa: E402
from monitor.types import TERMINAL, Address  # noqa: E402

GOAL_TOLD, GOAL_STOP = 1.0, 10.0  # seconds


@dataclass
class Watched:
    """What the viewers saw."""

    viewers: int
    delays: list[float] = field(default_factory=list)
    missed: int = 0  # events that a viewer had not when the stream ended
    events: int = 0
    stopped_after: float = 0.0
    streams_ended_after: float = 0.0

    @asynccontextmanager
    async def beside(self, house: House) -> AsyncIterator[None]:
        """Open so many pages; at the end ask the service to stop, while they are open."""
        cookies = await _log_in(house, self.viewers)
        out = house.folder / "viewers.txt"
        url = f"http://127.0.0.1:{house.metrics_port}"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.pages.viewers", url, str(out), *cookies),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
        assert process.stdout is not None
        if (await process.stdout.readline()).strip() != b"open":
            raise RuntimeError("the viewers could not open their streams")
        began = time.time()
        yield
        await asyncio.sleep(2 * GOAL_TOLD)  # whatever has not come by then has missed its goal anyway
        asked = time.time()
        os.kill(house.service, signal.SIGTERM)
        self.stopped_after = await asyncio.to_thread(_end_of, house.service) - asked
        await process.communicate(b"")
        self._count(house.folder, out, began, asked)

    def _count(self, folder: Path, out: Path, began: float, asked: float) -> None:
        came: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
        for line in out.read_text("ascii").splitlines():
            viewer, number, at = line.split()
            if number == "end":
                self.streams_ended_after = max(self.streams_ended_after, float(at) - asked)
            else:
                came[int(viewer)].append((int(number.partition("-")[2]), float(at)))
        with closing(sqlite3.connect(folder / "monitor.db")) as database:
            rows = database.execute("SELECT id, story_id, at, kind FROM news_events ORDER BY id").fetchall()
        story_of = {number: story for number, story, _, _ in rows}
        written = [
            (number, story, datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp())
            for number, story, at, kind in rows
            if kind == "story"
        ]
        written = [row for row in written if began <= row[2] < asked - GOAL_TOLD]
        self.events = len(written)
        for viewer in range(self.viewers):
            by_story: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
            for number, at in came[viewer]:
                by_story[story_of[number]].append((number, at))
            for number, story, at in written:
                told = [seen for later, seen in by_story[story] if later >= number]
                self.delays += [min(told) - at] if told else []
                self.missed += not told


def _end_of(process: int) -> float:
    """When it had gone; its parent may not have taken notice of that yet."""
    stat = Path(f"/proc/{process}/stat")
    while stat.exists() and stat.read_text("ascii").rpartition(")")[2].split()[0] != "Z":
        time.sleep(0.01)
    return time.time()


async def _log_in(house: House, count: int) -> list[str]:
    """Sessions for so many browsers; their cookies."""
    now = datetime.now(UTC)
    chats = sorted(house.plan.followers)
    async with await open_store(f"sqlite:///{house.folder}/monitor.db") as store:
        with store.writing() as tx:
            for number in range(count):
                who = Address(chats[number % len(chats)]) if number % 2 else TERMINAL
                link = LoginLink(hash_of(f"link-{number}"), who, now)
                ends_at = now + timedelta(days=1)
                tx.add_session(hash_of(f"secret-{number}"), link, browser="", now=now, ends_at=ends_at)
    return [f"secret-{number}" for number in range(count)]


async def main(viewers: int, seconds: float, rounds: int) -> None:
    """Measure in turn, and print what was found beside what is wanted."""
    scale = Scale(seconds)
    alone: list[dict[str, Any]] = []
    beside: list[dict[str, Any]] = []
    seen: list[Watched] = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            alone.append(await steady(scale, Path(folder)))
        with tempfile.TemporaryDirectory() as folder:
            seen.append(Watched(viewers))
            beside.append(await steady(scale, Path(folder), beside=seen[-1].beside))
    delays = [each for watched in seen for each in watched.delays]
    print(
        f"| {viewers} open pages, ten items a second, {rounds} times {seconds:.0f} s | found | goal |\n"
        "| --- | --- | --- |"
    )
    print(f"| an event of a story told to a page: p50, p99, worst | {_s(delays)} | {GOAL_TOLD:.0f} s |")
    missed, events = sum(each.missed for each in seen), sum(each.events for each in seen)
    print(f"| … events, told to pages, not told | {events}, {len(delays)}, {missed} | all told |")
    for name, of in (("without pages", alone), ("with them", beside)):
        p50, p99 = (_mean(each["delay"][share] for each in of) for share in ("p50", "p99"))
        cpu, lag = _mean(each["cpu_ms_an_item"] for each in of), _mean(each["lag"]["p99"] for each in of)
        told = f"{sum(each['stories_told'] for each in of)} of {sum(each['stories'] for each in of)}"
        print(
            f"| alerts {name}: answer → accepted p50, p99; CPU an item; loop lag p99; stories told "
            f"| {p50 * 1000:.0f}, {p99 * 1000:.0f} ms; {cpu:.1f} ms; {lag * 1000:.0f} ms; {told} | |"
        )
    ratio = _mean(each["delay"]["p50"] for each in beside) / _mean(each["delay"]["p50"] for each in alone)
    print(f"| alerts with pages against without, p50 | {ratio:.2f} | not slower |")
    stop, ends = max(each.stopped_after for each in seen), max(each.streams_ended_after for each in seen)
    print(f"| SIGTERM: all streams ended, the process gone, at worst | {ends:.1f}, {stop:.1f} s | {GOAL_STOP:.0f} s |")


def _mean(values: Any) -> float:
    known = list(values)
    return sum(known) / len(known)


def _s(delays: list[float]) -> str:
    return f"{quantile(delays, 0.5):.2f}, {quantile(delays, 0.99):.2f}, {max(delays, default=0.0):.2f} s"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    asyncio.run(main(options.viewers, options.seconds, options.rounds))
