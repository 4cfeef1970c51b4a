"""/follow, /unfollow, /following, and a name sent without a command."""

import threading
from datetime import date, timedelta

import pytest

from monitor.bot.targets import Finder, Found
from monitor.store.tables import daily_counts
from monitor.types import Leader, WatchId, Watchlist
from tests.bot.house import OTHER, WATCHLIST, House


@pytest.mark.parametrize(
    ("wish", "target"),
    [
        ("putin", "putin"),
        ("VLADIMIR putin", "putin"),
        ("Pu-tin", "putin"),
        ("to lam", "to-lam"),
        ("Tô Lâm", "to-lam"),
        ("dong dat", "dong-dat"),
        ("#nga", "#nga"),
        ("#Trung Đông", "#trung-dong"),
        ("*", "*"),
        ("tất cả", "*"),
        ("mojtaba", "mojtaba-khamenei"),
    ],
)
async def test_a_target_is_found_however_it_is_typed(house: House, wish: str, target: str) -> None:
    async with house.serving():
        assert "✅ Đã theo dõi" in (await house.ask(f"/follow {wish}")).text
    assert await house.followed() == [target]


async def test_several_targets_in_one_message(house: House) -> None:
    async with house.serving():
        answer = await house.ask("/follow Putin, động đất; không ai biết")
        assert answer.bold() == ["Vladimir Putin", "Động đất"]
        assert "“không ai biết”" in answer.text
        assert "Đã theo dõi từ trước: Vladimir Putin" in (await house.ask("/follow putin")).text
    assert await house.followed() == ["putin", "dong-dat"]


async def test_a_name_of_two_people_is_asked_back_and_chosen_by_a_button(house: House) -> None:
    async with house.serving():
        question = await house.ask("/follow Khamenei")
        assert question.labels() == ["Ali Khamenei", "Mojtaba Khamenei"]
        assert await house.followed() == []
        assert await house.press(question, "Mojtaba") == "Đã theo dõi: Mojtaba Khamenei"
    assert await house.followed() == ["mojtaba-khamenei"]
    assert house.again(question).text == "✅ Đã theo dõi: Mojtaba Khamenei"
    assert house.again(question).data() == ["u:-:mojtaba-khamenei"]


async def test_what_is_followed_shows_its_newest_story_and_can_be_undone(house: House) -> None:
    house.story("Ông Putin nói một điều", key="k1")
    house.clock.now += timedelta(hours=1)
    house.story("Ông Putin thăm một nhà máy", key="k2", outlet="Sao Mai")
    with house.store.writing() as tx:
        for day in range(1, 8):
            row = {"day": date(2026, 8, 23 - day), "watch_id": "putin", "items": 5, "stories": 2}
            tx._change(daily_counts.insert().values(row))
    async with house.serving():
        answer = await house.ask("/follow Putin", lang="en")
        assert answer.text.splitlines() == [
            "✅ Now following: Vladimir Putin",
            "Newest: Ông Putin thăm một nhà máy Sao Mai · 09:00",
            "To expect: about 2 messages a day.",
        ]
        assert [e["url"] for e in answer.entities if e["type"] == "text_link"] == ["https://ben-song.example/k2.html"]
        await house.press(answer, "Undo")
        assert house.again(answer).text == "No longer followed: Vladimir Putin"
        several = await house.ask("/follow Putin, Lavrov, Tô Lâm, động đất")
    assert several.labels() == ["✖ Vladimir Putin", "✖ Sergei Lavrov", "✖ Tô Lâm"]
    assert "• Vladimir Putin: Ông Putin thăm một nhà máy" in several.text
    assert await house.followed() == ["putin", "lavrov", "to-lam", "dong-dat"]


async def test_a_misspelt_name_is_offered_and_never_taken_for_granted(house: House) -> None:
    async with house.serving():
        question = await house.ask("/follow Lavrof")
        assert question.labels() == ["Sergei Lavrov"]
    assert await house.followed() == []


async def test_a_name_alone_is_a_question_whether_to_follow_it(house: House) -> None:
    async with house.serving():
        question = await house.ask("tô lâm")
        await house.press(question, "Tô Lâm")
        assert "“hôm nay ăn gì”" in (await house.ask("hôm nay ăn gì")).text
    assert await house.followed() == ["to-lam"]


async def test_a_name_inside_a_sentence_is_heard(house: House) -> None:
    async with house.serving():
        assert (await house.ask("tin về ông Putin và Tô Lâm")).labels() == ["Tô Lâm", "Vladimir Putin"]
        assert (await house.ask("cơn bão nào?")).labels() == ["Bão, áp thấp nhiệt đới"]
        assert (await house.ask("con bao nhiêu ngày nữa")).labels() == []


async def test_words_that_name_nobody_are_answered_with_what_can_be_done(house: House) -> None:
    async with house.serving():
        answer = await house.ask("giá vàng <9999>")
        english = await house.ask("the gold price", OTHER, lang="en")
    assert answer.labels() == []
    code = [answer.passage(each) for each in answer.entities if each["type"] == "code"]
    assert code == ["/tim giá vàng <9999>", "/theodoirieng giá vàng <9999>"]
    assert "/search the gold price" in english.text


async def test_an_office_stands_for_its_present_holder(house: House) -> None:
    async with house.serving():
        await house.ask("/follow tổng thống Nga")
    assert await house.followed() == ["putin"]


async def test_what_readers_type_is_escaped(house: House) -> None:
    async with house.serving():
        assert "“<b>x & y</b>”" in (await house.ask("/follow <b>x & y</b>")).text


async def test_unfollowing_one_and_then_all(house: House) -> None:
    async with house.serving():
        await house.ask("/follow Putin, Lavrov, #iran, động đất")
        assert "Đã bỏ theo dõi: Sergei Lavrov" in (await house.ask("/unfollow lavrov")).text
        assert await house.followed() == ["putin", "#iran", "dong-dat"]
        assert "không theo dõi “Tô Lâm”" in (await house.ask("/unfollow Tô Lâm")).text
        await house.ask("/unfollow all")
        assert await house.followed() == []
        assert "chưa theo dõi gì" in (await house.ask("/unfollow Putin")).text


async def test_a_watch_that_comes_along_with_a_tag_is_explained(house: House) -> None:
    async with house.serving():
        await house.ask("/follow #nga")
        assert "Vladimir Putin đến theo #nga" in (await house.ask("/unfollow Putin")).text
        await house.ask("/follow Putin")
        assert "Vladimir Putin vẫn đến theo #nga" in (await house.ask("/unfollow Putin")).text


async def test_what_is_followed_is_listed_with_a_button_to_drop_each(house: House) -> None:
    async with house.serving():
        await house.ask("/follow Putin, động đất")
        listed = await house.ask("/following")
        assert listed.bold() == ["Vladimir Putin", "Động đất"]
        await house.press(listed, "✖ Vladimir Putin")
    assert await house.followed() == ["dong-dat"]
    assert house.again(listed).bold() == ["Động đất"]


async def test_a_target_that_the_watchlist_lost_can_still_be_dropped(house: House) -> None:
    async with house.serving():
        await house.ask("/follow Putin, Lavrov")
        house.watchlist = Watchlist("v2", WATCHLIST.watches[1:])
        listed = await house.ask("/following")
        assert "putin (không còn trong danh sách)" in listed.text
        await house.press(listed, "✖ putin")
    assert await house.followed() == ["lavrov"]


async def test_a_watch_added_while_running_can_be_followed(house: House) -> None:
    async with house.serving():
        assert "không biết" in (await house.ask("/follow Modi")).text
        house.watchlist = Watchlist("v2", (*WATCHLIST.watches, Leader(WatchId("modi"), "Narendra Modi")))
        await house.ask("/follow Modi")
    assert await house.followed() == ["modi"]


async def test_names_are_looked_up_beside_the_loop(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: set[int] = set()
    real = Finder.find

    def noting(finder: Finder, text: str) -> Found:
        threads.add(threading.get_ident())
        return real(finder, text)

    monkeypatch.setattr(Finder, "find", noting)
    async with house.serving():
        for said in ("/follow Putin, Lavrov", "/unfollow Putin", "Putin", "/latest Putin", "/quotes Putin"):
            await house.ask(said)
    assert threads
    assert threading.get_ident() not in threads
