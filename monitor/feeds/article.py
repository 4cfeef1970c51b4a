"""Fetches the page behind an item and reads the article out of it.

Knows what a page is and trafilatura; leaves alone how one is asked for (net/request.py), who allows it (robots.py) and
what the text is for. Every expected failure is a value with one line.
"""

import asyncio
import html
import logging
import re
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.feeds.plain import lead_text
from monitor.feeds.robots import ROBOTS_LIMITS, RobotsTxt
from monitor.net.request import Answer, HttpClient, Limits
from monitor.net.responses import refusal
from monitor.ports import Clock
from monitor.text.words import nfc
from monitor.types import Article, Failed, FailureKind, Item, ItemId, Page

MAX_PAGE_BYTES = 4 * 2**20  # after decompression; the longest of 163 real articles' pages is under 1 MB
MAX_HEAD_BYTES = 192 * 1024  # of a page that is only looked at: its title stands in the first tenth of that
MIN_ARTICLE_CHARS = 200  # less is a cookie notice, a challenge page or a video's caption

PAGE_LIMITS = Limits(
    MAX_PAGE_BYTES,
    timedelta(seconds=30),
    read_timeout=timedelta(seconds=15),
    media_types=frozenset({"text/html", "application/xhtml+xml"}),
)
_HEADERS = {"Accept": "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.5"}
_QUIET_LOGGERS = ("trafilatura", "courlan", "htmldate", "justext", "readability")


class HttpArticleReader:
    """ports.ArticleReader over HTTP."""

    def __init__(self, client: HttpClient, *, clock: Clock, limits: Limits = PAGE_LIMITS) -> None:
        self._client = client
        self._clock = clock
        self._limits = limits
        self._head_limits = replace(limits, max_bytes=MAX_HEAD_BYTES, is_cut=True)
        self._robots = RobotsTxt(client, clock=clock, limits=replace(ROBOTS_LIMITS, timeout=limits.timeout))

    async def read(self, url: str) -> Article | Failed:
        """One polite request, with redirects and robots.txt up to a handful. Expected failures are values."""
        page = await self._page(url, self._limits)
        if isinstance(page, Failed):
            return page
        text = await asyncio.to_thread(_article_text, page.body, page.charset)
        if len(text) < MIN_ARTICLE_CHARS:
            return Failed(FailureKind.EMPTY, f"no article found on the page ({len(text)} characters of text)")
        return Article(text)

    async def read_item(self, url: str) -> Item | Failed:
        """A page as a feed would have told of it: title, lead and time that it gives for others, and its text.

        EMPTY: it titles itself as nothing. The text is empty where no article is found.
        """
        page = await self._page(url, self._limits)
        if isinstance(page, Failed):
            return page
        item = await asyncio.to_thread(_page_item, page)
        return item if item.title else Failed(FailureKind.EMPTY, "the page has no title")

    async def check(self, url: str) -> Page | Failed:
        """Whether the page still stands, by a polite GET of its first part: newspapers answer HEAD in many ways.

        GONE: it leads to the front page, to its section, or to a page that says so; NOT_FOUND: 404.
        """
        page = await self._page(url, self._head_limits)
        return page if isinstance(page, Failed) else Page(_page_title(page.body, page.charset))

    async def _page(self, url: str, limits: Limits) -> Answer | Failed:
        async def may_ask(address: str) -> Failed | None:
            if address != url and _leads_away(url, address):
                return Failed(FailureKind.GONE, f"the address leads to {address[:200]}: the article is gone")
            return await self._robots.refusal(address)

        answer = await self._client.get(url, limits, _HEADERS, may_ask=may_ask)
        if isinstance(answer, Failed) or answer.status == 200:
            return answer
        return refusal(answer.status, answer.headers, self._clock())


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
    if new.query or any(number in new.path for number in numbers):
        return False
    return _is_section_of(old.path, new.path) or (bool(numbers) and _is_short_beside(old.path, new.path))


def _is_section_of(article: str, path: str) -> bool:
    return article.startswith(path.rstrip("/").removesuffix(".html").removesuffix(".htm") + "/")


def _is_short_beside(article: str, path: str) -> bool:
    return not _NUMBER.search(path) and 2 * len(path) < len(article)


# up to the name only, and over no other tag: with the rest of it 192 KiB of half such tags took 0.2 s, in one call
_OG_TITLE = re.compile(r"""<meta\b[^<>]{0,200}?\bproperty\s*=\s*["']?og:title\b""", re.IGNORECASE)
_OG_DESCRIPTION = re.compile(r"""<meta\b[^<>]{0,200}?\bproperty\s*=\s*["']?og:description\b""", re.IGNORECASE)
_PUBLISHED = re.compile(r"""<meta\b[^<>]{0,200}?\bproperty\s*=\s*["']?article:published_time\b""", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^<>]{0,200}>([^<]{1,1000})<", re.IGNORECASE)
_CONTENT = re.compile(r"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
MAX_META_CHARS = 1_200  # of a tag


def _page_title(body: bytes, charset: str) -> str:
    """What the page names itself for others (og:title); empty where it does not."""
    return _meta(_decoded(body, charset), _OG_TITLE)


def _decoded(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset or "utf-8", errors="replace")
    except LookupError:
        return ""


def _meta(text: str, tag: re.Pattern[str]) -> str:
    """The content of the first such tag, empty where there is none."""
    meta = tag.search(text)
    end = text.find(">", meta.end(), meta.start() + MAX_META_CHARS) if meta else -1
    content = _CONTENT.search(text, meta.start(), end) if meta and end >= 0 else None
    title = html.unescape(content[1] or content[2] or "") if content else ""
    return nfc(" ".join(title.split()))


def _page_item(page: Answer) -> Item:
    """The page as an item without an id; its outlet is the host's name. CPU: some 20 ms, so it runs in a thread."""
    head = _decoded(page.body[:MAX_HEAD_BYTES], page.charset)
    title = _meta(head, _OG_TITLE)
    if not title and (named := _TITLE.search(head)):
        title = nfc(" ".join(html.unescape(named[1]).split()))
    try:
        at = datetime.fromisoformat(_meta(head, _PUBLISHED))
    except ValueError:
        at = None
    return Item(
        ItemId(""),
        urlsplit(page.url).hostname or "",
        title,
        lead_text(_meta(head, _OG_DESCRIPTION)),
        _article_text(page.body, page.charset),
        page.url,
        published_at=at if at is not None and at.tzinfo is not None else None,
    )


def _article_text(body: bytes, charset: str) -> str:
    """The article's paragraphs, one a line, NFC; empty when there is none. CPU: some 20 ms, so it runs in a thread."""
    for name in _QUIET_LOGGERS:  # they speak as they are loaded, and warn of every page without a body: that is a value
        logging.getLogger(name).setLevel(logging.CRITICAL)
    import trafilatura

    page: bytes | str = body
    if charset:
        try:
            page = body.decode(charset, errors="replace")
        except LookupError:  # a charset that nobody knows: trafilatura guesses
            page = body
    text = trafilatura.extract(page, fast=True, include_comments=False, include_tables=False, output_format="txt")
    lines = (" ".join(line.split()) for line in nfc(text or "").splitlines())
    return "\n".join(line for line in lines if line)
