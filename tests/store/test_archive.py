"""export and import: what a store holds, as lines, and the same store again from them."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.store.archive import STAYS
from monitor.store.tables import changes, facts, fanouts, metadata, own_marks, own_watches, saved_items
from monitor.store.transaction import Store, open_store
from monitor.types import (
    AlertKind,
    AlertState,
    Bookmark,
    ChatState,
    FailureKind,
    FeedId,
    FeedState,
    Quote,
    Target,
    WatchId,
)
from tests.command_line import CommandLine
from tests.store_samples import AN, BINH, DAY, MINUTE, NOW, alert, chat, claim, draft, enqueue, save_items, save_story

STAYING = {each.name for each in STAYS}


async def newsroom(store: Store) -> None:
    """Something in every table."""
    first = await save_story(store, "mot", "putin", "netanyahu")
    await save_story(store, "hai", joins=first)
    second = await save_story(store, "ba", seen_at=NOW - DAY)
    await save_items(store, draft("cho"))
    with store.writing() as tx:
        tx.save_chat(chat(title="Ân & bạn"))
        tx.save_chat(replace(chat(BINH), state=ChatState.PAUSED, paused_until=NOW + DAY, lang="en"))
        for target in ("#nga", "putin", "*"):
            tx.follow(AN, Target(target), now=NOW)
        tx.mute(BINH, second, now=NOW)
        told = tx.story(first)
        assert told is not None
        tx.reword(told.items[0].id, "Bến cảng mở thêm hai tuyến phà", "Hai tuyến phà chạy từ tháng sau.", now=NOW)
        tx.add_feedback(AN, first, [{"watch": "putin", "text": "Đ\u2028"}], now=NOW)
        tx.add_invite("moi-ban", now=NOW)
        assert tx.use_invite("moi-ban", BINH, now=NOW)
        tx.add_invite("con-moi", now=NOW)
        said = Quote(WatchId("putin"), "ông Putin", "nói", "Bến cảng", True, "title", 0, 8, about=(WatchId("tap"),))
        tx.save_quotes(told.items[0].id, [said])
        tx.save_abstract(first, "d1", "Hai tuyến phà chạy.", why="", now=NOW)
        tx.save_abstract(first, "d2", "", why="name: Hải Đăng", now=NOW)
        tx._change(tx._insert(facts).values(name="access", value="invite"))
        tx._change(tx._insert(saved_items).values(chat_id=AN.chat_id, thread_id=0, item_id=told.items[0].id, at=NOW))
        own = {"chat_id": AN.chat_id, "thread_id": 0, "yaml": "events: []", "changed_at": NOW}
        watch_id = tx._rows(tx._insert(own_watches).values(own).returning(own_watches.c.id))[0].id
        mark = {"watch_id": watch_id, "item_id": told.items[0].id, "is_right": True, "at": NOW}
        tx._change(tx._insert(own_marks).values(mark))
        tx._change(  # what waits there to be told to very many
            tx._insert(fanouts).values(item_id=1, story_id=1, task="item", role="new", watch_ids=["putin"], at=NOW)
        )
        tx.renew_feed_key(AN, "k" * 43, now=NOW)
        tx._change(tx._insert(changes).values(at=NOW, action="reload", who="Ân"))
        state = FeedState(FeedId("ben-song"), NOW, Bookmark(etag='"x"', full_fetch_at=NOW), first_success_at=NOW)
        failing = replace(state, interval=timedelta(seconds=90.5), strain=1.5, failure_kind=FailureKind.DNS)
        tx.save_feed(replace(failing, announced=FailureKind.DNS))
    await enqueue(store, alert("story:1", story=first), alert("story:2", story=second))
    (sent,) = await claim(store)
    with store.writing() as tx:
        tx.settle(sent, AlertState.SENT, now=NOW, message_id=77, sent_hash="abc")
        tx.hold_chat(AN.chat_id, NOW + MINUTE)
        (waiting,) = tx.alerts_of_story(second)
        digest = replace(alert("digest:1"), kind=AlertKind.DIGEST)
        tx.fold_alerts([waiting.id], digest, now=NOW)


def fill(url: str) -> None:
    async def filled() -> None:
        async with await open_store(url) as store:
            await newsroom(store)

    asyncio.run(filled())


def tables(rows: list[dict[str, Any]]) -> set[str]:
    return {row["table"] for row in rows}


@pytest.fixture
def exported(monitor: CommandLine) -> str:
    """A store on SQLite as lines."""
    url = f"sqlite:///{monitor.folder}/old.db"
    fill(url)
    monitor.set(database_url=url)
    ended = monitor("export")
    assert (ended.code, ended.err) == (0, "")
    assert tables(ended.rows) == set(metadata.tables) - STAYING, "the sample fills every table"
    return ended.out


def test_a_store_made_of_the_lines_gives_the_same_lines(monitor: CommandLine, exported: str, database_url: str) -> None:
    monitor.set(database_url=database_url)
    ended = monitor("import", given=exported)
    assert (ended.code, ended.out, ended.err) == (0, "", f"{len(exported.splitlines())} rows are new\n")
    before = [json.loads(line) for line in exported.splitlines()]
    assert monitor("export").rows == before
    again = monitor("import", given=exported)
    assert (again.code, again.err) == (0, "0 rows are new\n")
    assert monitor("export").rows == before


def test_what_comes_after_an_import_is_numbered_after_it(
    monitor: CommandLine, exported: str, database_url: str
) -> None:
    monitor.set(database_url=database_url)
    assert monitor("import", given=exported).code == 0

    async def goes_on() -> None:
        async with await open_store(database_url) as store:
            known = {row["id"] for row in map(json.loads, exported.splitlines()) if row["table"] == "stories"}
            story = await save_story(store, "moi")
            assert int(story) > max(known)
            assert await enqueue(store, alert(f"story:{story}", story=story)) == 1
            assert await enqueue(store, alert("story:1")) == 0, "told before the move"
            with store.reading() as tx:
                assert tx.following(AN) == ["#nga", "putin", "*"]

    asyncio.run(goes_on())


def test_an_invitation_of_an_older_export_is_read_and_lets_nobody_in(monitor: CommandLine, database_url: str) -> None:
    fill(database_url)
    monitor.set(database_url=database_url)
    old = {"table": "invites", "code": "chu-cu", "created_at": "2026-01-01T00:00:00+00:00", "used_at": None}
    assert monitor("import", given=[old | {"used_chat_id": None, "used_thread_id": None}]).code == 0

    async def tried() -> None:
        async with await open_store(database_url) as store:
            with store.writing() as tx:
                assert not tx.use_invite("chu-cu", AN, now=NOW)
                assert "chu-cu" not in [invite.name for invite in tx.open_invites(now=NOW)]

    asyncio.run(tried())


def test_what_is_there_stays_and_what_is_missing_comes(monitor: CommandLine, exported: str, database_url: str) -> None:
    async def subscribed() -> None:
        async with await open_store(database_url) as store:
            with store.writing() as tx:
                tx.save_chat(chat(title="Tên mới"))
                tx.follow(AN, Target("tap-can-binh"), now=NOW)
                tx.save_feed(FeedState(FeedId("ben-song"), NOW + DAY))

    asyncio.run(subscribed())
    monitor.set(database_url=database_url)
    assert monitor("import", given=exported).code == 0
    rows = monitor("export").rows
    assert [row["title"] for row in rows if row["table"] == "chats"] == ["Tên mới", ""]
    follows = [row["target"] for row in rows if row["table"] == "subscriptions"]
    assert follows == ["tap-can-binh", "#nga", "putin", "*"]
    (feed,) = [row for row in rows if row["table"] == "feeds"]
    assert feed["first_success_at"], "else its next poll would be silent"


def test_subscribers_alone_can_join_any_store(monitor: CommandLine, exported: str, database_url: str) -> None:
    subscribers = monitor("export", "--subscribers")
    assert tables(subscribers.rows) == {"chats", "subscriptions", "own_watches", "feed_keys", "invites", "facts"}

    async def other_news() -> None:
        async with await open_store(database_url) as store:
            await save_story(store, "khac", seen_at=NOW + DAY)

    asyncio.run(other_news())
    monitor.set(database_url=database_url)
    refused = monitor("import", given=exported)
    assert refused.code == 2
    assert "the database has news of its own" in refused.err
    assert "chats" not in tables(monitor("export").rows), "all of it or nothing"
    assert monitor("import", given=subscribers.out).code == 0
    assert "chats" in tables(monitor("export").rows)


WRONG = [
    {"table": "nothing"},
    {"table": ["chats"]},
    {"chat_id": 5},
    {"table": "chats", "chat_id": "x", "thread_id": 0, "kind": "private", "state": "active"},
    {"table": "chats", "chat_id": 2**63, "thread_id": 0, "kind": "private", "state": "active"},
    {"table": "chats", "chat_id": 5, "thread_id": 0, "kind": "castle", "state": "active"},
    {"table": "chats", "chat_id": 5, "thread_id": 0, "state": "active"},
    {"table": "chats", "chat_id": 5, "thread_id": 0, "kind": "private", "state": "active", "colour": 3},
    {"table": "chats", "chat_id": 5, "thread_id": 0, "kind": "private", "state": "active", "joined_at": "2026-01-01"},
    {"table": "subscriptions", "chat_id": 999, "thread_id": 0, "target": "*", "since": "2026-01-01T00:00:00+00:00"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_row_that_cannot_be_is_named_and_skipped(monitor: CommandLine, wrong: object, database_url: str) -> None:
    monitor.set(database_url=database_url)
    good = {"table": "chats", "chat_id": 7, "thread_id": 0, "kind": "private", "state": "active"}
    last = {"table": "subscriptions", "chat_id": 7, "thread_id": 0, "target": "*", "since": "2026-01-01T00:00:00+00:00"}
    ended = monitor("import", given=[good, wrong, last])
    assert ended.code == 1
    assert ended.err.startswith("<stdin>:2: ")
    assert ended.err.endswith("; the line is skipped\n2 rows are new\n")


def test_nothing_is_imported_while_a_monitor_works(monitor: CommandLine, exported: str, database_url: str) -> None:
    monitor.set(database_url=database_url)

    async def at_work() -> None:
        async with await open_store(database_url) as store, store.sole_worker():
            refused = await asyncio.to_thread(monitor, "import", given=exported)
            assert (refused.code, refused.out) == (2, "")
            assert "another monitor works on this database" in refused.err

    asyncio.run(at_work())
    assert monitor("export").out == ""


def test_without_a_database_there_is_nothing_to_export(monitor: CommandLine) -> None:
    ended = monitor("export")
    assert (ended.code, ended.out) == (2, "")
    assert not (monitor.folder / "data").exists()
