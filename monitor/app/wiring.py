"""The one place where parts are built, wired and taken down.

Knows every room and decides nothing of theirs; service.py keeps what is built here running.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TextIO, assert_never
from zoneinfo import ZoneInfo

import structlog

from monitor import __version__
from monitor.app.events import JobFailed, Observer, ServiceEvent
from monitor.app.reload import compile_config
from monitor.app.service import CLOCK_STEP, BackgroundService, Service
from monitor.config import Config, Settings
from monitor.errors import ConfigError
from monitor.feeds.article import HttpArticleReader
from monitor.feeds.fetch import HttpFetcher
from monitor.matching.nlp import UndertheseaNlp
from monitor.net.politeness import HostGate
from monitor.net.request import HttpClient
from monitor.net.session import open_session
from monitor.pipeline.abstract import AbstractDone
from monitor.pipeline.alerts import EDIT_DELAY
from monitor.pipeline.deliver import Delivered, Pace
from monitor.pipeline.detect import Detected
from monitor.pipeline.poll import Polled
from monitor.ports import Sender
from monitor.store.transaction import open_store
from monitor.stories.summary.llm import LlmSummarizer
from monitor.types import (
    TERMINAL,
    AlertKind,
    AlertState,
    Failed,
    Fetched,
    NotModified,
)
from monitor.web import Health, Loop, Metrics, judge, serve

STALE_AFTER = {  # a loop that has not looked for so long hangs; each is rung once a tick or sweep
    "poll": timedelta(minutes=2),
    "deliver": timedelta(minutes=2),
    "detect": timedelta(minutes=5),
    "enrich": timedelta(minutes=5),
    "recheck": timedelta(minutes=5),
    "retell": timedelta(minutes=5),
}

_log = structlog.stdlib.get_logger("monitor.app")


def utc_now() -> datetime:
    """The real clock: the only one in the program."""
    return datetime.now(UTC)


@contextlib.asynccontextmanager
async def open_service(
    settings: Settings,
    config: Config,
    *,
    observers: Sequence[Observer] = (),
    stream: TextIO | None = None,
    pace: Pace = Pace(),
    edit_delay: timedelta = EDIT_DELAY,
    clock: Callable[[], datetime] = utc_now,
    interactive: bool = True,
) -> AsyncIterator[Service]:
    """Build everything from settings and files, and take it down again in the opposite order.

    Alerts go to Telegram when a token is set, else to `stream` (stdout when None). `interactive` False leaves out the
    bot's conversation and the health page: `monitor run --once`.
    Raises StoreError when the database cannot be opened or another monitor works on it.
    """
    async with contextlib.AsyncExitStack() as stack:
        store = await open_store(settings.database_url)
        stack.push_async_callback(store.close)
        database_lock = await stack.enter_async_context(store.sole_worker())
        async with store.begin() as tx:
            now = clock()
            await tx.forget_leases(now=now)  # nobody else works here: what a dead process held is free at once
            if (behind := await tx.clock_behind(now=now)) > CLOCK_STEP:
                _log.warning("clock_went_back", by=str(behind), rows=await tx.turn_back(behind, now=now))
        session = await stack.enter_async_context(
            open_session(allow_private=settings.http_allow_private, contact=settings.contact, version=__version__)
        )
        client = HttpClient(session, HostGate(settings.host_spacing))
        fetcher = HttpFetcher(client, clock=clock)
        reader = HttpArticleReader(client, clock=clock)
        summarizer = None
        if settings.summary_url:
            key = settings.summary_key.get_secret_value() if settings.summary_key else ""
            summarizer = LlmSummarizer(
                client,
                settings.summary_url,
                clock=clock,
                model=settings.summary_model,
                key=key,
                timeout=settings.summary_timeout,
            )
        background_services: list[BackgroundService] = []
        if interactive:
            metrics = Metrics(__version__)
            observers = [*observers, partial(_measure, metrics, clock)]
            background_services.append(partial(_health_page, metrics))
        sender: Sender
        if settings.telegram_token is not None:
            from monitor.notify.telegram import TelegramSender, build_bot, close_bot

            bot = build_bot(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
            stack.push_async_callback(close_bot, bot)
            sender = TelegramSender(bot, clock=clock)
            if interactive:
                background_services.append(partial(_conversation, bot))
        else:
            from monitor.notify.terminal import TerminalSender

            async with store.read() as tx:
                last = await tx.last_message_id(TERMINAL)
            sender = TerminalSender(stream or sys.stdout, first_id=last + 1)
        service = Service(
            settings,
            await asyncio.to_thread(
                compile_config, config
            ),  # no name of its own: the service lets go of it at a reload
            store,
            sender,
            fetcher=fetcher,
            reader=reader,
            nlp=UndertheseaNlp(),  # loads its models at the first doubt: most days need no 90 MB
            pace=pace,
            edit_delay=edit_delay,
            clock=clock,
            observers=observers,
            background_services=background_services,
            database_lock=database_lock,
            summarizer=summarizer,
        )
        yield service


def _conversation(bot: Any, service: Service) -> Coroutine[Any, Any, None]:
    """The background that answers commands and buttons; `bot` is what notify/telegram built."""
    from monitor.bot.conversation import BotService

    settings = service.settings

    async def reload() -> str:
        problems = await service.reload()
        return "\n".join(str(problem) for problem in problems) or f"✅ {service.active.version}"

    return BotService(
        bot=bot,
        store=service.store,
        admin_chats=frozenset(settings.admin_chats),
        access=settings.access,
        timezone=ZoneInfo(settings.timezone),
        watchlist=lambda: service.config.watchlist,
        feeds=lambda: service.config.feeds,
        status=service.status,
        reload=reload,
        clock=service.clock,
    ).run()


async def _health_page(metrics: Metrics, service: Service) -> None:
    """The background that serves /healthz and /metrics. A taken port costs the page, not the news: it is logged."""
    settings = service.settings
    if settings.http_port is None:
        return

    async def health() -> Health:
        waiting = await service.observe(metrics)
        return judge(
            {stage.name: Loop(stage.swept_at, STALE_AFTER[stage.name]) for stage in service.stages},
            now=service.clock(),
            started_at=service.started_at,
            database_error=waiting,
            config_error=str(service.problems[0]) if service.problems else "",
        )

    try:
        async with serve(health, metrics, host=settings.http_host, port=settings.http_port) as port:
            _log.info("health page", url=f"http://{settings.http_host}:{port}/healthz")
            await service.stopped()
    except ConfigError as taken:
        _log.error("no health page", why=str(taken))


def _measure(metrics: Metrics, clock: Callable[[], datetime], event: ServiceEvent) -> None:
    """The observer that counts."""
    match event:
        case Polled(result=result, new=new, took=took):
            match result:
                case Failed(kind=kind):
                    metrics.poll_done(kind.value, took)
                case Fetched():
                    metrics.poll_done("fetched", took)
                    metrics.items_added(len(new))
                case NotModified():
                    metrics.poll_done("not_modified", took)
                case _:
                    assert_never(result)
        case Detected(matches=matches):
            for match in matches:
                metrics.match_found(match.kind)
        case Delivered(alert=alert, state=state):
            metrics.alert_settled(alert.kind.value, state.value)
            if state is AlertState.SENT and alert.kind is AlertKind.ALERT:
                metrics.alert_latency(clock() - alert.created_at)
        case AbstractDone():
            metrics.summary_written(event.outcome)
        case JobFailed(stage=stage):
            metrics.job_failed(stage)
        case _:
            pass  # the rest is in the log
