"""/story in reply to an alert: every outlet by time, what each changed since, and who said what.

Decides nothing: what changed is compared by stories/changes, quotes were stored with their items.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from monitor.bot.chat_request import Html, Request
from monitor.bot.context import BotContext
from monitor.bot.paging import page_number, turns
from monitor.bot.saved import meant_item
from monitor.i18n import Translator
from monitor.notify.html import HtmlPiece, bold, cut, italic, joined, link, one_line, piece_of
from monitor.notify.render import changed_words, clock_time
from monitor.pipeline.told_quotes import told_once
from monitor.store.transaction import Transaction
from monitor.stories.changes.differences import since
from monitor.types import Item, Role, Spoken, StoryId, StoryView

STORY_PAGE = "story"
PAGE_UNITS = 3_400  # of a page without its heading: a screen or three of a phone, and well inside a message
TITLE_UNITS, OUTLET_UNITS, CHANGE_UNITS, QUOTE_UNITS, NAME_UNITS = 200, 60, 200, 400, 60
MOST_QUOTES = 100  # rows looked through
_DATA = re.compile(r"([0-9]{1,18}):([0-9]{1,4})")


async def story(context: BotContext, request: Request) -> None:
    """/story in reply to an alert or a list, or with a link."""
    alert = None
    if request.reply_to is not None and not request.argument:
        alert = await context.store.read(Transaction.alert_by_message, request.address, request.reply_to)
    if alert is not None and alert.story_id is not None:
        await _show(context, request, alert.story_id, 0)
        return
    how = request.gettext("Reply to an alert with /story, and I show all that outlets wrote of it.")
    item = await meant_item(context, request, how)
    if item is None:
        return
    if item.story_id is None:
        await request.reply(request.gettext("This article is new; in a minute I know its story."))
        return
    await _show(context, request, item.story_id, 0)


async def story_page(context: BotContext, request: Request) -> None:
    """A page was turned ("STORY:PAGE"); the story is shown as it is now."""
    data = _DATA.fullmatch(request.argument)
    await request.popup()
    if data is not None:
        await _show(context, request, StoryId(data[1]), page_number(data[2]))


async def _show(context: BotContext, request: Request, story_id: StoryId, page: int) -> None:
    def read(tx: Transaction) -> tuple[StoryView | None, list[Spoken]]:
        view = tx.story(story_id)
        return view, [] if view is None else tx.quotes_of_story(view.story.id, limit=MOST_QUOTES)

    view, spoken = await context.store.read(read)
    if view is None or not view.items:
        await request.redraw(request.gettext("I do not know this story any more."))
        return
    now = context.clock().astimezone(context.timezone)
    blocks = [*_articles(view, request.words, now), *_quotes(context, spoken, request.words)]
    pages = list(_pages(blocks))
    page = min(page, len(pages) - 1)
    heading = [piece_of("📰 ") + bold(cut(one_line(view.story.title), TITLE_UNITS)), _size(view, request.words)]
    await request.redraw(
        Html(joined("\n", [*heading, *pages[page]]).html),
        [turns(page, len(pages), lambda to: f"{STORY_PAGE}:{view.story.id}:{to}")],
    )


def _size(view: StoryView, words: Translator) -> HtmlPiece:
    articles = words.ngettext("{n} article", "{n} articles", len(view.items))
    outlets = words.ngettext("of {n} outlet", "of {n} outlets", len({item.outlet for item in view.items}))
    return italic(f"{articles} {outlets}")


def _pages(blocks: Sequence[HtmlPiece]) -> Iterator[list[HtmlPiece]]:
    """The blocks, as many on a page as fit."""
    page: list[HtmlPiece] = []
    for block in blocks:
        if page and sum(each.units + 1 for each in page) + block.units > PAGE_UNITS:
            yield page
            page = []
        page.append(block)
    yield page


def _articles(view: StoryView, words: Translator, now: datetime) -> Iterator[HtmlPiece]:
    """Each article, the oldest first, with what became of it."""
    for item in view.items:
        when = clock_time(item.at.astimezone(now.tzinfo), now) if item.at else ""
        head = " ".join(filter(None, [when, cut(one_line(item.outlet), OUTLET_UNITS)]))
        if view.roles.get(item.id) is Role.UPDATE:
            head += " " + words.gettext("(a development)")
        block = piece_of("• ") + bold(head) + piece_of(": ")
        block += link(cut(one_line(item.title), TITLE_UNITS) or "↗", item.url)
        for line in _became(item, view, words, now):
            block += piece_of("\n   ") + italic(cut(line, CHANGE_UNITS))
        yield block


def _became(item: Item, view: StoryView, words: Translator, now: datetime) -> Iterator[str]:
    versions = view.versions.get(item.id, ())
    if versions:
        times = words.ngettext("changed {n} time", "changed {n} times", len(versions))
        what = changed_words(since(item, versions), words)
        yield f"✏️ {times}: {what}" if what else f"✏️ {times}"
    if item.gone_at is not None:
        moment = clock_time(item.gone_at.astimezone(now.tzinfo), now)
        yield "🗑 " + words.gettext("taken down {time}", time=moment)


def _quotes(context: BotContext, spoken: Sequence[Spoken], words: Translator) -> Iterator[HtmlPiece]:
    """Who said what, the newest first, each quote once."""
    named = context.running.watchlist().named()
    tellings = told_once(spoken)
    for number, telling in enumerate(tellings):
        quote = telling.best.quote
        watch = named.get(quote.watch_id)
        name = cut(one_line(watch.name if watch else quote.speaker), NAME_UNITS)
        text = cut(one_line(quote.text), QUOTE_UNITS)
        said = piece_of(f"💬 “{text}” — ") if quote.direct else piece_of("💬 ")
        block = said + bold(name) + (piece_of("") if quote.direct else piece_of(f": {text}"))
        block += piece_of(" · ") + link(cut(one_line(telling.best.outlet), OUTLET_UNITS) or "↗", telling.best.url)
        others = len({each.outlet for each in telling.by} - {telling.best.outlet})
        if others:
            block += piece_of(" " + words.ngettext("+{n} outlet", "+{n} outlets", others))
        yield piece_of("\n") + bold(words.gettext("Who said what:")) + piece_of("\n") + block if not number else block
