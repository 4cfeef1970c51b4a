"""How alike two items are, as a handful of named measures, and what a small trained model makes of them.

Knows nothing of stories or of windows. The weights in similarity.json are trained on labelled pairs by
`python -m benchmarks.stories.train`; every measure has a name, so that each decision can be told in words.
"""

import gzip
import json
import math
from array import array
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from operator import itemgetter, mul
from typing import Protocol
from zlib import crc32

from monitor.stories.grouping.features import READING, Entities, RareWords, term
from monitor.stories.grouping.meaning import DIMENSIONS, ZERO, Direction, meaning_of

MOST_OWN = 30.0  # some ten rare words in common are enough; more are a shared setting
MOST_OWN_NAMES = 20.0
FEW_STORIES = 100
RARE = 3.0  # -log of the share of items: one in 20; what is more common tells no story from another
MEASURES = (
    "bias",
    "title",
    "short",
    "meaning",
    "covered",
    "covered both ways",
    "own words",
    "own names",
    "names",
    "names missing",
    "numbers",
    "numbers differ",
    "decree",
    "decrees differ",
    "laws differ",
    "topics differ",
    "same place",
    "places differ",
    "dates differ",
    "scores differ",
    "same score",
    "same quantity",
    "hours",
    "same outlet",
    "same outlet, alike",
    "same outlet, same opening",
    "body",
    "body²",
)


WORD = 4  # bytes of a number in packed features
_MASSES_AT = 5 * WORD
_MEANING_AT = _MASSES_AT + 2 * WORD
_TERMS_AT = _MEANING_AT + DIMENSIONS
_MARKED = slice(MEASURES.index("names"), MEASURES.index("hours"))
_UNMARKED = (0.0,) * (_MARKED.stop - _MARKED.start)
_LIFTING = tuple(
    map(MEASURES.index, ("names", "numbers", "decree", "same place", "same score", "same quantity"))
)  # at most 1, and 0 without entities
_TO_SIGNED = bytes((one + 256 - ZERO) % 256 for one in range(256))  # as directions are packed; both ways


@dataclass(frozen=True, slots=True)
class Vector:
    """Terms with their weights."""

    terms: "array[int]"
    weights: "array[float]"
    norm: float


class Idf:
    """How rare a word is in the news, by a shipped background."""

    def __init__(self, background: Mapping[int, float], rarest: float, rules_version: int) -> None:
        self.rules_version = rules_version  # what was packed by other rules of reading and rarity is void
        self.common = frozenset(one for one, idf in background.items() if idf <= RARE)
        self._background = background
        self._rarest = rarest
        self._squares = {one: idf**2 for one, idf in background.items()}

    def of(self, one: int) -> float:
        """-log of the share of items that have the word."""
        return self._background.get(one, self._rarest)

    def squares(self, terms: Iterable[int]) -> dict[int, float]:
        """The rarity squared of each: what it adds to the squared length of a text whose words each count once."""
        get, rarest = self._squares.get, self._rarest**2
        return {one: get(one, rarest) for one in terms}

    def sum(self, terms: Iterable[int]) -> float:
        """The sum of their rarities."""
        get, rarest = self._background.get, self._rarest
        return sum([get(one, rarest) for one in terms])

    def vector(self, counts: Mapping[int, int]) -> Vector | None:
        """Counts as √count · rarity; None of nothing."""
        if not counts:
            return None
        get, rarest = self._background.get, self._rarest
        weights = [get(one, rarest) if count == 1 else get(one, rarest) * count**0.5 for one, count in counts.items()]
        return Vector(array("I", counts), array("f", weights), math.hypot(*weights) or 1.0)


@dataclass(frozen=True, slots=True)
class Features:
    """An item's rare words, their weight in all and in the title, and what they are about; its body where it is known.

    Its entities are apart: to draw them takes longer, and most neighbours are told apart without them.
    """

    terms: "array[int]"  # as RareWords has them; these are held by the ten thousands, and one object is less than two
    in_both: int
    in_title: int
    same_title: int
    same_lead: int
    mass: float
    title_mass: float
    meaning: bytes
    body: Vector | None = None

    @classmethod
    def of(cls, words: RareWords, idf: Idf, body: Vector | None = None) -> "Features":
        """Weigh an item's words."""
        squares = list(idf.squares(words.terms).values())
        both = sum(squares[: words.in_both])
        title_mass = both + sum(squares[words.in_both : words.in_title])
        mass = title_mass + both + sum(squares[words.in_title :])  # a word in both counts twice
        mass, title_mass = array("f", (mass or 1.0, title_mass or 1.0))  # as exact as they are packed
        numbers = words.in_both, words.in_title, words.same_title, words.same_lead
        return cls(words.terms, *numbers, mass, title_mass, meaning_of(words.terms), body)

    def packed(self, rules_version: int) -> str:
        """As a line of text for the store, without the body; `rules_version` says by which rules it was read."""
        head = array("I", (rules_version, self.in_both, self.in_title, self.same_title, self.same_lead)).tobytes()
        masses = array("f", (self.mass, self.title_mass)).tobytes()
        meaning = self.meaning.translate(_TO_SIGNED)
        return b2a_base64(head + masses + meaning + self.terms.tobytes(), newline=False).decode()

    @classmethod
    def unpacked(cls, line: str, rules_version: int) -> "Features | None":
        """What `packed` wrote; None when it was read by another version of the rules, or is none of ours."""
        try:
            packed = a2b_base64(line)
        except ValueError:
            return None
        if len(packed) < _TERMS_AT or len(packed) % WORD:
            return None
        head, masses, terms = array("I"), array("f"), array("I")
        head.frombytes(packed[:_MASSES_AT])
        if head[0] != rules_version:
            return None
        masses.frombytes(packed[_MASSES_AT:_MEANING_AT])
        meaning = packed[_MEANING_AT:_TERMS_AT].translate(_TO_SIGNED)
        terms.frombytes(packed[_TERMS_AT:])
        _, in_both, in_title, same_title, same_lead = head
        return cls(terms, in_both, in_title, same_title, same_lead, masses[0], masses[1], meaning)


class _Own(dict[int, float]):
    """What words count as a story's own; each is looked up once."""

    def __init__(self, idf: Idf, is_own: Callable[[int], bool]) -> None:
        super().__init__()
        self._idf = idf
        self._is_own = is_own

    def __missing__(self, one: int) -> float:
        weight = self[one] = self._idf.of(one) - RARE if self._is_own(one) else 0.0
        return weight


class Comparable(Protocol):
    """An item that can be compared; its entities may be drawn when they are asked for."""

    @property
    def features(self) -> Features:
        """Its rare words and what they weigh."""
        ...

    @property
    def entities(self) -> Entities:
        """Its names, numbers, places, days."""
        ...


class Asked:
    """An item made ready to be compared with many."""

    def __init__(self, item: Comparable, idf: Idf, is_own: Callable[[int], bool], stories: int) -> None:
        """`is_own`: whether hardly any story but one has the word; `stories`: how many there are to tell it from."""
        self.features = item.features
        self._item = item
        self._idf = idf
        self._own = _Own(idf, is_own)
        self._trust = stories / (stories + FEW_STORIES)  # of few stories every word is some story's own
        mine = self.features
        self._squares = idf.squares(mine.terms)
        self._short = frozenset(mine.terms)
        self._both = frozenset(mine.terms[: mine.in_both])
        self._title = frozenset(mine.terms[: mine.in_title])
        self._direction = Direction(self.features.meaning)
        self.body = _unit(self.features.body) if self.features.body else None

    @cached_property
    def entities(self) -> Entities:
        """Its names, numbers, places, days: most items are told apart without them."""
        return self._item.entities

    @cached_property
    def _name_sum(self) -> float:
        return self._idf.sum(self.entities.names)

    def rarest(self, most: int) -> list[tuple[int, float]]:
        """The rarest words, and the share of the whole that each of them is."""
        mass = self.features.mass
        rarest = sorted(self._squares.items(), key=itemgetter(1), reverse=True)[:most]
        return [(one, square / mass) for one, square in rarest]

    def cosine(self, other: Features) -> float:
        """Whether the two are about the same things."""
        return self._direction.cosine(other.meaning)

    def by_words(self, other: Features, *, hours: float | None, same_outlet: bool) -> tuple[float, ...]:
        """The measures of MEASURES as if nothing marked the other item: by words, time and outlet."""
        mine, terms = self.features, other.terms
        mass, own = self._squares.__getitem__, self._own.__getitem__
        shared_theirs = self._short.intersection(terms[: other.in_title])  # their title, anywhere in mine
        shared = shared_theirs.union(self._short.intersection(terms[other.in_title :]))
        shared_mine = shared & self._title
        alike = sum(map(mass, shared))
        both_mine, both_theirs = shared & self._both, shared.intersection(terms[: other.in_both])
        if both_mine or both_theirs:  # a word in title and lead counts twice
            alike += sum(map(mass, both_mine & both_theirs))
            alike += (math.sqrt(2) - 1) * sum(map(mass, both_mine ^ both_theirs))
        short = alike / math.sqrt(mine.mass * other.mass)
        covered_mine = sum(map(mass, shared_mine)) / mine.title_mass
        covered_other = sum(map(mass, shared_theirs)) / other.title_mass
        own_words = sum(map(own, shared))
        own_names = sum(map(own, shared & self.entities.names)) if own_words else 0.0
        body = _cosine(self.body, other.body) if self.body is not None and other.body is not None else 0.0
        return (
            1.0,
            sum(map(mass, shared_mine & shared_theirs)) / math.sqrt(mine.title_mass * other.title_mass),
            short,
            self.cosine(other),
            max(covered_mine, covered_other),
            min(covered_mine, covered_other),
            self._trust * min(own_words, MOST_OWN) / 10,
            self._trust * min(own_names, MOST_OWN_NAMES) / 10,
            *_UNMARKED,
            math.log1p(hours) / 4 if hours is not None else 0.6,  # 0.6: some ten hours, the middle of a story
            float(same_outlet),
            short if same_outlet else 0.0,
            0.0,
            body,
            body * body,
        )

    def by_marks(self, by_words: tuple[float, ...], theirs: Entities) -> tuple[float, ...]:
        """What `by_words` measured, with what the other item's entities add."""
        entities, idf = self.entities, self._idf
        least = min(self._name_sum, idf.sum(theirs.names))
        missing = min(idf.sum(entities.title_names - theirs.names), idf.sum(theirs.title_names - entities.names))
        numbers_differ = (
            bool(entities.title_numbers)
            and bool(theirs.title_numbers)
            and not (entities.title_numbers & theirs.numbers)
            and not (theirs.title_numbers & entities.numbers)
        )
        decree = bool(entities.decrees & theirs.decrees)
        hours, same_outlet, alike, _, *body = by_words[_MARKED.stop :]
        return (
            *by_words[: _MARKED.start],
            idf.sum(entities.names & theirs.names) / least if least else 0.0,
            min(missing, 30.0) / 10,
            min(len(entities.numbers & theirs.numbers), 3) / 3,
            float(numbers_differ),
            float(decree),
            float(bool(entities.decrees) and bool(theirs.decrees) and not decree),
            _apart(entities.laws, theirs.laws),
            float(
                bool(entities.topic)
                and bool(theirs.topic)
                and len(entities.topic & theirs.topic) * 5 < len(entities.topic | theirs.topic)
            ),
            float(bool(entities.places & theirs.places)),
            _apart(entities.places, theirs.places),
            _apart(entities.dates, theirs.dates),
            _apart(entities.scores, theirs.scores),
            float(not entities.scores.isdisjoint(theirs.scores)),
            min(len(entities.quantities & theirs.quantities), 2) / 2,
            hours,
            same_outlet,
            alike,
            float(bool(same_outlet) and entities.opening == theirs.opening != 0),
            *body,
        )


def _apart(mine: frozenset[int], theirs: frozenset[int]) -> float:
    """1 when both name some and none in common."""
    return float(bool(mine) and bool(theirs) and mine.isdisjoint(theirs))


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by measure, for items with title and lead, and for those whose full texts are both known."""

    short: tuple[float, ...]
    long: tuple[float, ...]

    def lift(self, *, long: bool) -> float:
        """By how much entities could lift the log-odds of measures that were taken without them."""
        weights = self.long if long else self.short
        return sum([weights[place] for place in _LIFTING if weights[place] > 0])

    def score(self, measures: tuple[float, ...], *, long: bool) -> float:
        """Log-odds that the two tell one story."""
        odds: float = sum(map(mul, self.long if long else self.short, measures))
        return odds


@cache
def model() -> Model:
    """The shipped weights."""
    data = json.loads(files("monitor.stories.grouping").joinpath("similarity.json").read_text("utf-8"))
    return Model(
        tuple(float(data["short"].get(name, 0.0)) for name in MEASURES),
        tuple(float(data["long"].get(name, 0.0)) for name in MEASURES),
    )


def shipped_idf() -> Idf:
    """Idf with the shipped background and an empty window."""
    return Idf(*_background())


@cache
def _background() -> tuple[dict[int, float], float, int]:
    """How rare each common word is, how rare all others are taken to be, and which version of the rules this is."""
    packed = files("monitor.stories.grouping").joinpath("idf.json.gz").read_bytes()
    data = json.loads(gzip.decompress(packed))
    items, words = int(data["items"]), data["words"]
    rarest = math.log(3 * items / min(words.values()))
    rules_version = crc32(packed + _directions()) ^ READING
    return {term(word): math.log(items / count) for word, count in words.items()}, rarest, rules_version


def _directions() -> bytes:
    return files("monitor.stories.grouping").joinpath("meaning.bin").read_bytes()


def _unit(vector: Vector) -> dict[int, float]:
    return {one: weight / vector.norm for one, weight in zip(vector.terms, vector.weights, strict=True)}


def _cosine(asked: dict[int, float], other: Vector) -> float:
    get = asked.get
    return sum([get(one, 0.0) * weight for one, weight in zip(other.terms, other.weights, strict=True)]) / other.norm
