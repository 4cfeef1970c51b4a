"""Feeds, status and search as people use them: administrators' pages in both colours, forms without a script."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote_plus

import pytest
from playwright.async_api import expect

from monitor.pipeline.status import StatusReport
from monitor.pipeline.workers_seen import Lack, WorkersReport, WorkerStatus, WorkersTrouble
from monitor.store.role_names import PARTS
from monitor.types import FeedId
from monitor.web import Metrics, serve
from tests.web.browser import DESKTOP, PHONE, Browsing, grave, overflow
from tests.web.page_house import EDITOR, LOST_FEED, NOW, PARKED, READER, PageHouse, _well
from tests.web.test_every_page import walked

pytestmark = pytest.mark.slow

HOST = "may-chu-cua-toa-soan-trung-tam-o-ha-noi-tang-tam-phong-so-11"  # as long as a name of a host may well be
WORKER = WorkerStatus(
    HOST,
    4711,
    PARTS,
    ("bot", "chores", "group", "lookout"),
    True,
    timedelta(seconds=1),
    NOW,
    NOW - timedelta(days=3),
    "1.4.2",
    "0010",
    f"http://{HOST}:9464",
    "",
    timedelta(0),
    is_this=True,
)
UNWELL = replace(WORKER, parts=("poll", "web"), roles=(), trouble="poll: has not looked for 300 s", is_this=False)
SILENT = replace(UNWELL, is_alive=False, silent_for=timedelta(minutes=59, seconds=6), trouble="")
TROUBLES = (
    WorkersTrouble(Lack.PART, "deliver"),
    WorkersTrouble(Lack.ROLE, "group", timedelta(minutes=2)),
    WorkersTrouble(Lack.UNWELL, UNWELL.name, why=UNWELL.trouble),
)


@asynccontextmanager
async def shared(house: PageHouse) -> AsyncIterator[PageHouse]:
    """The house as if twelve processes shared its database."""

    async def status() -> StatusReport:
        report = await house.service.status()
        return replace(report, workers=WorkersReport((WORKER, *[UNWELL] * 9, *[SILENT] * 2), TROUBLES))

    site = replace(house.site, status=status)
    async with serve(_well, Metrics("1"), host="127.0.0.1", port=0, site=site) as port:
        yield replace(house, url=f"http://127.0.0.1:{port}", site=site)


async def test_many_processes_fit_on_the_page_and_everybody_can_use_it(browsing: Browsing, house: PageHouse) -> None:
    async with shared(house) as several:
        for width in (DESKTOP, PHONE):
            tab = await several.tab(browsing, "/status", who=EDITOR, script=False, width=width)
            assert await overflow(tab) == 0
            await expect(tab.get_by_role("table", name="10 processes at work, 2 silent")).to_contain_text(HOST)
            for dark in (False, True):
                tab = await several.tab(browsing, "/status", who=EDITOR, width=width, dark=dark)
                assert await grave(tab) == []
                assert await overflow(tab) == 0
        assert await walked(tab) == ([], [])
        await tab.get_by_role("listitem").filter(has_text="Nobody sends alerts").get_by_role("link").click()
        await expect(tab.get_by_role("heading", name="Processes")).to_be_in_viewport()
        guest = await several.tab(browsing, "/status", who=READER, width=PHONE)
        await expect(guest.get_by_text("A part of the service is not at work")).to_be_visible()
        await expect(guest.get_by_text(HOST)).to_have_count(0)
        assert await grave(guest) == []


@pytest.mark.parametrize("path", ["/feeds", "/feeds?state=failing"])
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
