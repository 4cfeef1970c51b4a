"""Several processes on one PostgreSQL: how they hand out work by keys; the home of Procrastinate.

The engine only wakes: a job says "look at this key", holds nothing else, and may be lost at any time, because the
look-out asks the rows each second which keys are due. What is claimed, and by whom, stands in the rows.
"""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

import procrastinate
import structlog
from procrastinate import exceptions, manager

from monitor.app.process_roles import Roles
from monitor.app.signals import Signals
from monitor.app.stages import Stage, StageLoop
from monitor.app.worker import LET_OTHERS_BEAT, free_dead
from monitor.ports import Clock
from monitor.store.role_names import LOOKOUT
from monitor.store.transaction import Store

ALL = "all"  # the only key of a stage that one process at a time runs
LOOK_EVERY = 1.0  # seconds: a notice that comes during an empty fetch is lost; each look is a statement a queue
LOOK_OFTEN = 0.5  # the same where no notice comes through
URGENT = frozenset({"deliver", "detect"})  # queues of which a notice tells at once: each costs a connection a process
ENGINE_BEATS_EVERY = 5.0  # seconds
STALLED_AFTER = 20  # seconds of an engine's silence: as long as a worker's (DEAD_AFTER)
GIVE_BACK_EVERY = 5  # seconds
AFTER_TROUBLE = timedelta(seconds=1)
ROW_IS_GONE = "P0001"  # what finishing a job raises when there is no such job at work
END_AGAIN = (0.25, 0.5, 1, 2, 4, 8, 8, 8)  # seconds between tries to end a job: till then nobody looks at its key
TO_FINISH = 3.0  # seconds that jobs get at the end; what must be finished is waited for by the service itself
TO_END = 4.0  # seconds that an engine's worker gets for all of that
CONNECTIONS = 4  # for jobs that are fetched and settled
FREE_DEAD_EVERY = timedelta(seconds=1)

_log = structlog.stdlib.get_logger("monitor.cluster")

LookAt = Callable[[str], Awaitable[object]]


class Engine:
    """Wakes other processes, and this one, by keys."""

    def __init__(self, app: procrastinate.App, *, listens: bool) -> None:
        self._app = app
        self._listens = listens
        self._tasks: dict[str, Any] = {}
        self._look: dict[str, LookAt] = {}

    def add(self, queue: str, look: LookAt) -> None:
        """Know a queue; `look` is what is done with a key of it."""
        self._look[queue] = look

        async def do(key: str) -> None:
            await self._look[queue](key)

        self._tasks[queue] = self._app.task(name=queue, queue=queue)(do)

    async def wake(self, queue: str, keys: Iterable[str]) -> None:
        """Have somebody look at each of these keys; one that waits already is not put there twice.

        A database in trouble costs the wake-up and no more: it is logged, and the look-out asks again.
        """
        wanted = list(dict.fromkeys(keys))
        try:
            waiting = await self._waiting(queue, wanted)
            await self._put(queue, [key for key in wanted if key not in waiting])
        except (exceptions.ProcrastinateException, TimeoutError) as trouble:
            _log.warning("not_woken", queue=queue, why=str(trouble.__cause__ or trouble))

    async def _waiting(self, queue: str, keys: Sequence[str]) -> set[str]:
        rows = await self._app.connector.execute_query_all_async(
            "SELECT queueing_lock FROM procrastinate_jobs"
            " WHERE status = 'todo' AND queue_name = %(queue)s AND queueing_lock = ANY(%(locks)s)",
            queue=queue,
            locks=[_lock(queue, key) for key in keys],
        )
        return {row["queueing_lock"].removeprefix(_lock(queue, "")) for row in rows}

    async def _put(self, queue: str, keys: Sequence[str]) -> None:
        if not keys:
            return
        task = self._tasks[queue]
        jobs = [
            task.configure(lock=_lock(queue, key), queueing_lock=_lock(queue, key)).make_new_job(key=key)
            for key in keys
        ]
        try:
            await self._app.job_manager.batch_defer_jobs_async(jobs)
        except exceptions.AlreadyEnqueued:  # one of them since this very moment: a batch is put there whole or not
            if len(jobs) > 1:
                for key in keys:
                    await self._put(queue, [key])

    async def work(self, queues: Sequence[str], at_once: int) -> None:
        """Look at the keys of queues as they come, so many at once, until cancelled; trouble is waited out."""
        while True:
            working = asyncio.create_task(self._work(queues, at_once), name=f"engine of {queues[0]}")
            try:
                await asyncio.shield(working)
            except asyncio.CancelledError:
                await _end(working)
                raise
            except exceptions.ProcrastinateException as trouble:
                _log.warning("engine_in_trouble", queues=queues, why=str(trouble.__cause__ or trouble))
            await asyncio.sleep(AFTER_TROUBLE.total_seconds())

    async def _work(self, queues: Sequence[str], at_once: int) -> None:
        await self._app.run_worker_async(
            queues=queues,
            name=queues[0],
            concurrency=at_once,
            fetch_job_polling_interval=LOOK_EVERY if self._listens else LOOK_OFTEN,
            listen_notify=self._listens and not URGENT.isdisjoint(queues),
            delete_jobs="always",
            install_signal_handlers=False,
            shutdown_graceful_timeout=TO_FINISH,
            update_heartbeat_interval=ENGINE_BEATS_EVERY,
            stalled_worker_timeout=STALLED_AFTER,
        )

    async def give_back_stalled(self) -> int:
        """Take away jobs whose worker is dead: they would hold their key; how many. What is due is put there anew."""
        try:
            stalled = list(await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER))
            for job in stalled:
                await self._app.job_manager.finish_job(job, status=procrastinate.jobs.Status.FAILED, delete_job=True)
        except exceptions.ProcrastinateException as trouble:
            _log.warning("stalled_not_given_back", why=str(trouble.__cause__ or trouble))
            return 0
        return len(stalled)


class _Jobs(manager.JobManager):
    """Ends each job for certain: one that stays at work while its worker lives would keep its key for ever.

    A process that the others cannot hear says nothing for its jobs either, and takes none: it may hang in the database
    with one connection while another one works, and what is due at its keys would wait as long.
    """

    def __init__(self, connector: procrastinate.PsycopgConnector, is_heard: Callable[[], bool]) -> None:
        super().__init__(connector)
        self._is_heard = is_heard

    async def update_heartbeat(self, worker_id: int) -> None:
        """Say that this engine lives, if its process does."""
        if self._is_heard():
            await super().update_heartbeat(worker_id)

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> procrastinate.jobs.Job | None:
        """Take a job, if this process is one that could do it."""
        return await super().fetch_job(queues, worker_id) if self._is_heard() else None

    async def finish_job(
        self, job: procrastinate.jobs.Job, status: procrastinate.jobs.Status, delete_job: bool
    ) -> None:
        """Try until it is written; a job that is gone (the engine's rows were emptied) has ended well."""
        for pause in (*END_AGAIN, None):
            try:
                await super().finish_job(job, status, delete_job)
            except exceptions.ConnectorException as trouble:
                if getattr(trouble.__cause__, "sqlstate", None) == ROW_IS_GONE:
                    return
                if pause is None:
                    _log.warning("job_not_ended", queue=job.queue, why=str(trouble.__cause__ or trouble))
                    return
                await asyncio.sleep(pause)
            else:
                return


async def _end(working: asyncio.Task[None]) -> None:
    """Let an engine's worker finish and sign off; without a database it could do so for ever."""
    for _ in range(2):  # the first asks it to stop, the second breaks that off
        working.cancel()
        await asyncio.wait((working,), timeout=TO_END)
    if working.done() and not working.cancelled():
        working.exception()  # what it could not write any more, the look-out takes away


def _lock(queue: str, key: str) -> str:
    return f"{queue}:{key}"


@contextlib.asynccontextmanager
async def open_engine(store: Store, *, is_heard: Callable[[], bool] = lambda: True) -> AsyncIterator[Engine]:
    """The engine on the database of `store`. `is_heard`: whether the others know that this process is alive."""
    for library in ("procrastinate", "psycopg.pool"):  # tracebacks by the dozen while the database is away: we say it
        logging.getLogger(library).setLevel(logging.CRITICAL)
    listens = not await asyncio.to_thread(store.is_behind_pooler)
    if not listens:
        _log.info("no_notices", why="a pooler stands before the database: jobs are looked for each half second")
    connector = procrastinate.PsycopgConnector(
        conninfo=store.address,
        kwargs={**store.patience, "prepare_threshold": None},
        min_size=1,
        max_size=len(URGENT) * listens + CONNECTIONS,
        timeout=10.0,  # seconds, for a connection
    )
    app = procrastinate.App(connector=connector)
    app.job_manager = _Jobs(connector, is_heard)
    async with app.open_async():
        yield Engine(app, listens=listens)


# ---------------------------------------------------------------- stages among several processes


class KeyedLoop(StageLoop):
    """A stage that any process may run: it hands out keys that are due, and works on those that it is given.

    Where it is no part of this process (`runs_here`), it only hands out: whoever looks out does so for all, and who has
    written an alert wakes those who send it.
    """

    def __init__(
        self,
        stage: Stage[Any, Any],
        signals: Signals,
        engine: Engine,
        roles: Roles,
        *,
        clock: Clock,
        runs_here: bool = True,
    ) -> None:
        super().__init__(stage, signals, clock=clock)
        assert stage.keys is not None
        self._runs_here = runs_here
        self._keys = stage.keys
        self._engine = engine
        self._roles = roles
        self._group: asyncio.TaskGroup | None = None
        engine.add(stage.name, self.look_at)

    def tick(self) -> None:
        """A second has gone by: the look-out asks which keys are due."""
        if LOOKOUT in self._roles.held():
            self.wake.set()
        else:
            self.swept_at = self._clock()

    async def run(self, group: asyncio.TaskGroup) -> None:
        """Hand out keys whenever woken, and work on those that come, until the service stops."""
        self._group = group
        name, working = self.stage.name, None
        if self._runs_here:
            working = group.create_task(self._engine.work([name], self.stage.at_once), name=name)
        try:
            while not self._signals.stopping.is_set():
                await self.wake.wait()
                self.wake.clear()
                if await self._signals.guarded(self._hand_out, name):
                    self.swept_at = self._clock()
        finally:
            if working is not None:
                working.cancel()

    async def _hand_out(self) -> None:
        keys = await self._keys.due(self._keys.most)
        if keys:
            await self._engine.wake(self.stage.name, keys)

    async def look_at(self, key: str) -> None:
        """Work on what one key has, until nothing of it is due."""
        assert self._group is not None
        while not self._signals.stopping.is_set():
            pieces: Sequence[Any] = ()

            async def claim() -> None:
                nonlocal pieces
                pieces = await self._keys.claim(key, limit=1)

            if not await self._signals.guarded(claim, self.stage.name) or not pieces:
                return
            await asyncio.wait([self._spawn(self._group, piece) for piece in pieces])


class Cluster:
    """What one process of several does to wake the others."""

    def __init__(self, store: Store, engine: Engine, signals: Signals, roles: Roles, *, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._engine = engine
        self._signals = signals
        self._roles = roles
        self._stages: dict[str, StageLoop] = {}
        self._wakings: set[asyncio.Task[None]] = set()
        signals.elsewhere = self.wake

    def add(self, loop: StageLoop) -> None:
        """Know a stage, which this process may run or not."""
        stage = loop.stage
        self._stages[stage.name] = loop
        if stage.keys is None:

            async def look(_: str) -> None:
                loop.wake.set()

            self._engine.add(stage.name, look)

    def wake(self, name: str, after: timedelta, key: str | None) -> bool:
        """Wake whoever runs a stage; False where that is this process, by looking itself."""
        stage = self._stages[name].stage
        if stage.keys is not None and key is not None:
            self._in_a_while(after, name, key)
            return True
        if stage.role is not None and stage.role not in self._roles.held():
            self._in_a_while(after, name, ALL)
            return True
        return False

    def _in_a_while(self, after: timedelta, name: str, key: str) -> None:
        async def wake() -> None:
            await asyncio.sleep(after.total_seconds())
            await self._engine.wake(name, [key])

        task = asyncio.create_task(wake(), name="wake")
        self._wakings.add(task)
        task.add_done_callback(self._wakings.discard)

    def end(self) -> None:
        """Wake nobody any more."""
        for waking in self._wakings:
            waking.cancel()

    async def listen(self, role: str) -> None:
        """Be woken for the stages of a role, as long as it is held here."""
        await self._engine.work([name for name, loop in self._stages.items() if loop.stage.role == role], 1)

    async def look_out(self) -> None:
        """As long as this process is the look-out: give back what the dead held. The stages' ticks do the rest."""
        await asyncio.sleep(LET_OTHERS_BEAT)
        for second in itertools.count():
            await self._signals.guarded(self._free_dead, LOOKOUT)
            if second % GIVE_BACK_EVERY == 0:
                await self._engine.give_back_stalled()
            await asyncio.sleep(FREE_DEAD_EVERY.total_seconds())

    async def _free_dead(self) -> None:
        await self._store.write(free_dead, now=self._clock())
