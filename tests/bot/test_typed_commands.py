"""Commands as people type them."""

import pytest

from monitor.bot.commands import BY_NAME, COMMANDS
from monitor.bot.typed_commands import as_command
from tests.bot.house import CHIEF, GROUP, House

NAMES = {*BY_NAME, "theodoirieng", "tim"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/theo dõi Putin", "/theodoi Putin"),
        ("/Theo Dõi  Tô Lâm", "/theodoi  Tô Lâm"),
        ("/bỏ theo dõi Putin", "/botheodoi Putin"),
        ("/đang theo dõi", "/dangtheodoi"),
        ("/danh sách", "/danhsach"),
        ("/ danh sách", "/danhsach"),
        ("/danh-sách", "/danhsach"),
        ("/tạm dừng 2h", "/tamdung 2h"),
        ("/theo dõi riêng giá vàng", "/theodoirieng giá vàng"),
        ("/theo doi rieng gia vang", "/theodoirieng gia vang"),
        ("/mới nhất Putin", "/moinhat Putin"),
        ("/mời 24h", "/moi 24h"),
        ("/tìm giá vàng", "/tim giá vàng"),
        ("/vì sao", "/visao"),
        ("/trợ giúp@monitor_test_bot", "/trogiup@monitor_test_bot"),
        ("/follow Putin", "/follow Putin"),
        ("/follow@monitor_test_bot Putin", "/follow@monitor_test_bot Putin"),
        ("/theodoi\nPutin", "/theodoi\nPutin"),
        ("/theo ông Putin", "/theo ông Putin"),
        ("/theodoing", "/theodoing"),
        ("/", "/"),
        ("và/hoặc", "và/hoặc"),
    ],
)
def test_a_command_is_known_with_marks_and_blanks(typed: str, meant: str) -> None:
    assert as_command(typed, NAMES) == meant


def test_every_command_stays_what_it_is() -> None:
    for command in COMMANDS:
        for name in (command.name, command.also):
            assert as_command(f"/{name} Putin", BY_NAME) == f"/{name} Putin"


async def test_a_vietnamese_command_with_marks_is_answered_in_private_and_in_a_group(house: House) -> None:
    async with house.serving():
        assert "Vladimir Putin" in (await house.ask("/theo dõi Putin")).text
        assert "Vladimir Putin" in (await house.ask("/đang theo dõi")).text
        assert "Vladimir Putin" in (await house.ask("/bỏ theo dõi Putin")).text
        await house.ask("/theo dõi Tô Lâm", GROUP, user=CHIEF)
    assert await house.followed() == []
    assert await house.followed(GROUP) == ["to-lam"]
