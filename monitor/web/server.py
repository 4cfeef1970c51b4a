"""The small HTTP server of /healthz and /metrics, on loopback unless settings say otherwise.

Shows states and counts only: no token, no chat, no title.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from monitor.errors import ConfigError, Problem
from monitor.web.health import Health
from monitor.web.metrics import CONTENT_TYPE, Metrics

if TYPE_CHECKING:
    from aiohttp import web

HEALTH_PATIENCE = 4.0  # seconds; Docker's health check gives up after 5


@asynccontextmanager
async def serve(
    health: Callable[[], Awaitable[Health]], metrics: Metrics, *, host: str, port: int
) -> AsyncIterator[int]:
    """Serve for the block and give the bound port (`port` 0: a free one). Raises ConfigError when it is taken."""
    from aiohttp import web  # 0.3 s to load: only a running service needs it

    async def healthz(_: web.Request) -> web.Response:
        return _health_response(await _ask(health))

    async def exposition(_: web.Request) -> web.Response:
        return web.Response(body=metrics.exposition(), headers={"Content-Type": CONTENT_TYPE})

    app = web.Application()
    app.add_routes([web.get("/healthz", healthz), web.get("/metrics", exposition)])
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except (OSError, OverflowError) as error:
            why = f"cannot listen on {host}:{port} ({error.strerror if isinstance(error, OSError) else error})"
            advice = "set MONITOR_HTTP_PORT to another port, to 0 for a free one, or to off"
            raise ConfigError((Problem("environment", 0, 0, f"MONITOR_HTTP_PORT: {why}: {advice}"),)) from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def _ask(health: Callable[[], Awaitable[Health]]) -> Health:
    try:
        async with asyncio.timeout(HEALTH_PATIENCE):
            return await health()
    except TimeoutError:
        return Health(reasons=(f"health: no answer within {HEALTH_PATIENCE:.0f} s",))


def _health_response(health: Health) -> "web.Response":
    from aiohttp import web

    return web.json_response(
        {
            "status": "ok" if health.ok else "unwell",
            "reasons": health.reasons,
            "warnings": health.warnings,
            "last_ticks": {name: at.isoformat() if at else None for name, at in health.last_ticks.items()},
        },
        status=200 if health.ok else 503,
    )
