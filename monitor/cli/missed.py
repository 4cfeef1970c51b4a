"""missed: why nobody was told of an article, or one chat; asks the rows, the feeds and, where need be, the page.

Sends and changes nothing. The answer is one JSON line, or with --explain a text for a person.
"""

import asyncio
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from monitor import __version__
from monitor.cli.exit_codes import ATTENTION, DONE
from monitor.cli.feeds_status import existing_store
from monitor.cli.jsonl import Row, write
from monitor.cli.screen import printable, tell
from monitor.cli.streams import STDIN, SourceError, chat_typed, configured, opened
from monitor.config import Settings, load_all
from monitor.feeds.article import HttpArticleReader
from monitor.i18n import translator
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.matching.explain import NearMiss
from monitor.net.politeness import HostGate
from monitor.net.request import HttpClient
from monitor.net.session import open_session
from monitor.notify.missed_words import missed_words
from monitor.pipeline.ask_missed import MOST_TEXT, AskMissed, MissedAnswer, address_in
from monitor.types import Address, FailureKind, Item

MOST_BYTES = 4 * MOST_TEXT  # of standard input: a letter of Vietnamese takes three at most


def run(asked: str, *, chat: str | None, explain: bool, lang: str) -> int:
    """Answer; 1 where the article is not stored. `chat` is CHAT or CHAT:TOPIC."""
    settings = configured()
    if asked == STDIN:
        with opened(STDIN) as stream:
            asked = stream.read(MOST_BYTES).decode("utf-8-sig", "replace")
    if not asked.strip():
        raise SourceError("nothing is asked: give the address of an article, its title, or any sentence of it")
    now, answer = (
        datetime.now(UTC),
        asyncio.run(_answer(settings, asked.strip(), None if chat is None else chat_typed(chat))),
    )
    if answer.unread is not None:
        hint = ": set MONITOR_HTTP_ALLOW_PRIVATE=true if you mean it"
        private = answer.unread.kind is FailureKind.PRIVATE_ADDRESS
        tell(f"monitor missed: the page cannot be read: {answer.unread.why}{hint if private else ''}")
    words = missed_words(answer.reason, translator(lang), zone=ZoneInfo(settings.timezone), now=now)
    if explain:
        seen = answer.explained.text(colour=sys.stdout.isatty(), lang=lang) if answer.explained else ""
        print(printable(f"{words}\n\n{seen}".strip(), keep_bold=sys.stdout.isatty()))
    else:
        write(_row(answer, words, lang), sys.stdout)
    return DONE if answer.found else ATTENTION


async def _answer(settings: Settings, asked: str, chat: Address | None) -> MissedAnswer:
    config = await asyncio.to_thread(load_all, settings.config_dir, timezone=settings.timezone)
    active = await asyncio.to_thread(ActiveWatchlist.of, config.watchlist)

    def clock() -> datetime:
        return datetime.now(UTC)

    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(existing_store(settings))
        session = await stack.enter_async_context(
            open_session(allow_private=settings.http_allow_private, contact=settings.contact, version=__version__)
        )
        reader = HttpArticleReader(HttpClient(session, HostGate()), clock=clock)
        ask = AskMissed(store, lambda: active, lambda: config.feeds, reader, clock=clock)
        if url := address_in(asked):
            return await ask.about_address(url, chat)
        return await ask.about_text(asked, chat)


def _row(answer: MissedAnswer, words: str, lang: str) -> Row:
    row: Row = {"found": answer.found}
    if answer.item is not None:
        row["item"] = _item(answer.item)
    explained = answer.explained
    return row | {
        "reason": answer.reason.code.value,
        "why": words,
        "near": [_near(miss, lang) for miss in explained.near_misses] if explained else [],
        "watches": [match.watch_id for match in explained.matches] if explained else [],
    }


def _item(item: Item) -> Row:
    row: Row = {"id": item.id} if item.id else {}
    return row | {
        "outlet": item.outlet,
        "title": item.title,
        "url": item.url,
        "published": item.published_at.isoformat(timespec="seconds") if item.published_at else None,
    }


def _near(miss: NearMiss, lang: str) -> Row:
    row: Row = {"watch": miss.watch_id, "why": miss.why.text(lang)}
    return row | ({"text": miss.evidence.text} if miss.evidence else {"by": miss.by})
