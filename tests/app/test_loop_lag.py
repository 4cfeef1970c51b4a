"""How late the loop runs its timers: a row of them, each told by how much."""

import asyncio
import time

from monitor.app.loop_lag import watch_loop

EVERY = 0.01


async def lateness(hold_up: float) -> list[float]:
    """What is told while something holds the loop up once for so many seconds, until some timers ran after it."""
    late: list[float] = []
    enough = asyncio.Event()

    def note(seconds: float) -> None:
        late.append(seconds)
        if len(late) >= 3 + hold_up / EVERY:
            enough.set()

    watching = asyncio.create_task(watch_loop(note, every=EVERY))
    await asyncio.sleep(0)
    time.sleep(hold_up)  # noqa: ASYNC251 - this is what is measured
    async with asyncio.timeout(10):
        await enough.wait()
    watching.cancel()
    return late


async def test_a_loop_that_stood_still_ran_its_timers_late_by_what_was_left_of_it() -> None:
    late = await lateness(0.2)
    assert late[0] > 0.18
    assert late[5] > 0.13, "each timer that fell due meanwhile counts"
    assert late[:15] == sorted(late[:15], reverse=True)


async def test_no_timer_is_early() -> None:
    assert min(await lateness(0)) >= 0
