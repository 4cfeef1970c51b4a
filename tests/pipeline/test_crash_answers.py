"""The process dies before every step of an answer: it comes, and comes twice only where it was not settled."""

from datetime import timedelta

import pytest

from monitor.pipeline.answers import Answers
from monitor.store.transaction import Store
from monitor.types import ChatKind, Message
from tests.crashing import Crash, CrashingSender, Fuse, crashing_store
from tests.flow import READER, Flow
from tests.pipeline.test_crash import World, emptied

pytestmark = pytest.mark.slow

ANSWER = Message(READER, "Bạn đang theo dõi 3 mục")
ASKED = 17  # the number of the update: Telegram brings it again to the next process where this one died
# Telegram has taken the message and what became of it is not written yet
UNSETTLED = {"accepted", "settle", "chat", "hold_chat", "before commit", "after commit"}


async def answered(world: World, fuse: Fuse, *, held: timedelta) -> None:
    """A command is answered in a chat that must be left alone for `held`; the update is confirmed at the end."""
    flow = Flow(world.store, world.phone, world.fetcher, world.reader, world.clock)
    await flow.subscribe(READER, "putin")
    with world.store.writing() as tx:
        tx.hold_chat(READER.chat_id, world.clock() + held)
    flow = world.process(fuse)
    is_confirmed = False
    for _ in range(2):
        sender = CrashingSender(world.phone, fuse)
        answers = Answers(crashing_store(world.store, fuse), sender, flow.deliver.waits, clock=world.clock)
        try:
            if not is_confirmed:
                await answers.say(ANSWER, ChatKind.PRIVATE, asked=ASKED)
                is_confirmed = True
            world.clock.turn(timedelta(minutes=1))
            await flow.send()
        except Crash:
            fuse = Fuse()
            flow = await world.reborn()
    world.clock.turn(timedelta(minutes=10))
    await (await world.reborn()).send()


@pytest.mark.parametrize("held", [timedelta(0), timedelta(seconds=30)], ids=["at once", "as a row"])
async def test_a_crash_at_any_step_of_an_answer_loses_it_never_and_repeats_it_only_unsettled(
    store: Store, held: timedelta
) -> None:
    fuse = Fuse()
    world = World(store)
    await answered(world, fuse, held=held)
    assert len(world.phone.new) == 1
    assert ("keep_answer" in fuse.trail) is bool(held)
    repeated = []
    for step in range(1, fuse.steps + 1):
        await emptied(store)
        world, deadly = World(store), Fuse(left=step)
        await answered(world, deadly, held=held)
        where = f"step {step} of {fuse.steps}, {deadly.died_at}"
        assert deadly.died_at, where
        assert 1 <= len(world.phone.new) <= 2, where
        if len(world.phone.new) == 2:
            assert deadly.died_at in UNSETTLED, where
            repeated.append(where)
    assert repeated, "the crashes did not reach the window between accepted and settled"
