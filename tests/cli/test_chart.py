"""chart: a picture as a file, and in words on standard error."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.store.transaction import open_store
from monitor.types import Entry, FeedId, NewItem, Placement, Role
from tests.command_line import CommandLine
from tests.store_samples import match

NOW = datetime.now(UTC)


@pytest.fixture
def stored(monitor: CommandLine, database_url: str) -> Callable[..., None]:
    """Store articles that name watches, on either database; says so to the command line."""
    monitor.set(database_url=database_url)
    monitor.write(
        "config/watchlists/all.yaml",
        "leaders:\n- {id: putin, name: Vladimir Putin, aliases: [Putin]}\n- {id: trump, name: Donald Trump}\n"
        "- {id: zelensky, name: Volodymyr Zelensky}\n",
    )

    async def fill(*named: tuple[str, ...]) -> None:
        async with await open_store(database_url) as opened:
            for number, watches in enumerate(named):
                at = NOW - timedelta(days=number % 3)
                entry = Entry(f"k{number}", "", f"https://ben-song.example/{number}", f"Tin {number}", published_at=at)
                with opened.writing() as tx:
                    [item] = tx.add_items([NewItem(entry, FeedId("ben-song"), "Bến Sông", at, True)])
                    found = [match(watch) for watch in watches]
                    tx.save_detection(item, found, Placement(None, Role.NEW), version="v", now=at)

    return lambda *named: asyncio.run(fill(*named))


def test_a_trend_is_written_as_png_and_said_in_words(
    monitor: CommandLine, stored: Callable[..., None], tmp_path: Path
) -> None:
    stored(("putin",), ("putin", "trump"), ("putin",), ("putin",))
    ended = monitor("chart", "trend", "putin", "Donald Trump", "--lang", "en", "--out", str(tmp_path / "a.png"))
    assert (ended.code, ended.out) == (0, "")
    assert "Vladimir Putin: 4 articles in 30 days" in ended.err
    assert "Donald Trump: 1 article in 30 days" in ended.err
    assert "<" not in ended.err
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (("trend", "putin", "--outlets"), "Bến Sông"),
        (("trend", "putin", "--since", "7d", "--dark"), "7 days"),
        (("who", "Putin"), "Donald Trump"),
        (("day",), "last 24 hours"),
        (("day", "--day", f"{NOW + timedelta(hours=7):%Y-%m-%d}"), "Told most on"),
        (("week", "--day", f"{NOW + timedelta(hours=7):%Y-%m-%d}"), "The week"),
    ],
)
def test_every_picture_can_be_had_as_svg(
    monitor: CommandLine, stored: Callable[..., None], tmp_path: Path, typed: tuple[str, ...], shown: str
) -> None:
    stored(("putin",), ("putin", "trump"), ("putin",))
    ended = monitor("chart", *typed, "--lang", "en", "--out", str(tmp_path / "a.svg"))
    assert ended.code == 0, ended.err
    svg = (tmp_path / "a.svg").read_text("utf-8")
    assert svg.startswith("<svg ")
    assert shown in svg


def test_where_nothing_is_stored_no_file_is_written(
    monitor: CommandLine, stored: Callable[..., None], tmp_path: Path
) -> None:
    stored(("trump",))
    ended = monitor("chart", "trend", "putin", "--out", str(tmp_path / "a.png"))
    assert ended.code == 1
    assert "nothing is stored" in ended.err
    assert not (tmp_path / "a.png").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("trend", "--out", "a.png"), "one watch or two"),
        (("trend", "putin", "trump", "zelensky", "--out", "a.png"), "one watch or two"),
        (("who", "putin", "trump", "--out", "a.png"), "one watch"),
        (("day", "putin", "--out", "a.png"), "takes no target"),
        (("trend", "xyzzyq", "--out", "a.png"), "'xyzzyq' is no watch"),
        (("trend", "putin", "--out", "a.gif"), ".png or .svg"),
        (("trend", "putin", "--since", "2h", "--out", "a.png"), "from 2d to 366d"),
        (("day", "--day", "hôm qua", "--out", "a.png"), "2026-08-23"),
    ],
)
def test_wrong_use_is_one_line_that_says_what_to_write(
    monitor: CommandLine, stored: Callable[..., None], typed: tuple[str, ...], said: str
) -> None:
    stored()
    ended = monitor("chart", *typed)
    assert (ended.code, ended.out, len(ended.err.splitlines())) == (2, "", 1)
    assert said in ended.err
