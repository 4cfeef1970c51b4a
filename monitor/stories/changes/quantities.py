"""The numbers of a text with what they count: "21 người", "2,5 triệu đồng", "ngày 23/8", "ba mươi lăm".

Says which two numbers may count the same thing; whether that is a correction is for differences.py.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.stories.changes.tokens import Token, TokenText

LONGEST = 15  # figures of a number; a longer one is somebody's account
FAR_OFF = 10.0  # times: numbers so far apart count the same only behind the same word

_FIGURES = frozenset("0123456789")  # ¹ and ② are figures to Unicode, and no numbers
_SHAPED = re.compile(r"[/:h-]")  # dates, scores, hours, ranges: compared as they are written
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_ENGLISH_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3}){2,}")
_DIGITS = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9,
}  # fmt: skip
_TENS = {"mười": 10, "mươi": 10, "chục": 10, "tá": 12}
_SCALES = {"trăm": 100, "nghìn": 1_000, "ngàn": 1_000, "vạn": 10_000, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_NUMBERED = frozenset(
    ("ngày", "năm", "tháng", "số", "thứ", "quý", "vòng", "phút", "lúc", "khóa", "kỳ", "hạng", "điều", "đợt")
)
_VAGUE = frozenset(("hàng", "vài", "mấy"))  # "hàng chục" counts nothing
_PEOPLE = frozenset(("người", "nạn", "ca", "cháu", "em", "học", "công", "trẻ", "bệnh", "thi", "mạng", "binh"))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts: `value` compares, `unit` is the word behind it, `before` the one in front."""

    value: float | str
    unit: str
    more: str  # the word behind the unit
    before: str
    field: int
    shown: str
    spoken: bool  # in words


def quantities(text: TokenText) -> tuple[Quantity, ...]:
    """All numbers of title and lead."""
    return tuple(one for number, (source, words) in enumerate(text.fields) for one in _counted(source, words, number))


def _counted(text: str, words: Sequence[Token], field: int) -> Iterator[Quantity]:
    at = 0
    while at < len(words):
        value, end = _number(words, at)
        if value is None:
            at += 1
            continue
        # what is counted stands behind the number, unless a mark parts them
        behind = words[end : end + 2] if not words[end - 1].ends else ()
        unit = behind[0].low if behind and behind[0].text[0] not in _FIGURES else ""
        more = behind[1].low if unit and len(behind) > 1 and not behind[0].ends else ""
        if isinstance(value, str) or words[end - 1].low.endswith("%"):
            unit = unit if isinstance(value, str) else "%"
        until = behind[0].end if unit and unit != "%" and behind else words[end - 1].end
        before = words[at - 1].low if at and not words[at - 1].ends else ""
        start = words[at].start
        if before in _VAGUE:
            at = end
            continue
        if before in _NUMBERED or isinstance(value, str) or not unit:  # "bão số 3", "ngày 23/8", "2-1"
            until = words[end - 1].end
            if before in _NUMBERED or (not isinstance(value, str) and before):
                start = words[at - 1].start
        yield Quantity(value, unit, more, before, field, text[start:until], words[at].text[0] not in _FIGURES)
        at = end


def counts_the_same(one: Quantity, other: Quantity) -> bool:
    """Whether both may count the same thing, with another result."""
    if isinstance(one.value, str) or isinstance(other.value, str):
        # a date for a date, a score for a score; 0-2 and 2-0 are one result, told from two sides
        mine, theirs = str(one.value).split("/"), str(other.value).split("/")
        alike = isinstance(one.value, str) and isinstance(other.value, str) and len(mine) == len(theirs)
        if not alike or sorted(mine) == sorted(theirs):
            return False
        return one.before == other.before or (bool(one.unit) and one.unit == other.unit)
    if _times(one, other) >= FAR_OFF and not (one.unit == other.unit and one.before == other.before):
        return False  # a price and its change, not a slip
    if _is_rounded(one, other):
        return False
    if (one.spoken and one.value == 1) or (other.spoken and other.value == 1):
        # "một" is mostly an article
        return one.unit == other.unit and (one.unit in _PEOPLE or (bool(one.more) and one.more == other.more))
    if one.unit and one.unit == other.unit:
        return True
    return not one.unit and not other.unit and bool(one.before) and one.before == other.before


def distance(lost: Quantity, now: Quantity) -> tuple[float, ...]:
    """Of several numbers the one that goes on with the same words, in the same field, and is not far off."""
    alike = (bool(lost.more) and lost.more == now.more) + (bool(lost.before) and lost.before == now.before)
    return (lost.field != now.field, -alike, _times(lost, now))


def _times(one: Quantity, other: Quantity) -> float:
    """How many times the one is the other, at least 1; 1 where they are no plain numbers."""
    if isinstance(one.value, str) or isinstance(other.value, str):
        return 1.0
    small, large = sorted((abs(one.value), abs(other.value)))
    return large / small if small else FAR_OFF


def _is_rounded(one: Quantity, other: Quantity) -> bool:
    """Whether the one is the other with fewer digits: 8,22 % and 8,2 %."""
    if isinstance(one.value, str) or isinstance(other.value, str):
        return False
    fewer = min((one.value, other.value), key=lambda value: len(f"{value:g}"))
    digits = len(f"{fewer:g}".partition(".")[2])
    return round(one.value, digits) == round(other.value, digits)


def _number(words: Sequence[Token], at: int) -> tuple[float | str | None, int]:
    """The number that begins at `at`, and where it ends: a value, or a date's, score's or hour's own form."""
    word = words[at].low
    if word[0] in _FIGURES:
        if _SHAPED.search(word) or len(word) > LONGEST:
            return "/".join(part.lstrip("0") for part in _SHAPED.split(word)), at + 1
        value: float = _decimal(word.rstrip("%"))
        end = at + 1
    else:
        spoken, end = _spoken(words, at)
        if spoken is None:
            return None, at + 1
        value = spoken
        if end < len(words) and words[end].low[0] in _FIGURES:
            return None, end  # "năm 2026"
    while end < len(words) and words[end].low in _SCALES and not words[end - 1].ends:
        value *= _SCALES[words[end].low]
        end += 1
    if end < len(words) and words[end].low == "%":
        end += 1
    return value, end


def _decimal(digits: str) -> float:
    if _THOUSANDS.fullmatch(digits) or _ENGLISH_THOUSANDS.fullmatch(digits):
        return float(re.sub("[.,]", "", digits))
    whole, _, rest = digits.replace(",", ".").partition(".")
    rest = re.sub(r"\D", "", rest)
    return float(f"{whole}.{rest}" if rest else whole)


def _spoken(words: Sequence[Token], at: int) -> tuple[float | None, int]:
    """A number below a hundred in words: "hai", "mười hai", "ba mươi lăm"."""
    low = [word.low for word in words[at : at + 3]]
    if low[0] in ("mốt", "tư", "lăm", "mươi", "tá"):
        return None, at + 1
    value: float | None = _DIGITS.get(low[0])
    end = at + 1
    if low[0] in _TENS:
        value = 10
    elif value is not None and len(low) > 1 and low[1] in _TENS:
        value, end = value * _TENS[low[1]], at + 2
    if value is not None and value % 10 == 0 and len(low) > end - at and low[end - at] in _DIGITS:
        value, end = value + _DIGITS[low[end - at]], end + 1
    return value, end
