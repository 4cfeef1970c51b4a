"""Every page, twin, feed and form of the table by HTTP alone: whom it answers, what it tells whom, and how it is kept.

The table itself is walked, so a new page is asked without being named.
"""

import json
import re
from pathlib import Path

import pytest

from monitor.types import Address
from monitor.web.routes import FORMS, FormPath, ShownTo
from tests.web.every_page import EVERY_PAGE, EVERY_PATH, EVERY_VIEW, NO_PAGES, Shown, named, placed
from tests.web.page_house import EDITOR, GROUP, MACHINE, OTHER, OWN_ID, OWN_NAME, READER, PageHouse

TEMPLATES = sorted((Path(__file__).parents[2] / "monitor" / "web" / "templates").glob("**/*.html"))
INLINE = {
    "a script of the page's own": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "a script that holds up what is shown": re.compile(r"<script(?![^>]*\b(?:defer|type=.module))", re.IGNORECASE),
    "a style of the page's own": re.compile(r"<style|<[^>]+\sstyle\s*=", re.IGNORECASE),
    "a handler in an attribute": re.compile(r"<[^>]+\son[a-z]+\s*=", re.IGNORECASE),
    "an address that is a script": re.compile(r"""=\s*["']?\s*javascript:""", re.IGNORECASE),
    "an address elsewhere that is asked by itself": re.compile(
        r"<(?:link|script|img|iframe|source)[^>]+(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE
    ),
}
NAMES = ("Putin", "Bàn đọc", "Thư ký tòa soạn", "Ban quốc tế", OWN_NAME, str(OWN_ID), "Bến Sông")  # that say something

every_page = pytest.mark.parametrize("shown", EVERY_PAGE, ids=lambda shown: shown.name)
every_path = pytest.mark.parametrize("shown", EVERY_PATH, ids=lambda shown: shown.name)
every_view = pytest.mark.parametrize("shown", EVERY_VIEW, ids=lambda shown: shown.name)
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: named(form.path))


def with_twin(house: PageHouse, shown: Shown) -> list[str]:
    return [shown.at(house), *([shown.twin_at(house)] if shown.page.twin else [])]


# ---------------------------------------------------------------- who gets in


@every_path
async def test_who_is_not_logged_in_learns_nothing(shown_house: PageHouse, shown: Shown) -> None:
    for path in with_twin(shown_house, shown):
        status, text, headers = await shown_house.get(path, who=None)
        said = [name for name in NAMES if name in text]
        if shown.page.shown_to is ShownTo.ANYBODY:
            # a page for anybody has none of the news; what is no page wants a key
            assert status == (401 if shown.page.path.endswith(NO_PAGES) else 200)
        elif path.partition("?")[0].endswith(".json"):
            assert status == 401
        else:
            assert status == 303
            assert headers["Location"].startswith("/login?next=%2F")
        assert said == []


@every_path
async def test_where_reading_is_open_nobody_learns_what_chats_do(open_house: PageHouse, shown: Shown) -> None:
    for path in with_twin(open_house, shown):
        status, text, _ = await open_house.get(path, who=None)
        if shown.page.shown_to is ShownTo.READERS:
            assert status == 200
        elif shown.page.shown_to is not ShownTo.ANYBODY:
            assert status in (303, 401)
        assert [name for name in ("Bàn đọc", "Ban quốc tế", "Thư ký tòa soạn", OWN_NAME, "1001") if name in text] == []


@every_view
async def test_pages_of_administrators_are_for_them_alone(shown_house: PageHouse, shown: Shown) -> None:
    ours = shown.page.shown_to is ShownTo.ADMINISTRATORS
    for path in with_twin(shown_house, shown):
        assert (await shown_house.get(path, who=READER))[0] == (403 if ours else 200)
        assert (await shown_house.get(path, who=EDITOR))[0] == 200
        assert (await shown_house.get(path, who=MACHINE))[0] == 200


@every_view
@pytest.mark.parametrize("who", [OTHER, EDITOR, MACHINE, GROUP], ids=["other", "admin", "machine", "group"])
async def test_an_own_watch_is_nobody_elses_to_see(shown_house: PageHouse, shown: Shown, who: Address) -> None:
    for path in with_twin(shown_house, shown):
        _, text, _ = await shown_house.get(path, who=who)
        assert OWN_NAME not in text
        assert f'"{OWN_ID}"' not in text
        assert f"/{OWN_ID}" not in text


@every_view
@pytest.mark.parametrize("who", [READER, OTHER], ids=["reader", "other"])
async def test_chats_do_not_hear_of_each_other(shown_house: PageHouse, shown: Shown, who: Address) -> None:
    others = {"Ban quốc tế", "Thư ký tòa soạn", "Bàn đọc", "Bàn kinh tế"} - {
        {READER: "Bàn đọc", OTHER: "Bàn kinh tế"}[who]
    }
    for path in with_twin(shown_house, shown):
        _, text, _ = await shown_house.get(path, who=who)
        assert [name for name in others if name in text] == []
        assert not re.search(r"\b9001\b|1000000000077", text)


@every_path
async def test_under_a_strangers_name_there_is_no_answer(shown_house: PageHouse, shown: Shown) -> None:
    for path in with_twin(shown_house, shown):
        status, text, _ = await shown_house.get(path, who=shown.who, Host="evil.example")
        assert status == 421
        assert [name for name in NAMES if name in text] == []


# ---------------------------------------------------------------- what is sent, and how it is kept


@every_view
async def test_a_page_and_its_twin_are_kept_until_they_change(shown_house: PageHouse, shown: Shown) -> None:
    for path in with_twin(shown_house, shown):
        status, text, headers = await shown_house.get(path, who=shown.who)
        assert status == 200
        if path.partition("?")[0].endswith(".json"):
            assert headers["Content-Type"] == "application/json; charset=utf-8"
            assert isinstance(json.loads(text), dict)
        else:
            assert headers["Content-Type"] == "text/html; charset=utf-8"
        if "ETag" not in headers:
            assert headers["Cache-Control"] == "no-store"
            continue
        again, text, _ = await shown_house.get(path, who=shown.who, If_None_Match=headers["ETag"])
        assert (again, text) == (304, "")
        nobody, _, _ = await shown_house.get(path, who=None, If_None_Match=headers["ETag"])
        assert nobody in (200, 303, 401), "who may not see it does not learn that it stands as it did"


@every_view
async def test_who_asks_for_the_head_alone_gets_it(shown_house: PageHouse, shown: Shown) -> None:
    for path in with_twin(shown_house, shown):
        whole = await shown_house.get(path, who=shown.who)
        status, text, headers = await shown_house.get(path, who=shown.who, method="HEAD")
        assert (status, text) == (200, "")
        assert headers.get("ETag") == whole[2].get("ETag")
        assert (await shown_house.get(path, who=None, method="HEAD"))[0] == (
            200 if shown.page.shown_to is ShownTo.ANYBODY else 401
        )


@every_path
async def test_every_answer_tells_the_browser_what_it_must_not_do(shown_house: PageHouse, shown: Shown) -> None:
    for path in with_twin(shown_house, shown):
        for who in (None, shown.who):
            _, _, headers = await shown_house.get(path, who=who)
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
            assert "*" not in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")


@every_view
async def test_a_page_has_nothing_inline_and_asks_nobody_else(shown_house: PageHouse, shown: Shown) -> None:
    _, text, _ = await shown_house.get(shown.at(shown_house), who=shown.who)
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_nothing_inline(path: Path) -> None:
    text = path.read_text("utf-8")
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize("html", ["<script>a</script>", "<p class='x' style = 'a'>", '<p\nonclick="a">', "<style>"])
def test_what_is_inline_is_found(html: str) -> None:
    assert any(pattern.search(html) for pattern in INLINE.values())


@pytest.mark.parametrize(
    "path",
    [
        "/no/such",
        "/stories/999999999",
        "/stories/x",
        "/watches/nobody-is-called-so",
        f"/watches/{OWN_ID}x",
        "/watchlists/none.yaml",
        "/watchlists/..%2Ffeeds.yaml",
        "/static/none.css",
        "/static/..%2Fgate.py",
        "/index.json.json",
        "//evil.example",
    ],
)
async def test_what_is_not_there_is_said_to_be_so(shown_house: PageHouse, path: str) -> None:
    for at in (path, f"{path}.json"):
        status, text, headers = await shown_house.get(at, who=EDITOR)
        assert status == 404
        assert "Traceback" not in text
        assert headers["X-Content-Type-Options"] == "nosniff"


# ---------------------------------------------------------------- forms


@every_form
async def test_a_form_is_taken_from_its_own_page_alone(shown_house: PageHouse, form: FormPath) -> None:
    path = placed(shown_house, form.path)
    who = EDITOR if form.shown_to is ShownTo.ADMINISTRATORS else READER
    elsewhere = [
        await shown_house.post(path, {}, who=who, Origin="https://evil.example"),
        await shown_house.post(path, {}, who=who, token="", Origin="null"),  # with its token it is one of ours
        await shown_house.post(path, {}, who=who, Sec_Fetch_Site="cross-site"),
    ]
    assert [status for status, _, _ in elsewhere] == [403] * 3
    assert (await shown_house.get(path, who=who, method="PUT"))[0] == 405
    if form.shown_to is ShownTo.ANYBODY:
        return  # there is no session yet whose token it could have
    without = [
        await shown_house.post(path, {}, who=who, token=""),
        await shown_house.post(path, {}, who=who, token=shown_house.form_token(OTHER)),
        await shown_house.post(path, {}, who=None, token=shown_house.form_token(who)),
    ]
    assert [status for status, _, _ in without] == [403] * 3


@every_form
async def test_a_form_is_no_page(shown_house: PageHouse, form: FormPath) -> None:
    path = placed(shown_house, form.path)
    if path not in {shown.at(shown_house) for shown in EVERY_PATH}:
        assert (await shown_house.get(path, who=EDITOR))[0] == 404


@every_form
async def test_forms_of_administrators_are_for_them_alone(shown_house: PageHouse, form: FormPath) -> None:
    if form.shown_to is ShownTo.ADMINISTRATORS:
        for who in (READER, OTHER, GROUP):
            assert (await shown_house.post(placed(shown_house, form.path), {}, who=who))[0] == 403


@every_form
async def test_where_reading_is_open_changing_is_not(open_house: PageHouse, form: FormPath) -> None:
    if form.shown_to is not ShownTo.ANYBODY:
        assert (await open_house.post(placed(open_house, form.path), {}, who=None))[0] == 403
