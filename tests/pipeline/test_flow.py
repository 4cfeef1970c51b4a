"""From a feed to a message, through the real store, window and matcher; only the outside is played."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.types import Address, ChatState, Target
from tests.flow import READER, Flow
from tests.pipeline.flow_news import CALL, LEAD, QUAKE, QUAKE_LEAD, started


async def test_a_mention_in_a_feed_becomes_one_message(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    assert len(flow.phone.new) == 1
    html = flow.phone.new[0].html
    assert "<b>Vladimir Putin</b>" in html.splitlines()[0]
    assert CALL in html
    assert "Bến Sông" in html.splitlines()[-1]


async def test_a_chat_that_follows_something_else_hears_nothing(flow: Flow) -> None:
    await started(flow, "dong-dat")
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    assert flow.phone.accepted == []


@pytest.mark.parametrize("target", ["#nga", "*", "putin"])
async def test_a_tag_everything_or_an_id_each_reach_the_chat(flow: Flow, target: str) -> None:
    await started(flow, target)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    assert len(flow.phone.new) == 1


async def test_a_retitled_article_is_not_told_again(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    flow.fetcher.retitle("ben-song", "1", "Ông Putin nói gì với ông Netanyahu")
    await flow.on()
    assert len(flow.phone.new) == 1


async def test_one_story_from_three_outlets_at_once_makes_one_message_that_names_them(flow: Flow) -> None:
    await started(flow)
    for feed in flow.feeds:
        flow.fetcher.publish(feed, "1", CALL, LEAD)
    await flow.on()
    assert len(flow.phone.accepted) == 1
    last = flow.phone.accepted[0].html.splitlines()[-1]
    assert "+2 báo" in last
    assert "Hải Đăng" in last


async def test_a_later_outlet_edits_the_message_and_does_not_ring(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "7", CALL, LEAD)
    await flow.on()
    assert len(flow.phone.new) == 1
    assert "+1 báo: Sao Mai" in flow.phone.shown[READER.chat_id, 1].html
    flow.fetcher.publish("hai-dang", "9", CALL, LEAD)
    await flow.on()
    assert len(flow.phone.new) == 1
    assert "+2 báo: Sao Mai, Hải Đăng" in flow.phone.shown[READER.chat_id, 1].html


async def test_a_round_up_rings_only_for_whom_it_is_news(flow: Flow) -> None:
    await started(flow, "putin")
    other = Address(1002)
    await flow.subscribe(other, "dong-dat")
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", "Tin thế giới 23/8: Ông Putin điện đàm; Động đất ở Indonesia; Giá dầu", "")
    await flow.on()
    rung = [(message.address, "Tin thế giới" in message.html) for message in flow.phone.new]
    assert rung == [(READER, False), (other, True)]
    flow.clock.turn(timedelta(days=2))
    flow.fetcher.publish("sao-mai", "3", "Tin thế giới 25/8: Ông Putin thăm Minsk; Bầu cử ở Peru; Giá dầu giảm", "")
    await flow.on()
    assert flow.phone.new[-1].address == READER, "two days later it is the only word of him"


async def test_two_stories_make_two_messages_oldest_first(flow: Flow) -> None:
    await started(flow, "*")
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.on()
    assert [CALL in flow.phone.new[0].html, QUAKE in flow.phone.new[1].html] == [True, True]


async def test_the_full_text_brings_a_mention_and_a_better_summary(flow: Flow) -> None:
    await started(flow, "dong-dat")
    await flow.subscribe(Address(2002), "netanyahu")
    entry = flow.fetcher.publish("ben-song", "1", QUAKE, QUAKE_LEAD)
    flow.reader.pages[entry.url] = (
        f"{QUAKE_LEAD}\n"
        "Cơ quan khí tượng Indonesia cho biết tâm chấn động đất nằm ở độ sâu 60 km và không gây sóng thần ven biển.\n"
        "Thủ tướng Israel Benjamin Netanyahu đã gửi điện thăm hỏi người dân trên đảo ngay trong buổi sáng."
    )
    await flow.on()
    assert [message.address.chat_id for message in flow.phone.new] == [READER.chat_id, 2002]
    assert "tâm chấn" in flow.phone.shown[READER.chat_id, 1].html


async def test_a_page_that_cannot_be_read_delays_and_loses_nothing(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)  # no page behind it: the reader answers 404
    await flow.on()
    assert len(flow.phone.new) == 1


async def test_a_muted_story_says_nothing_more(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    with flow.store.writing() as tx:
        views = tx.latest_stories(None, since=flow.clock() - timedelta(days=1), limit=1)
        tx.mute(READER, views[0].story.id, now=flow.clock())
    flow.fetcher.publish("sao-mai", "7", CALL, LEAD)
    await flow.on()
    assert len(flow.phone.accepted) == 1


async def test_a_paused_chat_catches_up_with_one_digest(flow: Flow) -> None:
    await started(flow, "*")
    with flow.store.writing() as tx:
        chat = tx.chat(READER)
        assert chat is not None
    with flow.store.writing() as tx:
        tx.save_chat(replace(chat, state=ChatState.PAUSED))
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.on()
    assert flow.phone.accepted == []
    with flow.store.writing() as tx:
        tx.save_chat(replace(chat, state=ChatState.ACTIVE))
    await flow.on(timedelta(hours=7))
    assert len(flow.phone.new) == 1
    assert CALL in flow.phone.new[0].html
    assert QUAKE in flow.phone.new[0].html


async def test_following_is_by_target_and_unfollowing_ends_it(flow: Flow) -> None:
    await started(flow)
    with flow.store.writing() as tx:
        tx.unfollow(READER, Target("putin"))
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    assert flow.phone.accepted == []
