"""The HTTP server of the page, of /healthz and of /metrics, on loopback unless settings say otherwise.

/healthz and /metrics show states and counts only: no token, no chat, no title; what pages show to whom is gate.py's.
Whoever reaches the port can cost neither the process its files (doorkeeper.py) nor a browser its secrets (hosts.py).
"""

import asyncio
import errno
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from monitor.errors import ConfigError, Problem
from monitor.web.doorkeeper import Doorkeeper
from monitor.web.gate import add_pages
from monitor.web.health import Health
from monitor.web.hosts import host_of, is_ours
from monitor.web.metrics import CONTENT_TYPE, Metrics
from monitor.web.site import Site

if TYPE_CHECKING:
    from aiohttp import web

HEALTH_PATIENCE = 4.0  # seconds; Docker's health check gives up after 5
MOST_CONNECTIONS = (
    200  # 120 live pages (event_stream.py) and what people load; a process may open 1,024 files, often no more
)
KEPT_FREE = 10  # of them, for who asks from this very machine
TO_TAKE_ANSWER = 10.0  # seconds in which a peer must have taken what waits for it: 64 kB at most
TO_SAY_HEAD = 10.0  # seconds for the head of a request, and for the next one on the same connection
TO_LINGER = 2.0  # seconds in which a body that nobody asked for is read away
MOST_BODY = 64 * 1024  # bytes
LAST_PORT = 65_535
BACKLOG = 32  # what waits to be accepted; more are refused by the kernel
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@asynccontextmanager
async def serve(
    health: Callable[[], Awaitable[Health]],
    metrics: Metrics,
    *,
    host: str,
    port: int,
    further: int = 0,
    names: Collection[str] = (),
    site: Site | None = None,
) -> AsyncIterator[int]:
    """Serve for the block and give the bound port (`port` 0: a free one). Raises ConfigError when it is taken.

    Taken, one of the `further` ports that follow it is tried. `names` are further hosts under which others reach it;
    without a `site` there are no pages.
    """
    from aiohttp import web  # 0.3 s to load: only a running service needs it

    logger = logging.getLogger("monitor.web")
    logger.addFilter(_is_our_mistake)
    runner = web.AppRunner(
        _application(health, metrics, {host_of(name) for name in (host, *names)}, site),
        access_log=None,
        logger=logger,
        handle_signals=False,
        shutdown_timeout=1.0,
        keepalive_timeout=TO_SAY_HEAD,  # counts from the connection on, and on through a head that trickles in
        lingering_time=TO_LINGER,
    )
    await runner.setup()
    assert runner.server is not None
    keeper = Doorkeeper(
        runner.server,
        lambda: metrics.http_refused("full"),
        most=MOST_CONNECTIONS,
        kept_free=KEPT_FREE,
        to_take_answer=TO_TAKE_ANSWER,
    )
    try:
        server = await _listening_near(keeper, host, port, further)
        try:
            yield int(server.sockets[0].getsockname()[1])
        finally:
            server.close()
    finally:
        await runner.cleanup()


def _application(
    health: Callable[[], Awaitable[Health]], metrics: Metrics, own: Collection[str], site: Site | None
) -> "web.Application":
    from aiohttp import web

    async def healthz(_: web.Request) -> web.Response:
        return _health_response(await _ask(health))

    async def exposition(_: web.Request) -> web.Response:
        return web.Response(body=metrics.exposition(), headers={"Content-Type": CONTENT_TYPE})

    async def guard(_: web.Request, response: web.StreamResponse) -> None:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["Server"] = "monitor"  # which library, and of which version, is nobody's business

    @web.middleware
    async def only_ours(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if not is_ours(request.headers.get("Host"), own):
            metrics.http_refused("host")
            raise web.HTTPMisdirectedRequest(text="This host is not served here: see MONITOR_WEB_URL.\n")
        return await handler(request)

    app = web.Application(client_max_size=MOST_BODY, middlewares=[only_ours])
    app.on_response_prepare.append(guard)
    app.add_routes([web.get("/healthz", healthz), web.get("/metrics", exposition)])
    if site is not None:
        add_pages(app, site)
    return app


def _is_our_mistake(record: logging.LogRecord) -> bool:
    """Whether a line is worth having: who sends what is no HTTP would else fill the log with it."""
    from aiohttp.http_exceptions import HttpProcessingError

    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


async def _listening_near(keeper: Doorkeeper, host: str, port: int, further: int) -> asyncio.Server:
    """The first of these ports that is free, where it is taken and not wrong; what is said is of the first."""
    try:
        return await _listening(keeper, host, port)
    except ConfigError as refused:
        if not isinstance(refused.__cause__, OSError) or refused.__cause__.errno != errno.EADDRINUSE:
            raise
        for another in range(port + 1, min(port + further, LAST_PORT) + 1):
            with suppress(ConfigError):
                return await _listening(keeper, host, another)
        raise


async def _listening(keeper: Doorkeeper, host: str, port: int) -> asyncio.Server:
    try:
        return await asyncio.get_running_loop().create_server(keeper, host, port, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        why = f"cannot listen on {host}:{port} ({error.strerror if isinstance(error, OSError) else error})"
        advice = "set MONITOR_HTTP_PORT to another port, to 0 for a free one, or to off"
        raise ConfigError((Problem("environment", 0, 0, f"MONITOR_HTTP_PORT: {why}: {advice}"),)) from error


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
