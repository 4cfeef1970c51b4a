"""What a story is part of, above stories: one storm, quake, fire, match or trial, which goes on for days.

Pure, and reads words alone: no model, no row. Whether a story is told as a reply, as a line or not is decided in
pipeline/alerts.py; what is one story in window.py.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from monitor.stories.grouping.developments import CLEARLY_LATER, NOTHING_SAID, State, development, said_in
from monitor.stories.grouping.features import places_in
from monitor.stories.grouping.roundups import is_roundup
from monitor.text.words import LARGE_LETTERS
from monitor.types import StoryId

AHEAD = 40  # characters before a move in which "dự báo" or "sẵn sàng" makes it one that may come
STORM_WITHIN = timedelta(days=2)  # since a storm was named, "bão" alone means it
MOVED_WITHIN = timedelta(hours=12)  # a closure or an evacuation that was told longer ago was another
TOPIC_WITHIN = timedelta(days=3)  # between two stories of one topic; a storm lives for a week, with news each day

_NAME = rf"[{LARGE_LETTERS}]\w+"
_STORM_NUMBER = re.compile(r"\b(?:bão|áp thấp(?: nhiệt đới)?)\s+số\s+(\d{1,2})\b", re.IGNORECASE)
_STORM_NAME = re.compile(rf"\b[Bb]ão\s+(?!Số\b|Nhiệt\b|Lũ\b)({_NAME})")
_ONE_STORM = re.compile(  # "bão số 9 (Ragasa)", "bão số 10 Bualoi", "bão Bualoi (bão số 10)"
    rf"[Bb]ão\s+số\s+(\d{{1,2}})\s*(?:\(\s*(?:bão\s+)?|có tên quốc tế là\s+|-\s*)?({_NAME})"
    rf"|[Bb]ão\s+({_NAME})\s*\(?\s*(?:là\s+)?(?:cơn\s+)?bão\s+số\s+(\d{{1,2}})"
)
THE_STORM = "storm"  # of an item that names none
_A_STORM = re.compile(r"\b(?:siêu )?bão\b(?! giá| lòng| tố| đơn)", re.IGNORECASE)
_NEW_STORM = re.compile(
    r"\b(?:áp thấp|vùng thấp|hình thành|bão mới|(?:sắp|khả năng|lại) (?:có|đón)|đón (?:thêm )?(?:một )?(?:cơn )?bão)\b"
)
_TEAM = rf"((?!Trận|Vòng|Bán|Chung|Highlight|Video|HLV)(?:{_NAME}|U\d\d)(?: {_NAME}){{0,3}})"
_MATCH = re.compile(rf"{_TEAM}\s+(?:\d+\s?[-–]\s?\d+|[-–]|vs\.?|gặp|đấu)\s+{_TEAM}")
_SPORT = re.compile(
    r"\b(?:trận|bàn thắng|tỉ số|tỷ số|vòng bảng|bán kết|chung kết|đội tuyển|HLV|cầu thủ|highlight)\b", re.IGNORECASE
)
_TRIAL = re.compile(r"\b(?:xét xử|phiên tòa|bị cáo|tuyên án|hội đồng xét xử|viện kiểm sát|truy tố|hầu tòa|phúc thẩm)\b")
_PERSON = re.compile(rf"\b{_NAME}(?: {_NAME}){{1,4}}")

# What happened, where the place tells one from another
_HAPPENINGS = {
    "quake": re.compile(r"\b(?:động đất|dư chấn|sóng thần)\b"),
    "flood": re.compile(r"\b(?:lũ quét|lũ ống|sạt lở|lở đất|mưa lũ|ngập lụt|vỡ (?:hồ|đê|đập))\b"),
    "fire": re.compile(r"\b(?:vụ cháy|cháy lớn|hỏa hoạn|cháy rừng|bốc cháy|đám cháy)\b"),
    "crash": re.compile(
        r"\b(?:rơi máy bay|(?:máy bay|trực thăng) (?:\w+ ){0,3}(?:rơi|gặp nạn|lao)"
        r"|tiêm kích (?:\S+ ){0,6}(?:rơi|gặp nạn))\b"
    ),
    "blast": re.compile(r"\b(?:vụ nổ|nổ lớn|phát nổ)\b"),
    "shooting": re.compile(r"\b(?:xả súng|nổ súng)\b"),
}

# What moves a topic on beside what moves a story on (developments.py): a word counts when nobody of the topic said it
_MOVES = {
    "closed": re.compile(
        r"\b(?:cấm biển|đóng cửa|nghỉ học|(?:tạm )?(?:dừng|ngừng|ngưng) (?:khai thác|tiếp nhận|hoạt động|bay|tàu)"
        r"|hủy (?:hàng loạt |\d+ )?chuyến|phong tỏa|mất điện)\b"
    ),
    "evacuated": re.compile(r"\b(?:sơ tán|di dời|di tản)\b"),
    "landed": re.compile(r"\b(?:đã đổ bộ|đổ bộ vào|vào đất liền|quét qua|càn quét|quần thảo|tàn phá)\b"),
    "weakened": re.compile(r"\b(?:suy yếu|tan dần|không còn là (?:siêu )?bão|giảm (?:xuống|còn) cấp)\b"),
    "grew": re.compile(r"\b(?:thành (?:siêu )?bão|mạnh lên thành|mạnh nhất)\b"),
    "alarmed": re.compile(r"\b(?:công điện|tình trạng khẩn cấp|báo động đỏ|cảnh báo sóng thần)\b"),
    "again": re.compile(r"\b(?:lại|tiếp tục) (?:xảy ra )?(?:động đất|cháy|nổ)\b"),
    "aid": re.compile(r"\b(?:cứu trợ khẩn cấp|viện trợ khẩn cấp)\b"),
    "numbered": _STORM_NUMBER,
}
_NOT_YET = re.compile(
    r"\b(?:dự báo|có thể|sắp|sẽ|nguy cơ|khả năng|sẵn sàng|phương án|trước khi|trước lúc|tiến gần|áp sát|chuẩn bị|nếu)\b"
)


@dataclass(frozen=True, slots=True)
class ToldItem:
    """One item of a story, as far as topics need it."""

    story_id: StoryId
    title: str
    lead: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Topic:
    """The stories of the last days that an item belongs with; `moves_on`: it tells what none of them has."""

    stories: frozenset[StoryId] = frozenset()
    moves_on: bool = False


NO_TOPIC = Topic()


def topic_of(title: str, lead: str, at: datetime, told: Sequence[ToldItem]) -> Topic:
    """Which of the stories told before belong to the same topic. `told`: items that name one of the item's watches."""
    mine = keys_of(title, lead)
    if not mine or not told:
        return NO_TOPIC
    keyed = [
        (each, keys) for each in told if abs(at - each.at) <= TOPIC_WITHIN and (keys := keys_of(each.title, each.lead))
    ]
    if any(key.startswith(THE_STORM) for key in mine):
        names = _storm_names([(title, lead), *((each.title, each.lead) for each, _ in keyed)])
        mine, keyed = _as_numbered(mine, names), [(each, _as_numbered(keys, names)) for each, keys in keyed]
    if mine == {THE_STORM}:
        mine = _latest_storm([(each.at, keys) for each, keys in keyed if at - each.at <= STORM_WITHIN])
    kin = [each for each, keys in keyed if mine & keys]
    if not kin:
        return NO_TOPIC
    return Topic(frozenset(each.story_id for each in kin), _moves_on(title, at, kin))


@lru_cache(maxsize=10_000)  # each item of three days is asked for with every new one of its watches
def keys_of(title: str, lead: str) -> frozenset[str]:
    """What the topic of an item goes by; empty where it is of none, as a list of the day's news is."""
    if is_roundup(title):
        return frozenset()
    keys = _storms(title) or _storms(lead)
    if keys:
        return keys
    keys = _match(title)
    if keys:
        return keys
    if _A_STORM.search(title) and not _NEW_STORM.search(f"{title} . {lead}"):
        return frozenset({THE_STORM})
    text = f"{title} . {lead}"
    small, small_title = text.lower(), title.lower()
    if _TRIAL.search(small):
        keys |= {f"trial {name.lower()}" for name in _PERSON.findall(title)}
    kinds = {kind for kind, words in _HAPPENINGS.items() if words.search(small_title)}
    kinds = kinds or {kind for kind, words in _HAPPENINGS.items() if words.search(small)}
    places = places_in(title) or places_in(lead)
    return frozenset(keys | {f"{kind} {place}" for kind in kinds for place in places})


def _latest_storm(told: Iterable[tuple[datetime, frozenset[str]]]) -> frozenset[str]:
    """The storm that was named last: whom "sau bão" means. None where nothing was told of one."""
    named = [(at, keys) for at, keys in told if any(key.startswith("storm ") for key in keys) and THE_STORM not in keys]
    return max(named, key=lambda each: each[0])[1] if named else frozenset()


def _storms(text: str) -> frozenset[str]:
    numbers = {f"storm {number}" for number in _STORM_NUMBER.findall(text)}
    return frozenset(numbers | {f"storm {name.lower()}" for name in _STORM_NAME.findall(text)})


def _storm_names(texts: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """The number of a storm by its name, as far as these texts tell it."""
    names: dict[str, str] = {}
    for text in (each for pair in texts for each in pair):
        for name, number in _names_told(text):
            names.setdefault(name, number)
    return names


@lru_cache(maxsize=10_000)
def _names_told(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"{THE_STORM} {(name or other_name).lower()}", f"{THE_STORM} {number or other_number}")
        for number, name, other_name, other_number in _ONE_STORM.findall(text)
    )


def _as_numbered(keys: Collection[str], names: Mapping[str, str]) -> frozenset[str]:
    return frozenset(names.get(key, key) for key in keys)


def _match(title: str) -> frozenset[str]:
    found = _MATCH.search(title) if _SPORT.search(title) else None
    return frozenset({"match " + " : ".join(sorted((found[1].lower(), found[2].lower())))}) if found else frozenset()


def _moves_on(title: str, at: datetime, kin: Sequence[ToldItem]) -> bool:
    """A toll, turn or decision that the topic has not told; a closure, an evacuation, a landfall for the first time."""
    small = title.lower()
    told = [State(each.at, said_in(each.title.lower(), each.lead.lower()), frozenset()) for each in kin]
    if at - min(each.at for each in kin) < CLEARLY_LATER:
        return False
    first_toll = said_in(small, "").tolls and all(state.said.tolls == NOTHING_SAID.tolls for state in told)
    if first_toll or development(small, at, (), told) is not None:
        return True
    recent = [each for each in kin if at - each.at <= MOVED_WITHIN]
    before = [text for each in recent for text in (each.title.lower(), *each.lead.lower().split(". "))]
    return any(
        _has_come(words, small) and not any(_has_come(words, text) for text in before) for words in _MOVES.values()
    )


def _has_come(words: re.Pattern[str], text: str) -> bool:
    """Whether a text tells such a move as something that is there, not as what may come."""
    return any(
        not _NOT_YET.search(text, max(0, found.start() - AHEAD), found.start()) for found in words.finditer(text)
    )
