"""Which offices the items give to somebody, from which day on, and who else is called so.

A day is the first that the items show: an earlier true one is better, and only a person knows it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final

from monitor.matching import offices
from monitor.matching import text as texts
from monitor.matching.draft.corpus import Corpus, sieve
from monitor.matching.draft.roles import FORMER, OF_MANY, PersonRole
from monitor.matching.draft.sightings import FullName, NamedItem
from monitor.matching.name_runs import all_vietnamese
from monitor.matching.text import Text
from monitor.text import gazetteer
from monitor.text.variants import words_of
from monitor.text.words import bars, is_vietnamese

MIN_ITEMS: Final = 2  # that call somebody so
MOST_OFFICES: Final = 6
OTHERS: Final = 0.35  # of the names behind an office in its time: with more it is an office of many


@dataclass(slots=True)
class SeenOffice:
    """An office as newspapers write it, with the days on which it is this person's and others'."""

    written: str
    ours: list[NamedItem] = field(default_factory=list)
    others: dict[str, list[date]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None

    @property
    def is_former(self) -> bool:
        """Whether it was theirs once: "Cựu Tổng thống Pháp"."""
        return self.written.lower().startswith("cựu ")

    @property
    def first(self) -> date | None:
        """The first day on which the items call them so."""
        return min((named.day for named in self.ours if named.day), default=None)

    @property
    def last(self) -> date | None:
        """The last day on which the items call them so."""
        return max((named.day for named in self.ours if named.day), default=None)


def seen_offices(full: FullName, corpus: Corpus) -> list[SeenOffice]:
    """The offices of one person that stand beside the name, the most frequent first."""
    spelt = _spelt(full.items, ours=all_vietnamese(full.form))
    heads = Counter(role.key.split()[0] for named in full.items for role in dict.fromkeys(named.roles))
    found = [
        SeenOffice(written, items)
        for written, items in spelt
        if len(items) >= MIN_ITEMS or heads[texts.key(written).removeprefix("cựu ").split()[0]] >= MIN_ITEMS
    ]
    found = found[:MOST_OFFICES]
    if found:
        _note_others(found, full, corpus)
    for group in _groups(found):
        _set_days(group, full)
    return found


def _spelt(items: Sequence[NamedItem], *, ours: bool) -> list[tuple[str, list[NamedItem]]]:
    """The offices with more than a head ("Bộ trưởng" alone is anybody's), with the items that give them."""
    by_key: dict[str, list[NamedItem]] = {}
    forms: dict[str, Counter[str]] = {}
    for named in items:
        for role in dict.fromkeys(named.roles):
            if role.kind == "office" and is_particular(role, ours=ours):
                written = f"cựu {role.written}" if role.former else role.written
                by_key.setdefault(texts.key(written), []).append(named)
                forms.setdefault(texts.key(written), Counter())[written] += 1
    ranked = sorted(by_key, key=lambda key: (-len(by_key[key]), key))
    return [(_written(forms[key]), by_key[key]) for key in ranked]


def _written(forms: Counter[str]) -> str:
    best = min(forms, key=lambda form: (-forms[form], form))
    return best[:1].upper() + best[1:]


def is_particular(role: PersonRole, *, ours: bool) -> bool:
    """Whether an office says of what: "Bộ trưởng Y tế", "Tổng Bí thư", and not "Bộ trưởng"."""
    office_key = offices.office_key(role.written)
    if office_key is not None:
        home = ours and office_key.title in offices.OF_VIETNAM
        return bool(office_key.state) or home or office_key.title in _UNIQUE
    if role.key in OF_MANY:
        return False
    words = role.written.split()
    return any(word[:1].isupper() for word in words[1:]) and any(map(_says_of_what, words[1:]))


def body_of(role: PersonRole) -> str:
    """What an office is of, from its first capital on: "Ngân hàng Nhà nước"."""
    words = role.written.split()
    at = next((at for at, word in enumerate(words) if at and word[:1].isupper()), len(words))
    return " ".join(words[at:])


def _says_of_what(word: str) -> bool:
    return word[:1].isupper() and texts.key(word) not in _BODIES


_UNIQUE: Final = frozenset({"giáo hoàng", "chủ tịch ủy ban châu âu", "chủ tịch hội đồng châu âu"})
_BODIES: Final = frozenset(
    bars(
        """
    ubnd | hđnd | hđqt | trưởng | bí | thư | tịch | thành | tỉnh | huyện | quận | xã | phường | ủy | trung |
    ương | đảng | ban | hội | đồng | thường | trực
    """
    )
)


def _note_others(found: Sequence[SeenOffice], full: FullName, corpus: Corpus) -> None:
    """Who else is named right behind these offices, on which days."""
    whole = {texts.key(written) for written in full.spelt}
    for item in corpus.having(sieve([office.written for office in found])):
        named = NamedItem.of(item)
        if named.day is None:
            continue
        for office in found:
            key = texts.key(office.written)
            for text in named.texts:
                for other in _names_behind(key, text):
                    if not any(_shares(texts.key(other), name) for name in whole):
                        office.others.setdefault(other, []).append(named.day)


def _shares(other: str, name: str) -> bool:
    return bool(set(other.split()) & set(name.split()) - {"nguyễn", "trần", "lê", "phạm", "văn", "thị"})


def _names_behind(key: str, text: Text) -> list[str]:
    names, at = [], text.low.find(key)
    while at >= 0:
        end = at + len(key)
        before = text.low[max(0, at - 12) : at].split()
        if not (before and before[-1] in {*FORMER, "phó", "thứ"}) and text.plain[end : end + 1] == " ":
            words = []
            for word in text.plain[end + 1 : end + 60].split(" "):
                bare = word.rstrip(",.;:)\"'”’!?")
                if not bare[:1].isupper():
                    break
                words.append(bare)
                if bare != word:
                    break
            if (len(words) > 1 or (words and not is_vietnamese(words[0].lower()))) and not _begins_place(words):
                names.append(" ".join(words[:4]))
        at = text.low.find(key, end)
    return names


@cache
def _places() -> frozenset[str]:
    forms = [form for inner, outer in gazetteer.states().values() for form in (*inner, *outer)]
    return frozenset(texts.key(form) for form in (*forms, *gazetteer.HOME_WORDS))


def _begins_place(words: Sequence[str]) -> bool:
    """“Bộ trưởng Y tế Nga Mikhail …”: another country's or town's office."""
    return any(texts.key(" ".join(words[:count])) in _places() for count in range(1, len(words) + 1))


def _groups(found: Sequence[SeenOffice]) -> list[list[SeenOffice]]:
    """Offices that are one in several spellings: "Bộ trưởng Bộ Y tế", "Bộ trưởng Y tế"."""
    groups: dict[tuple[str, ...], list[SeenOffice]] = {}
    for office in found:
        words = " ".join(words_of(office.written)).replace("bộ trưởng bộ ", "bộ trưởng ")
        groups.setdefault(tuple(words.split()), []).append(office)
    return list(groups.values())


def _set_days(group: Sequence[SeenOffice], full: FullName) -> None:
    """`since` where somebody else was called so before, `until` where somebody else is after.

    The first day is the first on which they are named at all once nobody else is called so: the news of an appointment
    names them without the office.
    """
    first = min((office.first for office in group if office.first), default=None)
    last = max((office.last for office in group if office.last), default=None)
    if first is None or last is None or group[0].is_former:
        return
    others: dict[str, list[date]] = {}
    for office in group:
        for name, days in office.others.items():
            others.setdefault(name, []).extend(days)
    since: date | None = None
    before = [max(days) for days in others.values() if max(days) <= first and min(days) < first]
    if before:
        since = min(
            named.day for named in full.items if named.day and (max(before) < named.day <= first or named.day == first)
        )
    after = [min(days) for days in others.values() if min(days) > last and len(days) >= MIN_ITEMS]
    until = min(after, default=None)
    for office in group:
        office.since, office.until = since, until


def is_shared(office: SeenOffice) -> bool:
    """Whether others are called so while this person is: several hold it at once, or it says too little."""
    first, last = office.first, office.last
    if first is None or last is None:
        return False
    if office.is_former:
        first, last = date.min, date.max
    ours = is_vietnamese(texts.key(office.ours[0].spelt[0]).split()[-1])
    within = sum(
        first <= day <= last
        for name, days in office.others.items()
        for day in days
        if not ours or all(map(is_vietnamese, texts.key(name).split()))  # a foreigner's is another country's
    )
    return within > OTHERS * (within + len(office.ours))
