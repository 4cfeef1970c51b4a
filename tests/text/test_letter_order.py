"""The order of Vietnamese dictionaries."""

import pytest

from monitor.text.letter_order import first_letter, letter_key


def test_letters_come_before_tones_and_d_before_dd() -> None:
    sorted_names = ["An", "Ánh", "Ăn", "Ân", "Dũng", "Đỗ", "Ê", "Tô Lâm", "Tổ Lâm", "Tốn", "Tơ", "Ưng", "Vũ", "Yên"]
    assert sorted(set(sorted_names), key=letter_key) == sorted_names


def test_a_shorter_word_comes_first_and_case_counts_last() -> None:
    assert sorted(["Lê Minh Hưng", "Lê Minh", "lê", "Lễ"], key=letter_key) == ["lê", "Lễ", "Lê Minh", "Lê Minh Hưng"]


@pytest.mark.parametrize(
    ("word", "letter"),
    [("Ổn", "Ô"), ("đỗ", "Đ"), ("Putin", "P"), ("Éric", "E"), ("“Ưng”", "Ư"), ("Ñandú", "N"), ("9/11", ""), ("中", "")],
)
def test_a_word_is_listed_under_its_first_letter(word: str, letter: str) -> None:
    assert first_letter(word) == letter
