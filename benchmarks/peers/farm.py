"""The farm: feeds and their articles on addresses of the loopback, in a process of its own, put into states.

Run by the benchmark: prints its port and serves until its input ends. What it says is the same for everybody who asks.
"""

import argparse
import asyncio
import hashlib
import random
import re
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from html import escape

from aiohttp import web

from benchmarks.peers.texts import Piece, paragraphs, piece, real_pieces
from monitor.text.words import unmarked

HOSTS = 50  # newspapers; each has the feeds whose number leaves the same rest
NEW = 2  # items that each feed has more in the state `two`
VIETNAM = timezone(timedelta(hours=7))
FIRST_ID = 4_700_000
PAGE_BYTES = 30_000  # of an article; what is not text is navigation and script
_LINKS = re.compile(r"-(\d+)\.html\Z")


def host(number: int) -> str:
    """The address of the newspaper that has this feed."""
    return f"127.0.1.{number % HOSTS + 1}"


def feed_urls(feeds: int, port: int) -> list[str]:
    """Where the feeds are."""
    return [f"http://{host(number)}:{port}/rss/{number}.rss" for number in range(feeds)]


class Farm:
    """Feeds as they stand now, and what was asked for."""

    def __init__(self, feeds: int, items: int, *, real: Sequence[Piece] = ()) -> None:
        self.feeds, self.items = feeds, items
        self.port = 0
        self.has_validators = True
        self.asked: Counter[str] = Counter()
        self._real = real
        self._opened_at = self._changed_at = datetime.now(UTC)
        self._entries: list[list[str]] = []
        self._bodies: list[bytes] = []

    def open(self, port: int) -> None:
        """Write all feeds for the first time: their newest items are minutes old, the oldest one to three days."""
        self.port = port
        for number in range(self.feeds):
            chance = random.Random(f"feed {number}")
            span = chance.uniform(24, 72) * 3_600  # seconds
            ages = sorted(chance.uniform(180, span) for _ in range(self.items))
            ages[0] = chance.uniform(120, 900)
            entries = [
                self._entry(number, n, self._opened_at - timedelta(seconds=age)) for n, age in enumerate(sorted(ages))
            ]
            self._entries.append(entries)
        self._write()

    def become(self, state: str) -> None:
        """Take on a state: new, two, 304, same."""
        self.has_validators = state != "same"
        if state == "two":
            self._changed_at = datetime.now(UTC)
            for number, entries in enumerate(self._entries):
                fresh = [
                    self._entry(number, self.items + n, self._changed_at - timedelta(minutes=n + 1)) for n in range(NEW)
                ]
                entries[:] = [*fresh, *entries][: self.items]
            self._write()

    def feed(self, number: int, headers: web.BaseRequest) -> web.Response:
        """One feed, or 304 for who has it as it is."""
        body = self._bodies[number]
        if not self.has_validators:
            return web.Response(body=body, content_type="application/rss+xml")
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        given = {"ETag": tag, "Last-Modified": format_datetime(self._changed_at, usegmt=True)}
        if self._is_known(tag, headers):
            return web.Response(status=304, headers=given)
        return web.Response(body=body, content_type="application/rss+xml", headers=given)

    def _is_known(self, tag: str, request: web.BaseRequest) -> bool:
        if (asked := request.headers.get("If-None-Match")) is not None:
            return tag in asked
        if (since := request.headers.get("If-Modified-Since")) is None:
            return False
        return parsedate_to_datetime(since) >= self._changed_at.replace(microsecond=0)

    def page(self, path: str) -> web.Response:
        """One article."""
        found = _LINKS.search(path)
        if found is None:
            return web.Response(status=404)
        number = int(found[1]) - FIRST_ID
        told = self._piece(number)
        text = "".join(f"<p>{escape(each)}</p>\n" for each in paragraphs(number, self._articles()))
        others = "".join(f'<li><a href="/chuyen-muc-{n}">Chuyên mục {n}</a></li>\n' for n in range(60))
        head = f"<title>{escape(told.title)}</title><meta name='description' content='{escape(told.lead)}'>"
        html = (
            f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'>{head}</head>"
            f"<body><nav><ul>{others}</ul></nav>"
            f"<article><h1>{escape(told.title)}</h1><p class='sapo'>{escape(told.lead)}</p>\n{text}</article>"
        )
        script = "<script>" + "window.quangcao=1;" * max(0, (PAGE_BYTES - len(html.encode())) // 18) + "</script>"
        return web.Response(text=f"{html}{script}</body></html>", content_type="text/html")

    def _articles(self) -> int:
        return self.feeds * (self.items + NEW)

    def _piece(self, number: int) -> Piece:
        return self._real[number % len(self._real)] if self._real else piece(number, self._articles())

    def _entry(self, feed: int, n: int, moment: datetime) -> str:
        number = feed * (self.items + NEW) + n
        told = self._piece(number)
        slug = re.sub(r"[^a-z0-9]+", "-", unmarked(told.title).lower()).strip("-")
        link = f"http://{host(feed)}:{self.port}/{slug}-{FIRST_ID + number}.html"
        sign = hashlib.sha256(str(number).encode()).hexdigest()[:12]
        image = f"https://anh-{feed % HOSTS}.example/{moment:%Y/%m/%d}/{sign}-{number}.jpg"
        return (
            f"<item><title><![CDATA[{told.title}]]></title><link>{link}</link><guid isPermaLink='true'>{link}</guid>"
            f'<description><![CDATA[<a href="{link}"><img src="{image}?w=1200&h=0&q=100&dpr=1&s={sign}" /></a>'
            f"</br>{told.lead}]]></description><pubDate>{format_datetime(moment.astimezone(VIETNAM))}</pubDate>"
            f"<media:thumbnail url='{image}?w=240&amp;h=144&amp;s={sign}'/></item>\n"
        )

    def _write(self) -> None:
        self._bodies = [
            (
                '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/">'
                f"<channel><title>Báo thử {number % HOSTS} - mục {number}</title><link>http://{host(number)}/</link>"
                f"<description>Mục {number}</description><language>vi</language>\n{''.join(entries)}</channel></rss>"
            ).encode()
            for number, entries in enumerate(self._entries)
        ]


def application(farm: Farm) -> web.Application:
    """The farm as a server."""

    def counted(
        kind: str, make: Callable[[web.Request], web.Response]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            response = make(request)
            farm.asked[f"{kind} {response.status}"] += 1
            return response

        return answer

    async def become(request: web.Request) -> web.Response:
        counts = dict(farm.asked)
        farm.asked.clear()
        if state := request.query.get("state"):
            farm.become(state)
        return web.json_response(counts)

    app = web.Application()
    app.router.add_post("/become", become)
    app.router.add_get(
        "/rss/{number}.rss", counted("feed", lambda asked: farm.feed(int(asked.match_info["number"]), asked))
    )
    app.router.add_get("/robots.txt", counted("robots", lambda _: web.Response(status=404)))
    app.router.add_get("/{path}", counted("page", lambda asked: farm.page(asked.path)))
    return app


async def main() -> None:
    told = argparse.ArgumentParser()
    told.add_argument("feeds", type=int)
    told.add_argument("items", type=int)
    told.add_argument("--real", action="store_true")
    wish = told.parse_args()
    farm = Farm(wish.feeds, wish.items, real=real_pieces() if wish.real else ())
    runner = web.AppRunner(application(farm), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host(0), 0).start()
    port = runner.addresses[0][1]
    for number in range(1, min(HOSTS, wish.feeds)):
        await web.TCPSite(runner, host(number), port).start()
    farm.open(port)
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
