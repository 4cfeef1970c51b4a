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
from monitor.notify.html import cut
from monitor.pipeline.outlet_health import (
    NEWEST_WITHIN,
    FeedCondition,
    FeedHealth,
    OutletHealth,
    outlets_health,
)
from monitor.pipeline.try_feed import TriedFeed
from monitor.store.feed_count_rows import FeedCount
from monitor.store.transaction import Transaction
from monitor.types import Button, Failed, FeedId, FeedState

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
    now = context.clock()
    local = now.astimezone(context.timezone).replace(hour=0, minute=0, second=0, microsecond=0)

    def read(tx: Transaction) -> tuple[dict[FeedId, FeedState], dict[FeedId, FeedCount]]:
        counts = tx.counted_by_feed(since=local, newest_since=now - NEWEST_WITHIN)
        return {state.feed_id: state for state in tx.feed_states()}, counts

    states, counts = await context.store.read(read)
    return outlets_health(context.running.feeds(), states, counts, now=now)


def _head(request: Request, outlets: list[OutletHealth]) -> Html:
    bad = sum(each.health in (FeedCondition.FAILING, FeedCondition.SILENT) for each in outlets)
    if not bad:
        return bold(request.ngettext("✅ {n} outlet, and it is well", "✅ {n} outlets, all well", len(outlets)))
    return bold(request.gettext("⚠️ {bad} of {n} outlets to look at", bad=bad, n=len(outlets)))


def _outlet_line(context: BotContext, request: Request, each: OutletHealth) -> Html:
    parts = []
    if each.failing:
        parts.append(
            request.ngettext(
                "{failing} of {n} feed fails", "{failing} of {n} feeds fail", len(each.feeds), failing=each.failing
            )
        )
    if each.health is FeedCondition.NEW:
        parts.append(request.gettext("not polled yet"))
    else:
        parts.append(_against_usual(context, request, each))
    return Html(f"{_SIGNS[each.health]} {bold(each.outlet)} {' · '.join(parts)}")


def _against_usual(context: BotContext, request: Request, each: OutletHealth | FeedHealth) -> Html:
    """How many came today, beside how many usually have by now, and since when nothing has."""
    since = clock_face(context, request, each.newest_at) if each.newest_at else "–"
    if each.usual is None:
        return request.gettext("{n} today, last {at}", n=each.today, at=since)
    usual = f"{each.usual:.0f}"
    if not each.today or getattr(each, "health", None) is FeedCondition.SILENT:
        return request.gettext(
            "usually {usual} by now, {n} today, none since {at}", usual=usual, n=each.today, at=since
        )
    return request.gettext("{n} today, usually {usual} by now, last {at}", n=each.today, usual=usual, at=since)


def _of_outlet(context: BotContext, request: Request, one: OutletHealth) -> Iterator[Html]:
    yield _outlet_line(context, request, one)
    for each in one.feeds:
        yield Html()
        yield Html(f"{_SIGNS[each.health]} {link(each.feed.id, each.feed.url)} {_feed_state(context, request, each)}")


def _feed_state(context: BotContext, request: Request, each: FeedHealth) -> Html:
    state = each.state
    if state is None or state.last_checked_at is None:
        return request.gettext("not polled yet")
    minutes = f"{(state.interval or each.feed.interval).total_seconds() / 60:.0f}"
    asked = request.gettext(
        "asked {at}, every {n} min", at=clock_face(context, request, state.last_checked_at), n=minutes
    )
    if not state.failures:
        return Html(f"{_against_usual(context, request, each)} · {asked}")
    since = when(context, request, state.failing_since) if state.failing_since else "–"
    fails = request.gettext(
        "fails since {at}: {why}", at=since, why=failure_words(request.words, state.failure_kind, state.last_error)
    )
    return Html(f"{fails} · {asked}")


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
