import asyncio
import json
import logging
import socket
import struct
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import telegram
from telegram.request import HTTPXRequest

from monitor.errors import SenderBroken
from monitor.notify.telegram import CLOSED, CROWDED, SOON, TelegramSender, build_bot
from monitor.notify.telegram_refusals import IN_A_ROW, TOGETHER
from monitor.types import Address, Button, Later, Message, Outcome, Reach, Refused, Sent, Unknown, Unreached
from tests.bot_api import BotApi

NOW = datetime(2026, 8, 20, 8, 0, tzinfo=UTC)
READER, GROUP, FORUM, CHANNEL = 42, -300, -1001, -1002
HELLO = Message(Address(READER), "<b>Xin chào</b> &amp; hẹn gặp lại")
SECRET = "7000001:loopback-TOKEN_for-tests"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi(token=SECRET) as server:
        server.add_chat(READER)
        server.add_chat(GROUP)
        server.add_chat(FORUM, topics=[7])
        server.add_chat(CHANNEL, "channel")
        yield server


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sender(api: BotApi, clock: Clock) -> AsyncIterator[TelegramSender]:
    async with build_bot(api.token, api.url) as bot:
        yield TelegramSender(bot, clock=clock)


# ---------------------------------------------------------------- what arrives


async def test_a_message_arrives_with_its_buttons_and_without_a_preview(api: BotApi, sender: TelegramSender) -> None:
    rows = ((Button("Vì sao?", "why:1"), Button("Trang", url="https://a.example/")),)
    assert await sender.send(replace(HELLO, buttons=rows, silent=True)) == Sent(1)
    (shown,) = api.shown(READER)
    assert shown.text == "Xin chào & hẹn gặp lại"
    assert shown.bold() == ["Xin chào"]
    assert shown.labels() == ["Vì sao?", "Trang"]
    assert shown.data() == ["why:1"]
    assert (shown.silent, shown.preview) == (True, False)


async def test_an_edit_changes_the_message_it_names(api: BotApi, sender: TelegramSender) -> None:
    await sender.send(HELLO)
    assert await sender.send(replace(HELLO, html="Mới", edits=1)) == Sent(1)
    assert api.texts(READER) == ["Mới"]
    assert not api.shown(READER)[0].preview


async def test_an_edit_that_changes_nothing_counts_as_sent(api: BotApi, sender: TelegramSender) -> None:
    await sender.send(HELLO)
    assert await sender.send(replace(HELLO, edits=1)) == Sent(1)
    assert api.calls[-1].error.startswith("Bad Request: message is not modified")


async def test_a_reply_stands_under_its_message_and_in_its_topic(api: BotApi, sender: TelegramSender) -> None:
    first = replace(HELLO, address=Address(FORUM, 7))
    await sender.send(first)
    assert await sender.send(replace(first, reply_to=1)) == Sent(2)
    reply = api.shown(FORUM)[1]
    assert (reply.reply_to, reply.thread_id) == (1, 7)


async def test_a_reply_arrives_even_when_its_first_message_is_gone(api: BotApi, sender: TelegramSender) -> None:
    assert await sender.send(replace(HELLO, reply_to=99)) == Sent(1)
    assert api.shown(READER)[0].reply_to is None


# ---------------------------------------------------------------- pictures


def png(wide: int, high: int) -> bytes:
    """As much of a PNG as anybody reads: its head with the size."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", wide, high) + bytes(100)


PICTURE = replace(HELLO, picture=png(720, 600))


async def test_a_picture_arrives_as_a_photo_with_its_caption(api: BotApi, sender: TelegramSender) -> None:
    told = replace(PICTURE, address=Address(FORUM, 7), buttons=((Button("Vì sao?", "why:1"),),), silent=True)
    assert await sender.send(told) == Sent(1)
    assert await sender.send(replace(told, reply_to=1)) == Sent(2)
    first, second = api.shown(FORUM, 7)
    assert (first.picture, first.text, first.bold()) == (PICTURE.picture, "Xin chào & hẹn gặp lại", ["Xin chào"])
    assert (first.labels(), first.silent, second.reply_to) == (["Vì sao?"], True, 1)


@pytest.mark.parametrize(
    "picture",
    [png(720, 600) + bytes(10 * 2**20), png(9_000, 2_000), png(2_100, 100), b"GIF89a", b""],
    ids=["too many bytes", "too many pixels", "too long", "no picture", "nothing"],
)
async def test_a_picture_that_telegram_does_not_take_is_told_in_its_words(
    api: BotApi, sender: TelegramSender, picture: bytes
) -> None:
    assert await sender.send(replace(PICTURE, picture=picture)) == Sent(1)
    assert (api.shown(READER)[0].picture, api.texts(READER)) == (None, ["Xin chào & hẹn gặp lại"])


async def test_a_caption_that_is_too_long_is_told_whole_without_the_picture(
    api: BotApi, sender: TelegramSender
) -> None:
    assert await sender.send(replace(PICTURE, html="😀" * 512)) == Sent(1)
    assert await sender.send(replace(PICTURE, html="😀" * 513)) == Sent(2)
    assert [(each.picture is None, len(each.text)) for each in api.shown(READER)] == [(False, 512), (True, 513)]


async def test_a_chat_that_lets_the_bot_send_no_photos_gets_the_words_and_is_not_lost(
    api: BotApi, sender: TelegramSender
) -> None:
    api.trouble("no_rights", method="sendPhoto")
    assert await sender.send(PICTURE) == Sent(1)
    api.trouble("no_rights", times=None)
    assert await sender.send(PICTURE) == Refused("Not enough rights to send text messages to the chat", Reach.CHAT)


# ---------------------------------------------------------------- the table of outcomes


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        ("blocked", Refused("Forbidden: bot was blocked by the user", reach=Reach.CHAT)),
        ("kicked", Refused("Forbidden: bot was kicked from the supergroup chat", reach=Reach.CHAT)),
        ("deactivated", Refused("Forbidden: user is deactivated", reach=Reach.CHAT)),
        ("chat_not_found", Refused("Chat not found", reach=Reach.CHAT)),
        ("no_rights", Refused("Not enough rights to send text messages to the chat", reach=Reach.CHAT)),
        ("write_forbidden", Refused("Chat_write_forbidden", reach=Reach.CHAT)),
        ("topic_closed", Later(NOW + CLOSED, "Topic_closed", reach=Reach.TOPIC)),
        ("thread_not_found", Refused("Message thread not found", reach=Reach.TOPIC)),
        ("flood_bare", Later(NOW + CROWDED, "Too Many Requests")),
        ("server_error", Unknown("Internal Server Error: restart")),
    ],
)
async def test_what_telegram_answers_becomes_this_outcome(
    api: BotApi, sender: TelegramSender, trouble: str, outcome: Outcome
) -> None:
    api.trouble(trouble)
    assert await sender.send(HELLO) == outcome
    assert api.texts(READER) == []


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (replace(HELLO, edits=5), "Message to edit not found"),
        (replace(HELLO, html=" "), "Message text is empty"),
    ],
)
async def test_what_telegram_cannot_take_is_refused_for_good(
    sender: TelegramSender, message: Message, why: str
) -> None:
    assert await sender.send(message) == Refused(why)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (replace(HELLO, html="<b>Bão</b> <a href='x'>gần bờ &amp; mạnh"), "Bão gần bờ & mạnh"),
        (replace(HELLO, html="Giá < 5 đồng</b>"), "Giá < 5 đồng"),
        (replace(HELLO, html="😀" * 2049), "😀" * 2047 + "…"),
        (replace(HELLO, buttons=((Button("x", "y" * 65),),)), "Xin chào & hẹn gặp lại"),
    ],
)
async def test_what_telegram_cannot_read_is_sent_in_a_plainer_form(
    api: BotApi, sender: TelegramSender, message: Message, text: str
) -> None:
    assert await sender.send(message) == Sent(1)
    assert api.texts(READER) == [text]


async def test_a_flood_wait_is_that_chats_own(api: BotApi, sender: TelegramSender) -> None:
    api.trouble("flood", chat_id=READER, seconds=43_838)
    outcome = await sender.send(HELLO)
    assert isinstance(outcome, Later)
    assert (outcome.at, outcome.reach) == (NOW + timedelta(seconds=43_838), Reach.CHAT)


async def test_a_flood_wait_of_two_chats_in_a_row_is_the_bots(api: BotApi, sender: TelegramSender) -> None:
    api.trouble("flood", times=None, seconds=30)
    first = await sender.send(HELLO)
    second = await sender.send(replace(HELLO, address=Address(GROUP)))
    assert [isinstance(each, Later) and each.reach for each in (first, second)] == [Reach.CHAT, Reach.BOT]


async def test_flood_waits_of_two_chats_with_a_success_between_are_their_own(
    api: BotApi, sender: TelegramSender
) -> None:
    api.trouble("flood", chat_id=READER, times=None, seconds=30)
    api.trouble("flood", chat_id=GROUP, times=None, seconds=30)
    await sender.send(HELLO)
    assert await sender.send(replace(HELLO, address=Address(CHANNEL))) == Sent(1)
    second = await sender.send(replace(HELLO, address=Address(GROUP)))
    assert isinstance(second, Later)
    assert second.reach is Reach.CHAT


async def test_a_second_flood_wait_after_the_first_has_ended_is_no_sign_of_the_bots(
    api: BotApi, sender: TelegramSender, clock: Clock
) -> None:
    api.trouble("flood", times=None, seconds=30)
    await sender.send(HELLO)
    clock.now += timedelta(seconds=31)
    second = await sender.send(replace(HELLO, address=Address(GROUP)))
    assert isinstance(second, Later)
    assert second.reach is Reach.CHAT


async def test_a_group_that_became_a_supergroup_names_its_new_id(api: BotApi, sender: TelegramSender) -> None:
    api.migrate(GROUP, -100300)
    outcome = await sender.send(replace(HELLO, address=Address(GROUP)))
    assert isinstance(outcome, Later)
    assert (outcome.at, outcome.moved_to) == (NOW, -100300)


async def test_a_single_refusal_of_the_token_is_a_hiccup(api: BotApi, sender: TelegramSender) -> None:
    api.trouble("unauthorized")
    assert isinstance(await sender.send(HELLO), Unreached)
    assert await sender.send(HELLO) == Sent(1)


@pytest.mark.parametrize(
    ("trouble", "names"), [("unauthorized", "MONITOR_TELEGRAM_TOKEN"), ("not_found", "MONITOR_TELEGRAM_API_URL")]
)
async def test_refusals_in_a_row_stop_the_sender_loudly_and_say_what_to_check(
    api: BotApi, sender: TelegramSender, clock: Clock, trouble: str, names: str
) -> None:
    api.trouble(trouble, times=None)
    why = ""
    for _ in range(IN_A_ROW - 2):
        why = await sender.probe()
        clock.now += TOGETHER
    assert names in why
    await sender.send(HELLO)
    clock.now += TOGETHER
    with pytest.raises(SenderBroken, match=names):
        await sender.probe()


async def test_messages_that_left_together_meet_one_refusal(api: BotApi, sender: TelegramSender) -> None:
    api.trouble("unauthorized", times=None)
    outcomes = [await sender.send(HELLO) for _ in range(2 * IN_A_ROW)]
    assert {type(outcome) for outcome in outcomes} == {Unreached}


@pytest.mark.parametrize("status", [400, 403])
async def test_a_page_of_something_on_the_way_loses_neither_message_nor_chat(clock: Clock, status: int) -> None:
    page = httpx.Response(status, text="<html>Truy cập bị chặn</html>")
    request = HTTPXRequest(httpx_kwargs={"transport": httpx.MockTransport(lambda _: page)})
    async_sender = TelegramSender(telegram.Bot(SECRET, base_url="http://127.0.0.1:9/bot", request=request), clock=clock)
    assert isinstance(await async_sender.send(HELLO), Unknown)
    assert await async_sender.probe() != ""


async def test_an_answer_that_is_none_of_telegrams_is_no_good_news(clock: Clock) -> None:
    request = HTTPXRequest(httpx_kwargs={"transport": httpx.MockTransport(lambda _: httpx.Response(200, text="{}"))})
    bot = telegram.Bot(SECRET, base_url="http://127.0.0.1:9/bot", request=request)
    assert "KeyError" in await TelegramSender(bot, clock=clock).probe()


async def test_an_answer_between_refusals_forgets_them(api: BotApi, sender: TelegramSender) -> None:
    for _ in range(IN_A_ROW):
        api.trouble("unauthorized")
        assert await sender.probe() != ""
        assert await sender.probe() == ""


async def test_a_conflict_is_waited_out_for_two_minutes(api: BotApi, sender: TelegramSender, clock: Clock) -> None:
    api.trouble("conflict", times=None)
    outcome = await sender.send(HELLO)
    assert isinstance(outcome, Later)
    assert (outcome.at, outcome.reach) == (NOW + SOON, Reach.BOT)
    clock.now += timedelta(minutes=2)
    assert isinstance(await sender.send(HELLO), Later)
    clock.now += timedelta(seconds=1)
    with pytest.raises(SenderBroken):
        await sender.send(HELLO)


async def test_a_conflict_that_ended_is_forgotten(api: BotApi, sender: TelegramSender, clock: Clock) -> None:
    api.trouble("conflict")
    await sender.send(HELLO)
    assert await sender.send(HELLO) == Sent(1)
    clock.now += timedelta(minutes=3)
    api.trouble("conflict")
    assert isinstance(await sender.send(HELLO), Later)


# ---------------------------------------------------------------- did it leave?


@pytest.mark.parametrize(
    ("trouble", "arrived"),
    [("drop_before", False), ("bad_gateway", False), ("drop_after", True), ("not_json", True)],
)
async def test_a_line_that_broke_may_have_carried_the_message(
    api: BotApi, sender: TelegramSender, trouble: str, arrived: bool
) -> None:
    api.trouble(trouble)
    outcome = await sender.send(HELLO)
    assert isinstance(outcome, Unknown)
    assert (api.texts(READER) == ["Xin chào & hẹn gặp lại"]) is arrived


@asynccontextmanager
async def hasty(api: BotApi, clock: Clock, *, read: float = 5.0, pool: float = 5.0) -> AsyncIterator[TelegramSender]:
    """A sender over one connection, with time-outs that a test can wait for."""
    request = HTTPXRequest(connection_pool_size=1, read_timeout=read, pool_timeout=pool)
    async with telegram.Bot(api.token, base_url=f"{api.url}/bot", request=request) as bot:
        yield TelegramSender(bot, clock=clock)


async def test_an_answer_that_does_not_come_in_time_is_unknown(api: BotApi, clock: Clock) -> None:
    async with hasty(api, clock, read=0.2) as sender:
        api.trouble("delay_after", seconds=30, chat_id=READER)
        assert await sender.send(HELLO) == Unknown("Timed out")
    assert api.texts(READER) == ["Xin chào & hẹn gặp lại"]


@pytest.mark.slow
async def test_a_message_that_found_no_free_connection_never_left(api: BotApi, clock: Clock) -> None:
    async with hasty(api, clock, pool=0.05) as sender:
        api.trouble("delay", seconds=1, chat_id=READER)
        first = asyncio.create_task(sender.send(HELLO))
        await asyncio.sleep(0)
        second = await sender.send(replace(HELLO, address=Address(GROUP)))
        assert isinstance(second, Unreached)
        assert await first == Sent(1)
    assert api.texts(GROUP) == []


async def test_a_server_that_cannot_be_reached_got_nothing(api: BotApi, sender: TelegramSender, clock: Clock) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: a connection is refused
        away = build_bot(SECRET, f"http://127.0.0.1:{taken.getsockname()[1]}")
        outcome = await TelegramSender(away, clock=clock).send(HELLO)
        why = await TelegramSender(away, clock=clock).probe()
    assert isinstance(outcome, Unreached)
    assert "connect" in why


class Broken(httpx.AsyncBaseTransport):
    """What loopback cannot do on demand: a handshake that hangs, a proxy that says no."""

    def __init__(self, raises: httpx.TransportError) -> None:
        self.raises = raises

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise self.raises


@pytest.mark.parametrize(
    ("raises", "outcome"),
    [
        (httpx.ConnectTimeout(""), Unreached),
        (httpx.ProxyError("403 Forbidden"), Unreached),
        (httpx.WriteTimeout(""), Unknown),
        (httpx.WriteError(""), Unknown),
        (httpx.ReadError(""), Unknown),
        (httpx.CloseError(""), Unknown),
    ],
)
async def test_only_what_never_left_is_tried_again_without_a_doubt(
    clock: Clock, raises: httpx.TransportError, outcome: type
) -> None:
    request = HTTPXRequest(httpx_kwargs={"transport": Broken(raises)})
    bot = telegram.Bot(SECRET, base_url="http://127.0.0.1:9/bot", request=request)
    assert isinstance(await TelegramSender(bot, clock=clock).send(HELLO), outcome)


# ---------------------------------------------------------------- the token


def causes(raised: BaseException | None) -> list[BaseException]:
    return [raised, *causes(raised.__cause__), *causes(raised.__context__)] if raised is not None else []


@pytest.mark.parametrize("trouble", ["", "unauthorized", "bad_gateway", "drop_after", "blocked", "not_json"])
async def test_the_token_is_in_no_log_no_outcome_and_no_exception(
    api: BotApi, clock: Clock, caplog: pytest.LogCaptureFixture, trouble: str
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "telegram"):  # another test may have silenced them
        caplog.set_level(logging.DEBUG, logger=name)
    said: list[str] = []
    bot = build_bot(SECRET, api.url)
    async with bot:
        sender = TelegramSender(bot, clock=clock)
        if trouble:
            api.trouble(trouble, chat_id=READER)
        try:
            said.append(repr(await sender.send(HELLO)))
        except SenderBroken as broken:
            said += [f"{each!r} {each} {vars(each) if hasattr(each, '__dict__') else ''}" for each in causes(broken)]
        await bot.get_updates(timeout=0)
    said += [repr(bot), str(bot), *(record.getMessage() for record in caplog.records), caplog.text]
    assert any("sendMessage" in each for each in said), "the request was logged"
    assert not any("loopback-TOKEN" in each for each in said)


async def test_a_wrong_token_is_not_told_when_the_bot_starts(api: BotApi) -> None:
    bot = build_bot("7000001:another-SECRET", api.url)
    with pytest.raises(telegram.error.InvalidToken) as raised:
        await bot.initialize()
    await bot.shutdown()
    assert not any("SECRET" in f"{each!r} {each}" for each in causes(raised.value))
    assert api.calls[-1].error == "Unauthorized"


async def test_a_token_of_a_bot_built_elsewhere_is_cut_out_of_what_is_said(clock: Clock) -> None:
    request = HTTPXRequest(httpx_kwargs={"transport": Broken(httpx.ReadError(f"at /bot{SECRET}/sendMessage"))})
    bot = telegram.Bot(SECRET, base_url="http://127.0.0.1:9/bot", request=request)
    outcome = await TelegramSender(bot, clock=clock).send(HELLO)
    assert outcome == Unknown("httpx.ReadError: at /bot<token>/sendMessage")


# ---------------------------------------------------------------- the loopback server keeps the real one's rules


async def test_updates_are_given_until_they_are_confirmed(api: BotApi) -> None:
    async with build_bot(api.token, api.url) as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=10))
        await asyncio.sleep(0)
        api.push_message(READER, "/start")
        (update,) = await poll
        assert update.message is not None
        assert update.message.text == "/start"
        assert [each.update_id for each in await bot.get_updates()] == [update.update_id]
        assert await bot.get_updates(offset=update.update_id + 1) == ()


async def test_a_second_poll_ends_the_first_with_a_conflict(api: BotApi) -> None:
    async with build_bot(api.token, api.url) as bot:
        first = asyncio.create_task(bot.get_updates(timeout=10))
        await api.until(lambda: api.polls == 1)
        await bot.get_updates(timeout=0)
        with pytest.raises(telegram.error.Conflict):
            await first


async def test_the_servers_limits_are_telegrams(clock: Clock) -> None:
    seconds = 0.0
    async with (
        BotApi(limits=True, any_chat=True, clock=lambda: seconds) as server,
        build_bot(server.token, server.url) as bot,
    ):
        sender = TelegramSender(bot, clock=clock)

        async def sent(chat_id: int) -> bool:
            return isinstance(await sender.send(replace(HELLO, address=Address(chat_id))), Sent)

        assert [await sent(1), await sent(1)] == [True, False], "one a second a chat"
        assert [await sent(n) for n in range(2, 33)].count(True) == 29, "thirty a second in all"
        results = []
        for _ in range(25):
            seconds += 1.5
            results.append(await sent(GROUP))
        assert results.count(True) == 20, "twenty a minute a group"


async def test_the_server_as_a_process_leaves_a_log_of_what_it_accepted(tmp_path: Path, clock: Clock) -> None:
    log = tmp_path / "calls.jsonl"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot_api", "--log", str(log), stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    try:
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().strip()
        async with build_bot(SECRET, url) as bot, httpx.AsyncClient() as control:
            await control.post(f"{url}/control/trouble", json={"kind": "drop_after", "chat_id": READER})
            sender = TelegramSender(bot, clock=clock)
            assert isinstance(await sender.send(HELLO), Unknown)
            assert isinstance(await sender.send(replace(HELLO, html="<x>")), Refused)
            shown = (await control.post(f"{url}/control/shown", json={"chat_id": READER})).json()
            assert [each["text"] for each in shown] == ["Xin chào & hẹn gặp lại"]
    finally:
        process.kill()
        await process.wait()
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    sends = [(line["params"]["chat_id"], line["text"]) for line in lines if line["method"] == "sendMessage"]
    assert sends == [(str(READER), "Xin chào & hẹn gặp lại")]
