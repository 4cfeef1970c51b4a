"""Trades: the words that newspapers put before a name, "ca sĩ", "HLV", "bị cáo", and which of them are one trade.

Data and its patterns; whether a trade says that a name is somebody else's is decided in matching/names.py.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from monitor.matching import offices
from monitor.matching import text as texts
from monitor.text.words import bars

# one trade a line; a word may stand in several
_TRADES: Final = """
bị cáo | bị can | nghi phạm | đối tượng | nạn nhân
hlv | huấn luyện viên | thầy
thầy giáo | cô giáo | giáo viên | hiệu trưởng | hiệu phó | thầy
học sinh | sinh viên | thí sinh
cầu thủ | tiền đạo | tiền vệ | hậu vệ | trung vệ | thủ môn | thủ thành | ngôi sao
vđv | vận động viên | võ sĩ | tay vợt | kình ngư | ngôi sao
trọng tài
ca sĩ | nghệ sĩ | nsnd | nsưt | nhạc sĩ | diễn viên | ngôi sao | hoa hậu | á hậu | người mẫu | đạo diễn
streamer | youtuber | tiktoker
nhà văn | nhà thơ
họa sĩ
phóng viên | nhà báo
luật sư
bác sĩ | bs
kỹ sư
thiếu úy | trung úy | thượng úy | đại úy | thiếu tá | trung tá | thượng tá
binh nhất | chiến sĩ | liệt sĩ
shark | doanh nhân | giám đốc
tài xế
công nhân
nông dân
trưởng phòng
trưởng thôn
trưởng công an
chủ hộ | chủ quán
anh | chị | em | cháu | bé | cụ
"""
_KIN: Final = frozenset(
    bars("anh | chị | em | cháu | bé | cụ")
)  # of everybody, and in many names: no watch is of these
_HEADS: Final = frozenset(
    bars(
        """
    bộ trưởng | thứ trưởng | chủ tịch | phó chủ tịch | bí thư | phó bí thư | giám đốc | phó giám đốc | tổng giám
    đốc | phó tổng giám đốc | ceo | tổng biên tập | thị trưởng | tỉnh trưởng | thống đốc | nghị sĩ | thượng nghị sĩ |
    viện trưởng | chánh án | cục trưởng | vụ trưởng | tổng thanh tra | đại tướng | thượng tướng | trung tướng |
    thiếu tướng | đại tá | tướng | tư lệnh | vua | hoàng tử | công chúa | hoàng hậu | đức vua | tỷ phú | tỉ phú |
    đại gia | bầu | đội trưởng | thủ quân | danh thủ | danh hài | rapper | nghệ nhân | mc | giáo sư | gs | tiến sĩ |
    ts | giám mục | hồng y | linh mục
    """
    )
)
_FORMS_OF_ADDRESS: Final = frozenset(bars("ông | bà | ngài | cô | chú | bác | cậu | anh | chị | em | thầy | đồng chí"))
_OF_MANY: Final = frozenset(
    bars(
        """
    bí thư | phó bí thư | giám đốc | phó giám đốc | tổng giám đốc | phó tổng giám đốc | ceo | tổng biên tập |
    thị trưởng | nghị sĩ | thượng nghị sĩ | viện trưởng | chánh án | cục trưởng | vụ trưởng | thứ trưởng | tư lệnh |
    đại sứ | đội trưởng | thủ quân
    """
    )
)


@cache
def _lines() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(bars(line)) for line in _TRADES.strip().splitlines())


WORDS: Final = frozenset(word for line in _lines() for word in line)
BEFORE: Final = re.compile(rf"(?:^|(?<=\W))({'|'.join(sorted(WORDS, key=len, reverse=True))}) $")
"""A trade at the end of a text, with a blank behind it."""


def akin(trade: str) -> Iterable[str]:
    """The words of a trade: whoever is called a "ca sĩ" may be called a "nghệ sĩ" as well."""
    return {word for line in _lines() if trade in line for word in line - _KIN}


def is_of_many(title: str) -> bool:
    """Whether so many bear a title at once that it tells nobody from a namesake."""
    return title in WORDS or title in offices.NEEDS_STATE or title in _OF_MANY


def is_form_of_address(title: str) -> bool:
    """Whether anybody is called so: “ông”, “bà”."""
    return title in _FORMS_OF_ADDRESS


@cache
def _heads() -> frozenset[str]:
    spelled = (texts.key(spelling) for spellings in offices.titles().values() for spelling in spellings)
    return frozenset((*spelled, *WORDS, *_HEADS, *_FORMS_OF_ADDRESS))


@cache
def _first_words() -> frozenset[str]:
    return frozenset(head.split(" ", 1)[0] for head in _heads())


MOST_WORDS: Final = 5  # of a title: "quyền bộ trưởng ngoại giao"


def may_begin_title(word: str) -> bool:
    """Whether a title, a trade or a form of address begins with this word, given as a key."""
    return word in _first_words()


def title_lengths(words: list[str]) -> list[int]:
    """How many of the first words, which are keys, are a title, a trade or a form of address; the fewest first."""
    if not words or not may_begin_title(words[0]):
        return []
    return [count for count in range(1, min(MOST_WORDS, len(words)) + 1) if " ".join(words[:count]) in _heads()]
