"""Feeds, status and search as people use them: administrators' pages in both colours, forms without a script."""

from urllib.parse import quote_plus

import pytest
from playwright.async_api import expect

from monitor.types import FeedId
from tests.web.browser import DESKTOP, PHONE, Browsing, grave, overflow
from tests.web.page_house import EDITOR, LOST_FEED, PARKED, READER, PageHouse

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("path", ["/feeds", "/feeds?state=failing", "/status"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_administrators_can_use_their_pages(
    browsing: Browsing, house: PageHouse, path: str, width: int, dark: bool
) -> None:
    tab = await house.tab(browsing, path, who=EDITOR, width=width, dark=dark)
    assert await grave(tab) == []
    assert await overflow(tab) == 0


async def test_a_feed_is_asked_at_once_without_a_script(browsing: Browsing, house: PageHouse) -> None:
    tab = await house.tab(browsing, "/feeds", who=EDITOR, script=False, width=PHONE)
    await tab.get_by_role("button", name=f"Check now {LOST_FEED}").click()
    await expect(tab).to_have_url(f"{house.url}/feeds?outlet={await outlet_of(house)}#feed-{LOST_FEED}")
    await expect(tab.locator(f"#feed-{LOST_FEED}")).to_contain_text("now every")
    with house.store.reading() as tx:
        state = next(each for each in tx.feed_states() if each.feed_id == FeedId(LOST_FEED))
    assert state.next_check_at <= house.clock()


async def outlet_of(house: PageHouse) -> str:
    return quote_plus(next(each.outlet for each in house.site.feeds() if each.id == LOST_FEED))


async def test_what_is_stuck_is_given_up_without_a_script(browsing: Browsing, house: PageHouse) -> None:
    tab = await house.tab(browsing, "/status", who=EDITOR, script=False, width=PHONE)
    await tab.get_by_role("button", name=f"Give up {PARKED}").click()
    await expect(tab.get_by_role("status")).to_have_text("1 is dropped.")
    await expect(tab.get_by_text(PARKED)).to_have_count(0)


async def test_a_wrong_address_is_told_beside_the_field_to_write_another(browsing: Browsing, house: PageHouse) -> None:
    tab = await house.tab(browsing, "/feeds", who=EDITOR, script=False)
    await tab.get_by_label("Address of a feed").fill("ftp://bao.example/rss")
    await tab.get_by_role("button", name="Test", exact=True).click()
    await expect(tab.get_by_role("alert")).to_contain_text("That is no address of a feed.")
    await expect(tab.get_by_label("Address of a feed")).to_have_value("ftp://bao.example/rss")


async def test_one_searches_from_any_page_by_keyboard_and_keeps_what_was_found(
    browsing: Browsing, house: PageHouse
) -> None:
    tab = await house.tab(browsing, "/feeds", who=READER, script=False, width=PHONE)
    await tab.get_by_role("searchbox").first.fill("dien dam")
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_role("searchbox")).to_have_value("dien dam")
    await expect(tab.locator("mark").first).to_be_visible()
    await tab.get_by_role("button", name="Save").first.click()
    await expect(tab.get_by_role("button", name="Saved")).to_be_visible()
    with house.store.reading() as tx:
        [kept] = tx.saved_items(READER, limit=9)
    assert kept.item.title
