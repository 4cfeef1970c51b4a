"""What the page asks of the whole: how much came and was told by hour, how long it took, who there is."""

from dataclasses import replace
from datetime import timedelta

from monitor.store.health_rows import ChannelRow, Trip
from monitor.store.transaction import Store
from monitor.types import (
    OUTSIDE_BELOW,
    Address,
    AlertKind,
    AlertState,
    Chat,
    ChatKind,
    ChatState,
    NewAlert,
    Placement,
    Role,
)
from tests.store_samples import AN, BINH, DAY, MINUTE, NOW, alert, chat, claim, draft, enqueue

HOUR = timedelta(hours=1)
THIS_HOUR = NOW.replace(minute=0)


async def told(store: Store, key: str, kind: AlertKind, *, published: timedelta, took: timedelta) -> None:
    """An article that was published so long ago, found five minutes later, written at once and sent after `took`."""
    seen = NOW - published + 5 * MINUTE
    with store.writing() as tx:
        [item] = tx.add_items([draft(key, published_at=NOW - published, seen_at=seen)])
        story = tx.save_detection(item, [], Placement(None, Role.NEW), version="v1", now=seen)
        tx.enqueue([replace(alert(f"story:{key}", kind=kind, story=story), item_id=item.id)], now=seen)
        [row] = tx.claim_alerts(now=seen, lease=MINUTE, limit=9)
        tx.settle(row, AlertState.SENT, message_id=1, now=seen + took)


async def test_messages_are_counted_by_the_hour_in_which_they_left_and_edits_are_none(store: Store) -> None:
    await told(store, "a", AlertKind.ALERT, published=30 * MINUTE, took=MINUTE)
    await told(store, "b", AlertKind.UPDATE, published=3 * HOUR, took=10 * MINUTE)
    await told(store, "c", AlertKind.ALERT, published=3 * HOUR, took=15 * MINUTE)
    await told(store, "d", AlertKind.EDIT, published=3 * HOUR, took=15 * MINUTE)
    await enqueue(store, alert("waits"))
    with store.reading() as tx:
        assert tx.told_by_hour(since=NOW - DAY) == {THIS_HOUR - HOUR: 1, THIS_HOUR - 3 * HOUR: 2}
        assert tx.told_by_hour(since=NOW - HOUR) == {THIS_HOUR - HOUR: 1}
        assert tx.stored_by_hour(since=NOW - DAY) == {THIS_HOUR - HOUR: 1, THIS_HOUR - 3 * HOUR: 3}


async def test_the_way_of_news_is_that_of_single_messages(store: Store) -> None:
    await told(store, "a", AlertKind.ALERT, published=30 * MINUTE, took=MINUTE)
    await told(store, "b", AlertKind.DIGEST, published=30 * MINUTE, took=MINUTE)
    await told(store, "c", AlertKind.UPDATE, published=40 * MINUTE, took=MINUTE)
    seen = NOW - 25 * MINUTE
    with store.reading() as tx:
        newest, older = tx.trips(since=NOW - DAY, limit=9)
        assert newest == Trip(NOW - 30 * MINUTE, seen, seen, seen + MINUTE)
        assert older.published_at == NOW - 40 * MINUTE
        assert tx.trips(since=NOW - DAY, limit=1) == [newest]
        assert tx.trips(since=NOW, limit=9) == []


async def test_chats_are_counted_by_their_state(store: Store) -> None:
    with store.writing() as tx:
        tx.save_chat(chat(AN))
        tx.save_chat(chat(BINH, state=ChatState.PAUSED))
        tx.save_chat(chat(Address(103), state=ChatState.BARRED))
        assert tx.chats_in([ChatState.ACTIVE, ChatState.PAUSED]) == 2
        assert tx.chats_in([]) == 0


async def test_channels_are_told_with_what_waits_for_them(store: Store) -> None:
    mail, gone = Address(OUTSIDE_BELOW - 5), Address(OUTSIDE_BELOW - 6)
    with store.writing() as tx:
        assert tx.channels() == []
        tx.save_chat(Chat(mail, ChatKind.OUTSIDE, "ban-doi-ngoai", joined_at=NOW))
        tx.save_chat(Chat(gone, ChatKind.OUTSIDE, "cu", state=ChatState.BARRED, joined_at=NOW))
        tx.save_chat(chat(AN))
        tx.enqueue([NewAlert(mail, AlertKind.NOTICE, alert("a").dedupe_key, text="x"), alert("b")], now=NOW)
        assert tx.channels() == [ChannelRow("ban-doi-ngoai", ChatState.ACTIVE, 1)]


async def test_a_database_has_a_size(store: Store) -> None:
    with store.reading() as tx:
        assert 50_000 < tx.database_bytes() < 200_000_000


async def test_what_is_claimed_is_not_told_yet(store: Store) -> None:
    await enqueue(store, alert("a"))
    await claim(store)
    with store.reading() as tx:
        assert tx.told_by_hour(since=NOW - DAY) == {}
