"""Letters and syllables: one form, one folding, one shape, in one place."""

import ast
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import monitor
from monitor.text.words import decomposed, folded, has_marks, is_nfc, is_vietnamese, nfc, spellings, unmarked

LETTERS = st.text(alphabet="aăâbcdđeêghiklmnoôơuưvxyàáảãạằắặòóọùúụýỳ HNTĐĂÂ-.\u0301\u0323", max_size=40)


@given(LETTERS)
def test_every_way_to_write_marks_is_one_form(text: str) -> None:
    assert nfc(decomposed(text)) == nfc(text) == unicodedata.normalize("NFC", text)
    assert is_nfc(nfc(text))


ODD = st.text(alphabet="xạ\u0301\u0302\u0323\u031b\u0344\u0f71\u0f72\u0f73\u1100\u1161\u11a8\u3042\u3099", min_size=200)


@given(ODD)
def test_a_long_run_of_marks_has_the_form_that_it_would_have_had(text: str) -> None:
    assert nfc(text) == unicodedata.normalize("NFC", text)
    assert decomposed(text) == unicodedata.normalize("NFD", text)


@pytest.mark.parametrize("form", [nfc, decomposed, unmarked])
def test_marks_in_disorder_cost_no_more_than_their_number(form: Callable[[str], str]) -> None:
    started = time.process_time()
    form("x" + "\u0323\u0302" * 100_000)
    assert time.process_time() - started < 3, "a tenth of a second, where sorting them by insertion takes thirty"


@given(LETTERS)
def test_both_foldings_agree_and_one_keeps_positions(text: str) -> None:
    text = "".join(letter for letter in nfc(text) if not unicodedata.combining(letter))  # a ả that is ạ as well
    assert folded(text) == unmarked(text)
    assert len(folded(text)) == len(text)


def test_marks_fall_and_capitals_stay() -> None:
    assert unmarked("Đường đến Hòa Bình") == unmarked(decomposed("Đường đến Hòa Bình")) == "Duong den Hoa Binh"
    assert folded("đường đến hòa bình") == "duong den hoa binh"
    assert folded("straße; ø") == "straße; ø"


def test_i_and_y_are_twins_at_the_end_of_whole_syllables() -> None:
    assert spellings("lý cường") == ("lý cường", "lí cường")
    assert spellings("kim") == ("kim",)


@pytest.mark.parametrize("word", ["Tập", "Nguyễn", "khuyến", "giờ", "Quyền", "nghiêng", "Kim", "a"])
def test_vietnamese_syllables_are_known_by_their_shape(word: str) -> None:
    assert is_vietnamese(word)


@pytest.mark.parametrize("word", ["Trump", "Putin", "Tower", "Jr", "Melania", "Ukraine", "F", "Iran"])
def test_foreign_words_are_not_vietnamese_syllables(word: str) -> None:
    assert not is_vietnamese(word)


@pytest.mark.parametrize(("word", "has"), [("đi", True), ("tập", True), ("ba", False), ("øre", False), ("", False)])
def test_marks_tell_vietnamese_from_other_languages(word: str, has: bool) -> None:
    assert has_marks(word) is has


def test_letters_and_marks_are_known_in_one_room() -> None:
    root = Path(monitor.__file__).parent
    users = {
        path.relative_to(root).parts[0]
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import) and any(each.name == "unicodedata" for each in node.names)
    }
    assert users == {"text"}
