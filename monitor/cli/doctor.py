"""doctor: what is wrong with the place where the service lives, and what to do about it."""

import asyncio
import sys
from datetime import UTC, datetime

from monitor.app.checkup import Check, CheckState, examine_all
from monitor.cli.exit_codes import ATTENTION, DONE, WRONG
from monitor.cli.files import readable_settings
from monitor.cli.jsonl import write
from monitor.cli.screen import printable
from monitor.config import channel_urls_of, load_all
from monitor.errors import ConfigError, Problem


def run(*, as_json: bool) -> int:
    """A line a check, with what to do behind what is not ok; 1 with a problem, 2 when it is in settings or files."""
    settings, errors, warnings = readable_settings()
    checks = [_of_problems("settings", errors, warnings, "monitor check names each")]
    config = None
    try:
        config = load_all(settings.config_dir, timezone=settings.timezone, channel_urls=channel_urls_of(settings))
    except ConfigError as wrong:
        checks.append(_of_problems("config files", wrong.problems, (), "monitor check names each"))
    else:
        checks.append(_of_problems("config files", (), config.warnings, "monitor check names each"))
        if not errors and not config.warnings:
            counted = f"{len(config.feeds)} feeds, {len(config.watchlist.watches)} watches"
            checks[-1] = Check("config files", CheckState.OK, counted)
    checks += asyncio.run(examine_all(settings, config, now=datetime.now(UTC)))
    if as_json:
        write({"checks": [{"name": c.name, "state": c.state, "what": c.what, "do": c.do} for c in checks]}, sys.stdout)
    else:
        for check in checks:
            print(printable(f"{check.state:8} {check.name}: {check.what}"))
            if check.do:
                print(printable(f"{'':8} → {check.do}"))
    if errors or config is None:
        return WRONG
    return ATTENTION if any(check.state is CheckState.PROBLEM for check in checks) else DONE


def _of_problems(name: str, errors: tuple[Problem, ...], warnings: tuple[Problem, ...], do: str) -> Check:
    if errors or warnings:
        first, *more = errors or warnings
        state = CheckState.PROBLEM if errors else CheckState.WARNING
        return Check(name, state, f"{first}" + (f" (and {len(more)} more)" if more else ""), do)
    return Check(name, CheckState.OK, "nothing is wrong with them")
