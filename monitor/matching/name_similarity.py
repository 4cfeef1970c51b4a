"""Is this another spelling of that name? By sound and by letters; never more than a ground to ask an editor.

Knows two names and nothing of where they stand.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from monitor.matching import text as texts
from monitor.matching.name_runs import all_vietnamese
from monitor.matching.romanisation import distance
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


def like(written: str, leader: Leader, forms: Iterable[tuple[str, str]]) -> str | None:
    """The form of a leader that a name may be another spelling of; each of `forms` comes with its `sound`."""
    for form, heard in forms:
        if _is_slip_of_pen(written, form) if _has_our_syllables(form) else _sounds_like(written, heard):
            return f"`{form}`"
    words, theirs = texts.key(written).split(), texts.key(leader.name).split()
    if len(words) == 1 and len(theirs) > 1 and words[0] == theirs[-1] and not is_vietnamese(words[0]):
        return f"the last name in `{leader.name}`"
    if _is_other_order(words, theirs) and not all_vietnamese(written):
        return f"`{leader.name}` in the other order"
    return None


def _has_our_syllables(form: str) -> bool:
    return "-" not in form and all(map(is_vietnamese, texts.key(form).split()))


def _is_slip_of_pen(written: str, form: str) -> bool:
    """Whether two Vietnamese names differ by marks alone.

    Nguyễn Văn Thắng and Nguyễn Văn Thăng are two persons unless a slip of the pen made them.
    """
    return all_vietnamese(written) and folded(texts.key(form)) == folded(texts.key(written))


def _sounds_like(written: str, other: str) -> bool:
    """Whether a name sounds nearly like a foreign one, whose `sound` is given."""
    heard = sound(written)
    if len(heard) < 5 or len(other) < 5 or heard[0] != other[0]:
        return False
    if "-" in written:
        most = max(1, len(other) // 4)  # Xéc-gây La-vrốp is three letters from Sergei Lavrov
    elif all_vietnamese(written):
        most = 0
    else:
        most = 1 if len(other) < 9 else 2
    return distance(heard, other, most) <= most


def _is_other_order(words: list[str], theirs: list[str]) -> bool:
    return len(words) > 1 and words != theirs and sorted(words) == sorted(theirs)
