"""Offices: the titles that newspapers write, in all their spellings, and which office a title is in a state.

Knows words only; where an item names an office is read in matching/office_mentions.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from monitor.matching import text as texts
from monitor.text import gazetteer
from monitor.text.words import bars

# title -> its spellings; the first is the canonical one. Spellings in capitals must stand in capitals.
_TITLES: Final = """
tổng thống | tổng thống lâm thời | quyền tổng thống
phó tổng thống
thủ tướng | thủ tướng chính phủ | TTg | TTCP | thủ tướng lâm thời | quyền thủ tướng
phó thủ tướng | phó thủ tướng chính phủ
phó thủ tướng thường trực | phó thủ tướng thường trực chính phủ
TT
tổng bí thư | TBT | tổng bí thư ban chấp hành trung ương đảng
chủ tịch nước | CTN
phó chủ tịch nước
chủ tịch
phó chủ tịch
chủ tịch quốc hội | CTQH
phó chủ tịch quốc hội
chủ tịch thượng viện
chủ tịch hạ viện
chủ tịch ủy ban châu âu
chủ tịch hội đồng châu âu
ngoại trưởng | bộ trưởng ngoại giao | bộ trưởng bộ ngoại giao | quyền bộ trưởng ngoại giao | quyền ngoại trưởng
bộ trưởng quốc phòng | bộ trưởng bộ quốc phòng
bộ trưởng chiến tranh | bộ trưởng bộ chiến tranh
bộ trưởng công an | bộ trưởng bộ công an
bộ trưởng tài chính | bộ trưởng bộ tài chính
thứ trưởng ngoại giao | thứ trưởng bộ ngoại giao
lãnh tụ tối cao | lãnh đạo tối cao | nhà lãnh đạo tối cao
đại giáo chủ | giáo chủ
lãnh tụ
nhà lãnh đạo
lãnh đạo
vua | quốc vương | nhà vua | đức vua
nữ hoàng
thái tử | hoàng thái tử
giáo hoàng | đức giáo hoàng | giáo tông
tổng thư ký
thống đốc
toàn quyền
đại sứ
"""

NEEDS_STATE: Final = frozenset(
    {"chủ tịch", "phó chủ tịch", "nhà lãnh đạo", "lãnh đạo", "tổng thư ký", "lãnh tụ", "đại giáo chủ", "tt"}
)
"""Titles that mean a head of state or of a union only beside its name."""

_OF_MANY: Final = NEEDS_STATE | {"thống đốc", "đại sứ", "giáo hoàng", "toàn quyền"}
"""Titles that firms, banks, clubs and towns have as well: any words may follow them."""

OF_VIETNAM: Final = frozenset(
    bars(
        """
    thủ tướng | phó thủ tướng | phó thủ tướng thường trực | tổng bí thư | chủ tịch nước | phó chủ tịch nước
    | chủ tịch quốc hội | phó chủ tịch quốc hội | ngoại trưởng | bộ trưởng quốc phòng | bộ trưởng công an | bộ
    trưởng tài chính
    """
    )
)
"""Titles that alone, in Vietnamese news, are Vietnam's; any other lone title is unique in the world (Giáo hoàng)."""

WIDER: Final = {"phó thủ tướng thường trực": "phó thủ tướng"}
"""The office that a particular one is a kind of: whoever is called the one may be on the list as the other."""


def titles() -> Mapping[str, tuple[str, ...]]:
    """The spellings of each title by its canonical form."""
    return _titles()


@cache
def _titles() -> dict[str, tuple[str, ...]]:
    table = {}
    for line in _TITLES.strip().splitlines():
        spellings = tuple(word.strip() for word in line.split("|"))
        table[spellings[0].lower()] = spellings
    return table


@cache
def _title_keys() -> dict[str, str]:
    return {texts.key(spelling): title for title, spellings in _titles().items() for spelling in spellings}


@cache
def _state_keys() -> dict[str, str]:
    return {texts.key(spelling): state for state, (inner, _) in gazetteer.states().items() for spelling in inner}


def is_known(title: str) -> bool:
    """Whether a title is one of the table, not one that a watchlist brings (matching/written_offices.py)."""
    return title in _titles()


def state_of(words: str) -> str | None:
    """The state that these words, a key, name behind an office; None for words that name none."""
    return _state_keys().get(words)


@dataclass(frozen=True, slots=True)
class OfficeKey:
    """An office: a title and a state; "" is Vietnam, or no state at all (Giáo hoàng)."""

    title: str
    state: str


def office_key(written: str) -> OfficeKey | None:
    """The office that a watchlist writes, or None for words that are no known title: those match as a phrase."""
    words = texts.key(written).split()
    for count in range(len(words), 0, -1):
        title = _title_keys().get(" ".join(words[:count]))
        if title is None:
            continue
        rest = " ".join(words[count:])
        if not rest:
            return OfficeKey(title, "")
        state = _state_keys().get(rest)
        if state is None:
            continue
        return office_key_of(title, state)
    return None


def lacks_state(written: str) -> bool:
    """Whether an office begins with a title that only states have, and no state follows: perhaps it is misspelt."""
    words = texts.key(written).split()
    begins = {_title_keys().get(" ".join(words[:count])) for count in range(1, len(words))} - {None}
    return office_key(written) is None and bool(begins) and begins.isdisjoint(_OF_MANY)


def office_key_of(title: str, state: str) -> OfficeKey:
    """The office of a title in a state, with general titles made particular."""
    if title == "chủ tịch":
        title = "chủ tịch ủy ban châu âu" if state in ("ec", "eu") else "chủ tịch nước"
    if title == "chủ tịch ủy ban châu âu":
        state = ""
    return OfficeKey(title, "" if state == gazetteer.HOME else state)
