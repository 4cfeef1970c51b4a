"""Which words were kept, taken out and put in."""

import pytest

from monitor.web.word_changes import MOST_WORDS, word_changes


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("12 người chết", "21 người chết", [("out", "12"), ("in", "21"), ("same", "người chết")]),
        ("Phà chạy", "Phà không chạy", [("same", "Phà"), ("in", "không"), ("same", "chạy")]),
        ("Phà không chạy", "Phà chạy", [("same", "Phà"), ("out", "không"), ("same", "chạy")]),
        ("", "Phà", [("in", "Phà")]),
        ("Phà  chạy", "Phà chạy", [("same", "Phà chạy")]),
        ("", "", []),
    ],
)
def test_words_that_changed_are_told_apart(before: str, after: str, changes: list[tuple[str, str]]) -> None:
    assert word_changes(before, after) == changes


def test_of_very_long_texts_the_whole_is_taken_out_and_put_in() -> None:
    before, after = "a " * MOST_WORDS, "b"
    assert word_changes(before, after) == [("out", before), ("in", after)]
