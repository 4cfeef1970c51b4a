"""Settings, feeds and watchlists: from the environment and YAML files to frozen nouns.

All mistakes of all files are reported together, each with file, line and column. Nothing here acts on what it reads.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.config.durations import parse_duration, show_duration
    from monitor.config.feeds_file import FeedsFile, load_feeds
    from monitor.config.loading import Config, load_all
    from monitor.config.schema import schemas, write_schemas
    from monitor.config.settings import Settings, channel_urls_of, read_settings, secrets_of
    from monitor.config.watchlist_files import Places, load_watchlist

__all__ = [
    "Config",
    "FeedsFile",
    "Places",
    "Settings",
    "channel_urls_of",
    "load_all",
    "load_feeds",
    "load_watchlist",
    "parse_duration",
    "read_settings",
    "schemas",
    "secrets_of",
    "show_duration",
    "write_schemas",
]

_MODULES = {
    "durations": ("parse_duration", "show_duration"),
    "feeds_file": ("FeedsFile", "load_feeds"),
    "loading": ("Config", "load_all"),
    "schema": ("schemas", "write_schemas"),
    "settings": ("Settings", "channel_urls_of", "read_settings", "secrets_of"),
    "watchlist_files": ("Places", "load_watchlist"),
}


def __getattr__(name: str) -> Any:
    """Whatever is asked for, imported then: who reads the settings alone need not wait for YAML and its models."""
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"monitor.config.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
