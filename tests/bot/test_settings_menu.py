"""/settings: everything that a chat can set, by buttons that survive a restart."""

from datetime import timedelta

from sqlalchemy import select

from monitor.store.tables import chats
from monitor.types import Address, Chat, ChatKind, ChatState, Feed, FeedId, Preferences
from tests.bot.house import CHIEF, FEEDS, GROUP, MEMBER, MORNING, READER, House
from tests.bot.test_digest_settings import chat, english
from tests.bot_api import Shown


async def opened(house: House) -> Shown:
    await english(house)
    return await house.ask("/settings")


async def pressed(house: House, page: Shown, *labels: str) -> Shown:
    for label in labels:
        await house.press(house.again(page), label)
    return house.again(page)


def wishes(house: House, who: int = READER) -> Preferences:
    return chat(house, who).preferences


async def test_one_message_shows_all_and_sets_all(house: House) -> None:
    async with house.serving():
        page = await opened(house)
        assert "Settings of this chat" in page.text
        await pressed(house, page, "Digests:", "07:00", "All settings")
        await pressed(house, page, "Quiet hours:", "22:00–06:00", "All settings")
        await pressed(house, page, "Rings at the first newspaper", "3")
        await pressed(house, page, "Developments", "Picture of the day", "Weekly report", "unusual numbers")
        await pressed(house, page, "Time zone", "Europe/Paris")
        await pressed(house, page, "Muted newspapers", "Bến Sông", "All settings")
        shown = await pressed(house, page, "Shown first", "Sao Mai", "All settings")
    assert wishes(house) == Preferences(
        digest_hours=("07:00",),
        quiet=("22:00", "06:00"),
        zone="Europe/Paris",
        least_outlets=3,
        updates=False,
        muted_outlets=("Bến Sông",),
        preferred_outlets=("Sao Mai",),
        picture_of_day=True,
        weekly_report=True,
        spikes=False,
    )
    assert [label for label in shown.labels() if "1" in label and "newspapers" in label] == ["🔇 Muted newspapers: 1"]
    assert len(house.api.shown(READER)) == 2, "the answer to /lang, and one message all the time"


async def test_buttons_work_after_a_restart(house: House) -> None:
    async with house.serving():
        page = await opened(house)
    async with house.serving():
        await pressed(house, page, "Developments")
        assert wishes(house).updates is False


async def test_the_language_changes_at_once(house: House) -> None:
    async with house.serving():
        page = await opened(house)
        await pressed(house, page, "English")
        assert chat(house).lang == "vi"
        await pressed(house, page, "Tiếng Việt")
        assert chat(house).lang == "en"
        assert "Settings of this chat" in house.again(page).text


async def test_a_pause_is_set_and_ended_there(house: House) -> None:
    async with house.serving():
        page = await opened(house)
        shown = await pressed(house, page, "Pause: none", "3 hours")
        assert any("Paused until 11:00" in label for label in shown.labels())
        assert chat(house).paused_until == MORNING + timedelta(hours=3)
        await pressed(house, page, "Paused until", "Alerts again")
        assert chat(house).state is ChatState.ACTIVE


async def test_a_newspaper_is_muted_or_shown_first_and_not_both(house: House) -> None:
    async with house.serving():
        page = await opened(house)
        await pressed(house, page, "Muted newspapers", "Bến Sông", "Sao Mai", "All settings")
        await pressed(house, page, "Shown first", "Bến Sông")
        assert (wishes(house).muted_outlets, wishes(house).preferred_outlets) == (("Sao Mai",), ("Bến Sông",))
        await pressed(house, page, "Bến Sông")
        assert (wishes(house).muted_outlets, wishes(house).preferred_outlets) == (("Sao Mai",), ())


async def test_many_newspapers_have_pages(house: House) -> None:
    house.feeds = [*FEEDS, *(Feed(FeedId(f"to-{n}"), f"Tờ {n:02}", f"https://to-{n}.example/rss") for n in range(20))]
    async with house.serving():
        page = await opened(house)
        await pressed(house, page, "Muted newspapers", "▶", "▶", "Tờ 18")
        assert wishes(house).muted_outlets == ("Tờ 18",)
        assert "✅ Tờ 18" in house.again(page).labels()


async def test_a_zone_is_set_by_its_name_and_moves_the_hours(house: House) -> None:
    async with house.serving():
        await english(house)
        await house.ask("/digest 18:00")
        await house.ask("/settings zone Europe/Paris")
        assert wishes(house).zone == "Europe/Paris"
        assert chat(house).gather_until == MORNING + timedelta(hours=15)  # 18:00 there is 16:00 UTC
        await house.ask("/caidat múi giờ Tokyo")
        assert wishes(house).zone == "Asia/Tokyo"
        assert "/settings zone Europe/Paris" in (await house.ask("/settings zone Sao Hỏa")).text


async def test_a_weekly_report_is_planned_for_monday(house: House) -> None:
    async with house.serving():
        page = await opened(house)
        await pressed(house, page, "Weekly report")
        with house.store.reading() as tx:
            (row,) = tx._rows(select(chats.c.report_at).where(chats.c.chat_id == READER))
        assert row.report_at == MORNING.replace(day=24, hour=0)
        await pressed(house, page, "Weekly report")
        with house.store.reading() as tx:
            (row,) = tx._rows(select(chats.c.report_at).where(chats.c.chat_id == READER))
        assert row.report_at is None


async def test_in_a_group_only_administrators_set_anything(house: House) -> None:
    async with house.serving():
        await house.ask("/lang en", GROUP, user=CHIEF)
        page = await house.ask("/settings", GROUP, user=CHIEF)
        await house.press(page, "Developments", user=MEMBER)
        assert wishes(house, GROUP).updates is True
        await house.press(page, "Developments", user=CHIEF)
        assert wishes(house, GROUP).updates is False


async def test_every_button_fits_into_what_telegram_carries(house: House) -> None:
    house.feeds = [Feed(FeedId("dai"), "Tờ báo có tên rất dài " * 20, "https://dai.example/rss")]
    with house.store.writing() as tx:
        long = Preferences(zone="America/Argentina/ComodRivadavia", digest_hours=("06:45",), quiet=("21:15", "05:45"))
        tx.save_chat(Chat(Address(READER), ChatKind.PRIVATE, preferences=long))
    async with house.serving():
        page = await opened(house)
        for name in ("Digests:", "Quiet hours:", "Pause", "Rings at", "Muted", "Shown first", "Time zone"):
            shown = await pressed(house, page, name)
            assert all(len(each["callback_data"].encode()) <= 64 for row in shown.buttons for each in row)
            await pressed(house, page, "All settings")
