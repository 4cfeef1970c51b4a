"""backtest: what would have alerted one reader who follows everything, over stored or given items.

Uses the very deciders of the service (matcher, story window, new_alerts) and delivers nothing. Items are held in
memory, because they are replayed in the order in which they were published.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.cli.exit_codes import ATTENTION, DONE
from monitor.cli.feeds_status import existing_store
from monitor.cli.items import GivenItem
from monitor.cli.jsonl import write
from monitor.cli.screen import printable, tell
from monitor.cli.streams import SourceError, configured, did_you_mean, items_of, rows_of
from monitor.config import Settings, load_watchlist, parse_duration
from monitor.feeds.article_keys import article_key
from monitor.matching.matcher import Matcher, compile_watchlist
from monitor.pipeline.alerts import Audience, alerts_for_item
from monitor.pipeline.judge import is_prominent
from monitor.stories.grouping.window import SAME_TEXT_WINDOW, StoryWindow
from monitor.types import (
    EVERYTHING,
    TERMINAL,
    Address,
    Alert,
    AlertKind,
    AlertState,
    Item,
    ItemId,
    Match,
    NewAlert,
    StoryId,
    Target,
    Watch,
    WatchId,
    Watchlist,
)

STORED = timedelta(days=7)  # how far back stored items are taken without --since
MAX_ALERT_AGE = timedelta(hours=48)  # the default; the feeds of stored items may say otherwise


@dataclass(frozen=True, slots=True)
class Rung:
    """One message that the reader would have had, first or in reply, and the watches it rings for."""

    kind: AlertKind
    at: datetime
    item: Item
    story_id: StoryId
    watches: tuple[Watch, ...]


def run(source: str | None, *, watch: str | None, since: str | None, against: str | None, as_json: bool) -> int:
    """Replay: a line a would-be alert, then a count a watch. `against`: another config folder to compare with."""
    settings = configured()
    zone = ZoneInfo(settings.timezone)
    span = _span(since)
    here = load_watchlist(settings.config_dir)
    there = load_watchlist(Path(against)) if against is not None else None
    _known(watch, here, there)
    if source is None:
        items, faults = asyncio.run(_stored(settings, span or STORED)), 0
    else:
        items, faults = _given(source, zone, span)
    rung, named = replay(items, here, only=watch)
    if there is None:
        _show(rung, zone, as_json=as_json)
        _count(rung, named, as_json=as_json)
    else:
        changed, _ = replay(items, there, only=watch)
        _show_difference(rung, changed, zone, as_json=as_json)
    return ATTENTION if faults else DONE


# ---------------------------------------------------------------- what is replayed


def _span(since: str | None) -> timedelta | None:
    try:
        return None if since is None else parse_duration(since)
    except ValueError as wrong:
        raise SourceError(f"--since: {wrong}") from wrong


def _known(watch: str | None, *watchlists: Watchlist | None) -> None:
    known = {name for watchlist in watchlists if watchlist for name in watchlist.named()}
    if watch is not None and watch not in known:
        raise SourceError(f"there is no watch {watch!r} in the watchlists{did_you_mean(watch, sorted(known))}")


async def _stored(settings: Settings, span: timedelta) -> list[Item]:
    async with existing_store(settings) as store:
        if store is None:
            raise SourceError("nothing is stored yet: name a FILE of items, or - for standard input")
        async with store.read() as tx:
            return [placed.item async for placed in tx.placed_since(datetime.now(UTC) - span)]


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
    item = replace(given.item, published_at=at)
    if not item.url and not given.guid:
        return item
    return replace(item, key=article_key(item.url, given.guid, item.title, at.date()))


def _time(item: Item) -> datetime:
    assert item.at is not None
    return item.at


# ---------------------------------------------------------------- replay


def replay(items: Sequence[Item], watchlist: Watchlist, *, only: str | None = None) -> tuple[list[Rung], Counter[str]]:
    """What would have rung, in order of time, and how many items name each watch. `only`: of one watch.

    Every message counts as sent at once. An item that was older than MAX_ALERT_AGE when it was seen rings for nobody.
    """
    matcher = compile_watchlist(watchlist)
    watches = watchlist.named()
    window = StoryWindow()
    outbox: dict[StoryId, list[Alert]] = {}
    rung: list[Rung] = []
    named: Counter[str] = Counter()
    keys: set[str] = set()
    for item in items:
        if item.key and item.key in keys:
            continue  # the store would know the article
        keys.add(item.key)
        at = _time(item)
        matches = _matches(matcher, item)
        placement = window.decide(item, matches, at=at)
        story_id = placement.story_id or StoryId(item.id)
        window.remember(item, story_id, matches)
        window.forget(at - SAME_TEXT_WINDOW)
        mine = [watches[match.watch_id] for match in matches if only is None or match.watch_id == only]
        named.update(watch.id for watch in mine)
        if item.seen_at is not None and item.seen_at - at > MAX_ALERT_AGE:
            continue
        known = outbox.setdefault(story_id, [])
        found = alerts_for_item(
            item,
            mine,
            placement.role,
            story_id,
            Audience(_followers(mine), known),
            now=at,
        )
        for new_alert in found:
            if new_alert.kind in (AlertKind.ALERT, AlertKind.UPDATE):
                known.append(_sent(new_alert, at))
                rung.append(
                    Rung(new_alert.kind, at, item, story_id, tuple(watches[each] for each in new_alert.watch_ids))
                )
    return rung, named


def _matches(matcher: Matcher, item: Item) -> list[Match]:
    """As the service finds them: by title and lead first, by the full text where it is prominent."""
    if not item.body:
        return list(matcher.match(item))
    first = list(matcher.match(replace(item, body="")))
    found = {match.watch_id for match in first}
    return first + [each for each in matcher.match(item) if each.watch_id not in found and is_prominent(each)]


def _followers(watches: Sequence[Watch]) -> Mapping[Address, Sequence[Target]]:
    return {TERMINAL: (EVERYTHING,)} if watches else {}


def _sent(new_alert: NewAlert, at: datetime) -> Alert:
    return Alert(
        0,
        new_alert.address,
        new_alert.kind,
        new_alert.dedupe_key,
        AlertState.SENT,
        1,
        at,
        at,
        new_alert.story_id,
        watch_ids=new_alert.watch_ids,
    )


# ---------------------------------------------------------------- how it is shown

SIGNS = {AlertKind.ALERT: "🔔", AlertKind.UPDATE: "↳"}


def _show(rung: Sequence[Rung], zone: ZoneInfo, *, as_json: bool) -> None:
    for each in rung:
        if as_json:
            write(_row(each, each.watches, zone), sys.stdout)
        else:
            print(_line(SIGNS[each.kind], each, each.watches, zone))


def _row(rung: Rung, watches: Sequence[Watch], zone: ZoneInfo) -> dict[str, object]:
    return {
        "at": rung.at.astimezone(zone).isoformat(timespec="seconds"),
        "kind": rung.kind.value,
        "watches": [watch.id for watch in watches],
        "names": [watch.name for watch in watches],
        "outlet": rung.item.outlet,
        "title": rung.item.title,
        "url": rung.item.url,
        "item": rung.item.id,
        "story": rung.story_id,
    }


def _line(sign: str, rung: Rung, watches: Sequence[Watch], zone: ZoneInfo) -> str:
    names = " · ".join(watch.name for watch in watches)
    parts = [f"{rung.at.astimezone(zone):%Y-%m-%d %H:%M}", rung.item.outlet, names, rung.item.title]
    return printable(f"{sign} " + " | ".join(" ".join(part.split()) for part in parts if part))


def _count(rung: Sequence[Rung], named: Mapping[str, int], *, as_json: bool) -> None:
    """How often each watch would have rung: after the lines, or beside them where a program reads those."""
    rang = Counter((each.kind, str(watch.id)) for each in rung for watch in each.watches)
    out = sys.stderr if as_json else sys.stdout
    for watch_id, items in sorted(named.items(), key=lambda pair: (-rang[AlertKind.ALERT, pair[0]], pair[0])):
        alerts, updates = rang[AlertKind.ALERT, watch_id], rang[AlertKind.UPDATE, watch_id]
        print(f"{watch_id}: {alerts} alerts, {updates} developments, named in {items} items", file=out)
    days = (rung[-1].at - rung[0].at) / timedelta(days=1) if len(rung) > 1 else 0
    rate = f", {len(rung) / days:.1f} a day" if days >= 1 else ""
    print(f"all: {len(rung)} messages{rate}", file=out)


def _show_difference(here: Sequence[Rung], there: Sequence[Rung], zone: ZoneInfo, *, as_json: bool) -> None:
    before, after = _by_item(here), _by_item(there)
    lost = gained = 0
    for sign, rung, watches in _differences(before, after):
        lost, gained = lost + (sign == "-"), gained + (sign == "+")
        if as_json:
            write({"change": "gained" if sign == "+" else "lost", **_row(rung, watches, zone)}, sys.stdout)
        else:
            print(_line(sign, rung, watches, zone))
    tell(f"{len(here)} messages by the present watchlists, {len(there)} by the others: {gained} gained, {lost} lost")


def _by_item(rung: Sequence[Rung]) -> dict[ItemId, Rung]:
    return {each.item.id: each for each in rung}


def _differences(
    before: Mapping[ItemId, Rung], after: Mapping[ItemId, Rung]
) -> Iterator[tuple[str, Rung, tuple[Watch, ...]]]:
    """What rings only with the one (-) or only with the other (+) watchlist, in order of time."""
    either = {**before, **after}
    for item_id, rung in sorted(either.items(), key=lambda pair: pair[1].at):
        old = {watch.id for watch in before[item_id].watches} if item_id in before else set[WatchId]()
        new = {watch.id for watch in after[item_id].watches} if item_id in after else set[WatchId]()
        if gone := tuple(watch for watch in before.get(item_id, rung).watches if watch.id in old - new):
            yield "-", before[item_id], gone
        if come := tuple(watch for watch in after.get(item_id, rung).watches if watch.id in new - old):
            yield "+", after[item_id], come
