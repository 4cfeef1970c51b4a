"""Live news and keys on the page, in a real browser: what comes slides in, and never moves what somebody reads."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from monitor.web import Health, Metrics, serve
from monitor.web.assets import assets
from tests.web.browser import PHONE, Browsing, grave
from tests.web.page_house import READER, PageHouse

pytestmark = pytest.mark.slow

FEED, OTHER_FEED = "ben-song-thoi-su", "hai-dang"
LOW = 320  # CSS pixels of height: a few stories are more than it shows
HIDDEN = """
window.isHidden = false;
Object.defineProperty(document, "hidden", { get: () => window.isHidden });
window.hide = (hidden) => { window.isHidden = hidden; document.dispatchEvent(new Event("visibilitychange")); };
"""


async def live(browsing: Browsing, house: PageHouse, path: str = "/", *, height: int = 900, **how: Any) -> Page:
    """A tab at the stories, told live from now on."""
    tab = await house.tab(browsing, "/login", **how)
    await tab.set_viewport_size({"width": 1280, "height": height})
    await tab.add_init_script(HIDDEN)
    await tab.goto(path)
    await expect(tab.get_by_role("status")).to_have_text("Live")
    return tab


def titled(key: str) -> str:
    return f"Ông Putin thăm nhà máy đóng tàu số {key} ở cảng {'ABCDEFGHIJ'[int(key) % 10] * 5}"


async def publish(house: PageHouse, key: str, *, feed: str = FEED) -> str:
    """An article that opens a story of its own; its title."""
    title = titled(key)
    await house.news(feed, f"live-{key}", title, f"Chuyến thăm thứ {key} diễn ra sáng nay.")
    return title


def stories(tab: Page) -> Locator:
    return tab.locator("#stories > .story")


def story(tab: Page, title: str) -> Locator:
    return stories(tab).filter(has=tab.get_by_role("link", name=title))


# ---------------------------------------------------------------- what comes


async def test_a_story_slides_in_on_top(browsing: Browsing, house: PageHouse) -> None:
    tab = await live(browsing, house)
    title = await publish(house, "1")
    await expect(stories(tab).first).to_contain_text(title)
    await expect(story(tab, title)).to_have_class("story fresh")
    await expect(tab.locator(".said")).to_have_text(f"New: {title}")
    later = await publish(house, "2")
    await expect(stories(tab).first).to_contain_text(later)
    assert await grave(tab) == []


async def test_what_came_between_the_page_and_its_script_is_told(browsing: Browsing, house: PageHouse) -> None:
    tab = await live(browsing, house)
    await tab.context.set_offline(True)
    title = await publish(house, "1")
    await tab.context.set_offline(False)
    await expect(story(tab, title)).to_have_count(1)


async def test_a_story_that_is_shown_is_replaced_where_it_stands(browsing: Browsing, house: PageHouse) -> None:
    tab = await live(browsing, house)
    title = await publish(house, "1")
    later = await publish(house, "2")
    await expect(stories(tab).first).to_contain_text(later)
    await house.news(OTHER_FEED, "live-1", title, "Chuyến thăm thứ 1 diễn ra sáng nay.")
    await expect(story(tab, title)).to_contain_text("2 articles")
    await expect(stories(tab).first).to_contain_text(later)


async def test_the_focus_stays_in_a_story_that_is_replaced(browsing: Browsing, house: PageHouse) -> None:
    tab = await live(browsing, house)
    title = await publish(house, "1")
    link = story(tab, title).get_by_role("link", name=title)
    await link.focus()
    await house.news(OTHER_FEED, "live-1", title, "Chuyến thăm thứ 1 diễn ra sáng nay.")
    await expect(story(tab, title)).to_contain_text("2 articles")
    await expect(link).to_be_focused()


async def test_who_reads_further_down_is_offered_what_came_and_nothing_moves(
    browsing: Browsing, house: PageHouse
) -> None:
    tab = await live(browsing, house, height=LOW)
    titles = [await publish(house, f"{n}") for n in range(5)]
    await expect(story(tab, titles[-1])).to_have_count(1)
    await tab.evaluate("scrollTo(0, document.body.scrollHeight)")
    before = await tab.evaluate("scrollY")
    assert before > 0
    shown = await stories(tab).count()
    more = [await publish(house, f"{n}") for n in (5, 6, 7)]
    offer = tab.get_by_role("button", name="3 new stories")
    await expect(offer).to_be_visible()
    assert await tab.evaluate("scrollY") == before
    assert await stories(tab).count() == shown
    await offer.click()
    await expect(stories(tab).first).to_contain_text(more[-1])
    await expect(story(tab, more[0])).to_have_count(1)
    await expect(offer).to_be_hidden()
    assert await tab.evaluate("scrollY") == 0


async def test_who_holds_the_focus_in_the_list_is_offered_what_came(browsing: Browsing, house: PageHouse) -> None:
    tab = await live(browsing, house)
    title = await publish(house, "1")
    await story(tab, title).get_by_role("link", name=title).focus()
    later = await publish(house, "2")
    await expect(tab.get_by_role("button", name="1 new story")).to_be_visible()
    await expect(story(tab, later)).to_have_count(0)
    await tab.keyboard.press("n")
    await expect(stories(tab).first.get_by_role("link", name=later)).to_be_focused()


async def test_a_filtered_page_is_told_of_its_own_stories(browsing: Browsing, house: PageHouse) -> None:
    tab = await live(browsing, house, "/?watch=netanyahu")
    await publish(house, "1")
    title = "Ông Netanyahu họp nội các về ngân sách năm tới"
    await house.news(FEED, "live-n", title, "Cuộc họp kéo dài ba giờ.")
    await expect(stories(tab).first).to_contain_text(title)
    await expect(story(tab, titled("1"))).to_have_count(0)


# ---------------------------------------------------------------- cuts


@asynccontextmanager
async def at_port(house: PageHouse, port: int) -> AsyncIterator[int]:
    async def well() -> Health:
        return Health()

    async with serve(well, Metrics("1"), host="127.0.0.1", port=port, site=house.site) as bound:
        yield bound


async def test_after_a_restart_of_the_server_nothing_is_lost_and_nothing_stands_twice(
    browsing: Browsing, house: PageHouse
) -> None:
    async with at_port(house, 0) as port:
        tab = await browsing.tab(f"http://127.0.0.1:{port}", cookies=house.cookies(READER))
        await tab.goto("/")
        await expect(tab.get_by_role("status")).to_have_text("Live")
        before = await publish(house, "1")
        await expect(story(tab, before)).to_have_count(1)
    await expect(tab.get_by_role("status")).to_have_text("Connection lost, trying again")
    meanwhile = [await publish(house, f"{n}") for n in (2, 3)]
    async with at_port(house, port):
        await expect(tab.get_by_role("status")).to_have_text("Live")
        after = await publish(house, "4")
        for title in (before, *meanwhile, after):
            await expect(story(tab, title)).to_have_count(1)
        await tab.close()


async def test_a_page_that_was_away_for_too_long_offers_to_be_loaded_again(
    browsing: Browsing, house: PageHouse
) -> None:
    tab = await live(browsing, house)
    again = tab.get_by_role("link", name="This page was away for too long: load it again")
    await expect(again).to_be_hidden()
    await tab.evaluate("document.getElementById('live').dataset.events = '/events?after=0-987654'")
    await tab.evaluate("hide(false)")
    await expect(again).to_be_visible()
    await again.click()
    await expect(tab.get_by_role("status")).to_have_text("Live")
    await expect(again).to_be_hidden()


async def test_who_pauses_is_told_of_all_of_it_afterwards(browsing: Browsing, house: PageHouse) -> None:
    tab = await live(browsing, house)
    pause = tab.get_by_role("button", name="Pause")
    await pause.click()
    await expect(pause).to_have_attribute("aria-pressed", "true")
    await expect(tab.get_by_role("status")).to_have_text("Paused")
    titles = [await publish(house, f"{n}") for n in (1, 2)]
    assert await story(tab, titles[0]).count() == 0
    await pause.click()
    await expect(tab.get_by_role("status")).to_have_text("Live")
    for title in titles:
        await expect(story(tab, title)).to_have_count(1)


async def test_while_nobody_sees_the_page_its_title_counts(browsing: Browsing, house: PageHouse) -> None:
    tab = await live(browsing, house)
    title = await tab.title()
    await tab.evaluate("hide(true)")
    for n in (1, 2):
        await expect(story(tab, await publish(house, f"{n}"))).to_have_count(1)
    await expect(tab).to_have_title(f"(2) {title}")
    await tab.evaluate("hide(false)")
    await expect(tab).to_have_title(title)


async def test_hidden_pages_leave_their_connections_to_the_one_that_is_looked_at(
    browsing: Browsing, house: PageHouse
) -> None:
    first = await live(browsing, house)
    for _ in range(8):  # a browser keeps six connections to one server
        tab = await first.context.new_page()
        await tab.add_init_script(HIDDEN)
        await tab.goto("/")
        await tab.evaluate("hide(true)")
    await first.evaluate("hide(false)")
    title = await publish(house, "1")
    await expect(story(first, title)).to_have_count(1)


async def test_without_a_script_the_page_says_nothing_of_live_news(browsing: Browsing, house: PageHouse) -> None:
    tab = await house.tab(browsing, "/", script=False)
    for name in ("Pause", "Keys ?"):
        await expect(tab.get_by_role("button", name=name)).to_have_count(0)
    await expect(tab.get_by_role("status")).to_have_count(0)


# ---------------------------------------------------------------- keys


async def test_keys_go_through_the_stories_and_open_one(browsing: Browsing, house: PageHouse) -> None:
    tab = await live(browsing, house, height=LOW)
    later, first = [await publish(house, f"{n}") for n in (1, 2)]
    await expect(stories(tab).first).to_contain_text(first)
    await tab.keyboard.press("j")
    await expect(tab.get_by_role("link", name=first)).to_be_focused()
    await tab.keyboard.press("j")
    await expect(tab.get_by_role("link", name=later)).to_be_focused()
    await expect(tab.get_by_role("link", name=later)).to_be_in_viewport()
    await tab.keyboard.press("k")
    await expect(tab.get_by_role("link", name=first)).to_be_focused()
    await tab.keyboard.press("k")
    await expect(tab.get_by_role("link", name=first)).to_be_focused()
    await tab.keyboard.press("o")
    await tab.wait_for_url(f"**/stories/{house.story(first)}")


async def test_a_key_leads_to_the_search_and_letters_typed_there_are_letters(
    browsing: Browsing, house: PageHouse
) -> None:
    tab = await live(browsing, house)
    await tab.keyboard.press("/")
    field = tab.get_by_role("searchbox").first
    await expect(field).to_be_focused()
    await tab.keyboard.type("jk?gf/")
    await expect(field).to_have_value("jk?gf/")


async def test_two_keys_lead_to_another_page(browsing: Browsing, house: PageHouse) -> None:
    tab = await live(browsing, house)
    await tab.keyboard.press("g")
    await tab.keyboard.press("f")
    await tab.wait_for_url("**/feeds")
    await tab.keyboard.press("g")
    await tab.keyboard.press("s")
    await tab.wait_for_url(f"{house.url}/")


@pytest.mark.parametrize("width", [1440, PHONE])
async def test_which_keys_there_are_is_shown_and_they_can_be_switched_off(
    browsing: Browsing, house: PageHouse, width: int
) -> None:
    tab = await house.tab(browsing, "/feeds", width=width)
    shown = tab.get_by_role("dialog", name="Keys")
    await tab.keyboard.press("?")
    await expect(shown).to_be_visible()
    await expect(shown).to_contain_text("next story")
    assert await grave(tab) == []
    await tab.keyboard.press("Escape")
    await expect(shown).to_be_hidden()
    await tab.get_by_role("button", name="Keys ?").click()
    await shown.get_by_role("checkbox", name="Use these keys").uncheck()
    await shown.get_by_role("button", name="Close").click()
    await expect(shown).to_be_hidden()
    await tab.reload()
    await tab.keyboard.press("?")
    await expect(shown).to_be_hidden()
    await tab.get_by_role("button", name="Keys ?").click()
    await expect(shown.get_by_role("checkbox", name="Use these keys")).not_to_be_checked()


async def test_keys_with_a_modifier_are_the_browsers(browsing: Browsing, house: PageHouse) -> None:
    tab = await live(browsing, house)
    title = await publish(house, "1")
    await expect(story(tab, title)).to_have_count(1)
    await tab.keyboard.press("Control+j")
    await tab.keyboard.press("Alt+j")
    await expect(tab.get_by_role("link", name=title)).not_to_be_focused()


def test_our_own_scripts_stay_small() -> None:
    sizes = {name: len(asset.body) for name, asset in assets().items() if name.endswith(".js")}
    assert sizes["monitor.js"] < 8_000
    assert sum(sizes.values()) < 20_000, sizes
