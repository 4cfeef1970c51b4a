"""Files of watchlists as a whole: shown, checked beside the others, tried on stored news, learnt, drafted, written."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app.whole_file_desk import WholeFileDesk
from monitor.matching.two_watchlists import WatchChange
from monitor.pipeline.config_changes import FilesRead
from monitor.pipeline.file_desk import (
    CheckedText,
    DraftedFile,
    FileCode,
    FileDesk,
    FileRefused,
    FileSaved,
    FileTrial,
    LearntFile,
    Marks,
    ShownFile,
)
from monitor.pipeline.own_child import LookupFailed, Runner, Said, in_process, unpacked
from monitor.store.transaction import Store, open_store
from monitor.text.file_text import content_hash
from monitor.types import ItemId, WatchId
from tests.store_samples import NOW, draft, save_items
from tests.watch_files import EVENTS, FILE, WatchFiles

PUTIN, STORM = WatchId("putin"), WatchId("bao")
NEWS = {
    "Ông Putin thăm một nhà máy": 1,
    "Ông chủ Điện Kremlin gặp đoàn khách": 2,
    "Putin gặp ông chủ Điện Kremlin": 30,
    "Putin nói về hòa bình": 9 * 24,
    "Bão số 3 vào bờ": 3,
    "Áp thấp nhiệt đới mạnh lên": 4,
}


class Room(WatchFiles):
    """A folder of settings, and a desk on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "watchlists").mkdir(parents=True)
        self.write(FILE)
        self.write(EVENTS, "events.yaml")
        self.readings = 0

    def desk(self, run: Runner) -> FileDesk:
        async def read_files() -> FilesRead:
            self.readings += 1
            return FilesRead(f"v{self.readings}")

        return WholeFileDesk(self.folder, run, in_force=self.watchlist, read_files=read_files, clock=lambda: NOW)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "config")


async def nobody(given: bytes) -> Said:
    raise AssertionError("nothing is looked up")


def looking_up(store: Store) -> Runner:
    """Jobs done here, as the process does them."""

    async def run(given: bytes) -> Said:
        return await store.read(unpacked(given).said)

    return run


async def stored(store: Store) -> dict[str, ItemId]:
    drafts = [
        draft(f"k{n}", title=title, lead="", published_at=NOW - timedelta(hours=hours))
        for n, (title, hours) in enumerate(NEWS.items())
    ]
    return {item.title: item.id for item in await save_items(store, *drafts)}


def shown(found: ShownFile | FileRefused) -> ShownFile:
    assert isinstance(found, ShownFile)
    return found


def refused(found: object) -> FileRefused:
    assert isinstance(found, FileRefused)
    return found


# ---------------------------------------------------------------- shown and checked


async def test_files_are_listed_with_their_watches_and_what_is_wrong_with_each(room: Room) -> None:
    room.write("leaders: [{id: xi, nam: Tập}]\n", "wrong.yaml")
    desk = room.desk(nobody)
    files = await desk.files()
    assert [(each.name, each.watches, len(each.problems)) for each in files] == [
        ("all.yaml", 2, 0),
        ("events.yaml", 1, 0),
        ("wrong.yaml", 1, 2),
    ]
    assert {(each.file, each.line) for each in files[2].problems} == {("", 1)}


async def test_a_file_is_shown_with_the_hash_that_it_is_saved_by(room: Room) -> None:
    desk = room.desk(nobody)
    found = shown(await desk.show("all.yaml"))
    assert (found.text, found.is_writable) == (FILE, True)
    assert found.content_hash == content_hash(FILE)
    for name in ("../feeds.yaml", "none.yaml", ""):
        assert refused(await desk.show(name)).code is FileCode.NO_FILE
    room.path("utf16.yaml").write_bytes("leaders:".encode("utf-16"))
    unreadable = refused(await desk.show("utf16.yaml"))
    assert unreadable.code is FileCode.UNREADABLE
    assert "UTF-8" in unreadable.problems[0].message


async def test_a_text_is_checked_as_if_the_file_held_it(room: Room) -> None:
    desk = room.desk(nobody)
    right = await desk.check("all.yaml", FILE.replace("\n", "\r\n"))
    assert right == CheckedText((), (), content_hash(FILE))
    wrong = await desk.check("all.yaml", FILE.replace("aliases", "alias") + "events:\n  - id: bao\n    name: x\n")
    assert isinstance(wrong, CheckedText)
    assert [(each.file, each.line, each.column) for each in wrong.problems] == [
        ("", 5, 5),
        ("", 9, 5),
        ("events.yaml", 2, 9),
    ]
    assert room.text() == FILE


async def test_an_editor_sees_in_the_answer_that_another_one_has_saved(room: Room) -> None:
    desk = room.desk(nobody)
    room.write(FILE + "# more\n")
    checked = await desk.check("all.yaml", FILE)
    assert isinstance(checked, CheckedText)
    assert checked.content_hash == content_hash(FILE + "# more\n")
    assert checked.content_hash != content_hash(FILE)


async def test_while_one_types_only_the_newest_text_is_checked_next(room: Room) -> None:
    desk = room.desk(nobody)
    texts = [FILE + f"# {number}\n" for number in range(6)]
    answers = await asyncio.gather(*(desk.check("all.yaml", text, editor="an") for text in texts))
    assert isinstance(answers[-1], CheckedText)
    superseded = [each for each in answers if isinstance(each, FileRefused) and each.code is FileCode.SUPERSEDED]
    assert len(superseded) >= 4
    other = await asyncio.gather(desk.check("all.yaml", FILE, editor="an"), desk.check("all.yaml", FILE, editor="binh"))
    assert all(isinstance(each, CheckedText) for each in other)


# ---------------------------------------------------------------- tried


async def test_a_text_is_tried_on_the_news_of_seven_days(room: Room, store: Store) -> None:
    ids = await stored(store)
    desk = room.desk(looking_up(store))
    tried = await desk.try_text("all.yaml", FILE.replace("[Putin]", "['ông chủ Điện Kremlin']"))
    assert isinstance(tried, FileTrial)
    (putin,) = tried.watches
    assert (putin.watch_id, putin.change, putin.name) == ("putin", WatchChange.CHANGED, "Vladimir Putin")
    assert (putin.before, putin.after, putin.gained_count, putin.lost_count, putin.kept_count) == (2, 2, 1, 1, 1)
    assert [each.id for each in putin.gained] == [ids["Ông chủ Điện Kremlin gặp đoàn khách"]]
    assert putin.gained[0].title == (("Ông chủ Điện Kremlin", True), (" gặp đoàn khách", False))
    assert putin.lost[0].title == (("Ông ", False), ("Putin", True), (" thăm một nhà máy", False))
    assert [each.id for each in putin.kept] == [ids["Putin gặp ông chủ Điện Kremlin"]]
    assert tried.items == 5, "what is older than seven days is not asked"


async def test_what_came_and_went_is_tried_too(room: Room, store: Store) -> None:
    await stored(store)
    desk = room.desk(looking_up(store))
    tried = await desk.try_text("events.yaml", EVENTS.replace("id: bao", "id: ap-thap").replace("[bão]", "[áp thấp]"))
    assert isinstance(tried, FileTrial)
    assert [(each.watch_id, each.change, each.before, each.after) for each in tried.watches] == [
        ("ap-thap", WatchChange.CAME, 0, 1),
        ("bao", WatchChange.WENT, 1, 0),
    ]


async def test_of_what_differs_in_nothing_but_remarks_nothing_is_looked_up(room: Room) -> None:
    assert await room.desk(nobody).try_text("all.yaml", FILE + "# a remark\n") == FileTrial(0, None, ())


async def test_a_wrong_text_is_not_tried_but_told(room: Room) -> None:
    found = refused(await room.desk(nobody).try_text("all.yaml", FILE.replace("aliases", "alias")))
    assert (found.code, found.problems[0].line) == (FileCode.TEXT_WRONG, 5)


async def test_a_newer_text_breaks_the_trial_of_the_older_off(room: Room) -> None:
    began, ended = asyncio.Event(), []

    async def run(given: bytes) -> Said:
        try:
            began.set()
            await asyncio.Event().wait()
        finally:
            ended.append(given)
        raise AssertionError

    desk = room.desk(run)
    older = asyncio.create_task(desk.try_text("all.yaml", FILE.replace("[Putin]", "[Pu-tin]"), editor="an"))
    await began.wait()
    newer = asyncio.create_task(desk.try_text("all.yaml", FILE + "# as it was\n", editor="an"))
    assert refused(await older).code is FileCode.SUPERSEDED
    assert await newer == FileTrial(0, None, ())
    assert len(ended) == 1


async def test_a_trial_that_takes_too_long_is_told(room: Room) -> None:
    async def run(given: bytes) -> Said:
        raise LookupFailed("it took more than 90 s")

    found = refused(await room.desk(run).try_text("all.yaml", FILE.replace("[Putin]", "[Pu-tin]")))
    assert (found.code, found.why) == (FileCode.FAILED, "it took more than 90 s")


async def test_another_process_tries_learns_and_drafts(room: Room, database_url: str) -> None:
    async with await open_store(database_url) as store:
        ids = await stored(store)
    desk = room.desk(in_process(database_url))
    tried = await desk.try_text("all.yaml", FILE.replace("[Putin]", "[]").replace("Vladimir Putin ", "Putin "))
    assert isinstance(tried, FileTrial)
    assert [(each.watch_id, each.kept_count) for each in tried.watches] == [("putin", 2)]
    marks = {PUTIN: {ids["Ông Putin thăm một nhà máy"]: True}}
    assert refused(await desk.learn("all.yaml", FILE, marks)).code is FileCode.NOTHING_LEARNT
    assert isinstance(await desk.draft("all.yaml", FILE, "Viktor Orbán", "leader"), DraftedFile)


# ---------------------------------------------------------------- learnt and drafted


async def test_marks_change_the_text_and_keep_remarks_and_tags(room: Room, store: Store) -> None:
    titles = {f"Quán cơn bão số {n} mở ở Đà Lạt": False for n in range(6)} | {
        f"Bão mạnh thêm cấp {n} gần bờ": True for n in range(6)
    }
    drafts = [
        draft(f"s{n}", title=title, lead="", published_at=NOW - timedelta(hours=n)) for n, title in enumerate(titles)
    ]
    marks = {STORM: {item.id: titles[item.title] for item in await save_items(store, *drafts)}}
    desk = room.desk(looking_up(store))
    text = EVENTS.replace("name: Bão", "name: Bão  # of the sea")
    learnt = await desk.learn("events.yaml", text, marks)
    assert isinstance(learnt, LearntFile)
    (lesson,) = learnt.lessons
    assert (lesson.watch_id, lesson.before, lesson.after, lesson.marks) == ("bao", 6, 12, 12)
    assert lesson.changes
    assert "name: Bão  # of the sea" in learnt.text
    assert "tags: [thien-tai]" in learnt.text
    checked = await desk.check("events.yaml", learnt.text)
    assert isinstance(checked, CheckedText)
    assert not checked.problems
    assert room.text("events.yaml") == EVENTS, "nothing is written"


async def test_marks_of_watches_of_other_files_or_of_nothing_stored_teach_nothing(room: Room, store: Store) -> None:
    desk = room.desk(looking_up(store))
    nothing: tuple[Marks, ...] = ({STORM: {ItemId("1"): True}}, {PUTIN: {ItemId("999"): True}}, {}, {PUTIN: {}})
    for marks in nothing:
        assert refused(await desk.learn("all.yaml", FILE, marks)).code is FileCode.NO_ARTICLE


@pytest.mark.parametrize(("words", "kind"), [("Aryna Sabalenka", None), ("giá cà phê", None), ("giá cà phê", "event")])
async def test_a_draft_stands_in_the_text_and_is_right(room: Room, store: Store, words: str, kind: None) -> None:
    await stored(store)
    desk = room.desk(looking_up(store))
    drafted = await desk.draft("all.yaml", FILE, words, kind)
    assert isinstance(drafted, DraftedFile)
    assert not drafted.found
    assert words in drafted.text.split("\n", drafted.line - 1)[-1]
    assert str(drafted.watch_id) in drafted.text
    checked = await desk.check("all.yaml", drafted.text)
    assert isinstance(checked, CheckedText)
    assert not checked.problems
    again = await desk.draft("all.yaml", drafted.text, words, kind)
    assert isinstance(again, DraftedFile)
    assert again.watch_id != drafted.watch_id


async def test_nothing_is_drafted_of_no_words_or_into_what_is_wrong(room: Room) -> None:
    desk = room.desk(nobody)
    for words in ("", " !? ", "x" * 201):
        assert refused(await desk.draft("all.yaml", FILE, words, None)).code is FileCode.NO_WORDS
    assert refused(await desk.draft("all.yaml", "leaders: [", "Tô Lâm", None)).code is FileCode.TEXT_WRONG


# ---------------------------------------------------------------- written


async def test_a_right_text_is_written_and_taken_up_at_once(room: Room) -> None:
    desk = room.desk(nobody)
    new = FILE.replace("Tô Lâm", "Ông Tô Lâm")
    saved = await desk.save("all.yaml", content_hash(FILE), new.replace("\n", "\r\n").rstrip())
    assert saved == FileSaved(FILE, new, content_hash(new), FilesRead("v1"))
    assert room.text() == new
    assert refused(await desk.save("all.yaml", content_hash(FILE), new)).code is FileCode.SAME
    assert isinstance(await desk.save("all.yaml", content_hash(new), FILE), FileSaved)
    assert room.text() == FILE


async def test_nothing_is_overwritten_that_another_editor_has_saved(room: Room) -> None:
    desk = room.desk(nobody)
    an, binh = FILE + "# an\n", FILE + "# binh\n"
    saved = await asyncio.gather(
        desk.save("all.yaml", content_hash(FILE), an), desk.save("all.yaml", content_hash(FILE), binh)
    )
    (told,) = [each for each in saved if isinstance(each, FileRefused)]
    assert told.code is FileCode.CHANGED_MEANWHILE
    assert told.now == room.text()
    assert room.text() in (an, binh)
    assert room.readings == 1


@pytest.mark.parametrize(
    "spoilt",
    [
        FILE.replace("aliases", "alias"),
        FILE.replace("id: to-lam", "id: bao"),
        "",
        "leaders: [",
        FILE + "events:\n  - {id: x, name: X, match: ['@nobody']}\n",
    ],
)
async def test_a_wrong_text_is_never_written(room: Room, spoilt: str) -> None:
    found = refused(await room.desk(nobody).save("all.yaml", content_hash(FILE), spoilt))
    assert (found.code, bool(found.problems)) == (FileCode.TEXT_WRONG, True)
    assert room.text() == FILE
    assert room.readings == 0


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda path: path.unlink(), FileCode.NO_FILE),
        (lambda path: path.write_bytes(FILE.encode() + b"# x\r\n"), FileCode.BY_HAND),
        (lambda path: path.write_bytes(b"\xff\xfe"), FileCode.UNREADABLE),
    ],
)
async def test_what_cannot_be_written_surely_is_told(room: Room, spoil: Callable[[Path], None], code: FileCode) -> None:
    desk = room.desk(nobody)
    spoil(room.path())
    found = await desk.show("all.yaml")
    began_with = found.content_hash if isinstance(found, ShownFile) else content_hash(FILE)
    assert refused(await desk.save("all.yaml", began_with, FILE.replace("Tô Lâm", "Ông Tô Lâm"))).code is code
