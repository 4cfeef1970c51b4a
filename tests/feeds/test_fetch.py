"""Polls over real sockets of the loopback, with servers that are polite, moody, lying or hostile."""

import asyncio
import gzip
import random
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import brotli  # type: ignore[import-untyped]
import pytest
from aiohttp import web

from benchmarks.hostile.bodies import bodies, many_items
from monitor.feeds.body import BodyRead, FeedBody
from monitor.feeds.fetch import FEED_LIMITS, WHOLE_READ_EVERY, HttpFetcher
from monitor.feeds.parser import open_parser
from monitor.net.byte_budget import BUDGET
from monitor.net.politeness import HostGate
from monitor.net.request import HttpClient
from monitor.net.session import open_session
from monitor.types import Bookmark, Failed, FailureKind, Feed, FeedId, Fetched, FetchResult, NotModified
from tests.names import Names

NOW = datetime(2026, 8, 14, 12, 0, tzinfo=UTC)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def feed_body(*titles: str, built: str = "Fri, 14 Aug 2026 10:00:00 +0700") -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://bao.example/{number}-{len(title)}</link></item>"
        for number, title in enumerate(titles)
    )
    return f"<rss><channel><lastBuildDate>{built}</lastBuildDate><ttl>10</ttl>{items}</channel></rss>".encode()


BODY = feed_body("Mưa lớn", "Nắng lên")


class Newsroom:
    """A server whose pages are set by the test; `asked` holds the requests that came."""

    def __init__(self) -> None:
        self.pages: dict[str, Handler] = {}
        self.asked: list[web.Request] = []
        self.connections: set[object] = set()
        self.port = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        self.connections.add(request.transport and request.transport.get_extra_info("peername"))
        return await self.pages[request.path](request)

    def page(self, path: str, body: bytes = b"", status: int = 200, headers: dict[str, str] | None = None) -> None:
        async def fixed(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, body=body, headers=headers)

        self.pages[path] = fixed

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def feed(self, path: str = "/rss") -> Feed:
        return Feed(id=FeedId("thu"), outlet="Thử", url=self.url(path))


@pytest.fixture
async def newsroom() -> AsyncIterator[Newsroom]:
    place = Newsroom()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", place.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    place.port = runner.addresses[0][1]
    yield place
    await runner.cleanup()


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def fetching(
    clock: Clock | None = None,
    *,
    allow_private: bool = True,
    max_bytes: int = 1 << 20,
    whole: timedelta = timedelta(seconds=20),
    read: timedelta = timedelta(seconds=20),
    resolver: Names | None = None,
) -> AsyncIterator[HttpFetcher]:
    async with (
        open_session(
            allow_private=allow_private, contact="https://bao.example/bot", version="1", resolver=resolver
        ) as session,
        open_parser() as parser,
    ):
        yield HttpFetcher(
            HttpClient(session, HostGate(timedelta())),
            parser,
            clock=clock or Clock(),
            limits=replace(FEED_LIMITS, max_bytes=max_bytes, timeout=whole, read_timeout=read),
        )


async def poll(feed: Feed, bookmark: Bookmark = Bookmark(), **settings: object) -> FetchResult:  # noqa: B008 - frozen
    async with fetching(**settings) as fetcher:  # type: ignore[arg-type]
        return await fetcher.fetch(feed, bookmark)


def fetched(result: FetchResult) -> Fetched:
    assert isinstance(result, Fetched), result
    return result


def failure(result: FetchResult) -> Failed:
    assert isinstance(result, Failed), result
    assert result.why
    assert "\n" not in result.why
    return result


# ---------------------------------------------------------------- a polite server


async def test_a_first_poll_brings_entries_a_bookmark_and_hints(newsroom: Newsroom) -> None:
    newsroom.page(
        "/rss",
        BODY,
        headers={
            "ETag": '"a1"',
            "Last-Modified": "Fri, 14 Aug 2026 03:00:00 GMT",
            "Cache-Control": "public, max-age=900",
        },
    )
    result = fetched(await poll(newsroom.feed()))
    assert [entry.title for entry in result.entries] == ["Mưa lớn", "Nắng lên"]
    assert (result.bookmark.etag, result.bookmark.last_modified) == ('"a1"', "Fri, 14 Aug 2026 03:00:00 GMT")
    assert result.bookmark.full_fetch_at == NOW
    assert result.hints.ttl == timedelta(minutes=15)


async def test_the_server_learns_who_asks_and_where_to_complain(newsroom: Newsroom) -> None:
    newsroom.page("/rss", BODY)
    await poll(newsroom.feed())
    assert newsroom.asked[0].headers["User-Agent"] == "vn-news-monitor/1 (+https://bao.example/bot)"
    assert "br" in newsroom.asked[0].headers["Accept-Encoding"]


async def test_an_unchanged_feed_is_asked_for_with_conditions_and_answers_304(newsroom: Newsroom) -> None:
    async def conditional(request: web.Request) -> web.StreamResponse:
        known = request.headers.get("If-None-Match") == '"a1"' and "If-Modified-Since" in request.headers
        headers = {"ETag": '"a1"', "Last-Modified": "Fri, 14 Aug 2026 03:00:00 GMT"}
        return web.Response(status=304) if known else web.Response(body=BODY, headers=headers)

    newsroom.pages["/rss"] = conditional
    first = fetched(await poll(newsroom.feed()))
    second = await poll(newsroom.feed(), first.bookmark)
    assert isinstance(second, NotModified)
    assert second.bookmark == first.bookmark


async def test_the_same_body_again_is_not_modified_even_with_a_new_build_date(newsroom: Newsroom) -> None:
    newsroom.page("/rss", feed_body("Mưa lớn"))
    first = fetched(await poll(newsroom.feed()))
    newsroom.page("/rss", feed_body("Mưa lớn", built="Fri, 14 Aug 2026 11:11:11 +0700"))
    assert isinstance(await poll(newsroom.feed(), first.bookmark), NotModified)
    newsroom.page("/rss", feed_body("Mưa lớn", "Nắng lên"))
    second = fetched(await poll(newsroom.feed(), first.bookmark))
    assert [entry.title for entry in second.entries] == ["Nắng lên"]


async def test_what_the_last_body_listed_is_counted_and_not_read_again(newsroom: Newsroom) -> None:
    newsroom.page("/rss", feed_body("Mưa lớn", "Nắng lên"))
    first = fetched(await poll(newsroom.feed()))
    assert (len(first.entries), first.known, first.bookmark.whole_read_at) == (2, 0, NOW)
    newsroom.page("/rss", feed_body("Mưa lớn", "Nắng lên", "Gió nhẹ"))
    second = fetched(await poll(newsroom.feed(), first.bookmark))
    assert ([entry.title for entry in second.entries], second.known) == (["Gió nhẹ"], 2)
    assert len(second.bookmark.known_items) > len(first.bookmark.known_items) > 0
    newsroom.page("/rss", feed_body("Mưa lớn"))
    third = fetched(await poll(newsroom.feed(), second.bookmark))
    assert (third.entries, third.known) == ((), 1)
    again = await poll(newsroom.feed(), third.bookmark)
    assert isinstance(again, NotModified)
    assert again.bookmark.known_items == third.bookmark.known_items


@pytest.mark.parametrize("turned", [WHOLE_READ_EVERY, timedelta(days=-1)], ids=["hours later", "clock set back"])
async def test_now_and_then_even_the_same_body_is_read_whole(newsroom: Newsroom, turned: timedelta) -> None:
    clock = Clock()
    newsroom.page("/rss", BODY)
    async with fetching(clock) as fetcher:
        first = fetched(await fetcher.fetch(newsroom.feed(), Bookmark()))
        clock.now = NOW + turned
        second = fetched(await fetcher.fetch(newsroom.feed(), first.bookmark))
    assert (second.entries, second.known) == (first.entries, 0)
    assert second.bookmark.whole_read_at == clock.now


async def test_a_feed_under_another_address_knows_no_item(newsroom: Newsroom) -> None:
    newsroom.page("/rss", feed_body("Mưa lớn"))
    newsroom.page("/khac", feed_body("Mưa lớn", "Nắng lên"))
    first = fetched(await poll(newsroom.feed()))
    assert len(fetched(await poll(newsroom.feed("/khac"), first.bookmark)).entries) == 2


async def test_every_six_hours_the_feed_is_fetched_whole_and_a_lying_etag_is_found_out(newsroom: Newsroom) -> None:
    async def liar(request: web.Request) -> web.StreamResponse:
        if "If-None-Match" in request.headers:
            return web.Response(status=304)
        return web.Response(body=feed_body(f"Tin {len(newsroom.asked)}"), headers={"ETag": '"same"'})

    newsroom.pages["/rss"] = liar
    clock = Clock()
    first = fetched(await poll(newsroom.feed(), clock=clock))
    clock.now += timedelta(hours=5)
    assert isinstance(await poll(newsroom.feed(), first.bookmark, clock=clock), NotModified)
    clock.now += timedelta(hours=1)
    later = fetched(await poll(newsroom.feed(), first.bookmark, clock=clock))
    assert later.entries[0].title == "Tin 3"
    clock.now += timedelta(minutes=5)  # its 304s are not believed any more
    assert fetched(await poll(newsroom.feed(), later.bookmark, clock=clock)).entries[0].title == "Tin 4"


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)],
)
async def test_compressed_bodies_are_unpacked(
    newsroom: Newsroom, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    newsroom.page("/rss", pack(BODY), headers={"Content-Encoding": encoding})
    assert len(fetched(await poll(newsroom.feed())).entries) == 2


# ---------------------------------------------------------------- redirects


async def test_a_permanent_move_is_remembered_and_the_new_address_asked(newsroom: Newsroom) -> None:
    newsroom.page("/rss", status=301, headers={"Location": "/nha-moi"})
    newsroom.page("/nha-moi", status=308, headers={"Location": "/nha-moi/rss"})
    newsroom.page("/nha-moi/rss", BODY)
    bookmark = fetched(await poll(newsroom.feed())).bookmark
    assert (bookmark.moved_to, bookmark.moved_from) == (newsroom.url("/nha-moi/rss"), newsroom.url("/rss"))
    newsroom.asked.clear()
    assert isinstance(await poll(newsroom.feed(), bookmark), NotModified)
    assert [request.path for request in newsroom.asked] == ["/nha-moi/rss"]


async def test_one_passing_hop_makes_the_whole_move_passing(newsroom: Newsroom) -> None:
    newsroom.page("/rss", status=301, headers={"Location": "/giua"})
    newsroom.page("/giua", status=302, headers={"Location": "/rss2"})
    newsroom.page("/rss2", BODY)
    assert fetched(await poll(newsroom.feed())).bookmark.moved_to == ""


async def test_a_move_to_a_page_that_is_no_feed_is_not_remembered(newsroom: Newsroom) -> None:
    newsroom.page("/rss", status=301, headers={"Location": "/"})
    newsroom.page("/", b"<!DOCTYPE html><html><body>Trang ch\xe1\xbb\xa7</body></html>")
    assert failure(await poll(newsroom.feed())).kind is FailureKind.NOT_A_FEED


async def test_a_remembered_address_that_died_is_forgotten_in_the_same_poll(newsroom: Newsroom) -> None:
    newsroom.page("/cu", status=404)
    newsroom.page("/rss", BODY)
    bookmark = Bookmark(moved_to=newsroom.url("/cu"), moved_from=newsroom.url("/rss"), full_fetch_at=NOW)
    assert fetched(await poll(newsroom.feed(), bookmark)).bookmark.moved_to == ""


async def test_a_new_configured_address_forgets_what_was_learnt_of_the_old_one(newsroom: Newsroom) -> None:
    newsroom.page("/rss", BODY)
    bookmark = Bookmark(
        etag='"a1"', moved_to=newsroom.url("/noi-khac"), moved_from=newsroom.url("/dia-chi-cu"), full_fetch_at=NOW
    )
    learnt = fetched(await poll(newsroom.feed(), bookmark)).bookmark
    assert (learnt.moved_to, learnt.moved_from) == ("", newsroom.url("/rss"))
    assert "If-None-Match" not in newsroom.asked[0].headers


async def test_a_redirect_loop_is_told_apart(newsroom: Newsroom) -> None:
    newsroom.page("/rss", status=302, headers={"Location": "/vong"})
    newsroom.page("/vong", status=302, headers={"Location": "/rss"})
    result = failure(await poll(newsroom.feed()))
    assert result.kind is FailureKind.REDIRECT
    assert "loop" in result.why


async def test_an_endless_chain_of_redirects_ends(newsroom: Newsroom) -> None:
    async def further(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": f"/rss?{len(newsroom.asked)}"})

    newsroom.pages["/rss"] = further
    assert failure(await poll(newsroom.feed())).kind is FailureKind.REDIRECT
    assert len(newsroom.asked) == 6


async def test_a_redirect_that_waits_for_its_cookie_is_passed(newsroom: Newsroom) -> None:
    async def gatekeeper(request: web.Request) -> web.StreamResponse:
        if request.cookies.get("phien") == "7":
            return web.Response(body=BODY)
        return web.Response(status=302, headers={"Location": "/rss", "Set-Cookie": "phien=7; path=/"})

    newsroom.pages["/rss"] = gatekeeper
    assert len(fetched(await poll(newsroom.feed())).entries) == 2


@pytest.mark.parametrize("target", ["ftp://bao.example/rss", "file:///etc/passwd", "http://[nửa"])
async def test_a_redirect_out_of_the_web_is_refused(newsroom: Newsroom, target: str) -> None:
    newsroom.page("/rss", status=302, headers={"Location": target})
    assert failure(await poll(newsroom.feed())).kind is FailureKind.REDIRECT


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (204, FailureKind.EMPTY),
        (304, FailureKind.HTTP),  # to a request that set no conditions
        (401, FailureKind.FORBIDDEN),
        (403, FailureKind.FORBIDDEN),
        (404, FailureKind.NOT_FOUND),
        (410, FailureKind.GONE),
        (428, FailureKind.FORBIDDEN),
        (429, FailureKind.RATE_LIMITED),
        (500, FailureKind.HTTP),
        (503, FailureKind.HTTP),
    ],
)
async def test_a_status_tells_its_kind(newsroom: Newsroom, status: int, kind: FailureKind) -> None:
    newsroom.page("/rss", status=status)
    assert failure(await poll(newsroom.feed())).kind is kind


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Fri, 14 Aug 2026 13:00:00 GMT", timedelta(hours=1)),
        ("Fri, 14 Aug 2026 11:00:00 GMT", timedelta()),
        ("999999999999", timedelta(days=1)),
        ("Fri, 14 Aug 2037 13:00:00 GMT", timedelta(days=1)),
        ("soon", None),
    ],
)
async def test_retry_after_is_read_in_seconds_and_as_a_date(
    newsroom: Newsroom, header: str, wait: timedelta | None
) -> None:
    newsroom.page("/rss", status=429, headers={"Retry-After": header, "Date": "Fri, 14 Aug 2026 12:00:00 GMT"})
    result = failure(await poll(newsroom.feed()))
    assert (result.kind, result.retry_after) == (FailureKind.RATE_LIMITED, wait)


async def test_503_with_a_wish_is_a_rate_limit(newsroom: Newsroom) -> None:
    newsroom.page("/rss", status=503, headers={"Retry-After": "60"})
    result = failure(await poll(newsroom.feed()))
    assert (result.kind, result.retry_after) == (FailureKind.RATE_LIMITED, timedelta(minutes=1))


async def test_pages_challenges_and_empty_bodies_with_200_are_told_apart(newsroom: Newsroom) -> None:
    newsroom.page("/html", b"<html><body>Xin ch\xc3\xa0o</body></html>", headers={"Content-Type": "text/html"})
    newsroom.page("/js", b'<html><script>document.cookie="D1N=1";location.reload()</script></html>')
    newsroom.page("/empty", b"")
    newsroom.page("/no-items", b"<rss><channel><title>x</title></channel></rss>")
    found = {path: failure(await poll(newsroom.feed(path))) for path in ("/html", "/js", "/empty", "/no-items")}
    assert [result.kind for result in found.values()] == [
        FailureKind.NOT_A_FEED,
        FailureKind.NOT_A_FEED,
        FailureKind.EMPTY,
        FailureKind.EMPTY,
    ]
    assert "JavaScript" in found["/js"].why


# ---------------------------------------------------------------- hostile servers


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("br", brotli.compress)])
async def test_a_compressed_bomb_is_not_inflated(
    newsroom: Newsroom, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    newsroom.page("/rss", pack(b"\0" * (40 << 20)), headers={"Content-Encoding": encoding})
    assert failure(await poll(newsroom.feed())).kind is FailureKind.TOO_LARGE


async def test_a_body_without_end_is_cut_off(newsroom: Newsroom) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"<item>" * 10_000)
        except ConnectionError:
            return response

    newsroom.pages["/rss"] = endless
    assert failure(await poll(newsroom.feed())).kind is FailureKind.TOO_LARGE


async def test_a_feed_that_drips_a_byte_at_a_time_ends(newsroom: Newsroom) -> None:
    async def dripping(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"<")
                await asyncio.sleep(0.02)  # the server's own slowness; the test itself waits for nothing
        except ConnectionError:
            return response

    newsroom.pages["/rss"] = dripping
    assert failure(await poll(newsroom.feed(), whole=timedelta(seconds=0.3))).kind is FailureKind.TIMEOUT


async def test_slow_redirects_share_one_patience(newsroom: Newsroom) -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.15)  # the server's own slowness
        return web.Response(status=302, headers={"Location": f"/rss?{len(newsroom.asked)}"})

    newsroom.pages["/rss"] = slow
    assert failure(await poll(newsroom.feed(), whole=timedelta(seconds=0.4))).kind is FailureKind.TIMEOUT
    assert len(newsroom.asked) <= 3


async def test_a_silent_server_ends(newsroom: Newsroom) -> None:
    async def silent(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    newsroom.pages["/rss"] = silent
    assert failure(await poll(newsroom.feed(), read=timedelta(seconds=0.2))).kind is FailureKind.TIMEOUT


async def test_random_bytes_and_bombs_of_xml_are_failures_in_one_line(newsroom: Newsroom) -> None:
    newsroom.page("/random", random.Random(1).randbytes(100_000))
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    newsroom.page("/laughs", f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><rss><channel>&l9;</channel></rss>'.encode())
    assert failure(await poll(newsroom.feed("/random"))).kind is FailureKind.NOT_A_FEED
    assert failure(await poll(newsroom.feed("/laughs"))).kind in {FailureKind.EMPTY, FailureKind.MALFORMED}


async def test_ten_megabytes_of_xml_are_too_large(newsroom: Newsroom) -> None:
    newsroom.page("/rss", b"<rss><channel>" + b"<item><title>x</title></item>" * 400_000)
    assert failure(await poll(newsroom.feed(), max_bytes=8 << 20)).kind is FailureKind.TOO_LARGE


@pytest.mark.parametrize("damage", [b"\x1f\x8bnot gzip at all", b"plain text"])
async def test_a_damaged_compressed_body_is_a_failure(newsroom: Newsroom, damage: bytes) -> None:
    newsroom.page("/rss", damage, headers={"Content-Encoding": "gzip"})
    assert failure(await poll(newsroom.feed())).kind is FailureKind.HTTP


async def test_a_body_that_breaks_off_is_a_failure(newsroom: Newsroom) -> None:
    async def broken(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "5000"})
        await response.prepare(request)
        await response.write(BODY)
        assert request.transport is not None
        request.transport.abort()
        return response

    newsroom.pages["/rss"] = broken
    assert failure(await poll(newsroom.feed())).kind in {FailureKind.HTTP, FailureKind.CONNECT}


async def test_a_server_that_speaks_no_http_is_a_failure() -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"220 this is mail\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(babble, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        result = await poll(Feed(id=FeedId("x"), outlet="x", url=f"http://127.0.0.1:{port}/rss"))
    assert failure(result).kind is FailureKind.HTTP


async def test_a_closed_port_and_an_unknown_name_are_told_apart() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    closed = await poll(Feed(id=FeedId("x"), outlet="x", url=f"http://127.0.0.1:{port}/rss"))
    assert failure(closed).kind is FailureKind.CONNECT
    unknown = await poll(Feed(id=FeedId("x"), outlet="x", url="http://khong-co.example/rss"), resolver=Names({}))
    assert failure(unknown).kind is FailureKind.DNS


async def test_a_certificate_nobody_signed_is_refused(newsroom: Newsroom) -> None:
    plain = replace(newsroom.feed(), url=newsroom.url("/rss").replace("http:", "https:"))
    assert failure(await poll(plain)).kind is FailureKind.TLS


# ---------------------------------------------------------------- internal addresses


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]"]
)
async def test_a_literal_internal_address_is_never_asked(newsroom: Newsroom, host: str) -> None:
    feed = replace(newsroom.feed(), url=f"http://{host}:{newsroom.port}/rss")
    assert failure(await poll(feed, allow_private=False)).kind is FailureKind.PRIVATE_ADDRESS
    assert newsroom.asked == []


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["127.0.0.1", "10.0.0.1", "192.168.1.1"]])
async def test_a_name_that_leads_inwards_is_never_asked(newsroom: Newsroom, addresses: list[str]) -> None:
    feed = replace(newsroom.feed(), url=f"http://bao.example:{newsroom.port}/rss")
    result = await poll(feed, allow_private=False, resolver=Names({"bao.example": addresses}))
    assert failure(result).kind is FailureKind.PRIVATE_ADDRESS
    assert newsroom.asked == []


@pytest.mark.parametrize("host", ["10.0.0.1", "trong-nha.example"])
async def test_a_redirect_inwards_is_refused(newsroom: Newsroom, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The only server here is on the loopback, so for this test alone the loopback counts as public.
    for place in ("monitor.net.session.is_public", "monitor.net.addresses.is_public"):
        monkeypatch.setattr(place, lambda address: address == "127.0.0.1")
    newsroom.page("/rss", status=302, headers={"Location": f"http://{host}:{newsroom.port}/bi-mat"})
    result = await poll(newsroom.feed(), allow_private=False, resolver=Names({"trong-nha.example": ["10.0.0.1"]}))
    assert failure(result).kind is FailureKind.PRIVATE_ADDRESS
    assert [request.path for request in newsroom.asked] == ["/rss"]


# ---------------------------------------------------------------- politeness


async def test_one_host_is_asked_one_thing_at_a_time(newsroom: Newsroom) -> None:
    present = most = 0

    async def counting(request: web.Request) -> web.StreamResponse:
        nonlocal present, most
        present += 1
        most = max(most, present)
        for _ in range(20):
            await asyncio.sleep(0)
        present -= 1
        return web.Response(body=BODY)

    newsroom.pages["/rss"] = counting
    async with fetching() as fetcher:
        results = await asyncio.gather(*(fetcher.fetch(newsroom.feed(), Bookmark()) for _ in range(5)))
    assert all(isinstance(result, Fetched) for result in results)
    assert most == 1


async def test_a_session_keeps_no_cookie_and_no_connection(newsroom: Newsroom) -> None:
    newsroom.page("/rss", BODY, headers={"Set-Cookie": "theo-doi=1"})
    async with fetching() as fetcher:
        await fetcher.fetch(newsroom.feed(), Bookmark())
        await fetcher.fetch(newsroom.feed(), Bookmark())
    assert newsroom.asked[1].headers.get("Cookie") is None
    assert len(newsroom.connections) == 2


async def test_the_caller_may_stop_a_poll_at_any_time(newsroom: Newsroom) -> None:
    async def silent(request: web.Request) -> web.StreamResponse:
        arrived.set()
        await asyncio.Event().wait()
        return web.Response()

    arrived = asyncio.Event()
    newsroom.pages["/rss"] = silent
    async with fetching() as fetcher:
        task = asyncio.create_task(fetcher.fetch(newsroom.feed(), Bookmark()))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


# ---------------------------------------------------------------- many large bodies at once


def large_body() -> bytes:
    return many_items(1_000_000, "")


async def test_an_ordinary_feed_waits_for_none_of_the_large_ones(newsroom: Newsroom) -> None:
    newsroom.page("/rss", BODY)
    async with fetching() as fetcher:
        client = fetcher._client
        with client.budget.share(client.budget.left) as everything:
            everything.close()
            await everything.cover(client.budget.left)
            newsroom.page("/large", large_body())
            large = asyncio.create_task(fetcher.fetch(newsroom.feed("/large"), Bookmark()))
            assert len(fetched(await fetcher.fetch(newsroom.feed(), Bookmark())).entries) == 2
            assert not large.done()
        assert len(fetched(await large).entries) > 1_000
        assert client.budget.left == BUDGET


async def test_a_large_body_that_finds_no_room_is_a_failure_that_passes(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.net.request.ROOM_WITHIN", timedelta(seconds=0.05))
    newsroom.page("/large", large_body())
    async with fetching() as fetcher:
        client = fetcher._client
        with client.budget.share(client.budget.left) as everything:
            everything.close()
            await everything.cover(client.budget.left)
            failed = failure(await fetcher.fetch(newsroom.feed("/large"), Bookmark()))
    assert failed.kind.is_passing
    assert "too many at once" in failed.why


async def test_a_large_body_that_drips_holds_its_room_for_a_while_only(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dripping(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            await response.write(large_body()[:500_000])
            while True:
                await response.write(b"<")
                await asyncio.sleep(0.02)  # the server's own slowness; the test itself waits for nothing
        except ConnectionError:
            return response

    monkeypatch.setattr("monitor.net.request.LARGE_WITHIN", timedelta(seconds=0.2))
    newsroom.pages["/rss"] = dripping
    async with fetching() as fetcher:
        failed = failure(await fetcher.fetch(newsroom.feed(), Bookmark()))
        assert fetcher._client.budget.left == BUDGET
    assert failed.kind is FailureKind.TIMEOUT
    assert "drips" in failed.why


async def test_a_body_keeps_its_room_until_it_is_read(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.page("/large", large_body())
    async with fetching() as fetcher:
        left: list[int] = []
        read = fetcher._parser.read

        async def noted(feed_id: FeedId, body: FeedBody) -> BodyRead:
            left.append(fetcher._client.budget.left)
            assert all(share.is_whole for share in fetcher._client.budget._shares)  # others may count on it
            return await read(feed_id, body)

        monkeypatch.setattr(fetcher._parser, "read", noted)
        fetched(await fetcher.fetch(newsroom.feed("/large"), Bookmark()))
        assert left[0] <= BUDGET - 700_000
        assert fetcher._client.budget.left == BUDGET


@pytest.mark.slow
async def test_hostile_feeds_end_as_values_and_a_good_one_comes_through(newsroom: Newsroom) -> None:
    hostile = bodies(600_000)
    for number, each in enumerate(hostile.values()):
        newsroom.page(f"/bay/{number}", each.body, headers=dict(each.headers))
    newsroom.page("/rss", BODY)
    async with fetching() as fetcher:
        polls = [
            asyncio.create_task(fetcher.fetch(newsroom.feed(f"/bay/{number}"), Bookmark()))
            for number in range(len(hostile))
        ]
        good = await fetcher.fetch(newsroom.feed(), Bookmark())
        assert len(fetched(good).entries) == 2
        assert not all(task.done() for task in polls)
        for name, result in zip(hostile, await asyncio.gather(*polls), strict=True):
            assert isinstance(result, Fetched | Failed), name
        assert fetcher._client.budget.left == BUDGET
