"""What in a watchlist is not wrong but may not be what its editor meant.

Pure: mistakes of form are found in monitor/config, matching itself in matching/matcher.py. A finding names the
watch, the key and the place in it, so that `monitor check` can point at line and column.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from textwrap import shorten
from typing import Final

from monitor.errors import QueryError
from monitor.i18n import say
from monitor.matching import offices
from monitor.matching import text as texts
from monitor.matching.matcher import compile_watchlist
from monitor.matching.offices import OfficeKey
from monitor.matching.query import parse_query
from monitor.matching.set_hints import set_hints
from monitor.matching.written_offices import lacks_body, read_office
from monitor.text.words import is_vietnamese
from monitor.types import Event, Item, Leader, Match, Office, Watch, WatchId, Watchlist

MOST_LISTED: Final = 5  # other watches named in one finding

_Ids = dict[WatchId, None]
"""A set of ids in the order in which they are written."""


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
            findings += [*_of_names(watch, aliases), *_of_offices(watch, today)]
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


def _aliases(watchlist: Watchlist) -> dict[str, _Ids]:
    """Who is named by each run of syllables that stands in anybody's alias, whole aliases and parts of them."""
    owners: dict[str, _Ids] = defaultdict(dict)
    for watch in watchlist.watches:
        if isinstance(watch, Leader):
            for _, _, alias in _written(watch):
                owners[texts.key(alias)][watch.id] = None
    return owners


def _of_names(leader: Leader, aliases: dict[str, _Ids]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for key, index, alias in _written(leader):
        form = texts.key(alias)
        if form in seen and key == "aliases":
            yield Finding(
                leader.id,
                key,
                index,
                say("`{alias}` is written already as `{other}`: one is enough", alias=alias, other=seen[form]),
            )
        seen.setdefault(form, alias)
        yield from (Finding(leader.id, key, index, message) for message in _shared_names(leader, alias, aliases))
        if key == "aliases":
            yield from (Finding(leader.id, key, index, message) for message in _weak_alias(alias))


def _shared_names(leader: Leader, alias: str, aliases: dict[str, _Ids]) -> Iterator[str]:
    """A name that is another leader's too, or contains one."""
    form = texts.key(alias)
    if others := _listed_but(leader.id, aliases[form]):
        yield say(
            "`{alias}` is also a name of {others}: both will match; under `short` context decides",
            alias=alias,
            others=others,
        )
    for inner in _inner_runs(form.split()):
        if inner in aliases and (other := _listed_but(leader.id, aliases[inner])):
            yield say(
                "`{alias}` contains `{inner}`, a name of {other}: where it stands in full it hides {other}",
                alias=alias,
                inner=inner,
                other=other,
            )


def _weak_alias(alias: str) -> Iterator[str]:
    """An alias that other words are spelt like."""
    form = texts.key(alias)
    if len(form.split()) == 1 and is_vietnamese(form):
        yield say(
            "`{alias}` is one syllable and an ordinary word: put it under `short` with a title before it", alias=alias
        )
    elif len(form) <= 2:
        yield say("`{alias}` is very short: it will hit other words", alias=alias)
    if alias == alias.lower() and any(letter.isalpha() for letter in alias):
        yield say("`{alias}` has no capital: it will match in small letters too", alias=alias)


def _of_offices(leader: Leader, today: date) -> Iterator[Finding]:
    if leader.common and not leader.near and not leader.offices:
        yield Finding(leader.id, "common", None, say("a common name without `near` and `offices` can never match"))
    for index, office in enumerate(leader.offices):
        yield from (Finding(leader.id, "offices", index, message) for message in _odd_office(office, today))


def _odd_office(office: Office, today: date) -> Iterator[str]:
    """An office that ends before it begins, that begins later, of no known state, or of nothing."""
    if office.until is not None and office.since is not None and office.until <= office.since:
        yield say("`{title}` ends before it begins", title=office.title)
    if office.since is not None and office.since > today:
        yield say("`{title}` begins only on {day}", title=office.title, day=office.since)
    if offices.lacks_state(office.title):
        yield say("`{title}` names no known state: it matches as these very words only", title=office.title)
    if lacks_body(office.title):
        yield say("`{title}` does not say of what: it will mean whoever is called so", title=office.title)


FEW: Final = 100  # items: of fewer no share is worth a word


Place = tuple[WatchId, str, int | None]
"""Where something is written: the watch, its key, and which value of it."""


def crowded(watchlist: Watchlist, items: Iterable[Item], *, share: float) -> list[Finding]:
    """Names and queries that hit more than `share` (0..1) of the items, the fullest first: they may mean too much.

    Offices are left out, they are meant to be frequent; each query of an event is counted for itself.
    Says nothing of fewer than FEW items. Takes as long as matching: call it off the event loop.
    """
    hits, total = _hits_by_place(watchlist, items)
    if total < FEW:
        return []
    named = watchlist.named()
    findings = []
    for (watch_id, key, index), count in sorted(hits.items(), key=lambda one: (-one[1], str(one[0]))):
        if count > share * total:
            written = getattr(named[watch_id], key)
            shown = shorten(written if index is None else written[index], 60, placeholder=" …")
            message = f"`{shown}` hits {count} of {total} items ({count / total:.0%}): it may mean more than it should"
            findings.append(Finding(watch_id, key, index, message))
    return findings


def _hits_by_place(watchlist: Watchlist, items: Iterable[Item]) -> tuple[Counter[Place], int]:
    """In how many items each name and each query hits, and how many items there are."""
    apart = tuple(one for watch in watchlist.watches for one in _by_query(watch))
    matcher = compile_watchlist(replace(watchlist, watches=apart))
    places = {watch.id: _places_of_forms(watch) for watch in watchlist.watches if isinstance(watch, Leader)}
    hits: Counter[Place] = Counter()
    total = 0
    for item in items:
        total += 1
        for match in matcher.match(item):
            hits.update(_places_of(match, places))
    return hits, total


def _by_query(watch: Watch) -> Iterator[Watch]:
    """An event once for each of its queries, a leader as they are."""
    if isinstance(watch, Leader):
        yield watch
        return
    for place, query in enumerate(watch.match):
        yield replace(watch, id=WatchId(f"{watch.id}/{place}"), match=(query,))  # no watch has a slash in its id


def _places_of_forms(leader: Leader) -> dict[str, tuple[str, int | None]]:
    """Where each form of a leader is written, of one written twice the first place."""
    return {texts.key(form): (key, index) for key, index, form in reversed([*_written(leader), *_short(leader)])}


def _places_of(match: Match, places: Mapping[WatchId, Mapping[str, tuple[str, int | None]]]) -> Iterator[Place]:
    """What in the watchlist a match rests on, each place once."""
    watch_id, _, place_of_query = match.watch_id.partition("/")
    if place_of_query:
        yield WatchId(watch_id), "match", int(place_of_query)
        return
    found = {places[match.watch_id].get(texts.key(evidence.text)) for evidence in match.evidence}
    for place in found:
        if place is not None:
            yield match.watch_id, *place


def _short(leader: Leader) -> Iterator[tuple[str, int | None, str]]:
    for index, form in enumerate(leader.short):
        yield "short", index, form


def _inner_runs(words: list[str]) -> Iterator[str]:
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            if end - start < len(words):
                yield " ".join(words[start:end])


def _listed_but(own: WatchId, ids: _Ids) -> str:
    """The others of `ids`, the first few by name: a list of ten thousand would be written ten thousand times."""
    others = len(ids) - (own in ids)
    shown = list(islice((each for each in ids if each != own), MOST_LISTED))
    return ", ".join(sorted(shown)) + (f" and {others - len(shown)} more" if others > len(shown) else "")


def _of_event(event: Event, ids: set[WatchId]) -> Iterator[Finding]:
    for key, index, text in _queries(event):
        yield from (Finding(event.id, key, index, message) for message in _odd_query(text, ids))
    yield from (Finding(event.id, "match", index, message) for index, message in set_hints(event))


def _queries(event: Event) -> Iterator[tuple[str, int | None, str]]:
    for key, queries in (("match", event.match), ("not", event.exclude), ("ignore", event.ignore)):
        for index, text in enumerate(queries):
            yield key, index, text
    for _, queries in event.polarity:
        for text in queries:
            yield "polarity", None, text


def _odd_query(text: str, ids: set[WatchId]) -> Iterator[str]:
    """A query that does not parse, that asks for nobody's id, or that ignores marks on too little."""
    try:
        query = parse_query(text)
    except QueryError as error:
        yield say("column {column}: {why}", column=error.column, why=error.args[0])
        return
    for person in query.people():
        if person not in ids:
            yield say("@{person} is no leader of the watchlists", person=person)
    for term in query.terms():
        if term.fold and len(texts.key(term.text).split()) < 3:
            yield say(
                "~{word} ignores marks on fewer than three syllables: it will hit many other words", word=term.text
            )


# ---------------------------------------------------------------- offices of all leaders together


def _offices(watchlist: Watchlist) -> Iterator[tuple[OfficeKey, Leader, int, Office]]:
    """The offices of all enabled leaders, each with its place in the leader's list."""
    for watch in watchlist.watches:
        if isinstance(watch, Leader) and watch.enabled:
            for index, office in enumerate(watch.offices):
                yield read_office(office.title).office_key, watch, index, office


def _is_held(office: Office, today: date) -> bool:
    return (office.since is None or office.since <= today) and (office.until is None or today < office.until)


def _offices_without_holder(watchlist: Watchlist, today: date) -> Iterator[Finding]:
    """An office whose last holder has left: the news goes on naming it."""
    last: dict[OfficeKey, tuple[date, Leader, int]] = {}
    held: set[OfficeKey] = set()
    for office_key, leader, index, office in _offices(watchlist):
        if _is_held(office, today):
            held.add(office_key)
        elif office.until is not None and (office_key not in last or office.until > last[office_key][0]):
            last[office_key] = (office.until, leader, index)
    for office_key, (until, leader, index) in last.items():
        if office_key not in held:
            message = say(
                "`{title}` has no holder since {day}: nobody is found by it",
                title=leader.offices[index].title,
                day=until,
            )
            yield Finding(leader.id, "offices", index, message)


def _shared_offices(watchlist: Watchlist, today: date) -> Iterator[Finding]:
    """An office that two hold today stands for neither; several deputy prime ministers are meant to."""
    holders: dict[OfficeKey, list[tuple[Leader, int]]] = defaultdict(list)
    for office_key, leader, index, office in _offices(watchlist):
        if _is_held(office, today) and not office_key.title.startswith("phó "):
            holders[office_key].append((leader, index))
    for those in holders.values():
        ids = dict.fromkeys(leader.id for leader, _ in those)
        for leader, index in those if len(ids) > 1 else ():
            others = _listed_but(leader.id, ids)
            message = say(
                "`{title}` is held today by {others} as well: it names neither",
                title=leader.offices[index].title,
                others=others,
            )
            yield Finding(leader.id, "offices", index, message)
