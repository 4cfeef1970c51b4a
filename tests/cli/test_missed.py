"""missed: why nobody was told of an article, in a line for a program or in words for a person."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from monitor.store.transaction import open_store
from monitor.types import Address, Chat, ChatKind, Entry, FeedId, NewItem, Placement, Role, Target
from tests.command_line import CommandLine
from tests.newspaper import PARAGRAPHS, Newspaper

NOW = datetime.now(UTC).replace(microsecond=0)
URL = "https://ben-song.example/cho-20260823080000123.htm"
FORMER = "Cựu Tổng thống Nga trồng cây ở quê"
PAGE = (
    '<html><head><meta property="og:title" content="Ông Putin thăm cầu Vàm Xanh">'
    '<meta property="og:description" content="(Bến Sông) - Người dân hai bờ rất vui.">'
    '<meta property="article:published_time" content="2026-08-23T08:00:00+07:00"></head><body><article>'
    + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    + "</article></body></html>"
)


@pytest.fixture
def stored(monitor: CommandLine, database_url: str) -> Callable[..., None]:
    """Store an article as detection would, in either database; says so to the command line."""
    monitor.set(database_url=database_url)

    def store(title: str, *follows: tuple[int, str]) -> None:
        async def fill() -> None:
            async with await open_store(database_url) as opened:
                with opened.writing() as tx:
                    entry = Entry("ben-song.example:20260823080000123", "", URL, title, published_at=NOW)
                    [item] = tx.add_items([NewItem(entry, FeedId("ben-song"), "Bến Sông", NOW, True)])
                    tx.save_detection(item, [], Placement(None, Role.NEW), version="v", now=NOW)
                    for chat, target in follows:
                        tx.save_chat(Chat(Address(chat), ChatKind.PRIVATE))
                        tx.follow(Address(chat), Target(target), now=NOW - timedelta(days=1))

        asyncio.run(fill())

    return store


def test_a_stored_article_is_answered_in_one_line_with_its_near_misses(
    monitor: CommandLine, stored: Callable[..., None]
) -> None:
    stored(FORMER)
    ended = monitor("missed", URL + "?utm_source=zalo")
    assert (ended.code, ended.err) == (0, "")
    [row] = ended.rows
    assert (row["found"], row["reason"]) == (True, "no_match")
    assert row["item"]["title"] == FORMER
    assert row["near"] == [{"watch": "putin", "why": row["near"][0]["why"], "text": "Tổng thống Nga"}]
    assert "cựu" in row["near"][0]["why"]
    assert row["watches"] == []


def test_one_chat_may_be_asked_about(monitor: CommandLine, stored: Callable[..., None]) -> None:
    stored(FORMER, (1001, "putin"))
    assert monitor("missed", URL, "--chat", "1001").rows[0]["reason"] == "no_match"
    refused = monitor("missed", URL, "--chat", "ban-doi-ngoai")
    assert (refused.code, refused.out) == (2, "")
    assert "NUMBER:TOPIC" in refused.err


def test_a_person_gets_the_reason_and_the_marked_text(monitor: CommandLine, stored: Callable[..., None]) -> None:
    stored(FORMER)
    ended = monitor("missed", URL, "--explain", "--lang", "vi")
    first, blank, *rest = ended.out.splitlines()
    assert (ended.code, blank) == (0, "")
    assert "không nhắc tới mục nào" in first
    assert any("✗ putin" in line for line in rest)


def test_a_title_finds_its_article(monitor: CommandLine, stored: Callable[..., None]) -> None:
    stored("Chợ quê đông khách")
    assert monitor("missed", "Chợ quê đông khách").rows[0]["found"] is True


def test_words_that_are_no_title_are_judged_with_code_1(monitor: CommandLine) -> None:
    for ended in (
        monitor("missed", "Ông Putin trồng cây ở quê"),
        monitor("missed", "-", given="Ông Putin trồng cây ở quê\n"),
    ):
        assert ended.code == 1
        [row] = ended.rows
        assert (row["found"], row["reason"], row["watches"]) == (False, "not_stored", ["putin"])
        assert "there is no database" in ended.err


@pytest.mark.parametrize("asked", ["", "  ", "-"])
def test_nothing_asked_is_wrong_use(monitor: CommandLine, asked: str) -> None:
    ended = monitor("missed", asked)
    assert (ended.code, ended.out) == (2, "")
    assert "nothing is asked" in ended.err


async def test_a_page_that_no_feed_listed_is_read_politely_and_judged(monitor: CommandLine) -> None:
    async with Newspaper() as paper:
        paper.put("/cau-123.html", PAGE)
        feed = f"feeds:\n  - {{id: ben-song, outlet: Bến Sông, url: '{paper.base}/rss'}}\n"
        monitor.write("config/feeds.yaml", feed)
        refused = await asyncio.to_thread(monitor, "missed", f"{paper.base}/cau-123.html")
        assert (refused.code, paper.asked) == (1, [])
        assert "MONITOR_HTTP_ALLOW_PRIVATE" in refused.err
        monitor.set(http_allow_private="true")
        ended = await asyncio.to_thread(monitor, "missed", f"{paper.base}/cau-123.html?fbclid=1")
        assert paper.asked == ["/robots.txt", "/cau-123.html"]
        paper.put("/robots.txt", "User-agent: *\nDisallow: /\n", kind="text/plain")
        forbidden = await asyncio.to_thread(monitor, "missed", f"{paper.base}/cau-123.html")
    assert ended.code == 1
    [row] = ended.rows
    assert (row["found"], row["reason"], row["watches"]) == (False, "not_in_feed", ["putin"])
    assert row["item"] == {
        "outlet": "Bến Sông",
        "title": "Ông Putin thăm cầu Vàm Xanh",
        "url": f"{paper.base}/cau-123.html",
        "published": "2026-08-23T08:00:00+07:00",
    }
    assert (forbidden.code, forbidden.rows[0]["reason"]) == (1, "not_in_feed")
    assert "robots.txt of 127.0.0.1 forbids this page" in forbidden.err


def test_a_server_that_is_not_there_is_a_clear_error(monitor: CommandLine) -> None:
    monitor.set(http_allow_private="true")
    ended = monitor("missed", "http://127.0.0.1:1/tin.html")
    assert (ended.code, ended.rows[0]["reason"]) == (1, "outlet_not_read")
    assert "monitor missed: the page cannot be read: robots.txt of 127.0.0.1 cannot be read now" in ended.err
    assert "Traceback" not in ended.err
