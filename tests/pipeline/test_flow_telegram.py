"""From a feed to a message: what Telegram answers, and what happens between enqueueing and sending."""

from datetime import timedelta
from typing import Any

import pytest

from monitor.errors import StoreError
from monitor.store.transaction import Store
from monitor.types import (
    Address,
    AlertState,
    ChatKind,
    ChatState,
    Later,
    Message,
    Outcome,
    Reach,
    Refused,
    Target,
    Unknown,
)
from tests.flow import READER, Flow
from tests.pipeline.flow_news import CALL, LEAD, QUAKE, QUAKE_LEAD, started, waiting_alert


async def test_later_is_tried_again_when_telegram_said(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    until = flow.clock() + timedelta(hours=2)
    flow.phone.plans.append(lambda message: Later(until, "flood control"))
    await flow.on()
    assert flow.phone.accepted == []
    await flow.on(timedelta(hours=2))
    assert len(flow.phone.new) == 1


async def test_a_flood_wait_of_the_whole_bot_holds_every_chat(flow: Flow) -> None:
    await started(flow)
    await flow.subscribe(Address(2002), "putin")
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    until = flow.clock() + timedelta(hours=1)
    flow.phone.plans.append(lambda message: Later(until, "flood control", reach=Reach.BOT))
    await flow.on()
    assert flow.phone.accepted == []
    await flow.on(timedelta(hours=1))
    assert {message.address.chat_id for message in flow.phone.new} == {READER.chat_id, 2002}


async def test_a_chat_that_blocked_the_bot_is_left_alone_and_admins_hear_of_it_once(store: Store) -> None:
    flow = await started(Flow(store, admins=frozenset({9})), "*")

    def blocked(message: Message) -> Outcome | None:
        return Refused("bot was blocked by the user", reach=Reach.CHAT) if message.address == READER else None

    flow.phone.plans += [blocked] * 5
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.on()
    assert [message.address.chat_id for message in flow.phone.accepted] == [9]
    assert "1001" in flow.phone.accepted[0].html
    with store.reading() as tx:
        chat = tx.chat(READER)
    assert chat is not None
    assert chat.state is ChatState.BLOCKED


async def test_a_group_that_moved_gets_the_alert_at_its_new_id(flow: Flow) -> None:
    await flow.subscribe(Address(-5), "putin", kind=ChatKind.GROUP)
    await flow.start()
    flow.phone.plans.append(lambda message: Later(flow.clock(), "migrated", moved_to=-1005))
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    assert [message.address for message in flow.phone.new] == [Address(-1005)]


async def test_what_may_have_arrived_is_tried_once_more_and_then_stays_visible(flow: Flow) -> None:
    await started(flow)
    flow.phone.plans += [lambda message: Unknown("read timed out")] * 5
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    await flow.on()
    assert len(flow.phone.plans) == 3
    with flow.store.reading() as tx:
        assert (tx.outbox_counts())[AlertState.UNCERTAIN] == 1


async def test_what_was_unfollowed_or_muted_meanwhile_is_not_sent(flow: Flow) -> None:
    await waiting_alert(flow)
    with flow.store.writing() as tx:
        tx.unfollow(READER, Target("putin"))
    await flow.send()
    assert flow.phone.accepted == []
    with flow.store.reading() as tx:
        assert (tx.outbox_counts())[AlertState.SKIPPED] == 1


async def test_an_outcome_that_could_not_be_written_at_first_does_not_ring_twice(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    await waiting_alert(flow)
    (alert,) = await flow.deliver.claim(limit=1)
    real, failures = flow.store.write, [StoreError("busy"), StoreError("busy")]

    async def busy_for_a_moment(*args: Any, **named: Any) -> object:
        if failures:
            raise failures.pop()
        return await real(*args, **named)

    monkeypatch.setattr("monitor.pipeline.deliver.RETRY_WRITING", (timedelta(0),) * 5)
    monkeypatch.setattr(flow.store, "write", busy_for_a_moment)
    assert (await flow.deliver.deliver(alert)).state is AlertState.SENT
    await flow.on()
    assert len(flow.phone.new) == 1


async def test_a_development_is_told_even_when_the_first_message_is_uncertain(flow: Flow) -> None:
    await started(flow, "dong-dat")
    flow.fetcher.publish("ben-song", "1", QUAKE, QUAKE_LEAD)
    flow.phone.plans += [lambda message: Unknown("read timed out")] * 2
    await flow.on()
    flow.clock.turn(timedelta(hours=2))
    flow.fetcher.publish(
        "sao-mai", "2", "Động đất 6,1 độ ở Indonesia: 27 người bị thương", QUAKE_LEAD + " Đã có 27 người bị thương."
    )
    await flow.on()
    assert any("27 người" in message.html for message in flow.phone.new)
