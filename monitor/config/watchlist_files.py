"""config/watchlists/*.yaml: which leaders and events are watched, all files together one watchlist.

Leaves what a name, an office or a query means to matching/.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, field_validator

from monitor.config.fields import Day, Flag, Id, Query, RateOrOff, SetText, Tag, Text, one_of, wrong
from monitor.config.plain_files import shown_name
from monitor.config.records import Record, find, read_record
from monitor.config.watchlist_sets import all_queries, braces_as_queries, entries_of, written_sets, wrong_sets
from monitor.config.yaml_reader import Node, YamlFile, read_yaml
from monitor.errors import ConfigError, Problem
from monitor.i18n import say
from monitor.text.words import nfc
from monitor.types import (
    EVENT_RATE,
    Event,
    Focus,
    Leader,
    Office,
    Priority,
    Rate,
    Watch,
    WatchId,
    Watchlist,
    WordSet,
    own_number,
)

WATCHLISTS_DIR = "watchlists"
MAX_HINTS = 20
SEARCHED = 5_000_000  # characters of queries gone through for the places of unknown leaders: about two seconds
MAX_FILES = 1_000  # three ship
MAX_ALL_BYTES = 8 * 2**20  # of all files together: about ten seconds of reading
MAX_WATCHES = 20_000  # twice what was measured; 76 ship

_Priority = Annotated[
    Priority, BeforeValidator(one_of(*Priority)), WithJsonSchema({"type": "string", "enum": list(Priority)})
]

_Focus = Annotated[Focus, BeforeValidator(one_of(*Focus)), WithJsonSchema({"type": "string", "enum": list(Focus)})]

_Queries = Annotated[
    tuple[Query, ...],
    Field(min_length=1),
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
    ),
]


class OfficeEntry(Record):
    """A title that stands for its holder at the item's date."""

    title: Text = Field(description="As newspapers write it, like Tổng thống Nga.")
    since: Day | None = Field(default=None, description="First day in office.")
    until: Day | None = Field(default=None, description="First day out of office.")

    @field_validator("until")
    @classmethod
    def _after_since(cls, until: date | None, others: ValidationInfo) -> date | None:
        since = others.data.get("since")
        if since is not None and until is not None and until <= since:
            raise wrong(say("until {until} is not after since {since}", until=until, since=since))
        return until


class _WatchEntry(Record):
    id: Id = Field(description="Unique among all watches, and for ever: subscriptions keep it. a-z, 0-9 and -.")
    name: Text = Field(description="Shown in alerts.")
    tags: tuple[Tag, ...] = Field(default=(), description="Groups that readers can follow as #tag.")
    priority: _Priority = Field(default=Priority.NORMAL, description="high goes out first of what is due.")
    enabled: Flag = Field(default=True, description="false: not watched, but kept.")
    rate: RateOrOff = Field(
        default=None, description="How often it rings in a chat, like 3 / 6h; more is a silent line."
    )


class LeaderEntry(_WatchEntry):
    """A watched person."""

    name: Text = Field(description="The full name: shown in alerts, and an alias itself.")
    aliases: tuple[Text, ...] = Field(default=(), description="Other names; each is enough by itself.")
    short: tuple[Text, ...] = Field(
        default=(),
        description="Forms that need the full name, an office or a title elsewhere in the item, like ông Tập.",
    )
    offices: tuple[OfficeEntry, ...] = Field(default=(), description="Offices held, each standing for its holder.")
    common: Flag = Field(
        False, description="true: many bear this name; it counts only with one of `near` or an office."
    )
    near: tuple[Text, ...] = Field(default=(), description="Words that show that a common name is this person.")
    exclude: tuple[Text, ...] = Field(default=(), alias="not", description="Wordings where it is not this person.")


class EventEntry(_WatchEntry):
    """A watched happening."""

    rate: RateOrOff = Field(
        default=EVENT_RATE,
        description="How often it rings in a chat, 3 / 6h unless said; more is a silent line. off: always.",
    )
    match: tuple[Query, ...] = Field(description="Queries, any of which is enough.", min_length=1)
    exclude: tuple[Query, ...] = Field(default=(), alias="not", description="Queries that rule the item out.")
    ignore: tuple[Query, ...] = Field(
        default=(),
        description="Words inside a hit of one of these queries do not count for `match`; the rest of the item does.",
    )
    polarity: dict[Text, _Queries] = Field(
        default={}, description="label: query or queries. The first label that holds is shown with the match."
    )
    focus: _Focus = Field(default=Focus.ANY, description="main: only items that are about it, not those that name it.")


Entry = TypeVar("Entry", bound=_WatchEntry)


class WatchlistRecord(Record):
    """Leaders and events to watch."""

    leaders: tuple[LeaderEntry, ...] = Field(default=(), description="Watched persons.")
    events: tuple[EventEntry, ...] = Field(default=(), description="Watched happenings.")
    sets: dict[SetText, _Queries] = Field(
        default={}, description="name: queries. {name} in any query then stands for any of them."
    )


@dataclass(frozen=True, slots=True)
class Places:
    """Where watches stand in their files, to point at a key or at the n-th value of one."""

    entries: dict[WatchId, tuple[YamlFile, Node]] = field(default_factory=dict)

    def problem(self, watch_id: WatchId, message: str, key: str = "id", index: int | None = None) -> Problem:
        """A problem that points at a watch, as exactly as its file allows."""
        if watch_id not in self.entries:
            return Problem(WATCHLISTS_DIR, 0, 0, f"{watch_id}: {message}")
        file, entry = self.entries[watch_id]
        node = find(entry, (key,) if index is None else (key, index))
        if node is None:
            node = find(entry, (key,))
        return file.problem((node or entry).start, message)


@dataclass(frozen=True, slots=True)
class WatchlistReading:
    """A watchlist as read, with the places of its watches."""

    watchlist: Watchlist
    places: Places
    warnings: tuple[Problem, ...] = ()


def load_watchlist(config_dir: Path) -> Watchlist:
    """Read every file of watchlists/ as one watchlist. Raises ConfigError with every mistake of every file."""
    reading, problems = read_watchlist(config_dir)
    if problems:
        raise ConfigError(tuple(sorted(problems)))
    return reading.watchlist


def read_watchlist(
    config_dir: Path, instead: Mapping[Path, str] = MappingProxyType({})
) -> tuple[WatchlistReading, list[Problem]]:
    """The watchlist and every mistake; nothing is raised. With mistakes the watchlist is not complete.

    `instead`: texts that are not written yet, each read as if that file held it.
    """
    folder = config_dir / WATCHLISTS_DIR
    paths, strays, problems = _listed(folder)
    files: list[YamlFile] = []
    watches: list[Watch] = []
    sets: list[WordSet] = []
    is_whole = not problems
    for file, mistakes in _read_files(folder, paths, instead):
        problems += mistakes
        if file is None:
            is_whole = False
            continue
        files.append(file)
        braces_as_queries(file)
        record, mistakes = read_record(file, WatchlistRecord)
        problems += mistakes
        if record is not None:
            leaders, events = [*record.leaders], [*record.events]
            sets += (WordSet(name, members) for name, members in record.sets.items())
            del record
            watches += _converted(leaders, _leader)
            watches += _converted(events, _event)
        else:
            sets += written_sets(file)
    if not files and is_whole:
        # an error, not an empty watchlist: a folder that vanishes for a moment must not switch the watching off
        problems.append(Problem(shown_name(folder), 0, 0, say("holds no .yaml file: write at least one watchlist")))
    places, doubled = _places(files)
    problems += doubled
    problems += _readers_ids(places)
    if is_whole:  # else a leader may stand in the file that could not be read
        problems += unknown_leaders(files)
        told = set(problems)  # a query that is wrong in itself
        problems += (each for each in wrong_sets(files, sets) if each not in told)
    warnings = tuple(Problem(shown_name(path), 0, 0, "is not read: rename it to end in .yaml") for path in strays)
    watchlist = Watchlist(version_of(tuple(watches), tuple(sets)), tuple(watches), tuple(sets))
    return WatchlistReading(watchlist, places, warnings), problems


def _listed(folder: Path) -> tuple[list[Path], list[Path], list[Problem]]:
    """The files that are watchlists, those that look like ones and are none, and why there may be others."""
    try:
        # names that begin with a dot are what editors leave beside a file while it is open
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        names = []
    except OSError as error:
        why = f"cannot be listed: {(error.strerror or str(error)).lower()}"
        return [], [], [Problem(shown_name(folder), 0, 0, why)]
    paths = [folder / name for name in names if name.endswith(".yaml")]
    strays = [folder / name for name in names if name.endswith(".yml")][:MAX_HINTS]
    if len(paths) > MAX_FILES:
        why = f"holds {len(paths)} files: at most {MAX_FILES} are read, join some"
        return [], strays, [Problem(shown_name(folder), 0, 0, why)]
    return paths, strays, []


def _read_files(
    folder: Path, paths: list[Path], instead: Mapping[Path, str]
) -> Iterator[tuple[YamlFile | None, list[Problem]]]:
    """Each file that is still there, until all together are more than a watchlist can be; then why, and no more."""
    size = count = 0
    for path in paths:
        file, mistakes = read_yaml(path, instead.get(path))
        if file is None:
            if os.path.lexists(path):  # else deleted since it was listed, as if it had never been
                yield None, mistakes
            continue
        size += len(file.text.encode())
        count += sum(1 for _ in entries_of(file))
        if size > MAX_ALL_BYTES:
            most = f"{MAX_ALL_BYTES // 2**20} MiB"
            yield None, [Problem(shown_name(folder), 0, 0, f"the files are larger than {most} together: watch less")]
            return
        if count > MAX_WATCHES:
            yield None, [Problem(shown_name(folder), 0, 0, f"more than {MAX_WATCHES:,} watches: watch less")]
            return
        yield file, mistakes


def version_of(watches: tuple[Watch, ...], sets: tuple[WordSet, ...] = ()) -> str:
    """A hash of what is watched, with the sets that a watchlist adds.

    Neither order nor files nor ways of writing YAML change it.
    Fields at their default are left out, so that a new kind of field does not make every old watchlist look changed.
    """
    content: dict[str, list[str]] = {}
    for each in (*watches, *sets):
        content.setdefault(type(each).__name__, []).append(_content(each))
    content_hash = hashlib.sha256()
    before = "["  # one JSON list, but piece by piece: 10,000 watches in one go hold up every thread
    for kind in sorted(content):
        for written in sorted(content[kind]):
            content_hash.update(f"{before}{_written((kind, written))}".encode())
            before = ", "
    content_hash.update(b"]" if content else b"[]")
    return content_hash.hexdigest()[:12]


def _content(noun: Any) -> str:
    changed = {}
    for name, default in _defaults(noun.__class__):
        value = getattr(noun, name)
        if value != default:
            changed[name] = value
    return _written_in_order(changed)


@cache
def _defaults(kind: type[Any]) -> tuple[tuple[str, object], ...]:
    return tuple((each.name, each.default) for each in fields(kind))


def _plain(value: object) -> object:
    if isinstance(value, Office):
        return {"title": value.title, "since": value.since, "until": value.until}
    if isinstance(value, Rate):
        return f"{value.most} / {value.within.total_seconds():g}s"
    return str(value)


_written = json.JSONEncoder(ensure_ascii=False).encode
_written_in_order = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=_plain).encode


def _common(entry: _WatchEntry) -> dict[str, Any]:
    return {"tags": entry.tags, "priority": entry.priority, "enabled": entry.enabled, "rate": entry.rate}


def _converted(entries: list[Entry], convert: Callable[[Entry], Watch]) -> Iterator[Watch]:
    """Each as a noun, the entry freed with it: 10,000 freed in one go hold up every thread."""
    entries.reverse()
    while entries:
        yield convert(entries.pop())


def watches_of(record: WatchlistRecord) -> list[Watch]:
    """What a record says, as nouns."""
    return [*map(_leader, record.leaders), *map(_event, record.events)]


def _leader(entry: LeaderEntry) -> Leader:
    return Leader(
        WatchId(entry.id),
        entry.name,
        aliases=entry.aliases,
        short=entry.short,
        offices=tuple(Office(office.title, office.since, office.until) for office in entry.offices),
        common=entry.common,
        near=entry.near,
        exclude=entry.exclude,
        **_common(entry),
    )


def _event(entry: EventEntry) -> Event:
    return Event(
        WatchId(entry.id),
        entry.name,
        match=entry.match,
        exclude=entry.exclude,
        ignore=entry.ignore,
        polarity=tuple(entry.polarity.items()),
        focus=entry.focus,
        **_common(entry),
    )


# ---------------------------------------------------------------- checks across entries and files


def _id_node(entry: Node) -> Node | None:
    node = find(entry, ("id",))
    return node if node is not None and isinstance(node.value, str) else None


def _places(files: list[YamlFile]) -> tuple[Places, list[Problem]]:
    """Ids are one space over all files and both kinds, and looked at even where the rest of an entry is wrong."""
    seen: dict[WatchId, tuple[YamlFile, Node, Node]] = {}
    problems = []
    for file in files:
        for entry in entries_of(file):
            if (node := _id_node(entry)) is None:
                continue
            watch_id = WatchId(str(node.value))
            first_file, first, _ = seen.setdefault(watch_id, (file, node, entry))
            if first is not node:
                line, _ = first_file.place(first.start)
                same = say("line {line}", line=line)
                where = same if first_file is file else say("{file}, {line}", file=first_file.name, line=same)
                message = say("the id `{id}` is taken: first in {where}; choose another", id=watch_id, where=where)
                problems.append(file.problem(node.start, message))
    return Places({watch_id: (file, entry) for watch_id, (file, _, entry) in seen.items()}), problems


def _readers_ids(places: Places) -> list[Problem]:
    """Ids that watches of single chats have."""
    return [
        places.problem(watch_id, f"the id `{watch_id}` is of those that readers' own watches have: choose another")
        for watch_id in places.entries
        if own_number(watch_id) is not None
    ]


_REFERENCE = re.compile(r"[\"“”][^\"“”]*[\"“”]|@([\w-]+)")  # a quoted phrase hides what looks like one


def unknown_leaders(files: list[YamlFile], *, beside: Iterable[str] = ()) -> list[Problem]:
    """Queries that ask for leaders whom neither these files nor `beside` know."""
    leaders = [
        str(node.value) for file in files for entry in entries_of(file, ("leaders",)) if (node := _id_node(entry))
    ]
    leaders += beside
    known = set(leaders)
    problems: list[Problem] = []
    to_search = SEARCHED
    for file, query, found in _references(files):
        if found[1] in known:
            continue
        # looking for the nearest of 10,000 names takes a while: not for a whole file of wrong ones
        close = get_close_matches(found[1], leaders, n=1) if len(problems) < MAX_HINTS else []
        hint = say(": did you mean `@{id}`?", id=close[0]) if close else say(": write the id of one")
        to_search -= found.start()  # and so does going through a query as long as a book, a thousand times
        at = file.index_within(query, found.start() + 1) if to_search > 0 else query.start
        problems.append(
            file.problem(at, say("`{word}` is no leader of the watchlists{hint}", word=found[0], hint=hint))
        )
    return problems


def _references(files: list[YamlFile]) -> Iterator[tuple[YamlFile, Node, re.Match[str]]]:
    """Every `@leader` in the queries of the files; group 1 is the id."""
    for file in files:
        for query in all_queries(file):
            if isinstance(query.value, str) and "@" in query.value:
                text = nfc(query.value)
                yield from ((file, query, found) for found in _REFERENCE.finditer(text) if found[1])
