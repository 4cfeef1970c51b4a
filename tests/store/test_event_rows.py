"""The log for open pages: nothing is lost and nothing comes twice, whoever writes at once and commits when."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from monitor.app.ground import housekeep, open_ground
from monitor.store import backups
from monitor.store.event_rows import NO_EVENT, EventKind, EventNumber, NewsEvent
from monitor.store.transaction import Store, Transaction, open_store
from monitor.types import Alert, AlertKind, AlertState, StoryId
from tests.databases import Cluster
from tests.store_samples import AN, DAY, NOW, alert, claim, draft, enqueue, save_items, save_story

WRITERS = 3
EACH = 40  # transactions of one writer


def read_on(store: Store, after: EventNumber = NO_EVENT, *, limit: int = 100) -> list[NewsEvent]:
    with store.reading() as tx:
        return tx.events_after(after, limit=limit)


def note(store: Store, *stories: StoryId) -> None:
    with store.writing() as tx:
        tx.note_stories(stories, now=NOW)


# ---------------------------------------------------------------- numbers


def test_a_number_is_read_as_it_is_written() -> None:
    assert EventNumber.read(str(EventNumber(731, 12))) == EventNumber(731, 12)


@pytest.mark.parametrize("wrong", ["", "7", "7-", "-7", "7-8-9", "a-b", " 7-8", "7-8\n", "٣-٤", "1-" + "9" * 19])
def test_what_is_no_number_is_none(wrong: str) -> None:
    assert EventNumber.read(wrong) is None


# ---------------------------------------------------------------- what is written, and read on


async def test_a_story_that_names_a_watch_is_told_and_another_is_not(store: Store) -> None:
    told = await save_story(store, "1")
    (item,) = await save_items(store, draft("2"))
    with store.writing() as tx:
        tx._connection.execute(
            text("INSERT INTO stories (title, opened_at) SELECT title, at FROM items WHERE key = '2'")
        )
        tx._connection.execute(text("UPDATE items SET story_id = (SELECT max(id) FROM stories) WHERE key = '2'"))
        silent = tx.item(item.id)
    assert silent is not None
    assert silent.story_id is not None
    note(store, told, silent.story_id, StoryId("987654"))
    (event,) = read_on(store)
    assert (event.kind, event.story_id, event.alert_id, event.at) == (EventKind.STORY, told, None, NOW)


async def test_a_reader_goes_on_behind_any_event_and_from_now(store: Store) -> None:
    stories = [await save_story(store, f"{n}") for n in range(5)]
    for story in stories:
        note(store, story)
    events = read_on(store)
    assert [each.story_id for each in events] == stories
    assert [each.number for each in events] == sorted({each.number for each in events})
    for place, event in enumerate(events):
        assert read_on(store, event.number) == events[place + 1 :]
    assert read_on(store, limit=2) == events[:2]
    with store.reading() as tx:
        assert tx.last_event() == events[-1].number


async def test_a_log_without_events_begins_before_all(store: Store) -> None:
    with store.reading() as tx:
        assert tx.last_event() == NO_EVENT
        assert tx.has_event(NO_EVENT)
        assert not tx.has_event(EventNumber(0, 1))


async def test_an_event_is_known_until_it_is_swept(store: Store) -> None:
    story = await save_story(store, "1")
    for at in (NOW, NOW + DAY):
        with store.writing() as tx:
            tx.note_stories([story], now=at)
    first, second = (each.number for each in read_on(store))
    with store.writing() as tx:
        assert tx.has_event(NO_EVENT)
        assert tx.has_event(first)
        assert not tx.has_event(EventNumber(first.xact + 1, first.id))
        assert tx.sweep_events(before=NOW + DAY) == 1
    with store.reading() as tx:
        assert tx.has_event(second)
        assert not tx.has_event(first)
        assert not tx.has_event(NO_EVENT)  # whoever was there would miss the first


async def sent(store: Store, alert_kind: AlertKind, key: str, story: StoryId | None) -> Alert:
    await enqueue(store, alert(key, kind=alert_kind, story=story))
    (claimed,) = await claim(store)
    with store.writing() as tx:
        assert tx.settle(claimed, AlertState.SENT, now=NOW, message_id=claimed.id)
        tx.note_sent(claimed, now=NOW)
    return claimed


@pytest.mark.parametrize(
    ("kind", "is_told"),
    [(AlertKind.ALERT, True), (AlertKind.UPDATE, True), (AlertKind.EDIT, False), (AlertKind.NOTICE, False)],
)
async def test_what_was_sent_of_a_story_is_told_unless_it_is_an_edit(
    store: Store, kind: AlertKind, is_told: bool
) -> None:
    story = await save_story(store, "1")
    claimed = await sent(store, kind, "a", story)
    told = [(each.kind, each.story_id, each.alert_id) for each in read_on(store)]
    assert told == ([(EventKind.ALERT, story, claimed.id)] if is_told else [])


async def test_a_digest_tells_of_each_story_in_it(store: Store) -> None:
    stories = [await save_story(store, f"{n}") for n in range(3)]
    await enqueue(store, *(alert(f"s{story}", story=story) for story in stories))
    with store.writing() as tx:
        waiting = [row.id for row in tx.overdue_alerts(AN, before=NOW + DAY)]
        tx.fold_alerts(waiting, alert("digest", kind=AlertKind.DIGEST), now=NOW)
    (digest,) = await claim(store)
    with store.writing() as tx:
        tx.note_sent(digest, now=NOW)
    assert {(each.story_id, each.alert_id) for each in read_on(store)} == set(zip(stories, waiting, strict=True))


async def test_a_settlement_that_comes_second_has_no_say(store: Store) -> None:
    claimed = await sent(store, AlertKind.ALERT, "a", await save_story(store, "1"))
    with store.writing() as tx:
        assert not tx.settle(claimed, AlertState.SENT, now=NOW, message_id=claimed.id)


async def test_a_merged_story_is_told_though_it_has_no_articles_any_more(store: Store) -> None:
    gone, into = await save_story(store, "1"), await save_story(store, "2")
    with store.writing() as tx:
        assert tx.merge_stories(gone, into, reason=None)  # type: ignore[arg-type]
        tx.note_merged(gone, now=NOW)
        tx.note_stories([gone, into], now=NOW)
    assert [each.story_id for each in read_on(store)] == [gone, into]


async def test_an_event_of_a_transaction_that_fails_was_never_there(store: Store) -> None:
    story = await save_story(store, "1")

    def fail(tx: Transaction) -> None:
        tx.note_stories([story], now=NOW)
        raise KeyError

    with pytest.raises(KeyError):
        await store.write(fail)
    assert read_on(store) == []


# ---------------------------------------------------------------- several who write at once


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[list[Store]]:
    """One store a writer, as processes of their own have them, and one of the reader."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(await open_store(database_url)) for _ in range(WRITERS + 1)]


async def test_who_commits_late_is_read_before_those_that_began_after(postgresql: Cluster) -> None:
    url = postgresql.borrow()
    async with await open_store(url) as slow, await open_store(url) as quick:
        early, late = await save_story(slow, "1"), await save_story(slow, "2")
        with slow.reading() as tx:
            seen = tx.last_event()
        with slow.writing() as tx:
            tx.note_stories([early], now=NOW)  # has the lower number, and is not committed yet
            note(quick, late)
            assert read_on(quick, seen) == []  # what came later waits, else the early one would never be read
            with quick.reading() as other:
                assert other.last_event() == seen
        first, second = read_on(quick, seen)
        assert (first.story_id, second.story_id) == (early, late)
        assert first.number < second.number
        assert read_on(quick, second.number) == []
    postgresql.give_back(url)


async def test_who_only_reads_for_long_holds_up_nobody(postgresql: Cluster) -> None:
    url = postgresql.borrow()
    async with await open_store(url) as store, await open_store(url) as reading:
        story = await save_story(store, "1")
        with reading.reading() as tx:
            tx.last_event()
            note(store, story)
            assert [each.story_id for each in read_on(store)] == [story]
    postgresql.give_back(url)


async def test_among_many_writers_a_reader_loses_nothing_and_reads_nothing_twice(stores: list[Store]) -> None:
    *writers, reader = stores
    story = await save_story(reader, "1")
    written: list[str] = []
    lottery = random.Random(711)
    undone = {(writer, n) for writer in range(WRITERS) for n in range(EACH) if lottery.random() < 0.2}

    def write(number: int) -> None:
        for n in range(EACH):
            try:
                with writers[number].writing() as tx:
                    tx.note_stories([story], now=NOW + timedelta(seconds=number, microseconds=n))
                    if (number, n) in undone:
                        raise KeyError
                written.append(f"{number}:{n}")
            except KeyError:
                continue

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    found: list[NewsEvent] = []
    while any(thread.is_alive() for thread in threads):
        found += read_on(reader, found[-1].number if found else NO_EVENT, limit=3)
    while more := read_on(reader, found[-1].number if found else NO_EVENT):
        found += more
    assert len(written) == WRITERS * EACH - len(undone)
    assert sorted(f"{each.at.second - NOW.second}:{each.at.microsecond}" for each in found) == sorted(written)
    numbers = [each.number for each in found]
    assert numbers == sorted(set(numbers))


WRITE_FOR_EVER = """
import asyncio, sys
from monitor.store.transaction import open_store
from monitor.types import StoryId
from tests.store_samples import NOW

async def write():
    async with await open_store(sys.argv[1]) as store:
        while True:
            with store.writing() as tx:
                tx.note_stories([StoryId(sys.argv[2])], now=NOW)
                tx.set_fact("written", str(int(tx.fact("written") or 0) + 1))
                print("here", flush=True)

asyncio.run(write())
"""


@pytest.mark.slow
async def test_processes_that_are_killed_while_they_write_leave_no_gap(database_url: str) -> None:
    async with await open_store(database_url) as store:
        story = await save_story(store, "1")
        found: list[NewsEvent] = []
        for turn in range(4):
            writing = subprocess.Popen(  # noqa: ASYNC220 - a process of its own is what is tested
                [sys.executable, "-c", WRITE_FOR_EVER, database_url, story],
                stdout=subprocess.PIPE,
                cwd=Path(__file__).parents[2],
            )
            assert writing.stdout is not None
            for _ in range(20 + turn):
                assert writing.stdout.readline()  # inside a transaction, or just behind one
                found += read_on(store, found[-1].number if found else NO_EVENT, limit=5)
            os.kill(writing.pid, signal.SIGKILL)
            writing.wait()
            writing.stdout.close()
            with store.writing() as tx:
                tx._connection.execute(text("UPDATE facts SET name = name"))  # waits for what the killed one held
        with store.reading() as tx:
            committed = int(tx.fact("written"))
        while more := read_on(store, found[-1].number):
            found += more
        numbers = [each.number for each in found]
        assert len(numbers) == committed >= 80
        assert numbers == sorted(set(numbers))


# ---------------------------------------------------------------- another cluster


def move_ahead(url: str) -> None:
    """As if the rows came from a cluster that has seen many more transactions."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE news_events SET xact = xact + 1000000000")


async def test_a_log_of_another_cluster_is_emptied_when_a_service_starts(postgresql: Cluster, tmp_path: Path) -> None:
    url, other = postgresql.borrow(), postgresql.new_database()
    async with await open_store(url) as store:
        story = await save_story(store, "1")
        note(store, story)
        there = read_on(store)[0].number
    move_ahead(url)
    await backups.back_up(url, tmp_path / "backup", force=False)
    await backups.restore(other, tmp_path / "backup", now=NOW)
    async with open_ground(other, clock=lambda: NOW) as ground:
        note(ground.store, story)
        (event,) = read_on(ground.store)
        with ground.store.reading() as tx:
            assert tx.last_event() == event.number
            assert not tx.has_event(EventNumber(there.xact + 1_000_000_000, there.id))  # such a page is loaded anew
            assert not tx.has_event(NO_EVENT)
    postgresql.give_back(url)
    postgresql.drop(other)


async def test_a_log_of_this_cluster_outlives_a_start(database_url: str) -> None:
    async with await open_store(database_url) as store:
        note(store, await save_story(store, "1"))
        before = read_on(store)
    async with open_ground(database_url, clock=lambda: NOW) as ground:
        assert read_on(ground.store) == before


async def test_housekeeping_keeps_seven_days(store: Store) -> None:
    story = await save_story(store, "1")
    for days in (8, 6):
        with store.writing() as tx:
            tx.note_stories([story], now=NOW - days * DAY)
    await housekeep(store, before=NOW - 30 * DAY, now=NOW)
    assert [each.at for each in read_on(store)] == [NOW - 6 * DAY]
