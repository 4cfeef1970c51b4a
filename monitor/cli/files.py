"""check and schema: what an editor of the YAML files needs."""

import asyncio
import os
import sys
import time
from collections.abc import Collection
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.cli.exit_codes import DONE, WRONG
from monitor.cli.feeds_status import existing_store, missing_file
from monitor.cli.jsonl import write
from monitor.cli.kept_marks import otherwise
from monitor.cli.screen import printable, tell
from monitor.config import Config, Settings, channel_urls_of, load_all, read_settings, write_schemas
from monitor.config.shipped import SHIPPED
from monitor.errors import ConfigError, Problem
from monitor.matching.costs import Costs
from monitor.matching.lint import Finding, crowded
from monitor.store.transaction import Store
from monitor.types import WatchId

CROWDED = 0.05  # of the stored items: Trump, the most named of all, stands in about 3 % of what newspapers print
CROWDED_WITHIN = timedelta(days=7)
CROWDED_ITEMS = 20_000  # the newest of them: about a second of matching
COSTS_WITHIN = timedelta(days=30)
COSTS_SECONDS = 5


def check(*, as_json: bool, every: bool = False, history: bool = True) -> int:
    """Every mistake of settings, feeds, watchlists and channels on stdout, a line each; warnings leave the exit code 0.

    With `history` stored news tells what watches lose or bring too much: those that were not shipped, or `every` one.
    """
    settings, errors, warnings = readable_settings()
    zone = ZoneInfo(settings.timezone)
    try:
        today = datetime.now(UTC).astimezone(zone).date()
        config = load_all(
            settings.config_dir, timezone=settings.timezone, today=today, channel_urls=channel_urls_of(settings)
        )
    except ConfigError as wrong:
        errors += wrong.problems
        summary = ""
    else:
        warnings += config.warnings
        watchlist = config.watchlist
        if history:
            warnings += asyncio.run(_of_stored_news(settings, config, every=every))
        warnings += tuple(otherwise(watchlist, settings.config_dir, zone))
        summary = f"{len(config.feeds)} feeds, {len(watchlist.watches)} watches, version {watchlist.version}"
        if config.channels:
            summary += f", {len(config.channels)} channels"
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


async def _of_stored_news(settings: Settings, config: Config, *, every: bool) -> tuple[Problem, ...]:
    """What stored news shows of an installation's own watches, or of `every` one; without a database nothing."""
    ids = {watch.id for watch in config.watchlist.watches}
    own = ids if every else ids - SHIPPED
    if not own or missing_file(settings.database_url):
        return ()
    async with existing_store(settings) as store:
        if store is None:
            return ()
        findings = [each for each in await _crowded(store, config) if each.watch_id in own]
        findings += await asyncio.to_thread(_costs, store, config, own)
    return tuple(config.places.problem(each.watch_id, each.message, each.key, each.index) for each in findings)


async def _crowded(store: Store, config: Config) -> list[Finding]:
    """Names and queries that hit too much of what is stored."""
    with store.reading() as tx:
        stored = tx.placed_since(datetime.now(UTC) - CROWDED_WITHIN)
        items = [placed.item for placed in stored][-CROWDED_ITEMS:]
    return await asyncio.to_thread(crowded, config.watchlist, items, share=CROWDED)


def _costs(store: Store, config: Config, own: Collection[WatchId]) -> list[Finding]:
    """What these watches cost, by the newest items that can be read in COSTS_SECONDS."""
    costs = Costs(config.watchlist, own)
    ends_at = time.monotonic() + COSTS_SECONDS
    with store.reading() as tx, closing(tx.newest_since(datetime.now(UTC) - COSTS_WITHIN)) as items:
        for item in items:
            costs.note(item)
            if time.monotonic() > ends_at:
                tell(f"monitor check: the newest {costs.seen} of the stored items were read, for {COSTS_SECONDS} s")
                break
    return costs.findings()


def readable_settings() -> tuple[Settings, tuple[Problem, ...], tuple[Problem, ...]]:
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
