"""The conversation: who answers an update (bot/commands.py), and what becomes of an answer that fails.

Leaves polling to bot/polling.py, sending alerts to deliver.py, and the bot's connections to whoever built the bot.
python-telegram-bot's Application hands updates to their handlers, without JobQueue and persistence: the database is
the truth.
"""

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
import telegram
from telegram import error
from telegram.ext import Application, CallbackQueryHandler, ChatMemberHandler, MessageHandler, filters

from monitor.bot.access import (
    chat_moved,
    is_barred,
    is_operator,
    let_in,
    may_change,
    membership_changed,
    turn_away,
    with_chat,
)
from monitor.bot.chat_request import Request, keyboard_of, kind_of, language_of, place_of, title_of
from monitor.bot.commands import BY_NAME, COMMANDS, PRESSES, ChatCommand
from monitor.bot.context import BotContext
from monitor.bot.follow import search
from monitor.bot.polling import Pause, Poller, asked_for, words_of
from monitor.bot.welcome import refuse_change
from monitor.i18n import LANGUAGES, translator
from monitor.types import ChatKind

_COMMAND = re.compile(r"/(\w{1,64})(?:@(\w+))?(?:\s+(.*))?\Z", re.DOTALL)
_Application = Application[Any, Any, Any, Any, Any, Any]

log = structlog.get_logger(__name__)


class BotService:
    """Commands and conversations. `run` lives in the service's TaskGroup; `pause` waits between failed polls."""

    def __init__(self, context: BotContext, *, pause: Pause = asyncio.sleep) -> None:
        self._context = context
        self._bot = context.bot
        self._clock = context.clock
        self._pause = pause

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
        request = await with_chat(self._context, _request_of(self._bot, message))
        said = _COMMAND.match(text)
        if said is None:
            if request.kind is ChatKind.PRIVATE and text and not is_barred(request):
                await self._answer_text(replace(request, argument=text))
            return
        name, meant_for, argument = said[1].casefold(), said[2], (said[3] or "").strip()
        if meant_for and meant_for.casefold() != self._bot.username.casefold():
            return
        command = BY_NAME.get(name)
        if is_barred(request) and not is_operator(self._context, request):
            return
        if command is None or (command.admin and not is_operator(self._context, request)):
            if request.kind is ChatKind.PRIVATE:
                await request.reply(request.gettext("I do not know /{name}. All commands: /help", name=name[:40]))
            return
        await self._carry_out(command, replace(request, argument=argument))

    async def _carry_out(self, command: ChatCommand, request: Request) -> None:
        if not command.strangers and await let_in(self._context, request) is None:
            await turn_away(self._context, request)
        elif command.changes and not await may_change(self._context, request):
            await refuse_change(request)
        else:
            await command.answer(self._context, request)

    async def _answer_text(self, request: Request) -> None:
        if await let_in(self._context, request) is None:
            await turn_away(self._context, request)
        else:
            await search(self._context, request)

    async def _on_press(self, update: telegram.Update, _context: object) -> None:
        query = update.callback_query
        if query is None or query.message is None or not query.data:
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
        )
        action, _, argument = query.data.partition(":")
        request = replace(await with_chat(self._context, request), argument=argument)
        press = PRESSES.get(action)
        if press is None or is_barred(request) or await let_in(self._context, request) is None:
            await request.popup()
        elif press.changes and not await may_change(self._context, request):
            await refuse_change(request)
        else:
            await press.answer(self._context, request)

    async def _on_membership(self, update: telegram.Update, _context: object) -> None:
        if update.my_chat_member is not None:
            await membership_changed(self._context, update.my_chat_member)

    # ------------------------------------------------ what went wrong

    async def _on_error(self, update: object, context: Any) -> None:
        """One update failed; the rest goes on. What Telegram says about a chat is kept, as the sender does."""
        failure: Exception = context.error
        chat = update.effective_chat if isinstance(update, telegram.Update) else None
        where = {"chat": chat.id if chat else None, "update": getattr(update, "update_id", None)}
        match failure:
            case error.Forbidden() if chat is not None:
                async with self._context.store.begin() as tx:
                    await tx.lose_chat(chat.id)
            case error.ChatMigrated() if chat is not None:
                await chat_moved(self._context, chat.id, failure.new_chat_id)
            case error.RetryAfter() if chat is not None:
                until = self._clock() + timedelta(seconds=asked_for(failure) or 0)
                async with self._context.store.begin() as tx:
                    await tx.hold_chat(chat.id, until)
            case error.TelegramError():
                pass
            case _:
                log.error("update not answered", **where, exc_info=failure)
                if isinstance(update, telegram.Update) and chat is not None and chat.type == chat.PRIVATE:
                    words = translator(language_of(update.effective_user))  # the store may be what is broken
                    await self._apologise(chat.id, words.gettext("Something went wrong here. Please try again later."))
                return
        log.warning("answer not delivered", **where, why=words_of(failure, self._bot))

    async def _apologise(self, chat_id: int, text: str) -> None:
        try:
            await self._bot.send_message(chat_id, text)
        except error.TelegramError as failure:
            log.warning("answer not delivered", chat=chat_id, why=words_of(failure, self._bot))


def _request_of(bot: telegram.Bot, message: telegram.Message) -> Request:
    sender = message.sender_chat
    return Request(
        bot=bot,
        address=place_of(message),
        kind=kind_of(message.chat),
        title=title_of(message.chat),
        lang=language_of(message.from_user),
        user_id=message.from_user.id if message.from_user else None,
        # a channel's post, or an administrator of a group who stays anonymous
        speaks_for_chat=sender is not None and sender.id == message.chat.id,
        message_id=message.message_id,
        reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
    )


def _described(command: ChatCommand, lang: str) -> str:
    about = translator(lang).gettext(command.about)
    about = about[:1].upper() + about[1:]
    return f"{about} (/{command.also})" if lang == "vi" else about
