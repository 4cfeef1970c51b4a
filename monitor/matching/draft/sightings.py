"""Where the items name somebody: in full, by a part of the name, or where somebody else bears the same.

Reads titles and leads; counts are drawn in leader_draft.py and the files beside it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta, timezone
from itertools import islice
from typing import Final

from monitor.matching import reasons
from monitor.matching import text as texts
from monitor.matching.draft import roles
from monitor.matching.draft.corpus import Corpus, sieve
from monitor.matching.draft.drafts import EXAMPLES, Sample
from monitor.matching.draft.name_words import Place, find, has_vietnamese_marks, word_before, word_behind
from monitor.matching.draft.roles import PersonRole, role_before, role_behind
from monitor.matching.names import FAMILY_NAMES, Surroundings, judge
from monitor.matching.text import Text
from monitor.text import gazetteer
from monitor.text.words import bars, is_vietnamese
from monitor.types import Item

_HANOI: Final = timezone(timedelta(hours=7))
MOST_READ: Final = 1_200  # items of somebody who is named every hour: more of them say nothing new
_ALONE: Final = Surroundings((), (), (), (), shouting=False)


@dataclass(slots=True)
class NamedItem:
    """An item that names somebody, with what it calls them."""

    item: Item
    texts: tuple[Text, ...]
    day: date | None
    roles: list[PersonRole] = field(default_factory=list)
    spelt: list[str] = field(default_factory=list)
    is_private: bool = False  # an age or a home address behind the name

    @classmethod
    def of(cls, item: Item) -> "NamedItem":
        """An item in which nothing was looked for yet."""
        day = item.at.astimezone(_HANOI).date() if item.at else None
        return cls(item, (Text(item.title), Text(item.lead)), day)

    @property
    def sample(self) -> Sample:
        """What is shown of it."""
        return Sample(str(self.item.id), self.item.title)

    @property
    def low(self) -> str:
        """Title and lead as words are looked for."""
        return f"{self.texts[0].low}\n{self.texts[1].low}"


@dataclass(slots=True)
class FullName:
    """The items that name somebody in full, and whose name is only longer or spelt otherwise."""

    form: str
    items: list[NamedItem] = field(default_factory=list)
    spelt: Counter[str] = field(default_factory=Counter)
    longer: dict[str, list[NamedItem]] = field(default_factory=dict)  # other people's names around it
    unmarked: Counter[str] = field(default_factory=Counter)  # with other marks than those that were asked for


def full_name(forms: Sequence[str], corpus: Corpus) -> FullName:
    """Look for a name in all its orders. One with marks is found with its marks, one without with any."""
    sight = FullName(forms[0])
    for item in islice(corpus.having(sieve(forms)), MOST_READ):
        named = NamedItem.of(item)
        for text in named.texts:
            for form in forms:
                for place in find(form, text, any_marks=True):
                    _note(sight, named, text, place, form)
        if named.spelt:
            sight.items.append(named)
    return sight


def _note(sight: FullName, named: NamedItem, text: Text, place: Place, form: str) -> None:
    written = text.plain[place.start : place.end]
    if has_vietnamese_marks(form) and not _same(written, form):
        sight.unmarked[written] += 1
        return
    if longer := _longer_name(text, place):
        sight.longer.setdefault(longer, []).append(named)
        return
    named.spelt.append(written)
    sight.spelt[written] += 1
    named.roles += [each for each in (role_before(text, place.start), role_behind(text, place.end)) if each]
    refused = judge(text, place.start, place.end, _ALONE).refused
    named.is_private |= refused is reasons.ADDRESS_AFTER


def _same(one: str, other: str) -> bool:
    return texts.key(one) == texts.key(other)


def _longer_name(text: Text, place: Place) -> str:
    """Somebody else's name that this one is a part of: "Kimbal Musk", "Tô Lâm Hà"; "" where there is none."""
    name = text.plain[place.start : place.end]
    if text.plain.isupper():
        return ""
    before, behind = word_before(text, place.start), word_behind(text, place.end)
    ours = all(map(is_vietnamese, texts.key(name).split()))
    if behind[:1].isupper() and _goes_on(behind, place.end, text, ours=ours):
        return f"{name} {behind}"
    if before[:1].isupper() and not text.begins_sentence(place.start - len(before) - 1):
        if ours and before.lower() in FAMILY_NAMES:
            return f"{before} {name}"
        if not ours and " " not in name and _is_first_name(before, place.start, text):
            return f"{before} {name}"
    return ""


def _is_first_name(before: str, start: int, text: Text) -> bool:
    """Whether the word before a foreign last name is no place, no short for a body and no end of an office."""
    if is_vietnamese(before.lower()) or (before.isupper() and len(before) <= 5) or _is_place(before):
        return False
    role = role_before(text, start)
    return role is None or role.kind == "trade" or role.written.split()[-1] != before


def _goes_on(behind: str, end: int, text: Text, *, ours: bool) -> bool:
    """Whether a word with a capital behind a name belongs to it."""
    if ours != is_vietnamese(behind.lower()):
        return not ours and not _is_place(behind)
    if not ours:
        return True
    after = end + 1 + len(behind)
    closed = text.plain[after : after + 1] in ("", ",", ".", ")", ";", ":")
    follows = word_behind(text, after)
    return len(behind) > 1 and (closed or not follows[:1].islower() or behind.lower() in _NAME_ENDS)


_NAME_ENDS: Final = frozenset(
    bars(
        """
    anh | hà | nhung | vân | hạnh | gấm | hoa | lan | mai | ngọc | phương | thu | linh | trang | thúy | thủy |
    yến | nga | loan | liên | đào
    """
    )
)


def _is_place(word: str) -> bool:
    key = texts.key(word)
    return any(key == texts.key(form) for inner, outer in gazetteer.states().values() for form in (*inner, *outer))


# ---------------------------------------------------------------- a part of the name


@dataclass(slots=True)
class PartUse:
    """How a part of a name is used in all items: for this person, for others, or alone."""

    form: str
    within: int = 0  # items that have the full name, too, and the part by itself
    alone: list[NamedItem] = field(default_factory=list)  # items with nobody's full name to it
    others: dict[str, list[NamedItem]] = field(default_factory=dict)  # by the name of the other bearer
    quoted: Counter[str] = field(default_factory=Counter)  # “Messi Thái”: a nickname made of it
    lower: int = 0  # times behind a word that makes it a thing


def part_uses(forms: Iterable[str], full: FullName, corpus: Corpus) -> dict[str, PartUse]:
    """Go through all items once for every part of a name."""
    uses = {form: PartUse(form) for form in forms}
    if not uses:
        return uses
    ours = {named.item.id: named for named in full.items}
    whole = [texts.key(written) for written in full.spelt] or [texts.key(full.form)]
    for item in islice(corpus.having(sieve(list(uses))), MOST_READ):
        named = ours.get(item.id) or NamedItem.of(item)
        for form, use in uses.items():
            _note_part(use, form, named, whole, is_ours=item.id in ours)
    return uses


def _note_part(use: PartUse, form: str, named: NamedItem, whole: Sequence[str], *, is_ours: bool) -> None:
    by_itself, strangers = False, []
    for text in named.texts:
        for place in find(form, text):
            if _inside(place, text, whole):
                continue
            if nickname := _nickname(text, place):
                use.quoted[nickname] += 1
            elif stranger := _longer_name(text, place):
                strangers.append(stranger)
            elif not judge(text, place.start, place.end, _ALONE).refused or role_before(text, place.start):
                by_itself = True
    if is_ours:
        use.within += by_itself
    elif strangers:
        for stranger in strangers[:1]:
            use.others.setdefault(stranger, []).append(named)
    elif by_itself:
        use.alone.append(named)


def _inside(place: Place, text: Text, whole: Sequence[str]) -> bool:
    """Whether the part stands in the full name."""
    for name in whole:
        at = text.low.find(name, max(0, place.start - len(name)), place.end + len(name))
        if at >= 0 and at <= place.start and place.end <= at + len(name):
            return True
    return False


def _nickname(text: Text, place: Place) -> str:
    """“Messi Thái”: the words up to the closing quote, when the name stands in quotes with more words."""
    for opened, closed in ("''", '""', "“”", "‘’"):
        if text.plain[place.start - 1 : place.start] == opened or text.plain[place.start - 1 : place.start] == closed:
            stop = text.plain.find(closed, place.end, place.end + 20)
            if stop > place.end + 1:
                return text.plain[place.start : stop].strip()
    return ""


def samples(items: Iterable[NamedItem]) -> tuple[Sample, ...]:
    """The newest few of them, one a title."""
    by_title: dict[str, NamedItem] = {}
    for named in items:
        by_title.setdefault(named.item.title, named)
    newest = sorted(by_title.values(), key=lambda one: (one.day or date.min, str(one.item.id)), reverse=True)
    return tuple(named.sample for named in newest[:EXAMPLES])


def role_counts(items: Iterable[NamedItem]) -> dict[str, list[NamedItem]]:
    """The items by what they call somebody."""
    counted: dict[str, list[NamedItem]] = {}
    for named in items:
        for key in dict.fromkeys(role.key for role in named.roles if role.key not in roles.POLITE):
            counted.setdefault(key, []).append(named)
    return counted
