"""Names that rise: more frequent in the recent days than before, beyond what chance explains.

Knows counts only; whoever is watched already was left out when they were taken.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log
from typing import Final

from monitor.matching import offices
from monitor.matching.names import FAMILY_NAMES
from monitor.matching.offices import OfficeKey
from monitor.matching.suggest.name_counts import NameCounts, SurveyCounts
from monitor.matching.suggest.proposals import Nature, Proposal
from monitor.text.words import is_vietnamese

MIN_ITEMS: Final = 5  # of the recent days, before a name can rise
MIN_RISE: Final = 2.0  # times its earlier share
SURE: Final = 10.83  # log-likelihood beyond which chance explains it once in 1,000 (chi-square, one degree)
MIN_WITH_OFFICE: Final = 3  # items that put an office before a name, before it is proposed with it
MAX_STEPS: Final = 4  # from a short form to the longest


@dataclass(frozen=True, slots=True)
class _Rise:
    """A name that rises: how surely, and its items on both sides."""

    key: str
    name: NameCounts
    surprise: float
    now: int
    before: int
    aliases: tuple[str, ...] = ()


def rising_names(names: Mapping[str, NameCounts], since: int, counts: SurveyCounts) -> list[Proposal]:
    """Names that stand in more items since a day than before, the surest first."""
    recent = sum(count for day, count in counts.items.items() if day >= since)
    earlier = counts.items.total() - recent
    if not recent or not earlier:
        return []
    rises = (_rise(key, names[key], since, recent, earlier) for key in sorted(names))
    found = [rise for rise in rises if rise is not None and not _is_one_outlets(rise.name, since, counts)]
    found.sort(key=lambda one: (-one.surprise, one.key))
    risen = [_proposal(one, since) for one in _with_aliases(found)]
    return sorted(risen, key=lambda one: (-one.score, one.name))


def _rise(key: str, name: NameCounts, since: int, recent: int, earlier: int) -> _Rise | None:
    """How a name rises from `earlier` items to `recent` ones, None when it does not surely rise."""
    now = sum(count for day, count in name.days.items() if day >= since)
    if now < MIN_ITEMS or name.inner * 4 < name.items:
        return None
    before = name.items - now
    # half an item on both sides shrinks what was never seen before
    if (now + 0.5) / recent < MIN_RISE * (before + 0.5) / earlier:
        return None
    surprise = log_likelihood(now, recent, before, earlier)
    return _Rise(key, name, surprise, now, before) if surprise >= SURE else None


def _is_one_outlets(name: NameCounts, since: int, counts: SurveyCounts) -> bool:
    """Whether a single outlet writes of it: of several outlets that is mostly its own campaign or an advertisement."""
    if sum(day >= since for day in name.outlets.values()) > 1:
        return False
    return len(counts.outlets) > 2 or sum(day >= since for day in name.days) < 2


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


# ---------------------------------------------------------------- which of them are one


def _with_aliases(found: Sequence[_Rise]) -> list[_Rise]:
    """Each name once: a part that is short for a longer rising name goes with it, a rare longer one with its part."""
    by_key = {one.key: one for one in found}
    owner = _owners(by_key)
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


def _owners(by_key: Mapping[str, _Rise]) -> Mapping[str, str]:
    """Of a name that goes with another one, that other one."""
    wholes: dict[str, list[str]] = {}
    for key in by_key:
        for part in _beginnings_and_ends(key):
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
    return owner


def _beginnings_and_ends(key: str) -> set[str]:
    words = key.split()
    cuts = range(1, len(words))
    return {" ".join(words[:cut]) for cut in cuts} | {" ".join(words[cut:]) for cut in cuts}


# ---------------------------------------------------------------- who or what they are


def _proposal(rise: _Rise, since: int) -> Proposal:
    name = rise.name
    offices_before = Counter({office_key: days.total() for office_key, days in name.fronts.items()})
    title = _title(name, offices_before)
    written = name.written
    is_person = bool(title) or _has_family_name(rise.key) or name.polite * 10 >= name.items
    nature: Nature = "person" if is_person else ""
    # whoever watches leaders asks for persons first, and for those with an office most
    weight = 2.0 if offices_before.total() * 4 >= name.items else 1.5 if is_person else 1.0
    if not is_person and (word := _last_syllable(name)):
        written, nature = f"{written} {word}", "other"
    day = date.fromordinal(since)
    return Proposal(
        "name",
        written,
        round(rise.surprise * weight, 1),
        name.items,
        f"in {rise.now} items since {day}, in {rise.before} before (log-likelihood {rise.surprise:.0f})",
        name.examples(),
        date.fromordinal(min(name.days)),
        office=title,
        aliases=rise.aliases,
        nature=nature,
    )


def _title(name: NameCounts, offices_before: Counter[OfficeKey]) -> str:
    """The office that stands before a name most often, as newspapers write it and a watchlist would read it."""
    if not offices_before:
        return ""
    office_key = min(offices_before, key=lambda each: (-offices_before[each], each.title, each.state))
    as_written = {form: count for (which, form), count in name.titles.items() if which == office_key}
    fit = [form for form in as_written if offices.office_key(form) == office_key]
    if offices_before[office_key] < MIN_WITH_OFFICE or not fit:
        return ""
    return min(fit, key=lambda form: (-as_written[form], form))


def _has_family_name(key: str) -> bool:
    """Nguyễn Văn Thắng: three or four Vietnamese syllables behind a family name."""
    words = key.split()
    return 2 < len(words) < 5 and all(map(is_vietnamese, words)) and words[0] in FAMILY_NAMES


def _last_syllable(name: NameCounts) -> str:
    """The small syllable that belongs to a name, being behind it nearly always: "Tết Dương lịch"."""
    if not name.after:
        return ""
    word, count = min(name.after.items(), key=lambda one: (-one[1], one[0]))
    return word if count * 10 >= name.items * 6 else ""
