"""/start, /help and /sources: what a newcomer reads."""

import pytest

from monitor.bot.commands import SECTIONS
from monitor.notify.html import MAX_UNITS, units
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


@pytest.mark.parametrize("lang", ["en", "vi"])
async def test_help_is_one_message_in_short_parts_by_what_people_want_to_do(house: House, lang: str) -> None:
    async with house.serving(admins=[EDITOR]):
        shown = await house.ask("/help", EDITOR, lang=lang)
    parts = shown.text.split("\n\n")[1:-1]
    assert len(parts) == len(SECTIONS)
    assert [part.count("\n") for part in parts] == [len(section.commands) for section in SECTIONS]
    assert max(map(len, (section.commands for section in SECTIONS[:-1]))) <= 8  # a part is seen at a glance
    assert not shown.text.endswith("…")
    assert units(shown.text) < MAX_UNITS


def test_a_part_of_help_is_for_admins_alone_or_for_everybody() -> None:
    assert all(len({command.admin for command in section.commands}) == 1 for section in SECTIONS)
