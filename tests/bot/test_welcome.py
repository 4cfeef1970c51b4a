"""/start, /help and /sources: what a newcomer reads."""

import pytest

from monitor.types import ChatState
from tests.bot.house import EDITOR, OTHER, READER, House


async def test_a_newcomer_is_welcomed_in_vietnamese_and_is_a_subscriber_from_then_on(house: House) -> None:
    async with house.serving():
        hello = await house.ask("/start")
    assert "Xin chào" in hello.text
    assert "m:r:0" in hello.data()
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


@pytest.mark.parametrize(
    ("link", "followed"),
    [
        ("follow_putin__to-lam", ["putin", "to-lam"]),
        ("follow_putin_nga", ["putin", "#nga"]),
        ("follow_trung-dong", ["#trung-dong"]),
        ("follow_PUTIN", ["putin"]),
        ("follow_", []),
    ],
)
async def test_a_link_may_name_several_watches_and_tags(house: House, link: str, followed: list[str]) -> None:
    async with house.serving():
        house.api.push_message(READER, f"/start {link}")
        await house.settled()
    assert await house.followed() == followed


async def test_a_wrong_link_is_told_in_clear_words_and_what_is_right_in_it_is_followed(house: House) -> None:
    async with house.serving():
        await house.ask("/lang en")
        house.api.push_message(READER, "/start follow_putin__nobody-at-all")
        await house.settled()
        assert "names “nobody-at-all”, which the watchlist does not have" in house.api.texts(READER)[-1]
        assert "I do not know “abc” of the link" in (await house.ask("/start abc")).text
    assert await house.followed() == ["putin"]


async def test_an_invitation_may_bring_a_wish_along(house: House) -> None:
    async with house.serving("invite", admins=[EDITOR]):
        await house.ask("/invite", EDITOR)
        assert "đã hết hạn" in (await house.ask("/start ma-moi-9_follow_putin", OTHER)).text
        house.api.push_message(READER, "/start ma-moi-1_follow_putin_to-lam")
        await house.api.until(lambda: len(house.api.shown(READER)) == 2)
    assert await house.followed() == ["putin", "to-lam"]
    assert await house.state(OTHER) is None


async def test_help_names_the_admins_commands_in_admin_chats_alone(house: House) -> None:
    async with house.serving(admins=[EDITOR]):
        assert "/status" in (await house.ask("/help", EDITOR)).text
        assert "/status" not in (await house.ask("/help")).text


async def test_the_sources_are_the_outlets(house: House) -> None:
    async with house.serving():
        answer = await house.ask("/sources")
    assert answer.text.splitlines() == ["Đang đọc 2 báo:", "• Bến Sông (2)", "• Sao Mai (1)"]
