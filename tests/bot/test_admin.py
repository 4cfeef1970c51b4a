"""What admin chats may ask and order, and nobody else."""

from dataclasses import replace
from datetime import timedelta

from monitor.errors import Problem
from monitor.pipeline.config_changes import ConfigChanges, FilesRead
from monitor.pipeline.status import FailingFeed, PastError, StatusReport
from monitor.pipeline.workers_seen import Lack, WorkersReport, WorkerStatus, WorkersTrouble
from monitor.store.role_names import PARTS
from monitor.types import AlertState, FailureKind, FeedId, ItemId, ParkedItem
from tests.bot.house import EDITOR, MORNING, House


async def test_status_tells_what_is_wrong_now_and_what_to_do(house: House) -> None:
    house.report = StatusReport(
        at=MORNING,
        feeds_well=30,
        failing=(
            FailingFeed(FeedId("sao-mai"), "Sao Mai", FailureKind.TIMEOUT, "no answer in 20 s", MORNING, True),
            FailingFeed(FeedId("ben-song"), "Bến Sông", FailureKind.HTTP, "HTTP 503", MORNING),
        ),
        items_waiting=4,
        outbox={AlertState.PENDING: 2, AlertState.UNCERTAIN: 1},
        sent_in_a_day=10,
        parked=(ParkedItem(ItemId("1"), "Một <bài> hỏng", "ValueError", MORNING),),
        last_errors=(PastError(MORNING - timedelta(days=1), "T1: <disk full>"),),
        problems=(Problem("feeds.yaml", 3, 5, "`url` is missing"),),
        feedback=3,
        subscribers=12,
        watches=76,
        started_at=MORNING,
        telegram_out_since=MORNING,
    )
    async with house.serving(admins=[EDITOR]):
        await house.ask("/lang en", EDITOR)
        lines = (await house.ask("/trangthai", EDITOR)).text.splitlines()
    assert lines == [
        "⚠️ 5 to look at · 08:00",
        "⚠️ A file is wrong, the last good one is in force: feeds.yaml:3:5: `url` is missing. Correct it; it is taken "
        "up by itself.",
        "⚠️ Telegram out of reach since 08:00. Nothing is lost, it goes on by itself. Is this machine online?",
        "⚠️ sao-mai since 08:00: no answer in 20 s. Is the address still right? /feeds",
        "⚠️ 1 alert waits for you: /stuck",
        "⚠️ 1 article cannot be looked at: Một <bài> hỏng — ValueError. Try it again or drop it: /stuck",
        "",
        "Feeds: 30 well, 2 failing · articles waiting: 4",
        "Alerts: 2 waiting, 10 sent in 24 hours, 0 refused",
        "Subscribers: 12, watches: 76",
        "Complaints: 3 (/feedback)",
        "Last errors:",
        "  • 08:00 22/08 T1: <disk full>",
        "Running since 08:00",
    ]


async def test_status_is_one_green_line_and_a_few_numbers_when_all_is_well(house: House) -> None:
    house.report = StatusReport(at=MORNING, feeds_well=47, subscribers=12, watches=76)
    async with house.serving(admins=[EDITOR]):
        await house.ask("/lang en", EDITOR)
        lines = (await house.ask("/status", EDITOR)).text.splitlines()
    assert lines[0] == "✅ All is well · 08:00"
    assert len(lines) == 5


async def test_status_lists_the_processes_where_there_are_several(house: House) -> None:
    alive = WorkerStatus(
        "ben-song",
        11,
        ("poll", "detect"),
        ("group",),
        True,
        timedelta(seconds=1),
        MORNING,
        MORNING,
        "1.4",
        "0010",
        "http://127.0.0.1:9464",
        "",
        timedelta(0),
    )
    here = replace(alive, pid=13, parts=PARTS, roles=(), is_this=True)
    silent = replace(alive, host="sao-mai", pid=12, roles=(), is_alive=False, silent_for=timedelta(minutes=5))
    lack = WorkersTrouble(Lack.PART, "deliver")
    workers = WorkersReport((alive, here, silent), (lack,))
    house.report = StatusReport(at=MORNING, workers=workers, started_at=MORNING)
    async with house.serving(admins=[EDITOR]):
        await house.ask("/lang en", EDITOR)
        lines = (await house.ask("/status", EDITOR)).text.splitlines()
    assert lines[:2] == [
        "⚠️ 1 to look at · 08:00",
        "⚠️ Nobody sends alerts: start a process with “monitor run --only deliver”",
    ]
    assert lines[6:] == [
        "2 processes at work, 1 silent:",
        "  • ben-song (11): poll, detect · groups stories · 1.4",
        "  • ben-song (13): everything · 1.4 · this process",
        "  ✗ sao-mai (12): poll, detect · 1.4 · silent for 5 minutes",
        "This process has run since 08:00",
    ]
    house.report = StatusReport(at=MORNING, workers=WorkersReport((alive,) * 21 + (silent,)))
    async with house.serving(admins=[EDITOR]):
        lines = (await house.ask("/status", EDITOR)).text.splitlines()
    assert (lines[5], lines[-1]) == ("21 processes at work, 1 silent:", "and 2 more processes")
    assert len(lines) == 6 + 20 + 1


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
