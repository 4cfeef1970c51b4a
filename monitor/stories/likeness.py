"""How alike two items are, as a handful of named measures, and what a small trained model makes of them.

Knows nothing of stories or of windows. The weights in likeness.json are trained on labelled pairs by
`python -m benchmarks.stories.train`; every measure has a name, so that each decision can be told in words.
"""

import gzip
import json
import math
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from monitor.stories.fingerprint import Fingerprint, term

MOST_OWN = 30.0  # some ten rare words in common are enough; more are a shared setting
FEW_STORIES = 100
RARE = 3.0  # -log of the share of items: one in 20; what is more common tells no story from another
MEASURES = (
    "bias",
    "title",
    "short",
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
    "hours",
    "same outlet",
    "same outlet, alike",
    "same outlet, same opening",
    "body",
    "body²",
)


@dataclass(frozen=True, slots=True)
class Vector:
    """Terms with their weights."""

    terms: "array[int]"
    weights: "array[float]"
    norm: float


@dataclass(frozen=True, slots=True)
class Sketch:
    """A fingerprint weighed by how rare its words are: what the window keeps of an item."""

    title: Vector
    short: Vector
    body: Vector | None
    names: frozenset[int]
    title_names: frozenset[int]
    numbers: frozenset[int]
    title_numbers: frozenset[int]
    decrees: frozenset[int]
    laws: frozenset[int]
    topic: frozenset[int]
    opening: int
    places: frozenset[int]
    dates: frozenset[int]
    scores: frozenset[int]


class Rarity:
    """How rare a word is in the news, by a shipped background."""

    def __init__(self, background: Mapping[int, float], rarest: float) -> None:
        self._background = background
        self._rarest = rarest

    def of(self, one: int) -> float:
        """-log of the share of items that have the word."""
        return self._background.get(one, self._rarest)

    def rare(self, terms: Iterable[int]) -> list[int]:
        """Those words that tell stories from one another."""
        get, rarest = self._background.get, self._rarest
        return [one for one in terms if get(one, rarest) > RARE]

    def vector(self, counts: Mapping[int, int]) -> Vector:
        """Counts as √count · rarity."""
        get, rarest = self._background.get, self._rarest
        weights = [get(one, rarest) if count == 1 else get(one, rarest) * count**0.5 for one, count in counts.items()]
        return Vector(array("I", counts), array("f", weights), math.hypot(*weights) or 1.0)

    def sketch(self, print_: Fingerprint) -> Sketch:
        """What of a fingerprint is compared."""
        return Sketch(
            title=self.vector(print_.title),
            short=self.vector(print_.short),
            body=self.vector(print_.body) if print_.body else None,
            names=print_.names,
            title_names=print_.title_names,
            numbers=print_.numbers,
            title_numbers=print_.title_numbers,
            decrees=print_.decrees,
            laws=print_.laws,
            topic=print_.topic,
            opening=print_.opening,
            places=print_.places,
            dates=print_.dates,
            scores=print_.scores,
        )


class Asked:
    """A sketch made ready to be compared with many: its vectors as dictionaries."""

    def __init__(self, sketch: Sketch, rarity: Rarity, is_own: Callable[[int], bool], stories: int) -> None:
        """`is_own`: whether hardly any story but one has the word; `stories`: how many there are to tell it from."""
        self.sketch = sketch
        self.rarity = rarity
        self._is_own = cache(is_own)
        self._trust = stories / (stories + FEW_STORIES)  # of few stories every word is some story's own
        self.title = _unit(sketch.title)
        self.short = _unit(sketch.short)
        self.body = _unit(sketch.body) if sketch.body else None
        self.name_mass = self._mass(sketch.names)

    def _mass(self, names: Iterable[int]) -> float:
        of = self.rarity.of
        return sum(of(name) for name in names)

    def measure(self, other: Sketch, *, hours: float | None, same_outlet: bool) -> tuple[float, ...]:
        """The measures of MEASURES, in their order."""
        mine = self.sketch
        title = _cosine(self.title, other.title)
        short = _cosine(self.short, other.short)
        other_terms = set(other.short.terms)
        covered_mine = sum(w * w for t, w in self.title.items() if t in other_terms)
        covered_other = sum(
            w * w for t, w in zip(other.title.terms, other.title.weights, strict=True) if t in self.short
        ) / (other.title.norm * other.title.norm)
        of = self.rarity.of
        own = [t for t in self.rarity.rare(other_terms & self.short.keys()) if self._is_own(t)]
        own_names = [t for t in own if t in mine.names]
        trust = self._trust
        shared = self._mass(mine.names & other.names)
        least = min(self.name_mass, self._mass(other.names))
        missing = min(self._mass(mine.title_names - other.names), self._mass(other.title_names - mine.names))
        numbers = len(mine.numbers & other.numbers)
        numbers_differ = (
            bool(mine.title_numbers)
            and bool(other.title_numbers)
            and not (mine.title_numbers & other.numbers)
            and not (other.title_numbers & mine.numbers)
        )
        decree = bool(mine.decrees & other.decrees)
        body = _cosine(self.body, other.body) if self.body is not None and other.body is not None else 0.0
        return (
            1.0,
            title,
            short,
            max(covered_mine, covered_other),
            min(covered_mine, covered_other),
            trust * min(sum(of(t) - RARE for t in own), MOST_OWN) / 10,
            trust * min(sum(of(t) - RARE for t in own_names), 20.0) / 10,
            shared / least if least else 0.0,
            min(missing, 30.0) / 10,
            min(numbers, 3) / 3,
            float(numbers_differ),
            float(decree),
            float(bool(mine.decrees) and bool(other.decrees) and not decree),
            float(bool(mine.laws) and bool(other.laws) and not mine.laws & other.laws),
            float(
                bool(mine.topic)
                and bool(other.topic)
                and len(mine.topic & other.topic) * 5 < len(mine.topic | other.topic)
            ),
            float(bool(mine.places & other.places)),
            float(bool(mine.places) and bool(other.places) and not mine.places & other.places),
            float(bool(mine.dates) and bool(other.dates) and not mine.dates & other.dates),
            float(bool(mine.scores) and bool(other.scores) and not mine.scores & other.scores),
            math.log1p(hours) / 4 if hours is not None else 0.6,  # 0.6: some ten hours, the middle of a story
            float(same_outlet),
            short if same_outlet else 0.0,
            float(same_outlet and mine.opening == other.opening != 0),
            body,
            body * body,
        )


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by measure, for items with title and lead, and for those whose full texts are both known."""

    short: tuple[float, ...]
    long: tuple[float, ...]

    def score(self, measures: tuple[float, ...], *, long: bool) -> float:
        """Log-odds that the two tell one story."""
        return sum(map(float.__mul__, self.long if long else self.short, measures))


@cache
def model() -> Model:
    """The shipped weights."""
    data = json.loads(files("monitor.stories").joinpath("likeness.json").read_text("utf-8"))
    return Model(
        tuple(float(data["short"].get(name, 0.0)) for name in MEASURES),
        tuple(float(data["long"].get(name, 0.0)) for name in MEASURES),
    )


def new_rarity() -> Rarity:
    """Rarity with the shipped background and an empty window."""
    return Rarity(*_background())


@cache
def _background() -> tuple[dict[int, float], float]:
    """How rare each common word is, and how rare all others are taken to be."""
    packed = files("monitor.stories").joinpath("rarity.json.gz").read_bytes()
    data = json.loads(gzip.decompress(packed))
    items, words = int(data["items"]), data["words"]
    rarest = math.log(3 * items / min(words.values()))
    return {term(word): math.log(items / count) for word, count in words.items()}, rarest


def _unit(vector: Vector) -> dict[int, float]:
    return {one: weight / vector.norm for one, weight in zip(vector.terms, vector.weights, strict=True)}


def _cosine(asked: dict[int, float], other: Vector) -> float:
    get = asked.get
    return sum([get(one, 0.0) * weight for one, weight in zip(other.terms, other.weights, strict=True)]) / other.norm
