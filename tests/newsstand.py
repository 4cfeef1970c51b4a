"""One newspaper on loopback: a feed that a test fills and breaks, and the pages behind it."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

WATCHLIST = """\
leaders:
  - id: putin
    name: Vladimir Putin
    aliases: [Putin]
    offices: [{title: Tổng thống Nga, since: 2012-05-07}]
    tags: [nga]
  - {id: netanyahu, name: Benjamin Netanyahu, aliases: [Netanyahu]}
events:
  - {id: dong-dat, name: Động đất, match: ['"động đất"']}
"""


@dataclass
class Newsstand:
    """`async with Newsstand() as stand`; the feed is at `stand.feed_url`. An old item is always there: the baseline."""

    pieces: list[tuple[int, str, str]] = field(default_factory=list)
    pages: dict[int, str] = field(default_factory=dict)
    broken: str = ""  # a body that is no feed, served with status 200
    polls: int = 0
    base: str = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/rss", self._feed)
        app.router.add_get("/bai-{number}.html", self._page)
        self._changed = asyncio.Condition()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @property
    def feed_url(self) -> str:
        return f"{self.base}/rss"

    def publish(self, title: str, lead: str, *, page: str = "") -> None:
        number = 4_700_001 + len(self.pieces)
        self.pieces.insert(0, (number, title, lead))
        if page:
            self.pages[number] = page

    def retitle(self, title: str) -> None:
        """The newest article gets another headline; its id stays."""
        number, _, lead = self.pieces[0]
        self.pieces[0] = (number, title, lead)

    async def polled(self, times: int = 1, *, within: float = 60.0) -> None:
        """Wait until the feed has been asked so often from now on."""
        wanted = self.polls + times
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(lambda: self.polls >= wanted)

    def write_config(self, folder: Path, *, watchlist: str = WATCHLIST, more: str = "") -> None:
        (folder / "watchlists").mkdir(parents=True, exist_ok=True)
        (folder / "feeds.yaml").write_text(
            "defaults: {interval: 1s, min_interval: 500ms, max_interval: 1s}\n"
            f"feeds:\n  - {{id: ben-song, outlet: Bến Sông, url: '{self.feed_url}'}}\n{more}"
        )
        (folder / "watchlists" / "all.yaml").write_text(watchlist)

    async def _feed(self, request: web.Request) -> web.Response:
        async with self._changed:
            self.polls += 1
            self._changed.notify_all()
        if self.broken:
            return web.Response(text=self.broken, content_type="text/html")
        now = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
        entries = "".join(
            f"<item><title>{escape(title)}</title><link>{self.base}/bai-{number}.html</link>"
            f"<description>{escape(lead)}</description><pubDate>{now}</pubDate></item>"
            for number, title, lead in self.pieces
        )
        old = f"<item><title>Bài cũ của tuần trước</title><link>{self.base}/bai-4600000.html</link></item>"
        body = f'<rss version="2.0"><channel><title>Bến Sông</title>{entries}{old}</channel></rss>'
        return web.Response(text=body, content_type="application/rss+xml")

    async def _page(self, request: web.Request) -> web.Response:
        text = self.pages.get(int(request.match_info["number"]))
        if text is None:
            raise web.HTTPNotFound
        paragraphs = "".join(f"<p>{escape(each)}</p>" for each in text.splitlines())
        return web.Response(
            text=f"<html lang=vi><body><article><h1>Bài</h1>{paragraphs}</article></body></html>",
            content_type="text/html",
        )
