"""Feed, page, robots.txt and model ask by one client and answer from one table: shown over real sockets."""

import asyncio
import gzip
import socket
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.article import PAGE_LIMITS, HttpArticleReader
from monitor.feeds.fetch import FEED_LIMITS, HttpFetcher
from monitor.feeds.parser import open_parser
from monitor.feeds.robots import ROBOTS_LIMITS, RobotsTxt
from monitor.net.politeness import HostGate
from monitor.net.request import Answer, HttpClient, Limits
from monitor.net.session import open_session
from monitor.stories.summary.llm import LlmSummarizer
from monitor.types import Bookmark, Failed, FailureKind, Feed, FeedId, Item, ItemId
from tests.names import Names

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
DATE = "Sat, 28 Nov 2026 12:00:00 GMT"
ITEM = Item(ItemId("1"), "Bến Sông", "Cầu phao sập", "Cầu phao Vàm Xanh sập sáng nay.")
PUBLIC = "127.0.0.2"  # counts as public where a test says so
K = FailureKind
Speech = Callable[[asyncio.StreamWriter], Awaitable[None]]


def says(status: int, body: bytes = b"", **headers: str) -> Speech:
    """A whole answer, byte for byte."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", f"Date: {DATE}", "Content-Type: text/html"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]

    async def speak(writer: asyncio.StreamWriter) -> None:
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)

    return speak


def bytes_of(raw: bytes) -> Speech:
    async def speak(writer: asyncio.StreamWriter) -> None:
        writer.write(raw)

    return speak


async def nothing(writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


class Server:
    """Says one thing to whoever asks; `robots` is what it says when robots.txt is wanted (None: the same)."""

    def __init__(self) -> None:
        self.speech: Speech = says(200)
        self.robots: Speech | None = says(404)
        self.asked: list[str] = []
        self.heads: list[dict[str, str]] = []  # of each request, names in small letters
        self.places: set[str] = set()  # addresses that connections came in at
        self.port = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if await reader.readexactly(1) == b"\x16":  # a TLS greeting, to a server that knows none
                writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return
            path = (await reader.readline()).split()[1].decode()
            self.asked.append(path)
            self.places.add(writer.get_extra_info("sockname")[0])
            self.heads.append(head := {})
            length = 0
            while (line := await reader.readline()).strip():
                name, _, value = line.partition(b":")
                head[name.decode().lower()] = value.decode().strip()
                length = int(value) if name.lower() == b"content-length" else length
            await reader.readexactly(length)
            speech = self.robots if path == "/robots.txt" and self.robots is not None else self.speech
            await speech(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # a guest who has heard enough
        finally:
            writer.close()

    def base(self, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}"


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    place = Server()
    tasks: set[asyncio.Task[None]] = set()

    def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(place.answer(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    listening = await asyncio.start_server(greet, "0.0.0.0", 0)
    place.port = listening.sockets[0].getsockname()[1]
    yield place
    listening.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@dataclass
class Callers:
    """The four that ask servers, over one client."""

    client: HttpClient
    server: Server
    seconds: float = 5.0

    def _limits(self, limits: Limits) -> Limits:
        return replace(limits, timeout=timedelta(seconds=self.seconds), max_bytes=min(limits.max_bytes, 1 << 20))

    async def feed(self, base: str) -> Failed:
        feed = Feed(FeedId("thu"), "Thử", f"{base}/rss")
        async with open_parser() as parser:
            fetcher = HttpFetcher(self.client, parser, clock=lambda: NOW, limits=self._limits(FEED_LIMITS))
            return failure(await fetcher.fetch(feed, Bookmark()))

    async def page(self, base: str) -> Failed:
        reader = HttpArticleReader(self.client, clock=lambda: NOW, limits=self._limits(PAGE_LIMITS))
        return failure(await reader.read(f"{base}/bai-123456.html"))

    async def model(self, base: str) -> Failed:
        timeout = timedelta(seconds=self.seconds)
        summarizer = LlmSummarizer(self.client, f"{base}/v1", clock=lambda: NOW, key="khoa-bi-mat", timeout=timeout)
        return failure(await summarizer.summarize([ITEM]))

    async def robots(self, base: str) -> Failed | None:
        spoken, self.server.robots = self.server.robots, None
        rules = RobotsTxt(self.client, clock=lambda: NOW, limits=self._limits(ROBOTS_LIMITS))
        verdict = await rules.refusal(f"{base}/bai-123456.html")
        self.server.robots = spoken
        return verdict


def failure(result: object) -> Failed:
    assert isinstance(result, Failed), result
    assert result.why
    assert "\n" not in result.why
    assert "khoa-bi-mat" not in result.why
    return result


@asynccontextmanager
async def asking(
    server: Server, *, seconds: float = 5.0, allow_private: bool = True, names: Names | None = None
) -> AsyncIterator[Callers]:
    async with open_session(allow_private=allow_private, contact="", resolver=names) as session:
        yield Callers(HttpClient(session, HostGate(timedelta())), server, seconds)


# ---------------------------------------------------------------- statuses

ALLOWED, SHUT = True, False  # what a robots.txt with this status means for the pages

STATUSES: Mapping[int, tuple[FailureKind, bool]] = {
    201: (K.HTTP, SHUT),
    202: (K.HTTP, SHUT),
    204: (K.EMPTY, ALLOWED),
    206: (K.HTTP, SHUT),
    300: (K.REDIRECT, ALLOWED),
    301: (K.REDIRECT, ALLOWED),  # all redirects here lead nowhere
    302: (K.REDIRECT, ALLOWED),
    304: (K.HTTP, SHUT),
    308: (K.REDIRECT, ALLOWED),
    400: (K.HTTP, ALLOWED),
    401: (K.FORBIDDEN, ALLOWED),
    402: (K.FORBIDDEN, ALLOWED),
    403: (K.FORBIDDEN, ALLOWED),
    404: (K.NOT_FOUND, ALLOWED),
    405: (K.FORBIDDEN, ALLOWED),
    406: (K.FORBIDDEN, ALLOWED),
    407: (K.FORBIDDEN, ALLOWED),
    408: (K.HTTP, ALLOWED),
    410: (K.GONE, ALLOWED),
    418: (K.HTTP, ALLOWED),
    422: (K.HTTP, ALLOWED),
    428: (K.FORBIDDEN, ALLOWED),
    429: (K.RATE_LIMITED, SHUT),
    451: (K.FORBIDDEN, ALLOWED),
    500: (K.HTTP, SHUT),
    502: (K.HTTP, SHUT),
    503: (K.HTTP, SHUT),
    504: (K.HTTP, SHUT),
    520: (K.HTTP, SHUT),
}


@pytest.mark.parametrize("status", STATUSES)
async def test_one_status_is_one_failure_whoever_asks(server: Server, status: int) -> None:
    kind, robots = STATUSES[status]
    server.speech = says(status)
    async with asking(server) as callers:
        feed, page, model = [await ask(server.base()) for ask in (callers.feed, callers.page, callers.model)]
        verdict = await callers.robots(server.base())
    assert [feed.kind, page.kind, model.kind] == [kind] * 3
    assert page.why == feed.why
    assert model.why.startswith(feed.why)  # the model's says what to do about it besides
    if robots is ALLOWED:
        assert verdict is None
    else:
        assert failure(verdict).kind is K.ROBOTS
        assert failure(verdict).why.endswith(feed.why)


@pytest.mark.parametrize(
    ("status", "value", "kind", "wait"),
    [
        (429, "90", K.RATE_LIMITED, timedelta(seconds=90)),
        (429, "Sat, 28 Nov 2026 12:30:00 GMT", K.RATE_LIMITED, timedelta(minutes=30)),
        (429, "Sat, 28 Nov 2026 11:00:00 GMT", K.RATE_LIMITED, timedelta()),
        (429, "99999999999", K.RATE_LIMITED, timedelta(days=1)),
        (429, "soon", K.RATE_LIMITED, None),
        (503, "90", K.RATE_LIMITED, timedelta(seconds=90)),
        (500, "90", K.HTTP, timedelta(seconds=90)),
        (403, "90", K.FORBIDDEN, timedelta(seconds=90)),
        (404, "90", K.NOT_FOUND, None),
    ],
)
async def test_one_wish_is_one_wait_whoever_asks(
    server: Server, status: int, value: str, kind: FailureKind, wait: timedelta | None
) -> None:
    server.speech = says(status, Retry_After=value)
    async with asking(server) as callers:
        found = [await ask(server.base()) for ask in (callers.feed, callers.page, callers.model)]
    short = None if wait is None else min(wait, timedelta(hours=1))  # nobody waits a day for a model
    assert [(failed.kind, failed.retry_after) for failed in found] == [(kind, wait), (kind, wait), (kind, short)]


# ---------------------------------------------------------------- exceptions

PART = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<html>"
CHUNKS = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n<html>\r\n"
TROUBLES: Mapping[str, tuple[Speech, FailureKind]] = {
    "silence": (nothing, K.TIMEOUT),
    "another language": (bytes_of(b"220 this is mail\r\n\r\n"), K.HTTP),
    "hanging up": (bytes_of(b""), K.CONNECT),
    "half a head": (bytes_of(b"HTTP/1.1 200 OK\r\nX-Bi-Mat: khoa-bi-mat\r\n"), K.CONNECT),
    "half a body": (bytes_of(PART), K.HTTP),
    "damaged chunks": (bytes_of(CHUNKS), K.HTTP),
    "damaged gzip": (says(200, b"\x1f\x8bkhoa-bi-mat", Content_Encoding="gzip"), K.HTTP),
    "an endless header": (bytes_of(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n"), K.HTTP),
}


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_one_trouble_is_one_failure_whoever_asks(server: Server, trouble: str) -> None:
    server.speech, kind = TROUBLES[trouble]
    async with asking(server, seconds=0.3 if kind is K.TIMEOUT else 5.0) as callers:
        feed, page, model = [await ask(server.base()) for ask in (callers.feed, callers.page, callers.model)]
        verdict = failure(await callers.robots(server.base()))
    assert (feed.kind, page.kind, model.kind, verdict.kind) == (kind, kind, kind, K.ROBOTS)
    assert (feed.why, feed.why) == (page.why, model.why)
    assert verdict.why.endswith(feed.why)


@pytest.mark.parametrize(
    ("base", "kind"),
    [
        ("http://127.0.0.1:1", K.CONNECT),
        ("http://khong-co.example", K.DNS),
        ("https://127.0.0.1:{port}", K.TLS),
        (f"http://{'x' * 64}.example", K.MALFORMED),  # a label has at most 63 letters
    ],
)
async def test_a_host_that_cannot_be_reached_is_one_failure_whoever_asks(
    server: Server, base: str, kind: FailureKind
) -> None:
    base = base.format(port=server.port)
    names = None if kind is K.MALFORMED else Names({})  # the real resolver finds the name unfit before it looks it up
    async with asking(server, names=names) as callers:
        feed, page, model = [await ask(base) for ask in (callers.feed, callers.page, callers.model)]
        verdict = await callers.robots(base)
    assert (feed.kind, model.kind) == (kind, kind)
    if kind is K.MALFORMED:  # there can be no rules where nothing can be asked
        assert (page, verdict) == (feed, None)
    else:
        assert (page.kind, failure(verdict).kind) == (K.ROBOTS, K.ROBOTS)
        assert page.why.endswith(feed.why)


@pytest.mark.parametrize("packed", [False, True])
async def test_a_body_over_the_limit_is_refused_and_of_robots_txt_cut(server: Server, packed: bool) -> None:
    body = b"User-agent: *\nDisallow: /bai\n" + b"#" * (3 << 20)
    server.speech = (
        says(200, gzip.compress(body), Content_Encoding="gzip") if packed else says(200, body)
    )  # text/html or not, robots.txt is read
    async with asking(server) as callers:
        found = [await ask(server.base()) for ask in (callers.feed, callers.page, callers.model)]
        verdict = failure(await callers.robots(server.base()))
    assert [failed.kind for failed in found] == [K.TOO_LARGE] * 3
    assert "forbids this page" in verdict.why


async def test_a_page_of_another_type_is_left_unread(server: Server) -> None:
    server.speech = bytes_of(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: 99999999\r\n\r\n%PDF"
    )
    async with asking(server) as callers:
        page = await callers.page(server.base())
    assert page.kind is K.MALFORMED
    assert "application/pdf" in page.why


# ---------------------------------------------------------------- redirects


async def test_redirects_are_followed_but_never_with_a_key(server: Server) -> None:
    server.speech = says(302, Location="/vong?x")
    async with asking(server) as callers:
        feed, page = await callers.feed(server.base()), await callers.page(server.base())
        server.asked.clear()
        model = await callers.model(server.base())
    assert (feed.kind, model.kind) == (K.REDIRECT, K.REDIRECT)
    assert page.kind is K.REDIRECT
    assert server.asked == ["/v1/chat/completions"]


ONE_SERVER = Names({"bao.example": ["127.0.0.1"], "khac.example": ["127.0.0.1"]})


async def test_a_cookie_is_forgotten_behind_its_request(server: Server) -> None:
    server.speech = says(200, b"x", Set_Cookie="phien=bi-mat; Path=/; Domain=bao.example")
    async with asking(server, names=ONE_SERVER) as callers:
        for host in ("bao.example", "bao.example", "m.bao.example", "khac.example"):
            await callers.client.get(server.base(host), FEED_LIMITS, {})
    assert len(server.heads) >= 3
    assert not any("cookie" in head for head in server.heads)


async def test_a_cookie_of_a_redirect_is_for_its_host_alone(server: Server) -> None:
    server.speech = says(302, Location=f"http://khac.example:{server.port}/", Set_Cookie="phien=bi-mat; Path=/")
    async with asking(server, names=ONE_SERVER) as callers:
        await callers.client.get(server.base("bao.example"), FEED_LIMITS, {})
    hosts = [head["host"].partition(":")[0] for head in server.heads]
    assert hosts[:2] == ["bao.example", "khac.example"]
    assert "cookie" not in server.heads[1]


@pytest.mark.parametrize(("location", "follows"), [("/nha-moi", True), ("http://khac.example:{port}/", False)])
@pytest.mark.parametrize("way", ["in the address", "in a header"])
async def test_who_we_are_to_one_host_no_other_learns(server: Server, location: str, follows: bool, way: str) -> None:
    server.speech = says(307, Location=location.format(port=server.port))
    key = "Basic " + b64encode(b"bao:bi-mat").decode()
    userinfo, headers = (
        ("bao:bi-mat@", {}) if way == "in the address" else ("", {"Authorization": key, "Cookie": "a=1"})
    )
    async with asking(server, names=ONE_SERVER) as callers:
        await callers.client.get(f"http://{userinfo}bao.example:{server.port}/rss", FEED_LIMITS, headers)
    first, second = server.heads[:2]
    assert first["authorization"] == key
    assert second.get("authorization") == (key if follows else None)
    assert ("cookie" in second) == (follows and way == "in a header")


async def test_whoever_asks_may_look_at_each_address_first(server: Server) -> None:
    server.speech = says(301, Location="/moi#day")
    seen: list[str] = []

    async def may_ask(url: str) -> Failed | None:
        seen.append(url)
        return Failed(K.ROBOTS, "not there") if url.endswith("/moi") else None

    async with asking(server) as callers:
        refused = await callers.client.get(f"{server.base()}/cu", FEED_LIMITS, {}, may_ask=may_ask)
    assert refused == Failed(K.ROBOTS, "not there")
    assert seen == [f"{server.base()}/cu", f"{server.base()}/moi"]
    assert server.asked == ["/cu"]


async def test_an_answer_says_where_it_came_from_and_what_it_is(server: Server) -> None:
    server.speech = says(200, "chào".encode("windows-1258"), Content_Type="text/plain; charset=Windows-1258")
    async with asking(server) as callers:
        answer = await callers.client.get(f"{server.base()}/a", FEED_LIMITS, {})
    assert isinstance(answer, Answer)
    assert (answer.status, answer.url, answer.has_moved) == (200, f"{server.base()}/a", False)
    assert answer.headers["content-type"] == answer.headers["Content-Type"]


# ---------------------------------------------------------------- private addresses

LITERALS = ["127.0.0.1", "localhost", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0"]
LITERALS += ["[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"]
SPELLINGS = ["2130706433", "0x7f.1", "0177.0.0.1", "127.1"]  # which the system's look-up takes for 127.0.0.1


@pytest.mark.parametrize("host", LITERALS)
async def test_an_address_of_our_own_network_is_refused_whoever_asks(server: Server, host: str) -> None:
    async with asking(server, allow_private=False) as callers:
        await assert_all_refused(callers, server.base(host))
    assert server.asked == []


@pytest.mark.parametrize("host", SPELLINGS)
async def test_another_spelling_of_an_inner_address_reaches_nothing(server: Server, host: str) -> None:
    assert socket.getaddrinfo(host, server.port)[0][4][0] == "127.0.0.1"
    async with asking(server, allow_private=False) as callers:
        found = [await ask(server.base(host)) for ask in (callers.feed, callers.page, callers.model)]
    assert {failed.kind for failed in found} <= {K.PRIVATE_ADDRESS, K.MALFORMED}  # most are no address for aiohttp
    assert server.asked == []


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["10.0.0.1", "127.0.0.1", "fc00::1"], ["::1", "169.254.169.254"]])
async def test_a_name_that_leads_inwards_is_refused_whoever_asks(server: Server, addresses: list[str]) -> None:
    async with asking(server, allow_private=False, names=Names({"bao.example": addresses})) as callers:
        await assert_all_refused(callers, server.base("bao.example"))
    assert server.asked == []


async def assert_all_refused(callers: Callers, base: str) -> None:
    found = [await ask(base) for ask in (callers.feed, callers.page, callers.model, callers.robots)]
    assert [failure(failed).kind for failed in found] == [K.PRIVATE_ADDRESS] * 4


@pytest.fixture
def loopback_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """The only server here is on the loopback, so where a test needs a public one, the loopback counts as such."""
    for place in ("monitor.net.session.is_public", "monitor.net.addresses.is_public"):
        monkeypatch.setattr(place, lambda address: address == "127.0.0.1")


@pytest.mark.usefixtures("loopback_is_public")
@pytest.mark.parametrize("host", ["10.0.0.1", "[fc00::1]", "trong-nha.example"])
async def test_a_redirect_inwards_is_refused_whoever_follows(server: Server, host: str) -> None:
    server.speech = says(302, Location=f"http://{host}:{server.port}/bai-123456")
    async with asking(server, allow_private=False, names=Names({"trong-nha.example": ["10.0.0.1"]})) as callers:
        found = [await ask(server.base()) for ask in (callers.feed, callers.page, callers.robots)]
    assert [failure(failed).kind for failed in found] == [K.PRIVATE_ADDRESS] * 3
    assert server.asked == ["/rss", "/robots.txt", "/bai-123456.html", "/robots.txt"]


@pytest.mark.allow_hosts(["127.0.0.2", "127.0.0.3"])
@pytest.mark.parametrize("who", ["feed", "page", "model", "robots"])
async def test_the_address_that_is_connected_to_is_the_one_that_was_judged(
    server: Server, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    judged: list[str] = []

    def is_public(address: str) -> bool:
        judged.append(address)
        return address == PUBLIC

    monkeypatch.setattr("monitor.net.session.is_public", is_public)
    server.speech = says(404)
    names = Names({"bao.example": [PUBLIC]}, {"bao.example": ["127.0.0.3"]})  # another one to whoever looks again
    async with asking(server, allow_private=False, names=names) as callers:
        await getattr(callers, who)(server.base("bao.example"))
    assert server.places == {PUBLIC}
    assert set(judged) == {PUBLIC}
    server.places.clear()
    async with asking(server, allow_private=False, names=names) as callers:
        assert failure(await getattr(callers, who)(server.base("bao.example"))).kind is K.PRIVATE_ADDRESS
    assert server.places == set()


@pytest.mark.usefixtures("loopback_is_public")
async def test_a_name_that_was_public_and_is_no_more_is_refused(server: Server) -> None:
    names = Names({"bao.example": ["127.0.0.1"]}, {"bao.example": ["10.0.0.1"]})
    server.speech = says(404)
    kinds = []
    for _ in range(2):  # a session each, so that the second looks the name up again
        async with asking(server, allow_private=False, names=names) as callers:
            kinds.append((await callers.feed(server.base("bao.example"))).kind)
    assert kinds == [K.NOT_FOUND, K.PRIVATE_ADDRESS]
    assert server.asked == ["/rss"]


async def test_one_public_address_is_enough_for_a_name_with_private_ones(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.net.session.is_public", lambda address: address == "127.0.0.1")
    server.speech = says(404)
    names = Names({"bao.example": ["10.0.0.1", "127.0.0.1"]})
    async with asking(server, allow_private=False, names=names) as callers:
        assert (await callers.feed(server.base("bao.example"))).kind is K.NOT_FOUND


async def test_a_name_that_moved_is_looked_up_anew_after_its_old_address_refused(server: Server) -> None:
    names = Names({"bao.example": ["::1"]}, {"bao.example": ["127.0.0.1"]})  # nobody listens at the first
    async with asking(server, names=names) as callers:
        first = await callers.client.get(server.base("bao.example") + "/rss", FEED_LIMITS, {})
        assert isinstance(first, Failed)
        assert first.kind is K.CONNECT
        second = await callers.client.get(server.base("bao.example") + "/rss", FEED_LIMITS, {})
    assert not isinstance(second, Failed)
