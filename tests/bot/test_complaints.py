"""/feedback: a complaint is seen with its evidence, ends in a line for the watch, and is closed."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app.edit_desk import EditDesk
from monitor.pipeline.complaining import evidence_of
from monitor.pipeline.config_changes import FilesRead
from monitor.types import Address, ChangeAction, StoryId, WatchId
from tests.bot.house import CHIEF, EDITOR, GROUP, MEMBER, OTHER, READER, House
from tests.bot_api import Shown

FILE = """\
leaders:
  - id: putin
    name: Vladimir Putin
    aliases: [Putin]   # also a dog's name
"""
RIGHT = "Tổng thống Putin phát biểu về ngân sách số {}"
WRONG = "Chú chó Putin đoạt giải chạy lần {}"


@pytest.fixture
def watchlist(house: House, tmp_path: Path) -> Path:
    """The file, at a desk of the house; twenty alerts that nobody complained of."""
    path = tmp_path / "config" / "watchlists" / "all.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(FILE)

    async def read_files() -> FilesRead:
        return FilesRead("v2")

    house.desk = EditDesk(tmp_path / "config", house.store, read_files=read_files, clock=house.clock)
    for n in range(20):
        house.story(RIGHT.format(n), key=f"r{n}")
    return path


def complained(house: House, n: int, *chats: int) -> StoryId:
    story = house.story(WRONG.format(n), key=f"w{n}")
    with house.store.writing() as tx:
        view = tx.story(story)
        assert view is not None
        for chat in chats or (READER,):
            tx.add_feedback(Address(chat), story, evidence_of(view, [WatchId("putin")]), now=house.clock.now)
    house.clock.now += timedelta(minutes=1)
    return story


async def opened(house: House, chat: int = EDITOR, *, user: int | None = None) -> Shown:
    await house.ask("/lang en", chat, user=user)
    return await house.ask("/feedback", chat, user=user)


def text_of(path: Path) -> str:
    return path.read_text()


async def test_complaints_end_in_a_line_that_is_written_after_a_yes(house: House, watchlist: Path) -> None:
    for n in range(6):
        complained(house, n)
    house.clock.now += timedelta(days=1)
    async with house.serving(admins=[EDITOR]):
        shown = await opened(house)
        assert "✍️ Propose a line: Vladimir Putin" in shown.labels()
        before = len(house.api.shown(EDITOR))
        await house.press(shown, "✍️")
        await house.api.until(lambda: len(house.api.shown(EDITOR)) > before)
        offered = house.api.shown(EDITOR)[-1]
        assert "\n+" in offered.text
        assert "Lost: 6" in offered.text
        assert "Gained" not in offered.text
        assert text_of(watchlist) == FILE
        await house.press(offered, "✅")
    written = text_of(watchlist)
    assert written != FILE
    assert "# also a dog's name" in written


async def test_a_complaint_that_says_nothing_surely_leads_to_the_hand(house: House, watchlist: Path) -> None:
    complained(house, 1)
    house.clock.now += timedelta(days=1)
    async with house.serving(admins=[EDITOR]):
        shown = await opened(house)
        before = len(house.api.shown(EDITOR))
        await house.press(shown, "✍️")
        await house.api.until(lambda: len(house.api.shown(EDITOR)) > before)
        answer = house.api.shown(EDITOR)[-1]
    assert "/edit" in answer.text or answer.labels()
    assert text_of(watchlist) == FILE


async def test_complaints_are_paged_and_closed_one_by_one_with_who_did_it(house: House) -> None:
    complained(house, 1)
    complained(house, 2, READER, OTHER)
    async with house.serving(admins=[EDITOR]):
        shown = await opened(house)
        assert WRONG.format(2) in shown.text
        assert "\n   1002\n   1001\n" in shown.text
        assert "Vladimir Putin (name: Putin) “Putin”" in shown.text
        await house.press(shown, "▶")
        assert WRONG.format(1) in house.again(shown).text
        await house.press(house.again(shown), "✅ Done")
        assert WRONG.format(2) in house.again(shown).text
        await house.press(house.again(shown), "🚫")
        assert house.again(shown).text == "No complaints."
        with house.store.reading() as tx:
            log = [(row.action, row.what, row.after) for row in tx.changes_made(limit=5)]
            assert tx.complaints_count() == 0
        assert "complaint refused: Chú chó" in (await house.ask("/changes", EDITOR)).text
    assert log == [
        (ChangeAction.FEEDBACK, WRONG.format(2), "refused"),
        (ChangeAction.FEEDBACK, WRONG.format(1), "done"),
    ]


async def test_only_administrators_review_complaints(house: House, watchlist: Path) -> None:
    complained(house, 1)
    async with house.serving(admins=[EDITOR, GROUP]):
        shown = await opened(house, GROUP, user=CHIEF)
        for label in ("✍️", "✅", "🚫"):
            assert await house.press(shown, label, user=MEMBER)
        assert house.again(shown).text == shown.text
    with house.store.reading() as tx:
        assert tx.complaints_count() == 1
