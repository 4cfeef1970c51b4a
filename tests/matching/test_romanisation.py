"""Is this the same first name in other letters?"""

import pytest

from monitor.matching.romanisation import distance, is_same_first_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sébastien", "Sebastien"),
        ("Sébastien", "Sebastian"),
        ("Sergey", "Sergei"),
        ("Muhammad", "Mohammed"),
        ("Nicolas", "Nikolas"),
        ("Nicholas", "Nikolas"),
        ("Jürgen", "Jurgen"),
        ("Viktor", "Victor"),
        ("Kylian", "Kilian"),
        ("Aleksandr", "Alexander"),
        ("Stephen", "Stefen"),
        ("Steve", "Steven"),
    ],
)
def test_one_name_in_two_spellings_is_one(one: str, other: str) -> None:
    assert is_same_first_name(one, other)
    assert is_same_first_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mario", "Maria"),
        ("Daniel", "Danielle"),
        ("Martin", "Martina"),
        ("Ali", "Eli"),
        ("Will", "Wilson"),
        ("Donald", "Melania"),
        ("David", "Victoria"),
        ("Eric", "Erica"),
        ("", ""),
    ],
)
def test_two_names_are_two(one: str, other: str) -> None:
    assert not is_same_first_name(one, other)
    assert not is_same_first_name(other, one)


def test_distance_stops_at_the_most_that_matters() -> None:
    assert distance("putin", "putin", 2) == 0
    assert distance("putin", "puttin", 2) == 1
    assert distance("putin", "macron", 2) == 3
