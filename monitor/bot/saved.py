"""/save and /saved: articles that a chat keeps, which are not deleted for as long as it does.

Which article is meant: a link, a number of the list that is replied to, or the alert that is replied to.
"""

import re
from collections.abc import Sequence

from monitor.bot.chat_request import Html, Request, plain
from monitor.bot.context import BotContext
from monitor.bot.paging import PER_PAGE, page_number, turns
from monitor.i18n import Translator
from monitor.notify.html import bold, cut, italic, joined, link, one_line, piece_of
from monitor.notify.render import clock_time
from monitor.pipeline.ask_missed import is_address
from monitor.store.saved_rows import MOST_SAVED, SavedItem, Saving
from monitor.store.transaction import Transaction
from monitor.types import AlertKind, Button, Item, ItemId

KEEP, DROP, SAVED_PAGE = "keep", "unkeep", "saved"
DROPS_A_ROW = 4
TITLE_UNITS, SOURCE_UNITS = 200, 100
_NUMBER = re.compile(r"[0-9]{1,2}")
_ID = re.compile(r"[0-9]{1,18}")


async def save(context: BotContext, request: Request) -> None:
    """/save in reply to an alert or a list, or with a link."""
    item = await meant_item(context, request, request.gettext("Send /save in reply to an alert, or with a link."))
    if item is None:
        return
    saving = await context.store.write(Transaction.save_item, request.address, item.id, now=context.clock())
    title = link(cut(one_line(item.title), TITLE_UNITS), item.url)
    await request.reply(Html(f"{plain(_said(saving, request.words))}\n{title.html}"))


async def keep_button(context: BotContext, request: Request) -> None:
    """The button beside a found article ("ITEM")."""
    item = await _named_item(context, request.argument)
    if item is None:
        await request.popup(request.words.gettext("This article is not stored any more."), loud=True)
        return
    saving = await context.store.write(Transaction.save_item, request.address, item.id, now=context.clock())
    await request.popup(_said(saving, request.words), loud=saving is Saving.FULL)


def _said(saving: Saving, words: Translator) -> str:
    match saving:
        case Saving.DONE:
            return words.gettext("💾 Saved. All that is saved: /saved")
        case Saving.KNOWN:
            return words.gettext("💾 It is saved already: /saved")
        case Saving.FULL:
            return words.gettext("{n} articles are saved, and no more can be: drop some in /saved", n=MOST_SAVED)


async def saved(context: BotContext, request: Request) -> None:
    """/saved: what is kept, the last saved first."""
    await _show(context, request, 0)


async def saved_page(context: BotContext, request: Request) -> None:
    """A page was turned."""
    await request.popup()
    await _show(context, request, page_number(request.argument))


async def drop_button(context: BotContext, request: Request) -> None:
    """An article is to be kept no longer ("ITEM:PAGE")."""
    item_id, _, page = request.argument.partition(":")
    if not _ID.fullmatch(item_id):
        await request.popup()
        return
    await context.store.write(Transaction.drop_saved, request.address, ItemId(item_id))
    await request.popup(request.words.gettext("Dropped."))
    await _show(context, request, page_number(page))


async def _show(context: BotContext, request: Request, page: int) -> None:
    def read(tx: Transaction) -> tuple[int, int, list[SavedItem]]:
        count = tx.saved_count(request.address)
        shown = max(0, min(page, -(-count // PER_PAGE) - 1))
        return count, shown, tx.saved_items(request.address, limit=PER_PAGE, offset=shown * PER_PAGE)

    count, page, kept = await context.store.read(read)
    if not kept:
        await request.redraw(request.gettext("Nothing is saved here. Send /save in reply to an alert, or with a link."))
        return
    pieces = [bold(request.words.ngettext("💾 {n} saved article", "💾 {n} saved articles", count))]
    for number, each in enumerate(kept, 1):
        item = each.item
        pieces.append(piece_of(f"{number}. ") + link(cut(one_line(item.title), TITLE_UNITS) or "↗", item.url))
        when = clock_time(item.at.astimezone(context.timezone), context.clock()) if item.at else ""
        pieces.append(italic(cut(" · ".join(filter(None, [one_line(item.outlet), when])), SOURCE_UNITS)))
    drops = [Button(f"✖ {number}", f"{DROP}:{each.item.id}:{page}") for number, each in enumerate(kept, 1)]
    rows = [drops[at : at + DROPS_A_ROW] for at in range(0, len(drops), DROPS_A_ROW)]
    pages = -(-count // PER_PAGE)
    await request.redraw(Html(joined("\n", pieces).html), [turns(page, pages, lambda to: f"{SAVED_PAGE}:{to}"), *rows])


# ---------------------------------------------------------------- which article is meant


async def meant_item(context: BotContext, request: Request, how: Html) -> Item | None:
    """The article that a command is about; None, and the reader is told `how` or why, where there is none."""
    alert = None
    if request.reply_to is not None:
        alert = await context.store.read(Transaction.alert_by_message, request.address, request.reply_to)
    is_list = alert is None or alert.kind is AlertKind.DIGEST
    links = request.replied_links
    if not request.argument and is_list and len(links) > 1:
        await request.reply(request.gettext("Which one? Add its number, counted from the top: /save 2"))
        return None
    url = _address_of(request.argument, links)
    item = await context.missed.stored_at(url) if url and context.missed is not None else None
    if item is None and alert is not None and alert.story_id is not None and not (is_list or request.argument):
        view = await context.store.read(Transaction.story, alert.story_id)
        item = view.items[0] if view is not None and view.items else None
    if item is None:
        await request.reply(
            request.gettext("This article is not stored: no feed that I read has listed it.") if url else how
        )
    return item


def _address_of(argument: str, links: Sequence[str]) -> str:
    """The link that is meant; empty where there is none."""
    if is_address(argument):
        return argument
    number = int(argument) if _NUMBER.fullmatch(argument) else 0 if argument else 1
    return links[number - 1] if 0 < number <= len(links) else ""


async def _named_item(context: BotContext, argument: str) -> Item | None:
    """The article whose number a button carries: data can be forged."""
    return await context.store.read(Transaction.item, ItemId(argument)) if _ID.fullmatch(argument) else None
