"""The first screen: what is offered, a real alert as an example, and what to expect."""

from datetime import date, timedelta

from monitor.bot.popular import popular, stories_a_day
from monitor.store.count_rows import DailyCount
from monitor.store.tables import daily_counts
from monitor.types import Event, Leader, Priority, WatchId
from tests.bot.house import CHANNEL, CHIEF, FORUM, GROUP, MEMBER, MORNING, READER, House

TODAY = date(2026, 8, 23)
NEWS = [Leader(WatchId(f"l{n}"), f"Leader {n}") for n in range(9)] + [
    Event(WatchId(f"e{n}"), f"Event {n}") for n in range(6)
]


def counted(day: int, watch_id: str, stories: int) -> DailyCount:
    return DailyCount(TODAY - timedelta(days=day), WatchId(watch_id), stories * 3, stories)


def test_leaders_and_events_are_mixed_by_mentions_and_neither_crowds_the_other_out() -> None:
    mentions = {watch.id: 100 - n for n, watch in enumerate(NEWS)}
    assert [watch.id for watch in popular(NEWS, mentions)] == [
        "l0",
        "l1",
        "l2",
        "l3",
        "l4",
        "l5",
        "e0",
        "e1",
        "e2",
        "e3",
    ]
    assert [watch.id for watch in popular(NEWS, {WatchId("l3"): 4, WatchId("e1"): 7})] == ["e1", "l3"]


def test_what_the_editors_call_urgent_fills_a_quiet_day_up() -> None:
    urgent = Leader(WatchId("to-lam"), "Tô Lâm", tags=("viet-nam",), priority=Priority.HIGH)
    abroad = Leader(WatchId("putin"), "Vladimir Putin", tags=("nga",), priority=Priority.HIGH)
    watches = [NEWS[0], abroad, urgent]
    assert [watch.id for watch in popular(watches, {})] == ["to-lam", "putin"]
    assert [watch.id for watch in popular(watches, {WatchId("putin"): 3})] == ["putin", "to-lam"]


def test_the_mean_is_of_the_days_that_are_over_and_were_counted() -> None:
    wanted = {WatchId("putin"), WatchId("bao")}
    week = [counted(day, "putin", 2) for day in range(8)] + [counted(day, "bao", 1) for day in range(0, 8, 2)]
    assert stories_a_day(week, wanted, today=TODAY) == (7 * 2 + 3) / 7
    assert stories_a_day([counted(2, "putin", 4)], wanted, today=TODAY) == 2
    assert stories_a_day([counted(2, "lavrov", 4)], wanted, today=TODAY) == 0
    assert stories_a_day([counted(0, "putin", 4)], wanted, today=TODAY) is None
    assert stories_a_day([], wanted, today=TODAY) is None


def count_days(house: House, watch_id: str, stories: int) -> None:
    """Have a watch been in the news of the last seven days."""
    with house.store.writing() as tx:
        for day in range(1, 8):
            row = {"day": TODAY - timedelta(days=day), "watch_id": watch_id, "items": stories, "stories": stories}
            tx._change(daily_counts.insert().values(row))


async def test_with_nothing_stored_there_are_no_empty_lists_and_no_zeros(house: House) -> None:
    async with house.serving():
        hello = await house.ask("/start", lang="en")
    assert hello.data() == ["m:r:0", "help:", "s:lang:vi"]
    assert "0" not in hello.text
    assert "You follow" not in hello.text
    assert "So it looks" not in hello.text


async def test_the_first_screen_offers_what_the_news_is_about_and_shows_a_real_alert(house: House) -> None:
    house.story()
    house.story("Ông Putin tiếp khách", key="k2", outlet="Sao Mai")
    async with house.serving():
        hello = await house.ask("/start", lang="en")
        assert hello.labels()[0] == "Vladimir Putin · 2"
        assert "🔔 Vladimir Putin\nÔng Putin" in hello.text
        assert "blockquote" in {each["type"] for each in hello.entities}
        assert await house.press(hello, "Vladimir Putin") == "Followed: Vladimir Putin"
        followed = house.again(hello)
        assert followed.labels()[0] == "✅ Vladimir Putin · 2"
        assert followed.text.startswith("✅ Now following: Vladimir Putin\nNewest: Ông Putin tiếp khách Sao Mai")
        assert "You follow 1 target." in followed.text
        await house.press(followed, "✅ Vladimir Putin")
        assert house.again(hello).labels() == hello.labels()
    assert await house.followed() == []
    assert len(house.api.shown(READER)) == 1


async def test_what_is_followed_is_told_with_how_many_messages_to_expect(house: House) -> None:
    count_days(house, "putin", 3)
    async with house.serving():
        await house.ask("/follow Putin, Lavrov", lang="en")
        hello = await house.ask("/start")
    assert "You follow 2 targets; about 3 messages a day." in hello.text


async def test_buttons_stay_where_they_are_while_one_chooses(house: House) -> None:
    house.story()
    async with house.serving():
        hello = await house.ask("/start", lang="en")
        house.clock.now += timedelta(days=2)
        await house.press(hello, "Vladimir Putin")
        assert house.again(hello).labels()[0] == "✅ Vladimir Putin"
    assert await house.followed() == ["putin"]


async def test_the_language_is_changed_in_place_for_all_that_follows(house: House) -> None:
    async with house.serving():
        hello = await house.ask("/start")
        await house.press(hello, "English")
        assert house.again(hello).text.startswith("Hello!")
        assert house.again(hello).labels()[-1] == "Tiếng Việt"
        assert "You can send me a name" in (await house.ask("/help")).text
        await house.press(house.again(hello), "Tiếng Việt")
        assert house.again(hello).text.startswith("Xin chào!")


async def test_the_list_and_help_are_a_tap_away(house: House) -> None:
    async with house.serving():
        hello = await house.ask("/start", lang="en")
        await house.press(hello, "Help")
        assert "/watchlist" in house.api.texts(READER)[-1]
        await house.press(hello, "List")
        assert house.again(hello).labels()[0] == "👤 Leaders · 5"


async def test_in_a_group_a_channel_and_a_topic_only_administrators_choose_on_the_first_screen(house: House) -> None:
    house.story()
    async with house.serving():
        places = [
            (GROUP, await house.ask("/start", GROUP, user=MEMBER, lang="en")),
            (CHANNEL, await house.ask("/start", CHANNEL)),
            (FORUM, await house.ask("/start", FORUM, user=MEMBER, topic=7)),
        ]
        for _, hello in places:
            assert await house.press(hello, "Vladimir Putin", user=MEMBER) != ""
            assert house.again(hello) == hello
            await house.press(hello, "Vladimir Putin", user=CHIEF)
            assert house.again(hello).labels()[0] == "✅ Vladimir Putin · 1"
    assert await house.followed(GROUP) == await house.followed(CHANNEL) == await house.followed(FORUM, 7) == ["putin"]
    assert await house.followed(FORUM) == []


async def test_a_press_of_something_else_says_that_the_list_has_changed(house: House) -> None:
    house.story()
    async with house.serving():
        hello = await house.ask("/start", lang="en")
        house.watchlist = type(house.watchlist)("v2", house.watchlist.watches[1:])
        assert "changed" in await house.press(hello, "Vladimir Putin")
    assert await house.followed() == []


async def test_mentions_are_of_the_last_day(house: House) -> None:
    house.clock.now = MORNING - timedelta(days=2)
    house.story()
    house.clock.now = MORNING
    async with house.serving():
        assert "Vladimir Putin" not in "".join((await house.ask("/start")).labels())
