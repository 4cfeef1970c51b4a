"""Every word of every watch in a few automata, and one scan of a text for all of them.

Knows which words there are and what they are for; what a hit means is decided by whoever asked for the word.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

import ahocorasick

from monitor.matching import text as texts
from monitor.matching.text import ItemText
from monitor.text.words import folded, spellings

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
OF_LEADERS: Final = NAME | WATCHED_TITLE | TITLE_OF_STATE  # without any of these an item names no leader


class Use:
    """One reason why a word is looked for. `capitals` are the offsets of letters that must be large."""

    __slots__ = ("capitals", "flag", "what")

    def __init__(self, flag: int, what: object, capitals: tuple[int, ...]) -> None:
        self.flag = flag
        self.what = what
        self.capitals = capitals


class Word:
    """A word or phrase as it stands in `Text.low`, with all its uses."""

    __slots__ = ("flags", "length", "terms", "uses")

    def __init__(self, length: int) -> None:
        self.length = length
        self.flags = 0
        self.uses: list[Use] = []
        self.terms: list[tuple[int, tuple[int, ...]]] = []  # of queries, with their capitals: asked most often


Found = tuple[int, int, Word]
"""A word where it stands: start, end, word."""


class Lexicon:
    """Collects words, then scans."""

    def __init__(self) -> None:
        self._words: dict[str, Word] = {}
        self._folded: dict[str, Word] = {}
        self._of_query: dict[int, list[Word]] = {}
        # most items concern nobody: the words that may say so are scanned for first, the others only behind a hit
        self._alarms = self._others = self._marks_gone = _Net({})

    def __len__(self) -> int:
        return len(self._words) + len(self._folded)

    def add(self, written: str, flag: int, what: object, *, capitals: bool = False, twins: bool = True) -> None:
        """Look for `written` in all its spellings; `capitals`: with its large letters, `twins`: i for y too."""
        key = texts.key(written)
        large = _large_letters(written, key) if capitals else ()
        if capitals and key.endswith(" *"):
            # ="bão *": the word behind it must begin large, as that of a storm's name does
            key = key[:-2]
            large = (*large, len(key) + 1)
        if not key:
            return
        use = Use(flag, what, large)
        for spelling in spellings(key) if twins else (key,):
            self._put(self._words, spelling, use)
        # "Nga - Ukraine" and "Nga-Ukraine" are one phrase
        if " - " in key:
            self._put(self._words, key.replace(" - ", " "), Use(flag, what, ()))
        elif flag == QUERY and "-" in written:
            apart = texts.key(texts.plain(written).replace("-", " - "))
            self._put(self._words, apart, Use(flag, what, ()))

    def add_folded(self, written: str, flag: int, what: object) -> None:
        """Look for `written` without tone and vowel marks, in a text without them."""
        key = folded(texts.key(written))
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
            word.terms.append((use.what, use.capitals))
            self._of_query.setdefault(use.what, []).append(word)

    def close(self) -> None:
        """No more words: build the automata."""
        alarms = {key: word for key, word in self._words.items() if word.flags & _ALARMS}
        self._alarms = _Net(alarms)
        self._others = _Net({key: word for key, word in self._words.items() if key not in alarms})
        self._marks_gone = _Net(self._folded)

    def scan(self, item_text: ItemText, *, thorough: bool = False) -> tuple[list[list[Found]], int]:
        """The words of each field on whole syllables, and the union of their flags.

        Gives no words when none of CONCERNS is there: the page then stays rough. `thorough`: gives them all the same.
        """
        found: list[Found] = []
        flags = self._alarm(item_text.low, found)
        if not flags & _ALARMS and not thorough:
            return [], flags
        if item_text.rough:
            item_text.settle()
            found = []
            flags = self._alarm(item_text.low, found)
        flags |= self._others.scan(item_text.low, found)
        if not thorough and not flags & CONCERNS and not (flags & TITLE_OF_STATE and flags & STATE):
            return [], flags
        fields: list[list[Found]] = [[] for _ in item_text.fields]
        offsets = item_text.offsets
        for start, end, word in found:
            number = bisect_right(offsets, start) - 1
            begin = offsets[number]
            fields[number].append((start - begin, end - begin, word))
        return fields, flags

    def _alarm(self, low: str, found: list[Found]) -> int:
        flags = self._alarms.scan(low, found)
        if self._marks_gone.automata:
            flags |= self._marks_gone.scan(folded(low), found)
        return flags

    def __iter__(self) -> Iterator[str]:
        yield from self._words


def _large_letters(written: str, key: str) -> tuple[int, ...]:
    """Where in `key` the letters stand that are written large; none where both are not of one length."""
    plain = written if written.lower() == key else texts.plain(written)  # mostly it is, and costs nothing then
    if len(plain) != len(key):
        return ()
    return tuple(place for place, letter in enumerate(plain) if letter.isupper())


# ---------------------------------------------------------------- automata
#
# Building or freeing an automaton is one call into C that no other thread gets past: 60 ms for the 240,000 letters of
# 10,000 made-up persons. So many words are looked for by their first letters, most of which they share, and a hit is
# completed from a table; and what is still large is cut into a few automata.

FEW_LETTERS: Final = 30_000  # of words that are looked for as they are
HEAD: Final = 8  # letters: "nguyễn v"; with fewer, hits become many, with more, so do the automaton's nodes
MOST_LENGTHS: Final = 40  # a hit is completed by one look a length, so this bounds what a hit costs
NODES: Final = 60_000  # of one automaton: 6 ms to build, 4 ms to free
MOST_AUTOMATA: Final = 4  # each costs every item a scan of 4 µs

_Value = tuple[int, Word | None, tuple[int, ...]]
"""What an automaton gives for a hit: how long it is, the word that ends there, and how long those are that go on."""


class _Net:
    """Words in automata, and by their letters."""

    __slots__ = ("automata", "words")

    def __init__(self, words: dict[str, Word]) -> None:
        self.words = words
        self.automata = _built(words)

    def scan(self, low: str, found: list[Found]) -> int:
        """Add the words of a text to `found`; gives the union of their flags."""
        flags = 0
        last = len(low) - 1
        for automaton in self.automata:
            for end, (length, word, lengths) in automaton.iter(low):
                start = end - length + 1
                if start and low[start - 1].isalnum():
                    continue
                if word is not None and (end == last or not low[end + 1].isalnum()):
                    found.append((start, end + 1, word))
                    flags |= word.flags
                if lengths:
                    flags |= self._complete(low, start, lengths, found)
        return flags

    def _complete(self, low: str, start: int, lengths: tuple[int, ...], found: list[Found]) -> int:
        """Add the words of these lengths that begin at `start`; gives the union of their flags."""
        flags = 0
        for longer in lengths:
            stop = start + longer
            if stop > len(low):
                break
            word = self.words.get(low[start:stop])
            if word is not None and (stop == len(low) or not low[stop].isalnum()):
                found.append((start, stop, word))
                flags |= word.flags
        return flags


def _built(words: dict[str, Word]) -> tuple[ahocorasick.Automaton, ...]:
    if not words:
        return ()
    if sum(map(len, words)) <= FEW_LETTERS:
        return (_automaton({key: (word.length, word, ()) for key, word in words.items()}),)
    return tuple(map(_automaton, _shares(_heads(words))))


def _shares(heads: dict[str, _Value]) -> list[dict[str, _Value]]:
    """The heads cut into a few parts of at most so many nodes."""
    families: dict[str, list[str]] = {}  # what shares letters belongs into one automaton
    for head in heads:
        families.setdefault(head[: HEAD // 2], []).append(head)
    nodes = {first: len(first) + sum(len(head) - len(first) for head in family) for first, family in families.items()}
    most = max(NODES, sum(nodes.values()) / MOST_AUTOMATA)
    shares: list[dict[str, _Value]] = [{}]
    held = 0
    for first, family in families.items():
        if held and held + nodes[first] > most:
            shares.append({})
            held = 0
        held += nodes[first]
        shares[-1].update((head, heads[head]) for head in family)
    return shares


def _heads(words: dict[str, Word]) -> dict[str, _Value]:
    """The words by their first letters, and those of a head with too many lengths as they are."""
    kin: dict[str, list[str]] = {}
    for key in words:
        kin.setdefault(key[:HEAD], []).append(key)
    heads: dict[str, _Value] = {}
    for head, keys in kin.items():
        lengths = tuple(sorted({len(key) for key in keys} - {len(head)}))
        if len(lengths) > MOST_LENGTHS:
            heads.update((key, (len(key), words[key], ())) for key in keys)
        else:
            heads[head] = (len(head), words.get(head), lengths)
    return heads


def _automaton(values: dict[str, _Value]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for key, value in values.items():
        automaton.add_word(key, value)
    automaton.make_automaton()
    return automaton
