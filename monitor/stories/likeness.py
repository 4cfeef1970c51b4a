"""How alike two items are, as a handful of named measures, and what a small trained model makes of them.

Knows nothing of stories or of windows. The weights in likeness.json are trained on labelled pairs by
`python -m benchmarks.stories.train`; every measure has a name, so that each decision can be told in words.
"""

import gzip
import json
import math
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from monitor.stories.fingerprint import Fingerprint, term

BACKGROUND_WEIGHT = 5_000.0  # items: so much the shipped counts weigh beside the window's own

MOST_OWN = 30.0  # some ten rare words in common are enough; more are a shared setting
FEW_STORIES = 100
RARE = 3.0  # -log of the share of items: one in 20; what is more common tells no story from another
OWN_SHARE = 1_500  # stories: a word that one story more in so many has may still be a story's own

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
    """Terms with their weights, of length one."""

    terms: "array[int]"
    weights: "array[float]"


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
    """How rare a word is in the news: a shipped background, and the window's own counts on top."""

    def __init__(self, background: Mapping[int, int], items: int) -> None:
        self._rate = {one: BACKGROUND_WEIGHT * count / items for one, count in background.items()}
        self._least = BACKGROUND_WEIGHT * min(background.values(), default=1) / 3 / items
        self._seen: dict[int, int] = {}
        self._window = 0

    def add(self, terms: Iterable[int], *, first: bool) -> None:
        """Count words that a story has come to tell; `first`: the story is new to the window."""
        self._window += first
        seen = self._seen
        for one in terms:
            seen[one] = seen.get(one, 0) + 1

    def remove(self, terms: Iterable[int], *, last: bool) -> None:
        """Count words that a story has ceased to tell; `last`: it has left the window."""
        self._window -= last
        seen = self._seen
        for one in terms:
            left = seen.get(one, 0) - 1
            if left > 0:
                seen[one] = left
            else:
                seen.pop(one, None)

    def of(self, one: int) -> float:
        """-log of the share of items that have the word."""
        return math.log(
            (BACKGROUND_WEIGHT + self._window) / (self._rate.get(one, self._least) + self._seen.get(one, 0))
        )

    @property
    def trust(self) -> float:
        """How much a word's being a story's own says: in a window of few stories every word is some story's own."""
        return self._window / (self._window + FEW_STORIES)

    def is_own(self, one: int) -> bool:
        """Whether hardly any story but one has the word, as the name of one congress has that many stories share."""
        return self._seen.get(one, 0) <= 1 + self._window // OWN_SHARE

    def vector(self, counts: Mapping[int, int]) -> Vector:
        """Counts as a vector of length one, √count · rarity."""
        weights = [math.sqrt(count) * self.of(one) for one, count in counts.items()]
        norm = math.sqrt(sum(w * w for w in weights)) or 1.0
        return Vector(array("I", counts), array("f", [w / norm for w in weights]))

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

    def __init__(self, sketch: Sketch, rarity: Rarity) -> None:
        self.sketch = sketch
        self.rarity = rarity
        self.title = dict(zip(sketch.title.terms, sketch.title.weights, strict=True))
        self.short = dict(zip(sketch.short.terms, sketch.short.weights, strict=True))
        self.body = dict(zip(sketch.body.terms, sketch.body.weights, strict=True)) if sketch.body else None
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
        )
        of = self.rarity.of
        shared_terms = [t for t in other_terms if t in self.short]
        own = [t for t in shared_terms if self.rarity.is_own(t)]
        own_names = [t for t in own if t in mine.names]
        trust = self.rarity.trust
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
            trust * min(sum(max(0.0, of(t) - RARE) for t in own), MOST_OWN) / 10,
            trust * min(sum(max(0.0, of(t) - RARE) for t in own_names), 20.0) / 10,
            shared / least if least else 0.0,
            min(missing, 30.0) / 10,
            min(numbers, 3) / 3,
            float(numbers_differ),
            float(decree),
            float(bool(mine.decrees) and bool(other.decrees) and not decree),
            float(bool(mine.laws) and bool(other.laws) and not mine.laws & other.laws),
            float(bool(mine.topic) and bool(other.topic) and len(mine.topic & other.topic) * 5 < len(mine.topic | other.topic)),
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
    background, items = _background()
    return Rarity(background, items)


@cache
def _background() -> tuple[dict[int, int], int]:
    packed = files("monitor.stories").joinpath("rarity.json.gz").read_bytes()
    data = json.loads(gzip.decompress(packed))
    return {term(word): count for word, count in data["words"].items()}, int(data["items"])


def _cosine(asked: dict[int, float], other: Vector) -> float:
    get = asked.get
    return sum(get(one, 0.0) * weight for one, weight in zip(other.terms, other.weights, strict=True))
