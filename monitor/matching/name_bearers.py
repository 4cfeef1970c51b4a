"""Whether others bear a watched name: which trades stand before it, and whose longer names end in an alias.

Counts for costs.py; decides of no item who is meant.
"""

import re
from collections import Counter
from collections.abc import Collection, Container, Iterator
from typing import Final

from monitor.matching import text as texts
from monitor.matching.names import FAMILY_NAMES
from monitor.text.gazetteer import states
from monitor.text.words import LARGE_LETTERS, bars, is_vietnamese
from monitor.types import Evidence, Item, Leader

FEW_OTHERS: Final = 3  # items in which an alias is somebody else's last name
MOST_SHOWN: Final = 3

# trades of one walk of life: a striker and a captain may be one person, a singer and a defendant hardly. Offices, ranks
# and degrees are one walk: a minister may be a general or a professor
_WALKS: Final = {
    trade: walk
    for walk, block in enumerate(
        (
            "hlv | huấn luyện viên | cầu thủ | tiền đạo | tiền vệ | hậu vệ | trung vệ | thủ môn | tuyển thủ"
            " | đội trưởng | vđv | vận động viên | võ sĩ | tay vợt | kình ngư | trọng tài",
            "ca sĩ | diễn viên | nghệ sĩ | nsnd | nsưt | nhạc sĩ | đạo diễn | người mẫu | hoa hậu | á hậu",
            "nhà văn | nhà thơ | họa sĩ | nhà báo | phóng viên",
            "bị cáo | bị can | nghi phạm | đối tượng",
            "bộ trưởng | thứ trưởng | thủ tướng | bí thư | chủ tịch | đại biểu | giám đốc | luật sư | bác sĩ | bs | gs"
            " | pgs | ts | giáo sư | tiến sĩ | hiệu trưởng | thiếu tá | trung tá | thượng tá | đại tá | thiếu tướng"
            " | trung tướng | thượng tướng | đại tướng",
            "học sinh | sinh viên | thí sinh",
            "tài xế | công nhân | nông dân | chủ quán",
        )
    )
    for trade in bars(block)
}
_TRADE: Final = re.compile(
    rf"(?:^|(?<=\W))({'|'.join(sorted(map(re.escape, _WALKS), key=len, reverse=True))})\s+\Z", re.IGNORECASE
)
_LONGEST_TRADE: Final = 24  # characters
_LARGE_WORD: Final = rf"[{LARGE_LETTERS}][\w'-]*"
_RUN: Final = re.compile(rf"(?<!\w){_LARGE_WORD}(?: {_LARGE_WORD}){{1,4}}")
_STATES: Final = frozenset(spelling.lower() for lines in states().values() for part in lines for spelling in part)


def trade_before(text: str, start: int) -> str:
    """The trade right before `start`, in small letters; empty without one."""
    found = _TRADE.search(text[max(0, start - _LONGEST_TRADE) : start])
    return found[1].lower() if found else ""


def companions(item: Item, *, but: Collection[str]) -> Iterator[str]:
    """Persons and houses of two words and more in title and lead, each once, the person itself left out."""
    own = [texts.key(name) for name in but]
    seen: set[str] = set()
    for part in (item.title, item.lead):
        for found in _RUN.finditer(part):
            key = texts.key(found[0])
            first = key.partition(" ")[0]
            is_name = first in FAMILY_NAMES or not is_vietnamese(first) or found[0].partition(" ")[0].isupper()
            if is_name and key not in seen and not any(name in key or key in name for name in own):
                seen.add(key)
                yield found[0]


class Bearers:
    """Counts for one leader."""

    def __init__(self, leader: Leader) -> None:
        self._leader = leader
        self._trades: Counter[str] = Counter()
        self._others: dict[str, Counter[str]] = {}  # by alias: longer names that end in it
        self._own = frozenset(map(texts.key, (leader.name, *leader.aliases, *leader.short)))

    def note_trade(self, trade: str) -> None:
        """A trade before the full name; empty: none."""
        if trade:
            self._trades[trade] += 1

    def note_alias(self, evidence: Collection[Evidence], item: Item, full: Container[str]) -> None:
        """An item in which aliases alone stand, taken for the leader or not: who else is named there in full?"""
        if any(texts.key(one.text) in full for one in evidence):
            return
        for alias in dict.fromkeys(one.text for one in evidence):
            names = set(_longer_names(item, evidence, alias))
            others = [name for name in names if texts.key(name) not in self._own]
            self._others.setdefault(alias, Counter()).update(others)

    def findings(self) -> Iterator[str]:
        """What an editor should write because others bear the name."""
        walks: dict[int, Counter[str]] = {}
        for trade, count in self._trades.items():
            walks.setdefault(_WALKS[trade], Counter())[trade] += count
        often = sorted((trades for trades in walks.values() if trades.total() > 1), key=lambda one: -one.total())
        is_ours = all(map(is_vietnamese, texts.key(self._leader.name).split()))
        if not self._leader.common and is_ours and len(often) > 1:
            yield self._common(often)
        for alias, others in self._others.items():
            shown = [name for name, count in others.most_common(MOST_SHOWN) if count > 1]
            if shown and others.total() >= FEW_OTHERS:
                names = ", ".join(f"`{name}`" for name in shown)
                yield (
                    f"{others.total()} items that say `{alias}` alone name {names} in full: write "
                    f"`short: [{alias}]` in place of the alias, and `not: [{', '.join(shown)}]`"
                )

    def _common(self, often: list[Counter[str]]) -> str:
        """A name of several walks of life; of the commonest one it is proposed that it is the watched person's."""
        said = ", ".join(f"`{trade}` {count} times" for trades in often for trade, count in trades.most_common(1))
        mine = [trade for trade, _ in often[0].most_common(MOST_SHOWN)]
        name = self._leader.name
        aliases = ", ".join(f"{trade} {name}" for trade in mine)
        return (
            f"`{name}` is borne by others too ({said} before it): write `common: true`, "
            f"`near: [{', '.join(mine)}]` and `aliases: [{aliases}]`"
        )


def _longer_names(item: Item, evidence: Collection[Evidence], alias: str) -> Iterator[str]:
    """Names in the item that end in `alias` behind a family name or a foreign first name."""
    fields = {one.field for one in evidence}
    key = texts.key(alias)
    for part in (item.title, item.lead, item.body if "body" in fields else ""):
        for found in _RUN.finditer(part):
            longer = texts.key(found[0])
            first = longer.partition(" ")[0]
            rest = longer.removesuffix(f" {key}")
            if rest != longer and rest not in _STATES and (first in FAMILY_NAMES or not is_vietnamese(first)):
                yield found[0]
