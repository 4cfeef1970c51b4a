"""Tells whether an item moves its story on: a new toll, a decision, a denial, a correction, a new voice.

Conservative on purpose: a storm of false developments is worse than a missed one, which reaches the reader anyway as
one outlet more on the last line of the first message. Only the title may claim a development; what the story's earlier
titles or leads said already is none. Knows nothing of likeness.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.types import Match

CLEARLY_LATER = timedelta(minutes=30)  # outlets tell the same state of a story within that time of one another
SPOKEN_LATER = timedelta(hours=1)  # reactions to a statement are part of its first reports

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
_LOSSES = ("chết", "mạng", "vong", "tử nạn", "thương", "mất tích", "mắc kẹt")
_SAME_LOSS = {"thiệt mạng": "chết", "tử vong": "chết", "tử nạn": "chết"}

# What a title says when something was decided or turned round. A word counts when nobody of the story has said it.
_DECISIONS = {
    "khởi tố": ("khởi tố",),
    "bắt giữ": ("bắt tạm giam", "bị bắt", "bắt giữ", "bắt khẩn cấp", "tạm giữ"),
    "tuyên án": ("tuyên án", "lĩnh án", "lãnh án", "tuyên phạt", "bị phạt tù", "kết án"),
    "từ chức": ("từ chức", "xin từ nhiệm", "từ nhiệm"),
    "miễn nhiệm": ("miễn nhiệm", "bãi nhiệm", "cách chức", "sa thải", "phế truất"),
    "bổ nhiệm": ("bổ nhiệm", "được bầu làm", "đắc cử", "nhậm chức", "tuyên thệ"),
    "đạt thỏa thuận": ("đạt thỏa thuận", "đạt được thỏa thuận", "ký thỏa thuận", "ký kết thỏa thuận"),
    "đổ vỡ": ("đổ vỡ", "sụp đổ", "rút khỏi", "hủy thỏa thuận", "đình chỉ thỏa thuận"),
    "hoãn, hủy": ("bị hoãn", "hoãn lại", "hủy bỏ", "bị hủy", "hủy cuộc gặp", "hủy chuyến thăm"),
    "thông qua": (
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
    "có hiệu lực": ("có hiệu lực",),
    "trả đũa": ("trả đũa", "đáp trả", "tấn công đáp trả"),
    "được cứu, tìm thấy": ("giải cứu thành công", "được cứu", "tìm thấy thi thể", "tìm thấy hộp đen", "đã tìm thấy"),
    "khống chế": ("dập tắt", "khống chế được đám cháy"),
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
    "bắt giữ": re.compile(
        r"\bbắt\s+(?:\d+|một|hai|ba|bốn|năm|nhóm|được|người|kẻ|nghi phạm|đối tượng|giam|nam|nữ|ông|bà|thanh niên|ổ)\b"
    ),
    "tuyên án": re.compile(r"\b(?:bị tuyên|(?:năm|tháng) tù|án tù|chung thân|án tử)\b"),
    "được cứu, tìm thấy": re.compile(r"\bcứu (?:sống|được|kịp|thành công)\b|\bđược cứu\b|\bthoát (?:chết|nạn)\b"),
    "miễn nhiệm": re.compile(r"\b(?:cho thôi|mất) chức\b"),
    "từ chức": re.compile(r"\b(?:rời|thôi) (?:chức|nhiệm)\b"),
    "đạt thỏa thuận": re.compile(r"\b(?:nhất trí|đồng thuận|ký kết)\b"),
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
_DENIED = ("có bên bác bỏ", "có đính chính")
_CORRECTIONS = ("đính chính", "cải chính", "xin rút bài", "thông tin sai", "thu hồi thông báo")
_SPEAKS = re.compile(
    r"\b(?:nói|tuyên bố|lên tiếng|phản ứng|cảnh báo|kêu gọi|chỉ trích|lên án|khẳng định|chia buồn|gửi điện|điện đàm|đáp"
    r"|yêu cầu|chúc mừng)\b"
)


@dataclass(frozen=True, slots=True)
class State:
    """What one item says of how far its story has come: tolls by kind, decisive words, who is named."""

    at: datetime
    tolls: tuple[tuple[str, int], ...]
    turns: frozenset[str]
    named: frozenset[str]
    none_known: bool = False  # it says that no victims are known of yet


def state_of(title: str, lead: str, named: frozenset[str], at: datetime) -> State:
    """Read an item's state; `title` and `lead` in small letters, `named` the watches found in it."""
    text = f"{title} . {lead}"
    return State(
        at,
        tuple(_tolls(text)),
        frozenset(_turns(text)),
        named,
        bool(_NONE_KNOWN.search(text)),
    )


def development(title: str, state: State, matches: Sequence[Match], told: Iterable[State]) -> str:
    """What is new in words for a reader, or nothing. `title` in small letters; `told`: the story so far."""
    before = list(told)
    if not before:
        return ""
    since = state.at - min(past.at for past in before)
    if since < CLEARLY_LATER:
        return ""
    known: dict[str, int] = {}
    for past in before:
        for loss, count in past.tolls:
            known[loss] = max(known.get(loss, 0), count)
    for loss, count in _tolls(title):
        if loss in known and known[loss] < count <= 20 * known[loss]:
            return f"số người {loss} tăng từ {known[loss]} lên {count}"
        if loss not in known and loss == "chết" and any(past.tolls for past in before):
            return f"có {count} người chết"
        if not known and any(past.none_known for past in before):
            return f"có {count} người {loss}"
    turned = frozenset().union(*(past.turns for past in before))
    for turn in _claims(title):
        if turn not in turned and (turn in _DENIED or not _NOT_YET.search(title)):
            return turn
    if since >= SPOKEN_LATER and _SPEAKS.search(title):
        named = frozenset().union(*(past.named for past in before))
        for match in matches:
            in_title = any(evidence.field == "title" for evidence in match.evidence)
            if match.kind == "leader" and in_title and match.watch_id not in named:
                return f"thêm tiếng nói của {match.name}"
    return ""


def _in_words(turn: str) -> str:
    return f"diễn biến: {turn}" if turn in _HAPPENINGS else f"quyết định mới: {turn}"


_HAPPENINGS = ("trả đũa", "đổ vỡ", "khống chế", "bắt giữ", "được cứu, tìm thấy")
_BY_WORDS = {_in_words(turn): words for turn, words in _DECISIONS.items()}


def _tolls(text: str) -> Iterable[tuple[str, int]]:
    if not any(loss in text for loss in _LOSSES):  # the pattern is slow, and most news is about something else
        return
    for found in _TOLL.finditer(text):
        count = found["count1"] or found["count2"]
        loss = found["loss1"] or found["loss2"]
        yield _SAME_LOSS.get(loss, loss), _NUMBERS.get(count) or int(re.sub("[.,]", "", count))


def _claims(title: str) -> Iterable[str]:
    """What a title says has just come: a denial first, for what is denied has not come."""
    turns = list(_turns(title))
    if _DENIED[0] in turns:
        return [_DENIED[0]]
    meant = _NOT_MEANT.sub(" ", title)
    return [turn for turn in turns if turn not in _BY_WORDS or _is_news(meant, _BY_WORDS[turn])]


def _is_news(title: str, words: Iterable[str]) -> bool:
    places = [(title.find(word), word) for word in words]
    return any(at >= 0 and not _BACKGROUND.search(title, max(0, at - 30), at) for at, _ in places)


def _turns(text: str) -> Iterable[str]:
    for turn, words in _DECISIONS.items():
        if any(word in text for word in words) or (turn in _TOLD and _TOLD[turn].search(text)):
            yield _in_words(turn)
    if _LANDFALL.search(text):
        yield "diễn biến: đổ bộ"
    if _RESOLVES.search(text):
        yield "quyết định mới"
    if any(word in text for word in _DENIALS):
        yield _DENIED[0]
    if any(word in text for word in _CORRECTIONS):
        yield _DENIED[1]
