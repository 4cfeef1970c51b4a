"""What is counted of names: on which days, in which outlets, behind which offices, beside which leaders.

Counts only; which names are taken in is decided in suggest/survey.py.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from monitor.matching.offices import OfficeKey
from monitor.matching.suggest.proposals import Example
from monitor.matching.text import Text
from monitor.text.words import is_vietnamese

QUOTES: Final = 3  # places kept of a name
CONFIRMED_BY: Final = 5  # items: so many must be as late as a day before it counts as the newest


@dataclass(frozen=True, slots=True)
class NamePlace:
    """Where a name stands; the text is that of one field, the sentence is cut out at the end."""

    day: int
    outlet: str
    start: int
    text: str


@dataclass(slots=True)
class NameCounts:
    """What is known of one name. Days are ordinals, as everywhere in a survey."""

    days: Counter[int] = field(default_factory=Counter)
    inner: int = 0  # items where a small letter could have stood: a first word is large in any case
    polite: int = 0
    places: list[NamePlace] = field(default_factory=list)
    spelt: Counter[str] = field(default_factory=Counter)
    outlets: dict[str, int] = field(default_factory=dict)  # with the newest day of each
    after: Counter[str] = field(default_factory=Counter)  # small words right behind a name of Vietnamese syllables
    fronts: dict[OfficeKey, Counter[int]] = field(default_factory=dict)  # offices right before it, by day
    titles: Counter[tuple[OfficeKey, str]] = field(default_factory=Counter)  # the same as written
    company: Counter[int] = field(default_factory=Counter)  # watched leaders named or meant in the same items

    @property
    def items(self) -> int:
        """In how many items it stands."""
        return self.days.total()

    @property
    def written(self) -> str:
        """As it is written most often."""
        return min(self.spelt, key=lambda form: (-self.spelt[form], form))

    def note(self, place: NamePlace, written: str) -> None:
        """Count an item more in which it stands."""
        self.days[place.day] += 1
        self.spelt[written] += 1
        self.outlets[place.outlet] = max(place.day, self.outlets.get(place.outlet, 0))
        if all(other.text != place.text for other in self.places):
            self.places.append(place)
            if len(self.places) > QUOTES:
                self.places.remove(min(self.places, key=lambda one: (one.day, one.outlet, one.text)))

    def note_office(self, office_key: OfficeKey, written: str, day: int) -> None:
        """Count an office right before it."""
        self.fronts.setdefault(office_key, Counter())[day] += 1
        self.titles[office_key, written] += 1

    def absorb(self, other: "NameCounts") -> None:
        """Add the counts of a name that is this one; its places, spellings and company are left out."""
        self.days.update(other.days)
        self.inner += other.inner
        self.polite += other.polite
        self.after.update(other.after)
        for outlet, day in other.outlets.items():
            self.outlets[outlet] = max(day, self.outlets.get(outlet, 0))
        self.titles.update(other.titles)
        for office_key, days in other.fronts.items():
            self.fronts.setdefault(office_key, Counter()).update(days)

    def copy(self) -> "NameCounts":
        """The same counts, free to be changed."""
        copy = NameCounts(places=list(self.places), company=Counter(self.company), spelt=Counter(self.spelt))
        copy.absorb(self)
        return copy

    def examples(self) -> tuple[Example, ...]:
        """Its sentences, the newest first."""
        examples = []
        for place in sorted(self.places, key=lambda one: (-one.day, one.outlet, one.text)):
            begin, end = Text(place.text).sentence(place.start)
            examples.append(Example(date.fromordinal(place.day), place.outlet, place.text[begin:end].strip()))
        return tuple(examples)


@dataclass(slots=True)
class SurveyCounts:
    """What is counted of all items taken in."""

    items: Counter[int] = field(default_factory=Counter)  # by day
    outlets: set[str] = field(default_factory=set)
    names: dict[str, NameCounts] = field(default_factory=dict)
    # watched leaders named right after an office: how often on which day
    in_office: dict[OfficeKey, dict[int, Counter[int]]] = field(default_factory=dict)

    def note_in_office(self, office_key: OfficeKey, leader: int, day: int) -> None:
        """Count that an item calls a watched leader so."""
        self.in_office.setdefault(office_key, {}).setdefault(leader, Counter())[day] += 1

    def newest_day(self) -> int | None:
        """The newest day that several items have reached: one dated far ahead makes nothing recent."""
        later = 0
        for day in sorted(self.items, reverse=True):
            later += self.items[day]
            if later >= CONFIRMED_BY:
                return day
        return max(self.items, default=None)


def merged(names: Mapping[str, NameCounts]) -> dict[str, NameCounts]:
    """Names that are one: both orders of a name, which the more frequent order then stands for."""
    one_each = dict(names)
    for keys in _orders(names):
        keys.sort(key=lambda key: (-names[key].items, key))
        whole = one_each[keys[0]].copy()
        for key in keys[1:]:
            whole.absorb(one_each.pop(key))
            whole.spelt[names[key].written] += 1
        one_each[keys[0]] = whole
    return one_each


def _orders(names: Mapping[str, NameCounts]) -> list[list[str]]:
    """Foreign names of the same words in more than one order."""
    orders: dict[tuple[str, ...], list[str]] = {}
    for key in sorted(names):
        words = key.split()
        if 2 <= len(words) <= 3 and not all(map(is_vietnamese, words)):
            orders.setdefault(tuple(sorted(words)), []).append(key)
    return [keys for keys in orders.values() if len(keys) > 1]
