"""config/feeds.yaml: which feeds there are and how often each is asked.

Leaves the polling and its rhythm to feeds/.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from monitor.config.durations import show_duration
from monitor.config.fields import Duration, Flag, Id, Text, Url, Zone, one_of
from monitor.config.records import Record, doubled_ids, find, read_record
from monitor.config.yaml_reader import YamlFile, read_yaml
from monitor.errors import ConfigError, Problem
from monitor.i18n import say
from monitor.types import Feed, FeedId, Fulltext

FEEDS_FILE = "feeds.yaml"
DEFAULT_ZONE = "Asia/Ho_Chi_Minh"

_Fulltext = Annotated[
    Fulltext, BeforeValidator(one_of(*Fulltext)), WithJsonSchema({"type": "string", "enum": list(Fulltext)})
]


class _Rhythm(Record):
    interval: Duration | None = Field(
        default=None, description="How long between two polls, to begin with; default 5m."
    )
    min_interval: Duration | None = Field(default=None, description="Never polled more often than this; default 1m.")
    max_interval: Duration | None = Field(default=None, description="Never polled more rarely than this; default 1h.")
    max_alert_age: Duration | None = Field(
        default=None,
        description="An article older than this when it is first seen is stored but alerts nobody; default 48h.",
    )
    timezone: Zone | None = Field(default=None, description="The zone of dates that name none, like Asia/Ho_Chi_Minh.")
    fulltext: _Fulltext | None = Field(
        default=None,
        description="When the article's full text is fetched: auto (it matched), always or never; default auto.",
    )


class Defaults(_Rhythm):
    """What holds for every feed that does not say otherwise."""


class FeedEntry(_Rhythm):
    """One feed of one outlet."""

    id: Id = Field(description="Unique and for ever: a-z, 0-9 and -.")
    outlet: Text = Field(description="The newspaper as alerts name it; feeds of one newspaper share it.")
    url: Url = Field(description="The address of the RSS or Atom feed.")
    section: Text | None = Field(default=None, description="The part of the newspaper, like Thế giới.")
    enabled: Flag = Field(default=True, description="false: not polled, but kept.")


class FeedsRecord(Record):
    """The feeds that the monitor polls."""

    defaults: Defaults = Field(
        default_factory=Defaults, description="What holds for every feed that does not say otherwise."
    )
    feeds: tuple[FeedEntry, ...] = Field(default=(), description="The feeds, in any order.")


@dataclass(frozen=True, slots=True)
class FeedsFile:
    """The feeds as read, and what is not wrong but odd."""

    feeds: tuple[Feed, ...]
    warnings: tuple[Problem, ...] = ()


def load_feeds(config_dir: Path, *, timezone: str = DEFAULT_ZONE) -> FeedsFile:
    """Read feeds.yaml. `timezone` is for feeds that name none. Raises ConfigError with every mistake."""
    feeds, problems, warnings = read_feeds(config_dir, timezone=timezone)
    if problems:
        raise ConfigError(tuple(sorted(problems)))
    return FeedsFile(feeds, tuple(warnings))


def read_feeds(config_dir: Path, *, timezone: str) -> tuple[tuple[Feed, ...], list[Problem], list[Problem]]:
    """Feeds, mistakes and warnings of feeds.yaml; nothing is raised."""
    file, problems = read_yaml(config_dir / FEEDS_FILE)
    if file is None:
        return (), problems, []
    problems += doubled_ids(file, "feeds")
    record, mistakes = read_record(file, FeedsRecord)
    problems += mistakes
    if record is None:
        return (), problems, []
    base = Feed(FeedId(""), "", "")
    common = {"timezone": timezone, **_written(record.defaults)}
    feeds = tuple(_feed(entry, common) for entry in record.feeds)
    if not _bounds_are_ordered(base, common):
        problems.append(_bounds_problem(file, ("defaults",), Feed(FeedId(""), "", "", **common)))
    else:
        problems += [
            _bounds_problem(file, ("feeds", n), feed)
            for n, feed in enumerate(feeds)
            if not feed.min_interval <= feed.interval <= feed.max_interval
        ]
    return feeds, problems, _same_address(file, feeds) + _nothing_to_poll(file, feeds)


def _written(entry: _Rhythm) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _Rhythm.model_fields if getattr(entry, name) is not None}


def _feed(entry: FeedEntry, common: dict[str, Any]) -> Feed:
    return Feed(
        FeedId(entry.id),
        entry.outlet,
        entry.url,
        section=entry.section or "",
        enabled=entry.enabled,
        **common | _written(entry),
    )


def _bounds_are_ordered(base: Feed, common: dict[str, Any]) -> bool:
    low, mid, high = (common.get(k, getattr(base, k)) for k in ("min_interval", "interval", "max_interval"))
    return bool(low <= mid <= high)


def _bounds_problem(file: YamlFile, loc: tuple[int | str, ...], feed: Feed) -> Problem:
    """Points at one of the bounds that the entry writes itself; the others come from above and are named."""
    entry = find(file.root, loc)
    place = entry.start if entry is not None else file.root.start
    for key in ("interval", "min_interval", "max_interval"):
        value = find(file.root, (*loc, key))
        if value is not None:
            place = value.start
            break

    def one(name: str, value: timedelta) -> str:
        return f"{name} {show_duration(value)}"

    return file.problem(
        place,
        say(
            "{least}, {usual} and {most} must grow in this order: change one or write the others, too",
            least=one("min_interval", feed.min_interval),
            usual=one("interval", feed.interval),
            most=one("max_interval", feed.max_interval),
        ),
    )


def _same_address(file: YamlFile, feeds: tuple[Feed, ...]) -> list[Problem]:
    seen: dict[str, FeedId] = {}
    warnings = []
    for n, feed in enumerate(feeds):
        if not feed.enabled:
            continue
        if (first := seen.setdefault(feed.url, feed.id)) != feed.id:
            node = find(file.root, ("feeds", n, "url"))
            at = node.start if node is not None else 0
            warnings.append(file.problem(at, f"the same address as `{first}`: it is polled twice"))
    return warnings


def _nothing_to_poll(file: YamlFile, feeds: tuple[Feed, ...]) -> list[Problem]:
    if any(feed.enabled for feed in feeds):
        return []
    return [file.problem(file.root.start, "no feed is enabled: nothing will be polled")]
