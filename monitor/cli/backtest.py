"""backtest: what would have alerted one reader who follows everything, over stored or given items.

Decided by the very code that the service decides by (pipeline/replay.py); delivers nothing. Items are held in memory,
because they are replayed in the order of their times.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.cli.close_calls_shown import show_close_calls
from monitor.cli.exit_codes import ATTENTION, DONE
from monitor.cli.feeds_status import existing_store
from monitor.cli.items import GivenItem
from monitor.cli.jsonl import write
from monitor.cli.kept_marks import otherwise
from monitor.cli.screen import printable, tell
from monitor.cli.streams import SourceError, configured, did_you_mean, items_of, rows_of
from monitor.config import Settings, load_feeds, load_watchlist, parse_duration
from monitor.feeds.article_keys import article_key
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.matching.nlp import UndertheseaNlp
from monitor.pipeline.close_calls import close_calls
from monitor.pipeline.replay import ReplayedAlert, replay
from monitor.types import (
    AlertKind,
    Feed,
    FeedId,
    Item,
    ItemId,
    Watch,
    WatchId,
    Watchlist,
)

STORED = timedelta(days=7)  # how far back stored items are taken without --since


def run(source: str | None, *, watch: str | None, since: str | None, against: str | None, as_json: bool) -> int:
    """Replay: a line a would-be alert, then a count a watch. `against`: another config folder to compare with.

    With `watch` also what the watch came close to, grouped by why it was not taken.
    """
    settings = configured()
    zone = ZoneInfo(settings.timezone)
    span = _span(since)
    here = load_watchlist(settings.config_dir)
    there = load_watchlist(Path(against)) if against is not None else None
    _known(watch, here, there)
    feeds = _feeds(settings)
    if source is None:
        items, faults = asyncio.run(_stored(settings, span or STORED)), 0
    else:
        items, faults = _given(source, zone, span)
    active = ActiveWatchlist.of(here)
    told, named = asyncio.run(replay(items, active, nlp=UndertheseaNlp(), only=watch, feeds=feeds))
    if there is None:
        _show(told, zone, as_json=as_json)
        if watch is not None:
            show_close_calls(close_calls(items, active, WatchId(watch), feeds=feeds), watch, zone, as_json=as_json)
        _count(told, named, as_json=as_json)
    else:
        other = ActiveWatchlist.of(there)
        changed, _ = asyncio.run(replay(items, other, nlp=UndertheseaNlp(), only=watch, feeds=feeds))
        _show_difference(told, changed, zone, as_json=as_json)
    disagreeing = _kept_marks_otherwise(here if there is None else there, settings, zone, watch)
    return ATTENTION if faults or disagreeing else DONE


def _kept_marks_otherwise(watchlist: Watchlist, settings: Settings, zone: ZoneInfo, watch: str | None) -> bool:
    """Say which kept marks of the watch that was asked for are judged otherwise; whether there are any."""
    found = list(otherwise(watchlist, settings.config_dir, zone, only=watch)) if watch is not None else []
    for problem in found:
        tell(problem)
    return bool(found)


# ---------------------------------------------------------------- what is replayed


def _span(since: str | None) -> timedelta | None:
    try:
        return None if since is None else parse_duration(since)
    except ValueError as wrong:
        raise SourceError(f"--since: {wrong}") from wrong


def _feeds(settings: Settings) -> dict[FeedId, Feed]:
    """The configured feeds, whose settings say how old news may be and which articles are read; none need be there."""
    if not (settings.config_dir / "feeds.yaml").exists():
        return {}
    return {feed.id: feed for feed in load_feeds(settings.config_dir, timezone=settings.timezone).feeds}


def _known(watch: str | None, *watchlists: Watchlist | None) -> None:
    known = {name for watchlist in watchlists if watchlist for name in watchlist.named()}
    if watch is not None and watch not in known:
        raise SourceError(f"there is no watch {watch!r} in the watchlists{did_you_mean(watch, sorted(known))}")


async def _stored(settings: Settings, span: timedelta) -> list[Item]:
    async with existing_store(settings) as store:
        if store is None:
            raise SourceError("nothing is stored yet: name a FILE of items, or - for standard input")
        with store.reading() as tx:
            return [placed.item for placed in tx.placed_since(datetime.now(UTC) - span)]


def _given(source: str, zone: ZoneInfo, span: timedelta | None) -> tuple[list[Item], int]:
    """The items of a file in the order of their times, the last `span` of them; and how many lines were no items."""
    items: list[Item] = []
    last: datetime | None = None
    with rows_of(source) as reading:
        for _, given in items_of(reading, zone):
            last = given.item.at or last or datetime.now(UTC)
            items.append(_dated(given, last))
    items.sort(key=_time)  # stable: what is of one moment stays in the order given
    if span is not None and items:
        newest = _time(items[-1])
        items = [item for item in items if newest - _time(item) <= span]
    return items, reading.faults


def _dated(given: GivenItem, at: datetime) -> Item:
    feed = given.row.get("feed")  # as `monitor parse` writes it
    item = replace(given.item, published_at=at, feed_id=FeedId(feed if isinstance(feed, str) else ""))
    if not item.url and not given.guid:
        return item
    return replace(item, key=article_key(item.url, given.guid, item.title, at.date()))


def _time(item: Item) -> datetime:
    assert item.at is not None
    return item.at


# ---------------------------------------------------------------- how it is shown

SIGNS = {AlertKind.ALERT: "🔔", AlertKind.UPDATE: "↳"}


def _show(told: Sequence[ReplayedAlert], zone: ZoneInfo, *, as_json: bool) -> None:
    for each in told:
        if as_json:
            write(_row(each, each.watches, zone), sys.stdout)
        else:
            print(_line(SIGNS[each.kind], each, each.watches, zone))


def _row(told: ReplayedAlert, watches: Sequence[Watch], zone: ZoneInfo) -> dict[str, object]:
    return {
        "at": told.at.astimezone(zone).isoformat(timespec="seconds"),
        "kind": told.kind.value,
        "watches": [watch.id for watch in watches],
        "names": [watch.name for watch in watches],
        "outlet": told.item.outlet,
        "title": told.item.title,
        "url": told.item.url,
        "item": told.item.id,
        "story": told.story_id,
    }


def _line(sign: str, told: ReplayedAlert, watches: Sequence[Watch], zone: ZoneInfo) -> str:
    names = " · ".join(watch.name for watch in watches)
    parts = [f"{told.at.astimezone(zone):%Y-%m-%d %H:%M}", told.item.outlet, names, told.item.title]
    return printable(f"{sign} " + " | ".join(" ".join(part.split()) for part in parts if part))


def _count(told: Sequence[ReplayedAlert], named: Mapping[str, int], *, as_json: bool) -> None:
    """How often each watch would have told: after the lines, or beside them where a program reads those."""
    rang = Counter((each.kind, str(watch.id)) for each in told for watch in each.watches)
    out = sys.stderr if as_json else sys.stdout
    for watch_id, items in sorted(named.items(), key=lambda pair: (-rang[AlertKind.ALERT, pair[0]], pair[0])):
        alerts, updates = rang[AlertKind.ALERT, watch_id], rang[AlertKind.UPDATE, watch_id]
        print(f"{watch_id}: {alerts} alerts, {updates} developments, named in {items} items", file=out)
    days = (told[-1].at - told[0].at) / timedelta(days=1) if len(told) > 1 else 0
    rate = f", {len(told) / days:.1f} a day" if days >= 1 else ""
    print(f"all: {len(told)} messages{rate}", file=out)


def _show_difference(
    here: Sequence[ReplayedAlert], there: Sequence[ReplayedAlert], zone: ZoneInfo, *, as_json: bool
) -> None:
    before, after = _by_item(here), _by_item(there)
    lost = gained = 0
    for sign, told, watches in _differences(before, after):
        lost, gained = lost + (sign == "-"), gained + (sign == "+")
        if as_json:
            write({"change": "gained" if sign == "+" else "lost", **_row(told, watches, zone)}, sys.stdout)
        else:
            print(_line(sign, told, watches, zone))
    tell(f"{len(here)} messages by the present watchlists, {len(there)} by the others: {gained} gained, {lost} lost")


def _by_item(told: Sequence[ReplayedAlert]) -> dict[ItemId, ReplayedAlert]:
    return {each.item.id: each for each in told}


def _differences(
    before: Mapping[ItemId, ReplayedAlert], after: Mapping[ItemId, ReplayedAlert]
) -> Iterator[tuple[str, ReplayedAlert, tuple[Watch, ...]]]:
    """What rings only with the one (-) or only with the other (+) watchlist, in order of time."""
    either = {**before, **after}
    for item_id, told in sorted(either.items(), key=lambda pair: pair[1].at):
        old = {watch.id for watch in before[item_id].watches} if item_id in before else set[WatchId]()
        new = {watch.id for watch in after[item_id].watches} if item_id in after else set[WatchId]()
        if gone := tuple(watch for watch in before.get(item_id, told).watches if watch.id in old - new):
            yield "-", before[item_id], gone
        if come := tuple(watch for watch in after.get(item_id, told).watches if watch.id in new - old):
            yield "+", after[item_id], come
