"""Tells whether an item moves its story on: a new toll, a decision, a denial, a correction, a new voice.

Conservative on purpose: a storm of false developments is worse than a missed one, which reaches the reader anyway as
one outlet more on the last line of the first message. Only the title may claim a development; what the story's earlier
titles or leads said already is none. Knows nothing of similarity.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.types import Match, Reason, ReasonCode

CLEARLY_LATER = timedelta(minutes=30)  # outlets tell the same state of a story within that time of one another
SPOKEN_LATER = timedelta(hours=1)  # reactions to a statement are part of its first reports
MOST_RISE = 20  # times: a toll that rose more is another count

_NUMBERS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_COUNT = r"(?P<count{0}>\d{{1,3}}(?:[.,]\d{{3}})+|\d{{1,6}}|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)"
_LOSS = r"(?P<loss{0}>chết|thiệt mạng|tử vong|tử nạn|bị thương|thương vong|mất tích|mắc kẹt)"
_PEOPLE = (
    r"(?:người|nạn nhân|công nhân|học sinh|sinh viên|binh sĩ|hành khách|du khách|trẻ em|em|cháu|bệnh nhân|ca|dân thường"
    r"|thuyền viên)"
)
_TOLL = re.compile(
    rf"{_COUNT.format(1)}\s+{_PEOPLE}\s+(?:\w+\s+){{0,2}}?{_LOSS.format(1)}"
    rf"|số\s+(?:\w+\s+){{1,3}}?{_LOSS.format(2)}\s+(?:\w+\s+){{0,6}}?(?:lên|là|tới|đạt|vượt)\s+(?:\w+\s+){{0,2}}?"
    rf"{_COUNT.format(2)}"
)
_LOSS_SIGNS = ("chết", "mạng", "vong", "tử nạn", "thương", "mất tích", "mắc kẹt")
_LOSSES = {
    "chết": "dead",
    "thiệt mạng": "dead",
    "tử vong": "dead",
    "tử nạn": "dead",
    "bị thương": "injured",
    "thương vong": "casualties",
    "mất tích": "missing",
    "mắc kẹt": "trapped",
}

# What a title says when something was decided or turned round, by the code of the turn. A word counts when nobody of
# the story has said it.
_TURNS = {
    "charged": ("khởi tố",),
    "arrested": ("bắt tạm giam", "bị bắt", "bắt giữ", "bắt khẩn cấp", "tạm giữ"),
    "sentenced": ("tuyên án", "lĩnh án", "lãnh án", "tuyên phạt", "bị phạt tù", "kết án"),
    "resigned": ("từ chức", "xin từ nhiệm", "từ nhiệm"),
    "dismissed": ("miễn nhiệm", "bãi nhiệm", "cách chức", "sa thải", "phế truất"),
    "appointed": ("bổ nhiệm", "được bầu làm", "đắc cử", "nhậm chức", "tuyên thệ"),
    "agreed": ("đạt thỏa thuận", "đạt được thỏa thuận", "ký thỏa thuận", "ký kết thỏa thuận"),
    "collapsed": ("đổ vỡ", "sụp đổ", "rút khỏi", "hủy thỏa thuận", "đình chỉ thỏa thuận"),
    "postponed": ("bị hoãn", "hoãn lại", "hủy bỏ", "bị hủy", "hủy cuộc gặp", "hủy chuyến thăm"),
    "passed": (
        "được thông qua",
        "đã thông qua",
        "chính thức thông qua",
        "quốc hội thông qua",
        "hạ viện thông qua",
        "thượng viện thông qua",
        "hội đồng bảo an thông qua",
        "phê chuẩn",
        "biểu quyết tán thành",
    ),
    "in_force": ("có hiệu lực",),
    "retaliated": ("trả đũa", "đáp trả", "tấn công đáp trả"),
    "rescued": ("giải cứu thành công", "được cứu", "tìm thấy thi thể", "tìm thấy hộp đen", "đã tìm thấy"),
    "contained": ("dập tắt", "khống chế được đám cháy"),
}
_LANDFALL = re.compile(
    r"\b(?:bão|siêu bão|áp thấp nhiệt đới)\b(?:\s+\w+){0,3}\s+đổ bộ\b(?!\s+(?:nếu|khi|vào (?:ngày|đêm|chiều|sáng) mai))"
)
_RESOLVES = re.compile(
    r"\bquyết định\s+(?:thành lập|lập|áp|rút|dừng|ngừng|cấm|cho phép|mở|đóng|gửi|điều|hủy|hoãn|tăng|giảm|bỏ|gia hạn"
    r"|sơ tán)\b"
)
# "no victims are known of yet" in the story so far makes the first count news
_NONE_KNOWN = re.compile(r"\bchưa (?:có|ghi nhận|rõ)(?:\s+\w+){0,4}\s+(?:thương vong|thiệt hại|người bị thương)\b")
# Other words for the same, by which an earlier item has told it already; too loose to claim a development by.
_TOLD = {
    "arrested": re.compile(
        r"\bbắt\s+(?:\d+|một|hai|ba|bốn|năm|nhóm|được|người|kẻ|nghi phạm|đối tượng|giam|nam|nữ|ông|bà|thanh niên|ổ)\b"
    ),
    "sentenced": re.compile(r"\b(?:bị tuyên|(?:năm|tháng) tù|án tù|chung thân|án tử)\b"),
    "rescued": re.compile(r"\bcứu (?:sống|được|kịp|thành công)\b|\bđược cứu\b|\bthoát (?:chết|nạn)\b"),
    "dismissed": re.compile(r"\b(?:cho thôi|mất) chức\b"),
    "resigned": re.compile(r"\b(?:rời|thôi) (?:chức|nhiệm)\b"),
    "agreed": re.compile(r"\b(?:nhất trí|đồng thuận|ký kết)\b"),
}
# Before such a word it tells what was before, or what is not so; behind it, what is not meant.
_BACKGROUND = re.compile(r"\b(?:từng|sau khi|kể từ khi|không|chưa|suýt|bác tin|khó|thoát|cựu)\s+(?:\w+\s+){0,3}$")
_NOT_MEANT = re.compile(
    r"\bbị bắt (?:khóc|lỗi|nạt|buộc|gặp|chẹt|chước|bài|nhịp|nguồn)\b"
    r"|\bbàn (?:thắng|mở tỷ số|gỡ)(?:\s+\w+){0,3} bị hủy\b"
    r"|\b(?:tạm giữ|bắt giữ)\s+(?:\w+\s+){0,2}?(?:xe|tàu|ô tô|ôtô|phương tiện|hàng|lô)\b"
)
# What may come, is wished for or asked is no decision yet.
_NOT_YET = re.compile(
    r"\b(?:dự kiến|dự báo|có thể|sắp|sẽ|thúc đẩy|đề xuất|đề nghị|chuẩn bị|nếu|kêu gọi|hy vọng|kỳ vọng|mong|muốn|xem xét"
    r"|chưa|trước khi|khả năng|dọa|cảnh báo|nguy cơ|bàn về|làm gì|vì sao|có nên)\b"
)
_DENIALS = ("bác bỏ", "phủ nhận", "bác tin", "bác thông tin", "không có chuyện", "nói không có", "lên tiếng về tin đồn")
_CORRECTIONS = ("đính chính", "cải chính", "xin rút bài", "thông tin sai", "thu hồi thông báo")
_SPEAKS = re.compile(
    r"\b(?:nói|tuyên bố|lên tiếng|phản ứng|cảnh báo|kêu gọi|chỉ trích|lên án|khẳng định|chia buồn|gửi điện|điện đàm|đáp"
    r"|yêu cầu|chúc mừng)\b"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What one text says of how far its story has come: tolls by kind, decisive words."""

    tolls: tuple[tuple[str, int], ...] = ()
    turns: frozenset[Reason] = frozenset()
    none_known: bool = False  # it says that no victims are known of yet


NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True)
class State:
    """What one item says of how far its story has come, and when; `named`: the watches found in it."""

    at: datetime
    said: Said
    named: frozenset[str]


def said_in(title: str, lead: str) -> Said:
    """Read what an item says; `title` and `lead` in small letters."""
    text = f"{title} . {lead}"
    return Said(tuple(_tolls(text)), frozenset(_turns(text)), bool(_NONE_KNOWN.search(text)))


def development(title: str, at: datetime, matches: Sequence[Match], told: Iterable[State]) -> Reason | None:
    """What an item of `at` moves on, or None. `title` in small letters; `told`: the story so far."""
    before = list(told)
    if not before:
        return None
    since = at - min(past.at for past in before)
    if since < CLEARLY_LATER:
        return None
    voice = _new_voice(title, matches, before) if since >= SPOKEN_LATER else None
    return _new_toll(title, before) or _new_turn(title, before) or voice


def _new_toll(title: str, before: Sequence[State]) -> Reason | None:
    """A toll that rose, the first dead of a story with other losses, the first victims where none were known of."""
    known: dict[str, int] = {}
    for past in before:
        for loss, count in past.said.tolls:
            known[loss] = max(known.get(loss, 0), count)
    for loss, count in _tolls(title):
        if loss in known and known[loss] < count <= MOST_RISE * known[loss]:
            return Reason(ReasonCode.TOLL_ROSE, (loss, str(known[loss]), str(count)))
        if loss == "dead" and known and loss not in known:
            return Reason(ReasonCode.FIRST_TOLL, (loss, str(count)))
        if not known and any(past.said.none_known for past in before):
            return Reason(ReasonCode.FIRST_TOLL, (loss, str(count)))
    return None


def _new_turn(title: str, before: Sequence[State]) -> Reason | None:
    """A decision, a turn, a denial or a correction that nobody of the story has told."""
    turned = frozenset().union(*(past.said.turns for past in before))
    for turn in _claims(title):
        if turn not in turned and (turn in (_DENIED, _CORRECTED) or not _NOT_YET.search(title)):
            return turn
    return None


def _new_voice(title: str, matches: Sequence[Match], before: Sequence[State]) -> Reason | None:
    """A watched leader who speaks in the title and was not named before."""
    if not _SPEAKS.search(title):
        return None
    named = frozenset().union(*(past.named for past in before))
    for match in matches:
        in_title = any(evidence.field == "title" for evidence in match.evidence)
        if match.kind == "leader" and in_title and match.watch_id not in named:
            return Reason(ReasonCode.NEW_VOICE, (match.name,))
    return None


_HAPPENINGS = ("retaliated", "collapsed", "contained", "arrested", "rescued", "landfall")
_DENIED = Reason(ReasonCode.DENIED)
_CORRECTED = Reason(ReasonCode.CORRECTED)


def _reason_of(turn: str) -> Reason:
    return Reason(ReasonCode.HAPPENED if turn in _HAPPENINGS else ReasonCode.DECIDED, (turn,))


_WORDS = {_reason_of(turn): words for turn, words in _TURNS.items()}


def _tolls(text: str) -> Iterable[tuple[str, int]]:
    if not any(loss in text for loss in _LOSS_SIGNS):  # the pattern is slow, and most news is about something else
        return
    for found in _TOLL.finditer(text):
        count = found["count1"] or found["count2"]
        loss = found["loss1"] or found["loss2"]
        yield _LOSSES[loss], _NUMBERS.get(count) or int(re.sub("[.,]", "", count))


def _claims(title: str) -> Iterable[Reason]:
    """What a title says has just come: a denial first, for what is denied has not come."""
    turns = list(_turns(title))
    if _DENIED in turns:
        return [_DENIED]
    meant = _NOT_MEANT.sub(" ", title)
    return [turn for turn in turns if turn not in _WORDS or _is_news(meant, _WORDS[turn])]


def _is_news(title: str, words: Iterable[str]) -> bool:
    places = [(title.find(word), word) for word in words]
    return any(at >= 0 and not _BACKGROUND.search(title, max(0, at - 30), at) for at, _ in places)


def _turns(text: str) -> Iterable[Reason]:
    for turn, words in _TURNS.items():
        if any(word in text for word in words) or (turn in _TOLD and _TOLD[turn].search(text)):
            yield _reason_of(turn)
    if _LANDFALL.search(text):
        yield _reason_of("landfall")
    if _RESOLVES.search(text):
        yield Reason(ReasonCode.NEW_DECISION)
    if any(word in text for word in _DENIALS):
        yield _DENIED
    if any(word in text for word in _CORRECTIONS):
        yield _CORRECTED
