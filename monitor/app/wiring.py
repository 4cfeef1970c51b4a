"""The one place where parts are built, wired and taken down.

Knows every room and decides nothing of theirs; service.py keeps what is built here running.
"""

import asyncio
import contextlib
import random
import sys
from collections.abc import AsyncIterator, Collection, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import structlog

from monitor import __version__
from monitor.app.clock_guard import ClockGuard
from monitor.app.desks import file_desk, watch_desk
from monitor.app.events import Observer
from monitor.app.ground import Ground, open_ground, register_terminal
from monitor.app.loop_lag import watch_loop
from monitor.app.observers import DelayObserver, LastErrors, metrics_observer
from monitor.app.reload import Reload, compile_config
from monitor.app.same_files import compare_files
from monitor.app.service import BackgroundService, Parts, Service
from monitor.app.signals import Signals
from monitor.app.use_cases import Outside, ServiceTiming, build_use_cases
from monitor.app.web_place import serve_page
from monitor.charts.painter import open_painter
from monitor.config import Config, Settings
from monitor.feeds.article import HttpArticleReader
from monitor.feeds.fetch import HttpFetcher
from monitor.feeds.parser import FeedParser, open_parser
from monitor.net.politeness import HostGate
from monitor.net.request import HttpClient
from monitor.net.session import open_session
from monitor.notify.senders import LateSender
from monitor.pipeline.alerts import EDIT_DELAY
from monitor.pipeline.answers import Answers
from monitor.pipeline.ask_missed import AskMissed
from monitor.pipeline.channels import Channels
from monitor.pipeline.deliver import Deliver
from monitor.pipeline.digest import follow_clock
from monitor.pipeline.gathering import regathered
from monitor.pipeline.host_turns import SharedHostTurns
from monitor.pipeline.pace import Pace
from monitor.pipeline.pictures import Pictures
from monitor.pipeline.poll import Poll
from monitor.ports import Clock, PageReader, Painter, Sender, Summarizer
from monitor.store.role_names import BOT, GROUP, PARTS
from monitor.store.transaction import Store, Transaction
from monitor.stories.summary.llm import LlmSummarizer
from monitor.types import TERMINAL, Chat
from monitor.web import Metrics

_log = structlog.stdlib.get_logger("monitor.app")


def utc_now() -> datetime:
    """The real clock of the service: whoever needs the time there is given it."""
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
    clock: Clock | None = None,
    interactive: bool = True,
    parts: Collection[str] = PARTS,
) -> AsyncIterator[Service]:
    """Build everything from settings and files, and take it down again in the opposite order.

    Alerts go to Telegram when a token is set, else to `stream` (stdout when None). `interactive` False leaves out the
    bot's conversation and the health page: `monitor run --once`. `parts` of the work are done, among several processes.
    Without a `clock` it is the machine's, or among several processes the database's.
    Raises StoreError when the database cannot be opened or another monitor has it to itself.
    """
    async with (
        open_ground(settings.database_url, clock=clock, parts=parts) as ground,
        open_service_on(
            ground,
            settings,
            config,
            observers=observers,
            stream=stream,
            pace=pace,
            edit_delay=edit_delay,
            interactive=interactive,
        ) as service,
    ):
        yield service


@contextlib.asynccontextmanager
async def open_service_on(
    ground: Ground,
    settings: Settings,
    config: Config,
    *,
    observers: Sequence[Observer] = (),
    stream: TextIO | None = None,
    pace: Pace = Pace(),
    edit_delay: timedelta = EDIT_DELAY,
    interactive: bool = True,
) -> AsyncIterator[Service]:
    """The same on a database that is open already."""
    if (back := ground.clock_set_back) is not None:
        _log.warning("clock_went_back", by=str(back.by), rows=back.rows)
    store, clock = ground.store, ground.clock
    async with contextlib.AsyncExitStack() as stack:
        parser = await stack.enter_async_context(open_parser())
        channels = Channels(store, clock=clock, gathers=partial(_gathered, ZoneInfo(settings.timezone)))
        outside = await _open_outside(stack, settings, store, parser, stream or sys.stdout, channels, clock=clock)
        last_errors = LastErrors(clock=clock)
        background_services: list[BackgroundService] = []
        observers = [last_errors, *observers]
        if interactive:
            metrics = Metrics(__version__)
            metrics.count_bodies(lambda: {str(way): count for way, count in parser.counts.items()})
            observers += [metrics_observer(metrics, clock=clock), DelayObserver(metrics)]
            background_services += [partial(serve_page, metrics), lambda _: watch_loop(metrics.loop_late)]
        signals = Signals(observers)
        if interactive:
            background_services.append(partial(compare_files, signals))
        poll = Poll(store, outside.fetcher, clock=clock, chance=random.random, admins=settings.admin_chats)
        reload = Reload(
            settings,
            await asyncio.to_thread(compile_config, config),  # without a name here, or it would outlive a reload
            store,
            signals,
            register=partial(_register, settings, store, poll, channels, clock),
            clock=clock,
        )
        fence = None if ground.shared is None else lambda: ground.roles.held().get(GROUP)
        life = (lambda: 0) if (shared := ground.shared) is None else lambda: shared.life
        timing = ServiceTiming(clock, pace, edit_delay, fence, life)
        use_cases = build_use_cases(settings, store, outside, poll, reload, timing)
        if interactive and outside.bot is not None and "bot" in ground.parts:
            background_services.append(_receiver(ground, outside, use_cases.deliver, signals))
        zone = ZoneInfo(settings.timezone)
        await store.write(follow_clock, zone=zone, now=clock())
        turn_back = use_cases.deliver.turn_back
        guard = ClockGuard(
            store, ground.database_lock, signals, ground.roles, turn_back=turn_back, clock=clock, zone=zone
        )
        parts = Parts(use_cases, reload, ground, guard, last_errors, outside.fetcher)
        yield Service(settings, store, signals, parts, clock=clock, background_services=background_services)


async def _register(
    settings: Settings, store: Store, poll: Poll, channels: Channels, clock: Clock, config: Config
) -> None:
    """See that the rows have what the files name: feeds, channels, and the terminal where nobody else is told."""
    await poll.register(config.feeds)
    await channels.register(config.channels)
    is_told_elsewhere = settings.telegram_token is not None or bool(config.channels)
    await register_terminal(store, is_told_elsewhere=is_told_elsewhere, now=clock())


def _gathered(zone: ZoneInfo, chat: Chat, now: datetime) -> Chat:
    return regathered(chat, zone, now)


# ---------------------------------------------------------------- what reaches outside


async def _open_outside(
    stack: contextlib.AsyncExitStack,
    settings: Settings,
    store: Store,
    parser: FeedParser,
    stream: TextIO,
    channels: Channels,
    *,
    clock: Clock,
) -> Outside:
    session = await stack.enter_async_context(
        open_session(allow_private=settings.http_allow_private, contact=settings.contact, version=__version__)
    )
    shared_turns = SharedHostTurns(store) if store.is_shared else None
    client = HttpClient(session, HostGate(settings.host_spacing, shared=shared_turns))
    bot = _open_bot(stack, settings)
    reader = HttpArticleReader(client, clock=clock)
    return Outside(
        HttpFetcher(client, parser, clock=clock),
        reader,
        _summarizer(settings, client, clock),
        await _sender(bot, store, stream, clock=clock),
        LateSender(partial(_channel_sender, channels, clock)),
        bot,
        reader,
        await stack.enter_async_context(open_painter()),
    )


def _summarizer(settings: Settings, client: HttpClient, clock: Clock) -> Summarizer | None:
    if not settings.summary_url:
        return None
    key = settings.summary_key.get_secret_value() if settings.summary_key else ""
    return LlmSummarizer(
        client,
        settings.summary_url,
        clock=clock,
        model=settings.summary_model,
        key=key,
        timeout=settings.summary_timeout,
    )


def _open_bot(stack: contextlib.AsyncExitStack, settings: Settings) -> Any:
    if settings.telegram_token is None:
        return None
    from monitor.notify.telegram import build_bot, close_bot

    proxy = settings.telegram_proxy.get_secret_value() if settings.telegram_proxy else ""
    bot = build_bot(settings.telegram_token.get_secret_value(), settings.telegram_api_url, proxy=proxy)
    stack.push_async_callback(close_bot, bot)
    return bot


async def _sender(bot: Any, store: Store, stream: TextIO, *, clock: Clock) -> Sender:
    if bot is not None:
        from monitor.notify.telegram import TelegramSender

        return TelegramSender(bot, clock=clock)
    from monitor.notify.terminal import TerminalSender

    last = await store.read(Transaction.last_message_id, TERMINAL)
    return TerminalSender(stream, first_id=last + 1)


def _channel_sender(channels: Channels, clock: Clock) -> Sender:
    from monitor.notify.apprise import ChannelSender

    return ChannelSender(lambda: channels.by_address, clock=clock)


# ---------------------------------------------------------------- beside the stages


def _receiver(ground: Ground, outside: Outside, deliver: Deliver, signals: Signals) -> BackgroundService:
    """Talks as long as this process is the one that receives for the bot."""
    answers = Answers(
        ground.store,
        outside.sender,
        deliver.waits,
        clock=ground.clock,
        wake=partial(signals.wake, "deliver"),
        out_of_reach=lambda: deliver.is_out_of_reach,
    )

    async def receive(service: Service) -> None:
        await service.roles.while_held(
            BOT, lambda: _conversation(outside.bot, answers, outside.pages, outside.painter, service)
        )

    return receive


def _conversation(
    bot: Any, answers: Answers, reader: PageReader, painter: Painter, service: Service
) -> Coroutine[Any, Any, None]:
    """The background service that answers commands and buttons; `bot` is what notify/telegram built."""
    from monitor.bot.context import BotContext, Running
    from monitor.bot.conversation import BotService
    from monitor.config.one_watch import read_one_watch
    from monitor.pipeline.own_child import in_process
    from monitor.pipeline.own_watches import OwnDesk

    settings = service.settings

    running = Running(
        watchlist=lambda: service.config.watchlist,
        feeds=lambda: service.config.feeds,
        status=service.status,
        reload=service.read_files,
        try_feed=service.try_feed,
        own=lambda: {each: (owner, service.active.watches[each]) for each, owner in service.active.owners.items()},
        page=lambda: service.page.open_url,
    )
    desk = OwnDesk(
        service.store,
        in_process(settings.database_url),
        files=lambda: service.config.watchlist,
        read=lambda text, watch_id: read_one_watch(text, service.config.watchlist, watch_id=watch_id),
        take_up=service.take_up_own,
        clock=service.clock,
    )
    context = BotContext(
        bot=bot,
        answers=answers,
        store=service.store,
        running=running,
        clock=service.clock,
        timezone=ZoneInfo(settings.timezone),
        admin_chats=frozenset(settings.admin_chats),
        access=settings.access,
        fence=(fence := service.roles.held().get(BOT)),
        receives=lambda: fence is None or service.roles.held().get(BOT) == fence,
        missed=AskMissed(
            service.store, lambda: service.active, lambda: service.config.feeds, reader, clock=service.clock
        ),
        desk=watch_desk(service),
        files=file_desk(service),
        pictures=Pictures(
            service.store, painter, watches=lambda: service.active.watches, zone=ZoneInfo(settings.timezone)
        ),
        own=desk,
    )
    return BotService(context).run()
