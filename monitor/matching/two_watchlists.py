"""Two watchlists over the same items: which watches differ, and what each of them finds before and after.

Asks the matcher that the service asks, and of it only what can differ. Pure; reads no file and no row.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from monitor.matching.matcher import compile_watchlist
from monitor.matching.sets import set_key
from monitor.types import Event, Evidence, Item, Leader, Watch, WatchId, Watchlist, WordSet

_SET = re.compile(r"\{([^{}]*)\}")


class WatchChange(StrEnum):
    """What became of a watch. Touched: it reads as before, and finds otherwise for what stands beside it."""

    CAME = "came"
    WENT = "went"
    CHANGED = "changed"
    TOUCHED = "touched"


Finds = Mapping[int, tuple[Evidence, ...]]
"""The items that a watch finds, by place, with where its words stand."""


@dataclass(frozen=True, slots=True)
class ComparedWatch:
    """A watch with what it finds before and after."""

    watch: Watch
    change: WatchChange
    before: Finds
    after: Finds


def differing(before: Watchlist, after: Watchlist) -> tuple[Watchlist, Watchlist]:
    """Both lists less what can only find the same in both. Without watches: nothing differs."""
    sets = _sets_that_differ(before.sets, after.sets)
    old, new = before.named(), after.named()
    changed = {watch_id for watch_id in old.keys() | new.keys() if old.get(watch_id) != new.get(watch_id)}
    other_leaders = any(isinstance(watch, Leader) for watch_id in changed for watch in _both(watch_id, old, new))

    def is_asked(watch: Watch) -> bool:
        if isinstance(watch, Leader):
            return other_leaders
        if watch.id in changed:
            return True
        return any((other_leaders and "@" in query) or _names(query, sets) for query in _queries(watch))

    asked = {watch.id for watch in (*old.values(), *new.values()) if is_asked(watch)}
    if any("@" in query for watch_id in asked for watch in _both(watch_id, old, new) for query in _queries(watch)):
        leaders = {watch.id for watch in (*old.values(), *new.values()) if isinstance(watch, Leader)}
        asked |= leaders  # whom a query asks for
    return _only(before, asked), _only(after, asked)


def compare(before: Watchlist, after: Watchlist, items: Sequence[Item]) -> Iterator[ComparedWatch]:
    """Each watch that differs, and each that finds otherwise; in the order of the lists, what went behind."""
    before, after = differing(before, after)
    old, new = before.named(), after.named()
    found, finds = _found(before, items), _found(after, items)
    for watch_id, watch in {**new, **old}.items():
        was, now = found.get(watch_id, {}), finds.get(watch_id, {})
        if watch_id not in new:
            yield ComparedWatch(watch, WatchChange.WENT, was, now)
        elif watch_id not in old:
            yield ComparedWatch(watch, WatchChange.CAME, was, now)
        elif old[watch_id] != new[watch_id]:
            yield ComparedWatch(new[watch_id], WatchChange.CHANGED, was, now)
        elif was.keys() != now.keys():
            yield ComparedWatch(watch, WatchChange.TOUCHED, was, now)


def _both(watch_id: WatchId, old: Mapping[WatchId, Watch], new: Mapping[WatchId, Watch]) -> Iterator[Watch]:
    yield from (each[watch_id] for each in (old, new) if watch_id in each)


def _only(watchlist: Watchlist, asked: set[WatchId]) -> Watchlist:
    return replace(watchlist, watches=tuple(watch for watch in watchlist.watches if watch.id in asked))


def _queries(watch: Watch) -> Iterator[str]:
    if isinstance(watch, Event):
        yield from (*watch.match, *watch.exclude, *watch.ignore)
        for _, queries in watch.polarity:
            yield from queries


def _names(query: str, sets: set[str]) -> bool:
    return bool(sets) and any(set_key(name) in sets for name in _SET.findall(query))


def _sets_that_differ(before: Sequence[WordSet], after: Sequence[WordSet]) -> set[str]:
    """The keys of sets that read otherwise, and of those that name one of them."""
    old, new = ({set_key(each.name): each for each in sets} for sets in (before, after))
    differ = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    while differ:
        touched = {
            key
            for sets in (old, new)
            for key, each in sets.items()
            if any(_names(member, differ) for member in (*each.members, *each.ignore))
        }
        if touched <= differ:
            break
        differ |= touched
    return differ


def _found(watchlist: Watchlist, items: Sequence[Item]) -> Mapping[WatchId, Finds]:
    found: dict[WatchId, dict[int, tuple[Evidence, ...]]] = {}
    if not watchlist.watches:
        return found
    matcher = compile_watchlist(watchlist)
    for place, item in enumerate(items):
        for match in matcher.match(item):
            if not match.passing:  # it would ring nobody
                found.setdefault(match.watch_id, {})[place] = match.evidence
    return found
