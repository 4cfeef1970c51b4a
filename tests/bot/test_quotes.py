"""/quotes as a reader meets it: PTB as the real client, the loopback Bot API as Telegram, a real store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from monitor.notify.html import MAX_UNITS, units
from monitor.pipeline.told_quotes import told_once
from monitor.types import Entry, FeedId, ItemId, NewItem, Placement, Quote, Role, Spoken, StoryId, WatchId
from tests.bot.house import MORNING, READER, House

PUTIN = WatchId("putin")
SAID = Quote(PUTIN, "ông Putin", "nói", "Cây cầu sẽ mở lại", True, "title", 4, 21)


def tell(house: House, key: str, *quotes: Quote, outlet: str = "Bến Sông", story: StoryId | None = None) -> StoryId:
    entry = Entry(key, key, f"https://ben-song.example/{key}.html", "Tin cây cầu", published_at=house.clock.now)
    with house.store.writing() as tx:
        [item] = tx.add_items([NewItem(entry, FeedId("ben-song"), outlet, house.clock.now, True)])
        placed = tx.save_detection(item, [], Placement(story, Role.NEW), version="v1", now=house.clock.now)
        tx.save_quotes(item.id, quotes)
    return placed


async def test_what_a_leader_said_is_shown_with_the_outlets_that_tell_it(house: House) -> None:
    story = tell(house, "k1", SAID)
    tell(house, "k2", replace(SAID, text="Cây cầu sẽ mở lại!"), outlet="Sao Mai", story=story)
    tell(house, "k3", replace(SAID, text="cầu <b>rất</b> bền & đẹp", verb="cho biết", direct=False))
    async with house.serving():
        answer = await house.ask("/quotes Putin")
        also = await house.ask("/trichdan putin")
    assert answer.text.splitlines() == [
        "Phát ngôn của Vladimir Putin:",
        "",
        "💬 Vladimir Putin cho biết: cầu <b>rất</b> bền & đẹp",
        "Bến Sông · 08:00",
        "",
        "💬 “Cây cầu sẽ mở lại!” — Vladimir Putin nói",
        "Sao Mai · +1 báo: Bến Sông · 08:00",
    ]
    assert also.text == answer.text
    links = [each["url"] for each in answer.entities if each["type"] == "text_link"]
    assert links == ["https://ben-song.example/k3.html", "https://ben-song.example/k2.html"]


async def test_without_a_target_it_is_what_the_chat_follows(house: House) -> None:
    tell(house, "k1", SAID)
    async with house.serving():
        assert "chưa theo dõi gì" in (await house.ask("/quotes")).text
        await house.ask("/follow Tô Lâm")
        assert "14 ngày" in (await house.ask("/quotes")).text
        await house.ask("/follow #nga")
        assert "“Cây cầu sẽ mở lại”" in (await house.ask("/quotes")).text


async def test_an_event_brings_what_leaders_said_about_it(house: House) -> None:
    tell(house, "k1", SAID, replace(SAID, start=30, text="Động đất đã qua rồi", about=(WatchId("dong-dat"),)))
    async with house.serving():
        answer = await house.ask("/quotes động đất")
    assert "“Động đất đã qua rồi”" in answer.text
    assert "cầu" not in answer.text


async def test_an_unknown_name_gets_a_helpful_answer(house: House) -> None:
    async with house.serving():
        answer = await house.ask("/quotes Xyzzyq")
    assert "“Xyzzyq”" in answer.text
    assert "/danhsach" in answer.text or "/watchlist" in answer.text


async def test_a_long_list_is_turned_page_by_page_within_telegrams_limit(house: House) -> None:
    for n in range(12):
        house.clock.now += timedelta(minutes=1)
        tell(house, f"k{n}", replace(SAID, text=f"Câu thứ {n}: " + "🌉 " * 900))
    async with house.serving():
        shown = await house.ask("/quotes putin")
        assert units(shown.text) <= MAX_UNITS
        assert [f"Câu thứ {n}:" in shown.text for n in (11, 7, 6)] == [True, True, False]
        assert shown.labels() == ["1/3", "▶"]
        await house.press(shown, "▶")
        assert "Câu thứ 6:" in house.again(shown).text
        await house.press(house.again(shown), "▶")
        assert "Câu thứ 0:" in house.again(shown).text
        assert house.again(shown).labels() == ["◀", "3/3"]


async def test_an_old_button_says_that_the_watchlist_has_changed(house: House) -> None:
    for n in range(6):
        tell(house, f"k{n}", replace(SAID, text=f"Câu thứ {n} của bài"))
    async with house.serving():
        shown = await house.ask("/quotes putin")
        house.watchlist = replace(house.watchlist, version="v2", watches=house.watchlist.watches[1:])
        note = await house.press(shown, "▶")
    assert "thay đổi" in note
    assert house.again(shown).text == shown.text


async def test_the_menu_and_help_name_it(house: House) -> None:
    async with house.serving():
        assert "/quotes · /trichdan" in (await house.ask("/help")).text
        await house.settled()
    assert any(each["command"] == "quotes" for menu in house.api.commands.values() for each in menu)
    assert house.api.shown(READER)


def _spoken(*quotes: Quote, outlet: str, minutes: int = 0, story: str = "1") -> Sequence[Spoken]:
    at = MORNING - timedelta(minutes=minutes)
    return [Spoken(each, ItemId(outlet), outlet, "", "", at, StoryId(story)) for each in quotes]


def test_the_same_words_of_one_story_or_day_are_one_with_the_fullest_wording() -> None:
    full = replace(SAID, text="Cây cầu sẽ mở lại, và sớm thôi")
    other = replace(SAID, watch_id=WatchId("lavrov"))
    tellings = told_once(
        [
            *_spoken(SAID, outlet="A"),
            *_spoken(full, other, outlet="B", minutes=5),
            *_spoken(SAID, outlet="C", minutes=9_000, story="2"),
        ]
    )
    assert [(each.best.quote.text, [one.outlet for one in each.by]) for each in tellings] == [
        (full.text, ["A", "B"]),
        (other.text, ["B"]),
        (SAID.text, ["C"]),
    ]
