"""Chooses the sentences that together say most in the room there is.

Measures no words: what each is worth comes with the candidates. A beam search after "what has been said counts once".
"""

from dataclasses import dataclass, replace

from monitor.stories.summary.candidates import Candidate
from monitor.stories.summary.salience import Gram

BEAM = 6  # beginnings that are followed at once
CANDIDATES = 24  # sentences that are combined
SAME_SAID = 0.8  # share of rare weight that, once said, makes a sentence a repetition


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
        return said.bonus + sum(worth for gram, worth in said.grams.items() if gram not in grams)

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
        return sum(w for s, w in said.weights.items() if (s,) in self.grams) > SAME_SAID * total


def choose(
    pool: list[Candidate], sentences: int, chars: int | None, first: Candidate | None, usual: int, *, brief: bool
) -> list[Candidate]:
    """Those that together say most, by a beam search. A leaning sentence comes only behind the one it leans on.

    `brief`: fewer than `sentences` when more would not be worth their room.
    """
    left = [said for said in pool if said.fit] or pool[:]
    if not any(said.alone for said in left):
        left = [replace(said, alone=True) for said in left]
    before = _befores(left)
    left = _best(left, before, usual)
    room = chars if chars is not None else sum(len(said.text) + 1 for said in pool)
    start = Told()
    if first is not None and first.fit and len(first.text) <= room:
        start = start.with_(first)
    # by how many sentences they have: the score of what may be said, what it goes on from, and what it adds
    waiting: list[list[tuple[float, Told, tuple[Candidate, ...]]]] = [[] for _ in range(sentences + 1)]
    waiting[len(start.said)].append((start.score(usual), start, ()))
    best = start
    for count in range(len(start.said), sentences + 1):
        states = _tell(waiting[count], room)
        if states and (not brief or not best.said or states[0].score(usual) > best.score(usual)):
            best = states[0]
        for state in states if count < sentences else ():
            for said in left:
                if said in state.said:
                    continue
                leans_on = None if said.alone else before.get(id(said))
                if said.alone or leans_on in state.said:
                    value, length = state.value + state.gain(said), state.length + len(said.syllables)
                    waiting[count + 1].append((_expected(value, length, usual), state, (said,)))
                elif leans_on is not None and leans_on.alone and count + 2 <= sentences:
                    twice = sum(
                        worth
                        for gram, worth in said.grams.items()
                        if gram in leans_on.grams and gram not in state.grams
                    )
                    value = state.value + state.gain(leans_on) + state.gain(said) - twice
                    length = state.length + len(leans_on.syllables) + len(said.syllables)
                    waiting[count + 2].append((_expected(value, length, usual), state, (leans_on, said)))
    return list(best.said)


def _tell(waiting: list[tuple[float, Told, tuple[Candidate, ...]]], room: int) -> list[Told]:
    """The best BEAM of what waits, each set of sentences once, nothing that repeats itself or has no room."""
    states: list[Told] = []
    seen: set[frozenset[int]] = set()
    for _, state, more in sorted(waiting, key=lambda one: -one[0]):
        key = frozenset(map(id, (*state.said, *more)))
        if key in seen:
            continue
        seen.add(key)
        for said in more:
            if state.said and state.repeats(said):
                break
            state = state.with_(said)
        else:
            if state.chars <= room:
                states.append(state)
        if len(states) == BEAM:
            break
    return states


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
