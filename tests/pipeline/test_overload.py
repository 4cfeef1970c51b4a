"""More comes than can leave: detection waits for alerts, polling for items, and /status says how long."""

from datetime import timedelta

import pytest

from monitor.pipeline import detect, poll
from monitor.pipeline.overload import behind, through_in
from monitor.pipeline.pace import Pace
from monitor.pipeline.status import gather_status
from monitor.store.transaction import Store
from monitor.types import Address, Backlog, Chat, ChatKind, ChatState, Unknown
from tests.flow import MORNING, READER, WATCHLIST, Flow
from tests.pipeline.flow_news import CALL, LEAD, QUAKE, QUAKE_LEAD, started

GROUP = Address(-5)


async def test_no_item_is_looked_at_while_the_outbox_is_full_and_all_are_afterwards(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detect, "OUTBOX_FULL", 1)
    flow = await started(Flow(store), "*")
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    flow.fetcher.publish("ben-song", "2", QUAKE, QUAKE_LEAD)
    await flow.poll_later()
    with store.reading() as tx:
        assert tx.unmatched_count() == 1
    report = await gather_status(store, [], WATCHLIST, now=flow.clock())
    assert report.late_by == timedelta(minutes=10)
    await flow.send()
    await flow.look()
    await flow.send()
    assert [title in message.html for title, message in zip((CALL, QUAKE), flow.phone.new, strict=True)] == [True, True]


async def test_no_feed_is_polled_while_the_items_are_full(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poll, "ITEMS_FULL", 1)
    flow = await started(Flow(store), "*")
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    flow.clock.turn(timedelta(minutes=10))
    assert len(await flow.poll_due()) == len(flow.feeds)
    flow.clock.turn(timedelta(minutes=10))
    assert await flow.poll_due() == []
    await flow.on()
    assert len(flow.phone.new) == 1


async def test_what_a_paused_chat_has_waiting_holds_up_nobody(store: Store) -> None:
    flow = await started(Flow(store), "*")
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    with store.writing() as tx:
        tx.save_chat(Chat(READER, ChatKind.PRIVATE, state=ChatState.PAUSED))
    with store.reading() as tx:
        assert tx.backlog(now=flow.clock()) == Backlog()


async def test_the_backlog_counts_what_might_leave_now_by_chat(store: Store) -> None:
    flow = await started(Flow(store), "*")
    await flow.subscribe(GROUP, "*", kind=ChatKind.GROUP)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    since = flow.clock()
    flow.fetcher.publish("ben-song", "2", QUAKE, QUAKE_LEAD)
    await flow.poll_later()
    with store.reading() as tx:
        assert tx.backlog(now=flow.clock()) == Backlog(4, since, 2, 2)


async def test_status_names_an_outage_of_telegram(store: Store) -> None:
    flow = await started(Flow(store), "*")
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    flow.phone.plans.append(lambda message: Unknown("Bad Gateway (502)"))
    (alert,) = await flow.deliver.claim(limit=1)
    await flow.deliver.deliver(alert)
    report = await gather_status(store, [], WATCHLIST, now=flow.clock())
    assert report.telegram_out_since == flow.clock()
    await flow.on(timedelta(minutes=1))
    assert (await gather_status(store, [], WATCHLIST, now=flow.clock())).telegram_out_since is None


def test_it_is_through_when_the_fullest_chat_is() -> None:
    pace = Pace()
    assert through_in(Backlog(280, MORNING, 10, 0), pace) == timedelta(seconds=10)
    assert through_in(Backlog(280, MORNING, 10, 100), pace) == 100 * pace.group
    assert through_in(Backlog(280, MORNING, 60, 10), pace) == timedelta(minutes=1)


def test_nothing_that_waits_is_late_by_nothing() -> None:
    assert behind(Backlog(), MORNING) == timedelta(0)
    assert behind(Backlog(1, MORNING), MORNING + timedelta(hours=1)) == timedelta(hours=1)
