"""/edit ID shows a watch as its file writes it; the reply to that message is its new text, written after a yes. /undo.

For administrators alone. What was proposed waits as a row, and the form names its watch itself: a restart between
question and answer forgets nothing. Buttons:
    edit:yes:NUMBER  edit:no:NUMBER        NUMBER is that of the proposal
"""

import re
from datetime import timedelta

from monitor.bot.broadcast_all import EVERYBODY
from monitor.bot.chat_request import Html, Request, bold, lines, plain
from monitor.bot.context import BotContext
from monitor.bot.edit_words import difference_lines, proposal_lines, refused_lines
from monitor.bot.reload_files import came_of
from monitor.bot.signatures import signed
from monitor.notify.html import units
from monitor.pipeline.config_changes import FilesRead
from monitor.pipeline.file_log import take_back
from monitor.pipeline.watch_desk import EditRefused, WatchDesk, WatchProposal
from monitor.store.transaction import Transaction
from monitor.types import Button, ChangeAction, LoggedChange, WatchId

EDIT = "edit"
FORM = "✏️ /edit "  # what the first line of a form begins with; its watch follows
MOST_UNITS = 3_600  # of a watch in a form: what comes back must fit into a message too
ANSWERED_WITHIN = timedelta(days=2)  # a proposal is forgotten then: the news it was tried on is old

_FORM = re.compile(rf"{re.escape(FORM)}([a-z0-9-]{{1,100}})(?:\s.*)?")
_ANSWER = re.compile(r"(yes|no):([0-9]{1,18})")


async def edit(context: BotContext, request: Request) -> None:
    """/edit ID: the form."""
    desk = context.desk
    watch_id = await _meant(context, request.argument)
    if desk is None or watch_id is None:
        await request.reply(request.gettext("Send /edit with the id of a watch, like /edit putin."))
        return
    shown = await desk.show(watch_id)
    if isinstance(shown, EditRefused):
        await request.reply(lines(refused_lines(request, shown)))
        return
    if units(plain(shown.text)) > MOST_UNITS:
        await request.reply(
            request.gettext("This watch is too long for a message. Change it in {file}.", file=bold(shown.file))
        )
        return
    text = [
        Html(f"{FORM}{plain(shown.watch_id)} · {plain(shown.file)}"),
        Html(f'<pre><code class="language-yaml">{plain(shown.text)}</code></pre>'),
        request.gettext("Reply to this message with the whole new text. Nothing is written before you have seen it."),
    ]
    await request.reply(Html("\n".join(text)))


async def _meant(context: BotContext, text: str) -> WatchId | None:
    """The watch of this id, else the one that such a name surely means."""
    word = text.split()[0].casefold() if text else ""
    if WatchId(word) in context.running.watchlist().named():
        return WatchId(word)
    found = await context.find(text) if text else None
    if found is None or not found.sure:
        return WatchId(word) if re.fullmatch(r"[a-z0-9-]+", word) and " " not in text.strip() else None
    ids = [WatchId(hit) for hit in found.hits if WatchId(hit) in context.running.watchlist().named()]
    return ids[0] if len(ids) == 1 else None


async def filled_in(context: BotContext, request: Request, form: str) -> None:
    """A form was replied to: what that would change is shown, with a yes and a no."""
    asked, desk = _FORM.fullmatch(form), context.desk
    if asked is None or desk is None:
        return
    proposal = await desk.propose(WatchId(asked[1]), request.argument)
    if isinstance(proposal, EditRefused):
        await request.reply(lines(refused_lines(request, proposal)))
        return
    await offer(context, request, proposal)


async def offer(context: BotContext, request: Request, proposal: WatchProposal) -> None:
    """Show what would be written, with its buttons; the proposal becomes a row."""
    now = context.clock()
    row = signed(request, ChangeAction.PROPOSED, proposal.watch_id, before=proposal.before, after=proposal.after)

    def keep(tx: Transaction) -> int:
        tx.drop_proposals(before=now - ANSWERED_WITHIN, now=now)
        return tx.add_change(row, now=now)

    number = await context.store.write(keep)
    keyboard = [
        [
            Button(request.words.gettext("✅ Write it"), f"{EDIT}:yes:{number}"),
            Button(request.words.gettext("✖️ Leave it"), f"{EDIT}:no:{number}"),
        ]
    ]
    await request.reply(lines(proposal_lines(request, proposal)), keyboard)


async def edit_button(context: BotContext, request: Request) -> None:
    """Yes or no was pressed under a proposal."""
    order, desk = _ANSWER.fullmatch(request.argument), context.desk
    if order is None or desk is None:
        await request.popup()
        return
    row = await context.store.read(Transaction.change, int(order[2]))
    if row is None or not row.is_waiting or row.chat_id != request.address.chat_id or row.what == EVERYBODY:
        await request.popup(request.words.gettext("This was answered already, or forgotten."), loud=True)
    elif order[1] == "no":
        await context.store.write(Transaction.drop_proposal, row.number, now=context.clock())
        await request.popup()
        await request.redraw(request.gettext("{watch}: nothing was changed.", watch=bold(row.what)))
    else:
        await _write(context, request, desk, row)


async def _write(context: BotContext, request: Request, desk: WatchDesk, row: LoggedChange) -> None:
    done = await desk.write(WatchId(row.what), row.before, row.after)
    if isinstance(done, EditRefused):
        await context.store.write(Transaction.drop_proposal, row.number, now=context.clock())
        await request.popup()
        await request.redraw(lines(refused_lines(request, done)))
        return
    by = signed(request, ChangeAction.EDIT)
    await context.store.write(Transaction.confirm_change, row.number, ChangeAction.EDIT, by=by, now=context.clock())
    await request.popup()
    text = [
        request.gettext("✅ {watch} is written. /undo takes it back.", watch=bold(row.what)),
        difference_lines(row.before, row.after),
        *came_of(context, request, done),
    ]
    await request.redraw(lines(text))


async def undo(context: BotContext, request: Request) -> None:
    """/undo: take the last change of a watch or of a file back, unless it reads otherwise since."""
    row, desk, files = await context.store.read(Transaction.last_edit), context.desk, context.files
    if row is None or desk is None or files is None:
        await request.reply(request.gettext("There is no change to take back."))
        return
    by = signed(request, ChangeAction.UNDO)
    done = await take_back(context.store, row, watches=desk, files=files, by=by, clock=context.clock)
    if isinstance(done, FilesRead):
        text = [
            request.gettext("↩️ The last change of {watch} is taken back.", watch=bold(row.what)),
            difference_lines(row.after, row.before),
            *came_of(context, request, done),
        ]
    else:
        text = [
            request.gettext("The last change, of {watch}, is not taken back.", watch=bold(row.what)),
            *refused_lines(request, done),
        ]
    await request.reply(lines(text))
