"""The numbers of a text with what they count: "21 người", "2,5 triệu đồng", "ngày 23/8", "ba mươi lăm".

Says which two numbers may count the same thing; whether that is a correction is for differences.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.stories.changes.tokens import TokenText
from monitor.text.numbers import FIGURES, NUMBERED, number_at
from monitor.text.tokenizing import Token

FAR_OFF = 10.0  # times: numbers so far apart count the same only behind the same word

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
        value, end = number_at(words, at)
        if value is None:
            at += 1
            continue
        before = words[at - 1].low if at and not words[at - 1].ends else ""
        if before not in _VAGUE:
            yield _quantity(text, words, field, value, (at, end), before)
        at = end


def _quantity(
    text: str, words: Sequence[Token], field: int, value: float | str, span: tuple[int, int], before: str
) -> Quantity:
    """The number in `span` of the words, with what it counts, and as it is shown."""
    at, end = span
    is_plain = not isinstance(value, str)
    unit, more = _counted_behind(words, end)
    first, last = words[at], words[end - 1]
    if is_plain and last.low.endswith("%"):
        unit = "%"
    elif is_plain and unit and before not in NUMBERED:
        last = words[end]
    if before in NUMBERED or (is_plain and not unit and before):  # "bão số 3", "ngày 23/8": with the word in front
        first = words[at - 1]
    in_words = words[at].text[0] not in FIGURES
    return Quantity(value, unit, more, before, field, text[first.start : last.end], in_words)


def _counted_behind(words: Sequence[Token], end: int) -> tuple[str, str]:
    """What is counted stands behind the number, unless a mark parts them: the word there, and the one behind that."""
    if end >= len(words) or words[end - 1].ends or words[end].text[0] in FIGURES:
        return "", ""
    more = words[end + 1].low if end + 1 < len(words) and not words[end].ends else ""
    return words[end].low, more


def counts_the_same(one: Quantity, other: Quantity) -> bool:
    """Whether both may count the same thing, with another result."""
    if isinstance(one.value, str) or isinstance(other.value, str):
        return _shaped_alike(one, other)
    if _is_far_off(one, other) or _is_rounded(one, other):
        return False
    if _is_article(one) or _is_article(other):
        return _surely_alike(one, other)
    if one.unit or other.unit:
        return one.unit == other.unit
    return bool(one.before) and one.before == other.before


def _is_far_off(one: Quantity, other: Quantity) -> bool:
    """Whether it is a price and its change, not a slip."""
    return _times(one, other) >= FAR_OFF and not (one.unit == other.unit and one.before == other.before)


def _surely_alike(one: Quantity, other: Quantity) -> bool:
    """Whether both count people, or the same two words: so much it takes where "một" may be no number."""
    return one.unit == other.unit and (one.unit in _PEOPLE or (bool(one.more) and one.more == other.more))


def _shaped_alike(one: Quantity, other: Quantity) -> bool:
    """Whether a date stands for a date, a score for a score; 0-2 and 2-0 are one result, told from two sides."""
    if not isinstance(one.value, str) or not isinstance(other.value, str):
        return False
    mine, theirs = one.value.split("/"), other.value.split("/")
    if len(mine) != len(theirs) or sorted(mine) == sorted(theirs):
        return False
    return one.before == other.before or (bool(one.unit) and one.unit == other.unit)


def _is_article(one: Quantity) -> bool:
    """Whether it is "một", which counts little: it is mostly an article."""
    return one.spoken and one.value == 1


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
