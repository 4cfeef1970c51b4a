"""Whoever reaches the port of /healthz can open connections and say nothing; the news is told all the same."""

import asyncio
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.app.test_run import CALL, LEAD, READER, Running, running

pytestmark = pytest.mark.slow

HALF_A_REQUEST = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def open_files(run: Running) -> int:
    return len(list(Path(f"/proc/{run.process.pid}/fd").iterdir()))


@contextmanager
def half_open(port: int, count: int) -> Iterator[None]:
    """So many connections that begin a request and never end it."""
    peers = []
    try:
        for _ in range(count):
            peer = socket.create_connection(("127.0.0.1", port), timeout=10)
            peers.append(peer)
            peer.send(HALF_A_REQUEST)
        yield
    finally:
        for peer in peers:
            peer.close()


async def is_well(port: int, *, within: float) -> bool:
    """Whether /healthz answers ok in that time, asked until it does."""
    try:
        async with asyncio.timeout(within), aiohttp.ClientSession() as session:
            while True:
                try:
                    async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:
                        if answer.status == 200:
                            return True
                except (aiohttp.ClientError, ConnectionError):
                    pass
                await asyncio.sleep(0.2)
    except TimeoutError:
        return False


async def subscribed(run: Running) -> None:
    run.api.push_message(READER, "/follow putin")
    await run.alert(READER, "Vladimir Putin")


async def test_more_half_open_connections_than_files_cost_no_news(tmp_path: Path) -> None:
    port = free_port()
    async with running(tmp_path, MONITOR_HTTP_PORT=str(port)) as run:
        await subscribed(run)
        resource.prlimit(run.process.pid, resource.RLIMIT_NOFILE, (256, 256))
        with half_open(port, 300):
            run.stand.publish(CALL, LEAD)
            await run.alert(READER, "🔔")
            assert await is_well(port, within=60)  # their places are free again after ten seconds
            assert run.process.returncode is None
        assert await run.end() == 0


async def test_a_process_that_may_open_no_more_files_goes_on_once_it_may(tmp_path: Path) -> None:
    port = free_port()
    async with running(tmp_path, MONITOR_HTTP_PORT=str(port)) as run:
        await subscribed(run)
        few = open_files(run) + 20
        resource.prlimit(run.process.pid, resource.RLIMIT_NOFILE, (few, few))
        with half_open(port, 40):
            async with asyncio.timeout(60):
                while not all(sign in run.log.read_text() for sign in ("out of system resource", "config_not_read")):
                    assert run.process.returncode is None
                    await asyncio.sleep(0.1)
        run.stand.publish(CALL, LEAD)
        await run.alert(READER, "🔔", within=60)
        assert await is_well(port, within=60)
        assert await run.end() == 0
