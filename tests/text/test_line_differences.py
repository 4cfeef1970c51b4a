"""What differs line by line, and two changes joined where they do not meet."""

import pytest

from monitor.text import line_differences
from monitor.text.line_differences import difference, joined

BASE = "một\nhai\nba\nbốn\nnăm\nsáu\nbảy\ntám\nchín\n"


def shown(before: str, after: str) -> list[str]:
    return [f"{line.sign}{line.number} {line.text}".rstrip() for line in difference(before, after)]


def test_a_line_that_changed_stands_with_two_around_it() -> None:
    expected = ["…0", " 2 hai", " 3 ba", "-4 bốn", "+4 4", " 5 năm", " 6 sáu"]
    assert shown(BASE, BASE.replace("bốn", "4")) == expected


def test_texts_that_are_the_same_differ_in_nothing() -> None:
    assert difference(BASE, BASE) == []


def test_what_came_and_went_is_numbered_as_in_its_own_text() -> None:
    assert shown("a\nb\nc\n", "a\nx\ny\nc\n") == [" 1 a", "-2 b", "+2 x", "+3 y", " 4 c", " 5"]


def test_a_text_of_very_many_lines_is_shown_as_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_differences, "MOST_LINES", 3)
    assert [line.sign for line in difference("a\nb\nc\nd", "a\nb\nc\ne")] == ["-"] * 4 + ["+"] * 4
    assert joined(BASE, BASE, BASE) is None


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        (BASE.replace("hai", "2"), BASE.replace("tám", "8"), BASE.replace("hai", "2").replace("tám", "8")),
        (BASE + "mười\n", "không\n" + BASE, "không\n" + BASE + "mười\n"),
        (BASE.replace("hai\n", ""), BASE.replace("chín", "9"), BASE.replace("hai\n", "").replace("chín", "9")),
        (BASE.replace("hai", "2"), BASE.replace("hai", "2"), BASE.replace("hai", "2")),
        (BASE, BASE.replace("hai", "2"), BASE.replace("hai", "2")),
        (BASE.replace("hai", "2"), BASE.replace("hai", "II"), None),
        (BASE.replace("hai", "2"), BASE.replace("ba", "3"), None),
        (BASE + "mười\n", BASE + "mười một\n", None),
        (BASE.replace("hai\nba\n", ""), BASE.replace("ba", "3"), None),
    ],
)
def test_two_changes_are_joined_unless_they_meet(mine: str, theirs: str, both: str | None) -> None:
    assert joined(BASE, mine, theirs) == both
    assert joined(BASE, theirs, mine) == both
