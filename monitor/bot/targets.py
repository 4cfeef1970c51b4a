"""What a reader means by "putin", "Ngung ban", "#nga" or "tất cả", and what a chat follows by it.

Pure; knows watchlists, not chats. Marks are folded here because people type names on phones without them: the matcher
never does that with newspapers' text, where it would double the false hits.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from monitor.text.words import nfc, unmarked
from monitor.types import EVERYTHING, Leader, Target, Watch, WatchId, Watchlist

LIKENESS = 0.52  # Dice of trigrams; "putn" is 0.55 like "putin", "Merkel" 0.50 like "Merz"
MOST_WORDS = 40  # of a text in which names are looked for; longer ones were not typed to find anybody
LONGEST_NAME = 8  # words
MOST_HITS = 8  # more buttons than this nobody reads
TOKEN_BYTES = 40  # of the 64 of callback data; the rest says which button it is
Named = Mapping[WatchId, Watch]
_ALL_WORDS = frozenset({"*", "all", "everything", "tat ca", "moi thu"})
_NOT_ALNUM = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Lower case without marks, words parted by one blank: what two spellings on a phone have in common."""
    return _NOT_ALNUM.sub(" ", unmarked(text.casefold()).replace("ð", "d").replace("ɖ", "d")).strip()


@dataclass(frozen=True, slots=True)
class Found:
    """The targets that a text may mean, likeliest first. `sure`: there is no need to ask back."""

    hits: tuple[Target, ...]
    sure: bool


class Finder:
    """Looks targets up in one watchlist; build a new one when the watchlist changes. Disabled watches are not found."""

    def __init__(self, watchlist: Watchlist) -> None:
        self.version = watchlist.version
        self._plain: dict[str, set[Target]] = defaultdict(set)  # as written, only the case ignored
        self._folded: dict[str, set[Target]] = defaultdict(set)
        for watch in enabled(watchlist):
            target = Target(watch.id)
            for name in _names(watch):
                self._learn(name, target)
            for tag in watch.tags:
                self._learn(tag, Target(f"#{tag}"))
        self._names = list(self._folded)
        self._by_trigram: dict[str, list[int]] = defaultdict(list)
        for place, name in enumerate(self._names):
            for trigram in _trigrams(name):
                self._by_trigram[trigram].append(place)

    def _learn(self, name: str, target: Target) -> None:
        self._plain[_written(name)].add(target)
        self._folded[fold(name)].add(target)

    def find(self, text: str) -> Found:
        """An exact name first, with its marks if that decides; then words of names; then names in a text, or alike."""
        asked = fold(text)
        if text.strip() == "*" or asked in _ALL_WORDS:
            return Found((EVERYTHING,), True)
        if not asked:
            return Found((), False)
        wants_tag = text.lstrip().startswith("#")

        def fitting(targets: Iterable[Target]) -> tuple[Target, ...]:
            return tuple(sorted(each for each in targets if not wants_tag or each.startswith("#")))

        for exact in (self._plain.get(_written(text.lstrip(" #")), ()), self._folded.get(asked, ())):
            if hits := fitting(exact):
                return Found(hits[:MOST_HITS], len(hits) == 1)
        if hits := _first(fitting(self._folded[name]) for name in self._with_words(asked)):
            return Found(hits[:MOST_HITS], len(hits) == 1)
        for names in (self._named_in(text, asked), self._alike(asked)):
            if hits := _first(fitting(self._folded[name]) for name in names):
                return Found(hits[:MOST_HITS], False)
        return Found((), False)

    def _with_words(self, asked: str) -> list[str]:
        """Names that hold every word asked for, the last of which may be unfinished; shortest first."""
        words = asked.split()
        *whole, last = words
        if len(last) < 2:
            return []
        found = []
        for name in self._names:
            if last not in name:  # most names fall here, at the cost of one search
                continue
            there = name.split()
            if all(word in there for word in whole) and any(word.startswith(last) for word in there):
                found.append(name)
        return sorted(found, key=lambda name: (len(name), name))

    def _named_in(self, text: str, asked: str) -> list[str]:
        """Names inside a longer text ("tin về ông Putin"), longest first.

        A short word counts only with its marks: "bao nhiêu" is no storm.
        """
        marked = [
            fold(run) for run in _runs(_written(text)) if run in self._plain and (run != fold(run) or len(run) > 3)
        ]
        return marked or [run for run in _runs(asked) if run in self._folded and len(run) > 3]

    def _alike(self, asked: str) -> list[str]:
        mine = _trigrams(asked)
        shared = Counter(place for trigram in mine for place in self._by_trigram.get(trigram, ()))
        scored = [
            (2 * common / (len(mine) + len(_trigrams(self._names[place]))), self._names[place])
            for place, common in shared.most_common(50)
        ]
        return [name for score, name in sorted(scored, key=lambda each: (-each[0], each[1])) if score >= LIKENESS]


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
    yield watch.id
    yield watch.name
    if isinstance(watch, Leader):
        yield from watch.aliases
        yield from watch.short
        yield from (office.title for office in watch.offices if office.until is None)
    else:
        yield from filter(fold, watch.name.split(","))  # "Bão, áp thấp nhiệt đới" goes by either


def _written(text: str) -> str:
    return " ".join(nfc(text).casefold().split())


def _runs(text: str) -> Iterable[str]:
    """Every run of words of a text, longest first."""
    words = text.split()[:MOST_WORDS]
    for length in range(min(LONGEST_NAME, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def _trigrams(name: str) -> frozenset[str]:
    padded = f"  {name} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def _first(groups: Iterable[tuple[Target, ...]]) -> tuple[Target, ...]:
    """The targets of all groups, each once, in the groups' order."""
    return tuple(dict.fromkeys(target for group in groups for target in group))
