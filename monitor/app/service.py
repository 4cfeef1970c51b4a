"""The running program: four loops that look for work when rung, started and stopped together; the home of APScheduler.

Decides nothing of the rooms'. Work to do is a condition on rows; the bells here only say "look now".
"""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor.app.events import ArticleRead, JobFailed, Observer, Reloaded, ServiceEvent, Swept
from monitor.app.reload import LoadedConfig, free_gently, load_config
from monitor.config import Config, Settings
from monitor.config.file_changes import changes, snapshot
from monitor.errors import ConfigError, Problem, SenderBroken, StoreError
from monitor.feeds.article import HttpArticleReader
from monitor.feeds.fetch import HttpFetcher
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.pipeline.abstract import SPACING, WriteAbstracts
from monitor.pipeline.admin_notices import tell_admins
from monitor.pipeline.compose import Composer
from monitor.pipeline.dedupe_keys import notice_key
from monitor.pipeline.deliver import Deliver, Delivered, Pace
from monitor.pipeline.detect import Detect, Parked
from monitor.pipeline.enrich import Enrich
from monitor.pipeline.poll import Poll, Polled, host_of
from monitor.pipeline.recheck import Recheck
from monitor.pipeline.status import StatusReport, gather_status
from monitor.ports import Nlp, Sender, Summarizer
from monitor.store.process_rows import IN_USE, DatabaseLock
from monitor.store.transaction import Store
from monitor.stories.grouping.window import StoryWindow
from monitor.types import (
    EVERYTHING,
    TERMINAL,
    Alert,
    AlertState,
    Chat,
    ChatKind,
    ChatState,
    Failed,
    Feed,
    FeedId,
    FeedState,
    Item,
    PageDue,
    StoryId,
)
from monitor.web import Metrics

POLLS_AT_ONCE = 50  # facts: 1,000 feeds at 0.4 s take 4.5 s at 100, 40 s at 10
READS_AT_ONCE = 8  # articles; each host has one turn at a time anyway
ABSTRACTS_AT_ONCE = 2  # a model may think for half a minute
RECHECKS_AT_ONCE = 2  # pages of told articles; never in the way of articles that an alert waits for
DETECTED_AT_ONCE = 50  # items read from the store in one go
TICK = timedelta(seconds=1)
SWEEP = timedelta(seconds=30)  # of stages that are rung: catches what a bell missed
HOUSEKEEPING = timedelta(hours=1)
SWEEP_BATCH = 5_000
AFTER_TROUBLE = timedelta(seconds=2)
GUARD_EVERY = timedelta(seconds=2)
CLOCK_STEP = timedelta(seconds=30)  # back; less is a clock that is being put right, and nothing waits for long
LAST_ERRORS = 10  # that /status shows
STOP_WITHIN = timedelta(seconds=5)  # of the 10 s that `monitor run` may take to end

_log = structlog.stdlib.get_logger("monitor.service")


BackgroundService = Callable[["Service"], Coroutine[Any, Any, None]]
"""What runs beside the loops: the bot's conversation, the health page."""


@dataclass(slots=True)
class _Stage:
    """A loop that looks for work when rung, and the tasks it has out."""

    name: str
    wake: asyncio.Event
    at_once: int
    tasks: set[asyncio.Task[None]]
    swept_at: datetime | None = None

    @property
    def free(self) -> int:
        return self.at_once - len(self.tasks)


class Service:
    """The running program: open with `Service.open`, then `run` until `stop`, or `run_once`."""

    def __init__(
        self,
        settings: Settings,
        loaded: LoadedConfig,
        store: Store,
        sender: Sender,
        *,
        fetcher: HttpFetcher,
        reader: HttpArticleReader,
        nlp: Nlp | None,
        pace: Pace,
        edit_delay: timedelta,
        clock: Callable[[], datetime],
        observers: Sequence[Observer],
        background_services: Sequence[BackgroundService] = (),
        database_lock: DatabaseLock | None = None,
        summarizer: Summarizer | None = None,
    ) -> None:
        self.settings = settings
        self.loaded = loaded
        self.store = store
        self.problems: tuple[Problem, ...] = ()
        self.clock = clock
        self._observers = observers
        self._background_services = background_services
        self._database_lock = database_lock
        self._seen = snapshot(settings.config_dir)
        self._alone = True
        admins = settings.admin_chats
        zone = ZoneInfo(settings.timezone)
        self.poll = Poll(store, fetcher, clock=clock, chance=random.random, admins=admins)
        self.window = StoryWindow()
        self.detect = Detect(
            store,
            lambda: self.active,
            self.window,
            clock=clock,
            nlp=nlp,
            admins=admins,
            edit_delay=edit_delay,
            catch_up_after=settings.catch_up_after,
        )
        self.enrich = Enrich(store, reader, self.detect, clock=clock)
        self.recheck = Recheck(store, reader, clock=clock, edit_delay=edit_delay)
        self.write_abstracts = WriteAbstracts(store, summarizer, clock=clock) if summarizer is not None else None
        composer = Composer(
            store, watches=lambda: self.active.watches, zone=zone, shows_abstracts=summarizer is not None
        )
        self.deliver = Deliver(
            store, sender, composer, clock=clock, pace=pace, catch_up_after=settings.catch_up_after, admins=admins
        )
        self._pace = pace
        self.started_at = clock()
        self._errors: deque[str] = deque(maxlen=LAST_ERRORS)  # newest first
        self._last_bug = ""
        self._polling: set[FeedId] = set()
        self._reloading = asyncio.Lock()
        self._stopping = asyncio.Event()
        self.poll_stage = _Stage("poll", asyncio.Event(), POLLS_AT_ONCE, set())
        self.detect_stage = _Stage("detect", asyncio.Event(), 1, set())
        self.enrich_stage = _Stage("enrich", asyncio.Event(), READS_AT_ONCE, set())
        self.recheck_stage = _Stage("recheck", asyncio.Event(), RECHECKS_AT_ONCE, set())
        self.abstract_stage = _Stage("retell", asyncio.Event(), ABSTRACTS_AT_ONCE, set())
        self.deliver_stage = _Stage("deliver", asyncio.Event(), settings.sends_at_once, set())

    # ------------------------------------------------------------ what is configured

    @property
    def config(self) -> Config:
        """The files in force."""
        return self.loaded.config

    @property
    def active(self) -> ActiveWatchlist:
        """What detection works with at this moment."""
        return self.loaded.active

    @property
    def feeds(self) -> Mapping[FeedId, Feed]:
        """The feeds in force, by id."""
        return {feed.id: feed for feed in self.config.feeds}

    @property
    def stages(self) -> tuple[_Stage, ...]:
        """The loops, in the order in which news flows through them."""
        write_abstracts = () if self.write_abstracts is None else (self.abstract_stage,)
        return (
            self.poll_stage,
            self.detect_stage,
            self.enrich_stage,
            self.recheck_stage,
            *write_abstracts,
            self.deliver_stage,
        )

    async def status(self) -> StatusReport:
        """How it does, for /status."""
        return await gather_status(
            self.store,
            self.config.feeds,
            self.config.watchlist,
            now=self.clock(),
            last_errors=self._errors,
            started_at=self.started_at,
        )

    async def observe(self, metrics: Metrics) -> str:
        """Set the gauges of queues; gives what is wrong with the database, empty when it answers."""
        try:
            async with self.store.read() as tx:
                metrics.queue_length("items", await tx.unmatched_count())
                for state, count in (await tx.outbox_counts()).items():
                    metrics.queue_length(f"alerts_{state.value}", count)
                failing = sum(bool(state.failures) for state in await tx.feed_states() if state.feed_id in self.feeds)
        except StoreError as wrong:
            return str(wrong)
        metrics.feeds_failing(failing)
        return ""

    async def reload(self) -> tuple[Problem, ...]:
        """Read the files again and swap them in whole; with problems nothing changes, and admin chats hear of it."""
        async with self._reloading:  # two at once might end with the older reading
            return await self._reload()

    async def _reload(self) -> tuple[Problem, ...]:
        try:
            loaded = await asyncio.to_thread(load_config, self.settings.config_dir, timezone=self.settings.timezone)
        except ConfigError as wrong:
            if wrong.problems != self.problems:
                await self._tell_problems(wrong.problems)
            self.problems = wrong.problems
            self._tell(Reloaded(self.active.version, wrong.problems))
            return wrong.problems
        await self.poll.register(loaded.config.feeds)
        old = [self.loaded]
        self.loaded, self.problems = loaded, ()
        self._tell(Reloaded(loaded.active.version))
        self.poll_stage.wake.set()
        self.detect_stage.wake.set()
        await asyncio.to_thread(free_gently, old)
        return ()

    async def _tell_problems(self, problems: tuple[Problem, ...]) -> None:
        now = self.clock()
        shown = "\n".join(str(problem) for problem in problems[:10])
        async with self.store.begin() as tx:
            await tell_admins(
                tx,
                self.settings.admin_chats,
                lambda _: _.gettext(
                    "⚠️ The files were changed but are wrong; the last good ones stay in force:\n{problems}",
                    problems=shown,
                ),
                dedupe_key=notice_key("config", f"{now:%Y%m%dT%H%M%S}"),
                now=now,
            )
        self.deliver_stage.wake.set()

    # ------------------------------------------------------------ running

    async def prepare(self) -> None:
        """Register feeds and the terminal, and warm the story window, before anything flows."""
        await self.poll.register(self.config.feeds)
        now = self.clock()
        no_token = self.settings.telegram_token is None
        async with self.store.begin() as tx:
            known = await tx.chat(TERMINAL)
            if no_token:
                await tx.save_chat(Chat(TERMINAL, ChatKind.TERMINAL, "terminal", joined_at=now))
                await tx.follow(TERMINAL, EVERYTHING, now=now)
            elif known is not None:
                await tx.save_chat(replace(known, state=ChatState.BARRED))  # Telegram has no such chat
        await self.detect.warm()

    async def run(self) -> None:
        """Run until `stop`; raises SenderBroken when Telegram refuses the bot."""
        await self.prepare()
        scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        )
        for stage, every in (
            (self.poll_stage, TICK),
            (self.deliver_stage, TICK),
            (self.detect_stage, SWEEP),
            (self.enrich_stage, SWEEP),
            (self.recheck_stage, SWEEP),
            (self.abstract_stage, SWEEP),
        ):
            scheduler.add_job(_wake, IntervalTrigger(seconds=int(every.total_seconds())), [stage.wake], id=stage.name)
            stage.wake.set()
        scheduler.add_job(
            self._guarded, IntervalTrigger(seconds=int(HOUSEKEEPING.total_seconds())), [self._housekeep], id="sweep"
        )
        try:
            async with asyncio.TaskGroup() as group:
                scheduler.start()
                loops = [
                    group.create_task(self._loop(self.poll_stage, self._start_polls, group), name="poll"),
                    group.create_task(self._loop(self.detect_stage, self._detect_waiting, group), name="detect"),
                    group.create_task(self._loop(self.enrich_stage, self._start_reads, group), name="enrich"),
                    group.create_task(self._loop(self.recheck_stage, self._start_rechecks, group), name="recheck"),
                    group.create_task(self._loop(self.abstract_stage, self._start_abstracts, group), name="retell"),
                    group.create_task(self._loop(self.deliver_stage, self._start_sends, group), name="deliver"),
                    group.create_task(self._follow_files(), name="files"),
                    group.create_task(self._guard_the_ground(scheduler), name="watch"),
                    *(group.create_task(background(self)) for background in self._background_services),
                ]
                group.create_task(self._end(loops), name="end")
        except BaseExceptionGroup as several:
            raise _first_cause(several) from None
        finally:
            scheduler.shutdown(wait=False)

    def stop(self) -> None:
        """Ask the service to end: nothing more is claimed, what is on its way to Telegram is waited for."""
        self._stopping.set()

    async def stopped(self) -> None:
        """Wait until somebody asks the service to stop."""
        await self._stopping.wait()

    async def is_idle(self) -> bool:
        """Whether nothing waits: no item to look at, no article to read, no message to send."""
        if any(stage.tasks for stage in (self.detect_stage, self.enrich_stage, self.deliver_stage)):
            return False
        async with self.store.read() as tx:
            counts = await tx.outbox_counts()
            waiting = await tx.unmatched_items(limit=1)
        return not waiting and not counts.get(AlertState.PENDING) and not counts.get(AlertState.SENDING)

    async def run_once(self) -> None:
        """Poll everything due, look, read, deliver what is due, and end."""
        await self.prepare()
        try:
            async with asyncio.TaskGroup() as group:
                while await self._start_polls(group):
                    await _all_done(self.poll_stage.tasks)
                while await self._detect_waiting(group):
                    pass
                await self._drain_outbox(group)  # before the articles are read, which may take long
                while await self._start_reads(group):
                    await _all_done(self.enrich_stage.tasks)
                while await self._start_rechecks(group):
                    await _all_done(self.recheck_stage.tasks)
                await self._drain_outbox(group)
        except BaseExceptionGroup as several:
            raise _first_cause(several) from None
        await self._housekeep()

    async def _drain_outbox(self, group: asyncio.TaskGroup) -> None:
        """Send until nothing is due; the rests between messages of a chat are waited for, floods are not."""
        patience = max(self._pace.private, self._pace.group) + timedelta(seconds=1)
        while True:
            while await self._start_sends(group):
                await _all_done(self.deliver_stage.tasks)
            async with self.store.read() as tx:
                counts = await tx.outbox_counts()
                due_at = await tx.next_alert_at()
            held = self.deliver.held_until
            due_at = max(due_at, held) if due_at is not None and held is not None else due_at
            if not counts.get(AlertState.PENDING) or due_at is None or due_at - self.clock() > patience:
                return
            await asyncio.sleep(max(0.05, (due_at - self.clock()).total_seconds()))

    async def _loop(
        self, stage: _Stage, sweep: Callable[[asyncio.TaskGroup], Awaitable[int]], group: asyncio.TaskGroup
    ) -> None:
        while not self._stopping.is_set():
            await stage.wake.wait()
            stage.wake.clear()
            well = stage.free <= 0 or self._stopping.is_set() or await self._guarded(lambda: sweep(group), stage.name)
            if well:
                stage.swept_at = self.clock()
            else:  # whatever waits there still waits, and nobody will ring again for a sweep
                asyncio.get_running_loop().call_later(AFTER_TROUBLE.total_seconds(), stage.wake.set)

    async def _guarded(self, job: Callable[[], Awaitable[object]], stage: str = "housekeeping") -> bool:
        """The job wrapper: a bug in one look is logged and the stage goes on at the next bell; False when it failed.

        The same trouble again, as a full disk gives it every second, is one line without its traceback.
        """
        try:
            await job()
        except SenderBroken:
            raise
        except Exception as bug:
            why = f"{type(bug).__name__}: {bug}"
            if why != self._last_bug:
                self._errors.appendleft(f"{self.clock():%Y-%m-%d %H:%M} UTC {why}")
            _log.error("job_failed", why=why, exc_info=why != self._last_bug and not isinstance(bug, StoreError))
            self._last_bug = why
            self._tell(JobFailed(stage, why))
            return False
        return True

    def _spawn(self, group: asyncio.TaskGroup, stage: _Stage, job: Coroutine[Any, Any, None]) -> None:
        async def guarded() -> None:
            await self._guarded(lambda: job, stage.name)

        task = group.create_task(guarded(), name=stage.name)
        stage.tasks.add(task)

        def ended(done: asyncio.Task[None]) -> None:
            stage.tasks.discard(done)
            stage.wake.set()

        task.add_done_callback(ended)

    async def _start_polls(self, group: asyncio.TaskGroup) -> int:
        asked = {host_of(self.feeds[feed_id].url) for feed_id in self._polling if feed_id in self.feeds}
        idle = {feed_id: feed for feed_id, feed in self.feeds.items() if host_of(feed.url) not in asked}
        due = await self.poll.claim(idle, limit=self.poll_stage.free)
        for feed, state in due:
            self._polling.add(feed.id)
            self._spawn(group, self.poll_stage, self._poll(feed, state))
        return len(due)

    async def _poll(self, feed: Feed, state: FeedState) -> None:
        try:
            polled = await self.poll.poll(feed, state)
        finally:
            self._polling.discard(feed.id)
        self._tell(polled)
        if polled.new or polled.reworded:
            self.detect_stage.wake.set()
        if polled.trouble:
            self.deliver_stage.wake.set()

    async def _detect_waiting(self, group: asyncio.TaskGroup) -> int:
        items = await self.detect.unmatched(limit=DETECTED_AT_ONCE)
        for item in items:
            if self._stopping.is_set():
                return 0
            came = await self.detect.detect(item)
            if came is not None:
                self._tell(came)
            self.deliver_stage.wake.set()
            self.enrich_stage.wake.set()
            await asyncio.sleep(0)  # a first poll brings thousands of items: let the others breathe
        again = len(items) or await self.detect.match_again(limit=DETECTED_AT_ONCE)
        if again:
            self.detect_stage.wake.set()
        return len(items)

    async def _start_reads(self, group: asyncio.TaskGroup) -> int:
        items = await self.enrich.claim(limit=self.enrich_stage.free)
        for item in items:
            self._spawn(group, self.enrich_stage, self._read(item))
        return len(items)

    async def _read(self, item: Item) -> None:
        found = await self.enrich.read(item)
        self._tell(ArticleRead(item, found))
        self.deliver_stage.wake.set()

    async def _start_rechecks(self, group: asyncio.TaskGroup) -> int:
        pages = await self.recheck.claim(limit=self.recheck_stage.free)
        for page in pages:
            self._spawn(group, self.recheck_stage, self._recheck(page))
        return len(pages)

    async def _recheck(self, page: PageDue) -> None:
        seen = await self.recheck.recheck(page)
        self._tell(seen)
        if seen.verdict.new_title:
            self.detect_stage.wake.set()
        self.deliver_stage.wake.set()

    async def _start_abstracts(self, group: asyncio.TaskGroup) -> int:
        if self.write_abstracts is None:
            return 0
        stories = await self.write_abstracts.claim(limit=self.abstract_stage.free)
        for story_id in stories:
            self._spawn(group, self.abstract_stage, self._write_abstract(self.write_abstracts, story_id))
            asyncio.get_running_loop().call_later(SPACING.total_seconds() + 0.01, self.abstract_stage.wake.set)
        return len(stories)

    async def _write_abstract(self, write_abstracts: WriteAbstracts, story_id: StoryId) -> None:
        done = await write_abstracts.write(story_id)
        if done is not None:
            self._tell(done)
        self.deliver_stage.wake.set()

    async def _start_sends(self, group: asyncio.TaskGroup) -> int:
        alerts = await self.deliver.claim(limit=self.deliver_stage.free)
        for alert in alerts:
            self._spawn(group, self.deliver_stage, self._send(alert))
        return len(alerts)

    async def _send(self, alert: Alert) -> None:
        delivered = await self.deliver.deliver(alert)
        self._tell(delivered)
        if delivered.rest:  # look again when the chat may have more
            asyncio.get_running_loop().call_later(delivered.rest.total_seconds() + 0.01, self.deliver_stage.wake.set)

    async def _housekeep(self) -> None:
        before = self.clock() - timedelta(days=self.settings.retention_days)
        gone = 0
        while True:
            async with self.store.begin() as tx:
                swept = await tx.sweep(before=before, limit=SWEEP_BATCH)
            gone += swept
            if swept < SWEEP_BATCH:
                break
        async with self.store.begin() as tx:
            await tx.forget_abstracts(before=before)
        if gone:
            self._tell(Swept(gone))

    async def _follow_files(self) -> None:
        async for _ in changes(self.settings.config_dir, self._stopping, seen=self._seen):
            await self._guarded(self.reload, "reload")

    async def _guard_the_ground(self, scheduler: AsyncIOScheduler) -> None:
        """See now and then that nobody else works here, and that the clock was not set back; on steady time.

        Raises StoreError when another monitor has taken our place.
        """
        loop = asyncio.get_running_loop()
        clock, steady, behind = self.clock(), loop.time(), timedelta(0)
        while True:
            await asyncio.sleep(GUARD_EVERY.total_seconds())
            expected = clock + timedelta(seconds=loop.time() - steady)
            clock, steady = self.clock(), loop.time()
            behind += expected - clock if expected - clock > CLOCK_STEP else timedelta(0)
            if behind and await self._guarded(partial(self._turn_back, behind, scheduler), "clock"):
                behind = timedelta(0)
            if self._database_lock is not None:
                await self._guarded(partial(self._keep_lock, self._database_lock), "place")
            if not self._alone:
                raise StoreError(IN_USE)

    async def _keep_lock(self, database_lock: DatabaseLock) -> None:
        self._alone = await database_lock.is_kept()

    async def _turn_back(self, by: timedelta, scheduler: AsyncIOScheduler) -> None:
        async with self.store.begin() as tx:
            rows = await tx.turn_back(by, now=self.clock())
        self.deliver.turn_back(by)
        run_now(scheduler)
        _log.warning("clock_went_back", by=str(by), rows=rows)

    async def _end(self, loops: Sequence[asyncio.Task[None]]) -> None:
        """Wait for `stop`, then cancel what may be cancelled and wait for what may not."""
        await self._stopping.wait()
        others = [task for stage in self.stages if stage is not self.deliver_stage for task in stage.tasks]
        for task in (*loops, *others):
            task.cancel()
        if self.deliver_stage.tasks:
            await asyncio.wait(self.deliver_stage.tasks, timeout=STOP_WITHIN.total_seconds())
        for task in self.deliver_stage.tasks:
            task.cancel()

    def _tell(self, event: ServiceEvent) -> None:
        if trouble := trouble_in(event):
            self._errors.appendleft(f"{self.clock():%Y-%m-%d %H:%M} UTC {trouble}")
        for observer in self._observers:
            observer(event)


def trouble_in(event: ServiceEvent) -> str:
    """What an event says of trouble, in one line; empty when all went well."""
    match event:
        case Polled(feed=feed, result=Failed(why=why)):
            return f"{feed.id}: {why}"
        case Parked(item=item, why=why):
            return f"item {item.id}: {why}"
        case Delivered(alert=alert, state=state, why=why) if state not in (AlertState.SENT, AlertState.SKIPPED):
            return f"alert {alert.id} to chat {alert.address.chat_id}: {why}"
        case Reloaded(problems=problems) if problems:
            return str(problems[0])
        case _:
            return ""


def run_now(scheduler: AsyncIOScheduler) -> None:
    """Run every job at once and go on from there: their next times are the old clock's, and no tick would come."""
    for job in scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(UTC))


async def _wake(wake: asyncio.Event) -> None:
    # a coroutine, because APScheduler runs plain functions in threads, where an asyncio.Event must not be touched
    wake.set()


async def _all_done(tasks: set[asyncio.Task[None]]) -> None:
    while tasks:
        await asyncio.wait(tasks)
        await asyncio.sleep(0)  # the callbacks that take ended tasks out of the set run next


def _first_cause(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first_cause(first) if isinstance(first, BaseExceptionGroup) else first
