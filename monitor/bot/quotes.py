"""/quotes [TARGET]: what leaders said, newest first, with the outlets that tell it.

Finds no quotes itself; detection stored them with their items. Only words between quotation marks are shown in such:
what an outlet told in its own words is no quotation.
"""

from datetime import timedelta

from monitor.bot.chat_request import Html, Request, bold, italic, lines, link, plain
from monitor.bot.context import BotContext
from monitor.bot.follow import shown, unknown
from monitor.bot.paging import page_number, turns
from monitor.bot.targets import Named, all_targets, by_token, token, watch_ids
from monitor.notify.html import cut
from monitor.notify.render import clock_time
from monitor.pipeline.told_quotes import Telling, spoken_about, told_once, verb_of
from monitor.store.transaction import Transaction
from monitor.types import Leader, Target, WatchId

PAGE = "q"
PER_PAGE = 5
WITHIN = timedelta(days=14)
TEXT_UNITS = 420  # five of them with names and links fill a message
MOST_OUTLETS = 3  # named beside the first; more are counted


async def quotes(context: BotContext, request: Request) -> None:
    """/quotes [TARGET]: of a leader, of a tag's leaders, about an event; without a target of what the chat follows."""
    if not request.argument:
        await _show(context, request, None, 0)
        return
    found = await context.find(request.argument, request.address)
    if not found.hits:
        await request.reply(unknown(request, request.argument))
        return
    await _show(context, request, found.hits[0], 0)


async def quotes_page(context: BotContext, request: Request) -> None:
    """A page was turned ("PAGE:TOKEN"); the list is drawn anew, as it is now."""
    page, _, short = request.argument.partition(":")
    target = by_token(short, all_targets(context.watchlist_of(request.address))) if short else None
    if short and target is None:
        await request.popup(request.words.gettext("The watchlist has changed; please ask again."), loud=True)
        return
    await request.popup()
    await _show(context, request, target, page_number(page))


async def _show(context: BotContext, request: Request, target: Target | None, page: int) -> None:
    watchlist = context.watchlist_of(request.address)
    named = watchlist.named()
    if target is None:
        targets = await context.store.read(Transaction.following, request.address)
        if not targets:
            await request.redraw(
                request.gettext("You follow nothing yet. Choose from /watchlist, or send: /follow Putin")
            )
            return
        heading = request.gettext("What those you follow said:")
    else:
        targets = [target]
        name = bold(shown(request, target, named))
        watch = named.get(WatchId(target))
        heading = (
            request.gettext("What {name} said:", name=name)
            if isinstance(watch, Leader)
            else request.gettext("What leaders said · {name}:", name=name)
        )
    wanted = watch_ids(targets, watchlist)
    spoken = await context.store.read(spoken_about, wanted, named, since=context.clock() - WITHIN)
    tellings = told_once(spoken)
    if not tellings:
        await request.redraw(request.gettext("No words of leaders on this in the last {n} days.", n=WITHIN.days))
        return
    short = token(target) if target else ""
    pages = -(-len(tellings) // PER_PAGE)
    page = min(page, pages - 1)
    rows = [_line(context, request, each, named) for each in tellings[page * PER_PAGE : (page + 1) * PER_PAGE]]
    await request.redraw(lines([heading, *rows]), [turns(page, pages, lambda to: f"{PAGE}:{to}:{short}")])


def _line(context: BotContext, request: Request, telling: Telling, named: Named) -> Html:
    best = telling.best
    quote = best.quote
    text = cut(" ".join(quote.text.split()), TEXT_UNITS)
    name = bold(named[quote.watch_id].name)
    said_how = verb_of(quote)
    verb = f" {said_how}" if said_how else ""
    if quote.direct:
        said = Html(f"💬 “{plain(text)}” — {name}{plain(verb)}")
    else:
        said = Html(f"💬 {name}{plain(verb)}: {plain(text)}")
    outlets = dict.fromkeys(each.outlet for each in telling.by if each.outlet != best.outlet)
    when = clock_time(min(each.at for each in telling.by).astimezone(context.timezone), context.clock())
    parts = [link(best.outlet or "↗", best.url)]
    if outlets:
        others = ", ".join([*list(outlets)[:MOST_OUTLETS], *(["…"] if len(outlets) > MOST_OUTLETS else [])])
        parts.append(request.ngettext("+{n} outlet: {names}", "+{n} outlets: {names}", len(outlets), names=others))
    return Html(f"\n{said}\n{italic(Html(' · '.join([*parts, plain(when)])))}")
