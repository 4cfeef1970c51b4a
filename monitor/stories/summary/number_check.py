"""Whether a summary's numbers stand in its sources: with the same unit, beside the same words, of the same harm.

A number that is right and counts the wrong thing is what a language model gets wrong most easily. Knows no names.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"\d+(?:[.,:/-]\d+)*%?|[^\W\d_]+|[^\w\s]")
# fmt: off
_WORDS_OF_NUMBERS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
    "chục": 10, "trăm": 100,
}
_SCALES = {"nghìn": 1e3, "ngàn": 1e3, "triệu": 1e6, "tỷ": 1e9, "tỉ": 1e9}
_MONEY = {
    "đồng": "vnd", "vnd": "vnd", "vnđ": "vnd", "đ": "vnd", "usd": "usd", "đô": "usd", "đôla": "usd", "$": "usd",
    "euro": "eur", "eur": "eur", "yên": "jpy", "rúp": "rub", "tệ": "cny", "ndt": "cny", "won": "krw", "bảng": "gbp",
}
_COUNTED = frozenset({  # what a number word counts; before others "ba" is a father and "năm" a year
    "người", "nước", "ngày", "tháng", "tuổi", "vụ", "xe", "tỷ", "tỉ", "triệu", "nghìn", "ngàn", "bàn", "ca", "nạn",
    "bị",
    "lần", "tuần", "giờ", "phút", "trận", "tàu", "máy", "căn", "ngôi", "trẻ", "em", "học", "chiến", "binh", "công",
    "nhân",
    "hộ", "điểm", "huy", "hành", "con", "quả", "tên", "lửa", "bên", "quốc", "gia", "năm",
})
# fmt: on
_HARM = {
    **dict.fromkeys(("chết", "mạng", "vong", "nạn", "sinh"), "dead"),
    **dict.fromkeys(("thương",), "hurt"),
    **dict.fromkeys(("tích",), "missing"),
}
_DIRECTIONS = {"tăng": "up", "giảm": "down", "lên": "up", "xuống": "down", "thắng": "won", "thua": "lost"}
_AFTER_YEAR = frozenset({"nước", "công", "học", "ngày"})  # "năm học"
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{4})?")
_DAYS = frozenset(
    {"ngày", "hôm", "sáng", "trưa", "chiều", "tối", "đêm", "hai", "ba", "tư", "năm", "sáu", "bảy", "nhật"}
)


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as it was meant: `unit` is a currency, %, a date, or empty; what it counts, harms, and moves to."""

    value: float
    unit: str
    before: str
    counts: str
    harm: str
    direction: str
    text: str


def wrong_number(text: str, sources: Sequence[str]) -> str | None:
    """The first number of `text` that no source bears out, with what is wrong; texts as `plain` in factcheck.py."""
    known: dict[float, list[_Number]] = {}
    for source in sources:
        for number in _numbers(source):
            known.setdefault(number.value, []).append(number)
    doubts = (_doubt(one, known.get(one.value, ())) for one in _numbers(text))
    return next((doubt for doubt in doubts if doubt is not None), None)


def _doubt(one: _Number, alike: Sequence[_Number]) -> str | None:
    """Why `one` is none of the sources' numbers of the same value."""
    if not alike:
        return one.text
    if not any(_are_alike(one, each) for each in alike):
        return one.text if one.unit else f"{one.text} {one.counts}"
    harms, directions = {"", *(each.harm for each in alike)}, {each.direction for each in alike}
    if one.harm not in harms:
        return f"{one.text}: {one.harm}"  # the dead for the hurt
    if one.direction and directions.isdisjoint((one.direction, "")):
        return f"{one.text}: {one.direction}"
    return None


def _are_alike(one: _Number, other: _Number) -> bool:
    """Whether two equal numbers may mean the same: by their unit, else by a neighbour, if there is one."""
    if one.unit:
        return one.unit == other.unit
    if not one.counts and not one.before:
        return True
    return (bool(one.counts) and one.counts == other.counts) or (bool(one.before) and one.before == other.before)


def _numbers(text: str) -> Iterator[_Number]:
    tokens = _TOKEN.findall(text)
    low = [token.casefold() for token in tokens]
    for at, word in enumerate(low):
        if word[0].isdecimal():
            yield from _in_digits(low, at)
        elif word in _WORDS_OF_NUMBERS and at + 1 < len(low) and low[at + 1] in _COUNTED:
            number = _with_surroundings(low, at, float(_WORDS_OF_NUMBERS[word]), "")
            if _is_meant_as_number(word, number):
                yield number


def _is_meant_as_number(word: str, number: _Number) -> bool:
    """Whether a word counts what follows: before "nước" and "học" "năm" is a year, and "một" is an article, too."""
    if number.harm:
        return True
    return number.counts not in _AFTER_YEAR if word == "năm" else word != "một"


def _in_digits(low: Sequence[str], at: int) -> Iterator[_Number]:
    """Numbers in digits; a date, a clock time or a score is one thing, a range is two."""
    token = low[at]
    date = _date(low, at) or _date_in_words(low, at)
    if date is not None:
        yield date
    elif at > 1 and low[at - 1] == "tháng" and low[at - 2].isdecimal():
        return  # was said with its day
    else:
        for part in re.split(r"[/:-]", token.rstrip("%")):
            if part:
                yield _with_surroundings(low, at, _value(part), "%" if token.endswith("%") else "")


def _date(low: Sequence[str], at: int) -> _Number | None:
    """The day of "12/5", "12/5/2026", or of "12-5" and "12.5" behind a word like "ngày"."""
    token = low[at]
    if _DATE.fullmatch(token) is None:
        return None
    day, month = (int(part) for part in re.split(r"[/.-]", token)[:2])
    if "/" not in token and (at == 0 or low[at - 1] not in _DAYS):
        return None
    return _day(day, month, token) if 1 <= day <= 31 and 1 <= month <= 12 else None


def _date_in_words(low: Sequence[str], at: int) -> _Number | None:
    """The day of "12 tháng 5"."""
    if at + 2 >= len(low) or low[at + 1] != "tháng":
        return None
    day, month = low[at], low[at + 2]
    if not (day.isdecimal() and month.isdecimal()) or int(day) > 31:
        return None
    return _day(int(day), int(month), f"{day} tháng {month}")


def _day(day: int, month: int, text: str) -> _Number:
    return _Number(month * 100 + day, "date", "", "", "", "", text)


def _value(written: str) -> float:
    """1.000 and 1,000 are a thousand; 1,5 and 1.5 are one and a half."""
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", written):
        return float(re.sub(r"[.,]", "", written))
    try:
        return float(written.replace(",", "."))
    except ValueError:  # 1.2.3: a version or a place in a law; it must be found as it is
        return float(re.sub(r"\D", "", written))


def _with_surroundings(low: Sequence[str], at: int, value: float, unit: str) -> _Number:
    """A number with what stands around it: its scale, its unit, what it counts and does."""
    after = at + 1
    while after < len(low) and low[after] in _SCALES:
        value *= _SCALES[low[after]]
        after += 1
    following = low[after : after + 6]
    before = low[at - 1] if at else ""
    unit = _unit(unit, before, following)
    return _Number(
        value=round(value, 4),
        unit=unit,
        before=before if before.isalpha() else "",
        counts=following[0] if following and following[0].isalpha() and not unit else "",
        harm=_harm(following),
        direction=_direction(low[max(0, at - 3) : at]),
        text=" ".join(low[at:after]),
    )


def _direction(before: Sequence[str]) -> str:
    """Which way a number goes, by the nearest such word before it."""
    return next((_DIRECTIONS[word] for word in reversed(before) if word in _DIRECTIONS), "")


def _unit(unit: str, before: str, following: Sequence[str]) -> str:
    """Per cent or the currency, by the sign in the number itself (`unit`), the words behind it, or a "$" before."""
    if (not unit and following[:1] == ["%"]) or following[:2] == ["phần", "trăm"]:
        return "%"
    if not unit and following and following[0] in _MONEY:
        return _MONEY[following[0]]
    return "usd" if not unit and before == "$" else unit


def _harm(following: Sequence[str]) -> str:
    """Whether those counted died, were hurt or are missing, by the words up to the next mark or number."""
    for word in following:
        if word in ",.;()" or word[0].isdecimal():
            return ""
        if word in _HARM and not (word == "nạn" and following[0] == "nạn"):  # "5 nạn nhân" may be alive
            return _HARM[word]
    return ""
