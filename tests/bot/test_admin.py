"""What admin chats may ask and order, and nobody else."""

from dataclasses import replace
from datetime import timedelta

from monitor.errors import Problem
from monitor.pipeline.config_changes import ConfigChanges, FilesRead
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
    assert lines[0] == "⚠️ sao-mai HTTP 503"
    assert lines[1] == "✅ ben-song chưa đọc lần nào"


async def test_reload_says_what_changed_or_that_nothing_did_or_what_is_wrong(house: House) -> None:
    changes = ConfigChanges(watches_added=("Tô Lâm", "<Bão>"), feeds_removed=tuple(f"f{n}" for n in range(12)))
    async with house.serving(admins=[EDITOR]):
        await house.ask("/lang en", EDITOR)
        house.files_read = FilesRead("v2", is_new=True, changes=changes, changed_at=MORNING)
        lines = (await house.ask("/reload", EDITOR)).text.splitlines()
        assert lines[1:] == ["➕ Watches: Tô Lâm, <Bão>", "➖ Feeds: f0, f1, f2, f3, f4, f5, f6, f7, f8, f9 and 2 more"]
        house.files_read = replace(house.files_read, is_new=False)
        lines = (await house.ask("/reload", EDITOR)).text.splitlines()
        assert lines[0] == "✅ The files are right. Nothing changed."
        assert lines[1:3] == ["The last change was taken up at 08:00 23/08:", "➕ Watches: Tô Lâm, <Bão>"]
        house.files_read = FilesRead("v2", (Problem("feeds.yaml", 3, 5, "`url` is missing"),))
        lines = (await house.ask("/naplai", EDITOR)).text.splitlines()
        assert lines[1:] == ["feeds.yaml:3:5: `url` is missing"]
    assert house.reloads == 3


async def test_admin_commands_do_not_exist_for_anybody_else(house: House) -> None:
    async with house.serving(admins=[EDITOR]):
        for command in ("/status", "/stuck", "/reload", "/invite", "/access", "/feedback", "/feeds"):
            assert "không biết lệnh" in (await house.ask(command)).text
    assert house.reloads == 0
