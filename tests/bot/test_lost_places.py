"""Chats and topics that cannot be written to: given up once, and told to whoever can put it right."""

from datetime import timedelta

from monitor.notify.telegram import TelegramSender
from monitor.pipeline.compose import Composer
from monitor.pipeline.deliver import CLOSED_FOR_GOOD, Deliver
from monitor.pipeline.pace import Pace
from monitor.types import Address, AlertKind, ChatState, DedupeKey, NewAlert, WatchId
from tests.bot.house import CHANNEL, CHIEF, EDITOR, FORUM, GROUP, MEMBER, READER, ZONE, House

TOPIC = Address(FORUM, 7)


async def told(house: House, *addresses: Address, key: str = "k1", admins: tuple[int, ...] = (EDITOR,)) -> None:
    """A story is told to these places, by the service itself; then everything that waits is sent."""
    story = house.story(key=key)
    drafts = [
        NewAlert(each, AlertKind.ALERT, DedupeKey(f"{key}"), story_id=story, watch_ids=(WatchId("putin"),))
        for each in addresses
    ]
    with house.store.writing() as tx:
        tx.enqueue(drafts, now=house.clock.now)
    await sent(house, admins)


async def sent(house: House, admins: tuple[int, ...] = (EDITOR,)) -> None:
    watches = house.watchlist.named()
    deliver = Deliver(
        house.store,
        TelegramSender(house.bot, clock=house.clock),
        Composer(house.store, watches=lambda: watches, zone=ZONE),
        clock=house.clock,
        pace=Pace(per_second=10_000),
        admins=admins,
    )
    for _ in range(6):  # what a refusal enqueues is due a rest later
        for alert in await deliver.claim(limit=50):
            await deliver.deliver(alert)
        house.clock.now += timedelta(seconds=5)


def sends_to(house: House, chat: int, thread: int) -> int:
    calls = [call for call in house.api.calls if call.method == "sendMessage"]
    return sum(
        str(call.params.get("chat_id")) == str(chat) and str(call.params.get("message_thread_id") or 0) == str(thread)
        for call in calls
    )


async def forum_with_two_topics(house: House) -> None:
    await house.ask("/lang en", FORUM, user=CHIEF)
    for topic in (7, 8):
        await house.ask("/follow Putin, #nga", FORUM, user=CHIEF, topic=topic, lang="en")


async def test_a_deleted_topic_is_given_up_and_its_chat_is_told_how_to_go_on(house: House) -> None:
    async with house.serving():
        await forum_with_two_topics(house)
        house.api.delete_topic(FORUM, 7)
        await told(house, TOPIC, Address(FORUM, 8))
        assert await house.state(FORUM, 7) is ChatState.BLOCKED
        assert await house.state(FORUM, 8) is ChatState.ACTIVE
        in_general = [shown.text for shown in house.api.shown(FORUM) if shown.thread_id is None]
        assert "is gone: I write there no more" in in_general[-1]
        assert "/follow putin, #nga" in in_general[-1]
        tried = sends_to(house, FORUM, 7)
        await told(house, TOPIC, Address(FORUM, 8), key="k2")
        assert sends_to(house, FORUM, 7) == tried
        assert len([text for text in house.api.texts(FORUM) if "is gone" in text]) == 1
    assert len(house.api.shown(FORUM, 8)) == 3


async def test_a_message_that_fell_out_of_its_deleted_topic_is_taken_back(house: House) -> None:
    async with house.serving():
        await forum_with_two_topics(house)
        house.api.delete_topic(FORUM, 7, falls_out=True)
        await told(house, TOPIC)
        assert await house.state(FORUM, 7) is ChatState.BLOCKED
    in_general = [shown.text for shown in house.api.shown(FORUM) if shown.thread_id is None]
    assert [text for text in in_general if "🔔" in text] == []
    assert "is gone" in in_general[-1]


async def test_where_the_chat_cannot_be_told_who_brought_the_bot_in_is(house: House) -> None:
    house.api.add_chat(CHIEF)
    async with house.serving():
        await house.ask("/start", CHIEF, lang="en")
        await forum_with_two_topics(house)
        house.api.delete_topic(FORUM, 7)
        house.api.chats[FORUM].closed = {0}
        await told(house, TOPIC)
    assert "topic 7 of group" in house.api.texts(CHIEF)[-1].casefold()
    assert "is gone" in house.api.texts(CHIEF)[-1]
    assert await house.state(FORUM, 7) is ChatState.BLOCKED
    assert await house.state(FORUM, 8) is ChatState.ACTIVE


async def test_a_closed_topic_waits_for_days_and_is_given_up_then(house: House) -> None:
    async with house.serving():
        await forum_with_two_topics(house)
        house.api.chats[FORUM].closed = {7}
        await told(house, TOPIC)
        assert await house.state(FORUM, 7) is ChatState.ACTIVE
        house.api.chats[FORUM].closed = set()
        house.clock.now += timedelta(hours=1)
        await sent(house)
        assert len(house.api.shown(FORUM, 7)) == 2
        house.api.chats[FORUM].closed = {7}
        await told(house, TOPIC, key="k2")
        house.clock.now += timedelta(hours=7)  # late news is told as a digest
        await sent(house)
        assert await house.state(FORUM, 7) is ChatState.ACTIVE
        house.clock.now += CLOSED_FOR_GOOD
        await sent(house)
        assert await house.state(FORUM, 7) is ChatState.BLOCKED
    assert "has been closed for days" in house.api.texts(FORUM)[-1]


async def test_whoever_brought_the_bot_into_a_channel_hears_that_it_may_not_post(house: House) -> None:
    house.api.add_chat(CHIEF)
    async with house.serving():
        await house.ask("/start", CHIEF, lang="en")
        house.api.push_my_chat_member(CHANNEL, "administrator", user_id=CHIEF, may_post=False)
        await house.settled()
        assert await house.state(CHANNEL) is ChatState.BLOCKED
        await sent(house)
        told_so = house.api.texts(CHIEF)[-1]
        assert f"channel “Chat {CHANNEL}” ({CHANNEL})" in told_so
        assert "right to post messages" in told_so
        house.api.push_my_chat_member(CHANNEL, "administrator", old="administrator", user_id=CHIEF)
        await house.settled()
        assert await house.state(CHANNEL) is ChatState.ACTIVE


async def test_a_channel_that_takes_the_right_to_post_away_is_told_when_the_next_message_is_refused(
    house: House,
) -> None:
    house.api.add_chat(CHIEF)
    async with house.serving(admins=[EDITOR]):
        await house.ask("/lang en", EDITOR)
        await house.ask("/start", CHIEF, lang="en")
        house.api.push_my_chat_member(CHANNEL, "administrator", user_id=CHIEF)
        await house.ask("/follow Putin", CHANNEL)
        house.api.chats[CHANNEL].may_post = False
        await told(house, Address(CHANNEL))
    assert "I cannot write to channel" in house.api.texts(CHIEF)[-1]
    assert f"channel “Chat {CHANNEL}” ({CHANNEL})" in house.api.texts(EDITOR)[-1]


async def test_who_never_talked_to_the_bot_is_not_written_to(house: House) -> None:
    async with house.serving():
        house.api.push_my_chat_member(CHANNEL, "administrator", user_id=CHIEF, may_post=False)
        await house.settled()
        await sent(house)
    assert CHIEF not in house.api.chats
    assert await house.state(CHANNEL) is ChatState.BLOCKED


async def test_administrators_see_how_chats_are_called_now(house: House) -> None:
    house.api.chats[GROUP].title = "Ban Thế giới"
    async with house.serving(admins=[EDITOR]):
        await house.ask("/lang en", EDITOR)
        await house.ask("/follow Putin", GROUP, user=CHIEF)
        house.api.chats[GROUP].title = "Ban Quốc tế"
        await house.ask("/following", GROUP, user=CHIEF)
        alert = await house.alert(Address(GROUP), house.story())
        for user in (MEMBER, CHIEF):
            await house.press(alert, "Sai", user=user)
        assert "group “Ban Quốc tế” (-1000000000077) · 👎 2" in (await house.ask("/feedback", EDITOR)).text
        assert "Ban Quốc tế" in (await house.ask("/access", EDITOR)).text
        assert "Barred: group “Ban Quốc tế”" in (await house.ask(f"/access bar {GROUP}", EDITOR)).text
        assert "May come in: group “Ban Quốc tế”" in (await house.ask(f"/access allow {GROUP}", EDITOR)).text
        house.api.trouble("kicked", chat_id=GROUP, times=1)
        await told(house, Address(GROUP), key="k2")
        assert "Not delivered to group “Ban Quốc tế” (-1000000000077)" in house.api.texts(EDITOR)[-1]
    assert READER not in [chat for chat in house.api.chats if house.api.shown(chat)]
