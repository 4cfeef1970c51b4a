"""The number that stands beside words: "5 người chết", "độ lớn 6,2", "tử vong ít nhất 12", "hàng trăm người bị thương".

Reads one clause; which words, and what the number is compared with, is the query's (query_plans.py). A date, a year, an
hour, an age and a number that only names ("bão số 3", "quận 7") count nothing.
"""

import math
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from monitor.matching.clauses import clause_around
from monitor.matching.spans import Span
from monitor.matching.text import Text
from monitor.text.numbers import FIGURES, NUMBERED, decimal, number_at, round_number_at
from monitor.text.tokenizing import Token, tokens_of

FAR_BEFORE: Final = 2  # words between a number and what it counts: "200 ngôi nhà bị ngập"
FAR_PEOPLE: Final = 6  # where it counts people first: "3 người trong một gia đình tử vong"
FAR_BEHIND: Final = 6  # "lãi suất huy động kỳ hạn dài lên 6 %"

_PEOPLE = frozenset((
    "người", "nạn", "ca", "cháu", "em", "bé", "trẻ", "học", "sinh", "công", "bệnh", "thi", "mạng", "binh", "lính",
    "ông", "bà", "ngư", "thuyền", "hành", "du", "nghi", "bị", "tài", "cán", "chiến", "đối", "thanh", "thiếu", "phụ",
    "thường",
))  # fmt: skip
_TIMES = frozenset((
    "tuổi", "giờ", "phút", "giây", "ngày", "tháng", "năm", "tuần", "quý", "h", "thế", "thập", "g", "hôm", "đêm",
    "tiếng", "lần",
))  # fmt: skip
_MONEY = frozenset(("đồng", "usd", "đô", "euro", "vnd", "vnđ"))
_NAMED = NUMBERED | frozenset((
    "sáng", "trưa", "chiều", "tối", "đêm", "hôm", "mùng", "mồng", "rạng", "tuổi", "quận", "phường", "tổ", "tầng", "lộ",
    "đường", "km", "lớp", "khoản", "tập", "kênh", "chương", "trang", "mục", "nhóm", "loại", "cấp", "khu", "ấp", "thôn",
    "khối", "tuyến", "metro", "covid", "g", "top", "u", "mã", "hẻm", "ngõ", "ngách", "cầu", "chặng", "bài", "phần",
    "games", "cup",
))  # fmt: skip
_AT_LEAST = frozenset(("ít nhất", "tối thiểu", "không dưới"))
_MORE = frozenset(("hơn", "trên", "quá", "vượt"))
_AT_MOST = frozenset(("dưới", "tối đa", "không quá", "chưa đến", "chưa tới", "không đến", "chưa đầy"))
_ROUND = frozenset(("hàng", "cả", "gần", "hơn", "ngót", "trên"))  # "hàng trăm", "hơn trăm"
_CAUSES = frozenset(("làm", "khiến", "gây", "cướp", "giết", "bắt"))  # what they did stands behind them
_PARTS_BEFORE = frozenset(("làm", "khiến", "gây", "và", "còn", "nhưng", "cho", "nhiều", "khi", "cùng"))
_PARTS_BEHIND = frozenset((
    "và", "còn", "nhưng", "khi", "sau", "trước", "trong", "ở", "tại", "lúc", "vì", "do", "cho", "với", "từ", "bởi",
    "cùng",
))  # fmt: skip
_LEADS_TO = frozenset(("lên", "là", "tới", "đến", "đạt", "xuống", "vượt", "chạm", "quá", "dưới", "còn"))
_RISES = frozenset(("lên", "xuống", "còn", "thành"))  # "tăng từ 3 lên 5": the second is so now
_BETWEEN = re.compile(r"(\d[\d.,]*)-(\d[\d.,]*)")  # "5-7 người chết"
_HOLIDAYS = frozenset(("lễ", "dịp", "khánh", "động"))  # "lễ 2-9"
_YEARS: Final = (1900, 2100)
_LARGE: Final = 100  # "thôn Thạch Tuân 1", "SEA Games 33": what is numbered is few


class Amount(NamedTuple):
    """From `low` to `high`, which are the same where the number is told exactly, and where it stands."""

    low: float
    high: float
    is_percent: bool
    span: Span


class _Counting(NamedTuple):
    amount: Amount
    begin: int  # the first of its words
    end: int  # behind its last
    unit: str  # the word behind it


def amount_beside(text: Text, span: Span) -> Amount | None:
    """The number that goes with the words at `span`: the nearest of its clause, of two as near the one before."""
    span = _without_link(text, span)
    clause = clause_around(text, span)
    before = list(tokens_of(text.plain, clause.start, span.start))
    behind = list(tokens_of(text.plain, span.end, clause.end))
    found: list[tuple[int, int, Amount]] = []
    words = text.plain[span.start : span.end].lower().split()
    if words and words[0] not in _CAUSES:
        counting = [number for number in _numbers(before, span.field) if not _is_article(before, number)]
        if counting and (gap := _gap_before(before, counting[-1])) is not None:
            found.append((gap, 0, counting[-1].amount))
    after = _numbers(behind, span.field)
    if after and (gap := _gap_behind(behind, number := _risen(behind, after))) is not None:
        found.append((gap, 1, number.amount))
    return min(found)[2] if found else None


def _without_link(text: Text, span: Span) -> Span:
    """The words without the "và" or "vì" at their end, which parts them from a number behind."""
    words = text.plain[span.start : span.end]
    head, _, last = words.rpartition(" ")
    return span._replace(end=span.start + len(head)) if head and last.lower() in _PARTS_BEHIND else span


def _risen(words: Sequence[Token], numbers: Sequence[_Counting]) -> _Counting:
    """The first of `numbers`, or of "từ 3 lên 5" the second."""
    first = numbers[0]
    if len(numbers) > 1 and first.begin and words[first.begin - 1].low == "từ":
        between = [word.low for word in words[first.end : numbers[1].begin]]
        if between and between[-1] in _RISES and between[:-1] in ([], [first.unit]):
            return numbers[1]
    return first


def _is_article(words: Sequence[Token], number: _Counting) -> bool:
    """Whether it is the "một" of "trong một gia đình"."""
    return words[number.begin].low == "một" and number.amount.low == 1 and number.unit not in ("người", "")


def _gap_before(words: Sequence[Token], number: _Counting) -> int | None:
    """How many words stand between a number and what follows all of `words`; None: it counts something else."""
    between = [word.low for word in words[number.end :]]
    if not _PARTS_BEFORE.isdisjoint(between) or number.unit in _TIMES or number.unit in _MONEY:
        return None
    far = FAR_PEOPLE if number.unit in _PEOPLE else FAR_BEFORE
    return len(between) if len(between) <= far else None


def _gap_behind(words: Sequence[Token], number: _Counting) -> int | None:
    """How many words stand between what stands before all of `words` and a number."""
    between = [word.low for word in words[: number.begin]]
    if number.unit in _TIMES or len(between) > FAR_BEHIND:
        return None
    leads = bool(_LEADS_TO.intersection(between[-2:]))
    return len(between) if leads or _PARTS_BEHIND.isdisjoint(between) else None


def _numbers(words: Sequence[Token], field: int) -> list[_Counting]:
    """All numbers that count something."""
    found: list[_Counting] = []
    at = 0
    while at < len(words):
        value, end = number_at(words, at)
        lead = words[at - 1].low if at else ""
        if value is None and lead in _ROUND:
            value, end = round_number_at(words, at)
            if value is not None:
                found.append(_number(words, (at, end), field, value, math.inf))
        elif between := _between(words, at, end):
            found.append(_number(words, (at, end), field, *between))
        elif isinstance(value, float | int) and not _only_names(words, at, end, value):
            low, high = _range(words, at, float(value))
            found.append(_number(words, (at, end), field, low, high))
        at = max(end, at + 1)
    return found


def _between(words: Sequence[Token], at: int, end: int) -> tuple[float, float] | None:
    """The ends of a "5-7" that counts people; a day and a score are written so, too."""
    ends = _BETWEEN.fullmatch(words[at].low)
    lead, unit = words[at - 1].low if at else "", words[end].low if end < len(words) else ""
    if ends is None or (unit and unit not in _PEOPLE) or words[at].ends or lead in _NAMED | _HOLIDAYS:
        return None
    low, high = decimal(ends[1]), decimal(ends[2])
    return (low, high) if low < high else None


def _number(words: Sequence[Token], span: tuple[int, int], field: int, low: float, high: float) -> _Counting:
    begin, end = span
    last = words[end - 1]
    amount = Amount(low, high, last.low.endswith("%"), Span(field, words[begin].start, last.end))
    unit = words[end].low if end < len(words) and not last.ends and not amount.is_percent else ""
    return _Counting(amount, begin, end, unit)


def _range(words: Sequence[Token], at: int, value: float) -> tuple[float, float]:
    """The ends between which a number is: "ít nhất 12" has no upper one, "dưới 6" no lower one."""
    one, two = words[at - 1].low if at else "", " ".join(word.low for word in words[max(0, at - 2) : at])
    if two in _AT_LEAST:
        return value, math.inf
    if one in _AT_MOST or two in _AT_MOST:
        return 0.0, math.nextafter(value, 0)
    if one in _MORE:
        return math.nextafter(value, math.inf), math.inf
    return value, value


def _only_names(words: Sequence[Token], at: int, end: int, value: float) -> bool:
    """Whether a number is a year, the number of a street, a storm or a village, or the "năm" of "năm cuối"."""
    lead = words[at - 1] if at else None
    unit = words[end].low if end < len(words) else ""
    counts_people = unit in _PEOPLE or not unit
    figures = words[at].low.isdigit()
    if lead is not None and lead.low in _NAMED:
        return True
    if words[at].low == "năm" and end == at + 1:
        return not counts_people or (lead is not None and lead.low[0] in FIGURES)
    if figures and len(words[at].low) == 4 and _YEARS[0] <= value < _YEARS[1]:
        return True
    behind_a_name = lead is not None and lead.text[0].isupper() and not lead.opens
    return behind_a_name and figures and value < _LARGE and not counts_people
