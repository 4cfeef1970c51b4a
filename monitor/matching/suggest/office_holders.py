"""Watched offices that the news gives to somebody else: who took one over, and since when.

Knows counts only; an office that several share is never proposed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from monitor.matching.held_offices import OfficeHolder
from monitor.matching.offices import OfficeKey
from monitor.matching.suggest.name_counts import NameCounts, SurveyCounts
from monitor.matching.suggest.proposals import Example, Proposal
from monitor.matching.suggest.watched_words import WatchedWords
from monitor.text.words import is_vietnamese

MIN_HOLDINGS: Final = 3  # items that give an office to somebody else


@dataclass(frozen=True, slots=True)
class _Rival:
    """Somebody whom the news calls by an office; `leader` is set when they are watched."""

    name: str
    days: Counter[int]
    outlets: frozenset[str]
    examples: tuple[Example, ...]
    aliases: tuple[str, ...]
    leader: int | None = None


def new_holders(
    names: Mapping[str, NameCounts],
    slips: Mapping[int, Sequence[NameCounts]],
    since: int,
    watched: WatchedWords,
    counts: SurveyCounts,
) -> list[Proposal]:
    """Who took a watched office over, the surest first; `slips` are misspelt names of the holders themselves."""
    found: list[Proposal] = []
    by_office = _named_after(names, watched)
    for office_key in sorted(watched.holders_of, key=lambda office_key: (office_key.title, office_key.state)):
        if office_key.title.startswith("phó "):
            continue  # several share a deputy's office
        for rival in _rivals(office_key, by_office.get(office_key, ()), watched, counts):
            if not _is_news(rival, since) or _ever_held(rival, watched.holders_of[office_key]):
                continue
            told = _still_told(office_key, rival, slips, watched, counts)
            if told < rival.days.total():  # a holder who is named more often still holds it
                found.append(_proposal(office_key, rival, told, watched))
    return sorted(found, key=lambda one: (-one.score, one.name, one.office))


def _named_after(
    names: Mapping[str, NameCounts], watched: WatchedWords
) -> Mapping[OfficeKey, Sequence[tuple[str, NameCounts]]]:
    """The names that stand behind each watched office."""
    by_office: dict[OfficeKey, list[tuple[str, NameCounts]]] = {}
    for key in sorted(names):
        for office_key in names[key].fronts:
            if office_key in watched.holders_of:
                by_office.setdefault(office_key, []).append((key, names[key]))
    return by_office


def _rivals(
    office_key: OfficeKey, named: Sequence[tuple[str, NameCounts]], watched: WatchedWords, counts: SurveyCounts
) -> Iterator[_Rival]:
    """Who is named after an office, last names put to the full names they end."""
    left = dict(named)
    for key in sorted(left, key=lambda key: (-len(key.split()), -left[key].fronts[office_key].total(), key)):
        if key in left:
            yield _whole_rival(key, office_key, left)
    for number, days in sorted(counts.in_office.get(office_key, {}).items()):
        if all(holder.leader != number for holder in watched.holders_of[office_key]):
            yield _Rival(watched.leaders[number].name, Counter(days), frozenset(), (), (), number)


def _whole_rival(key: str, office_key: OfficeKey, left: dict[str, NameCounts]) -> _Rival:
    """A name with its last or first word alone; takes what it uses out of `left`."""
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
    return _Rival(name.written, days, frozenset(outlets), name.examples(), tuple(aliases))


def _is_news(rival: _Rival, since: int) -> bool:
    """Whether enough recent items call them so, on two days or in two outlets."""
    days = rival.days
    if days.total() < MIN_HOLDINGS or not any(day >= since for day in days):
        return False
    return len(days) > 1 or len(rival.outlets) > 1


def _ever_held(rival: _Rival, holders: Sequence[OfficeHolder]) -> bool:
    return any(holder.leader == rival.leader for holder in holders)


def _last_held(rival: _Rival, holders: Sequence[OfficeHolder]) -> list[OfficeHolder]:
    """Who holds an office, as the watchlist has it, on the last day on which the rival is called so."""
    return [holder for holder in holders if holder.on(date.fromordinal(max(rival.days)))]


def _still_told(
    office_key: OfficeKey,
    rival: _Rival,
    slips: Mapping[int, Sequence[NameCounts]],
    watched: WatchedWords,
    counts: SurveyCounts,
) -> int:
    """How many items call the holder so, however spelt, since the rival is called so too."""
    first = min(rival.days)
    told = 0
    for holder in _last_held(rival, watched.holders_of[office_key]):
        days = Counter(counts.in_office.get(office_key, {}).get(holder.leader, Counter()))
        for slip in slips.get(holder.leader, ()):
            days.update(slip.fronts.get(office_key, Counter()))
        told += sum(count for day, count in days.items() if day >= first)
    return told


def _proposal(office_key: OfficeKey, rival: _Rival, told: int, watched: WatchedWords) -> Proposal:
    holders = watched.holders_of[office_key]
    held = _last_held(rival, holders)
    old = held[0] if held else max(holders, key=lambda holder: holder.until or date.max)
    leader = watched.leaders[old.leader]
    index = next(
        place
        for place, office in enumerate(leader.offices)
        if (office.title, office.since, office.until) == (old.written, old.since, old.until)
    )
    first, total = date.fromordinal(min(rival.days)), rival.days.total()
    return Proposal(
        "holder",
        rival.name,
        total - told,
        total,
        f"{total} items call {rival.name} {old.written} since {first}, {told} still call {leader.name} so",
        rival.examples,
        first,
        leader.id,
        old.written,
        index,
        None if rival.leader is None else watched.leaders[rival.leader].id,
        rival.aliases,
        "person",
    )
