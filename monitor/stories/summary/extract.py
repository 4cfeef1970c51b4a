"""Says a story in a few of its own sentences: nothing is rephrased, every sentence is a slice of an article.

Does not judge what is true or new, only what is central. Sentences are chosen together: those whose syllables and pairs
of syllables a person's summary would most likely share (salience.py), each counted once, against the room they take. A
sentence that adds less than its room costs is left out (measured beside its rivals in benchmarks/summaries).
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from monitor.stories.summary.salience import Gram, Line, grams_of, worth_of
from monitor.text.boilerplate import after_stamp, is_caption
from monitor.text.connectives import FIRST_PERSON, LEANING, POINTING
from monitor.text.sentences import is_whole, split_sentences
from monitor.text.words import nfc
from monitor.types import Item, Match, Sentence

ARTICLE_LENGTH, STORY_LENGTH = 24, 55  # syllables that a person's summary has for each sentence of ours
WATCHED_BONUS = 5.0  # in syllables and pairs that a summary would share; a good sentence has ten
LEAD_BONUS = 1.0  # the journalist's own summary
BEAM = 6  # beginnings that are followed at once
CANDIDATES = 24  # sentences that are combined
TOO_SHORT = 6  # syllables; shorter ones are exclamations and captions
PROSE = 12  # syllables; so long a line without a full stop is a sentence whose stop was forgotten
SAME_SAID = 0.8  # share of rare weight that, once said, makes a sentence a repetition
TOO_LONG = 90  # syllables; longer ones are tables and lists that lost their lines
MAX_SENTENCES = 400  # of one story; what stands later in very long texts is not looked at

_SYLLABLE = re.compile(r"\w+")
_HOLE = re.compile(r"\w ,|, ,|\( *\)|(?:của|và|tại|từ|nhiều|các|những) \(")  # a link that was lost on the way
_QUOTATION = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’")
_NAMELESS = re.compile(  # "…”, ông nói": somebody whose name stands in another sentence
    r"[”\"]\s*[,.–—-]?\s*(?:ông|bà|anh|chị|cô|em|cậu|họ|người này|vị này)\s+(?:này\s+)?(?P<next>\w)", re.IGNORECASE
)
_COUNTED = re.compile(r"(?:thứ (?:hai|ba|tư|năm)|hai là|ba là|bốn là)\s*,\s*+(?!\d|ngày)", re.IGNORECASE)
_FIRST_PERSON = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(FIRST_PERSON, key=len, reverse=True))})(?!\w)", re.IGNORECASE)
_POINTING = re.compile(rf"[“\"'‘(–—-]*\s*(?:\w+\s+){{1,4}}(?:{'|'.join(POINTING)})(?!\w)", re.IGNORECASE)
_LEANING = re.compile(r"[“\"'‘(–—-]*\s*(?:" + "|".join(map(re.escape, LEANING)) + r")(?!\w)", re.IGNORECASE)
# "Ông cho biết", "Theo bà,": a title with no name behind it points to a sentence that is not there
_PRONOUN = re.compile(
    r"[“\"‘'(]*\s*(?:theo\s+)?(?:ông|bà|anh|chị|cô|em|cháu|bé|cậu)(?P<next>\s*,|\s+\w)", re.IGNORECASE
)


@dataclass(slots=True, eq=False)
class _Said:
    """A sentence that could be said."""

    item: Item
    order: int  # of its item among the items
    where: Literal["summary", "body"]
    start: int
    end: int
    text: str
    place: int  # among the sentences of its item
    syllables: list[str]
    fit: bool  # a whole sentence of the news, no caption and no subheading
    alone: bool  # understood without the sentence before it
    opener: bool = False  # first of a lead
    weights: dict[str, float] = field(default_factory=dict)
    grams: dict[Gram, float] = field(default_factory=dict)  # with the worth of each
    bonus: float = 0.0


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
    pool = _candidates(items)
    if not pool or sentences < 1:
        return ()
    names = _names(about)
    lines, titles = _weigh(pool, [item.title for item in items])
    _value(pool, lines, titles, names)
    led = any(item.lead for item in items)  # readers want more than the lead; without one, as much as one would say
    usual = (ARTICLE_LENGTH if len(items) == 1 and not led else STORY_LENGTH) * sentences
    chosen = _choose(pool, sentences, chars, _opening(pool, opening, usual), usual, brief=not led)
    if chosen and opening == "lead" and not chosen[0].opener:
        chosen.sort(key=lambda said: (not said.alone, said.place))  # without leads: what stands highest in its article
    first = chosen[0] if chosen and opening == "lead" else None
    chosen = _in_order(chosen, first)
    return tuple(Sentence(said.text, said.item.id, said.where, said.start, said.end) for said in chosen)


def _in_order(chosen: list[_Said], first: _Said | None) -> list[_Said]:
    """As the articles have them, `first` in front; a leaning sentence right behind the one that it leans on."""
    by_place = {(said.order, said.place): said for said in chosen}
    told: list[_Said] = []
    for said in sorted(chosen, key=lambda said: (said is not first, said.order, said.place)):
        next_one: _Said | None = said
        while next_one is not None and next_one not in told and (next_one is said or not next_one.alone):
            if next_one is said and not said.alone and (before := by_place.get(_before(said))) and before not in told:
                break  # it comes behind that one
            told.append(next_one)
            next_one = by_place.get((next_one.order, next_one.place + 1))
    return told


def stands_alone(sentence: str) -> bool:
    """Whether a reader who has not seen the sentence before it understands who and what it speaks of."""
    if _LEANING.match(sentence) or _POINTING.match(sentence) or _COUNTED.match(sentence):
        return False
    nameless = _NAMELESS.search(sentence)
    if nameless is not None and not nameless["next"].isupper():
        return False
    pronoun = _PRONOUN.match(sentence)
    return pronoun is None or pronoun["next"].strip()[:1].isupper()


def syllables_of(text: str) -> list[str]:
    """The syllables and numbers of a text, casefolded, in order."""
    return _SYLLABLE.findall(nfc(text).casefold())


def _names(about: Iterable[Match | str]) -> list[str]:
    names: set[str] = set()
    for watched in about:
        if isinstance(watched, str):
            names.add(watched)
        else:
            names.add(watched.name)
            names.update(evidence.text for evidence in watched.evidence)
    return [" ".join(syllables_of(name)) for name in names if name.strip()]


def _candidates(items: Sequence[Item]) -> list[_Said]:
    pool: list[_Said] = []
    share = max(20, MAX_SENTENCES // max(1, len(items)))
    for order, item in enumerate(items):
        pool.extend(_sentences_of(item, order)[:share])
    return pool


def _sentences_of(item: Item, order: int) -> list[_Said]:
    found: list[_Said] = []
    fields: tuple[tuple[Literal["summary", "body"], str], ...] = (("summary", item.lead), ("body", item.body))
    for where, text in fields:
        spans = split_sentences(text)
        whole_before = False
        paragraph = -1
        quoted = False
        opened = False  # the lead's first sentence has been met
        for number, (start, end) in enumerate(spans):
            if number == 0:
                start += after_stamp(text[start:end])
            sentence = text[start:end]
            start += len(sentence) - len(sentence.lstrip())
            sentence = text[start:end]
            syllables = syllables_of(sentence)
            if not syllables:
                continue
            if paragraph < 0 or "\n" in text[paragraph:start]:
                quoted = False  # newspapers open a quotation anew with each paragraph, and forget to close it
            inside, quoted = quoted, _still_quoted(sentence, quoted)
            paragraph = end
            whole = is_whole(sentence)
            glued = not whole and number + 1 < len(spans) and spans[number + 1][0] == end  # a headline before its lead
            # a lead may lack its full stop; a line without one in a body is a caption or a subheading
            ends_well = whole or (
                not glued
                and not sentence.rstrip().endswith((":", ",", ";"))
                and ((where == "summary" and not whole_before) or (where == "body" and len(syllables) >= PROSE))
            )
            fit = (
                ends_well
                and TOO_SHORT <= len(syllables) <= TOO_LONG
                and not is_caption(sentence)
                and not (where == "body" and _HOLE.search(sentence))
                and not inside
                and not quoted
                and not _only_quote(sentence)
                and not (where == "body" and _speaks_of_himself(sentence))
            )
            whole_before = whole_before or whole
            opener = where == "summary" and not opened and not glued and len(syllables) >= TOO_SHORT
            opened = opened or not glued
            alone = opener or stands_alone(sentence)
            place = len(found)
            found.append(
                _Said(item, order, where, start, end, sentence, place, syllables, fit or opener, alone, opener)
            )
    return found


def _still_quoted(sentence: str, quoted: bool) -> bool:
    """Whether a quotation is open behind the sentence: what follows are somebody's words without his name."""
    for mark in sentence:
        if mark == "“":
            quoted = True
        elif mark == "”":
            quoted = False
        elif mark == '"':
            quoted = not quoted
    return quoted


def _speaks_of_himself(sentence: str) -> bool:
    """Whether somebody says "tôi" outside quotation marks, as in an interview: his words without his name."""
    return _FIRST_PERSON.search(_QUOTATION.sub("", sentence)) is not None


def _only_quote(sentence: str) -> bool:
    """Whether all of it is one quotation, without its speaker."""
    close = max(sentence.rfind("”"), sentence.rfind('"', 1))
    return sentence[0] in '“"' and close > 0 and len(sentence) - close <= 3


def measured_lines(items: Sequence[Item]) -> tuple[list[Line], list[list[str]]]:
    """The sentences of the items as salience.py measures them, and the titles' syllables."""
    return _weigh(_candidates(items), [item.title for item in items])


def _weigh(pool: list[_Said], titles: list[str]) -> tuple[list[Line], list[list[str]]]:
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


def _value(pool: list[_Said], lines: list[Line], titles: list[list[str]], names: list[str]) -> None:
    """Say of every sentence what its words are worth."""
    worth = worth_of(lines, titles)
    for said in pool:
        said.grams = {gram: worth[gram] for n in (1, 2) for gram in grams_of(said.syllables, n)}
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


def _opening(pool: list[_Said], opening: Literal["lead", "first", "best"], usual: int) -> _Said | None:
    """The first sentence of the lead that says the story best; the earlier item wins a tie."""
    openers = [said for said in pool if said.opener and (opening == "lead" or said.order == 0)]
    if opening == "best":
        return None
    return max(openers, key=lambda said: (_Told().with_(said).score(usual), -said.order), default=None)


@dataclass(frozen=True, slots=True)
class _Told:
    """Sentences that are said together."""

    said: tuple[_Said, ...] = ()
    grams: frozenset[Gram] = frozenset()
    value: float = 0.0  # syllables and pairs that a person's summary is expected to share
    length: int = 0  # syllables
    chars: int = 0

    def gain(self, said: _Said) -> float:
        """What the sentence would add to the value."""
        grams = self.grams
        return said.bonus + sum(worth for gram, worth in said.grams.items() if gram not in grams)

    def with_(self, said: _Said) -> "_Told":
        return _Told(
            (*self.said, said),
            self.grams | said.grams.keys(),
            self.value + self.gain(said),
            self.length + len(said.syllables),
            self.chars + len(said.text) + bool(self.said),
        )

    def score(self, usual: int) -> float:
        return _expected(self.value, self.length, usual)

    def repeats(self, said: _Said) -> bool:
        """Whether nearly all that `said` says has been said."""
        total = sum(said.weights.values())
        return sum(w for s, w in said.weights.items() if (s,) in self.grams) > SAME_SAID * total


def _choose(
    pool: list[_Said], sentences: int, chars: int | None, first: _Said | None, usual: int, *, brief: bool
) -> list[_Said]:
    """Those that together say most, by a beam search. A leaning sentence comes only behind the one it leans on.

    `brief`: fewer than `sentences` when more would not be worth their room.
    """
    left = [said for said in pool if said.fit] or pool[:]
    if not any(said.alone for said in left):
        left = [replace(said, alone=True) for said in left]
    before = _befores(left)
    left = _best(left, before, usual)
    room = chars if chars is not None else sum(len(said.text) + 1 for said in pool)
    start = _Told()
    if first is not None and first.fit and len(first.text) <= room:
        start = start.with_(first)
    # by how many sentences they have: the score of what may be said, what it goes on from, and what it adds
    waiting: list[list[tuple[float, _Told, tuple[_Said, ...]]]] = [[] for _ in range(sentences + 1)]
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


def _tell(waiting: list[tuple[float, _Told, tuple[_Said, ...]]], room: int) -> list[_Told]:
    """The best BEAM of what waits, each set of sentences once, nothing that repeats itself or has no room."""
    states: list[_Told] = []
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


def _before(said: _Said) -> tuple[int, int]:
    return said.order, said.place - 1


def _befores(left: list[_Said]) -> dict[int, _Said]:
    """Each sentence's neighbour before it, where that may be said, too."""
    by_place = {(said.order, said.place): said for said in left}
    return {id(said): by_place[said.order, said.place - 1] for said in left if (said.order, said.place - 1) in by_place}


def _best(left: list[_Said], before: dict[int, _Said], usual: int) -> list[_Said]:
    """The sentences that may win at all, in their order: the best by themselves."""
    alone = {id(said): _Told().with_(said).score(usual) for said in left}
    usable = [said for said in left if said.alone or id(said) in before]
    return sorted(sorted(usable, key=lambda said: -alone[id(said)])[:CANDIDATES], key=lambda s: (s.order, s.place))
