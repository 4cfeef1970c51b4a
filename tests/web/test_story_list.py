"""/: which stories are listed for whom, by filters and pages, with and without JavaScript."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.async_api import expect

from monitor.store.transaction import Store
from monitor.types import Address
from tests.store_samples import save_story
from tests.web.browser import PHONE, Browsing
from tests.web.page_house import CALL, OTHER, OWN_ID, OWN_NAME, READER, PageHouse, open_page_house
from tests.web.test_gate import served, site_of
from tests.web.test_story_card import PUTIN


async def listed(
    house: PageHouse,
    who: Address | None = READER,
    status: int = 200,
    path: str = "/index.json",
    also: Mapping[str, str] | None = None,
    **asked: str,
) -> dict[str, Any]:
    """What the JSON twin says to these parameters."""
    found, text, _ = await house.get(f"{path}?{urlencode({**asked, **(also or {})})}", who=who)
    assert found == status, text
    data: dict[str, Any] = json.loads(text)
    return data


def titles(data: dict[str, Any]) -> list[str]:
    return [story["title"] for story in data["stories"]]


async def test_stories_of_watches_are_listed_newest_first(shown_house: PageHouse) -> None:
    data = await listed(shown_house)
    times = [story["at"] for story in data["stories"]]
    assert len(times) == 20
    assert times == sorted(times, reverse=True)
    call = next(story for story in data["stories"] if story["title"] == CALL)
    assert {"putin", "netanyahu"} <= {watch["id"] for watch in call["watches"]}
    assert call["path"] == f"/stories/{call['id']}"
    assert len(call["outlets"]) == 4
    assert all({"name", "at", "url"} <= set(outlet) for outlet in call["outlets"])
    assert call["articles"] == 4
    assert call["development"]["text"] == "a new decision"
    putin = next(watch for watch in call["watches"] if watch["id"] == "putin")
    assert (putin["rule"], putin["score"] > 0.9) == ("name", True)
    title = putin["evidence"][0]
    assert CALL[title["start"] : title["end"]] == title["text"]


async def test_pages_follow_one_another_by_the_link_older(shown_house: PageHouse) -> None:
    seen: list[str] = []
    data = await listed(shown_house)
    for _ in range(20):
        seen += [story["id"] for story in data["stories"]]
        if not data["next"]:
            break
        data = await listed(shown_house, path=f"/index.json{data['next'].removeprefix('/')}&x=")
    assert not data["next"]
    assert len(seen) == len(set(seen)) > 20


async def test_what_comes_in_does_not_move_what_stands_on_the_next_page(house: PageHouse) -> None:
    first = await listed(house)
    older = f"/index.json{first['next'].removeprefix('/')}&x="
    before = await listed(house, path=older)
    await house.news("ben-song", "moi", "Ông Putin thăm một bến phà mới mở ở phía nam", "Bến phà mở sáng nay.")
    assert titles(await listed(house, path=older)) == titles(before)
    assert titles(await listed(house))[0].startswith("Ông Putin thăm một bến phà")


async def test_filters_combine(shown_house: PageHouse) -> None:
    putin = titles(await listed(shown_house, watch="putin"))
    assert CALL in putin
    outlet = titles(await listed(shown_house, watch="putin", outlet="Tin sớm Hải Đăng"))
    assert CALL in outlet
    assert set(outlet) < set(putin)
    words = titles(await listed(shown_house, watch="putin", outlet="Tin sớm Hải Đăng", q="dien dam"))
    assert words == [CALL]
    assert titles(await listed(shown_house, watch="putin", outlet="Tin sớm Hải Đăng", q="động đất")) == []
    tagged = await listed(shown_house, tag="trung-dong")
    assert CALL in titles(tagged)
    assert all(story["watches"] for story in tagged["stories"])
    assert titles(await listed(shown_house, tag="trung-dong", watch="thue-quan-my")) == []


async def test_words_may_say_outlet_watch_and_span_as_in_search(shown_house: PageHouse) -> None:
    assert titles(await listed(shown_house, q='"điện đàm" @putin outlet:"Tin sớm Hải Đăng" since:1d')) == [CALL]
    assert titles(await listed(shown_house, q='outlet:"Tin sớm Hải Đăng"', outlet="Báo Gió Nồm")) == []
    assert titles(await listed(shown_house, q="@putin", watch="thue-quan-my")) == []


async def test_a_watch_may_be_asked_for_by_its_name_and_an_outlet_without_marks(shown_house: PageHouse) -> None:
    assert titles(await listed(shown_house, watch="Vladimir Putin")) == titles(await listed(shown_house, watch="putin"))
    assert titles(await listed(shown_house, outlet="tin som hai dang")) == titles(
        await listed(shown_house, outlet="Tin sớm Hải Đăng")
    )


async def test_a_chats_own_watch_is_seen_by_that_chat_alone(shown_house: PageHouse) -> None:
    mine = await listed(shown_house, watch=OWN_ID)
    assert len(mine["stories"]) == 2
    assert OWN_NAME in str(mine)
    refused = await listed(shown_house, OTHER, 400, watch=OWN_ID)
    assert "is called own-1" in refused["error"]
    found, text, _ = await shown_house.get("/", who=OTHER)
    assert found == 200
    assert OWN_NAME not in text
    assert OWN_NAME in (await shown_house.get("/", who=READER))[1]


@pytest.mark.parametrize(
    ("asked", "why", "near"),
    [
        ({"watch": "puttin"}, "Nobody and nothing on the watchlist is called puttin.", "Vladimir Putin"),
        ({"tag": "trungdong"}, "No watch has the tag trungdong.", "#trung-dong"),
        ({"outlet": "Tin sớm Hải Đằn"}, "No outlet is called Tin sớm Hải Đằn.", "Tin sớm Hải Đăng"),
        ({"outlet": "…"}, "No outlet is called ….", ""),
        ({"q": "outlet:Khongco"}, "No outlet is called Khongco.", ""),
        ({"q": "@puttin"}, "is called @puttin. Did you mean: @putin", ""),
        ({"q": '"giá vàng'}, "A quotation mark is not closed", ""),
        ({"q": "giá since:lau"}, "since:lau is no span of time", ""),
        ({"q": "a" * 201}, "too long to search for", ""),
        ({"q": "a" * 501}, "too long", ""),
        ({"before": "gestern"}, "There is no page of the list at before=gestern.", ""),
        ({"before": "9" * 17 + "-1-1"}, "", ""),
    ],
)
async def test_what_cannot_be_meant_is_said_with_what_may_be(
    shown_house: PageHouse, asked: dict[str, str], why: str, near: str
) -> None:
    data = await listed(shown_house, status=400 if why else 200, also=asked)
    assert why in data["error"]
    assert near in [*(each["name"] for each in data["near"]), ""]
    found, text, _ = await shown_house.get(f"/?{urlencode(asked)}", who=READER)
    assert found == (400 if why else 200)
    assert near in text


async def test_names_that_may_be_meant_keep_the_other_filters(shown_house: PageHouse) -> None:
    data = await listed(shown_house, status=400, watch="puttin", q="điện đàm")
    (path,) = [each["path"] for each in data["near"] if each["name"] == "Vladimir Putin"]
    assert titles(await listed(shown_house, path=f"/index.json{path.removeprefix('/')}&x=")) == [CALL]


async def test_an_outlet_that_is_read_no_more_is_known_by_its_articles(store: Store) -> None:
    await save_story(store, "1")
    with store.writing() as tx:
        tx.index_items(limit=10)
    async with served(site_of(store, access="open", watches=lambda: {PUTIN.id: PUTIN})) as browser:
        status, text, _ = await browser.get(f"/index.json?{urlencode({'outlet': 'Bến Sông'})}")
        assert (status, len(json.loads(text)["stories"])) == (200, 1)
        assert (await browser.get(f"/index.json?{urlencode({'outlet': 'Báo Xưa'})}"))[0] == 400


async def test_a_page_that_has_not_changed_is_not_sent_again(house: PageHouse) -> None:
    _, _, headers = await house.get("/")
    house.clock.turn(timedelta(minutes=1))
    status, _, _ = await house.get("/", If_None_Match=headers["ETag"])
    assert status == 304


@pytest.mark.slow
async def test_both_databases_list_the_same(database_url: str, tmp_path: Path, shown_house: PageHouse) -> None:
    async with open_page_house(database_url, tmp_path) as other:
        every: tuple[dict[str, str], ...] = (
            {},
            {"watch": "putin"},
            {"tag": "trung-dong", "q": "dien dam"},
            {"outlet": "Báo Gió Nồm"},
        )
        for asked in every:
            assert await listed(other, also=asked) == await listed(shown_house, also=asked)


# ---------------------------------------------------------------- in a browser


async def test_without_javascript_the_form_filters_and_chips_take_it_back(
    browsing: Browsing, shown_house: PageHouse
) -> None:
    tab = await shown_house.tab(browsing, "/", script=False)
    await tab.get_by_label("Watch", exact=True).select_option(label="Vladimir Putin")
    await tab.get_by_label("Newspaper").select_option("Tin sớm Hải Đăng")
    await tab.get_by_label("Words").fill("điện đàm")
    await tab.get_by_role("button", name="Filter").click()
    await expect(tab.get_by_role("article")).to_have_count(1)
    await expect(tab.get_by_label("Watch", exact=True)).to_have_value("putin")
    await tab.get_by_role("link", name="Show without: “điện đàm”").click()
    await expect(tab.get_by_label("Words")).to_have_value("")
    assert await tab.get_by_role("article").count() > 1
    await tab.get_by_role("link", name="Show without: Vladimir Putin").click()
    await tab.get_by_role("link", name="Show without: Tin sớm Hải Đăng").click()
    await expect(tab.get_by_role("article")).to_have_count(20)


async def test_without_javascript_one_turns_to_what_is_older_and_back(
    browsing: Browsing, shown_house: PageHouse
) -> None:
    tab = await shown_house.tab(browsing, "/", script=False, width=PHONE, dark=True)
    first = await tab.get_by_role("article").first.get_by_role("heading").inner_text()
    await tab.get_by_role("link", name="Older").click()
    await expect(tab.get_by_role("article").first).to_be_visible()
    assert await tab.get_by_role("article").first.get_by_role("heading").inner_text() != first
    await tab.get_by_role("link", name="Newest").click()
    await expect(tab.get_by_role("article").first.get_by_role("heading")).to_have_text(first)


async def test_an_unknown_name_leads_on_with_a_link(browsing: Browsing, shown_house: PageHouse) -> None:
    tab = await shown_house.tab(browsing, "/?watch=puttin", script=False)
    await tab.get_by_role("alert").get_by_role("link", name="Vladimir Putin").click()
    await expect(tab.get_by_role("link", name="Show without: Vladimir Putin")).to_be_visible()


async def test_ten_stories_are_seen_at_once_on_a_laptop(browsing: Browsing, shown_house: PageHouse) -> None:
    tab = await shown_house.tab(browsing, "/")
    await tab.evaluate("document.fonts.ready.then(() => 1)")
    headlines = "[...document.querySelectorAll('.story h2')]"
    seen = await tab.evaluate(f"{headlines}.filter((h) => h.getBoundingClientRect().bottom < innerHeight).length")
    assert seen >= 10
