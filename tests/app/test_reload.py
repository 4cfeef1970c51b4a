"""The files in force: swapped as a whole while the loop goes on, and freed little by little."""

import asyncio
import gc
import shutil
import sys
import threading
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from monitor.app import reload as reloading
from monitor.app.reload import LoadedConfig, free_gently, load_config
from monitor.app.service import Service
from monitor.app.wiring import open_service
from monitor.config import Config, Settings, load_all
from monitor.errors import ConfigError
from monitor.types import Item, ItemId

WATCHLIST = "leaders:\n  - {id: putin, name: Vladimir Putin, offices: [{title: Tổng thống Nga}]}\n"
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
    settings = Settings(config_dir=folder, database_url=f"sqlite:///{folder.parent}/monitor.db")
    async with open_service(settings, load_all(folder), interactive=False) as service:
        await service.prepare()
        yield service


def read(folder: Path) -> LoadedConfig:
    return load_config(folder, timezone="Asia/Ho_Chi_Minh")


async def test_the_loop_goes_on_while_files_are_read_compiled_and_freed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step waits for the loop, which could not answer if the step ran on it."""
    asked, answered = threading.Event(), threading.Event()
    steps: list[str] = []

    def waiting(name: str) -> Any:
        whole = getattr(reloading, name)

        def step(*given: Any, **named: Any) -> Any:
            assert not gc.isenabled() or name == "_free"
            assert sys.getswitchinterval() < 0.002
            asked.set()
            assert answered.wait(10), f"{name} keeps the loop"
            answered.clear()
            steps.append(name)
            return whole(*given, **named)

        return step

    async with opened(folder) as service:
        for name in ("load_all", "compile_watchlist", "_free"):
            monkeypatch.setattr(reloading, name, waiting(name))
        reload = asyncio.create_task(service.reload())
        while not reload.done():
            await asyncio.sleep(0)
            if asked.is_set():
                asked.clear()
                answered.set()
        assert await reload == ()
        assert steps == ["load_all", "_free", "compile_watchlist", "_free"]
        assert gc.isenabled()


async def test_what_was_in_force_is_freed_after_a_reload(folder: Path) -> None:
    async with opened(folder) as service:
        for _ in range(2):  # the first loaded came from the start, the second from a reload
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
        assert gc.isenabled()


def test_who_is_at_work_with_an_edition_keeps_it_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reloading, "_PATIENCE", 1)
    loaded = read(folder)
    active = loaded.active
    old = [loaded]
    del loaded
    free_gently(old)
    assert not old
    assert [match.watch_id for match in active.matcher.match(PUTIN)] == ["putin"]


def test_freeing_waits_until_nobody_is_at_work_any_more(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = [read(folder)]
    at_work = [old[0].active]
    matcher = weakref.ref(old[0].active.matcher)
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        at_work.clear()

    def freed(pieces: list[Any]) -> None:
        assert matcher() is None  # what holds the pieces has gone before them, or they would all go with it
        assert pieces

    monkeypatch.setattr("time.sleep", pause)
    monkeypatch.setattr(reloading, "_free", freed)
    free_gently(old)
    assert len(pauses) == 1


def test_no_search_for_garbage_goes_through_an_edition(folder: Path) -> None:
    loaded = read(folder)
    tracked = gc.get_objects()
    assert not any(one is loaded.active.matcher for one in tracked)  # frozen: in no generation
    assert gc.isenabled()


def test_all_is_as_before_after_a_wrong_file(folder: Path) -> None:
    turn = sys.getswitchinterval()
    (folder / "feeds.yaml").write_text("feeds: 1")
    with pytest.raises(ConfigError):
        read(folder)
    assert gc.isenabled()
    assert sys.getswitchinterval() == turn


def test_places_in_files_are_not_kept(folder: Path) -> None:
    config: Config = read(folder).config
    assert not config.places.entries


def test_the_pieces_of_an_edition_hold_before_they_are_held(folder: Path) -> None:
    """An automaton holds its words: freed last, it would free them all in one go."""
    (folder / "watchlists" / "all.yaml").unlink()
    shutil.copytree(Path(__file__).parents[2] / "config" / "watchlists", folder / "watchlists", dirs_exist_ok=True)
    kinds = [type(piece).__name__ for piece in read(folder).pieces()]
    assert kinds[0] == "Automaton"
    assert kinds.index("Word") > kinds.index("Automaton")
    assert {"Word", "str", "Leader", "Event", "Term"} <= set(kinds)
