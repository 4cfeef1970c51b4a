"""Stories that merge after chats were told: what is on their phones is corrected by edits, and never rings."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from monitor.notify.telegram import TelegramSender, build_bot
from monitor.store.transaction import Store
from monitor.types import Address, AlertState, Item, Later, Match, Message, Outcome
from tests.bot_api import BotApi
from tests.fakes_sender import FakeSender
from tests.flow import READER, FakeClock, Flow
from tests.revising import CALL, CALL_LEAD, OTHER, TALK, TALK_LEAD, merging, rows_of, scripted, story_of, view_of


@pytest.fixture
def flow(store: Store) -> Flow:
    return scripted(Flow(store), merging(CALL, TALK, from_outlet="Hải Đăng"))


async def told_of_both(flow: Flow) -> Flow:
    """READER is told of two stories; OTHER, who follows whom only the second names, of that one."""
    await flow.subscribe(READER, "putin")
    await flow.subscribe(OTHER, "netanyahu")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", TALK, TALK_LEAD)
    await flow.on()
    return flow


async def shown_as_one(flow: Flow, *, by: timedelta = timedelta(minutes=10)) -> None:
    """A third outlet writes what shows that both are one."""
    flow.fetcher.publish("hai-dang", "3", TALK, TALK_LEAD)
    await flow.on(by)


async def test_of_two_messages_the_later_says_that_it_is_one_with_the_earlier(flow: Flow) -> None:
    await told_of_both(flow)
    assert [message.address for message in flow.phone.new] == [READER, OTHER, READER]
    await shown_as_one(flow)
    assert len(flow.phone.new) == 3
    first, second = flow.phone.shown[READER.chat_id, 1].html, flow.phone.shown[READER.chat_id, 3].html
    assert CALL in first.splitlines()[1]
    assert "+2 báo: Sao Mai, Hải Đăng" in first
    assert f"🔗 Cùng một chuyện với tin lúc 08:10: {CALL}" in second
    assert TALK in second.splitlines()[1]
    assert "Hải Đăng" not in second


async def test_the_later_message_gains_nothing_more(flow: Flow) -> None:
    await told_of_both(flow)
    await shown_as_one(flow)
    settled = flow.phone.shown[READER.chat_id, 3]
    accepted = len(flow.phone.accepted)
    flow.fetcher.publish("hai-dang", "4", CALL, CALL_LEAD)
    flow.fetcher.publish("sao-mai", "5", TALK, TALK_LEAD)
    await flow.on()
    assert flow.phone.shown[READER.chat_id, 3] is settled
    assert all(message.edits is not None for message in flow.phone.accepted[accepted:])


async def test_a_chat_that_knew_only_the_second_story_goes_on_with_its_message(flow: Flow) -> None:
    await told_of_both(flow)
    await shown_as_one(flow)
    html = flow.phone.shown[OTHER.chat_id, 2].html
    assert TALK in html.splitlines()[1]
    assert "🔗" not in html
    assert "+2 báo: Bến Sông, Hải Đăng" in html
    flow.fetcher.publish("hai-dang", "4", CALL, CALL_LEAD)
    flow.fetcher.publish("ben-song", "5", TALK, TALK_LEAD)
    await flow.on()
    assert [message.address for message in flow.phone.new] == [READER, OTHER, READER]


async def test_a_muted_story_stays_muted_under_its_new_name(flow: Flow) -> None:
    await told_of_both(flow)
    gone = story_of(flow, TALK)
    assert gone is not None
    with flow.store.writing() as tx:
        tx.mute(READER, gone, now=flow.clock())
    before = len([m for m in flow.phone.accepted if m.address == READER])
    await shown_as_one(flow)
    assert len([m for m in flow.phone.accepted if m.address == READER]) == before
    with flow.store.reading() as tx:
        assert READER in tx.muted(gone)


async def test_an_alert_that_waits_is_not_sent_where_the_other_story_was_told(flow: Flow) -> None:
    await flow.subscribe(READER, "putin")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    until = flow.clock() + timedelta(hours=1)
    flow.phone.plans.append(lambda message: Later(until, "flood control"))
    flow.fetcher.publish("sao-mai", "2", TALK, TALK_LEAD)
    await flow.on()
    await shown_as_one(flow)
    await flow.on(timedelta(hours=1))
    assert len(flow.phone.new) == 1
    assert "+2 báo: Sao Mai, Hải Đăng" in flow.phone.shown[READER.chat_id, 1].html


async def test_the_message_that_arrived_goes_on_when_the_earlier_one_never_left(flow: Flow) -> None:
    await flow.subscribe(READER, "putin")
    await flow.start()
    until = flow.clock() + timedelta(hours=1)
    flow.phone.plans.append(lambda message: Later(until, "flood control"))
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    with flow.store.writing() as tx:
        tx.hold_chat(READER.chat_id, flow.clock())
    flow.clock.turn(timedelta(hours=1))
    assert [each.state for each in await flow.send()] == [AlertState.SENT]
    flow.fetcher.publish("sao-mai", "2", TALK, TALK_LEAD)
    await flow.on()
    await shown_as_one(flow)
    assert len(flow.phone.new) == 2
    assert "🔗" in flow.phone.shown[READER.chat_id, 2].html


class Interrupted(FakeSender):
    """A phone on whose way something happens while a message is under way."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: list[Callable[[], Awaitable[None]]] = []

    async def send(self, message: Message) -> Outcome:
        while self.meanwhile:
            await self.meanwhile.pop()()
        return await super().send(message)


@pytest.mark.parametrize("address", [READER, OTHER])
async def test_a_merge_while_the_message_is_under_way_settles_right(store: Store, address: Address) -> None:
    phone = Interrupted()
    flow = scripted(Flow(store, phone), merging(CALL, TALK, from_outlet="Hải Đăng"))
    await flow.subscribe(address, "putin" if address == READER else "netanyahu")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", TALK, TALK_LEAD)
    await flow.poll_later()

    async def merge() -> None:
        flow.fetcher.publish("hai-dang", "3", TALK, TALK_LEAD)
        await flow.poll_later()

    phone.meanwhile.append(merge)
    await flow.send()
    await flow.on()
    last = phone.shown[address.chat_id, len(phone.new)].html
    assert len(phone.new) == (2 if address == READER else 1)
    assert ("🔗" in last) == (address == READER)
    assert ("+2 báo" in last) == (address == OTHER)


async def test_a_claimed_alert_whose_story_merges_before_it_is_composed_is_not_sent(flow: Flow) -> None:
    await flow.subscribe(READER, "putin")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", TALK, TALK_LEAD)
    await flow.poll_later()
    (claimed,) = await flow.deliver.claim(limit=1)
    flow.fetcher.publish("hai-dang", "3", TALK, TALK_LEAD)
    await flow.poll_later()
    assert (await flow.deliver.deliver(claimed)).state is AlertState.SKIPPED
    await flow.on()
    assert len(flow.phone.new) == 1
    assert "+2 báo: Sao Mai, Hải Đăng" in flow.phone.shown[READER.chat_id, 1].html


async def test_a_claimed_alert_of_the_only_story_that_a_chat_heard_of_is_sent(flow: Flow) -> None:
    await flow.subscribe(OTHER, "netanyahu")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", TALK, TALK_LEAD)
    await flow.poll_later()
    (claimed,) = await flow.deliver.claim(limit=1)
    flow.fetcher.publish("hai-dang", "3", TALK, TALK_LEAD)
    await flow.poll_later()
    assert (await flow.deliver.deliver(claimed)).state is AlertState.SENT
    await flow.on()
    assert len(flow.phone.new) == 1
    assert "+2 báo: Bến Sông, Hải Đăng" in flow.phone.shown[OTHER.chat_id, 1].html


@dataclass
class SlowWords:
    """A tagger that takes so long that something happens meanwhile."""

    meanwhile: list[Callable[[], Awaitable[None]]]

    async def warm_up(self) -> None:
        return

    async def sentences(self, text: str) -> tuple[tuple[int, int], ...]:
        return ()

    async def second_opinion(self, item: Item, matches: Sequence[Match]) -> tuple[Match, ...]:
        while self.meanwhile:
            await self.meanwhile.pop()()
        return tuple(matches)


async def test_a_full_text_that_was_on_its_way_during_the_merge_rings_for_nobody_who_was_told(flow: Flow) -> None:
    await flow.subscribe(READER, "putin")
    await flow.start()
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    page = flow.fetcher.publish("sao-mai", "2", TALK, "Văn phòng của ông Netanyahu cho hay phía bên kia đã đồng ý.")
    flow.reader.pages[page.url] = "Ông Putin chưa bình luận về cuộc trao đổi với ông Netanyahu, theo hãng tin sở tại."
    await flow.poll_later()
    (wanted,) = await flow.enrich.claim(limit=5)

    async def merge() -> None:
        flow.fetcher.publish("hai-dang", "3", TALK, "Văn phòng của ông Netanyahu cho hay phía bên kia đã đồng ý.")
        await flow.poll_later()

    flow.detect._judge._nlp = SlowWords([merge])
    await flow.enrich.read(wanted)
    await flow.on()
    assert len(flow.phone.new) == 1
    assert "+2 báo: Sao Mai, Hải Đăng" in flow.phone.shown[READER.chat_id, 1].html
    firsts = [key for key, _ in await rows_of(flow, READER) if key.startswith("story:")]
    assert firsts == [f"story:{story_of(flow, CALL)}"]


async def test_a_digest_names_a_merged_story_once(flow: Flow) -> None:
    await flow.subscribe(READER, "putin")
    await flow.start()
    until = flow.clock() + timedelta(hours=7)
    with flow.store.writing() as tx:
        tx.hold_chat(READER.chat_id, until)
    flow.fetcher.publish("ben-song", "1", CALL, CALL_LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", TALK, TALK_LEAD)
    await flow.on()
    await shown_as_one(flow)
    await flow.on(timedelta(hours=7))
    assert len(flow.phone.new) == 1
    assert TALK not in flow.phone.new[0].html


async def test_a_restarted_process_knows_the_story_as_it_is_now(flow: Flow) -> None:
    await told_of_both(flow)
    await shown_as_one(flow)
    reborn = Flow(flow.store, flow.phone, flow.fetcher, flow.reader, flow.clock)
    await reborn.detect.warm()
    assert story_of(reborn, CALL) == story_of(reborn, TALK) == story_of(flow, CALL)
    reborn.fetcher.publish("ben-song", "9", TALK, TALK_LEAD)
    await reborn.on()
    assert len(flow.phone.new) == 3


async def test_what_is_asked_about_the_old_story_is_answered_by_the_new(flow: Flow) -> None:
    await told_of_both(flow)
    gone, into = story_of(flow, TALK), story_of(flow, CALL)
    await shown_as_one(flow)
    assert (await view_of(flow, gone)).story.id == into
    assert len((await view_of(flow, gone)).items) == 3
    with flow.store.reading() as tx:
        asked = tx.alert_by_message(READER, 3)
        assert asked is not None
        assert tx.alert(asked.id) == asked
    assert asked.story_id == gone


async def test_on_telegram_the_corrections_are_edits(store: Store) -> None:
    async with BotApi() as api:
        api.add_chat(READER.chat_id)
        api.add_chat(OTHER.chat_id)
        async with build_bot(api.token, api.url) as bot:
            clock = FakeClock()
            flow = Flow(store, TelegramSender(bot, clock=clock), clock=clock)
            scripted(flow, merging(CALL, TALK, from_outlet="Hải Đăng"))
            await told_of_both(flow)
            await shown_as_one(flow)
        assert len(api.accepted("sendMessage")) == 3
        first, second = api.shown(READER.chat_id)
        assert f"🔗 Cùng một chuyện với tin lúc 08:10: {CALL}" in second.text
        assert "Sao Mai, Hải Đăng" in first.text
        assert len(second.data()) == 3
        (only,) = api.shown(OTHER.chat_id)
        assert "Bến Sông, Hải Đăng" in only.text
