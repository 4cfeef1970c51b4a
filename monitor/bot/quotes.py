"""/quotes [TARGET]: what leaders said, newest first, with the outlets that tell it.

Finds no quotes itself; detection stored them with their items. Only words between quotation marks are shown in such:
what an outlet told in its own words is no quotation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitor.bot.chat_request import Html, Request, bold, italic, lines, link, plain
from monitor.bot.context import BotContext
from monitor.bot.follow import shown, unknown
from monitor.bot.paging import page_number, turns
from monitor.bot.targets import Named, all_targets, by_token, token, watch_ids
from monitor.notify.html import cut
from monitor.notify.render import clock_time
from monitor.store.transaction import Transaction
from monitor.stories.quotes.find_quotes import same_words
from monitor.types import Leader, Spoken, Target, WatchId

PAGE = "q"
PER_PAGE = 5
ROWS = 300  # looked through for one answer: about a busy fortnight of one leader
WITHIN = timedelta(days=14)
TEXT_UNITS = 420  # five of them with names and links fill a message
MOST_OUTLETS = 3  # named beside the first; more are counted
_UNSAID = frozenset({"", "theo"})  # no verb of his: a headline's colon, "theo ông Putin"


@dataclass(frozen=True, slots=True)
class Telling:
    """One quote, told by one or more outlets: the fullest wording, and who tells it, newest first."""

    best: Spoken
    by: tuple[Spoken, ...]


def told_once(spoken: Sequence[Spoken]) -> list[Telling]:
    """Each quote once, in the order given: the same words within a story or a day are one, also a part of them."""
    groups: list[list[Spoken]] = []
    words: list[list[str]] = []
    for each in spoken:
        said = f" {same_words(each.quote.text)} "
        for group, known in zip(groups, words, strict=True):
            if _beside(group[0], each) and any(said in other or other in said for other in known):
                group.append(each)
                known.append(said)
                break
        else:
            groups.append([each])
            words.append([said])
    return [Telling(max(group, key=_fullness), tuple(group)) for group in groups]


def _beside(one: Spoken, other: Spoken) -> bool:
    same_story = one.story_id is not None and one.story_id == other.story_id
    return one.quote.watch_id == other.quote.watch_id and (same_story or abs(one.at - other.at) <= timedelta(days=1))


def _fullness(spoken: Spoken) -> tuple[bool, int]:
    return spoken.quote.direct, len(spoken.quote.text)


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
    tellings = told_once(await _spoken(context, wanted, named))
    if not tellings:
        await request.redraw(request.gettext("No words of leaders on this in the last {n} days.", n=WITHIN.days))
        return
    short = token(target) if target else ""
    pages = -(-len(tellings) // PER_PAGE)
    page = min(page, pages - 1)
    rows = [_line(context, request, each, named) for each in tellings[page * PER_PAGE : (page + 1) * PER_PAGE]]
    await request.redraw(lines([heading, *rows]), [turns(page, pages, lambda to: f"{PAGE}:{to}:{short}")])


async def _spoken(context: BotContext, wanted: Sequence[WatchId], named: Named) -> list[Spoken]:
    """What the leaders among `wanted` said; where there are only events, what anybody said about those."""
    leaders = [each for each in wanted if isinstance(named[each], Leader)]
    speakers = leaders or [watch.id for watch in named.values() if isinstance(watch, Leader) and watch.enabled]
    if not wanted or not speakers:
        return []
    since = context.clock() - WITHIN
    spoken = await context.store.read(Transaction.latest_quotes, speakers, since=since, limit=ROWS)
    return spoken if leaders else [each for each in spoken if set(each.quote.about) & set(wanted)]


def _line(context: BotContext, request: Request, telling: Telling, named: Named) -> Html:
    best = telling.best
    quote = best.quote
    text = cut(" ".join(quote.text.split()), TEXT_UNITS)
    name = bold(named[quote.watch_id].name)
    verb = "" if quote.verb in _UNSAID or "lời" in quote.verb else f" {quote.verb}"
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
