"""More waits for a chat than can be sent there: one digest says so, and what is urgent comes by itself."""

from datetime import timedelta

import pytest

from monitor.pipeline.deliver import CROWD, CROWD_AFTER
from monitor.store.transaction import Store
from monitor.types import Address, AlertKind, ChatKind, NewAlert, Priority, WatchId
from tests.flow import READER, Flow
from tests.pipeline.flow_news import CALL, LEAD
from tests.store_samples import alert, enqueue, save_story

OTHER = Address(2002)


@pytest.fixture
async def flow(store: Store) -> Flow:
    flow = Flow(store)
    for address in (READER, OTHER):
        await flow.subscribe(address, "*", kind=ChatKind.GROUP)
    await flow.start()
    return flow


async def waiting(flow: Flow, number: int, *, priority: Priority = Priority.NORMAL, begin: int = 0) -> None:
    """That many stories wait for READER."""
    for each in range(begin, begin + number):
        story = await save_story(flow.store, f"bai-{each}", seen_at=flow.clock())
        key = alert(f"story:{story}").dedupe_key
        row = NewAlert(READER, AlertKind.ALERT, key, story_id=story, watch_ids=(WatchId("putin"),), priority=priority)
        await enqueue(flow.store, row, now=flow.clock())


async def test_a_crowd_that_has_waited_becomes_one_digest_that_says_why(flow: Flow) -> None:
    await waiting(flow, CROWD)
    flow.clock.turn(CROWD_AFTER + timedelta(seconds=1))
    await flow.send()
    (message,) = flow.phone.new
    assert message.html.count("• ") == CROWD
    assert "cùng lúc" in message.html


async def test_fewer_come_one_by_one(flow: Flow) -> None:
    await waiting(flow, CROWD - 1)
    flow.clock.turn(CROWD_AFTER + timedelta(seconds=1))
    for _ in range(CROWD):
        await flow.send()
    assert len(flow.phone.new) == CROWD - 1


async def test_a_crowd_that_has_just_come_gets_its_chance(flow: Flow) -> None:
    await waiting(flow, CROWD)
    (claimed,) = await flow.deliver.claim(limit=1)
    assert claimed.kind is AlertKind.ALERT


async def test_an_urgent_alert_in_a_crowd_comes_first_and_by_itself(flow: Flow) -> None:
    await waiting(flow, CROWD)
    await waiting(flow, 1, priority=Priority.HIGH, begin=CROWD)
    flow.clock.turn(CROWD_AFTER + timedelta(seconds=1))
    await flow.send()
    first, second = flow.phone.new
    assert "🔔" in first.html
    assert "🗞" in second.html


async def test_a_crowd_of_one_chat_delays_no_other(flow: Flow) -> None:
    await waiting(flow, 3 * CROWD)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later(timedelta(minutes=6))
    claimed = await flow.deliver.claim(limit=2)
    assert OTHER in {each.address for each in claimed}
