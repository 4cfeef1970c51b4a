"""/watchlists: files are shown, checked, tried, taught, looked over, saved and taken back; real files and real rows."""

import json
import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import pytest

from monitor.app import whole_file_desk
from monitor.store.transaction import Store
from monitor.text.file_text import content_hash
from monitor.types import ChangeAction, NewChange
from tests.store_samples import AN, NOW
from tests.watch_files import EVENTS, FILE
from tests.web.editing import LEARNT, EditingHouse, editing, fields
from tests.web.page_house import EDITOR, READER, PageHouse
from tests.web.test_gate import JSON, log_in, served, site_of

PAGE = "/watchlists/all.yaml"
WRONG = FILE.replace("aliases", "alias")
OTHERS = FILE.replace("# watched from the beginning", "# watched since 2026")
MINE = FILE.replace("Tô Lâm", "Ông Tô Lâm")


@pytest.fixture
async def room(tmp_path: Path, store: Store) -> AsyncIterator[EditingHouse]:
    async with editing(tmp_path / "config", store) as opened:
        yield opened


def seen(page: str) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", page)).split())


# ---------------------------------------------------------------- who may


async def test_only_administrators_read_or_send_anything_here(store: Store) -> None:
    paths = ["/watchlists", PAGE, "/watchlists/changes/1"]
    sent = ["/watchlists/undo", "/watchlists/draft", PAGE, f"{PAGE}/check", f"{PAGE}/try"]
    async with served(site_of(store, access="open")) as nobody:
        assert [(await nobody.get(path))[0] for path in paths] == [303] * 3
        assert [(await nobody.get(f"{path}.json"))[0] for path in paths] == [401] * 3
        assert [(await nobody.post(path, {}))[0] for path in sent] == [403] * 5
    async with served(site_of(store), log_in(store, AN, "reader")) as reader:
        assert [(await reader.get(path))[0] for path in paths] == [403] * 3
    from monitor.web.viewer import form_token_of

    token = {"token": form_token_of("reader")}
    async with served(site_of(store), "reader") as reader:
        assert [(await reader.post(path, token))[0] for path in sent] == [403] * 5


async def test_without_its_token_nothing_is_checked_or_written(room: EditingHouse) -> None:
    form = {"text": MINE, "hash": content_hash(FILE), "do": "save"}
    for path in (PAGE, f"{PAGE}/check", f"{PAGE}/try"):
        assert (await room.browser.post(path, {**form, "token": "x"}, **JSON))[0] == 403
    assert room.text() == FILE


# ---------------------------------------------------------------- read


async def test_files_stand_with_their_watches_and_what_is_wrong(room: EditingHouse) -> None:
    room.write("leaders: [{id: xi, nam: Tập}]\n", "wrong.yaml")
    status, page = await room.get("/watchlists")
    assert status == 200
    assert 'href="/watchlists/all.yaml"' in page
    assert "2 mistakes: line 1, column" in seen(page)
    data = await room.data("/watchlists.json")
    assert [(each["name"], each["watches"]) for each in data["files"]] == [
        ("all.yaml", 2),
        ("events.yaml", 1),
        ("wrong.yaml", 1),
    ]


async def test_a_file_is_shown_with_its_text_hash_and_problems(room: EditingHouse) -> None:
    status, page = await room.get(PAGE)
    assert status == 200
    assert fields(page)["text"] == fields(page)["opened"] == FILE
    assert "No mistake." in page
    data = await room.data(f"{PAGE}.json")
    assert (data["file"], data["text"], data["content_hash"]) == ("all.yaml", FILE, content_hash(FILE))
    assert data["problems"] == []
    room.write(WRONG)
    (problem,) = (await room.data(f"{PAGE}.json"))["problems"]
    assert (problem["line"], problem["column"]) == (5, 5)
    assert problem["what"] == "`alias` is not a key of this leader: did you mean `aliases`?"
    assert problem["excerpt"] == ["    ", "a", "lias: [Putin]"]


async def test_a_file_that_begins_with_an_empty_line_is_shown_as_it_is(room: EditingHouse) -> None:
    room.write("\n\n" + FILE)
    page = (await room.get(PAGE))[1]
    assert fields(page)["text"] == "\n\n" + FILE
    assert fields(page)["hash"] == content_hash("\n\n" + FILE)


@pytest.mark.parametrize("name", ["none.yaml", "..%2Ffeeds.yaml", "%2e%2e%2ffeeds.yaml", ".hidden.yaml", "out.yaml"])
async def test_no_path_leads_to_another_file(room: EditingHouse, name: str) -> None:
    (room.folder / "feeds.yaml").write_text("feeds: []\n")
    room.path("out.yaml").symlink_to(room.folder / "feeds.yaml")
    for path in (f"/watchlists/{name}", f"/watchlists/{name}.json"):
        status, text = await room.get(path)
        assert status == 404
        assert "feeds: []" not in text
    assert (await room.send(f"/watchlists/{name}", {"do": "save", "text": "leaders: []"}))[0] == 404
    assert (room.folder / "feeds.yaml").read_text() == "feeds: []\n"


async def test_a_file_that_cannot_be_read_is_told(room: EditingHouse) -> None:
    room.path().write_bytes(FILE.encode("utf-16"))
    status, page = await room.get(PAGE)
    assert status == 409
    assert "save it as UTF-8" in seen(page)


async def test_names_and_texts_are_shown_as_text_and_never_as_markup(room: EditingHouse) -> None:
    bad = FILE.replace("Tô Lâm", "'<script>alert(1)</script>'").replace("# watched", "# </textarea><b>&amp;")
    room.write(bad)
    page = (await room.get(PAGE))[1]
    assert "<script>alert" not in page
    assert "</textarea><b>" not in page
    assert fields(page)["text"] == bad


async def test_a_file_that_is_read_only_here_says_so_before_one_types(
    room: EditingHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_file_desk, "is_writable", lambda path: False)
    page = (await room.get(PAGE))[1]
    assert "This file is read-only here" in page
    _, shown = await room.press("save", page, text=MINE)
    assert "all.yaml cannot be written here (read-only)." in shown
    assert fields(shown)["text"] == MINE
    assert room.text() == FILE


@pytest.mark.parametrize("button", ["check", "review", "save", "learn"])
async def test_what_was_typed_is_kept_when_the_file_is_gone(room: EditingHouse, button: str) -> None:
    page = (await room.get(PAGE))[1]
    room.path().unlink()
    status, shown = await room.press(button, page, text=MINE)
    assert status == 404
    assert "There is no file all.yaml" in shown
    assert fields(shown)["text"] == MINE


async def test_older_changes_are_turned_to(room: EditingHouse) -> None:
    with room.store.writing() as tx:
        for number in range(70):
            tx.add_change(NewChange(ChangeAction.FILE, f"f-{number}.yaml"), now=NOW)
    shown: list[str] = []
    for skip, older in ((0, 30), (30, 60), (60, None)):
        data = await room.data(f"/watchlists.json?skip={skip}")
        shown += [each["what"] for each in data["changes"]]
        assert data["older"] == older
    assert shown == [f"f-{number}.yaml" for number in reversed(range(70))]
    assert (await room.get("/watchlists?skip=x"))[0] == 200


# ---------------------------------------------------------------- checked and tried


async def test_the_button_shows_mistakes_with_their_place_and_piece_of_text(room: EditingHouse) -> None:
    page = (await room.get(PAGE))[1]
    status, shown = await room.press("check", page, text=WRONG)
    assert status == 200
    assert "line 5, column 5: `alias` is not a key of this leader" in seen(shown)
    assert "<mark>a</mark>lias: [Putin]" in shown
    assert fields(shown)["text"] == WRONG, "what was typed is kept"
    assert fields(shown)["opened"] == FILE
    assert room.text() == FILE


async def test_the_button_shows_what_the_text_would_have_brought(room: EditingHouse) -> None:
    page = (await room.get(PAGE))[1]
    _, shown = await room.press("check", page, text=LEARNT)
    assert "found 2, would find 2: +1 −1 =1" in seen(shown)
    assert "<mark>Ông chủ Điện Kremlin</mark> gặp đoàn khách" in shown
    assert "Ông <mark>Putin</mark> thăm một nhà máy" in shown
    assert "Gained: 1" in shown
    assert "Lost: 1" in shown
    assert "Unchanged: 1" in shown


async def test_the_script_is_answered_with_markup_and_what_came_of_it(room: EditingHouse) -> None:
    async def asked(what: str, text: str) -> dict[str, str]:
        form = {"text": text, "hash": content_hash(FILE), "tab": "t1"}
        status, answer = await room.send(f"{PAGE}/{what}", form, **JSON)
        assert status == 200
        return dict(json.loads(answer))

    assert (await asked("check", FILE))["kind"] == "right"
    wrong = await asked("check", WRONG)
    assert wrong["kind"] == "wrong"
    assert 'data-line="5" data-column="5"' in wrong["html"]
    assert (await asked("try", LEARNT))["kind"] == "tried"
    assert (await asked("try", WRONG)) == {
        "kind": "text_wrong",
        "said": "Nothing is written: correct this first.",
        "html": "",
    }
    status, answer = await room.send("/watchlists/none.yaml/check", {"text": FILE}, **JSON)
    assert (status, json.loads(answer)["kind"]) == (200, "no_file")


async def test_a_check_says_that_somebody_else_has_changed_the_file(room: EditingHouse) -> None:
    page = (await room.get(PAGE))[1]
    room.write(OTHERS)
    form = {**fields(page), "text": MINE}
    answer = json.loads((await room.send(f"{PAGE}/check", form, **JSON))[1])
    assert "Somebody else has changed this file" in answer["html"]
    _, shown = await room.press("check", page, text=MINE)
    assert "Somebody else has changed this file" in shown


# ---------------------------------------------------------------- marks and drafts


async def test_marks_propose_a_text_and_nothing_is_written(room: EditingHouse) -> None:
    opened = (await room.get("/watchlists/events.yaml"))[1]
    form = {**fields(opened), "text": EVENTS.replace("match: [bão]", "match: [bão, áp thấp]")}
    _, tried = await room.send("/watchlists/events.yaml", {**form, "do": "check"})
    with room.store.reading() as tx:
        ids = {item.title: str(item.id) for item in tx.newest_since(NOW.replace(year=2025))}
    marks = {
        f"mark.bao.{ids[title]}": "right" if title.startswith("Bão") else "wrong"
        for title in ids
        if "bão" in title.lower()
    }
    assert any(name in tried for name in marks), "the shown articles can be marked"
    _, taught = await room.send("/watchlists/events.yaml", {**form, **marks, "do": "learn"})
    assert "This is proposed from your marks." in taught
    assert "bao: 7 of 13 marks were judged as you do, now 13." in seen(taught)
    proposed = fields(taught)
    assert proposed["text"] not in (form["text"], EVENTS)
    assert "tags: [thien-tai]" in proposed["text"]
    assert {name: proposed.get(name) for name in marks} == marks, "marks are carried on"
    assert room.text("events.yaml") == EVENTS


async def test_without_marks_nothing_is_proposed_and_the_text_is_kept(room: EditingHouse) -> None:
    page = (await room.get(PAGE))[1]
    _, shown = await room.press("learn", page, text=MINE)
    assert "Mark articles of a watch of this file as right or wrong first." in shown
    assert fields(shown)["text"] == MINE


async def test_a_draft_lands_in_the_editor_of_the_chosen_file_unsaved(room: EditingHouse) -> None:
    status, shown = await room.send(
        "/watchlists/draft", {"words": "giá cà phê", "kind": "event", "file": "events.yaml"}
    )
    assert status == 200
    form = fields(shown)
    assert form["opened"] == EVENTS
    assert form["text"].startswith(EVENTS)
    assert "giá cà phê" in form["text"]
    assert 'action="/watchlists/events.yaml"' in shown
    assert "does not know it" in shown, "no such news is stored"
    assert room.text("events.yaml") == EVENTS
    _, known = await room.send("/watchlists/draft", {"words": "bão gần bờ", "kind": "event", "file": "events.yaml"})
    assert "is drafted. Nothing is saved yet." in known, seen(known)
    for form in ({"words": "", "file": "events.yaml"}, {"words": "x", "file": "../x"}):
        status, shown = await room.send("/watchlists/draft", form)
        assert (status, "Write a name" in shown) in ((200, True), (404, False))


async def test_a_draft_is_added_to_what_is_typed_already(room: EditingHouse) -> None:
    page = (await room.get(PAGE))[1]
    _, shown = await room.press("draft", page, text=MINE, words="Aryna Sabalenka", kind="leader")
    assert "Ông Tô Lâm" in fields(shown)["text"]
    assert "Aryna Sabalenka" in fields(shown)["text"]


# ---------------------------------------------------------------- saved and taken back


async def test_a_text_is_saved_after_its_difference_was_seen_and_taken_back(room: EditingHouse) -> None:
    page = (await room.get(PAGE))[1]
    _, review = await room.press("review", page, text=MINE)
    assert "− name: Tô Lâm" in seen(review)
    assert "+ name: Ông Tô Lâm" in seen(review)
    assert room.text() == FILE, "nothing before the difference was seen"
    review_form = {**fields(review), "text": MINE, "do": "save"}
    status, _ = await room.send(PAGE, review_form)
    assert status == 303
    assert room.text() == MINE
    assert room.readings == 1
    (row,) = room.log()
    assert (row.action, row.what, row.who, row.before, row.after) == (
        ChangeAction.FILE,
        "all.yaml",
        "Bàn trực",
        FILE,
        MINE,
    )
    _, saved = await room.get(f"{PAGE}?saved={row.number}")
    assert "Saved, and at work." in saved
    _, change = await room.get(f"/watchlists/changes/{row.number}")
    assert "+ name: Ông Tô Lâm" in seen(change)
    status, _ = await room.send("/watchlists/undo", {"number": str(row.number)})
    assert status == 303
    assert room.text() == FILE
    assert [each.action for each in room.log()] == [ChangeAction.UNDO, ChangeAction.FILE]
    assert (await room.send("/watchlists/undo", {"number": str(row.number)}))[0] == 400
    listed = seen((await room.get("/watchlists"))[1])
    assert "taken back +1 −1" in listed


async def test_a_text_as_a_browser_sends_it_is_saved_as_the_file_writes_it(room: EditingHouse) -> None:
    room.path().write_bytes(FILE.replace("\n", "\r\n").encode())
    page = (await room.get(PAGE))[1]
    form = {**fields(page), "text": MINE.replace("\n", "\r\n"), "do": "save"}
    assert (await room.send(PAGE, form))[0] == 303
    assert room.path().read_bytes() == MINE.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("button", ["review", "save"])
async def test_a_text_with_mistakes_is_never_saved(room: EditingHouse, button: str) -> None:
    page = (await room.get(PAGE))[1]
    _, shown = await room.press(button, page, text=WRONG)
    assert "Nothing is written: correct this first." in shown
    assert "did you mean" in shown
    assert fields(shown)["text"] == WRONG
    assert room.text() == FILE
    assert room.log() == []


async def test_what_reads_as_before_is_not_saved(room: EditingHouse) -> None:
    page = (await room.get(PAGE))[1]
    assert "all.yaml reads like this already." in (await room.press("review", page))[1]


@pytest.mark.parametrize("button", ["review", "save"])
async def test_the_second_of_two_editors_sees_what_the_first_changed_and_nothing_is_lost(
    room: EditingHouse, button: str
) -> None:
    page = (await room.get(PAGE))[1]
    room.write(OTHERS)
    status, told = await room.press(button, page, text=MINE)
    assert status == 409
    assert "What they changed" in told
    assert "+ # watched since 2026" in seen(told)
    assert room.text() == OTHERS
    assert room.log() == []
    _, both = await room.send(PAGE, {**fields(told), "text": MINE, "do": "join"})
    joined = OTHERS.replace("Tô Lâm", "Ông Tô Lâm")
    assert fields(both)["text"] == joined
    assert (await room.press("save", both))[0] == 303
    assert room.text() == joined


async def test_two_changes_of_one_line_are_not_joined_but_may_be_put_over(room: EditingHouse) -> None:
    page = (await room.get(PAGE))[1]
    theirs = FILE.replace("Tô Lâm", "Tổng Bí thư Tô Lâm")
    room.write(theirs)
    _, told = await room.press("save", page, text=MINE)
    assert "Join both changes" not in told
    assert "− name: Tổng Bí thư Tô Lâm" in seen(told)
    room.write(theirs + "# and again\n")
    form = {**fields(told), "text": MINE, "do": "save"}
    assert (await room.send(PAGE, form))[0] == 409, "what was not seen is not put over"
    _, told = await room.send(PAGE, form)
    assert (await room.send(PAGE, {**fields(told), "text": MINE, "do": "save"}))[0] == 303
    assert room.text() == MINE
    assert room.log()[0].before == theirs + "# and again\n"


async def test_a_change_that_does_not_fit_any_more_is_not_taken_back(room: EditingHouse) -> None:
    page = (await room.get(PAGE))[1]
    await room.press("save", page, text=MINE)
    room.write(MINE + "# more\n")
    status, shown = await room.send("/watchlists/undo", {"number": str(room.log()[0].number)})
    assert status == 409
    assert "Not taken back." in shown
    assert room.text() == MINE + "# more\n"


async def test_a_change_of_the_bot_is_taken_back_here_too(room: EditingHouse) -> None:
    before, after = "- id: to-lam\n  name: Tô Lâm", "- id: to-lam\n  name: Ông Tô Lâm"
    room.write(MINE)
    row = NewChange(ChangeAction.EDIT, "to-lam", "Bàn đêm", AN.chat_id, before=before, after=after)
    with room.store.writing() as tx:
        number = tx.add_change(row, now=NOW)
    assert (await room.send("/watchlists/undo", {"number": str(number)}))[0] == 303
    assert room.text() == FILE
    assert (await room.send("/watchlists/undo", {"number": "999"}))[0] == 404
    assert (await room.send("/watchlists/undo", {"number": "x"}))[0] == 404


# ---------------------------------------------------------------- with the service itself


async def test_what_is_saved_is_at_work_at_once_and_taken_back_by_the_page(house: PageHouse) -> None:
    """The whole program: its files, its reload, its process beside it."""
    path = house.folder / "watchlists" / "su-kien.yaml"
    before = path.read_text()
    _, page, _ = await house.get("/watchlists/su-kien.yaml", who=EDITOR)
    text = before + "  - id: sau-rieng\n    name: Sầu riêng\n    match: ['sầu riêng']\n"
    form = {**fields(page), "text": text}
    _, tried, _ = await house.post("/watchlists/su-kien.yaml", {**form, "do": "check"}, who=EDITOR)
    assert "Sầu riêng" in tried
    assert re.search(r"found 0, would find [1-9]", seen(tried))
    status, _, headers = await house.post("/watchlists/su-kien.yaml", {**form, "do": "save"}, who=EDITOR)
    assert status == 303
    assert "sau-rieng" in house.site.watches()
    assert path.read_text() == text
    _, saved, _ = await house.get(headers["Location"], who=EDITOR)
    assert "Saved, and at work." in saved
    status, _, _ = await house.post("/watchlists/undo", {"number": headers["Location"].split("=")[1]}, who=EDITOR)
    assert status == 303
    assert "sau-rieng" not in house.site.watches()
    assert path.read_text() == before
    for who in (READER, None):
        assert (await house.get("/watchlists/su-kien.yaml", who=who))[0] in (303, 403)
