"""How long fresh news takes through the real service, and what it costs. Prints one table.

    python -m benchmarks.latency [--seconds 60] [--only steady] [--json FILE]

The service, the newspapers and the Bot API are processes of their own on loopback.

steady: ten items a second over ten feeds that are asked at every tick of the service, once a second. One in ten opens a
story of a watch that two chats follow; the others tell stories of some seconds before in other words. Counted from the
moment in which the newspaper had written the answer to the one in which Telegram took the message; a message whose chat
had had another one within the last second is left out, because what it waits for is the pace of its chat.

flood: 40 known feeds bring 250 new items each at once, twenty minutes to a day old, one in nine of them for watches
that ten chats follow. Meanwhile another feed brings a fresh item a second, for chats of its own.
"""

import argparse
import asyncio
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.latency.house import Article, House, Plan, opened, quantile, until  # noqa: E402
from benchmarks.peers.texts import told  # noqa: E402

REST = 1.0  # seconds that a chat rests after a message
TELLERS = 10  # of a story: one opens it, the others follow
_NUMBER = re.compile(r"/bai-(\d+)\.html")
_FAMILY, _MIDDLE, _LAST = (
    ("Lương", "Mạc", "Tạ", "Khổng", "Bồ", "Viên"),
    ("Thạch", "Trúc", "Vạn", "Quế", "Nham"),
    ("Viễn", "Tuệ", "Khuê", "Lam", "Trầm"),
)


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of it. Seconds, items a second, and the items of a flood."""

    seconds: float = 60.0
    warm_up: float = 10.0
    rate: float = 10.0
    flood_feeds: int = 40
    flood_items: int = 250
    patience: float = 900.0  # for all of a flood


def watch_names(count: int) -> dict[str, str]:
    """Invented people, whom nobody else is called like."""
    names = [f"{a} {b} {c}" for a in _FAMILY for b in _MIDDLE for c in _LAST]
    random.Random(7).shuffle(names)
    return {f"nguoi-{number}": name for number, name in enumerate(names[:count])}


def article(feed: str, story: int, teller: int, name: str, age: float) -> Article:
    """A story as one teller has it; its number says both."""
    piece = told(story, teller)
    return feed, story * TELLERS + teller, f"{name}: {piece.title}", f"{name}. {piece.lead}", age


def old_news(feeds: list[str], count: int) -> list[Article]:
    """What stands in the feeds before: nobody is told of a feed's first poll."""
    return [
        article(feed, 900_000 + number * count + n, 0, "Tin cũ", 86_400.0 + n)
        for number, feed in enumerate(feeds)
        for n in range(count)
    ]


# ---------------------------------------------------------------- steady

Beside = Callable[[House], AbstractAsyncContextManager[None]]


def alone(_: House) -> AbstractAsyncContextManager[None]:
    """Nothing is beside the service."""
    return nullcontext()


async def steady(scale: Scale, folder: Path, beside: Beside = alone) -> dict[str, Any]:
    """Ten items a second; what came of it. `beside` is there meanwhile, and ends before the service does."""
    watches = watch_names(40)
    ids, names = list(watches), list(watches.values())
    followers = {1_000 + 2 * n + each: [watch] for n, watch in enumerate(ids) for each in range(2)}
    feeds = [f"bao-{number}" for number in range(TELLERS)]
    plan = Plan(dict.fromkeys(feeds, 0.5), watches, followers)
    async with opened(folder, plan, old_news(feeds, 20)) as house, beside(house):
        await _publish(house, feeds, names, scale.warm_up, scale.rate, 0)
        second = -(-int(scale.warm_up * scale.rate) // TELLERS)
        cpu, begin = house.cpu(), time.time()
        printed = await _publish(house, feeds, names, scale.seconds, scale.rate, second)
        stories = {number // TELLERS for _, number, *_ in printed if not number % TELLERS}
        await until(lambda: sum(story in stories for story, _ in _first_messages(house)) >= 2 * len(stories), 30)
        spent, end = house.cpu() - cpu, time.time()

        async def all_counted() -> bool:
            return (await house.parts())["messages"] >= len(_first_messages(house))

        await until(all_counted, 10)  # Telegram's word is written down a moment after it was heard
        answered, parts = await house.answered(), await house.parts()
        first, paced = _first_messages(house), _paced(house)
        found: dict[str, Any] = {
            "items": len(printed),
            "stories_told": len({story for story, _ in first if story in stories}),
            "stories": len(stories),
            "messages": sum(story in stories for story, _ in first),
            "cpu_ms_an_item": spent / len(printed) * 1000,
            "parts_ms": parts,
            "stories_stored": house.rows("SELECT count(DISTINCT story_id) FROM items WHERE alertable"),
            "edits": sum(line["method"] == "editMessageText" for line in house.accepted()),
        }
    delays = [
        at - _answered_first(answered, story)
        for (story, chat), at in first.items()
        if story in stories and (story, chat) not in paced
    ]
    found["held_by_pace"] = sum(story in stories for story, _ in paced)
    found["delay"] = {"p50": quantile(delays, 0.5), "p99": quantile(delays, 0.99), "max": max(delays, default=0.0)}
    found["lag"] = _lag(house, begin, end)
    return found


async def _publish(
    house: House, feeds: list[str], names: list[str], seconds: float, rate: float, story: int
) -> list[Article]:
    """Print items at their times; which those were."""
    begin, printed = time.monotonic(), []
    for number in range(int(seconds * rate)):
        if (item := _item(feeds, names, story + number // TELLERS, number % TELLERS)) is not None:
            await asyncio.sleep(max(0.0, begin + number / rate - time.monotonic()))
            await house.publish([item])
            printed.append(item)
    return printed


def _item(feeds: list[str], names: list[str], story: int, turn: int) -> Article | None:
    """A new story, then nine that tell older ones, each teller another one, whose opener was read seconds before."""
    mine = story - 2 - turn if turn else story
    if mine < 0:
        return None
    return article(feeds[(mine + turn) % TELLERS], mine, turn, names[mine % len(names)], 0.0)


def _first_messages(house: House) -> dict[tuple[int, int], float]:
    """When each chat first heard of each story."""
    first: dict[tuple[int, int], float] = {}
    for line in house.accepted():
        if line["method"] == "sendMessage":
            for number in _NUMBER.findall(str(line["params"])):
                first.setdefault((int(number) // TELLERS, int(line["params"]["chat_id"])), line["at"])
    return first


def _paced(house: House) -> set[tuple[int, int]]:
    """Stories of which a chat heard within REST (and what a turn costs) after it had had another message."""
    last: dict[int, float] = {}
    paced = set()
    for line in house.accepted():
        chat = int(line["params"]["chat_id"])
        if line["method"] == "sendMessage" and line["at"] - last.get(chat, 0.0) < REST + 0.5:
            paced.update((int(number) // TELLERS, chat) for number in _NUMBER.findall(str(line["params"])))
        last[chat] = line["at"]
    return paced


def _answered_first(answered: dict[int, float], story: int) -> float:
    return min(at for number, at in answered.items() if number // TELLERS == story)


def _lag(house: House, begin: float, end: float) -> dict[str, float]:
    late = [by for at, by in house.lags if begin <= at <= end]
    return {"p50": quantile(late, 0.5), "p99": quantile(late, 0.99), "max": max(late, default=0.0)}


# ---------------------------------------------------------------- flood


async def flood(scale: Scale, folder: Path) -> dict[str, Any]:
    """Very many items at once, and fresh ones meanwhile; what came of it."""
    watches = watch_names(60)
    ids, names = list(watches), list(watches.values())
    bulk, fresh = names[:30], names[30:]
    followers = {1_000 + n: [ids[watch] for watch in range(n, 30, 10)] for n in range(10)}
    followers |= {2_000 + n: [ids[30 + n]] for n in range(30)}
    feeds = {f"bao-{number}": 300.0 for number in range(scale.flood_feeds)} | {"nhanh": 1.0}
    count, chance = scale.flood_feeds * scale.flood_items, random.Random(5)
    async with opened(folder, Plan(feeds, watches, followers), old_news(list(feeds), 10)) as house:
        await asyncio.sleep(scale.warm_up)
        await house.publish(
            [
                article(
                    f"bao-{n % scale.flood_feeds}",
                    n,
                    0,
                    bulk[n // 9 % len(bulk)] if n % 9 == 0 else "Trong nước",
                    chance.uniform(1_200, 86_400),
                )
                for n in range(count)
            ]
        )
        cpu, begin, printed = house.cpu(), time.time(), {}
        house.poll_now()
        looked_at = "SELECT count(*) FROM items WHERE alertable AND matched_at IS NOT NULL AND feed_id <> 'nhanh'"
        done_at = 0.0
        while time.time() - begin < scale.patience and (not done_at or len(printed) < 5):
            story = count + len(printed)
            printed[story] = time.time()
            await house.publish([article("nhanh", story, 0, fresh[len(printed) % len(fresh)], 0.0)])
            for _ in range(4):
                await asyncio.sleep(0.25)
                if not done_at and house.rows(looked_at) >= count:
                    done_at, spent = time.time(), house.cpu() - cpu
        await until(lambda: printed.keys() <= {story for story, _ in _first_messages(house)}, 60)
        first = {story: at for (story, _), at in _first_messages(house).items() if story in printed}
        answered = await house.answered()
        matched = house.rows(looked_at)
        messages = len(_first_messages(house))
        if not done_at:
            done_at, spent = time.time(), house.cpu() - cpu
    of_answer = [at - answered[story * TELLERS] for story, at in first.items()]
    of_print = [at - printed[story] for story, at in first.items()]
    return {
        "items": count,
        "looked_at": matched,
        "cpu_seconds": spent,
        "seconds": done_at - begin,
        "fresh": len(printed),
        "fresh_told": len(first),
        "messages": messages,
        "fresh_from_answer": {"p50": quantile(of_answer, 0.5), "max": max(of_answer, default=0.0)},
        "fresh_from_print": {"p50": quantile(of_print, 0.5), "max": max(of_print, default=0.0)},
        "lag": _lag(house, begin, done_at),
    }


# ---------------------------------------------------------------- the command


def table(found: dict[str, dict[str, Any]]) -> str:
    """What was found beside what is wanted."""
    lines = ["| | found | goal |", "| --- | --- | --- |"]
    if of := found.get("steady"):
        delay, lag = of["delay"], of["lag"]
        parts = ", ".join(f"{name} {of['parts_ms'][name]:.0f}" for name in ("fetch", "detect", "outbox", "send"))
        lines += [
            f"| steady: answer → accepted, p50 | {delay['p50'] * 1000:.0f} ms | 100 ms |",
            f"| … p99 | {delay['p99'] * 1000:.0f} ms (worst {delay['max'] * 1000:.0f}) | 500 ms |",
            f"| … mean of the parts in /metrics, ms | {parts} | |",
            f"| … loop lag p50, p99, worst | {_ms(lag)} ms | p99 20 ms |",
            f"| … CPU an item | {of['cpu_ms_an_item']:.1f} ms | |",
            f"| … stories told, messages, held by their chat's pace | {of['stories_told']} of {of['stories']}, "
            f"{of['messages']}, {of['held_by_pace']} | all |",
        ]
    if of := found.get("flood"):
        answer, printed = of["fresh_from_answer"], of["fresh_from_print"]
        lines += [
            f"| flood: {of['looked_at']} of {of['items']} items looked at, CPU | {of['cpu_seconds']:.1f} s | 60 s |",
            f"| … on the wall | {of['seconds']:.1f} s | |",
            f"| … fresh items, answer → accepted | median {answer['p50']:.2f} s, worst {answer['max']:.2f} s "
            f"({of['fresh_told']} of {of['fresh']}) | 2 s |",
            f"| … published → accepted | median {printed['p50']:.2f} s, worst {printed['max']:.2f} s | |",
            f"| … loop lag p50, p99, worst | {_ms(of['lag'])} ms | |",
        ]
    return "\n".join(lines)


def _ms(lag: dict[str, float]) -> str:
    return ", ".join(f"{lag[name] * 1000:.1f}" for name in ("p50", "p99", "max"))


def main() -> None:
    """Run what is wished for, print, and write the figures where they are wanted."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.latency", description="How long fresh news takes.")
    parser.add_argument("--seconds", type=float, default=Scale().seconds, help="of the steady scenario")
    parser.add_argument("--warm-up", type=float, default=Scale().warm_up)
    parser.add_argument("--feeds", type=int, default=Scale().flood_feeds, help="of the flood")
    parser.add_argument("--items", type=int, default=Scale().flood_items, help="of each of these")
    parser.add_argument("--only", choices=("steady", "flood"))
    parser.add_argument("--json", type=Path)
    wish = parser.parse_args()
    scale = Scale(wish.seconds, wish.warm_up, flood_feeds=wish.feeds, flood_items=wish.items)
    found: dict[str, Any] = {"scale": asdict(scale)}
    for name, run in (("steady", steady), ("flood", flood)):
        if wish.only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                found[name] = asyncio.run(run(scale, Path(folder)))
    print(table(found))
    if wish.json:
        wish.json.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
