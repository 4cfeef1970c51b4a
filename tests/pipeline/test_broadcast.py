"""A message to a thousand chats goes into the outbox in slices, between which alerts are written, on both databases."""

import asyncio
import time

from monitor.pipeline.broadcast import SLICE, broadcast_key, send_to_all
from monitor.store.transaction import Store, Transaction
from monitor.types import Address, AlertState, Chat, ChatKind
from tests.store_samples import NOW, alert

CHATS = 1_000


def subscribed(store: Store) -> None:
    with store.writing() as tx:
        for n in range(1, CHATS + 1):
            tx.save_chat(Chat(Address(n), ChatKind.PRIVATE))


async def test_a_thousand_chats_get_it_once_and_alerts_are_written_in_between(store: Store) -> None:
    subscribed(store)
    sending = asyncio.create_task(send_to_all(store, 5, "Bảo trì tối nay.", now=NOW))
    waits: list[float] = []
    while not sending.done():
        began = time.perf_counter()
        await store.write(Transaction.enqueue, [alert(f"tin:{len(waits)}", Address(1))], now=NOW)
        waits.append(time.perf_counter() - began)
    assert await sending == CHATS
    assert len(waits) >= CHATS // SLICE, "alerts did not wait for all slices"
    assert await send_to_all(store, 5, "Bảo trì tối nay.", now=NOW) == 0, "a second yes"
    assert await store.read(Transaction.broadcast_counts, broadcast_key(5)) == {AlertState.PENDING: CHATS}


async def test_stopped_it_leaves_other_rows_alone(store: Store) -> None:
    subscribed(store)
    await send_to_all(store, 5, "Bảo trì tối nay.", now=NOW)
    await send_to_all(store, 6, "Đã xong.", now=NOW)
    assert await store.write(Transaction.stop_broadcast, broadcast_key(5), why="stopped", now=NOW) == CHATS
    assert await store.write(Transaction.stop_broadcast, broadcast_key(5), why="stopped", now=NOW) == 0
    assert await store.read(Transaction.broadcast_counts, broadcast_key(6)) == {AlertState.PENDING: CHATS}
