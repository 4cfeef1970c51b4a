"""/broadcast TEXT: a word to all chats. First a dry run: whom it reaches, and how it will look; then a yes, and a stop.

What waits for the yes is a row, as a proposed edit is. Buttons:
    bc:yes:NUMBER  bc:no:NUMBER  bc:stop:NUMBER  bc:look:NUMBER
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from monitor.bot.chat_request import Html, Keyboard, Request, bold, lines, plain
from monitor.bot.context import BotContext
from monitor.bot.signatures import signed
from monitor.notify.html import units
from monitor.pipeline.broadcast import STOPPED, BroadcastReach, broadcast_key, reach_of, send_to_all
from monitor.pipeline.pace import Pace
from monitor.store.transaction import Transaction
from monitor.types import AlertState, Button, ChangeAction, ChatState, LoggedChange

BROADCAST = "bc"
EVERYBODY = "*"  # what a proposal is about; no watch is called so
MOST_UNITS = 2_500  # of the text: the dry run shows it beside its numbers
ANSWERED_WITHIN = timedelta(hours=1)  # an older yes is a slip of the finger

_ORDER = re.compile(r"(yes|no|stop|look):([0-9]{1,18})")


async def broadcast(context: BotContext, request: Request) -> None:
    """/broadcast TEXT: the dry run."""
    text, now = request.argument, context.clock()
    if not text:
        await request.reply(request.gettext("Send /broadcast with the text. You see it before anybody gets it."))
        return
    if units(plain(text)) > MOST_UNITS:
        await request.reply(request.gettext("That is too long: at most {n} characters.", n=MOST_UNITS))
        return
    reach = reach_of(await context.store.read(Transaction.chats))
    if not reach.addresses:
        await request.reply(request.gettext("There is no chat to write to."))
        return
    proposed = signed(request, ChangeAction.PROPOSED, EVERYBODY, after=text)
    number = await context.store.write(Transaction.add_change, proposed, now=now)
    words = request.words
    yes = words.ngettext("📣 Send to {n} chat", "📣 Send to {n} chats", len(reach.addresses))
    keyboard = [[Button(yes, _data("yes", number)), Button(words.gettext("✖️ Leave it"), _data("no", number))]]
    await request.reply(lines([*_dry(request, reach), Html(), plain(text)]), keyboard)


def _data(order: str, number: int) -> str:
    return f"{BROADCAST}:{order}:{number}"


def _dry(request: Request, reach: BroadcastReach) -> Iterator[Html]:
    n = len(reach.addresses)
    yield bold(
        request.ngettext(
            "Nothing is sent yet. It would reach {n} chat:", "Nothing is sent yet. It would reach {n} chats:", n
        )
    )
    for lang in sorted({lang for _, lang in reach.counts}):
        active, paused = (reach.counts.get((state, lang), 0) for state in (ChatState.ACTIVE, ChatState.PAUSED))
        if active or paused:
            yield request.gettext("• {lang}: {active} active, {paused} paused", lang=lang, active=active, paused=paused)
    out = reach.left_out
    if out:
        yield request.gettext(
            "Not reached: {blocked} lost, {barred} barred",
            blocked=out.get(ChatState.BLOCKED, 0),
            barred=out.get(ChatState.BARRED, 0),
        )
    yield request.gettext("It takes about {time}. This is how it will look:", time=_takes(request, n))


def _takes(request: Request, count: int) -> str:
    return request.words.span(timedelta(seconds=max(1, round(count / Pace().per_second))))


async def broadcast_button(context: BotContext, request: Request) -> None:
    """Yes, no, stop, or a look at how far it is."""
    order = _ORDER.fullmatch(request.argument)
    if order is None:
        await request.popup()
        return
    row = await context.store.read(Transaction.change, int(order[2]))
    if row is None or row.what != EVERYBODY or row.chat_id != request.address.chat_id:
        await request.popup()
    elif order[1] in ("stop", "look"):
        await _stop_or_look(context, request, row, stop=order[1] == "stop")
    elif not row.is_waiting or context.clock() - row.at > ANSWERED_WITHIN:
        await request.popup(request.words.gettext("This was answered already, or forgotten."), loud=True)
    elif order[1] == "no":
        await context.store.write(Transaction.drop_proposal, row.number, now=context.clock())
        await request.popup()
        await request.redraw(request.gettext("Nothing was sent."))
    else:
        await _send(context, request, row)


async def _send(context: BotContext, request: Request, row: LoggedChange) -> None:
    """The rows first, the note that it was done last: a yes that was cut off is said again, nobody is told twice."""
    now = context.clock()
    await request.popup()
    await send_to_all(context.store, row.number, row.after, now=now)
    by = signed(request, ChangeAction.BROADCAST)
    await context.store.write(Transaction.confirm_change, row.number, ChangeAction.BROADCAST, by=by, now=now)
    await _draw(context, request, row)


async def _stop_or_look(context: BotContext, request: Request, row: LoggedChange, *, stop: bool) -> None:
    if row.action is not ChangeAction.BROADCAST:
        await request.popup()
        return
    if stop:
        now = context.clock()

        def end(tx: Transaction) -> int:
            tx.mark_undone(row.number, now=now)
            return tx.stop_broadcast(broadcast_key(row.number), why=STOPPED, now=now)

        await context.store.write(end)
    await request.popup()
    await _draw(context, request, row)


async def _draw(context: BotContext, request: Request, row: LoggedChange) -> None:
    """How far it is, with a stop while rows wait."""
    counts = await context.store.read(Transaction.broadcast_counts, broadcast_key(row.number))
    waiting = counts.get(AlertState.PENDING, 0) + counts.get(AlertState.SENDING, 0)
    sent, stopped = counts.get(AlertState.SENT, 0), counts.get(AlertState.SKIPPED, 0)
    text = [
        request.gettext("📣 {sent} of {n} sent, {waiting} waiting", sent=sent, n=sum(counts.values()), waiting=waiting)
    ]
    if lost := sum(counts.values()) - sent - waiting - stopped:
        text.append(request.gettext("Not delivered: {n}", n=lost))
    if stopped:
        text.append(request.gettext("⏹ Stopped: {n} do not get it.", n=stopped))
    keyboard: Keyboard = ()
    if waiting:
        words = request.words
        look = Button(words.gettext("🔄 How far?"), _data("look", row.number))
        keyboard = [[Button(words.gettext("⏹ Stop"), _data("stop", row.number)), look]]
    await request.redraw(lines([*text, Html(), plain(row.after)]), keyboard)
