"""Two wordings of a text -> the words that were kept, taken out and put in. Pure; judges nothing of it."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

MOST_WORDS = 600  # of both together; of more, all that was is taken out and all that is put in
Change = tuple[Literal["same", "out", "in"], str]


def word_changes(before: str, after: str) -> list[Change]:
    """The text as it is now with what it was, piece by piece; both are put together again without loss of words."""
    old, new = before.split(), after.split()
    if len(old) + len(new) > MOST_WORDS:
        return [("out", before), ("in", after)]
    return list(_changes(old, new))


def _changes(old: list[str], new: list[str]) -> Iterator[Change]:
    for step, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            yield "same", " ".join(new[k:m])
            continue
        if i < j:
            yield "out", " ".join(old[i:j])
        if k < m:
            yield "in", " ".join(new[k:m])
