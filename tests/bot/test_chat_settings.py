"""/pause, /resume and /lang."""

from datetime import timedelta

import pytest

from monitor.bot.chat_settings import span
from monitor.types import Address, ChatState
from tests.bot.house import MORNING, READER, House


async def test_a_pause_ends_by_itself_or_with_resume(house: House) -> None:
    async with house.serving():
        assert "11:30 23/08" in (await house.ask("/pause 3h30p")).text
        with house.store.reading() as tx:
            chat = tx.chat(Address(READER))
        assert chat is not None
        assert (chat.state, chat.paused_until) == (ChatState.PAUSED, MORNING + timedelta(hours=3, minutes=30))
        assert "tạm dừng" in (await house.ask("/start")).text
        assert await house.state() is ChatState.PAUSED
        await house.ask("/tieptuc")
        assert await house.state() is ChatState.ACTIVE
        await house.ask("/pause")
        assert await house.state() is ChatState.PAUSED
        assert "Tạm dừng bao lâu?" in (await house.ask("/pause đến Tết")).text


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("2h", timedelta(hours=2)),
        ("30 phút", timedelta(minutes=30)),
        ("1 ngày 12 giờ", timedelta(hours=36)),
        ("2 weeks", timedelta(weeks=2)),
        ("1h30m", timedelta(minutes=90)),
        ("", None),
        ("2", None),
        ("h", None),
        ("-2h", None),
        ("−2h", None),
        ("1d -2h", None),
        ("0", None),
        ("2 parsec", None),
        ("0h", None),
        ("9999d", None),
        ("mai", None),
    ],
)
def test_lengths_of_a_pause(text: str, length: timedelta | None) -> None:
    assert span(text) == length


async def test_the_language_is_chosen_by_word_or_button(house: House) -> None:
    async with house.serving():
        assert (await house.ask("/lang en")).text == "I speak English here from now on."
        assert "Hello" in (await house.ask("/start")).text
        question = await house.ask("/lang")
        assert question.labels() == ["Tiếng Việt", "English"]
        await house.press(question, "Tiếng Việt")
        assert house.again(question).text == "Từ giờ tôi nói tiếng Việt ở đây."
        assert "Xin chào" in (await house.ask("/start")).text
