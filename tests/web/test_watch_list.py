"""/watches: what is in the news, what this chat follows, and the buttons that change it. Real rows, real sockets."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.pipeline.follow_targets import MOST_FOLLOWED
from monitor.store.transaction import Store
from monitor.types import (
    EVERYTHING,
    TERMINAL,
    Address,
    ChatState,
    Event,
    Leader,
    Priority,
    Target,
    Watch,
    WatchId,
    own_id,
)
from monitor.web import Site
from monitor.web.viewer import form_token_of
from tests.store_samples import AN, BINH, DAY, NOW, chat, save_story
from tests.web.test_gate import Browser, log_in, served, site_of

OWN = own_id(7)
WATCHES: dict[WatchId, Watch] = {
    watch.id: watch
    for watch in (
        Leader(WatchId("putin"), "Vladimir Putin", ("Pu-tin",), tags=("nga",), priority=Priority.HIGH),
        Leader(WatchId("macron"), "Emmanuel Macron", tags=("phap",)),
        Leader(WatchId("to-lam"), "Tô Lâm", tags=("viet-nam", "tu-tru")),
        Leader(WatchId("off"), "Tắt Rồi", tags=("nga",), enabled=False),
        Event(WatchId("bao"), "Bão, áp thấp nhiệt đới", ("bão",), tags=("thien-tai",)),
        Event(OWN, "Cầu Long Biên", ('"cầu Long Biên"',), tags=("nga",)),
    )
}
EN = {"Accept-Language": "en"}


def list_site(store: Store, **more: Any) -> Site:
    return site_of(store, watches=lambda: WATCHES, owners=lambda: {OWN: AN}, **more)


async def news(store: Store) -> None:
    for number, days in enumerate((0, 2, 8)):
        await save_story(store, f"p{number}", "putin", seen_at=NOW - days * DAY)
    for number in range(3):
        await save_story(store, f"m{number}", "macron", seen_at=NOW - DAY)
    await save_story(store, "b", "bao", OWN, seen_at=NOW - 20 * DAY)


def logged_in(store: Store, address: Address = AN) -> str:
    with store.writing() as tx:
        tx.save_chat(replace(chat(address), lang="en"))
    return log_in(store, address, f"secret-{address.chat_id}")


async def twin(browser: Browser, query: str = "") -> dict[str, Any]:
    status, text, _ = await browser.get(f"/watches.json{query}")
    assert status == 200, text
    found: dict[str, Any] = json.loads(text)
    return found


def rows(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The watches by id, in the order of the page."""
    return {
        watch["id"]: watch for group in said["groups"] for region in group["regions"] for watch in region["watches"]
    }


# ---------------------------------------------------------------- what it shows


async def test_each_watch_says_how_often_it_was_named_and_what_came_last(store: Store) -> None:
    await news(store)
    async with served(list_site(store, access="open")) as browser:
        said = await twin(browser)
        _, page, _ = await browser.get("/watches", **EN)
    putin = rows(said)["putin"]
    assert (putin["today"], putin["week"], putin["month"]) == (1, 2, 3)
    assert putin["days"][-1] == 1
    assert sum(each or 0 for each in putin["days"]) == 3
    assert putin["last"]["title"] == "Bến cảng mở thêm một tuyến phà"
    assert putin["last"]["at"] == "2026-08-23T12:20:00+07:00"
    assert putin["last"]["path"] == f"/stories/{putin['last']['story']}"
    assert rows(said)["to-lam"]["last"] is None
    assert 'aria-label="30 days: 3 articles"' in page
    assert f'<a href="{putin["last"]["path"]}">Bến cảng mở thêm một tuyến phà</a>' in page
    assert page.count("<svg") == 3  # what nobody named has no line


async def test_watches_stand_by_kind_and_region_and_what_is_switched_off_is_not_there(store: Store) -> None:
    await news(store)
    async with served(list_site(store, access="open")) as browser:
        said = await twin(browser)
    groups = [(group["kind"], [region["name"] for region in group["regions"]]) for group in said["groups"]]
    assert groups == [("leader", ["Châu Âu", "Việt Nam"]), ("event", ["Khác"])]
    assert "off" not in rows(said)
    assert (said["watches"], said["found"]) == (4, 4)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("news", ["macron", "putin", "to-lam", "bao"]),
        ("latest", ["putin", "macron", "to-lam", "bao"]),
        ("name", ["to-lam", "macron", "putin", "bao"]),  # regions as a newsroom counts them
    ],
)
async def test_watches_are_sorted_as_one_likes(store: Store, sort: str, order: list[str]) -> None:
    await news(store)
    async with served(list_site(store, access="open")) as browser:
        assert list(rows(await twin(browser, f"?sort={sort}"))) == order


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=putin", ["putin"]),
        ("?q=pu-tin", ["putin"]),
        ("?q=to+lam", ["to-lam"]),
        ("?q=T%C3%B4+L%C3%A2m", ["to-lam"]),
        ("?q=ph%C3%A1p", ["macron"]),  # the country of a tag
        ("?tag=nga", ["putin"]),
        ("?tag=%23nga", ["putin"]),
        ("?tag=nga&q=macron", []),
        ("?q=nobody", []),
    ],
)
async def test_names_and_tags_are_filtered_with_and_without_marks(store: Store, query: str, found: list[str]) -> None:
    async with served(list_site(store, access="open")) as browser:
        assert list(rows(await twin(browser, query))) == found
        status, page, _ = await browser.get(f"/watches{query}", **EN)
        assert status == 200
        assert ("No watch is called like that." in page) is (not found)


@pytest.mark.parametrize("query", ["?sort=best", "?page=0x", "?page=-1", f"?page={'9' * 9}"])
async def test_an_address_that_means_nothing_is_said_so(store: Store, query: str) -> None:
    async with served(list_site(store, access="open")) as browser:
        assert (await browser.get(f"/watches{query}"))[0] == 400


async def test_very_many_watches_are_turned_through(store: Store) -> None:
    many: dict[WatchId, Watch] = {
        WatchId(f"w-{number:03}"): Leader(WatchId(f"w-{number:03}"), f"Người {number:03}") for number in range(230)
    }
    async with served(site_of(store, watches=lambda: many, access="open")) as browser:
        seen: list[str] = []
        for page in (1, 2, 3):
            seen += rows(await twin(browser, f"?page={page}&sort=name"))
        assert seen == list(many)
        assert 'href="/watches?page=2" rel="next"' in (await browser.get("/watches"))[1]
        assert 'href="/watches?sort=name&amp;page=2" rel="prev"' in (await browser.get("/watches?page=3&sort=name"))[1]


async def test_a_chats_own_watch_is_listed_for_that_chat_alone(store: Store) -> None:
    await news(store)
    async with served(list_site(store), logged_in(store)) as browser:
        said = await twin(browser)
        assert said["groups"][0]["kind"] == "own"
        assert rows(said)[OWN]["month"] == 1
        assert OWN not in rows(await twin(browser, "?tag=nga"))  # a tag is of the watches that all may follow
    for other in (BINH, Address(909), TERMINAL):
        async with served(list_site(store), log_in(store, other, f"other-{other.chat_id}")) as browser:
            assert OWN not in rows(await twin(browser))
            assert "Cầu Long Biên" not in (await browser.get("/watches"))[1]


# ---------------------------------------------------------------- following


async def press(browser: Browser, token: str, target: str, *, end: bool = False, back: str = "/watches") -> int:
    form = {"token": form_token_of(token), "target": target, "back": back}
    return (await browser.post("/watches/unfollow" if end else "/watches/follow", form))[0]


def followed(store: Store, address: Address = AN) -> list[Target]:
    with store.reading() as tx:
        return tx.following(address)


async def test_a_chat_follows_and_ends_it_by_the_buttons_of_the_list(store: Store) -> None:
    token = logged_in(store)
    async with served(list_site(store), token) as browser:
        assert await press(browser, token, "putin") == 303
        assert await press(browser, token, "putin") == 303
        assert await press(browser, token, "#viet-nam") == 303
        assert followed(store) == ["putin", "#viet-nam"]
        said = rows(await twin(browser))
        assert (said["putin"]["followed_by"], said["to-lam"]["followed_by"]) == (["putin"], ["#viet-nam"])
        assert said["macron"]["followed_by"] == []
        page = (await browser.get("/watches"))[1]
        assert re.search(r'<button form="follow" formaction="/watches/unfollow" name="target" value="putin"', page)
        assert '<button form="follow" name="target" value="macron"' in page
        assert "with #viet-nam" in page
        assert await press(browser, token, "putin", end=True) == 303
        assert followed(store) == ["#viet-nam"]
        tagged = (await browser.get("/watches?tag=viet-nam"))[1]
        assert 'name="target" value="#viet-nam">Unfollow #Việt Nam' in tagged


async def test_with_everything_each_watch_is_followed(store: Store) -> None:
    token = logged_in(store)
    with store.writing() as tx:
        tx.follow(AN, EVERYTHING, now=NOW)
    async with served(list_site(store), token) as browser:
        assert "with everything" in (await browser.get("/watches"))[1]
        assert await press(browser, token, "*", end=True) == 404  # the bot's own word for it


async def test_what_is_no_watch_of_all_is_not_followed(store: Store) -> None:
    token = logged_in(store)
    async with served(list_site(store), token) as browser:
        for target in ("nobody", "off", OWN, "#nothing", "*", ""):
            assert await press(browser, token, target) == 404
    assert followed(store) == []


async def test_a_chat_follows_no_more_than_the_bot_lets_it(store: Store) -> None:
    token = logged_in(store)
    with store.writing() as tx:
        for number in range(MOST_FOLLOWED):
            tx.follow(AN, Target(f"t{number}"), now=NOW)
    async with served(list_site(store), token) as browser:
        form = {"token": form_token_of(token), "target": "putin"}
        status, text = await browser.post("/watches/follow", form)
        assert status == 400
        assert "One chat can follow 200 targets at most." in text
    assert Target("putin") not in followed(store)


async def test_who_hears_nothing_has_no_buttons(store: Store) -> None:
    token = log_in(store, AN)  # a chat that never wrote to the bot
    async with served(list_site(store), token) as browser:
        assert "<button form" not in (await browser.get("/watches"))[1]
        assert await press(browser, token, "putin") == 403
    with store.writing() as tx:
        tx.save_chat(chat(BINH, state=ChatState.BLOCKED))
    lost = log_in(store, BINH, "lost")
    async with served(list_site(store), lost) as browser:
        assert await press(browser, lost, "putin") == 403
    machine = log_in(store, TERMINAL, "machine")
    async with served(list_site(store), machine) as browser:
        assert "<button form" not in (await browser.get("/watches"))[1]
    async with served(list_site(store, access="open")) as browser:
        assert "<button form" not in (await browser.get("/watches"))[1]


@pytest.mark.parametrize(
    ("back", "to"),
    [
        ("/watches?tag=nga#watch-putin", "/watches?tag=nga#watch-putin"),
        ("/watches/putin", "/watches/putin"),
        ("https://evil.example/", "/watches"),
        ("//evil.example", "/watches"),
        ("/watches\r\nX: 1", "/watches"),
        ("/status", "/watches"),
    ],
)
async def test_behind_a_button_one_is_where_one_was_and_nowhere_else(store: Store, back: str, to: str) -> None:
    token = logged_in(store)
    async with served(list_site(store), token) as browser:
        form = {"token": form_token_of(token), "target": "putin", "back": back}
        address = f"{browser.base}/watches/follow"
        async with browser.http.post(address, data=form, allow_redirects=False) as response:
            assert response.headers["Location"] == to


async def test_a_day_ends_where_the_newsroom_is(store: Store) -> None:
    await save_story(store, "late", "putin", seen_at=NOW - timedelta(hours=12, minutes=21))  # 23:59 in Viet Nam
    async with served(list_site(store, access="open")) as browser:
        putin = rows(await twin(browser))["putin"]
        assert (putin["today"], putin["week"]) == (0, 1)
