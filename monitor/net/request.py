"""One bounded request: a GET with its redirects, or a POST without. Feeds, pages, robots.txt and the model ask by it.

Bounded in bytes after decompression, in time and in redirects; every address is checked before it is asked. Knows no
news: what an answer means is its caller's business, and which failure it is says net/responses.py.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import aiohttp

from monitor.net.addresses import host_of, is_internal
from monitor.net.byte_budget import ByteBudget, Share
from monitor.net.politeness import HostGate
from monitor.net.responses import media_type_and_charset, too_large, trouble, unwanted
from monitor.net.session import HttpSession
from monitor.net.tls import tls_for
from monitor.types import Failed, FailureKind

MAX_REDIRECTS = 5
LARGE_WITHIN = timedelta(seconds=15)  # for a body beyond what is free of the budget: others wait for its bytes
ROOM_WITHIN = timedelta(seconds=40)  # twice what the slowest may hold it, and less than a poll may take
CONNECT_TIMEOUT = timedelta(seconds=10)  # for one address of a host

_FOR_ONE_PLACE = frozenset(["authorization", "proxy-authorization", "cookie"])
_PERMANENT = frozenset([301, 308])
_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_SHOWN = 200  # characters of an address that stand in a failure

MayAsk = Callable[[str], Awaitable[Failed | None]]
"""Asked before each address of a chain: None, or why it may not be asked for."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer may cost. Waiting for a host's turn costs no time."""

    max_bytes: int  # of a body, after decompression
    timeout: timedelta  # of one request, from looking the name up to the last byte
    is_shared: bool = False  # the time-out is for all the requests of a chain of redirects together
    read_timeout: timedelta | None = None  # between two pieces of a body
    is_cut: bool = False  # of a longer body the first `max_bytes` are enough; else it is a failure
    media_types: frozenset[str] = frozenset()  # a body of another type is not read; empty: any is


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered in the end, whatever its status; the body was read when that is 200."""

    status: int
    url: str  # the address that answered, behind all redirects
    headers: Mapping[str, str]
    body: bytes = b""
    has_moved: bool = False  # there were redirects, and every one of them was permanent (301 or 308)
    cookies: Mapping[str, str] | None = None  # of a redirect

    @property
    def leads_to(self) -> str:
        """The address that a redirect points at, as it is written there; empty when this is none."""
        return self.headers.get("Location", "").strip() if self.status in _REDIRECTS else ""

    @property
    def content_type(self) -> str:
        """As the server wrote it."""
        return self.headers.get("Content-Type", "")

    @property
    def charset(self) -> str:
        """What the server says the body is written in; empty when it does not."""
        return media_type_and_charset(self.content_type)[1]


class HttpClient:
    """Asks servers. Every expected failure is a value; the session belongs to whoever hands it in.

    All GETs go through one gate, so that a newspaper sees one guest, whether a feed, a page or robots.txt is wanted.
    """

    def __init__(self, session: HttpSession, gate: HostGate, budget: ByteBudget | None = None) -> None:
        self.budget = budget or ByteBudget()
        self._http = session.http
        self._gate = gate
        self._allow_private = session.allow_private
        self.user_agent = session.user_agent

    async def get(
        self,
        url: str,
        limits: Limits,
        headers: Mapping[str, str],
        *,
        may_ask: MayAsk | None = None,
        share: Share | None = None,
    ) -> Answer | Failed:
        """Ask for `url`, each host in its turn, and follow redirects by hand with the cookies that they set.

        The body counts in the budget of bytes while it comes in; with a `share` for as long as its owner keeps that.
        """
        if share is None:
            with self.budget.share(limits.max_bytes) as share:
                return await self.get(url, limits, headers, may_ask=may_ask, share=share)
        clock = asyncio.get_running_loop().time
        left = limits.timeout.total_seconds()
        trail = _Trail(url)
        while True:
            refused = self._refused(trail.url, trail.host, is_first=not trail.hops)
            if refused is None and may_ask is not None:
                refused = await may_ask(trail.url)
            if refused is not None:
                return refused
            async with self._gate.turn(trail.host):
                begin = clock()
                answer = await self._ask(trail.url, trail.host, limits, left, trail.with_cookies(headers), share)
                if limits.is_shared:
                    left -= clock() - begin
            if isinstance(answer, Failed):
                return answer
            end = trail.follow(answer)
            if end is not None:
                return end

    async def post(self, url: str, body: bytes, limits: Limits, headers: Mapping[str, str]) -> Answer | Failed:
        """Send `body` once. Redirects are not followed, for they would carry a key elsewhere; takes no host's turn."""
        host = host_of(url)
        refused = self._refused(url, host, is_first=True)
        if refused is not None:
            return refused
        with self.budget.share(limits.max_bytes) as share:
            return await self._ask(url, host, limits, limits.timeout.total_seconds(), headers, share, body)

    def _refused(self, url: str, host: str, *, is_first: bool) -> Failed | None:
        """Why no request is sent; names are checked when a socket is opened (net/session.py)."""
        if not host:
            kind = FailureKind.MALFORMED if is_first else FailureKind.REDIRECT
            return Failed(kind, f"not a web address: {url[:_SHOWN]}")
        if not self._allow_private and is_internal(host):
            return Failed(FailureKind.PRIVATE_ADDRESS, f"{host} is an internal address")
        return None

    async def _ask(
        self,
        url: str,
        host: str,
        limits: Limits,
        seconds: float,
        headers: Mapping[str, str],
        share: Share,
        body: bytes | None = None,
    ) -> Answer | Failed:
        """One request within `seconds`: a POST when there is a body to send."""
        if seconds <= 0:  # which aiohttp takes for "no limit"
            return trouble(TimeoutError(), host)
        try:
            async with self._http.request(
                "GET" if body is None else "POST",
                url,
                data=body,
                headers=headers,
                allow_redirects=False,
                ssl=tls_for(host),
                timeout=aiohttp.ClientTimeout(
                    total=seconds,
                    sock_connect=CONNECT_TIMEOUT.total_seconds(),
                    sock_read=limits.read_timeout.total_seconds() if limits.read_timeout else None,
                ),
            ) as response:
                return await _read(response, url, limits, share)
        except (aiohttp.ClientError, OSError, ValueError) as error:  # a time-out is an OSError
            failed = trouble(error, host)
            if failed.kind in (FailureKind.CONNECT, FailureKind.TIMEOUT, FailureKind.TLS):
                self._forget_address(url)
            return failed

    def _forget_address(self, url: str) -> None:
        """Ask for the name's address anew the next time: it may have moved away from the one that is remembered."""
        connector, parts = self._http.connector, urlsplit(url)
        if isinstance(connector, aiohttp.TCPConnector) and parts.hostname:
            port = parts.port or (443 if parts.scheme == "https" else 80)
            connector.clear_dns_cache(parts.hostname, port)


async def _read(response: aiohttp.ClientResponse, url: str, limits: Limits, share: Share) -> Answer | Failed:
    """The answer with its unpacked body.

    A bomb is never inflated further than the limit: aiohttp unpacks 256 KiB at a time, and stops while nobody takes it.
    """
    status, headers = response.status, response.headers
    if status in _REDIRECTS:
        cookies = {name: morsel.value for name, morsel in response.cookies.items()}
        return Answer(status, url, headers, cookies=cookies)
    if status != 200:
        return Answer(status, url, headers)
    if limits.media_types:
        media_type, _ = media_type_and_charset(headers.get("Content-Type", ""))
        if media_type not in limits.media_types:
            return unwanted(media_type)
    body = bytearray()
    patience = _Patience(host_of(url))
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > limits.max_bytes:
            if not limits.is_cut:
                return too_large(limits.max_bytes)
            del body[limits.max_bytes :]
            break
        if late := await patience.with_piece(len(body), share):
            return late
    share.close()
    return Answer(status, url, headers, bytes(body))


class _Patience:
    """Lets a body grow as the budget of bytes has room, and ends one that takes room and drips."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._clock = asyncio.get_running_loop().time
        self._large_at = 0.0  # when it passed what is free
        self._waited = 0.0  # for room, since then

    async def with_piece(self, size: int, share: Share) -> Failed | None:
        """None when the body may go on."""
        if size <= share.free:
            return None
        before = self._clock()
        self._large_at = self._large_at or before
        try:
            async with asyncio.timeout(ROOM_WITHIN.total_seconds()):
                await share.cover(size)
        except TimeoutError:
            return Failed(FailureKind.TIMEOUT, f"no room for the large body of {self._host}: too many at once")
        now = self._clock()
        self._waited += now - before
        if now - self._large_at - self._waited > LARGE_WITHIN.total_seconds():
            return Failed(FailureKind.TIMEOUT, f"{self._host} drips: its large body did not come in time")
        return None


def _origin(url: str) -> tuple[str, str]:
    """Scheme, and host with its port; empty where there is none, which is not asked."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme.lower(), parts.netloc.rpartition("@")[2].lower()


class _Trail:
    """How far a chain of redirects has come: where it stands, what it has seen, and the cookies it was given."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.host = host_of(url)
        self.hops = 0
        self.is_permanent = True  # so far
        self._first = _origin(url)
        self._cookies: dict[str, dict[str, str]] = {}  # by host
        self._seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()

    def with_cookies(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        """The headers of the next request; what is for the first address alone is sent nowhere else."""
        if self.hops and _origin(self.url) != self._first:
            headers = {name: value for name, value in headers.items() if name.lower() not in _FOR_ONE_PLACE}
        cookies = self._cookies.get(self.host)
        if not cookies:
            return headers
        return {**headers, "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}

    def follow(self, answer: Answer) -> Answer | Failed | None:
        """Move on to where `answer` points, or give what the chain ends in: loops and long ways are failures."""
        target = answer.leads_to
        if not target:
            return replace(answer, has_moved=self.is_permanent) if self.hops else answer
        if self.hops == MAX_REDIRECTS:
            return Failed(FailureKind.REDIRECT, f"more than {MAX_REDIRECTS} redirects")
        self._seen.add(self._step())
        if answer.cookies:
            self._cookies.setdefault(self.host, {}).update(answer.cookies)
        try:
            self.url = urljoin(self.url, target).partition("#")[0]
        except ValueError:
            return Failed(FailureKind.REDIRECT, f"redirect to an unreadable address: {target[:_SHOWN]}")
        self.host = host_of(self.url)
        self.hops += 1
        self.is_permanent = self.is_permanent and answer.status in _PERMANENT
        if self._step() in self._seen:
            return Failed(FailureKind.REDIRECT, f"redirect loop at {self.url[:_SHOWN]}")
        return None

    def _step(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """An address alone makes no loop: some redirects wait for their cookie."""
        return self.url, tuple(sorted(self._cookies.get(self.host, {}).items()))
