"""Fetches the page behind an item and reads the article out of it, politely: robots.txt, one request a host, capped.

Knows HTTP, robots.txt and trafilatura; not what the text is for. Every expected failure is a value with one line.
"""

import asyncio
import html
import logging
import re
import ssl
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

import aiohttp

from monitor.net.politeness import HostGate
from monitor.net.tls import tls_for
from monitor.text.words import nfc
from monitor.types import Article, Failed, FailureKind, Page

if TYPE_CHECKING:
    from protego import Protego

MAX_PAGE_BYTES = 4 * 2**20  # after decompression; the longest of 163 real articles' pages is under 1 MB
MAX_HEAD_BYTES = 192 * 1024  # of a page that is only looked at: its title stands in the first tenth of that
MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309 §2.5: a crawler parses at least 500 KiB
MAX_REDIRECTS = 5  # RFC 9309 §2.3.1.2 asks for five for robots.txt; pages get the same
ROBOTS_KEPT = timedelta(hours=24)  # RFC 9309 §2.4
ROBOTS_RETRIED = timedelta(minutes=30)  # how soon an unreachable robots.txt is asked for again
MAX_ORIGINS = 2_000  # of which robots.txt is remembered
READ_TIMEOUT = timedelta(seconds=30)  # for the whole of one request, a server that drips included
MIN_ARTICLE_CHARS = 200  # less is a cookie notice, a challenge page or a video's caption

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_QUIET_LOGGERS = ("trafilatura", "courlan", "htmldate", "justext", "readability")


@dataclass(frozen=True, slots=True)
class _Page:
    url: str
    body: bytes
    charset: str | None


@dataclass(frozen=True, slots=True)
class _Rules:
    """What one origin's robots.txt says, until when (monotonic seconds)."""

    until: float
    rules: "Protego | None"  # None: everything is allowed, or nothing when `shut`
    shut: str = ""  # why nothing is allowed for now


class HttpArticleReader:
    """ports.ArticleReader over HTTP. The session and the gate belong to whoever hands them in."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        gate: HostGate,
        *,
        user_agent: str,
        max_bytes: int = MAX_PAGE_BYTES,
        timeout: timedelta = READ_TIMEOUT,
    ) -> None:
        self._session = session
        self._gate = gate
        self._user_agent = user_agent
        self._max_bytes = max_bytes
        self._timeout = aiohttp.ClientTimeout(total=timeout.total_seconds(), connect=10, sock_read=15)
        self._robots: dict[str, _Rules] = {}

    async def read(self, url: str) -> Article | Failed:
        """One polite request, with redirects and robots.txt up to a handful. Expected failures are values."""
        page = await self._page(url)
        if isinstance(page, Failed):
            return page
        text = await asyncio.to_thread(_article_text, page.body, page.charset)
        if len(text) < MIN_ARTICLE_CHARS:
            return Failed(FailureKind.EMPTY, f"no article found on the page ({len(text)} characters of text)")
        return Article(text)

    async def check(self, url: str) -> Page | Failed:
        """Whether the page still stands, by a polite GET of its first part: newspapers answer HEAD in many ways.

        GONE: it leads to the front page, to its section, or to a page that says so; NOT_FOUND: 404.
        """
        page = await self._page(url, MAX_HEAD_BYTES, cut=True)
        return page if isinstance(page, Failed) else Page(_page_title(page.body, page.charset))

    async def _page(self, url: str, cap: int | None = None, *, cut: bool = False) -> _Page | Failed:
        at = url
        for _ in range(MAX_REDIRECTS + 1):
            if not _is_web_address(at):
                return Failed(
                    FailureKind.REDIRECT if at != url else FailureKind.MALFORMED, f"not a web address: {at[:200]}"
                )
            refused = await self._refused_by_robots(at)
            if refused is not None:
                return refused
            answer = await self._get(at, cap or self._max_bytes, html_only=True, cut=cut)
            if not isinstance(answer, str):
                return answer
            if _leads_away(url, answer):
                return Failed(FailureKind.GONE, f"the address leads to {answer[:200]}: the article is gone")
            at = answer
        return Failed(FailureKind.REDIRECT, f"more than {MAX_REDIRECTS} redirects")

    async def _get(self, url: str, cap: int, *, html_only: bool, cut: bool = False) -> _Page | Failed | str:
        """The page (`cut`: as much of it as is wanted), a failure, or the address that it redirects to."""
        host = urlsplit(url).hostname or ""
        headers = {"User-Agent": self._user_agent, "Accept": "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.5"}
        try:
            async with (
                self._gate.turn(host),
                asyncio.timeout(self._timeout.total),
                self._session.get(
                    url, headers=headers, allow_redirects=False, timeout=self._timeout, ssl=tls_for(host)
                ) as response,
            ):
                if response.status in _REDIRECTS:
                    target = response.headers.get("Location", "")
                    return urljoin(url, target) if target else Failed(FailureKind.REDIRECT, "a redirect to nowhere")
                if response.status != 200:
                    return _refusal(response)
                kind = (response.content_type or "").casefold()
                if html_only and kind not in _HTML:
                    return Failed(FailureKind.MALFORMED, f"not a page but {kind or 'something without a type'}")
                body = bytearray()
                async for chunk in response.content.iter_chunked(2**16):
                    body += chunk
                    if len(body) > cap:
                        if not html_only or cut:
                            break  # of a long robots.txt the first part counts
                        return Failed(FailureKind.TOO_LARGE, f"the page is larger than {cap / 2**20:.3g} MB")
                return _Page(url, bytes(body[:cap]), response.charset)
        except (TimeoutError, aiohttp.ClientError, ssl.SSLError, OSError, ValueError) as error:
            return _trouble(error)

    async def _refused_by_robots(self, url: str) -> Failed | None:
        parts = urlsplit(url)
        origin = urlunsplit((parts.scheme, parts.netloc, "", "", ""))
        clock = asyncio.get_running_loop().time
        known = self._robots.get(origin)
        if known is None or known.until <= clock():
            known = await self._ask_robots(origin)
            if len(self._robots) >= MAX_ORIGINS:
                self._robots.pop(next(iter(self._robots)))
            self._robots[origin] = known
        if known.shut:
            wait = timedelta(seconds=max(1.0, known.until - clock()))
            return Failed(FailureKind.ROBOTS, f"robots.txt of {parts.hostname} cannot be read now: {known.shut}", wait)
        if known.rules is not None and not known.rules.can_fetch(url, self._user_agent):
            return Failed(FailureKind.ROBOTS, f"robots.txt of {parts.hostname} forbids this page")
        return None

    async def _ask_robots(self, origin: str) -> _Rules:
        """4xx: no rules, everything is allowed; 5xx and silence: nothing is, for now (RFC 9309 §2.3.1)."""
        from protego import Protego

        clock = asyncio.get_running_loop().time
        at = f"{origin}/robots.txt"
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._get(at, MAX_ROBOTS_BYTES, html_only=False)
            if isinstance(answer, str):
                at = answer
                continue
            if isinstance(answer, _Page):
                rules = Protego.parse(answer.body.decode("utf-8", errors="replace"))
                return _Rules(clock() + ROBOTS_KEPT.total_seconds(), rules)
            if answer.kind in _NO_RULES:
                break
            return _Rules(clock() + ROBOTS_RETRIED.total_seconds(), None, answer.why)
        return _Rules(clock() + ROBOTS_KEPT.total_seconds(), None)


_NO_RULES = frozenset(
    {FailureKind.FORBIDDEN, FailureKind.NOT_FOUND, FailureKind.GONE, FailureKind.REDIRECT, FailureKind.MALFORMED}
)


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that hold no address
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


_NUMBER = re.compile(r"\d{5,}")  # articles have numbers of five digits and more; years, sizes and pages have fewer
_NOT_FOUND_PAGE = re.compile(r"(?:^|[/_.-])(?:404|not-?found|khong-tim-thay|page-?error)(?:$|[/_.-])", re.IGNORECASE)


def _leads_away(asked: str, answer: str) -> bool:
    """Whether a redirect leads from an article to the front page, its section or an error page, not to the article.

    A new slug keeps the article's number, a log-in page carries it along; a section's path is short and has none.
    """
    try:
        old, new = urlsplit(asked), urlsplit(answer)
    except ValueError:
        return False
    if old.path in {"", "/"}:
        return False
    if new.path in {"", "/"}:
        return not new.query
    if _NOT_FOUND_PAGE.search(new.path):
        return True
    numbers = _NUMBER.findall(old.path)
    if any(number in f"{new.path}?{new.query}" for number in numbers) or new.query:
        return False
    is_section = old.path.startswith(new.path.rstrip("/").removesuffix(".html").removesuffix(".htm") + "/")
    return is_section or (bool(numbers) and not _NUMBER.search(new.path) and 2 * len(new.path) < len(old.path))


def _refusal(response: aiohttp.ClientResponse) -> Failed:
    """What a status other than 200 means."""
    status = response.status
    why = f"HTTP {status}"
    match status:
        case 401 | 402 | 403 | 451:
            return Failed(FailureKind.FORBIDDEN, why)
        case 404:
            return Failed(FailureKind.NOT_FOUND, why)
        case 410:
            return Failed(FailureKind.GONE, why)
        case 429 | 503:
            wait = _retry_after(response.headers.get("Retry-After", ""), response.headers.get("Date", ""))
            return Failed(FailureKind.RATE_LIMITED if status == 429 else FailureKind.HTTP, why, wait)
        case _:
            return Failed(FailureKind.FORBIDDEN if 400 <= status < 500 else FailureKind.HTTP, why)


def _retry_after(value: str, date: str) -> timedelta | None:
    """Seconds, or a date measured against the server's own clock."""
    if value.strip().isdigit():
        return timedelta(seconds=min(int(value), 86_400))
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(date)
    except (ValueError, TypeError):
        return None
    return min(max(wait, timedelta()), timedelta(days=1))


def _trouble(error: Exception) -> Failed:
    """What an exception of the network means, in one line without an address."""
    match error:
        case TimeoutError():
            return Failed(FailureKind.TIMEOUT, "no answer in time")
        case aiohttp.InvalidURL():
            return Failed(FailureKind.MALFORMED, "not a web address")
        case aiohttp.ClientConnectorDNSError():
            return Failed(FailureKind.DNS, "the host's name is not known")
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return Failed(FailureKind.TLS, "no safe connection (TLS)")
        case aiohttp.ClientConnectorError(os_error=OSError(errno=None)):
            # the operating system numbers its errors; this one is the session's own refusal to go inside
            return Failed(FailureKind.PRIVATE_ADDRESS, "the address is not a public one")
        case aiohttp.ClientConnectorError() | ConnectionError():
            return Failed(FailureKind.CONNECT, "no connection")
        case aiohttp.ClientPayloadError():
            return Failed(FailureKind.MALFORMED, "the answer broke off or cannot be decompressed")
        case _:
            return Failed(FailureKind.HTTP, f"no valid answer ({type(error).__name__})")


_OG_TITLE = re.compile(r"""<meta\b[^>]{0,200}?\bproperty\s*=\s*["']?og:title\b[^>]{0,1000}>""", re.IGNORECASE)
_CONTENT = re.compile(r"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


def _page_title(body: bytes, charset: str | None) -> str:
    """What the page names itself for others (og:title); empty where it does not."""
    try:
        text = body.decode(charset or "utf-8", errors="replace")
    except LookupError:
        return ""
    meta = _OG_TITLE.search(text)
    content = _CONTENT.search(meta[0]) if meta else None
    title = html.unescape(content[1] or content[2] or "") if content else ""
    return nfc(" ".join(title.split()))


def _article_text(body: bytes, charset: str | None) -> str:
    """The article's paragraphs, one a line, NFC; empty when there is none. CPU: some 20 ms, so it runs in a thread."""
    import trafilatura

    for name in _QUIET_LOGGERS:  # they warn of every page without a body; the caller has that as a value
        logging.getLogger(name).setLevel(logging.CRITICAL)
    page: bytes | str = body
    if charset:
        try:
            page = body.decode(charset, errors="replace")
        except LookupError:  # a charset that nobody knows: trafilatura guesses
            page = body
    text = trafilatura.extract(page, fast=True, include_comments=False, include_tables=False, output_format="txt")
    lines = (" ".join(line.split()) for line in nfc(text or "").splitlines())
    return "\n".join(line for line in lines if line)
