"""monitor/feeds/article.py: the page behind an item is read politely, and every failure is one clear value."""

import asyncio
import gzip
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from monitor.feeds.article import PAGE_LIMITS, HttpArticleReader, _page_title
from monitor.net.politeness import HostGate
from monitor.net.request import HttpClient
from monitor.net.session import open_session
from monitor.types import Article, Failed, FailureKind, Item, Page
from tests.newspaper import PAGE, PARAGRAPHS, Newspaper

NOW = datetime(2026, 8, 14, 12, 0, tzinfo=UTC)
AGENT = "vn-news-monitor/test (+https://example.org)"


@pytest.fixture
async def newspaper() -> AsyncIterator[Newspaper]:
    async with Newspaper() as paper:
        yield paper


@pytest.fixture
async def reader() -> AsyncIterator[HttpArticleReader]:
    async with open_session(allow_private=True, contact="https://example.org", version="test") as session:
        yield HttpArticleReader(
            HttpClient(session, HostGate(timedelta())),
            clock=lambda: NOW,
            limits=replace(PAGE_LIMITS, max_bytes=200_000, timeout=timedelta(seconds=0.5)),
        )


async def failure(reader: HttpArticleReader, url: str) -> Failed:
    result = await reader.read(url)
    assert isinstance(result, Failed)
    assert result.why
    assert "\n" not in result.why
    return result


async def test_the_article_is_read_paragraph_by_paragraph(newspaper: Newspaper, reader: HttpArticleReader) -> None:
    newspaper.put("/cau-123.html")
    result = await reader.read(f"{newspaper.base}/cau-123.html")
    assert isinstance(result, Article)
    assert [line for line in result.text.splitlines() if line in PARAGRAPHS] == PARAGRAPHS
    assert newspaper.agents == {AGENT}


async def test_robots_txt_is_asked_once_and_obeyed(newspaper: Newspaper, reader: HttpArticleReader) -> None:
    newspaper.put("/robots.txt", "User-agent: *\nDisallow: /rieng/\n", kind="text/plain")
    newspaper.put("/rieng/a.html")
    newspaper.put("/cong/b.html")
    assert (await failure(reader, f"{newspaper.base}/rieng/a.html")).kind is FailureKind.ROBOTS
    assert isinstance(await reader.read(f"{newspaper.base}/cong/b.html"), Article)
    assert newspaper.asked == ["/robots.txt", "/cong/b.html"]


async def test_redirects_are_followed_up_to_a_handful(newspaper: Newspaper, reader: HttpArticleReader) -> None:
    newspaper.move("/cu.html", "/moi.html")
    newspaper.put("/moi.html")
    newspaper.move("/vong.html", "/vong.html")
    assert isinstance(await reader.read(f"{newspaper.base}/cu.html"), Article)
    assert (await failure(reader, f"{newspaper.base}/vong.html")).kind is FailureKind.REDIRECT


async def test_a_redirect_to_the_front_page_means_the_article_is_gone(
    newspaper: Newspaper, reader: HttpArticleReader
) -> None:
    newspaper.move("/go-bai.html", "/")
    newspaper.put("/")
    assert (await failure(reader, f"{newspaper.base}/go-bai.html")).kind is FailureKind.GONE


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, FailureKind.NOT_FOUND),
        (410, FailureKind.GONE),
        (403, FailureKind.FORBIDDEN),
        (500, FailureKind.HTTP),
    ],
)
async def test_a_status_says_what_is_wrong(
    newspaper: Newspaper, reader: HttpArticleReader, status: int, kind: FailureKind
) -> None:
    newspaper.put("/a.html", "", status=status)
    assert (await failure(reader, f"{newspaper.base}/a.html")).kind is kind


async def test_a_server_that_is_asked_too_often_says_when_to_come_back(
    newspaper: Newspaper, reader: HttpArticleReader
) -> None:
    newspaper.put("/a.html", "", status=429, **{"Retry-After": "90"})
    refused = await failure(reader, f"{newspaper.base}/a.html")
    assert (refused.kind, refused.retry_after) == (FailureKind.RATE_LIMITED, timedelta(seconds=90))


async def test_a_page_that_unpacks_to_more_than_the_cap_is_refused(
    newspaper: Newspaper, reader: HttpArticleReader
) -> None:
    async def bomb(_: web.Request) -> web.StreamResponse:
        packed = gzip.compress(b" " * 5_000_000)
        return web.Response(body=packed, content_type="text/html", headers={"Content-Encoding": "gzip"})

    newspaper.pages["/a.html"] = bomb
    assert (await failure(reader, f"{newspaper.base}/a.html")).kind is FailureKind.TOO_LARGE


async def test_a_server_that_drips_is_left(newspaper: Newspaper, reader: HttpArticleReader) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        await response.write(b"<html>")
        await asyncio.Event().wait()
        return response

    newspaper.pages["/a.html"] = drip
    assert (await failure(reader, f"{newspaper.base}/a.html")).kind is FailureKind.TIMEOUT


async def test_what_is_no_page_or_no_article_says_so(newspaper: Newspaper, reader: HttpArticleReader) -> None:
    newspaper.put("/a.pdf", "%PDF", kind="application/pdf")
    newspaper.put("/b.html", "<html><body><script>challenge()</script></body></html>")
    assert (await failure(reader, f"{newspaper.base}/a.pdf")).kind is FailureKind.MALFORMED
    assert (await failure(reader, f"{newspaper.base}/b.html")).kind is FailureKind.EMPTY


@pytest.mark.parametrize("url", ["ftp://bao.example/a", "", "http://[xyz", "javascript:alert(1)"])
async def test_what_is_no_web_address_is_not_asked_for(reader: HttpArticleReader, url: str) -> None:
    assert (await failure(reader, url)).kind is FailureKind.MALFORMED


async def test_a_host_that_does_not_listen_is_a_value(reader: HttpArticleReader) -> None:
    assert (await failure(reader, "http://127.0.0.1:9/a.html")).kind in {FailureKind.ROBOTS, FailureKind.CONNECT}


async def test_the_libraries_behind_it_stay_silent(
    newspaper: Newspaper, reader: HttpArticleReader, caplog: pytest.LogCaptureFixture
) -> None:
    newspaper.put("/a.html", "<html><body><p>Ngắn.</p></body></html>")
    with caplog.at_level(logging.DEBUG):
        await failure(reader, f"{newspaper.base}/a.html")
    assert not [record for record in caplog.records if record.name.startswith(("trafilatura", "courlan", "htmldate"))]


# ---------------------------------------------------------------- whether a page still stands

OLD = "/the-gioi/cau-vam-xanh-thong-xe-sang-nay-4912345.html"


async def test_a_page_that_stands_says_how_it_titles_itself(newspaper: Newspaper, reader: HttpArticleReader) -> None:
    meta = '<meta property="og:title" content="Cầu &quot;Vàm Xanh&quot;  thông xe | Bến Sông">'
    newspaper.put(OLD, PAGE.replace("<head>", f"<head>{meta}"))
    assert await reader.check(newspaper.base + OLD) == Page('Cầu "Vàm Xanh" thông xe | Bến Sông')
    newspaper.put(OLD)
    assert await reader.check(newspaper.base + OLD) == Page("")


async def test_a_page_without_an_article_or_of_any_length_still_stands(
    newspaper: Newspaper, reader: HttpArticleReader
) -> None:
    newspaper.put(OLD, "<html><body>Video</body></html>")
    assert isinstance(await reader.check(newspaper.base + OLD), Page)
    newspaper.put(OLD, PAGE + "x" * 900_000)
    assert isinstance(await reader.check(newspaper.base + OLD), Page)


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("/", FailureKind.GONE),
        ("/the-gioi", FailureKind.GONE),
        ("/the-gioi.html", FailureKind.GONE),
        ("/tin-moi", FailureKind.GONE),
        ("/404.html", FailureKind.GONE),
        ("/khong-tim-thay", FailureKind.GONE),
    ],
)
async def test_a_redirect_away_from_the_article_says_that_it_is_gone(
    newspaper: Newspaper, reader: HttpArticleReader, target: str, kind: FailureKind
) -> None:
    newspaper.move(OLD, target)
    newspaper.put(target)
    seen = await reader.check(newspaper.base + OLD)
    assert isinstance(seen, Failed)
    assert seen.kind is kind


async def test_a_short_address_that_leads_to_its_section_is_gone_too(
    newspaper: Newspaper, reader: HttpArticleReader
) -> None:
    newspaper.move("/thoi-su/chinh-tri/1234567.html", "/thoi-su/chinh-tri.htm")
    newspaper.put("/thoi-su/chinh-tri.htm")
    seen = await reader.check(f"{newspaper.base}/thoi-su/chinh-tri/1234567.html")
    assert isinstance(seen, Failed)
    assert seen.kind is FailureKind.GONE


@pytest.mark.parametrize(
    "target",
    [
        "/the-gioi/cau-vam-xanh-da-thong-xe-4912345.html",  # a new headline, a new slug
        "/4912345.htm",
        "/dang-nhap?ve=4912345",
        "/thoi-su/mot-chuyen-muc-khac-cua-bao/cau-vam-xanh-thong-xe-sang-nay.html",
    ],
)
async def test_a_redirect_to_another_address_of_the_article_is_followed(
    newspaper: Newspaper, reader: HttpArticleReader, target: str
) -> None:
    newspaper.move(OLD, target)
    newspaper.put(target.partition("?")[0])
    assert isinstance(await reader.check(newspaper.base + OLD), Page)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, FailureKind.NOT_FOUND),
        (410, FailureKind.GONE),
        (403, FailureKind.FORBIDDEN),
        (500, FailureKind.HTTP),
        (503, FailureKind.HTTP),
        (429, FailureKind.RATE_LIMITED),
    ],
)
async def test_what_a_server_answers_of_a_page_is_told_apart(
    newspaper: Newspaper, reader: HttpArticleReader, status: int, kind: FailureKind
) -> None:
    newspaper.put(OLD, "", status=status)
    seen = await reader.check(newspaper.base + OLD)
    assert isinstance(seen, Failed)
    assert seen.kind is kind


async def test_a_page_that_robots_may_not_ask_for_is_not_asked_for_again(
    newspaper: Newspaper, reader: HttpArticleReader
) -> None:
    newspaper.put("/robots.txt", "User-agent: *\nDisallow: /the-gioi/", kind="text/plain")
    seen = await reader.check(newspaper.base + OLD)
    assert isinstance(seen, Failed)
    assert seen.kind is FailureKind.ROBOTS
    assert newspaper.asked == ["/robots.txt"]


@pytest.mark.parametrize("half", [b"<meta ", b'<meta property="og:title', b"<meta" + b" property" * 20])
def test_a_head_of_half_tags_is_looked_through_once(half: bytes) -> None:
    begin = time.process_time()
    assert _page_title(half * (2 * 10**6 // len(half)), "") == ""
    assert time.process_time() - begin < 1.0  # 30 ms; it was two seconds when each tag was looked through to its end


def test_a_title_may_hold_a_bracket_and_stand_before_its_name() -> None:
    assert _page_title(b'<meta property="og:title" content="1 < 2">', "") == "1 < 2"
    assert _page_title(b'<meta name=a><meta content="Mua" property="og:title">', "") == "Mua"


# ---------------------------------------------------------------- a page as an item

TITLED = "<html><head><title> Chợ &amp; cầu\n đông khách</title></head><body><p>Ngắn.</p></body></html>"


async def test_a_page_is_read_as_an_item_by_what_it_says_of_itself(
    newspaper: Newspaper, reader: HttpArticleReader
) -> None:
    head = (
        '<meta content="Cầu thông xe" property="og:title"><meta property="og:description" content="VOV.VN - Sáng nay.">'
        '<meta property="article:published_time" content="2026-08-14T08:00:00+07:00">'
    )
    newspaper.put("/moi-123456.html", PAGE.replace("<head>", f"<head>{head}"))
    newspaper.move("/cu-123456.html", "/moi-123456.html")
    item = await reader.read_item(f"{newspaper.base}/cu-123456.html")
    assert isinstance(item, Item)
    assert (item.title, item.lead, item.url) == ("Cầu thông xe", "Sáng nay.", f"{newspaper.base}/moi-123456.html")
    assert item.published_at == datetime(2026, 8, 14, 1, 0, tzinfo=UTC)
    assert item.body.splitlines()[-1] == PARAGRAPHS[-1]


async def test_a_page_that_says_little_of_itself_still_has_its_title(
    newspaper: Newspaper, reader: HttpArticleReader
) -> None:
    newspaper.put("/it.html", TITLED)
    item = await reader.read_item(f"{newspaper.base}/it.html")
    assert isinstance(item, Item)
    assert (item.title, item.lead, item.published_at) == ("Chợ & cầu đông khách", "", None)
    newspaper.put("/khong.html", "<html><body><p>Không tựa đề.</p></body></html>")
    nothing = await reader.read_item(f"{newspaper.base}/khong.html")
    assert isinstance(nothing, Failed)
    assert nothing.kind is FailureKind.EMPTY
    gone = await reader.read_item(f"{newspaper.base}/gone.html")
    assert isinstance(gone, Failed)
    assert gone.kind is FailureKind.NOT_FOUND
