"""The sets that ship, as an editor meets them: named by `monitor check`, and listed in docs/sets.md."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from monitor.config import load_all
from monitor.matching.lint import review
from monitor.matching.word_sets import guard_sets, shipped_sets
from monitor.matching.word_sets.sets_page import sets_page
from monitor.types import Event, WatchId, Watchlist
from tests.config.folder import Write, write

__all__ = ["write"]  # a fixture

PAGE = Path(__file__).parents[2] / "docs" / "sets.md"


def _hints(*match: str) -> list[tuple[str, str]]:
    findings = review(Watchlist("v", (Event(WatchId("e"), "E", match=match),)), today=date(2026, 6, 10))
    return [(one.where, one.message) for one in findings]


@pytest.mark.parametrize(
    "query", ["khởi tố", '"khởi tố"', 'title:"khởi tố"', '"Khởi tố" NEAR/5 (giám đốc OR trưởng phòng)']
)
def test_a_lone_word_is_told_which_set_says_more(query: str) -> None:
    ((where, message),) = _hints("Vàm Xanh", query)
    assert where == "e.match[1]"
    assert message.startswith("{khởi tố} holds "), message
    assert message.lower().endswith(" ways to say `khởi tố`: write {khởi tố}")


@pytest.mark.parametrize(
    "query",
    [
        "{khởi tố}",
        '"khởi tố" OR "truy nã"',  # whoever wrote another way beside it has thought of them
        'Gaza AND NOT "khởi tố"',
        '="Khởi tố"',
        "bị can",  # a member may be narrower than its set
        "diễn tập",  # what a guard takes away may be just what an event is about
        "Vàm Xanh",
    ],
)
def test_what_was_weighed_is_not_told(query: str) -> None:
    assert _hints(query) == []


def test_one_word_of_an_event_is_told_and_none_of_one_with_many_queries() -> None:
    assert len(_hints("khởi tố", "cháy")) == 1
    assert _hints("khởi tố", "a", "b", "c", "d") == []
    assert _hints("khởi tố", "tạm giam OR bị can") == []  # it has three of them already


def test_a_check_points_at_the_word_in_its_file(write: Write) -> None:
    folder = write(a="events:\n  - id: x\n    name: X\n    match:\n      - khởi tố\n")
    (warning,) = load_all(folder, today=date(2026, 6, 10)).warnings
    assert str(warning).startswith("config/watchlists/a.yaml:5:9: {khởi tố} holds ")


def test_guards_are_among_the_sets_that_ship() -> None:
    assert guard_sets()
    assert {*guard_sets()} < {*shipped_sets()}


def test_the_page_of_the_sets_is_what_the_sets_make() -> None:
    command = [sys.executable, "-m", "monitor.matching.word_sets.sets_page"]
    written = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    assert written == sets_page()
    assert PAGE.read_text(encoding="utf-8") == written, "docs/sets.md is old: run `make sets`"


def test_the_page_names_every_set_once() -> None:
    rows = [line.split(" | ")[0] for line in sets_page().splitlines() if line.startswith("| `{")]
    assert rows == [f"| `{{{one.name}}}`" for one in shipped_sets()]
