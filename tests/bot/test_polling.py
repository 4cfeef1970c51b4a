"""Long polling: conflicts, cut lines, refused tokens, restarts; each update is answered once."""

import asyncio
import json
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from monitor.bot.polling import UNHANDLED, Poller
from monitor.errors import SenderBroken, StoreError
from monitor.notify.telegram import build_bot
from monitor.store.transaction import Transaction
from monitor.types import Failed, FailureKind, Item
from tests.bot.house import EDITOR, MORNING, OTHER, READER, House
from tests.bot_api import KINDS


async def test_a_passing_conflict_and_a_cut_line_are_survived(house: House) -> None:
    for trouble in ("conflict", "drop_before", "server_error", "bad_gateway", "flood"):
        house.api.trouble(trouble, method="getUpdates", times=1)
    async with house.serving():
        assert "Xin chào" in (await house.ask("/start")).text
    assert len(house.waits) == 5


async def test_an_update_that_cannot_be_read_is_passed_over(house: House) -> None:
    async with house.serving():
        await house.ask("/start")
        house.api.trouble("delay", chat_id=READER, times=1, seconds=0.2)  # so that the three come in one batch
        house.api.push_message(READER, "/start")
        house.api.push_message(READER, "/follow Putin")
        house.api.push("message", {"message_id": 77})
        house.api.push_message(READER, "/follow Lavrov")
        await house.settled()
    assert await house.followed() == ["putin", "lavrov"]


async def test_a_lasting_conflict_stops_the_service_loudly(house: House) -> None:
    house.api.trouble("conflict", method="getUpdates", times=None)
    with pytest.raises(SenderBroken, match="another program"):
        await house.service().run()
    assert timedelta(minutes=2) < house.clock.now - MORNING < timedelta(minutes=3)


async def test_a_webhook_left_behind_is_removed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    said = (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    monkeypatch.setitem(KINDS, "webhook", (409, said))
    house.api.trouble("webhook", method="getUpdates", times=1)
    async with house.serving():
        await house.ask("/start")
    assert len(house.api.accepted("deleteWebhook")) == 1


async def test_a_refused_token_stops_the_service_and_is_not_told(house: House) -> None:
    wrong = build_bot("7000001:a-token-that-nobody-gave", house.api.url)
    house.bot = wrong
    try:
        with capture_logs() as logs, pytest.raises(SenderBroken, match="MONITOR_TELEGRAM_TOKEN") as raised:
            await house.service().run()
    finally:
        await wrong.shutdown()
    assert "nobody-gave" not in f"{raised.value!r}{raised.value.__cause__}{logs}"


async def test_a_token_revoked_while_running_stops_the_service(house: House) -> None:
    async with house.serving() as task:
        await house.ask("/start")
        house.api.trouble("unauthorized", method="getUpdates", times=None)
        house.api.push_message(READER, "/help")
        with pytest.raises(SenderBroken):
            await task


async def test_no_address_of_a_request_reaches_the_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with house.serving():
        await house.ask("/start")
    written = [record.getMessage() for record in caplog.records if record.name.startswith(("httpx", "httpcore"))]
    assert written == []


async def test_the_service_waits_for_its_network(house: House) -> None:
    house.api.trouble("drop_before", times=3, method="getMe")
    async with house.serving():
        assert "Xin chào" in (await house.ask("/start")).text
    assert house.waits == [1.0, 2.0, 4.0]


async def test_what_came_while_the_service_was_down_is_answered_once(house: House) -> None:
    async with house.serving():
        await house.ask("/start")
    house.api.push_message(READER, "/follow Putin")
    house.api.push_message(READER, "/follow Lavrov")
    async with house.serving():
        await house.api.until(lambda: len(house.api.shown(READER)) == 3)
    async with house.serving():
        await house.settled()
    assert await house.followed() == ["putin", "lavrov"]
    assert len(house.api.shown(READER)) == 3


async def test_an_update_under_way_is_finished_before_the_service_stops(house: House) -> None:
    async with house.serving() as task:
        await house.ask("/start")
        house.api.trouble("delay_after", method="sendMessage", times=1, seconds=0.3)
        house.api.push_message(READER, "/follow Putin")
        house.api.push_message(READER, "/follow Lavrov")
        await house.api.until(lambda: len(house.api.shown(READER)) == 2)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
    assert await house.followed() == ["putin"]
    async with house.serving():
        await house.api.until(lambda: len(house.api.shown(READER)) == 3)
        await house.settled()
    assert await house.followed() == ["putin", "lavrov"]
    assert len(house.api.shown(READER)) == 3


async def test_an_update_is_confirmed_only_after_it_was_handled(house: House) -> None:
    """As when the process dies in the middle: nothing was said to Telegram, so the update comes again."""
    service = house.service()
    await house.bot.initialize()
    house.api.push_message(READER, "/follow Putin")
    house.api.trouble("delay", method="sendMessage", times=1, seconds=30)
    task = asyncio.create_task(service.run())
    await house.api.until(lambda: bool(house.api.accepted("getUpdates")))
    offsets = [int(call.params.get("offset", 0)) for call in house.api.accepted("getUpdates")]
    assert max(offsets) == 0
    house.api.calm()
    task.cancel()
    await asyncio.wait([task], timeout=0)  # the process is gone; its task is looked after below
    async with house.serving():
        await house.api.until(lambda: "putin" in str(house.api.texts(READER)).casefold())
    await asyncio.wait([task])
    assert await house.followed() == ["putin"]


# ---------------------------------------------------------------- each chat by itself


class SlowPages:
    """Pages that answer when they are let."""

    def __init__(self) -> None:
        self.free = asyncio.Event()
        self.asked = asyncio.Event()

    async def read_item(self, url: str) -> Item | Failed:
        self.asked.set()
        await self.free.wait()
        return Failed(FailureKind.TIMEOUT, f"{url} was asked for")


SLOW = "/missed https://ben-song.example/cham.html"


async def unhandled(house: House) -> str:
    return await house.store.read(Transaction.fact, UNHANDLED)


async def test_a_slow_answer_and_a_thousand_commands_of_one_chat_keep_no_other_waiting(house: House) -> None:
    pages = house.pages = SlowPages()
    house.patient = False
    async with house.serving():
        house.api.push_message(READER, SLOW)
        for _ in range(1_000):
            house.api.push_message(READER, "/help")
        await pages.asked.wait()
        for _ in range(3):
            assert "/danhsach" in (await house.ask("/help", OTHER)).text
        assert house.api.texts(READER) == []
        assert READER in [each["message"]["chat"]["id"] for each in json.loads(await unhandled(house))]
        pages.free.set()
        await house.settled()
        assert await unhandled(house) == ""
    texts = house.api.texts(READER)
    assert len(texts) == 21
    assert "/danhsach" not in texts[0]  # in their order: the slow one first
    assert ["/danhsach" in text for text in texts[1:]] == [True] * 19 + [False]


async def test_what_was_confirmed_and_not_handled_is_handled_after_a_crash(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = house.pages = SlowPages()

    async def dies(_: Poller) -> None:
        """Nothing is put in order: the process is gone."""

    async with house.serving():
        house.api.push_message(READER, SLOW)
        house.api.push_message(READER, "/follow Putin")
        await pages.asked.wait()
        await house.ask("/help", OTHER)
        house.api.push_message(EDITOR, "/help")
        await house.api.until(lambda: not house.api.updates)  # Telegram has forgotten them
        monkeypatch.setattr(Poller, "_stop", dies)
    monkeypatch.undo()
    assert await house.followed() == []
    pages.free.set()
    async with house.serving():
        await house.settled()
        await house.api.until(lambda: len(house.api.texts(READER)) == 2)
    assert await house.followed() == ["putin"]
    assert await unhandled(house) == ""


async def test_what_is_under_way_when_the_service_stops_for_too_long_is_handled_by_the_next(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.bot.polling.TO_FINISH", 0.05)
    pages = house.pages = SlowPages()
    async with house.serving():
        house.api.push_message(READER, SLOW)
        house.api.push_message(READER, "/follow Putin")
        await pages.asked.wait()
    assert await house.followed() == []
    assert house.api.updates == []
    pages.free.set()
    async with house.serving():
        await house.api.until(lambda: len(house.api.texts(READER)) == 2)
    assert await house.followed() == ["putin"]


async def test_without_a_database_nothing_is_confirmed_that_was_not_handled(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = house.pages = SlowPages()

    def refuse(*_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(Transaction, "set_fact", refuse)
    async with house.serving():
        house.api.push_message(READER, SLOW)
        await pages.asked.wait()
        await asyncio.sleep(0)
        assert len(house.api.updates) == 1
        pages.free.set()
        await house.settled()
    assert len(house.api.texts(READER)) == 1


async def test_a_database_in_trouble_when_it_begins_to_receive_is_waited_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    fact, refusals = Transaction.fact, 3

    def refuse(tx: Transaction, name: str) -> str | None:
        nonlocal refusals
        if name == UNHANDLED and refusals:
            refusals -= 1
            raise StoreError("too many connections")
        return fact(tx, name)

    monkeypatch.setattr(Transaction, "fact", refuse)
    async with house.serving():
        assert "Xin chào" in (await house.ask("/start")).text
    assert not refusals
