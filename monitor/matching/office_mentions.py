"""Offices as newspapers name them: a title, its state, and whether somebody else is meant.

Reads which office is named where; who holds it on a day is the watchlist's knowledge, and whether a lone "Thủ tướng" is
Vietnam's is decided in matching/office_rules.py, which sees the whole item.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from monitor.matching.text import Text
from monitor.text.words import bars, is_vietnamese


@dataclass(frozen=True, slots=True)
class Hit:
    """A title or a state where it stands."""

    start: int
    end: int
    what: str


@dataclass(slots=True)
class OfficeMention:
    """An office named at [start, end). `state` is None when none is named; `changed`: what changes who is meant.

    `elided`: the title is shared with the office before ("Ngoại trưởng Nga - Mỹ"). `named`: where the name right
    after it begins. `fresh`: "tân", so only a new holder is meant. `apposed`: it and the next mention are one person's.
    `pointed`: its state is not named but pointed at ("Thủ tướng nước này").
    """

    start: int
    end: int
    title: str
    state: str | None
    changed: str = ""
    elided: bool = False
    loosely: bool = False
    named: int | None = None
    fresh: bool = False
    apposed: bool = False
    pointed: bool = False


_CHANGERS: Final = bars(
    """
    cựu | nguyên | cố | phó | ứng viên | ứng cử viên | bầu cử | bầu | tranh cử | ứng cử | tái cử | ghế |
    chức | chức vụ | chức danh | cương vị | vị trí | vai trò | văn phòng | phủ | dinh | làm | trở thành |
    thành | là | các | những | nhiều | hai | ba | bốn | đời | vị | một | mọi | mỗi | ngôi | đua | nhiệm kỳ |
    hậu | tiền | giả danh | mạo danh | danh xưng | cấp | trợ lý | đại học | cúp | giải | huân chương | đương
    kim phó | nhiệm sở | chọn | bầu chọn | lựa chọn | đề cử | bỏ phiếu bầu | bãi nhiệm | tìm kiếm | ứng viên
    cho | thứ | thứ trưởng | con đường | giấc mơ | tham vọng | sắc đẹp | đệ nhất phu nhân | đệ nhị phu nhân
    | chuyên cơ | đội | trường | bệnh viện | khách sạn | ngày | nữ | khi còn là | từng là | không có | hành lang
    """
)
_BEFORE = re.compile(rf"(?:^|(?<=\W))(\d+|{'|'.join(_CHANGERS)}) $")
_POWERS: Final = ("chính ", "ủy ", "thẩm ")
_COUNTS = re.compile(r"\d+|hai|ba|bốn|năm|các|những|nhiều")
_FRESH = re.compile(r"(?:^|(?<=\W))tân $")
_CHANGERS_AFTER: Final = bars(
    """
    đắc cử | tương lai | tiền nhiệm | đầu tiên | thứ nhất | thứ hai | kế nhiệm | kế tiếp | quá cố | lâm thời
    khi | trước đây | danh dự
    """
)
_AFTER = re.compile(rf" (thứ \d+|{'|'.join(_CHANGERS_AFTER)})(?!\w)")
_MORE_AFTER = re.compile(r" (mới|vừa đắc cử|mới nhậm chức)(?!\w)")
_FILLERS: Final = bars(
    """
    đảng cộng sản | đảng nhân dân cách mạng | đảng | lâm thời | tạm quyền | đương nhiệm | của | nước | cộng
    hòa | dân chủ nhân dân | dân chủ | nhân dân | liên bang | liên hiệp | hồi giáo | ả rập | vương quốc |
    chính phủ | bộ ngoại giao | bolivar | nhà nước | chuyển tiếp | hai nước | ba nước | các nước
    """
)
_FILLER = re.compile(rf"(?: (?:{'|'.join(_FILLERS)}))* ")
_LIST = re.compile(r" ?(?P<tight>[-/]) ?| (?P<loose>và) |(?P<comma>, )", re.IGNORECASE)
_CHAIN = re.compile(r", (?:quyền )?")
_AT_ONCE = re.compile(r",? kiêm (?:quyền )?")
_AND = re.compile(r" và ")
_IN_LIST = re.compile(r", | và ")

_SURE_FAMILY_NAMES: Final = frozenset(
    bars("nguyễn | trần | lê | phạm | huỳnh | phan | vũ | võ | đặng | bùi | đỗ | ngô | trịnh | đinh | phùng")
)
"""Family names that are hardly ever another word, so that they begin a name even where all is in capitals."""

_SINGLE_CHAIN = frozenset(
    {
        ("tổng bí thư", "chủ tịch nước"),
        ("tổng bí thư", "chủ tịch"),
        ("phó thủ tướng", "ngoại trưởng"),
        ("phó thủ tướng", "bộ trưởng quốc phòng"),
        ("phó thủ tướng", "bộ trưởng tài chính"),
        ("thủ tướng", "ngoại trưởng"),
        ("thái tử", "thủ tướng"),
        ("thủ tướng", "chủ tịch"),
    }
)
"""Titles that one person holds together, so that the state after the second is also the first's."""


def read(text: Text, title_hits: list[Hit], state_hits: Mapping[int, Hit], shouting: bool) -> list[OfficeMention]:
    """The offices of one field, in order. `state_hits` by start, the longest at each; `shouting`: all in capitals."""
    found: list[OfficeMention] = []
    chain: list[OfficeMention] = []
    for hit in title_hits:
        if hit.start and text.plain[hit.start - 1] in "-/":
            continue  # the number of a decree: "1492/QĐ-TTg"
        if text.low.startswith("quyền ", hit.start) and text.low.endswith(_POWERS, 0, hit.start):
            hit = Hit(hit.start + len("quyền "), hit.end, hit.what)  # "chính quyền Tổng thống", "ủy quyền Thủ tướng"
        mentions = _read_one(text, hit, state_hits, shouting)
        first = mentions[0]
        if chain:
            between = text.low[chain[-1].end : hit.start]
            if chain[-1].state is not None or chain[-1].named is not None:
                chain = []
            elif _AND.fullmatch(between):
                # "Thủ tướng và Chủ tịch Quốc hội Bulgaria": two persons of one state
                chain[-1].state, chain[-1].loosely = first.state, first.state is not None
                chain = []
            elif not _AT_ONCE.fullmatch(between) and not (
                (chain[-1].title, first.title) in _SINGLE_CHAIN and _CHAIN.fullmatch(between)
            ):
                chain = []
        for earlier in chain:
            # "Tổng Bí thư, Chủ tịch nước Lào": what follows the last title belongs to all of the chain
            earlier.state, earlier.named, earlier.apposed = first.state, first.named, True
            earlier.changed = earlier.changed or first.changed
        last = found[-1] if found else None
        if last and last.changed and last.state is None and last.named is None and not first.changed:
            # "các chức danh Tổng Bí thư, Chủ tịch nước, Thủ tướng": one word changes the whole list
            first.changed = last.changed if _IN_LIST.fullmatch(text.low[last.end : hit.start]) else ""
        if chain and chain[0].changed:
            first.changed = first.changed or chain[0].changed
        chain.append(first)
        found.extend(mentions)
        if len(mentions) > 1:
            chain = []
    return found


def _read_one(text: Text, hit: Hit, state_hits: Mapping[int, Hit], shouting: bool) -> list[OfficeMention]:
    low = text.low
    before = low[max(0, hit.start - 28) : hit.start]
    changed = _BEFORE.search(before)
    first = OfficeMention(hit.start, hit.end, hit.what, None, changed=changed[1] if changed else "")
    first.fresh = _FRESH.search(before) is not None
    mentions = [first]
    gap = _FILLER.match(low, hit.end)
    state = None
    if gap:
        state = state_hits.get(gap.end()) or state_hits.get(hit.end + 1)
    end = hit.end
    if state:
        first.state, first.end = state.what, state.end
        end = state.end
        while True:
            joint = _LIST.match(text.plain, end)
            following = state_hits.get(joint.end()) if joint else None
            if joint is None or following is None or len(mentions) > 20:
                break
            mentions.append(
                OfficeMention(
                    following.start,
                    following.end,
                    hit.what,
                    following.what,
                    changed=first.changed,
                    elided=True,
                    loosely=joint["tight"] is None,
                    fresh=first.fresh,
                )
            )
            end = following.end
    if len(mentions) > 1 and _COUNTS.fullmatch(first.changed):
        for mention in mentions:
            mention.changed = ""  # "Hai Tổng thống Nga và Mỹ": counted, and each of them named
    after = _AFTER.match(low, end)
    if after and not first.changed:
        for mention in mentions:
            mention.changed = after[1]
    if _MORE_AFTER.match(low, end):
        first.fresh = True
    mentions[-1].named = _name_after(text, end, state_hits, shouting)
    return mentions


def _name_after(text: Text, end: int, state_hits: Mapping[int, Hit], shouting: bool) -> int | None:
    """Where a person's name begins right after an office, or None."""
    plain = text.plain
    if end + 1 >= len(plain) or plain[end] != " " or not plain[end + 1].isupper() or end + 1 in state_hits:
        return None
    words = plain[end + 1 : end + 60].split(" ", 2)
    first = words[0].strip(".,;:!?\"'”“()")
    foreign = not is_vietnamese(first)
    if shouting:
        return end + 1 if foreign or first.lower() in _SURE_FAMILY_NAMES else None
    if foreign:
        return end + 1
    # a Vietnamese name has two capitals in a row; one alone opens a glued sentence
    closed = words[0] != first
    return end + 1 if not closed and len(words) > 1 and words[1][:1].isupper() else None
