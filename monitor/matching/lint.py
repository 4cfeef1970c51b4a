"""What in a watchlist is not wrong but may not be what its editor meant.

Pure: mistakes of form are found in monitor/config, matching itself in monitor/watch/matcher. A finding names the
watch, the key and the place in it, so that `monitor check` can point at line and column.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from textwrap import shorten
from typing import Final

from monitor.errors import QueryError
from monitor.matching import offices
from monitor.matching import text as texts
from monitor.matching.matcher import compile_watchlist
from monitor.matching.query import parse_query
from monitor.text.words import is_vietnamese
from monitor.types import Event, Item, Leader, WatchId, Watchlist


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at; `index` counts the values of `key` from 0, None where the key has one value."""

    watch_id: WatchId
    key: str
    index: int | None
    message: str

    @property
    def where(self) -> str:
        """The place as a path: `to-lam.aliases[1]`."""
        return f"{self.watch_id}.{self.key}" + ("" if self.index is None else f"[{self.index}]")


def review(watchlist: Watchlist, *, today: date) -> list[Finding]:
    """Everything an editor should look at, in the order of the watches.

    Leaves queries unevaluated. `today` decides which offices are held.
    """
    findings: list[Finding] = []
    aliases = _aliases(watchlist)
    ids = {watch.id for watch in watchlist.watches if isinstance(watch, Leader)}
    for watch in watchlist.watches:
        if isinstance(watch, Leader):
            findings += _of_leader(watch, aliases, today)
        else:
            findings += _of_event(watch, ids)
    findings += _offices_without_holder(watchlist, today)
    findings += _shared_offices(watchlist, today)
    order = {watch.id: place for place, watch in enumerate(watchlist.watches)}
    return sorted(findings, key=lambda one: (order[one.watch_id], one.key, one.index or 0))


def _written(leader: Leader) -> Iterator[tuple[str, int | None, str]]:
    yield "name", None, leader.name
    for index, alias in enumerate(leader.aliases):
        yield "aliases", index, alias


def _aliases(watchlist: Watchlist) -> dict[str, set[WatchId]]:
    """Who is named by each run of syllables that stands in anybody's alias, whole aliases and parts of them."""
    owners: dict[str, set[WatchId]] = defaultdict(set)
    for watch in watchlist.watches:
        if isinstance(watch, Leader):
            for _, _, alias in _written(watch):
                owners[texts.key(alias)].add(watch.id)
    return owners


def _of_leader(leader: Leader, aliases: dict[str, set[WatchId]], today: date) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for key, index, alias in _written(leader):
        form = texts.key(alias)
        words = form.split()
        others = aliases[form] - {leader.id}
        if form in seen and key == "aliases":
            yield Finding(leader.id, key, index, f"`{alias}` is written already as `{seen[form]}`: one is enough")
        seen.setdefault(form, alias)
        if others:
            yield Finding(
                leader.id,
                key,
                index,
                f"`{alias}` is also a name of {_listed(others)}: both will match; under `short` context decides",
            )
        for inner in _inner_runs(words):
            for other in sorted(aliases.get(inner, set()) - {leader.id}):
                yield Finding(
                    leader.id,
                    key,
                    index,
                    f"`{alias}` contains `{inner}`, a name of {other}: where it stands in full it hides {other}",
                )
        if key == "aliases" and len(words) == 1 and is_vietnamese(words[0]):
            yield Finding(
                leader.id,
                key,
                index,
                f"`{alias}` is one syllable and an ordinary word: put it under `short` with a title before it",
            )
        elif key == "aliases" and len(form) <= 2:
            yield Finding(leader.id, key, index, f"`{alias}` is very short: it will hit other words")
        if key == "aliases" and alias == alias.lower() and any(letter.isalpha() for letter in alias):
            yield Finding(leader.id, key, index, f"`{alias}` has no capital: it will match in small letters too")
    if leader.common and not leader.near and not leader.offices:
        yield Finding(leader.id, "common", None, "a common name without `near` and `offices` can never match")
    for index, office in enumerate(leader.offices):
        if office.until is not None and office.since is not None and office.until <= office.since:
            yield Finding(leader.id, "offices", index, f"`{office.title}` ends before it begins")
        if office.since is not None and office.since > today:
            yield Finding(leader.id, "offices", index, f"`{office.title}` begins only on {office.since}")
        if offices.office_key(office.title) is None and offices.begins_with_title(office.title):
            yield Finding(
                leader.id,
                "offices",
                index,
                f"`{office.title}` names no known state: it matches as these very words only",
            )


FEW: Final = 100  # items: of fewer no share is worth a word


def crowded(watchlist: Watchlist, items: Iterable[Item], *, share: float) -> list[Finding]:
    """Names and queries that hit more than `share` (0..1) of the items, the fullest first: they may mean too much.

    Offices are left out, they are meant to be frequent; each query of an event is counted for itself.
    Says nothing of fewer than FEW items. Takes as long as matching: call it off the event loop.
    """
    apart = [
        [
            replace(watch, id=WatchId(f"{watch.id}/{place}"), match=(each,))  # no watch has a slash in its id
            for place, each in enumerate(watch.match)
        ]
        if isinstance(watch, Event)
        else [watch]
        for watch in watchlist.watches
    ]
    matcher = compile_watchlist(replace(watchlist, watches=tuple(one for each in apart for one in each)))
    named = watchlist.named()
    forms = {
        watch.id: {texts.key(form): (key, index) for key, index, form in reversed([*_written(watch), *_short(watch)])}
        for watch in watchlist.watches
        if isinstance(watch, Leader)
    }
    hits: Counter[tuple[WatchId, str, int | None]] = Counter()
    total = 0
    for item in items:
        total += 1
        for match in matcher.match(item):
            watch_id, _, place_of_query = match.watch_id.partition("/")
            if place_of_query:
                hits[WatchId(watch_id), "match", int(place_of_query)] += 1
                continue
            found = {forms[match.watch_id].get(texts.key(evidence.text)) for evidence in match.evidence}
            hits.update((match.watch_id, *place) for place in found if place is not None)
    if total < FEW:
        return []
    findings = []
    for (watch_id, key, index), count in sorted(hits.items(), key=lambda one: (-one[1], str(one[0]))):
        if count > share * total:
            written = getattr(named[watch_id], key)
            shown = shorten(written if index is None else written[index], 60, placeholder=" …")
            message = f"`{shown}` hits {count} of {total} items ({count / total:.0%}): it may mean more than it should"
            findings.append(Finding(watch_id, key, index, message))
    return findings


def _short(leader: Leader) -> Iterator[tuple[str, int | None, str]]:
    for index, form in enumerate(leader.short):
        yield "short", index, form


def _inner_runs(words: list[str]) -> Iterator[str]:
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            if end - start < len(words):
                yield " ".join(words[start:end])


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(sorted(ids))


def _of_event(event: Event, ids: set[WatchId]) -> Iterator[Finding]:
    groups: list[tuple[str, int | None, str]] = []
    groups += [("match", index, text) for index, text in enumerate(event.match)]
    groups += [("not", index, text) for index, text in enumerate(event.exclude)]
    groups += [("ignore", index, text) for index, text in enumerate(event.ignore)]
    groups += [("polarity", None, text) for _, queries in event.polarity for text in queries]
    for key, index, text in groups:
        try:
            query = parse_query(text)
        except QueryError as error:
            yield Finding(event.id, key, index, f"column {error.column}: {error}")
            continue
        for person in query.people():
            if person not in ids:
                yield Finding(event.id, key, index, f"@{person} is no leader of the watchlists")
        for term in query.terms():
            words = texts.key(term.text).split()
            if term.fold and len(words) < 3:
                yield Finding(
                    event.id,
                    key,
                    index,
                    f"~{term.text} ignores marks on fewer than three syllables: it will hit many other words",
                )


def _offices_without_holder(watchlist: Watchlist, today: date) -> Iterator[Finding]:
    """An office whose last holder has left: the news goes on naming it."""
    last: dict[offices.OfficeKey, tuple[date, Leader, int]] = {}
    held: set[offices.OfficeKey] = set()
    for watch in watchlist.watches:
        if not isinstance(watch, Leader) or not watch.enabled:
            continue
        for index, office in enumerate(watch.offices):
            office_key = offices.office_key(office.title)
            if office_key is None:
                continue
            if (office.since is None or office.since <= today) and (office.until is None or today < office.until):
                held.add(office_key)
            elif office.until is not None and (office_key not in last or office.until > last[office_key][0]):
                last[office_key] = (office.until, watch, index)
    for office_key, (until, leader, index) in last.items():
        if office_key not in held:
            yield Finding(
                leader.id,
                "offices",
                index,
                f"`{leader.offices[index].title}` has no holder since {until}: nobody is found by it",
            )


def _shared_offices(watchlist: Watchlist, today: date) -> Iterator[Finding]:
    """An office that two hold today stands for neither; several deputy prime ministers are meant to."""
    holders: dict[offices.OfficeKey, list[tuple[Leader, int]]] = defaultdict(list)
    for watch in watchlist.watches:
        if isinstance(watch, Leader) and watch.enabled:
            for index, office in enumerate(watch.offices):
                office_key = offices.office_key(office.title)
                now = (office.since is None or office.since <= today) and (office.until is None or today < office.until)
                if office_key is not None and now:
                    holders[office_key].append((watch, index))
    for office_key, those in holders.items():
        if office_key.title.startswith("phó ") or len({leader.id for leader, _ in those}) < 2:
            continue
        for leader, index in those:
            others = {other.id for other, _ in those} - {leader.id}
            if others:
                yield Finding(
                    leader.id,
                    "offices",
                    index,
                    f"`{leader.offices[index].title}` is held today by {_listed(others)} as well: it names neither",
                )
