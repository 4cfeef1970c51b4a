"""What may befall several processes on one PostgreSQL, one thing at a time: nothing is lost, nothing comes twice."""

import random
from pathlib import Path
from typing import TypedDict

import pytest

from monitor.store.role_names import BOT, CHORES, GROUP, LOOKOUT
from tests.cluster.pooler import pooled
from tests.cluster.scene import Scene, scene
from tests.databases import Cluster

pytestmark = pytest.mark.slow

TAKEN_WITHIN = 5.0  # seconds after its holder ended well; a killed one is replaced within the same


class Small(TypedDict):
    items: int
    people: int
    hosts: int
    a_second: float
    seed: int


def small() -> Small:
    return Small(items=60, people=20, hosts=2, a_second=10, seed=random.randrange(2**32))


def asking(world: Scene) -> int:
    """Who asked for updates last."""
    return int(next(call.who for call in reversed(world.api.calls) if call.method == "getUpdates"))


async def test_the_rows_of_the_engine_may_be_emptied_at_any_time(
    shared: str, postgresql: Cluster, tmp_path: Path
) -> None:
    async with scene(shared, tmp_path, processes=2, **small()) as world:
        world.publish()
        for share, table in ((0.3, "procrastinate_jobs"), (0.6, "procrastinate_workers")):
            await world.until_published(share)
            postgresql.run(f"TRUNCATE {table} CASCADE", database=shared.rsplit("/", 1)[1])
        await world.until_told()
        await world.fleet.stop_all()
        assert not world.broken()


async def test_a_pooler_in_transaction_mode_may_stand_before_the_database(shared: str, tmp_path: Path) -> None:
    with pooled(shared) as behind:
        async with scene(shared, tmp_path, processes=2, **small(), MONITOR_DATABASE_URL=behind) as world:
            world.publish()
            await world.until_told()
            await world.fleet.stop_all()
            assert not world.broken()
            assert world.fleet.logs().count("no_notices") == 2


async def test_whoever_receives_is_killed_and_another_one_answers(shared: str, tmp_path: Path) -> None:
    async with scene(shared, tmp_path, processes=2, **small()) as world:
        api, fleet = world.api, world.fleet
        receiver = (await fleet.until_held(BOT))[BOT]
        await fleet.until(lambda: any(call.method == "getUpdates" for call in api.calls), within=30, what="it asks")
        assert asking(world) == receiver
        await fleet.kill(receiver)
        api.push_message(77, "/start")
        await fleet.until(lambda: bool(api.texts(77)), within=30, what="an answer")
        await fleet.until(lambda: asking(world) != receiver, within=30, what="another one asks")
        await fleet.until_at_work()
        await fleet.stop_all()
        assert len(api.texts(77)) == 1, "it was answered once"
        assert not world.broken()


async def test_processes_are_replaced_one_by_one_while_news_flows(shared: str, tmp_path: Path) -> None:
    async with scene(shared, tmp_path, processes=2, **small()) as world:
        world.publish()
        fleet = world.fleet
        for old in list(fleet.running):
            await fleet.start()
            await fleet.until_at_work()
            await fleet.stop(old)  # within 10 s, by itself and well
            await fleet.until_held(BOT, CHORES, GROUP, LOOKOUT, within=TAKEN_WITHIN)
        await world.until_told()
        await fleet.stop_all()
        assert not world.broken()
