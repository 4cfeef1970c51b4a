"""Channels of channels.yaml in the flow of news: registered, told, tried again, and never in Telegram's way."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.notify.apprise import ChannelSender
from monitor.notify.apprise_outcomes import FIRST_WAIT
from monitor.pipeline.channels import Channels, address_of
from monitor.pipeline.compose import Composer
from monitor.pipeline.deliver import WORTH_TELLING, Deliver, Delivered
from monitor.pipeline.digest import GatherNews
from monitor.pipeline.gathering import regathered
from monitor.pipeline.pace import Pace
from monitor.types import (
    OUTSIDE_BELOW,
    Address,
    AlertKind,
    AlertState,
    Channel,
    Chat,
    ChatKind,
    ChatState,
    Preferences,
    Target,
)
from tests.flow import READER, Flow
from tests.pipeline.flow_news import CALL, LEAD, QUAKE, QUAKE_LEAD, started
from tests.pipeline.test_crash_lines import WHY, WHY_LEAD
from tests.sinks import WebSink, web_sink

ADMIN = 9


def channel(id_: str, port: int, *follow: str, **preferences: object) -> Channel:
    targets = tuple(Target(each) for each in follow or ("*",))
    return Channel(id_, f"json://127.0.0.1:{port}/{id_}", targets, preferences=Preferences(**preferences))  # type: ignore[arg-type]


class Post:
    """What brings news to channels: the outbox's other half, beside a flow's own."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.channels = Channels(flow.store, clock=flow.clock)
        self.sender = ChannelSender(lambda: self.channels.by_address, clock=flow.clock)
        self.deliver = Deliver(
            flow.store,
            self.sender,
            Composer(flow.store, watches=lambda: flow.active.watches, zone=ZoneInfo("Asia/Ho_Chi_Minh")),
            clock=flow.clock,
            pace=Pace(per_second=10_000),
            admins=[ADMIN],
            outside=True,
        )

    async def bring(self) -> list[Delivered]:
        came: list[Delivered] = []
        for _ in range(3):
            came += [await self.deliver.deliver(alert) for alert in await self.deliver.claim(limit=4)]
            self.flow.clock.turn(timedelta(seconds=2))
        return came


async def opened(flow: Flow, *channels: Channel) -> Post:
    await started(flow)
    post = Post(flow)
    await post.channels.register(channels)
    return post


def chat_of(flow: Flow, which: Channel) -> Chat:
    with flow.store.reading() as tx:
        chat = tx.chat(address_of(which))
    assert chat is not None
    return chat


def rows(flow: Flow, which: Channel) -> list[tuple[AlertKind, AlertState]]:
    """What the outbox has of a channel's news."""
    with flow.store.reading() as tx:
        stories = {placed.story_id for placed in tx.placed_since(flow.clock() - timedelta(days=9))}
        found = [alert for alerts in tx.alerts_of_stories(stories).values() for alert in alerts]
    mine = sorted((alert for alert in found if alert.address == address_of(which)), key=lambda alert: alert.id)
    return [(alert.kind, alert.state) for alert in mine]


def titles(sink: WebSink) -> list[str]:
    return [str(note["title"]) for note in sink.taken]


def publish(flow: Flow, title: str = CALL, lead: str = LEAD, number: str = "1", feed: str = "ben-song") -> None:
    flow.fetcher.publish(feed, number, title, lead)


# ---------------------------------------------------------------- who they are


def test_an_address_is_the_ids_alone_and_none_of_telegrams() -> None:
    one, same, other = channel("mot", 1), channel("mot", 2, "putin"), channel("hai", 1)
    assert address_of(one) == address_of(same) != address_of(other)
    assert -(2**53) < address_of(one).chat_id < OUTSIDE_BELOW
    assert address_of(one).is_outside
    assert not Address(-1_009_999_999_999).is_outside


async def test_channels_are_chats_with_what_the_file_says(flow: Flow) -> None:
    mail = channel("ban-tin", 1, "putin", "#nga", quiet=("22:00", "06:30"), digest_hours=("07:00",))
    post = await opened(flow, mail)
    chat = chat_of(flow, mail)
    assert (chat.kind, chat.title, chat.lang, chat.state) == (ChatKind.OUTSIDE, "ban-tin", "vi", ChatState.ACTIVE)
    assert chat.preferences == Preferences(digest_hours=("07:00",), quiet=("22:00", "06:30"))
    changed = channel("ban-tin", 1, "#nga", "netanyahu")
    await post.channels.register([changed])
    with flow.store.reading() as tx:
        assert tx.following(address_of(mail)) == [Target("#nga"), Target("netanyahu")]
    assert chat_of(flow, mail).preferences == Preferences()
    assert chat_of(flow, mail).joined_at == chat.joined_at


async def test_when_its_news_waits_is_asked_when_its_hours_change_and_not_at_every_start(flow: Flow) -> None:
    asked: list[tuple[str, ...]] = []

    def gathers(chat: Chat, now: datetime) -> Chat:
        asked.append(chat.preferences.digest_hours)
        return replace(chat, gather_from=now, gather_until=now + timedelta(hours=3))

    begins = flow.clock()
    for hours in (("07:00",), ("07:00",), ("18:00",)):
        channels = Channels(flow.store, clock=flow.clock, gathers=gathers)
        await channels.register([channel("mot", 1, digest_hours=hours)])
        flow.clock.turn(timedelta(hours=1))
    assert asked == [("07:00",), ("18:00",)]
    assert chat_of(flow, channel("mot", 1)).gather_until == begins + timedelta(hours=5)


async def test_a_channel_with_digest_hours_gets_its_news_together_at_its_hour(flow: Flow) -> None:
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    async with web_sink() as sink:
        mine = channel("mot", sink.port, digest_hours=("18:00",))  # it is 8:00
        await started(flow)
        post = Post(flow)
        post.channels = Channels(flow.store, clock=flow.clock, gathers=lambda chat, now: regathered(chat, zone, now))
        await post.channels.register([mine])
        gather = GatherNews(flow.store, clock=flow.clock, zone=zone)
        for number, (title, lead) in enumerate(((CALL, LEAD), (QUAKE, QUAKE_LEAD))):
            publish(flow, title, lead, str(number))
            await flow.poll_later()
            assert await post.bring() == []
        flow.clock.turn(timedelta(hours=11))
        for address in await gather.claim(limit=8):
            await gather.gather(address)
        await post.bring()
    (note,) = sink.taken
    assert CALL in note["message"]
    assert QUAKE in note["message"]


async def test_a_channel_that_is_gone_gets_nothing_of_what_waited_and_may_come_again(flow: Flow) -> None:
    async with web_sink() as sink:
        mine = channel("mot", sink.port)
        post = await opened(flow, mine)
        publish(flow)
        await flow.poll_later()
        await post.channels.register([])
        assert chat_of(flow, mine).state is ChatState.BARRED
        assert await post.bring() == []
        await post.channels.register([mine])
        assert chat_of(flow, mine).state is ChatState.ACTIVE
        assert await post.bring() == []
        publish(flow, QUAKE, QUAKE_LEAD, "2")
        await flow.poll_later()
        await post.bring()
    assert len(sink.taken) == 1
    assert QUAKE in sink.taken[0]["title"]
    assert rows(flow, mine)[0] == (AlertKind.ALERT, AlertState.SKIPPED)


async def test_an_installation_without_channels_writes_nothing(flow: Flow) -> None:
    post = await opened(flow)
    with flow.store.reading() as tx:
        assert [chat.kind for chat in tx.chats()] == [ChatKind.PRIVATE]
    assert await post.bring() == []


# ---------------------------------------------------------------- what they get


async def test_news_goes_to_chats_and_channels_alike_and_no_later_outlet_is_an_edit_there(flow: Flow) -> None:
    async with web_sink() as sink:
        mine, other = channel("mot", sink.port, "putin"), channel("hai", sink.port, "dong-dat")
        post = await opened(flow, mine, other)
        publish(flow)
        await flow.poll_later()
        assert [each.state for each in await post.bring()] == [AlertState.SENT]
        await flow.send()
        publish(flow, number="2", feed="sao-mai")
        await flow.poll_later()
        await flow.send()
        await post.bring()
    assert titles(sink) == [f"Vladimir Putin: {CALL}"]
    assert [message.edits is not None for message in flow.phone.accepted] == [False, True]
    assert rows(flow, mine) == [(AlertKind.ALERT, AlertState.SENT), (AlertKind.EDIT, AlertState.SKIPPED)]


async def test_what_would_be_a_line_in_an_earlier_message_is_a_message_in_a_channel(flow: Flow) -> None:
    async with web_sink() as sink:
        mine = channel("mot", sink.port, "dong-dat")
        post = await opened(flow, mine)
        publish(flow, QUAKE, QUAKE_LEAD)
        await flow.poll_later()
        await post.bring()
        publish(flow, WHY, WHY_LEAD, "2", "sao-mai")
        await flow.poll_later(timedelta(hours=1))
        await post.bring()
    assert [WHY in title for title in titles(sink)] == [False, True]


async def test_a_server_that_is_away_gets_everything_when_it_is_back_and_admins_hear_after_a_while(
    flow: Flow, unused_tcp_port: int
) -> None:
    mine = channel("mot", unused_tcp_port, "putin")
    post = await opened(flow, mine)
    publish(flow)
    await flow.poll_later()
    (first,) = await post.bring()
    assert (first.state, first.why) == (AlertState.PENDING, "no answer: ConnectionError")
    assert await post.bring() == [], "it rests"
    flow.clock.turn(FIRST_WAIT + WORTH_TELLING)
    (again,) = await post.bring()
    assert again.alert.attempts == 1, "what never left is no try"
    await flow.send()
    notices = [message.html for message in flow.phone.new if message.address.chat_id == ADMIN]
    assert len(notices) == 1
    assert "mot" in notices[0]
    assert "no answer: ConnectionError" in notices[0]
    async with web_sink() as sink:
        await post.channels.register([channel("mot", sink.port, "putin")])  # its address was mended
        flow.clock.turn(timedelta(hours=1))
        await post.bring()
    assert len(sink.taken) == 1


@pytest.mark.parametrize(("status", "times"), [(403, 1), (502, 2), (413, 1)])
async def test_no_answer_makes_a_message_come_more_than_twice(flow: Flow, status: int, times: int) -> None:
    async with web_sink(status) as sink:
        mine = channel("mot", sink.port, "putin")
        post = await opened(flow, mine)
        publish(flow)
        await flow.poll_later()
        for _ in range(4):
            await post.bring()
            flow.clock.turn(FIRST_WAIT)
            if status == 403:
                sink.status = 200
        ended = {403: AlertState.SENT, 502: AlertState.UNCERTAIN, 413: AlertState.REFUSED}[status]
        assert rows(flow, mine) == [(AlertKind.ALERT, ended)]
    assert len(sink.taken) == times + (status == 403)


async def test_a_death_between_sending_and_settling_repeats_one_message_at_most(flow: Flow) -> None:
    async with web_sink() as sink:
        mine = channel("mot", sink.port, "putin")
        post = await opened(flow, mine)
        publish(flow)
        await flow.poll_later()
        (alert,) = await post.deliver.claim(limit=4)
        composed = await post.deliver._composer.compose(alert, now=flow.clock())
        assert composed is not None
        await post.sender.send(composed.message)  # and here the process dies
        with flow.store.writing() as tx:
            tx.forget_leases(now=flow.clock())
        after = Post(flow)
        await after.channels.register([mine])
        await after.bring()
        await after.bring()
    assert len(sink.taken) == 2
    assert rows(flow, mine) == [(AlertKind.ALERT, AlertState.SENT)]


async def test_channels_go_on_while_telegram_is_out_of_reach_and_telegram_while_channels_are(
    flow: Flow, unused_tcp_port: int
) -> None:
    async with web_sink() as sink:
        well, dead = channel("mot", sink.port), channel("hai", unused_tcp_port)
        post = await opened(flow, well, dead)
        flow.phone.is_out = "blocked here"
        publish(flow)
        await flow.poll_later()
        await flow.send()
        assert {each.state for each in await post.bring()} == {AlertState.SENT, AlertState.PENDING}
        assert len(sink.taken) == 1
        flow.phone.is_out = ""
        flow.clock.turn(timedelta(minutes=2))
        await flow.send()
    assert [message.address for message in flow.phone.new] == [READER]


async def test_what_waited_for_hours_in_a_channel_comes_as_one_digest(flow: Flow, unused_tcp_port: int) -> None:
    post = await opened(flow, channel("mot", unused_tcp_port))
    publish(flow)
    await flow.poll_later()
    publish(flow, QUAKE, QUAKE_LEAD, "2")
    await flow.poll_later()
    await post.bring()
    async with web_sink() as sink:
        await post.channels.register([channel("mot", sink.port)])
        flow.clock.turn(timedelta(hours=7))
        await post.bring()
    assert len(sink.taken) == 1
    assert CALL in sink.taken[0]["message"]
    assert QUAKE in sink.taken[0]["message"]
