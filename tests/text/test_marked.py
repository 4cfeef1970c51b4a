"""A text in pieces: put together again it is the text, and what is marked is what was asked for."""

import pytest

from monitor.text.marked import marked_pieces


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        ([], "Tô Lâm nói"),
        ([(0, 6)], "[Tô Lâm] nói"),
        ([(7, 10), (0, 2)], "[Tô] Lâm [nói]"),
        ([(0, 4), (3, 6)], "[Tô Lâm] nói"),
        ([(0, 2), (2, 6)], "[Tô Lâm] nói"),
        ([(7, 99)], "Tô Lâm [nói]"),
        ([(-3, 2), (5, 5), (9, 3), (40, 50)], "[Tô] Lâm nói"),
    ],
)
def test_what_is_marked_stands_between_what_is_not(spans: list[tuple[int, int]], shown: str) -> None:
    pieces = marked_pieces("Tô Lâm nói", spans)
    assert "".join(f"[{piece}]" if is_marked else piece for piece, is_marked in pieces) == shown
    assert "".join(piece for piece, _ in pieces) == "Tô Lâm nói"


def test_an_empty_text_has_no_pieces() -> None:
    assert marked_pieces("", [(0, 3)]) == ()
