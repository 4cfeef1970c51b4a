"""The forms that a name takes: its orders, the parts it may be called by, and where they stand in a text.

Knows letters and families of names; whether a part is safe alone is decided in lone_forms.py, by what is printed.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from monitor.matching import text as texts
from monitor.matching.names import CONNECTORS, FAMILY_NAMES
from monitor.matching.text import Text
from monitor.text.words import folded, is_vietnamese

_SHORTEST: Final = 3  # letters of a foreign word that is a name by itself
"""Capital letters, for a regular expression."""
_WHOLE_WORD: Final = re.compile(r"[^\s,.;:()\"“”'‘’!?|…]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a form stands in a field."""

    start: int
    end: int


def is_family_first(words: list[str]) -> bool:
    """Nguyễn Xuân Son: Vietnamese syllables behind a family name."""
    return len(words) > 1 and words[0].lower() in FAMILY_NAMES and all(is_vietnamese(word.lower()) for word in words)


def orders(name: str) -> list[str]:
    """A name, and in the other order: Sanae Takaichi, Takaichi Sanae."""
    words = name.split()
    if not 2 <= len(words) <= 3 or is_family_first(words):
        return [name]
    return list(dict.fromkeys([name, " ".join((words[-1], *words[:-1])), " ".join((*words[1:], words[0]))]))


def parts(name: str) -> list[str]:
    """The runs of words of a name that newspapers may call somebody by, long ones first."""
    words = name.split()
    ends = [" ".join(words[at:]) for at in range(1, len(words))]
    begins = [] if is_family_first(words) else [" ".join(words[:at]) for at in range(len(words) - 1, 0, -1)]
    return list(dict.fromkeys(part for part in (*ends, *begins) if may_stand_alone(part)))


def may_stand_alone(part: str) -> bool:
    """Whether a part of a name is more than an ordinary syllable or a particle."""
    words = part.lower().split()
    if len(words) == 1:
        letters = words[0].replace("-", "")
        return len(letters) >= _SHORTEST and words[0] not in CONNECTORS and not is_vietnamese(words[0])
    return any(word not in CONNECTORS for word in words)


def syllables(name: str) -> list[str]:
    """The first and last syllable of a name, where it is an ordinary one: it names somebody behind “ông”."""
    words = name.split()
    return list(dict.fromkeys(word for word in (words[-1], words[0]) if is_vietnamese(word.lower())))


def has_vietnamese_marks(form: str) -> bool:
    """Whether a form is Vietnamese syllables, of which at least one has a mark: then the marks count."""
    key = texts.key(form)
    return all(map(is_vietnamese, key.split())) and folded(key) != key


@lru_cache(maxsize=256)
def _pattern(form: str) -> re.Pattern[str]:
    words = folded(texts.key(form)).split()
    within = " ?" if len(words) == 1 and len(words[0]) >= 4 else ""
    return re.compile(r"(?<!\w)" + " ".join(within.join(map(re.escape, word)) for word in words) + r"(?!\w)")


def find(form: str, text: Text, *, any_marks: bool = False) -> list[Place]:
    """Where a form stands with its capitals; a hyphen may stand between the letters of a foreign word.

    Marks of foreign words never count, those of Vietnamese ones unless `any_marks`.
    """
    flat = folded(text.low)
    found = []
    for hit in _pattern(form).finditer(flat):
        start, end = hit.span()
        if _has_form(form, text, start, end) and (any_marks or _has_marks(form, text.low[start:end])):
            found.append(Place(start, end))
    return found


def _has_marks(form: str, low: str) -> bool:
    return not has_vietnamese_marks(form) or low == texts.key(form)  # Thủy Tiên is not Thùy Tiên


def _has_form(form: str, text: Text, start: int, end: int) -> bool:
    written = text.plain[start:end]
    if " " not in texts.key(form) and " " in written:
        return False  # "Pu tin" with a blank is two words
    return all(
        word[0].isupper() or not large[:1].isupper()
        for word, large in zip(written.split(" "), form.split(" "), strict=False)
        if word.lower() not in CONNECTORS
    )


def word_before(text: Text, start: int) -> str:
    """The word with a blank between it and `start`, "" where none is."""
    if start < 2 or text.plain[start - 1] != " ":
        return ""
    begin = start - 1
    while begin and (text.plain[begin - 1].isalnum() or text.plain[begin - 1] in "-."):
        begin -= 1
    word = text.plain[begin : start - 1]
    return "" if word.endswith(".") and not word[:-1].isalnum() else word


def word_behind(text: Text, end: int) -> str:
    """The word behind `end` with a blank between, "" where none is."""
    if text.plain[end : end + 1] != " ":
        return ""
    found = _WHOLE_WORD.match(text.plain, end + 1)
    return found[0] if found else ""
