"""/edit and /undo: a watch's text is shown, replied to, tried, written after a yes, and taken back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app.edit_desk import EditDesk
from monitor.app.whole_file_desk import WholeFileDesk
from monitor.pipeline.config_changes import FilesRead
from monitor.pipeline.file_desk import FileSaved
from monitor.pipeline.file_log import save_file
from monitor.pipeline.own_child import Said
from monitor.store.transaction import Transaction
from monitor.text.file_text import content_hash
from monitor.types import ChangeAction, NewChange, Watchlist
from tests.bot.house import CHIEF, EDITOR, GROUP, MEMBER, MORNING, READER, House
from tests.bot_api import Shown
from tests.watch_files import FILE

NEW = "- id: putin\n  name: Vladimir Putin\n  aliases: [ông chủ Điện Kremlin]"


@pytest.fixture
def watchlist(house: House, tmp_path: Path) -> Path:
    """The file, at a desk of the house."""
    path = tmp_path / "config" / "watchlists" / "all.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(FILE)

    async def read_files() -> FilesRead:
        house.reloads += 1
        return FilesRead("v2")

    async def nobody(given: bytes) -> Said:
        raise AssertionError("nothing is looked up")

    config = tmp_path / "config"
    house.desk = EditDesk(config, house.store, read_files=read_files, clock=house.clock)
    house.files = WholeFileDesk(
        config, nobody, in_force=lambda: Watchlist("", ()), read_files=read_files, clock=house.clock
    )
    return path


def read(watchlist: Path) -> str:
    return watchlist.read_text()


def write(watchlist: Path, text: str) -> None:
    watchlist.write_text(text)


async def form(house: House, chat: int = EDITOR, *, user: int | None = None) -> Shown:
    shown = await house.ask("/edit putin", chat, user=user, lang="en")
    assert shown.text.startswith("✏️ /edit putin · watchlists/all.yaml\n")
    return shown


async def fill_in(house: House, text: str, *, shown: Shown | None = None) -> Shown:
    shown = shown or await form(house)
    return await house.ask(text, shown.chat_id, reply_to=shown.message_id, lang="en")


def log(house: House) -> list[tuple[ChangeAction, str, str]]:
    with house.store.reading() as tx:
        return [(change.action, change.what, change.who) for change in tx.changes_made(limit=9)]


async def test_a_watch_is_edited_in_its_file_and_taken_back(house: House, watchlist: Path) -> None:
    house.story("Ông Putin thăm một nhà máy", key="k1")
    house.story("Điện Kremlin: Putin gặp ông chủ Điện Kremlin", key="k2")
    house.clock.now += timedelta(hours=1)
    async with house.serving(admins=[EDITOR]):
        await house.ask("/lang en", EDITOR)
        shown = await form(house)
        assert "    name: Vladimir Putin" not in shown.text
        assert "- id: putin\n  name: Vladimir Putin   # as newspapers write it\n  aliases: [Putin]" in shown.text
        offered = await fill_in(house, NEW, shown=shown)
        assert "-  aliases: [Putin]\n+  name: Vladimir Putin\n+  aliases: [ông chủ Điện Kremlin]" in offered.text
        assert "Of the newest 2 articles it finds 1, and found 2." in offered.text
        assert "Lost: 1\n➖ Ông Putin thăm một nhà máy" in offered.text
        assert read(watchlist) == FILE, "nothing before the yes"
        await house.press(offered, "✅")
        assert read(watchlist) == FILE.replace(
            "    name: Vladimir Putin   # as newspapers write it\n    aliases: [Putin]",
            "    name: Vladimir Putin\n    aliases: [ông chủ Điện Kremlin]",
        )
        assert "/undo" in house.again(offered).text
        assert not house.again(offered).labels()
        assert house.reloads == 1
        undone = await house.ask("/undo", EDITOR)
        assert "+  aliases: [Putin]" in undone.text
        assert read(watchlist) == FILE
        assert "no change" in (await house.ask("/undo", EDITOR)).text
    assert [(action, what) for action, what, _ in log(house)] == [
        (ChangeAction.UNDO, "putin"),
        (ChangeAction.EDIT, "putin"),
    ]
    assert all(who for _, _, who in log(house))


async def test_a_restart_between_form_reply_and_yes_forgets_nothing(house: House, watchlist: Path) -> None:
    async with house.serving(admins=[EDITOR]):
        shown = await form(house)
    async with house.serving(admins=[EDITOR]):
        offered = await fill_in(house, NEW, shown=shown)
    async with house.serving(admins=[EDITOR]):
        await house.press(offered, "✅")
    assert "ông chủ Điện Kremlin" in read(watchlist)


async def test_a_mistake_is_told_with_its_line_and_column_of_what_was_sent(house: House, watchlist: Path) -> None:
    async with house.serving(admins=[EDITOR]):
        await house.ask("/lang en", EDITOR)
        answer = await fill_in(house, "- id: putin\n  name: Vladimir Putin\n  alias: [Putin]")
        assert "line 3, column 3: `alias` is not a key of this leader: did you mean `aliases`?" in answer.text
        assert not answer.labels()
        assert "id must stay" in (await fill_in(house, "- id: putin-2\n  name: Vladimir Putin")).text
        assert "stands there already" in (await fill_in(house, "\n".join(form_text(await form(house))))).text
    assert read(watchlist) == FILE


def form_text(shown: Shown) -> list[str]:
    return shown.text.split("\n")[1:-1]


async def test_a_no_writes_nothing_and_the_yes_is_gone(house: House, watchlist: Path) -> None:
    async with house.serving(admins=[EDITOR]):
        offered = await fill_in(house, NEW)
        yes = offered.buttons[0][0]["callback_data"]
        await house.press(offered, "✖️")
        assert not house.again(offered).labels()
        forged = await house.forge(yes, EDITOR)
        assert forged
    assert read(watchlist) == FILE
    assert log(house) == []


@pytest.mark.parametrize(
    "spoil", [lambda text: text.replace("[Putin]", "[Pu-tin]"), lambda text: "leaders: [{id: putin}]"]
)
async def test_a_watch_that_was_changed_meanwhile_is_not_overwritten(
    house: House, watchlist: Path, spoil: Callable[[str], str]
) -> None:
    async with house.serving(admins=[EDITOR]):
        offered = await fill_in(house, NEW)
        write(watchlist, spoil(FILE))
        await house.press(offered, "✅")
        assert "❌" in house.again(offered).text or "•" in house.again(offered).text
    assert read(watchlist) == spoil(FILE)
    assert log(house) == []


async def test_another_watch_of_the_file_may_change_meanwhile_and_stays(house: House, watchlist: Path) -> None:
    async with house.serving(admins=[EDITOR]):
        offered = await fill_in(house, NEW)
        write(watchlist, FILE + "    tags: [viet-nam]\n")
        await house.press(offered, "✅")
    assert read(watchlist).endswith(
        "aliases: [ông chủ Điện Kremlin]\n  - id: to-lam\n    name: Tô Lâm\n    tags: [viet-nam]\n"
    )


async def test_a_change_is_not_taken_back_once_the_watch_reads_otherwise(house: House, watchlist: Path) -> None:
    async with house.serving(admins=[EDITOR]):
        await house.ask("/lang en", EDITOR)
        offered = await fill_in(house, NEW)
        await house.press(offered, "✅")
        later = read(watchlist).replace("name: Vladimir Putin", "name: V. Putin")
        write(watchlist, later)
        assert "was changed since" in (await house.ask("/undo", EDITOR)).text
    assert read(watchlist) == later


async def test_a_folder_that_may_not_be_written_is_said_so(
    house: House, watchlist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house.serving(admins=[EDITOR]):
        await house.ask("/lang en", EDITOR)
        offered = await fill_in(house, NEW)

        def refuse(*_: object) -> None:
            raise OSError(30, "Read-only file system")

        monkeypatch.setattr("monitor.app.edit_desk.put_in_place", refuse)  # root may write everywhere
        await house.press(offered, "✅")
        assert "cannot be written here (Read-only file system)" in house.again(offered).text
    assert read(watchlist) == FILE


async def test_only_administrators_fill_in_a_form_or_press_yes(house: House, watchlist: Path) -> None:
    async with house.serving(admins=[EDITOR, GROUP]):
        shown = await form(house, GROUP, user=CHIEF)
        offered = await house.ask(NEW, GROUP, user=CHIEF, reply_to=shown.message_id)
        assert offered.labels()
        assert not (await house.ask(NEW, GROUP, user=MEMBER, reply_to=shown.message_id)).labels()
        assert await house.press(offered, "✅", user=MEMBER)
        assert read(watchlist) == FILE
        yes = offered.buttons[0][0]["callback_data"]
        await house.forge(yes, READER)
        await house.forge(yes, EDITOR)
        assert read(watchlist) == FILE, "a proposal is answered where it was shown"
        await house.press(offered, "✅", user=CHIEF)
    assert read(watchlist) != FILE


async def test_a_proposal_that_nobody_answers_is_forgotten(house: House, watchlist: Path) -> None:
    async with house.serving(admins=[EDITOR]):
        old = await fill_in(house, NEW)
        house.clock.now = MORNING + timedelta(days=3)
        await fill_in(house, NEW)
        assert await house.press(old, "✅")
    assert read(watchlist) == FILE
    with house.store.reading() as tx:
        assert tx.changes_count() == 0


async def test_a_name_finds_its_watch_and_what_is_none_is_said_so(house: House, watchlist: Path) -> None:
    async with house.serving(admins=[EDITOR]):
        await house.ask("/lang en", EDITOR)
        assert (await house.ask("/sua Tô Lâm", EDITOR)).text.startswith("✏️ /edit to-lam")
        assert "No watch has this id" in (await house.ask("/edit khong-co", EDITOR)).text
        assert "/edit putin" in (await house.ask("/edit", EDITOR)).text
        assert await house.store.read(Transaction.changes_count) == 0


async def save_whole(house: House, before: str, after: str) -> None:
    """As the page does."""
    assert house.files is not None
    by = NewChange(ChangeAction.FILE, who="Bàn trực", chat_id=EDITOR)
    saved = await save_file(house.store, house.files, "all.yaml", content_hash(before), after, by=by, now=house.clock())
    assert isinstance(saved, FileSaved)


async def test_a_whole_file_that_the_page_changed_is_taken_back_and_stands_in_the_log(
    house: House, watchlist: Path
) -> None:
    new = FILE.replace("Tô Lâm", "Ông Tô Lâm") + "# more\n"
    async with house.serving(admins=[EDITOR]):
        await house.ask("/lang en", EDITOR)
        await save_whole(house, FILE, new)
        assert "Bàn trực: file all.yaml changed (+2 −1)" in (await house.ask("/changes", EDITOR)).text
        undone = await house.ask("/undo", EDITOR)
        assert "The last change of all.yaml is taken back." in undone.text
        assert "-# more" in undone.text
        assert read(watchlist) == FILE
        assert house.reloads == 2
        shown = (await house.ask("/changes", EDITOR)).text
        assert "a change of file all.yaml taken back" in shown
        assert "file all.yaml changed (+2 −1) · taken back" in shown
        assert "no change" in (await house.ask("/undo", EDITOR)).text


async def test_a_file_that_reads_otherwise_since_is_not_taken_back(house: House, watchlist: Path) -> None:
    async with house.serving(admins=[EDITOR]):
        await house.ask("/lang en", EDITOR)
        await save_whole(house, FILE, FILE + "# more\n")
        write(watchlist, FILE + "# more and more\n")
        answer = (await house.ask("/undo", EDITOR)).text
        assert "The last change, of all.yaml, is not taken back." in answer
        assert "all.yaml reads otherwise since" in answer
        assert read(watchlist) == FILE + "# more and more\n"
        write(watchlist, FILE + "# more\n")
        watchlist.with_name("other.yaml").write_text(FILE)
        assert "• other.yaml:" in (await house.ask("/undo", EDITOR)).text
        watchlist.with_name("other.yaml").unlink()
        write(watchlist, FILE)  # taken back by an order that was cut off before it was noted
        assert "is taken back" in (await house.ask("/undo", EDITOR)).text
        assert "no change" in (await house.ask("/undo", EDITOR)).text
