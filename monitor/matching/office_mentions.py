"""Offices as newspapers name them: a title, its state, and whether somebody else is meant.

Reads which office is named where; who holds it on a day is the watchlist's knowledge, and whether a lone "Thủ tướng" is
Vietnam's is decided in matching/office_rules.py, which sees the whole item.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from monitor.matching import office_bodies, offices, written_offices
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
    chức vụ | chức danh | cương vị | vị trí | vai trò | văn phòng | phủ | dinh | làm | trở thành | thành |
    là | các | những | nhiều | hai | ba | bốn | đời | vị | một | mọi | mỗi | ngôi | đua | nhiệm kỳ | hậu |
    tiền | giả danh | mạo danh | danh xưng | cấp | trợ lý | đại học | cúp | giải | huân chương | đương kim
    phó | nhiệm sở | chọn | bầu chọn | lựa chọn | đề cử | bỏ phiếu bầu | bãi nhiệm | tìm kiếm | ứng viên cho
    | thứ | thứ trưởng | con đường | giấc mơ | tham vọng | sắc đẹp | đệ nhất phu nhân | đệ nhị phu nhân |
    phiên bản | dưới thời | thời kỳ | từ thời | vào thời | chuyên cơ | đội | trường | bệnh viện | khách sạn
    | ngày | nữ | khi còn là | từng là | không có | hành lang
    """
)
_BEFORE = re.compile(rf"(?:^|(?<=\W))((?<![./-])\d+|(?<!cách )chức|{'|'.join(_CHANGERS)}) $")
_POWERS: Final = ("chính ", "ủy ", "thẩm ")
_COUNTS = re.compile(r"\d+|hai|ba|bốn|năm|các|những|nhiều")
_FRESH = re.compile(r"(?:^|(?<=\W))tân $")
_CHANGERS_AFTER: Final = bars(
    """
    đắc cử | tương lai | tiền nhiệm | đầu tiên | thứ nhất | thứ hai | kế nhiệm | kế tiếp | quá cố | khi đó
    | khi ấy | trước đây | danh dự | tiếp theo | lúc đó | hồi đó | thời đó | lúc bấy giờ | bấy giờ
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

MOST_ELIDED: Final = 20  # states of a list behind one title

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
    chain: list[OfficeMention] = []  # one person's offices so far, which wait for the state and the name
    for each in title_hits:
        if _is_in_decree_number(text, each):
            continue
        hit = _without_power(text, each)
        mentions = _read_one(text, hit, state_hits, shouting)
        first = mentions[0]
        if _is_head_alone(first):
            if first.named is None:
                continue  # "Bộ trưởng cho biết": of nobody in particular
            first.changed = first.changed or first.title
        if chain:
            chain = _chain_to(first, chain, text)
            _share(first, chain)
        if found and _is_changed_with(found[-1], first, text):
            first.changed = found[-1].changed
        if chain and chain[0].changed:
            first.changed = first.changed or chain[0].changed
        chain.append(first)
        found.extend(mentions)
        if len(mentions) > 1:
            chain = []
    return found


def _is_head_alone(mention: OfficeMention) -> bool:
    """“Bộ trưởng” without a ministry: it speaks for the name behind it, never for its holder."""
    return mention.title in written_offices.SHORT_HEADS and not offices.is_known(mention.title)


def _is_in_decree_number(text: Text, hit: Hit) -> bool:
    """“1492/QĐ-TTg”: no office is mentioned."""
    return hit.start > 0 and text.plain[hit.start - 1] in "-/"


def _without_power(text: Text, hit: Hit) -> Hit:
    """“Chính quyền Tổng thống”, “ủy quyền Thủ tướng”: “quyền” belongs to the word before it, not to the title."""
    if text.low.startswith("quyền ", hit.start) and text.low.endswith(_POWERS, 0, hit.start):
        return Hit(hit.start + len("quyền "), hit.end, hit.what)
    return hit


def _chain_to(first: OfficeMention, chain: list[OfficeMention], text: Text) -> list[OfficeMention]:
    """The offices before `first` that are the same person's; of two persons' of one state the earlier gets it here."""
    last = chain[-1]
    if last.state is not None or last.named is not None:
        return []
    between = text.low[last.end : first.start]
    if _AND.fullmatch(between):
        # "Thủ tướng và Chủ tịch Quốc hội Bulgaria": two persons of one state
        last.state, last.loosely = first.state, first.state is not None
        return []
    is_one_persons = _AT_ONCE.fullmatch(between) or (
        (last.title, first.title) in _SINGLE_CHAIN and _CHAIN.fullmatch(between)
    )
    return chain if is_one_persons else []


def _share(first: OfficeMention, chain: list[OfficeMention]) -> None:
    """“Tổng Bí thư, Chủ tịch nước Lào”: what follows the last title belongs to all of the chain."""
    for earlier in chain:
        earlier.state, earlier.named, earlier.apposed = first.state, first.named, True
        earlier.changed = earlier.changed or first.changed


def _is_changed_with(last: OfficeMention, first: OfficeMention, text: Text) -> bool:
    """“Các chức danh Tổng Bí thư, Chủ tịch nước, Thủ tướng”: one word changes the whole list."""
    if not last.changed or first.changed or last.state is not None or last.named is not None:
        return False
    return _IN_LIST.fullmatch(text.low[last.end : first.start]) is not None


def _read_one(text: Text, hit: Hit, state_hits: Mapping[int, Hit], shouting: bool) -> list[OfficeMention]:
    """A title with its state; a title shared by several states is a mention each."""
    low = text.low
    before = low[max(0, hit.start - 28) : hit.start]
    fresh = _FRESH.search(before)
    changed = _BEFORE.search(before, 0, fresh.start() if fresh else len(before))  # "trở thành tân Thủ tướng"
    first = OfficeMention(hit.start, hit.end, hit.what, None, changed=changed[1] if changed else "")
    first.fresh = fresh is not None
    mentions = [first]
    is_written = not offices.is_known(hit.what)
    if is_written:
        first.end = office_bodies.behind_abbreviation(text, first.title, first.end)
    _read_state(text, first, state_hits)
    if first.state is not None:
        mentions += _elided(text, first, state_hits)
    if len(mentions) > 1 and _COUNTS.fullmatch(first.changed):
        _change(mentions, "")  # "Hai Tổng thống Nga và Mỹ": counted, and each of them named
    end = mentions[-1].end
    after = _AFTER.match(low, end)
    if after and not first.changed:
        _change(mentions, after[1])
    if _MORE_AFTER.match(low, end):
        first.fresh = True
    mentions[-1].named = _name_after(text, end, state_hits, shouting)
    if is_written:
        _read_written(text, first, mentions[-1], state_hits, shouting)
    return mentions


def _read_state(text: Text, first: OfficeMention, state_hits: Mapping[int, Hit]) -> None:
    """The state of an office, or of a longer one that begins with its words, which is another's."""
    state = _state_after(text.low, first, state_hits)
    end = first.end if state else office_bodies.longer_ministry(text, first.title, first.end)
    if end > first.end:
        longer = text.low[first.end : end].strip(" ,-")
        first.end = end
        state = _state_after(text.low, first, state_hits)
        if state is None:
            first.changed = first.changed or longer
    if state is not None:
        first.state, first.end = state.what, state.end


def _read_written(
    text: Text, first: OfficeMention, last: OfficeMention, state_hits: Mapping[int, Hit], shouting: bool
) -> None:
    """What else may stand beside an office that only a watchlist knows: its words are not a title's alone."""
    end = office_bodies.place_behind(text, last.end)
    if end > last.end and last.state is None:
        last.state, last.end = text.low[last.end : end].strip(), end
    first.changed = first.changed or office_bodies.changed_by(text, first.start, last.end)
    if last.named is None:
        last.named = _name_after(text, office_bodies.behind_form_of_address(text, last.end), state_hits, shouting)


def _change(mentions: list[OfficeMention], changed: str) -> None:
    for mention in mentions:
        mention.changed = changed


def _state_after(low: str, hit: Hit | OfficeMention, state_hits: Mapping[int, Hit]) -> Hit | None:
    """The state behind a title, words such as "nước Cộng hòa" left out."""
    gap = _FILLER.match(low, hit.end)
    return (state_hits.get(gap.end()) or state_hits.get(hit.end + 1)) if gap else None


def _elided(text: Text, first: OfficeMention, state_hits: Mapping[int, Hit]) -> list[OfficeMention]:
    """“Ngoại trưởng Nga - Mỹ”: the same title for each further state of a list."""
    mentions: list[OfficeMention] = []
    end = first.end
    while len(mentions) < MOST_ELIDED:
        joint = _LIST.match(text.plain, end)
        state = state_hits.get(joint.end()) if joint else None
        if joint is None or state is None:
            break
        mention = OfficeMention(state.start, state.end, first.title, state.what, first.changed, elided=True)
        mention.loosely = joint["tight"] is None
        mention.fresh = first.fresh
        mentions.append(mention)
        end = state.end
    return mentions


def _name_after(text: Text, end: int, state_hits: Mapping[int, Hit], shouting: bool) -> int | None:
    """Where a person's name begins right after an office, or None."""
    plain = text.plain
    start = end + 1
    if start >= len(plain) or plain[end] != " " or not plain[start].isupper() or start in state_hits:
        return None
    words = plain[start : end + 60].split(" ", 2)
    return start if _begins_name(words, shouting) else None


def _begins_name(words: list[str], shouting: bool) -> bool:
    """Whether words with a capital are a name: a foreign word is, a Vietnamese one needs a second capital beside it."""
    first = words[0].strip(".,;:!?\"'”“()")
    if not is_vietnamese(first):
        return True
    if shouting:
        return first.lower() in _SURE_FAMILY_NAMES
    # one capital alone opens a glued sentence
    closed = words[0] != first
    return not closed and len(words) > 1 and words[1][:1].isupper()
