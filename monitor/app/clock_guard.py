"""Looks after the ground: the clock, which may be set back, and the lock on the database, which may be lost.

Leaves alone what moves with the clock: that is known by the store and by each part that remembers a time.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.app.ground import CLOCK_STEP
from monitor.app.process_roles import Roles
from monitor.app.signals import Signals
from monitor.errors import StoreError
from monitor.pipeline.digest import follow_clock
from monitor.ports import Clock
from monitor.store.process_rows import DatabaseLock
from monitor.store.role_names import LOOKOUT
from monitor.store.sole_names import IN_USE
from monitor.store.transaction import Store, Transaction

GUARD_EVERY = timedelta(seconds=2)

_log = structlog.stdlib.get_logger("monitor.service")


class ClockGuard:
    """Sees now and then that nobody else works here, and that the clock was not set back; on steady time.

    `turn_back` is told by how much the clock was set back, for what waits in memory.
    """

    def __init__(
        self,
        store: Store,
        database_lock: DatabaseLock | None,
        signals: Signals,
        roles: Roles,
        *,
        turn_back: Callable[[timedelta], None],
        clock: Clock,
        zone: ZoneInfo,
    ) -> None:
        """`zone`: of chats that have none of their own. Among several processes there is no lock to lose."""
        self._roles = roles
        self._zone = zone
        self._store = store
        self._database_lock = database_lock
        self._signals = signals
        self._turn_memory_back = turn_back
        self._clock = clock
        self._seen = clock(), time.monotonic()  # now, not once we run: what starts before us goes by this clock
        self._alone = True

    async def run(self, scheduler: AsyncIOScheduler) -> None:
        """Until cancelled. Raises StoreError when another monitor has taken our place."""
        behind = timedelta(0)
        while True:
            await asyncio.sleep(GUARD_EVERY.total_seconds())
            keep_ticking(scheduler)
            behind += self._set_back_by()
            if behind and await self._signals.guarded(partial(self._turn_back, behind), "clock"):
                behind = timedelta(0)
            if self._database_lock is not None:
                await self._signals.guarded(self._keep_lock, "place")
            if not self._alone:
                raise StoreError(IN_USE)

    def _set_back_by(self) -> timedelta:
        """Since the last look; less than CLOCK_STEP counts as nothing."""
        clock, steady = self._seen
        self._seen = self._clock(), time.monotonic()
        missing = clock + timedelta(seconds=self._seen[1] - steady) - self._seen[0]
        return missing if missing > CLOCK_STEP else timedelta(0)

    async def _keep_lock(self) -> None:
        assert self._database_lock is not None
        self._alone = await self._database_lock.is_kept()

    async def _turn_back(self, by: timedelta) -> None:
        now = self._clock()

        def turn(tx: Transaction) -> int:
            return tx.turn_back(by, now=now) + follow_clock(tx, zone=self._zone, now=now)

        rows = await self._store.write(turn) if LOOKOUT in self._roles.held() else 0  # one process does it for all
        self._turn_memory_back(by)
        _log.warning("clock_went_back", by=str(by), rows=rows)


def keep_ticking(scheduler: AsyncIOScheduler) -> None:
    """See that every job comes within its interval by the machine's clock; one that does not runs now, then in time.

    The scheduler sleeps until the next job by the clock as it was when it lay down: a clock that was set back, also for
    a moment, has it sleep for as long.
    """
    now = datetime.now(UTC)
    for job in scheduler.get_jobs():
        if not -GUARD_EVERY <= job.next_run_time - now <= job.trigger.interval + GUARD_EVERY:
            job.modify(next_run_time=now)
