"""/save, /saved and /story: what a reader keeps, and all that outlets wrote of one story."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.store.saved_rows import Saving
from monitor.store.transaction import Transaction
from monitor.types import Address, Quote, StoryId, WatchId
from tests.bot.house import GROUP, MEMBER, MORNING, OTHER, READER, House
from tests.bot.test_search_chat import came, titles
from tests.bot_api import Shown

FIRST = "https://ben-song.example/k1.html"


def links(shown: Shown) -> list[str]:
    return [each["url"] for each in shown.entities if each["type"] == "text_link"]


async def test_an_alert_is_saved_in_reply_to_it_and_stands_in_the_list(house: House) -> None:
    story = house.story()
    async with house.serving():
        await house.ask("/follow Putin", lang="en")
        alert = await house.alert(Address(READER), story)
        answer = await house.ask("/save", reply_to=alert.message_id, lang="en")
        again = await house.ask("/luu", reply_to=alert.message_id, lang="en")
        listed = await house.ask("/saved", lang="en")
        others = await house.ask("/saved", OTHER, lang="en")
    assert "Saved" in answer.text
    assert links(answer) == links(listed) == [FIRST]
    assert "saved already" in again.text
    assert listed.text.startswith("💾 1 saved article\n1. Ông Putin thăm một nhà máy")
    assert "Nothing is saved here" in others.text


async def test_a_link_is_saved_and_an_unknown_one_is_refused(house: House) -> None:
    house.story()
    async with house.serving():
        answer = await house.ask(f"/save {FIRST}?utm_source=zalo", lang="en")
        unknown = await house.ask("/save https://ben-song.example/khong-co.html", lang="en")
        alone = await house.ask("/save", lang="en")
        odd = await house.ask("/save gì đó", lang="en")
    assert links(answer) == [FIRST]
    assert "not stored" in unknown.text
    assert "in reply to an alert, or with a link" in alone.text
    assert odd.text == alone.text


async def test_a_found_article_is_saved_by_its_number_or_its_button(house: House) -> None:
    for number in range(3):
        came(house, f"Giá vàng ngày {number}", minutes=number, url=f"https://ben-song.example/v{number}.html")
    async with house.serving():
        found = await house.ask("/search giá vàng", lang="en")
        which = await house.ask("/save", reply_to=found.message_id, lang="en")
        second = await house.ask("/save 2", reply_to=found.message_id, lang="en")
        none = await house.ask("/save 9", reply_to=found.message_id, lang="en")
        await house.press(found, "💾 3")
        listed = await house.ask("/saved", lang="en")
    assert "Which one?" in which.text
    assert links(second) == ["https://ben-song.example/v1.html"]
    assert "in reply to an alert, or with a link" in none.text
    assert titles(listed) == ["Giá vàng ngày 2", "Giá vàng ngày 1"], "the last saved first"


async def test_the_list_has_pages_and_what_is_dropped_is_gone(house: House) -> None:
    for number in range(10):
        story = came(house, f"Giá vàng ngày {number}", minutes=number)
        with house.store.writing() as tx:
            view = tx.story(story)
            assert view is not None
            assert (
                tx.save_item(Address(READER), view.items[0].id, now=MORNING + timedelta(minutes=number)) is Saving.DONE
            )
    async with house.serving():
        listed = await house.ask("/saved", lang="en")
        await house.press(listed, "▶")
        assert titles(house.again(listed)) == ["Giá vàng ngày 1", "Giá vàng ngày 0"]
        await house.press(house.again(listed), "✖ 2")
        assert titles(house.again(listed)) == ["Giá vàng ngày 1"]
        await house.press(house.again(listed), "✖ 1")
        assert titles(house.again(listed))[0] == "Giá vàng ngày 9", "the page went with its last article"
    assert house.again(listed).text.startswith("💾 8 saved articles")


async def test_a_full_list_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.store.saved_rows.MOST_SAVED", 1)
    for number in range(2):
        came(house, f"Giá vàng ngày {number}", minutes=number)
    async with house.serving():
        found = await house.ask("/search giá vàng", lang="en")
        await house.press(found, "💾 1")
        note = await house.press(found, "💾 2")
    assert "no more can be" in note
    assert await house.store.read(Transaction.saved_count, Address(READER)) == 1


async def test_in_a_group_members_save_nothing(house: House) -> None:
    came(house, "Giá vàng tăng")
    async with house.serving():
        found = await house.ask("/search giá vàng", GROUP, user=MEMBER)
        await house.press(found, "💾 1", user=MEMBER)
    assert await house.store.read(Transaction.saved_count, Address(GROUP)) == 0


# ---------------------------------------------------------------- /story


async def told(house: House, articles: int = 2) -> StoryId:
    """A story of several articles, the second reworded, with a quote."""
    story = house.story()
    for number in range(1, articles):
        came(house, f"Nhà máy đón khách, có {number} người", outlet="Sao Mai", joins=story, minutes=-number)
    with house.store.writing() as tx:
        view = tx.story(story)
        assert view is not None
        said = Quote(WatchId("putin"), "ông Putin", "nói", "Nhà máy rất đẹp", True, "title", 0, 4)
        tx.save_quotes(view.items[0].id, [said, replace(said, text="Tôi sẽ trở lại", start=9, end=12)])
        if articles > 1:
            tx.reword(view.items[1].id, "Nhà máy đón khách, có 21 người", "", now=MORNING + timedelta(minutes=9))
    return story


async def test_a_story_is_shown_by_time_with_changes_and_quotes(house: House) -> None:
    story = await told(house)
    async with house.serving():
        await house.ask("/follow Putin", lang="en")
        alert = await house.alert(Address(READER), story)
        shown = await house.ask("/story", reply_to=alert.message_id, lang="en")
        also = await house.ask(f"/chuyen {FIRST}", lang="en")
        alone = await house.ask("/story", lang="en")
    lines = shown.text.splitlines()
    assert lines[0] == "📰 Ông Putin thăm một nhà máy"
    assert lines[1] == "2 articles of 2 outlets"
    assert lines[2] == "• 08:00 Bến Sông: Ông Putin thăm một nhà máy"
    assert lines[3] == "• 08:01 Sao Mai: Nhà máy đón khách, có 21 người"
    assert lines[4].strip().startswith("✏️ changed 1 time")
    assert "“1 người” → “21 người”" in lines[4]
    assert "💬 “Nhà máy rất đẹp” — Vladimir Putin · Bến Sông" in shown.text
    assert also.text == shown.text
    assert "Reply to an alert" in alone.text


async def test_a_large_story_has_pages(house: House) -> None:
    story = await told(house, articles=90)
    async with house.serving():
        await house.ask("/follow Putin", lang="en")
        alert = await house.alert(Address(READER), story)
        shown = await house.ask("/story", reply_to=alert.message_id, lang="en")
        seen = [line for line in shown.text.splitlines() if line.startswith("• ")]
        while any(button["text"] == "▶" for button in house.again(shown).buttons[0]):
            await house.press(house.again(shown), "▶")
            seen += [line for line in house.again(shown).text.splitlines() if line.startswith("• ")]
        last = house.again(shown)
    assert len(seen) == len(set(seen)) == 90
    assert "Who said what:" in last.text


@pytest.mark.parametrize("odd", ["<b>&amp;" * 300, "\u202e\u200bđảo" * 300, "😀" * 2_000, "\x00\x1b[2J\ud800"])
async def test_whatever_newspapers_write_a_story_fits(house: House, odd: str) -> None:
    story = house.story(f"Putin {odd}", outlet=odd)
    for number in range(20):
        came(house, f"{odd} {number}", outlet=f"{odd} {number}", joins=story, minutes=-number)
    async with house.serving():
        shown = await house.ask(f"/story {FIRST}", lang="en")
        await house.press(shown, "▶") if shown.buttons else None
        kept = await house.ask(f"/save {FIRST}", lang="en")
        listed = await house.ask("/saved", lang="en")
    assert house.again(shown).text.startswith("📰")
    assert links(kept) == links(listed) == [FIRST]
