"""One chat's row, and changes of what it prefers: each in one transaction with what follows for news that waits.

Shows nothing; the pages are digest_settings.py's, settings_menu.py's and outlet_settings.py's.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.bot.chat_request import Request
from monitor.bot.context import BotContext
from monitor.notify.digest_layout import Occasion
from monitor.pipeline.digest import prefer, resume, tell_together
from monitor.pipeline.gathering import next_report, regathered, zone_of
from monitor.store.transaction import Transaction
from monitor.types import Chat, ChatState, Preferences


def new_chat(request: Request, now: datetime) -> Chat:
    """The row of a chat that has none yet."""
    return Chat(request.address, request.kind, request.title, request.lang, joined_at=now)


async def chat_here(context: BotContext, request: Request) -> Chat:
    """The chat as it stands."""
    chat = await context.store.read(Transaction.chat, request.address)
    return chat or new_chat(request, context.clock())


async def change_preferences(
    context: BotContext, request: Request, change: Callable[[Preferences], Preferences]
) -> Chat:
    """Give the chat other preferences; the chat as it stands then."""
    now = context.clock()

    def write(tx: Transaction) -> Chat:
        chat = tx.locked_chat(request.address) or new_chat(request, now)
        wishes = change(chat.preferences)
        changed = prefer(tx, chat, wishes, zone=context.timezone, now=now)
        tx.plan_report(request.address, next_report(wishes, zone_of(wishes, context.timezone), now))
        return changed

    return await context.store.write(write)


async def change_language(context: BotContext, request: Request, lang: str) -> Chat:
    """Speak to the chat in another language; the chat as it stands then."""
    now = context.clock()

    def write(tx: Transaction) -> Chat:
        chat = replace(tx.locked_chat(request.address) or new_chat(request, now), lang=lang)
        tx.save_chat(chat)
        return chat

    return await context.store.write(write)


async def pause_until(context: BotContext, request: Request, until: datetime | None) -> None:
    """Silence until then; None: until somebody ends it."""
    now = context.clock()

    def write(tx: Transaction) -> None:
        chat = tx.locked_chat(request.address) or new_chat(request, now)
        paused = replace(chat, state=ChatState.PAUSED, paused_until=until)
        tx.save_chat(regathered(paused, context.timezone, now))

    await context.store.write(write)


async def end_pause(context: BotContext, request: Request) -> int:
    """News again; what was missed comes as one digest. How many stories that is."""
    now = context.clock()

    def write(tx: Transaction) -> int:
        chat = tx.locked_chat(request.address) or new_chat(request, now)
        if chat.state is not ChatState.PAUSED:
            tx.save_chat(chat)
            return 0
        return resume(tx, chat, zone=context.timezone, now=now, asked=True)

    return await context.store.write(write)


async def digest_now(context: BotContext, request: Request) -> int:
    """What waits comes as one digest at once; how many stories that is. The next hour stays."""
    now = context.clock()

    def write(tx: Transaction) -> int:
        chat = tx.locked_chat(request.address)
        return 0 if chat is None else tell_together(tx, chat, Occasion.NOW, at=now, now=now)

    return await context.store.write(write)


def zone_here(context: BotContext, chat: Chat) -> ZoneInfo:
    """The zone in which this chat reads times."""
    return zone_of(chat.preferences, context.timezone)
