"""Which parts of a name are enough by themselves, and which need support: judged by what the items print.

Knows counts; where a part stands was read in sightings.py.
"""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Literal

from monitor.matching.draft.name_words import syllables
from monitor.matching.draft.roles import role_before
from monitor.matching.draft.sightings import FullName, NamedItem, PartUse
from monitor.matching.name_runs import all_vietnamese
from monitor.matching.text import Text
from monitor.text.words import LARGE_LETTERS, is_vietnamese

NOBODY: Final = 0.02  # the same of a foreign part that practically nobody else bears
SAFE: Final = 0.10  # of all whose full name ends so: with fewer others a part is theirs
FEW: Final = 3  # items without the full name: of fewer nothing can be said by their words
RARE: Final = 0.02  # of the items with the full name: a part that stands in fewer is not what people say
SAME_COMPANY: Final = 0.45  # times as often beside the same words as the full name is

Use = Literal["alias", "short", "left out"]


@dataclass(frozen=True, slots=True)
class LoneForm:
    """A part of a name, how it may be used, and why."""

    form: str
    use: Use
    items: int
    why: str
    support: Sequence[NamedItem]


def judged(use: PartUse, full: FullName, company: AbstractSet[str], *, is_syllable: bool) -> LoneForm:
    """Whether a part may stand alone: by how many others bear it, and by the words beside it."""
    others = sum(map(len, use.others.values()))
    ours = len(full.items)
    items = use.within + len(use.alone)
    if items < RARE * ours or not items:
        return LoneForm(use.form, "left out", items, "hardly used", use.alone)
    share = others / (others + ours)
    alike = _alike(use.alone, full.items, company)
    foreign = not all_vietnamese(use.form)
    nobody_elses = foreign and (len(use.alone) < FEW or share <= NOBODY)
    borne = _borne(use)
    if is_syllable:
        together = use.within / items
        safe = share <= SAFE and together >= 0.5 and alike >= SAME_COMPANY
        why = f"beside the full name in {use.within} of {items} items"
    else:
        safe = share <= SAFE and (nobody_elses or alike >= SAME_COMPANY)
        why = f"alone in {items} items, of which {use.within} have the full name"
    if borne:
        why += f"; others: {borne}"
    if safe:
        return LoneForm(use.form, "alias", items, why, use.alone)
    if use.within or alike >= SAME_COMPANY:
        return LoneForm(use.form, "short", items, f"{why}: needs support in the item", use.alone)
    return LoneForm(use.form, "left out", items, f"{why}: mostly somebody else", use.alone)


def _borne(use: PartUse) -> str:
    """The other bearers, the most frequent first."""
    ranked = sorted(use.others.items(), key=lambda one: (-len(one[1]), one[0]))
    return ", ".join(f"{name} ({len(items)})" for name, items in ranked[:4])


def _alike(alone: Sequence[NamedItem], ours: Sequence[NamedItem], company: AbstractSet[str]) -> float:
    """How often the items with the part alone have words that go with the full name, against those with the latter."""
    if not company or not alone or not ours:
        return 1.0 if not alone else 0.0
    wanted = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(company)))})(?!\w)")
    usual = sum(wanted.search(named.low) is not None for named in ours) / len(ours)
    there = sum(wanted.search(named.low) is not None for named in alone) / len(alone)
    return there / usual if usual else 0.0


def addressed(name: str, items: Iterable[NamedItem]) -> list[str]:
    """“ông Vượng”, “HLV Kim”: a syllable of the name behind what people are called, beside the full name."""
    forms: dict[str, int] = {}
    for syllable in syllables(name):
        wanted = re.compile(rf"(?<=\w ){re.escape(syllable)}(?! [{LARGE_LETTERS}])(?![\w-])")
        for named in items:
            for text in named.texts:
                for found in wanted.finditer(text.plain):
                    if form := _address(text, found.start(), syllable):
                        forms[form] = forms.get(form, 0) + 1
    ranked = sorted(forms.items(), key=lambda one: (-one[1], one[0]))
    return _one_each(form for form, count in ranked if count > 1)[:4]


def _address(text: Text, start: int, syllable: str) -> str:
    role = role_before(text, start)
    if role is None or len(role.written.split()) > 2:
        return ""
    head = role.written if role.written.isupper() else role.written[:1].lower() + role.written[1:]
    last = head.split()[-1]
    return f"{head} {syllable}" if last.isupper() or not last[0].isupper() or not is_vietnamese(last.lower()) else ""


def _one_each(forms: Iterable[str]) -> list[str]:
    kept: dict[str, str] = {}
    for form in forms:
        kept.setdefault(form.lower(), form)
    return list(kept.values())
