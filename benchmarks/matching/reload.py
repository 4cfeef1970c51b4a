"""How long a reload holds up the event loop: a real service swaps its files while a heartbeat watches."""

import asyncio
import logging
import random
import shutil
import tempfile
import time
from pathlib import Path

import structlog

from benchmarks.matching.persons import made_up
from monitor.app.wiring import open_service
from monitor.cli.run import keep_for_good
from monitor.config import Settings, load_all

ROOT = Path(__file__).parents[2]
BEAT = 0.001  # seconds
SIZES = (  # watches more than the shipped ones, rounds, and the longest pause that is no harm, in ms
    (0, 40, 20),
    (10_000, 5, 1_000),
)


class Heartbeat:
    """Beats on the loop every millisecond, and keeps the longest time between two beats.

    `cpu` counts this process's own work only: what other programs take of the machine is no pause of ours.
    """

    def __init__(self) -> None:
        self.wall = 0.0
        self.cpu = 0.0

    async def beat(self) -> None:
        """Until cancelled."""
        at, cpu = time.perf_counter(), time.process_time()
        while True:
            await asyncio.sleep(BEAT)
            now, spent = time.perf_counter(), time.process_time()
            gap = now - at - BEAT
            self.wall = max(self.wall, gap)
            self.cpu = max(self.cpu, min(gap, spent - cpu))
            at, cpu = now, spent


async def pauses(folder: Path, rounds: int) -> tuple[list[Heartbeat], list[float]]:
    """Of each of some reloads the heartbeat, and the seconds of CPU that it took; memory is as in `monitor run`."""
    settings = Settings(config_dir=folder, database_url=f"sqlite:///{folder}/monitor.db", telegram_token=None)
    hearts, spent = [], []
    async with open_service(settings, load_all(folder), interactive=False) as service:
        keep_for_good()
        await service.prepare()
        for _ in range(rounds):
            heart = Heartbeat()
            task = asyncio.create_task(heart.beat())
            await asyncio.sleep(0.1)
            began = time.process_time()
            assert not await service.reload()
            spent.append(time.process_time() - began)
            await asyncio.sleep(0.3)
            task.cancel()
            hearts.append(heart)
    return hearts, spent


def print_pauses() -> None:
    """The table of pauses, with the shipped watchlist and with 10,000 watches more."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    print("\nreload            rounds  load s   longest pause of the loop, ms")
    for more, rounds, limit in SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "config"
            shutil.copytree(ROOT / "config", folder)
            if more:
                write_persons(folder / "watchlists" / "made-up.yaml", more)
            watches = len(load_all(folder).watchlist.watches)
            hearts, spent = asyncio.run(pauses(folder, rounds))
        cpu = sorted(1000 * heart.cpu for heart in hearts)
        wall = sorted(1000 * heart.wall for heart in hearts)
        print(
            f"{watches:7,} watches {rounds:8}  {min(spent):6.2f}"
            f"   own work: median {cpu[len(cpu) // 2]:.0f}, worst {cpu[-1]:.0f} (limit {limit:,});"
            f" by the clock of this machine: median {wall[len(wall) // 2]:.0f}, worst {wall[-1]:.0f}"
        )


def write_persons(path: Path, count: int) -> None:
    """A watchlist file of so many made-up persons, each with an alias, a tag and an office."""
    chance = random.Random(2)
    lines = ["leaders:"]
    for number, leader in enumerate(made_up(count, aliases=2)):
        lines += [
            f"  - id: {leader.id}",
            f"    name: {leader.name}",
            f"    aliases: [{leader.aliases[0]}]",
            f"    tags: [nhom-{chance.randrange(50)}]",
            "    offices:",
            f"      - {{title: Trưởng thôn {number}, since: 2024-01-01}}",
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
