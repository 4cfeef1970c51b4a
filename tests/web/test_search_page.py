"""/search?q= as a browser and a program meet it: a real server, real rows in both databases."""

import json
from datetime import timedelta
from typing import Any

from monitor.store.transaction import Store
from monitor.types import TERMINAL, Feed, FeedId, ItemId, Leader, Placement, Role, StoryId, WatchId, Watchlist
from monitor.web.search_page import excerpt
from monitor.web.viewer import form_token_of
from tests.store_samples import AN, BINH, NOW, draft, match
from tests.web.test_gate import Browser, log_in, served, site_of

EN = {"Accept-Language": "en"}
PUTIN = Leader(WatchId("putin"), "Vladimir Putin")
OWN = Leader(WatchId("own-7"), "Phà đêm của An")
FEED = Feed(FeedId("ben-song"), "Bến Sông", "https://ben-song.example/rss")


def came(
    store: Store, title: str, *watches: str, lead: str = "", minutes: int = 0, joins: StoryId | None = None
) -> StoryId:
    """An article, stored, placed and indexed as the service would."""
    with store.writing() as tx:
        at = NOW - timedelta(minutes=minutes)
        [item] = tx.add_items([draft(f"{title}{minutes}", title=title, lead=lead, published_at=at)])
        place = Placement(joins, Role.NEW if joins is None else Role.REPEAT)
        story = tx.save_detection(item, [match(each) for each in watches], place, version="v1", now=NOW)
        while tx.index_items(limit=50):
            pass
    return story


def open_site(store: Store, **more: Any) -> Any:
    return site_of(
        store,
        access="open",
        feeds=lambda: (FEED,),
        watchlist=lambda: Watchlist("v1", (PUTIN,)),
        watches=lambda: {PUTIN.id: PUTIN, OWN.id: OWN},
        owners=lambda: {OWN.id: AN},
        **more,
    )


async def found(browser: Browser, asked: str) -> dict[str, Any]:
    _, text, _ = await browser.get(f"/search.json?{asked}", **EN)
    answer: dict[str, Any] = json.loads(text)
    return answer


async def test_words_are_found_and_marked_a_story_an_entry(store: Store) -> None:
    story = came(store, "Giá <vàng> tăng", "putin", lead="Theo hiệp hội, giá vàng còn tăng.", minutes=50)
    came(store, "Vàng nhẫn theo sau", lead="Giá vàng trong ngày.", minutes=10, joins=story)
    came(store, "Một tin khác", minutes=5)
    async with served(open_site(store)) as browser:
        status, page, _ = await browser.get("/search?q=gi%C3%A1+v%C3%A0ng", **EN)
        answer = await found(browser, "q=gi%C3%A1+v%C3%A0ng")
    assert status == 200
    assert "<mark>Giá vàng</mark> trong ngày." in page
    assert 'value="giá vàng"' in page
    assert page.count('<article class="found"') == 1
    assert [each["story"] for each in answer["found"]] == [story]


async def test_a_program_gets_the_fields_of_monitor_search(store: Store) -> None:
    story = came(store, "Giá vàng tăng", "putin", lead="Trong ngày.", minutes=50)
    async with served(open_site(store)) as browser:
        [one] = (await found(browser, "q=gia+vang"))["found"]
    assert {name: one[name] for name in ("title", "summary", "outlet", "story", "watches", "marks", "published")} == {
        "title": "Giá vàng tăng",
        "summary": "Trong ngày.",
        "outlet": "Bến Sông",
        "story": story,
        "watches": ["putin"],
        "marks": [{"field": "title", "start": 0, "end": 8}],
        "published": "2026-08-23T11:30:00+07:00",
    }
    assert one["nearness"] == "with_marks"


async def test_kinds_of_hits_are_parted_by_headings(store: Store) -> None:
    came(store, "Bao so 3", minutes=50)
    came(store, "Bão số 3 mạnh lên", minutes=10)
    async with served(open_site(store)) as browser:
        _, page, _ = await browser.get("/search?q=bao+so+3", **EN)
    plain, heading, marked_ones = page.partition("The same letters with marks")
    assert heading
    assert "<mark>Bao so 3</mark>" in plain
    assert "<mark>Bão số 3</mark> mạnh lên" in marked_ones


async def test_what_is_wrong_with_a_search_is_said_and_nothing_is_escaped_wrongly(store: Store) -> None:
    async with served(open_site(store)) as browser:
        status, page, _ = await browser.get("/search?q=%40puttin+%3Cb%3E", **EN)
        assert status == 400
        assert "Nobody and nothing on the watchlist is called @puttin. Did you mean: @putin?" in page
        assert 'value="@puttin &lt;b&gt;"' in page
        assert (await found(browser, "q=since:xyz"))["error"].startswith("since:xyz is no span of time.")
        assert (await browser.get("/search?q=" + "a" * 501))[0] == 400


async def test_without_words_it_is_said_how_to_search(store: Store) -> None:
    async with served(open_site(store)) as browser:
        status, page, _ = await browser.get("/search", **EN)
    assert status == 200
    assert "How to search" in page
    assert 'outlet:"Tuổi Trẻ"' in page


async def test_a_watch_and_an_outlet_of_the_address_narrow_a_search(store: Store) -> None:
    came(store, "Giá vàng một", "putin", minutes=9)
    came(store, "Giá vàng hai", minutes=8)
    async with served(open_site(store)) as browser:
        answer = await found(browser, "q=gia+vang&watch=putin&outlet=B%E1%BA%BFn+S%C3%B4ng")
    assert answer["q"] == 'gia vang @putin outlet:"Bến Sông"'
    assert [each["title"] for each in answer["found"]] == ["Giá vàng một"]


async def test_pages_do_not_move_when_news_comes_in(store: Store) -> None:
    for number in range(10):
        came(store, f"Giá vàng {number}", minutes=100 - number)
    async with served(open_site(store)) as browser:
        _, page, _ = await browser.get("/search?q=gia+vang", **EN)
        older = page.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
        came(store, "Giá vàng mới nhất")
        first = await found(browser, "q=gia+vang")
        second = await found(browser, older.partition("?")[2])
        _, last, _ = await browser.get(older, **EN)
    assert first["found"][0]["title"] == "Giá vàng mới nhất"
    assert [each["title"] for each in second["found"]] == ["Giá vàng 1", "Giá vàng 0"]
    assert (second["page"], second["is_last"]) == (2, True)
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last


async def test_an_own_watch_of_another_chat_is_not_shown(store: Store) -> None:
    came(store, "Phà đêm", "own-7", "putin")
    mine, theirs = log_in(store, AN), log_in(store, BINH, "other")
    seen = {}
    for token in (mine, theirs):
        async with served(open_site(store), token) as browser:
            seen[token] = (await found(browser, "q=ph%C3%A0"))["found"][0]["watches"]
            assert ("Phà đêm của An" in (await browser.get("/search?q=ph%C3%A0"))[1]) is (token == mine)
    assert seen == {mine: ["own-7", "putin"], theirs: ["putin"]}


async def test_a_found_article_is_kept_and_dropped_by_its_button(store: Store) -> None:
    came(store, "Phà đêm")
    token = log_in(store, AN)
    form = {"item": "1", "q": "phà đêm", "page": "1", "up_to": "1", "token": form_token_of(token)}
    async with served(open_site(store), token) as browser:
        assert 'name="keep" value="yes"' in (await browser.get("/search?q=ph%C3%A0"))[1]
        assert (await browser.post("/search/save", form))[0] == 303
        with store.reading() as tx:
            assert tx.saved_among(AN, [ItemId("1"), ItemId("2")]) == {ItemId("1")}
        assert 'name="keep" value="no"' in (await browser.get("/search?q=ph%C3%A0"))[1]
        assert (await browser.post("/search/save", form | {"keep": "no"}))[0] == 303
        with store.reading() as tx:
            assert tx.saved_count(AN) == 0
        assert (await browser.post("/search/save", form | {"item": "99"}))[0] == 400
        assert (await browser.post("/search/save", form | {"token": "x"}))[0] == 403


async def test_an_administrator_of_no_chat_keeps_nothing(store: Store) -> None:
    came(store, "Phà đêm")
    token = log_in(store, TERMINAL)
    async with served(open_site(store), token) as browser:
        assert 'name="keep"' not in (await browser.get("/search?q=ph%C3%A0"))[1]
        assert (await browser.post("/search/save", {"item": "1", "token": form_token_of(token)}))[0] == 403
    with store.reading() as tx:
        assert tx.saved_count(TERMINAL) == 0


async def test_who_is_not_logged_in_gets_no_button_and_no_token(store: Store) -> None:
    came(store, "Phà đêm")
    async with served(open_site(store)) as browser:
        page = (await browser.get("/search?q=ph%C3%A0"))[1]
    assert "Phà đêm" in page.replace("<mark>", "").replace("</mark>", "")
    assert 'name="token"' not in page


async def test_an_address_that_is_none_of_the_web_is_no_link(store: Store) -> None:
    with store.writing() as tx:
        new = draft("xấu", title="Phà xấu")
        tx.add_items([type(new)(
            type(new.entry)("xấu", "xấu", "javascript:alert(1)", "Phà xấu"), new.feed_id, "Bến", NOW, True
        )])  # fmt: skip
        tx.index_items(limit=50)
    async with served(open_site(store)) as browser:
        page = (await browser.get("/search?q=ph%C3%A0"))[1]
    assert "xấu" in page
    assert "javascript:" not in page


async def test_every_page_has_a_field_to_search_with_for_those_who_may_read(store: Store) -> None:
    async with served(open_site(store)) as browser:
        assert 'role="search" action="/search"' in (await browser.get("/"))[1]
        assert (await browser.get("/search"))[1].count('role="search"') == 1
    async with served(site_of(store)) as browser:
        assert 'role="search"' not in (await browser.get("/login"))[1]


def test_an_excerpt_begins_before_the_first_word_that_was_found() -> None:
    text = "Mở đầu " * 20 + "rồi giá vàng tăng " + "và sau đó " * 20
    at = text.index("giá")
    shown, spans = excerpt(text, [(at, at + 8)], most=100, before=20)
    [(start, end)] = spans
    assert shown.startswith("… ")
    assert shown[start:end] == "giá vàng"
    assert shown.endswith(" …")
    assert len(shown) < 110
    assert excerpt("ngắn", [], most=100, before=20) == ("ngắn", [])
