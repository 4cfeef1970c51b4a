"""What is looked up for an own watch: a draft of few words, its examples, what marks teach; here and in a process."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.pipeline import own_child
from monitor.pipeline.own_child import LookupFailed, in_process, packed, said_of, unpacked
from monitor.pipeline.own_jobs import OwnJob, look_up, name_and_more, reads_as_name
from monitor.store.transaction import Store, open_store
from monitor.types import Event, Item, ItemId, Leader, WatchId, Watchlist
from tests.store_samples import NOW, draft, save_items

OWN = WatchId("own-7")
FILES = Watchlist("v1", tuple(Leader(WatchId(f"l-{n}"), f"Alexander Borodin{n}") for n in range(1_203)))


@pytest.mark.parametrize(
    ("asked", "is_name"),
    [
        ("Nguyễn Văn Thắng bộ trưởng", True),
        ("Sabalenka", True),
        ("sabalenka", True),
        ("Tổng thống Putin", True),
        ("HLV Kim Sang Sik", True),
        ("Kim Sang Sik", True),
        ("cháy rừng ở Quảng Ninh", False),
        ("Cháy rừng ở Quảng Ninh", False),
        ("Quảng Ninh cháy rừng", False),
        ("giá cà phê", False),
        ("Giá cà phê", False),
        ("Bão", False),
        ("SJC", False),
        ("giá vàng SJC", False),
        ("bão Yagi", False),
    ],
)
def test_a_name_is_told_from_a_phrase(asked: str, is_name: bool) -> None:
    assert reads_as_name(asked) is is_name


def test_what_is_said_of_the_bearer_stands_behind_the_name() -> None:
    assert name_and_more("Nguyễn Văn Thắng bộ trưởng") == ("Nguyễn Văn Thắng", "bộ trưởng")
    assert name_and_more("Tổng thống Putin") == ("Tổng thống Putin", "")
    assert name_and_more("Aryna Sabalenka") == ("Aryna Sabalenka", "")


def job(asked: str, **more: Any) -> OwnJob:
    return replace(OwnJob(OWN, asked, NOW, FILES), **more)


async def stored(store: Store, titles: Mapping[str, int]) -> dict[str, ItemId]:
    """Items by their title, so many hours old."""
    drafts = [
        draft(f"k{n}", title=title, lead="", published_at=NOW - timedelta(hours=hours))
        for n, (title, hours) in enumerate(titles.items())
    ]
    items: list[Item] = await save_items(store, *drafts)
    return {item.title: item.id for item in items}


NEWS = {
    "Giá cà phê hôm nay tăng mạnh": 1,
    "Giá cà phê xuất khẩu lập đỉnh": 30,
    "Nông dân bán cà phê, giá cà phê giảm": 8 * 24,
    "Sabalenka vào chung kết": 2,
    "Aryna Sabalenka thắng trận thứ mười": 3,
    "Cháy rừng ở Quảng Ninh được dập tắt": 5,
    "Quán cà phê mới mở": 6,
}


@pytest.mark.parametrize(
    ("asked", "kind", "caught"),
    [
        ("giá cà phê", Event, ["Giá cà phê hôm nay tăng mạnh", "Giá cà phê xuất khẩu lập đỉnh"]),
        ("Aryna Sabalenka", Leader, ["Sabalenka vào chung kết", "Aryna Sabalenka thắng trận thứ mười"]),
        ("cháy rừng ở Quảng Ninh", Event, ["Cháy rừng ở Quảng Ninh được dập tắt"]),
    ],
)
async def test_a_few_words_become_a_watch_with_what_it_would_have_brought(
    store: Store, asked: str, kind: type, caught: list[str]
) -> None:
    ids = await stored(store, NEWS)
    looked = await store.read(look_up, job(asked))
    assert (type(looked.watch), looked.watch.id) == (kind, OWN)
    assert list(looked.examples.caught) == [ids[title] for title in caught]
    assert (looked.examples.items, looked.examples.stories) == (len(caught), len(caught))


async def test_an_empty_store_still_gives_a_watch(store: Store) -> None:
    for asked in ("Aryna Sabalenka", "cháy rừng ở Quảng Ninh", "zzz", "!?"):
        looked = await store.read(look_up, job(asked))
        assert looked.watch.name
        assert (looked.found, looked.examples.items) == (False, 0)
        assert unpacked(packed(job(asked, watch=looked.watch))).watch == looked.watch


async def test_what_the_reader_said_of_the_bearer_must_stand_nearby(store: Store) -> None:
    titles = {"Nguyễn Văn Thắng lái phà": 1, "Bộ trưởng Nguyễn Văn Thắng thăm bến phà": 2}
    ids = await stored(store, titles)
    looked = await store.read(look_up, job("Nguyễn Văn Thắng bộ trưởng"))
    assert looked.examples.caught == (ids["Bộ trưởng Nguyễn Văn Thắng thăm bến phà"],)
    assert looked.examples.near == (ids["Nguyễn Văn Thắng lái phà"],)


async def test_marks_teach_it(store: Store) -> None:
    titles = {f"Quán cà phê số {n} mở ở Đà Lạt": n for n in range(6)} | {
        f"Giá cà phê tăng phiên thứ {n}": n + 6 for n in range(6)
    }
    ids = await stored(store, titles)
    watch = Event(OWN, "Cà phê", match=('"cà phê"',))
    marks = {ids[title]: title.startswith("Giá") for title in titles}
    looked = await store.read(look_up, job("cà phê", watch=watch, marks=marks))
    assert looked.changes
    assert looked.watch != watch
    assert looked.agreeing == (6, 12)
    assert looked.examples.items == 6


async def test_another_process_says_the_same(database_url: str) -> None:
    async with await open_store(database_url) as store:
        await stored(store, NEWS)
        here = said_of(await store.read(look_up, job("giá cà phê")))
    assert await in_process(database_url)(packed(job("giá cà phê"))) == here


async def test_a_process_that_dies_or_takes_too_long_is_an_error_and_leaves_nothing(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LookupFailed, match="ended with"):
        await in_process(f"sqlite:///{tmp_path}/no/such/folder\0")(packed(job("x")))
    monkeypatch.setattr(own_child, "MAX_TIME", timedelta(0))
    with pytest.raises(LookupFailed, match="more than"):
        await in_process(f"sqlite:///{tmp_path}/m.db")(packed(job("x")))


async def test_the_loop_goes_on_while_a_job_is_packed_and_done(database_url: str) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.005)

    async with await open_store(database_url):
        pass
    task = asyncio.create_task(tick())
    given = await asyncio.to_thread(packed, job("giá cà phê"))
    await in_process(database_url)(given)
    task.cancel()
    assert ticks > 20
