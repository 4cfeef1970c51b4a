"""The service as `monitor run` runs it, with a finer watch on its event loop. Run by the benchmark.

The lateness of each timer goes to the file that is named, a line each, as it stood when the service ends: seconds of
the clock, seconds late.
"""

import asyncio
import sys
import time
from pathlib import Path

from monitor.app.logs import configure_logs
from monitor.app.loop_lag import watch_loop
from monitor.app.observers import log_event
from monitor.app.wiring import open_service
from monitor.cli.run import keep_for_good, stop_on_signals
from monitor.config import load_all, read_settings

EVERY = 0.05  # seconds between two timers: 1,200 a minute are enough for a p99, and cost 0.3 % of a core


async def main() -> list[tuple[float, float]]:
    """Until SIGTERM; what was late when."""
    settings, _ = read_settings(env_file=None)
    configure_logs("json")
    config = load_all(settings.config_dir, timezone=settings.timezone)
    late: list[tuple[float, float]] = []
    async with open_service(settings, config, observers=[log_event]) as service:
        stop_on_signals(service)
        keep_for_good()
        watching = asyncio.create_task(watch_loop(lambda by: late.append((time.time(), by)), every=EVERY))
        await service.run()
        watching.cancel()
    return late


if __name__ == "__main__":
    lines = [f"{at:.3f} {by:.6f}\n" for at, by in asyncio.run(main())]
    Path(sys.argv[1]).write_text("".join(lines), encoding="ascii")
