"""The ideas in a few words that somebody typed: "cán bộ bị khởi tố" is who, and what happens to them.

Knows words, sets and how often phrases stand together; which queries are made of ideas is for event_draft.py.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from monitor.matching import text as texts
from monitor.matching.draft.keyness import FUNCTION_WORDS, Background
from monitor.matching.word_sets import shipped_sets
from monitor.text import gazetteer
from monitor.text.words import bars, is_vietnamese, nfc
from monitor.types import WordSet

GLUE: Final = 0.2  # of the items with two syllables, where they stand side by side: then they are one word or phrase
OFTEN: Final = 5  # items of the background with a phrase as it was typed: then half of that is enough
FAR_LESS: Final = 0.25  # of the items with a phrase that have it with the next word, too
SURE_GLUE: Final = 0.5  # of a small word with the next one
_WORD: Final = re.compile(r"[^\W_]+(?:(?:[.\-]| - )[^\W_]+)*|[,;/]")
_ABROAD: Final = ("ở nước ngoài", "nước ngoài", "trên thế giới", "quốc tế")
_AT_HOME: Final = ("ở việt nam", "tại việt nam", "trong nước", "cả nước")
_EMPTY: Final = frozenset(
    bars(
        """
    vụ | việc | tin | về | lớn | nhỏ | các | những | chuyện | tình hình | diễn biến | hoặc | hay | cuộc | loạt |
    nạn | đợt | phát hiện | xảy ra | diễn ra | quyết định | thông tin | tin tức | tình trạng | vấn đề | hiện tượng |
    liên quan | mới nhất | hôm nay | hàng loạt | tin mới
    """
    )
)
_MAIN_PART: Final = 0.12  # of what a set finds, that has one member: then the member stands for all of it
_SURE_COUNT: Final = 3  # items of the background with a member, before its part in a set is counted


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea: terms of a query of which any says it. `of_set` names the set that they come from."""

    terms: tuple[str, ...]
    words: tuple[str, ...]  # as typed
    of_set: str = ""

    @property
    def query(self) -> str:
        """The idea as a part of a query."""
        return self.terms[0] if len(self.terms) == 1 else f"({' OR '.join(self.terms)})"

    @property
    def is_name(self) -> bool:
        """Whether it was typed with a capital."""
        return not self.of_set and self.words[0][:1].isupper()


@dataclass(frozen=True, slots=True)
class AskedEvent:
    """What somebody asked for: its ideas, and where it happens."""

    ideas: tuple[Idea, ...]
    at_home: bool = False
    abroad: bool = False


def read_ideas(written: str, background: Background, sets: Sequence[WordSet] = ()) -> AskedEvent:
    """The ideas of a few words, in their order. A comma between two parts them as ways to say one."""
    text = " ".join(nfc(written).split())
    low = f" {texts.key(text)} "
    at_home, abroad = any(f" {each} " in low for each in _AT_HOME), any(f" {each} " in low for each in _ABROAD)
    for phrase in (*_AT_HOME, *_ABROAD):
        text = re.sub(rf"(?i)(?<!\w){phrase}(?!\w)", " ", text)
    tokens = _WORD.findall(text)
    if len(tokens) > 1 and tokens[0].istitle() and not tokens[1][:1].isupper() and is_vietnamese(tokens[0].lower()):
        tokens[0] = tokens[0].lower()  # a first word is large in any case
    known = _KnownPhrases(sets, background)
    pieces: list[tuple[Idea, bool]] = []  # with whether a comma stands before
    at, comma = 0, False
    while at < len(tokens):
        if tokens[at] in ",;/":
            comma, at = True, at + 1
            continue
        # "hàng giả, hàng nhái": what begins alike is built alike
        alike = comma and bool(pieces) and texts.key(tokens[at]) == texts.key(pieces[-1][0].words[0])
        length, idea = _next(tokens, at, known, background, least=len(pieces[-1][0].words) if alike else 1)
        if idea is not None:
            pieces.append((idea, comma and bool(pieces)))
            comma = False
        at += length
    return AskedEvent(tuple(_joined(pieces)), at_home, abroad)


class _KnownPhrases:
    """The names and plain members of sets, with the set that each stands for."""

    def __init__(self, own: Sequence[WordSet], background: Background) -> None:
        self._own = {one.name for one in own}
        self._background = background
        self._sets: dict[str, WordSet] = {}
        every = (*own, *shipped_sets())
        for one in sorted(every, key=lambda one: len(one.members)):  # of several the one that says least else
            for member in one.members:
                if not re.search(r"[(){}=~@]|NEAR|AND|OR", member):
                    self._sets.setdefault(texts.key(member.replace('"', "")), one)
        for one in every:  # a name wins over a member
            self._sets[texts.key(one.name)] = one

    def __contains__(self, key: str) -> bool:
        return key in self._sets

    def name(self, key: str) -> str | None:
        """The set that a phrase stands for; None where the set says something wider: {hạn hán} for "xâm nhập mặn"."""
        one = self._sets.get(key)
        return one.name if one is not None and self._stands_for(key, one) else None

    def narrows(self, key: str) -> bool:
        """Whether the phrase is the name of its set with more behind it: "cháy nhà" of {cháy}."""
        one = self._sets.get(key)
        return one is not None and key.startswith(f"{texts.key(one.name)} ")

    def _stands_for(self, key: str, one: WordSet) -> bool:
        name = texts.key(one.name)
        if one.name in self._own or key == name:
            return True
        if f" {key} " in f" {re.sub(r'[,:;]', ' ,', texts.key(one.meaning))} ":
            return True
        if self.narrows(key):
            return False
        same = sorted(key.split()) == sorted(name.split()) or key.split()[-1] == name.split()[-1]
        return same or self._is_main_part(key, one)

    def _is_main_part(self, key: str, one: WordSet) -> bool:
        count = self._background.count(key)
        total = sum(self._background.count(texts.key(member.strip('"'))) for member in one.members)
        return count >= _SURE_COUNT and count >= _MAIN_PART * total


def _next(
    tokens: Sequence[str], at: int, known: _KnownPhrases, background: Background, *, least: int
) -> tuple[int, Idea | None]:
    """The idea that begins at a token, and how many tokens it takes; no phrase has fewer than `least`."""
    for length in range(min(6, len(tokens) - at), 0, -1):
        words = tokens[at : at + length]
        key = texts.key(" ".join(words))
        name = known.name(key)
        if name is not None and not _says_far_more(tokens, at, length, name, background):
            return length, Idea((f"{{{name}}}",), tuple(words), name)
        if name is None and length > 1 and key in known and _is_one_phrase(key, known, background):
            least = max(least, length)
            break
    for length in range(min(2, len(tokens) - at), 0, -1):
        said = texts.key(" ".join(tokens[at : at + length]))
        if said in _EMPTY and not _begins_phrase(tokens, at + length - 1, background):
            return length, None
    if texts.key(tokens[at]) in FUNCTION_WORDS | _EMPTY and not _begins_phrase(tokens, at, background):
        return 1, None
    length = min(least, len(tokens) - at)
    while at + length < len(tokens) and _is_glued(tokens, at + length, known, background):
        length += 1
    words = tokens[at : at + length]
    phrase = " ".join(words)
    if length == 1 and phrase.lower() in FUNCTION_WORDS:
        return 1, None
    if " - " in phrase:
        return length, Idea((f'"{phrase}"', f'"{phrase.replace(" - ", " ")}"'), tuple(words))
    return length, Idea((_term(phrase),), tuple(words))


def _says_far_more(tokens: Sequence[str], at: int, length: int, name: str, background: Background) -> bool:
    """Whether a set says much more than was asked: {xe} for "xe máy xăng", a place for "Hà Nội"."""
    key = texts.key(" ".join(tokens[at : at + length]))
    if texts.key(name) != key and key in _places():
        return True
    if at + length >= len(tokens) or tokens[at + length] in ",;/":
        return False
    longer = f"{key} {texts.key(tokens[at + length])}"
    glued = background.adhesion(key.split()[-1], longer.split()[-1]) >= SURE_GLUE
    return glued and background.count(longer) < FAR_LESS * background.count(key)


def _is_one_phrase(key: str, known: _KnownPhrases, background: Background) -> bool:
    """Whether a member that says less than its set is asked for as it is: "xe máy", and not "cháy" and "nhà"."""
    words = key.split()
    return not known.narrows(key) or background.adhesion(words[-2], words[-1]) >= SURE_GLUE


@cache
def _places() -> frozenset[str]:
    forms = [form for inner, outer in gazetteer.states().values() for form in (*inner, *outer)]
    return frozenset(texts.key(form) for form in (*forms, *gazetteer.HOME_WORDS))


def _begins_phrase(tokens: Sequence[str], at: int, background: Background) -> bool:
    """“qua đời”: a small word that is part of a larger one."""
    if at + 1 == len(tokens) or tokens[at + 1] in ",;/":
        return False
    return background.adhesion(texts.key(tokens[at]), texts.key(tokens[at + 1])) >= SURE_GLUE


def _is_glued(tokens: Sequence[str], at: int, known: _KnownPhrases, background: Background) -> bool:
    """Whether the token at `at` goes on with the phrase that ends before it."""
    word, before = tokens[at], tokens[at - 1]
    if word in ",;/":
        return False
    if texts.key(word) in FUNCTION_WORDS | _EMPTY:
        return False
    if any(texts.key(" ".join(tokens[at : at + length])) in known for length in range(1, 5)):
        return False
    if word[:1].isupper() != before[:1].isupper() and not before[:1].isupper():
        return False  # a capital begins a name
    one, other = texts.key(before), texts.key(word)
    often = background.count(f"{one} {other}") >= OFTEN
    return background.adhesion(one, other) >= (GLUE / 2 if often else GLUE)


def _term(phrase: str) -> str:
    return f'"{phrase}"' if " " in phrase or not phrase.isalnum() else phrase


def _joined(pieces: Sequence[tuple[Idea, bool]]) -> list[Idea]:
    """Ideas in their order, those with a comma between them as one."""
    ideas: list[Idea] = []
    for idea, behind_comma in pieces:
        if behind_comma:
            last = ideas.pop()
            terms = tuple(dict.fromkeys((*last.terms, *idea.terms)))
            if last.of_set or idea.of_set:
                terms = tuple(term for term in terms if term.startswith("{"))  # a set needs no word of its own kind
            ideas.append(Idea(terms, (*last.words, ",", *idea.words), last.of_set or idea.of_set))
        elif idea.terms[0] not in {each.terms[0] for each in ideas}:
            ideas.append(idea)
    return ideas


def states_in(titles: Sequence[str]) -> list[str]:
    """The foreign states that titles name, as terms of a query, the most frequent first."""
    counts: dict[str, int] = {}
    forms = {
        texts.plain(form)
        for state, (inner, _) in gazetteer.states().items()
        if state != gazetteer.HOME
        for form in inner
    }
    wanted = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, forms), key=len, reverse=True))})(?!\w)")
    for title in titles:
        for found in wanted.findall(texts.plain(title)):
            counts[found] = counts.get(found, 0) + 1
    ranked = sorted(counts, key=lambda form: (-counts[form], form))
    return [f'="{form}"' if " " in form else f"={form}" for form in ranked]
