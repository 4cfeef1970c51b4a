"""Feeds of a watch: RSS and JSON Feed as readers know them, opened by a key or a login, sent once until they change."""

import json
from datetime import timedelta
from typing import Any

import feedparser
import pytest

from monitor.store.transaction import Store
from monitor.types import (
    Address,
    Chat,
    ChatKind,
    ChatState,
    Entry,
    Event,
    Feed,
    FeedId,
    Leader,
    NewItem,
    Placement,
    Role,
    StoryId,
    WatchId,
    own_id,
)
from monitor.web import Site
from monitor.web.feed_texts import xml_text
from monitor.web.viewer import form_token_of
from tests.store_samples import AN, BINH, DAY, MINUTE, NOW, chat, match
from tests.web.test_gate import Browser, log_in, served, site_of

PUTIN, STORM = WatchId("putin"), WatchId("bao")
WATCHES = {
    PUTIN: Leader(PUTIN, "Vladimir Putin", tags=("nga",)),
    STORM: Event(STORM, "Bão, áp thấp nhiệt đới", ("bão",)),
    own_id(7): Event(own_id(7), "Cầu Long Biên", ('"cầu Long Biên"',)),
}
FEED = "/watches/putin/feed.xml"
JSON_FEED = "/watches/putin/feed.json"
NASTY = 'Phà <b>Bến & "Sông"</b> ]]> \x00\x0b\ufffe\U0001f6a2'


def feeds_site(store: Store, **more: Any) -> Site:
    source = Feed(FeedId("ben-song"), "Bến Sông", "https://ben-song.example/rss?a=1&b=2")
    return site_of(store, watches=lambda: WATCHES, owners=lambda: {own_id(7): AN}, feeds=lambda: (source,), **more)


async def told(store: Store, key: str, title: str, *watches: str, lead: str = "Tin.", minutes: int = 0) -> StoryId:
    """A story with one item, published so many minutes before NOW."""
    at = NOW - minutes * MINUTE
    entry = Entry(key, key, f"https://ben-song.example/{key}.html?x=1&y=2", title, lead, at)
    with store.writing() as tx:
        (item,) = tx.add_items([NewItem(entry, FeedId("ben-song"), "Bến Sông", at, True)])
        found = [match(each) for each in watches or (PUTIN,)]
        return tx.save_detection(item, found, Placement(None, Role.NEW), version="v1", now=at)


async def keyed(store: Store, address: Address = AN, key: str = "k1", state: ChatState = ChatState.ACTIVE) -> str:
    with store.writing() as tx:
        tx.save_chat(Chat(address, ChatKind.PRIVATE, lang="en", state=state, joined_at=NOW))
        tx.renew_feed_key(address, key, now=NOW)
    return key


def rows(text: str) -> list[Any]:
    parsed = feedparser.parse(text.encode())
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "rss20"
    return list(parsed.entries)


# ---------------------------------------------------------------- what readers read


async def test_a_feed_tells_the_stories_of_its_watch_and_of_no_other(store: Store) -> None:
    first = await told(store, "a", "Tổng thống Nga thăm bến phà", minutes=90)
    await told(store, "b", "Bão vào Nghệ An", "bao")
    second = await told(store, "c", "Ông Putin nói về cầu", "putin", "bao", minutes=10)
    async with served(feeds_site(store, access="open")) as browser:
        status, text, headers = await browser.get(FEED, **{"Accept-Language": "en"})
    assert (status, headers["Content-Type"]) == (200, "application/rss+xml; charset=utf-8")
    parsed = feedparser.parse(text.encode())
    assert parsed.feed.title == "Vladimir Putin · News monitor"
    assert parsed.feed.link == "http://127.0.0.1:9464/watches/putin"
    assert parsed.feed.language == "en"
    assert [link.href for link in parsed.feed.links if link.rel == "self"] == [f"http://127.0.0.1:9464{FEED}"]
    newest, older = rows(text)
    assert (newest.title, older.title) == ("Ông Putin nói về cầu", "Tổng thống Nga thăm bến phà")
    assert (newest.id, older.id) == (f"monitor:story:{second}", f"monitor:story:{first}")
    assert not newest.guidislink
    assert newest.link == "https://ben-song.example/c.html?x=1&y=2"
    assert newest.published == "Sun, 23 Aug 2026 12:10:00 +0700"
    assert newest.source == {"href": "https://ben-song.example/rss?a=1&b=2", "title": "Bến Sông"}
    assert newest.author == "Bến Sông"
    assert [tag.term for tag in newest.tags] == ["Bão, áp thấp nhiệt đới", "Vladimir Putin"]


async def test_the_json_feed_says_the_same_by_the_rules_of_json_feed(store: Store) -> None:
    number = await told(store, "a", "Tổng thống Nga thăm bến phà", lead="Phà chạy đêm.", minutes=90)
    async with served(feeds_site(store, access="open")) as browser:
        status, text, headers = await browser.get(JSON_FEED, **{"Accept-Language": "en"})
    assert (status, headers["Content-Type"]) == (200, "application/feed+json; charset=utf-8")
    assert json.loads(text) == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Vladimir Putin · News monitor",
        "description": "The newest stories that name Vladimir Putin.",
        "home_page_url": "http://127.0.0.1:9464/watches/putin",
        "feed_url": f"http://127.0.0.1:9464{JSON_FEED}",
        "language": "en",
        "items": [
            {
                "id": f"monitor:story:{number}",
                "url": "https://ben-song.example/a.html?x=1&y=2",
                "external_url": f"http://127.0.0.1:9464/stories/{number}",
                "title": "Tổng thống Nga thăm bến phà",
                "content_text": "Phà chạy đêm.\n\nBến Sông",
                "date_published": "2026-08-23T10:50:00+07:00",
                "authors": [{"name": "Bến Sông"}],
                "tags": ["Vladimir Putin"],
            }
        ],
    }


async def test_what_looks_like_markup_is_text_and_what_xml_forbids_is_left_out(store: Store) -> None:
    await told(store, "a", NASTY.replace("\x00", ""), lead=NASTY.replace("\x00", "") + "<script>alert(1)</script>")
    async with served(feeds_site(store, access="open")) as browser:
        _, text, _ = await browser.get(FEED)
        _, as_json, _ = await browser.get(JSON_FEED)
    (row,) = rows(text)
    assert "<script" not in text
    # a reader shows a description as HTML: what it shows is the text as it was
    assert row.description.startswith('Phà &lt;b&gt;Bến &amp; "Sông"&lt;/b&gt; ]]&gt; \U0001f6a2&lt;script&gt;')
    assert "&lt;b&gt;Bến &amp; &#34;Sông&#34;&lt;/b&gt; ]]&gt;" in text
    (item,) = json.loads(as_json)["items"]
    assert item["title"] == 'Phà <b>Bến & "Sông"</b> ]]> \U0001f6a2'


def test_no_forbidden_letter_is_left_in_xml() -> None:
    forbidden = [chr(code) for code in (0, 8, 11, 12, 14, 31, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF)]
    assert xml_text("".join(f"a{each}" for each in forbidden)) == "a" * len(forbidden)
    assert xml_text("\t\n\r ế\ue000\ufffd\U0010ffff") == "\t\n\r ế\ue000\ufffd\U0010ffff"


async def test_the_newest_fifty_are_told(store: Store) -> None:
    for number in range(52):
        await told(store, f"k{number}", f"Chuyến phà {number}", minutes=number)
    async with served(feeds_site(store, access="open")) as browser:
        found = rows((await browser.get(FEED))[1])
    assert [row.title for row in found] == [f"Chuyến phà {number}" for number in range(50)]


async def test_an_address_that_is_no_web_address_is_no_link(store: Store) -> None:
    entry = Entry("j", "j", "javascript:alert(1)", "Phà", "", NOW)
    with store.writing() as tx:
        (item,) = tx.add_items([NewItem(entry, FeedId("ben-song"), "Bến Sông", NOW, True)])
        tx.save_detection(item, [match("putin")], Placement(None, Role.NEW), version="v1", now=NOW)
    async with served(feeds_site(store, access="open")) as browser:
        assert "javascript" not in (await browser.get(FEED))[1]
        assert "javascript" not in (await browser.get(JSON_FEED))[1]


# ---------------------------------------------------------------- whom it opens to


async def test_without_key_or_login_a_feed_is_refused_with_words_and_sent_nowhere(store: Store) -> None:
    async with served(feeds_site(store)) as browser:
        for path in (FEED, JSON_FEED):
            status, text, _ = await browser.get(path, **{"Accept-Language": "en"})
            assert status == 401
            assert "wants a key" in text


async def test_a_key_opens_the_feeds_in_its_chats_language(store: Store) -> None:
    key = await keyed(store)
    async with served(feeds_site(store)) as browser:
        status, text, _ = await browser.get(f"{FEED}?key={key}", **{"Accept-Language": "vi"})
        assert status == 200
        assert "<language>en</language>" in text
        assert f'href="http://127.0.0.1:9464{FEED}?key={key}" rel="self"' in text


@pytest.mark.parametrize("access", ["login", "open"])
async def test_a_wrong_key_is_said_to_be_wrong(store: Store, access: str) -> None:
    await keyed(store)
    async with served(feeds_site(store, access=access)) as browser:
        status, text, headers = await browser.get(f"{FEED}?key=other", **{"Accept-Language": "en"})
        assert status == 403
        assert "This key opens nothing any more" in text
        assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("state", [ChatState.BARRED, ChatState.BLOCKED])
async def test_the_key_of_a_chat_that_is_barred_or_lost_opens_nothing(store: Store, state: ChatState) -> None:
    key = await keyed(store, state=state)
    async with served(feeds_site(store)) as browser:
        assert (await browser.get(f"{FEED}?key={key}"))[0] == 403


async def test_a_login_opens_feeds_without_a_key(store: Store) -> None:
    token = log_in(store, AN)
    async with served(feeds_site(store), token) as browser:
        assert (await browser.get(FEED))[0] == 200


async def test_an_own_watch_is_fed_to_its_chat_alone(store: Store) -> None:
    mine, theirs = await keyed(store), await keyed(store, BINH, "k2")
    await told(store, "a", "Cầu Long Biên đóng một tuần", "own-7", "putin")
    own = "/watches/own-7/feed.xml"
    async with served(feeds_site(store)) as browser:
        assert (await browser.get(own))[0] == 401
        assert (await browser.get(f"{own}?key={theirs}"))[0] == 404
        assert [row.title for row in rows((await browser.get(f"{own}?key={mine}"))[1])] == [
            "Cầu Long Biên đóng một tuần"
        ]
        assert "Cầu Long Biên</category>" in (await browser.get(f"{FEED}?key={mine}"))[1]
        assert "Cầu Long Biên</category>" not in (await browser.get(f"{FEED}?key={theirs}"))[1]
    async with served(feeds_site(store, access="open")) as browser:
        assert (await browser.get(own))[0] == 404
        assert (await browser.get(FEED))[0] == 200
    token = log_in(store, Address(909))  # an administrator is no owner
    async with served(feeds_site(store), token) as browser:
        assert (await browser.get(own))[0] == 404


async def test_a_watch_that_is_not_there_has_no_feed(store: Store) -> None:
    key = await keyed(store)
    async with served(feeds_site(store)) as browser:
        status, text, _ = await browser.get(f"/watches/nobody/feed.xml?key={key}")
        assert status == 404
        assert "There is no such watch." in text


# ---------------------------------------------------------------- keys


async def test_a_key_is_made_on_demand_and_a_new_one_ends_the_old(store: Store) -> None:
    with store.writing() as tx:
        tx.save_chat(chat(AN))
    token = log_in(store, AN)
    form = {"token": form_token_of(token), "watch": "putin"}
    keys = []
    async with served(feeds_site(store), token) as browser:
        for _ in range(2):
            assert (await browser.post("/feed-key", form))[0] == 303
            with store.reading() as tx:
                keys.append(tx.feed_key(AN))
        old, new = keys
        assert old is not None
        assert new is not None
        assert len(new) >= 32
    async with served(feeds_site(store)) as browser:
        assert (await browser.get(f"{FEED}?key={old}"))[0] == 403
        assert (await browser.get(f"{FEED}?key={new}"))[0] == 200


async def test_a_chat_that_moves_takes_its_key_along(store: Store) -> None:
    key = await keyed(store, Address(-5))
    with store.writing() as tx:
        tx.move_chat(-5, -1005)
        assert tx.chat_of_feed_key(key) == Address(-1005)
        tx.renew_feed_key(Address(-6), "k6", now=NOW)
        tx.move_chat(-6, -1005)  # which has a key already
        assert (tx.chat_of_feed_key("k6"), tx.feed_key(Address(-1005))) == (None, key)


# ---------------------------------------------------------------- sent once until it changes


async def asked_by_time(browser: Browser, path: str, since: str) -> int:
    return (await browser.get(path, **{"If-Modified-Since": since}))[0]


async def test_a_feed_that_has_not_changed_is_not_sent_again(store: Store) -> None:
    await told(store, "a", "Phà", minutes=5)
    async with served(feeds_site(store, access="open")) as browser:
        for path in (FEED, JSON_FEED):
            _, _, headers = await browser.get(path)
            assert headers["Last-Modified"] == "Sun, 23 Aug 2026 05:15:00 GMT"
            assert headers["Cache-Control"].startswith("private")
            for header, value in (("If-None-Match", headers["ETag"]), ("If-Modified-Since", headers["Last-Modified"])):
                status, text, again = await browser.get(path, **{header: value})
                assert (status, text) == (304, "")
                assert again["ETag"] == headers["ETag"]
            assert await asked_by_time(browser, path, "Sun, 23 Aug 2026 05:14:59 GMT") == 200
            assert await asked_by_time(browser, path, "no date") == 200
            # who names a state is judged by it, whatever the time says
            both = {"If-None-Match": '"other"', "If-Modified-Since": headers["Last-Modified"]}
            assert (await browser.get(path, **both))[0] == 200


async def test_another_outlet_of_a_story_changes_the_feed(store: Store) -> None:
    story = await told(store, "a", "Phà", minutes=5)
    async with served(feeds_site(store, access="open")) as browser:
        before = (await browser.get(FEED))[2]
        # published long before, and found out late
        with store.writing() as tx:
            entry = Entry("b", "b", "https://pha.example/b", "Phà đêm", "", NOW - DAY)
            (item,) = tx.add_items([NewItem(entry, FeedId("pha"), "Bến Phà", NOW - DAY, True)])
            placed = Placement(story, Role.REPEAT)
            tx.save_detection(item, [match("putin")], placed, version="v1", now=NOW + timedelta(seconds=1))
        status, text, after = await browser.get(FEED, **{"If-Modified-Since": before["Last-Modified"]})
        assert status == 200
        assert "Bến Phà" in text
        assert after["ETag"] != before["ETag"]


async def test_an_empty_feed_is_a_feed(store: Store) -> None:
    async with served(feeds_site(store, access="open")) as browser:
        status, text, headers = await browser.get(FEED)
        assert (status, rows(text)) == (200, [])
        assert "Last-Modified" not in headers
        assert json.loads((await browser.get(JSON_FEED))[1])["items"] == []
