"""A changed config folder is noticed however it was changed."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from monitor.config.file_changes import changes, snapshot

WITHIN = 20.0  # seconds; less than one, where nothing else runs


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks every tenth of a second instead of every two: what no event tells is seen by looking."""
    monkeypatch.setattr("monitor.config.file_changes.CHECK_EVERY_MS", 100)


def write(folder: Path, text: str) -> Path:
    (folder / "watchlists").mkdir(parents=True)
    (folder / "feeds.yaml").write_text("feeds: []\n")
    (folder / "watchlists" / "all.yaml").write_text(text)
    return folder


@asynccontextmanager
async def watched(folder: Path) -> AsyncIterator[asyncio.Queue[str]]:
    """What all.yaml said at each change that was noticed."""
    stop, seen, before = asyncio.Event(), asyncio.Queue[str](), snapshot(folder)

    async def watch() -> None:
        async for _ in changes(folder, stop, seen=before):
            seen.put_nowait((folder / "watchlists" / "all.yaml").read_text())

    async with asyncio.TaskGroup() as group:
        group.create_task(watch())
        try:
            yield seen
        finally:
            stop.set()


async def noticed(seen: asyncio.Queue[str], text: str) -> None:
    async with asyncio.timeout(WITHIN):
        while await seen.get() != text:
            pass


async def test_a_file_that_is_written_over(tmp_path: Path) -> None:
    folder = write(tmp_path / "config", "a: 1\n")
    async with watched(folder) as seen:
        (folder / "watchlists" / "all.yaml").write_text("a: 2, longer\n")
        await noticed(seen, "a: 2, longer\n")


async def test_a_folder_that_is_replaced_again_and_again(tmp_path: Path) -> None:
    folder = write(tmp_path / "config", "a: 1\n")
    async with watched(folder) as seen:
        for number in (2, 3):
            new = write(tmp_path / f"new-{number}", f"a: {number}\n")
            folder.rename(tmp_path / f"old-{number}")
            new.rename(folder)
            await noticed(seen, f"a: {number}\n")


@pytest.mark.parametrize("whole", [True, False])
async def test_a_link_that_is_turned_as_kubernetes_does_it(tmp_path: Path, whole: bool) -> None:
    """`whole`: the folder itself is a link; else its entries are links through `..data`, as in a mounted ConfigMap."""
    write(tmp_path / "..1", "a: 1\n")
    folder = tmp_path / "config"
    pointer = folder if whole else folder / "..data"
    if not whole:
        folder.mkdir()
        for name in ("feeds.yaml", "watchlists"):
            (folder / name).symlink_to(f"..data/{name}")
    pointer.symlink_to(tmp_path / "..1")
    async with watched(folder) as seen:
        for number in (2, 3):
            write(tmp_path / f"..{number}", f"a: {number}\n")
            turned = pointer.with_name("..turned")
            turned.symlink_to(tmp_path / f"..{number}")
            os.replace(turned, pointer)
            await noticed(seen, f"a: {number}\n")


async def test_a_neighbouring_database_is_no_change(tmp_path: Path) -> None:
    folder = write(tmp_path / "config", "a: 1\n")
    async with watched(folder) as seen:
        (folder / "monitor.db").write_text("rows")
        (folder / "feeds.yaml").write_text("feeds: [{}]\n")  # a real one, behind which nothing else may have come
        await noticed(seen, "a: 1\n")
        assert seen.empty()


def test_a_folder_that_is_away_looks_like_no_change_at_all(tmp_path: Path) -> None:
    assert snapshot(tmp_path / "gone") == frozenset()
