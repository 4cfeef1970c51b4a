"""check and schema: what an editor of the YAML files needs."""

import os
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.config import load_all, read_settings, write_schemas
from monitor.errors import ConfigError, Problem
from monitor.exits import DONE, WRONG
from monitor.lines import write


def check(*, as_json: bool) -> int:
    """Every mistake of settings, feeds and watchlists on stdout, a line each; warnings leave the exit code 0."""
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    summary = ""
    folder, zone = Path(os.environ.get("MONITOR_CONFIG_DIR") or "config"), "Asia/Ho_Chi_Minh"
    try:
        settings, warnings = read_settings()
        folder, zone = settings.config_dir, settings.timezone
    except ConfigError as wrong:  # the files are read all the same: all mistakes in one run
        errors = wrong.problems
    try:
        config = load_all(folder, timezone=zone, today=datetime.now(ZoneInfo(zone)).date())
    except ConfigError as wrong:
        errors += wrong.problems
    else:
        warnings += config.warnings
        summary = (
            f"{len(config.feeds)} feeds, {len(config.watchlist.watches)} watches, version {config.watchlist.version}"
        )
    for severity, problems in (("error", errors), ("warning", warnings)):
        for problem in problems:
            if as_json:
                place = {"file": problem.file, "line": problem.line, "column": problem.column}
                write({**place, "severity": severity, "message": problem.message}, sys.stdout)
            else:
                print(problem if severity == "error" else f"{problem} (warning)")
    print(summary if not errors else f"{len(errors)} to mend", file=sys.stderr)
    return WRONG if errors else DONE


def schema(folder: str) -> int:
    """Write the JSON Schemas that config/schema holds."""
    for path in write_schemas(Path(folder)):
        print(path)
    return DONE
