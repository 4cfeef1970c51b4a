"""Is this the same first name in other letters? Sébastien and Sebastien, Sergey and Sergei, Muhammad and Mohammed.

Knows two words; whose they are, and where they stand, is for whoever asks.
"""

import re
from functools import lru_cache
from typing import Final

from monitor.text.words import folded

_SOUNDS: Final = (
    ("ph", "f"),
    ("kh", "k"),
    ("ch", "k"),
    ("gh", "g"),
    ("th", "t"),
    ("c", "k"),
    ("q", "k"),
    ("x", "ks"),
    ("w", "v"),
    ("j", "i"),
    ("y", "i"),
    ("z", "s"),
)
_VOWELS: Final = re.compile("[aeiou]")
FEW_LETTERS: Final = 5  # of a first name that is too short to differ by a letter: Ali, Eli
MANY_LETTERS: Final = 7  # that may differ by two: Muhammad, Mohammed
SHORTENED: Final = 4  # letters that a shortened first name keeps at least: Steve, Alex; Will may be Wilson


@lru_cache(maxsize=4096)
def heard(name: str) -> str:
    """A first name without marks, hyphens and double letters, with one letter for each sound."""
    low = re.sub(r"[^a-z]", "", folded(name.lower()))
    for written, sound in _SOUNDS:
        low = low.replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", low)


def is_same_first_name(one: str, other: str) -> bool:
    """Whether two words are one first name: alike to the ear, or one of them cut short.

    Mario and Maria, Daniel and Danielle are two: who ends in another of the letters that tell women from men.
    """
    first, second = heard(one), heard(other)
    if first == second:
        return bool(first)
    short, long = sorted((first, second), key=len)
    if len(short) >= SHORTENED and long.startswith(short.removesuffix("e")) and long[-1] not in "ae":
        return True
    if any((first[-1] == letter) != (second[-1] == letter) for letter in "ae") or len(short) < FEW_LETTERS:
        return False
    if _VOWELS.sub("", first) != _VOWELS.sub("", second):
        return False
    most = 2 if len(short) >= MANY_LETTERS else 1
    return distance(first, second, most) <= most


def distance(one: str, other: str, most: int) -> int:
    """Letters to change, add or drop between two words (Levenshtein 1966), `most` + 1 for any more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        last, row[0] = row[0], number
        for place, against in enumerate(other, start=1):
            last, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, last + (letter != against))
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
