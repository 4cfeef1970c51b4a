"""The process dies before every step of a merge or a split: both come out whole, and nobody is told twice."""

import copy
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from monitor.store.transaction import open_store
from monitor.types import Address
from tests.crashing import Crash, Fuse
from tests.flow import READER, Flow
from tests.pipeline.test_crash import UNSETTLED, World
from tests.revising import (
    CALL,
    CALL_LEAD,
    QUAKE,
    QUAKE_LEAD,
    TALK,
    TALK_LEAD,
    merging,
    mistaking,
    scripted,
    splitting,
    story_of,
)

pytestmark = pytest.mark.slow

OTHER = Address(2002)


@dataclass
class RevisingWorld(World):
    """A world whose every process reviews its stories as the test says."""

    script: Callable[[Flow], Flow] = lambda flow: flow

    def process(self, fuse: Fuse) -> Flow:
        """A process with this fuse in its chest."""
        return self.script(super().process(fuse))


def merges(flow: Flow) -> Flow:
    return scripted(flow, merging(CALL, TALK, from_outlet="Hải Đăng"))


def splits(flow: Flow) -> Flow:
    return scripted(mistaking(flow, QUAKE, taken_for=CALL), splitting(QUAKE, from_outlet="Hải Đăng"))


@dataclass(frozen=True)
class Morning:
    """Two articles that are told; a third, during which the process dies; what the phones show in the end."""

    script: Callable[[Flow], Flow]
    second: tuple[str, str]
    others_follow: str
    mark: str  # what an edit adds to a message of READER
    rung: tuple[tuple[int, str], ...]  # beside the call


MERGED = Morning(merges, (TALK, TALK_LEAD), "netanyahu", "🔗 Cùng một chuyện", ((1001, TALK), (2002, TALK)))
SPLIT = Morning(splits, (QUAKE, QUAKE_LEAD), "dong-dat", "✂️ Tách riêng", ((2002, QUAKE),))


async def begun(world: RevisingWorld, morning: Morning) -> None:
    """The first two articles come, are told, and are settled."""
    flow = world.process(Fuse())
    await flow.subscribe(READER, "*")
    await flow.subscribe(OTHER, morning.others_follow)
    await flow.start()
    world.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    world.fetcher.publish("sao-mai", "2", *morning.second)
    await flow.on()


async def ended(world: RevisingWorld, morning: Morning, fuse: Fuse) -> None:
    """The third article shows what is what; the fuse burns in between."""
    world.fetcher.publish("hai-dang", "3", *morning.second)
    flow = world.process(fuse)
    try:
        await flow.detect.warm()
        await flow.on()
    except Crash:
        flow = await world.reborn()
        await flow.on()
    last = world.process(Fuse())
    await last.detect.warm()
    await last.on()


def told(world: RevisingWorld) -> Counter[tuple[int, str]]:
    titles = (CALL, TALK, QUAKE)
    return Counter((m.address.chat_id, next(t for t in titles if t in m.html)) for m in world.phone.new)


def deadly_steps(trail: list[str]) -> list[int]:
    """All of transaction 2, and of the first edit that follows; test_crash.py has the other steps."""
    revised = trail.index("save_detections")
    committed = trail.index("after commit", revised)
    edited = trail.index("hold_chat")
    composed = max(at for at in range(edited) if trail[at] == "claim_alerts")
    return [*range(revised, committed + 2), *range(composed + 1, edited + 4)]


@pytest.mark.parametrize("morning", [MERGED, SPLIT], ids=["merge", "split"])
async def test_a_crash_at_any_step_of_a_revision_leaves_it_whole(
    morning: Morning, tmp_path: Path, empty_sqlite: Path
) -> None:
    base = tmp_path / "base.db"
    shutil.copy(empty_sqlite, base)
    async with await open_store(f"sqlite:///{base}") as store:
        first = RevisingWorld(store, script=morning.script)
        await begun(first, morning)

    async def run(fuse: Fuse) -> tuple[RevisingWorld, bool]:
        path = tmp_path / "now.db"
        shutil.copy(base, path)
        async with await open_store(f"sqlite:///{path}") as store:
            fetcher, reader, phone, clock = copy.deepcopy((first.fetcher, first.reader, first.phone, first.clock))
            world = RevisingWorld(store, fetcher, reader, phone, clock, morning.script)
            await ended(world, morning, fuse)
            warm = world.process(Fuse())
            await warm.detect.warm()
            one = story_of(warm, CALL) == story_of(warm, morning.second[0])
        return world, one

    expected = Counter([(1001, CALL), *morning.rung])
    fuse = Fuse()
    await run(fuse)
    assert {"refile", "enqueue"} <= set(fuse.trail)
    assert fuse.steps > 50
    for step in deadly_steps(fuse.trail):
        deadly = Fuse(left=step)
        world, one = await run(deadly)
        where = f"step {step} of {fuse.steps}, {deadly.died_at}"
        assert deadly.died_at, where
        assert one == (morning is MERGED), where
        rung = told(world)
        if rung != expected:
            assert deadly.died_at in UNSETTLED, where
            assert rung - expected == Counter(), where
        mine = [m.html for (chat, _), m in world.phone.shown.items() if chat == READER.chat_id]
        assert sum(morning.mark in html for html in mine) == 1, where
        theirs = [m.html for (chat, _), m in world.phone.shown.items() if chat == OTHER.chat_id]
        assert ["Hải Đăng" in html for html in theirs] == [True], where
