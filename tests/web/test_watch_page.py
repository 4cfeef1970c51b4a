"""/watches/ID: its days and the story of each peak, with whom, what was said, what was wrong, how it is written."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import expect
from sqlalchemy import update

from monitor.pipeline.watch_desk import ShownWatch
from monitor.store.tables import alerts
from monitor.store.transaction import Store
from monitor.types import (
    TERMINAL,
    Address,
    AlertKind,
    AlertState,
    DedupeKey,
    Entry,
    Event,
    FeedId,
    Leader,
    NewAlert,
    NewItem,
    Placement,
    Priority,
    Quote,
    Rate,
    Role,
    StoryId,
    Watch,
    WatchId,
    own_id,
)
from monitor.web import Site
from monitor.web.viewer import form_token_of
from tests.store_samples import AN, BINH, DAY, MINUTE, NOW, chat, match
from tests.web.browser import DESKTOP, PHONE, Browsing
from tests.web.page_house import EDITOR, OWN_ID, OWN_NAME, READER, PageHouse
from tests.web.test_gate import Browser, log_in, served, site_of

PUTIN, TRUMP, GAZA = WatchId("putin"), WatchId("trump"), WatchId("gaza")
OWN = own_id(1)
WATCHES: dict[WatchId, Watch] = {
    watch.id: watch
    for watch in (
        Leader(PUTIN, "Vladimir Putin", tags=("nga",), priority=Priority.HIGH),
        Leader(TRUMP, "Donald Trump", tags=("my",)),
        Event(GAZA, "Ngừng bắn ở Gaza", ("ngừng bắn",), tags=("trung-dong",), rate=Rate(3, 360 * MINUTE)),
        Event(OWN, "Cầu Long Biên", ('"cầu Long Biên"',)),
        Leader(WatchId("off"), "Tắt Rồi", enabled=False),
    )
}
EN = {"Accept-Language": "en"}
YAML = "- id: putin\n  name: Vladimir Putin\n  not: ['quán <Putin>']"


async def written(watch_id: WatchId) -> ShownWatch | None:
    return ShownWatch(watch_id, "", "nga.yaml", YAML) if watch_id == PUTIN else None


def page_site(store: Store, **more: Any) -> Site:
    return site_of(store, watches=lambda: WATCHES, owners=lambda: {OWN: AN}, watch_text=written, **more)


async def told(
    store: Store,
    key: str,
    title: str,
    *watches: WatchId,
    days: int = 0,
    joins: StoryId | None = None,
    outlet: str = "Bến Sông",
    quotes: tuple[Quote, ...] = (),
) -> StoryId:
    """An item of so many days ago."""
    at = NOW - days * DAY
    entry = Entry(key, key, f"https://ben-song.example/{key}.html", title, "", at)
    role = Role.NEW if joins is None else Role.REPEAT
    with store.writing() as tx:
        (item,) = tx.add_items([NewItem(entry, FeedId("ben-song"), outlet, at, True)])
        found = [replace(match(each), kind="event" if each in (GAZA, OWN) else "leader") for each in watches]
        story = tx.save_detection(item, found, Placement(joins, role), version="v1", now=at)
        tx.add_quotes({item.id: quotes} if quotes else {})
    return story


async def sent(store: Store, story: StoryId, *watches: WatchId, address: Address = AN) -> None:
    with store.writing() as tx:
        tx.enqueue([NewAlert(address, AlertKind.ALERT, DedupeKey(f"s:{story}"), story, watch_ids=watches)], now=NOW)
        tx._change(update(alerts).where(alerts.c.story_id == int(story)).values(state=AlertState.SENT))


async def twin(browser: Browser, path: str = "/watches/putin", query: str = "") -> dict[str, Any]:
    status, text, _ = await browser.get(f"{path}.json{query}", **EN)
    assert status == 200, text
    found: dict[str, Any] = json.loads(text)
    return found


# ---------------------------------------------------------------- days and peaks


async def months(store: Store) -> StoryId:
    """One item a day for three weeks; ten days ago five of one story and one of another."""
    for days in range(21):
        await told(store, f"d{days}", f"Ngày thường {days}", PUTIN, days=days)
    peak = await told(store, "peak", "Hai tổng thống gặp nhau", PUTIN, TRUMP, days=10)
    for number in range(4):
        await told(store, f"p{number}", "Cuộc gặp", PUTIN, days=10, joins=peak, outlet=f"Báo {number}")
    return peak


async def test_days_are_counted_and_a_peak_leads_to_the_story_behind_it(store: Store) -> None:
    peak = await months(store)
    async with served(page_site(store, access="open")) as browser:
        said = await twin(browser)
        _, page, _ = await browser.get("/watches/putin", **EN)
    assert (said["days"], said["total"], len(said["counts"])) == (30, 26, 30)
    assert said["counts"][-1] == {"day": "2026-08-23", "count": 1}
    assert said["counts"][0] == {"day": "2026-07-25", "count": None}  # nothing was read then
    assert said["peaks"] == [
        {
            "day": "2026-08-13",
            "count": 6,
            "story": peak,
            "path": f"/stories/{peak}",
            "title": "Hai tổng thống gặp nhau",
            "url": "https://ben-song.example/peak.html",
            "articles": 5,
            "outlets": 5,
        }
    ]
    assert f'<a href="/stories/{peak}">Hai tổng thống gặp nhau</a>' in page
    assert "26 articles, about 1.2 a day; most on 13 Aug (6)." in page
    assert "Gaps: nothing was read then." in page


async def test_the_drawing_says_what_it_shows_and_its_numbers_stand_beside_it(store: Store) -> None:
    await months(store)
    async with served(page_site(store, access="open")) as browser:
        _, page, _ = await browser.get("/watches/putin", **EN)
    drawings = [ET.fromstring(svg) for svg in re.findall(r"<svg[^>]*role=\"img\".*?</svg>", page, re.DOTALL)]
    assert [svg.attrib["width"] for svg in drawings] == ["720", "328"]
    for svg in drawings:
        assert svg.findtext("{*}title") == "Vladimir Putin: articles a day, 30 days"
        assert svg.findtext("{*}desc") == "26 articles, about 1.2 a day; most on 13 Aug (6)"
        assert "#" not in "".join(each.attrib.get("fill", "") for each in svg.iter())  # colours are the page's
    table = page.partition('<details class="numbers">')[2].partition("</details>")[0]
    assert table.count("<tr>") == 31
    assert re.search(r'datetime="2026-08-13">13 Aug</time></th><td class="num">6</td>', table)


async def test_ninety_days_are_shown_when_asked_for(store: Store) -> None:
    await told(store, "old", "Tin cũ", PUTIN, days=60)
    async with served(page_site(store, access="open")) as browser:
        assert (await twin(browser))["total"] == 0
        said = await twin(browser, query="?days=90")
        assert (said["total"], len(said["counts"])) == (1, 90)
        page = (await browser.get("/watches/putin?days=90", **EN))[1]
        assert '<a class="tag on" href="/watches/putin?days=90" aria-current="true">90 days</a>' in page
        assert "No article of the last 30 days names Vladimir Putin." in (await browser.get("/watches/putin", **EN))[1]
        for wrong in ("31", "0", "-1", "x"):
            assert (await browser.get(f"/watches/putin?days={wrong}"))[0] == 400


async def test_a_peak_whose_articles_are_gone_still_says_its_number(store: Store) -> None:
    await months(store)
    with store.writing() as tx:
        assert tx.sweep(before=NOW + DAY, limit=100) > 0
    async with served(page_site(store, access="open")) as browser:
        said = await twin(browser)
        assert (said["peaks"][0]["count"], said["peaks"][0]["story"]) == (6, None)
        assert "Its articles are not stored any more." in (await browser.get("/watches/putin", **EN))[1]


# ---------------------------------------------------------------- with whom, what was said, what was wrong


async def test_who_is_named_with_it_is_counted(store: Store) -> None:
    for number in range(3):
        await told(store, f"a{number}", "Hai người", PUTIN, TRUMP, days=number)
    await told(store, "b", "Cầu", PUTIN, OWN, GAZA)
    async with served(page_site(store, access="open")) as browser:
        said = await twin(browser)
        assert [(each["id"], each["articles"]) for each in said["companions"]] == [("trump", 3)]
        assert "With no leader of the watchlist" in (await browser.get("/watches/off", **EN))[1]


def said_by(who: WatchId, text: str, *about: WatchId, direct: bool = True) -> Quote:
    return Quote(who, who.title(), "nói", text, direct, "title", 0, len(text), about)


async def test_quotes_are_told_once_with_who_tells_them(store: Store) -> None:
    words = said_by(PUTIN, "Chúng tôi sẵn sàng nói chuyện", GAZA)
    story = await told(store, "a", "Putin nói", PUTIN, quotes=(words,), days=1)
    await told(store, "b", "Putin nói", PUTIN, quotes=(words,), joins=story, outlet="Bến Phà")
    await told(store, "c", "Trump nói", TRUMP, quotes=(said_by(TRUMP, "Không có chuyện đó", direct=False),))
    async with served(page_site(store, access="open")) as browser:
        (quote,) = (await twin(browser))["quotes"]
        assert quote["text"] == "Chúng tôi sẵn sàng nói chuyện"
        assert sorted(quote["outlets"]) == ["Bến Phà", "Bến Sông"]
        page = (await browser.get("/watches/putin", **EN))[1]
        assert "“Chúng tôi sẵn sàng nói chuyện”" in page
        assert "+1 outlet" in page
        # of an event: what leaders said about it, and who
        (about,) = (await twin(browser, "/watches/gaza"))["quotes"]
        assert (about["speaker"], about["watch"]) == ("Vladimir Putin", "putin")
        assert "<p>Không có chuyện đó</p>" in (await browser.get("/watches/trump", **EN))[1]  # no quotation marks


async def test_the_share_marked_wrong_is_said_with_its_base(store: Store) -> None:
    with store.writing() as tx:
        tx.save_chat(chat(AN))
    stories = [await told(store, f"s{number}", f"Tin {number}", PUTIN) for number in range(8)]
    for story in stories:
        await sent(store, story, PUTIN)
    with store.writing() as tx:
        tx.add_feedback(AN, stories[0], [{"watch": "putin"}], now=NOW)
    async with served(page_site(store, access="open")) as browser:
        said = (await twin(browser))["told"]
        assert said == {"days": 30, "stories": 8, "wrong": 1, "share": 0.125}
        page = (await browser.get("/watches/putin", **EN))[1]
        assert "<strong>12.5%</strong> · 1 of 8 stories that were told for it" in page
        assert (await twin(browser, "/watches/trump"))["told"]["share"] is None
        assert "No story was told for it in the last 30 days." in (await browser.get("/watches/trump", **EN))[1]


async def test_its_latest_stories_are_shown_as_everywhere(store: Store) -> None:
    for number in range(12):
        await told(store, f"s{number}", f"Tin {number}", PUTIN, days=number)
    await told(store, "t", "Tin của người khác", TRUMP)
    async with served(page_site(store, access="open")) as browser:
        said = await twin(browser)
        assert [card["title"] for card in said["stories"]] == [f"Tin {number}" for number in range(10)]
        page = (await browser.get("/watches/putin", **EN))[1]
        assert page.count('<article class="story"') == 10
        assert '<a href="/?watch=putin">' in page


# ---------------------------------------------------------------- what it is


async def test_tags_priority_rate_and_text_are_shown(store: Store) -> None:
    async with served(page_site(store, access="open")) as browser:
        page = (await browser.get("/watches/putin", **EN))[1]
        assert "high priority: passes quiet hours" in page
        assert '<a class="tag" href="/watches?tag=nga">#Nga</a>' in page
        assert "quán &lt;Putin&gt;" in page
        assert "nga.yaml" in page
        assert 'href="/watchlists/nga.yaml"' not in page
        event = (await browser.get("/watches/gaza", **EN))[1]
        assert "rings 3 times at most within 6 hours in one chat" in event
        assert "This watch is switched off" in (await browser.get("/watches/off", **EN))[1]
    async with served(page_site(store), log_in(store, TERMINAL)) as browser:
        assert 'href="/watchlists/nga.yaml"' in (await browser.get("/watches/putin", **EN))[1]


async def test_an_own_watch_is_shown_to_its_chat_alone(store: Store) -> None:
    with store.writing() as tx:
        tx.save_chat(chat(AN))
        number = tx.add_own_watch(AN, asked="cầu", text="- id: own-1\n  name: Cầu Long Biên", now=NOW)
    assert own_id(number) == OWN
    async with served(page_site(store), log_in(store, AN)) as browser:
        assert (await twin(browser, f"/watches/{OWN}"))["yaml"] == "- id: own-1\n  name: Cầu Long Biên"
    for other in (BINH, Address(909), TERMINAL):
        async with served(page_site(store), log_in(store, other, f"other-{other.chat_id}")) as browser:
            for path in (f"/watches/{OWN}", f"/watches/{OWN}.json", "/watches/nobody"):
                status, text, _ = await browser.get(path)
                assert status == 404
                assert "Cầu Long Biên" not in text


async def test_a_chat_follows_on_the_page_itself(store: Store) -> None:
    with store.writing() as tx:
        tx.save_chat(replace(chat(AN), lang="en"))
    token = log_in(store, AN)
    async with served(page_site(store), token) as browser:
        page = (await browser.get("/watches/putin"))[1]
        assert 'action="/watches/follow"' in page
        form = dict(re.findall(r'name="(token|back|target)" value="([^"]*)"', page))
        assert form == {"token": form_token_of(token), "back": "/watches/putin", "target": "putin"}
        assert (await browser.post("/watches/follow", form))[0] == 303
        assert 'action="/watches/unfollow"' in (await browser.get("/watches/putin"))[1]
        assert (await twin(browser))["followed_by"] == ["putin"]


# ---------------------------------------------------------------- its feeds


async def test_the_page_shows_the_addresses_of_its_feeds_with_the_chats_key(store: Store) -> None:
    token = log_in(store, AN)
    async with served(page_site(store), token) as browser:
        page = (await browser.get("/watches/putin", **EN))[1]
        assert "Make the key" in page
        assert "?key=" not in page
        form = {"token": form_token_of(token), "watch": "putin"}
        address = f"{browser.base}/feed-key"
        async with browser.http.post(address, data=form, allow_redirects=False) as made:
            assert made.headers["Location"] == "/watches/putin#feeds"
        with store.reading() as tx:
            key = tx.feed_key(AN)
        page = (await browser.get("/watches/putin", **EN))[1]
        assert "Renew the key" in page
        assert f'<a href="http://127.0.0.1:9464/watches/putin/feed.xml?key={key}">' in page
        assert re.search(
            rf'<link rel="alternate" type="application/rss\+xml"[^>]*href="/watches/putin/feed.xml\?key={key}"', page
        )
        said = await twin(browser)
        feed = said["feeds"]["rss"].removeprefix("http://127.0.0.1:9464")
    async with served(page_site(store)) as stranger:
        assert (await stranger.get(feed))[0] == 200
    async with served(page_site(store, access="open")) as stranger:
        page = (await stranger.get("/watches/putin", **EN))[1]
        assert f'{"http://127.0.0.1:9464"}/watches/putin/feed.xml">' in page
        assert str(key) not in page
        assert "the key" not in page


# ---------------------------------------------------------------- in a browser


@pytest.mark.slow
@pytest.mark.parametrize(("width", "seen", "hidden"), [(DESKTOP, "wide", "phone"), (PHONE, "phone", "wide")])
@pytest.mark.parametrize(("dark", "line"), [(False, "rgb(10, 86, 179)"), (True, "rgb(108, 182, 255)")])
async def test_the_drawing_follows_the_width_and_the_colours_of_the_page(
    browsing: Browsing, house: PageHouse, width: int, seen: str, hidden: str, dark: bool, line: str
) -> None:
    tab = await house.tab(browsing, "/watches/putin", width=width, dark=dark, script=True)
    await expect(tab.locator(f".watch-days .{seen} svg")).to_be_visible()
    await expect(tab.locator(f".watch-days .{hidden} svg")).to_be_hidden()
    await expect(tab.get_by_role("img", name="Vladimir Putin: articles a day, 30 days")).to_be_visible()
    stroke = "[...document.querySelectorAll('.watch-days polyline')].map(each => getComputedStyle(each).stroke)"
    assert line in await tab.evaluate(stroke)
    letters = "getComputedStyle(document.querySelector('.watch-days text')).fontFamily"
    assert "Be Vietnam Pro" in await tab.evaluate(letters)


@pytest.mark.slow
async def test_without_a_script_one_follows_and_gets_a_feed(browsing: Browsing, house: PageHouse) -> None:
    tab = await house.tab(browsing, "/watches?q=merz", script=False, width=PHONE)
    await tab.get_by_role("button", name="Follow Friedrich Merz").click()
    await expect(tab.get_by_role("button", name="Following Friedrich Merz")).to_be_visible()
    assert tab.url.endswith("/watches?q=merz")
    await tab.get_by_role("link", name="Friedrich Merz", exact=True).click()
    await expect(tab.get_by_role("heading", level=1, name="Friedrich Merz")).to_be_visible()
    await tab.get_by_role("button", name="Following").click()
    await expect(tab.get_by_role("button", name="Follow", exact=True)).to_be_visible()
    await tab.get_by_role("button", name="Make the key").click()
    await expect(tab.get_by_role("button", name="Renew the key")).to_be_visible()
    address = await tab.get_by_role("link", name=re.compile("feed[.]xml")).get_attribute("href")
    assert address is not None
    status, text, _ = await house.get(address.removeprefix(house.url), who=None)
    assert status == 200
    assert "Thủ tướng Đức Friedrich Merz" in text


@pytest.mark.slow
async def test_the_file_of_a_watch_is_shown_as_it_stands(house: PageHouse) -> None:
    said = json.loads((await house.get("/watches/putin.json"))[1])
    assert said["file"] == "lanh-dao-the-gioi.yaml"
    assert said["yaml"].startswith("- id: putin\n  name: Vladimir Putin\n  aliases: [")
    file = house.folder / "watchlists" / said["file"]
    file.write_text(file.read_text("utf-8").replace("- id: putin", "- id: putin # của tòa soạn", 1), "utf-8")
    assert "# của tòa soạn" in json.loads((await house.get("/watches/putin.json"))[1])["yaml"]
    file.write_text("leaders: [", "utf-8")  # while it is wrong, what is in force stays
    assert "# của tòa soạn" in json.loads((await house.get("/watches/putin.json"))[1])["yaml"]
    assert OWN_NAME in json.loads((await house.get(f"/watches/{OWN_ID}.json", who=READER))[1])["yaml"]
    assert (await house.get(f"/watches/{OWN_ID}", who=EDITOR))[0] == 404
