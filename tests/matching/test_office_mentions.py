"""Which office is named, and whether a word beside it changes who is meant."""

import pytest

from monitor.matching import office_mentions, offices
from monitor.matching.office_mentions import Hit, OfficeMention
from monitor.matching.text import Text


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
    read: list[OfficeMention] = office_mentions.read(text, longest, states, shouting=False)
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
