"""The web page beside the service: what it stands on, and the pulse of /healthz.

Knows no page; they are in monitor/web.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog

from monitor.app.desks import file_desk, watch_desk
from monitor.app.observers import COUNT_ALL_EVERY, feel, measure_queues
from monitor.app.service import Service
from monitor.app.watch_texts import WatchTexts
from monitor.config import Settings
from monitor.errors import ConfigError, StoreError
from monitor.notify.mini_app import AppUser, app_user
from monitor.store.role_names import LOOKOUT, roles_of
from monitor.store.transaction import Transaction
from monitor.store.worker_rows import WorkerSeen
from monitor.web import Health, Loop, Metrics, Pulse, Site, WorkerFigures, judge, serve

FURTHER_PORTS = 20  # behind MONITOR_HTTP_PORT: so many more processes on one machine

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
    """The background service of the page, /healthz and /metrics. A taken port costs them alone: it is logged.

    Among several processes on one machine the next free port is taken, and the page is there where `web` is done.
    """
    settings, shared = service.settings, service.ground.shared
    counted = _Counted(metrics, service)
    pulse = Pulse(counted.beat, clock=service.clock)

    def verdict(database_error: str) -> Health:
        return judge(
            {
                name: Loop(loop.swept_at, loop.stage.sweep.stale_after, loop.began_at)
                for name, loop in service.running_stages.items()
            },
            now=service.clock(),
            started_at=service.started_at,
            database_error=database_error,
            config_error=str(service.problems[0]) if service.problems else "",
        )

    async def health() -> Health:
        return verdict(await pulse.trouble())

    if shared is not None:
        shared.page = lambda: service.page.own_url
        shared.troubles.append(lambda: "; ".join(verdict(pulse.remembered()).reasons))
        metrics.show_worker(counted.worker)
        metrics.show_whole_if(counted.is_whole_known)
    if settings.http_port is None:
        return
    metrics.jobs_known((*service.stages, "housekeeping", "reload", "own watches", "same files", "clock", "place"))
    try:
        async with (
            serve(
                health,
                metrics,
                host=settings.http_host,
                port=settings.http_port,
                further=0 if shared is None else FURTHER_PORTS,
                names=[urlsplit(settings.web_url).hostname or ""] if settings.web_url else [],
                site=_site(service) if service.does("web") else None,
            ) as port,
            asyncio.TaskGroup() as group,
        ):
            beating = group.create_task(pulse.run(), name="pulse")
            service.page.open(port, has_pages=service.does("web"))
            if settings.http_port not in (0, port):
                _log.info("port_taken", wanted=settings.http_port, instead=port)
            _log.info("web page", url=service.page.own_url if shared is not None else service.page.url)
            await service.stopped()
            beating.cancel()
    except ConfigError as taken:
        _log.error("no web page", why=str(taken))


def port_beside(workers: Sequence[WorkerSeen], *, host: str) -> int | None:
    """The port at which a living worker of this machine shows the page; None where none does."""
    alive = (each.worker for each in workers if each.is_alive)
    shown = (each.page for each in alive if each.host == host and "web" in each.parts and each.page)
    return next((urlsplit(page).port for page in shown), None)


class _Counted:
    """What is counted in rows, now and then, for whoever asks at /metrics.

    What is of all processes the look-out alone measures: it would cost each of them the same, and be the same number.
    """

    def __init__(self, metrics: Metrics, service: Service) -> None:
        self._metrics = metrics
        self._service = service
        self._counted_at: datetime | None = None
        self._alive: int | None = None

    async def beat(self) -> str:
        """Count; what is wrong with the database, in one line."""
        service, metrics, now = self._service, self._metrics, self._service.clock()
        try:
            if service.ground.shared is not None:
                seen = await service.store.read(Transaction.workers)
                self._alive = sum(each.is_alive for each in seen)
                service.page.beside = port_beside(seen, host=service.ground.shared.worker.host)
        except StoreError as wrong:
            return str(wrong)
        if LOOKOUT not in service.roles.held():
            self._counted_at = None
            return await feel(metrics, service.store, now=now)
        whole = self._counted_at is None or not timedelta(0) <= now - self._counted_at < COUNT_ALL_EVERY
        asked = {feed.id for feed in service.config.feeds if feed.enabled}
        trouble = await measure_queues(metrics, service.store, asked, now=now, whole=whole)
        if whole and not trouble:
            self._counted_at = now
        return trouble

    def is_whole_known(self) -> bool:
        """Whether this process is the one that measures, and has done so."""
        return self._counted_at is not None and LOOKOUT in self._service.roles.held()

    def worker(self) -> WorkerFigures:
        """How this worker stands among the others."""
        shared = self._service.ground.shared
        assert shared is not None
        return WorkerFigures(self._alive, shared.silent_for, roles_of(shared.worker.parts), shared.held())
