"""The process dies before every step of what is enqueued chat by chat: a message to all, and the weekly reports."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from monitor.pipeline import broadcast
from monitor.pipeline.weekly_report import SendReports
from monitor.store.tables import alerts
from monitor.store.transaction import Store
from monitor.types import Address, Chat, ChatKind, Preferences
from tests.crashing import Crash, Fuse, crashing_store
from tests.flow import MORNING, ZONE, FakeClock
from tests.pipeline.test_crash import emptied

pytestmark = pytest.mark.slow

READERS = [Address(3000 + number) for number in range(5)]


def seat(store: Store) -> None:
    """Five chats, whose weekly report is due."""
    with store.writing() as tx:
        for address in READERS:
            tx.save_chat(Chat(address, ChatKind.PRIVATE, preferences=Preferences(weekly_report=True)))
            tx.plan_report(address, MORNING)


def rows_of(store: Store) -> Counter[int]:
    with store.reading() as tx:
        return Counter(row.chat_id for row in tx._rows(select(alerts.c.chat_id)))


async def broadcast_to_all(store: Store) -> None:
    await broadcast.send_to_all(store, 7, "Tối nay bot nghỉ một giờ", now=MORNING)


async def send_reports(store: Store) -> None:
    reports = SendReports(store, clock=FakeClock(MORNING + timedelta(seconds=1)), zone=ZONE)
    for due in await reports.claim(limit=10):
        await reports.send(due)


@pytest.mark.parametrize("work", [broadcast_to_all, send_reports])
async def test_a_crash_at_any_step_leaves_each_chat_one_row_when_it_is_done_again(
    store: Store, work: Callable[[Store], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcast, "SLICE", 2)
    fuse = Fuse()
    seat(store)
    await work(crashing_store(store, fuse))
    expected = Counter(address.chat_id for address in READERS)
    assert rows_of(store) == expected
    cut_off = 0
    for step in range(1, fuse.steps + 1):
        await emptied(store)
        seat(store)
        deadly = Fuse(left=step)
        with pytest.raises(Crash):
            await work(crashing_store(store, deadly))
        cut_off += 0 < rows_of(store).total() < len(READERS)
        await work(store)
        assert rows_of(store) == expected, f"step {step} of {fuse.steps}, {deadly.died_at}"
    assert cut_off, "no crash met it half done"
