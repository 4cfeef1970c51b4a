"""The files in force: read and compiled as a whole in a thread, swapped in as a whole.

Leaves alone how files are read (config/) and how a watchlist is compiled (matching/). Which files, and when to look at
them again, is for monitor/app/service.py.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from monitor.config import Config, Places, load_all
from monitor.matching.active_watchlist import ActiveWatchlist


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """What the YAML files say, and what detection made of it."""

    config: Config
    active: ActiveWatchlist


def load_config(config_dir: Path, *, timezone: str) -> LoadedConfig:
    """Read the files and compile the watchlist: 1–2 s for 10,000 watches, so call it in a thread.

    Raises ConfigError with every mistake of every file.
    """
    return compile_config(load_all(config_dir, timezone=timezone))


def compile_config(config: Config) -> LoadedConfig:
    """Compile what was read: up to a second for 10,000 watches, so call it in a thread.

    Leaves out where in the files things stand, which only an editor's check asks.
    """
    return LoadedConfig(replace(config, places=Places()), ActiveWatchlist.of(config.watchlist))
