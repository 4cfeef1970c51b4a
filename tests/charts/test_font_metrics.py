"""Texts are measured in the very fonts that they are drawn in."""

import hashlib
import re

import pytest

from monitor.charts.font_metrics import FONTS, REGULAR, SEMIBOLD, fitted, readable, text_width, wrapped
from monitor.charts.rasterise import png_of

MARKED = "àáạảãâầấậẩẫăằắặẳẵèéẹẻẽêềếệểễìíịỉĩòóọỏõôồốộổỗơờớợởỡùúụủũưừứựửữỳýỵỷỹđ"
SHA256 = {
    "BeVietnamPro-Regular.ttf": "2b5299e9a972902c347806992db6506fb1078570e138e6e4d23d6b4682975937",
    "BeVietnamPro-SemiBold.ttf": "82fcfe188e40ce3a5aa1bdcbfca690c3910d29eb006d699a5591a2cb50cbaed8",
}


@pytest.mark.parametrize("name", SHA256)
def test_the_fonts_are_those_that_were_looked_at(name: str) -> None:
    assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == SHA256[name]
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text("utf-8")


def test_every_letter_of_vietnamese_is_in_both_fonts() -> None:
    for letter in MARKED + MARKED.upper() + "0123456789–—…“”‘’·%+−():;,.!?/":
        assert readable(letter) == letter
        for bold in (False, True):
            assert text_width(letter, 10, bold=bold) > 0, letter


@pytest.mark.parametrize("font", [REGULAR, SEMIBOLD])
def test_a_width_is_that_of_what_is_drawn(font: object) -> None:
    """A block at the measured end of a text begins where the text ends: ink to the left of it, none to the right."""
    bold = font is SEMIBOLD
    weight = ' font-weight="600"' if bold else ""
    for text in ("HHHHHHHHHH", "Tổng thống Ngũ Ệ 1.234"):
        wide = text_width(text, 20, bold=bold)

        def svg(shown: str, left: float) -> str:
            return (
                f'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="40" viewBox="{left:.2f} 0 400 40">'
                f'<text x="0" y="30" font-size="20" font-family="Be Vietnam Pro"{weight}>{shown}</text></svg>'
            )

        empty = png_of(svg("", wide))
        assert png_of(svg(text, wide)) == empty
        assert png_of(svg(text, wide - 4)) != png_of(svg("", wide - 4))


def test_letters_that_the_font_does_not_have_become_plain_or_nothing() -> None:
    assert readable("Ｔin\n 🔔 中 mới ﬁ") == "Tin mới fi"
    assert not re.search(r"\s", readable("\u200b\u202e \t"))


def test_a_text_is_cut_where_it_no_longer_fits() -> None:
    long = "Tổng thống Nga gặp Tổng thống Mỹ ở Alaska"
    cut = fitted(long, 100, 12)
    assert cut.endswith("…")
    assert long.startswith(cut[:-1])
    assert text_width(cut, 12) <= 100
    assert fitted(long, 1_000, 12) == long


def test_a_text_is_broken_between_words_and_its_last_line_is_cut() -> None:
    lines = wrapped("Tổng thống Nga gặp Tổng thống Mỹ ở Alaska bàn về ngừng bắn", 120, 12, most=2)
    assert len(lines) == 2
    assert " ".join(lines).startswith("Tổng thống Nga")
    assert lines[1].endswith("…")
    assert all(text_width(line, 12) <= 120 for line in lines)
