"""Signs beside an office that another holder is meant, or nobody: a year, the number of a decree.

Reads the words of one sentence around an office; what follows for its holder is decided in matching/office_rules.py.
"""

import re
from typing import Final

from monitor.matching.text import Text
from monitor.text.words import bars

_DECREES: Final = "|".join(
    bars(
        """
    quyết định | chỉ thị | công điện | nghị quyết | nghị định | thông báo | thông tư | công văn | văn bản | kết luận |
    qđ | ct | cđ
    """
    )
)
_NUMBER: Final = r"\d[\w/.&-]*(?: [a-zđ&]{2,8})?"  # "12/QĐ-TTg", whose hyphen is a blank here
_DATE: Final = r"(?: \(?(?:ngày|tháng|năm|[\d/.-]+)\)?,?)*"
_NUMBERED: Final = re.compile(rf"(?<!\w)(?:{_DECREES})(?: số)?:? ?{_NUMBER}{_DATE} của (?:đồng chí )?$")
_DAY: Final = r"(?:(?:ngày )?\d{1,2}[/.-])?(?:tháng )?(?:\d{1,2}[/.-])?"
_YEAR: Final = r"((?:19|20)\d\d)(?![\d/])"
_YEAR_BEFORE: Final = re.compile(rf"(?:(?:năm|hồi|từ) |[/.-]){_YEAR}\)?,? $")
_YEAR_AFTER: Final = re.compile(rf"(?: [^\W\d_]+){{0,4}}? (?:năm |hồi |tháng |ngày ){_DAY}{_YEAR}")
_FAR: Final = 110  # letters before an office in which the number of a decree may stand


def is_of_decree(text: Text, start: int) -> bool:
    """“Theo Quyết định số 12/QĐ-TTg của | Thủ tướng”: it tells which paper, not who did something."""
    return _NUMBERED.search(text.low[max(0, start - _FAR) : start]) is not None


def year_beside(text: Text, start: int, end: int) -> int | None:
    """The year to which an office is tied: "Năm 1972, | Tổng thống Mỹ |", "| Thủ tướng | ký ngày 3/2/2018"."""
    found = _YEAR_BEFORE.search(text.low[max(0, start - 20) : start]) or _YEAR_AFTER.match(text.low, end, end + 60)
    return int(found[1]) if found else None
