"""Who may subscribe, who may change things in a group, and how chats come and go.

Leaves alone what they follow. Three doors: open (anyone), invite (with a word that /invite made), closed (admin chats
alone); chats that are in already stay in. A chat is in when it has a row; each topic of a forum has one of its own.
In a group only whom Telegram calls its administrators may change what it gets, also where the group is an admin chat:
whoever is let into a group of editors to read along does not run the bot.
"""

from dataclasses import replace
from datetime import datetime

import structlog
import telegram
from telegram.error import BadRequest, Forbidden

from monitor.bot.chat_request import Html, Request, kind_of, language_of, title_of
from monitor.bot.context import BotContext
from monitor.i18n import translator
from monitor.pipeline.lost_places import tell_who_brought
from monitor.store.transaction import Transaction
from monitor.types import Address, Chat, ChatKind, ChatState

log = structlog.get_logger(__name__)


def rows_of(tx: Transaction, chat_id: int) -> list[Chat]:
    """The chat and all its topics that are known."""
    return [chat for chat in tx.chats() if chat.address.chat_id == chat_id]


def is_admin_chat(context: BotContext, request: Request) -> bool:
    """Whether the bot's own commands are answered here: in the admin chats alone, where nobody else reads along."""
    return request.address.chat_id in context.admin_chats


async def may_operate(context: BotContext, request: Request) -> bool:
    """Whether the speaker may give the bot's own commands: they administer this admin chat, or are named."""
    if not is_admin_chat(context, request):
        return False
    return request.user_id in context.admin_chats or await may_change(context, request)


def _welcome_by_right(context: BotContext, request: Request) -> bool:
    """Whether this chat needs no invitation."""
    return (
        context.access == "open"
        or is_admin_chat(context, request)
        or (request.user_id is not None and request.user_id in context.admin_chats)
    )


async def with_chat(context: BotContext, request: Request) -> Request:
    """The request with what is known of its chat: read once, for all who ask. It is spoken to in its own language."""
    own, root = await context.store.read(_known_of, request.address)
    return replace(request, own=own, root=root, lang=own.lang if own is not None else request.lang)


def _known_of(tx: Transaction, address: Address) -> tuple[Chat | None, Chat | None]:
    """The chat or topic, and the whole chat."""
    own = tx.chat(address)
    root = own if address.thread_id == 0 else tx.chat(Address(address.chat_id))
    return own, root


def is_barred(request: Request) -> bool:
    """Whether an admin has shut this chat out; a barred chat gets no answer at all."""
    return request.root is not None and request.root.state is ChatState.BARRED


async def let_in(context: BotContext, request: Request, *, code: str = "") -> Chat | None:
    """The subscriber's row, made at the first contact if the door allows it; None: it needs an invitation.

    Whoever writes again after a block is active again; a pause stays.
    """
    own, root = request.own, request.root
    if own is not None and own.state is not ChatState.BLOCKED:
        if request.title and request.title != own.title:
            await context.store.write(_renamed, request.address, request.title)
        return own
    now = context.clock()
    new = own or Chat(request.address, request.kind, request.title, root.lang if root else request.lang, joined_at=now)
    needs_invitation = own is None and root is None and not _welcome_by_right(context, request)
    if needs_invitation:
        may_try = context.access == "invite" and code and not _guesses(context, request)
        if not may_try:
            return None
    active = replace(new, state=ChatState.ACTIVE)

    def enter(tx: Transaction) -> bool:
        if needs_invitation and not tx.use_invite(code, request.address, now=now):
            return False
        root_address = Address(request.address.chat_id)
        if root is None and request.address != root_address:
            tx.save_chat(replace(new, address=root_address))  # the door asks for this one in other topics
        tx.save_chat(active)
        if own is None and request.kind is not ChatKind.PRIVATE and request.person is not None:
            tx.set_brought_by(request.address, request.person)
        return True

    if await context.store.write(enter):
        return active
    for key in _guessers(request):
        context.wrong_codes.add(key, now)
    return None


def _renamed(tx: Transaction, address: Address, title: str) -> None:
    """Keep what the chat is called now: administrators know it by that."""
    chat = tx.chat(address)
    if chat is not None:
        tx.save_chat(replace(chat, title=title))


def _guessers(request: Request) -> set[int]:
    """Who tries a code: the chat, and the person in it, who may have other chats."""
    return {request.address.chat_id, request.person or request.address.chat_id}


def _guesses(context: BotContext, request: Request) -> bool:
    return any(context.wrong_codes.is_full(key, context.clock()) for key in _guessers(request))


async def turn_away(context: BotContext, request: Request, *, code: str = "") -> None:
    """Say why a stranger is not let in."""
    if context.access == "invite" and code and _guesses(context, request):
        await request.reply(request.gettext("Too many wrong codes came from here. Please wait an hour."))
    elif context.access == "invite" and code:
        await request.reply(
            request.gettext(
                "This code is unknown, was used by somebody else, or has expired. Please ask for a new one."
            )
        )
    elif context.access == "invite":
        await request.reply(request.gettext("This bot is for invited readers. If you have a code, send: /start CODE"))
    else:
        await request.reply(request.gettext("This bot takes no new readers."))


async def may_change(context: BotContext, request: Request) -> bool:
    """Whether the speaker may change what this chat gets: in groups and channels only its administrators."""
    if request.kind in (ChatKind.PRIVATE, ChatKind.TERMINAL) or request.speaks_for_chat:
        return True
    return await administers(context, request.address.chat_id, request.user_id)


async def administers(context: BotContext, chat_id: int, user_id: int | None) -> bool:
    """Whether Telegram says that this user administers that chat; False where it cannot say. Raises MustWait."""
    if user_id is None:
        return False
    try:
        return await context.administers(chat_id, user_id)
    except (BadRequest, Forbidden) as error:  # hidden member lists: who cannot be checked has no right
        log.warning("administrators cannot be asked for", chat=chat_id, why=error.message)
        return False


async def membership_changed(context: BotContext, change: telegram.ChatMemberUpdated) -> None:
    """The bot was let in, thrown out, blocked or unblocked somewhere."""
    was, now_in = _inside(change.old_chat_member), _inside(change.new_chat_member)
    chat_id = change.chat.id
    if not now_in:
        await context.store.write(Transaction.lose_chat, chat_id)
        log.info("chat lost", chat=chat_id, status=change.new_chat_member.status)
        return
    # also when only its rights came back: a chat it could not write to was blocked
    await context.store.write(_come_back, chat_id)
    request = Request(
        bot=context.bot,
        answers=context.answers,
        address=Address(chat_id),
        kind=kind_of(change.chat),
        title=title_of(change.chat),
        lang=language_of(change.from_user),
        user_id=change.from_user.id,
        speaks_for_chat=False,
    )
    request = await with_chat(context, request)
    if request.kind is ChatKind.PRIVATE:
        return  # a person says /start
    known = request.own is not None
    chat = request.own if known or was else await let_in(context, request)
    if chat is not None:
        await context.store.write(_brought_in, request, may_post=_may_post(change.new_chat_member), now=context.clock())
    if request.kind is ChatKind.GROUP and not known and not was:
        await request.reply(_greeting(request) if chat else _needs_code(context, request))


def _may_post(member: telegram.ChatMember) -> bool:
    """Whether the bot may write where it is a member like this; a channel's administrator may lack that right."""
    if isinstance(member, telegram.ChatMemberRestricted):
        return member.can_send_messages
    return not (isinstance(member, telegram.ChatMemberAdministrator) and member.can_post_messages is False)


def _brought_in(tx: Transaction, request: Request, *, may_post: bool, now: datetime) -> None:
    """Keep who let the bot in or changed its rights; where it may not write, give the chat up and tell them so."""
    if request.person is not None:
        tx.set_brought_by(request.address, request.person)
    if may_post:
        return
    tx.lose_chat(request.address.chat_id)
    why = translator(_lang_of(tx, request)).gettext("I have no right to post there")
    tell_who_brought(tx, request.address, why, dedupe=f"{now:%Y%m%d%H%M}", now=now)


def _lang_of(tx: Transaction, request: Request) -> str:
    person = tx.chat(Address(request.user_id)) if request.user_id is not None else None
    return person.lang if person else request.lang


def _inside(member: telegram.ChatMember) -> bool:
    if isinstance(member, telegram.ChatMemberRestricted):
        return member.is_member
    return member.status not in (member.LEFT, member.BANNED)


def _greeting(request: Request) -> Html:
    return request.gettext(
        "Hello! I watch the Vietnamese press for leaders and events and write here once when something happens.\n"
        "An administrator of this group chooses what: /watchlist, or for example /follow Putin. All commands: /help"
    )


def _needs_code(context: BotContext, request: Request) -> Html:
    if context.access == "invite":
        return request.gettext("This bot is for invited readers. If you have a code, send: /start CODE")
    return request.gettext("This bot takes no new readers.")


def _come_back(tx: Transaction, chat_id: int) -> None:
    """Whatever was blocked of this chat is active again."""
    for chat in rows_of(tx, chat_id):
        if chat.state is ChatState.BLOCKED:
            tx.save_chat(replace(chat, state=ChatState.ACTIVE))


async def chat_moved(context: BotContext, old: int, new: int) -> None:
    """A group became a supergroup; told twice, in the old chat and in the new one, and the second time does nothing."""
    await context.store.write(Transaction.move_chat, old, new)
    await context.store.write(_come_back, new)  # the old group may have been counted as lost a moment before
    log.info("chat moved", old=old, new=new)
