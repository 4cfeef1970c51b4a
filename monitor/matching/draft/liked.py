"""What items that somebody likes have in common: a person, or words that say what happens.

Compares with a background of all items; what is drafted from it is for leader_draft.py and event_draft.py.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from monitor.matching import text as texts
from monitor.matching.draft.drafts import Draft
from monitor.matching.draft.keyness import Background, companions
from monitor.matching.draft.name_words import is_family_first
from monitor.matching.draft.roles import role_before
from monitor.matching.matcher import compile_watchlist
from monitor.matching.suggest.rises import log_likelihood
from monitor.matching.text import Text
from monitor.matching.word_sets import shipped_sets
from monitor.text.words import LARGE_LETTERS, is_vietnamese
from monitor.types import Item, Watchlist, WordSet

MOST: Final = 0.6  # of the examples, that have what they are said to have in common
IDEAS: Final = 2
_NAME: Final = re.compile(rf"[{LARGE_LETTERS}]\w+(?:[ -][{LARGE_LETTERS}]\w+){{1,3}}")


@dataclass(frozen=True, slots=True)
class InCommon:
    """A name, or words for something that happens; "" where nothing is common to most examples."""

    words: str
    is_event: bool


def in_common(examples: Sequence[Item], background: Background, sets: Sequence[WordSet] = ()) -> InCommon:
    """What most of the examples have that the background has not: a person before anything else."""
    fields = [(Text(item.title), Text(item.lead)) for item in examples]
    if not fields:
        return InCommon("", is_event=True)
    if name := _person(fields):
        return InCommon(name, is_event=False)
    said = _sets_said(fields, background, (*sets, *shipped_sets()))
    if len(said) < IDEAS:
        found = companions(fields, background, least=2)
        said += [one.term for one in found if one.share >= MOST][: IDEAS - len(said)]
    return InCommon(", ".join(said[:1]) if len(said) < IDEAS else " ".join(said), is_event=True)


def _person(fields: Sequence[tuple[Text, ...]]) -> str:
    """The name of a person that stands in most examples."""
    counts: Counter[str] = Counter()
    for pair in fields:
        counts.update({name for text in pair for name in _persons(text)})
    ranked = sorted(counts, key=lambda name: (-counts[name], -len(name), name))
    return ranked[0] if ranked and counts[ranked[0]] >= MOST * len(fields) else ""


def _persons(text: Text) -> set[str]:
    found = set()
    for run in _NAME.finditer(text.plain):
        words = run[0].split(" ")
        foreign = not any(is_vietnamese(word.lower()) for word in words)
        if is_family_first(words) or (foreign and role_before(text, run.start()) is not None):
            found.add(run[0])
    return found


def _sets_said(fields: Sequence[tuple[Text, ...]], background: Background, sets: Sequence[WordSet]) -> list[str]:
    """The named sets of which most examples say something, those first that the background says least."""
    ranked: list[tuple[float, str]] = []
    for one in sets:
        words = [texts.key(member) for member in one.members if re.fullmatch(r"[\w \-]+", member)]
        if not words:
            continue
        wanted = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")
        having = sum(any(wanted.search(text.low) for text in pair) for pair in fields)
        if having >= MOST * len(fields):
            usual = min(background.total, sum(background.count(word) for word in words))
            ranked.append((-log_likelihood(having, len(fields), usual, max(1, background.total)), one.name))
    return [name for _, name in sorted(ranked)[:IDEAS]]


def with_examples(draft: Draft, examples: Sequence[Item], sets: Sequence[WordSet] = ()) -> Draft:
    """The draft, with a note of how many examples it finds and which it misses."""
    if not examples:
        return draft
    matcher = compile_watchlist(Watchlist("", (draft.watch,), tuple(sets)))
    missed = [item for item in examples if not matcher.match(replace(item, body=""))]
    notes = [f"finds {len(examples) - len(missed)} of the {len(examples)} examples"]
    notes += [f"misses {item.id}: {item.title}" for item in missed[:5]]
    return replace(draft, notes=(*draft.notes, *notes))
