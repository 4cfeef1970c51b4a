"""A rolling deploy with real processes: the release after this one beside it, one replacing the other, nothing lost."""

import asyncio
import os
import random
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.store.transaction import Transaction, open_store
from monitor.types import Address, Chat, ChatKind, Target
from tests import newer_release
from tests.app.test_kill import CHATS, TOKEN, Newspaper, newspaper, rung, write_config
from tests.bot_api import BotApi
from tests.databases import Cluster
from tests.newer_release import CONTRACTING, NEXT

pytestmark = pytest.mark.slow

MORE = 10  # items that the new one tells alone
WITHIN = 90.0  # seconds
OLD, NEW = 0, 1


@pytest.fixture
def own(postgresql: Cluster) -> Iterator[str]:
    """A PostgreSQL database whose schema may be changed."""
    url = postgresql.new_database("migrated")
    yield url
    postgresql.drop(url)


def follow_all(tx: Transaction) -> None:
    """Each chat follows one person of its own."""
    for number in range(CHATS):
        tx.save_chat(Chat(Address(1000 + number), ChatKind.PRIVATE))
        tx.follow(Address(1000 + number), Target(f"nguoi-{number}"), now=datetime.now(UTC))


async def test_a_release_that_only_adds_takes_over_from_this_one_while_news_flows(own: str, tmp_path: Path) -> None:
    paper = Newspaper(random.Random(7), a_second=3)
    added = newer_release.draw(tmp_path / "added")
    taken = newer_release.draw(tmp_path / "taken", works_with=NEXT, upgrade=CONTRACTING)
    async with newspaper(paper) as base, BotApi(token=TOKEN, any_chat=True) as api, AsyncExitStack() as stack:
        write_config(tmp_path / "config", base)
        async with await open_store(own) as store:
            await store.write(follow_all)

        async def start(number: int, *command: str) -> asyncio.subprocess.Process:
            environment = os.environ | {
                "MONITOR_CONFIG_DIR": str(tmp_path / "config"),
                "MONITOR_DATABASE_URL": own,
                "MONITOR_TELEGRAM_TOKEN": TOKEN,
                "MONITOR_TELEGRAM_API_URL": api.url_of(str(number)),
                "MONITOR_HTTP_ALLOW_PRIVATE": "true",
                "MONITOR_HTTP_PORT": "off",
                "MONITOR_HOST_SPACING": "100ms",
                "MONITOR_LOG_FORMAT": "json",
            }
            with (tmp_path / f"{number}.log").open("ab") as log:
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", *command, env=environment, stdout=log, stderr=log
                )
            stack.push_async_callback(end, process)
            return process

        def said(number: int) -> str:
            return (tmp_path / f"{number}.log").read_text()

        def sent(number: int) -> int:
            return sum(call.who == str(number) for call in api.accepted("sendMessage"))

        old = await start(OLD, "monitor", "run")
        await api.until(lambda: sent(OLD) >= 3, within=WITHIN)
        refused = await start(2, "tests.newer_release", str(taken), "run")
        assert await refused.wait() == 2
        assert f"stop these workers first, they cannot work with schema {NEXT}" in said(2)
        assert await (await start(3, "tests.newer_release", str(added), "migrate")).wait() == 0, said(3)
        new = await start(NEW, "tests.newer_release", str(added), "run")
        await api.until(lambda: sent(NEW) >= 3 and '"event": "polled"' in said(NEW), within=WITHIN)
        before = sent(OLD)
        await api.until(lambda: sent(OLD) > before, within=WITHIN)
        old.terminate()
        assert await old.wait() == 0, said(OLD)
        last = max(int(code) for _, code in rung(api)) + MORE
        wanted = {(1000 + number % CHATS, f"{number:04d}") for number in range(last)}
        await api.until(lambda: rung(api).keys() >= wanted, within=WITHIN)
        new.terminate()
        assert await new.wait() == 0, said(NEW)
        times = rung(api)
    assert [pair for pair, each in times.items() if len(each) > 1] == []


async def end(process: asyncio.subprocess.Process) -> None:
    """Whatever became of the test."""
    if process.returncode is None:
        process.kill()
        await process.wait()
