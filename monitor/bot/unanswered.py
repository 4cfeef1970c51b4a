"""An update that was not answered: what Telegram says of its chat is kept, a fault of ours is told to administrators.

Leaves alone who answers what (bot/conversation.py).
"""

import traceback
from contextlib import suppress
from typing import Any
from uuid import uuid4

import structlog
import telegram
from telegram import error

from monitor.bot.access import chat_moved
from monitor.bot.chat_request import asked_for, language_of, plain
from monitor.bot.context import BotContext
from monitor.bot.polling import words_of
from monitor.errors import MonitorError, StoreError
from monitor.i18n import translator
from monitor.pipeline.admin_notices import tell_admins
from monitor.pipeline.dedupe_keys import notice_key
from monitor.store.transaction import Transaction
from monitor.types import Address, ChatKind, Message

log = structlog.get_logger(__name__)


class Unanswered:
    """The error handler of the conversation."""

    def __init__(self, context: BotContext) -> None:
        self._context = context
        self._bot = context.bot
        self._clock = context.clock

    async def note(self, update: object, context: Any) -> None:
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
                await self._context.answers.flooded(chat.id, asked_for(failure))
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
            await self._context.answers.say(Message(Address(chat_id), plain(text)), ChatKind.PRIVATE, asked=uuid4())
        except StoreError:  # which chats must be left alone, nobody can tell now
            with suppress(error.TelegramError):
                await self._bot.send_message(chat_id, text)


def without_words(failure: Exception) -> dict[str, object]:
    """What the log may have of a bug: where it is and of what kind. Its message may hold what a reader wrote."""
    calls = traceback.extract_tb(failure.__traceback__)
    facts: dict[str, object] = {
        "failure": type(failure).__name__,
        "calls": [f"{call.filename}:{call.lineno} {call.name}" for call in calls],
    }
    return facts | ({"why": str(failure)} if isinstance(failure, MonitorError) else {})
