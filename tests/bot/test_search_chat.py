"""/search as a reader meets it: PTB as the real client, the loopback Bot API as Telegram, a real store."""

from datetime import timedelta

import pytest

from monitor.pipeline.find_news import STORIES_A_PAGE
from monitor.types import Entry, FeedId, NewItem, Placement, Role, StoryId
from tests.bot.house import CHANNEL, CHIEF, GROUP, MEMBER, MORNING, House
from tests.bot_api import Shown


def came(
    house: House,
    title: str,
    *,
    lead: str = "",
    outlet: str = "Bến Sông",
    joins: StoryId | None = None,
    minutes: int = 0,
    url: str = "",
) -> StoryId:
    """An article, stored, placed and indexed as the service would."""
    at = MORNING - timedelta(minutes=minutes)
    key = f"{title}-{outlet}-{minutes}"
    entry = Entry(key, key, url or f"https://ben-song.example/{abs(hash(key))}.html", title, lead, at)
    with house.store.writing() as tx:
        [item] = tx.add_items([NewItem(entry, FeedId("ben-song"), outlet, house.clock.now, True)])
        place = Placement(joins, Role.NEW if joins is None else Role.REPEAT)
        story = tx.save_detection(item, [], place, version="v1", now=house.clock.now)
        while tx.index_items(limit=50):
            pass
    return story


def titles(shown: Shown) -> list[str]:
    """The lines that name an article."""
    return [line.partition(". ")[2] for line in shown.text.splitlines() if line[:1].isdigit()]


def labels(shown: Shown) -> list[str]:
    return [button["text"] for button in shown.buttons[0]] if shown.buttons else []


async def test_stored_news_is_found_a_line_a_story_the_newest_first(house: House) -> None:
    story = came(house, "Giá vàng tăng", minutes=50)
    came(house, "Vàng lại tăng giá vàng", outlet="Sao Mai", joins=story, minutes=10)
    came(house, "Giá vàng giảm", minutes=30)
    async with house.serving():
        shown = await house.ask("/search giá vàng", lang="en")
        also = await house.ask("/tim gia vang", lang="en")
    assert shown.text.splitlines()[0] == "🔎 giá vàng"
    assert titles(shown) == ["Vàng lại tăng giá vàng", "Giá vàng giảm"]
    assert "Sao Mai · 07:50 · +1 outlet" in shown.text
    assert titles(also) == titles(shown)
    assert labels(shown) == ["💾 1", "💾 2"]


async def test_kinds_of_hits_are_parted_by_a_line(house: House) -> None:
    came(house, "Động đất ở biển", minutes=9)
    came(house, "Huy động vốn mua đất", minutes=5)
    async with house.serving():
        shown = await house.ask("/search dong dat", lang="en")
    lines = shown.text.splitlines()
    assert lines[1] == "The same letters with marks:"
    assert lines[4] == "All these words, but apart:"


async def test_the_words_are_shown_where_the_summary_has_them(house: House) -> None:
    lead = "Chợ quê đông khách từ sáng sớm, người bán rau nói. " * 3 + "Chiều nay động đất nhẹ <b>ở</b> ngoài khơi."
    came(house, "Chuyện trong ngày", lead=lead)
    async with house.serving():
        shown = await house.ask("/search động đất", lang="en")
    assert "động đất nhẹ <b>ở</b> ngoài khơi" in shown.text
    bold = [each for each in shown.entities if each["type"] == "bold"]
    assert len(bold) == 2, "what was typed, and where it stands"


async def test_pages_turn_over_a_restart_and_new_articles_move_nothing(house: House) -> None:
    for number in range(STORIES_A_PAGE + 3):
        came(house, f"Giá vàng ngày {number}", minutes=number + 1)
    async with house.serving():
        first = await house.ask('/search "giá vàng" since:7d', lang="en")
    assert labels(first) == ["1", "▶"]
    came(house, "Giá vàng vừa đổi", minutes=0)
    async with house.serving():
        await house.press(first, "▶")
        second = house.again(first)
        assert second.text.splitlines()[0] == '🔎 "giá vàng" since:7d'
        assert titles(second) == [f"Giá vàng ngày {number}" for number in range(STORIES_A_PAGE, STORIES_A_PAGE + 3)]
        assert labels(second) == ["◀", "2"]
        await house.press(second, "◀")
    assert house.again(first).text == first.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/search", "What do you look for?"),
        ("/search @puttin", "Did you mean: @putin?"),
        ('/search "giá vàng', 'not closed: write "giá vàng"'),
        ("/search giá since:qua", "no span of time"),
        ("/search giá outlet:Sao", "No outlet is called Sao. Did you mean: Sao Mai?"),
        ("/search " + "giá " * 80, "too long to search for"),
        ("/search bạc", "Nothing found."),
    ],
)
async def test_what_cannot_be_found_is_said_with_what_to_write(house: House, typed: str, said: str) -> None:
    came(house, "Giá vàng tăng")
    async with house.serving():
        answer = await house.ask(typed, lang="en")
    assert said in answer.text


async def test_an_index_that_is_being_built_is_said(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.bot.search_chat.MANY_LACKING", 1)
    story = came(house, "Giá vàng tăng")
    with house.store.writing() as tx:
        view = tx.story(story)
        assert view is not None
        tx.reword(view.items[0].id, "Giá vàng giảm", "", now=MORNING)
    async with house.serving():
        answer = await house.ask("/search giá vàng", lang="en")
    assert "1 stored article cannot be found yet" in answer.text


@pytest.mark.parametrize(
    "odd",
    ["<b>&amp;" * 200, "\u202e\u200bđảo" * 300, "😀" * 2_000, "a\u0301" * 3_000, "dài " * 3_000, "\x00\x1b[2J\ud800"],
)
async def test_whatever_newspapers_write_fits_into_a_message(house: House, odd: str) -> None:
    for number in range(STORIES_A_PAGE):
        came(
            house,
            f"giá {odd} {number}",
            lead=f"{odd} vàng {odd}",
            outlet=f"{odd}",
            minutes=number,
            url="https://x.example/" + "y" * 2_000,
        )
    async with house.serving():
        shown = await house.ask("/search giá", lang="en")
        inside = await house.ask("/search vàng", lang="en")
    assert len(titles(shown)) == len(titles(inside)) == STORIES_A_PAGE


async def test_in_a_channel_only_administrators_turn_pages(house: House) -> None:
    for number in range(STORIES_A_PAGE + 1):
        came(house, f"Giá vàng ngày {number}", minutes=number + 1)
    async with house.serving():
        group = await house.ask("/search giá vàng", GROUP, user=MEMBER)
        await house.press(group, "▶", user=MEMBER)
        assert labels(house.again(group)) == ["◀", "2"]
        channel = await house.ask("/search giá vàng", CHANNEL)
        await house.press(channel, "▶", user=MEMBER)
        assert house.again(channel).text == channel.text
        await house.press(channel, "▶", user=CHIEF)
    assert labels(house.again(channel)) == ["◀", "2"]
