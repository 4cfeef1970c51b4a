"""Spellings that the aliases of a watched leader miss.

Proposes a form only in company that speaks for the leader: fuzzy pairs overlap (true ones fall to a similarity of 44,
false ones reach 91), so similarity alone is nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from monitor.matching import text as texts
from monitor.matching.name_similarity import like, sound
from monitor.matching.suggest.name_counts import NameCounts
from monitor.matching.suggest.proposals import Proposal
from monitor.matching.suggest.watched_words import WatchedWords

MIN_COMPANY: Final = 2  # items in which a spelling stands beside its leader's office or another name of theirs


def missed_spellings(names: Mapping[str, NameCounts], watched: WatchedWords) -> list[Proposal]:
    """Forms near a watched leader's, the surest first: never more than a proposal."""
    forms = _forms(watched)
    owned = {texts.key(form) for each in forms for form, _ in each}
    found: list[Proposal] = []
    for key in sorted(names.keys() - owned):
        name = names[key]
        if name.items > 1 or name.fronts:
            found += _owners_of(name, watched, forms)
    return sorted(found, key=lambda one: (-one.score, one.name, one.leader or ""))


def _owners_of(
    name: NameCounts, watched: WatchedWords, forms: Sequence[Sequence[tuple[str, str]]]
) -> Iterator[Proposal]:
    """A proposal for each leader whose name this may be."""
    behind_office = _behind_offices(name, watched)
    for number in sorted({*name.company, *behind_office}):
        if _is_in_company(name, name.company[number], behind_office[number]):
            similarity = like(name.written, watched.leaders[number], forms[number])
            if similarity is not None:
                yield _proposal(name, watched, number, behind_office[number], similarity)


def _forms(watched: WatchedWords) -> list[list[tuple[str, str]]]:
    """The names of each leader, with how they sound."""
    return [
        [(form, sound(form)) for form in dict.fromkeys((leader.name, *leader.aliases))] for leader in watched.leaders
    ]


def _behind_offices(name: NameCounts, watched: WatchedWords) -> Counter[int]:
    """How often a name stands right behind an office of each watched leader."""
    behind = Counter[int]()
    for office_key, days in name.fronts.items():
        for number in watched.leaders_of.get(office_key, ()):
            behind[number] += days.total()
    return behind


def _is_in_company(name: NameCounts, beside: int, behind: int) -> bool:
    """Whether a name stands beside a leader's other names, or behind the office, often enough to be theirs."""
    if beside < MIN_COMPANY and not behind:
        return False
    return max(beside, behind) * 2 >= name.items  # mostly elsewhere: somebody else's name


def _proposal(name: NameCounts, watched: WatchedWords, number: int, behind: int, similarity: str) -> Proposal:
    leader = watched.leaders[number]
    near = max(name.company[number], behind)
    beside = "the office" if behind else "the office or another name"
    return Proposal(
        "spelling",
        name.written,
        near + (name.items if behind else 0),
        name.items,
        f"looks like {similarity} of {leader.id}; in {near} of {name.items} items beside {beside}",
        name.examples(),
        date.fromordinal(min(name.days)),
        leader.id,
        nature="person",
    )
