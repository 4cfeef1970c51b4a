"""Says a story in a few of its own sentences: nothing is rephrased, every sentence is a slice of an article.

Does not judge what is true or new, only what is central. A sentence scores by its likeness to the title, to the whole
and its position, over syllables weighted by their rarity among the sentences, less what it repeats (measured against
lead-k and LexRank in benchmarks/summaries; word segmentation and a trained ranker added nothing).
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from monitor.stories.credits import after_stamp, is_caption
from monitor.stories.phrases import LEANING
from monitor.stories.sentences import is_whole, split_sentences
from monitor.types import Item, Match, Sentence

TITLE_WEIGHT = 1.4
CENTROID_WEIGHT = 0.7
POSITION_WEIGHT = 0.3
REPEAT_WEIGHT = 1.1  # likeness to what was already said counts against
LONG_WEIGHT = 0.09  # per doubling (natural log) over FAIR_LENGTH syllables
FAIR_LENGTH = 22
WATCHED_BONUS = 0.35
LEAD_BONUS = 0.15  # the journalist's own summary
TOO_SHORT = 6  # syllables; shorter ones are exclamations and captions
PROSE = 12  # syllables; so long a line without a full stop is a sentence whose stop was forgotten
SAME_SAID = 0.6  # share of rare weight that, once said, makes a sentence a repetition
MAX_SENTENCES = 400  # of one story; what stands later in very long texts is not looked at

_SYLLABLE = re.compile(r"\w+")
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
    norm: float = 0.0
    score: float = 0.0


def summarise(
    items: Sequence[Item],
    *,
    sentences: int = 3,
    chars: int | None = None,
    about: Iterable[Match | str] = (),
    opening: Literal["lead", "first", "best"] = "lead",
) -> tuple[Sentence, ...]:
    """Up to `sentences` sentences of the items that together say the story, at most `chars` characters with blanks.

    `about`: watched names or matches; sentences that name them are preferred. `opening` "lead" begins with the first
    sentence of the best article's lead, "first" with that of the first item (an alert, whose opening must not change
    when other outlets join it), "best" leaves that to the score. Nothing fitting gives an empty tuple.
    """
    pool = _candidates(items)
    if not pool or sentences < 1:
        return ()
    names = _names(about)
    _weigh(pool, [item.title for item in items], names)
    chosen = _choose(pool, sentences, chars, _opening(pool, opening))
    first = chosen[0] if chosen and opening == "lead" else None
    chosen.sort(key=lambda said: (said is not first, said.order, said.place))
    return tuple(Sentence(said.text, said.item.id, said.where, said.start, said.end) for said in chosen)


def stands_alone(sentence: str) -> bool:
    """Whether a reader who has not seen the sentence before it understands who and what it speaks of."""
    if _LEANING.match(sentence):
        return False
    pronoun = _PRONOUN.match(sentence)
    return pronoun is None or pronoun["next"].strip()[:1].isupper()


def syllables_of(text: str) -> list[str]:
    """The syllables and numbers of a text, casefolded, in order."""
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return _SYLLABLE.findall(text.casefold())


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
    for name, text in (("summary", item.lead), ("body", item.body)):
        spans = split_sentences(text)
        whole_before = False
        paragraph = -1
        quoted = False
        for number, (start, end) in enumerate(spans):
            if number == 0:
                start += after_stamp(text[start:end])
            if (tag := text.rfind(">", start, end)) >= 0 and "<" in text[start:tag]:
                start = tag + 1  # a lead out of a feed may open with a picture
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
            # a lead may lack its full stop; a line without one in a body is a caption or a subheading
            fit = (
                (whole or (name == "summary" and not whole_before) or (name == "body" and len(syllables) >= PROSE))
                and len(syllables) >= TOO_SHORT
                and not is_caption(sentence)
                and "<" not in sentence
                and not inside
                and not _only_quote(sentence)
            )
            whole_before = whole_before or whole
            field_name: Literal["summary", "body"] = "summary" if name == "summary" else "body"
            place = len(found)
            opener = name == "summary" and number == 0 and len(syllables) >= TOO_SHORT
            found.append(
                _Said(
                    item,
                    order,
                    field_name,
                    start,
                    end,
                    sentence,
                    place,
                    syllables,
                    fit or opener,
                    opener or stands_alone(sentence),
                    opener,
                )
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


def _only_quote(sentence: str) -> bool:
    """Whether all of it is one quotation, without its speaker."""
    close = max(sentence.rfind("”"), sentence.rfind('"', 1))
    return sentence[0] in '“"' and close > 0 and len(sentence) - close <= 3


def _weigh(pool: list[_Said], titles: list[str], names: list[str]) -> None:
    counts = Counter(syllable for said in pool for syllable in set(said.syllables))
    total = len(pool)
    rarity = {syllable: math.log(1 + total / count) for syllable, count in counts.items()}
    unseen = math.log(1 + total)
    whole: dict[str, float] = {}
    for said in pool:
        said.weights = {s: n * rarity[s] for s, n in Counter(said.syllables).items()}
        said.norm = math.sqrt(sum(w * w for w in said.weights.values()))
        for syllable, weight in said.weights.items():
            whole[syllable] = whole.get(syllable, 0.0) + weight / said.norm
    whole_norm = _norm(whole)
    title: dict[str, float] = {}
    for text in titles:
        weights = {s: n * rarity.get(s, unseen) for s, n in Counter(syllables_of(text)).items()}
        norm = _norm(weights) or 1.0
        for syllable, weight in weights.items():
            title[syllable] = title.get(syllable, 0.0) + weight / norm
    title_norm = _norm(title)
    for said in pool:
        length = len(said.syllables)
        said.score = (
            TITLE_WEIGHT * _likeness(said.weights, said.norm, title, title_norm)
            + CENTROID_WEIGHT * _likeness(said.weights, said.norm, whole, whole_norm)
            + POSITION_WEIGHT / math.sqrt(1 + said.place)
            - (LONG_WEIGHT * math.log(length / FAIR_LENGTH) if length > FAIR_LENGTH else 0.0)
            + (LEAD_BONUS if said.where == "summary" else 0.0)
            + (WATCHED_BONUS if names and _names_one(said.syllables, names) else 0.0)
        )


def _names_one(syllables: list[str], names: list[str]) -> bool:
    text = f" {' '.join(syllables)} "
    return any(f" {name} " in text for name in names)


def _norm(weights: dict[str, float]) -> float:
    return math.sqrt(sum(w * w for w in weights.values()))


def _likeness(a: dict[str, float], a_norm: float, b: dict[str, float], b_norm: float) -> float:
    if not a_norm or not b_norm:
        return 0.0
    if len(a) > len(b):
        a, b = b, a
    return sum(weight * b[s] for s, weight in a.items() if s in b) / (a_norm * b_norm)


def _opening(pool: list[_Said], opening: Literal["lead", "first", "best"]) -> _Said | None:
    """The first sentence of the lead that says the story best; the earlier item wins a tie."""
    openers = [said for said in pool if said.opener and (opening == "lead" or said.order == 0)]
    if opening == "best":
        return None
    return max(openers, key=lambda said: (said.score, -said.order), default=None)


def _choose(pool: list[_Said], sentences: int, chars: int | None, first: _Said | None) -> list[_Said]:
    """Greedily what says most that was not said. A leaning sentence comes only behind the one that it leans on."""
    left = [said for said in pool if said.fit] or pool[:]
    if not any(said.alone for said in left):
        left = [replace(said, alone=True) for said in left]
    by_place = {(said.order, said.place): said for said in left}
    room = chars if chars is not None else sum(len(said.text) + 1 for said in pool)
    nearest = dict.fromkeys(map(id, left), 0.0)
    chosen: list[_Said] = []
    already: set[str] = set()

    def worth(said: _Said) -> float:
        return said.score - REPEAT_WEIGHT * nearest[id(said)]

    def take(said: _Said) -> bool:
        nonlocal room
        left.remove(said)
        if len(said.text) > room or (chosen and _repeats(said, already)):
            return False
        chosen.append(said)
        room -= len(said.text) + 1
        already.update(said.weights)
        for other in left:
            nearest[id(other)] = max(nearest[id(other)], _likeness(other.weights, other.norm, said.weights, said.norm))
        return True

    if first is not None and first in left:
        take(first)
    while len(chosen) < sentences:
        places = {(said.order, said.place) for said in chosen}
        alone = sorted((said for said in left if said.alone or _before(said) in places), key=worth, reverse=True)
        if not alone:
            break
        if len(chosen) + 2 <= sentences:
            pair = max(_pairs(left, by_place), key=lambda two: worth(two[0]) + worth(two[1]), default=None)
            if pair is not None and worth(pair[0]) + worth(pair[1]) > sum(map(worth, alone[:2])):
                if take(pair[0]):
                    take(pair[1])
                else:
                    left.remove(pair[1])
                continue
        take(alone[0])
    return chosen


def _before(said: _Said) -> tuple[int, int]:
    return said.order, said.place - 1


def _pairs(left: list[_Said], by_place: dict[tuple[int, int], _Said]) -> Iterator[tuple[_Said, _Said]]:
    """Leaning sentences with what they lean on, where that can stand alone."""
    still = set(map(id, left))
    for said in left:
        before = by_place.get(_before(said))
        if not said.alone and before is not None and before.alone and id(before) in still:
            yield before, said


def _repeats(said: _Said, already: set[str]) -> bool:
    """Whether nearly all that it says has been said."""
    total = sum(said.weights.values())
    return sum(w for s, w in said.weights.items() if s in already) > (SAME_SAID + 0.25) * total
