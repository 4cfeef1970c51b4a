"""One form for many spellings, with the way back: laws, and the oddities that newspapers send."""

import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.matching.text import ItemText, Text, key

VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặòóỏõọùúủũụýỳ HNTKLĐĂÂ .,;-–\u00a0\u200b\n&<>/b", max_size=60
)


@given(VIETNAMESE)
def test_decomposed_text_reads_like_composed_text(text: str) -> None:
    assert Text(unicodedata.normalize("NFD", text)).low == Text(unicodedata.normalize("NFC", text)).low


@given(VIETNAMESE)
def test_reading_what_was_read_changes_nothing(text: str) -> None:
    once = Text(text).plain
    assert Text(once).plain == once


@given(VIETNAMESE)
def test_the_three_views_have_the_same_positions(text: str) -> None:
    seen = Text(text)
    assert len(seen.low) == len(seen.plain)
    for position in range(len(seen.plain)):
        start, end = seen.span(position, position + 1)
        assert 0 <= start < end <= len(text)


@given(VIETNAMESE, VIETNAMESE)
def test_a_page_shows_each_field_as_if_it_stood_alone(title: str, lead: str) -> None:
    page = ItemText((title, lead))
    page.settle()
    for source, text, begin in zip((title, lead), page.fields, page.offsets, strict=False):
        alone = Text(source)
        assert text.low == alone.low == page.low[begin : begin + len(alone.low)]
        assert text.plain == alone.plain


@given(VIETNAMESE)
def test_a_rough_page_holds_the_same_words_as_the_exact_one(text: str) -> None:
    page = ItemText((text, ""))
    rough = page.low.split()
    page.settle()
    assert page.low.split() == rough


def test_a_slice_found_in_odd_text_is_the_slice_as_given() -> None:
    source = unicodedata.normalize("NFD", "Sáng nay,\u00a0 Thủ\u200b tướng Hoà\u200b\t Bình bạn")
    seen = Text(source)
    start = seen.low.index("hòa bình")
    begin, end = seen.span(start, start + len("hòa bình"))
    assert unicodedata.normalize("NFC", source[begin:end]) == "Hoà\u200b\t Bình"


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ("Kim Jong‑un", "kim jong un"),
        ("Kim–Jong-un", "kim jong un"),
        ("Tie\u0302\u200b\u0301n, \u1100\u200b\u1161", "tiến, \uac00"),
        ("uỷ ban", "ủy ban"),
        ("hoà thuận, khoẻ, thuý", "hòa thuận, khỏe, thúy"),
        ("hoàn toàn, quý, quỳnh", "hoàn toàn, quý, quỳnh"),
        ("Ðà Nẵng, Ɖà Nẵng", "đà nẵng, đà nẵng"),
        ("AT&T; 1 < 2 & <b>3</b> &amp;", "at&t; 1 < 2 & <b>3</b> &amp;"),
        ("Côte d’Ivoire", "côte d'ivoire"),
        ("Nga – Ukraine", "nga - ukraine"),
    ],
)
def test_odd_spellings_read_as_the_plain_one(odd: str, plain: str) -> None:
    assert Text(odd).low == plain


def test_keys_are_what_stands_in_a_text() -> None:
    assert key("  Kim   Jong-un ") == "kim jong un"


def test_sentences_end_at_stops_and_semicolons_but_not_after_initials() -> None:
    text = "Ông V. Putin đến TP. HCM hôm 3.5. Hai bên họp kín; báo chí chờ ngoài.\nMưa to | Nắng lên"
    seen = Text(text)
    begins = [*seen.sentences(), len(text)]
    assert [text[a:b].strip() for a, b in pairwise(begins)] == [
        "Ông V. Putin đến TP. HCM hôm 3.5.",
        "Hai bên họp kín;",
        "báo chí chờ ngoài.",
        "Mưa to |",
        "Nắng lên",
    ]


@pytest.mark.parametrize("piece", ["<a", "&amp;", "-", "\u0301", " ", "\n", "a\u0301\u0300", "hoà "])
def test_a_megabyte_of_anything_is_read_in_linear_time(piece: str) -> None:
    small, large = (piece * (size // len(piece)) for size in (100_000, 1_000_000))

    def seconds(text: str) -> float:
        began = time.process_time()
        Text(text)
        return time.process_time() - began

    seconds(small)
    assert seconds(large) < 40 * seconds(small) + 0.5
