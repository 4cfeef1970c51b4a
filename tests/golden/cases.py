"""The fixed input, and what the program makes of it as text: one entry point a step, the whole service last.

Judges nothing: test_golden.py compares. Of data that belongs to newspapers only hashes are kept.
"""

import gzip
import json
import tarfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.config import load_watchlist
from monitor.demo.script import read_script
from monitor.feeds.article_keys import article_key
from monitor.feeds.parse import entry_row, parse_feed
from monitor.feeds.plain import lead_text
from monitor.pipeline.pace import Pace
from monitor.store.transaction import open_store
from monitor.types import Address, ChatKind, Entry, Failed, Feed, FeedId, Message
from tests.command_line import CommandLine
from tests.flow import FakeClock, Flow
from tests.outside import DATA

ROOT = Path(__file__).parents[2]
OWN = Path(__file__).parent / "own"
OPENING = datetime(2026, 8, 23, 2, 0, tzinfo=UTC)
DAY = 1_200  # items of one recorded morning
Row = Mapping[str, Any]


def lines(rows: Iterable[object]) -> str:
    """One JSON object a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


# ---------------------------------------------------------------- in the repository


def own_items() -> list[dict[str, Any]]:
    """The demo's articles, in the order in which they are printed."""
    script = read_script()
    pieces = [*script.baseline(OPENING), *script.round(0, OPENING, 1.0)]
    return [
        {
            "id": piece.id,
            "outlet": piece.outlet.name,
            "title": piece.title,
            "summary": f'<a href="https://{piece.outlet.id}.example/">{piece.lead}</a>',
            "body": "\n".join(piece.paragraphs),
            "published": piece.published.isoformat(),
            "url": f"https://{piece.outlet.id}.example/bai-{4_000_000 + piece.serial}.html",
        }
        for piece in pieces
    ]


def own_stories() -> list[dict[str, Any]]:
    """The demo's articles put together by what the script says is one story."""
    script = read_script()
    by_story: dict[str, list[dict[str, Any]]] = {}
    pieces = {piece.id: piece for piece in (*script.baseline(OPENING), *script.round(0, OPENING, 1.0))}
    for item in own_items():
        by_story.setdefault(pieces[item["id"]].story or item["id"], []).append(item)
    return [{"id": story, "docs": docs} for story, docs in by_story.items()]


# ---------------------------------------------------------------- the service, recorded


@dataclass(frozen=True, slots=True)
class Printed:
    """An article and the moment from which its outlet's feed lists it."""

    outlet: str
    url: str
    title: str
    lead: str
    at: datetime
    body: str = ""


def own_press() -> list[Printed]:
    """The demo's articles as a newsstand prints them."""
    return [
        Printed(
            row["outlet"],
            row["url"],
            row["title"],
            lead_text(row["summary"]),
            datetime.fromisoformat(row["published"]),
            row["body"],
        )
        for row in own_items()
    ]


def shared_press() -> list[Printed]:
    """One morning of real feeds."""
    rows = [row for row in _gzipped("feed_items.dev.jsonl.gz") if row["published"]]
    rows.sort(key=lambda row: (row["published"], row["link"]))
    start = len(rows) // 2
    return [
        Printed(
            row["outlet"],
            row["link"],
            row["title"],
            lead_text(row["summary_html"]),
            datetime.fromisoformat(row["published"]),
        )
        for row in rows[start : start + DAY]
    ]


async def recorded_service(press: Sequence[Printed], folder: Path, *, step: timedelta) -> str:
    """Every message that three readers got while `press` was printed, polled every `step`."""
    outlets = sorted({each.outlet for each in press})
    feeds = {
        FeedId(f"to-{number}"): Feed(FeedId(f"to-{number}"), outlet, f"https://to-{number}.example/rss")
        for number, outlet in enumerate(outlets)
    }
    by_outlet = {feed.outlet: feed.id for feed in feeds.values()}
    clock = FakeClock(min(each.at for each in press) - timedelta(hours=1))
    async with await open_store(f"sqlite:///{folder}/golden.db") as store:
        flow = Flow(
            store,
            clock=clock,
            feeds=feeds,
            watchlist=load_watchlist(ROOT / "config"),
            pace=Pace(10_000, timedelta(0), timedelta(0)),
        )
        await flow.subscribe(Address(1), "*")
        await flow.subscribe(Address(2), "putin", "bao", "#viet-nam")
        await flow.subscribe(Address(-3, 7), "trump", "dong-dat", kind=ChatKind.GROUP)
        await flow.start()
        end = max(each.at for each in press) + step
        while clock() < end:
            for each in press:
                if clock() - step < each.at <= clock():
                    key = article_key(each.url, each.url, each.title, each.at.date())
                    entry = Entry(key, each.url, each.url, each.title, each.lead, published_at=each.at)
                    flow.fetcher.shelves.setdefault(by_outlet[each.outlet], []).insert(0, entry)
                    if each.body:
                        flow.reader.pages[each.url] = each.body
            await flow.on(step - timedelta(minutes=1))  # sending turns the clock by the last minute
        return lines(_message(message) for message in flow.phone.accepted)


def _message(message: Message) -> Row:
    return {
        "chat": message.address.chat_id,
        "topic": message.address.thread_id,
        "reply_to": message.reply_to,
        "edits": message.edits,
        "silent": message.silent,
        "html": message.html,
        "buttons": [[button.label for button in row] for row in message.buttons],
    }


# ---------------------------------------------------------------- cases


def own_cases(monitor: CommandLine) -> Mapping[str, Callable[[], str]]:
    """Cases over data in the repository, by name; each gives its output as text."""
    items, stories = own_items(), own_stories()
    monitor.set(config_dir=str(ROOT / "config"))
    return {
        "match": lambda: monitor("match", given=items).out,
        "match-quotes": lambda: monitor("match", "--quotes", given=items).out,
        "match-explain": lambda: monitor("match", "--explain", "--lang", "vi", given=items).out,
        "stories": lambda: monitor("stories", given=items).out,
        "summarise": lambda: monitor("summarise", given=items).out,
        "summarise-stories": lambda: monitor("summarise", "--watch", "putin", given=stories).out,
    }


def shared_cases(monitor: CommandLine) -> Mapping[str, Callable[[], str]]:
    """Cases over data that is not in the repository, by name."""
    monitor.set(config_dir=str(ROOT / "config"))
    feed_items = [
        {"id": number, "outlet": row["outlet"], "title": row["title"], "summary": row["summary_html"]}
        | {"published": row["published"], "url": row["link"], "guid": row["guid"]}
        for number, row in enumerate(_gzipped("feed_items.dev.jsonl.gz"))
    ]
    mentions = str(DATA / "mentions.dev.jsonl")
    morning = str(DATA / "stories.dev.items.jsonl")
    fulltext = _gzipped("fulltext.dev.jsonl.gz")
    clusters = [
        {"id": row["cluster_id"], "docs": [_bare(doc) for doc in row["docs"]]}
        for row in _gzipped("clusters.dev.jsonl.gz")[:120]
    ]
    articles = [_bare(row) for row in _gzipped("vietnews.dev.jsonl.gz")[:400]]
    return {
        "parse-feeds": _parsed_feeds,
        "parse-conformance": _parsed_conformance,
        "match-mentions": lambda: monitor("match", "--quotes", mentions).out,
        "explain-mentions": lambda: monitor("match", "--explain", mentions).out,
        "match-feed-items": lambda: monitor("match", given=feed_items).out,
        "match-fulltext": lambda: monitor("match", "--quotes", given=[_bare(row) for row in fulltext]).out,
        "stories-morning": lambda: monitor("stories", morning).out,
        "stories-feed-items": lambda: monitor("stories", given=feed_items).out,
        "summarise-clusters": lambda: monitor("summarise", "--sentences", "5", given=clusters).out,
        "summarise-articles": lambda: monitor("summarise", given=articles).out,
        "backtest-morning": lambda: monitor("backtest", "--json", morning).out,
    }


def _bare(row: Row) -> Row:
    """An item with the keys that commands read."""
    keys = ("id", "outlet", "title", "summary", "body", "url", "guid")
    published = row.get("published") or row.get("date")
    found = {key: row[key] for key in keys if isinstance(row.get(key), str)}
    return found | ({"published": published} if isinstance(published, str) and published else {})


def _gzipped(name: str) -> list[dict[str, Any]]:
    with gzip.open(DATA / name, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _parsed_feeds() -> str:
    return lines(
        _parsed(path.name, path.read_bytes())
        for path in sorted((DATA / "feeds").iterdir())
        if path.name != "MANIFEST.tsv"
    )


def _parsed_conformance() -> str:
    with tarfile.open(DATA / "conformance.dev.tar.gz") as archive:
        members = sorted((each for each in archive if each.isfile()), key=lambda each: each.name)
        bodies = ((each.name, archive.extractfile(each)) for each in members)
        return lines(_parsed(name, file.read()) for name, file in bodies if file is not None)


def _parsed(name: str, body: bytes) -> Row:
    feed = replace(Feed(FeedId("to"), "Tờ", "https://to.example/rss"), timezone="Asia/Ho_Chi_Minh")
    found = parse_feed(body, feed=feed, url=feed.url, seen_at=OPENING)
    if isinstance(found, Failed):
        return {"file": name, "failed": found.kind.value, "why": found.why}
    return {"file": name, "entries": [entry_row(entry, id=str(number)) for number, entry in enumerate(found)]}
