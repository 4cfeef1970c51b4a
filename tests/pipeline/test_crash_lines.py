"""The process dies before every step of a story that becomes a line: it is there in the end, and nothing rings."""

import copy
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.store.transaction import open_store
from tests.crashing import Fuse
from tests.flow import READER
from tests.pipeline.flow_news import QUAKE, QUAKE_LEAD
from tests.pipeline.test_crash import World

pytestmark = pytest.mark.slow

WHY = "Vì sao Indonesia hay có động đất"
WHY_LEAD = "Nhà địa chất kể về vành đai lửa và những mảng đá trượt dưới đáy biển sâu."


async def test_a_crash_at_any_step_neither_loses_a_line_nor_rings_for_it(tmp_path: Path, empty_sqlite: Path) -> None:
    base = tmp_path / "base.db"
    shutil.copy(empty_sqlite, base)
    async with await open_store(f"sqlite:///{base}") as store:
        first = World(store)
        flow = first.process(Fuse())
        await flow.subscribe(READER, "dong-dat")
        await flow.start()
        first.fetcher.publish("ben-song", "1", QUAKE, QUAKE_LEAD)
        await flow.on()

    async def run(fuse: Fuse) -> World:
        path = tmp_path / "now.db"
        shutil.copy(base, path)
        async with await open_store(f"sqlite:///{path}") as store:
            world = World(store, *copy.deepcopy((first.fetcher, first.reader, first.phone, first.clock)))
            world.fetcher.publish("sao-mai", "2", WHY, WHY_LEAD)
            await world.on(world.process(fuse), timedelta(hours=1))
            await world.on(world.process(Fuse()))
        return world

    fuse = Fuse()
    await run(fuse)
    assert "named_since" in fuse.trail
    for step in range(fuse.trail.index("save_detections"), fuse.steps):
        deadly = Fuse(left=step)
        world = await run(deadly)
        where = f"step {step} of {fuse.steps}, {deadly.died_at}"
        assert deadly.died_at, where
        assert len(world.phone.new) == 1, where
        (shown,) = world.phone.shown.values()
        assert QUAKE in shown.html, where
        assert shown.html.count(WHY) == 1, where
