"""Chooses the sentences that together say most in the room there is.

Measures no words: what each is worth comes with the candidates. A beam search after "what has been said counts once".
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from monitor.stories.summary.candidates import Candidate
from monitor.stories.summary.salience import Gram

BEAM = 6  # beginnings that are followed at once
CANDIDATES = 24  # sentences that are combined
WORTH = 0.4  # of the best gain behind a lead
SAME_SAID = 0.8  # share of rare weight that, once said, makes a sentence a repetition
NEARLY_SAME = 0.6  # share of its different syllables that stand in one sentence said: two reports of one event
SAID_AGAIN = 0.45  # share of the pairs of a sentence said that stand in a longer one


@dataclass(frozen=True, slots=True)
class Told:
    """Sentences that are said together."""

    said: tuple[Candidate, ...] = ()
    grams: frozenset[Gram] = frozenset()
    value: float = 0.0  # syllables and pairs that a person's summary is expected to share
    length: int = 0  # syllables
    chars: int = 0

    def gain(self, said: Candidate) -> float:
        """What the sentence would add to the value."""
        grams = self.grams
        return said.bonus + sum(salience for gram, salience in said.grams.items() if gram not in grams)

    def with_(self, said: Candidate) -> "Told":
        """These sentences and one more."""
        return Told(
            (*self.said, said),
            self.grams | said.grams.keys(),
            self.value + self.gain(said),
            self.length + len(said.syllables),
            self.chars + len(said.text) + bool(self.said),
        )

    def score(self, usual: int) -> float:
        """How good a summary they make, against one of `usual` syllables; only to compare."""
        return _expected(self.value, self.length, usual)

    def repeats(self, said: Candidate) -> bool:
        """Whether nearly all that `said` says has been said."""
        total = sum(said.weights.values())
        if sum(w for s, w in said.weights.items() if (s,) in self.grams) > SAME_SAID * total:
            return True
        return any(_says_the_same(said, one) for one in self.said)


class _Step(NamedTuple):
    """One or two sentences more than `told` says, not yet taken: what that would be worth is cheap to say."""

    score: float
    told: Told
    more: tuple[Candidate, ...]


def _says_the_same(one: Candidate, told: Candidate) -> bool:
    """Whether `one` has little that `told` has not, or says half of it again in the same words."""
    if len(one.content & told.content) >= NEARLY_SAME * len(one.content):
        return True
    pairs = [gram for gram in told.grams if len(gram) > 1]
    return sum(gram in one.grams for gram in pairs) >= SAID_AGAIN * len(pairs)


def choose(
    pool: list[Candidate], sentences: int, chars: int | None, first: Candidate | None, usual: int, *, brief: bool
) -> list[Candidate]:
    """Those that together say most, by a beam search. A leaning sentence comes only behind the one it leans on.

    `brief`: fewer than `sentences` when more would not be worth their room.
    """
    left = _sayable(pool)
    before = _befores(left)
    left = _best(left, before, usual)
    room = math.inf if chars is None else chars
    start = _beginning(first, room)
    left = _worth_saying(left, start)
    waiting: list[list[_Step]] = [[] for _ in range(sentences + 1)]  # by how many sentences they have
    waiting[len(start.said)].append(_Step(start.score(usual), start, ()))
    best = start
    for count in range(len(start.said), sentences + 1):
        beam = _tell(waiting[count], room)
        if beam and not (brief and best.said and beam[0].score(usual) <= best.score(usual)):
            best = beam[0]
        for told in beam:
            for step in _steps(told, left, before, usual, most=sentences - count):
                waiting[count + len(step.more)].append(step)
    return list(best.said)


def _sayable(pool: list[Candidate]) -> list[Candidate]:
    """The fitting sentences, or all where none fits; where all lean on others, each as if it stood alone."""
    left = [said for said in pool if said.fit] or pool[:]
    return left if any(said.alone for said in left) else [replace(said, alone=True) for said in left]


def _beginning(first: Candidate | None, room: float) -> Told:
    """What is said in any case: `first`, where it fits."""
    told = Told()
    return told.with_(first) if first is not None and first.fit and len(first.text) <= room else told


def _worth_saying(left: list[Candidate], start: Told) -> list[Candidate]:
    """Behind a lead, all of leads, and what of bodies adds at least WORTH of what the best sentence does.

    A short aside of the background must not fill the room that is left; a watched name that the lead has, too, is no
    reason to say a sentence.
    """
    if not start.said:
        return left
    had = start.said[0].bonus
    gains = {
        id(said): start.gain(said) - min(said.bonus, had)
        for said in left
        if said not in start.said and not start.repeats(said)
    }
    least = WORTH * max(gains.values(), default=0.0)
    return [said for said in left if said.where == "summary" or gains.get(id(said), least) >= least]


def _steps(
    told: Told, left: list[Candidate], before: dict[int, Candidate], usual: int, *, most: int
) -> Iterator[_Step]:
    """What may be said next, at most `most` sentences: one, or a leaning one together with what it leans on."""
    if most < 1:
        return
    for said in left:
        if said in told.said:
            continue
        leans_on = None if said.alone else before.get(id(said))
        if said.alone or leans_on in told.said:
            value, length = told.value + told.gain(said), told.length + len(said.syllables)
            yield _Step(_expected(value, length, usual), told, (said,))
        elif leans_on is not None and leans_on.alone and most >= 2:
            yield _Step(_expected(*_as_pair(told, leans_on, said), usual), told, (leans_on, said))


def _as_pair(told: Told, leans_on: Candidate, said: Candidate) -> tuple[float, int]:
    """Value and length with two sentences more; what both of them say counts once."""
    twice = sum(salience for gram, salience in said.grams.items() if gram in leans_on.grams and gram not in told.grams)
    value = told.value + told.gain(leans_on) + told.gain(said) - twice
    return value, told.length + len(leans_on.syllables) + len(said.syllables)


def _tell(waiting: list[_Step], room: float) -> list[Told]:
    """The best BEAM of what waits, each set of sentences once, nothing that repeats itself or has no room."""
    beam: list[Told] = []
    seen: set[frozenset[int]] = set()
    for step in sorted(waiting, key=lambda one: -one.score):
        key = frozenset(map(id, (*step.told.said, *step.more)))
        if key in seen:
            continue
        seen.add(key)
        told = _taken(step)
        if told is not None and told.chars <= room:
            beam.append(told)
        if len(beam) == BEAM:
            break
    return beam


def _taken(step: _Step) -> Told | None:
    """The step taken; None when one of its sentences says again what has been said."""
    told = step.told
    for said in step.more:
        if told.said and told.repeats(said):
            return None
        told = told.with_(said)
    return told


def _expected(value: float, length: int, usual: int) -> float:
    """The F1 to expect against a summary of usual length, but for a factor: a long sentence must be worth its room."""
    return value / (length + usual)


def _befores(left: list[Candidate]) -> dict[int, Candidate]:
    """Each sentence's neighbour before it, where that may be said, too."""
    by_place = {(said.order, said.place): said for said in left}
    return {id(said): by_place[said.order, said.place - 1] for said in left if (said.order, said.place - 1) in by_place}


def _best(left: list[Candidate], before: dict[int, Candidate], usual: int) -> list[Candidate]:
    """The sentences that may win at all, in their order: the best by themselves."""
    alone = {id(said): Told().with_(said).score(usual) for said in left}
    usable = [said for said in left if said.alone or id(said) in before]
    return sorted(sorted(usable, key=lambda said: -alone[id(said)])[:CANDIDATES], key=lambda s: (s.order, s.place))
