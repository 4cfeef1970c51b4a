"""/start, /help and /sources: what a newcomer reads."""

from monitor.types import ChatState
from tests.bot.house import EDITOR, READER, House


async def test_a_newcomer_is_welcomed_in_vietnamese_and_is_a_subscriber_from_then_on(house: House) -> None:
    async with house.serving():
        hello = await house.ask("/start")
    assert "Xin chào" in hello.text
    assert "/danhsach" in hello.text
    assert await house.state() is ChatState.ACTIVE


async def test_whose_telegram_is_english_is_spoken_to_in_english(house: House) -> None:
    async with house.serving():
        assert "Hello" in (await house.ask("/start", lang="en-GB")).text
        # and stays so when the phone's language changes
        assert "/follow · /theodoi – follow a name" in (await house.ask("/help", lang="vi")).text


async def test_a_link_with_a_name_follows_it_at_once(house: House) -> None:
    async with house.serving():
        house.api.push_message(READER, "/start follow_putin")
        await house.api.until(lambda: len(house.api.shown(READER)) == 2)
    assert "✅ Đã theo dõi: Vladimir Putin" in house.api.texts(READER)[-1]
    assert await house.followed() == ["putin"]


async def test_help_names_the_admins_commands_in_admin_chats_alone(house: House) -> None:
    async with house.serving(admins=[EDITOR]):
        assert "/status" in (await house.ask("/help", EDITOR)).text
        assert "/status" not in (await house.ask("/help")).text


async def test_the_sources_are_the_outlets(house: House) -> None:
    async with house.serving():
        answer = await house.ask("/sources")
    assert answer.text.splitlines() == ["Đang đọc 2 báo:", "• Bến Sông (2)", "• Sao Mai (1)"]
