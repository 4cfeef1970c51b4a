"""A leader drafted from a name: forms, offices, and what tells them from others of the name, as the items show it.

Pure: reads what a corpus hands it. A draft is for a person to check; nothing here changes a watchlist.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.matching import text as texts
from monitor.matching.draft import keyness, lone_forms, sightings
from monitor.matching.draft.corpus import Corpus
from monitor.matching.draft.drafts import Draft, FieldProposal
from monitor.matching.draft.keyness import Background, Companion
from monitor.matching.draft.lone_forms import LoneForm
from monitor.matching.draft.name_words import is_family_first, orders, parts
from monitor.matching.draft.offices_seen import SeenOffice, body_of, is_particular, is_shared, seen_offices
from monitor.matching.draft.roles import POLITE, PersonRole
from monitor.matching.draft.sightings import FullName, NamedItem, samples
from monitor.matching.draft.similar_names import similar_name
from monitor.matching.draft.slugs import free_id
from monitor.types import Leader, Office, WatchId

BACKGROUND: Final = 3_000  # items that words are compared with
NAMESAKES: Final = 0.15  # of the items with the full name that are somebody else's: with more it is a common name
MOST_NEAR: Final = 6
MOST_NOT: Final = 8


@dataclass(frozen=True, slots=True)
class _Company:
    """Words that go with somebody, for judging and for `near`."""

    all: tuple[Companion, ...]
    near: tuple[str, ...]

    @property
    def terms(self) -> frozenset[str]:
        return frozenset(one.term for one in self.all)


def draft_leader(name: str, corpus: Corpus, *, taken: Collection[str]) -> Draft:
    """A leader from a name; `taken` are ids that are not free. Without a sighting the draft has the name alone."""
    asked = " ".join(name.split())
    asked = asked.title() if asked == asked.lower() else asked
    notes: list[str] = []
    full = sightings.full_name(orders(asked), corpus)
    if not full.items and (other := _otherwise_spelt(asked, full, corpus)):
        notes.append(f"no item has {asked!r}; {other!r} is what they have")
        full = sightings.full_name(orders(other), corpus)
        asked = other
    if not full.items:
        return _nothing(asked, taken, notes)
    shown = _shown(asked, full)
    if texts.key(shown) != texts.key(asked):
        notes.append(f"the items write it {shown!r}")
    background = Background(corpus.sample(BACKGROUND))
    ours, strangers = _persons(full)
    full.items = ours
    company = _company(shown, ours, background)
    return _LeaderDrafting(shown, full, strangers, company, corpus).draft(taken, notes)


def _otherwise_spelt(asked: str, full: FullName, corpus: Corpus) -> str:
    """The name with other marks, or one that sounds nearly like it, as the items have it; "" for none."""
    if full.unmarked:
        return min(full.unmarked, key=lambda form: (-full.unmarked[form], form))
    return similar_name(asked, corpus)


def _nothing(name: str, taken: Collection[str], notes: Sequence[str]) -> Draft:
    watch = Leader(WatchId(free_id(name, taken)), name)
    why = f"no item names {name!r}: nothing is known of other forms, offices or namesakes"
    return Draft(watch, (), (*notes, why), found=False)


def _shown(asked: str, full: FullName) -> str:
    """The name as it was asked for, when the items write it so, else as they write it most often."""
    forms = Counter({form: count for form, count in full.spelt.items() if not form.isupper()}) or full.spelt
    if asked in forms:
        return asked
    best = min(forms, key=lambda form: (-forms[form], form))
    same = texts.key(best) == texts.key(asked)
    return asked if same else best


# ---------------------------------------------------------------- one name, several persons


def _persons(full: FullName) -> tuple[list[NamedItem], list[NamedItem]]:
    """The items of the person who is meant, and those of others of the very same name.

    Meant is whoever has an office; where nobody has, whoever is named most. Of the others a trade, an age or another
    office beside the name tells.
    """
    main = _main_roles(full.items)
    ours: list[NamedItem] = []
    strangers: list[NamedItem] = []
    for named in full.items:
        own = {role.key for role in named.roles} - POLITE
        is_other = named.is_private or (own and main and own.isdisjoint(main) and _tells_apart(named.roles))
        (strangers if is_other else ours).append(named)
    return (ours, strangers) if ours else (list(full.items), [])


def _main_roles(items: Sequence[NamedItem]) -> set[str]:
    """The roles that go together with the most frequent office, or trade where there is no office."""
    counted = sightings.role_counts(items)
    offices = {role.key for named in items for role in named.roles if role.kind != "trade"}
    ranked = sorted(counted, key=lambda key: (key not in offices, -len(counted[key]), key))
    if not ranked:
        return set()
    first = ranked[0].split()
    often = max(3, len(counted[ranked[0]]) // 3)
    return {key for key in counted if key.split()[0] == first[0] or len(counted[key]) >= often} - _TELLING


_TELLING: Final = frozenset(("bị cáo", "bị can", "tài xế", "anh", "chị", "em", "cụ", "bạn", "cô"))


def _tells_apart(given: Sequence[PersonRole]) -> bool:
    """Whether a role can only be another person's: a defendant's, a deputy's, another trade."""
    return any(role.kind == "deputy" or role.key in _TELLING or role.kind == "trade" for role in given)


def _company(name: str, items: Sequence[NamedItem], background: Background) -> _Company:
    fields = [named.texts for named in items]
    found = tuple(keyness.companions(fields, background, without=[name]))
    near = [*_heads(items), *_bodies(items), *keyness.proper_names(fields, background, without=[name])]
    return _Company(found, tuple({texts.key(word): word for word in near}.values())[:MOST_NEAR])


def _trade(role: PersonRole) -> str:
    return " ".join(word if word.isupper() else word.lower() for word in role.written.split())


def _heads(items: Sequence[NamedItem]) -> list[str]:
    """The office without what it is of, as newspapers shorten it: "Thống đốc" for that of the State Bank."""
    particular = {role.key.split()[0] for named in items for role in named.roles if is_particular(role, ours=True)}
    words: Counter[str] = Counter()
    for named in items:
        for role in dict.fromkeys(named.roles):
            if role.kind == "office" and role.key.split()[0] in particular and not body_of(role):
                words[role.written] += 1
    return [word for word, count in words.most_common(1) if count > 1]


def _bodies(items: Sequence[NamedItem]) -> list[str]:
    """What they are of, and their trades: "Ngân hàng Nhà nước", "hoa hậu"."""
    words: Counter[str] = Counter()
    for named in items:
        for role in dict.fromkeys(named.roles):
            if role.kind == "trade" and role.key not in POLITE:
                words[_trade(role)] += 1
            elif role.kind == "office" and is_particular(role, ours=True):
                words[body_of(role)] += 1
    ranked = sorted(words, key=lambda word: (-words[word], word))
    return [word for word in ranked if word and (words[word] > 1 or len(items) < 10)][:3]


# ---------------------------------------------------------------- putting it together


class _LeaderDrafting:
    """One draft on its way: each step adds proposals, the watch is made of those taken."""

    def __init__(
        self,
        name: str,
        full: FullName,
        strangers: Sequence[NamedItem],
        company: _Company,
        corpus: Corpus,
    ) -> None:
        self.name = name
        self.full = full
        self.strangers = strangers
        self.company = company
        self.corpus = corpus
        self.proposals: list[FieldProposal] = []
        self.offices: list[Office] = []

    def draft(self, taken: Collection[str], notes: Sequence[str]) -> Draft:
        """The leader, and what speaks for each line."""
        items = self.full.items
        self._add("name", self.name, len(items), f"in {len(items)} items", items)
        self._spellings()
        forms = self._lone_forms()
        self._offices()
        common = self._namesakes()
        if common or any(form.use == "short" for form in forms):
            for word in self.company.near:
                found = [named for named in items if texts.key(word) in named.low]
                self._add("near", word, len(found), f"in {len(found)} of {len(items)} items", found)
        watch = Leader(
            WatchId(free_id(self.name, taken)),
            self.name,
            aliases=self._values("aliases"),
            short=self._values("short"),
            offices=tuple(self.offices),
            common=common,
            near=self._values("near"),
            exclude=self._values("not"),
        )
        return Draft(watch, tuple(self.proposals), tuple(notes))

    def _add(
        self, field: str, value: str, support: int, why: str, items: Sequence[NamedItem] = (), *, taken: bool = True
    ) -> None:
        self.proposals.append(FieldProposal(field, value, support, why, samples(items), taken))

    def _values(self, field: str) -> tuple[str, ...]:
        return tuple(one.value for one in self.proposals if one.field == field and one.taken)

    def _spellings(self) -> None:
        """The full name in another order or with other marks; hyphens and capitals are one to the engine."""
        known = {texts.key(self.name)}
        for form, count in sorted(self.full.spelt.items(), key=lambda one: (-one[1], one[0])):
            if texts.key(form) not in known and not form.isupper():
                known.add(texts.key(form))
                having = [named for named in self.full.items if form in named.spelt]
                self._add("aliases", form, len(having), f"another spelling, {count} times", having)

    def _lone_forms(self) -> list[LoneForm]:
        plain = parts(self.name)
        behind = lone_forms.addressed(self.name, self.full.items)
        uses = sightings.part_uses([*plain, *behind], self.full, self.corpus)
        forms = [
            lone_forms.judged(use, self.full, self.company.terms, is_syllable=form in behind)
            for form, use in uses.items()
        ]
        known = {texts.key(value) for value in (self.name, *self._values("aliases"))}
        for form in forms:
            if not form.items and not uses[form.form].others:
                continue
            field = {"alias": "aliases", "short": "short"}.get(form.use, "aliases")
            if texts.key(form.form) not in known:
                known.add(texts.key(form.form))
                self._add(field, form.form, form.items, form.why, form.support, taken=form.use != "left out")
        for form in forms:
            if form.use != "left out":
                for nickname, count in uses[form.form].quoted.most_common():
                    if count > 1:
                        self._add("not", nickname, count, "a nickname of others")
        return forms

    def _offices(self) -> None:
        for office in seen_offices(self.full, self.corpus):
            why = _told_of(office)
            taken = not is_shared(office)
            self._add("offices", office.written, len(office.ours), why, office.ours, taken=taken)
            if taken:
                self.offices.append(Office(office.written, office.since, office.until))

    def _namesakes(self) -> bool:
        """Whether the name is common; who the others are is said, and longer names around it are refused."""
        others = len(self.strangers)
        total = others + len(self.full.items)
        if self.strangers:
            called = Counter(role.written for named in self.strangers for role in named.roles)
            who = ", ".join(f"{role} ({count})" for role, count in called.most_common(4)) or "an age or an address"
            why = f"{others} of {total} items are of others: {who}"
            self._add("common", "true", others, why, self.strangers, taken=others > NAMESAKES * total)
        if is_family_first(self.name.split()):
            longer = sorted(self.full.longer.items(), key=lambda one: (-len(one[1]), one[0]))
            for name, items in longer[:MOST_NOT]:
                self._add("not", name, len(items), f"in {len(items)} items, somebody else", items)
        return others > NAMESAKES * total


def _told_of(office: SeenOffice) -> str:
    first, last = office.first, office.last
    parts_of = [f"in {len(office.ours)} items"]
    if first is not None and last is not None:
        parts_of.append(f"{first} to {last}")
    others = sorted(office.others.items(), key=lambda one: (-len(one[1]), one[0]))
    if others:
        told = ", ".join(f"{name} ({len(days)}, {min(days)} to {max(days)})" for name, days in others[:3])
        parts_of.append(f"also called so: {told}")
    if office.since is not None:
        parts_of.append("`since` is the first day seen here: write the true one if it is earlier")
    return "; ".join(parts_of)
