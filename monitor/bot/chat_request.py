"""One reader's turn: who speaks, where, in which language, and how to answer in the same place.

Decides nothing and knows no store; whether the speaker may do something is bot/access.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from html import escape

import structlog
import telegram
from telegram.constants import ChatID, ChatType, MessageEntityType
from telegram.error import BadRequest, RetryAfter

from monitor.i18n import Translator, translator
from monitor.notify.html import MAX_UNITS, units
from monitor.pipeline.answers import Answers, row_of
from monitor.pipeline.pictures import payload_of
from monitor.types import Address, Button, Chat, ChatKind, Message, PictureSpec

log = structlog.get_logger(__name__)

STAND_INS = frozenset({ChatID.ANONYMOUS_ADMIN, ChatID.FAKE_CHANNEL, ChatID.SERVICE_CHAT})
MAX_POPUP = 200  # characters of an answerCallbackQuery
MOST_TITLE = 255  # characters; Telegram's own limit is half of it
Keyboard = Sequence[Sequence[Button]]


class Html(str):
    """Text with Telegram's tags, its other characters escaped."""

    __slots__ = ()


def plain(text: object) -> Html:
    """Any text as it would be read, made harmless; Html stays as it is."""
    return text if isinstance(text, Html) else Html(escape(str(text), quote=False))


def bold(text: object) -> Html:
    """In bold."""
    return Html(f"<b>{plain(text)}</b>")


def italic(text: object) -> Html:
    """In italics."""
    return Html(f"<i>{plain(text)}</i>")


def link(text: object, url: str) -> Html:
    """A link; the bare text where there is no address."""
    return Html(f'<a href="{escape(url)}">{plain(text)}</a>') if url else plain(text)


ELLIPSIS = Html("…")


def lines(each: Iterable[Html], *, rest: Html = ELLIPSIS) -> Html:
    """Lines below each other, as many as fit into one message; `rest` ends a list that was cut.

    Tags are counted as if they were text, so a message stays well inside the limit.
    """
    room = MAX_UNITS - units(rest) - 1
    kept: list[Html] = []
    for line in each:
        room -= units(line) + 1
        if room < 0:
            return Html("\n".join([*kept, rest]))
        kept.append(line)
    return Html("\n".join(kept))


@dataclass(frozen=True, slots=True)
class Request:
    """An update that somebody expects an answer to.

    `speaks_for_chat`: a channel's own post, or an administrator who writes as the group.
    `argument` is what follows the command; of a button, what follows its prefix.
    """

    bot: telegram.Bot
    answers: Answers  # says what is answered, now or later
    address: Address
    kind: ChatKind
    title: str
    lang: str
    user_id: int | None
    speaks_for_chat: bool
    argument: str = ""
    message_id: int | None = None
    reply_to: int | None = None  # the message that was replied to
    query_id: str = ""  # of a pressed button; `message_id` is then the message that shows it
    replied_text: str = ""  # of the message that this one replies to: its first link, else its words
    replied_links: tuple[str, ...] = ()  # all links of that message, in order
    shown_text: str = ""  # of the message whose button was pressed, as it is read
    buttons: Keyboard = ()  # under the message whose button was pressed
    own: Chat | None = None  # the chat or topic as the store had it when the update came; None: not known
    root: Chat | None = None  # the same of the whole chat, where `own` is a topic; else the same as `own`
    speaker: str = ""  # who speaks, by the name that Telegram shows; a title where nobody is named
    shows: int | None = None  # a message of ours that the answer is drawn into

    @property
    def person(self) -> int | None:
        """Who speaks, where they can be told from others: behind a stand-in of Telegram's are many."""
        return None if self.user_id in STAND_INS else self.user_id

    @property
    def words(self) -> Translator:
        """Sentences as plain text, for buttons and passing notes."""
        return translator(self.lang)

    def gettext(self, message: str, /, **values: object) -> Html:
        """A sentence of the catalogue in the reader's language; values are escaped unless they are Html."""
        said = self.words.spoken(values)
        return Html(self.words.gettext(message, **{name: plain(value) for name, value in said.items()}))

    def ngettext(self, one: str, many: str, n: int, /, **values: object) -> Html:
        """A sentence about `n` things, likewise."""
        return Html(self.words.ngettext(one, many, n, **{name: plain(value) for name, value in values.items()}))

    def speaking(self, lang: str) -> "Request":
        """The same request in another language."""
        return replace(self, lang=lang)

    async def reply(self, html: Html, keyboard: Keyboard = (), *, to: int | None = None) -> int | None:
        """Answer in the same chat and topic; in a group as a reply, so that it is clear who is meant.

        Gives the number of the message; None where it has to wait.
        """
        if to is None and self.kind is ChatKind.GROUP and not self.query_id:
            to = self.message_id
        return await self._say(Message(self.address, html, rows_of_buttons(keyboard), reply_to=to))

    async def reply_picture(self, png: bytes, caption: Html, spec: PictureSpec) -> None:
        """Answer with a photo; `caption` says the same in words. Where it has to wait, it is drawn again by `spec`."""
        to = self.message_id if self.kind is ChatKind.GROUP and not self.query_id else None
        asked = self.query_id or self.message_id
        message = Message(self.address, caption, reply_to=to, picture=png)
        row = row_of(message, asked)
        later = replace(row, payload={**(row.payload or {}), "picture": payload_of(spec)})
        await self.answers.say(message, self.kind, asked=asked, later=later)

    async def redraw(self, html: Html, keyboard: Keyboard = ()) -> None:
        """Put new content into the message whose button was pressed, or that is shown; else a new one is sent."""
        drawn = self.message_id if self.query_id else self.shows
        if drawn is None:
            await self.reply(html, keyboard)
        else:
            await self._say(Message(self.address, html, rows_of_buttons(keyboard), edits=drawn))

    async def swap_buttons(self, keyboard: Keyboard) -> None:
        """Put other buttons under the message whose button was pressed."""
        await self._say(Message(self.address, "", rows_of_buttons(keyboard), edits=self.message_id))

    async def _say(self, message: Message) -> int | None:
        return await self.answers.say(message, self.kind, asked=self.query_id or self.message_id)

    async def popup(self, text: str = "", *, loud: bool = False) -> None:
        """End the waiting of a pressed button, with a passing note (`loud`: one to be closed). Plain text.

        While Telegram wants silence the button goes on waiting; what is loud is then said as a message, later.
        """
        if not self.query_id:
            return
        if not await self.answers.may_call(self.address.chat_id):
            await self._say_instead(text, loud)
            return
        note = text if len(text) <= MAX_POPUP else text[: MAX_POPUP - 1] + "…"
        try:
            await self.bot.answer_callback_query(self.query_id, note or None, show_alert=loud)
        except BadRequest as error:
            # Telegram forgets a press after some minutes; after an outage that is no fault, and the rest is still done
            log.info("button pressed too long ago", chat=self.address.chat_id, why=error.message)
        except RetryAfter as flood:
            log.warning("answer waits", chat=self.address.chat_id, why=flood.message)
            await self.answers.flooded(self.address.chat_id, asked_for(flood))
            await self._say_instead(text, loud)

    async def _say_instead(self, text: str, loud: bool) -> None:
        if loud and text:
            await self.reply(plain(text))

    async def tell(self, text: str) -> None:
        """A short answer in plain text: a note to be closed where a button was pressed, else a message."""
        if self.query_id:
            await self.popup(text, loud=True)
        else:
            await self.reply(plain(text))


def rows_of_buttons(keyboard: Keyboard) -> tuple[tuple[Button, ...], ...]:
    """Buttons as a message has them, without empty rows."""
    return tuple(tuple(row) for row in keyboard if row)


def asked_for(failure: RetryAfter) -> float:
    """Seconds that Telegram asked to wait."""
    wait = failure.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def keyboard_of(message: telegram.MaybeInaccessibleMessage) -> Keyboard:
    """The buttons that a message shows."""
    if not isinstance(message, telegram.Message) or message.reply_markup is None:
        return ()
    return [
        [Button(b.text, str(b.callback_data or ""), b.url or "") for b in row]
        for row in message.reply_markup.inline_keyboard
    ]


def links_of(message: telegram.Message | None) -> tuple[str, ...]:
    """The links of a message in their order, also those behind other words."""
    if message is None:
        return ()
    kinds: list[str | None] = [MessageEntityType.TEXT_LINK, MessageEntityType.URL]
    found = {**message.parse_entities(kinds), **message.parse_caption_entities(kinds)}
    return tuple(entity.url or words for entity, words in sorted(found.items(), key=lambda one: one[0].offset))


def link_or_words(message: telegram.Message | None) -> str:
    """The first link of a message, also one behind other words; without one its words."""
    if message is None:
        return ""
    return next(iter(links_of(message)), "") or message.text or message.caption or ""


def place_of(message: telegram.MaybeInaccessibleMessage) -> Address:
    """Where a message stands. Only a topic's messages count as threaded: plain replies carry a thread id as well."""
    if isinstance(message, telegram.Message) and message.is_topic_message and message.message_thread_id:
        return Address(message.chat.id, message.message_thread_id)
    return Address(message.chat.id)


def kind_of(chat: telegram.Chat) -> ChatKind:
    """Private, group (of either sort) or channel."""
    match chat.type:
        case ChatType.PRIVATE:
            return ChatKind.PRIVATE
        case ChatType.CHANNEL:
            return ChatKind.CHANNEL
        case _:
            return ChatKind.GROUP


def title_of(chat: telegram.Chat) -> str:
    """The chat's own name, as Telegram shows it."""
    return (chat.title or chat.full_name or chat.username or "")[:MOST_TITLE]


def name_of(user: telegram.User | None, chat: telegram.Chat | None) -> str:
    """How whoever speaks is called: by their name, or by that of the chat they speak for."""
    if user is not None and user.id not in STAND_INS:
        return user.full_name[:MOST_TITLE]
    return title_of(chat) if chat is not None else ""


def language_of(user: telegram.User | None) -> str:
    """What a newcomer is spoken to in: English to those whose Telegram is English, Vietnamese to everybody else."""
    return "en" if user and (user.language_code or "").casefold().startswith("en") else "vi"
