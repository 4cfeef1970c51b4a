"""run: the service in the foreground, with its log, until it is stopped."""

import asyncio
import gc
import signal
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from monitor.app.ground import Ground, files_seen, housekeep, is_quiet, open_ground
from monitor.cli.exit_codes import ATTENTION, DONE, INTERRUPTED
from monitor.cli.screen import tell
from monitor.config.settings import Settings, channel_urls_of, read_settings, secrets_of
from monitor.errors import StoreError
from monitor.store.engine import is_shared
from monitor.store.role_names import PARTS
from monitor.store.sole_names import DONE_WITH
from monitor.store.transaction import Transaction
from monitor.types import AlertState, Failed

if TYPE_CHECKING:
    from monitor.app.events import ServiceEvent
    from monitor.app.service import Service
    from monitor.config import Config


def run(*, once: bool, parts: Sequence[str] = PARTS) -> int:
    """The service; `parts` of its work, where several processes share it.

    Raises ConfigError, StoreError or SenderBroken with what to do.
    """
    settings, warnings = read_settings()
    if tuple(parts) != PARTS and not is_shared(settings.database_url):
        raise StoreError("--only: on SQLite one process does all; it needs a MONITOR_DATABASE_URL of PostgreSQL")
    for warning in warnings:
        tell(warning)
    if not settings.contact:
        tell("MONITOR_CONTACT is not set: write a web or mail address where a newspaper can reach you")
    return asyncio.run(_once(settings, parts) if once else _serve(settings, _config(settings), parts))


def _config(settings: Settings) -> "Config":
    """The files, with the log set up: what is imported here and below is not needed by a run with nothing to do."""
    from monitor.app.logs import configure_logs
    from monitor.config.loading import load_all

    configure_logs(settings.log_format, secrets=secrets_of(settings))
    urls = channel_urls_of(settings)
    config = load_all(settings.config_dir, timezone=settings.timezone, channel_urls=urls)
    for warning in config.warnings:
        tell(warning)
    return config


async def _serve(settings: Settings, config: "Config", parts: Sequence[str]) -> int:
    from monitor.app.observers import log_event
    from monitor.app.wiring import open_service

    async with open_service(settings, config, observers=[log_event], parts=parts) as service:
        interrupted = stop_on_signals(service)
        keep_for_good()
        if service.ground.shared is not None:
            await service.store.write(Transaction.set_fact, DONE_WITH, "")
        await service.run()
    return INTERRUPTED if interrupted.is_set() else DONE


def keep_for_good() -> None:
    """What is in memory when the service starts stays to its end, and the search for garbage need not go through it.

    With the shipped watches one reload in eight met a search of 80 ms that held up everything; with this, the worst
    search of 40 reloads took 9 ms (benchmarks/matching/reload.py).
    """
    gc.freeze()


def stop_on_signals(service: "Service") -> asyncio.Event:
    """SIGTERM and SIGINT end the service cleanly; the event tells whether it was SIGINT."""
    loop = asyncio.get_running_loop()
    interrupted = asyncio.Event()

    def interrupt() -> None:
        interrupted.set()
        service.stop()

    loop.add_signal_handler(signal.SIGTERM, service.stop)
    loop.add_signal_handler(signal.SIGINT, interrupt)
    return interrupted


async def _once(settings: Settings, parts: Sequence[str]) -> int:
    """End at once if nothing waits: the rooms, the network and the files take most of a second to import and read."""
    now, seen = _utc_now(), files_seen(settings)
    async with open_ground(settings.database_url, parts=parts) as ground:
        failed = 0
        if await is_quiet(ground, seen, now=now):
            await housekeep(ground.store, before=now - timedelta(days=settings.retention_days), now=now)
        else:
            failed = await _work(ground, settings)
            await ground.store.write(Transaction.set_fact, DONE_WITH, seen)
        counts = await ground.store.read(Transaction.queue_counts)
    return ATTENTION if failed or counts.get(AlertState.UNCERTAIN) else DONE


async def _work(ground: Ground, settings: Settings) -> int:
    """Do what waits; how many feeds failed."""
    config = await asyncio.to_thread(_config, settings)
    from monitor.app.observers import log_event
    from monitor.app.wiring import open_service_on
    from monitor.pipeline.poll import Polled

    failed = 0

    def count(event: "ServiceEvent") -> None:
        nonlocal failed
        if isinstance(event, Polled) and isinstance(event.result, Failed):
            failed += 1

    async with open_service_on(ground, settings, config, observers=[log_event, count], interactive=False) as service:
        await service.run_once()
    return failed


def _utc_now() -> datetime:
    return datetime.now(UTC)
