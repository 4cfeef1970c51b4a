"""config/channels.yaml, which need not be there: places outside Telegram where alerts go as well.

Leaves sending to notify/, and what quiet and digest hours do to the pipeline. An address may hold a password: no
message ever quotes one.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from monitor.config.fields import Flag, Id, Text, Zone, one_of, shown, wrong
from monitor.config.records import Record, doubled_ids, find, read_record
from monitor.config.settings import URL_PREFIX
from monitor.config.yaml_reader import YamlFile, read_yaml
from monitor.errors import Problem
from monitor.i18n import LANGUAGES, say
from monitor.text.words import nfc
from monitor.types import EVERYTHING, Channel, Preferences, Target, Watchlist

CHANNELS_FILE = "channels.yaml"
MOST_DIGESTS = 6  # hours a day; who wants more wants no digest
MAX_URL = 2_000  # characters of an address; those with a key in them have a hundred

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def _clock(text: str) -> str:
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise wrong(say("{value} is not a time of day: write it like 07:00", value=shown(text)))
    return f"{int(found[1]):02}:{found[2]}"


def _clock_face(value: object) -> str:
    if not isinstance(value, str):
        raise wrong(say("a time of day is needed here: write it like 07:00"))
    return _clock(value)


def _quiet(value: object) -> tuple[str, str]:
    begins, dash, ends = str(value or "").replace("–", "-").partition("-")
    if not dash:
        raise wrong(say("{value} is no span of the day: write it like 22:00-06:30", value=shown(value)))
    hours = _clock(begins), _clock(ends)
    if hours[0] == hours[1]:
        raise wrong(say("quiet hours must end at another time than they begin: write them like 22:00-06:30"))
    return hours


def _follow(value: object) -> str:
    if value is None:
        raise wrong(say('nothing is written here: a tag needs quotes, like "#trung-dong"'))
    if not isinstance(value, str) or not value.strip() or re.search(r"\s", value.strip()):
        raise wrong(say('{value} cannot be followed: write the id of a watch, "#tag" or "*"', value=shown(value)))
    return nfc(value.strip())


def _address(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise wrong(say("an Apprise address is needed here, like mailto://… or ntfy://…"))
    text = value.strip()
    if "://" not in text or re.search(r"[\s\x00-\x1f\x7f]", text) or len(text) > MAX_URL:  # never shown
        raise wrong(say("not the address of a channel: write it as Apprise wants it, like mailto://… or ntfy://…"))
    return text


def _variable(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(URL_PREFIX + "[A-Z0-9_]+", value):
        raise wrong(
            say("the name of a variable is needed here that begins with {prefix}, like {prefix}MAIL", prefix=URL_PREFIX)
        )
    return value


_Clock = Annotated[str, BeforeValidator(_clock_face), WithJsonSchema({"type": "string", "examples": ["07:00"]})]
_Quiet = Annotated[
    tuple[str, str], BeforeValidator(_quiet), WithJsonSchema({"type": "string", "examples": ["22:00-06:30"]})
]
_Follow = Annotated[
    str, BeforeValidator(_follow), WithJsonSchema({"type": "string", "examples": ["putin", "#trung-dong", "*"]})
]
_Address = Annotated[str, BeforeValidator(_address), WithJsonSchema({"type": "string", "examples": ["mailto://…"]})]
_Variable = Annotated[
    str, BeforeValidator(_variable), WithJsonSchema({"type": "string", "pattern": f"^{URL_PREFIX}[A-Z0-9_]+$"})
]
_Lang = Annotated[str, BeforeValidator(one_of(*LANGUAGES)), WithJsonSchema({"type": "string", "enum": list(LANGUAGES)})]


class ChannelEntry(Record):
    """One place outside Telegram."""

    id: Id = Field(description="Unique and for ever: a-z, 0-9 and -. Another id is another channel.")
    url: _Address | None = Field(
        default=None, description="Where messages go, as an Apprise URL; it may hold a password: see url_env."
    )
    url_env: _Variable | None = Field(default=None, description="The environment variable that holds the URL instead.")
    follow: tuple[_Follow, ...] = Field(
        min_length=1, description='What it is told of: ids of watches, "#tag", or "*" for everything.'
    )
    digest: tuple[_Clock, ...] = Field(
        default=(), max_length=MOST_DIGESTS, description="Hours at which news comes together; none: as it happens."
    )
    quiet: _Quiet | None = Field(default=None, description="When news waits, like 22:00-06:30.")
    lang: _Lang = Field(default=LANGUAGES[0], description="The language of its messages.")
    timezone: Zone | None = Field(default=None, description="The zone of its hours; default: MONITOR_TIMEZONE.")
    updates: Flag = Field(default=True, description="false: no messages about developments of a story.")
    muted_outlets: tuple[Text, ...] = Field(default=(), description="Newspapers whose articles ring nobody here.")
    enabled: Flag = Field(default=True, description="false: nothing is sent there, but it is kept.")


class ChannelsRecord(Record):
    """Where alerts go besides Telegram."""

    channels: tuple[ChannelEntry, ...] = Field(default=(), description="The channels, in any order.")


def read_channels(
    config_dir: Path, watchlist: Watchlist, urls: Mapping[str, str]
) -> tuple[tuple[Channel, ...], list[Problem]]:
    """Channels that are enabled, and mistakes; nothing is raised. `urls`: what variables of URL_PREFIX hold.

    Slow when there are any: Apprise loads all 189 services once a process, 0.3 s and 21 MB; 2 s right after an install.
    """
    path = config_dir / CHANNELS_FILE
    if not os.path.lexists(path):
        return (), []
    file, problems = read_yaml(path)
    if file is None:
        return (), problems
    problems += doubled_ids(file, "channels")
    record, mistakes = read_record(file, ChannelsRecord)
    problems += mistakes
    if record is None:
        return (), problems
    channels = []
    for number, entry in enumerate(record.channels):
        url, trouble = _url_of(entry, urls)
        if trouble:
            key = "url" if entry.url else "url_env" if entry.url_env else "id"
            problems.append(_at(file, number, key, trouble))
        problems += _unknown_targets(file, number, entry, watchlist)
        if entry.enabled:
            channels.append(_channel(entry, url))
    return tuple(channels), problems


def _url_of(entry: ChannelEntry, urls: Mapping[str, str]) -> tuple[str, str]:
    """The address, and what is wrong with it."""
    if (entry.url is None) == (entry.url_env is None):
        what = "both `url` and `url_env` are written" if entry.url else "neither `url` nor `url_env` is written"
        return "", f"{what}: write one of them"
    url = entry.url or urls.get(entry.url_env or "", "").strip()
    if not url:
        return "", f"{entry.url_env} is not set: put the address into the environment or .env"
    from monitor.notify.apprise import trouble_with  # 0.3 s: only an installation with channels pays for it

    return url, trouble_with(url)


def _channel(entry: ChannelEntry, url: str) -> Channel:
    preferences = Preferences(
        digest_hours=tuple(sorted(set(entry.digest))),
        quiet=entry.quiet,
        zone=entry.timezone or "",
        updates=entry.updates,
        muted_outlets=entry.muted_outlets,
    )
    follow = tuple(dict.fromkeys(Target(each) for each in entry.follow))
    return Channel(entry.id, url, follow, entry.lang, preferences)


def _unknown_targets(file: YamlFile, number: int, entry: ChannelEntry, watchlist: Watchlist) -> Iterator[Problem]:
    tags = {f"#{tag}" for watch in watchlist.watches for tag in watch.tags}
    known = {EVERYTHING, *tags, *(watch.id for watch in watchlist.watches)}
    for place, target in enumerate(entry.follow):
        if target not in known:
            what = "no watch has this tag" if target.startswith("#") else "no watch has this id"
            hint = "; a tag begins with #" if f"#{target}" in tags else ""
            yield _at(file, number, "follow", f"{shown(target)}: {what}{hint}", place)


def _at(file: YamlFile, number: int, key: str, message: str, place: int | None = None) -> Problem:
    loc: tuple[int | str, ...] = ("channels", number, key)
    node = (find(file.root, (*loc, place)) if place is not None else None) or find(file.root, loc)
    return file.problem((node or file.root).start, message)
