"""News that waits for an hour, for the end of the quiet or of a pause, and is then told together."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from monitor.notify.digest_layout import Occasion
from monitor.pipeline.dedupe_keys import first_key
from monitor.pipeline.digest import STORIES_A_PART, follow_clock, prefer, resume, tell_together
from monitor.store.tables import chats
from monitor.store.transaction import Store
from monitor.types import (
    Address,
    AlertKind,
    Chat,
    ChatState,
    NewAlert,
    Preferences,
    Priority,
    StoryId,
    WatchId,
)
from tests.flow import READER, ZONE, Flow
from tests.pipeline.flow_news import CALL, LEAD, QUAKE, QUAKE_LEAD
from tests.store_samples import alert, enqueue, save_story

TWICE = Preferences(digest_hours=("09:00", "18:00"))  # the clock begins at eight
NIGHT = Preferences(quiet=("07:30", "09:00"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def flow(store: Store) -> Flow:
    flow = Flow(store)
    await flow.subscribe(READER, "*")
    await flow.start()
    return flow


def chat_of(flow: Flow) -> Chat:
    with flow.store.reading() as tx:
        chat = tx.chat(READER)
    assert chat is not None
    return chat


def set_to(flow: Flow, preferences: Preferences, **changed: Any) -> None:
    with flow.store.writing() as tx:
        chat = replace(tx.locked_chat(READER) or chat_of(flow), **changed)
        prefer(tx, chat, preferences, zone=ZONE, now=flow.clock())


async def waiting(flow: Flow, number: int, *, priority: Priority = Priority.NORMAL, begin: int = 0) -> list[StoryId]:
    """That many stories wait for READER."""
    stories = [await save_story(flow.store, f"bai-{n}", seen_at=flow.clock()) for n in range(begin, begin + number)]
    for story in stories:
        row = NewAlert(
            READER, AlertKind.ALERT, first_key(story), story, watch_ids=(WatchId("putin"),), priority=priority
        )
        await enqueue(flow.store, row, now=flow.clock())
    return stories


def rung(flow: Flow) -> list[str]:
    return [message.html for message in flow.phone.new]


async def test_news_waits_for_its_hour_and_is_told_once(flow: Flow) -> None:
    set_to(flow, TWICE)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.on()
    assert rung(flow) == []
    await flow.on(timedelta(minutes=48))
    assert rung(flow) == []
    await flow.on(timedelta(minutes=2))
    (html,) = rung(flow)
    assert "09:00" in html
    assert all(title in html for title in (CALL, QUAKE))
    assert chat_of(flow).gather_until == flow.clock().replace(hour=11, minute=0, second=0)
    await flow.on(timedelta(days=1))
    assert len(rung(flow)) == 1


async def test_the_sentence_that_names_the_watch_stands_beside_the_title(flow: Flow) -> None:
    set_to(flow, TWICE)
    flow.fetcher.publish("ben-song", "1", CALL, f"Cuộc điện đàm kéo dài gần một giờ tối thứ hai. {LEAD}")
    await flow.on(HOUR)
    await flow.on()
    assert f"– {LEAD}" in rung(flow)[0]


async def test_later_outlets_of_a_told_story_are_silent_and_a_development_replies_to_the_digest(flow: Flow) -> None:
    set_to(flow, NIGHT)
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.on()
    await flow.on(HOUR)
    assert "🗞" in rung(flow)[0]
    flow.fetcher.publish("ben-song", "3", QUAKE, QUAKE_LEAD)
    await flow.on()
    assert len(flow.phone.accepted) == 1
    told = "Động đất 6,1 độ ở miền đông Indonesia: 21 người chết, hàng trăm người mất nhà"
    flow.fetcher.publish("hai-dang", "4", told, "Số người chết trong trận động đất mạnh 6,1 độ ở Maluku tăng lên 21.")
    await flow.on(timedelta(minutes=40))
    assert len(flow.phone.new) == 2
    assert "↪️" in rung(flow)[1]
    assert flow.phone.new[1].reply_to == 1


async def test_a_story_that_has_moved_on_while_it_waited_is_told_as_it_is_now(flow: Flow) -> None:
    set_to(flow, TWICE)
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.on()
    told = "Động đất 6,1 độ ở miền đông Indonesia: 21 người chết, hàng trăm người mất nhà"
    flow.fetcher.publish("hai-dang", "4", told, "Số người chết trong trận động đất mạnh 6,1 độ ở Maluku tăng lên 21.")
    await flow.on(timedelta(minutes=40))
    await flow.on(timedelta(minutes=10))
    (html,) = rung(flow)
    assert told in html
    assert QUAKE not in html
    assert "+1" in html


async def test_what_is_urgent_passes_and_leaves_the_rest_waiting(flow: Flow) -> None:
    set_to(flow, TWICE)
    await waiting(flow, 3)
    await waiting(flow, 1, priority=Priority.HIGH, begin=3)
    await flow.send()
    (html,) = rung(flow)
    assert "🔔" in html


async def test_a_late_urgent_alert_does_not_take_along_what_waits(flow: Flow) -> None:
    set_to(flow, replace(TWICE, digest_hours=("18:00",)))
    await waiting(flow, 3)
    await waiting(flow, 1, priority=Priority.HIGH, begin=3)
    flow.clock.turn(timedelta(hours=8))
    await flow.send()
    (html,) = rung(flow)
    assert "🔔" in html


async def test_words_of_the_service_pass_behind_news_that_waits(flow: Flow) -> None:
    set_to(flow, TWICE)
    await waiting(flow, 2)
    await enqueue(
        flow.store, NewAlert(READER, AlertKind.NOTICE, alert("n").dedupe_key, text="Lời nhắn"), now=flow.clock()
    )
    await flow.send()
    assert rung(flow) == ["Lời nhắn"]


async def test_quiet_hours_end_in_one_digest_and_then_news_rings_by_itself(flow: Flow) -> None:
    set_to(flow, NIGHT)
    await waiting(flow, 2)
    await flow.on(HOUR)
    await waiting(flow, 1, begin=2)
    await flow.on(timedelta(minutes=1))
    first, second = rung(flow)
    assert first.count("• ") == 2
    assert "🔔" in second


@pytest.mark.parametrize("number", [STORIES_A_PART, STORIES_A_PART + 1, 100])
async def test_a_digest_of_many_stories_has_parts_and_names_each_once(flow: Flow, number: int) -> None:
    set_to(flow, TWICE)
    await waiting(flow, number)
    await flow.on(HOUR)
    for _ in range(10):
        await flow.send()
    links = [url for html in rung(flow) for url in re.findall(r"bai-\d+\.html", html)]
    assert sorted(links) == sorted(f"bai-{n}.html" for n in range(number))
    assert [f"{n}/{len(rung(flow))}" in html for n, html in enumerate(rung(flow), 1)] == [
        number > STORIES_A_PART
    ] * len(rung(flow))


async def test_lines_in_a_message_that_was_not_sent_are_told_with_it_however_many(flow: Flow) -> None:
    set_to(flow, TWICE)
    first, *others = await waiting(flow, 1) + [
        await save_story(flow.store, f"dong-{n}", seen_at=flow.clock()) for n in range(45)
    ]
    lines = [
        NewAlert(READER, AlertKind.ALERT, first_key(story), story, under=first_key(first), is_line=True)
        for story in others
    ]
    await enqueue(flow.store, *lines, now=flow.clock())
    await flow.on(HOUR)
    for _ in range(3):
        await flow.send()
    links = {url for html in rung(flow) for url in re.findall(r"(?:bai|dong)-\d+\.html", html)}
    assert len(links) == 46


async def test_a_pause_that_runs_out_gives_what_was_missed_as_one_digest(flow: Flow) -> None:
    set_to(flow, Preferences(), state=ChatState.PAUSED, paused_until=flow.clock() + HOUR)
    await waiting(flow, 2)
    await waiting(flow, 1, priority=Priority.HIGH, begin=2)
    await flow.on(timedelta(minutes=50))
    assert rung(flow) == []
    await flow.on()
    (html,) = rung(flow)
    assert html.count("• ") == 3
    chat = chat_of(flow)
    assert (chat.state, chat.paused_until, chat.gather_until) == (ChatState.ACTIVE, None, None)


async def test_a_pause_that_runs_out_in_the_quiet_waits_for_its_end(flow: Flow) -> None:
    set_to(flow, NIGHT, state=ChatState.PAUSED, paused_until=flow.clock() + timedelta(minutes=30))
    await waiting(flow, 2)
    await flow.on(timedelta(minutes=40))
    assert rung(flow) == []
    assert chat_of(flow).state is ChatState.ACTIVE
    await flow.on(timedelta(minutes=25))
    assert len(rung(flow)) == 1


async def test_who_asks_for_news_in_the_quiet_gets_it(flow: Flow) -> None:
    set_to(flow, NIGHT, state=ChatState.PAUSED, paused_until=None)
    await waiting(flow, 2)
    with flow.store.writing() as tx:
        assert resume(tx, chat_of(flow), zone=ZONE, now=flow.clock(), asked=True) == 2
    await flow.send()
    assert len(rung(flow)) == 1


async def test_what_waits_when_digests_are_switched_off_comes_as_one(flow: Flow) -> None:
    set_to(flow, TWICE)
    await waiting(flow, 3)
    set_to(flow, Preferences())
    await flow.send()
    (html,) = rung(flow)
    assert html.count("• ") == 3


async def test_a_picture_goes_before_the_digest_of_a_chat_that_wants_it(flow: Flow) -> None:
    set_to(flow, replace(TWICE, picture_of_day=True))
    await waiting(flow, 2)
    with flow.store.writing() as tx:
        tell_together(tx, chat_of(flow), Occasion.NOW, at=flow.clock(), now=flow.clock())
    (picture,) = await flow.deliver.claim(limit=5)
    assert (picture.kind, picture.payload) == (AlertKind.PICTURE, {"picture": {"kind": "day"}})
    await flow.deliver.deliver(picture)
    flow.clock.turn(timedelta(seconds=20))
    assert [each.kind for each in await flow.deliver.claim(limit=5)] == [AlertKind.DIGEST]


async def test_nothing_waits_and_nothing_is_told(flow: Flow) -> None:
    set_to(flow, replace(TWICE, picture_of_day=True))
    await flow.on(HOUR)
    assert rung(flow) == []
    assert chat_of(flow).gather_until == flow.clock().replace(hour=11, minute=0, second=0)


async def test_a_chat_that_is_lost_is_not_gathered_for(flow: Flow) -> None:
    set_to(flow, TWICE)
    with flow.store.writing() as tx:
        tx.lose_chat(READER.chat_id)
    await waiting(flow, 1)
    flow.clock.turn(HOUR)
    assert list(await flow.gather.claim(limit=5)) == []


async def test_a_chat_is_claimed_by_one_at_a_time(flow: Flow) -> None:
    set_to(flow, TWICE)
    flow.clock.turn(HOUR)
    assert await flow.gather.claim(limit=5) == [READER]
    assert await flow.gather.claim(limit=5) == []
    await flow.gather.gather(READER)
    assert await flow.gather.claim(limit=5) == []


async def test_a_chat_whose_row_cannot_be_read_holds_up_no_other_and_is_tried_again_later(flow: Flow) -> None:
    other = Address(2002)
    await flow.subscribe(other, "*")
    for address in (READER, other):
        with flow.store.writing() as tx:
            chat = tx.locked_chat(address)
            assert chat is not None
            prefer(tx, chat, TWICE, zone=ZONE, now=flow.clock())
    with flow.store.writing() as tx:  # as a faulty program may leave it
        tx._change(update(chats).where(chats.c.chat_id == READER.chat_id).values(preferences={"digest_hours": [7]}))
    flow.clock.turn(HOUR)
    assert set(await flow.gather.claim(limit=5)) == {READER, other}
    with pytest.raises(TypeError):
        await flow.gather.gather(READER)
    await flow.gather.gather(other)
    assert await flow.gather.claim(limit=5) == []
    flow.clock.turn(timedelta(seconds=10))
    assert await flow.gather.claim(limit=5) == [READER]


async def test_waiting_news_is_no_backlog(flow: Flow) -> None:
    set_to(flow, TWICE)
    await waiting(flow, 3)
    with flow.store.reading() as tx:
        assert tx.backlog(now=flow.clock()).waiting == 0
        assert tx.next_alert_at() == chat_of(flow).gather_until


# ---------------------------------------------------------------- a clock that was wrong


async def test_a_clock_that_was_years_ahead_puts_off_no_digest_and_no_report(flow: Flow) -> None:
    set_to(flow, replace(TWICE, weekly_report=True))
    right = flow.clock()
    flow.clock.turn(timedelta(days=4 * 365))
    await flow.tell_together()
    with flow.store.writing() as tx:
        tx.plan_report(READER, flow.clock() + 5 * DAY)
    flow.clock.now = right
    await waiting(flow, 2)
    with flow.store.writing() as tx:
        assert follow_clock(tx, zone=ZONE, now=right) == 2
        assert follow_clock(tx, zone=ZONE, now=right) == 0, "the second time all is well"
        ((_, report_at),) = tx.timed_chats(after=right)
    assert report_at is not None
    assert report_at < right + 8 * DAY
    await flow.on(HOUR)
    (digest,) = flow.phone.new
    assert all(f"bai-{number}" in digest.html for number in range(2))


async def test_a_pause_and_a_digest_that_is_due_stay_as_they_are(flow: Flow) -> None:
    set_to(flow, TWICE)
    flow.clock.turn(2 * HOUR)
    due = chat_of(flow)
    with flow.store.writing() as tx:
        assert follow_clock(tx, zone=ZONE, now=flow.clock()) == 0
        assert tx.locked_chat(READER) == due
    until = flow.clock() + 9 * DAY
    set_to(flow, TWICE, state=ChatState.PAUSED, paused_until=until)
    with flow.store.writing() as tx:
        assert follow_clock(tx, zone=ZONE, now=flow.clock()) == 0
    assert chat_of(flow).gather_until == until
