"""Is this another spelling of that name? By sound and by letters; never more than a ground to ask an editor.

Knows two names and nothing of where they stand.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from monitor.matching import text as texts
from monitor.matching.name_runs import all_vietnamese
from monitor.text.words import folded, is_vietnamese
from monitor.types import Leader


@lru_cache(maxsize=65536)
def sound(name: str) -> str:
    """A name without marks, blanks and hyphens, in letters that stand for what they sound like in Vietnamese papers.

    Pu-tin and Putin, Dê-len-xki and Zelensky come near each other by it; it is no key, only a ground to compare.
    """
    low = folded(texts.key(name))
    low = re.sub(r"[^a-z]", "", low)
    for written, heard in _SOUNDS:
        low = low.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", low)


_SOUNDS: Final = (
    ("ph", "f"),
    ("kh", "k"),
    ("gh", "g"),
    ("th", "t"),
    ("ck", "k"),
    ("c", "k"),
    ("q", "k"),
    ("x", "s"),
    ("z", "d"),
    ("w", "u"),
    ("y", "i"),
)


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


def like(written: str, leader: Leader, forms: Iterable[tuple[str, str]]) -> str | None:
    """The form of a leader that a name may be another spelling of."""
    vietnamese = all_vietnamese(written)
    words = texts.key(written).split()
    theirs = texts.key(leader.name).split()
    heard = sound(written)
    for form, other in forms:
        if all(map(is_vietnamese, texts.key(form).split())) and "-" not in form:
            # Nguyễn Văn Thắng and Nguyễn Văn Thăng are two persons unless a slip of the pen made them
            if vietnamese and len(words) > 1 and folded(texts.key(form)) == folded(texts.key(written)):
                return f"`{form}`"
            continue
        if len(heard) < 5 or len(other) < 5 or heard[0] != other[0]:
            continue
        most = 0 if vietnamese else 1 if len(other) < 9 else 2
        if "-" in written:
            most = max(1, len(other) // 4)  # Xéc-gây La-vrốp is three letters from Sergei Lavrov
        if distance(heard, other, most) <= most:
            return f"`{form}`"
    if len(words) == 1 and len(theirs) > 1 and words[0] == theirs[-1] and not is_vietnamese(words[0]):
        return f"the last name in `{leader.name}`"
    if len(words) > 1 and words != theirs and sorted(words) == sorted(theirs) and not vietnamese:
        return f"`{leader.name}` in the other order"
    return None
