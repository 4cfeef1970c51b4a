"""Answers share Telegram's limits with alerts: what must wait is a row, and goes out when it may."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.pipeline.dedupe_keys import first_key
from monitor.pipeline.pace import Pace
from monitor.store.answer_rows import MOST_OF_STRANGER
from monitor.types import Address, AlertKind, ChatKind, Message, NewAlert, WatchId
from tests.bot.house import CHIEF, EDITOR, FORUM, GROUP, MEMBER, OTHER, READER, House, open_house

SECOND = timedelta(seconds=1)
WAIT = 30  # seconds of a flood wait


@pytest.fixture
async def strict(tmp_path: Path, empty_sqlite: Path) -> AsyncIterator[House]:
    """A house whose Telegram holds it to its limits, with our own pace a chat."""
    async with open_house(tmp_path, empty_sqlite, pace=Pace(per_second=10_000)) as house:
        yield house


def calls_about(house: House, chat: int) -> int:
    """Calls of any kind that concern a chat."""
    queries = {str(call.params.get("callback_query_id")) for call in house.api.calls} & set(house.api.answers)
    return sum(str(call.params.get("chat_id")) == str(chat) for call in house.api.calls) + len(queries)


def floods(house: House) -> list[str]:
    return [call.error for call in house.api.calls if "Too Many Requests" in call.error]


async def let_time_pass(house: House, chat: int, topic: int = 0) -> int:
    """Turn the clock until nothing waits for a chat any more; in how many steps of half a second."""
    steps = 0
    while house.waiting(chat, topic):
        steps += 1
        assert steps < 1_000
        house.clock.now += SECOND / 2
        await house.outbox()
    return steps


# ---------------------------------------------------------------- Telegram makes us wait


async def test_an_answer_that_telegram_refuses_for_a_while_comes_later_with_its_buttons(house: House) -> None:
    async with house.serving():
        await house.ask("/start")
        house.api.trouble("flood", chat_id=READER, times=1, seconds=WAIT)
        house.api.push_message(READER, "/watchlist")
        await house.settled()
        calls = calls_about(house, READER)
        house.api.push_message(READER, "/follow Putin")
        house.api.push_message(READER, "/following")
        await house.settled()
        await house.outbox()
        assert calls_about(house, READER) == calls  # nothing at all is asked in a running flood wait
        assert await house.followed() == ["putin"]
        house.clock.now += WAIT * SECOND
        await house.outbox()
        _, second, third = house.api.texts(READER)[1:]
        assert ("Vladimir Putin" in second, "Vladimir Putin" in third) == (True, True)
        assert second.startswith("✅")
        menu = house.api.shown(READER)[1]
        await house.press(menu, "Lãnh đạo")
    assert "Vladimir Putin" in str(house.again(menu).buttons)


async def test_a_press_in_a_flood_wait_calls_nobody_and_the_last_look_is_shown_after_it(house: House) -> None:
    async with house.serving():
        menu = await house.ask("/watchlist")
        with house.store.writing() as tx:
            tx.hold_chat(READER, house.clock.now + WAIT * SECOND, flooded=True)
        calls = calls_about(house, READER)
        for label in ("Lãnh đạo", "Sự kiện"):
            data = next(b["callback_data"] for row in menu.buttons for b in row if label in b["text"])
            house.api.press(READER, menu.message_id, data)
        await house.settled()
        assert calls_about(house, READER) == calls
        house.clock.now += WAIT * SECOND
        await house.outbox()
    assert "Động đất" in str(house.again(menu).buttons)
    assert house.again(menu).edits == 1


@pytest.mark.parametrize("method", ["editMessageText", "answerCallbackQuery"])
async def test_the_first_refusal_of_an_edit_or_a_note_is_kept_too(house: House, method: str) -> None:
    async with house.serving():
        menu = await house.ask("/watchlist")
        house.api.trouble("flood", method=method, times=1, seconds=WAIT)
        data = next(b["callback_data"] for row in menu.buttons for b in row if "Lãnh đạo" in b["text"])
        house.api.press(READER, menu.message_id, data)
        await house.settled()
        with house.store.reading() as tx:
            assert tx.flooded_until(READER) == house.clock.now + WAIT * SECOND
        assert house.again(menu) == menu
        house.clock.now += WAIT * SECOND
        await house.outbox()
    assert "Vladimir Putin" in str(house.again(menu).buttons)


async def test_buttons_that_were_to_change_do_so_after_the_wait(house: House) -> None:
    async with house.serving():
        shown = await house.alert(Address(READER), house.story())
        house.api.trouble("flood", method="editMessageReplyMarkup", times=1, seconds=WAIT)
        await house.press(shown, "Tạm im")
        assert house.again(shown) == shown
        house.clock.now += WAIT * SECOND
        await house.outbox()
        assert house.again(shown).text == shown.text
        assert house.again(shown).buttons != shown.buttons
        why = await house.ask("/why", reply_to=shown.message_id)
    assert "Putin" in why.text  # the alert is still found by its message


async def test_what_is_loud_is_said_as_a_message_after_the_wait(house: House) -> None:
    async with house.serving():
        shown = await house.alert(Address(READER), house.story())
        with house.store.writing() as tx:
            tx.hold_chat(READER, house.clock.now + WAIT * SECOND, flooded=True)
        house.api.press(READER, shown.message_id, shown.data()[0])
        house.api.push_message(GROUP, "/follow Putin", user_id=MEMBER)
        await house.settled()
        house.clock.now += WAIT * SECOND
        await house.outbox()
    assert len(house.api.shown(READER)) == 2
    (refused,) = house.api.texts(GROUP)
    assert refused.startswith("Chỉ quản trị viên")


async def test_nobody_is_asked_who_administers_a_group_in_its_flood_wait(house: House) -> None:
    async with house.serving():
        with house.store.writing() as tx:
            tx.hold_chat(GROUP, house.clock.now + WAIT * SECOND, flooded=True)
        house.api.push_message(GROUP, "/follow Putin", user_id=CHIEF, lang="en")
        await house.settled()
        assert calls_about(house, GROUP) == 0
        assert await house.followed(GROUP) == []
        house.clock.now += WAIT * SECOND
        await house.outbox()
        assert "try once more" in house.api.texts(GROUP)[0]
        await house.ask("/follow Putin", GROUP, user=CHIEF)
    assert await house.followed(GROUP) == ["putin"]


async def test_two_chats_that_must_wait_mean_the_whole_bot(house: House) -> None:
    async with house.serving():
        house.api.trouble("flood", method="sendMessage", times=2, seconds=WAIT)
        for chat in (READER, OTHER):
            house.api.push_message(chat, "/help")
            await house.settled()
        calls = len([call for call in house.api.calls if call.method != "getUpdates"])
        house.api.push_message(EDITOR, "/help")
        await house.settled()
        await house.outbox()
        assert len([call for call in house.api.calls if call.method != "getUpdates"]) == calls
        house.clock.now += WAIT * SECOND
        await house.outbox()
    assert [len(house.api.texts(chat)) for chat in (READER, OTHER, EDITOR)] == [1, 1, 1]


async def test_in_a_topic_the_answer_waits_for_the_topic(house: House) -> None:
    async with house.serving():
        await house.ask("/following", FORUM, user=CHIEF, topic=7)
        house.api.trouble("flood", chat_id=FORUM, times=1, seconds=WAIT)
        asked = house.api.push_message(FORUM, "/following", user_id=CHIEF, thread_id=7)
        await house.settled()
        assert len(house.waiting(FORUM, 7)) == 1
        house.clock.now += WAIT * SECOND
        await house.outbox()
    assert (house.api.shown(FORUM)[-1].thread_id, house.api.shown(FORUM)[-1].reply_to) == (7, asked)


async def test_strangers_have_little_room_in_the_outbox(house: House) -> None:
    async with house.serving("invite"):
        house.api.trouble("flood", chat_id=READER, times=1, seconds=WAIT)
        for _ in range(10):
            house.api.push_message(READER, "/start")
        await house.settled()
    assert len(house.waiting(READER)) == MOST_OF_STRANGER


# ---------------------------------------------------------------- our own pace


async def test_between_two_messages_a_note_goes_at_once_and_the_new_look_after_the_rest(strict: House) -> None:
    async with strict.serving():
        menu = await strict.ask("/watchlist")
        await strict.press(menu, "Lãnh đạo")
        assert strict.again(menu) == menu
        assert await let_time_pass(strict, READER) == 2
    assert strict.again(menu) != menu
    assert floods(strict) == []


@pytest.mark.parametrize(("chat", "user", "answered"), [(READER, None, 21), (GROUP, CHIEF, 21)])
async def test_a_flood_of_commands_among_alerts_never_meets_telegrams_limits(
    strict: House, chat: int, user: int | None, answered: int
) -> None:
    strict.patient = False
    async with strict.serving():
        await strict.ask("/follow Putin", chat, user=user)
        strict.clock.now += timedelta(minutes=1)
        stories = [strict.story(f"Ông Putin thăm nhà máy số {n}", key=f"k{n}") for n in range(3)]
        news = [
            NewAlert(Address(chat), AlertKind.ALERT, first_key(each), story_id=each, watch_ids=(WatchId("putin"),))
            for each in stories
        ]
        with strict.store.writing() as tx:
            tx.enqueue(news, now=strict.clock.now)
        for _ in range(100):
            strict.api.push_message(chat, "/following", user_id=user)
        delivering = asyncio.create_task(strict.outbox())
        await strict.settled()
        await delivering
        await let_time_pass(strict, chat)
    assert floods(strict) == []
    shown = [each.text for each in strict.api.shown(chat)]
    assert len(shown) == 1 + answered + 3
    assert sum("một lúc" in text for text in shown) == 1  # told once


async def test_an_alert_gives_way_to_an_answer_that_is_on_its_way(strict: House) -> None:
    async with strict.serving():
        await strict.ask("/follow Putin")
        await strict.settled()  # the rest behind the answer is written
        strict.clock.now += SECOND
        story = strict.story()
        news = NewAlert(
            Address(READER), AlertKind.ALERT, first_key(story), story_id=story, watch_ids=(WatchId("putin"),)
        )
        strict.api.trouble("delay", method="sendMessage", times=1, seconds=0.5)
        strict.api.push_message(READER, "/help")
        while READER not in strict.deliver.waits.answering:  # noqa: ASYNC110 - nothing says so
            await asyncio.sleep(0)
        with strict.store.writing() as tx:
            tx.enqueue([news], now=strict.clock.now)
        await strict.outbox()
        assert len(strict.waiting(READER)) == 1
        await strict.settled()
        await let_time_pass(strict, READER)
    assert floods(strict) == []
    assert ["nhà máy" in text for text in strict.api.texts(READER)] == [False, False, True]


async def test_a_flood_wait_in_the_midst_of_it_costs_no_answer(strict: House) -> None:
    async with strict.serving():
        await strict.ask("/start")
        await strict.settled()  # the rest behind the answer is written
        strict.clock.now += SECOND
        strict.api.trouble("flood", chat_id=READER, times=1, seconds=WAIT)
        for _ in range(10):
            strict.api.push_message(READER, "/following")
        await strict.settled()
        assert await let_time_pass(strict, READER) >= 2 * WAIT
    assert len(strict.api.shown(READER)) == 11
    assert len(floods(strict)) == 1  # the one that the server gave of its own accord


async def test_what_one_chat_asks_keeps_no_other_waiting(strict: House) -> None:
    async with strict.serving():
        for _ in range(15):
            strict.api.push_message(READER, "/following")
        for chat in (OTHER, EDITOR):
            await strict.ask("/help", chat)
        await strict.settled()
    assert len(strict.waiting(READER)) == 14


async def test_an_answer_that_waited_for_hours_is_no_news_for_a_digest(strict: House) -> None:
    async with strict.serving():
        await strict.ask("/start")
        for _ in range(5):
            strict.api.push_message(READER, "/following")
        await strict.settled()
        strict.clock.now += timedelta(hours=12)
        await let_time_pass(strict, READER)
    assert len(strict.api.texts(READER)) == 6


async def test_what_is_said_while_another_answer_is_on_its_way_comes_right_behind_it(house: House) -> None:
    first, second = (Message(Address(READER), words) for words in ("một", "hai"))
    numbers = await asyncio.gather(
        house.answers.say(first, ChatKind.PRIVATE, asked=1), house.answers.say(second, ChatKind.PRIVATE, asked=2)
    )
    assert [shown.text for shown in house.api.shown(READER)] == ["một", "hai"]
    assert list(numbers) == [shown.message_id for shown in house.api.shown(READER)]
    assert house.waiting(READER) == []
