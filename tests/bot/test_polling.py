"""Long polling: conflicts, cut lines, refused tokens, restarts; each update is answered once."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from monitor.errors import SenderBroken
from monitor.notify.telegram import build_bot
from tests.bot.house import MORNING, READER, House
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
