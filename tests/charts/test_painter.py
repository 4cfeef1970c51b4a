"""Pictures are made beside the service: soon, one after the other, and whatever becomes of the process."""

import asyncio
import os
import signal
import struct
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.charts import painter as module
from monitor.charts.line_chart import LineChart, Series, line_chart
from monitor.charts.painter import PngPainter, open_painter
from monitor.errors import PictureError

DAYS = tuple(f"{day}/8" for day in range(1, 31))
SVG = line_chart(LineChart("Tin mỗi ngày", "", (Series("A", "A", tuple(range(30))),), DAYS)).svg


@pytest.fixture
async def painter() -> AsyncIterator[PngPainter]:
    async with open_painter() as opened:
        yield opened


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    wide, high = struct.unpack(">II", png[16:24])
    return wide, high


def exists(pid: int | None) -> bool:
    return Path(f"/proc/{pid}").exists()


async def test_a_picture_has_two_pixels_for_each_of_a_phones(painter: PngPainter) -> None:
    assert painter.pid is None, "it is started with the first picture"
    assert size(await painter.paint(SVG))[0] == 720
    assert painter.pid is not None


async def test_the_same_process_makes_the_next_picture_alike(painter: PngPainter) -> None:
    first = await painter.paint(SVG)
    pid = painter.pid
    both = await asyncio.gather(painter.paint(SVG), painter.paint(SVG))
    assert list(both) == [first, first]
    assert painter.pid == pid


@pytest.mark.parametrize("wrong", ["", "<svg", "no picture", "<svg xmlns='http://www.w3.org/2000/svg' width='0'/>"])
async def test_what_is_no_svg_is_an_error_and_the_next_picture_is_made(painter: PngPainter, wrong: str) -> None:
    with pytest.raises(PictureError, match="no picture can be made"):
        await painter.paint(wrong)
    assert size(await painter.paint(SVG))


async def test_what_is_much_too_long_is_not_even_tried(painter: PngPainter) -> None:
    with pytest.raises(PictureError, match="MiB"):
        await painter.paint("<svg>" + " " * 2**20)
    assert painter.pid is None


async def test_a_process_that_died_is_replaced_without_a_word(painter: PngPainter) -> None:
    first = await painter.paint(SVG)
    pid = painter.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert await painter.paint(SVG) == first
    assert painter.pid not in (None, pid)


async def test_a_picture_that_kills_the_process_is_an_error(
    painter: PngPainter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHILD", "tests.charts.no_such_child")
    with pytest.raises(PictureError, match="ended the process"):
        await painter.paint(SVG)
    monkeypatch.undo()
    assert size(await painter.paint(SVG))


async def test_a_process_that_does_not_answer_is_ended(painter: PngPainter, monkeypatch: pytest.MonkeyPatch) -> None:
    await painter.paint(SVG)
    pid = painter.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    monkeypatch.setattr(module, "MAX_TIME", 0.05)
    with pytest.raises(PictureError, match="takes more than"):
        await painter.paint(SVG)
    assert not exists(pid)


async def test_a_request_that_is_cancelled_leaves_no_answer_for_the_next_one(painter: PngPainter) -> None:
    other = line_chart(LineChart("Một hình khác", "", (Series("A", "A", (1, 2)),), ("1/8", "2/8"))).svg
    await painter.paint(SVG)
    task = asyncio.create_task(painter.paint(other))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    async with open_painter() as fresh:
        assert await painter.paint(SVG) == await fresh.paint(SVG)


async def test_the_first_picture_is_soon_and_the_service_goes_on_meanwhile(painter: PngPainter) -> None:
    lates = []

    async def beat() -> None:
        while True:
            due = time.monotonic() + 0.005
            await asyncio.sleep(0.005)
            lates.append(time.monotonic() - due)

    beating = asyncio.create_task(beat())
    began = time.process_time()
    await painter.paint(SVG)
    spent = time.process_time() - began
    beating.cancel()
    assert len(lates) > 1
    assert spent < 0.15, "of the service's own processor"


async def test_nothing_of_it_is_left_behind_the_painter() -> None:
    async with open_painter() as painter:
        await painter.paint(SVG)
        pid = painter.pid
    assert not exists(pid)
