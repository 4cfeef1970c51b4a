"""Says a story in a few of its own sentences: nothing is rephrased, every sentence is a slice of an article.

Does not judge what is true or new, only what is central. Sentences are chosen together: those whose syllables and pairs
of syllables a person's summary would most likely share (salience.py), each counted once, against the room they take. A
sentence that adds less than its room costs is left out (measured beside its rivals in benchmarks/summaries).
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from monitor.stories.summary.candidates import Candidate, candidates_of, syllables_of
from monitor.stories.summary.choosing import Told, choose
from monitor.stories.summary.matter import Matter
from monitor.stories.summary.salience import Line, grams_of, salience_of
from monitor.types import Item, Match, Sentence

ARTICLE_LENGTH, STORY_LENGTH = 24, 55  # syllables that a person's summary has for each sentence of ours
WATCHED_BONUS = 5.0  # in syllables and pairs that a summary would share; a good sentence has ten
LEAD_BONUS = 1.0  # the journalist's own summary


def summarise(
    items: Sequence[Item],
    *,
    sentences: int = 3,
    chars: int | None = None,
    about: Iterable[Match | str] = (),
    opening: Literal["lead", "first", "best"] = "lead",
) -> tuple[Sentence, ...]:
    """At most `sentences` sentences of the items that together say the story, at most `chars` characters with blanks.

    `about`: watched names or matches; sentences that name them are preferred. `opening` "lead" begins with the first
    sentence of the best article's lead, "first" with that of the first item (an alert, whose opening must not change
    when other outlets join it), "best" leaves that to the score. Nothing fitting gives an empty tuple.
    """
    pool = candidates_of(items)
    if not pool or sentences < 1:
        return ()
    lines, titles = _weigh(pool, [item.title for item in items])
    _value(pool, lines, titles, _names(about))
    matter = Matter(titles, pool)
    for said in pool:
        said.fit = said.fit and not matter.is_left_by(said)
    led = any(item.lead for item in items)  # readers want more than the lead; without one, as much as one would say
    usual = (ARTICLE_LENGTH if len(items) == 1 and not led else STORY_LENGTH) * sentences
    chosen = choose(pool, sentences, chars, _opening(pool, opening, usual), usual, brief=not led)
    told = _in_order(chosen, _put_first(chosen) if opening == "lead" else None)
    return tuple(Sentence(said.text, said.item.id, said.where, said.start, said.end) for said in told)


def _opening(pool: list[Candidate], opening: Literal["lead", "first", "best"], usual: int) -> Candidate | None:
    """The first sentence of the lead that says the story best; the earlier item wins a tie."""
    openers = [said for said in pool if said.opener and (opening == "lead" or said.order == 0)]
    if opening == "best":
        return None
    return max(openers, key=lambda said: (Told().with_(said).score(usual), -said.order), default=None)


def _names(about: Iterable[Match | str]) -> list[str]:
    names: set[str] = set()
    for watched in about:
        if isinstance(watched, str):
            names.add(watched)
        else:
            names.add(watched.name)
            names.update(evidence.text for evidence in watched.evidence)
    return [" ".join(syllables_of(name)) for name in names if name.strip()]


def measured_lines(items: Sequence[Item]) -> tuple[list[Line], list[list[str]]]:
    """The sentences of the items as salience.py measures them, and the titles' syllables."""
    return _weigh(candidates_of(items), [item.title for item in items])


def _weigh(pool: list[Candidate], titles: list[str]) -> tuple[list[Line], list[list[str]]]:
    """Weigh syllables by their rarity among the sentences, and lay the sentences beside the titles."""
    counts = Counter(syllable for said in pool for syllable in set(said.syllables))
    total = len(pool)
    idf = {syllable: math.log(1 + total / count) for syllable, count in counts.items()}
    for said in pool:
        said.weights = {s: n * idf[s] for s, n in Counter(said.syllables).items()}
    title_syllables = [syllables_of(title) for title in titles]
    title = _direction(title_syllables, idf, unseen=math.log(1 + total))
    lines = [Line(said.syllables, said.order, said.place, _cosine(said.weights, title)) for said in pool]
    return lines, title_syllables


def _value(pool: list[Candidate], lines: list[Line], titles: list[list[str]], names: list[str]) -> None:
    """Say of every sentence what its words are worth."""
    salience = salience_of(lines, titles)
    watched = {syllable for name in names for syllable in name.split()}
    for said in pool:
        said.content = frozenset(said.syllables) - watched
        said.grams = {gram: salience[gram] for n in (1, 2) for gram in grams_of(said.syllables, n)}
        said.bonus = (LEAD_BONUS if said.where == "summary" else 0.0) + (
            WATCHED_BONUS if names and _names_one(said.syllables, names) else 0.0
        )


def _names_one(syllables: list[str], names: list[str]) -> bool:
    text = f" {' '.join(syllables)} "
    return any(f" {name} " in text for name in names)


def _direction(texts: Iterable[list[str]], idf: dict[str, float], *, unseen: float) -> dict[str, float]:
    """The mean of texts as a vector of length one, over syllables weighted by rarity."""
    whole: dict[str, float] = {}
    for syllables in texts:
        weights = {s: n * idf.get(s, unseen) for s, n in Counter(syllables).items()}
        norm = _norm(weights) or 1.0
        for syllable, weight in weights.items():
            whole[syllable] = whole.get(syllable, 0.0) + weight / norm
    norm = _norm(whole) or 1.0
    return {syllable: weight / norm for syllable, weight in whole.items()}


def _norm(weights: dict[str, float]) -> float:
    return math.sqrt(sum(w * w for w in weights.values()))


def _cosine(weights: dict[str, float], direction: dict[str, float]) -> float:
    """Cosine, 0..1."""
    norm = _norm(weights)
    return sum(w * direction[s] for s, w in weights.items() if s in direction) / norm if norm else 0.0


def _put_first(chosen: list[Candidate]) -> Candidate | None:
    """The opener of a lead; without one, what stands highest in its article and leans on nothing."""
    if not chosen or chosen[0].opener:
        return chosen[0] if chosen else None
    return min(chosen, key=lambda said: (not said.alone, said.place))


def _in_order(chosen: list[Candidate], first: Candidate | None) -> list[Candidate]:
    """As the articles have them, `first` in front; a leaning sentence right behind the one that it leans on."""
    by_place = {(said.order, said.place): said for said in chosen}
    told: list[Candidate] = []
    for said in sorted(chosen, key=lambda said: (said is not first, said.order, said.place)):
        leans_on = None if said.alone else by_place.get((said.order, said.place - 1))
        if said in told or (leans_on is not None and leans_on not in told):
            continue  # told already, or coming behind that one
        told.append(said)
        behind = by_place.get((said.order, said.place + 1))
        while behind is not None and not behind.alone and behind not in told:
            told.append(behind)
            behind = by_place.get((behind.order, behind.place + 1))
    return told
