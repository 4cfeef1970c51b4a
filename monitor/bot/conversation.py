"""The conversation: who answers an update (bot/commands.py), and what becomes of an answer that fails.

Leaves polling to bot/polling.py, sending alerts to deliver.py, and the bot's connections to whoever built the bot.
python-telegram-bot's Application hands updates to their handlers, without JobQueue and persistence: the database is
the truth.
"""

import asyncio
import logging
import re
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
import telegram
from telegram import error
from telegram.ext import Application, CallbackQueryHandler, ChatMemberHandler, MessageHandler, filters

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
    name_of,
    place_of,
    title_of,
)
from monitor.bot.commands import BY_NAME, COMMANDS, MOST_TYPED, PRESSES, ChatCommand, Press
from monitor.bot.context import BotContext
from monitor.bot.follow import search
from monitor.bot.late_answers import LateAnswers
from monitor.bot.missed_news import missed
from monitor.bot.polling import Pause, Poller, asked_for, words_of
from monitor.bot.storms import Storms, Turn
from monitor.bot.typed_commands import as_command
from monitor.bot.welcome import refuse_change
from monitor.errors import MonitorError, StoreError
from monitor.i18n import LANGUAGES, translator
from monitor.notify.html import clean
from monitor.pipeline.admin_notices import tell_admins
from monitor.pipeline.ask_missed import is_address
from monitor.pipeline.dedupe_keys import notice_key
from monitor.store.transaction import Transaction
from monitor.types import ChatKind

_COMMAND = re.compile(r"/(\w{1,64})(?:@(\w+))?(?:\s+(.*))?\Z", re.DOTALL)
_Application = Application[Any, Any, Any, Any, Any, Any]

FORGOTTEN_AFTER = timedelta(days=1)  # Telegram keeps no update longer: core.telegram.org/bots/api#getting-updates

log = structlog.get_logger(__name__)


class BotService:
    """Commands and conversations. `run` lives in the service's TaskGroup; `pause` waits between failed polls."""

    def __init__(self, context: BotContext, *, pause: Pause = asyncio.sleep) -> None:
        self._context = context
        self._bot = context.bot
        self._clock = context.clock
        self._pause = pause
        self._late = LateAnswers(context.store, context.clock)

    async def run(self) -> None:
        """Answer until cancelled; an update is confirmed to Telegram only after it was handled.

        Raises SenderBroken when Telegram refuses the token, or another program polls with it for two minutes.
        """
        for chatty in ("httpx", "httpcore"):  # they log URLs, and Telegram's URLs hold the token
            logging.getLogger(chatty).setLevel(logging.WARNING)
        application = self._application()
        poller = Poller(self._bot, application.process_update, clock=self._clock, pause=self._pause)
        await poller.reach(application.initialize)
        await self._publish_commands()
        log.info("bot listens", username=self._bot.username)
        await poller.run()

    def _application(self) -> _Application:
        application = Application.builder().bot(self._bot).updater(None).job_queue(None).build()
        said = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST
        application.add_handler(MessageHandler(said, self._on_message))
        application.add_handler(CallbackQueryHandler(self._on_press))
        application.add_handler(ChatMemberHandler(self._on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
        application.add_error_handler(self._on_error)
        return application

    async def _publish_commands(self) -> None:
        """Telegram's command menu, in both languages; Vietnamese for all others. Admin chats see theirs too."""
        readers = [command for command in COMMANDS if not command.admin]
        scopes: list[tuple[telegram.BotCommandScope, Sequence[ChatCommand]]] = [
            (telegram.BotCommandScopeDefault(), readers)
        ]
        scopes += [(telegram.BotCommandScopeChat(chat), COMMANDS) for chat in sorted(self._context.admin_chats)]
        for scope, commands in scopes:
            for code in (None, *LANGUAGES):
                words = translator(code or LANGUAGES[0])
                menu = [telegram.BotCommand(each.name, _described(each, words.lang)) for each in commands]
                try:
                    await self._bot.set_my_commands(menu, scope=scope, language_code=code)
                except error.TelegramError as failure:  # the menu is a comfort: the next start sets it
                    log.warning("command menu not set", scope=scope.to_dict(), why=words_of(failure, self._bot))
                    if isinstance(failure, error.BadRequest):  # an admin who never wrote to the bot
                        break
                    return

    # ------------------------------------------------ what came in

    async def _on_message(self, update: telegram.Update, _context: object) -> None:
        message = update.effective_message
        if message is None or message.is_automatic_forward:  # the linked channel's post was answered in the channel
            return
        if message.migrate_to_chat_id:
            await chat_moved(self._context, message.chat.id, message.migrate_to_chat_id)
        elif message.migrate_from_chat_id:
            await chat_moved(self._context, message.migrate_from_chat_id, message.chat.id)
        elif message.text:
            await self._on_text(message, message.text.strip())

    async def _on_text(self, message: telegram.Message, text: str) -> None:
        request = self._request_of(message)
        private = request.kind is ChatKind.PRIVATE
        said = _COMMAND.match(as_command(clean(text), BY_NAME))
        if said is None and (form := self._form_of(message)) and is_admin_chat(self._context, request):
            if await self._has_turn(self._context.commands, request, self._written_at(message)):
                await self._take_form(form, replace(request, argument=text))
            return
        if said is None:
            if private and text and await self._has_turn(self._context.commands, request, self._written_at(message)):
                await self._answer_text(replace(request, argument=clean(text)[:MOST_TYPED]))
            return
        name, meant_for, argument = said[1].casefold(), said[2], (said[3] or "").strip()
        if meant_for and meant_for.casefold() != self._bot.username.casefold():
            return
        command = BY_NAME.get(name)
        if (command is None and not private) or not await self._has_turn(
            self._context.commands, request, self._written_at(message)
        ):
            return
        request = await with_chat(self._context, request)
        if is_barred(request) and not is_admin_chat(self._context, request):
            return
        if command is None or (command.admin and not is_admin_chat(self._context, request)):
            if private:
                await request.reply(request.gettext("I do not know /{name}. All commands: /help", name=name[:40]))
        elif len(argument) > command.most_typed:
            await request.reply(request.gettext("That is too long: at most {n} characters.", n=command.most_typed))
        else:
            await self._carry_out(command, replace(request, argument=argument))

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
        now = self._clock()
        return message.date if timedelta(0) <= now - message.date < FORGOTTEN_AFTER else now

    async def _has_turn(self, storms: Storms, request: Request, at: datetime) -> bool:
        """Whether this is not one too many; the first one too many is told so."""
        turn = storms.turn(request.address.chat_id, request.person, at)
        if turn is Turn.TELL:
            log.info("too much at once", chat=request.address.chat_id, user=request.user_id)
            request = await with_chat(self._context, request)
            if not is_barred(request):
                await request.tell(request.words.gettext("That was too much at once. Please wait a few seconds."))
        return turn is Turn.ANSWER

    async def _carry_out(self, command: ChatCommand, request: Request) -> None:
        if not command.strangers and await let_in(self._context, request) is None:
            await turn_away(self._context, request)
        elif not await self._is_allowed(command, request):
            await refuse_change(request)
        else:
            await command.answer(self._context, request)

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
            await self._bot.answer_callback_query(query.id)
            return
        message = query.message
        request = Request(
            bot=self._bot,
            address=place_of(message),
            kind=kind_of(message.chat),
            title=title_of(message.chat),
            lang=language_of(query.from_user),
            user_id=query.from_user.id,
            speaks_for_chat=False,
            message_id=message.message_id,
            query_id=query.id,
            buttons=keyboard_of(message),
            keep=self._late.keep,
            speaker=name_of(query.from_user, message.chat),
        )
        if not await self._has_turn(self._context.presses, request, self._clock()):
            return
        action, _, argument = clean(query.data).partition(":")
        request = replace(await with_chat(self._context, request), argument=argument)
        try:
            await self._carry_out_press(PRESSES.get(action), request)
        except Exception:
            with suppress(error.TelegramError):
                await request.popup()  # a button must not seem to hang because of what is logged here
            raise

    async def _carry_out_press(self, press: Press | None, request: Request) -> None:
        shared = press is not None and (press.changes or (press.redraws and request.kind is ChatKind.CHANNEL))
        if press is None or is_barred(request) or await let_in(self._context, request) is None:
            await request.popup()
        elif shared and not await may_change(self._context, request):
            await refuse_change(request)
        elif request.held:
            await request.tell(request.words.gettext("Telegram makes me wait here. Please press again in a minute."))
        else:
            await press.answer(self._context, request)

    async def _on_membership(self, update: telegram.Update, _context: object) -> None:
        if update.my_chat_member is not None:
            await membership_changed(self._context, update.my_chat_member)

    def _request_of(self, message: telegram.Message) -> Request:
        sender = message.sender_chat
        return Request(
            bot=self._bot,
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
            keep=self._late.keep,
            speaker=name_of(message.from_user, sender),
        )

    # ------------------------------------------------ what went wrong

    async def _on_error(self, update: object, context: Any) -> None:
        """One update failed; the rest goes on. What Telegram says about a chat is kept, as the sender does."""
        failure: Exception = context.error
        chat = update.effective_chat if isinstance(update, telegram.Update) else None
        where = {"chat": chat.id if chat else None, "update": getattr(update, "update_id", None)}
        match failure:
            case error.Forbidden() if chat is not None:
                await self._context.store.write(Transaction.lose_chat, chat.id)
            case error.ChatMigrated() if chat is not None:
                await chat_moved(self._context, chat.id, failure.new_chat_id)
            case error.RetryAfter() if chat is not None:
                until = self._clock() + timedelta(seconds=asked_for(failure) or 0)
                await self._context.store.write(Transaction.hold_chat, chat.id, until)
            case error.TelegramError():
                pass
            case _:
                log.error("update not answered", **where, **without_words(failure))
                await self._tell_admins(failure)
                if isinstance(update, telegram.Update) and chat is not None and chat.type == chat.PRIVATE:
                    words = translator(language_of(update.effective_user))  # the store may be what is broken
                    await self._apologise(chat.id, words.gettext("Something went wrong here. Please try again later."))
                return
        log.warning("answer not delivered", **where, why=words_of(failure, self._bot))

    async def _tell_admins(self, failure: Exception) -> None:
        """Admins hear of each kind of fault once a day; of the database's own trouble /healthz tells."""
        if isinstance(failure, MonitorError):
            return
        now, call = self._clock(), traceback.extract_tb(failure.__traceback__)[-1]
        place = f"{type(failure).__name__} at {call.filename.rpartition('/')[2]}:{call.lineno}"
        try:
            await self._context.store.write(
                tell_admins,
                self._context.admin_chats,
                lambda _: _.gettext("⚠️ A message or button could not be answered: {place}. See the log.", place=place),
                dedupe_key=notice_key("update", place, f"{now:%Y%m%d}"),
                now=now,
            )
        except StoreError as trouble:
            log.warning("admins not told", why=str(trouble))

    async def _apologise(self, chat_id: int, text: str) -> None:
        try:
            await self._bot.send_message(chat_id, text)
        except error.TelegramError as failure:
            log.warning("answer not delivered", chat=chat_id, why=words_of(failure, self._bot))


def _described(command: ChatCommand, lang: str) -> str:
    about = translator(lang).gettext(command.about)
    about = about[:1].upper() + about[1:]
    return f"{about} (/{command.also})" if lang == "vi" else about


def without_words(failure: Exception) -> dict[str, object]:
    """What the log may have of a bug: where it is and of what kind. Its message may hold what a reader wrote."""
    calls = traceback.extract_tb(failure.__traceback__)
    facts: dict[str, object] = {
        "failure": type(failure).__name__,
        "calls": [f"{call.filename}:{call.lineno} {call.name}" for call in calls],
    }
    return facts | ({"why": str(failure)} if isinstance(failure, MonitorError) else {})
