"""/watches: the watches that this chat wrote for itself, to look at, change and end.

Leaves one of them to bot/own_watch.py.
"""

from collections.abc import Sequence

from monitor.bot.chat_request import Html, Request, bold, italic, lines
from monitor.bot.context import BotContext
from monitor.bot.own_watch import CAUGHT, NAME_UNITS, OWN
from monitor.bot.paging import page_number, page_of, turns
from monitor.notify.html import cut
from monitor.pipeline.own_watches import MOST_KEPT
from monitor.store.transaction import Transaction
from monitor.types import Button, OwnWatch, Target

PAGE = "ows"


async def watches(context: BotContext, request: Request) -> None:
    """/watches: the list."""
    await _list(context, request, 0)


async def watches_page(context: BotContext, request: Request) -> None:
    """A page was turned."""
    await request.popup()
    await _list(context, request, page_number(request.argument))


async def _list(context: BotContext, request: Request, page: int) -> None:
    def read(tx: Transaction) -> tuple[list[OwnWatch], list[Target]]:
        return tx.own_watches(request.address), tx.following(request.address)

    mine, followed = await context.store.read(read)
    if not mine:
        await request.redraw(
            request.gettext("This chat has no watch of its own yet. For example: /watch cháy rừng ở Quảng Ninh")
        )
        return
    kept = [own for own in mine if own.kept_at is not None]
    head = request.ngettext(
        "{n} watch of this chat's own, of at most {most}:",
        "{n} watches of this chat's own, of at most {most}:",
        len(kept),
        most=MOST_KEPT,
    )
    on_page, page, pages = page_of(sorted(mine, key=lambda own: own.kept_at is None), page)
    text = [head, *(_line(context, request, own, followed) for own in on_page)]
    text.append(request.gettext("Press one to see what it brings, to change it or to end it. A new one: /watch"))
    rows: list[Sequence[Button]] = [
        [Button(cut(_name(context, own), NAME_UNITS), f"{OWN}:p:{own.number}:{CAUGHT}:0")] for own in on_page
    ]
    await request.redraw(lines(text), [*rows, turns(page, pages, lambda to: f"{PAGE}:{to}")])


def _name(context: BotContext, own: OwnWatch) -> str:
    at_work = context.running.own().get(own.watch_id)
    return at_work[1].name if at_work is not None else own.asked


def _line(context: BotContext, request: Request, own: OwnWatch, followed: Sequence[Target]) -> Html:
    sign, state = "🎯", Html("")
    if own.kept_at is None:
        sign, state = "•", request.gettext("a draft, gone after a week")
    elif own.watch_id not in context.running.own():
        sign, state = "⚠️", request.gettext("does not fit the watchlists any more: please change it")
    elif Target(own.watch_id) not in followed:
        sign, state = "🔕", request.gettext("silent")
    name = bold(cut(_name(context, own), NAME_UNITS))
    return Html(f"{sign} {name} {italic(state) if state else ''}".rstrip())
