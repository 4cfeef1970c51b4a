"""Is this name the person? Judged by the words around it, as a careful reader would.

Knows how names stand in Vietnamese sentences; knows no watchlist and no other field of the item.
"""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Final

from monitor.matching import reasons, trades
from monitor.matching.own_words import NOBODYS, OwnWords
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
GENERATION: Final = frozenset(bars("jr | jr. | junior | sr | con | cha"))


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
_SPOUSES: Final = ("ông xã ", "bà xã ")
# words that are not also many people at the head of a new clause, as "học sinh" may be
_TRADE_AFTER: Final = re.compile(
    r" ?[,(-] ?(giám đốc|phó giám đốc|chủ quán|chủ cơ sở|chủ hộ|trưởng thôn|hiệu trưởng|hiệu phó|trưởng phòng|tài xế"
    r"|ca sĩ|diễn viên|đạo diễn|luật sư|kỹ sư|nông dân|hlv|huấn luyện viên|cầu thủ|tiền đạo|bị cáo|bị can|nghi phạm)"
    r"(?!\w)"
)
_CHANGER: Final = _word_before("phó | cựu | nguyên | cố | ứng viên | ứng cử viên | chức | ghế | bầu | trợ lý | thư ký")
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
    is_anothers: bool = False  # refused, as the end of somebody else's full name
    begins: int | None = None  # where the person's own first name before it begins: with it the name is in full
    own_office: str = ""  # an office of the watch begins right before it
    doubt: Why | None = None  # what would make another watch's name a namesake's


_QUOTES: Final = frozenset("'\"“‘«")
_POLITE = re.compile(r"(?:^|(?<=\W))(ông|bà|ngài|đồng chí|đ/c) $")


def has_capitals(text: Text, start: int, capitals: tuple[int, ...]) -> bool:
    """Whether the letters of a hit that the watchlist writes large are large in the text."""
    plain = text.plain
    for offset in capitals:
        at = start + offset
        letter = plain[at : at + 1]
        if letter.isupper() or (letter and offset and plain[at - 1] == "-"):
            continue  # Kim Sang-sik is Kim Sang Sik
        # ="bão *" finds the storm that is written in quotes, too
        if not (letter in _QUOTES and plain[at + 1 : at + 2].isupper()):
            return False
    return True


class _NameInText:
    """A name beside its neighbours, as the rules below ask about it."""

    __slots__ = (
        "around",
        "before",
        "end",
        "is_shouted",
        "is_single",
        "is_titled",
        "is_vietnamese",
        "own",
        "own_office",
        "start",
        "text",
    )

    def __init__(self, text: Text, start: int, end: int, around: Surroundings, own: OwnWords) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.around = around
        self.own = own
        self.before = text.low[max(0, start - 24) : start]
        self.own_office = own.office_before(text.low, start)
        self.is_titled = bool(self.own_office) or start - 1 in around.title_ends or start - 1 in around.state_ends
        name = text.plain[start:end]
        words = name.replace("-", " ").split(" ")
        self.is_vietnamese = all(map(is_vietnamese, words))
        self.is_shouted = around.shouting or (len(name) > 3 and name.isupper())
        self.is_single = len(words) == 1 or words[0].lower() in CONNECTORS

    def own_first_name(self) -> int | None:
        """Where the person's own first name begins, if that stands before the last name: “Sebastien Lecornu”."""
        if not self.is_single:
            return None
        place = self.start
        for _ in range(MOST_FIRST_NAMES):
            found = _word_before_name(self, place)
            if found is None or not found[0][0].isupper() or not _is_part_before(found[0], self):
                return None
            word, end = found
            place = end - len(word)
            if self.own.is_first_name(word):
                return place
        return None


MOST_FIRST_NAMES: Final = 3  # "Sergey Viktorovich Lavrov"


def judge(text: Text, start: int, end: int, around: Surroundings, own: OwnWords = NOBODYS) -> Judgement:
    """Whether the name at [start, end) stands for its person, or is part of something longer or a namesake's.

    `own` is what the watch says of the person: its words beside the name are never somebody else's.
    """
    name = _NameInText(text, start, end, around, own)
    begins = None
    for rule in NAME_RULES:
        refused = rule(name)
        if refused is None:
            continue
        is_longer = rule is _end_of_longer_name
        begins = name.own_first_name() if is_longer else None
        if begins is None:
            return Judgement(refused=refused, is_anothers=is_longer)
    doubt = next((why for rule in NAMESAKE_RULES if (why := rule(name)) is not None), None)
    if doubt is not None and _may_be_namesakes(name, doubt):
        return Judgement(refused=doubt)
    polite = _POLITE.search(name.before) is not None
    return Judgement(None, name.is_titled, polite, begins=begins, own_office=name.own_office, doubt=doubt)


def _may_be_namesakes(name: _NameInText, doubt: Why) -> bool:
    """Whether a trade or an address is enough to say that a name is a namesake's.

    It is of a name that many bear, and of the last name of somebody in office. A full name is that person, who may
    well be a coach, a singer or a defendant.
    """
    own = name.own
    if own.is_common or doubt is reasons.ADDRESS_AFTER:
        return own.is_common or own.has_office or name.is_single
    return own.has_office and name.is_single


# ---------------------------------------------------------------- the rules


def _behind_thing(name: _NameInText) -> Why | None:
    """“Đường Võ Văn Kiệt”, “khách sạn Trump”: a place or a thing is named after somebody."""
    thing = _NOT_A_PERSON.search(name.before)
    if thing is None or name.own_office or (thing[1] == "xã" and name.before.endswith(_SPOUSES)):
        return None
    return reasons.named_after(thing[1])


def _end_of_longer_name(name: _NameInText) -> Why | None:
    """“Melania Trump”: a last name or a Vietnamese name behind another name is the end of somebody else's."""
    if name.is_titled or not (name.is_single or name.is_vietnamese):
        return None
    found = _word_before_name(name)
    if found is None:
        return None
    word, end = found
    around = name.around
    if not word[0].isupper() or end in around.state_ends or end in around.title_ends:
        return None
    return reasons.longer_before(word) if _is_part_before(word, name) else None


def _beginning_of_longer_name(name: _NameInText) -> Why | None:
    """“Trump Tower”, “Trump Jr”: a capital right behind makes it something or somebody else's."""
    word, end = _word_behind_name(name)
    if not word or not word[0].isupper() or _begins_something_known(name, end):
        return None
    is_part = word.lower() in GENERATION or not is_vietnamese(word) or _is_syllable_of_name(word, end, name)
    return reasons.longer_after(word) if is_part else None


def _behind_lesser_title(name: _NameInText) -> Why | None:
    """“Phó Chủ tịch Vingroup”, “cựu Chủ tịch Vingroup”: a word before a title that is part of the form.

    With the person's own name, "cựu Bộ trưởng Sơn", "trợ lý của thầy Kim", the person is named still.
    """
    changer = _CHANGER.search(name.before)
    if changer is None or not _has_form_of_address(name):
        return None
    called = name.text.low[name.start : name.end].rsplit(" ", 1)[-1]
    is_named = changer[1] != "phó" and name.own.is_called(called)
    return None if is_named else reasons.changed(changer[1])


def _behind_trade(name: _NameInText) -> Why | None:
    """“Tiền đạo Merz ghi bàn”: a trade that the watch does not name."""
    trade = None if name.is_titled else trades.BEFORE.search(name.before)
    return reasons.other_trade(trade[1]) if trade and not name.own.names_trade(trade[1]) else None


def _before_address(name: _NameInText) -> Why | None:
    """“Tô Lâm (SN 1990, ngụ Hà Nội)”: newspapers add an age or a home address to people nobody knows."""
    return reasons.ADDRESS_AFTER if name.is_vietnamese and _AGE_AFTER.match(name.text.low, name.end) else None


def _before_trade(name: _NameInText) -> Why | None:
    """“Trần Hồng Hà, chủ quán phở”: the same with a trade."""
    trade = _TRADE_AFTER.match(name.text.low, name.end) if name.is_vietnamese and not name.is_titled else None
    return reasons.trade_after(trade[1]) if trade and not name.own.names_trade(trade[1]) else None


NAME_RULES: Final[tuple[Callable[[_NameInText], Why | None], ...]] = (
    _behind_thing,
    _end_of_longer_name,
    _beginning_of_longer_name,
    _behind_lesser_title,
)
"""In this order; the first that says something has said why the name is not the person."""

NAMESAKE_RULES: Final[tuple[Callable[[_NameInText], Why | None], ...]] = (_behind_trade, _before_address, _before_trade)
"""What speaks for a namesake, of names that may have one."""


# ---------------------------------------------------------------- the words beside a name


def _word_before_name(name: _NameInText, place: int | None = None) -> tuple[str, int] | None:
    """The word before a name and where it ends, particles ("al", "bin") left out; None for "Macron-Merz", two names.

    `place`: where to look from, when some words before the name are known already.
    """
    plain, low = name.text.plain, name.text.low
    at = name.start if place is None else place
    while at >= 2 and plain[at - 1] in " -":
        hyphen = plain[at - 1] == "-"
        word_start = at - 1
        while word_start > 0 and low[word_start - 1].isalnum():
            word_start -= 1
        word = plain[word_start : at - 1]
        if not word:
            return None
        if not _is_particle(word, hyphen, name):
            return None if hyphen and at == name.start else (word, at - 1)
        at = word_start
    return None


def _is_particle(word: str, hyphen: bool, name: _NameInText) -> bool:
    if name.is_vietnamese:
        return False  # "do" is a word of ours: “Lý do Mỹ Tâm …”
    return word.lower() in CONNECTORS and (hyphen or not word[0].isupper() or name.is_shouted)


def _is_part_before(word: str, name: _NameInText) -> bool:
    """Whether a word with a capital before a name belongs to it."""
    if name.is_vietnamese:
        return word.lower() in FAMILY_NAMES and not name.is_shouted
    is_abbreviation = word.isupper() and len(word) <= 5 and not name.is_shouted  # "NATO Merz"
    return not is_vietnamese(word) and not is_abbreviation


def _word_behind_name(name: _NameInText) -> tuple[str, int]:
    """The word behind a name and where it ends, "" where none is."""
    plain, low, end = name.text.plain, name.text.low, name.end
    if end + 1 >= len(plain) or plain[end] != " ":
        return "", end
    word_end = end + 1
    while word_end < len(plain) and low[word_end].isalnum():
        word_end += 1
    return plain[end + 1 : word_end], word_end


def _begins_something_known(name: _NameInText, word_end: int) -> bool:
    """Whether another watched name or a state begins right behind a name."""
    around, start = name.around, name.end + 1
    if start in around.name_starts:
        return True
    # but "Nhật" is no state in "Chủ tịch Kim Nhật Thành"
    return start in around.state_starts and not (word_end in around.state_ends and _has_form_of_address(name))


def _has_form_of_address(name: _NameInText) -> bool:
    """Whether the name itself begins with a title: “ông Kim”, “Bộ trưởng Sơn”."""
    words = name.text.low[name.start : name.end].split(" ")
    lengths = trades.title_lengths(words)
    return bool(lengths) and lengths[-1] < len(words)


def _is_syllable_of_name(word: str, word_end: int, name: _NameInText) -> bool:
    """Whether a Vietnamese syllable with a capital goes on with a name."""
    if not name.is_vietnamese or name.is_titled or name.is_shouted:
        return False
    if _has_form_of_address(name):
        return True  # "ông Kim" is no part of "ông Kim Sang Sik"
    if name.text.low.count(" ", name.start, name.end) != 1:
        return False
    # "Tô Lâm Hà" is somebody else, "Tô Lâm Chủ trì …" is a sentence glued to the name
    closed = name.text.plain[word_end : word_end + 1] in ("", ",", ".", ")", ";", ":")
    return closed or word.lower() in FAMILY_NAMES
