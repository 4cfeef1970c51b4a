"""Telegram is out of reach for seconds or hours: nothing is lost, and admins hear of it once."""

from datetime import timedelta

import pytest

from monitor.pipeline.alerts import EDIT_DELAY
from monitor.pipeline.outage import (
    FIRST_WAIT,
    LONGEST_WAIT,
    QUIET_END,
    WORTH_TELLING,
    TelegramOutage,
    after_answer,
    after_trouble,
    is_over,
)
from monitor.store.transaction import Store, Transaction
from monitor.types import Address, Alert, AlertState, Later, Message, Outcome, Reach, Refused, Sent, Unknown, Unreached
from tests.flow import MORNING, READER, Flow
from tests.pipeline.flow_news import CALL, LEAD, QUAKE, QUAKE_LEAD, started

ADMIN = 9
SECOND = timedelta(seconds=1)
OTHERS = [Address(2000 + number) for number in range(7)]


async def told(store: Store, *, admins: frozenset[int] = frozenset({ADMIN})) -> Flow:
    """Eight readers who wait for an alert."""
    flow = await started(Flow(store, admins=admins), "*")
    for address in OTHERS:
        await flow.subscribe(address, "*")
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.poll_later()
    return flow


async def run(flow: Flow, span: timedelta) -> None:
    """The service for a while: it looks every two seconds, with several messages at once."""
    until = flow.clock() + span
    while flow.clock() < until:
        for alert in await flow.deliver.claim(limit=8):
            await flow.deliver.deliver(alert)
        flow.clock.turn(2 * SECOND)


async def counts(flow: Flow) -> dict[AlertState, int]:
    with flow.store.reading() as tx:
        return {state: rows for state, rows in (tx.outbox_counts()).items() if rows}


def readers(flow: Flow) -> list[int]:
    return sorted(message.address.chat_id for message in flow.phone.new if message.address.chat_id != ADMIN)


EVERYBODY = sorted(address.chat_id for address in (READER, *OTHERS))


@pytest.mark.parametrize("lasts", [timedelta(seconds=20), timedelta(minutes=10), timedelta(hours=3)])
async def test_an_outage_loses_nothing_and_repeats_nothing(store: Store, lasts: timedelta) -> None:
    flow = await told(store)
    flow.phone.is_out = "Bad Gateway (502)"
    await run(flow, lasts)
    assert flow.phone.accepted == []
    flow.phone.is_out = ""
    await run(flow, 2 * LONGEST_WAIT)
    assert readers(flow) == EVERYBODY
    assert set(await counts(flow)) == {AlertState.SENT}


async def test_what_arrived_although_its_answer_was_lost_comes_twice_at_most(store: Store) -> None:
    flow = await told(store)
    flow.phone.is_out, flow.phone.arrives_all_the_same = "closed before the answer", True
    await run(flow, timedelta(minutes=10))
    flow.phone.is_out = ""
    await run(flow, 2 * LONGEST_WAIT)
    sent = readers(flow)
    assert set(sent) == set(EVERYBODY)
    assert all(sent.count(chat_id) <= 2 for chat_id in EVERYBODY)


async def test_what_never_left_is_tried_as_often_as_it_takes(store: Store) -> None:
    flow = await told(store)
    plans = [lambda message: Unreached("no connection")] * 9
    flow.phone.plans += plans
    await run(flow, timedelta(minutes=12))
    assert readers(flow) == EVERYBODY


async def test_after_an_outage_one_message_goes_alone_until_one_gets_through(store: Store) -> None:
    """As when Telegram answers questions and takes no messages: that must not use up the one more try of every row."""
    flow = await told(store)
    flow.phone.plans += [lambda message: Unknown("Bad Gateway (502)")] * 10
    await run(flow, timedelta(seconds=5))
    tried = 10 - len(flow.phone.plans)
    await run(flow, timedelta(seconds=60))
    assert 10 - len(flow.phone.plans) - tried <= 5
    assert (await counts(flow)).get(AlertState.UNCERTAIN, 0) <= 2


async def test_what_was_claimed_when_an_outage_began_does_not_leave_any_more(store: Store) -> None:
    flow = await told(store)
    flow.phone.plans += [lambda message: Unknown("closed")]
    first, *others = await flow.deliver.claim(limit=8)
    await flow.deliver.deliver(first)
    assert {(await flow.deliver.deliver(alert)).state for alert in others} == {AlertState.PENDING}
    assert flow.phone.accepted == []
    await run(flow, LONGEST_WAIT)
    assert readers(flow) == EVERYBODY


async def test_an_outage_that_begins_during_a_claim_holds_back_all_of_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = await told(store)
    (first,) = await flow.deliver.claim(limit=1)
    flow.phone.plans += [lambda message: Unknown("closed")]
    real = Transaction.claim_alerts

    def meanwhile(tx: Transaction, **named: object) -> list[Alert]:
        flow.deliver._outages.note(Unknown("closed"))
        return real(tx, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Transaction, "claim_alerts", meanwhile)
    others = await flow.deliver.claim(limit=8)
    assert len(others) > 1
    assert {(await flow.deliver.deliver(alert)).message for alert in others} == {None}, "none was on the wire"
    assert first.id not in {alert.id for alert in others}


async def test_nothing_is_claimed_while_one_row_goes_alone(store: Store) -> None:
    flow = await told(store)
    flow.phone.plans += [lambda message: Unknown("closed")]
    (alert,) = await flow.deliver.claim(limit=1)
    await flow.deliver.deliver(alert)
    flow.clock.turn(timedelta(minutes=1))
    (alone,) = await flow.deliver.claim(limit=8)
    assert await flow.deliver.claim(limit=8) == []
    await flow.deliver.deliver(alone)
    claimed = {alert.address for alert in await flow.deliver.claim(limit=9)}
    assert len(claimed - {Address(ADMIN)}) == len(EVERYBODY) - 1


async def test_an_answer_to_what_left_before_an_outage_does_not_end_it(store: Store) -> None:
    flow = await told(store)
    first, second, *_ = await flow.deliver.claim(limit=2)

    async def meanwhile(message: Message) -> Outcome:
        if message.address == first.address:
            await flow.deliver.deliver(second)  # which fails while the first is on the wire
            return Sent(1)
        return Unknown("closed")

    flow.phone.send = meanwhile  # type: ignore[method-assign]
    await flow.deliver.deliver(first)
    assert flow.deliver.held_until is not None


async def test_admins_hear_of_an_outage_once_with_its_length(store: Store) -> None:
    flow = await told(store)
    flow.phone.is_out = "Bad Gateway (502)"
    await run(flow, timedelta(seconds=90))
    flow.phone.is_out = ""
    await run(flow, 3 * LONGEST_WAIT)
    (notice,) = [message.html for message in flow.phone.new if message.address.chat_id == ADMIN]
    assert "Bad Gateway (502)" in notice
    assert "2 phút 2 giây" in notice, "the waits up to the question that was answered"


async def test_a_hiccup_is_no_news_for_admins(store: Store) -> None:
    flow = await told(store)
    flow.phone.is_out = "closed"
    await run(flow, WORTH_TELLING / 2)
    flow.phone.is_out = ""
    await run(flow, LONGEST_WAIT)
    assert ADMIN not in {message.address.chat_id for message in flow.phone.accepted}
    assert readers(flow) == EVERYBODY


async def test_a_process_that_starts_in_an_outage_asks_before_it_sends(store: Store) -> None:
    flow = await told(store)
    flow.phone.is_out = "Bad Gateway (502)"
    await run(flow, timedelta(seconds=5))
    again = Flow(store, sender=flow.phone, clock=flow.clock, admins=flow.admins)
    await run(again, timedelta(seconds=30))
    assert (await counts(again))[AlertState.PENDING] == len(EVERYBODY)
    flow.phone.is_out = ""
    await run(again, 2 * LONGEST_WAIT)
    assert readers(flow) == EVERYBODY
    assert any(message.address.chat_id == ADMIN for message in flow.phone.new), "it knows since when"


async def test_an_outage_that_ends_with_nothing_to_send_is_forgotten(store: Store) -> None:
    flow = await told(store, admins=frozenset())
    flow.phone.plans += [lambda message: Unknown("closed")]
    (alert, *_) = await flow.deliver.claim(limit=1)
    await flow.deliver.deliver(alert)
    with store.writing() as tx:
        for address in (READER, *OTHERS):
            tx.lose_chat(address.chat_id)
    await run(flow, 2 * QUIET_END)
    assert flow.deliver.held_until is None
    probes = flow.phone.probes
    await run(flow, QUIET_END)
    assert flow.phone.probes == probes


async def test_the_clock_set_back_does_not_stretch_the_wait(store: Store) -> None:
    flow = await told(store)
    flow.phone.plans += [lambda message: Unreached("no connection")]
    (alert, *_) = await flow.deliver.claim(limit=1)
    await flow.deliver.deliver(alert)
    flow.clock.turn(-timedelta(hours=1))
    flow.deliver.turn_back(timedelta(hours=1))
    with store.writing() as tx:
        tx.turn_back(timedelta(hours=1), now=flow.clock())
    await run(flow, timedelta(seconds=30))
    assert readers(flow) == EVERYBODY


async def test_the_next_outlet_of_a_story_that_stayed_uncertain_rings(store: Store) -> None:
    flow = await started(Flow(store), "*")
    flow.fetcher.publish("ben-song", "1", QUAKE, QUAKE_LEAD)
    flow.phone.plans += [lambda message: Unknown("read timed out")] * 2
    await flow.on()
    assert await counts(flow) == {AlertState.UNCERTAIN: 1}
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.on(EDIT_DELAY)
    await flow.on()
    (message,) = flow.phone.new
    assert "Bến Sông" in message.html
    assert "Sao Mai" in message.html
    assert set(await counts(flow)) == {AlertState.SENT}


async def test_uncertain_alerts_of_an_outage_are_counted_in_the_notice(store: Store) -> None:
    flow = await started(Flow(store, admins=frozenset({ADMIN})), "*")
    flow.phone.plans += [lambda message: Unknown("closed")] * 2
    for number, title in enumerate((CALL, QUAKE)):
        flow.fetcher.publish("ben-song", f"{number}", title, LEAD)
        await flow.poll_later()
    await run(flow, LONGEST_WAIT)
    (notice,) = [message.html for message in flow.phone.new if message.address.chat_id == ADMIN]
    assert "/macket" in notice


# ---------------------------------------------------------------- topics


FORUM, OPEN, SHUT = -1001, Address(-1001, 3), Address(-1001, 7)


async def forum(store: Store, outcome: Outcome) -> Flow:
    """A forum of which one topic gets that outcome, whatever is sent there."""
    flow = await started(Flow(store), "putin")
    for topic in (OPEN, SHUT):
        await flow.subscribe(topic, "*")

    def plan(message: Message) -> Outcome | None:
        return outcome if message.address == SHUT else None

    flow.phone.plans += [plan] * 50
    flow.fetcher.publish("ben-song", "1", QUAKE, QUAKE_LEAD)
    await flow.on()
    return flow


async def test_a_closed_topic_waits_and_its_forum_goes_on(store: Store) -> None:
    flow = await forum(store, Later(MORNING + timedelta(hours=1), "TOPIC_CLOSED", reach=Reach.TOPIC))
    assert [message.address for message in flow.phone.new] == [OPEN]
    flow.phone.plans.clear()
    await flow.on(timedelta(hours=1))
    assert [message.address for message in flow.phone.new] == [OPEN, SHUT]


async def test_a_topic_that_was_closed_for_days_counts_as_lost(store: Store) -> None:
    flow = await forum(store, Later(MORNING + timedelta(hours=1), "TOPIC_CLOSED", reach=Reach.TOPIC))
    for _ in range(2):  # what waits becomes a digest, and that is given up
        await flow.on(timedelta(days=4))
    flow.phone.plans.clear()
    flow.fetcher.publish("ben-song", "2", CALL, LEAD)
    await flow.on()
    assert SHUT not in {message.address for message in flow.phone.new}
    assert OPEN in {message.address for message in flow.phone.new[1:]}


async def test_a_deleted_topic_is_never_written_to_again_and_its_forum_is(store: Store) -> None:
    flow = await forum(store, Refused("message thread not found", reach=Reach.TOPIC))
    flow.phone.plans.clear()
    flow.fetcher.publish("ben-song", "2", CALL, LEAD)
    await flow.on()
    assert [message.address for message in flow.phone.new if message.address.chat_id == FORUM] == [
        OPEN,
        Address(FORUM),  # that the topic is given up
        OPEN,
    ]


# ---------------------------------------------------------------- when it is asked


def test_waits_double_up_to_a_minute() -> None:
    outage, now, waits = None, MORNING, []
    for _ in range(9):
        outage = after_trouble(outage, "closed", now)
        waits.append(outage.ask_at - now)
        now = outage.ask_at
    assert waits[:4] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT, 8 * FIRST_WAIT]
    assert waits[-1] == LONGEST_WAIT
    assert outage is not None
    assert outage.since == MORNING


def test_failures_of_messages_that_left_together_count_as_one() -> None:
    first = after_trouble(None, "closed", MORNING)
    assert after_trouble(first, "closed", MORNING + SECOND) == first


def test_trouble_after_an_answer_starts_the_quiet_end_anew() -> None:
    well = after_answer(after_trouble(None, "closed", MORNING), MORNING + 5 * SECOND)
    assert not is_over(well, MORNING + 5 * SECOND)
    assert is_over(well, MORNING + 5 * SECOND + QUIET_END)
    ill: TelegramOutage = after_trouble(well, "closed", MORNING + 6 * SECOND)
    assert not is_over(ill, MORNING + timedelta(hours=1))
