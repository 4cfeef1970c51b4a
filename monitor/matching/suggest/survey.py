"""What nobody watches yet: names that rise, spellings that the aliases miss, new holders of watched offices.

Proposes only; nothing here changes a watchlist. Pure: a survey takes in item after item, in any order, and keeps
counts a day and three places a name, so that memory grows with the names and not with the items. Full texts are left
alone: what matters stands in titles and leads.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta, timezone
from math import ceil
from typing import Final

from monitor.matching import offices
from monitor.matching import text as texts
from monitor.matching.hits import ALIAS, SHORT, FieldHits
from monitor.matching.name_runs import Run, all_vietnamese, runs, too_plain
from monitor.matching.office_mentions import OfficeMention
from monitor.matching.offices import OfficeKey
from monitor.matching.suggest.name_counts import NameCounts, NamePlace, SurveyCounts, merged
from monitor.matching.suggest.office_holders import new_holders
from monitor.matching.suggest.proposals import Nature, Proposal
from monitor.matching.suggest.rises import rising_names
from monitor.matching.suggest.spellings import missed_spellings
from monitor.matching.suggest.watched_words import WatchedWords
from monitor.text import gazetteer
from monitor.types import Item, Watchlist

MAX_NAMES: Final = 200_000  # what is kept at once; beyond it names seen in a single item are forgotten

_HANOI: Final = timezone(timedelta(hours=7))
_POLITE = re.compile(r"(?:^|(?<=\W))(?:ông|bà|ngài|đồng chí|vợ chồng) $")

NatureReader = Callable[[Sequence[Proposal]], Sequence[Nature]]
"""Says of names whether they are persons."""


@dataclass(slots=True)
class _ItemFacts:
    """What holds for a whole item while its names are counted."""

    day: int
    outlet: str
    outlet_key: str
    company: set[int]  # watched leaders who are named or whose office is
    abroad: bool  # a foreign state is named
    seen: dict[str, bool] = field(default_factory=dict)  # names of this item, and whether counted as inner already


class Survey:
    """Takes in items, then says what of them nobody watches. The order of items does not matter."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._watched = WatchedWords(watchlist)
        self._counts = SurveyCounts()

    # ------------------------------------------------------------ taking in

    def note(self, item: Item) -> None:
        """Count the names of one item. An item without a time is left out."""
        if item.at is None:
            return
        day = item.at.astimezone(_HANOI).date().toordinal()
        counts = self._counts
        counts.items[day] += 1
        counts.outlets.add(item.outlet)
        fields = self._watched.fields(item)
        abroad = any(hit.what != gazetteer.HOME for one in fields for hit in one.states.values())
        facts = _ItemFacts(day, item.outlet, texts.key(item.outlet), self._company(fields), abroad)
        for one in fields:
            if not one.shouting:
                self._note_field(one, facts)
        if len(counts.names) > MAX_NAMES:
            # lossy counting (Manku and Motwani 2002): the rare ones go, what is frequent comes again
            counts.names = {key: name for key, name in counts.names.items() if name.items > 1}

    def _company(self, fields: Sequence[FieldHits]) -> set[int]:
        """The watched leaders whom an item names, or whose office it names with its state."""
        company: set[int] = set()
        for one in fields:
            company.update(use.leader for _, _, use in one.names if use.role in (ALIAS, SHORT))
            for mention in one.mentions:
                if not mention.changed and mention.state is not None:
                    company |= self._watched.leaders_of.get(offices.office_key_of(mention.title, mention.state), set())
        return company

    def _note_field(self, one: FieldHits, facts: _ItemFacts) -> None:
        after_office = {mention.named: mention for mention in one.mentions if mention.named and not mention.changed}
        self._note_holders(one, after_office, facts)
        for run in runs(one, after_office):
            key = texts.key(run.written)
            if not self._is_watched(run, key, one) and key != facts.outlet_key and not too_plain(run):
                self._note_name(run, key, one, after_office.get(run.start), facts)

    def _note_holders(self, one: FieldHits, after_office: Mapping[int, OfficeMention], facts: _ItemFacts) -> None:
        """Count the watched leaders named right after an office."""
        for start, _, use in one.names:
            mention = after_office.get(start)
            if mention is not None and use.role == ALIAS:
                for office_key in self._offices_named(mention, use.written, facts.abroad):
                    self._counts.note_in_office(office_key, use.leader, facts.day)

    def _is_watched(self, run: Run, key: str, one: FieldHits) -> bool:
        """Whether a name, or a part of it, is looked for already."""
        return key in self._watched.of_queries or any(
            start < run.end and run.start < end for start, end, _ in one.names
        )

    def _note_name(self, run: Run, key: str, one: FieldHits, mention: OfficeMention | None, facts: _ItemFacts) -> None:
        """Count a name nobody watches; `mention` is the office right before it."""
        name = self._counts.names.get(key)
        if name is None:
            name = self._counts.names[key] = NameCounts()
        if key not in facts.seen:
            facts.seen[key] = False
            name.note(NamePlace(facts.day, facts.outlet, run.start, one.text.plain), run.written)
            name.company.update(facts.company)
            if run.after:
                name.after[run.after] += 1
        if not run.initial and not facts.seen[key]:
            facts.seen[key] = True
            name.inner += 1
        if _POLITE.search(one.text.low[max(0, run.start - 12) : run.start]):
            name.polite += 1
        if mention is not None:
            for office_key in self._offices_named(mention, run.written, facts.abroad):
                name.note_office(office_key, one.text.plain[mention.start : mention.end], facts.day)

    def _offices_named(self, mention: OfficeMention, name: str, abroad: bool) -> tuple[OfficeKey, ...]:
        """The office before a name; without a state it is ours only for a Vietnamese name in home news."""
        title, state = mention.title, mention.state
        if title == "tt":
            both = (offices.office_key_of(each, state or "") for each in ("tổng thống", "thủ tướng"))
            return tuple(office_key for office_key in both if state and office_key in self._watched.holders_of)[:1]
        if state is None and not self._is_clear_without_state(title, name, abroad):
            return ()
        return (offices.office_key_of(title, state or ""),)

    def _is_clear_without_state(self, title: str, name: str, abroad: bool) -> bool:
        """Whether a lone title before this name says which office it is."""
        if title in offices.NEEDS_STATE:
            return False
        if title in offices.OF_VIETNAM:
            return not abroad and all_vietnamese(name)
        return OfficeKey(title, "") in self._watched.holders_of

    # ------------------------------------------------------------ proposing

    def proposals(self, *, recent: timedelta, limit: int, natures: NatureReader | None = None) -> list[Proposal]:
        """New holders, then missed spellings, then rising names, at most `limit` of each kind, the surest first.

        `recent`: the last days, in whole ones, against all that came before. `natures` is asked about rising names of
        which the texts do not say whether they are persons.
        """
        newest = self._counts.newest_day()
        if newest is None:
            return []
        names = merged(self._counts.names)
        since = newest - max(1, ceil(recent / timedelta(days=1))) + 1
        spellings = missed_spellings(names, self._watched)
        names_left = _less(names, [one.name for one in spellings])
        holders = new_holders(names_left, self._slips(spellings, names), since, self._watched, self._counts)
        names_left = _less(names_left, [form for one in holders for form in (one.name, *one.aliases)])
        rising = rising_names(names_left, since, self._counts)[: limit * 2]
        if natures is not None:
            rising = _with_natures(rising, natures)
        return [*holders[:limit], *spellings[:limit], *rising[:limit]]

    @property
    def has_earlier(self) -> bool:
        """Whether the items span more than one day: without earlier ones nothing can rise."""
        return len(self._counts.items) > 1

    def _slips(
        self, spellings: Sequence[Proposal], names: Mapping[str, NameCounts]
    ) -> Mapping[int, Sequence[NameCounts]]:
        """The missed spellings of each watched leader, by the leader's number."""
        numbers = {leader.id: number for number, leader in reversed([*enumerate(self._watched.leaders)])}
        slips: dict[int, list[NameCounts]] = {}
        for one in spellings:
            if one.leader is not None:
                slips.setdefault(numbers[one.leader], []).append(names[texts.key(one.name)])
        return slips


def _less(names: Mapping[str, NameCounts], taken: Sequence[str]) -> dict[str, NameCounts]:
    keys = {texts.key(form) for form in taken}
    return {key: name for key, name in names.items() if key not in keys}


def _with_natures(rising: Sequence[Proposal], natures: NatureReader) -> list[Proposal]:
    """The same, with what is asked about those of which nothing is known yet."""
    told = list(rising)
    asked = [place for place, one in enumerate(told) if not one.nature]
    if asked:
        for place, nature in zip(asked, natures([told[place] for place in asked]), strict=True):
            told[place] = replace(told[place], nature=nature)
    return told
