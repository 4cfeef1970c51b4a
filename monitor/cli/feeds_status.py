"""feeds and status: tables for a person, JSON for a program. They read, and leave no database where there was none."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from monitor.cli.exit_codes import ATTENTION, DONE
from monitor.cli.jsonl import write
from monitor.cli.screen import printable, tell
from monitor.config import Config, Settings, load_all, read_settings
from monitor.errors import ConfigError, Problem
from monitor.i18n import SOURCE, translator
from monitor.pipeline.status import StatusReport, gather_status, needs_a_person
from monitor.pipeline.stuck_desk import end_stuck
from monitor.pipeline.worker_words import count_words, parts_words
from monitor.pipeline.workers_seen import WorkerStatus, wanted_parts
from monitor.store.engine import parse as parse_address
from monitor.store.transaction import Store, Transaction, open_store
from monitor.types import AlertState, ChangeAction, Feed, FeedId, FeedState, NewChange

WIDTH = 160  # columns where there is no terminal to ask


def _configured() -> tuple[Settings, Config]:
    settings, warnings = read_settings()
    for warning in warnings:
        tell(warning)
    return settings, load_all(settings.config_dir, timezone=settings.timezone)


def missing_file(url: str) -> str:
    """The SQLite file that is not there yet; empty when it is, or when the database is no file of ours."""
    address = parse_address(url)
    is_file = address.get_backend_name() == "sqlite"
    return str(address.database) if is_file and not Path(str(address.database)).exists() else ""


@asynccontextmanager
async def existing_store(settings: Settings) -> AsyncIterator[Store | None]:
    """The store, or None where the service has not run yet: looking must not make a database."""
    if missing := missing_file(settings.database_url):
        tell(f"there is no database {missing} yet: `monitor run` makes it")
        yield None
        return
    async with await open_store(settings.database_url) as store:
        yield store


# ---------------------------------------------------------------- feeds


def feeds(*, as_json: bool, as_opml: bool = False) -> int:
    """Every configured feed and how it does. Judges nothing: that is for status."""
    if as_opml:
        return _opml()
    settings, config = _configured()
    states = asyncio.run(_states(settings))
    rows = [_feed_row(feed, states.get(feed.id)) for feed in config.feeds]
    if as_json:
        for row in rows:
            write(row, sys.stdout)
        return DONE
    zone = ZoneInfo(settings.timezone)
    table = []
    for row in rows:
        times = (_clock(row["last_success"], zone), _clock(row["next_check"], zone))
        table.append([row["id"], row["outlet"], row["state"], *times, row["error"]])
    _print_table(["feed", "outlet", "state", "last success", "next check", "last error"], table)
    return DONE


async def _states(settings: Settings) -> dict[FeedId, FeedState]:
    async with existing_store(settings) as store:
        if store is None:
            return {}
        return {state.feed_id: state for state in await store.read(Transaction.feed_states)}


def _condition(feed: Feed, state: FeedState | None) -> str:
    if not feed.enabled:
        return "off"
    if state is None or state.last_checked_at is None:
        return "new"
    if state.failures:
        return state.failure_kind.value if state.failure_kind else "failing"
    return "well"


def _feed_row(feed: Feed, state: FeedState | None) -> dict[str, Any]:
    row = {
        "id": feed.id,
        "outlet": feed.outlet,
        "section": feed.section,
        "url": feed.url,
        "enabled": feed.enabled,
        "state": _condition(feed, state),
        "interval_seconds": int(((state.interval if state else None) or feed.interval).total_seconds()),
        "last_checked": state.last_checked_at if state else None,
        "last_success": state.last_success_at if state else None,
        "next_check": state.next_check_at if state else None,
        "failures": state.failures if state else 0,
        "failing_since": state.failing_since if state else None,
        "announced": state.announced.value if state and state.announced else None,
        "error": state.last_error if state else "",
        "moved_to": state.bookmark.moved_to if state else "",
    }
    return {key: _plain(value) for key, value in row.items()}


def _opml() -> int:
    """The configured feeds, by outlet, for any feed reader."""
    _, config = _configured()
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = "vn-news-monitor"
    body = ElementTree.SubElement(root, "body")
    outlets: dict[str, ElementTree.Element] = {}
    for feed in config.feeds:
        if feed.outlet not in outlets:
            outlets[feed.outlet] = ElementTree.SubElement(body, "outline", text=feed.outlet, title=feed.outlet)
        name = f"{feed.outlet} – {feed.section}" if feed.section else feed.outlet
        ElementTree.SubElement(outlets[feed.outlet], "outline", type="rss", text=name, title=name, xmlUrl=feed.url)
    ElementTree.indent(root)
    print('<?xml version="1.0" encoding="UTF-8"?>')
    print(ElementTree.tostring(root, encoding="unicode"))
    return DONE


# ---------------------------------------------------------------- status


def status(*, as_json: bool, again: Sequence[str] = (), drop: Sequence[str] = ()) -> int:
    """What works and what does not; 1 when something needs a person, and then why.

    What is named in `again` and `drop` is ended first: item:12, alert:7 or all. Raises ConfigError for another name.
    """
    settings, config = _configured()
    for names, once_more in ((again, True), (drop, False)):
        for name in names:
            ended = asyncio.run(_end(settings, name, again=once_more))
            tell(f"{name}: {ended} {'to be tried again' if once_more else 'dropped'}")
    report, states = asyncio.run(_status(settings, config))
    reasons = needs_a_person(report, states)
    polled = max((state.last_checked_at for state in states if state.last_checked_at), default=None)
    if as_json:
        write(_plain({**_data(report), "last_poll": polled, "needs_a_person": reasons}), sys.stdout)
    else:
        _print_status(report, polled, ZoneInfo(settings.timezone))
        for reason in reasons:
            tell(f"needs a person: {reason}")
    return ATTENTION if reasons else DONE


def _data(report: StatusReport) -> dict[str, Any]:
    """The report with workers as a list; without where there are none, on SQLite."""
    data = asdict(report)
    if (workers := data.pop("workers")) is not None:
        data |= {"workers": workers["workers"], "workers_lack": workers["troubles"]}
    return data


async def _end(settings: Settings, name: str, *, again: bool) -> int:
    async with existing_store(settings) as store:
        if store is None:
            return 0
        try:
            by = NewChange(ChangeAction.STUCK, who="monitor status")
            return await store.write(end_stuck, name, again=again, by=by, now=datetime.now(UTC))
        except ValueError as wrong:
            raise ConfigError((Problem("--again" if again else "--drop", 0, 0, str(wrong)),)) from None


async def _status(settings: Settings, config: Config) -> tuple[StatusReport, list[FeedState]]:
    configured = {feed.id for feed in config.feeds if feed.enabled}
    async with existing_store(settings) as store:
        parts = wanted_parts(has_bot=settings.telegram_token is not None)
        now = datetime.now(UTC)
        report = await gather_status(store, config.feeds, config.watchlist, now=now, parts=parts)
        if store is None:
            return report, []
        states = await store.read(Transaction.feed_states)
        return report, [state for state in states if state.feed_id in configured]


def _print_status(report: StatusReport, polled: datetime | None, zone: ZoneInfo) -> None:
    out_since = report.telegram_out_since
    through = report.late_by and report.is_sent
    facts = [
        ["last poll", f"{polled.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}" if polled else "–"],
        ["feeds well", str(report.feeds_well)],
        ["feeds failing", str(len(report.failing))],
        ["items waiting", str(report.items_waiting)],
        ["items parked", str(len(report.parked))],
        *([f"alerts {state.value}", str(report.outbox[state])] for state in AlertState if report.outbox.get(state)),
        *([["alerts late by", translator(SOURCE).span(report.late_by)]] if report.late_by else []),
        *([["through in about", translator(SOURCE).span(report.through_in)]] if through else []),
        *([["Telegram out since", f"{out_since.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"]] if out_since else []),
        *([["overload", f"work waits until {report.waits_for} have gone through"]] if report.waits_for else []),
        ["subscribers", str(report.subscribers)],
        ["watches", f"{report.watches} (version {report.watchlist_version})"],
        ["complaints of readers", str(report.feedback)],
        ["articles changed, taken down", f"{report.reworded}, {report.gone} (last 24 h)"],
    ]
    _print_table([], facts)
    if report.workers is not None:
        _print_workers(report.workers.workers)
    for feed in report.failing:
        since = f" since {feed.since.astimezone(zone):%Y-%m-%d %H:%M %Z}" if feed.since else ""
        print(printable(f"failing: {feed.id}{since}: {feed.why}"))
    for item in report.parked:
        print(printable(f"parked: item:{item.item_id} «{item.title}»: {item.why}"))
    for alert in (*report.parked_alerts, *report.uncertain):
        print(
            printable(
                f"{alert.state.value}: alert:{alert.alert_id} to chat {alert.chat_id} «{alert.title}»: {alert.why}"
            )
        )


def _print_workers(workers: Sequence[WorkerStatus]) -> None:
    """Two lines each, which a terminal of 80 columns holds: a table would cut names and addresses off there."""
    if not workers:
        return
    english = translator(SOURCE)
    print(f"\n{count_words(english, workers)}:")
    for each in workers:
        ago = f"{each.silent_for.total_seconds():.0f} s ago"
        heard = f"last beat {ago}" if each.is_alive else f"SILENT for {english.span(each.silent_for)}"
        roles = f"roles: {', '.join(each.roles)}" if each.roles else ""
        said = (parts_words(english, each), roles, heard, each.version)
        print(printable(f"  {each.name}: {' · '.join(part for part in said if part)}"))
        if each.page:
            print(printable(f"      {each.page}"))
    print()


# ---------------------------------------------------------------- how it is shown


def _plain(value: Any) -> Any:
    """As JSON has it: dates as ISO 8601, spans in seconds, tuples as lists, all the way down."""
    match value:
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case datetime():
            return value.isoformat(timespec="seconds")
        case timedelta():
            return value.total_seconds()
        case _:
            return value


def _clock(iso: str | None, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(iso).astimezone(zone).strftime("%d/%m %H:%M") if iso else "–"


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    class Paper(Console):
        def on_broken_pipe(self) -> None:  # rich would end the program with 1
            raise BrokenPipeError

    table = Table(*heads, box=SIMPLE if heads else None, show_header=bool(heads))
    if not heads:
        table.add_column(no_wrap=True)
        table.add_column()
    for row in rows:
        # as Text: an error like "[Errno 111] …" is no markup
        table.add_row(*(Text(printable(cell)) for cell in row))
    Paper(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH, highlight=False).print(table)
