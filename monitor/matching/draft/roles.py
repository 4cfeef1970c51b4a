"""What somebody is called right before and right behind a name: an office of one person, or a trade that many have.

Knows words and clauses; who bears the name, and who else is called so, is for whoever asks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from monitor.matching import offices
from monitor.matching import text as texts
from monitor.matching.text import Text
from monitor.text.words import bars

RoleKind = Literal["office", "deputy", "trade"]

_OFFICES: Final = bars(
    """
    tổng thống | thủ tướng | chủ tịch | bí thư | tổng bí thư | bộ trưởng | ngoại trưởng | thống đốc | thị trưởng
    | tỉnh trưởng | viện trưởng | chánh án | tổng thư ký | tổng giám đốc | ceo | giám đốc điều hành | tư lệnh |
    tổng tham mưu trưởng | trưởng ban | hiệu trưởng | tổng kiểm toán | tổng thanh tra | cục trưởng | tổng cục
    trưởng | vụ trưởng | chánh văn phòng | giáo hoàng | quốc vương | vua | thủ hiến | lãnh tụ | ông chủ | bà chủ
    | tổng biên tập | giám đốc sở | chủ nhiệm | trưởng đoàn | đại sứ | nhà lãnh đạo | thủ lĩnh | giám mục | chủ
    tịch hđqt
    """
)
_TRADES: Final = bars(
    """
    hlv | huấn luyện viên | hlv trưởng | nhà cầm quân | chiến lược gia | thuyền trưởng | tiền đạo | tiền vệ |
    hậu vệ | trung vệ | thủ môn | cầu thủ | danh thủ | siêu sao | ngôi sao | chân sút | thủ quân | đội trưởng |
    tay vợt | kỳ thủ | võ sĩ | vđv | ca sĩ | diễn viên | nghệ sĩ | nsnd | nsưt | mc | rapper | nhạc sĩ | đạo
    diễn | người mẫu | hoa hậu | á hậu | tỉ phú | nhà văn | nhà thơ | nhà báo | họa sĩ | tỷ phú | doanh nhân |
    luật sư | bác sĩ | giáo sư | gs | pgs | ts | tiến sĩ | thầy | bị cáo | bị can | đại tá | thiếu tướng | trung
    tướng | thượng tướng | đại tướng | hoàng tử | công chúa | thượng nghị sĩ | hạ nghị sĩ | nghị sĩ | ứng viên |
    nhà hoạt động | danh hài | nàng hậu | giọng ca | ông | bà | anh | chị | cô | chú | bạn | em | cụ | ông trùm
    | ngài
    """
)
_DEPUTY: Final = frozenset({"phó"})
FORMER: Final = frozenset({"cựu", "nguyên", "cố"})
_FRESH: Final = frozenset({"tân", "quyền"})
POLITE: Final = frozenset(bars("ông | bà | anh | chị | cô | chú | bạn | em | cụ | ngài"))
_HEADS: Final[dict[str, RoleKind]] = {
    **dict.fromkeys(_TRADES, "trade"),
    **{title: "deputy" if title.startswith("phó ") else "office" for title in offices.titles() if title != "tt"},
    **dict.fromkeys(_OFFICES, "office"),
}
_LONGEST_HEAD: Final = max(len(head.split()) for head in _HEADS)
_BREAK: Final = re.compile(r"[,.;:()\"“”'‘’!?/|]\s|[\"“”'‘’()|\n]| - ")
_WORD: Final = re.compile(r"[^\s,;:()\"“”!?|]+")
OF_MANY: Final = frozenset(
    bars("bí thư trung ương đảng | đại biểu quốc hội | chủ tịch hội đồng quản trị | ủy viên trung ương")
)
MOST_WORDS: Final = 8  # of a role behind its head: "Thống đốc Ngân hàng Nhà nước Việt Nam" has six
_NO_PART: Final = frozenset(
    bars(
        """
    là | cho | nói | gặp | giao | yêu | cầu | đã | sẽ | vừa | với | tại | trong | đang | được | bị | khi | mà |
    do | đến | thăm | tiếp | mời | gửi | chúc | cùng | thay | theo | sau | trước | rằng | này | đó | mới | không
    | có | về | từ | ra | vào | lên | của ông | tên | biết | nhưng | hay | hoặc | nếu | như | để | bởi | vì |
    ông | bà | anh | chị | em
    """
    )
)


@dataclass(frozen=True, slots=True)
class PersonRole:
    """An office or a trade beside a name, `written` as it stands; `former`: it was theirs once."""

    written: str
    kind: RoleKind
    former: bool = False

    @property
    def key(self) -> str:
        """What it is counted by."""
        return texts.key(self.written)


def role_before(text: Text, start: int) -> PersonRole | None:
    """“Bộ trưởng Y tế Đào Hồng Lan”: what stands right before the name at `start`."""
    window = text.plain[max(0, start - 90) : start]
    broken = list(_BREAK.finditer(window))
    clause = window[broken[-1].end() :] if broken else window
    if clause and not clause.endswith(" "):
        return None  # a quote or bracket before the name
    return _last_role(_WORD.findall(clause))


def role_behind(text: Text, end: int) -> PersonRole | None:
    """“Đào Hồng Lan, Bộ trưởng Y tế, nói”: what stands behind the name in apposition."""
    opened = re.compile(r" ?(?:,|\(| - |–) ?").match(text.plain, end)
    if opened is None:
        return None
    rest = text.plain[opened.end() : opened.end() + 90]
    stop = _BREAK.search(rest) or re.search(r"[,.;:)]", rest)
    words = _WORD.findall(rest[: stop.start()] if stop else rest)
    role = _last_role(words) if stop or len(rest) < 90 else None
    first = " ".join(words[:4]).lower()
    return role if role is not None and first.startswith(role.key[:6]) else None


def _last_role(words: Sequence[str]) -> PersonRole | None:
    """The role that the last words are, from its head on."""
    low = [texts.key(word) for word in words]
    for at in range(len(words) - 1, max(-1, len(words) - MOST_WORDS - _LONGEST_HEAD - 1), -1):
        for length in range(_LONGEST_HEAD, 0, -1):
            kind = _HEADS.get(" ".join(low[at : at + length])) if at + length <= len(words) else None
            if kind is not None:
                return _role(words, low, _widest_head(low, at), at + length, kind)
    return None


def _widest_head(low: Sequence[str], at: int) -> int:
    """“Tổng giám đốc” for “giám đốc”: the head that ends at the same word and begins earlier."""
    for earlier in range(max(0, at - 2), at):
        for end in range(at + 1, min(len(low), at + _LONGEST_HEAD) + 1):
            if " ".join(low[earlier:end]) in _HEADS:
                return earlier
    return at


def _role(words: Sequence[str], low: Sequence[str], at: int, head_end: int, kind: RoleKind) -> PersonRole | None:
    rest = low[head_end:]
    if len(rest) > MOST_WORDS or any(word in _NO_PART for word in rest):
        return None
    if kind == "trade" and rest and not all(word[:1].isupper() for word in words[head_end:]):
        return None
    before = low[at - 1] if at else ""
    if low[at] in _DEPUTY:
        kind = "deputy"
    elif before in _DEPUTY:
        kind, at = "deputy", at - 1
        before = low[at - 1] if at else ""
    if kind == "office" and low[at] == "giám" and before in ("tổng", "phó"):
        return None
    return PersonRole(" ".join(words[at:]), kind, former=before in FORMER)
