"""Where in the world a watch belongs, by its tags: Việt Nam first, then what is near, as a Vietnamese newsroom counts.

One table of countries and bodies under their region; knows no chat. What has no tag of it belongs to "Other".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from monitor.i18n import translatable
from monitor.text.letter_order import LetterKey, letter_key
from monitor.text.words import bars, unmarked
from monitor.types import Priority, Watch

OTHER: Final = "khac"


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the world: its short name for buttons, what it is called, and its countries in the newsroom's words.

    `tag` is one that stands for the region as a whole.
    """

    code: str
    name: str
    places: tuple[str, ...]
    tag: str = ""


def _region(code: str, name: str, places: str, tag: str = "") -> Region:
    return Region(code, name, tuple(bars(places)), tag)


REGIONS: Final[tuple[Region, ...]] = (
    _region("vn", translatable("Viet Nam"), "Việt Nam"),
    _region(
        "dna",
        translatable("Southeast Asia"),
        """Lào | Campuchia | Thái Lan | Malaysia | Singapore | Indonesia | Philippines | Myanmar | Brunei |
        Đông Timor | ASEAN""",
        "asean",
    ),
    _region(
        "da",
        translatable("East Asia"),
        "Trung Quốc | Nhật Bản | Hàn Quốc | Triều Tiên | Đài Loan | Hồng Kông | Mông Cổ",
    ),
    _region(
        "my",
        translatable("The Americas"),
        """Mỹ | Canada | Mexico | Cuba | Venezuela | Brazil | Argentina | Colombia | Chile | Peru | Panama | Haiti |
        Ecuador | Bolivia""",
    ),
    _region(
        "au",
        translatable("Europe"),
        """Nga | Ukraine | Belarus | EU | NATO | Anh | Pháp | Đức | Ý | Tây Ban Nha | Bồ Đào Nha | Hà Lan | Bỉ |
        Thụy Sĩ | Áo | Ba Lan | Séc | Slovakia | Hungary | Romania | Bulgaria | Serbia | Hy Lạp | Thụy Điển | Na Uy |
        Phần Lan |
        Đan Mạch | Ireland | Estonia | Latvia | Litva | Moldova | Vatican""",
        "chau-au",
    ),
    _region(
        "td",
        translatable("The Middle East"),
        """Israel | Palestine | Iran | Iraq | Syria | Lebanon | Jordan | Yemen | Qatar | UAE | Kuwait | Oman | Bahrain |
        Ả Rập Xê Út | Saudi Arabia | Thổ Nhĩ Kỳ | Ai Cập""",
        "trung-dong",
    ),
    _region(
        "na",
        translatable("South and Central Asia"),
        """Ấn Độ | Pakistan | Bangladesh | Sri Lanka | Nepal | Afghanistan | Kazakhstan | Uzbekistan | Armenia |
        Azerbaijan | Gruzia""",
    ),
    _region("cu", translatable("Oceania"), "Úc | New Zealand | Papua New Guinea | Fiji"),
    _region(
        "cp",
        translatable("Africa"),
        "Nam Phi | Nigeria | Ethiopia | Kenya | Sudan | Congo | Libya | Algeria | Ma-rốc | Tunisia | Somalia",
        "chau-phi",
    ),
    _region("qt", translatable("International bodies"), "Liên Hợp Quốc | WHO | IMF | BRICS"),
    _region(OTHER, translatable("Other"), ""),
)


def tag_of(place: str) -> str:
    """The tag that a country has in the watchlists: Ả Rập Xê Út is a-rap-xe-ut."""
    return "-".join(unmarked(place.casefold()).replace("-", " ").split())


@cache
def _places() -> Mapping[str, tuple[int, int, str]]:
    """By tag: the region's place in the table, the country's in the region, and its name."""
    return {
        tag_of(place): (number, order, place)
        for number, region in enumerate(REGIONS)
        for order, place in enumerate(region.places)
    }


def place_name(tag: str) -> str:
    """The country or body that a tag stands for, as newspapers write it; empty for a tag of another sort."""
    known = _places().get(tag)
    return known[2] if known else ""


def region_of(watch: Watch) -> Region:
    """The first region that one of the tags names, countries before whole regions."""
    known = _places()
    found = next((known[tag][0] for tag in watch.tags if tag in known and REGIONS[known[tag][0]].tag != tag), None)
    if found is not None:
        return REGIONS[found]
    wide = next((region for region in REGIONS if region.tag and region.tag in watch.tags), None)
    return wide or REGIONS[-1]


def ordered(watches: Sequence[Watch]) -> list[Watch]:
    """As a list shows them: by region and country, there what matters most first, then by name."""

    def key(watch: Watch) -> tuple[int, int, bool, LetterKey]:
        region = region_of(watch)
        country = min((_places()[tag][1] for tag in watch.tags if region_of_tag(tag) is region), default=len(_places()))
        return REGIONS.index(region), country, watch.priority is not Priority.HIGH, letter_key(watch.name)

    return sorted(watches, key=key)


def region_of_tag(tag: str) -> Region | None:
    """The region in which a tag's country lies; None for a tag of another sort."""
    known = _places().get(tag)
    return REGIONS[known[0]] if known else None


def places_of(region: Region, watches: Sequence[Watch]) -> list[tuple[str, str]]:
    """Tag and name of the countries of a region that any of these watches has, in the table's order."""
    used = {tag for watch in watches for tag in watch.tags}
    return [(tag_of(place), place) for place in region.places if tag_of(place) in used]
