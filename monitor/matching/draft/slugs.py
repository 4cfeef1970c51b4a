"""Ids and values as a watchlist writes them."""

import json
import re
from collections.abc import Collection
from typing import Final

from monitor.matching import text as texts
from monitor.text.words import folded

_PLAIN: Final = re.compile(r"[^\W\d_][\w.]*(?:[ -][\w.]+)*")
_WORDS_OF_YAML: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})

LONGEST_ID: Final = 40  # characters; a watchlist takes 48, and a number may follow


def free_id(name: str, taken: Collection[str]) -> str:
    """An id made of a name that nobody has yet: its letters without marks, and a number where that is taken."""
    base = re.sub(r"[^a-z0-9]+", "-", folded(texts.key(name)))[:LONGEST_ID].strip("-") or "de-xuat"
    if base in _WORDS_OF_YAML or base.isdecimal():
        base = f"id-{base}"
    chosen, number = base, 2
    while chosen in taken:
        chosen, number = f"{base}-{number}", number + 1
    return chosen


def scalar(value: str) -> str:
    """A text as YAML, quoted where a plain one might be read as something else."""
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS_OF_YAML:
        return value
    return json.dumps(value, ensure_ascii=False)
