"""benchmarks/scaling/simulation.py still runs, keeps the laws that it is about, and would see one that is broken."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from benchmarks.scaling import polling
from benchmarks.scaling.polling import Polling
from benchmarks.scaling.readers import watchlist
from benchmarks.scaling.simulation import NINE, SMALL, asked, run
from benchmarks.scaling.telling import Readers, Telling, bots_needed, hour, readers, sending
from benchmarks.scaling.world import sources
from monitor.types import Address, FeedState, Target, Watch

FEW = replace(SMALL, feeds=60, warm_up=0.0, measured=900.0)


def polls_of_one_newspaper(seconds: float = FEW.measured, processes: int = 1) -> Polling:
    feeds = [replace(source, host="to.example") for source in sources(FEW.feeds, random.Random(2))]
    return asked(feeds, replace(FEW, measured=seconds, processes=processes))


@pytest.mark.slow
def test_the_small_simulation_keeps_every_law() -> None:
    said: list[str] = []
    found = run(SMALL, said.append)
    assert found.polling.late
    assert found.polling.items
    assert (found.polling.too_soon, found.polling.impolite, found.told.twice) == (0, 0, 0)
    assert min(found.day.by_hour) > 0
    assert [each.named > 0 for each in found.matching] == [True, True]
    assert found.told.messages > 0
    assert [(each.followers, each.rows) for each in found.audiences] == [(10, 10), (200, 200)]
    assert sum(table.count("\n| ---") for table in said) == 6


@pytest.mark.parametrize("processes", [1, 3])
def test_simulated_polls_are_polite(processes: int) -> None:
    found = polls_of_one_newspaper(processes=processes)
    assert len(found.late) > 50
    assert (found.too_soon, found.impolite) == (0, 0)


def test_a_gate_that_lets_everybody_in_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    class Open:
        def __init__(self, spacing: timedelta) -> None:
            pass

        @asynccontextmanager
        async def turn(self, host: str) -> AsyncIterator[None]:
            yield

    monkeypatch.setattr(polling, "HostGate", Open)
    assert polls_of_one_newspaper().impolite > 0


def test_a_feed_that_is_asked_again_at_once_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def at_once(state: FeedState, *_: object, now: datetime, **__: object) -> FeedState:
        return replace(state, next_check_at=now)

    monkeypatch.setattr("monitor.pipeline.poll.after_success", at_once)
    assert polls_of_one_newspaper(60.0).too_soon > 0


def test_every_follower_is_told_once_of_a_story_however_many_things_they_follow() -> None:
    watches = watchlist(20).watches
    known = readers(300, watches)
    told = hour(known, [Telling(0.0, watch, ()) for watch in watches], NINE, 60.0)
    assert told.messages == sum(len(known.of(watch)) for watch in watches) > 300
    assert told.twice == 0


def test_a_follower_that_is_told_twice_is_seen() -> None:
    class Doubled(Readers):
        def of(self, watch: Watch) -> list[Address]:
            return [*super().of(watch), *[Address(-1)] * 2 * 10_000]

    watches = watchlist(20).watches
    known = readers(300, watches)
    doubled = Doubled(known.count, known.by_target, {**known.targets, Address(-1): known.targets[Address(1_000)]})
    target = known.targets[Address(1_000)][0]
    followed = next(watch for watch in watches if Target(watch.id) == target)
    assert hour(doubled, [Telling(0.0, followed, ())], NINE, 60.0).twice == 1


def test_later_tellers_in_one_burst_are_one_edit_of_each_message() -> None:
    watches = watchlist(20).watches
    known = readers(300, watches)
    story = Telling(0.0, watches[0], (20.0, 25.0, 34.9, 60.0, 5_000.0))
    told = hour(known, [story], NINE, 3_600.0)
    assert told.edits == 2 * told.messages > 0


def test_messages_leave_at_the_pace_of_the_bots() -> None:
    found = sending([(0.0, 280), (5.0, 280)], 1, 28.0, 40.0)
    assert (found.last, found.busy) == (15.0, 0.5)
    assert found.p50 == pytest.approx(7.5, abs=0.01)
    assert sending([(0.0, 280)], 10, 28.0, 40.0).last == 1.0


def test_no_fewer_bots_would_do() -> None:
    batches = [(float(at), 3_000) for at in range(0, 600, 60)]
    bots = bots_needed(batches, 28.0, 30.0, 600.0)
    assert sending(batches, bots, 28.0, 600.0).p99 <= 30.0 < sending(batches, bots - 1, 28.0, 600.0).p99
