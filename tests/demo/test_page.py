"""The demo's page, as somebody meets it who has typed `monitor demo`: a link that lets them in, and news on it."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

REPO = Path(__file__).parents[2]
WITHIN = 60.0  # seconds, on a busy machine


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPO), "MONITOR_CONFIG_DIR": str(REPO / "config")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "monitor.cli.main", "demo", "--keep"),
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line_with(process: asyncio.subprocess.Process, pattern: str) -> re.Match[str]:
    assert process.stdout is not None
    async with asyncio.timeout(WITHIN):
        while line := (await process.stdout.readline()).decode():
            if found := re.search(pattern, line):
                return found
    pytest.fail(f"nothing was said like {pattern}")


@pytest.mark.slow
async def test_its_link_lets_one_browser_in_as_an_administrator_and_it_ends_when_told(tmp_path: Path) -> None:
    async with demo(tmp_path) as process:
        base, token = (await line_with(process, r"(http://127\.0\.0\.1:\d+)/login\?token=([\w-]{43}) ")).groups()
        await line_with(process, "🔔")
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar, headers={"Accept-Language": "en"}) as http:
            async with http.get(f"{base}/index.json") as answer:
                assert answer.status == 200, "it is read without a login"
            async with http.post(f"{base}/login", data={"link": token}) as answer:
                assert answer.status == 200
            async with http.get(f"{base}/settings") as answer:
                assert "Administrator of this installation" in await answer.text()
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(WITHIN):
            _, said = await process.communicate()
        assert process.returncode == 130
        assert said == b""
