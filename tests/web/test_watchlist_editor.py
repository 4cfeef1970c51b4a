"""The editor in a real browser: typing, jumping to a mistake, marks, two editors, keys, no JavaScript, on a phone."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from monitor.app.whole_file_desk import WholeFileDesk
from monitor.pipeline.file_desk import CheckedText, FileRefused
from monitor.store.transaction import open_store
from monitor.web.assets import STATIC
from monitor.web.viewer import COOKIE
from tests.watch_files import EVENTS, FILE
from tests.web.browser import DESKTOP, PHONE, Browsing, grave, overflow
from tests.web.editing import LEARNT, TOKEN, EditingHouse, editing

pytestmark = pytest.mark.slow
PAGE = "/watchlists/all.yaml"
WRONG = FILE.replace("aliases", "alias")
MINE = FILE.replace("Tô Lâm", "Ông Tô Lâm")


class Room:
    """A house whose server and rows live in the loop of the browser."""

    def __init__(self, folder: Path, database: Path, browsing: Browsing) -> None:
        self._folder, self._database, self._browsing = folder, database, browsing

    @asynccontextmanager
    async def house(self) -> AsyncIterator[EditingHouse]:
        async with (
            await open_store(f"sqlite:///{self._database}") as store,
            editing(self._folder, store) as opened,
        ):
            yield opened

    async def tab(
        self, house: EditingHouse, path: str = PAGE, *, script: bool = True, width: int = DESKTOP, dark: bool = False
    ) -> Page:
        tab = await self._browsing.tab(house.url, script=script, width=width, dark=dark, cookies={COOKIE: TOKEN})
        await tab.goto(path)
        return tab


@pytest.fixture
def room(tmp_path: Path, empty_sqlite: Path, browsing: Browsing) -> Room:
    shutil.copy(empty_sqlite, tmp_path / "monitor.db")
    return Room(tmp_path / "config", tmp_path / "monitor.db", browsing)


async def right(tab: Page) -> None:
    await expect(tab.locator("#problems")).to_contain_text("No mistake.")
    await expect(tab.locator("#said")).not_to_contain_text("…")


# ---------------------------------------------------------------- typing


async def test_while_one_types_mistakes_come_and_go_and_what_it_would_have_brought(
    room: Room, browsing: Browsing
) -> None:
    async with room.house() as house:
        tab = await room.tab(house)
        text = tab.get_by_label("The file, as YAML")
        await expect(tab.locator("#lines")).to_contain_text("7")
        await text.fill(WRONG)
        await expect(tab.locator("#problems")).to_contain_text("line 5, column 5: `alias` is not a key of this leader")
        await expect(tab.locator("#lines b")).to_have_text("5")
        await expect(tab.locator("#said")).to_contain_text("1 mistake")
        await text.fill(LEARNT)
        await right(tab)
        await expect(tab.locator("#lines b")).to_have_count(0)
        await expect(tab.locator("#trial")).to_contain_text("found 2, would find 2")
        await expect(tab.locator("#trial mark").first).to_have_text("Ông chủ Điện Kremlin")
        assert house.text() == FILE


async def test_a_mistake_is_jumped_to_by_click_and_by_key(room: Room, browsing: Browsing) -> None:
    async with room.house() as house:
        tab = await room.tab(house)
        text = tab.get_by_label("The file, as YAML")
        await text.fill("# 👍\n" * 60 + WRONG.replace("[Putin]", "[Putin]  # 👍"))
        place = tab.get_by_role("link", name="line 65, column 5")
        await place.click()
        assert await chosen(tab) == "a"
        assert await tab.evaluate("document.activeElement.id") == "text"
        assert await tab.evaluate("document.getElementById('text').scrollTop") > 500
        assert await tab.evaluate(
            "document.getElementById('text').scrollTop === document.getElementById('lines').scrollTop"
        )
        await place.focus()
        await tab.keyboard.press("Enter")
        assert await tab.evaluate("document.activeElement.id") == "text"


async def chosen(tab: Page) -> str:
    return str(
        await tab.evaluate(
            "(text => text.value.slice(text.selectionStart, text.selectionEnd))(document.getElementById('text'))"
        )
    )


async def test_an_answer_of_an_older_text_never_takes_the_place_of_a_newer_one(
    room: Room, browsing: Browsing, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, began, answered = asyncio.Event(), asyncio.Event(), asyncio.Event()
    check = WholeFileDesk.check

    async def slow(desk: WholeFileDesk, name: str, text: str, *, editor: str = "") -> CheckedText | FileRefused:
        if text != WRONG:
            return await check(desk, name, text, editor=editor)
        began.set()
        await held.wait()
        found = await check(desk, name, text, editor="nobody else")
        answered.set()
        return found

    monkeypatch.setattr(WholeFileDesk, "check", slow)
    async with room.house() as house:
        tab = await room.tab(house)
        text = tab.get_by_label("The file, as YAML")
        await text.fill(WRONG)
        await began.wait()
        await text.fill(FILE + "x: 1\n")
        await expect(tab.locator("#problems")).to_contain_text("`x` is not a key")
        held.set()
        await answered.wait()
        await tab.evaluate("fetch('/watchlists.json').then(answer => answer.text())")  # behind it on the way
        await expect(tab.locator("#problems")).not_to_contain_text("alias")
        await expect(tab.locator("#problems")).to_contain_text("`x` is not a key")


async def test_tab_leaves_the_field_and_control_s_saves(room: Room, browsing: Browsing) -> None:
    async with room.house() as house:
        tab = await room.tab(house)
        text = tab.get_by_label("The file, as YAML")
        await text.focus()
        await tab.keyboard.press("Tab")
        assert await tab.evaluate("document.activeElement.value") == "check"
        await text.fill(MINE)
        await tab.keyboard.press("Control+s")
        await expect(tab.get_by_role("heading", name="What will be saved")).to_be_visible()
        assert house.text() == FILE
        await expect(tab.get_by_role("button", name="Save", exact=True)).to_be_focused()
        await tab.keyboard.press("Enter")
        await expect(tab.get_by_role("status").first).to_have_text("Saved, and at work.")
        assert house.text() == MINE
        await tab.get_by_role("button", name="Take back").click()
        await expect(tab.get_by_role("status")).to_have_text("Taken back, and at work.")
        assert house.text() == FILE


async def test_who_leaves_with_unsaved_changes_is_asked(room: Room, browsing: Browsing) -> None:
    async with room.house() as house:
        tab = await room.tab(house)
        asked: list[str] = []

        async def stay(dialog: object) -> None:
            asked.append(getattr(dialog, "type", ""))
            await dialog.accept()  # type: ignore[attr-defined]

        tab.on("dialog", stay)
        await tab.get_by_role("link", name="Watchlists").first.click()
        await tab.wait_for_url("**/watchlists")
        assert asked == [], "nothing was typed"
        await tab.goto(PAGE)
        await tab.get_by_label("The file, as YAML").press_sequentially("# ")
        await tab.get_by_role("link", name="Watchlists").first.click()
        await tab.wait_for_url("**/watchlists")
        assert asked == ["beforeunload"]


async def test_hints_that_were_opened_stay_open_while_one_types(room: Room, browsing: Browsing) -> None:
    async with room.house() as house:
        tab = await room.tab(house)
        text = tab.get_by_label("The file, as YAML")
        odd = FILE.replace("aliases: [Putin]", "common: true")
        await text.fill(odd)
        await expect(tab.locator("#lines i")).to_have_text("5")
        hint = tab.get_by_text("can never match")
        await expect(hint).to_be_hidden()
        await tab.get_by_text("1 hint").click()
        await expect(hint).to_be_visible()
        await text.fill(odd + "x: 1\n")
        await expect(tab.locator("#problems")).to_contain_text("1 mistake")
        await text.fill(odd)
        await right(tab)
        await tab.get_by_text("1 hint").click()
        await text.fill(odd + "# more\n")
        await right(tab)


async def test_a_new_line_begins_where_the_one_before_it_does_and_can_be_undone(room: Room, browsing: Browsing) -> None:
    async with room.house() as house:
        tab = await room.tab(house)
        text = tab.get_by_label("The file, as YAML")
        await text.focus()
        await tab.evaluate(
            "(text => { const at = text.value.indexOf('[Putin]') + 7; text.setSelectionRange(at, at); })"
            "(document.getElementById('text'))"
        )
        await tab.keyboard.press("Enter")
        await tab.keyboard.type("tags: [nga]")
        await expect(text).to_have_value(FILE.replace("[Putin]", "[Putin]\n    tags: [nga]"))
        await right(tab)
        for _ in range(3):
            await tab.keyboard.press("Control+z")
        await expect(text).to_have_value(FILE)


async def test_a_text_is_not_tried_again_when_one_comes_back_to_its_window(room: Room, browsing: Browsing) -> None:
    async with room.house() as house:
        tab = await room.tab(house)
        text = tab.get_by_label("The file, as YAML")
        await text.fill(LEARNT)
        await expect(tab.locator("#trial")).to_contain_text("Gained: 1")
        tries = house.looked_up
        house.write(FILE + "# by somebody else\n")
        await tab.evaluate("window.dispatchEvent(new Event('focus'))")
        await expect(tab.locator("#problems")).to_contain_text("Somebody else has changed this file")
        await text.fill(LEARNT + "# more\n")
        await expect(tab.locator("#trial")).to_contain_text("Gained: 1")
        await right(tab)
        assert house.looked_up <= tries + 1


async def test_enter_in_the_field_of_words_drafts(room: Room, browsing: Browsing) -> None:
    async with room.house() as house:
        tab = await room.tab(house)
        await tab.get_by_text("Draft a watch").click()
        await tab.get_by_label("Name, or what happens").fill("Aryna Sabalenka")
        await tab.keyboard.press("Enter")
        text = tab.get_by_label("The file, as YAML")
        await expect(text).to_have_value(re.compile("Aryna Sabalenka"))
        await expect(text).to_be_focused()
        assert house.text() == FILE


# ---------------------------------------------------------------- marks


async def test_marks_stay_while_one_types_and_propose_a_text(room: Room, browsing: Browsing) -> None:
    async with room.house() as house:
        tab = await room.tab(house, "/watchlists/events.yaml")
        text = tab.get_by_label("The file, as YAML")
        await text.fill(EVENTS.replace("id: bao", "id: bao-2"))
        tried = tab.locator("#trial .tried li")
        await expect(tried.first).to_be_visible()
        for title, sign in (("Bão số 3", "right"), ("Bão mạnh thêm cấp 0", "right"), ("Quán cơn bão số 0", "wrong")):
            item = tried.filter(has_text=title).first
            if await item.count():
                await item.get_by_role("radio", name=sign, exact=True).check()
        marked = await tab.locator("#trial input:checked:not([value=''])").count()
        assert marked >= 2
        await text.fill(EVENTS.replace("id: bao", "id: bao-2").replace("name: Bão", "name: Bão lớn"))
        await expect(tab.locator("#trial h3").first).to_contain_text("Bão lớn")
        await expect(tab.locator("#trial input:checked:not([value=''])")).to_have_count(marked)
        await tab.get_by_role("button", name="Propose a text from the marks").click()
        await expect(tab.get_by_role("status").first).to_be_visible()
        assert house.text("events.yaml") == EVENTS


# ---------------------------------------------------------------- two editors


async def test_of_two_editors_the_second_is_told_while_typing_and_joins_both(room: Room, browsing: Browsing) -> None:
    async with room.house() as house:
        first, second = await room.tab(house), await room.tab(house)
        await first.get_by_label("The file, as YAML").fill(MINE)
        await first.keyboard.press("Control+s")
        await first.get_by_role("button", name="Save", exact=True).click()
        await expect(first.get_by_role("status").first).to_have_text("Saved, and at work.")
        text = second.get_by_label("The file, as YAML")
        await text.fill(FILE.replace("# watched from the beginning", "# watched since 2026"))
        await expect(second.locator("#problems")).to_contain_text("Somebody else has changed this file")
        await second.keyboard.press("Control+s")
        await expect(second.get_by_role("heading", name="What they changed")).to_be_visible()
        assert house.text() == MINE
        await second.get_by_role("button", name="Join both changes").click()
        await expect(second.get_by_label("The file, as YAML")).to_have_value(
            re.compile("watched since 2026.*Ông Tô Lâm", re.DOTALL)
        )
        await second.keyboard.press("Control+s")
        await second.get_by_role("button", name="Save", exact=True).click()
        await expect(second.get_by_role("status").first).to_have_text("Saved, and at work.")
        assert house.text() == MINE.replace("# watched from the beginning", "# watched since 2026")


# ---------------------------------------------------------------- without JavaScript, on a phone, in the dark


async def test_all_of_it_works_without_javascript(room: Room, browsing: Browsing) -> None:
    async with room.house() as house:
        tab = await room.tab(house, script=False, width=PHONE)
        text = tab.get_by_label("The file, as YAML")
        await text.fill(WRONG)
        await tab.get_by_role("button", name="Check and try").click()
        await expect(tab.locator("#problems")).to_contain_text("line 5, column 5: `alias` is not a key")
        await expect(tab.locator("#problems code")).to_have_text(re.compile("alias: "))
        await text.fill(LEARNT)
        await tab.get_by_role("button", name="Check and try").click()
        await expect(tab.locator("#trial")).to_contain_text("Gained: 1")
        await tab.locator("#trial .tried li").first.get_by_role("radio", name="right", exact=True).check()
        await tab.get_by_role("button", name="Save …").click()
        await expect(tab.get_by_role("heading", name="What will be saved")).to_be_visible()
        await tab.get_by_role("button", name="Back to the editor").click()
        await expect(text).to_have_value(LEARNT)
        await tab.get_by_role("button", name="Save …").click()
        await tab.get_by_role("button", name="Save", exact=True).click()
        await expect(tab.get_by_role("status").first).to_have_text("Saved, and at work.")
        assert house.text() == LEARNT
        await tab.goto("/watchlists")
        await tab.get_by_label("Name, or what happens").fill("Aryna Sabalenka")
        await tab.get_by_label("Into the file").select_option("events.yaml")
        await tab.get_by_role("button", name="Draft it").click()
        await expect(tab.get_by_label("The file, as YAML")).to_have_value(
            re.compile("leaders:\n.*Aryna Sabalenka", re.S)
        )
        await tab.goto("/watchlists")
        await tab.get_by_role("button", name="Take back").first.click()
        assert house.text() == FILE


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
async def test_each_page_can_be_read_at_both_widths_in_both_colours(
    room: Room, browsing: Browsing, width: int, dark: bool
) -> None:
    async with room.house() as house:
        tab = await room.tab(house, width=width, dark=dark)
        await fits(tab)
        await tab.get_by_label("The file, as YAML").fill(LEARNT + "x: 1\n")
        await expect(tab.locator("#problems")).to_contain_text("1 mistake")
        await fits(tab)
        await tab.get_by_label("The file, as YAML").fill(LEARNT)
        await expect(tab.locator("#trial")).to_contain_text("Gained: 1")
        await right(tab)
        await fits(tab)
        house.write(FILE.replace("# watched", "# seen"))
        await tab.get_by_role("button", name="Save …").click()
        await expect(tab.get_by_role("heading", name="What they changed")).to_be_visible()
        await fits(tab)
        await tab.get_by_role("button", name="Save mine over theirs").click()
        await expect(tab.get_by_role("status").first).to_have_text("Saved, and at work.")
        for path in ("/watchlists", "/watchlists/changes/1"):
            await tab.goto(path)
            await fits(tab)


async def fits(tab: Page) -> None:
    assert await overflow(tab) == 0
    assert await grave(tab) == []


def test_the_scripts_are_small_enough_together() -> None:
    assert sum(path.stat().st_size for path in STATIC.glob("*.js")) < 20_000
    assert (STATIC / "editor.js").stat().st_size < 9_000
