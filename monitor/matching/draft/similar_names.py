"""A name that the items spell otherwise than whoever typed it: one letter off, other marks, a hyphen less."""

import re
from collections import Counter
from typing import Final

from monitor.matching import text as texts
from monitor.matching.draft.corpus import Corpus, sieve
from monitor.matching.name_similarity import sound
from monitor.matching.romanisation import distance
from monitor.text.words import LARGE_LETTERS, folded

MIN_ITEMS: Final = 2
_NAME: Final = re.compile(rf"[{LARGE_LETTERS}]\w*(?:[ -]\w+){{0,4}}")
_MOST: Final = 400  # items looked at for each part of the name


def similar_name(asked: str, corpus: Corpus) -> str:
    """The name in the items that sounds most like the one asked for, "" where none is near."""
    heard = sound(asked)
    if len(heard) < 5:
        return ""
    most = 1 if len(heard) < 9 else 2
    words = folded(texts.key(asked)).split()
    count = len(words)
    found: Counter[str] = Counter()
    # one slip leaves another word of the name whole, or two side by side
    keys = [" ".join(words[:-1]), " ".join(words[1:])] if count > 2 else words
    for item in corpus.having(sieve([key for key in keys if len(key) > 3])):
        if found.total() > _MOST:
            break
        for text in (item.title, item.lead):
            for run in _NAME.finditer(text):
                found.update(_windows(run[0], count, heard, most))
    near = [form for form in found if found[form] >= MIN_ITEMS]
    if not near:
        return ""
    return min(near, key=lambda form: (distance(heard, sound(form), most), -found[form], form))


def _windows(run: str, count: int, heard: str, most: int) -> set[str]:
    words = run.split(" ")
    windows = {" ".join(words[at : at + size]) for size in {count, count - 1} if size for at in range(len(words))}
    return {
        window
        for window in windows
        if window
        and all(word[:1].isupper() for word in window.split(" "))
        and distance(heard, sound(window), most) <= most
    }
