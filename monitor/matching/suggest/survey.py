"""What nobody watches yet: names that rise, spellings that the aliases miss, new holders of watched offices.

Proposes only; nothing here changes a watchlist. Pure: a survey takes in item after item, in any order, and keeps
counts a day and three places a name, so that memory grows with the names and not with the items. Full texts are left
alone: what matters stands in titles and leads.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta, timezone
from math import ceil, log
from typing import Final, Literal

from monitor.errors import QueryError
from monitor.matching import lexicon as lex
from monitor.matching import offices
from monitor.matching import text as texts
from monitor.matching.hits import ALIAS, SHORT, FieldHits, Holder, NameUse, sort_hits
from monitor.matching.lexicon import Lexicon
from monitor.matching.name_runs import all_vietnamese, runs, too_plain
from monitor.matching.name_similarity import like, sound
from monitor.matching.names import FAMILY_NAMES
from monitor.matching.offices import OfficeKey
from monitor.matching.query import parse_query
from monitor.matching.text import ItemText, Text
from monitor.text import gazetteer
from monitor.text.words import is_vietnamese
from monitor.types import Item, Leader, WatchId, Watchlist

MAX_NAMES: Final = 200_000  # what is kept at once; beyond it names seen in a single item are forgotten
QUOTES: Final = 3
MIN_ITEMS: Final = 5  # of the recent days, before a name can rise
MIN_RISE: Final = 2.0  # times its earlier share
SURE: Final = 10.83  # log-likelihood beyond which chance explains it once in 1,000 (chi-square, one degree)
MIN_HOLDINGS: Final = 3  # items that give an office to somebody else
MIN_COMPANY: Final = 2  # items in which a spelling stands beside its leader's office or another of his names
MAX_STEPS: Final = 4  # from a short form to the longest
CONFIRMED_BY: Final = 5  # items: so many must be as late as a day before it counts as the newest

_HANOI: Final = timezone(timedelta(hours=7))
_POLITE = re.compile(r"(?:^|(?<=\W))(?:ông|bà|ngài|đồng chí|vợ chồng) $")

Kind = Literal["holder", "spelling", "name"]
Nature = Literal["person", "other", ""]


@dataclass(frozen=True, slots=True, order=True)
class Example:
    """A sentence of an item, with the day and the outlet that printed it."""

    day: date
    outlet: str
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing to add to the watchlists, with what speaks for it; `score` ranks within its kind.

    holder: `name` follows the office `office` since `first`, in place of `leader` (its offices[office_index]); `known`
    is set when a watched leader took over. spelling: `name` looks like a form of `leader`. name: nobody watches it;
    `aliases` are its other forms, `office` what stands before it, `nature` whether it is somebody or something.
    """

    kind: Kind
    name: str
    score: float
    items: int
    why: str
    examples: tuple[Example, ...]
    first: date
    leader: WatchId | None = None
    office: str = ""
    office_index: int | None = None
    known: WatchId | None = None
    aliases: tuple[str, ...] = ()
    nature: Nature = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a name stands; the text is that of one field, the sentence is cut out at the end."""

    day: int
    outlet: str
    start: int
    text: str


@dataclass(slots=True)
class _Name:
    days: Counter[int] = field(default_factory=Counter)
    inner: int = 0  # items where a small letter could have stood: a first word is large in any case
    polite: int = 0
    places: list[_Place] = field(default_factory=list)
    spelt: Counter[str] = field(default_factory=Counter)
    outlets: dict[str, int] = field(default_factory=dict)  # with the newest day of each
    after: Counter[str] = field(default_factory=Counter)  # small words right behind a name of Vietnamese syllables
    fronts: dict[OfficeKey, Counter[int]] = field(default_factory=dict)  # offices right before it, by day
    titles: Counter[tuple[OfficeKey, str]] = field(default_factory=Counter)  # the same as written
    company: Counter[int] = field(default_factory=Counter)  # watched leaders named or meant in the same items

    @property
    def items(self) -> int:
        return self.days.total()

    @property
    def written(self) -> str:
        return min(self.spelt, key=lambda form: (-self.spelt[form], form))

    def note(self, place: _Place, written: str) -> None:
        self.days[place.day] += 1
        self.spelt[written] += 1
        self.outlets[place.outlet] = max(place.day, self.outlets.get(place.outlet, 0))
        if all(other.text != place.text for other in self.places):
            self.places.append(place)
            if len(self.places) > QUOTES:
                self.places.remove(min(self.places, key=lambda one: (one.day, one.outlet, one.text)))

    def absorb(self, other: "_Name") -> None:
        self.days.update(other.days)
        self.inner += other.inner
        self.polite += other.polite
        self.after.update(other.after)
        for outlet, day in other.outlets.items():
            self.outlets[outlet] = max(day, self.outlets.get(outlet, 0))
        self.titles.update(other.titles)
        for office_key, days in other.fronts.items():
            self.fronts.setdefault(office_key, Counter()).update(days)


class Survey:
    """Takes in items, then says what of them nobody watches. The order of items does not matter."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._leaders = [watch for watch in watchlist.watches if isinstance(watch, Leader)]
        self._holders_of: dict[OfficeKey, list[Holder]] = {}
        self._of_seat: dict[OfficeKey, set[int]] = {}
        self._names: dict[str, _Name] = {}
        self._items: Counter[int] = Counter()
        self._outlets: set[str] = set()
        self._holding: dict[OfficeKey, dict[int, Counter[int]]] = {}  # watched leaders named right after an office
        self._known = _words_of_queries(watchlist)
        self._lexicon = self._words()

    def _words(self) -> Lexicon:
        words = Lexicon()
        for number, leader in enumerate(self._leaders):
            for role, forms in ((ALIAS, (leader.name, *leader.aliases)), (SHORT, leader.short)):
                for form in forms:
                    words.add(form, lex.NAME, NameUse(number, role, form), capitals=True)
            for phrase in leader.exclude:
                words.add(phrase, lex.CONTEXT, NameUse(number, "not", phrase))
            for office in leader.offices:
                office_key = offices.office_key(office.title)
                if office_key is not None:
                    self._holders_of.setdefault(office_key, []).append(
                        Holder(number, office.title, office.since, office.until)
                    )
                    self._of_seat.setdefault(office_key, set()).add(number)
        for title, spellings in offices.titles().items():
            for spelling in spellings:
                flags = lex.TITLE | lex.WATCHED_TITLE
                words.add(spelling, flags, title, capitals=spelling != spelling.lower(), twins=False)
        for state, (inner, outer) in gazetteer.states().items():
            for spelling in (*inner, *outer):
                self._add_place(words, spelling, lex.STATE, state)
        for decoy in gazetteer.DECOYS:
            self._add_place(words, decoy, lex.STATE, "")
        for word in gazetteer.HOME_WORDS:
            self._add_place(words, word, lex.HOME, word)
        words.close()
        return words

    @staticmethod
    def _add_place(words: Lexicon, written: str, flag: int, what: str) -> None:
        words.add(written, flag, what, capitals=True)
        words.add(written, lex.TRIGGER, None, capitals=True)  # a page with nothing but places is wanted here as well

    # ------------------------------------------------------------ taking in

    def note(self, item: Item) -> None:
        """Count the names of one item. An item without a time is left out."""
        if item.at is None:
            return
        day = item.at.astimezone(_HANOI).date().toordinal()
        self._items[day] += 1
        self._outlets.add(item.outlet)
        itself = texts.key(item.outlet)
        item_text = ItemText((item.title, item.lead))
        scans, _ = self._lexicon.scan(item_text)
        item_text.settle()
        fields = [
            sort_hits(number, text, scans[number] if scans else ()) for number, text in enumerate(item_text.fields)
        ]
        company: set[int] = set()
        for one in fields:
            if one.titles:
                one.mentions = offices.read(one.text, one.titles, one.states, one.shouting)
            company.update(use.leader for _, _, use in one.names if use.role in (ALIAS, SHORT))
            for mention in one.mentions:
                if not mention.changed and mention.state is not None:
                    company |= self._of_seat.get(offices.office_key_of(mention.title, mention.state), set())
        abroad = any(hit.what != gazetteer.HOME for one in fields for hit in one.states.values())
        seen: dict[str, bool] = {}  # names of this item, and whether counted as inner already
        for one in fields:
            if not one.shouting:
                self._note_field(item, one, day, company, seen, abroad, itself)
        if len(self._names) > MAX_NAMES:
            # lossy counting (Manku and Motwani 2002): the rare ones go, what is frequent comes again
            self._names = {key: name for key, name in self._names.items() if name.items > 1}

    def _note_field(
        self, item: Item, one: FieldHits, day: int, company: set[int], seen: dict[str, bool], abroad: bool, itself: str
    ) -> None:
        after_office = {mention.named: mention for mention in one.mentions if mention.named and not mention.changed}
        watched = one.names
        for start, _, use in watched:
            mention = after_office.get(start)
            if mention is not None and use.role == ALIAS:
                for office_key in self._offices_named(mention.title, mention.state, use.written, abroad):
                    self._holding.setdefault(office_key, {}).setdefault(use.leader, Counter())[day] += 1
        for run in runs(one, after_office):
            if any(start < run.end and run.start < end for start, end, _ in watched):
                continue
            key = texts.key(run.written)
            if key in self._known or key == itself or too_plain(run):
                continue
            name = self._names.get(key)
            if name is None:
                name = self._names[key] = _Name()
            if key not in seen:
                seen[key] = False
                name.note(_Place(day, item.outlet, run.start, one.text.plain), run.written)
                name.company.update(company)
                if run.after:
                    name.after[run.after] += 1
            if not run.initial and not seen[key]:
                seen[key] = True
                name.inner += 1
            if _POLITE.search(one.text.low[max(0, run.start - 12) : run.start]):
                name.polite += 1
            mention = after_office.get(run.start)
            if mention is not None:
                for office_key in self._offices_named(mention.title, mention.state, run.written, abroad):
                    name.fronts.setdefault(office_key, Counter())[day] += 1
                    name.titles[office_key, one.text.plain[mention.start : mention.end]] += 1

    def _offices_named(self, title: str, state: str | None, name: str, abroad: bool) -> tuple[OfficeKey, ...]:
        """The office before a name; without a state it is ours only for a Vietnamese name in home news."""
        if title == "tt":
            both = (offices.office_key_of(each, state or "") for each in ("tổng thống", "thủ tướng"))
            return tuple(office_key for office_key in both if state and office_key in self._holders_of)[:1]
        if state is None:
            if title in offices.NEEDS_STATE or (title in offices.OF_VIETNAM and (abroad or not all_vietnamese(name))):
                return ()
            if title not in offices.OF_VIETNAM and OfficeKey(title, "") not in self._holders_of:
                return ()
        return (offices.office_key_of(title, state or ""),)

    # ------------------------------------------------------------ proposing

    def proposals(
        self, *, recent: timedelta, limit: int, natures: Callable[[Sequence[Proposal]], Sequence[Nature]] | None = None
    ) -> list[Proposal]:
        """New holders, then missed spellings, then rising names, at most `limit` of each kind, the surest first.

        `recent`: the last days, in whole ones, against all that came before. `natures` is asked about rising names of
        which the texts do not say whether they are persons.
        """
        newest = self._newest()
        if newest is None:
            return []
        names = self._merged()
        since = newest - max(1, ceil(recent / timedelta(days=1))) + 1
        spellings = self._spellings(names, since)
        taken = {texts.key(one.name) for one in spellings}
        misspelt: dict[int, list[_Name]] = {}
        for one in spellings:
            number = next(place for place, leader in enumerate(self._leaders) if leader.id == one.leader)
            misspelt.setdefault(number, []).append(names[texts.key(one.name)])
        holders = self._holders({key: name for key, name in names.items() if key not in taken}, misspelt, since)
        taken |= {texts.key(form) for one in holders for form in (one.name, *one.aliases)}
        rising = self._rising({key: name for key, name in names.items() if key not in taken}, since)
        rising = rising[: limit * 2]
        asked = [place for place, one in enumerate(rising) if not one.nature]
        if natures is not None and asked:
            for place, nature in zip(asked, natures([rising[place] for place in asked]), strict=True):
                rising[place] = replace(rising[place], nature=nature)
        return [*holders[:limit], *spellings[:limit], *rising[:limit]]

    @property
    def has_earlier(self) -> bool:
        """Whether the items span more than one day: without earlier ones nothing can rise."""
        return len(self._items) > 1

    def _newest(self) -> int | None:
        """The newest day that several items have reached: one dated far ahead makes nothing recent."""
        later = 0
        for day in sorted(self._items, reverse=True):
            later += self._items[day]
            if later >= CONFIRMED_BY:
                return day
        return max(self._items, default=None)

    def _merged(self) -> dict[str, _Name]:
        """Names that are one: both orders of a name, which the more frequent order then stands for."""
        orders: dict[tuple[str, ...], list[str]] = {}
        for key in sorted(self._names):
            words = key.split()
            if 2 <= len(words) <= 3 and not all(map(is_vietnamese, words)):
                orders.setdefault(tuple(sorted(words)), []).append(key)
        names = dict(self._names)
        for keys in orders.values():
            if len(keys) > 1:
                keys.sort(key=lambda key: (-self._names[key].items, key))
                whole = _copy(names[keys[0]])
                for key in keys[1:]:
                    whole.absorb(names.pop(key))
                    whole.spelt[self._names[key].written] += 1
                names[keys[0]] = whole
        return names

    # ------------------------------------------------------------ new holders

    def _holders(
        self, names: Mapping[str, _Name], misspelt: Mapping[int, Sequence[_Name]], since: int
    ) -> list[Proposal]:
        found: list[Proposal] = []
        by_seat: dict[OfficeKey, list[tuple[str, _Name]]] = {}
        for key in sorted(names):
            for office_key in names[key].fronts:
                if office_key in self._holders_of:
                    by_seat.setdefault(office_key, []).append((key, names[key]))
        for office_key in sorted(self._holders_of, key=lambda office_key: (office_key.title, office_key.state)):
            several = office_key.title.startswith("phó ")
            for rival in self._rivals(office_key, by_seat.get(office_key, ())):
                days = rival.days
                if not any(day >= since for day in days) or days.total() < MIN_HOLDINGS:
                    continue
                first = min(days)
                ever = [holder for holder in self._holders_of[office_key] if holder.leader == rival.leader]
                held = [holder for holder in self._holders_of[office_key] if holder.on(date.fromordinal(max(days)))]
                if ever or (len(days) < 2 and len(rival.outlets) < 2):
                    continue
                told = 0
                for holder in held:
                    counts = Counter(self._holding.get(office_key, {}).get(holder.leader, Counter()))
                    for slip in misspelt.get(holder.leader, ()):
                        counts.update(slip.fronts.get(office_key, Counter()))
                    told += sum(count for day, count in counts.items() if day >= first)
                if several or told >= days.total():
                    continue  # several share a deputy's office, and a holder who is named more often still holds it
                old = (
                    held[0] if held else max(self._holders_of[office_key], key=lambda holder: holder.until or date.max)
                )
                index = next(
                    place
                    for place, office in enumerate(self._leaders[old.leader].offices)
                    if (office.title, office.since, office.until) == (old.written, old.since, old.until)
                )
                leader = self._leaders[old.leader]
                found.append(
                    Proposal(
                        "holder",
                        rival.name,
                        days.total() - told,
                        days.total(),
                        f"{days.total()} items call {rival.name} {old.written} since {date.fromordinal(first)}, "
                        f"{told} still call {leader.name} so",
                        rival.examples,
                        date.fromordinal(first),
                        leader.id,
                        old.written,
                        index,
                        None if rival.leader is None else self._leaders[rival.leader].id,
                        rival.aliases,
                        "person",
                    )
                )
        return sorted(found, key=lambda one: (-one.score, one.name, one.office))

    def _rivals(self, office_key: OfficeKey, named: Sequence[tuple[str, _Name]]) -> Iterator["_Rival"]:
        """Who is named after an office, last names put to the full names they end."""
        left = dict(named)
        for key in sorted(left, key=lambda key: (-len(key.split()), -left[key].fronts[office_key].total(), key)):
            if key not in left:
                continue
            name = left.pop(key)
            days = Counter(name.fronts[office_key])
            aliases: list[str] = []
            outlets = set(name.outlets)
            words = key.split()
            for part in (words[-1], words[0]):
                if len(words) > 1 and part in left:
                    other = left.pop(part)
                    days.update(other.fronts[office_key])
                    outlets |= other.outlets.keys()
                    if not is_vietnamese(part):
                        aliases.append(other.written)
            yield _Rival(name.written, days, frozenset(outlets), _examples(name), tuple(aliases))
        for number, days in sorted(self._holding.get(office_key, {}).items()):
            if all(holder.leader != number for holder in self._holders_of[office_key]):
                yield _Rival(self._leaders[number].name, Counter(days), frozenset(), (), (), number)

    # ------------------------------------------------------------ spellings

    def _spellings(self, names: Mapping[str, _Name], since: int) -> list[Proposal]:
        """Forms near a watched leader's, in company that speaks for him: never more than a proposal.

        Fuzzy pairs overlap (true ones fall to a similarity of 44, false ones reach 91), so it alone is nothing.
        """
        forms = [
            [(form, sound(form)) for form in dict.fromkeys((leader.name, *leader.aliases))] for leader in self._leaders
        ]
        owned = {texts.key(form) for each in forms for form, _ in each}
        found: list[Proposal] = []
        for key in sorted(names):
            name = names[key]
            if name.items < 2 and not name.fronts:
                continue
            before = Counter[int]()
            for office_key, days in name.fronts.items():
                for number in self._of_seat.get(office_key, ()):
                    before[number] += days.total()
            for number in sorted({*name.company, *before}):
                leader = self._leaders[number]
                if key in owned or (name.company[number] < MIN_COMPANY and not before[number]):
                    continue
                similarity = like(name.written, leader, forms[number])
                if similarity is None:
                    continue
                near = max(name.company[number], before[number])
                if near * 2 < name.items:
                    continue  # mostly elsewhere: somebody else's name
                found.append(
                    Proposal(
                        "spelling",
                        name.written,
                        near + (name.items if before[number] else 0),
                        name.items,
                        f"looks like {similarity} of {leader.id}; in {near} of {name.items} items beside "
                        + ("the office" if before[number] else "the office or another name"),
                        _examples(name),
                        date.fromordinal(min(name.days)),
                        leader.id,
                        nature="person",
                    )
                )
        return sorted(found, key=lambda one: (-one.score, one.name, one.leader or ""))

    # ------------------------------------------------------------ rising names

    def _rising(self, names: Mapping[str, _Name], since: int) -> list[Proposal]:
        recent = sum(count for day, count in self._items.items() if day >= since)
        earlier = self._items.total() - recent
        if not recent or not earlier:
            return []
        found: list[_Rise] = []
        for key in sorted(names):
            name = names[key]
            now = sum(count for day, count in name.days.items() if day >= since)
            if now < MIN_ITEMS or name.inner * 4 < name.items:
                continue
            outlets = sum(day >= since for day in name.outlets.values())
            if outlets < 2 and (len(self._outlets) > 2 or sum(day >= since for day in name.days) < 2):
                continue  # what one of several outlets writes of alone is mostly its own campaign or an advertisement
            before = name.items - now
            # half an item on both sides shrinks what was never seen before
            if (now + 0.5) / recent < MIN_RISE * (before + 0.5) / earlier:
                continue
            surprise = log_likelihood(now, recent, before, earlier)
            if surprise >= SURE:
                found.append(_Rise(key, name, surprise, now, before))
        found.sort(key=lambda one: (-one.surprise, one.key))
        risen = [self._risen(one, since) for one in _with_aliases(found)]
        return sorted(risen, key=lambda one: (-one.score, one.name))

    def _risen(self, rise: "_Rise", since: int) -> Proposal:
        name = rise.name
        title = ""
        office_keys = Counter({office_key: days.total() for office_key, days in name.fronts.items()})
        if office_keys:
            office_key = min(office_keys, key=lambda each: (-office_keys[each], each.title, each.state))
            as_written = {form: count for (which, form), count in name.titles.items() if which == office_key}
            fit = [form for form in as_written if offices.office_key(form) == office_key]
            if office_keys[office_key] >= MIN_HOLDINGS and fit:
                title = min(fit, key=lambda form: (-as_written[form], form))
        words = rise.key.split()
        family = 2 < len(words) < 5 and all(map(is_vietnamese, words)) and words[0] in FAMILY_NAMES
        nature: Nature = "person" if title or family or name.polite * 10 >= name.items else ""
        day = date.fromordinal(since)
        reason = f"in {rise.now} items since {day}, in {rise.before} before (log-likelihood {rise.surprise:.0f})"
        # whoever watches leaders asks for persons first, and for those with an office most
        weight = 2.0 if office_keys.total() * 4 >= name.items else 1.5 if nature else 1.0
        written = name.written
        if not nature and name.after:
            word, count = min(name.after.items(), key=lambda one: (-one[1], one[0]))
            if count * 10 >= name.items * 6:
                written, nature = f"{written} {word}", "other"
        return Proposal(
            "name",
            written,
            round(rise.surprise * weight, 1),
            name.items,
            reason,
            _examples(name),
            date.fromordinal(min(name.days)),
            office=title,
            aliases=rise.aliases,
            nature=nature,
        )


@dataclass(frozen=True, slots=True)
class _Rival:
    name: str
    days: Counter[int]
    outlets: frozenset[str]
    examples: tuple[Example, ...]
    aliases: tuple[str, ...]
    leader: int | None = None


def log_likelihood(now: int, recent: int, before: int, earlier: int) -> float:
    """How surprising `now` of `recent` items is beside `before` of `earlier`: G² of the two by two table.

    Dunning 1993, "Accurate Methods for the Statistics of Surprise and Coincidence", Computational Linguistics 19 (1).
    Unlike a ratio it does not fall for a name seen twice, unlike a difference not for one that is always there.
    """
    total = recent + earlier
    share = (now + before) / total
    surprise = 0.0
    for seen, of in ((now, recent), (before, earlier)):
        for count, expected in ((seen, of * share), (of - seen, of * (1 - share))):
            if count:
                surprise += count * log(count / expected)
    return 2 * surprise


@dataclass(frozen=True, slots=True)
class _Rise:
    """A name that rises: how surely, and its items on both sides."""

    key: str
    name: _Name
    surprise: float
    now: int
    before: int
    aliases: tuple[str, ...] = ()


def _with_aliases(found: Sequence[_Rise]) -> list[_Rise]:
    """Each name once: a part that is short for a longer rising name goes with it, a rare longer one with its part."""
    by_key = {one.key: one for one in found}
    wholes: dict[str, list[str]] = {}
    for key in by_key:
        words = key.split()
        ends = {" ".join(words[:count]) for count in range(1, len(words))}
        for part in ends | {" ".join(words[count:]) for count in range(1, len(words))}:
            if part in by_key:
                wholes.setdefault(part, []).append(key)
    owner: dict[str, str] = {}
    for part in sorted(wholes):
        best = min(wholes[part], key=lambda key: (-by_key[key].now, key))
        if by_key[best].now * 4 >= by_key[part].now:
            owner[part] = best
        else:
            for whole in wholes[part]:
                owner.setdefault(whole, part)
    kept: dict[str, _Rise] = {}
    for one in found:  # the surest first, so a group stands where its surest name stood
        root = one.key
        for _ in range(MAX_STEPS):
            root = owner.get(root, root)
        group = kept.get(root) or replace(by_key[root], surprise=max(one.surprise, by_key[root].surprise))
        if one.key != root and " " not in one.key and not is_vietnamese(one.key):
            group = replace(group, aliases=(*group.aliases, one.name.written))
        kept[root] = group
    return list(kept.values())


def _words_of_queries(watchlist: Watchlist) -> set[str]:
    """What events look for already."""
    known: set[str] = set()
    for watch in watchlist.watches:
        if isinstance(watch, Leader):
            continue
        for written in watch.match:
            try:
                known.update(texts.key(term.text).removesuffix(" *") for term in parse_query(written).terms())
            except QueryError:
                continue  # told by monitor check; a suggestion needs no whole watchlist
    return known


def _examples(name: _Name) -> tuple[Example, ...]:
    examples = []
    for place in sorted(name.places, key=lambda one: (-one.day, one.outlet, one.text)):
        begin, end = Text(place.text).sentence(place.start)
        examples.append(Example(date.fromordinal(place.day), place.outlet, place.text[begin:end].strip()))
    return tuple(examples)


def _copy(name: _Name) -> _Name:
    copy = _Name(places=list(name.places), company=Counter(name.company), spelt=Counter(name.spelt))
    copy.absorb(name)
    return copy


__all__ = ["Example", "Kind", "Nature", "Proposal", "Survey", "log_likelihood"]
