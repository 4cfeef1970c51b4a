"""Of what one asker asks again and again the newest counts; the others give way, and nobody waits for nothing."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from monitor.app.newest_first import NewestFirst, NotDone


class Work:
    """Work that is done when the test says so."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.done: dict[str, asyncio.Event] = {}
        self.broken_off: list[str] = []

    def of(self, name: str) -> Callable[[], Awaitable[str]]:
        event = self.done.setdefault(name, asyncio.Event())

        async def work() -> str:
            self.began.append(name)
            try:
                await event.wait()
            except asyncio.CancelledError:
                self.broken_off.append(name)
                raise
            return name

        return work


@pytest.fixture
def work() -> Work:
    return Work()


async def turn() -> None:
    """Let everything go as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_the_newest_question_takes_the_place_of_the_one_that_waits_and_leaves_the_running_one(work: Work) -> None:
    asked = NewestFirst(at_once=2, most_waiting=9, breaks_off=False)
    answers = []
    for name in ("first", "second", "third"):
        answers.append(asyncio.create_task(asked.ask("an", work.of(name))))
        await turn()
    assert work.began == ["first"]
    assert await answers[1] is NotDone.SUPERSEDED
    work.done["first"].set()
    work.done["third"].set()
    assert [await answers[0], await answers[2]] == ["first", "third"]
    assert work.began == ["first", "third"]


async def test_what_may_be_broken_off_is(work: Work) -> None:
    asked = NewestFirst(at_once=1, most_waiting=9, breaks_off=True)
    first = asyncio.create_task(asked.ask("an", work.of("first")))
    await turn()
    second = asyncio.create_task(asked.ask("an", work.of("second")))
    assert await first is NotDone.SUPERSEDED
    assert work.broken_off == ["first"]
    work.done["second"].set()
    assert await second == "second"


async def test_two_askers_do_not_take_each_others_place_but_wait_for_a_turn(work: Work) -> None:
    asked = NewestFirst(at_once=1, most_waiting=2, breaks_off=True)
    first = asyncio.create_task(asked.ask("an", work.of("first")))
    second = asyncio.create_task(asked.ask("binh", work.of("second")))
    await turn()
    assert work.began == ["first"]
    assert await asked.ask("chi", work.of("third")) is NotDone.BUSY
    for event in work.done.values():
        event.set()
    assert [await first, await second] == ["first", "second"]
    assert await asked.ask("chi", work.of("third")) == "third"


async def test_who_goes_away_takes_their_question_along(work: Work) -> None:
    asked = NewestFirst(at_once=1, most_waiting=1, breaks_off=False)
    gone = asyncio.create_task(asked.ask("an", work.of("gone")))
    await turn()
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert work.broken_off == ["gone"]
    work.done.setdefault("next", asyncio.Event()).set()
    assert await asked.ask("an", work.of("next")) == "next"


async def test_what_goes_wrong_is_told_to_who_asked() -> None:
    asked = NewestFirst(at_once=1, most_waiting=1, breaks_off=False)

    async def wrong() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await asked.ask("an", wrong)
