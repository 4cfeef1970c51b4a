"""How fast the outbox empties into Telegram, and how soon an urgent alert passes a backlog. Prints one table.

    python benchmarks/sending/run.py [--waiting 5000] [--chats 40] [--latency 0.1] [--seconds 30] [--postgresql URL]

The real service sends to a Bot API server on loopback in a process of its own, which holds it to Telegram's limits
(30 a second in all, 1 a chat) and answers after `--latency` seconds. The limit is 28 a second, our own pace
(pipeline/pace.py). `--postgresql` takes an empty database.
"""

import argparse
import asyncio
import json
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from monitor.app.wiring import utc_now
from monitor.pipeline.pace import Pace
from monitor.store.transaction import Store, open_store
from monitor.types import (
    Address,
    AlertKind,
    Chat,
    ChatKind,
    DedupeKey,
    NewAlert,
    Priority,
    StoryId,
    Target,
    WatchId,
)

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # the loopback Telegram is a part of the tests

from tests.app.running import running  # noqa: E402
from tests.newsstand import Newsstand  # noqa: E402
from tests.store_samples import save_story  # noqa: E402

TOKEN = "70001:" + "s" * 35


@asynccontextmanager
async def telegram(log: Path, latency: float) -> AsyncIterator[str]:
    """The loopback Telegram in its own process; its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bot_api", "--token", TOKEN, "--log", str(log), "--limits"),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().split()[-1]
    async with aiohttp.ClientSession() as session:
        delay = {"kind": "delay", "method": "sendMessage", "times": None, "seconds": latency}
        (await session.post(f"{url}/control/trouble", json=delay)).raise_for_status()
    try:
        yield url
    finally:
        process.terminate()
        await process.wait()


async def backlog(store: Store, chats: list[Address], waiting: int) -> None:
    """`waiting` alerts about as many stories as a chat has of them."""
    with store.writing() as tx:
        for address in chats:
            tx.save_chat(Chat(address, ChatKind.PRIVATE, joined_at=utc_now()))
            tx.follow(address, Target("putin"), now=utc_now())
    for number in range(waiting // len(chats)):
        story = await save_story(store, f"bai-{number}", seen_at=utc_now())
        with store.writing() as tx:
            tx.enqueue([news(address, story) for address in chats], now=utc_now())


def news(address: Address, story: StoryId, priority: Priority = Priority.NORMAL) -> NewAlert:
    """An alert of a chat about a story."""
    key = DedupeKey(f"story:{story}")
    return NewAlert(
        address, AlertKind.ALERT, key, story_id=story, watch_ids=(WatchId("putin"),), text="", priority=priority
    )


def sent(log: Path) -> list[dict[str, Any]]:
    """What Telegram accepted."""
    if not log.exists():
        return []
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line["method"] == "sendMessage"]


async def measure(arguments: argparse.Namespace, folder: Path) -> None:
    """Fill, send for a while, send something urgent, and print."""
    log = folder / "telegram.jsonl"
    url = arguments.postgresql or f"sqlite:///{folder}/monitor.db"
    chats = [Address(1_000 + number) for number in range(arguments.chats)]
    async with await open_store(url) as store, telegram(log, arguments.latency) as api, Newsstand() as stand:
        await backlog(store, chats, arguments.waiting)
        wire: dict[str, Any] = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": api}
        async with running(folder, url, stand, **wire):
            await until(lambda: len(sent(log)) >= 30, 60)  # connections are open, modules are loaded
            before, cpu, at = len(sent(log)), cpu_seconds(), time.time()
            await asyncio.sleep(arguments.seconds)
            count, spent, took = len(sent(log)) - before, cpu_seconds() - cpu, time.time() - at
            story_mark = "khan-cap"
            story = await save_story(store, story_mark, seen_at=utc_now())
            begun = time.time()
            with store.writing() as tx:
                tx.enqueue([news(address, story, Priority.HIGH) for address in chats], now=utc_now())
            arrived: dict[int, float] = {}

            def everybody_has_it() -> bool:
                for line in sent(log):
                    if story_mark in str(line["params"]):
                        arrived.setdefault(int(line["params"]["chat_id"]), line["at"] - begun)
                return len(arrived) == len(chats)

            await until(everybody_has_it, 120)
    rate = count / took
    print(f"waiting {arguments.waiting}, chats {arguments.chats}, latency {arguments.latency * 1000:.0f} ms")
    print(f"  sent a second        {rate:6.1f}   of the limit {rate / Pace().per_second:.2f}")
    print(f"  CPU ms a message     {spent / count * 1000:6.1f}")
    print(f"  urgent, last chat    {max(arrived.values(), default=0):6.2f} s after it was written")
    print(f"  urgent, chats        {len(arrived)} of {len(chats)}")


async def until(holds: Callable[[], bool], within: float) -> None:
    """Look ten times a second whether it holds; give up after `within` seconds."""
    end = time.time() + within
    while not holds() and time.time() < end:  # noqa: ASYNC110 - another process writes what is looked at
        await asyncio.sleep(0.1)


def cpu_seconds() -> float:
    """Of this process: the service and a little of the benchmark."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How fast the outbox empties into Telegram.")
    parser.add_argument("--waiting", type=int, default=5_000)
    parser.add_argument("--chats", type=int, default=40)
    parser.add_argument("--latency", type=float, default=0.1)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--postgresql", default="")
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(measure(parser.parse_args(), Path(name)))
