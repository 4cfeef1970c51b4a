"""The loop that runs every stage, over stages of a line; and the table of the real ones."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.app import stages
from monitor.app.events import JobFailed, ServiceEvent, Swept
from monitor.app.signals import Signals
from monitor.app.stages import SWEEP, TICK, Stage, StageLoop, Sweep, Wake
from monitor.app.wiring import open_service
from monitor.config import Settings, load_all
from tests.newsstand import Newsstand

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)


class Queue:
    """Pieces that wait, and what was done with them."""

    def __init__(self, *pieces: int) -> None:
        self.waiting = list(pieces)
        self.limits: list[int] = []
        self.at_work: list[int] = []
        self.done: list[int] = []
        self.go_on = asyncio.Event()
        self.trouble: list[Exception] = []

    async def claim(self, *, limit: int) -> Sequence[int]:
        self.limits.append(limit)
        if self.trouble:
            raise self.trouble.pop()
        claimed, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return claimed

    async def work(self, piece: int) -> Swept:
        self.at_work.append(piece)
        await self.go_on.wait()
        self.done.append(piece)
        return Swept(piece)


def quiet(_: object) -> Sequence[Wake]:
    return ()


def stage(queue: Queue, *, sweep: Sweep = SWEEP, wakes: Callable[[Swept], Sequence[Wake]] = quiet, **how: Any) -> Any:
    return Stage("sort", 2, sweep, queue.claim, queue.work, wakes, **how)


@asynccontextmanager
async def running(loop: StageLoop) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(loop.run(group))
        yield
        task.cancel()
        for out in loop.tasks:
            out.cancel()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - turns of the loop, no time
            await asyncio.sleep(0)


def loop_of(row: Stage[Any, Any], told: list[ServiceEvent] | None = None) -> tuple[StageLoop, Signals]:
    signals = Signals([] if told is None else [told.append])
    return StageLoop(row, signals, clock=lambda: NOW), signals


async def test_a_stage_looks_when_woken_and_claims_no_more_than_it_has_room_for() -> None:
    queue, told = Queue(1, 2, 3), list[ServiceEvent]()
    loop, signals = loop_of(stage(queue), told)
    async with running(loop):
        signals.wake("sort")
        await until(lambda: queue.at_work == [1, 2])
        signals.wake("sort")  # with both hands full it does not even ask
        await until(lambda: not loop.wake.is_set())
        assert queue.limits == [2]
        assert loop.swept_at == NOW
        queue.go_on.set()
        await until(lambda: queue.done == [1, 2, 3])  # what ends wakes its own stage
        assert told == [Swept(1), Swept(2), Swept(3)]


async def test_a_result_wakes_whom_it_concerns() -> None:
    queue = Queue(7)
    queue.go_on.set()
    loop, signals = loop_of(stage(queue, wakes=lambda swept: [Wake("next")] if swept.items == 7 else []))
    woken = signals.add_stage("next")
    async with running(loop):
        signals.wake("sort")
        async with asyncio.timeout(10):
            await woken.wait()


async def test_after_trouble_a_stage_looks_again_by_itself_and_counts_as_silent_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stages, "AFTER_TROUBLE", timedelta(milliseconds=20))
    queue, told = Queue(1), list[ServiceEvent]()
    queue.go_on.set()
    queue.trouble.append(KeyError("x"))
    loop, signals = loop_of(stage(queue), told)
    async with running(loop):
        signals.wake("sort")
        await until(lambda: len(told) == 1)
        assert told == [JobFailed("sort", "KeyError: 'x'")]
        assert loop.swept_at is None
        await until(lambda: queue.done == [1])


async def test_a_bug_in_one_piece_ends_neither_its_stage_nor_the_others() -> None:
    queue, told = Queue(1, 2, 3), list[ServiceEvent]()
    queue.go_on.set()

    async def work(piece: int) -> Swept:
        if piece == 1:
            raise ValueError("odd")
        return await queue.work(piece)

    row: Stage[int, Swept] = Stage("sort", 2, SWEEP, queue.claim, work, quiet)
    loop, signals = loop_of(row, told)
    async with running(loop):
        signals.wake("sort")
        await until(lambda: queue.done == [2, 3])
    assert JobFailed("sort", "ValueError: odd") in told


async def test_in_turn_means_one_after_the_other_and_no_further_when_the_service_stops() -> None:
    queue = Queue(1, 2)
    loop, signals = loop_of(stage(queue, in_turn=True))
    async with running(loop):
        signals.wake("sort")
        await until(lambda: queue.at_work == [1])
        assert loop.swept_at is None, "a piece that hangs makes its stage stale"
        assert not loop.tasks
        signals.stopping.set()
        queue.go_on.set()
        await until(lambda: loop.swept_at == NOW)
    assert queue.done == [1]


async def test_a_stage_that_paces_itself_looks_again_after_a_claim_that_brought_something() -> None:
    sweep = Sweep(SWEEP.every, SWEEP.stale_after, after_claim=timedelta(milliseconds=5))
    queue = Queue(1, 2, 3)
    loop, signals = loop_of(stage(queue, sweep=sweep))
    async with running(loop):
        signals.wake("sort")
        await until(lambda: queue.at_work == [1, 2])
        loop.wake.clear()
        async with asyncio.timeout(10):
            await loop.wake.wait()  # though nothing has ended and nobody has woken it


async def test_draining_goes_on_until_nothing_waits() -> None:
    queue = Queue(1, 2, 3, 4, 5)
    queue.go_on.set()
    loop, _ = loop_of(stage(queue))
    async with asyncio.TaskGroup() as group:
        await loop.drain(group)
        assert queue.done == [1, 2, 3, 4, 5]
        assert not loop.tasks


# ---------------------------------------------------------------- the table


@pytest.mark.parametrize("model", ["", "http://127.0.0.1:9/v1"], ids=["without", "with"])
async def test_the_table_holds_every_stage_by_its_name(tmp_path: Path, model: str) -> None:
    async with Newsstand() as stand:
        stand.write_config(tmp_path / "config")
        asked: dict[str, Any] = {"summary_url": model} if model else {}
        settings = Settings(config_dir=tmp_path / "config", database_url=f"sqlite:///{tmp_path}/monitor.db", **asked)
        async with open_service(settings, load_all(settings.config_dir), interactive=False) as service:
            rows = {name: loop.stage for name, loop in service.stages.items()}
    first = [
        "poll",
        "detect",
        "fanout",
        "gather",
        "deliver",
        "channels",
        "enrich",
        "recheck",
        "index",
        "report",
        "rhythm",
    ]
    assert list(rows) == [*first, *(["retell"] if model else [])]
    assert all(row.name == name for name, row in rows.items())
    assert [name for name, row in rows.items() if row.finishes] == ["deliver", "channels"]
    assert all(row.sweep.stale_after > 3 * row.sweep.every for row in rows.values())
    assert rows["poll"].sweep is TICK
