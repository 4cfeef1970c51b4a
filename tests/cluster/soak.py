"""`python -m tests.cluster.soak`: four processes, 10,000 articles, 40 kills, PostgreSQL stopped and started once.

Prints what came of it; exit code 1 when a promise was broken. Part of `make soak`; CI plays a short one.
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from monitor.store.role_names import BOT, GROUP, LOOKOUT
from tests.cluster import verdict
from tests.cluster.scene import scene
from tests.faults.grounds import PostgresqlGround, postgresql_ground
from tests.test_quality import b_cubed

ANY = "any"
VICTIMS = (BOT, GROUP, LOOKOUT, ANY)
AWAY = 25.0  # seconds that PostgreSQL stays away: longer than it takes for a silent worker to count as dead
SAME = 0.999  # B-cubed F1 of two groupings that count as the same
STORIES = "SELECT title, lead, outlet, at, story_id FROM items WHERE alertable ORDER BY id"


@dataclass(slots=True)
class Played:
    """What came of it: `wrong` are promises broken, in words."""

    seed: int
    items: int
    killed: Counter[str] = field(default_factory=Counter)
    rings: int = 0
    repeats: int = 0
    same: float = 0.0
    busiest: int = 0
    floods: int = 0
    took: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        victims = ", ".join(f"{role} {count}" for role, count in sorted(self.killed.items()))
        return "\n".join(
            [
                f"seed {self.seed}: {self.items} articles, {self.rings} messages in {self.took:.0f} s",
                f"killed: {victims or 'nobody'}; {self.repeats} messages came twice",
                f"at most {self.busiest} messages within a second, {self.floods} refused as too many",
                f"the stories of one process: B-cubed F1 {self.same:.5f}",
                *(f"BROKEN: {each}" for each in self.wrong),
            ]
        )


async def play(
    url: str,
    folder: Path,
    *,
    processes: int,
    items: int,
    kills: int,
    people: int,
    hosts: int,
    a_second: float,
    seed: int,
    interrupt: Callable[[], object] | None = None,
) -> Played:
    """Kill `kills` processes while the news flows; `interrupt` is done once, halfway, in a thread."""
    rng = random.Random(seed)
    victims = [VICTIMS[number % len(VICTIMS)] for number in range(kills)]
    rng.shuffle(victims)
    played = Played(seed, items)
    began = time.monotonic()
    async with scene(
        url, folder, processes=processes, items=items, people=people, hosts=hosts, a_second=a_second, seed=seed
    ) as world:
        fleet = world.fleet
        world.publish()
        try:
            for number, role in enumerate(victims):
                await world.until_published((number + 1) / (kills + 2))
                await fleet.until_at_work()  # as many as there should be; who starts without a database ends
                if interrupt is not None and number == kills // 2:
                    await asyncio.to_thread(interrupt)
                victim = rng.choice(list(fleet.running)) if role == ANY else (await fleet.until_held(role))[role]
                await fleet.kill(victim)
                played.killed[role] += 1
                await fleet.start()
            await world.until_told(within=600)
        except TimeoutError as trouble:
            played.wrong.append(str(trouble))
        await fleet.until_at_work()  # before that a signal finds nobody at home
        rows = await fleet.ask(STORIES)
        await fleet.stop_all()
        rung = verdict.rings(world.api)
        played.rings, played.repeats = len(rung), len(verdict.repeats(rung))
        played.busiest, played.floods = verdict.busiest_second(world.api.calls), verdict.floods(world.api.calls)
        played.wrong += world.broken()
    played.same = same_stories(rows)
    if played.same < SAME:
        played.wrong.append("the stories are not those of one process")
    played.took = time.monotonic() - began
    return played


def same_stories(rows: list[tuple[object, ...]]) -> float:
    """B-cubed F1 of stored stories against those that one process makes of the same articles."""
    given = [
        {"id": str(number), "title": title, "summary": lead, "outlet": name, "published": f"{at:%Y-%m-%dT%H:%M:%S%z}"}
        for number, (title, lead, name, at, _) in enumerate(rows)
    ]
    command = [sys.executable, "-m", "monitor.cli.main", "stories"]
    lines = "".join(json.dumps(each) + "\n" for each in given).encode()
    ended = subprocess.run(command, input=lines, stdout=subprocess.PIPE, check=True)
    alone = {row["id"]: row["story"] for row in map(json.loads, ended.stdout.splitlines())}
    return b_cubed({str(number): str(row[-1]) for number, row in enumerate(rows)}, alone)


async def main(folder: Path) -> int:
    """Play with what is given on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster.soak", description=__doc__)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--people", type=int, default=100, help="and as many chats")
    parser.add_argument("--hosts", type=int, default=16)
    parser.add_argument("--a-second", type=float, default=20.0, help="articles, of all newspapers together")
    parser.add_argument("--seed", type=int, default=None, help="drawn when not given")
    given = parser.parse_args()

    with postgresql_ground(connections=200) as ground:
        played = await play(
            ground.url,
            folder,
            processes=given.processes,
            items=given.items,
            kills=given.kills,
            people=given.people,
            hosts=given.hosts,
            a_second=given.a_second,
            seed=random.randrange(2**32) if given.seed is None else given.seed,
            interrupt=partial(_away, ground),
        )
    print(played)
    return int(bool(played.wrong))


def _away(ground: PostgresqlGround) -> None:
    ground.stop("fast")
    time.sleep(AWAY)
    ground.start()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="soak-") as home:
        raise SystemExit(asyncio.run(main(Path(home))))
