"""The files in force: swapped as a whole while the loop goes on, and let go of when others take their place."""

import asyncio
import os
import threading
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from monitor.app import reload as reloading
from monitor.app.reload import LoadedConfig, load_config
from monitor.app.service import Service
from monitor.app.wiring import open_service
from monitor.config import Config, Settings, load_all
from monitor.pipeline.config_changes import ConfigChanges, FilesRead
from monitor.store.tables import alerts
from monitor.types import Address, Chat, ChatKind, Item, ItemId

WATCHLIST = "leaders:\n  - {id: putin, name: Vladimir Putin, offices: [{title: Tổng thống Nga}]}\n"
NOON = datetime(2026, 8, 23, 5, 0, tzinfo=UTC)
EDITOR = 9001
PUTIN = Item(ItemId("1"), "Bến Sông", "Vladimir Putin thăm một nhà máy gốm")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    (folder / "watchlists").mkdir(parents=True)
    (folder / "feeds.yaml").write_text(
        "feeds:\n  - {id: ben-song, outlet: Bến Sông, url: 'https://ben-song.example/rss'}\n"
    )
    (folder / "watchlists" / "all.yaml").write_text(WATCHLIST)
    return folder


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Service]:
    settings = Settings(config_dir=folder, database_url=f"sqlite:///{folder.parent}/monitor.db", admin_chats=(EDITOR,))
    # a clock that stands: what is told must not hang on the second in which it was seen
    async with open_service(settings, load_all(folder), interactive=False, clock=lambda: NOON) as service:
        await service.prepare()
        yield service


def read(folder: Path) -> LoadedConfig:
    return load_config(folder, timezone="Asia/Ho_Chi_Minh")


async def test_the_loop_goes_on_while_files_are_read_and_compiled(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step waits for the loop, which could not answer if the step ran on it."""
    asked, answered = threading.Event(), threading.Event()
    steps: list[str] = []

    def waiting(name: str) -> Any:
        whole = getattr(reloading, name)

        def step(*given: Any, **named: Any) -> Any:
            asked.set()
            assert answered.wait(10), f"{name} keeps the loop"
            answered.clear()
            steps.append(name)
            return whole(*given, **named)

        return step

    async with opened(folder) as service:
        for name in ("load_all", "compile_config"):
            monkeypatch.setattr(reloading, name, waiting(name))
        reload = asyncio.create_task(service.reload())
        while not reload.done():
            await asyncio.sleep(0)
            if asked.is_set():
                asked.clear()
                answered.set()
        assert await reload == ()
        assert steps == ["load_all", "compile_config"]


async def test_what_was_in_force_is_freed_after_a_reload(folder: Path) -> None:
    async with opened(folder) as service:
        for _ in range(2):  # the first came from the start, the second from a reload
            before = weakref.ref(service.active.matcher)
            assert await service.reload() == ()
            assert before() is None
            assert service.active.matcher.match(PUTIN)


async def test_a_wrong_file_leaves_the_last_good_one_in_force(folder: Path) -> None:
    async with opened(folder) as service:
        (folder / "watchlists" / "all.yaml").write_text("leaders: [{id: putin}]")
        before = service.active
        problems = await service.reload()
        assert "name" in str(problems[0])
        assert service.active is before
        assert service.active.matcher.match(PUTIN)


def test_places_in_files_are_not_kept(folder: Path) -> None:
    config: Config = read(folder).config
    assert not config.places.entries


async def test_a_pipe_in_the_folder_is_refused_by_a_reload_that_waits_for_nobody(folder: Path) -> None:
    async with opened(folder) as service:
        os.mkfifo(folder / "watchlists" / "x.yaml")
        async with asyncio.timeout(30):
            (problem,) = await service.reload()
        assert (problem.line, problem.column) == (1, 1)
        assert "is a pipe (FIFO)" in problem.message
        assert service.active.matcher.match(PUTIN)
        (folder / "watchlists" / "x.yaml").unlink()
        assert await service.reload() == ()


def told(service: Service) -> list[str]:
    """What admin chats were told, oldest first."""
    with service.store.reading() as tx:
        return [row.text for row in tx._rows(select(alerts).order_by(alerts.c.id))]


async def test_each_wrong_saving_is_told_also_two_within_a_second_with_the_same_mistake(folder: Path) -> None:
    watchlist = folder / "watchlists" / "all.yaml"
    async with opened(folder) as service:
        for comment in ("", "# one\n", "# two more\n"):
            watchlist.write_text(f"leaders: [{{id: putin}}]\n{comment}")
            await service.reload()
            await service.reload()  # by hand: the same files are told once
        assert len(told(service)) == 3
        assert all("all.yaml:1:11: thiếu `name`" in text for text in told(service))


async def test_that_wrong_files_are_mended_is_told_once_with_what_changed(folder: Path) -> None:
    watchlist = folder / "watchlists" / "all.yaml"
    async with opened(folder) as service:
        assert await service.reload() == ()
        watchlist.write_text("leaders: [{id: putin}]")
        await service.reload()
        watchlist.write_text(WATCHLIST + "  - {id: to-lam, name: Tô Lâm}\n")
        for _ in range(2):
            await service.reload()
        _, mended = told(service)
        assert mended.startswith("✅")
        assert mended.endswith(": Tô Lâm")
        watchlist.write_text("leaders: [{id: putin}]")
        await service.reload()
        watchlist.write_text(WATCHLIST)
        await service.reload()
        assert len(told(service)) == 4


async def test_a_reading_says_what_changed_and_the_next_one_that_nothing_did(folder: Path) -> None:
    async with opened(folder) as service:
        assert await service.read_files() == FilesRead(service.active.version)
        (folder / "watchlists" / "all.yaml").write_text(
            "leaders:\n  - {id: to-lam, name: Tô Lâm}\nsets: {sông nước: [sông, suối]}\n"
        )
        (folder / "feeds.yaml").write_text(
            "feeds:\n  - {id: ben-song, outlet: Bến Sông, url: 'https://ben-song.example/moi.rss'}\n"
            "  - {id: sao-mai, outlet: Sao Mai, url: 'https://sao-mai.example/rss'}\n"
        )
        expected = ConfigChanges(
            watches_added=("Tô Lâm",),
            watches_removed=("Vladimir Putin",),
            feeds_added=("sao-mai",),
            feeds_changed=("ben-song",),
            sets_changed=("sông nước",),
        )
        read = await service.read_files()
        assert (read.is_new, read.changes, read.changed_at) == (True, expected, NOON)
        again = await service.read_files()
        assert (again.is_new, again.changes, again.changed_at) == (False, expected, NOON)


OWN = "leaders:\n  - {id: x, name: Aryna Sabalenka, aliases: [Sabalenka]}\n"
SABALENKA = Item(ItemId("2"), "Bến Sông", "Sabalenka vào chung kết")
READER = Address(1001)


def keep_own(service: Service, text: str = OWN) -> int:
    with service.store.writing() as tx:
        tx.save_chat(Chat(READER, ChatKind.PRIVATE))
        number = tx.add_own_watch(READER, asked="Sabalenka", text=text, now=service.clock())
        tx.keep_own_watch(number, now=service.clock())
        return number


async def test_own_watches_are_at_work_from_the_start_beside_the_files(folder: Path) -> None:
    async with opened(folder) as service:
        number = keep_own(service)
    async with opened(folder) as service:
        (match,) = service.active.own.match(SABALENKA)
        assert (match.watch_id, match.name) == (f"own-{number}", "Aryna Sabalenka")
        assert service.active.owners == {match.watch_id: READER}
        assert [watch.id for watch in service.config.watchlist.watches] == ["putin"], "no file, no list has it"


async def test_own_watches_are_taken_up_while_the_service_runs_without_reading_a_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reloading, "OWN_EVERY", timedelta(milliseconds=10))
    async with opened(folder) as service, asyncio.TaskGroup() as group:
        group.create_task(service._reload.follow_own())
        before, taken, take_up = service.active.matcher, asyncio.Event(), service._reload.take_up_own

        async def noted() -> None:
            await take_up()
            taken.set()

        await asyncio.sleep(0)
        monkeypatch.setattr(service._reload, "take_up_own", noted)
        number = keep_own(service)
        await taken.wait()
        assert service.active.own.match(SABALENKA)
        taken.clear()
        with service.store.writing() as tx:
            tx.end_own_watch(number)
        await taken.wait()
        assert not service.active.own.match(SABALENKA)
        assert service.active.matcher is before
        service.stop()


async def test_an_own_watch_that_the_files_no_longer_carry_is_left_out_and_comes_back(folder: Path) -> None:
    path = folder / "watchlists" / "all.yaml"
    with_set = WATCHLIST + "sets: {cầu phà: [phà, '\"cầu phao\"']}\n"
    path.write_text(with_set)
    ferry = Item(ItemId("3"), "Bến Sông", "Tuyến phà mới")
    async with opened(folder) as service:
        keep_own(service, "events:\n  - {id: x, name: Phà, match: ['{cầu phà}']}\n")
        keep_own(service)
        await service.take_up_own()
        assert service.active.own.match(ferry)
        path.write_text(WATCHLIST)
        assert await service.reload() == ()
        assert service.active.own.match(ferry) == ()
        assert service.active.own.match(SABALENKA), "the others stay"
        path.write_text(with_set)
        assert await service.reload() == ()
        assert service.active.own.match(ferry)


async def test_drafts_of_own_watches_are_swept_after_a_week(folder: Path) -> None:
    async with opened(folder) as service:
        with service.store.writing() as tx:
            old = tx.add_own_watch(READER, asked="phà", now=service.clock() - timedelta(days=8))
        await service._housekeep()
        with service.store.reading() as tx:
            assert tx.own_watch(old) is None
