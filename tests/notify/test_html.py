"""Pieces of a message: counted as Telegram counts, bold where they were asked to be, cut no sooner than they must."""

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.notify.html import (
    MAX_BOLD,
    MAX_UNITS,
    MAX_URL,
    HtmlPiece,
    bold,
    cut,
    cut_sentences,
    italic,
    joined,
    link,
    one_line,
    piece_of,
    prefix,
    tagged,
    units,
    with_bold,
)
from tests.bot_api import MAX_TEXT, parse_html, utf16

TEXTS = st.text(alphabet="aẮ &<>\"'\n😀🏳\uffff\u0301.", max_size=30)
SPANS = st.lists(st.tuples(st.integers(-3, 35), st.integers(-3, 35)), max_size=8)


def test_a_message_has_as_many_units_as_telegram_allows() -> None:
    assert MAX_UNITS == MAX_TEXT == 4096


@given(TEXTS, TEXTS)
def test_a_piece_counts_what_telegram_counts_whatever_it_is_made_of(one: str, other: str) -> None:
    assert units(one) == utf16(one)
    pieces = (
        *(piece_of(one), bold(one), italic(one), link(one, "https://a.example/"), tagged("u", bold(other))),
        *(piece_of(one) + bold(other), joined(" · ", [piece_of(one), bold(other), italic(one)])),
        *(joined(" · ", [piece_of(one)]), joined(" · ", [])),
    )
    for piece in pieces:
        assert utf16(parse_html(piece.html)[0]) == piece.units


def test_a_piece_cannot_be_changed_and_holds_nothing_else() -> None:
    piece = HtmlPiece("a", 1)
    with pytest.raises(FrozenInstanceError):
        piece.units = 2  # type: ignore[misc]
    assert not hasattr(piece, "__dict__")


def test_nothing_in_bold_is_nothing() -> None:
    assert bold("") == tagged("b", piece_of("")) == HtmlPiece("", 0)


# ---------------------------------------------------------------- bold


@given(TEXTS, SPANS)
def test_exactly_the_asked_passages_are_bold(text: str, spans: list[tuple[int, int]]) -> None:
    piece = with_bold(text, spans)
    read, entities = parse_html(piece.html)
    assert read == text
    assert piece.units == utf16(text)
    asked = {at for start, end in spans for at in range(max(0, start), min(end, len(text)))}
    units_of = [utf16(text[:at]) for at in range(len(text) + 1)]
    shown = {
        at
        for each in entities
        for at in range(len(text))
        if each["offset"] <= units_of[at] and units_of[at + 1] <= each["offset"] + each["length"]
    }
    assert shown == asked


def test_passages_that_touch_or_overlap_are_one() -> None:
    assert with_bold("abcdefgh", [(4, 6), (1, 3), (3, 4), (2, 3)]).html == "a<b>bcdef</b>gh"
    assert with_bold("abcdefgh", [(1, 7), (2, 3)]).html == "a<b>bcdefg</b>h"
    assert with_bold("abcdefgh", [(0, 1), (3, 4), (6, 7), (6, 8)]).html == "<b>a</b>bc<b>d</b>ef<b>gh</b>"
    assert with_bold("abcdefgh", [(0, 1), (3, 7), (4, 5)]).html == "<b>a</b>bc<b>defg</b>h"
    assert with_bold("abc", [(0, 0), (1, 0), (1, 2)]).html == "a<b>b</b>c"


def test_no_more_passages_are_bold_than_telegram_would_keep() -> None:
    text = "ab" * 100
    assert with_bold(text, [(at, at + 1) for at in range(0, 200, 2)]).html.count("<b>") == MAX_BOLD == 60


# ---------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        ("https://a.example", True),
        ("http://a.example/x?y=1&z=2", True),
        ("https://" + "a" * (MAX_URL - 8), True),
        ("https://" + "a" * (MAX_URL - 7), False),
        ("ftp://a.example", False),
        ("https:///a", False),
        ("https:// a.example", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_only_an_address_of_the_web_of_bounded_length_is_a_link(url: str, is_link: bool) -> None:
    assert MAX_URL == 2048
    assert ("<a href=" in link("Tin", url).html) is is_link
    assert link("", url) == HtmlPiece("", 0)


def test_an_address_is_escaped_and_on_one_line() -> None:
    assert link("x", 'https://a.example/ "b\n&').html == '<a href="https://a.example/%20&quot;b%20&amp;">x</a>'


# ---------------------------------------------------------------- cutting


@given(TEXTS, st.integers(0, 40))
def test_a_prefix_is_the_longest_that_fits(text: str, most: int) -> None:
    kept = prefix(text, most)
    assert text.startswith(kept)
    assert units(kept) <= most
    assert kept == text or units(text[: len(kept) + 1]) > most


@given(TEXTS)
def test_what_fits_exactly_is_not_cut(text: str) -> None:
    assert prefix(text, units(text)) == cut(text, units(text)) == cut_sentences(text, units(text)) == text


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [
        ("abc", 0, ""),
        ("abc", -1, ""),
        ("abc", 1, "…"),
        ("abc", 2, "a…"),
        ("một hai ba", 8, "một hai…"),  # what was left out begins with a blank
        ("một hai ba", 7, "một ha…"),
        ("một haibabon", 8, "một hai…"),  # what was left out belongs to the word
        ("ab cdefg", 6, "ab cd…"),  # a blank in the very middle is none behind it
        ("abcd efg", 7, "abcd…"),
        ("một\nhai ba", 6, "một…"),
        ("một, hai", 6, "một…"),
    ],
)
def test_a_text_is_cut_after_a_word_that_ends_in_the_second_half(text: str, most: int, kept: str) -> None:
    assert cut(text, most) == kept


def test_a_sentence_that_ends_where_the_room_does_is_kept() -> None:
    text = "Trời mưa. Gió to."
    assert cut_sentences(text, 9) == "Trời mưa."
    assert cut_sentences(text, 8) == "Trời…"


def test_one_line_has_single_blanks() -> None:
    assert one_line(" a \n\t b\u2028c ") == "a b c"
