"""Is this name the person? Judged by the words around it, as a careful reader would.

Knows how names stand in Vietnamese sentences; knows no watchlist and no other field of the item.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from monitor.matching import reasons
from monitor.matching.reasons import Why
from monitor.matching.text import Text
from monitor.text.words import bars, is_vietnamese

FAMILY_NAMES: Final = frozenset(
    bars(
        """
    nguyễn | trần | lê | phạm | hoàng | huỳnh | phan | vũ | võ | đặng | bùi | đỗ | hồ | ngô | dương | lý |
    đào | đoàn | vương | trịnh | trương | đinh | lâm | phùng | mai | tô | hà | tạ | chu | quách | lương |
    thái | tống | châu | từ | la | kiều | cao | tăng | lại | lưu | triệu | doãn | khuất | đàm | cù
    """
    )
)
CONNECTORS: Final = frozenset(
    bars("al | el | bin | bint | ibn | de | da | di | do | dos | von | van | der | den | la | le | ul | abu")
)
_GENERATION: Final = frozenset(bars("jr | jr. | junior | sr | con | cha"))


def _word_before(block: str) -> re.Pattern[str]:
    """One of these words at the end of a text, with a blank behind it."""
    return re.compile(rf"(?:^|(?<=\W))({'|'.join(bars(block))}) $")


_NOT_A_PERSON: Final = _word_before(
    """
    đường | phố | phường | xã | huyện | quận | thị trấn | trường | thpt | thcs | tiểu học | mầm non | cầu |
    chợ | sông | núi | đảo | công viên | quảng trường | tòa nhà | tòa tháp | tháp | khách sạn | sân bay |
    sân vận động | bảo tàng | lớp | tàu | giải | cúp | quỹ | viện | khu đô thị | chung cư | thương hiệu |
    công ty | tập đoàn | tổ chức | đại lộ | ngõ | hẻm | tuyến | thung lũng | sân golf | câu lạc bộ | clb |
    bệnh viện | nhà xuất bản | giống | nhãn hàng | điện thoại | thẻ vàng | tàu sân bay | thiết giáp hạm |
    máy bay | meme | token | đồng tiền số | đại học | học viện | trung tâm | nhà hát | nhà hàng | chiến hạm |
    nhà ga | ngân hàng | chứng khoán | khu nghỉ dưỡng | thị xã | thành phố | biệt thự | bến cảng
    """
)
_OTHER_TRADE: Final = _word_before(
    """
    bị cáo | bị can | hlv | huấn luyện viên | cầu thủ | tiền đạo | tiền vệ | hậu vệ | trung vệ | thủ môn | thủ
    thành | ngôi sao | thầy | thầy giáo | cô giáo | giáo viên | học sinh | sinh viên | thí sinh | nghi phạm |
    đối tượng | nạn nhân | ca sĩ | diễn viên | nghệ sĩ | nsnd | nsưt | nhạc sĩ | nhà văn | nhà thơ | họa sĩ |
    đạo diễn | luật sư | bác sĩ | bs | kỹ sư | thiếu úy | trung úy | thượng úy | đại úy | thiếu tá | trung tá |
    thượng tá | binh nhất | chiến sĩ | liệt sĩ | shark | doanh nhân | tài xế | công nhân | nông dân | vđv | vận
    động viên | võ sĩ | tay vợt | kình ngư | trọng tài | người mẫu | hoa hậu | á hậu | streamer | youtuber |
    tiktoker | phóng viên | nhà báo | giám đốc | trưởng phòng | hiệu trưởng | hiệu phó | trưởng thôn | trưởng
    công an | chủ hộ | chủ quán | anh | chị | em | cháu | bé | cụ
    """
)
# words that are not also many people at the head of a new clause, as "học sinh" may be
_TRADE_AFTER: Final = re.compile(
    r" ?[,(-] ?(giám đốc|phó giám đốc|chủ quán|chủ cơ sở|chủ hộ|trưởng thôn|hiệu trưởng|hiệu phó|trưởng phòng|tài xế"
    r"|ca sĩ|diễn viên|đạo diễn|luật sư|kỹ sư|nông dân|hlv|huấn luyện viên|cầu thủ|tiền đạo|bị cáo|bị can|nghi phạm)"
    r"(?!\w)"
)
_AGE_AFTER: Final = re.compile(r" ?[(,] ?(?:sn|sinh năm|sinh ngày|\d{2} tuổi|ngụ|trú|quê|hộ khẩu|thường trú)(?!\w)")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the matcher knows of a field: where titles and states end and begin, and whether all is in capitals."""

    title_ends: Container[int]
    state_ends: Container[int]
    state_starts: Container[int]
    name_starts: Container[int]
    shouting: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """`refused` says why it is not the person (None: it is); `titled`: an office or title stands right before it."""

    refused: Why | None = None
    titled: bool = False
    polite: bool = False  # "ông", "bà"


_QUOTES: Final = frozenset("'\"“‘«")
_FORMS_OF_ADDRESS: Final = ("ông ", "bà ", "ngài ", "chủ tịch ", "thủ tướng ", "tổng thống ")
_POLITE = re.compile(r"(?:^|(?<=\W))(ông|bà|ngài|đồng chí|đ/c) $")


def has_capitals(text: Text, start: int, capitals: tuple[int, ...]) -> bool:
    """Whether the letters of a hit that the watchlist writes large are large in the text."""
    plain = text.plain
    for offset in capitals:
        at = start + offset
        letter = plain[at : at + 1]
        # ="bão *" finds the storm that is written in quotes, too
        if not letter.isupper() and not (letter in _QUOTES and plain[at + 1 : at + 2].isupper()):
            return False
    return True


def judge(text: Text, start: int, end: int, around: Surroundings) -> Judgement:
    """Whether the name at [start, end) stands for a person by itself, or is part of something longer."""
    low, plain = text.low, text.plain
    before = low[max(0, start - 24) : start]
    thing = _NOT_A_PERSON.search(before)
    if thing:
        return Judgement(refused=reasons.named_after(thing[1]))
    titled = start - 1 in around.title_ends or start - 1 in around.state_ends
    name = plain[start:end]
    vietnamese = all(map(is_vietnamese, name.replace("-", " ").split(" ")))
    shouting = around.shouting or (len(name) > 3 and name.isupper())
    single = (" " not in name and "-" not in name) or name.replace("-", " ").split(" ")[0].lower() in CONNECTORS
    refused = None
    if not titled and (single or vietnamese):
        refused = _longer_before(text, start, single, vietnamese, shouting, around)
    if not refused:
        refused = _longer_after(text, start, end, vietnamese, titled, shouting, around)
    if refused:
        return Judgement(refused=refused)
    if not titled:
        trade = _OTHER_TRADE.search(before)
        if trade:
            return Judgement(refused=reasons.other_trade(trade[1]))
    if vietnamese and _AGE_AFTER.match(low, end):
        return Judgement(refused=reasons.ADDRESS_AFTER)
    if vietnamese and not titled:
        trade = _TRADE_AFTER.match(low, end)
        if trade:
            return Judgement(refused=reasons.trade_after(trade[1]))
    return Judgement(titled=titled, polite=_POLITE.search(before) is not None)


def _longer_before(
    text: Text, start: int, single: bool, vietnamese: bool, shouting: bool, around: Surroundings
) -> Why | None:
    plain, low = text.plain, text.low
    at = start
    while True:
        if at < 2 or plain[at - 1] not in " -":
            return None
        hyphen = plain[at - 1] == "-"
        word_start = at - 1
        while word_start > 0 and low[word_start - 1].isalnum():
            word_start -= 1
        word = plain[word_start : at - 1]
        if not word:
            return None
        if word.lower() in CONNECTORS and (hyphen or not word[0].isupper() or shouting):
            at = word_start
            continue
        break
    if hyphen and at == start:
        return None
    if not word[0].isupper() or at - 1 in around.state_ends or at - 1 in around.title_ends:
        return None
    known = word.lower()
    if vietnamese:
        return reasons.longer_before(word) if known in FAMILY_NAMES and not shouting else None
    if is_vietnamese(word) or (word.isupper() and len(word) <= 5 and not shouting):
        return None
    return reasons.longer_before(word)


def _longer_after(
    text: Text, start: int, end: int, vietnamese: bool, titled: bool, shouting: bool, around: Surroundings
) -> Why | None:
    plain, low = text.plain, text.low
    if end + 1 >= len(plain) or plain[end] != " ":
        return None
    word_end = end + 1
    while word_end < len(plain) and low[word_end].isalnum():
        word_end += 1
    word = plain[end + 1 : word_end]
    if not word or not word[0].isupper() or end + 1 in around.name_starts:
        return None
    if end + 1 in around.state_starts and not (
        word_end in around.state_ends and low.startswith(_FORMS_OF_ADDRESS, start)
    ):
        return None  # but "Nhật" is no state in "Chủ tịch Kim Nhật Thành"
    known = word.lower()
    if known in _GENERATION:
        return reasons.longer_after(word)
    if is_vietnamese(word):
        if not vietnamese or titled or shouting:
            return None
        if low.startswith(_FORMS_OF_ADDRESS, start):
            return reasons.longer_after(word)  # "ông Kim" is no part of "ông Kim Sang Sik"
        if low.count(" ", start, end) != 1:
            return None
        # "Tô Lâm Hà" is somebody else, "Tô Lâm Chủ trì …" is a sentence glued to the name
        closed = plain[word_end : word_end + 1] in ("", ",", ".", ")", ";", ":")
        return reasons.longer_after(word) if closed or known in FAMILY_NAMES else None
    return reasons.longer_after(word)
