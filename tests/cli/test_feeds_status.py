"""feeds and status: what a person sees, what a program gets, and when the exit code calls for somebody."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from monitor.store.transaction import Store, open_store
from monitor.types import AlertState, Bookmark, FailureKind, FeedId, FeedState
from tests.command_line import CommandLine
from tests.store_samples import MINUTE, NOW, alert, claim, draft, enqueue, save_items, save_story, work_here

WELL = FeedState(
    FeedId("ben-song"),
    NOW + 5 * MINUTE,
    Bookmark(moved_to="https://www.ben-song.example/rss"),
    interval=timedelta(minutes=4),
    first_success_at=NOW,
    last_success_at=NOW,
    last_checked_at=NOW,
)
FAILING = replace(
    WELL,
    feed_id=FeedId("sao-mai"),
    failures=3,
    failing_since=NOW,
    failure_kind=FailureKind.HTTP,
    last_error="[red]500[/red] [Errno 111] \x1b[2J",
)


def fill(url: str, *steps: Callable[[Store], Awaitable[object]]) -> None:
    async def filled() -> None:
        async with await open_store(url) as store:
            await store.write(work_here)
            for step in steps:
                await step(store)

    asyncio.run(filled())


def states(*given: FeedState) -> Callable[[Store], Awaitable[object]]:
    async def step(store: Store) -> None:
        with store.writing() as tx:
            for state in given:
                tx.save_feed(state)

    return step


async def parked(store: Store) -> None:
    (item,) = await save_items(store, draft("poison", title="Nhan đề [/b] lạ\x07"))
    with store.writing() as tx:
        assert tx.note_failure(item.id, "KeyError: x", park_after=1, now=NOW)


def alerts(*ends: AlertState) -> Callable[[Store], Awaitable[object]]:
    async def step(store: Store) -> None:
        for end in ends:
            story = await save_story(store, f"tin-{end}")
            await enqueue(store, alert(f"story:{end}", story=story))
            (row,) = await claim(store)
            with store.writing() as tx:
                tx.settle(row, end, now=NOW)

    return step


@pytest.fixture
def on(monitor: CommandLine, database_url: str) -> tuple[CommandLine, str]:
    monitor.set(database_url=database_url)
    return monitor, database_url


# ---------------------------------------------------------------- where the service has never run


@pytest.mark.parametrize("command", ["feeds", "status"])
def test_looking_makes_no_database(monitor: CommandLine, command: str) -> None:
    for more in ([], ["--json"]):
        ended = monitor(command, *more)
        assert ended.code == 0
        assert ended.err == "there is no database data/monitor.db yet: `monitor run` makes it\n"
    assert not (monitor.folder / "data").exists()
    [first, *_] = monitor(command, "--json").rows
    assert first.get("state", first.get("watches")) in ("new", 3)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://nobody:geheim@127.0.0.1:9/x", "is PostgreSQL running there"),
        ("sqlite:////dev/null", "/dev/null"),
        ("sqlite:///config", "config"),
        ("sqlite:///config/feeds.yaml", "it is no SQLite database"),
        ("mysql://x/y", "MONITOR_DATABASE_URL"),
    ],
)
@pytest.mark.parametrize("command", ["feeds", "status", "run"])
def test_a_database_that_cannot_be_used_is_told_with_code_2(
    monitor: CommandLine, command: str, url: str, words: str
) -> None:
    monitor.set(database_url=url, contact="x@y.example", http_port="off")
    ended = monitor(command)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert "geheim" not in ended.err
    assert "Traceback" not in ended.err


# ---------------------------------------------------------------- feeds


def test_every_configured_feed_is_told_whether_polled_or_not(on: tuple[CommandLine, str]) -> None:
    monitor, url = on
    fill(url, states(WELL, replace(WELL, feed_id=FeedId("taken-out"))))
    first, second = monitor("feeds", "--json").rows
    assert (first["id"], first["outlet"], first["state"], first["interval_seconds"]) == (
        "ben-song",
        "Bến Sông",
        "well",
        240,
    )
    assert (first["last_success"], first["next_check"]) == ("2026-08-23T05:20:00+00:00", "2026-08-23T05:25:00+00:00")
    assert first["moved_to"] == "https://www.ben-song.example/rss"
    assert (second["id"], second["state"], second["last_success"]) == ("sao-mai", "new", None)


def test_a_table_shows_errors_as_they_are_and_the_times_of_the_reader(monitor: CommandLine) -> None:
    monitor.set(database_url=f"sqlite:///{monitor.folder}/m.db")
    fill(f"sqlite:///{monitor.folder}/m.db", states(WELL, FAILING))
    ended = monitor("feeds")
    assert ended.code == 0
    assert "[red]500[/red] [Errno 111] ␛[2J" in ended.out
    assert "23/08 12:20" in ended.out, "Hanoi's noon"


def test_a_feed_that_is_switched_off_is_off(monitor: CommandLine) -> None:
    monitor.write("config/feeds.yaml", "feeds: [{id: a, outlet: A, url: 'https://a.example/', enabled: false}]")
    assert monitor("feeds", "--json").rows[0]["state"] == "off"


def test_feeds_as_opml_are_read_by_any_reader(monitor: CommandLine) -> None:
    monitor.write(
        "config/feeds.yaml",
        "feeds:\n"
        "  - {id: a, outlet: 'Sông & Núi', url: 'https://a.example/?x=1&y=2', section: Thế giới}\n"
        "  - {id: b, outlet: 'Sông & Núi', url: 'https://a.example/b'}\n",
    )
    ended = monitor("feeds", "--opml")
    root = ElementTree.fromstring(ended.out.encode())
    [outlet] = root.findall("body/outline")
    assert outlet.get("text") == "Sông & Núi"
    assert [each.attrib for each in outlet] == [
        {
            "type": "rss",
            "text": f"Sông & Núi{more}",
            "title": f"Sông & Núi{more}",
            "xmlUrl": f"https://a.example/{path}",
        }
        for more, path in ((" – Thế giới", "?x=1&y=2"), ("", "b"))
    ]
    assert ended.code == 0


# ---------------------------------------------------------------- status


def test_a_service_that_does_well_needs_nobody(on: tuple[CommandLine, str]) -> None:
    monitor, url = on
    fill(url, states(WELL, FAILING), alerts(AlertState.SENT, AlertState.REFUSED))
    [row] = monitor("status", "--json").rows
    assert (row["feeds_well"], [feed["id"] for feed in row["failing"]]) == (1, ["sao-mai"])
    assert {state: count for state, count in row["outbox"].items() if count} == {"sent": 1, "refused": 1}
    assert (row["needs_a_person"], row["last_poll"]) == ([], "2026-08-23T05:20:00+00:00")
    ended = monitor("status")
    assert (ended.code, ended.err) == (0, "")
    assert "failing: sao-mai since 2026-08-23 12:20 +07: [red]500[/red]" in ended.out


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (states(replace(FAILING, announced=FailureKind.HTTP)), "feed sao-mai is down: [red]500"),
        (parked, "1 item is parked"),
        (alerts(AlertState.UNCERTAIN), "1 alert is uncertain"),
    ],
    ids=["announced feed", "parked item", "uncertain alert"],
)
def test_what_needs_a_person_is_told_with_code_1(
    on: tuple[CommandLine, str], trouble: Callable[[Store], Awaitable[object]], words: str
) -> None:
    monitor, url = on
    fill(url, trouble)
    ended = monitor("status")
    assert ended.code == 1
    assert words in ended.err
    assert "\x1b" not in ended.out + ended.err
    assert "\x07" not in ended.out + ended.err
    as_json = monitor("status", "--json")
    assert as_json.code == 1
    [row] = as_json.rows
    assert [words in reason for reason in row["needs_a_person"]] == [True]


def test_a_feed_that_is_not_configured_any_more_needs_nobody(on: tuple[CommandLine, str]) -> None:
    monitor, url = on
    fill(url, states(replace(FAILING, feed_id=FeedId("taken-out"), announced=FailureKind.HTTP)))
    assert monitor("status").code == 0


def test_status_is_one_object_that_any_program_reads(monitor: CommandLine, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/m.db"
    monitor.set(database_url=url)
    fill(url, states(WELL), parked, alerts(AlertState.PENDING))
    [line] = monitor("status", "--json").out.splitlines()
    row = json.loads(line)
    assert row["items_waiting"] == 0
    assert [each["why"] for each in row["parked"]] == ["KeyError: x"]
    assert row["watches"] == 3
