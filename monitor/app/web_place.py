"""The web page beside the service: what it stands on, and the pulse of /healthz.

Knows no page; they are in monitor/web.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog

from monitor.app.desks import file_desk, watch_desk
from monitor.app.observers import COUNT_ALL_EVERY, measure_queues
from monitor.app.service import Service
from monitor.app.watch_texts import WatchTexts
from monitor.config import Settings
from monitor.errors import ConfigError
from monitor.notify.mini_app import AppUser, app_user
from monitor.web import Health, Loop, Metrics, Pulse, Site, judge, serve

_log = structlog.stdlib.get_logger("monitor.app")


def _site(service: Service) -> Site:
    settings = service.settings
    return Site(
        store=service.store,
        watchlist=lambda: service.config.watchlist,
        watches=lambda: service.active.watches,
        owners=lambda: service.active.owners,
        feeds=lambda: service.config.feeds,
        status=service.status,
        clock=service.clock,
        zone=ZoneInfo(settings.timezone),
        admin_chats=frozenset(settings.admin_chats),
        access=settings.web_access,
        try_feed=service.try_feed,
        url=lambda: service.page.url,
        app_user=_app_user(settings),
        file_desk=file_desk(service),
        watch_desk=watch_desk(service),
        watch_text=WatchTexts(settings.config_dir).show,
    )


def _app_user(settings: Settings) -> Callable[[str, datetime], AppUser | None] | None:
    """What Telegram signed for this bot is checked so; None where Telegram would open no page of ours."""
    token = settings.telegram_token
    if token is None or not settings.web_url.startswith("https://"):
        return None
    return lambda init_data, now: app_user(init_data, token=token.get_secret_value(), now=now)


async def serve_page(metrics: Metrics, service: Service) -> None:
    """The background service of the page, /healthz and /metrics. A taken port costs them alone: it is logged."""
    settings = service.settings
    if settings.http_port is None:
        return
    names = [urlsplit(settings.web_url).hostname or ""] if settings.web_url else []
    counted_at: datetime | None = None

    async def beat() -> str:
        nonlocal counted_at
        now = service.clock()
        whole = counted_at is None or not timedelta(0) <= now - counted_at < COUNT_ALL_EVERY
        asked = {feed.id for feed in service.config.feeds if feed.enabled}
        trouble = await measure_queues(metrics, service.store, asked, now=now, whole=whole)
        if whole and not trouble:
            counted_at = now
        return trouble

    metrics.jobs_known((*service.stages, "housekeeping", "reload", "own watches", "clock", "place"))
    pulse = Pulse(beat, clock=service.clock)

    async def health() -> Health:
        return judge(
            {name: Loop(loop.swept_at, loop.stage.sweep.stale_after) for name, loop in service.stages.items()},
            now=service.clock(),
            started_at=service.started_at,
            database_error=await pulse.trouble(),
            config_error=str(service.problems[0]) if service.problems else "",
        )

    try:
        async with (
            serve(
                health,
                metrics,
                host=settings.http_host,
                port=settings.http_port,
                names=names,
                site=_site(service),
            ) as port,
            asyncio.TaskGroup() as group,
        ):
            beating = group.create_task(pulse.run(), name="pulse")
            service.page.open(port)
            _log.info("web page", url=service.page.url)
            await service.stopped()
            beating.cancel()
    except ConfigError as taken:
        _log.error("no web page", why=str(taken))
