"""How soon the bot answers while one chat floods it, and its buttons while news is processed. Prints two tables.

    python benchmarks/answers/run.py [--chats 10] [--seconds 20] [--items 10000] [--waiting 5000] [--postgresql URL]

The real service talks to a Bot API server on loopback in a process of its own, which holds it to Telegram's limits (30
a second in all, 1 a chat) and answers after 50 ms. First one chat sends 1,000 commands at once while others ask; then
others press buttons while items are looked at and alerts wait. Measured from when Telegram has the update to when it
has the answer, both by the clock of this machine. What went beyond Telegram's limits is counted; it should be nothing.
`--postgresql` takes an empty database.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from monitor.app.wiring import open_service, utc_now
from monitor.config import Settings, load_all
from monitor.store.transaction import Store, open_store
from monitor.types import (
    Address,
    AlertKind,
    Chat,
    ChatKind,
    DedupeKey,
    Entry,
    FeedId,
    NewAlert,
    NewItem,
    Target,
    WatchId,
)

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # the loopback Telegram is a part of the tests

from tests.newsstand import Newsstand  # noqa: E402
from tests.store_samples import save_story  # noqa: E402

TOKEN = "70001:" + "s" * 35
FLOODER = 9_999
COMMANDS = 1_000
PAUSE = 1.2  # seconds between what one chat asks: a chat gets one message a second
LATENCY = 0.05  # of Telegram


@dataclass
class Phone:
    """People on Telegram's side: what they send, and when they were answered."""

    session: aiohttp.ClientSession
    url: str
    log: Path
    sent: list[tuple[str, int, float]] = field(default_factory=list)  # what kind, which chat, when

    async def control(self, name: str, **params: Any) -> Any:
        """Move the loopback Telegram."""
        async with self.session.post(f"{self.url}/control/{name}", json=params) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def ask(self, chat: int, text: str) -> None:
        """A person writes."""
        self.sent.append(("sendMessage", chat, time.time()))
        await self.control("push_message", chat_id=chat, text=text)

    async def press(self, chat: int, message: int, data: str) -> None:
        """A person presses a button."""
        at = time.time()
        try:
            query = await self.control("press", chat_id=chat, message_id=message, data=data)
        except aiohttp.ClientResponseError:  # it was redrawn this very moment, and shows the button no more
            return
        self.sent += [("answerCallbackQuery", int(query), at), ("editMessageText", chat, at)]

    def answered(self) -> list[dict[str, Any]]:
        """What Telegram accepted."""
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]

    def delays(self, method: str) -> list[float]:
        """Seconds from each question to the first answer after it, in order."""
        answers: dict[int, list[float]] = {}
        for line in self.answered():
            if line["method"] == method:
                whom = line["params"].get("chat_id") or line["params"].get("callback_query_id")
                answers.setdefault(int(whom), []).append(line["at"])
        delays = []
        for asked, whom, at in self.sent:
            if asked == method and (later := [each for each in answers.get(whom, []) if each >= at]):
                delays.append(later[0] - at)
        return sorted(delays)


@asynccontextmanager
async def telegram(log: Path) -> AsyncIterator[Phone]:
    """The loopback Telegram in its own process."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bot_api", "--token", TOKEN, "--log", str(log), "--limits"),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().split()[-1]
    async with aiohttp.ClientSession() as session:
        phone = Phone(session, url, log)
        for method in ("sendMessage", "editMessageText", "answerCallbackQuery"):
            await phone.control("trouble", kind="delay", method=method, times=None, seconds=LATENCY)
        try:
            yield phone
        finally:
            process.terminate()
            await process.wait()


@asynccontextmanager
async def running(folder: Path, url: str, stand: Newsstand, phone: Phone) -> AsyncIterator[None]:
    """The whole service with its bot."""
    stand.write_config(folder / "config")
    settings = Settings(
        config_dir=folder / "config",
        database_url=url,
        http_allow_private=True,
        http_port=None,
        telegram_token=SecretStr(TOKEN),
        telegram_api_url=phone.url,
    )
    config = load_all(settings.config_dir, timezone=settings.timezone)
    async with open_service(settings, config, stream=StringIO()) as service, asyncio.TaskGroup() as group:
        group.create_task(service.run())
        try:
            await stand.polled()
            yield
        finally:
            service.stop()


async def others_ask(phone: Phone, chats: Iterable[int], seconds: float) -> None:
    """Each of them sends a command now and then."""

    async def one(chat: int) -> None:
        end = time.time() + seconds
        await asyncio.sleep(chat % 10 * PAUSE / 10)
        while time.time() < end:
            await phone.ask(chat, "/following")
            await asyncio.sleep(PAUSE)

    await asyncio.gather(*map(one, chats))


async def others_press(phone: Phone, chats: Iterable[int], seconds: float) -> None:
    """Each turns between two views of the list."""

    async def one(chat: int) -> None:
        await phone.control("push_message", chat_id=chat, text="/watchlist")
        while not (shown := await phone.control("shown", chat_id=chat)) or not shown[-1]["data"]:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        end = time.time() + seconds
        await asyncio.sleep(PAUSE + chat % 10 * PAUSE / 10)
        while time.time() < end:
            menu = (await phone.control("shown", chat_id=chat))[-1]
            turns = [data for data in menu["data"] if data.startswith("m:")]
            await phone.press(chat, menu["message_id"], turns[-1])
            await asyncio.sleep(PAUSE)

    await asyncio.gather(*map(one, chats))


async def flood(phone: Phone) -> None:
    """One chat sends as many commands as it can."""
    for _ in range(COMMANDS):
        await phone.control("push_message", chat_id=FLOODER, text="/following")


async def fill(store: Store, items: int, waiting: int) -> None:
    """Items that nobody has looked at, and alerts for 40 other chats."""
    chats = [Address(1_000 + number) for number in range(40)]
    with store.writing() as tx:
        for address in chats:
            tx.save_chat(Chat(address, ChatKind.PRIVATE, joined_at=utc_now()))
            tx.follow(address, Target("putin"), now=utc_now())
    for number in range(waiting // len(chats)):
        story = await save_story(store, f"bai-{number}", seen_at=utc_now())
        with store.writing() as tx:
            key = DedupeKey(f"story:{story}")
            news = [
                NewAlert(address, AlertKind.ALERT, key, story_id=story, watch_ids=(WatchId("putin"),))
                for address in chats
            ]
            tx.enqueue(news, now=utc_now())
    fresh = [
        NewItem(
            Entry(
                f"moi-{number}",
                f"moi-{number}",
                f"https://ben-song.example/moi-{number}.html",
                f"{'Ông Netanyahu' if number % 50 == 0 else 'Chủ xưởng'} nói về việc {number} của tỉnh {number % 63}",
                f"Việc số {number} được bàn trong {number % 17} giờ tại nhà máy {number % 101}.",
                published_at=utc_now(),
            ),
            FeedId("ben-song"),
            "Bến Sông",
            utc_now(),
            True,
        )
        for number in range(items)
    ]
    for start in range(0, items, 500):
        await store.write_much(lambda tx, some: tx.add_items(some), fresh[start : start + 500])


def table(title: str, phone: Phone, methods: dict[str, str], refused: Iterable[str]) -> None:
    """Print how soon answers came."""
    print(title)
    for method, name in methods.items():
        delays = phone.delays(method)
        at = [delays[min(len(delays) - 1, int(len(delays) * share))] * 1000 if delays else 0 for share in (0.5, 0.99)]
        print(f"  {name:28} {len(delays):5}   p50 {at[0]:7.0f} ms   p99 {at[1]:7.0f} ms")
    floods = [each for each in refused if each.startswith("Too Many Requests")]
    print(f"  {'beyond Telegrams limits':28} {len(floods):5}")


async def measure(arguments: argparse.Namespace, folder: Path) -> None:
    """Both cases, each with a service and a Telegram of its own."""
    others = range(5_000, 5_000 + arguments.chats)
    print(f"load of this machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    cases = arguments.case.split(",")
    url = arguments.postgresql or f"sqlite:///{folder}/monitor.db"
    async with Newsstand() as stand:
        if "flood" in cases:
            async with telegram(folder / "one.jsonl") as phone, running(folder, url, stand, phone):
                await asyncio.gather(flood(phone), others_ask(phone, others, arguments.seconds))
                await asyncio.sleep(2.0)
                refused = await phone.control("refused")
                told = [each["text"] for each in await phone.control("shown", chat_id=FLOODER)]
            table(
                f"{COMMANDS} commands of one chat, which got {len(told)} messages; {arguments.chats} others",
                phone,
                {"sendMessage": "answers to others"},
                refused,
            )
        if "buttons" in cases:
            url = arguments.postgresql or f"sqlite:///{folder}/two.db"
            async with telegram(folder / "none.jsonl") as phone, running(folder, url, stand, phone):
                pass  # the feeds are known
            async with await open_store(url) as store:
                await fill(store, arguments.items, arguments.waiting)
                async with telegram(folder / "two.jsonl") as phone, running(folder, url, stand, phone):
                    await others_press(phone, others, arguments.seconds)
                    counts, unseen = await store.read(lambda tx: (tx.queue_counts(), tx.unmatched_count()))
                    refused = await phone.control("refused")
            waiting = sum(counts.values())
            table(
                f"buttons, {arguments.items} items and {arguments.waiting} alerts (left {unseen} and {waiting})",
                phone,
                {"answerCallbackQuery": "the press is acknowledged", "editMessageText": "the message is redrawn"},
                refused,
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="How soon the bot answers.")
    parser.add_argument("--chats", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--waiting", type=int, default=5_000)
    parser.add_argument("--case", default="flood,buttons")
    parser.add_argument("--postgresql", default="")
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(measure(parser.parse_args(), Path(name)))
