"""/stories/ID: what it says to whom, its buttons, and how it prints."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from monitor.store.transaction import Store, Transaction
from monitor.types import Address, AlertKind, StoryId
from tests.store_samples import save_story
from tests.web.browser import PHONE, Browsing
from tests.web.page_house import (
    CALL,
    EDITOR,
    GROUP,
    MACHINE,
    OTHER,
    OWN_ID,
    READER,
    PageHouse,
    open_page_house,
)
from tests.web.test_gate import served, site_of

FERRY = "Ông Putin thăm một bến phà mới mở"


async def told(house: PageHouse, who: Address | None = READER, title: str = CALL) -> dict[str, Any]:
    """What the JSON twin says."""
    status, text, _ = await house.get(f"/stories/{house.story(title)}.json", who=who)
    assert status == 200, text
    data: dict[str, Any] = json.loads(text)
    return data


async def test_a_story_is_told_by_its_outlets_by_time(shown_house: PageHouse) -> None:
    data = await told(shown_house)
    articles = data["articles"]
    assert [each["at"] for each in articles] == sorted(each["at"] for each in articles)
    assert [each["role"] for each in articles] == ["new", "repeat", "repeat", "update"]
    assert len({each["outlet"] for each in articles}) == 4
    assert articles[1]["reason_text"].startswith("both tell of:")
    assert (data["development"]["id"], articles[3]["reason_text"]) == (articles[3]["id"], "a new decision")
    changed = articles[1]
    assert changed["earlier"][0]["title"].endswith("kêu gọi hạ nhiệt bất đồng")
    assert "Netanyahu, kêu gọi hạ nhiệt bất đồng" in [
        each["text"] for each in changed["title_changes"] if each["kind"] == "out"
    ]
    assert articles[0]["title_changes"] == []


async def test_every_sentence_of_the_summary_names_its_source(shown_house: PageHouse) -> None:
    data = await told(shown_house)
    outlets = {each["id"]: each for each in data["articles"]}
    assert data["summary"]
    for said in data["summary"]:
        assert said["outlet"] == outlets[said["item"]]["outlet"]
        assert said["url"] == outlets[said["item"]]["url"]
    _, html, _ = await shown_house.get(f"/stories/{data['id']}")
    assert f'<sup class="source"><a href="{data["summary"][0]["url"]}" rel="noopener noreferrer">' in html


async def test_watches_are_shown_with_their_evidence(shown_house: PageHouse) -> None:
    data = await told(shown_house)
    putin = next(watch for watch in data["watches"] if watch["id"] == "putin")
    assert (putin["rule"], putin["rule_text"]) == ("name", "by the name “Vladimir Putin”")
    excerpt = putin["excerpts"][0]
    assert [excerpt["text"][start:end] for start, end in excerpt["marks"]] == ["Vladimir Putin"]
    _, html, _ = await shown_house.get(f"/stories/{data['id']}")
    assert "<mark>Vladimir Putin</mark>" in html


async def test_quotes_are_told_once_with_who_tells_them(shown_house: PageHouse) -> None:
    quotes = (await told(shown_house))["quotes"]
    texts = [quote["text"] for quote in quotes]
    assert len(texts) == len(set(texts))
    assert {"Vladimir Putin", "Benjamin Netanyahu"} == {quote["speaker"] for quote in quotes}
    assert any(quote["others"] for quote in quotes)


async def test_administrators_see_who_was_told_and_others_their_own_chat(shown_house: PageHouse) -> None:
    all_told = await told(shown_house, EDITOR)
    chats = {each["chat"]["chat"] for each in all_told["told"]}
    assert {READER.chat_id, EDITOR.chat_id, GROUP.chat_id} <= chats
    assert all_told["told_count"] == len(all_told["told"])
    assert (await told(shown_house, MACHINE))["told"] == [each | {"is_mine": False} for each in all_told["told"]]
    mine = await told(shown_house, READER)
    assert {each["chat"]["chat"] for each in mine["told"]} == {READER.chat_id}
    assert {each["kind"] for each in mine["told"]} == {AlertKind.ALERT.value, AlertKind.UPDATE.value}
    assert mine["told_count"] == 0
    assert (await told(shown_house, OTHER))["told"] == []


async def test_who_is_not_logged_in_sees_the_story_of_an_open_page_and_no_chat(open_house: PageHouse) -> None:
    data = await told(open_house, None)
    assert (data["told"], data["told_count"]) == ([], 0)
    _, html, _ = await open_house.get(f"/stories/{data['id']}", who=None)
    assert '<form class="inline" method="post"' not in html
    assert "Who was told" not in html


async def test_an_own_watch_is_named_to_its_chat_alone(shown_house: PageHouse) -> None:
    with shown_house.store.reading() as tx:
        (view, *_) = tx.latest_stories([OWN_ID], since=shown_house.clock().replace(year=2025), limit=1)
    title = view.story.title
    assert OWN_ID in [watch["id"] for watch in (await told(shown_house, READER, title))["watches"]]
    for other in (OTHER, EDITOR):
        assert OWN_ID not in str(await told(shown_house, other, title))


async def test_the_old_number_of_a_merged_story_leads_to_what_it_is_now(store: Store) -> None:
    one, two = await save_story(store, "1"), await save_story(store, "2")
    with store.writing() as tx:
        tx.merge_stories(one, two, reason=None)  # type: ignore[arg-type]
    async with served(site_of(store, access="open")) as browser:
        status, _, headers = await browser.get(f"/stories/{one}")
        assert (status, headers["Location"]) == (303, f"/stories/{two}")
        status, _, headers = await browser.get(f"/stories/{one}.json")
        assert (status, headers["Location"]) == (303, f"/stories/{two}.json")
        status, text, _ = await browser.get(f"/stories/{two}.json")
        assert (status, json.loads(text)["merged_from"]) == (200, [one])


async def test_stories_that_were_taken_apart_lead_to_each_other(house: PageHouse) -> None:
    story = house.story()
    with house.store.writing() as tx:
        view = tx.story(story)
        assert view is not None
        parted = tx.split_story(story, [view.items[-1].id], reason=None)  # type: ignore[arg-type]
    kin = (await told(house))["kin"]
    assert [each["id"] for each in kin] == [parted]
    _, html, _ = await house.get(f"/stories/{story}")
    assert f'href="/stories/{parted}"' in html


async def test_an_unknown_story_is_said_so(shown_house: PageHouse) -> None:
    for number in ("0", "999999", "9" * 18):
        status, html, _ = await shown_house.get(f"/stories/{number}")
        assert status == 404
        assert f"There is no story {number}" in html


async def test_an_article_that_was_taken_down_is_said_so(house: PageHouse) -> None:
    from sqlalchemy import update

    from monitor.store.tables import items

    with house.store.writing() as tx:
        view = tx.story(house.story())
        assert view is not None
        number = int(view.items[0].id)
        tx._change(update(items).where(items.c.id == number).values(gone_at=house.clock()))
    assert (await told(house))["articles"][0]["gone_at"]
    assert "Taken down" in (await house.get(f"/stories/{house.story()}"))[1]


# ---------------------------------------------------------------- buttons


async def test_an_article_is_kept_and_dropped(house: PageHouse) -> None:
    story = house.story()
    with house.store.reading() as tx:
        view = tx.story(story)
    assert view is not None
    item = view.items[1].id
    status, _, headers = await house.post(f"/stories/{story}/save", {"item": item})
    assert (status, headers["Location"]) == (303, f"/stories/{story}#item-{item}")
    with house.store.reading() as tx:
        assert tx.saved_among(READER, [item]) == {item}
    assert (await house.post(f"/stories/{story}/save", {"item": item, "keep": "no"}))[0] == 303
    with house.store.reading() as tx:
        assert tx.saved_among(READER, [item]) == set()


@pytest.mark.parametrize("item", ["", "x", "999999", "²", "1" * 30])
async def test_an_article_that_is_not_stored_cannot_be_kept(house: PageHouse, item: str) -> None:
    status, text, _ = await house.post(f"/stories/{house.story()}/save", {"item": item})
    assert status == 400
    assert "This article is not stored any more." in text


async def test_a_story_is_muted_for_the_chat_alone_and_unmuted(house: PageHouse) -> None:
    story = house.story()
    assert (await house.post(f"/stories/{story}/mute", {}))[0] == 303
    with house.store.reading() as tx:
        assert tx.muted(story) == {READER}
    assert "Unmute this story" in (await house.get(f"/stories/{story}"))[1]
    assert "Unmute this story" not in (await house.get(f"/stories/{story}", who=OTHER))[1]
    assert (await house.post(f"/stories/{story}/mute", {"mute": "no"}))[0] == 303
    with house.store.reading() as tx:
        assert tx.muted(story) == set()


async def test_a_wrong_story_is_reported_once_and_the_admins_hear_of_it(house: PageHouse) -> None:
    story = house.story()
    for _ in range(2):
        assert (await house.post(f"/stories/{story}/wrong", {}))[0] == 303
    with house.store.reading() as tx:
        complaint = tx.complaint(story)
        assert complaint is not None
        assert [address for address, _ in complaint.said_in] == [READER]
        assert {each["watch"] for each in complaint.evidence} >= {"putin", "netanyahu"}
        notices = [each for each in _notices(tx) if "A reader says this alert is wrong" in each]
    assert len(notices) == 1
    assert "Reported as wrong" in (await house.get(f"/stories/{story}"))[1]


def _notices(tx: Transaction) -> list[str]:
    from sqlalchemy import select

    from monitor.store.tables import alerts

    return [row.text for row in tx._rows(select(alerts.c.text).where(alerts.c.kind == "notice"))]


async def test_what_came_by_an_own_watch_alone_is_marked_and_no_business_of_editors(house: PageHouse) -> None:
    with house.store.reading() as tx:
        (view, *_) = tx.latest_stories([OWN_ID], since=house.clock().replace(year=2025), limit=1)
    assert (await house.post(f"/stories/{view.story.id}/wrong", {}))[0] == 303
    with house.store.reading() as tx:
        assert tx.complaint(view.story.id) is None
        assert False in tx.own_marks(1).values()


async def test_nobody_presses_without_a_login_or_for_a_story_that_is_not_there(house: PageHouse) -> None:
    story = house.story()
    for name in ("save", "mute", "wrong"):
        assert (await house.post(f"/stories/{story}/{name}", {}, who=None))[0] == 403
        assert (await house.post(f"/stories/{story}/{name}", {}, token="wrong"))[0] == 403
        assert (await house.post(f"/stories/{story}/{name}", {"item": "1"}, who=MACHINE))[0] == 403
    for name in ("mute", "wrong"):
        assert (await house.post(f"/stories/999999/{name}", {}))[0] == 404


@pytest.mark.slow
async def test_both_databases_tell_the_same(database_url: str, tmp_path: Path, shown_house: PageHouse) -> None:
    async with open_page_house(database_url, tmp_path) as other:
        assert await told(other, EDITOR) == await told(shown_house, EDITOR)


# ---------------------------------------------------------------- in a browser


async def test_without_javascript_the_buttons_work_and_say_so(browsing: Browsing, house: PageHouse) -> None:
    tab = await house.tab(browsing, f"/stories/{house.story()}", script=False, width=PHONE, dark=True)
    await tab.get_by_role("button", name="Mute this story", exact=True).click()
    await tab.get_by_role("button", name="Unmute this story").click()
    await expect(tab.get_by_role("button", name="Mute this story", exact=True)).to_be_visible()
    await tab.get_by_role("button", name="Save", exact=True).first.click()
    await expect(tab.get_by_role("button", name="Saved ✓")).to_have_count(1)
    await tab.get_by_role("button", name="Wrong / not relevant").click()
    await expect(tab.get_by_text("Reported as wrong")).to_be_visible()


async def test_it_is_printed_as_a_press_review(browsing: Browsing, shown_house: PageHouse) -> None:
    tab = await shown_house.tab(browsing, f"/stories/{shown_house.story()}", script=False)
    await expect(tab.get_by_text("Press review", exact=True)).to_be_hidden()
    await tab.emulate_media(media="print")
    await expect(tab.get_by_text("Press review", exact=True)).to_be_visible()
    await expect(tab.get_by_role("navigation").first).to_be_hidden()
    await expect(tab.get_by_role("button", name="Mute this story")).to_be_hidden()
    await expect(tab.get_by_role("complementary")).to_be_hidden()
    link = tab.locator(".timeline h3 a").first
    printed = await link.evaluate("(each) => getComputedStyle(each, '::after').content")
    assert "https://" in printed
    # it ends its article: what must not be parted from what follows would glue the whole timeline together
    assert await tab.locator(".timeline h3").first.evaluate("(each) => getComputedStyle(each).breakAfter") == "auto"
    pdf = await tab.pdf(format="A4", prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    assert 1 <= pdf.count(b"/Type /Page\n") <= 2


async def test_a_story_of_the_house_is_reached_from_the_list(browsing: Browsing, shown_house: PageHouse) -> None:
    tab = await shown_house.tab(browsing, "/", script=False)
    await tab.get_by_role("heading", name=CALL).get_by_role("link").click()
    await expect(tab.get_by_role("heading", level=1)).to_have_text(CALL)
    assert tab.url.endswith(f"/stories/{StoryId(shown_house.story())}")
