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
_PART: Final = re.compile(
    r" (khu vực|chi nhánh|phụ trách|mảng|vùng|châu (?:á|âu|phi|mỹ)|đông nam á|đông á|bắc mỹ)(?!\w)"
)
_STAFF: Final = re.compile(
    r"(?<!\w)(bộ (?:tổng )?(?:tư lệnh|tham mưu)|ban (?:tổng )?(?:giám đốc|bí thư|chủ nhiệm)|đoàn chủ tịch)"
)
_ACTING: Final = re.compile(r"(?<!\w)(?<!chính )(?<!ủy )(?<!thẩm )quyền $")
_YEAR: Final = re.compile(r" ((?:19|20)\d\d)(?!\w)")
_ABBREVIATED: Final = re.compile(r" ?\([A-ZĐ][\w&-]{1,9}\)")
_CLUB: Final = re.compile(r" FC(?!\w)")
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


def changed_by(text: Text, start: int, end: int) -> str:
    """What beside an office makes it another's or nobody's, "" for nothing.

    "Quyền | Bộ trưởng Y tế", "Ban | Giám đốc Công an", "Chủ tịch Samsung | khu vực Đông Nam Á", "Hoa hậu Biển | 2020".
    """
    if _ACTING.search(text.low[max(0, start - 12) : start]):
        return "quyền"
    for word in ("ban ", "bộ ", "đoàn "):
        staff = _STAFF.match(text.low, max(0, start - len(word)))
        if staff:
            return staff[1]
    found = _PART.match(text.low, end) or _YEAR.match(text.low, end)
    return found[1] if found else ""


def behind_abbreviation(text: Text, title: str, end: int) -> int:
    """Where "(VFF)" ends that stands right behind a body's full name, or "FC" behind a coach's club; else `end`."""
    found = _ABBREVIATED.match(text.plain, end)
    if found is None and title.startswith("huấn luyện viên "):
        found = _CLUB.match(text.plain, end)
    return found.end() if found else end


def behind_form_of_address(text: Text, end: int) -> int:
    """Where "ông" or "bà" ends that stands between an office and a name, less the blank; else `end`."""
    found = _POLITE.match(text.low, end)
    return found.end() - 1 if found else end
