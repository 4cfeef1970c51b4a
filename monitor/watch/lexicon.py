"""Every word of every watch in two automata, and one scan of a text for all of them.

Knows which words there are and what they are for; what a hit means is decided by whoever asked for the word.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

import ahocorasick

from monitor.watch import text as texts
from monitor.watch.text import Page

# what a word is for; a scan without any of CONCERNS concerns nobody
NAME: Final = 1
TITLE: Final = 2
STATE: Final = 4
HOME: Final = 8
QUERY: Final = 16
CONTEXT: Final = 32
WATCHED_TITLE: Final = 64
TRIGGER: Final = 128
TITLE_OF_STATE: Final = 256  # a watched title that needs its state beside it
CONCERNS: Final = NAME | WATCHED_TITLE | TRIGGER
_ALARMS: Final = CONCERNS | TITLE_OF_STATE


class Use:
    """One reason why a word is looked for. `capitals` are the offsets of letters that must be large."""

    __slots__ = ("capitals", "flag", "what")

    def __init__(self, flag: int, what: object, capitals: tuple[int, ...]) -> None:
        self.flag = flag
        self.what = what
        self.capitals = capitals


class Word:
    """A word or phrase as it stands in `Text.low`, with all its uses."""

    __slots__ = ("flags", "length", "uses")

    def __init__(self, length: int) -> None:
        self.length = length
        self.flags = 0
        self.uses: list[Use] = []


Found = tuple[int, int, Word]
"""A word where it stands: start, end, word."""


class Lexicon:
    """Collects words, then scans."""

    def __init__(self) -> None:
        self._words: dict[str, Word] = {}
        self._folded: dict[str, Word] = {}
        self._of_query: dict[int, list[Word]] = {}
        # most items concern nobody: the words that may say so are scanned for first, the others only behind a hit
        self._alarms: ahocorasick.Automaton | None = None
        self._others: ahocorasick.Automaton | None = None
        self._folded_automaton: ahocorasick.Automaton | None = None

    def __len__(self) -> int:
        return len(self._words) + len(self._folded)

    def add(self, written: str, flag: int, what: object, *, capitals: bool = False, twins: bool = True) -> None:
        """Look for `written` in all its spellings; `capitals`: with its large letters, `twins`: i for y too."""
        key = texts.key(written)
        large: tuple[int, ...] = ()
        if capitals and written != written.lower():
            plain = texts.plain(written)
            if len(plain) == len(key):
                large = tuple(place for place, letter in enumerate(plain) if letter.isupper())
        if capitals and key.endswith(" *"):
            # ="bão *": the word behind it must begin large, as that of a storm's name does
            key = key[:-2]
            large = (*large, len(key) + 1)
        if not key:
            return
        use = Use(flag, what, large)
        for spelling in texts.spellings(key) if twins else (key,):
            self._put(self._words, spelling, use)
        # "Nga - Ukraine" and "Nga-Ukraine" are one phrase
        if " - " in key:
            self._put(self._words, key.replace(" - ", " "), Use(flag, what, ()))
        elif flag == QUERY and "-" in written:
            apart = texts.key(texts.plain(written).replace("-", " - "))
            self._put(self._words, apart, Use(flag, what, ()))

    def add_folded(self, written: str, flag: int, what: object) -> None:
        """Look for `written` without tone and vowel marks, in a text without them."""
        key = texts.folded(texts.key(written))
        if key:
            self._put(self._folded, key, Use(flag, what, ()))

    def mark(self, term: int) -> None:
        """A query waits for this term: where it stands the item may concern somebody."""
        for word in self._of_query.get(term, ()):
            word.flags |= TRIGGER

    def _put(self, table: dict[str, Word], key: str, use: Use) -> None:
        word = table.get(key)
        if word is None:
            word = table[key] = Word(len(key))
        word.flags |= use.flag
        word.uses.append(use)
        if use.flag == QUERY and isinstance(use.what, int):
            self._of_query.setdefault(use.what, []).append(word)

    def close(self) -> None:
        """No more words: build the automata."""
        alarms = {key: word for key, word in self._words.items() if word.flags & _ALARMS}
        self._alarms = _built(alarms)
        self._others = _built({key: word for key, word in self._words.items() if key not in alarms})
        self._folded_automaton = _built(self._folded)

    def scan(self, page: Page, *, thorough: bool = False) -> tuple[list[list[Found]], int]:
        """The words of each field on whole syllables, and the union of their flags.

        Gives no words when none of CONCERNS is there: the page then stays rough. `thorough`: gives them all the same.
        """
        found: list[Found] = []
        flags = self._alarm(page.low, found)
        if not flags & _ALARMS and not thorough:
            return [], flags
        if page.rough:
            page.settle()
            found = []
            flags = self._alarm(page.low, found)
        if self._others is not None:
            flags |= _scan(self._others, page.low, found)
        if not thorough and not flags & CONCERNS and not (flags & TITLE_OF_STATE and flags & STATE):
            return [], flags
        fields: list[list[Found]] = [[] for _ in page.fields]
        offsets = page.offsets
        for start, end, word in found:
            number = bisect_right(offsets, start) - 1
            begin = offsets[number]
            fields[number].append((start - begin, end - begin, word))
        return fields, flags

    def _alarm(self, low: str, found: list[Found]) -> int:
        flags = 0
        if self._alarms is not None:
            flags = _scan(self._alarms, low, found)
        if self._folded_automaton is not None:
            flags |= _scan(self._folded_automaton, texts.folded(low), found)
        return flags

    def __iter__(self) -> Iterator[str]:
        yield from self._words


def _built(words: dict[str, Word]) -> ahocorasick.Automaton | None:
    if not words:
        return None
    automaton = ahocorasick.Automaton()
    for key, word in words.items():
        automaton.add_word(key, word)
    automaton.make_automaton()
    return automaton


def _scan(automaton: ahocorasick.Automaton, low: str, found: list[Found]) -> int:
    flags = 0
    last = len(low) - 1
    for end, word in automaton.iter(low):
        start = end - word.length + 1
        if (end < last and low[end + 1].isalnum()) or (start and low[start - 1].isalnum()):
            continue
        found.append((start, end + 1, word))
        flags |= word.flags
    return flags
