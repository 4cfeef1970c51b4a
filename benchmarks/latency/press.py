"""Newspapers on loopback, in a process of their own: they print what they are given, and note when who asked got it.

Run by the benchmark: prints its port and serves until its input ends.
"""

import asyncio
import hashlib
import sys
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from html import escape

from aiohttp import web

LISTED = 300  # items of a feed, newest first


@dataclass
class Shelf:
    """A feed as it stands."""

    entries: list[tuple[int, str]] = field(default_factory=list)  # number and text, newest first
    body: bytes = b""
    tag: str = ""
    asked: int = 0


class Press:
    """All feeds, and when the first answer with an article had left; seconds of the clock."""

    def __init__(self) -> None:
        self.port = 0
        self.shelves: dict[str, Shelf] = {}
        self.answered: dict[int, float] = {}
        self.texts: dict[int, str] = {}

    async def publish(self, request: web.Request) -> web.Response:
        """Take articles in: feed, number, title, lead, age in seconds."""
        changed = set()
        for feed, number, title, lead, age in await request.json():
            shelf = self.shelves.setdefault(feed, Shelf())
            link = f"http://{request.host.partition(':')[0]}:{self.port}/bai-{number}.html"
            shelf.entries.insert(
                0,
                (
                    number,
                    f"<item><title>{escape(title)}</title><link>{link}</link><guid>{link}</guid>"
                    f"<description>{escape(lead)}</description>"
                    f"<pubDate>{formatdate(time.time() - age)}</pubDate></item>",
                ),
            )
            self.texts[number] = f"<h1>{escape(title)}</h1><p>{escape(lead)}</p>"
            changed.add(feed)
        for feed in changed:
            shelf = self.shelves[feed]
            del shelf.entries[LISTED:]
            listed = "".join(text for _, text in shelf.entries)
            shelf.body = (
                f'<rss version="2.0"><channel><title>Báo {feed}</title><link>http://127.0.0.1/</link>'
                f"<description>Tin</description>{listed}</channel></rss>"
            ).encode()
            shelf.tag = f'"{hashlib.sha256(shelf.body).hexdigest()[:16]}"'
        return web.Response()

    async def feed(self, request: web.Request) -> web.StreamResponse:
        """A feed, or 304 for who has it as it is."""
        shelf = self.shelves.setdefault(request.match_info["feed"], Shelf())
        numbers, shelf.asked = [number for number, _ in shelf.entries], shelf.asked + 1
        known = shelf.tag and shelf.tag in request.headers.get("If-None-Match", "")
        answer = web.Response(
            body=None if known else shelf.body,
            status=304 if known else 200,
            headers={"ETag": shelf.tag},
            content_type="application/rss+xml",
        )
        await answer.prepare(request)
        await answer.write_eof()
        if not known:
            now = time.time()
            for number in numbers:
                self.answered.setdefault(number, now)
        return answer

    async def page(self, request: web.Request) -> web.Response:
        """An article, as its feed told it."""
        text = self.texts.get(int(request.match_info["number"]))
        if text is None:
            raise web.HTTPNotFound
        body = f"<html lang='vi'><head><meta charset='utf-8'></head><body><article>{text}</article></body></html>"
        return web.Response(text=body, content_type="text/html")

    async def noted(self, _: web.Request) -> web.Response:
        """When each article was first answered, and how often each feed was asked."""
        asked = {feed: shelf.asked for feed, shelf in self.shelves.items()}
        return web.json_response({"answered": self.answered, "asked": asked})


async def main() -> None:
    """Serve until the input ends; every address of 127.0.0.0/8 is a newspaper of its own."""
    press = Press()
    app = web.Application(client_max_size=2**26)
    app.router.add_post("/publish", press.publish)
    app.router.add_get("/noted", press.noted)
    app.router.add_get("/rss/{feed}", press.feed)
    app.router.add_get(r"/bai-{number:\d+}.html", press.page)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "0.0.0.0", 0).start()
    press.port = runner.addresses[0][1]
    print(press.port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
