"""feeds and status: tables for a person, JSON for a program."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from monitor.config import Config, Settings, load_all, read_settings
from monitor.exits import ATTENTION, DONE
from monitor.lines import write
from monitor.status import gather_status, needs_a_person
from monitor.store.sql import open_store
from monitor.types import Feed, FeedId, FeedState


def _configured() -> tuple[Settings, Config]:
    settings, warnings = read_settings()
    for warning in warnings:
        print(warning, file=sys.stderr)
    return settings, load_all(settings.config_dir, timezone=settings.timezone)


async def _states(settings: Settings) -> dict[FeedId, FeedState]:
    store = await open_store(settings.database_url)
    try:
        async with store.read() as tx:
            return {state.feed_id: state for state in await tx.feed_states()}
    finally:
        await store.close()


def _condition(feed: Feed, state: FeedState | None) -> str:
    if not feed.enabled:
        return "off"
    if state is None or state.last_checked_at is None:
        return "new"
    return (state.failure_kind or "failing") if state.failures else "well"


def feeds(*, as_json: bool) -> int:
    """Every configured feed and how it does; 1 when one is down."""
    settings, config = _configured()
    states = asyncio.run(_states(settings))
    zone = ZoneInfo(settings.timezone)
    rows = [_feed_row(feed, states.get(feed.id)) for feed in config.feeds]
    if as_json:
        for row in rows:
            write(row, sys.stdout)
    else:
        table = [
            [
                row["id"],
                row["outlet"],
                row["state"],
                _clock(row["last_success"], zone),
                _clock(row["next_check"], zone),
                row["error"],
            ]
            for row in rows
        ]
        _print_table(["feed", "outlet", "state", "last success", "next check", "last error"], table)
    return ATTENTION if any(states[row["id"]].announced for row in rows if row["id"] in states) else DONE


def _feed_row(feed: Feed, state: FeedState | None) -> dict[str, Any]:
    def iso(at: datetime | None) -> str | None:
        return at.isoformat(timespec="seconds") if at else None

    return {
        "id": feed.id,
        "outlet": feed.outlet,
        "section": feed.section,
        "url": feed.url,
        "enabled": feed.enabled,
        "state": str(_condition(feed, state)),
        "interval_seconds": int(((state.interval if state else None) or feed.interval).total_seconds()),
        "last_checked": iso(state.last_checked_at) if state else None,
        "last_success": iso(state.last_success_at) if state else None,
        "next_check": iso(state.next_check_at) if state else None,
        "failures": state.failures if state else 0,
        "failing_since": iso(state.failing_since) if state else None,
        "error": state.last_error if state else "",
        "moved_to": state.bookmark.moved_to if state else "",
    }


def _clock(iso: str | None, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(iso).astimezone(zone).strftime("%d/%m %H:%M") if iso else "–"


def opml() -> int:
    """The configured feeds, by outlet, for any feed reader."""
    _, config = _configured()
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "vn-news-monitor"
    body = ElementTree.SubElement(root, "body")
    outlets: dict[str, ElementTree.Element] = {}
    for feed in config.feeds:
        if feed.outlet not in outlets:
            outlets[feed.outlet] = ElementTree.SubElement(body, "outline", text=feed.outlet)
        name = f"{feed.outlet} – {feed.section}" if feed.section else feed.outlet
        ElementTree.SubElement(outlets[feed.outlet], "outline", type="rss", text=name, title=name, xmlUrl=feed.url)
    ElementTree.indent(root)
    print('<?xml version="1.0" encoding="UTF-8"?>')
    print(ElementTree.tostring(root, encoding="unicode"))
    return DONE


async def _status(settings: Settings, config: Config) -> tuple[Any, list[str]]:
    store = await open_store(settings.database_url)
    try:
        report = await gather_status(store, config, now=datetime.now(UTC))
        async with store.read() as tx:
            states = await tx.feed_states()
    finally:
        await store.close()
    configured = {feed.id for feed in config.feeds if feed.enabled}
    return report, needs_a_person(report, [state for state in states if state.feed_id in configured])


def status(*, as_json: bool) -> int:
    """What works and what does not; 1 when something needs a person, and then why."""
    settings, config = _configured()
    report, reasons = asyncio.run(_status(settings, config))
    if as_json:
        row = asdict(report)
        row["outbox"] = {state.value: count for state, count in report.outbox.items()}
        row["needs_a_person"] = reasons
        write(_plain(row), sys.stdout)
        return ATTENTION if reasons else DONE
    facts = [
        ["feeds well", str(report.feeds_well)],
        ["feeds failing", str(len(report.failing))],
        ["items waiting", str(report.items_waiting)],
        ["items parked", str(len(report.parked))],
        *([f"alerts {state.value}", str(count)] for state, count in report.outbox.items()),
        ["subscribers", str(report.subscribers)],
        ["watches", f"{report.watches} (version {report.watchlist_version})"],
        ["complaints of readers", str(report.feedback)],
    ]
    _print_table(["", ""], facts)
    for feed in report.failing:
        print(
            f"failing: {feed.id} since {feed.since:%Y-%m-%d %H:%M} UTC: {feed.why}"
            if feed.since
            else f"failing: {feed.id}: {feed.why}"
        )
    for item in report.parked:
        print(f"parked: item {item.item_id} «{item.title}»: {item.why}")
    for reason in reasons:
        print(f"needs a person: {reason}", file=sys.stderr)
    return ATTENTION if reasons else DONE


def _plain(value: Any) -> Any:
    """Dates as ISO 8601 and tuples as lists, all the way down."""
    match value:
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case datetime():
            return value.isoformat(timespec="seconds")
        case _:
            return value


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table(*heads, box=SIMPLE if any(heads) else None, show_header=any(heads))
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 160, highlight=False).print(table)
