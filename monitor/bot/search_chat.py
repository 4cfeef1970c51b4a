"""/search WORDS: stored news, a line a story, turned page by page.

Finds nothing itself (pipeline/find_news.py). No page is kept anywhere: the message's first line says what was typed,
the button which page, and up to which article; so a restart forgets nothing, and new articles move nothing.
"""

import re
from collections.abc import Iterator

from monitor.bot.chat_request import Html, Request
from monitor.bot.context import BotContext
from monitor.bot.saved import KEEP
from monitor.i18n import Translator, translatable
from monitor.notify.html import HtmlPiece, bold, cut, italic, joined, link, one_line, piece_of, with_bold
from monitor.notify.render import clock_time
from monitor.notify.search_mistakes import lacking_text, mistake_text
from monitor.pipeline.find_news import MANY_LACKING, FoundPage, FoundStory, find_page
from monitor.pipeline.search_query import QueryMistake, SearchNames
from monitor.store.search import Nearness
from monitor.types import Button

FOUND_PAGE = "find"
SIGN = "🔎 "  # before what was typed
TITLE_UNITS, AROUND_UNITS, SOURCE_UNITS = 160, 150, 100  # eight of each, and headings, fill a message
BEFORE = 60  # characters that are shown before the words in a summary
KEEP_A_ROW = 4
_DATA = re.compile(r"([0-9]{1,4}):([0-9]{1,18})")

_KINDS = {
    Nearness.WITH_MARKS: translatable("The same letters with marks:"),
    Nearness.APART: translatable("All these words, but apart:"),
    Nearness.IN_TEXT: translatable("In the full text alone:"),
}


async def search_stored(context: BotContext, request: Request) -> None:
    """/search WORDS: the first page."""
    typed = one_line(request.argument)
    found = await find_page(context.store, typed, _names(context), now=context.clock())
    if isinstance(found, QueryMistake):
        await request.reply(Html(piece_of(_wrong(found, request.words)).html))
        return
    await request.reply(*_drawn(context, request, typed, found))


async def search_page(context: BotContext, request: Request) -> None:
    """A page was turned ("PAGE:UP_TO"): it is looked for anew, among the articles that there were."""
    data = _DATA.fullmatch(request.argument)
    first, _, _ = request.shown_text.partition("\n")
    if data is None or not first.startswith(SIGN):
        await request.popup(request.words.gettext("This list is too old; please search again."), loud=True)
        return
    typed = one_line(first.removeprefix(SIGN))
    page, up_to = int(data[1]), int(data[2])
    found = await find_page(context.store, typed, _names(context), page=page, up_to=up_to, now=context.clock())
    if isinstance(found, QueryMistake):  # the watchlist has changed since
        await request.popup(_wrong(found, request.words), loud=True)
        return
    await request.popup()
    await request.redraw(*_drawn(context, request, typed, found))


def _names(context: BotContext) -> SearchNames:
    named = context.running.watchlist().named()
    return SearchNames(
        {watch_id: watch.name for watch_id, watch in named.items()}, {feed.outlet for feed in context.running.feeds()}
    )


def _wrong(mistake: QueryMistake, words: Translator) -> str:
    return mistake_text(mistake.fault, mistake.word, mistake.near, words)


def _drawn(context: BotContext, request: Request, typed: str, found: FoundPage) -> tuple[Html, list[list[Button]]]:
    """The message and its buttons."""
    pieces = [piece_of(SIGN) + bold(typed)]
    if not found.stories:
        pieces.append(piece_of(request.words.gettext("Nothing found. Fewer words, or a longer since:, find more.")))
    kind = Nearness.AS_TYPED
    for number, story in enumerate(found.stories, 1):
        if story.hit.nearness is not kind:
            kind = story.hit.nearness
            pieces.append(italic(request.words.gettext(_KINDS[kind])))
        pieces += _lines(context, request, number, story)
    if found.lacking >= MANY_LACKING:
        pieces.append(italic(lacking_text(found.lacking, request.words)))
    keep = [Button(f"💾 {number}", f"{KEEP}:{story.hit.item.id}") for number, story in enumerate(found.stories, 1)]
    rows = [keep[at : at + KEEP_A_ROW] for at in range(0, len(keep), KEEP_A_ROW)]
    return Html(joined("\n", pieces).html), [list(_turns(found)), *rows]


def _turns(found: FoundPage) -> Iterator[Button]:
    """How many pages there are is not known: only whether there is one more."""
    if found.page == 0 and found.is_last:
        return
    if found.page > 0:
        yield Button("◀", f"{FOUND_PAGE}:{found.page - 1}:{found.up_to}")
    yield Button(f"{found.page + 1}", f"{FOUND_PAGE}:{found.page}:{found.up_to}")
    if not found.is_last:
        yield Button("▶", f"{FOUND_PAGE}:{found.page + 1}:{found.up_to}")


def _lines(context: BotContext, request: Request, number: int, story: FoundStory) -> Iterator[HtmlPiece]:
    item = story.hit.item
    yield piece_of(f"{number}. ") + link(cut(one_line(item.title), TITLE_UNITS) or item.outlet or "↗", item.url)
    if around := _around(story):
        yield around
    parts = [cut(one_line(item.outlet), SOURCE_UNITS // 2)]
    if item.at is not None:
        parts.append(clock_time(item.at.astimezone(context.timezone), context.clock()))
    if story.others:
        parts.append(request.words.ngettext("+{n} outlet", "+{n} outlets", len(story.others)))
    yield italic(cut(" · ".join(filter(None, parts)), SOURCE_UNITS))


def _around(story: FoundStory) -> HtmlPiece | None:
    """The words in the summary, where the title has none of them."""
    marks = story.hit.marks
    inside = [mark for mark in marks if mark.field == "summary"]
    if not inside or any(mark.field == "title" for mark in marks):
        return None
    lead = story.hit.item.lead
    start = max(0, inside[0].start - BEFORE)
    if start:
        start = lead.find(" ", start, inside[0].start) + 1 or inside[0].start
    shown = cut(lead[start:].replace("\n", " "), AROUND_UNITS)
    spans = [(mark.start - start, mark.end - start) for mark in inside if mark.end - start <= len(shown)]
    return piece_of("… " if start else "") + with_bold(shown, spans)
