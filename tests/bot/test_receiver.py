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


async def test_what_came_while_a_receiver_stood_still_waits_until_it_surely_receives_again(shared: str) -> None:
    handled: list[int] = []
    receives, looked = False, asyncio.Event()

    async def handle(update: telegram.Update) -> None:
        handled.append(update.update_id)

    async def pause(_: float) -> None:
        looked.set()
        await asyncio.sleep(0)

    async with BotApi() as api, await open_store(shared, worker="w1") as store:
        bot = build_bot(api.token, api.url)
        await bot.initialize()
        poller = Poller(
            bot, store, handle, admit=lambda _: True, clock=lambda: MORNING, pause=pause, receives=lambda: receives
        )
        api.push_message(READER, "/start")
        task = asyncio.create_task(poller.run())
        await asyncio.wait_for(looked.wait(), 20)
        assert handled == [], "another one may have it"
        receives = True
        async with asyncio.timeout(20):
            while not handled:  # noqa: ASYNC110 - the poller tells nobody
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait((task,))
        assert len(handled) == 1
        await close_bot(bot)
