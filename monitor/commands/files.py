"""check and schema: what an editor of the YAML files needs."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.commands.screen import printable, tell
from monitor.config import Settings, load_all, read_settings, write_schemas
from monitor.errors import ConfigError, Problem
from monitor.exits import DONE, WRONG
from monitor.lines import write


def check(*, as_json: bool) -> int:
    """Every mistake of settings, feeds and watchlists on stdout, a line each; warnings leave the exit code 0."""
    settings, errors, warnings = _settings()
    zone = ZoneInfo(settings.timezone)
    try:
        today = datetime.now(UTC).astimezone(zone).date()
        config = load_all(settings.config_dir, timezone=settings.timezone, today=today)
    except ConfigError as wrong:
        errors += wrong.problems
        summary = ""
    else:
        warnings += config.warnings
        watchlist = config.watchlist
        summary = f"{len(config.feeds)} feeds, {len(watchlist.watches)} watches, version {watchlist.version}"
    for severity, problems in (("error", errors), ("warning", warnings)):
        for problem in problems:
            if as_json:
                place = {"file": problem.file, "line": problem.line, "column": problem.column}
                write({**place, "severity": severity, "message": problem.message}, sys.stdout)
            else:
                print(printable(str(problem) if severity == "error" else f"{problem} (warning)"))
    if errors:
        tell(f"monitor check: {len(errors)} to mend")
        return WRONG
    tell(summary)
    return DONE


def _settings() -> tuple[Settings, tuple[Problem, ...], tuple[Problem, ...]]:
    """The settings as far as they can be read, what is wrong, and what is odd: the files are read all the same."""
    try:
        settings, warnings = read_settings()
    except ConfigError as wrong:
        errors = wrong.problems
    else:
        return settings, (), warnings
    # what a wrong variable is set to counts as not set; the message opens with its name
    emptied = {problem.message.partition(":")[0]: "" for problem in errors}
    try:
        settings, warnings = read_settings({**os.environ, **emptied})
    except ConfigError:  # a line of .env that cannot be read at all
        settings, warnings = read_settings({**os.environ, **emptied}, env_file=None)
    return settings, errors, warnings


def schema(folder: str) -> int:
    """Write the JSON Schemas that config/schema holds."""
    for path in write_schemas(Path(folder)):
        tell(path)
    return DONE
