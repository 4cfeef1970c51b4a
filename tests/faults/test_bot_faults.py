"""Telegram's troubles come and go as the plan says, and the log tells which answers were lost."""

import math
from datetime import UTC, datetime

import pytest

from monitor.notify.telegram import TelegramSender, build_bot, close_bot
from monitor.types import Address, Message, Outcome, Refused, Sent, Unknown
from tests.bot_api import BotApi
from tests.faults.bench import TOKEN
from tests.faults.bot_faults import BotFaults
from tests.faults.news import chat_id, moved_id, subscribers
from tests.faults.plan import EVERY_CHAT, KINDS, Fault, Place, Size, sort_of_chat

SIZE = Size(chats=12)
READERS = subscribers(1, SIZE)
KINDS_OF_TELEGRAM = [name for name, kind in KINDS.items() if kind.place is Place.TELEGRAM]


def befalls(kind: str) -> int:
    """The number of a chat that may suffer from it."""
    sort = KINDS[kind].chats
    return next((chat for chat in range(SIZE.chats) if sort in ("any", sort_of_chat(chat))), EVERY_CHAT) if sort else -1


def world(api: BotApi) -> BotFaults:
    for reader in READERS:
        if reader.chat_id not in api.chats:
            topics = [each.thread_id for each in READERS if each.chat_id == reader.chat_id and each.thread_id]
            api.add_chat(reader.chat_id, topics=topics)
    return BotFaults(api, READERS)


async def sent(api: BotApi, chat: int = 1_000) -> Outcome:
    bot = build_bot(TOKEN, api.url)
    try:
        sender = TelegramSender(bot, clock=lambda: datetime.now(UTC))
        return await sender.send(Message(Address(chat), "Một bài"))
    finally:
        await close_bot(bot)


@pytest.mark.parametrize("kind", KINDS_OF_TELEGRAM)
async def test_what_lasts_is_over_afterwards_and_what_is_for_ever_stays(kind: str) -> None:
    async with BotApi(token=TOKEN) as api:
        faults = world(api)
        await faults.play(Fault(0.0, kind, befalls(kind), 0.0))
        lasting = {trouble.kind for trouble in api.troubles if trouble.times is None}
        assert bool(lasting) is (kind in ("migrated", "blocked", "deactivated", "no-rights"))
        assert len(faults.spans) == 1


async def test_a_group_that_moved_is_known_under_both_ids() -> None:
    async with BotApi(token=TOKEN) as api:
        faults = world(api)
        await faults.play(Fault(0.0, "migrated", 4))
        assert faults.moved == {moved_id(4): chat_id(4)}


async def test_a_chat_that_is_lost_is_noted_with_all_of_its_topics() -> None:
    async with BotApi(token=TOKEN) as api:
        faults = world(api)
        await faults.play(Fault(0.0, "blocked", 3))
        assert set(faults.lost_since) == {(chat_id(3), 2), (chat_id(3), 3)}


async def test_an_answer_that_comes_twice_is_one_message() -> None:
    async with BotApi(token=TOKEN) as api:
        world(api)
        api.trouble("twice", times=1, method="sendMessage")
        assert isinstance(await sent(api), Sent)
        assert isinstance(await sent(api), Sent)
        assert len(api.accepted("sendMessage")) == 2


async def test_a_text_that_cannot_be_read_is_refused_once() -> None:
    async with BotApi(token=TOKEN) as api:
        faults = world(api)
        await faults.play(Fault(0.0, "cant-parse", EVERY_CHAT))
        assert not isinstance(await sent(api), Sent)
        assert isinstance(await sent(api), Sent)


async def test_the_log_tells_which_answers_never_came() -> None:
    async with BotApi(token=TOKEN) as api:
        world(api)
        api.trouble("drop_after", method="sendMessage")
        assert isinstance(await sent(api), Unknown)
        assert isinstance(await sent(api), Sent)
        assert [call.answered_after for call in api.accepted("sendMessage")] == [math.inf, 0.0]


async def test_a_chat_that_blocked_the_bot_is_refused() -> None:
    async with BotApi(token=TOKEN) as api:
        await world(api).play(Fault(0.0, "blocked", 0))
        assert isinstance(await sent(api), Refused)
