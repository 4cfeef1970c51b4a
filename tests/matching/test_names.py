"""Is this name the person? And which office is named? The words around decide."""

import pytest

from monitor.matching import offices
from monitor.matching.names import Surroundings, judge
from monitor.matching.offices import Hit, Mention, OfficeKey
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


@pytest.mark.parametrize(
    ("written", "office_key"),
    [
        ("Tổng thống Nga", OfficeKey("tổng thống", "nga")),
        ("tổng thống liên bang nga", OfficeKey("tổng thống", "nga")),
        ("Bộ trưởng Bộ Ngoại giao Hoa Kỳ", OfficeKey("ngoại trưởng", "mỹ")),
        ("Chủ tịch Trung Quốc", OfficeKey("chủ tịch nước", "trung quốc")),
        ("Chủ tịch EC", OfficeKey("chủ tịch ủy ban châu âu", "")),
        ("Thủ tướng Chính phủ", OfficeKey("thủ tướng", "")),
        ("Thủ tướng Việt Nam", OfficeKey("thủ tướng", "")),
        ("Giáo hoàng", OfficeKey("giáo hoàng", "")),
        ("Tổng thống Xứ Tưởng Tượng", None),
        ("ông chủ Nhà Trắng", None),
    ],
)
def test_an_office_of_a_watchlist_is_a_title_and_a_state(written: str, office_key: OfficeKey | None) -> None:
    assert offices.office_key(written) == office_key


def mentions(sentence: str) -> list[tuple[str, str | None, str]]:
    """Title, state and what changes it, of each office in a sentence."""
    text = Text(sentence)
    titles: list[Hit] = []
    for title, spellings in offices.titles().items():
        for spelling in spellings:
            at = text.low.find(spelling.lower())
            while at >= 0:
                titles.append(Hit(at, at + len(spelling), title))
                at = text.low.find(spelling.lower(), at + 1)
    longest = [hit for hit in titles if not any(o.start <= hit.start and hit.end < o.end for o in titles)]
    longest.sort(key=lambda hit: hit.start)
    states = {}
    for word in ("Nga", "Mỹ", "Lào", "Bulgaria", "Iran"):
        at = sentence.find(word)
        if at >= 0:
            states[at] = Hit(at, at + len(word), word.lower())
    read: list[Mention] = offices.read(text, longest, states, shouting=False)
    return [(one.title, one.state, one.changed) for one in read]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Tổng thống Nga đến", [("tổng thống", "nga", "")]),
        ("Ngoại trưởng Nga - Mỹ ăn trưa", [("ngoại trưởng", "nga", ""), ("ngoại trưởng", "mỹ", "")]),
        ("cựu Tổng thống Mỹ trồng rau", [("tổng thống", "mỹ", "cựu")]),
        ("Tổng thống đắc cử Mỹ", [("tổng thống", None, "đắc cử")]),
        ("Tổng Bí thư, Chủ tịch nước Lào đến", [("tổng bí thư", "lào", ""), ("chủ tịch nước", "lào", "")]),
        ("Tổng Bí thư, Thủ tướng dự lễ", [("tổng bí thư", None, ""), ("thủ tướng", None, "")]),
        ("Thủ tướng và Ngoại trưởng Bulgaria", [("thủ tướng", "bulgaria", ""), ("ngoại trưởng", "bulgaria", "")]),
        ("tranh cử Tổng thống", [("tổng thống", None, "tranh cử")]),
        ("46 thủ tướng dự lễ", [("thủ tướng", None, "46")]),
    ],
)  # fmt: skip
def test_offices_are_read_with_what_changes_them(sentence: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert mentions(sentence) == expected


def test_a_decree_number_is_no_office() -> None:
    assert ("thủ tướng", None, "") not in mentions("Quyết định 12/QĐ-TTg có hiệu lực")
