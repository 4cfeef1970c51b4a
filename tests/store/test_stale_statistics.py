"""PostgreSQL's statistics are of a calmer time whenever much waits: no claim may become dear by what they say."""

import time
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import update

from monitor.store.tables import alerts
from monitor.store.transaction import open_store
from monitor.types import Address, AlertKind, DedupeKey, NewAlert
from tests.databases import Cluster
from tests.store_samples import MINUTE, NOW, chat

CHATS = 1_000
SENT = 5  # in each chat, before
WITHIN = 2.0  # seconds; it took 5 and more where the outbox was joined with itself, and takes 0.05


@pytest.mark.slow
@pytest.mark.parametrize(("in_bulk", "is_known"), [(False, True), (True, True), (False, False)])
async def test_a_claim_is_quick_although_the_statistics_say_that_nothing_waits(
    postgresql: Cluster, in_bulk: bool, is_known: bool
) -> None:
    url = postgresql.new_database("migrated")
    try:
        async with await open_store(url) as store:
            with store.writing() as tx:
                for number in range(CHATS):
                    tx.save_chat(chat(Address(number + 1)))
                for story in range(SENT):
                    tx.enqueue(notices(f"sent-{story}"), now=NOW)
                tx._change(update(alerts).values(state="sent"))
            if is_known:
                with psycopg.connect(url, autocommit=True) as connection:
                    connection.execute("VACUUM ANALYZE")
            with store.writing() as tx:
                tx.enqueue(notices("waiting"), now=NOW, in_bulk=in_bulk)
            began = time.perf_counter()
            with store.writing() as tx:
                claimed = tx.claim_alerts(now=NOW + timedelta(seconds=1), lease=MINUTE, limit=4)
            with store.reading() as tx:
                due = tx.due_chats(now=NOW + timedelta(seconds=1), limit=4)
            took = time.perf_counter() - began
    finally:
        postgresql.drop(url)
    assert [alert.address.chat_id for alert in claimed] == [1, 2, 3, 4]
    assert due == [5, 6, 7, 8]
    assert took < WITHIN


def notices(key: str) -> list[NewAlert]:
    return [
        NewAlert(Address(number + 1), AlertKind.NOTICE, DedupeKey(key), text="Chào bạn.") for number in range(CHATS)
    ]
