"""run: the service in the foreground, with its log, until it is stopped."""

import asyncio
import gc
import signal

from monitor.app.events import ServiceEvent
from monitor.app.logs import configure_logs
from monitor.app.observers import log_event
from monitor.app.service import Service
from monitor.app.wiring import open_service
from monitor.cli.exit_codes import ATTENTION, DONE, INTERRUPTED
from monitor.cli.screen import tell
from monitor.config import Config, Settings, load_all, read_settings, secrets_of
from monitor.pipeline.poll import Polled
from monitor.store.transaction import Transaction
from monitor.types import AlertState, Failed


def run(*, once: bool) -> int:
    """The service. Raises ConfigError, StoreError or SenderBroken with what to do."""
    settings, warnings = read_settings()
    configure_logs(settings.log_format, secrets=secrets_of(settings))
    config = load_all(settings.config_dir, timezone=settings.timezone)
    for warning in (*warnings, *config.warnings):
        tell(warning)
    if not settings.contact:
        tell("MONITOR_CONTACT is not set: write a web or mail address where a newspaper can reach you")
    return asyncio.run(_once(settings, config) if once else _serve(settings, config))


async def _serve(settings: Settings, config: Config) -> int:
    async with open_service(settings, config, observers=[log_event]) as service:
        interrupted = stop_on_signals(service)
        keep_for_good()
        await service.run()
    return INTERRUPTED if interrupted.is_set() else DONE


def keep_for_good() -> None:
    """What is in memory when the service starts stays to its end, and the search for garbage need not go through it.

    With the shipped watches one reload in eight met a search of 80 ms that held up everything; with this, the worst
    search of 40 reloads took 9 ms (benchmarks/matching/reload.py).
    """
    gc.freeze()


def stop_on_signals(service: Service) -> asyncio.Event:
    """SIGTERM and SIGINT end the service cleanly; the event tells whether it was SIGINT."""
    loop = asyncio.get_running_loop()
    interrupted = asyncio.Event()

    def interrupt() -> None:
        interrupted.set()
        service.stop()

    loop.add_signal_handler(signal.SIGTERM, service.stop)
    loop.add_signal_handler(signal.SIGINT, interrupt)
    return interrupted


async def _once(settings: Settings, config: Config) -> int:
    failed = 0

    def count(event: ServiceEvent) -> None:
        nonlocal failed
        if isinstance(event, Polled) and isinstance(event.result, Failed):
            failed += 1

    async with open_service(settings, config, observers=[log_event, count], interactive=False) as service:
        await service.run_once()
        counts = await service.store.read(Transaction.queue_counts)
    return ATTENTION if failed or counts.get(AlertState.UNCERTAIN) else DONE
