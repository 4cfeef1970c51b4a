"""What hostile feeds cost the others: the whole service, with good feeds alone, then with a swarm of hostile ones too.

Run: python benchmarks/hostile/run.py [SECONDS]. For each: the longest wait of the event loop, the most memory of the
process with its children, how long articles of the good feeds took to the terminal, and how each hostile poll ended.
"""

import asyncio
import io
import os
import re
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.hostile.server import GOOD, QUIET
from monitor.app.events import ServiceEvent
from monitor.app.wiring import open_service
from monitor.config import Settings, load_all
from monitor.pipeline.deliver import Pace
from monitor.pipeline.poll import Polled
from monitor.types import Failed, Fetched

SECONDS = 30.0
WATCHLIST = "leaders:\n  - {id: putin, name: Vladimir Putin, aliases: [Putin]}\n"
TICK = 0.001  # seconds
GROUPS = {"loop waits, ms": 24, "memory, MB": 18, "to the row, s": 18, "told": 6, "to the terminal, s": 20}


@dataclass
class Seen:
    """What one run came to."""

    lags: list[float] = field(default_factory=list)  # seconds; of work of this process, not of others on the machine
    memory: int = 0  # bytes, the most of the tree
    own_memory: int = 0
    fetched: list[float] = field(default_factory=list)  # seconds from an article's publication to its row
    told: list[float] = field(default_factory=list)
    ends: dict[str, str] = field(default_factory=dict)
    longest: dict[str, float] = field(default_factory=dict)


def children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


class Terminal(io.StringIO):
    """Where alerts go: notes when each came."""

    def __init__(self, seen: Seen, begin: float) -> None:
        super().__init__()
        self._seen, self._begin = seen, begin
        self._said: set[str] = set()

    def write(self, text: str) -> int:
        """Take in what is told."""
        for word, at in published(text):
            if word not in self._said and at > QUIET:
                self._said.add(word)
                self._seen.told.append(time.monotonic() - self._begin - at)
        return len(text)


def published(text: str) -> list[tuple[str, float]]:
    """Which articles a text names, and when each was published."""
    return [(match[1], float(match[2])) for match in re.finditer(r"(\d+x\d+)@(\d+\.\d{3})", text)]


async def watch(seen: Seen, server: int, begin: float) -> None:
    """The heartbeat: how late each tick of a millisecond was."""
    last_look = 0.0
    while True:
        before, worked = time.perf_counter(), time.process_time()
        await asyncio.sleep(TICK)
        now, work = time.perf_counter(), time.process_time() - worked
        if time.monotonic() > begin + QUIET:
            seen.lags.append(min(now - before - TICK, work))
        if now - last_look > 0.05:
            last_look = now
            own = resident(os.getpid())
            seen.own_memory = max(seen.own_memory, own)
            total = own + sum(resident(child) for child in children_of(os.getpid()) if child != server)
            seen.memory = max(seen.memory, total)


async def serve(folder: Path, begin: float, server: int, seconds: float, names: dict[str, str]) -> Seen:
    seen = Seen()

    def note(event: ServiceEvent) -> None:
        if not isinstance(event, Polled):
            return
        result = event.result
        if event.feed.id in names:
            name = names[event.feed.id]
            seen.longest[name] = max(seen.longest.get(name, 0.0), event.took.total_seconds())
            match result:
                case Failed(kind=kind, why=why):
                    seen.ends[name] = f"{kind}: {why}"
                case Fetched(entries=entries):
                    seen.ends[name] = f"{len(entries)} entries"
        else:
            now = time.monotonic() - begin
            for new in event.new:
                seen.fetched += [now - at for _, at in published(new.title) if at > QUIET]

    settings = Settings(
        config_dir=folder,
        database_url=f"sqlite:///{folder / 'monitor.db'}",
        http_allow_private=True,
        http_port=None,
        host_spacing=timedelta(),
    )
    config = load_all(folder, timezone="Asia/Ho_Chi_Minh")
    pace = Pace(private=timedelta(), group=timedelta())
    terminal = Terminal(seen, begin)
    async with open_service(settings, config, observers=[note], stream=terminal, pace=pace) as service:
        running = asyncio.create_task(service.run())
        heart = asyncio.create_task(watch(seen, server, begin))
        await asyncio.sleep(seconds)
        heart.cancel()
        stop = time.perf_counter()
        service.stop()
        await running
        seen.ends["(the service's end)"] = f"{time.perf_counter() - stop:.2f} s"
    return seen


def write_config(folder: Path, port: int, hostile: dict[str, str]) -> None:
    (folder / "watchlists").mkdir()
    (folder / "watchlists" / "all.yaml").write_text(WATCHLIST)
    lines = ["defaults: {interval: 1s, min_interval: 500ms, max_interval: 1s}", "feeds:"]
    lines += [
        f"  - {{id: tot-{n}, outlet: Tốt {n}, url: 'http://127.0.2.{n + 1}:{port}/good/{n}'}}" for n in range(GOOD)
    ]
    lines += [f"  - {{id: {feed}, outlet: Bầy {feed}, url: '{url}'}}" for feed, url in hostile.items()]
    (folder / "feeds.yaml").write_text("\n".join(lines) + "\n")


async def measure(seconds: float, *, with_swarm: bool) -> Seen:
    server = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.hostile.server",
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    port, begin = (await server.stdout.readline()).split()
    hostile, names = {}, {}
    while line := (await server.stdout.readline()).decode().strip():
        url, name = line.split("\t")
        feed = f"bay-{len(hostile)}"
        hostile[feed], names[feed] = url, name
    with tempfile.TemporaryDirectory() as name:
        write_config(Path(name), int(port), hostile if with_swarm else {})
        seen = await serve(Path(name), float(begin), server.pid, seconds, names)
    server.stdin.close()
    await server.wait()
    return seen


def at(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    runs = {"good feeds alone": False, "beside hostile ones": True}
    seen = {name: asyncio.run(measure(seconds, with_swarm=swarm)) for name, swarm in runs.items()}
    groups = "".join(f"{title:>{width}}" for title, width in GROUPS.items())
    print(f"{f'{seconds:.0f} s of the service':<24}{groups}")
    print(
        f"{'':<24}{'p99':>12}{'worst':>12}{'own':>9}{'tree':>9}{'median':>9}{'p99':>9}{'':>6}{'median':>10}{'p99':>10}"
    )
    for name, run in seen.items():
        print(
            f"{name:<24}{at(run.lags, 0.99) * 1e3:>12.1f}{max(run.lags) * 1e3:>12.1f}"
            f"{run.own_memory / 1e6:>9.0f}{run.memory / 1e6:>9.0f}"
            f"{at(run.fetched, 0.5):>9.2f}{at(run.fetched, 0.99):>9.2f}"
            f"{len(run.told):>6}{at(run.told, 0.5):>10.2f}{at(run.told, 0.99):>10.2f}"
        )
    print()
    swarm = seen["beside hostile ones"]
    for name, end in swarm.ends.items():
        print(f"{name:<28}{swarm.longest.get(name, 0):>7.1f} s  {end}")


if __name__ == "__main__":
    main()
