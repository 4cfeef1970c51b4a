"""Telegram out of reach for several workers: together they try as little as one alone."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.pipeline.answers import Answers
from monitor.pipeline.outage import LONGEST_WAIT, OUT_SINCE
from monitor.pipeline.shared_outage import TRYING
from monitor.store.transaction import Transaction, open_store
from monitor.types import Address, Alert, AlertState, ChatKind, Message, Outcome, Unknown
from tests.fakes_sender import FakeSender
from tests.flow import FakeClock, Flow
from tests.pipeline.flow_news import CALL, LEAD, started

ADMIN = 9
SECOND = timedelta(seconds=1)
OTHERS = [Address(2000 + number) for number in range(11)]
WORKERS = 3


class Deaf(FakeSender):
    """Answers questions; of messages it says nothing while it is out, and they do not arrive."""

    is_deaf = True

    async def send(self, message: Message) -> Outcome:
        return Unknown("Bad Gateway (502)") if self.is_deaf else await super().send(message)


@pytest.fixture
async def workers(shared: str) -> AsyncIterator[list[Flow]]:
    """A dozen readers wait for an alert; several workers may bring it."""
    async with AsyncExitStack() as stack:
        phone, clock = Deaf(), FakeClock()
        flows = [
            Flow(
                await stack.enter_async_context(await open_store(shared, worker=f"w{number}")),
                phone,
                clock=clock,
                admins=frozenset({ADMIN}),
            )
            for number in range(WORKERS)
        ]
        first = await started(flows[0], "*")
        for address in OTHERS:
            await first.subscribe(address, "*")
        first.fetcher.publish("ben-song", "1", CALL, LEAD)
        await first.poll_later()
        yield flows


async def look(flows: list[Flow], *, limit: int = 2) -> list[tuple[Flow, Alert]]:
    """Every worker looks once, before any of them sends."""
    return [(flow, alert) for flow in flows for alert in await flow.deliver.claim(limit=limit)]


async def send(claimed: list[tuple[Flow, Alert]]) -> None:
    for flow, alert in claimed:
        await flow.deliver.deliver(alert)


async def states(flow: Flow) -> dict[AlertState, int]:
    return {state: rows for state, rows in (await flow.store.read(Transaction.outbox_counts)).items() if rows}


async def begin(workers: list[Flow]) -> None:
    """One worker meets the outage, the others have heard of it at their next look."""
    first, *others = workers
    for flow in workers:
        assert await flow.deliver.claim(limit=1, chat_id=777) == []  # all is well, as far as they know
    await send(await look([first]))
    assert await look(others) == []
    assert first.deliver.is_out_of_reach


async def test_one_row_of_all_workers_goes_alone_until_one_gets_through(workers: list[Flow]) -> None:
    await begin(workers)
    phone, clock = workers[0].phone, workers[0].clock
    assert isinstance(phone, Deaf)
    trials = 0
    for _ in range(90):
        clock.turn(2 * SECOND)
        claimed = await look(workers)
        assert len(claimed) <= 1
        assert await look(workers) == [], "while it is on its way"
        trials += len(claimed)
        await send(claimed)
    assert 2 <= trials <= 12, "in three minutes the wait grows to a minute for each of them"
    phone.is_deaf = False
    clock.turn(LONGEST_WAIT)
    (alone,) = await look(workers)
    await send([alone])
    assert await workers[0].store.read(Transaction.fact, OUT_SINCE) == ""
    while claimed := await look(workers):
        await send(claimed)
        clock.turn(2 * SECOND)
    assert not any(flow.deliver.is_out_of_reach for flow in workers)
    told = [message.address.chat_id for message in phone.new]
    assert len(told) == len(set(told))
    assert told.count(ADMIN) == 1
    counts = await states(workers[0])
    assert set(counts) <= {AlertState.SENT, AlertState.UNCERTAIN}
    assert counts.get(AlertState.UNCERTAIN, 0) <= trials, "each trial of an unknown end is one of two tries of its row"


async def test_the_trial_of_a_worker_that_was_killed_is_anothers_after_a_while(workers: list[Flow]) -> None:
    await begin(workers)
    killed, other, _ = workers
    killed.clock.turn(3 * SECOND)
    assert len(await look([killed])) == 1
    killed.clock.turn(TRYING - SECOND)
    assert await look([other]) == []
    killed.clock.turn(SECOND)
    assert len(await look([other])) == 1


async def test_a_worker_that_has_nothing_to_send_lets_another_one_try(workers: list[Flow]) -> None:
    await begin(workers)
    first, second, _ = workers
    first.clock.turn(3 * SECOND)
    assert await first.deliver.claim(limit=2, chat_id=777) == []
    assert len(await look([second])) == 1


async def test_the_look_out_offers_nothing_while_another_worker_tries(workers: list[Flow]) -> None:
    await begin(workers)
    first, second, _ = workers
    assert await second.deliver.due(limit=9) == [], "Telegram is left alone for a while"
    first.clock.turn(3 * SECOND)
    assert len(await second.deliver.due(limit=9)) == 9
    await look([first])
    assert await second.deliver.due(limit=9) == []


async def test_an_answer_waits_in_an_outage_that_another_worker_met(workers: list[Flow]) -> None:
    await begin(workers)
    receiver, answer = workers[1], Message(Address(5000), "Bạn đang theo dõi 3 mục")
    assert isinstance(receiver.phone, Deaf)
    receiver.phone.is_deaf = False
    answers = Answers(
        receiver.store,
        receiver.phone,
        receiver.deliver.waits,
        clock=receiver.clock,
        out_of_reach=lambda: receiver.deliver.is_out_of_reach,
    )
    assert await answers.say(answer, ChatKind.PRIVATE) is None
    assert receiver.phone.accepted == []
    await receiver.store.write(Transaction.set_fact, OUT_SINCE, "")
    assert receiver.deliver.is_out_of_reach, "it has claimed nothing since, and knows of no end"
    other = replace(answer, address=Address(5001))
    assert await answers.say(other, ChatKind.PRIVATE) == 1
