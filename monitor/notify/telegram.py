"""Puts a message on the wire to Telegram, once, and says in our words what came of it.

Neither paces nor retries nor renders: deliver.py does the first two, render.py the third. The table of outcomes is
that of docs/decisions.md: what is known never to have left is Later, what may have arrived is Unknown.
"""

import os
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote
from urllib.request import getproxies, proxy_bypass

import httpx
import structlog
import telegram
from telegram import error
from telegram.request import HTTPXRequest

from monitor.errors import SenderBroken
from monitor.notify.html import MAX_UNITS, cut, piece_of, plain
from monitor.notify.telegram_refusals import Refusals
from monitor.ports import Clock
from monitor.types import Button, Later, Message, Outcome, Reach, Refused, Sent, Unknown, Unreached

SOON = timedelta(seconds=10)  # another program polls
CLOSED = timedelta(minutes=30)  # a topic that was closed: until it is asked again whether it is open
CROWDED = timedelta(seconds=30)  # a 429 that names no time
CONFLICT_LASTS = timedelta(minutes=2)  # a second instance that stops, or a poll that Telegram has not let go of yet
WHY_CHARS = 200

# Seconds. Together well under the lease of a claimed alert (deliver.py), so that a slow send is settled by its sender.
CONNECT, WRITE, READ, POOL = 10.0, 15.0, 30.0, 10.0
PROBE = 10.0  # of each phase of asking whether Telegram is well
CONNECTIONS = 32  # 28 sends a second at a usual 0.3 s each need nine

# httpx raises these before the first byte of the request is written; a proxy that refuses has not passed it on either
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)

# Descriptions of 400s about the form of a message, and what is sent in its place; from telegram-bot-api and tdlib.
_BAD_TEXT = ("can't parse entities", "can't find end", "message is too long", "entity", "wrong http url")
_BAD_BUTTONS = ("button", "reply markup", "reply_markup", "keyboard")

# Descriptions of 400s about a photo or its caption, or which say that this chat takes none: its words are sent alone.
_BAD_PICTURE = ("photo", "image", "file", "caption", "not enough rights")

# Of a topic: closed to all but its administrators, or deleted.
_TOPIC_CLOSED = "topic_closed"
_TOPIC_LOST = ("message thread not found", "topic_deleted", "topic_id_invalid")

# Descriptions of 400s which say that the bot may not write to the chat at all; from telegram-bot-api and tdlib.
_CHAT_LOST = (
    "chat not found",
    "not enough rights",
    "have no rights to send a message",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_admin_required",
    "channel_private",
    "peer_id_invalid",
    "group chat was deactivated",
    "group is deactivated",
    "user is deactivated",
    "bot is not a member",
)


_log = structlog.stdlib.get_logger("monitor.telegram")


# ---------------------------------------------------------------- the bot, which does not know its token


class _Tokened(httpx.AsyncBaseTransport):
    """Writes the token into the path of a request as it leaves.

    Everything above (python-telegram-bot, httpx, their logs, exceptions and reprs) sees a stand-in, so nothing there
    can give the token away.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, stand_in: str, token: str) -> None:
        self._inner = inner
        self._stand_in = f"/bot{stand_in}/".encode()
        self._path = f"/bot{quote(token, safe=':')}/".encode()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.replace(self._stand_in, self._path, 1)
        return await self._inner.handle_async_request(
            httpx.Request(
                request.method,
                request.url.copy_with(raw_path=path),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        )

    async def aclose(self) -> None:
        await self._inner.aclose()


def build_bot(token: str, api_url: str, *, proxy: str = "") -> telegram.Bot:
    """A bot for `api_url` (no slash needed at its end), shared by the sender and the conversation.

    Does no request. httpx retries nothing; without `proxy` (http, https, socks5) one is taken from the environment.
    """
    # Without it python-telegram-bot warns at every flood wait that the type of retry_after will change.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    bot_id, colon, _secret = token.partition(":")
    stand_in = f"{bot_id if colon and bot_id.isdecimal() else 0}:hidden"
    base = api_url.rstrip("/")

    def request(connections: int, read: float) -> HTTPXRequest:
        wire = httpx.AsyncHTTPTransport(
            retries=0, proxy=proxy or _proxy_for(base), limits=httpx.Limits(max_connections=connections)
        )
        return HTTPXRequest(
            connection_pool_size=connections,
            connect_timeout=CONNECT,
            write_timeout=WRITE,
            read_timeout=read,
            pool_timeout=POOL,
            httpx_kwargs={"transport": _Tokened(wire, stand_in, token)},
        )

    return telegram.Bot(
        stand_in,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=request(CONNECTIONS, READ),
        # the time a long poll waits on the server comes on top of this
        get_updates_request=request(2, READ),
    )


async def close_bot(bot: telegram.Bot) -> None:
    """Close its connections, whether or not anybody has introduced it to Telegram (`initialize`) before."""
    await bot.shutdown()
    await bot.request.shutdown()


def _proxy_for(url: str) -> str | None:
    """The proxy that the environment names for `url`; httpx looks it up only for transports of its own."""
    address = httpx.URL(url)
    if proxy_bypass(address.host):
        return None
    proxies = getproxies()
    proxy = proxies.get(address.scheme) or proxies.get("all")
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


# ---------------------------------------------------------------- sending


class TelegramSender:
    """The Sender of a bot that has been initialised. Expected failures are values; SenderBroken is raised."""

    def __init__(self, bot: telegram.Bot, *, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._flooded: tuple[int, datetime] | None = None  # the chat last told to wait, unless a send succeeded since
        self._conflict_since: datetime | None = None
        self._refusals = Refusals()

    async def send(self, message: Message) -> Outcome:
        """Send or edit once; what Telegram cannot read, in a plainer form: news without bold is better than none.

        A picture that it does not take is told in its words.

        Raises SenderBroken for a token that is refused again and again, or a conflict of more than two minutes.
        """
        outcome = await self._send_once(message)
        while isinstance(outcome, Refused) and (plainer := _plainer(message, outcome.why)) is not None:
            _log.error("message_not_understood", chat=message.address.chat_id, why=outcome.why)
            message = plainer
            outcome = await self._send_once(message)
        return outcome

    async def probe(self) -> str:
        """Why Telegram is out of reach, in one line; empty when it answers. Raises SenderBroken as `send` does."""
        try:
            await self._bot.get_me(read_timeout=PROBE, connect_timeout=PROBE, write_timeout=PROBE, pool_timeout=PROBE)
        except error.InvalidToken as raised:
            return self._refusals.note(raised, self._clock())
        except error.TelegramError as raised:
            if _is_page(raised) or not isinstance(raised, error.RetryAfter | error.BadRequest | error.Forbidden):
                return self._why(raised)
            # else it speaks to us
        except Exception as bug:  # an answer that python-telegram-bot cannot read is none of Telegram's
            _log.exception("bug", at="probe")
            return f"{type(bug).__name__}: {bug}"
        self._refusals.forget()
        return ""

    async def _send_once(self, message: Message) -> Outcome:
        try:
            message_id = await self._put(message)
        except error.InvalidToken as raised:
            return Unreached(self._refusals.note(raised, self._clock()))
        except error.TelegramError as raised:
            return self._outcome(raised, message)
        self._flooded = self._conflict_since = None
        self._refusals.forget()
        return Sent(message_id)

    async def _put(self, message: Message) -> int:
        chat_id, html = message.address.chat_id, message.html
        preview = telegram.LinkPreviewOptions(is_disabled=True)
        keyboard = _keyboard(message.buttons)
        if message.edits is not None and not html:
            await self._bot.edit_message_reply_markup(chat_id, message.edits, reply_markup=keyboard)
            return message.edits
        if message.edits is not None:
            await self._bot.edit_message_text(
                html, chat_id, message.edits, parse_mode="HTML", link_preview_options=preview, reply_markup=keyboard
            )
            return message.edits
        reply = None
        if message.reply_to is not None:
            # the reader may have deleted the first message: the development is worth telling all the same
            reply = telegram.ReplyParameters(message.reply_to, allow_sending_without_reply=True)
        thread_id = message.address.thread_id or None
        if message.picture is not None:
            sent = await self._bot.send_photo(
                chat_id,
                message.picture,
                caption=html,
                parse_mode="HTML",
                disable_notification=message.silent,
                message_thread_id=thread_id,
                reply_markup=keyboard,
                reply_parameters=reply,
                filename="monitor.png",
            )
            return sent.message_id
        sent = await self._bot.send_message(
            chat_id,
            html,
            parse_mode="HTML",
            disable_notification=message.silent,
            message_thread_id=thread_id,
            link_preview_options=preview,
            reply_markup=keyboard,
            reply_parameters=reply,
        )
        await self._check_topic(message, sent)
        return sent.message_id

    async def _check_topic(self, message: Message, sent: telegram.Message) -> None:
        """Raise BadRequest for a message that fell out of its topic: some servers put it into the chat if that is gone.

        It is taken back, for it is nobody's news there.
        """
        asked = message.address.thread_id
        if not asked or (sent.is_topic_message and sent.message_thread_id == asked):
            return
        with suppress(error.TelegramError):
            await self._bot.delete_message(message.address.chat_id, sent.message_id)
        raise error.BadRequest(f"{_TOPIC_LOST[0]}: the message stood outside of it")

    def _outcome(self, raised: error.TelegramError, message: Message) -> Outcome:
        now = self._clock()
        why = self._why(raised)
        if _is_page(raised):
            return Unknown(why)
        match raised:
            case error.RetryAfter():
                return self._flood(raised, message.address.chat_id, now, why)
            case error.ChatMigrated():
                return Later(now, why, moved_to=raised.new_chat_id)
            case error.Forbidden():
                return Refused(why, reach=Reach.CHAT)
            case error.Conflict():
                return self._conflict(raised, now, why)
            case error.BadRequest():  # before NetworkError, whose subclass it is
                return _bad_request(why, message, now)
            case error.NetworkError() if isinstance(raised.__cause__, _NEVER_LEFT):
                return Unreached(why)  # no connection, or a pool full of hanging ones: no chat's fault
            case error.NetworkError() if why.startswith("Too Many Requests"):
                return Later(now + CROWDED, why)
            case _:
                # a time-out or a line cut while reading, a 5xx, a page in place of an answer
                return Unknown(why)

    def _flood(self, raised: error.RetryAfter, chat_id: int, now: datetime, why: str) -> Later:
        """A flood wait of this chat, or of the whole bot.

        Telegram does not say which. A second chat that is told to wait while the first still is, with no send getting
        through in between, is taken for the bot's own.
        """
        wait = raised.retry_after
        at = now + (wait if isinstance(wait, timedelta) else timedelta(seconds=wait))
        is_bots = self._flooded is not None and self._flooded[0] != chat_id and now < self._flooded[1]
        self._flooded = (chat_id, at)
        return Later(at, why, reach=Reach.BOT if is_bots else Reach.CHAT)

    def _conflict(self, raised: error.Conflict, now: datetime, why: str) -> Later:
        self._conflict_since = self._conflict_since or now
        if now - self._conflict_since > CONFLICT_LASTS:
            raise SenderBroken(f"another program uses this bot: {why}") from raised
        return Later(now + SOON, why, reach=Reach.BOT)

    def _why(self, raised: error.TelegramError) -> str:
        """One line for a person; what is known of the token is cut out even where it should not stand."""
        text = " ".join(str(raised).replace(self._bot.token, "<token>").split()) or type(raised).__name__
        return text if len(text) <= WHY_CHARS else text[: WHY_CHARS - 1] + "…"


def _is_page(raised: error.TelegramError) -> bool:
    """Whether no Bot API answered, but something on the way: a firewall, a proxy, a portal. Their 403 loses no chat."""
    return isinstance(raised, error.BadRequest | error.Forbidden) and isinstance(raised.__cause__, error.TelegramError)


def _bad_request(why: str, message: Message, now: datetime) -> Sent | Later | Refused:
    said = why.casefold()
    if message.edits is not None and "message is not modified" in said:
        return Sent(message.edits)
    if _TOPIC_CLOSED in said:
        return Later(now + CLOSED, why, reach=Reach.TOPIC)
    if any(words in said for words in _TOPIC_LOST):
        return Refused(why, reach=Reach.TOPIC)
    return Refused(why, reach=Reach.CHAT if any(words in said for words in _CHAT_LOST) else Reach.MESSAGE)


def _plainer(message: Message, why: str) -> Message | None:
    """The message without what Telegram could not read in it; None when that was not its form, or it is plain."""
    said = why.casefold()
    if message.picture is not None and any(words in said for words in _BAD_PICTURE):
        return replace(message, picture=None)
    if message.buttons and any(words in said for words in _BAD_BUTTONS):
        return replace(message, buttons=())
    text = piece_of(cut(plain(message.html), MAX_UNITS)).html
    return replace(message, html=text) if any(words in said for words in _BAD_TEXT) and text != message.html else None


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> telegram.InlineKeyboardMarkup | None:
    def button(each: Button) -> telegram.InlineKeyboardButton:
        if each.app:
            return telegram.InlineKeyboardButton(each.label, web_app=telegram.WebAppInfo(each.app))
        if each.url:
            return telegram.InlineKeyboardButton(each.label, url=each.url)
        return telegram.InlineKeyboardButton(each.label, callback_data=each.data)

    return telegram.InlineKeyboardMarkup([[button(each) for each in row] for row in rows]) if rows else None
