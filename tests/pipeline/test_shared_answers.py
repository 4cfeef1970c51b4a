"""Answers and alerts of several workers: to one chat one message at a time, and none within its rest."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import pytest

from monitor.errors import SenderBroken
from monitor.pipeline.answers import ON_ITS_WAY, Answers
from monitor.pipeline.pace import Pace
from monitor.pipeline.shared_pace import SharedWaits
from monitor.store.transaction import Store, Transaction, open_store
from monitor.types import AlertState, ChatKind, Later, Message, Outcome, Reach, Refused, Unknown, Unreached
from tests.fakes_sender import FakeSender
from tests.store_samples import AN, MINUTE, NOW, SECOND, alert, chat, claim, enqueue

ANSWER = Message(AN, "Bạn đang theo dõi 3 mục")
PACE = Pace(private=timedelta(seconds=3))


class Gate(FakeSender):
    """Holds a message on the wire until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = asyncio.Event(), asyncio.Event()

    async def send(self, message: Message) -> Outcome:
        self.begun.set()
        await self.go.wait()
        return await super().send(message)


class Receiver:
    """The worker that answers, and the store of another one that delivers."""

    def __init__(self, mine: Store, other: Store) -> None:
        self.now = NOW
        self.mine, self.other = mine, other
        self.sender = Gate()
        self.waits = SharedWaits(PACE, mine, clock=self.clock)
        self.answers = Answers(mine, self.sender, self.waits, clock=self.clock, patience=timedelta(0))

    def clock(self) -> datetime:
        return self.now

    async def claimed(self) -> list[str]:
        """What the other worker claims now."""
        return [each.dedupe_key for each in await claim(self.other, now=self.now)]


@pytest.fixture
async def receiver(shared: str) -> AsyncIterator[Receiver]:
    async with AsyncExitStack() as stack:
        mine, other = [await stack.enter_async_context(await open_store(shared, worker=name)) for name in "ab"]
        await mine.write(Transaction.save_chat, chat(AN))
        yield Receiver(mine, other)


async def test_another_workers_alert_waits_for_an_answer_on_its_way_and_for_the_rest_behind_it(
    receiver: Receiver,
) -> None:
    async with asyncio.timeout(20):
        saying = asyncio.create_task(receiver.answers.say(ANSWER, ChatKind.PRIVATE))
        await receiver.sender.begun.wait()
        await enqueue(receiver.other, alert("news"))
        assert await receiver.claimed() == []
        receiver.sender.go.set()
        assert await saying == 1
        receiver.now += PACE.private - SECOND
        assert await receiver.claimed() == []
        receiver.now += SECOND
        assert await receiver.claimed() == ["news"]


async def test_an_answer_waits_in_the_outbox_while_another_workers_alert_is_on_its_way(receiver: Receiver) -> None:
    receiver.sender.go.set()
    await enqueue(receiver.other, alert("news"))
    (news,) = await claim(receiver.other, now=receiver.now)
    assert await receiver.answers.say(ANSWER, ChatKind.PRIVATE, asked=1) is None
    assert receiver.sender.accepted == []
    await receiver.other.write(Transaction.settle, news, AlertState.SENT, now=receiver.now)
    assert await receiver.answers.say(ANSWER, ChatKind.PRIVATE, asked=2) is None, "the first one has its turn"
    assert len(await receiver.claimed()) == 1


async def test_an_answer_and_an_alert_that_begin_at_the_same_moment_do_not_both_go(receiver: Receiver) -> None:
    receiver.sender.go.set()
    await enqueue(receiver.other, alert("news"))
    with receiver.other.writing() as tx:  # not committed while the answer looks
        assert len(tx.claim_alerts(now=receiver.now, lease=MINUTE, limit=9)) == 1
        assert await receiver.answers.say(ANSWER, ChatKind.PRIVATE, asked=1) is None
    assert receiver.sender.accepted == []


@pytest.mark.parametrize(
    "outcome",
    [
        Later(NOW + MINUTE, "wait", reach=Reach.BOT),
        Unreached("no connection"),
        Unknown("a line was cut"),
        Refused("entities"),
        SenderBroken("a token"),
    ],
    ids=lambda outcome: type(outcome).__name__,
)
async def test_however_an_answer_ends_its_chat_is_held_for_no_longer_than_that_says(
    receiver: Receiver, outcome: Outcome | SenderBroken
) -> None:
    def plan(_: Message) -> Outcome:
        if isinstance(outcome, SenderBroken):
            raise outcome
        return outcome

    receiver.sender.go.set()
    receiver.sender.plans.append(plan)
    await receiver.answers.say(ANSWER, ChatKind.PRIVATE)
    until = await receiver.other.read(Transaction.held_until, AN.chat_id)
    rests = {Later: MINUTE, Unknown: PACE.private}.get(type(outcome), timedelta(0))
    assert until == NOW + rests


async def test_a_flood_wait_that_an_answer_met_holds_the_outbox_of_all_workers(receiver: Receiver) -> None:
    receiver.sender.go.set()
    receiver.sender.plans.append(lambda _: Later(NOW + MINUTE, "wait", reach=Reach.BOT))
    await receiver.answers.say(ANSWER, ChatKind.PRIVATE)
    elsewhere = SharedWaits(PACE, receiver.other, clock=receiver.clock)
    assert await receiver.other.read(elsewhere.is_held_for_all, receiver.now)
    receiver.sender.plans.clear()
    other_answers = Answers(receiver.other, receiver.sender, elsewhere, clock=receiver.clock)
    assert await other_answers.say(ANSWER, ChatKind.PRIVATE, asked=2) is None
    assert receiver.sender.accepted == []


async def test_the_chat_of_an_answer_whose_worker_was_killed_is_free_after_a_while(receiver: Receiver) -> None:
    saying = asyncio.create_task(receiver.answers.say(ANSWER, ChatKind.PRIVATE))
    await receiver.sender.begun.wait()
    await enqueue(receiver.other, alert("news"))
    receiver.now += ON_ITS_WAY - SECOND
    assert await receiver.claimed() == []
    receiver.now += SECOND
    assert await receiver.claimed() == ["news"]
    saying.cancel()
    await asyncio.gather(saying, return_exceptions=True)
