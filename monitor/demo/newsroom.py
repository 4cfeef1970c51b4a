"""A newsroom on loopback: invented newspapers, each on its own port, that print RSS and pages by a timetable.

Polls nothing, matches nothing, and shows nothing (narrator.py does). What is on line at a moment is a pure function,
`publish_until`; only the server asks the clock, and the timetable starts when every feed has been read once, because
the pipeline takes the first reading of a feed as known already.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from monitor.demo.press import CHALLENGE_PAGE, PICTURE, ROBOTS, article_html, article_path, feed_bytes
from monitor.demo.script import OutageKind, Outlet, Part, Piece, Script, read_script
from monitor.types import Feed, FeedId

HOST = "127.0.0.1"
LISTED = 20  # items a feed shows; real ones show 20 to 60
INTERVAL = timedelta(seconds=1)
MAX_INTERVAL = timedelta(seconds=2)
RETRY_AFTER = 2  # seconds, with the 503 of the broken feed
ROUNDS_KEPT = 3  # with keep: pages of older rounds are gone


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the pipeline should make of one article, and why, in a line for a person.

    Articles with one `story` belong together. `watches` must be among those found, `never` must not.
    """

    outlet: str
    title: str
    url: str
    at: float  # seconds since the opening
    part: Part
    why_en: str
    why_vi: str
    story: str = ""
    watches: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


class Newsroom:
    """`async with Newsroom(start) as room`: the servers run inside the block.

    `start` dates the articles, `pace` is how many seconds of the timetable pass in one, `clock` counts seconds (the
    event loop's unless given). With `keep` the timetable begins again, with new ids and other names, for ever.
    """

    def __init__(
        self, start: datetime, pace: float = 1.0, *, keep: bool = False, clock: Callable[[], float] | None = None
    ) -> None:
        if start.tzinfo is None:
            raise ValueError("start must name its zone")
        if pace <= 0:
            raise ValueError("pace must be above zero")
        self._start = start
        self._pace = pace
        self._keep = keep
        self._clock = clock
        self._script: Script = read_script()
        self._baseline = self._script.baseline(start)
        self._rounds: dict[int, tuple[Piece, ...]] = {}
        self._runners: list[web.AppRunner] = []
        self._bases: dict[str, str] = {}
        self._unread = {outlet.id for outlet in self._script.outlets}
        self._opened_at: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._ended: asyncio.Future[None] | None = None

    async def __aenter__(self) -> Self:
        self._ended = asyncio.get_running_loop().create_future()
        try:
            for outlet in self._script.outlets:
                # a port each, because politeness is counted by host and port
                runner = web.AppRunner(self._app(outlet), access_log=None, shutdown_timeout=1.0)
                await runner.setup()
                self._runners.append(runner)
                await web.TCPSite(runner, HOST, 0).start()
                self._bases[outlet.id] = f"http://{HOST}:{runner.addresses[0][1]}"
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    # ------------------------------------------------------------ what the pipeline is given

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """The feeds as an editor would configure them, with intervals for a demo. Known inside the block only."""
        return tuple(
            Feed(
                id=FeedId(outlet.id),
                outlet=outlet.name,
                url=self._bases[outlet.id] + outlet.path,
                section=outlet.section,
                interval=INTERVAL,
                min_interval=INTERVAL,
                max_interval=MAX_INTERVAL,
            )
            for outlet in self._script.outlets
        )

    def write_config(self, folder: Path) -> Path:
        """Write these feeds as `feeds.yaml` into `folder`, made if need be, and give its path; no watchlists."""
        lines = [
            f"defaults: {{interval: {_seconds(INTERVAL)}, min_interval: {_seconds(INTERVAL)}, "
            f"max_interval: {_seconds(MAX_INTERVAL)}, max_alert_age: 48h, timezone: Asia/Ho_Chi_Minh}}",
            "feeds:",
        ]
        for feed in self.feeds:
            # a JSON string is a YAML string
            facts = {"id": feed.id, "outlet": feed.outlet, "url": feed.url, "section": feed.section}
            pairs = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items()]
            lines += [f"  - {pairs[0]}", *(f"    {pair}" for pair in pairs[1:])]
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "feeds.yaml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    # ------------------------------------------------------------ the timetable

    def publish_until(self, seconds: float) -> tuple[Piece, ...]:
        """What is on line `seconds` after the opening, newest first; a new headline hides the old one."""
        pieces = [*self._baseline]
        if seconds >= 0:
            last = int(seconds // self._script.length) if self._keep else 0
            for number in range(max(0, last - ROUNDS_KEPT + 1), last + 1):
                pieces += (piece for piece in self._round(number) if piece.at <= seconds)
        newest = {(piece.outlet.id, piece.serial): piece for piece in sorted(pieces, key=lambda piece: piece.at)}
        return tuple(sorted(newest.values(), key=lambda piece: -piece.at))

    def listed(self, outlet: str, seconds: float) -> tuple[Piece, ...]:
        """What the feed of an outlet shows at that moment, newest first."""
        return tuple(piece for piece in self.publish_until(seconds) if piece.outlet.id == outlet)[:LISTED]

    @property
    def length(self) -> float:
        """How long a round of the timetable is, in its own seconds."""
        return self._script.length

    @property
    def opened(self) -> bool:
        """Whether every feed has been read once, so that the timetable runs."""
        return self._opened_at is not None

    @property
    def elapsed(self) -> float:
        """Seconds of the timetable since the opening; 0 before it."""
        return 0.0 if self._opened_at is None else (self._now() - self._opened_at) * self._pace

    @property
    def ended(self) -> asyncio.Future[None]:
        """Done when the timetable is through; with `keep` never. Known inside the block only."""
        if self._ended is None:
            raise RuntimeError("the newsroom has not been entered")
        return self._ended

    @property
    def expectations(self) -> tuple[Expectation, ...]:
        """What should become of every article, of what was there before and of the rounds begun so far."""
        pieces = [*self._baseline]
        for number in range(self._last_round() + 1):
            pieces += self._script.round(number, self._start, self._pace)
        return tuple(self._expectation(piece) for piece in pieces)

    def _last_round(self) -> int:
        return int(self.elapsed // self.length) if self._keep else 0

    def _expectation(self, piece: Piece) -> Expectation:
        return Expectation(
            outlet=piece.outlet.name,
            title=piece.title,
            url=self._bases[piece.outlet.id] + article_path(piece),
            at=piece.at,
            part=piece.part,
            why_en=piece.why_en,
            why_vi=piece.why_vi,
            story=piece.story,
            watches=piece.watches,
            never=piece.never,
        )

    def _round(self, number: int) -> tuple[Piece, ...]:
        if number not in self._rounds:
            self._rounds[number] = self._script.round(number, self._start, self._pace)
            self._rounds.pop(number - ROUNDS_KEPT, None)
        return self._rounds[number]

    def _now(self) -> float:
        return self._clock() if self._clock else asyncio.get_running_loop().time()

    def _note_reading(self, outlet: str) -> None:
        self._unread.discard(outlet)
        if not self._unread and self._opened_at is None:
            self._opened_at = self._now()
        self._look_at_the_clock()

    def _look_at_the_clock(self) -> None:
        if self._opened_at is None or self._keep or self.ended.done():
            return
        left = (self.length - self.elapsed) / self._pace
        if left <= 0:
            self.ended.set_result(None)
        elif self._timer is None and self._clock is None:
            # a given clock does not wake us: then the next request looks
            self._timer = asyncio.get_running_loop().call_later(left, self._ring_the_end)

    def _ring_the_end(self) -> None:
        self._timer = None
        self._look_at_the_clock()

    async def _close(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        for runner in self._runners:
            await runner.cleanup()
        self._runners.clear()
        if self._ended:
            self._ended.cancel()  # whoever still waits for the end need not

    # ------------------------------------------------------------ the servers

    def _app(self, outlet: Outlet) -> web.Application:
        async def feed(request: web.Request) -> web.Response:
            return self._serve_feed(outlet, request)

        async def robots(_: web.Request) -> web.Response:
            return web.Response(text=ROBOTS)

        async def picture(_: web.Request) -> web.Response:
            return web.Response(text=PICTURE, content_type="image/svg+xml")

        async def page(request: web.Request) -> web.Response:
            return self._serve_page(outlet, request)

        app = web.Application()
        app.router.add_get(outlet.path, feed)
        app.router.add_get("/robots.txt", robots)
        app.router.add_get("/anh/{name}", picture)
        app.router.add_get("/{tail:.*}", page)
        return app

    def _serve_feed(self, outlet: Outlet, request: web.Request) -> web.Response:
        seconds = self.elapsed
        self._note_reading(outlet.id)
        match self._script.outage(outlet.id, seconds) if self.opened else None:
            case OutageKind.CHALLENGE:
                return web.Response(text=CHALLENGE_PAGE, content_type="text/html")
            case OutageKind.UNAVAILABLE:
                return web.Response(status=503, text="Service Unavailable", headers={"Retry-After": str(RETRY_AFTER)})
        pieces = self.listed(outlet.id, seconds)
        body = feed_bytes(outlet, pieces, self._bases[outlet.id])
        headers = {}
        match outlet.validator:
            case "etag":
                headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
                known = request.headers.get("If-None-Match") == headers["ETag"]
            case "last-modified":
                # in the timetable's own seconds, else a fast pace would put two changes into one second
                changed = self._start.replace(microsecond=0) + timedelta(seconds=int(pieces[0].at))
                headers["Last-Modified"] = format_datetime(changed.astimezone(UTC), usegmt=True)
                known = request.headers.get("If-Modified-Since") == headers["Last-Modified"]
            case _:
                known = False
        if known:
            return web.Response(status=304, headers=headers)
        response = web.Response(body=body, content_type="text/xml", charset="utf-8", headers=headers)
        response.enable_compression()
        return response

    def _serve_page(self, outlet: Outlet, request: web.Request) -> web.Response:
        online = [piece for piece in self.publish_until(self.elapsed) if piece.outlet.id == outlet.id]
        for piece in online:
            if article_path(piece) == request.path:
                return web.Response(text=article_html(piece, outlet), content_type="text/html")
        for piece in online:
            if piece.retitles and self._old_path(piece) == request.path:
                return web.Response(status=301, headers={"Location": article_path(piece)})
        return web.Response(status=404, text="Không tìm thấy trang.")

    def _old_path(self, piece: Piece) -> str:
        versions = self._round(int(piece.at // self.length))
        return next(article_path(one) for one in versions if one.id == piece.retitles)


def _seconds(span: timedelta) -> str:
    return f"{int(span.total_seconds())}s"
