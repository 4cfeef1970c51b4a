"""Feeds, watchlists and channels together, with the mistakes of all files in one go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from monitor.config.channels_file import read_channels
from monitor.config.feeds_file import DEFAULT_ZONE, read_feeds
from monitor.config.watchlist_files import Places, read_watchlist
from monitor.errors import ConfigError, Problem
from monitor.types import Channel, Feed, Watchlist


@dataclass(frozen=True, slots=True)
class Config:
    """What the YAML files say, and what in them is not wrong but odd."""

    feeds: tuple[Feed, ...]
    watchlist: Watchlist
    warnings: tuple[Problem, ...] = ()
    places: Places = field(default_factory=Places)  # to point into the files later on
    channels: tuple[Channel, ...] = ()


def load_all(
    config_dir: Path,
    *,
    timezone: str = DEFAULT_ZONE,
    today: date | None = None,
    channel_urls: Mapping[str, str] | None = None,
) -> Config:
    """Read every file under `config_dir`. Raises ConfigError with every mistake of every file.

    `timezone` is for feeds that name none, `channel_urls` what variables hold that channels name; None: channels are
    nothing to the caller, and their file is not read. With `today` the watchlist is also reviewed for what an editor
    may not have meant (that takes longer and is for `monitor check`); without it only plain oddities are warned of.
    Slow for large files (1–2 s for 10,000 watches): call it off the event loop. Files are bounded, each and together.
    """
    if not config_dir.is_dir():
        raise ConfigError((Problem(config_dir.as_posix(), 0, 0, "there is no such folder: set MONITOR_CONFIG_DIR"),))
    feeds, problems, warnings = read_feeds(config_dir, timezone=timezone)
    reading, mistakes = read_watchlist(config_dir)
    channels: tuple[Channel, ...] = ()
    if channel_urls is not None:
        channels, wrong = read_channels(config_dir, reading.watchlist, channel_urls)
        problems += wrong
    if problems or mistakes:
        raise ConfigError(tuple(sorted([*problems, *mistakes])))
    warnings += reading.warnings
    if today is not None:
        from monitor.matching.lint import review  # only an editor's check pays for it

        found = review(reading.watchlist, today=today)
        warnings += [reading.places.problem(one.watch_id, one.message, one.key, one.index) for one in found]
    return Config(feeds, reading.watchlist, tuple(warnings), reading.places, channels)
