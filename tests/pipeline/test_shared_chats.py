"""Several workers and the receiver at once: in each chat one message at a time, after its rest, in order."""

import asyncio
import random
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from monitor.pipeline.answers import Answers
from monitor.pipeline.compose import Composer
from monitor.pipeline.deliver import Deliver
from monitor.pipeline.pace import Pace
from monitor.pipeline.shared_pace import SharedWaits
from monitor.store.transaction import Store, Transaction, open_store
from monitor.types import Address, AlertKind, AlertState, ChatKind, Message, NewAlert, Outcome, Priority
from tests.fakes_sender import FakeSender
from tests.store_samples import alert, chat

CHATS = [Address(100 + number) for number in range(4)]
NEWS = 8  # of each chat
ANSWERS = 8
PACE = Pace(per_second=10_000, private=timedelta(milliseconds=60))
SOON = timedelta(milliseconds=2)  # a rest begins when the outcome is written, and ends by the database's clock


class Wire(FakeSender):
    """Telegram's side: when each message to each chat was on its way."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[int, list[tuple[float, float, str]]] = defaultdict(list)

    async def send(self, message: Message) -> Outcome:
        began = asyncio.get_running_loop().time()
        await asyncio.sleep(random.random() * 0.02)
        ended = asyncio.get_running_loop().time()
        self.seen[message.address.chat_id].append((began, ended, message.html))
        return await super().send(message)


def now() -> datetime:
    return datetime.now(UTC)


def words(chat_address: Address, number: int) -> NewAlert:
    draft = alert(f"news:{number}", chat_address, kind=AlertKind.NOTICE)
    return replace(draft, text=f"tin {number}", watch_ids=(), priority=Priority.NORMAL)


@pytest.mark.slow
async def test_workers_that_deliver_and_answer_at_once_send_one_message_at_a_time_to_a_chat_in_order(
    shared: str,
) -> None:
    wire = Wire()

    async def deliver(store: Store) -> None:
        waits = SharedWaits(PACE, store, clock=now)
        composer = Composer(store, watches=dict, zone=ZoneInfo("Asia/Ho_Chi_Minh"))
        work = Deliver(store, wire, composer, clock=now, waits=waits)
        while True:
            for chat_id in random.sample(CHATS, len(CHATS)):
                for claimed in await work.claim(limit=1, chat_id=chat_id.chat_id):
                    await work.deliver(claimed)
            await asyncio.sleep(0.005)

    async def answer(store: Store) -> None:
        answers = Answers(store, wire, SharedWaits(PACE, store, clock=now), clock=now)
        for number in range(ANSWERS):
            for address in CHATS:
                await answers.say(Message(address, f"đáp {number}"), ChatKind.PRIVATE, asked=number)

    async def is_done(store: Store) -> None:
        while True:
            counts = await store.read(Transaction.queue_counts)
            if not counts[AlertState.PENDING] and not counts[AlertState.SENDING]:
                return
            await asyncio.sleep(0.05)

    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(await open_store(shared, worker=name)) for name in "abcd"]
        for address in CHATS:
            await stores[0].write(Transaction.save_chat, chat(address))
            for number in range(NEWS):
                await stores[0].write(Transaction.enqueue, [words(address, number)], now=now())
        workers = [asyncio.create_task(deliver(store)) for store in stores[1:]]
        try:
            async with asyncio.timeout(60):
                await answer(stores[0])
                await is_done(stores[0])
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
    for address in CHATS:
        mine = sorted(wire.seen[address.chat_id])
        rests = [begin - end for (_, end, _), (begin, _, _) in pairwise(mine)]
        assert min(rests) >= (PACE.private - SOON).total_seconds()
        told = [html for _, _, html in mine]
        assert [html for html in told if "tin" in html] == [f"tin {number}" for number in range(NEWS)]
        assert [html for html in told if "đáp" in html] == [f"đáp {number}" for number in range(ANSWERS)]
