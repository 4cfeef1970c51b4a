"""Letters, syllables and spellings of Vietnamese: one NFC, one folding, one placing of tones, one shape of a syllable.

Knows no name, no place and no field of an item; every function takes a word or a text and gives one back.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

OLD_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
"""The end of a syllable with the new placing of its tone, and with the old one, which newspapers prefer (728 : 11)."""

UNICODE_VERSION = unicodedata.unidata_version  # of the tables by which letters are known

_NEW_TONE = re.compile(
    f"(?:{'|'.join(o for o in OLD_TONES if o[0] == 'o')}|(?<!q)(?:{'|'.join(u for u in OLD_TONES if u[0] == 'u')}))$"
)


def old_tone(syllable: str) -> str:
    """A syllable in small letters and NFC with its tone where newspapers put it: hòa for hoà; quý stays."""
    return _NEW_TONE.sub(lambda found: OLD_TONES[found[0]], syllable)


def bars(block: str) -> list[str]:
    """The words of a block of data, parted by bars and free to break over lines."""
    return [" ".join(word.split()) for word in block.split("|")]


_IY = re.compile(r"(?<![^\W_])([hklmst])([iíìỉĩịyýỳỷỹỵ])(?![^\W_])")
_TO_Y = dict(zip("iíìỉĩị", "yýỳỷỹỵ", strict=True))
_TO_I = {y: i for i, y in _TO_Y.items()}


def spellings(key: str) -> tuple[str, ...]:
    """The key and its twins with i for y and y for i (Mỹ, Mĩ): whole syllables of h k l m s t only."""
    if not _IY.search(key):
        return (key,)
    with_y = _IY.sub(lambda found: found[1] + _TO_Y.get(found[2], found[2]), key)
    with_i = _IY.sub(lambda found: found[1] + _TO_I.get(found[2], found[2]), key)
    return tuple(dict.fromkeys((key, with_y, with_i)))


def nfc(text: str) -> str:
    """The text with each letter and its marks in one character, as nearly all texts have them already."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", _in_order(text))


def compatible(text: str) -> str:
    """NFKC: also letters of other widths and forms as the plain ones."""
    return unicodedata.normalize("NFKC", text)


def taken_apart(text: str) -> str:
    """NFKD: each letter as its parts, in whichever form it came."""
    return unicodedata.normalize("NFKD", text)


def is_mark(char: str) -> bool:
    """Whether it stands above, below or in another letter."""
    return unicodedata.combining(char) != 0


def is_nfc(text: str) -> bool:
    """Whether `nfc` would leave the text as it is."""
    return unicodedata.is_normalized("NFC", text)


_ALONE = "\0-\u02ff\u1e00-\u1eff"  # characters that join nothing before them, so that NFC leaves two of them alone
_CLUSTER = re.compile(f"[{_ALONE}]?[^{_ALONE}]+")


def clusters(text: str) -> Iterator[tuple[int, int]]:
    """Spans that NFC may change, each for itself: a letter with what follows it of the characters that may join it.

    Nothing below U+0300 and no Latin letter of U+1E00–1EFF joins what stands before it.
    """
    return (found.span() for found in _CLUSTER.finditer(text))


def decomposed(text: str) -> str:
    """The text with the marks behind their letters (NFD), as some outlets send it."""
    return unicodedata.normalize("NFD", _in_order(text))


# unicodedata sorts the marks behind a letter by insertion: 65,536 of them in disorder take seconds, in order no time
_LONG_RUN = re.compile(f"[^{_ALONE}]{{200,}}")


def _in_order(text: str) -> str:
    """The text with the marks of a very long run in the order that NFC and NFD want; both are the same of it."""
    return _LONG_RUN.sub(lambda run: "".join(_sorted_marks(run[0])), text)


def _sorted_marks(run: str) -> Iterator[str]:
    letters = (part for char in run for part in unicodedata.normalize("NFD", char))
    for _, group in groupby(letters, key=lambda letter: unicodedata.combining(letter) != 0):
        yield from sorted(group, key=unicodedata.combining)  # the order of letters, which are all 0, stays


def is_symbol(char: str) -> bool:
    """Whether it is a picture (an emoji, an arrow) and no letter, digit or mark."""
    return unicodedata.category(char) == "So"


LARGE_LETTERS = "".join(letter for letter in map(chr, range(0x41, 0x1F00)) if letter.isupper())
"""Capitals with all that Vietnamese puts on them, and of other alphabets up to there: for regular expressions."""


def unmarked(text: str) -> str:
    """The text without tone and vowel marks, whichever way they are written, and with d for đ; capitals stay."""
    letters = decomposed(text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_FOLD = {
    ord(letter): bare
    for letter in map(chr, range(0xC0, 0x1F00))
    if letter.isalpha() and (bare := unmarked(letter)).isascii()
}


def folded(text: str) -> str:
    """As `unmarked`, of a text in NFC, letter by letter: positions stay."""
    return text.translate(_FOLD)


_MARKS_OF_VIETNAMESE = frozenset("đ\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")


def has_marks(word: str) -> bool:
    """Whether a word in small letters has a mark of Vietnamese, or a đ."""
    return not _MARKS_OF_VIETNAMESE.isdisjoint(decomposed(word))


_SYLLABLE = re.compile(
    r"(?:b|ch?|d|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?"
    r"(?:a[iouy]?|e[ou]?|i(?:eu|[aeu])?|o(?:ai|ay|a[o]?|e[o]?|i|o)?|u(?:oi|ou|ya|yu|ye|ay|[aeiouy])?|y(?:eu|[ea])?)"
    r"(?:ch?|m|ng?|nh|p|t)?"
)


@lru_cache(maxsize=16384)
def is_vietnamese(word: str) -> bool:
    """Whether a single word has the shape of a Vietnamese syllable (Tập has, Trump has not)."""
    return _SYLLABLE.fullmatch(folded(word.lower())) is not None
