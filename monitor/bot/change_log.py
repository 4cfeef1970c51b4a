"""/changes: who changed what, newest first: watches, invitations, who is let in, messages to all, reloads by hand.

The other commands write it. Buttons:
    log:PAGE
"""

from typing import assert_never

from monitor.bot.chat_request import Html, Request, bold, lines, plain
from monitor.bot.context import BotContext
from monitor.bot.local_time import when
from monitor.bot.paging import PER_PAGE, page_number, turns
from monitor.notify.html import cut
from monitor.pipeline.stuck_desk import DROP
from monitor.store.transaction import Transaction
from monitor.types import ChangeAction, LoggedChange

LOG = "log"
WHAT_UNITS = 200


async def changes(context: BotContext, request: Request) -> None:
    """/changes: the newest page."""
    await _draw(context, request, 0)


async def changes_page(context: BotContext, request: Request) -> None:
    """A page was turned."""
    await request.popup()
    await _draw(context, request, page_number(request.argument))


async def _draw(context: BotContext, request: Request, page: int) -> None:
    def read(tx: Transaction) -> tuple[list[LoggedChange], int, int]:
        pages = max(1, -(-tx.changes_count() // PER_PAGE))
        shown = min(page, pages - 1)
        return tx.changes_made(limit=PER_PAGE, skip=shown * PER_PAGE), shown, pages

    rows, shown, pages = await context.store.read(read)
    if not rows:
        await request.redraw(request.gettext("Nobody has changed anything yet."))
        return
    text = [_line(context, request, row) for row in rows]
    await request.redraw(lines(text), [turns(shown, pages, lambda to: f"{LOG}:{to}")])


def _line(context: BotContext, request: Request, row: LoggedChange) -> Html:
    at, who = when(context, request, row.at), bold(row.who or row.user_id or "–")
    text = f"{at} {who}: {_deed(request, row)}"
    return Html(" · ".join([text, request.gettext("taken back")]) if row.undone_at else text)


def _deed(request: Request, row: LoggedChange) -> Html:
    what = bold(cut(row.what, WHAT_UNITS))
    match row.action:
        case ChangeAction.EDIT:
            return request.gettext("watch {watch} changed ({size})", watch=what, size=_size(row))
        case ChangeAction.FILE:
            return request.gettext("file {file} changed ({size})", file=what, size=_size(row))
        case ChangeAction.UNDO:
            if row.what.endswith(".yaml"):  # an id has no dot
                return request.gettext("a change of file {file} taken back", file=what)
            return request.gettext("the last change of watch {watch} taken back", watch=what)
        case ChangeAction.RELOAD:
            return request.gettext("files read again")
        case ChangeAction.BROADCAST:
            return request.gettext("message to all: {text}", text=cut(row.after, WHAT_UNITS))
        case ChangeAction.ACCESS:
            if row.after == "barred":
                return request.gettext("chat {chat} barred", chat=what)
            return request.gettext("chat {chat} let in", chat=what)
        case ChangeAction.INVITE:
            if row.after == "dropped":
                return request.gettext("invitation {name} taken back", name=what)
            return request.gettext("invitation {name} made", name=what)
        case ChangeAction.FEEDBACK:
            if row.after == "refused":
                return request.gettext("complaint refused: {title}", title=what)
            return request.gettext("complaint done: {title}", title=what)
        case ChangeAction.STUCK:
            if row.after == DROP:
                return request.gettext("given up: {what}", what=what)
            return request.gettext("tried again: {what}", what=what)
        case ChangeAction.PROPOSED:
            return Html()
        case _:
            assert_never(row.action)


def _size(row: LoggedChange) -> Html:
    """How many lines a change took out and put in."""
    before, after = row.before.splitlines(), row.after.splitlines()
    new = sum(line not in before for line in after)
    gone = sum(line not in after for line in before)
    return plain(f"+{new} −{gone}")
