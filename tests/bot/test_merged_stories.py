"""Buttons and commands on messages whose story is called otherwise now: PTB, the loopback Bot API, a real store."""

import pytest

from monitor.types import Address, Reason, ReasonCode, StoryId
from tests.bot.house import READER, House
from tests.bot_api import Shown

NEWER = "Ông Putin khánh thành nhà máy"


@pytest.fixture
async def merged(house: House) -> tuple[House, StoryId, StoryId, Shown]:
    """A reader's message about a story that has been merged into an older one."""
    into = house.story()
    gone = house.story(NEWER, key="k2", outlet="Sao Mai")
    shown = await house.alert(Address(READER), gone)
    with house.store.writing() as tx:
        assert tx.merge_stories(gone, into, reason=Reason(ReasonCode.MERGED))
    return house, into, gone, shown


async def test_why_tells_of_the_story_as_it_is_now(merged: tuple[House, StoryId, StoryId, Shown]) -> None:
    house, _, _, shown = merged
    async with house.serving():
        await house.press(shown, "Vì sao?")
        text = next(each.text for each in house.api.shown(READER) if each.reply_to == shown.message_id)
    assert "2 bài" in text
    assert NEWER in text
    assert "tin sau cho thấy hai chuyện là một" in text


async def test_why_in_reply_works_too(merged: tuple[House, StoryId, StoryId, Shown]) -> None:
    house, _, _, shown = merged
    async with house.serving():
        said = await house.ask("/why", reply_to=shown.message_id)
    assert "Sao Mai" in said.text
    assert "Bến Sông" in said.text


async def test_muting_by_an_old_message_mutes_the_story_of_today(merged: tuple[House, StoryId, StoryId, Shown]) -> None:
    house, into, gone, shown = merged
    async with house.serving():
        await house.press(shown, "Tạm im")
    with house.store.reading() as tx:
        assert tx.muted(into) == tx.muted(gone) == {Address(READER)}


async def test_a_complaint_about_an_old_message_is_kept(merged: tuple[House, StoryId, StoryId, Shown]) -> None:
    house, _, _, shown = merged
    async with house.serving():
        await house.press(shown, "Sai")
    with house.store.reading() as tx:
        (said,) = tx.feedback(limit=5)
    assert said["title"] == NEWER
