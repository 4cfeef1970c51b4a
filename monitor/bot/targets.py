"""What a reader means by "putin", "Ngung ban", "#nga" or "tất cả", and what a chat follows by it.

Pure; knows watchlists, not chats. Marks are folded here because people type names on phones without them: the matcher
never does that with newspapers' text, where it would double the false hits.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.bot.misspelt import Misspelt, is_foreign
from monitor.pipeline.regions import place_name
from monitor.text.words import decomposed, is_mark, is_vietnamese, nfc, unmarked
from monitor.types import EVERYTHING, Leader, Target, Watch, WatchId, Watchlist

LEAST_IN_TEXT = 3  # letters; a shorter name inside a text is an ordinary word
MOST_WORDS = 40  # of a text in which names are looked for; longer ones were not typed to find anybody
LONGEST_NAME = 8  # words
MOST_HITS = 8  # more buttons than this nobody reads
TOKEN_BYTES = 40  # of the 64 of callback data; the rest says which button it is
Named = Mapping[WatchId, Watch]
_ALL_WORDS = frozenset({"*", "all", "everything", "tat ca", "moi thu"})
_TITLES = frozenset({"ong", "ba", "tin", "ve"})  # before a name in a question
_NOT_ALNUM = re.compile(r"[\W_]+")
_TONES = frozenset("\u0300\u0309\u0303\u0301\u0323")
_BETWEEN = re.compile(r"[^\w\u0300-\u036f]+|_+")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without marks, words parted by one blank: what two spellings on a phone have in common."""
    return _NOT_ALNUM.sub(" ", unmarked(text.casefold()).replace("ð", "d").replace("ɖ", "d")).strip()


@dataclass(frozen=True, slots=True)
class Found:
    """The targets that a text may mean, likeliest first. `sure`: there is no need to ask back."""

    hits: tuple[Target, ...]
    sure: bool


NOBODY = Found((), False)


class Finder:
    """Looks targets up in one watchlist; build a new one when the watchlist changes. Disabled watches are not found.

    Words that name nobody find nobody. So marks that were typed must be those of the name, and a part of a name counts
    where the name begins with it or where it is a word that no Vietnamese syllable looks like. What is a slip of the
    pen bot/misspelt.py says.
    """

    def __init__(self, watchlist: Watchlist) -> None:
        self.version = watchlist.version
        self._plain: dict[str, set[Target]] = defaultdict(set)  # as written, only the case ignored
        self._folded: dict[str, dict[Target, tuple[str, ...]]] = defaultdict(dict)  # each with its words as written
        self._offices: set[str] = set()  # those of _folded which are offices
        self._lone: dict[str, set[Target]] = defaultdict(set)  # words that mean nobody else: putin, hormuz
        spelt: dict[tuple[str, ...], set[Target]] = defaultdict(set)
        for watch in enabled(watchlist):
            target = Target(watch.id)
            for name in _names(watch):
                self._learn(name, target)
                words = _words(name)
                lone = [word for word in words if is_foreign(fold(word))]
                for word in lone:
                    self._lone[fold(word)].add(target)
                for each in [words] if isinstance(watch, Leader) else [(word,) for word in lone]:
                    spelt[each].add(target)
            for office in _offices(watch):
                self._learn(office, target)
                self._offices.add(fold(office))
            for tag in watch.tags:
                self._learn(tag, Target(f"#{tag}"))
                if place := place_name(tag):
                    self._learn(place, Target(f"#{tag}"))
        self._spelt: Mapping[tuple[str, ...], set[Target]] = spelt
        self._misspelt = Misspelt(spelt)
        self._names = sorted(self._folded, key=lambda name: (len(name), name))

    def _learn(self, name: str, target: Target) -> None:
        self._plain[_written(name)].add(target)
        known = self._folded[fold(name)]
        # marks decide; where a tag or an id has none, the name beside it has them
        if target not in known or not any(map(_marks, known[target])):
            known[target] = _words(name)

    def find(self, text: str) -> Found:
        """An exact name first, with its marks if that decides; then parts of names; then names in a text, or alike."""
        asked = _words(text)
        bare = " ".join(map(fold, asked))
        if text.strip() == "*" or bare in _ALL_WORDS:
            return Found((EVERYTHING,), True)
        if not bare:
            return NOBODY
        wants_tag = text.lstrip().startswith("#")

        def fitting(targets: Iterable[Target]) -> tuple[Target, ...]:
            return tuple(sorted(each for each in targets if not wants_tag or each.startswith("#")))

        for exact in (self._plain.get(_written(text.lstrip(" #")), ()), self._agreeing(bare, asked, wants_tag)):
            if hits := fitting(exact):
                return Found(hits[:MOST_HITS], len(hits) == 1)
        if hits := _first(fitting(targets) for targets in self._in_part(bare, asked)):
            begins_office = any(office.startswith(bare) for office in self._offices)
            return Found(hits[:MOST_HITS], len(hits) == 1 and not begins_office)
        for ways in (self._named_in(text, asked), self._alike(asked)):
            if hits := _first(fitting(targets) for targets in ways):
                return Found(hits[:MOST_HITS], False)
        return NOBODY

    def _agreeing(self, bare: str, asked: Sequence[str], any_marks: bool = False) -> list[Target]:
        """The targets of a name without marks, whose marks are those that were typed, as far as any were."""
        known = self._folded.get(bare, {})
        return [target for target, written in known.items() if any_marks or _agree(asked, written)]

    def _in_part(self, bare: str, asked: Sequence[str]) -> Iterable[Collection[Target]]:
        """Targets of names and offices that begin like this, or hold these words; the shortest names first."""
        words = bare.split()
        for name in self._names:
            if words[0] in name and self._is_part(words, name):  # most names fall at the first
                places = _places_of(words, name)
                yield [
                    target
                    for target, written in self._folded[name].items()
                    if any(_agree(asked[:-1], written[at : at + len(words) - 1]) for at in places)
                ]

    def _is_part(self, words: Sequence[str], name: str) -> bool:
        asked = " ".join(words)
        if name.startswith(asked):  # its last word may be unfinished
            of_name = name.split()
            if len(words) > 1 and (name not in self._offices or 2 * len(asked) > len(name)):
                return len(words[-1]) > 1
            return len(words) == 1 and is_foreign(words[0]) and is_foreign(of_name[0])
        return bool(_places_of(words, name)) and any(map(is_foreign, words)) and name not in self._offices

    def _named_in(self, text: str, asked: Sequence[str]) -> Iterable[Collection[Target]]:
        """Targets named inside a longer text ("tin về ông Putin"), the longest names first.

        A single syllable counts only with its marks: "bao nhiêu" is no storm, and a law (pháp luật) is no France.
        """
        marked = [self._in_text(run) for run in _runs(_written(text).split()) if run in self._plain]
        if any(marked):
            return marked
        found: list[Collection[Target]] = []
        for run in _word_runs(asked):
            bare = " ".join(map(fold, run))
            if len(run) > 1 and len(bare) > LEAST_IN_TEXT:
                found.append(self._agreeing(bare, run))
            elif is_foreign(bare):
                found.append(self._agreeing(bare, run) or self._lone.get(bare, ()))
        return found

    def _in_text(self, run: str) -> Collection[Target]:
        """The targets of a name that stands in a text; a country of one syllable is an ordinary word there."""
        if " " in run or not is_vietnamese(fold(run)):
            return self._plain[run] if len(run) > LEAST_IN_TEXT else ()
        return {each for each in self._plain[run] if not each.startswith("#")} if run != fold(run) else ()

    def _alike(self, asked: Sequence[str]) -> Iterable[Collection[Target]]:
        while len(asked) > 1 and fold(asked[0]) in _TITLES:
            asked = asked[1:]
        near = self._misspelt.near(asked[:LONGEST_NAME])
        foreign = [word for word in asked[:MOST_WORDS] if not is_vietnamese(fold(word))]
        if not near and len(asked) > 1 and len(foreign) == 1 and len(foreign[0]) > LEAST_IN_TEXT:
            near = self._misspelt.near(foreign)  # "tin về ông Natanyahu"
        return [self._spelt[name] for name in near]


def enabled(watchlist: Watchlist) -> list[Watch]:
    """The watches that a reader may choose from."""
    return [watch for watch in watchlist.watches if watch.enabled]


def label(target: Target, named: Named) -> str:
    """How a target is shown: a watch's name, else itself (a tag, or an id that the watchlist has lost)."""
    watch = named.get(WatchId(target))
    return watch.name if watch else target


def covering(watch: Watch) -> tuple[Target, ...]:
    """The wider targets that bring this watch along: everything, and each of its tags."""
    return EVERYTHING, *(Target(f"#{tag}") for tag in watch.tags)


def watch_ids(targets: Collection[Target], watchlist: Watchlist) -> list[WatchId]:
    """The watches that these targets stand for, in the watchlist's order."""
    wanted = set(targets)
    return [
        watch.id for watch in enabled(watchlist) if Target(watch.id) in wanted or not wanted.isdisjoint(covering(watch))
    ]


def all_targets(watchlist: Watchlist) -> list[Target]:
    """Everything that can be followed: "*", each watch, each tag."""
    watches = enabled(watchlist)
    tags = dict.fromkeys(Target(f"#{tag}") for watch in watches for tag in watch.tags)
    return [EVERYTHING, *(Target(watch.id) for watch in watches), *tags]


def token(target: Target) -> str:
    """A short name of a target for callback data, which Telegram ends at 64 bytes: itself, or a hash of it."""
    if len(target.encode()) <= TOKEN_BYTES and not target.startswith("~"):
        return target
    return "~" + hashlib.sha256(target.encode()).hexdigest()[:16]


def by_token(short: str, candidates: Iterable[Target]) -> Target | None:
    """The target among `candidates` with that token; None when the watchlist has lost it."""
    return next((target for target in candidates if token(target) == short), None)


def _names(watch: Watch) -> Iterable[str]:
    yield watch.name
    if isinstance(watch, Leader):
        yield from watch.aliases
        yield from watch.short
    else:
        yield from filter(fold, watch.name.split(","))  # "Bão, áp thấp nhiệt đới" goes by either
    yield watch.id


def _offices(watch: Watch) -> Iterable[str]:
    return (office.title for office in watch.offices if office.until is None) if isinstance(watch, Leader) else ()


def _written(text: str) -> str:
    return " ".join(nfc(text).casefold().split())


def _words(text: str) -> tuple[str, ...]:
    """The words as they are written, in small letters."""
    return tuple(word for word in _BETWEEN.split(nfc(text).casefold()) if fold(word))


def _agree(typed: Sequence[str], written: Sequence[str]) -> bool:
    """Whether no mark was typed that the name has not: who types on a phone leaves marks out, and adds none."""
    if len(typed) > len(written):
        return False
    return all(_marks(mine) <= _marks(theirs) for mine, theirs in zip(typed, written, strict=False))


@lru_cache(maxsize=4096)
def _marks(word: str) -> frozenset[tuple[int, str]]:
    """The marks of a word, each with its letter; the tone is the whole syllable's: òa and oà are one."""
    marks, letter = [], 0
    for char in decomposed(word):
        if char in _TONES:
            marks.append((0, char))
        elif is_mark(char):
            marks.append((letter, char))
        else:
            letter += 1
            if char == "đ":
                marks.append((letter, char))
    return frozenset(marks)


def _places_of(words: Sequence[str], name: str) -> list[int]:
    """Where in a name these words stand one after the other, the last perhaps unfinished."""
    there, length = name.split(), len(words)
    return [
        at
        for at in range(len(there) - length + 1)
        if there[at : at + length - 1] == list(words[:-1]) and there[at + length - 1].startswith(words[-1])
    ]


def _word_runs(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Every run of words, longest first."""
    words = words[:MOST_WORDS]
    for length in range(min(LONGEST_NAME, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            yield tuple(words[start : start + length])


def _runs(words: Sequence[str]) -> Iterable[str]:
    return (" ".join(run) for run in _word_runs(words))


def _first(groups: Iterable[Collection[Target]]) -> tuple[Target, ...]:
    """The targets of all groups, each once, in the groups' order; no more are looked for than are shown."""
    found: dict[Target, None] = {}
    for group in groups:
        found |= dict.fromkeys(group)
        if len(found) > MOST_HITS:
            break
    return tuple(found)
