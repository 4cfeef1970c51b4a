"""/web: a one-time link to the web page, for the chat that it is asked in or for one that the speaker administers.

A link lets in whoever opens it, so it is only ever said to one person in private, and no row of ours holds it: where
Telegram makes an answer wait, the row says to ask again. Who administers what is bot/access.py's and Telegram's.
"""

import re
from dataclasses import replace
from ipaddress import ip_address
from urllib.parse import urlsplit

from monitor.bot.access import administers
from monitor.bot.chat_request import Html, Request, bold, lines, link, plain, rows_of_buttons
from monitor.bot.context import BotContext
from monitor.bot.targets import fold
from monitor.pipeline.answers import row_of
from monitor.pipeline.logins import is_shut_out, link_to, make_login, new_token
from monitor.store.transaction import Transaction
from monitor.types import Address, Button, Chat, ChatKind, ChatState, Message

MOST_NAME = 60  # characters of a chat's title
_PLACE = re.compile(r"(-?[0-9]{1,18})(?::([0-9]{1,18}))?")


async def web(context: BotContext, request: Request) -> None:
    """/web: this chat's link. In private also /web CHAT or CHAT:TOPIC: that of a group or channel one administers."""
    page = context.running.page()
    if not page:
        await request.reply(request.gettext("There is no web page here: whoever runs this service has not opened it."))
    elif request.kind is not ChatKind.PRIVATE:
        await _from_a_group(context, request, page)
    elif fold(request.argument) in ("", "web"):  # "/trang web"
        await _hand_over(context, request, page, request.address)
    elif (place := await _place_of(context, request)) is not None:
        await _hand_over(context, request, page, place)
    else:
        await request.reply(
            request.gettext(
                "I know no chat of that number that you administer. Write /web there, and I say its number."
            )
        )


async def _place_of(context: BotContext, request: Request) -> Address | None:
    """The chat that is asked for, where it is known and the speaker administers it."""
    typed = _PLACE.fullmatch(request.argument)
    if typed is None:
        return None
    place = Address(int(typed[1]), int(typed[2] or 0))
    if place == request.address:
        return place
    if place.chat_id > 0 or not await context.store.read(_is_open, place):
        return None
    return place if await administers(context, place.chat_id, request.person) else None


def _is_open(tx: Transaction, place: Address) -> bool:
    return tx.chat(place) is not None and not is_shut_out(tx, place)


async def _from_a_group(context: BotContext, request: Request, page: str) -> None:
    """An administrator asked where others read along: the link goes to them in private, where the bot may write."""
    private = await context.store.read(_private_of, request.person)
    if private is not None:
        theirs = replace(request, address=private.address, kind=ChatKind.PRIVATE, lang=private.lang)
        if await _hand_over(context, theirs, page, request.address):
            await request.reply(request.gettext("🔗 The link is in your chat with me: here others would see it."))
            return
    place = request.address
    number = f"{place.chat_id}:{place.thread_id}" if place.thread_id else f"{place.chat_id}"
    text = request.gettext(
        "A link lets in whoever opens it, so I say it to nobody where others read along. Send me in private: {command}",
        command=Html(f"<code>/{'trang' if request.lang == 'vi' else 'web'} {number}</code>"),
    )
    bot = link(f"@{context.bot.username}", f"https://t.me/{context.bot.username}")
    await request.reply(lines([text, bot]))


def _private_of(tx: Transaction, person: int | None) -> Chat | None:
    """Somebody's own chat with the bot, where it may write there."""
    chat = tx.chat(Address(person)) if person is not None else None
    return chat if chat is not None and chat.state in (ChatState.ACTIVE, ChatState.PAUSED) else None


async def _hand_over(context: BotContext, request: Request, page: str, place: Address) -> bool:
    """Make a link for that place and say it in this private chat; whether it was said there."""
    token = new_token()

    def make(tx: Transaction) -> tuple[bool, str]:
        made = make_login(tx, place, token, now=context.clock(), who=request.speaker, user_id=request.person)
        chat = tx.chat(place)
        return made is not None, chat.title if chat is not None else ""

    is_made, title = await context.store.write(make)
    if not is_made:
        await request.reply(
            request.gettext("Too many links were made for this chat just now. Use one of them, or wait ten minutes.")
        )
        return True
    message = _message(request, page, token, place, title[:MOST_NAME] or str(place.chat_id))
    late = replace(message, html=request.gettext("The link came too late. Please send /web once more."), buttons=())
    later = row_of(late, request.query_id or request.message_id)
    return await context.answers.say(message, request.kind, asked=request.message_id, later=later) is not None


def _message(request: Request, page: str, token: str, place: Address, title: str) -> Message:
    address, words = link_to(page, token), request.words
    text = [bold(request.gettext("🔗 The web page"))]
    if place != request.address:
        text.append(
            request.gettext(
                "As: {chat}. Who opens the page by this link may do there what its administrators may.", chat=title
            )
        )
    text.append(request.gettext("The link lets one browser in, once, within ten minutes. Do not pass it on."))
    buttons = [[Button(words.gettext("Open the page"), url=address)]] if may_be_button(address) else []
    if place == request.address and page.startswith("https://"):  # Telegram opens no other inside of itself
        buttons.append([Button(words.gettext("Open inside of Telegram"), app=f"{page}/app")])
    if not buttons:
        text += [
            Html(f"<code>{plain(address)}</code>"),
            request.gettext("It opens on the machine alone that this service runs on."),
        ]
    return Message(request.address, lines(text), rows_of_buttons(buttons))


def may_be_button(url: str) -> bool:
    """Whether Telegram takes an address behind a button, and it leads anywhere from a phone.

    It refuses names without a dot ("Wrong HTTP URL"); a loopback address leads to the phone itself.
    """
    host = urlsplit(url).hostname or ""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return "." in host.removesuffix(".") and not host.endswith(".localhost")
