"""search: stored news, as lines for a program or as a list for a person."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from monitor.store.transaction import open_store
from monitor.types import Entry, Evidence, FeedId, Match, NewItem, Placement, Role, Rule, WatchId
from tests.command_line import CommandLine

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def stored(monitor: CommandLine, database_url: str) -> Callable[..., None]:
    """Store articles as the service would, in either database; says so to the command line."""
    monitor.set(database_url=database_url)

    def store(*titles: str, outlet: str = "Bến Sông", watch: str = "", days_ago: int = 0, indexed: bool = True) -> None:
        async def fill() -> None:
            async with await open_store(database_url) as opened:
                with opened.writing() as tx:
                    for number, title in enumerate(titles):
                        at = NOW - timedelta(days=days_ago, minutes=number)
                        url = f"https://ben-song.example/{len(title)}.htm"
                        entry = Entry(title, title, url, title, "Giá vàng trong nước.", at)
                        [item] = tx.add_items([NewItem(entry, FeedId("ben-song"), outlet, NOW, True)])
                        found = Match(WatchId(watch), "leader", "P", Rule.NAME, 0.9, (Evidence("title", 0, 1, "P"),))
                        placed = Placement(None, Role.NEW)
                        tx.save_detection(item, [found] if watch else [], placed, version="v", now=NOW)
                    while indexed and tx.index_items(limit=500):
                        pass

        asyncio.run(fill())

    return store


def test_each_hit_is_a_line_with_the_places_of_the_words(monitor: CommandLine, stored: Callable[..., None]) -> None:
    stored("Động đất ở Nga", "Huy động vốn mua đất", watch="putin")
    ended = monitor("search", "dong dat", "--json")
    assert (ended.code, ended.err) == (0, "")
    first, second = ended.rows
    assert first == {
        "id": first["id"],
        "title": "Động đất ở Nga",
        "summary": "Giá vàng trong nước.",
        "outlet": "Bến Sông",
        "url": "https://ben-song.example/14.htm",
        "published": NOW.isoformat(timespec="seconds"),
        "story": first["story"],
        "watches": ["putin"],
        "marks": [{"field": "title", "start": 0, "end": 8}],
    }
    assert [second["title"][mark["start"] : mark["end"]] for mark in second["marks"]] == ["động", "đất"]


def test_a_person_gets_a_list(monitor: CommandLine, stored: Callable[..., None]) -> None:
    stored("Động đất\x1b[2J ở Nga", watch="putin")
    ended = monitor("search", "động", "đất")
    assert ended.code == 0
    assert "Bến Sông  Động đất␛[2J ở Nga [putin]" in ended.out
    assert "https://ben-song.example/18.htm" in ended.out


def test_what_is_asked_for_may_stand_in_options_or_in_the_words(
    monitor: CommandLine, stored: Callable[..., None]
) -> None:
    stored("Giá vàng tăng", watch="putin")
    stored("Giá vàng giảm", outlet="Báo Sớm")
    stored("Giá vàng cũ", days_ago=20)

    def titles(*typed: str) -> list[str]:
        ended = monitor("search", *typed, "--json")
        assert ended.code == 0, ended.err
        return [row["title"] for row in ended.rows]

    assert sorted(titles("giá vàng")) == ["Giá vàng cũ", "Giá vàng giảm", "Giá vàng tăng"]
    assert titles("giá vàng", "--watch", "putin") == titles("giá vàng @putin") == ["Giá vàng tăng"]
    assert titles("giá vàng", "--outlet", "báo sớm") == titles("giá vàng outlet:'báo sớm'".replace("'", '"'))
    assert len(titles("giá vàng", "--since", "7d")) == len(titles("giá vàng since:7d")) == 2
    assert len(titles("giá vàng", "--limit", "1")) == 1
    assert titles("bạc") == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["giá", "@puttin"], "called @puttin. Did you mean: @putin"),
        (["giá", "--watch", "puttin"], "Did you mean: @putin"),
        (['giá "vàng'], "not closed"),
        (["giá", "since:hôm-qua"], "no span of time"),
        (["giá", "--since", "7"], "unit is missing"),
        (["giá", "outlet:Không-Có"], "No outlet is called"),
        (["?"], "What do you look for?"),
    ],
)
def test_a_search_that_cannot_be_meant_says_what_to_write(
    monitor: CommandLine, stored: Callable[..., None], typed: list[str], said: str
) -> None:
    stored("Giá vàng tăng")
    ended = monitor("search", *typed, "--json")
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_an_index_that_is_still_being_built_is_said(
    monitor: CommandLine, stored: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    stored("Giá vàng tăng", "Giá vàng giảm", indexed=False)
    monkeypatch.setattr("monitor.cli.search_command.MANY_LACKING", 2)
    ended = monitor("search", "giá", "--json")
    assert (ended.code, ended.out) == (1, "")
    assert "2 stored articles cannot be found yet" in ended.err


def test_no_database_is_made_by_looking(monitor: CommandLine) -> None:
    monitor.set(database_url=f"sqlite:///{monitor.folder}/none.db")
    ended = monitor("search", "giá")
    assert ended.code == 0
    assert "there is no database" in ended.err
