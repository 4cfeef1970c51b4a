"""Is this name the person? The words around decide."""

import pytest

from monitor.matching.names import Surroundings, judge
from monitor.matching.text import Text


def judged(sentence: str, *, titles: str = "", states: str = "") -> str:
    """What is said against the name in «…»."""
    start = sentence.index("«")
    end = sentence.index("»") - 1
    text = Text(sentence.replace("«", "").replace("»", ""))
    ends = [text.low.index(word.lower()) + len(word) for word in (titles, states) if word]
    around = Surroundings(
        title_ends={ends[0]} if titles else set(),
        state_ends={ends[-1]} if states else set(),
        state_starts=set(),
        name_starts=set(),
        shouting=text.plain.isupper(),
    )
    refused = judge(text, start, end, around).refused
    return str(refused) if refused else ""


@pytest.mark.parametrize(
    "sentence",
    [
        "«Merz» mở lời",
        "Ông «Merz» mở lời",
        "Sau đó «Merz» mở lời",
        "chính quyền «Merz» mở lời",
        "Chiều nay, «Merz», người Đức, mở lời",
        "Ông «Tô Lâm» thăm trường",
        "Đồng chí «Tô Lâm» Chủ trì cuộc họp",
        "ÔNG «MERZ» MỞ LỜI",
        "Cuộc gặp Macron-«Merz» dời ngày",
        "NATO «Merz» mở lời",
    ],
)
def test_a_name_stands_for_the_person(sentence: str) -> None:
    assert judged(sentence) == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "Bà Charlotte «Merz» mở lời",
        "«Merz» Tower mở cửa",
        "«Merz» Jr mở lời",
        "Hafez al-«Assad» thời trẻ",
        "tiền đạo «Merz» ghi bàn",
        "đường «Tô Lâm» bị ngập",
        "khách sạn «Merz» mở cửa",
        "Nguyễn «Tô Lâm» thi đỗ",
        "«Tô Lâm» Hà, người làng bên",
        "«Tô Lâm» (SN 1990) mở quán",
        "«Tô Lâm», 35 tuổi, mở quán",
        "học sinh «Tô Lâm» thi đỗ",
        "CHARLOTTE «MERZ» MỞ LỜI",
    ],
)
def test_a_name_is_somebody_or_something_else(sentence: str) -> None:
    assert judged(sentence) != ""


def test_a_title_right_before_a_name_outweighs_the_words_before_the_title() -> None:
    assert judged("HLV Thủ tướng «Merz» trong một vở kịch", titles="Thủ tướng") == ""
    assert judged("Thủ tướng Đức «Merz» mở lời", states="Đức") == ""


def test_a_short_form_is_no_part_of_a_fuller_name() -> None:
    assert judged("«Ông Kim» Sang Sik gọi quân") == "“Sang” after it: a longer name"
    assert judged("«Ông Kim» tới Hà Nội") == ""


def test_a_trade_behind_a_vietnamese_name_is_somebody_elses() -> None:
    assert judged("Ông «Trần Hồng Hà», chủ quán phở, mở lời") == "“chủ quán” after it: somebody else"
    assert judged("Ông «Trần Hồng Hà», học sinh vây quanh, mở lời") == ""
