"""Live events of the whole program: many look, it is killed and ended, and nobody misses anything."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.app.test_run import CALL, LEAD, QUAKE, QUAKE_LEAD, Running, running
from tests.web.listening import WITHIN, Heard, Listener, listening
from tests.web.test_gate import Browser
from tests.web.test_half_open import free_port, is_well

pytestmark = pytest.mark.slow

VIEWERS = 50


@asynccontextmanager
async def at(port: int) -> AsyncIterator[Browser]:
    """A client with as many connections as it likes."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        yield Browser(http, f"http://127.0.0.1:{port}")


async def started(run: Running, port: int) -> None:
    """Another process in the place of the one that ended."""
    with run.log.open("ab") as out:
        run.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "monitor.cli.main", "run", env=run.environment, stdout=out, stderr=out
        )
    assert await is_well(port, within=60)
    await run.stand.polled()


async def until(stream: Listener, title: str) -> list[Heard]:
    """What comes up to the story with this title."""
    came: list[Heard] = []
    while not came or came[-1].kind != "story" or came[-1].data["story"]["title"] != title:
        came.append(await stream.next())
    return came


async def test_fifty_viewers_are_told_and_the_end_waits_for_none_of_them(tmp_path: Path) -> None:
    port = free_port()
    async with running(tmp_path, MONITOR_HTTP_PORT=str(port), MONITOR_WEB_ACCESS="open") as run:
        assert await is_well(port, within=60)
        async with at(port) as browser, AsyncExitStack() as stack:
            streams = [await stack.enter_async_context(listening(browser)) for _ in range(VIEWERS)]
            run.stand.publish(CALL, LEAD)
            async with asyncio.timeout(60):
                await asyncio.gather(*(until(each, CALL) for each in streams))
            began = time.monotonic()
            assert await run.end() == 0
            assert time.monotonic() - began < 10
            await asyncio.gather(*(asyncio.wait_for(each.ended(), WITHIN) for each in streams))


async def test_over_a_kill_a_page_goes_on_where_it_was(tmp_path: Path) -> None:
    port = free_port()
    async with running(tmp_path, MONITOR_HTTP_PORT=str(port), MONITOR_WEB_ACCESS="open") as run:
        assert await is_well(port, within=60)
        async with at(port) as browser:
            async with listening(browser) as stream:
                run.stand.publish(CALL, LEAD)
                before = await until(stream, CALL)
                run.process.send_signal(signal.SIGKILL)
                before += await stream.ended()
            await run.process.wait()
            run.stand.publish(QUAKE, QUAKE_LEAD)
            await started(run, port)
            async with listening(browser, after=stream.last_id) as stream:
                after = await until(stream, QUAKE)
        numbers = [each.id for each in before + after]
        assert len(numbers) == len(set(numbers))
        assert "reload" not in {each.kind for each in before + after}
        assert await run.end() == 0
