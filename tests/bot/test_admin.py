"""What admin chats may ask and order, and nobody else."""

from dataclasses import replace
from datetime import timedelta

from monitor.pipeline.status import FailingFeed, StatusReport
from monitor.types import AlertState, FailureKind, FeedId, ItemId, ParkedItem
from tests.bot.house import EDITOR, FEEDS, MORNING, House


async def test_status_tells_what_needs_a_person(house: House) -> None:
    house.report = StatusReport(
        at=MORNING,
        feeds_well=30,
        failing=(FailingFeed(FeedId("sao-mai"), "Sao Mai", FailureKind.TIMEOUT, "no answer in 20 s", MORNING),),
        items_waiting=4,
        outbox={AlertState.PENDING: 2, AlertState.SENT: 10, AlertState.UNCERTAIN: 1},
        parked=(ParkedItem(ItemId("1"), "Một bài hỏng", "ValueError", MORNING),),
        last_errors=("T1: <disk full>",),
        feedback=3,
        subscribers=12,
        watches=76,
        started_at=MORNING,
    )
    async with house.serving(admins=[EDITOR]):
        text = (await house.ask("/trangthai", EDITOR)).text
    assert "30 tốt, 1 đang lỗi" in text
    assert "⚠️ sao-mai từ 08:00 23/08: no answer in 20 s" in text
    assert "2 đang chờ, 10 đã gửi, 0 bị từ chối, 1 chưa chắc chắn" in text
    assert "<disk full>" in text


async def test_feeds_and_reload(house: House) -> None:
    with house.store.writing() as tx:
        tx.register_feeds({feed.id: feed.url for feed in FEEDS}, now=MORNING)
        [state, *_] = tx.claim_due_feeds(
            lambda each: each == FEEDS[2].id, now=MORNING, lease=timedelta(minutes=1), limit=1
        )
        failed = replace(
            state, failures=2, last_error="HTTP 503", last_checked_at=MORNING, failure_kind=FailureKind.HTTP
        )
        tx.save_feed(failed)
    async with house.serving(admins=[EDITOR]):
        lines = (await house.ask("/feeds", EDITOR)).text.splitlines()
        assert (await house.ask("/reload", EDITOR)).text == "76 <mục> đã đọc lại"
    assert lines[0] == "⚠️ sao-mai HTTP 503"
    assert lines[1] == "✅ ben-song chưa đọc lần nào"
    assert house.reloads == 1


async def test_admin_commands_do_not_exist_for_anybody_else(house: House) -> None:
    async with house.serving(admins=[EDITOR]):
        for command in ("/status", "/stuck", "/reload", "/invite", "/access", "/feedback", "/feeds"):
            assert "không biết lệnh" in (await house.ask(command)).text
    assert house.reloads == 0
