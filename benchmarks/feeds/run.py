"""What a poll of a feed of 40 items costs, against bare feedparser. CPU milliseconds, the best of several rounds.

Run: python benchmarks/feeds/run.py [FOLDER OF *.xml]; without a folder the feed is made up here.
"""

import asyncio
import gc
import io
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
from aiohttp import web

from monitor.feeds.fetch import HttpFetcher
from monitor.feeds.known_items import packed, unpacked
from monitor.feeds.parse import Listing, parse_feed, read_listing
from monitor.feeds.parser import open_parser
from monitor.net.politeness import HostGate
from monitor.net.request import HttpClient
from monitor.net.session import open_session
from monitor.types import Bookmark, Feed, FeedId, Fetched, NotModified

ITEMS = 40
ROUNDS = 7
SEEN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # behind all times of the feeds
LEAD = "Sáng nay người dân hai bên bờ sông ra xem nước lên, trong khi đội cứu hộ chuyển bao cát tới chân đê. "


def made_up() -> bytes:
    items = []
    for number in range(ITEMS):
        link = f"https://bantinthu.example/nuoc-len-lan-thu-{number}-{20260814090000000 + number}.htm"
        items.append(
            f"<item><title><![CDATA[Nước sông lên lần thứ {number}]]></title><link>{link}</link><guid>{link}</guid>"
            f'<description><![CDATA[<a href="{link}"><img src="https://anh.bantinthu.example/{number}.jpg?w=1200" />'
            f"</a></br>(Dân trí) - {LEAD * 2}]]></description>"
            f"<pubDate>Fri, 14 Aug 2026 {number % 12:02d}:30:00 +07</pubDate></item>"
        )
    text = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Thử</title>{"".join(items)}'
    return f"{text}</channel></rss>".encode()


def cost(work: Callable[[bytes], object], bodies: list[bytes]) -> float:
    """CPU milliseconds a feed."""
    rounds = []
    for _ in range(ROUNDS):
        gc.collect()
        begin = time.process_time()
        for body in bodies:
            work(body)
        rounds.append(time.process_time() - begin)
    return min(rounds) / len(bodies) * 1_000


def listing(body: bytes, known_items: str = "") -> Listing:
    return read_listing(body, feed=None, url="https://bantinthu.example/rss", seen_at=SEEN, known_items=known_items)


def known_items(body: bytes) -> tuple[str, str]:
    """All items of a body as known ones, and all but the first two."""
    all_of_them = listing(body).known_items
    return all_of_them, packed(dict(list(unpacked(all_of_them).items())[2:]))


def two_new_of(body: bytes, bookmark: Bookmark) -> Bookmark:
    """The bookmark as it was when the first two items of the body were not there yet."""
    return replace(bookmark, body_sha256="", known_items=known_items(body)[1])


async def polls(body: bytes, count: int = 100) -> dict[str, float]:
    """CPU milliseconds a poll over the loopback, the server's own share included."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.headers.get("If-None-Match") == '"a"':
            return web.Response(status=304)
        return web.Response(body=body, headers={"ETag": '"a"'} if request.path == "/etag" else {})

    app = web.Application()
    app.router.add_get("/{path}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    home = f"http://127.0.0.1:{runner.addresses[0][1]}"
    found = {}
    async with open_session(allow_private=True, contact=home) as session, open_parser() as parser:
        fetcher = HttpFetcher(HttpClient(session, HostGate(timedelta())), parser, clock=lambda: SEEN)
        tagged = Feed(FeedId("a"), "Thử", f"{home}/etag")
        plain = Feed(FeedId("b"), "Thử", f"{home}/plain")
        known = {}
        for feed in (tagged, plain):
            first = await fetcher.fetch(feed, Bookmark())
            assert isinstance(first, Fetched)
            known[feed.id] = first.bookmark
        for name, feed, bookmark, kind in (
            ("poll, all new", plain, Bookmark(), Fetched),
            ("poll, two new", plain, two_new_of(body, known[plain.id]), Fetched),
            ("poll, same body", plain, known[plain.id], NotModified),
            ("poll, 304", tagged, known[tagged.id], NotModified),
        ):
            begin = time.process_time()
            for _ in range(count):
                assert isinstance(await fetcher.fetch(feed, bookmark), kind)
            found[name] = (time.process_time() - begin) / count * 1_000
    await runner.cleanup()
    return found


def main() -> None:
    bodies = (
        [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.xml"))] if len(sys.argv) > 1 else [made_up()]
    )
    entries = [len(feedparser.parse(io.BytesIO(body)).entries) for body in bodies]
    to_40 = ITEMS / (sum(entries) / len(entries))

    def bare(body: bytes) -> object:
        return feedparser.parse(io.BytesIO(body))

    def bare_without_cleaning(body: bytes) -> object:
        return feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)

    def ours(body: bytes) -> object:
        return parse_feed(body, feed=None, url="https://bantinthu.example/rss", seen_at=SEEN)

    known = {body: known_items(body) for body in bodies}

    def all_known(body: bytes) -> object:
        return listing(body, known[body][0])

    def two_new(body: bytes) -> object:
        return listing(body, known[body][1])

    rows = {
        "feedparser.parse, as it comes": cost(bare, bodies) * to_40,
        "feedparser.parse, no sanitising": cost(bare_without_cleaning, bodies) * to_40,
        "parse_feed (keys, dates, plain text)": cost(ours, bodies) * to_40,
        "read_listing, two new": cost(two_new, bodies),
        "read_listing, all known": cost(all_known, bodies),
        **asyncio.run(polls(bodies[0])),
    }
    are_cut = sum(bool(listing(body, known[body][0]).known) for body in bodies)
    print(f"{are_cut} of {len(bodies)} feeds are cut to their new items")
    whole = rows["feedparser.parse, as it comes"]
    print(f"{'ms CPU a feed of 40 items':<38}{'ms':>8}{'ratio':>8}")
    for name, milliseconds in rows.items():
        print(f"{name:<38}{milliseconds:>8.2f}{milliseconds / whole:>8.2f}")


if __name__ == "__main__":
    main()
