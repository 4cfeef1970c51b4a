"""search: stored news by its words, as lines for a program or as a list for a person.

Changes nothing: what the search index lacks is taken in by the service, and said here.
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.cli.exit_codes import ATTENTION, DONE
from monitor.cli.feeds_status import existing_store
from monitor.cli.jsonl import Row, write
from monitor.cli.screen import printable, tell
from monitor.cli.streams import SourceError, configured
from monitor.config import Settings, load_all
from monitor.i18n import translator
from monitor.notify.search_mistakes import lacking_text, mistake_text
from monitor.pipeline.find_news import MANY_LACKING, FoundItem, FoundItems, find_items, row_of
from monitor.pipeline.search_query import QueryFault, QueryMistake, SearchNames, nearest_watches, read_query
from monitor.types import WatchId

WORDS = translator("en")


def run(
    words: Sequence[str], *, since: timedelta | None, watch: str | None, outlet: str | None, limit: int, as_json: bool
) -> int:
    """Find; 1 where the index is still being built, so that something may be missing."""
    settings = configured()
    found = asyncio.run(_found(settings, " ".join(words), since, watch, outlet, limit))
    zone = ZoneInfo(settings.timezone)
    for each in found.items:
        if as_json:
            write(_row(each), sys.stdout)
        else:
            print(_shown(each, zone))
    if not found.items:
        tell("monitor search: nothing found")
    if found.lacking >= MANY_LACKING:
        tell(f"monitor search: {lacking_text(found.lacking, WORDS)} `monitor run` goes on with it")
        return ATTENTION
    return DONE


async def _found(
    settings: Settings, typed: str, since: timedelta | None, watch: str | None, outlet: str | None, limit: int
) -> FoundItems:
    config = await asyncio.to_thread(load_all, settings.config_dir, timezone=settings.timezone)
    watches = {watch_id: each.name for watch_id, each in config.watchlist.named().items()}
    names = SearchNames(watches, {feed.outlet for feed in config.feeds})
    now = datetime.now(UTC)
    wanted = read_query(typed, names, now=now)
    if isinstance(wanted, QueryMistake):
        raise _wrong(wanted)
    if watch is not None and WatchId(watch) not in watches:
        raise _wrong(QueryMistake(QueryFault.WATCH, watch, nearest_watches(watch, watches)))
    wanted = replace(
        wanted,
        since=wanted.since if since is None else now - since,
        watch_ids=wanted.watch_ids if watch is None else (WatchId(watch),),
        outlet=wanted.outlet if outlet is None else outlet,
    )
    async with existing_store(settings) as store:
        if store is None:
            return FoundItems((), 0)
        found = await find_items(store, wanted, names, limit=limit)
    if isinstance(found, QueryMistake):
        raise _wrong(found)
    return found


def _wrong(mistake: QueryMistake) -> SourceError:
    return SourceError(mistake_text(mistake.fault, mistake.word, mistake.near, WORDS))


def _row(found: FoundItem) -> Row:
    at = found.hit.item.published_at
    return row_of(found.hit, found.watches) | {"published": at.isoformat(timespec="seconds") if at else None}


def _shown(found: FoundItem, zone: ZoneInfo) -> str:
    """Two lines: when, who and what, the hits in bold in a terminal; the address."""
    item, is_terminal = found.hit.item, sys.stdout.isatty()
    title = item.title
    if is_terminal:
        for mark in reversed([each for each in found.hit.marks if each.field == "title"]):
            inner = title[mark.start : mark.end]
            title = f"{title[: mark.start]}\x1b[1m{inner}\x1b[0m{title[mark.end :]}"
    when = f"{item.at.astimezone(zone):%Y-%m-%d %H:%M}" if item.at else "-"
    about = f" [{', '.join(found.watches)}]" if found.watches else ""
    line = f"{when}  {item.outlet}  {' '.join(title.split())}{about}"
    return printable(f"{line}\n{' ' * 18}{item.url}", keep_bold=is_terminal)
