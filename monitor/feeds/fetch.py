"""Asks servers for feeds, politely and with a limit on everything: the Fetcher of ports.py over aiohttp.

Does not decide when to ask (feeds/schedule) nor what an item is (feeds/parse); keeps nothing between two polls but
the session: what the next poll needs is in the Bookmark it gives back.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urljoin

import aiohttp

from monitor.feeds.caching import UNTRUSTED, caught_lying, fingerprint, hints_of, refusal, validator
from monitor.feeds.decode import MAX_FEED_BYTES
from monitor.feeds.parse import parse_feed, stated_ttl
from monitor.net.addresses import host_of, is_internal
from monitor.net.politeness import HostGate
from monitor.net.session import WHOLE_TIMEOUT, PrivateAddressError
from monitor.net.tls import tls_for
from monitor.ports import Clock
from monitor.types import Bookmark, Failed, FailureKind, Feed, Fetched, FetchResult, NotModified

FULL_FETCH_EVERY = timedelta(hours=6)  # some servers keep their ETag after a change (mediacloud/rss-fetcher)
MAX_REDIRECTS = 5

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)

_PERMANENT = frozenset([301, 308])
_REDIRECTS = frozenset([301, 302, 303, 307, 308])


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a chain of requests ended in."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    permanent: bool  # every hop was 301 or 308, and there was one


class HttpFetcher:
    """Polls feeds over HTTP."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        gate: HostGate,
        *,
        clock: Clock,
        allow_private: bool,
        max_bytes: int = MAX_FEED_BYTES,
        whole: timedelta = WHOLE_TIMEOUT,
        full_fetch_every: timedelta = FULL_FETCH_EVERY,
    ) -> None:
        self._session = session
        self._gate = gate
        self._clock = clock
        self._allow_private = allow_private
        self._max_bytes = max_bytes
        self._whole = whole.total_seconds()
        self._full_fetch_every = full_fetch_every

    async def fetch(self, feed: Feed, bookmark: Bookmark) -> FetchResult:
        """One polite poll: conditional, bounded in time and size, each host asked through the gate.

        A remembered new address that fails is forgotten and the configured one asked, in the same poll.
        """
        if bookmark.moved_to and bookmark.moved_from == feed.url:
            result = await self._poll(feed, bookmark, bookmark.moved_to)
            if not isinstance(result, Failed) or result.kind.is_passing:
                return result
            bookmark = Bookmark(body_sha256=bookmark.body_sha256)
        elif bookmark.moved_from and bookmark.moved_from != feed.url:
            bookmark = Bookmark()  # the editor wrote another address: nothing learnt of the old one holds
        return await self._poll(feed, bookmark, feed.url)

    async def _poll(self, feed: Feed, bookmark: Bookmark, url: str) -> FetchResult:
        now = self._clock()
        conditions = self._conditions(bookmark, now)
        answer = await self._follow(url, conditions)
        if isinstance(answer, Failed):
            return answer
        hints = hints_of(answer.headers)
        if answer.status == 304:
            if not conditions:
                return Failed(FailureKind.HTTP, "304 Not Modified to a request without conditions")
            return NotModified(self._moved(bookmark, answer, feed), hints)
        if answer.status != 200:
            return refusal(answer.status, answer.headers, now)
        fresh = replace(
            self._moved(bookmark, answer, feed),
            etag=validator(answer.headers, "ETag"),
            last_modified=validator(answer.headers, "Last-Modified"),
            body_sha256=fingerprint(answer.body),
            full_fetch_at=bookmark.full_fetch_at if conditions else now,
        )
        if caught_lying(bookmark, fresh):
            fresh = replace(fresh, etag=UNTRUSTED, last_modified="")
        hints = hints_of(answer.headers, stated_ttl(answer.body))
        if fresh.body_sha256 == bookmark.body_sha256:
            return NotModified(fresh, hints)
        entries = await asyncio.to_thread(
            parse_feed,
            answer.body,
            feed=feed,
            url=answer.url,
            content_type=answer.headers.get("Content-Type", ""),
            seen_at=now,
        )
        return entries if isinstance(entries, Failed) else Fetched(entries, fresh, hints)

    def _conditions(self, bookmark: Bookmark, now: datetime) -> dict[str, str]:
        if bookmark.etag == UNTRUSTED or bookmark.full_fetch_at is None:
            return {}
        if now - bookmark.full_fetch_at >= self._full_fetch_every:
            return {}
        conditions = {}
        if bookmark.etag:
            conditions["If-None-Match"] = bookmark.etag
        if bookmark.last_modified:
            conditions["If-Modified-Since"] = bookmark.last_modified
        return conditions

    def _moved(self, bookmark: Bookmark, answer: _Answer, feed: Feed) -> Bookmark:
        """The bookmark with the address to ask next: a new one only when every hop towards it was permanent."""
        if answer.permanent and answer.url != feed.url:
            return replace(bookmark, moved_to=answer.url, moved_from=feed.url)
        return replace(bookmark, moved_from=feed.url)

    async def _follow(self, url: str, conditions: Mapping[str, str]) -> _Answer | Failed:
        """Request `url` and follow redirects by hand, with the cookies that the chain itself sets."""
        seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
        cookies: dict[str, dict[str, str]] = {}
        permanent = True
        patience = _Patience(self._whole)
        for hop in range(MAX_REDIRECTS + 1):
            host = host_of(url)
            if not host:
                return Failed(FailureKind.REDIRECT if hop else FailureKind.HTTP, f"not an http address: {url[:200]}")
            mine = cookies.setdefault(host, {})
            step = (url, tuple(sorted(mine.items())))
            if step in seen:
                return Failed(FailureKind.REDIRECT, f"redirect loop at {url[:200]}")
            seen.add(step)
            answer = await self._ask(url, host, conditions, mine, patience)
            if isinstance(answer, Failed):
                return answer
            target = answer.headers.get("Location", "").strip()
            if answer.status not in _REDIRECTS or not target:
                return replace(answer, permanent=permanent and hop > 0)
            permanent = permanent and answer.status in _PERMANENT
            try:
                url = urljoin(url, target).partition("#")[0]
            except ValueError:
                return Failed(FailureKind.REDIRECT, f"redirect to an unreadable address: {target[:200]}")
        return Failed(FailureKind.REDIRECT, f"more than {MAX_REDIRECTS} redirects")

    async def _ask(
        self, url: str, host: str, conditions: Mapping[str, str], cookies: dict[str, str], patience: "_Patience"
    ) -> _Answer | Failed:
        """One request, in its host's turn; waiting for the turn costs no patience."""
        if not self._allow_private and is_internal(host):
            return Failed(FailureKind.PRIVATE_ADDRESS, f"{host} is an internal address")
        headers = {"Accept": ACCEPT, "Accept-Encoding": "gzip, deflate, br", **conditions}
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        try:
            async with (
                self._gate.turn(host),
                patience.spent(),
                self._session.get(url, headers=headers, allow_redirects=False, ssl=tls_for(host)) as response,
            ):
                cookies |= {name: morsel.value for name, morsel in response.cookies.items()}
                if response.status != 200:
                    return _Answer(response.status, url, response.headers, b"", permanent=False)
                body = await _read(response, self._max_bytes)
                if body is None:
                    return Failed(
                        FailureKind.TOO_LARGE, f"the body is larger than {self._max_bytes / 2**20:g} MiB when unpacked"
                    )
                return _Answer(200, url, response.headers, body, permanent=False)
        except (aiohttp.ClientError, OSError, ValueError) as error:  # a time-out is an OSError
            return _trouble(error, host)


class _Patience:
    """The seconds that are left for all the requests of one poll."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds

    @asynccontextmanager
    async def spent(self) -> AsyncIterator[None]:
        """Let the block take what is left, and TimeoutError end it then."""
        clock = asyncio.get_running_loop().time
        begin = clock()
        try:
            async with asyncio.timeout(self._left):
                yield
        finally:
            self._left -= clock() - begin


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes | None:
    """The unpacked body, or None as soon as it passes `limit`: a gzip bomb is never inflated further."""
    pieces = bytearray()
    async for piece in response.content.iter_any():
        pieces += piece
        if len(pieces) > limit:
            return None
    return bytes(pieces)


def _trouble(error: Exception, host: str) -> Failed:
    """An exception of aiohttp or of a socket as a failure in one line."""
    if isinstance(error, TimeoutError):
        return Failed(FailureKind.TIMEOUT, f"{host} did not answer in full in time")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Failed(FailureKind.DNS, f"{host} has no address: {_words(error.os_error)}")
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return Failed(FailureKind.TLS, f"{host} has no valid certificate: {_words(error.certificate_error)}")
    if isinstance(error, aiohttp.ClientSSLError):
        return Failed(FailureKind.TLS, f"no TLS connection to {host}: {_words(error.os_error)}")
    if isinstance(error, aiohttp.ClientConnectorError):
        if isinstance(error.os_error, PrivateAddressError) or isinstance(error.__cause__, PrivateAddressError):
            return Failed(FailureKind.PRIVATE_ADDRESS, f"{host} leads to an internal address")
        return Failed(FailureKind.CONNECT, f"no connection to {host}: {_words(error.os_error)}")
    if isinstance(error, aiohttp.ClientPayloadError):
        return Failed(FailureKind.HTTP, f"{host} broke off, or its compressed body is damaged")
    if isinstance(error, aiohttp.InvalidURL):
        return Failed(FailureKind.HTTP, f"{host} is no address that can be asked")
    if isinstance(error, aiohttp.ClientResponseError):
        return Failed(FailureKind.HTTP, f"{host} does not speak HTTP: {_words(error)}")
    return Failed(FailureKind.CONNECT, f"connection to {host} lost: {_words(error)}")


def _words(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
