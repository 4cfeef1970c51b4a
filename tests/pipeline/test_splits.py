"""A story that splits after chats were told: what is on their phones is corrected by edits, and never rings."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.store.transaction import Store
from monitor.types import Reason, ReasonCode, Role
from tests.flow import READER, Flow
from tests.revising import CALL, CALL_LEAD, OTHER, QUAKE, QUAKE_LEAD, mistaking, scripted, splitting, story_of, view_of


@pytest.fixture
def mixed(store: Store) -> Flow:
    """A newsroom that takes a quake for the call, until Hải Đăng writes about it."""
    flow = mistaking(Flow(store), QUAKE, taken_for=CALL)
    return scripted(flow, splitting(QUAKE, from_outlet="Hải Đăng"))


async def told_as_one(flow: Flow, *, readers: str = "putin") -> Flow:
    await flow.subscribe(READER, readers)
    await flow.subscribe(OTHER, "dong-dat")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.on()
    return flow


async def test_a_message_of_two_happenings_keeps_its_own_and_names_the_other(mixed: Flow) -> None:
    flow = await told_as_one(mixed, readers="*")
    assert "Sao Mai" in flow.phone.shown[READER.chat_id, 1].html
    flow.fetcher.publish("hai-dang", "3", QUAKE, QUAKE_LEAD)
    await flow.on()
    assert [message.address for message in flow.phone.new] == [READER, OTHER]
    html = flow.phone.shown[READER.chat_id, 1].html
    assert CALL in html.splitlines()[1]
    assert "Sao Mai" not in html.splitlines()[-1]
    assert f'✂️ Tách riêng: <a href="https://sao-mai.example/2.html">{QUAKE}</a>' in html


async def test_a_chat_that_was_told_by_the_other_story_goes_on_with_that(mixed: Flow) -> None:
    flow = await told_as_one(mixed)
    flow.fetcher.publish("hai-dang", "3", QUAKE, QUAKE_LEAD)
    await flow.on()
    html = flow.phone.shown[OTHER.chat_id, 2].html
    assert QUAKE in html.splitlines()[1]
    assert "+1 báo: Hải Đăng" in html
    assert "Bến Sông" not in html.splitlines()[-1]
    flow.fetcher.publish("ben-song", "8", QUAKE, QUAKE_LEAD)
    await flow.on()
    assert "+2 báo: Hải Đăng, Bến Sông" in flow.phone.shown[OTHER.chat_id, 2].html
    assert [message.address for message in flow.phone.new] == [READER, OTHER]


async def test_a_later_development_of_the_story_that_was_parted_rings_as_a_reply(mixed: Flow) -> None:
    flow = await told_as_one(mixed, readers="*")
    flow.fetcher.publish("hai-dang", "3", QUAKE, QUAKE_LEAD)
    await flow.on()
    flow.fetcher.publish(
        "ben-song", "8", "Động đất 6,1 độ ở Indonesia: 27 người bị thương", QUAKE_LEAD + " Đã có 27 người bị thương."
    )
    real = flow.window.decide

    def decide(item, matches=(), *, at):  # type: ignore[no-untyped-def]
        hurt = Reason(ReasonCode.FIRST_TOLL, ("injured", "27"))
        return replace(real(item, matches, at=at), story_id=story_of(flow, QUAKE), role=Role.UPDATE, reason=hurt)

    flow.window.decide = decide  # type: ignore[method-assign]
    await flow.on(timedelta(hours=2))
    rung = [message for message in flow.phone.new if message.address == READER]
    assert len(rung) == 2
    assert "27 người" in rung[1].html
    assert rung[1].reply_to == 1


async def test_a_chat_that_waits_is_told_of_both_stories_that_concern_it(mixed: Flow) -> None:
    flow = mixed
    await flow.subscribe(READER, "*")
    await flow.start()
    with flow.store.writing() as tx:
        tx.hold_chat(READER.chat_id, flow.clock() + timedelta(minutes=30))
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.on()
    flow.fetcher.publish("hai-dang", "3", QUAKE, QUAKE_LEAD)
    await flow.on()
    await flow.on(timedelta(minutes=30))
    assert [CALL in message.html for message in flow.phone.new] == [True, False]
    assert QUAKE in flow.phone.new[1].html


async def test_a_split_is_remembered_after_a_restart(mixed: Flow) -> None:
    flow = await told_as_one(mixed)
    flow.fetcher.publish("hai-dang", "3", QUAKE, QUAKE_LEAD)
    await flow.on()
    reborn = Flow(flow.store, flow.phone, flow.fetcher, flow.reader, flow.clock)
    await reborn.detect.warm()
    call, quake = story_of(reborn, CALL), story_of(reborn, QUAKE)
    assert call is not None
    assert quake is not None
    assert call != quake
    assert reborn.window._apart == {frozenset((call, quake))}
    view = await view_of(reborn, quake)
    assert [item.outlet for item in view.items] == ["Sao Mai", "Hải Đăng"]
    assert view.roles[view.items[0].id].value == "new"
