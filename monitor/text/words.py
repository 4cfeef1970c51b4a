"""Letters, syllables and spellings of Vietnamese: one folding, one placing of tones, one shape of a syllable.

Knows no name, no place and no field of an item; every function takes a word or a text and gives one back.
"""

import re
import unicodedata
from functools import lru_cache

OLD_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
"""The end of a syllable with the new placing of its tone, and with the old one, which newspapers prefer (728 : 11)."""


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


_FOLD = {
    ord(letter): ord(unicodedata.normalize("NFD", letter)[0])
    for letter in map(chr, range(0xC0, 0x1F00))
    if len(unicodedata.normalize("NFD", letter)) > 1 and unicodedata.normalize("NFD", letter)[0].isascii()
}
_FOLD |= {
    ord(letter): ord(unicodedata.normalize("NFD", letter)[0])
    for letter in map(chr, range(0x1E00, 0x1F00))
    if unicodedata.normalize("NFD", letter)[0].isascii()
}
_FOLD |= {ord("đ"): ord("d"), ord("Đ"): ord("D")}


def folded(low: str) -> str:
    """`low` without tone and vowel marks and with d for đ; positions stay."""
    return low.translate(_FOLD)


_SYLLABLE = re.compile(
    r"(?:b|ch?|d|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?"
    r"(?:a[iouy]?|e[ou]?|i(?:eu|[aeu])?|o(?:ai|ay|a[o]?|e[o]?|i|o)?|u(?:oi|ou|ya|yu|ye|ay|[aeiouy])?|y(?:eu|[ea])?)"
    r"(?:ch?|m|ng?|nh|p|t)?"
)


@lru_cache(maxsize=16384)
def is_vietnamese(word: str) -> bool:
    """Whether a single word has the shape of a Vietnamese syllable (Tập has, Trump has not)."""
    return _SYLLABLE.fullmatch(folded(word.lower())) is not None
