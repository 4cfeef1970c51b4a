"""Measures how late the event loop runs its timers: whatever holds it up delays everything else.

Judges nothing: the numbers are for /metrics.
"""

import asyncio
from collections.abc import Callable

EVERY = 0.25  # seconds; costs 0.08 % of a core, a tenth of a second 0.2 %


async def watch_loop(late: Callable[[float], None], *, every: float = EVERY) -> None:
    """Tell `late` by how many seconds each timer of a steady row ran late; until cancelled.

    A loop that stood still for long made all timers late that fell due meanwhile, each by its own time.
    """
    loop = asyncio.get_running_loop()
    due = loop.time() + every
    while True:
        await asyncio.sleep(due - loop.time())
        now = loop.time()
        while due <= now:
            late(now - due)
            due += every
