"""parse, match, stories, summarise: one use case alone, lines in and lines out, without a database.

Every answer follows from its line and the lines before it. Needs the watchlists only where they are asked for.
"""

import contextlib
import hashlib
import heapq
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import BinaryIO
from zoneinfo import ZoneInfo

from monitor.cli.exit_codes import ATTENTION, DONE
from monitor.cli.items import GivenItem, docs_of, identity_of, match_row, summary_row
from monitor.cli.jsonl import Row, RowReader, lines_of, standard_input, write
from monitor.cli.screen import printable, tell
from monitor.config import Settings, load_feeds, load_watchlist, read_settings
from monitor.errors import ConfigError, MonitorError
from monitor.i18n import LANGUAGES, translator
from monitor.matching.matcher import Matcher, compile_watchlist
from monitor.types import (
    Address,
    Bookmark,
    Entry,
    Failed,
    FailureKind,
    Feed,
    FeedId,
    Fetched,
    Item,
    ItemId,
    Match,
    StoryId,
    WatchId,
)

STDIN = "-"
CONFIRMED_BY = 5  # items: so many must be as late as a moment before stories are forgotten by it


class SourceError(MonitorError):
    """What was named on the command line cannot be read."""


def configured() -> Settings:
    """The settings, with what is odd in them said on stderr. Raises ConfigError."""
    settings, warnings = read_settings()
    for warning in warnings:
        tell(warning)
    return settings


def chat_typed(chat: str) -> Address:
    """The chat of --chat: NUMBER or NUMBER:TOPIC. Raises SourceError."""
    number, _, topic = chat.partition(":")
    try:
        return Address(int(number), int(topic or 0))
    except ValueError:
        raise SourceError(f"--chat: {chat!r} is no chat: write its number, or NUMBER:TOPIC") from None


@contextlib.contextmanager
def opened(source: str) -> Iterator[BinaryIO]:
    """The bytes of a file, or of standard input for "-". Raises SourceError."""
    if source == STDIN:
        if sys.stdin is not None and sys.stdin.isatty():
            tell("reading from the keyboard; Ctrl-D ends")
        yield standard_input()
        return
    try:
        file = open(source, "rb")  # noqa: SIM115 - closed below, and only opening may fail with this message
    except (OSError, ValueError) as wrong:  # ValueError: a NUL in the name
        why = wrong.strerror if isinstance(wrong, OSError) else str(wrong)
        raise SourceError(f"{source} cannot be read: {why}; name a file, or - for standard input") from wrong
    with file:
        yield file


@contextlib.contextmanager
def rows_of(source: str) -> Iterator[RowReader]:
    """The rows of a file or of standard input; answers go out whenever the next row is not there yet."""
    with opened(source) as stream:
        lines = lines_of(stream, before_waiting=sys.stdout.flush)
        yield RowReader(lines, "<stdin>" if source == STDIN else source, sys.stderr)


def items_of(reading: RowReader, zone: ZoneInfo) -> Iterator[tuple[int, GivenItem]]:
    """The items of a stream with their line numbers; what is none is reported."""
    for number, row in reading:
        try:
            given = GivenItem.of(row, number, zone=zone)
        except ValueError as wrong:
            reading.complain(number, str(wrong))
        else:
            yield number, given


def answer(reading: RowReader, number: int, row: Row) -> None:
    """Write the answer to one line."""
    try:
        write(row, sys.stdout)
    except ValueError as wrong:
        reading.complain(number, str(wrong))


# ---------------------------------------------------------------- parse


def parse(source: str, *, feed_id: str) -> int:
    """Feed bytes from a file, a URL or standard input -> items. A feed that cannot be read is named on stderr."""
    from monitor.feeds.decode import MAX_FEED_BYTES
    from monitor.feeds.parse import entry_row, parse_feed

    settings = configured()
    is_url = source.lower().startswith(("http://", "https://"))
    feed = _feed(settings, source if is_url else "", feed_id)
    found: tuple[Entry, ...] | Failed
    if is_url:
        found = _fetched(settings, replace(feed, url=source))
    else:
        with opened(source) as stream:
            body = stream.read(MAX_FEED_BYTES + 1)
        if len(body) > MAX_FEED_BYTES:
            found = Failed(FailureKind.TOO_LARGE, f"larger than {MAX_FEED_BYTES // 2**20} MB")
        elif not body.strip():
            found = Failed(FailureKind.EMPTY, "empty")
        else:
            found = parse_feed(body, feed=feed, url=feed.url, seen_at=datetime.now(UTC))
    if isinstance(found, Failed):
        tell(f"{'<stdin>' if source == STDIN else source}: {found.why}")
        return ATTENTION
    facts = {"feed": feed.id, "outlet": feed.outlet} if feed.id else {}
    for entry in found:
        identity = hashlib.sha256(entry.key.encode("utf-8", "replace")).hexdigest()[:16]
        write(entry_row(entry, id=identity, **facts), sys.stdout)
    return DONE


def _feed(settings: Settings, url: str, feed_id: str) -> Feed:
    """The configured feed that was named, or whose URL was given; else one without a name, in the default zone."""
    unnamed = Feed(FeedId(""), "", "", timezone=settings.timezone)
    if not feed_id and not url:
        return unnamed
    try:
        feeds = load_feeds(settings.config_dir, timezone=settings.timezone).feeds
    except ConfigError:
        if feed_id:
            raise
        return unnamed  # a URL can be read without any configuration
    if not feed_id:
        return next((feed for feed in feeds if feed.url == url), unnamed)
    for feed in feeds:
        if feed.id == feed_id:
            return feed
    hint = did_you_mean(feed_id, [feed.id for feed in feeds])
    raise SourceError(f"there is no feed {feed_id!r} in {settings.config_dir}/feeds.yaml{hint}")


def _fetched(settings: Settings, feed: Feed) -> tuple[Entry, ...] | Failed:
    import asyncio

    from monitor import __version__
    from monitor.feeds.fetch import HttpFetcher
    from monitor.feeds.parser import open_parser
    from monitor.net.politeness import HostGate
    from monitor.net.request import HttpClient
    from monitor.net.session import open_session

    async def fetched() -> tuple[Entry, ...] | Failed:
        private = settings.http_allow_private
        async with (
            open_session(allow_private=private, contact=settings.contact, version=__version__) as session,
            open_parser() as parser,
        ):
            fetcher = HttpFetcher(HttpClient(session, HostGate()), parser, clock=lambda: datetime.now(UTC))
            result = await fetcher.fetch(feed, Bookmark())
        match result:
            case Fetched(entries=entries):
                return entries
            case Failed(kind=FailureKind.PRIVATE_ADDRESS, why=why):
                return replace(result, why=f"{why}: set MONITOR_HTTP_ALLOW_PRIVATE=true if you mean it")
            case Failed():
                return result
            case _:
                raise AssertionError("nothing was fetched before, so nothing can be unmodified")

    return asyncio.run(fetched())


# ---------------------------------------------------------------- match


def match(source: str, *, explain: bool, lang: str = "en", quotes: bool = False) -> int:
    """Items -> matches; with `explain` a text for a person in `lang` instead of JSON, with `quotes` who says what."""
    if quotes:  # a sixth of a second to load
        from monitor.stories.quotes.find_quotes import quotes_of

    settings = configured()
    matcher = compile_watchlist(load_watchlist(settings.config_dir))
    with rows_of(source) as reading:
        for number, given in items_of(reading, ZoneInfo(settings.timezone)):
            if explain:
                item = replace(given.item, id=ItemId(str(given.identity)))
                text = matcher.explain(item).text(colour=sys.stdout.isatty(), lang=lang)
                print(printable(text, keep_bold=sys.stdout.isatty()), end="\n\n")
            else:
                matches = matcher.match(given.item)
                said = quotes_of(given.item, matches) if quotes else None
                answer(reading, number, match_row(given, matches, said))
    return ATTENTION if reading.faults else DONE


# ---------------------------------------------------------------- stories


def stories(source: str) -> int:
    """Items -> the story of each, in input order; matches of the watchlists, where there are any, help the grouping."""
    from monitor.feeds.article_keys import article_key
    from monitor.notify.reason_words import reason_in_words
    from monitor.stories.grouping.window import SAME_TEXT_WINDOW, StoryWindow

    settings = configured()
    words = translator(LANGUAGES[0])
    matcher = _matcher_if_any(settings)
    window = StoryWindow()
    times = _Times()
    with rows_of(source) as reading:
        for number, given in items_of(reading, ZoneInfo(settings.timezone)):
            at = given.item.at or times.last or datetime.now(UTC)
            item = replace(given.item, published_at=at)
            if item.url or given.guid:
                item = replace(item, key=article_key(item.url, given.guid, item.title, at.date()))
            matches = matcher.match(given.item) if matcher else ()
            placement = window.decide(item, matches, at=at)
            # a story is named by its first item's id as given, a number or a text: as JSON, so that it comes back so
            story_id = placement.story_id or StoryId(json.dumps(given.identity))
            window.remember(item, story_id, matches)
            if forget := times.note(at):
                window.forget(forget - SAME_TEXT_WINDOW)
            why = reason_in_words(placement.reason, words) if placement.reason else ""
            row = {"story": json.loads(story_id), "role": placement.role.value, "reason": why}
            answer(reading, number, {**given.carried, "id": given.identity, **row})
    return ATTENTION if reading.faults else DONE


class _Times:
    """What time it is in a stream. One item dated far ahead must not make us forget all that came before it."""

    def __init__(self) -> None:
        self.last: datetime | None = None  # of the line before: an item without a date came after it
        self._latest: list[datetime] = []
        self._forgot = datetime(1, 3, 1, tzinfo=UTC)  # before any news, and a window away from the calendar's end

    def note(self, at: datetime) -> datetime | None:
        """Take in the time of one item; once an hour of the stream, give the moment that several items have reached."""
        self.last = at
        if len(self._latest) < CONFIRMED_BY:
            heapq.heappush(self._latest, at)
            return None
        heapq.heappushpop(self._latest, at)
        reached = self._latest[0]
        if reached - self._forgot < timedelta(hours=1):
            return None
        self._forgot = reached
        return reached


def _matcher_if_any(settings: Settings) -> Matcher | None:
    watched = (settings.config_dir / "watchlists").is_dir()
    return compile_watchlist(load_watchlist(settings.config_dir)) if watched else None


# ---------------------------------------------------------------- summarise


def summarise(source: str, *, watch: str | None, sentences: int, chars: int | None) -> int:
    """Items, or stories {"id", "docs": [item, …]} -> summaries; `watch` is the id of one that sentences should name."""
    from monitor.stories.summary.extract import summarise as summary_of

    settings = configured()
    named = naming(settings, watch) if watch else _no_matches
    zone = ZoneInfo(settings.timezone)
    with rows_of(source) as reading:
        for number, row in reading:
            try:
                identity = identity_of(row, number)
                docs = docs_of(row, number, zone=zone)
            except ValueError as wrong:
                reading.complain(number, str(wrong))
                continue
            items = [each.item for each in docs]
            about = [match for item in items for match in named(item)]
            chosen = summary_of(items, sentences=sentences, chars=chars, about=about)
            carried = {k: v for k, v in row.items() if k not in ("id", "docs")} if "docs" in row else docs[0].carried
            answer(reading, number, summary_row(identity, docs, chosen, carried))
    return ATTENTION if reading.faults else DONE


def _no_matches(_: Item) -> Sequence[Match]:
    return ()


def naming(settings: Settings, watch_id: str) -> Callable[[Item], Sequence[Match]]:
    """What says of an item where it names one watch. Raises SourceError when there is none of that id."""
    watchlist = load_watchlist(settings.config_dir)
    known = watchlist.named()
    if WatchId(watch_id) not in known:
        hint = did_you_mean(watch_id, list(known))
        raise SourceError(f"there is no watch {watch_id!r} in {settings.config_dir}/watchlists{hint}")
    matcher = compile_watchlist(watchlist)
    return lambda item: [match for match in matcher.match(item) if match.watch_id == watch_id]


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """The end of a message about a name that nobody wrote."""
    close = get_close_matches(name, known, n=1)
    return f": did you mean {close[0]}?" if close else ""
