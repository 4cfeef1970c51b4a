"""Where the name of an office goes on behind the words that a watchlist has: a longer ministry, a place, a year.

Reads the words behind an office and nothing else; whom an office means is decided in matching/office_rules.py.
"""

import re
from typing import Final

from monitor.matching import written_offices
from monitor.matching.text import Text
from monitor.text import institutions

_PORTFOLIO = "|".join(sorted(institutions.PORTFOLIOS, key=len, reverse=True))
_LONGER: Final = re.compile(rf"(?:(?: và|,| &| -)? (?:{_PORTFOLIO})(?!\w))+")
_YEAR: Final = re.compile(r" (?:19|20)\d\d(?!\w)")
_ABBREVIATED: Final = re.compile(r" ?\([A-ZĐ][\w&-]{1,9}\)")
_POLITE: Final = re.compile(r" (?:ông|bà|đồng chí|đ/c|tiến sĩ|giáo sư|ts\.?|pgs\.? ?ts\.?|gs\.? ?ts\.?) ")


def longer_ministry(text: Text, title: str, end: int) -> int:
    """Where a ministry ends that is more than the one at hand: "Bộ trưởng Y tế | và Dịch vụ Nhân sinh"; else `end`."""
    if not title.startswith(("bộ trưởng ", "thứ trưởng ")):
        return end
    found = _LONGER.match(text.low, end)
    # "Bộ trưởng Tư pháp nội vụ vừa …": what goes on with a name of a ministry has a capital somewhere
    return found.end() if found and any(map(str.isupper, text.plain[end : found.end()])) else end


def place_behind(text: Text, end: int) -> int:
    """Where a place at home ends that stands right behind an office: "Giám đốc Công an | tỉnh Nghệ An"; else `end`."""
    found = written_offices.place_after().match(text.low, end)
    if found is None:
        return end
    words = text.plain[end : found.end()].split(" ")
    return found.end() if words[-1][:1].isupper() else end


def is_of_a_year(text: Text, end: int) -> bool:
    """“Hoa hậu Việt Nam | 2020”: one of many who were called so."""
    return _YEAR.match(text.low, end) is not None


def behind_abbreviation(text: Text, end: int) -> int:
    """Where "(VFF)" ends that stands right behind a body's full name; else `end`."""
    found = _ABBREVIATED.match(text.plain, end)
    return found.end() if found else end


def behind_form_of_address(text: Text, end: int) -> int:
    """Where "ông" or "bà" ends that stands between an office and a name, less the blank; else `end`."""
    found = _POLITE.match(text.low, end)
    return found.end() - 1 if found else end
