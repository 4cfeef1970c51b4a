"""Several workers on one database: nothing is done twice, nothing is lost, and nobody waits for ever."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import StoreError
from monitor.store import detection_rows
from monitor.store.transaction import Store, Transaction, open_store
from monitor.types import Address, AlertState, FeedId, Item, Placement, Priority, Role, WatchId
from tests.databases import Cluster
from tests.store_samples import (
    MINUTE,
    NOW,
    SECOND,
    alert,
    chat,
    claim,
    draft,
    enqueue,
    match,
    save_items,
    save_story,
    urls,
)

WORKERS = 4
HIGH = Priority.HIGH


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[list[Store]]:
    """One store a worker, as processes of their own have them."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(await open_store(database_url)) for _ in range(WORKERS)]


async def test_no_alert_is_claimed_by_two_workers(stores: list[Store]) -> None:
    await enqueue(stores[0], *(alert(f"{n}", Address(c)) for c in range(20) for n in range(3)))
    sent: Counter[int] = Counter()

    async def work(store: Store) -> None:
        while (await _counts(store))[AlertState.SENT] < 60:
            for each in await claim(store, limit=3):
                sent[each.id] += 1
                with store.writing() as tx:
                    tx.settle(each, AlertState.SENT, now=NOW)

    await asyncio.gather(*map(work, stores))
    assert len(sent) == 60
    assert set(sent.values()) == {1}


async def _counts(store: Store) -> dict[AlertState, int]:
    with store.reading() as tx:
        return dict(tx.outbox_counts())


async def test_two_workers_never_send_to_one_chat_at_once(stores: list[Store]) -> None:
    await enqueue(stores[0], *(alert(f"{n}", Address(-5, n % 3)) for n in range(30)))
    claimed = await asyncio.gather(*(claim(store) for store in stores))
    assert sorted(map(len, claimed)) == [0] * (WORKERS - 1) + [1]


@pytest.mark.parametrize("chat_id", [None, 5], ids=["of all chats", "of one chat"])
async def test_what_comes_urgently_between_two_claims_does_not_leave_beside_what_the_first_took(
    shared: str, chat_id: int | None
) -> None:
    def take(tx: Transaction) -> list[str]:
        return [each.dedupe_key for each in tx.claim_alerts(now=NOW, lease=MINUTE, limit=9, chat_id=chat_id)]

    async with await open_store(shared) as first, await open_store(shared) as second, asyncio.timeout(10):
        await enqueue(first, alert("calm", Address(5)))
        with first.writing() as tx:  # not committed while the other one looks
            (calm,) = tx.claim_alerts(now=NOW, lease=MINUTE, limit=9, chat_id=chat_id)
            await second.write(Transaction.enqueue, [replace(alert("urgent", Address(5)), priority=HIGH)], now=NOW)
            assert await second.write(take) == []
        assert await second.write(take) == [], "the first one is on its way"
        await first.write(Transaction.settle, calm, AlertState.SENT, now=NOW)
        assert await second.write(take) == ["urgent"]


async def test_no_feed_is_polled_by_two_workers(stores: list[Store]) -> None:
    ids = [FeedId(f"feed-{n}") for n in range(40)]
    with stores[0].writing() as tx:
        tx.register_feeds(urls(*ids), now=NOW)

    async def work(store: Store) -> list[FeedId]:
        mine: list[FeedId] = []
        while True:
            with store.writing() as tx:
                states = tx.claim_due_feeds(lambda each: each in ids, now=NOW, lease=MINUTE, limit=3)
            if not states:
                return mine
            mine += [state.feed_id for state in states]

    claimed = await asyncio.gather(*map(work, stores))
    assert sorted(feed for mine in claimed for feed in mine) == sorted(ids)


async def test_an_article_is_read_by_one_worker(stores: list[Store]) -> None:
    for number in range(6):
        await save_story(stores[0], f"a-{number}")

    async def work(store: Store) -> list[str]:
        with store.writing() as tx:
            return [item.key for item in tx.claim_fulltext(now=NOW, lease=MINUTE, limit=2)]

    claimed = [key for mine in await asyncio.gather(*map(work, stores)) for key in mine]
    assert len(claimed) == len(set(claimed)) == 6


async def test_feeds_of_one_outlet_that_list_the_same_articles_store_each_once(stores: list[Store]) -> None:
    keys = [f"k-{n:03}" for n in range(60)]
    orders = [keys, keys[::-1], keys[30:] + keys[:30], keys[::2] + keys[1::2]]
    added = await asyncio.gather(
        *(save_items(store, *map(draft, order)) for store, order in zip(stores, orders, strict=True))
    )
    assert sorted(item.key for mine in added for item in mine) == keys
    again = NOW + 2 * 24 * 60 * MINUTE  # all are noted as listed, in four orders at once
    noted = await asyncio.gather(
        *(
            save_items(store, *(draft(key, seen_at=again) for key in order))
            for store, order in zip(stores, orders, strict=True)
        )
    )
    assert noted == [[]] * WORKERS


async def test_detectors_that_meet_at_one_item_open_one_story_and_ring_once(stores: list[Store]) -> None:
    added = await save_items(stores[0], *(draft(f"a-{n}") for n in range(8)))
    with stores[0].writing() as tx:
        for number in range(5):
            tx.save_chat(chat(Address(number)))

    async def detect(store: Store, items: list[Item]) -> list[tuple[str, str]]:
        told: list[tuple[str, str]] = []
        for item in items:
            with store.writing() as tx:
                story_id = tx.save_detection(
                    item, [match("putin"), match("biden")], Placement(None, Role.NEW), version="v1", now=NOW
                )
                assert tx.alerts_of_story(story_id) is not None
                drafts = [alert(f"story:{story_id}", Address(number), story=story_id) for number in range(5)]
                tx.enqueue(drafts, now=NOW)
                told.append((item.key, story_id))
        return told

    told = await asyncio.gather(*(detect(store, added[n:] + added[:n]) for n, store in enumerate(stores)))
    assert len({tuple(sorted(each)) for each in told}) == 1
    with stores[0].reading() as tx:
        counts = tx.daily_counts(since=NOW.date())
        assert [(count.watch_id, count.items, count.stories) for count in counts] == [
            (WatchId("biden"), 8, 8),
            (WatchId("putin"), 8, 8),
        ]
        assert tx.outbox_counts()[AlertState.PENDING] == 40


async def test_a_row_cannot_be_sent_while_its_story_is_being_told_of_another_outlet(stores: list[Store]) -> None:
    story_id = await save_story(stores[0], "a-1")
    await enqueue(stores[0], alert("a", story=story_id))
    detector, sender = stores[0], stores[1]
    with detector.writing() as tx:
        assert [each.state for each in tx.alerts_of_story(story_id)] == [AlertState.PENDING]
        claiming = sender.write(Transaction.claim_alerts, now=NOW, lease=MINUTE, limit=9)
        sending = asyncio.create_task(claiming)
        await asyncio.wait([sending], timeout=0.2)  # SQLite lets it wait, PostgreSQL lets it go away empty-handed
        assert not sending.done() or sending.result() == []
    claimed = await sending or await claim(sender, now=NOW + SECOND)
    assert [each.dedupe_key for each in claimed] == ["a"]


async def test_writers_and_readers_of_one_store_get_on_together(stores: list[Store]) -> None:
    store = stores[0]

    async def write(number: int) -> int:
        return len(await save_items(store, draft(f"w-{number}"), draft("shared")))

    async def read(_: int) -> int:
        with store.reading() as tx:
            return len(tx.unmatched_items(limit=100))

    written, seen = await asyncio.gather(asyncio.gather(*map(write, range(30))), asyncio.gather(*map(read, range(30))))
    assert sum(written) == 31
    assert max(seen) <= 31


async def test_an_article_is_saved_while_its_story_is_being_told(stores: list[Store]) -> None:
    story_id = await save_story(stores[0], "a-1")
    await save_story(stores[0], "a-2", joins=story_id)
    item, other = await stores[0].read(lambda tx: [row.item for row in tx.placed_since(NOW - MINUTE)])

    def article(tx: Transaction) -> None:
        tx.save_fulltext(item.id, "Toàn văn.", now=NOW)
        tx.replace_matches(item.id, [match("biden")])

    with stores[0].writing() as tx:  # on SQLite the other one waits for its turn anyway
        tx.add_matches(other.id, [match("biden")])
        saving = asyncio.create_task(stores[1].write(article))
        await asyncio.wait([saving], timeout=0.2)
        tx.schedule_rechecks([story_id], at=NOW)  # each would have what the other one waits for
    await saving


async def _silent_for(store: Store, item: Item, other: Callable[[], Awaitable[str]], came: list[str]) -> None:
    """Hold the lock of detection, say nothing until somebody else has had it, and go on."""
    with store.writing() as tx:
        tx.add_matches(item.id, [])
        came.append(await other())
        tx.add_matches(item.id, [match("putin")])


async def test_who_falls_silent_while_detecting_holds_up_nobody_for_long(
    postgresql: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detection_rows, "SILENT_AT_MOST", timedelta(milliseconds=200))
    url = postgresql.borrow()
    async with await open_store(url) as vanished, await open_store(url) as living:
        (item,) = await save_items(living, draft("a-1"))

        def detect(tx: Transaction) -> str:
            return tx.save_detection(item, [], Placement(None, Role.NEW), version="v1", now=NOW)

        placed: list[str] = []
        with pytest.raises(StoreError, match="stood still"):
            await _silent_for(vanished, item, lambda: living.write(detect), placed)
        assert [await living.write(detect)] == placed, "what it would have written is not there"
    postgresql.give_back(url)
