"""Settings, feeds and watchlists: from the environment and YAML files to frozen nouns.

All mistakes of all files are reported together, each with file, line and column. Nothing here acts on what it reads.
"""

from monitor.config.durations import parse_duration, show_duration
from monitor.config.feeds_file import FeedsFile, load_feeds
from monitor.config.loading import Config, load_all
from monitor.config.schema import schemas, write_schemas
from monitor.config.settings import Settings, read_settings, secrets_of
from monitor.config.watchlist_files import Places, load_watchlist

__all__ = [
    "Config",
    "FeedsFile",
    "Places",
    "Settings",
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
