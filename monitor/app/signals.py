"""How the parts of the running program reach each other: events told, stages woken, bugs caught, the wish to stop.

Decides nothing: what is worth telling, and whom it concerns, is for those who call.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import structlog

from monitor.app.events import JobFailed, Observer, ServiceEvent
from monitor.errors import RoleLost, SenderBroken, StoreError

AT_ONCE = timedelta(0)

_log = structlog.stdlib.get_logger("monitor.service")


class Signals:
    """One for each running service; `stopping` is set once and for all."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        self.stopping = asyncio.Event()
        self._observers = observers
        self.elsewhere: Callable[[str, timedelta, str | None], bool] | None = None  # whether others are woken instead
        self._wakes: dict[str, asyncio.Event] = {}
        self._last_bug = ""

    def tell(self, event: ServiceEvent) -> None:
        """Let every observer know, in their order."""
        for observer in self._observers:
            observer(event)

    def add_stage(self, name: str) -> asyncio.Event:
        """A stage that can be woken from now on, by what is given."""
        return self._wakes.setdefault(name, asyncio.Event())

    def wake(self, stage: str, *, after: timedelta = AT_ONCE, key: str | None = None) -> None:
        """Have a stage look at its rows, now or in a while. Raises KeyError when there is no such stage.

        `key`: the only one that it concerns, for a stage that is handed out by keys among several processes.
        """
        wake = self._wakes[stage]
        if self.elsewhere is not None and self.elsewhere(stage, after, key):
            return
        if after > AT_ONCE:
            asyncio.get_running_loop().call_later(after.total_seconds(), wake.set)
        else:
            wake.set()

    async def guarded(self, job: Callable[[], Awaitable[object]], name: str) -> bool:
        """Run one job; a bug in it is logged and told, and ends nothing else. False when it failed.

        The same trouble again, as a full disk gives it every second, is one line without its traceback. SenderBroken
        alone is passed on: without a bot there is nothing left to run for.
        """
        try:
            await job()
        except SenderBroken:
            raise
        except RoleLost as lost:  # no bug: what this process was doing is another one's by now
            _log.info("role_lost", job=name, why=str(lost))
            return False
        except Exception as bug:
            why = f"{type(bug).__name__}: {bug}"
            again, self._last_bug = why == self._last_bug, why
            _log.error("job_failed", why=why, exc_info=not again and not isinstance(bug, StoreError))
            self.tell(JobFailed(name, why, again))
            return False
        return True
