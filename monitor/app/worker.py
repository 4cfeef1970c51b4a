"""A process among several: its heartbeat, the clock that all share, and the roles that it holds.

Knows no stage and no engine.
"""

import asyncio
import os
import platform
import secrets
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog

from monitor import __version__
from monitor.errors import StoreError, WrongSchema
from monitor.store.migrations import HEAD
from monitor.store.role_names import GROUP, LOOKOUT, STANDBY, roles_of
from monitor.store.role_rows import KEPT
from monitor.store.sole_names import DEAD_AFTER
from monitor.store.transaction import Store, Transaction
from monitor.store.worker_rows import Worker

BEAT_EVERY = timedelta(seconds=1)
BEAT_WITHIN = timedelta(seconds=2)  # else the database does not answer: the next beat tries again
HANGS_AT_MOST = timedelta(minutes=5)  # TCP gives up within a minute (engine.py): longer, somebody keeps a line open
STILL_ALIVE = DEAD_AFTER - timedelta(seconds=5)  # of silence: what is claimed is surely nobody else's so long
MARGIN = timedelta(seconds=1)  # before a role would be another's by the database's clock, its holder lets go of it

HANGS = (
    "the database has answered nothing for {minutes} minutes, and no connection broke: does a proxy or pooler before it"
    " hang? This process ends, to be started again with new connections"
)
LET_OTHERS_BEAT = 5.0  # seconds: when a database comes back that was away for long, all look dead but the first

_log = structlog.stdlib.get_logger("monitor.service")


class SharedClock:
    """The database's time: as it said last, and on from there by steady time. The machine's own clock has no say."""

    def __init__(self) -> None:
        self._at = datetime.now(UTC)
        self._steady = time.monotonic()

    def __call__(self) -> datetime:
        """The time."""
        return self._at + timedelta(seconds=time.monotonic() - self._steady)

    def set(self, at: datetime, steady: float) -> None:
        """The database said `at` when the steady clock stood at `steady`."""
        self._at, self._steady = at, steady


def new_worker(worker_id: str, parts: Collection[str]) -> Worker:
    """This process, as it tells the others of itself."""
    return Worker(worker_id, platform.node(), os.getpid(), __version__, HEAD, tuple(parts))


def new_worker_id() -> str:
    """An id that no other process has: pids and names of hosts come again."""
    return secrets.token_hex(6)


def free_dead(tx: Transaction, *, now: datetime) -> None:
    """Give back what the dead hold, as the look-out; else it is another one's to do.

    When the database's clock jumps (its machine slept) all look dead, this one as well: then it is the look-out no
    more, and whoever becomes it lets the others beat first (LET_OTHERS_BEAT).
    """
    if tx.keeps_role(LOOKOUT):
        tx.free_dead(now=now)


class SharedRoles:
    """The heartbeat of a worker, and the roles that it holds or waits for. `run` in a task until cancelled."""

    def __init__(self, store: Store, worker: Worker, *, clock: SharedClock) -> None:
        """`clock` is set by each beat."""
        self.worker = worker
        self._store = store
        self._wanted = roles_of(worker.parts)
        self._clock = clock
        self._fences: dict[str, int] = {}
        self._beat_at = time.monotonic()  # the last one that the database took
        self._heard_at: datetime | None = None  # the same by the database's clock
        self._lives = 0
        self._until = 0.0  # of the loop's clock: so long the roles are surely ours
        self._changed = asyncio.Event()
        self.troubles: list[Callable[[], str]] = []  # what is wrong here, as each part of the process sees it
        self.page: Callable[[], str] = str  # where the page of this process is

    def held(self) -> Mapping[str, int | None]:
        """Those that are surely ours at this moment."""
        return dict(self._fences) if time.monotonic() < self._until else {}

    @property
    def silent_for(self) -> timedelta:
        """Since when the others have heard nothing of this process."""
        return timedelta(seconds=time.monotonic() - self._beat_at)

    @property
    def life(self) -> int | None:
        """A number that is another one once this process was silent for so long that others may have taken it for dead.

        None while it is. What was claimed under one number may be somebody else's under the next.
        """
        return self._lives if self.silent_for < STILL_ALIVE else None

    async def begin(self) -> None:
        """The first beat. Raises StoreError while somebody has the database to themselves."""
        await self._beat()

    async def run(self) -> None:
        """Beat each second, until cancelled; then nothing is held any more.

        Raises WrongSchema when another release has brought the schema to one on which this one cannot work, and
        StoreError when a beat hangs for HANGS_AT_MOST: whatever else asks the database here hangs likewise.
        """
        _log.info("at_work", worker=self.worker.id)
        hangs_for = timedelta(0)  # counted in beats: by the clock one that was stopped meanwhile would hang for as long
        try:
            while True:
                began = time.monotonic()
                try:
                    async with asyncio.timeout(BEAT_WITHIN.total_seconds()):
                        await self._beat()
                    hangs_for = timedelta(0)
                except WrongSchema:
                    raise
                except (StoreError, TimeoutError) as trouble:
                    _log.warning("no_beat", why=str(trouble) or "the database does not answer")
                    self._let_go_in_time()
                    hangs_for = hangs_for + BEAT_WITHIN if isinstance(trouble, TimeoutError) else timedelta(0)
                if hangs_for >= HANGS_AT_MOST:
                    raise StoreError(HANGS.format(minutes=HANGS_AT_MOST // timedelta(minutes=1)))
                rest = began + BEAT_EVERY.total_seconds() - time.monotonic()
                await asyncio.sleep(max(0.05, rest))
        finally:
            self._hold({})

    async def end(self) -> None:
        """Give back all that is held, so that nobody waits for it. A database that is away frees it by itself."""
        self._hold({})
        try:
            async with asyncio.timeout(BEAT_WITHIN.total_seconds()):
                await self._store.write(self._leave)
        except (StoreError, TimeoutError) as trouble:
            _log.warning("not_signed_off", why=str(trouble))

    def _leave(self, tx: Transaction) -> None:
        for role in (*self._wanted, STANDBY):
            tx.leave_role(role, self.worker.id)
        tx.end_worker(self.worker.id)

    async def _beat(self) -> None:
        asked = time.monotonic()
        self.worker = replace(
            self.worker, trouble="; ".join(filter(None, (each() for each in self.troubles))), page=self.page()
        )
        at, fences = await self._store.write_apart(self._write)
        answered, own = time.monotonic(), datetime.now(UTC)
        self._clock.set(at, (asked + answered) / 2)
        self.worker = replace(self.worker, clock_ahead=own - self._clock())
        # the second, because steady time stands still while a machine sleeps
        self._lives += self.life is None or at - (self._heard_at or at) >= STILL_ALIVE
        self._beat_at, self._heard_at = asked, at
        self._until = asked + (KEPT - MARGIN).total_seconds()
        self._hold(fences)

    def _write(self, tx: Transaction) -> tuple[datetime, dict[str, int]]:
        at = tx.beat(self.worker)
        taken = tx.taken_roles(self.worker.id)
        kept = {role: tx.keep_role(role, self.worker.id) for role in self._wanted if role not in {GROUP, *taken}}
        if GROUP in self._wanted:
            kept |= self._keep_grouping(tx, taken)
        return at, {role: fence for role, fence in kept.items() if fence is not None}

    def _keep_grouping(self, tx: Transaction, taken: Collection[str]) -> dict[str, int | None]:
        """Keep the role `group`, or take it from the place beside it, which one worker at a time has.

        That one alone has the story window in memory and in step. If all had, each would pay for what is placed by one.
        """
        me = self.worker.id
        if GROUP in self._fences and (fence := tx.keep_role(GROUP, me)) is not None:
            return {GROUP: fence}
        stands_by = None if STANDBY in taken else tx.keep_role(STANDBY, me)
        if stands_by is None:
            return {}
        if GROUP in taken or (fence := tx.keep_role(GROUP, me)) is None:
            return {STANDBY: stands_by}
        tx.leave_role(STANDBY, me)
        return {GROUP: fence}

    def _let_go_in_time(self) -> None:
        if time.monotonic() >= self._until:
            self._hold({})

    def _hold(self, fences: dict[str, int]) -> None:
        if fences == self._fences:
            return
        for role in sorted(fences.keys() ^ self._fences.keys()):
            _log.info("role_taken" if role in fences else "role_left", role=role)
        self._fences = fences
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def while_held(self, role: str, do: Callable[[], Awaitable[object]]) -> None:
        """Run `do` whenever the role is held here; a new fence is a new run."""
        while True:
            fence, changed = self._fences.get(role), self._changed
            if fence is None:
                await changed.wait()
                continue
            task = asyncio.ensure_future(do())
            try:
                while not task.done() and self._fences.get(role) == fence:
                    waiting = asyncio.ensure_future(self._changed.wait())
                    await asyncio.wait((task, waiting), return_when=asyncio.FIRST_COMPLETED)
                    waiting.cancel()
            finally:
                task.cancel()
                await asyncio.wait((task,))
                error = None if task.cancelled() else task.exception()  # also when we end: else asyncio prints it
            if error is not None:
                raise error
            if self._fences.get(role) == fence:
                return  # it ended by itself
