"""What becomes of alerts between the outbox and the reader, when processes die and clocks and dates are odd."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from monitor.pipeline import deliver
from monitor.pipeline.alerts import GATHER
from monitor.pipeline.deliver import Deliver
from monitor.store.attempts import INTERRUPTED_TRIES
from monitor.store.transaction import Store
from monitor.types import Address, Alert, AlertState, Message, Outcome, Sent, Unknown
from tests.flow import READER, Flow
from tests.pipeline.flow_news import CALL, LEAD, QUAKE


@pytest.fixture
async def flow(store: Store) -> Flow:
    """A reader follows everything, and every feed has had its baseline."""
    flow = Flow(store)
    await flow.subscribe(READER, "*")
    await flow.start()
    return flow


OTHER = Address(2002)


async def killed_with_a_claim(flow: Flow) -> Alert:
    """A process claims an alert and dies before it is on the wire; the next one begins."""
    (alert,) = await flow.deliver.claim(limit=1)
    flow.clock.turn(timedelta(minutes=1))
    with flow.store.writing() as tx:
        tx.forget_leases(now=flow.clock())
    return alert


async def state_of(flow: Flow, alert: Alert) -> AlertState:
    with flow.store.reading() as tx:
        row = tx.alert(alert.id)
    assert row is not None
    return row.state


async def test_an_alert_that_two_dying_processes_had_in_hand_is_told_all_the_same(flow: Flow) -> None:
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    first, second = await killed_with_a_claim(flow), await killed_with_a_claim(flow)
    assert first.id == second.id
    await flow.send()
    assert [CALL in message.html for message in flow.phone.new] == [True]


async def test_a_dead_process_does_not_use_up_the_one_more_try_of_an_unknown_end(flow: Flow) -> None:
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    await killed_with_a_claim(flow)
    flow.phone.plans.append(lambda _: Unknown("500"))
    (alert,) = await flow.deliver.claim(limit=1)
    await flow.deliver.deliver(alert)
    assert await state_of(flow, alert) is AlertState.PENDING
    await flow.send()
    assert [CALL in message.html for message in flow.phone.new] == [True]


async def test_a_process_that_stood_still_for_long_sends_nothing_that_others_may_have_sent(flow: Flow) -> None:
    life: int | None = 1
    composer = flow.deliver._composer
    slow = Deliver(flow.store, flow.sender, composer, clock=flow.clock, life=lambda: life)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    (alert,) = await slow.claim(limit=1)
    life = None
    assert await slow.claim(limit=1) == [], "what it claimed would be taken back at once"
    with flow.store.writing() as tx:
        tx.forget_leases(now=flow.clock())
    (of_another,) = await flow.deliver.claim(limit=1)
    assert of_another.id == alert.id
    life = 2  # it goes on, and has said so
    await slow.deliver(alert)
    assert flow.phone.new == []
    assert await state_of(flow, alert) is AlertState.SENDING, "and it leaves the row to the other one"
    await flow.deliver.deliver(of_another)
    assert [CALL in message.html for message in flow.phone.new] == [True]


async def test_what_a_process_that_stood_still_has_claimed_and_nobody_took_is_free_again(flow: Flow) -> None:
    life = 1
    alone = Deliver(flow.store, flow.sender, flow.deliver._composer, clock=flow.clock, life=lambda: life)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    (alert,) = await alone.claim(limit=1)
    life = 2
    await alone.deliver(alert)
    assert await state_of(flow, alert) is AlertState.PENDING
    await flow.send()
    assert [CALL in message.html for message in flow.phone.new] == [True]


async def test_what_a_process_claims_anew_after_it_stood_still_it_sends_once(flow: Flow) -> None:
    life = 1
    slow = Deliver(flow.store, flow.sender, flow.deliver._composer, clock=flow.clock, life=lambda: life)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    (first,) = await slow.claim(limit=1)
    with flow.store.writing() as tx:
        tx.forget_leases(now=flow.clock())
    life = 2
    (again,) = await slow.claim(limit=1)
    assert again.id == first.id
    await slow.deliver(first)
    assert flow.phone.new == []
    await slow.deliver(again)
    assert [CALL in message.html for message in flow.phone.new] == [True]


async def test_an_alert_at_which_every_process_dies_is_left_to_a_person(flow: Flow) -> None:
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    alerts = [await killed_with_a_claim(flow) for _ in range(INTERRUPTED_TRIES)]
    assert await state_of(flow, alerts[0]) is AlertState.UNCERTAIN
    await flow.send()
    assert flow.phone.new == []


async def test_what_a_dead_process_had_in_hand_goes_before_what_waited_behind_it(flow: Flow) -> None:
    await flow.subscribe(OTHER, "putin")
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    alert = await killed_with_a_claim(flow)
    (next_one,) = await flow.deliver.claim(limit=1)
    assert next_one.id == alert.id


# ---------------------------------------------------------------- news that is old when it comes


TALKS = "Ông Putin và Chủ tịch nước Việt Nam hội đàm về hợp tác năng lượng"
FLOOD = "Động đất 5,4 độ ngoài khơi Philippines, chưa có cảnh báo sóng thần"


async def test_what_an_outage_has_left_comes_as_one_digest(flow: Flow) -> None:
    await flow.subscribe(OTHER, "dong-dat")
    flow.clock.turn(timedelta(days=1))
    for number, title in enumerate((CALL, QUAKE, TALKS)):
        at = flow.clock() - timedelta(hours=8 + number)
        flow.fetcher.publish("ben-song", f"{number}", title, LEAD if number == 0 else "", at=at)
    await flow.on()
    await flow.on()
    mine = [message.html for message in flow.phone.new if message.address == READER]
    assert len(mine) == 1
    assert all(title in mine[0] for title in (CALL, QUAKE, TALKS))
    theirs = [message.html for message in flow.phone.new if message.address == OTHER]
    assert len(theirs) == 1
    assert "🔔" in theirs[0], "one late article by itself is told as it is"


async def test_fresh_news_among_late_news_rings_by_itself(flow: Flow) -> None:
    flow.clock.turn(timedelta(days=1))
    for number, title in enumerate((CALL, QUAKE)):
        flow.fetcher.publish("ben-song", f"{number}", title, "", at=flow.clock() - timedelta(hours=9))
    flow.fetcher.publish("sao-mai", "3", FLOOD, "", at=flow.clock())
    await flow.on()
    await flow.on()
    kinds = [FLOOD in message.html for message in flow.phone.new]
    assert sorted(kinds) == [False, True]
    assert "🗞" in flow.phone.new[kinds.index(False)].html


async def test_a_late_article_waits_a_minute_and_no_more(flow: Flow) -> None:
    flow.clock.turn(timedelta(days=1))
    flow.fetcher.publish("ben-song", "1", CALL, LEAD, at=flow.clock() - timedelta(hours=9))
    await flow.poll_later(timedelta(0))
    assert await flow.deliver.claim(limit=1) == []
    flow.clock.turn(GATHER)
    await flow.send()
    assert [CALL in message.html for message in flow.phone.new] == [True]


# ---------------------------------------------------------------- the service is stopped while Telegram answers


@dataclass
class SlowSender:
    """Telegram that has taken the message and answers when `answers` is set."""

    answers: asyncio.Event = field(default_factory=asyncio.Event)
    taken: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: Message) -> Outcome:
        self.taken.set()
        await self.answers.wait()
        return Sent(7)

    async def probe(self) -> str:
        return ""


async def stopped_while_sending(flow: Flow, meanwhile: Callable[[SlowSender], Awaitable[None]]) -> Alert:
    """An alert whose sending is cancelled when Telegram has it already; `meanwhile` goes on before the end of it."""
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    (alert,) = await flow.deliver.claim(limit=1)
    assert isinstance(flow.sender, SlowSender)
    sending = asyncio.ensure_future(flow.deliver.deliver(alert))
    await flow.sender.taken.wait()
    sending.cancel()
    await meanwhile(flow.sender)
    with pytest.raises(asyncio.CancelledError):
        await sending
    return alert


async def slow_flow(store: Store) -> Flow:
    flow = Flow(store, SlowSender())
    await flow.subscribe(READER, "*")
    await flow.start()
    return flow


async def test_what_telegram_answers_to_a_send_that_is_cancelled_is_written(store: Store) -> None:
    async def it_answers(telegram: SlowSender) -> None:
        await asyncio.sleep(0)  # the cancellation arrives first
        telegram.answers.set()

    flow = await slow_flow(store)
    alert = await stopped_while_sending(flow, it_answers)
    with store.reading() as tx:
        row = tx.alert(alert.id)
    assert row is not None
    assert (row.state, row.message_id) == (AlertState.SENT, 7)


async def test_a_send_that_gets_no_answer_after_being_cancelled_ends_and_may_be_tried_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def it_does_not(telegram: SlowSender) -> None:
        pass

    monkeypatch.setattr(deliver, "GRACE", timedelta(0))
    flow = await slow_flow(store)
    alert = await stopped_while_sending(flow, it_does_not)
    assert await state_of(flow, alert) is AlertState.SENDING  # unknown, for whoever starts next
