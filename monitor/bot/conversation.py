"""The conversation: who answers an update (bot/commands.py), and what becomes of an answer that fails.

Leaves polling to bot/polling.py, sending alerts to deliver.py, and the bot's connections to whoever built the bot.
python-telegram-bot's Application hands updates to their handlers, without JobQueue and persistence: the database is
the truth.
"""

import asyncio
import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
import telegram
from telegram import error
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from monitor.bot import edit_watch
from monitor.bot.access import (
    chat_moved,
    is_admin_chat,
    is_barred,
    let_in,
    may_change,
    may_operate,
    membership_changed,
    turn_away,
    with_chat,
)
from monitor.bot.chat_request import (
    Request,
    keyboard_of,
    kind_of,
    language_of,
    link_or_words,
    links_of,
    name_of,
    place_of,
    title_of,
)
from monitor.bot.commands import BY_NAME, COMMANDS, MOST_TYPED, PRESSES, ChatCommand, Press
from monitor.bot.context import BotContext, MustWait
from monitor.bot.follow import search
from monitor.bot.inline import answer_inline
from monitor.bot.missed_news import missed
from monitor.bot.polling import Pause, Poller, words_of
from monitor.bot.storms import Storms, Turn
from monitor.bot.typed_commands import as_command
from monitor.bot.unanswered import Unanswered
from monitor.bot.welcome import refuse_change
from monitor.i18n import LANGUAGES, Translator, translator
from monitor.notify.html import clean
from monitor.pipeline.ask_missed import is_address
from monitor.types import ChatKind

MOST_IN_MENU = 100  # commands, and
MOST_DESCRIBED = 256  # characters of each: core.telegram.org/bots/api#setmycommands
MOST_REMEMBERED = 1_000  # messages that were answered
_COMMAND = re.compile(r"/(\w{1,64})(?:@(\w+))?(?:\s+(.*))?\Z", re.DOTALL)
_Application = Application[Any, Any, Any, Any, Any, Any]

FORGOTTEN_AFTER = timedelta(days=1)  # Telegram keeps no update longer: core.telegram.org/bots/api#getting-updates

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TypedCommand:
    """A command as it was typed; `to` names another bot, or this one, or nobody."""

    name: str
    to: str
    argument: str

    def is_for(self, username: str) -> bool:
        """Whether it is meant for the bot of that name."""
        return self.to.casefold() in ("", username.casefold())


def words_of_message(message: telegram.Message) -> str:
    """What was written: a text, or what stands under a photo."""
    return clean(message.text or message.caption or "").strip()


class BotService:
    """Commands and conversations. `run` lives in the service's TaskGroup; `pause` waits between failed polls."""

    def __init__(self, context: BotContext, *, pause: Pause = asyncio.sleep) -> None:
        self._context = context
        self._bot = context.bot
        self._clock = context.clock
        self._pause = pause
        self._poller: Poller | None = None
        self._answered: dict[tuple[object, ...], str] = {}  # the words of the last messages, the oldest first
        self._turns: dict[int, Turn] = {}  # of updates that wait for their chat, by id

    async def run(self) -> None:
        """Answer until cancelled; an update is confirmed to Telegram only after it was handled.

        Raises SenderBroken when Telegram refuses the token, or another program polls with it for two minutes.
        """
        for chatty in ("httpx", "httpcore"):  # they log URLs, and Telegram's URLs hold the token
            logging.getLogger(chatty).setLevel(logging.WARNING)
        application = self._application()
        self._poller = Poller(
            self._bot,
            self._context.store,
            application.process_update,
            admit=self._admit,
            clock=self._clock,
            pause=self._pause,
            fence=self._context.fence,
            receives=self._context.receives,
        )
        await self._poller.reach(application.initialize)
        await self._publish_commands()
        log.info("bot listens", username=self._bot.username)
        try:
            await self._poller.run()
        finally:
            await self._context.errands.close()

    async def settled(self) -> None:
        """Wait until all that came in is answered."""
        if self._poller is not None:
            await self._poller.settled()

    def _application(self) -> _Application:
        application = Application.builder().bot(self._bot).updater(None).job_queue(None).build()
        said = filters.UpdateType.MESSAGES | filters.UpdateType.CHANNEL_POST
        application.add_handler(MessageHandler(said, self._on_message))
        application.add_handler(CallbackQueryHandler(self._on_press))
        application.add_handler(InlineQueryHandler(self._on_inline))
        application.add_handler(ChatMemberHandler(self._on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
        application.add_error_handler(Unanswered(self._context).note)
        return application

    async def _publish_commands(self) -> None:
        """Telegram's command menu, names and words in both languages; Vietnamese for all others.

        Admin chats see theirs too.
        """
        readers = [command for command in COMMANDS if not command.admin]
        scopes: list[tuple[telegram.BotCommandScope, Sequence[ChatCommand]]] = [
            (telegram.BotCommandScopeDefault(), readers)
        ]
        scopes += [(telegram.BotCommandScopeChat(chat), COMMANDS) for chat in sorted(self._context.admin_chats)]
        for scope, commands in scopes:
            for code in (None, *LANGUAGES):
                words = translator(code or LANGUAGES[0])
                menu = [_in_menu(each, words) for each in commands[:MOST_IN_MENU]]
                try:
                    await self._bot.set_my_commands(menu, scope=scope, language_code=code)
                except error.TelegramError as failure:  # the menu is a comfort: the next start sets it
                    log.warning("command menu not set", scope=scope.to_dict(), why=words_of(failure, self._bot))
                    if isinstance(failure, error.BadRequest):  # an admin who never wrote to the bot
                        break
                    return

    # ------------------------------------------------ what came in

    def _admit(self, update: telegram.Update) -> bool:
        """Whether an update is for us, and no part of a storm but its first: others fill no queue of their chat."""
        query, message = update.callback_query, update.effective_message
        if query is not None:
            if query.message is None or not query.data:
                return True
            return self._counts(update, self._context.presses, self._pressed(query, query.message), self._clock())
        if message is None or message.migrate_to_chat_id or message.migrate_from_chat_id:
            return True
        if message.is_automatic_forward:  # the linked channel's post was answered in the channel
            return False
        said, private = self._said(message), kind_of(message.chat) is ChatKind.PRIVATE
        if said is None:
            told = private and update.message is not None
            asks = bool(
                (told and (words_of_message(message) or message.effective_attachment)) or self._form_of(message)
            )
        else:
            asks = said.is_for(self._bot.username) and (private or said.name in BY_NAME)
        at = self._written_at(message)
        return asks and self._counts(update, self._context.commands, self._request_of(message), at)

    def _counts(self, update: telegram.Update, storms: Storms, request: Request, at: datetime) -> bool:
        turn = storms.turn(request.address.chat_id, request.person, at)
        if turn is not Turn.DROP:
            self._turns[update.update_id] = turn
        return turn is not Turn.DROP

    async def _on_message(self, update: telegram.Update, _context: object) -> None:
        message = update.effective_message
        if message is None:
            return
        if message.migrate_to_chat_id:
            await chat_moved(self._context, message.chat.id, message.migrate_to_chat_id)
        elif message.migrate_from_chat_id:
            await chat_moved(self._context, message.migrate_from_chat_id, message.chat.id)
        elif not self._is_answered(message):
            await self._on_words(update, message)

    async def _on_words(self, update: telegram.Update, message: telegram.Message) -> None:
        request = self._request_of(message)
        if (form := self._form_of(message)) and self._said(message) is None and is_admin_chat(self._context, request):
            if await self._has_turn(update, request):
                await self._take_form(form, replace(request, argument=(message.text or "").strip()))
            return
        if not await self._has_turn(update, request):
            return
        private, said, text = request.kind is ChatKind.PRIVATE, self._said(message), words_of_message(message)
        if said is None:
            if private and text:
                await self._answer_text(replace(request, argument=text[:MOST_TYPED]))
            elif private:
                await self._answer_attachment(request)
            return
        command = BY_NAME.get(said.name)
        request = await with_chat(self._context, request)
        if is_barred(request) and not is_admin_chat(self._context, request):
            return
        if command is None or (command.admin and not is_admin_chat(self._context, request)):
            if private:
                await request.reply(request.gettext("I do not know /{name}. All commands: /help", name=said.name[:40]))
        elif len(said.argument) > command.most_typed:
            await request.reply(request.gettext("That is too long: at most {n} characters.", n=command.most_typed))
        else:
            await self._carry_out(command, replace(request, argument=said.argument))

    def _said(self, message: telegram.Message) -> TypedCommand | None:
        """The command in a message or under a photo, if it begins with one."""
        found = _COMMAND.match(as_command(words_of_message(message), BY_NAME))
        return found and TypedCommand(found[1].casefold(), found[2] or "", (found[3] or "").strip())

    def _is_answered(self, message: telegram.Message) -> bool:
        """Whether these very words were answered: an edit may change what nobody sees, and an album comes in parts."""
        part = ("album", message.media_group_id) if message.media_group_id else ("message", message.message_id)
        key, text = (message.chat.id, *part), words_of_message(message)
        known = self._answered.get(key)
        if known is None or text:
            self._answered[key] = text
        if len(self._answered) > MOST_REMEMBERED:
            del self._answered[next(iter(self._answered))]
        return known is not None and text in ("", known)

    def _form_of(self, message: telegram.Message) -> str:
        """The first line of the bot's own message that this one replies to, where that is a form to be filled in."""
        asked = message.reply_to_message
        if asked is None or asked.from_user is None or asked.from_user.id != self._bot.id:
            return ""
        first = (asked.text or "").split("\n", 1)[0]
        return first if first.startswith(edit_watch.FORM) else ""

    async def _take_form(self, form: str, request: Request) -> None:
        """What was sent in reply to a form, whole: it may be long, and its blanks count."""
        request = await with_chat(self._context, request)
        if not await may_operate(self._context, request):
            await refuse_change(request)
        else:
            await edit_watch.filled_in(self._context, request, form)

    def _written_at(self, message: telegram.Message) -> datetime:
        """When it was written: a backlog is no storm. A date that Telegram cannot mean counts as now."""
        now, at = self._clock(), message.edit_date or message.date
        return at if timedelta(0) <= now - at < FORGOTTEN_AFTER else now

    async def _has_turn(self, update: telegram.Update, request: Request) -> bool:
        """Whether this is not one too many; the first one too many is told so."""
        turn = self._turns.pop(update.update_id, Turn.ANSWER)  # no turn: an earlier process was asked
        if turn is Turn.TELL:
            log.info("too much at once", chat=request.address.chat_id, user=request.user_id)
            request = await with_chat(self._context, request)
            if not is_barred(request):
                await request.tell(request.words.gettext("That was too much at once. Please wait a few seconds."))
        return turn is Turn.ANSWER

    async def _answer_attachment(self, request: Request) -> None:
        request = await with_chat(self._context, request)
        if not is_barred(request):
            await request.reply(
                request.gettext(
                    "I can only read words: send me a name, for example Putin, or the link of an article. "
                    "All commands: /help"
                )
            )

    async def _carry_out(self, command: ChatCommand, request: Request) -> None:
        try:
            if not command.strangers and await let_in(self._context, request) is None:
                await turn_away(self._context, request)
            elif not await self._is_allowed(command, request):
                await refuse_change(request)
            else:
                await command.answer(self._context, request)
        except MustWait:
            await _ask_again(request)

    async def _is_allowed(self, command: ChatCommand, request: Request) -> bool:
        if command.admin:
            return await may_operate(self._context, request)
        return not command.changes or await may_change(self._context, request)

    async def _answer_text(self, request: Request) -> None:
        request = await with_chat(self._context, request)
        if is_barred(request):
            return
        if await let_in(self._context, request) is None:
            await turn_away(self._context, request)
        elif is_address(request.argument):
            await missed(self._context, request)
        else:
            await search(self._context, request)

    async def _on_press(self, update: telegram.Update, _context: object) -> None:
        query = update.callback_query
        if query is None:
            return
        if query.message is None or not query.data:  # of a message that went elsewhere, or a game: none of ours
            if await self._context.answers.may_call(query.from_user.id):
                await self._bot.answer_callback_query(query.id)
            return
        request = self._pressed(query, query.message)
        if not await self._has_turn(update, request):
            return
        action, _, argument = clean(query.data).partition(":")
        request = replace(await with_chat(self._context, request), argument=argument)
        try:
            await self._carry_out_press(PRESSES.get(action), request)
        except Exception:
            with suppress(error.TelegramError):
                await request.popup()  # a button must not seem to hang because of what is logged here
            raise

    def _pressed(self, query: telegram.CallbackQuery, message: telegram.MaybeInaccessibleMessage) -> Request:
        return Request(
            bot=self._bot,
            answers=self._context.answers,
            address=place_of(message),
            kind=kind_of(message.chat),
            title=title_of(message.chat),
            lang=language_of(query.from_user),
            user_id=query.from_user.id,
            speaks_for_chat=False,
            message_id=message.message_id,
            query_id=query.id,
            shown_text=clean((message.text or "") if isinstance(message, telegram.Message) else ""),
            buttons=keyboard_of(message),
            speaker=name_of(query.from_user, message.chat),
        )

    async def _carry_out_press(self, press: Press | None, request: Request) -> None:
        shared = press is not None and (press.changes or (press.redraws and request.kind is ChatKind.CHANNEL))
        try:
            if press is None or is_barred(request) or await let_in(self._context, request) is None:
                await request.popup()
            elif shared and not await may_change(self._context, request):
                await refuse_change(request)
            elif press.admin and not is_admin_chat(self._context, request):
                await request.popup()
            elif press.admin and not await may_operate(self._context, request):
                await refuse_change(request)
            else:
                await press.answer(self._context, request)
        except MustWait:
            await _ask_again(request)

    async def _on_inline(self, update: telegram.Update, _context: object) -> None:
        if update.inline_query is not None:
            await answer_inline(self._context, update.inline_query)

    async def _on_membership(self, update: telegram.Update, _context: object) -> None:
        if update.my_chat_member is not None:
            await membership_changed(self._context, update.my_chat_member)

    def _request_of(self, message: telegram.Message) -> Request:
        sender = message.sender_chat
        return Request(
            bot=self._bot,
            answers=self._context.answers,
            address=place_of(message),
            kind=kind_of(message.chat),
            title=title_of(message.chat),
            lang=language_of(message.from_user),
            user_id=message.from_user.id if message.from_user else None,
            # a channel's post, or an administrator of a group who stays anonymous
            speaks_for_chat=sender is not None and sender.id == message.chat.id,
            message_id=message.message_id,
            reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
            replied_text=clean(link_or_words(message.reply_to_message))[:MOST_TYPED],
            speaker=name_of(message.from_user, sender),
            replied_links=links_of(message.reply_to_message),
        )


async def _ask_again(request: Request) -> None:
    await request.tell(
        request.words.gettext(
            "Telegram made me wait here, so I could not see who administers this chat. Please try once more."
        )
    )


def _in_menu(command: ChatCommand, words: Translator) -> telegram.BotCommand:
    """A command as the menu shows it: by its Vietnamese name to those who read Vietnamese."""
    about = words.gettext(command.about)
    name = command.also if words.lang == "vi" else command.name
    return telegram.BotCommand(name, (about[:1].upper() + about[1:])[:MOST_DESCRIBED])
