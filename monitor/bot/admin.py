"""What the admin chats may ask and order of chats: /invite /access.

Answers there alone; to everybody else these commands do not exist. Trouble that the bot reports by itself goes through
the outbox (pipeline/admin_notices.py).
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.bot.access import rows_of
from monitor.bot.chat_request import Html, Request, bold, lines, link, plain
from monitor.bot.chat_settings import span
from monitor.bot.context import BotContext
from monitor.bot.local_time import when
from monitor.bot.signatures import signed
from monitor.bot.targets import fold
from monitor.i18n import Translator
from monitor.pipeline.admin_notices import place_words
from monitor.store.transaction import Transaction
from monitor.types import Address, ChangeAction, Chat, ChatKind, ChatState

INVITE_LASTS = timedelta(days=7)
LONGEST_INVITE = timedelta(days=30)  # what is open for longer is forgotten
LONGEST_CHAT_ID = 15  # digits
_LIST = frozenset({"list", "danh", "danhsach", "ds"})  # the first word of what was typed
_DROP = frozenset({"drop", "bo", "xoa"})


async def invite(context: BotContext, request: Request) -> None:
    """/invite [24h]: a word that lets one chat in; /invite list; /invite drop NAME."""
    order, _, name = fold(request.argument).partition(" ")
    if order in _LIST:
        await _list_invites(context, request)
    elif order in _DROP:
        await _drop_invite(context, request, name)
    elif not request.argument:
        await _new_invite(context, request, INVITE_LASTS)
    elif (lasts := span(request.argument)) is not None and lasts <= LONGEST_INVITE:
        await _new_invite(context, request, lasts)
    else:
        await request.reply(
            request.gettext(
                "Send /invite, /invite 24h (at most {n} days), /invite list or /invite drop NAME.",
                n=LONGEST_INVITE.days,
            )
        )


async def _new_invite(context: BotContext, request: Request, lasts: timedelta) -> None:
    code, now = context.new_code(), context.clock()

    def add(tx: Transaction) -> str:
        name = tx.add_invite(code, now=now, lasts=lasts)
        tx.add_change(signed(request, ChangeAction.INVITE, name, after="made"), now=now)
        return name

    name = await context.store.write(add)
    address = f"https://t.me/{context.bot.username}?start={code}"
    text = [
        request.gettext("For one chat: {link}", link=link(address, address)),
        request.gettext("Or, in a group: {command}", command=Html(f"<code>/start {plain(code)}</code>")),
        request.gettext(
            "Works until {at}. To take it back: {command}",
            at=when(context, request, now + lasts),
            command=Html(f"<code>/invite drop {name}</code>"),
        ),
    ]
    if context.access != "invite":
        text.append(
            request.gettext("(Access is “{access}” now: invitations count when it is “invite”.)", access=context.access)
        )
    await request.reply(lines(text))


async def _list_invites(context: BotContext, request: Request) -> None:
    still_open = await context.store.read(Transaction.open_invites, now=context.clock())
    if not still_open:
        await request.reply(request.gettext("No invitation is open."))
        return
    text = [
        request.gettext(
            "{name}: of {made}, until {at}",
            name=Html(f"<code>{one.name}</code>"),
            made=when(context, request, one.created_at),
            at=when(context, request, one.expires_at),
        )
        for one in still_open
    ]
    await request.reply(lines(text, rest=request.gettext("… of {n} invitations", n=len(text))))


async def _drop_invite(context: BotContext, request: Request, name: str) -> None:
    def end(tx: Transaction) -> bool:
        dropped = bool(tx.end_invite(name))
        if dropped:
            tx.add_change(signed(request, ChangeAction.INVITE, name, after="dropped"), now=context.clock())
        return dropped

    dropped = await context.store.write(end)
    await request.reply(
        request.gettext("That invitation lets nobody in any more.")
        if dropped
        else request.gettext("No open invitation is called so. See /invite list.")
    )


async def access(context: BotContext, request: Request) -> None:
    """/access; /access bar CHAT; /access allow CHAT."""
    order, _, number = request.argument.partition(" ")
    if not request.argument:
        await _who_is_in(context, request)
        return
    chat_id = int(number) if re.fullmatch(rf"-?[0-9]{{1,{LONGEST_CHAT_ID}}}", number.strip()) else 0
    if order not in ("bar", "allow") or chat_id == 0:
        await request.reply(request.gettext("Send /access, /access bar CHAT_ID or /access allow CHAT_ID."))
        return
    if chat_id in context.admin_chats and order == "bar":
        await request.reply(
            request.gettext("An admin chat cannot be barred; take it out of MONITOR_ADMIN_CHATS first.")
        )
        return
    state = ChatState.BARRED if order == "bar" else ChatState.ACTIVE
    change = signed(request, ChangeAction.ACCESS, str(chat_id), after="barred" if order == "bar" else "allowed")

    def carry_out(tx: Transaction) -> str:
        name = _open_or_shut(tx, chat_id, state, request.words, now=context.clock())
        tx.add_change(change, now=context.clock())
        return name

    name = await context.store.write(carry_out)
    await request.reply(
        request.gettext("Barred: {chat}", chat=name)
        if order == "bar"
        else request.gettext("May come in: {chat}", chat=name)
    )


def _open_or_shut(tx: Transaction, chat_id: int, state: ChatState, words: Translator, *, now: datetime) -> str:
    """Bar a chat and all its topics, or let in what was barred of it; a chat that is not known gets a row.

    How the chat is called.
    """
    rows = rows_of(tx, chat_id) or [_stranger(chat_id, now)]
    for row in rows:
        if state is ChatState.BARRED or row.state is ChatState.BARRED:
            tx.save_chat(replace(row, state=state, paused_until=None))
    if not any(row.address.thread_id == 0 for row in rows):
        tx.save_chat(replace(_stranger(chat_id, now), state=state))
    return place_words(words, tx, Address(chat_id))


def _stranger(chat_id: int, now: datetime) -> Chat:
    return Chat(
        Address(chat_id), ChatKind.PRIVATE if chat_id > 0 else ChatKind.GROUP, state=ChatState.BARRED, joined_at=now
    )


async def _who_is_in(context: BotContext, request: Request) -> None:
    chats = [chat for chat in await context.store.read(Transaction.chats) if chat.kind is not ChatKind.TERMINAL]
    counts = {state: sum(chat.state is state for chat in chats) for state in ChatState}
    text = [
        request.gettext("Access: {access}", access=bold(context.access)),
        request.gettext(
            "Chats: {active} active, {paused} paused, {blocked} lost, {barred} barred",
            active=counts[ChatState.ACTIVE],
            paused=counts[ChatState.PAUSED],
            blocked=counts[ChatState.BLOCKED],
            barred=counts[ChatState.BARRED],
        ),
        *(_chat_line(chat) for chat in chats if chat.state is ChatState.BARRED),
        *(_chat_line(chat) for chat in chats if chat.state in (ChatState.ACTIVE, ChatState.PAUSED)),
    ]
    await request.reply(lines(text, rest=request.gettext("… of {n} chats", n=len(chats))))


def _chat_line(chat: Chat) -> Html:
    mark = {ChatState.BARRED: "⛔", ChatState.PAUSED: "⏸"}.get(chat.state, "•")
    thread = f"/{chat.address.thread_id}" if chat.address.thread_id else ""
    return Html(f"{mark} <code>{chat.address.chat_id}{thread}</code> {plain(chat.title)}")
