"""Numbers as Vietnamese newspapers write them: 1.200, 5,5, "mười hai", "2,5 triệu", "hàng trăm".

Reads a value where one begins; what is counted is for whoever asks.
"""

import re
from collections.abc import Sequence
from typing import Final

from monitor.text.tokenizing import Token, tokens_of

LONGEST: Final = 15  # figures of a number; a longer one is somebody's account
FIGURES: Final = frozenset("0123456789")  # ¹ and ② are figures to Unicode, and no numbers
_SHAPED = re.compile(r"[/:h-]")  # dates, scores, hours, ranges: compared as they are written
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_ENGLISH_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3}){2,}")
_DIGITS = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9,
}  # fmt: skip
_TENS = {"mười": 10, "mươi": 10, "chục": 10, "tá": 12}
SCALES: Final = {"trăm": 100, "nghìn": 1_000, "ngàn": 1_000, "vạn": 10_000, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
NUMBERED: Final = frozenset(
    ("ngày", "năm", "tháng", "số", "thứ", "quý", "vòng", "phút", "lúc", "khóa", "kỳ", "hạng", "điều", "đợt")
)
"""Words before a number that only names: "bão số 3", "năm 2026"."""


def number_at(words: Sequence[Token], at: int) -> tuple[float | str | None, int]:
    """The number that begins at `at`, and where it ends: a value, or a date's, score's or hour's own form."""
    word = words[at].low
    if word[0] in FIGURES:
        if _SHAPED.search(word) or len(word) > LONGEST:
            return "/".join(part.lstrip("0") for part in _SHAPED.split(word)), at + 1
        return _scaled(words, decimal(word.rstrip("%")), at + 1)
    value, end = _spoken(words, at)
    if value is None:
        return None, at + 1
    if end < len(words) and words[end].low[0] in FIGURES:
        return None, end  # "năm 2026"
    return _scaled(words, value, end)


def number_written(text: str) -> float | None:
    """The value of a text that is nothing but a number with its scale and %: "1.200", "2,5 triệu", "5,5%"."""
    words = list(tokens_of(text))
    value, end = number_at(words, 0) if words else (None, 0)
    return value if isinstance(value, float) and end == len(words) and words[0].low[0] in FIGURES else None


def round_number_at(words: Sequence[Token], at: int) -> tuple[float | None, int]:
    """What "trăm" or "chục nghìn" at `at` comes to, without a number of its own before it, and where it ends."""
    if words[at].low not in SCALES and words[at].low != "chục":
        return None, at + 1
    return _scaled(words, 1.0 if words[at].low in SCALES else 10.0, at + (words[at].low == "chục"))


def _scaled(words: Sequence[Token], value: float, end: int) -> tuple[float, int]:
    """A number that ends at `end`, with the "triệu" and "%" behind it."""
    while end < len(words) and words[end].low in SCALES and not words[end - 1].ends:
        value *= SCALES[words[end].low]
        end += 1
    if end < len(words) and words[end].low == "%":
        end += 1
    return value, end


def decimal(digits: str) -> float:
    """The value of figures with the points and commas of Vietnamese, or of English where that is plain."""
    if _THOUSANDS.fullmatch(digits) or _ENGLISH_THOUSANDS.fullmatch(digits):
        return float(re.sub("[.,]", "", digits))
    whole, _, rest = digits.replace(",", ".").partition(".")
    rest = re.sub(r"\D", "", rest)
    return float(f"{whole}.{rest}" if rest else whole)


def _spoken(words: Sequence[Token], at: int) -> tuple[float | None, int]:
    """A number below a hundred in words: "hai", "mười hai", "ba mươi lăm"."""
    low = [*(word.low for word in words[at : at + 3]), "", ""]
    if low[0] in ("mốt", "tư", "lăm", "mươi", "tá"):
        return None, at + 1
    value: float | None = _DIGITS.get(low[0])
    taken = 1
    if low[0] in _TENS:
        value = 10
    elif value is not None and low[1] in _TENS:
        value, taken = value * _TENS[low[1]], 2
    if value is not None and value % 10 == 0 and low[taken] in _DIGITS:
        value, taken = value + _DIGITS[low[taken]], taken + 1
    return value, at + taken
