"""parse, match, stories, summarise: one use case alone, lines in and lines out, without a database."""

import argparse
import asyncio
import contextlib
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import BinaryIO
from zoneinfo import ZoneInfo

from monitor.config import Settings, load_feeds, load_watchlist, read_settings
from monitor.errors import MonitorError
from monitor.exits import ATTENTION, DONE
from monitor.lines import GivenItem, Reading, Row, match_row, summary_row, write
from monitor.types import Bookmark, Entry, Failed, Feed, FeedId, Fetched, Item, Match, StoryId
from monitor.watch.matcher import Matcher, compile_watchlist


class SourceError(MonitorError):
    """What was named on the command line cannot be read."""


def run(arguments: argparse.Namespace) -> int:
    """One of the four commands; gives its exit code."""
    settings, warnings = read_settings()
    for warning in warnings:
        print(warning, file=sys.stderr)
    if arguments.command == "parse":
        return parse(settings, arguments.source, arguments.feed)
    with _open(arguments.source) as source:
        reading = Reading(source, "-" if arguments.source == "-" else arguments.source, sys.stderr)
        if arguments.command == "match":
            match(settings, reading, explain=arguments.explain)
        elif arguments.command == "stories":
            stories(settings, reading)
        else:
            summarise(settings, reading, watch=arguments.watch, sentences=arguments.sentences, chars=arguments.chars)
    return ATTENTION if reading.faults else DONE


@contextlib.contextmanager
def _open(source: str) -> Iterator[BinaryIO]:
    if source == "-":
        yield sys.stdin.buffer
        return
    try:
        file = open(source, "rb")  # noqa: SIM115 - closed below, and only opening may fail with this message
    except OSError as wrong:
        raise SourceError(f"{source} cannot be read: {wrong.strerror}; name a file, or - for standard input") from wrong
    with file:
        yield file


# ---------------------------------------------------------------- parse


def parse(settings: Settings, source: str, feed_id: str) -> int:
    """Feed bytes from a file, a URL or standard input -> items. A feed that cannot be read is named on stderr."""
    from monitor.feeds.parse import entry_row, parse_feed

    feed = _feed(settings, source, feed_id)
    entries: tuple[Entry, ...] | Failed
    if source.startswith(("http://", "https://")):
        entries = asyncio.run(_fetched(settings, feed or Feed(FeedId(""), "", source)))
    else:
        with _open(source) as file:
            body = file.read()
        entries = parse_feed(body, feed=feed, url=feed.url if feed else "", seen_at=datetime.now(UTC))
    if isinstance(entries, Failed):
        print(f"{source}: {entries.why}", file=sys.stderr)
        return ATTENTION
    for entry in entries:
        identity = hashlib.sha256(entry.key.encode()).hexdigest()[:16]
        facts = {"feed": feed.id, "outlet": feed.outlet} if feed else {}
        write(entry_row(entry, id=identity, **facts), sys.stdout)
    return DONE


def _feed(settings: Settings, source: str, feed_id: str) -> Feed | None:
    """The configured feed that was named, or whose URL was given."""
    if not feed_id and not settings.config_dir.is_dir():
        return None
    feeds = load_feeds(settings.config_dir, timezone=settings.timezone).feeds
    if not feed_id:
        return next((feed for feed in feeds if feed.url == source), None)
    for feed in feeds:
        if feed.id == feed_id:
            return feed
    raise SourceError(f"there is no feed {feed_id!r} in {settings.config_dir}/feeds.yaml")


async def _fetched(settings: Settings, feed: Feed) -> tuple[Entry, ...] | Failed:
    from monitor import __version__
    from monitor.feeds.http import HttpFetcher, open_session
    from monitor.hosts import HostGate

    private = settings.http_allow_private
    async with open_session(allow_private=private, contact=settings.contact, version=__version__) as session:
        fetcher = HttpFetcher(session, HostGate(), clock=lambda: datetime.now(UTC), allow_private=private)
        result = await fetcher.fetch(feed, Bookmark())
    match result:
        case Fetched(entries=entries):
            return entries
        case Failed():
            return result
        case _:
            raise AssertionError("nothing was fetched before, so nothing can be unmodified")


# ---------------------------------------------------------------- match, stories, summarise


def _given(reading: Reading, settings: Settings) -> Iterator[GivenItem]:
    zone = ZoneInfo(settings.timezone)
    for number, row in reading:
        try:
            given = GivenItem.of(row, number, zone=zone)
        except ValueError as wrong:
            reading.complain(number, str(wrong))
        else:
            yield given


def match(settings: Settings, reading: Reading, *, explain: bool) -> None:
    """Items -> matches; with `explain` a text for a person instead of JSON."""
    matcher = compile_watchlist(load_watchlist(settings.config_dir))
    for given in _given(reading, settings):
        if explain:
            print(matcher.explain(given.item).text(), end="\n\n")
        else:
            write(match_row(given, matcher.match(given.item)), sys.stdout)


def stories(settings: Settings, reading: Reading) -> None:
    """Items -> the story of each, in input order; matches of the watchlists, where there are any, help the grouping."""
    from monitor.feeds.links import article_key
    from monitor.stories.cluster import WINDOW, StoryWindow

    matcher = _matcher_if_any(settings)
    window = StoryWindow()
    latest = datetime.min.replace(tzinfo=UTC)
    for given in _given(reading, settings):
        item = given.item
        at = item.at or (latest if latest.year > 1 else datetime.now(UTC))
        guid = str(given.row.get("guid") or "")
        if item.url or guid:
            item = replace(item, key=article_key(item.url, guid, item.title, at.date()))
        matches = matcher.match(item) if matcher else ()
        placement = window.decide(item, matches, at=at)
        # a story is named by its first item's id as given, a number or a text: as JSON, so that it comes back as it was
        story_id = placement.story_id or StoryId(json.dumps(given.identity))
        window.remember(replace(item, published_at=at), story_id, matches)
        if at - latest > timedelta(hours=1):
            latest = max(latest, at)
            window.forget(latest - WINDOW)
        write(
            {
                **given.carried,
                "id": given.identity,
                "story": json.loads(story_id),
                "role": placement.role.value,
                "reason": placement.reason,
            },
            sys.stdout,
        )


def _matcher_if_any(settings: Settings) -> Matcher | None:
    return compile_watchlist(load_watchlist(settings.config_dir)) if settings.config_dir.is_dir() else None


def summarise(settings: Settings, reading: Reading, *, watch: str | None, sentences: int, chars: int | None) -> None:
    """Items, or stories {"id", "docs": [item, …]} -> summaries; `watch` is the id of one that sentences should name."""
    from monitor.stories.summary import summarise as summary_of

    named = _naming(settings, watch) if watch else lambda item: ()
    zone = ZoneInfo(settings.timezone)
    for number, row in reading:
        try:
            given = _docs(row, number, zone)
        except ValueError as wrong:
            reading.complain(number, str(wrong))
            continue
        items = [each.item for each in given]
        about = [match for item in items for match in named(item)]
        chosen = summary_of(items, sentences=sentences, chars=chars, about=about)
        identity = row.get("id", number)
        carried = given[0].carried if "docs" not in row else {k: row[k] for k in row if k not in ("id", "docs")}
        write(summary_row(identity, {each.item.id: each for each in given}, chosen, carried), sys.stdout)


def _docs(row: Row, number: int, zone: ZoneInfo) -> list[GivenItem]:
    """The items of a story, or the item itself. Within a story an item without an id is named by its place."""
    if "docs" not in row:
        return [GivenItem.of(row, number, zone=zone)]
    docs = row["docs"]
    if not isinstance(docs, list) or not all(isinstance(doc, dict) for doc in docs):
        raise ValueError('"docs" must be a list of items')
    given = [GivenItem.of(doc, place, zone=zone) for place, doc in enumerate(docs, start=1)]
    if len({each.item.id for each in given}) < len(given):
        raise ValueError('two items of "docs" have the same "id"')
    return given


def _naming(settings: Settings, watch_id: str) -> Callable[[Item], tuple[Match, ...]]:
    watchlist = load_watchlist(settings.config_dir)
    if watch_id not in watchlist.named():
        raise SourceError(f"there is no watch {watch_id!r} in {settings.config_dir}/watchlists")
    matcher = compile_watchlist(watchlist)
    return lambda item: tuple(match for match in matcher.match(item) if match.watch_id == watch_id)
