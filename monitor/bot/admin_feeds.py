"""/feeds: every outlet against its own rhythm, failing ones first, with a button for its feeds; /feeds test URL.

The list is drawn anew with each press. Buttons:
    feeds:PAGE          the outlets
    feeds:PAGE:OUTLET   one outlet's feeds, by a hash of its name; PAGE is where it came from
"""

import hashlib
from collections.abc import Iterator

from monitor.bot.chat_request import Html, Request, bold, lines, link, plain
from monitor.bot.context import BotContext
from monitor.bot.local_time import clock_face, when
from monitor.bot.paging import page_number, page_of, turns
from monitor.notify.failure_words import failure_words
from monitor.notify.feed_words import against_usual, asked_at, failing_feeds, fails_since, outlets_in_words
from monitor.notify.html import cut
from monitor.pipeline.outlet_health import FeedCondition, FeedHealth, OutletHealth, read_outlets
from monitor.pipeline.try_feed import TriedFeed
from monitor.types import Button, Failed

FEEDS = "feeds"
TITLES = 5  # of a feed that is tried
TITLE_UNITS = 140
BUTTONS_A_ROW = 2
_SIGNS = {FeedCondition.FAILING: "⚠️", FeedCondition.SILENT: "🔕", FeedCondition.NEW: "⏳", FeedCondition.WELL: "✅"}
_TEST = frozenset({"test", "thu"})


async def feeds(context: BotContext, request: Request) -> None:
    """/feeds; /feeds test URL."""
    order, _, url = request.argument.partition(" ")
    if not request.argument:
        await _draw(context, request, 0)
    elif order.casefold() in _TEST and url.strip():
        await _try(context, request, url.strip())
    else:
        await request.reply(request.gettext("Send /feeds, or /feeds test with the address of a feed."))


async def feeds_button(context: BotContext, request: Request) -> None:
    """A page was turned, or an outlet's button pressed."""
    await request.popup()
    page, _, short = request.argument.partition(":")
    await _draw(context, request, page_number(page), short)


async def _draw(context: BotContext, request: Request, page: int, short: str = "") -> None:
    outlets = await _outlets(context)
    if not outlets:
        await request.redraw(request.gettext("No feeds."))
        return
    one = next((each for each in outlets if _token(each.outlet) == short), None) if short else None
    if one is not None:
        back = Button(request.words.gettext("◀ All outlets"), f"{FEEDS}:{page}")
        await request.redraw(lines(_of_outlet(context, request, one)), [[back]])
        return
    shown, page, pages = page_of(outlets, page)
    buttons = [
        Button(f"{_SIGNS[each.health]} {each.outlet}", f"{FEEDS}:{page}:{_token(each.outlet)}") for each in shown
    ]
    keyboard = [buttons[at : at + BUTTONS_A_ROW] for at in range(0, len(buttons), BUTTONS_A_ROW)]
    text = [_head(request, outlets), *(_outlet_line(context, request, each) for each in shown)]
    await request.redraw(lines(text), [*keyboard, turns(page, pages, lambda to: f"{FEEDS}:{to}")])


async def _outlets(context: BotContext) -> list[OutletHealth]:
    feeds, zone, now = context.running.feeds(), context.timezone, context.clock()
    return await context.store.read(read_outlets, feeds, zone=zone, now=now)


def _head(request: Request, outlets: list[OutletHealth]) -> Html:
    bad = sum(each.is_bad for each in outlets)
    return bold(f"{'⚠️' if bad else '✅'} {outlets_in_words(request.words, bad, len(outlets))}")


def _outlet_line(context: BotContext, request: Request, each: OutletHealth) -> Html:
    parts = [failing_feeds(request.words, each.failing, len(each.feeds))] if each.failing else []
    if each.health is FeedCondition.NEW:
        parts.append(request.words.gettext("not polled yet"))
    else:
        parts.append(_against_usual(context, request, each))
    return Html(f"{_SIGNS[each.health]} {bold(each.outlet)} {plain(' · '.join(parts))}")


def _against_usual(context: BotContext, request: Request, each: OutletHealth | FeedHealth) -> str:
    last = clock_face(context, request, each.newest_at) if each.newest_at else "–"
    is_silent = each.health is FeedCondition.SILENT
    return against_usual(request.words, today=each.today, usual=each.usual, last=last, is_silent=is_silent)


def _of_outlet(context: BotContext, request: Request, one: OutletHealth) -> Iterator[Html]:
    yield _outlet_line(context, request, one)
    for each in one.feeds:
        yield Html()
        yield Html(f"{_SIGNS[each.health]} {link(each.feed.id, each.feed.url)} {_feed_state(context, request, each)}")


def _feed_state(context: BotContext, request: Request, each: FeedHealth) -> Html:
    state = each.state
    if state is None or state.last_checked_at is None:
        return request.gettext("not polled yet")
    asked = asked_at(
        request.words, clock_face(context, request, state.last_checked_at), state.interval or each.feed.interval
    )
    if not state.failures:
        return plain(f"{_against_usual(context, request, each)} · {asked}")
    since = when(context, request, state.failing_since) if state.failing_since else "–"
    why = failure_words(request.words, state.failure_kind, state.last_error)
    return plain(f"{fails_since(request.words, since, why)} · {asked}")


def _token(outlet: str) -> str:
    return hashlib.sha256(outlet.encode()).hexdigest()[:10]


# ---------------------------------------------------------------- a new address


async def _try(context: BotContext, request: Request, url: str) -> None:
    try_feed = context.running.try_feed
    found = await try_feed(url) if try_feed is not None else None
    if found is None:
        await request.reply(request.gettext("That is no address of a feed. Send one that begins with https://"))
    elif isinstance(found, Failed):
        await request.reply(
            request.gettext(
                "❌ {url} brought nothing: {why}",
                url=plain(url),
                why=failure_words(request.words, found.kind, found.why),
            )
        )
    else:
        await request.reply(lines(_found(context, request, url, found)))


def _found(context: BotContext, request: Request, url: str, found: TriedFeed) -> Iterator[Html]:
    if not found.entries:
        yield request.gettext("⚠️ It can be read, but lists no article just now.")
    else:
        yield request.ngettext(
            "✅ {n} article, of {outlet}", "✅ {n} articles, of {outlet}", len(found.entries), outlet=bold(found.outlet)
        )
    if found.url != url:
        yield request.gettext("It has moved for good: {url}", url=found.url)
    if found.read_as:
        yield request.gettext("⚠️ It is read already, as {feed}.", feed=bold(found.read_as))
    dated = found.dated
    if dated:
        yield request.gettext(
            "From {oldest} to {newest}",
            oldest=when(context, request, dated[0]),
            newest=when(context, request, dated[-1]),
        )
    if len(dated) < len(found.entries):
        yield request.gettext("⚠️ Without a readable time: {n}", n=len(found.entries) - len(dated))
    yield from (Html(f"• {link(cut(entry.title, TITLE_UNITS), entry.url)}") for entry in found.entries[:TITLES])
    if not found.read_as:
        yield request.gettext("To add it, put this line under `feeds:` in feeds.yaml:")
        yield Html(f"<pre>{plain(found.entry)}</pre>")
