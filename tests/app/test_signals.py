"""How parts of the program reach each other: stages are woken, bugs end one job and are told, a broken bot ends all."""

import asyncio
from datetime import timedelta

import pytest

from monitor.app.events import JobFailed, ServiceEvent
from monitor.app.signals import Signals
from monitor.errors import RoleLost, SenderBroken, StoreError
from tests.app.conftest import Lines


async def test_every_observer_is_told_in_order() -> None:
    told: list[tuple[str, ServiceEvent]] = []
    signals = Signals([lambda event: told.append(("a", event)), lambda event: told.append(("b", event))])
    event = JobFailed("poll", "x")
    signals.tell(event)
    assert told == [("a", event), ("b", event)]


async def test_a_stage_is_woken_now_or_after_a_while() -> None:
    signals = Signals([])
    now, later = signals.add_stage("now"), signals.add_stage("later")
    signals.wake("now")
    signals.wake("later", after=timedelta(milliseconds=1))
    assert (now.is_set(), later.is_set()) == (True, False)
    async with asyncio.timeout(10):
        await later.wait()


async def test_a_stage_that_does_not_exist_cannot_be_woken() -> None:
    with pytest.raises(KeyError):
        Signals([]).wake("nobody")


async def test_a_bug_ends_its_job_alone_and_the_same_again_has_no_traceback(lines: Lines) -> None:
    told: list[ServiceEvent] = []
    signals = Signals([told.append])

    async def bug() -> None:
        raise KeyError("x")

    async def trouble() -> None:
        raise StoreError("disk full")

    async def well() -> None: ...

    for job in (bug, bug, well, trouble, bug):
        assert await signals.guarded(job, "poll") is (job is well)
    why = "KeyError: 'x'"
    assert told == [
        JobFailed("poll", why),
        JobFailed("poll", why, again=True),
        JobFailed("poll", "StoreError: disk full"),
        JobFailed("poll", why),
    ]
    assert ["exception" in line for line in lines()] == [True, False, False, True]


async def test_a_broken_bot_is_passed_on() -> None:
    async def refused() -> None:
        raise SenderBroken("the token is refused")

    with pytest.raises(SenderBroken):
        await Signals([]).guarded(refused, "deliver")


async def test_a_role_that_was_lost_ends_its_job_and_is_no_failure(lines: Lines) -> None:
    told: list[ServiceEvent] = []

    async def outdated() -> None:
        raise RoleLost("another worker groups")

    assert not await Signals([told.append]).guarded(outdated, "detect")
    assert told == []
    assert [line["event"] for line in lines()] == ["role_lost"]
