"""One of several processes receives for the bot: what it wrote down is not its own any more once another one does."""

import asyncio

import pytest
import telegram

from monitor.bot.polling import UNHANDLED, Poller
from monitor.notify.telegram import build_bot, close_bot
from monitor.store.role_names import BOT
from monitor.store.transaction import Transaction, open_store
from tests.bot.house import MORNING, READER
from tests.bot_api import BotApi


async def no_pause(_: float) -> None:
    await asyncio.sleep(0)


@pytest.mark.parametrize("is_replaced", [False, True])
async def test_a_receiver_that_was_replaced_leaves_its_successors_row_alone(shared: str, is_replaced: bool) -> None:
    begun, free = asyncio.Event(), asyncio.Event()

    async def handle(_: telegram.Update) -> None:
        begun.set()
        await free.wait()

    async with BotApi() as api, await open_store(shared, worker="w1") as store:
        fence = await store.write(Transaction.keep_role, BOT, "w1")
        bot = build_bot(api.token, api.url)
        await bot.initialize()
        poller = Poller(bot, store, handle, admit=lambda _: True, clock=lambda: MORNING, pause=no_pause, fence=fence)
        task = asyncio.create_task(poller.run())
        api.push_message(READER, "/start")
        await begun.wait()
        if is_replaced:
            await store.write(Transaction.leave_role, BOT, "w1")
            await store.write(Transaction.keep_role, BOT, "w2")
        await store.write(Transaction.set_fact, UNHANDLED, "its successor's")
        task.cancel()
        await asyncio.wait((task,))
        kept = await store.read(Transaction.fact, UNHANDLED)
        assert (kept == "its successor's") is is_replaced, kept
        free.set()
        await close_bot(bot)
