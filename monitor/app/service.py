"""The running program: its stages and what runs beside them, started and stopped together; the home of APScheduler.

Decides nothing of the rooms', and builds nothing: app/wiring.py does.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor.app.clock_guard import ClockGuard
from monitor.app.events import Swept
from monitor.app.ground import Ground, housekeep
from monitor.app.observers import LastErrors
from monitor.app.page_place import PagePlace
from monitor.app.reload import Reload
from monitor.app.signals import Signals
from monitor.app.stages import StageLoop
from monitor.app.use_cases import UseCases, stage_table
from monitor.config import Config, Settings
from monitor.errors import Problem, WrongSchema
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.pipeline.config_changes import FilesRead
from monitor.pipeline.own_watches import sweep_own_watches
from monitor.pipeline.status import StatusReport, gather_status
from monitor.pipeline.try_feed import TryFeed
from monitor.pipeline.workers_seen import wanted_parts
from monitor.ports import Clock, Fetcher
from monitor.store.role_names import CHORES, GROUP, LOOKOUT, STANDBY
from monitor.store.role_rows import KEPT
from monitor.store.transaction import Store, Transaction
from monitor.types import AlertState, Item

if TYPE_CHECKING:
    from monitor.app.cluster import Cluster
    from monitor.app.worker import SharedRoles

_log = structlog.stdlib.get_logger("monitor.service")

HOUSEKEEPING = timedelta(hours=1)
IN_STEP_EVERY = timedelta(seconds=1)  # what a stand-by has still to learn when it takes over
STOP_WITHIN = timedelta(seconds=5)  # of the 10 s that `monitor run` may take to end

BackgroundService = Callable[["Service"], Coroutine[Any, Any, None]]
"""What runs beside the stages: the bot's conversation, the health page."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a service is made of."""

    use_cases: UseCases
    reload: Reload
    ground: Ground
    guard: ClockGuard
    last_errors: LastErrors
    fetcher: Fetcher


class Service:
    """The running program: built by `open_service`; `run` until `stop`, or `run_once`."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        signals: Signals,
        parts: Parts,
        *,
        clock: Clock,
        background_services: Sequence[BackgroundService] = (),
    ) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.started_at = clock()
        self.page = PagePlace(settings)
        self._signals = signals
        self._use_cases = parts.use_cases
        self._reload = parts.reload
        self._guard = parts.guard
        self._last_errors = parts.last_errors
        self._ends_with: WrongSchema | None = None
        self.try_feed = TryFeed(parts.fetcher, lambda: self.config.feeds)  # what stands at an address
        self._background_services = background_services
        self._is_warm = asyncio.Event()
        self.ground = parts.ground
        self.roles = parts.ground.roles
        self._table = stage_table(
            parts.use_cases, signals, feeds=lambda: self._reload.feeds, sends_at_once=settings.sends_at_once
        )
        self.stages: Mapping[str, StageLoop] = {
            stage.name: StageLoop(stage, signals, clock=clock) for stage in self._table
        }

    # ------------------------------------------------------------ what is asked of it

    @property
    def config(self) -> Config:
        """The files in force."""
        return self._reload.config

    @property
    def active(self) -> ActiveWatchlist:
        """What detection works with at this moment."""
        return self._reload.active

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong with the files when they were last read."""
        return self._reload.problems

    async def reload(self) -> tuple[Problem, ...]:
        """Read the files again and swap them in whole; with problems nothing changes, and admin chats hear of it."""
        return (await self._reload.reload()).problems

    async def read_files(self) -> FilesRead:
        """The same, and what came of it."""
        return await self._reload.reload()

    async def take_up_own(self) -> None:
        """Have the own watches of chats as they are now at work at once; the service looks by itself, too."""
        await self._reload.take_up_own()

    async def status(self) -> StatusReport:
        """How it does, for /status."""
        return await gather_status(
            self.store,
            self.config.feeds,
            self.config.watchlist,
            now=self.clock(),
            last_errors=tuple(self._last_errors),
            problems=self.problems,
            started_at=self.started_at,
            whole=False,  # whoever asks wants an answer at once
            parts=wanted_parts(has_bot=self.settings.telegram_token is not None),
        )

    async def is_idle(self) -> bool:
        """Whether nothing waits: no item to look at, no article to read, no message to send."""
        if any(self.stages[name].tasks for name in ("enrich", "deliver", "channels")):
            return False

        def read(tx: Transaction) -> tuple[Mapping[AlertState, int], list[Item]]:
            return tx.queue_counts(), tx.unmatched_items(limit=1)

        counts, waiting = await self.store.read(read)
        return not waiting and not counts.get(AlertState.PENDING) and not counts.get(AlertState.SENDING)

    def does(self, part: str) -> bool:
        """Whether this process does a part of the work (`--only`)."""
        return part in self.ground.parts

    @property
    def running_stages(self) -> Mapping[str, StageLoop]:
        """The stages that run in this process at this moment: those of its parts whose role it holds."""
        held = self.roles.held()
        return {
            name: loop
            for name, loop in self.stages.items()
            if self.does(loop.stage.part) and (loop.stage.role is None or loop.stage.role in held)
        }

    # ------------------------------------------------------------ running

    async def prepare(self) -> None:
        """Register feeds, channels and the terminal and take own watches up, before anything flows."""
        await self._reload.register(self.config)
        await self._reload.take_up_own()

    async def run(self) -> None:
        """Run until `stop`; raises SenderBroken when Telegram refuses the bot, WrongSchema when the schema moved on."""
        await self.prepare()
        async with contextlib.AsyncExitStack() as stack:
            cluster = await self._open_cluster(stack)
            scheduler = self._scheduler()
            try:
                async with asyncio.TaskGroup() as group:
                    scheduler.start()
                    tasks = [
                        *(group.create_task(each, name=name) for name, each in self._loops(group, cluster)),
                        group.create_task(self._reload.follow(), name="files"),
                        group.create_task(self._reload.follow_own(), name="own"),
                        group.create_task(self._guard.run(scheduler), name="guard"),
                        *(group.create_task(background(self)) for background in self._background_services),
                    ]
                    group.create_task(self._end(tasks), name="end")
            except BaseExceptionGroup as several:
                raise _first_cause(several) from None
            finally:
                scheduler.shutdown(wait=False)
        if self._ends_with is not None:
            raise self._ends_with

    async def _open_cluster(self, stack: contextlib.AsyncExitStack) -> "Cluster | None":
        """What wakes the other processes, where there may be others; the stages that they share run by keys then."""
        if (shared := self.ground.shared) is None:
            return None
        from monitor.app.cluster import Cluster, KeyedLoop, open_engine

        opened = open_engine(self.store, is_heard=lambda: shared.silent_for < KEPT)
        engine = await stack.enter_async_context(opened)
        cluster = Cluster(self.store, engine, self._signals, self.roles, clock=self.clock)
        stack.callback(cluster.end)
        stages = dict(self.stages)
        for stage in self._table:
            if stage.keys is not None:
                here = self.does(stage.part)
                stages[stage.name] = KeyedLoop(
                    stage, self._signals, engine, self.roles, clock=self.clock, runs_here=here
                )
            cluster.add(stages[stage.name])
        self.stages = stages
        return cluster

    def _loops(
        self, group: asyncio.TaskGroup, cluster: "Cluster | None"
    ) -> Iterator[tuple[str, Coroutine[Any, Any, None]]]:
        """What runs the stages that are this process's, each as long as it holds the stage's role.

        Those with keys in any process: whoever looks out hands out the keys of all.
        """
        for name, loop in self.stages.items():
            if self.does(loop.stage.part) or (cluster is not None and loop.stage.keys is not None):
                yield name, self._run_stage(loop, group)
        if self.does("detect"):
            yield "window", self._stand_by()
        if self.ground.shared is not None and cluster is not None:
            yield "beat", self._beat(self.ground.shared)
            yield "lookout", self.roles.while_held(LOOKOUT, cluster.look_out)
            for role in sorted({stage.role for stage in self._table if stage.role and self.does(stage.part)}):
                yield f"{role} is woken", self.roles.while_held(role, partial(cluster.listen, role))

    async def _beat(self, shared: "SharedRoles") -> None:
        """Say each second that this process is there; stop when the schema has become another release's."""
        try:
            await shared.run()
        except WrongSchema as moved:
            _log.error("schema_moved", why=str(moved))
            self._ends_with = moved
            self.stop()

    async def _stand_by(self) -> None:
        """Fill the story window; where another process groups and this one stands by, keep it in step."""
        detect = self._use_cases.detect
        while not self._is_warm.is_set() or self.ground.shared is not None:
            held = self.roles.held()
            if not self._is_warm.is_set():
                if (GROUP in held or STANDBY in held) and await self._signals.guarded(detect.warm, "detect"):
                    self._is_warm.set()
            elif STANDBY in held:
                await self._signals.guarded(detect.keep_up, "detect")
            await asyncio.sleep(IN_STEP_EVERY.total_seconds())

    async def _run_stage(self, loop: StageLoop, group: asyncio.TaskGroup) -> None:
        async def run() -> None:
            loop.began_at = self.clock()
            if loop.stage.name == "detect":
                await self._is_warm.wait()
            loop.wake.set()
            await loop.run(group)

        if loop.stage.role is None:
            await run()
        else:
            await self.roles.while_held(loop.stage.role, run)

    async def run_once(self) -> None:
        """Every stage of the table until it has nothing left, what is due delivered once more, and end."""
        await self.prepare()
        shared = self.ground.shared
        if shared is None:
            await self._drain_all()
            return
        try:
            async with asyncio.TaskGroup() as group:  # a beat that ends in trouble breaks the work off
                beating = group.create_task(shared.run(), name="beat")
                await self._free_dead()
                await self._drain_all()
                beating.cancel()
        except BaseExceptionGroup as several:
            raise _first_cause(several) from None

    async def _free_dead(self) -> None:
        """Where a look-out runs it has done so; runs of cron have none."""
        from monitor.app.worker import LET_OTHERS_BEAT, free_dead

        if not all(each.is_alive for each in await self.store.read(Transaction.workers)):
            await asyncio.sleep(LET_OTHERS_BEAT)
        await self.store.write(free_dead, now=self.clock())

    async def _drain_all(self) -> None:
        deliver = self.stages["deliver"]
        try:
            async with asyncio.TaskGroup() as group:
                for name, loop in self.running_stages.items():
                    if name == "detect" and await self._is_item_waiting():
                        await self._use_cases.detect.warm()  # seconds for a large window, which nothing else asks
                    if loop is deliver:
                        await self._drain_outbox(group)
                    elif loop.stage.sweep.in_once:
                        await loop.drain(group)
                if self.does(deliver.stage.part):
                    await self._drain_outbox(group)
        except BaseExceptionGroup as several:
            raise _first_cause(several) from None
        await self._housekeep()

    async def _is_item_waiting(self) -> bool:
        return bool(await self.store.read(lambda tx: tx.unmatched_items(limit=1)))

    def stop(self) -> None:
        """Ask the service to end: nothing more is claimed, what is on its way to Telegram is waited for."""
        self._signals.stopping.set()

    async def stopped(self) -> None:
        """Wait until somebody asks the service to stop."""
        await self._signals.stopping.wait()

    def _scheduler(self) -> AsyncIOScheduler:
        """The clock of the stages' sweeps and of housekeeping; every stage looks for the first time at once."""
        scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        )
        for name, loop in self.stages.items():
            scheduler.add_job(_tick, _every(loop.stage.sweep.every), [loop], id=name)
            loop.wake.set()
        scheduler.add_job(self._signals.guarded, _every(HOUSEKEEPING), [self._housekeep, "housekeeping"], id="sweep")
        return scheduler

    async def _end(self, tasks: Iterable[asyncio.Task[None]]) -> None:
        """Wait for `stop`, then cancel what may be cancelled and wait for what may not."""
        await self.stopped()
        finishing = self._out(finishes=True)
        for task in (*tasks, *self._out(finishes=False)):
            task.cancel()
        if finishing:
            await asyncio.wait(finishing, timeout=STOP_WITHIN.total_seconds())
        for task in self._out(finishes=True):
            task.cancel()

    def _out(self, *, finishes: bool) -> set[asyncio.Task[None]]:
        loops = (loop for loop in self.stages.values() if loop.stage.finishes is finishes)
        return {task for loop in loops for task in loop.tasks}

    async def _drain_outbox(self, group: asyncio.TaskGroup) -> None:
        """Send until nothing is due; the rests between messages of a chat are waited for, floods are not."""
        deliver, pace = self._use_cases.deliver, self._use_cases.pace
        patience = max(pace.private, pace.group) + timedelta(seconds=1)
        while True:
            await self.stages["deliver"].drain(group)
            await self.stages["channels"].drain(group)
            counts, due_at = await self.store.read(lambda tx: (tx.queue_counts(), tx.next_alert_at()))
            held = deliver.held_until
            due_at = max(due_at, held) if due_at is not None and held is not None else due_at
            if not counts.get(AlertState.PENDING) or due_at is None or due_at - self.clock() > patience:
                return
            await asyncio.sleep(max(0.05, (due_at - self.clock()).total_seconds()))

    async def _housekeep(self) -> None:
        """Delete what is older than it is kept; one process does it for all."""
        if CHORES not in self.roles.held():
            return
        now = self.clock()
        before = now - timedelta(days=self.settings.retention_days)
        gone = await housekeep(self.store, before=before, now=now)
        await self.store.write(sweep_own_watches, now=self.clock())
        if gone:
            self._signals.tell(Swept(gone))


def _every(span: timedelta) -> IntervalTrigger:
    return IntervalTrigger(seconds=int(span.total_seconds()))


async def _tick(loop: StageLoop) -> None:
    # a coroutine, because APScheduler runs plain functions in threads, where an asyncio.Event must not be touched
    loop.tick()


def _first_cause(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first_cause(first) if isinstance(first, BaseExceptionGroup) else first
