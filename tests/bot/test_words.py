"""What people send that is no plain new text: edits, captions, stickers, and words that no one can read."""

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bot.house import CHIEF, GROUP, READER, House
from tests.bot_api import Shown

IDS = count(10_000)
PHOTO = [{"file_id": "a", "file_unique_id": "b", "width": 90, "height": 90}]
STICKER = {
    "file_id": "a",
    "file_unique_id": "b",
    "width": 512,
    "height": 512,
    "type": "regular",
    "is_animated": False,
    "is_video": False,
}
VOICE = {"file_id": "a", "file_unique_id": "b", "duration": 3}
DOCUMENT = {"file_id": "a", "file_unique_id": "b", "file_name": "tin.pdf"}


def message(house: House, chat: int = READER, *, user: int = READER, **what: Any) -> dict[str, Any]:
    """A message of a person, as Telegram tells of it."""
    return {
        "message_id": next(IDS),
        "date": 1_790_000_000,
        "chat": house.api.chat(chat).public(),
        "from": {"id": user, "is_bot": False, "first_name": "A", "language_code": "en"},
        **what,
    }


async def answers(house: House, *updates: dict[str, Any], chat: int = READER, kind: str = "message") -> list[Shown]:
    """What the bot says to these."""
    before = len(house.api.shown(chat))
    for update in updates:
        house.api.push(kind, update)
    await house.settled()
    return house.api.shown(chat)[before:]


# ---------------------------------------------------------------- edits


async def test_a_command_that_was_corrected_is_answered(house: House) -> None:
    async with house.serving():
        asked = message(house, text="/folow Putin")
        assert "/folow" in (await answers(house, asked))[0].text
        await answers(house, asked | {"text": "/follow Putin", "edit_date": 1_790_000_009}, kind="edited_message")
        assert await house.followed() == ["putin"]


async def test_an_edit_that_changes_no_word_is_not_answered_again(house: House) -> None:
    async with house.serving():
        asked = message(house, text="/following")
        assert len(await answers(house, asked)) == 1
        assert await answers(house, asked | {"edit_date": 1_790_000_009}, kind="edited_message") == []
        edited = asked | {"text": "/help", "edit_date": 1_790_000_010}
        assert len(await answers(house, edited, edited, kind="edited_message")) == 1


async def test_corrected_words_without_a_command_are_not_asked_about(house: House) -> None:
    async with house.serving():
        await house.ask("/start")
        assert await answers(house, message(house, text="Putin"), kind="edited_message") == []
        chat = message(house, GROUP, user=CHIEF, text="chào")
        assert await answers(house, chat, chat=GROUP, kind="edited_message") == []


# ---------------------------------------------------------------- captions and what has none


async def test_a_caption_is_read_as_a_text_is(house: House) -> None:
    async with house.serving():
        await answers(house, message(house, photo=PHOTO, caption="/follow Putin"))
        assert await house.followed() == ["putin"]
        (offer,) = await answers(house, message(house, document=DOCUMENT, caption="Lavrov"))
        assert "Lavrov" in str(offer.buttons)
        (why,) = await answers(house, message(house, photo=PHOTO, caption="https://ben-song.example/k9.html"))
        assert not why.buttons
        assert why.text != offer.text
        assert await answers(house, message(house, GROUP, user=CHIEF, photo=PHOTO, caption="chào"), chat=GROUP) == []
        await answers(house, message(house, GROUP, user=CHIEF, photo=PHOTO, caption="/follow Lavrov"), chat=GROUP)
    assert await house.followed(GROUP) == ["lavrov"]


@pytest.mark.parametrize("what", [{"sticker": STICKER}, {"photo": PHOTO}, {"voice": VOICE}, {"document": DOCUMENT}])
async def test_what_has_no_words_gets_one_helpful_answer_in_private_and_none_in_a_group(
    house: House, what: dict[str, Any]
) -> None:
    async with house.serving():
        (told,) = await answers(house, message(house, **what))
        assert "/help" in told.text or "/trogiup" in told.text
        assert await answers(house, message(house, GROUP, user=CHIEF, **what), chat=GROUP) == []


async def test_an_album_is_answered_once(house: House) -> None:
    async with house.serving():
        album = [message(house, photo=PHOTO, media_group_id="7") for _ in range(10)]
        assert len(await answers(house, *album)) == 1
        first = message(house, photo=PHOTO, media_group_id="8", caption="/following")
        rest = [message(house, photo=PHOTO, media_group_id="8") for _ in range(9)]
        assert len(await answers(house, first, *rest)) == 1


async def test_stickers_are_a_storm_too(house: House) -> None:
    house.patient = False
    async with house.serving():
        assert len(await answers(house, *(message(house, sticker=STICKER) for _ in range(100)))) == 21


# ---------------------------------------------------------------- words that no one can read

HOSTILE = {
    "tags": "<b>Putin</b> <script>alert(1)</script> </b></i> &amp; &lt; <a href='x'>",
    "right to left": "\u202ePutin\u202c \u2067سيرغي لافروف\u2069 שלום",
    "zero width": "P\u200bu\u200dt\u2060i\ufeffn",
    "combining marks": "Z" + "\u0301\u0323" * 200 + "algo",
    "controls": "\x01\x02Putin\x07\x0b\x1f\x7f",
    "emoji": "👩\u200d👩\u200d👧\u200d👦" * 100,
    "surrogates": "\U0001f3f4\U000e0067\U000e0062\U000e007f" * 50,
    "blanks": "\u2028\u2029\u00a0\u3000\u180e\u2800",
    "format": "%s {0} {name} %(n)d \\n ${x}",
    "100 kB": "Putin và Lavrov " * 6_500,
    "100 kB of tags": "<b>" * 35_000,
    "100 kB without a blank": "a" * 100_000,
    "100 kB of marks": "ế" * 50_000,
}


def refused(house: House) -> list[str]:
    """What Telegram would not take."""
    return [call.error for call in house.api.calls if call.error and call.method != "getUpdates"]


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
async def test_no_words_break_an_answer(house: House, words: str) -> None:
    async with house.serving():
        await house.ask("/start")
        for command in ("", "/follow ", "/latest ", "/pause ", "/missed ", "/khong"):
            asked: list[dict[str, Any]] = [
                {"text": command + words},
                {"photo": PHOTO, "caption": command + words},
            ]
            for what in asked:
                assert len(await answers(house, message(house, **what))) == 1
    assert refused(house) == []


anything = st.text(max_size=300)


@pytest.mark.slow
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(anything, min_size=5, max_size=15))
async def test_random_unicode_breaks_no_answer(house: House, texts: list[str]) -> None:
    async with house.serving():
        for prefix in ("", "/follow ", "/lang "):
            for words in texts:
                asked = f"{prefix}{words}"
                told = await answers(house, message(house, text=asked), message(house, caption=asked, photo=PHOTO))
                assert len(told) >= (2 if prefix else 1)
    assert refused(house) == []
