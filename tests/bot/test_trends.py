"""/trend and /who as a reader meets them: a photo whose caption says the same in words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import PictureError
from monitor.notify.trend_words import MAX_CAPTION
from monitor.types import Entry, FeedId, NewItem, Placement, Role, WatchId
from tests.bot.house import CHIEF, FORUM, GROUP, MEMBER, OTHER, READER, House
from tests.bot_api.telegram_html import utf16
from tests.store_samples import match

PNG = b"\x89PNG"


def tell(house: House, key: str, *watches: str, days_ago: int = 0) -> None:
    at = house.clock.now - timedelta(days=days_ago)
    entry = Entry(key, key, f"https://ben-song.example/{key}.html", f"Tin <{key}>", published_at=at)
    with house.store.writing() as tx:
        [item] = tx.add_items([NewItem(entry, FeedId("ben-song"), "Bến Sông", at, True)])
        found = [match(watch) for watch in watches]
        tx.save_detection(item, found, Placement(None, Role.NEW), version="v1", now=at)


@pytest.fixture
def told(house: House) -> House:
    for number in range(6):
        tell(house, f"cau-{number}", "putin", "lavrov", days_ago=3)
    for number in range(8):
        tell(house, f"khac-{number}", "putin", days_ago=number)
    return house


async def test_a_trend_is_a_photo_that_says_in_words_what_it_shows(told: House) -> None:
    async with told.serving():
        answer = await told.ask("/trend Putin", lang="en")
        also = await told.ask("/xuhuong putin", lang="en")
    assert answer.picture is not None
    assert answer.picture.startswith(PNG)
    assert "Vladimir Putin: 14 articles in 30 days" in answer.text
    assert "20 Aug · 7 articles: Tin <cau-0>" in answer.text
    assert utf16(answer.text) <= MAX_CAPTION
    assert [each["url"] for each in answer.entities if each["type"] == "text_link"] == [
        "https://ben-song.example/cau-0.html"
    ]
    assert (also.text, also.picture) == (answer.text, answer.picture)


@pytest.mark.parametrize("typed", ["putin, lavrov", "Putin và Lavrov", "putin lavrov", "Sergei Lavrov Vladimir Putin"])
async def test_two_names_are_set_against_each_other(told: House, typed: str) -> None:
    async with told.serving():
        answer = await told.ask(f"/trend {typed}", lang="en")
    assert answer.picture is not None
    assert "Vladimir Putin: 14 articles" in answer.text
    assert "Sergei Lavrov: 6 articles" in answer.text


async def test_with_whom_somebody_is_named(told: House) -> None:
    async with told.serving():
        answer = await told.ask("/who Putin", lang="en")
        also = await told.ask("/cungai Tổng thống Nga", lang="en")
    assert answer.picture is not None
    assert "Named together with: Sergei Lavrov (6)" in answer.text
    assert also.text == answer.text


async def test_who_asks_for_nothing_or_for_nobody_is_told_what_to_write(told: House) -> None:
    async with told.serving():
        assert "/trend Putin" in (await told.ask("/trend", lang="en")).text
        assert "/who Putin" in (await told.ask("/who", lang="en")).text
        assert "“Xyzzyq”" in (await told.ask("/trend Xyzzyq")).text
        group = await told.ask("/trend #nga", lang="en")
        nothing = await told.ask("/trend Tô Lâm", lang="en")
        alone = await told.ask("/who Tô Lâm", lang="en")
    assert group.text == "That is a group of several: name one of them, for example: /trend putin"
    assert nothing.text == "No article of the last 30 days names Tô Lâm."
    assert "Tô Lâm was named with nobody" in alone.text
    assert not [each for each in told.api.shown(READER) if each.picture]


async def test_in_a_topic_of_a_group_any_member_gets_the_picture_there_in_reply(told: House) -> None:
    async with told.serving():
        await told.ask("/start", FORUM, user=CHIEF, topic=7)
        answer = await told.ask("/trend putin", FORUM, user=MEMBER, topic=7)
    assert (answer.thread_id, answer.picture is not None, answer.reply_to is not None) == (7, True, True)


async def test_a_group_that_takes_no_photos_gets_the_words(told: House) -> None:
    told.api.trouble("no_rights", method="sendPhoto")
    async with told.serving():
        answer = await told.ask("/trend putin", GROUP, user=CHIEF)
    assert answer.picture is None
    assert "Vladimir Putin" in answer.text


async def test_where_nothing_can_be_drawn_the_words_are_the_answer(told: House) -> None:
    class Broken:
        async def paint(self, svg: str) -> bytes:
            raise PictureError("nothing to draw with")

    told.painter = Broken()
    async with told.serving():
        answer = await told.ask("/trend putin")
    assert answer.picture is None
    assert "Vladimir Putin" in answer.text


async def test_a_photo_that_telegram_makes_wait_is_told_in_words_later(told: House) -> None:
    async with told.serving():
        await told.ask("/follow Tô Lâm")
        told.api.trouble("flood", chat_id=READER, method="sendPhoto", seconds=30)
        told.api.push_message(READER, "/trend putin")
        await told.settled()
    assert ["Vladimir Putin" in words for words in told.waiting(READER)] == [True]


async def test_a_watch_that_the_watchlist_has_lost_is_named_by_nobody(told: House) -> None:
    told.watchlist = replace(
        told.watchlist, version="v2", watches=tuple(w for w in told.watchlist.watches if w.id != WatchId("lavrov"))
    )
    async with told.serving():
        assert "named with nobody" in (await told.ask("/who Putin", lang="en")).text


async def test_a_chats_own_watch_is_drawn_there_and_named_nowhere_else(told: House) -> None:
    async with told.serving():
        draft = await told.ask("/watch Aryna Sabalenka", lang="en")
        await told.api.until(lambda: "Keep" in str(told.again(draft).buttons))
        await told.press(told.again(draft), "Keep")
        [own] = await told.followed()
        for number in range(4):
            tell(told, f"quan-vot-{number}", "putin", own)
        mine = await told.ask("/trend Aryna Sabalenka")
        both = await told.ask("/trend Putin, Aryna Sabalenka")
        theirs = await told.ask("/who Putin", OTHER, lang="en")
        unknown = await told.ask("/trend Aryna Sabalenka", OTHER)
    assert mine.picture is not None
    assert "Aryna Sabalenka: 4 articles" in mine.text
    assert "Aryna Sabalenka: 4 articles" in both.text
    assert "Sergei Lavrov (6)" in theirs.text
    assert "Sabalenka" not in theirs.text
    assert unknown.picture is None


async def test_whom_nobody_is_named_beside_is_not_said_to_be_in_no_article(told: House) -> None:
    tell(told, "rung-lac", "dong-dat")
    async with told.serving():
        alone = await told.ask("/who Động đất", lang="en")
    assert alone.text == "Động đất was named with nobody of the watchlist in the last 30 days."
