"""What the process asks of its queues as a whole, and the one place at work on a database."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from monitor.errors import StoreError
from monitor.store.tables import bot_pace, host_turns, roles
from monitor.store.transaction import Store, open_store
from monitor.types import Address, AlertState, ChatState, FeedId, FeedState
from tests.databases import Cluster
from tests.pooler import Pooler
from tests.store_samples import (
    AN,
    BINH,
    DAY,
    MINUTE,
    NOW,
    SECOND,
    alert,
    chat,
    claim,
    draft,
    enqueue,
    row,
    save_items,
    save_story,
    urls,
)

HOUR = timedelta(hours=1)


async def test_an_item_counts_as_unmatched_until_it_is_detected(store: Store) -> None:
    with store.reading() as tx:
        assert tx.unmatched_count() == 0
    await save_items(store, draft("a"), draft("b"))
    with store.reading() as tx:
        assert tx.unmatched_count() == 2
    await save_story(store, "c")
    with store.reading() as tx:
        assert tx.unmatched_count() == 2


async def test_the_next_alert_is_the_earliest_whose_chat_may_be_written_to(store: Store) -> None:
    with store.writing() as tx:
        assert tx.next_alert_at() is None
        tx.save_chat(chat(AN))
        tx.save_chat(chat(BINH))
    await enqueue(store, alert("1", AN, not_before=NOW + HOUR), alert("2", BINH, not_before=NOW + MINUTE))
    with store.writing() as tx:
        assert tx.next_alert_at() == NOW + MINUTE
        tx.hold_chat(BINH.chat_id, NOW + 30 * MINUTE)
        assert tx.next_alert_at() == NOW + 30 * MINUTE, "a rest counts"
        tx.hold_chat(AN.chat_id, NOW + MINUTE)
        assert tx.next_alert_at() == NOW + 30 * MINUTE, "a rest that ends sooner does not"
        tx.save_chat(replace(chat(BINH, state=ChatState.PAUSED), paused_until=NOW + 40 * MINUTE))
        assert tx.next_alert_at() == NOW + 40 * MINUTE, "a pause that ends by itself counts"
        tx.save_chat(replace(chat(BINH, state=ChatState.PAUSED), paused_until=NOW + 10 * MINUTE))
        assert tx.next_alert_at() == NOW + 30 * MINUTE, "the later of pause and rest does"
        tx.save_chat(chat(BINH, state=ChatState.PAUSED))
        assert tx.next_alert_at() == NOW + HOUR, "nobody knows when a pause without an end is over"
        tx.save_chat(chat(AN, state=ChatState.BLOCKED))
        assert tx.next_alert_at() is None


async def test_an_alert_of_a_chat_without_a_row_is_written_too(store: Store) -> None:
    await enqueue(store, alert("1", Address(-9, 4)))
    with store.reading() as tx:
        assert tx.next_alert_at() == NOW


async def test_the_last_message_of_a_chat_is_the_highest_that_was_sent_there(store: Store) -> None:
    await enqueue(store, alert("1", AN), alert("2", Address(AN.chat_id, 4)), alert("3", BINH))
    with store.reading() as tx:
        assert tx.last_message_id(AN) == 0
    for number, each in enumerate(await claim(store)):
        with store.writing() as tx:
            tx.settle(each, AlertState.SENT, now=NOW, message_id=50 + 10 * number)
    sent = {each.address: each.message_id for each in [await row(store, number) for number in (1, 2, 3)]}
    with store.reading() as tx:
        assert tx.last_message_id(BINH) == sent[BINH]
        in_topics = [found for place, found in sent.items() if place.chat_id == AN.chat_id and found]
        assert tx.last_message_id(AN) == max(in_topics)
        assert tx.last_message_id(Address(77)) == 0


async def test_a_clock_is_behind_by_as_much_as_the_newest_poll_lies_ahead(store: Store) -> None:
    with store.writing() as tx:
        assert tx.clock_behind(now=NOW) == timedelta(0)
        tx.register_feeds(urls("a", "b"), now=NOW)
        assert tx.clock_behind(now=NOW) == timedelta(0), "never polled"
        for name, at in (("a", NOW - HOUR), ("b", NOW - DAY)):
            tx.save_feed(FeedState(FeedId(name), NOW, last_checked_at=at))
        assert tx.clock_behind(now=NOW) == timedelta(0)
        assert tx.clock_behind(now=NOW - 3 * HOUR) == 2 * HOUR


async def test_a_clock_that_was_set_back_moves_what_is_to_come_and_nothing_else(store: Store) -> None:
    with store.writing() as tx:
        tx.register_feeds(urls("soon", "due"), now=NOW)
        for name, at in (("soon", NOW + 3 * HOUR), ("due", NOW - SECOND)):
            tx.save_feed(FeedState(FeedId(name), at))
    await enqueue(store, alert("1", AN, not_before=NOW + 2 * HOUR + MINUTE), alert("2", BINH, not_before=NOW))
    with store.writing() as tx:
        tx.hold_chat(AN.chat_id, NOW + HOUR)
        assert tx.turn_back(2 * HOUR, now=NOW) == 3
        states = {state.feed_id: state for state in tx.feed_states()}
    assert states[FeedId("soon")].next_check_at == NOW + HOUR
    assert states[FeedId("due")].next_check_at == NOW - SECOND
    assert (await row(store, 1)).next_try_at == NOW + MINUTE
    assert (await row(store, 2)).next_try_at == NOW
    with store.writing() as tx:
        assert tx.turn_back(2 * HOUR, now=NOW) == 2, "what lies ahead less far is due now, and never before"
        states = {state.feed_id: state for state in tx.feed_states()}
    assert states[FeedId("soon")].next_check_at == NOW
    assert (await row(store, 1)).next_try_at == NOW


@pytest.mark.parametrize(("lease", "moved"), [(MINUTE, 0), (3 * HOUR, 1)])
async def test_a_claim_made_since_the_clock_was_set_back_is_good_and_one_from_before_is_moved(
    store: Store, lease: timedelta, moved: int
) -> None:
    await enqueue(store, alert("1"))
    assert len(await claim(store, lease=lease)) == 1
    with store.writing() as tx:
        assert tx.turn_back(2 * HOUR, now=NOW) == moved


async def test_what_workers_share_moves_with_the_clock_and_what_was_written_since_does_not(store: Store) -> None:
    before, since = NOW + 2 * HOUR + MINUTE, NOW + MINUTE
    with store.writing() as tx:
        for name, at in (("before", before), ("since", since)):
            tx._change(insert(roles).values(name=name, worker_id="w", fence=1, taken_at=NOW, kept_until=at))
            tx._change(insert(host_turns).values(host=name, worker_id="w", held_until=at, free_at=at))
            tx._change(insert(bot_pace).values(name=name, next_at=at, held_until=at))
        tx.turn_back(2 * HOUR, now=NOW)
        for column in (
            roles.c.kept_until,
            host_turns.c.held_until,
            host_turns.c.free_at,
            bot_pace.c.next_at,
            bot_pace.c.held_until,
        ):
            assert {row.at for row in tx._rows(select(column.label("at")))} == {since}, str(column)


async def test_one_at_a_time_has_the_place_at_work_and_keeps_it(database_url: str) -> None:
    async with await open_store(database_url) as store, await open_store(database_url) as other:
        async with store.sole_worker() as place:
            assert await place.is_kept()
            with pytest.raises(StoreError, match="another monitor works on this database"):
                async with other.sole_worker():
                    pytest.fail("two at work")
            assert await place.is_kept()
        async with other.sole_worker() as place:
            assert await place.is_kept()


async def test_who_deletes_the_lock_file_makes_no_room_for_a_second_process(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'monitor.db'}"
    async with await open_store(url) as store, await open_store(url) as other, store.sole_worker() as place:
        os.unlink(tmp_path / "monitor.db.lock")
        assert await place.is_kept(), "it is taken again, on the new file"
        with pytest.raises(StoreError):
            async with other.sole_worker():
                pytest.fail("two at work")


async def test_behind_a_pooler_nobody_has_the_place_for_themselves_and_nothing_of_it_is_left(
    postgresql: Cluster,
) -> None:
    """A pooler lends one session to many: the lock would stay with it, and shut out whoever comes after us."""
    url = postgresql.borrow()
    with Pooler(postgresql.port) as pooler:
        async with await open_store(pooler.url(url)) as store:
            assert store.is_behind_pooler()
            with pytest.raises(StoreError, match="a pooler stands before PostgreSQL"):
                async with store.sole_worker():
                    pytest.fail("a place that is kept by nobody")
    async with await open_store(url) as store:
        assert not store.is_behind_pooler()
        async with store.sole_worker() as place:
            assert await place.is_kept()
    postgresql.give_back(url)
