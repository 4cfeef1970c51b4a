"""The house of the page's tests stands as its description says: others lean on it."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect

from monitor.types import AlertState, FeedId, Role
from tests.web.browser import PHONE, Browsing
from tests.web.page_house import (
    EDITOR,
    GROUP,
    LOST_FEED,
    MACHINE,
    NOW,
    OTHER,
    OWN_ID,
    PARKED,
    READER,
    SILENT_FEED,
    WRONG,
    PageHouse,
    open_page_house,
)


async def what_is_said_to_be_there(house: PageHouse) -> None:
    with house.store.reading() as tx:
        call = tx.story(house.story())
        told = {alert.address for alert in tx.alerts_of_story(house.story())}
        stuck = {each.state for each in tx.stuck_alerts()}
        complaints = tx.open_complaints()
        own = tx.latest_stories([OWN_ID], since=NOW - timedelta(days=30), limit=10)
        quotes = tx.quotes_of_story(house.story(), limit=10)
    assert call is not None
    assert len({item.outlet for item in call.items}) == 4
    assert Role.UPDATE in call.roles.values()
    assert sum(map(len, call.versions.values())) == 1
    assert quotes
    assert told == {READER, EDITOR, GROUP}
    assert stuck == {AlertState.UNCERTAIN, AlertState.PARKED}
    assert [(each.title, len(each.said_in)) for each in complaints] == [(WRONG, 2)]
    assert len(own) == 2
    report = await house.service.status()
    assert {each.id for each in report.failing} == {FeedId(SILENT_FEED), FeedId(LOST_FEED)}
    assert [each.title for each in report.parked] == [PARKED]


async def test_there_is_what_is_said_to_be_there(house: PageHouse) -> None:
    await what_is_said_to_be_there(house)


@pytest.mark.slow
async def test_so_it_is_on_both_databases(database_url: str, tmp_path: Path) -> None:
    async with open_page_house(database_url, tmp_path) as house:
        await what_is_said_to_be_there(house)


async def test_an_own_watch_is_seen_by_its_chat_alone(house: PageHouse) -> None:
    assert OWN_ID in house.site.watches()
    assert house.site.owners()[OWN_ID] == READER


async def test_news_of_the_moment_flows_through_the_whole_house(house: PageHouse) -> None:
    await house.news("ben-song", "moi", "Ông Putin thăm một nhà máy đóng tàu ở Murmansk")
    told = {message.address for message in house.flow.phone.new}
    assert told == {READER, EDITOR, GROUP}


@pytest.mark.parametrize(
    ("who", "status"), [(None, 303), (READER, 200), (OTHER, 200), (EDITOR, 200), (MACHINE, 200), (GROUP, 200)]
)
async def test_sessions_are_known_by_their_cookie(house: PageHouse, who: object, status: int) -> None:
    assert (await house.get("/", who=who))[0] == status  # type: ignore[arg-type]


async def test_a_tab_shows_a_page_to_who_is_logged_in(browsing: Browsing, house: PageHouse) -> None:
    tab = await house.tab(browsing, "/", who=READER, script=False, width=PHONE, dark=True)
    await expect(tab.get_by_role("heading", level=1)).to_be_visible()
    assert await tab.evaluate("document.documentElement.lang") == "en"
