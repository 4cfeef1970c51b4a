"""Rows for tests of the store, in as few words as they need."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from monitor.store.migrations import HEAD
from monitor.store.role_names import PARTS, roles_of
from monitor.store.tables import items
from monitor.store.transaction import Store, Transaction
from monitor.store.worker_rows import Worker
from monitor.types import (
    Address,
    Alert,
    AlertKind,
    Chat,
    ChatKind,
    ChatState,
    DedupeKey,
    Entry,
    Evidence,
    FeedId,
    Fulltext,
    Item,
    Match,
    NewAlert,
    NewItem,
    Placement,
    Reason,
    ReasonCode,
    Role,
    Rule,
    StoryId,
    WatchId,
)

NOW = datetime(2026, 8, 23, 5, 20, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
AN = Address(101)
BINH = Address(102)


WORKER = Worker("w1", "ben-song", 11, "1.0", HEAD, PARTS, page="http://127.0.0.1:9464")


def work_here(tx: Transaction, *workers: Worker) -> None:
    """See that workers are alive, where there are any: on SQLite one process works, without a row."""
    for worker in (workers or (WORKER,)) * tx.has_workers:
        tx.beat(worker)
        for role in roles_of(worker.parts):
            tx.keep_role(role, worker.id)


def draft(
    key: str,
    *,
    title: str = "Bến cảng mở thêm một tuyến phà",
    lead: str = "Tuyến phà chạy từ tháng sau.",
    published_at: datetime | None = None,
    seen_at: datetime = NOW,
    alertable: bool = True,
    fulltext: Fulltext = Fulltext.AUTO,
) -> NewItem:
    entry = Entry(key, key, f"https://ben-song.example/{key}.html", title, lead, published_at)
    return NewItem(entry, FeedId("ben-song"), "Bến Sông", seen_at, alertable, fulltext)


def match(watch: str = "putin", *, score: float = 0.9, text: str = "Putin") -> Match:
    evidence = (Evidence("title", 0, len(text), text),)
    return Match(WatchId(watch), "leader", watch.title(), Rule.NAME, score, evidence, by=text, note="đúng tên")


def chat(address: Address = AN, *, state: ChatState = ChatState.ACTIVE, title: str = "") -> Chat:
    return Chat(address, ChatKind.PRIVATE, title=title, state=state, joined_at=NOW)


def alert(
    key: str = "story:1",
    address: Address = AN,
    *,
    kind: AlertKind = AlertKind.ALERT,
    story: StoryId | None = None,
    not_before: datetime | None = None,
) -> NewAlert:
    return NewAlert(address, kind, DedupeKey(key), story_id=story, watch_ids=(WatchId("putin"),), not_before=not_before)


async def save_items(store: Store, *drafts: NewItem) -> list[Item]:
    with store.writing() as tx:
        return tx.add_items(drafts)


async def save_story(
    store: Store, key: str, *watches: str, seen_at: datetime = NOW, joins: StoryId | None = None
) -> StoryId:
    """An item that was stored and detected; its story."""
    role = Role.NEW if joins is None else Role.REPEAT
    with store.writing() as tx:
        (item,) = tx.add_items([draft(key, seen_at=seen_at)])
        found = [match(watch) for watch in watches or ("putin",)]
        return tx.save_detection(
            item, found, Placement(joins, role, Reason(ReasonCode.SAME_CONTENT)), version="v1", now=seen_at
        )


async def enqueue(store: Store, *drafts: NewAlert, now: datetime = NOW) -> int:
    with store.writing() as tx:
        return tx.enqueue(drafts, now=now)


async def claim(store: Store, *, now: datetime = NOW, lease: timedelta = MINUTE, limit: int = 100) -> list[Alert]:
    with store.writing() as tx:
        return tx.claim_alerts(now=now, lease=lease, limit=limit)


async def claimed_keys(store: Store, *, now: datetime = NOW, limit: int = 100) -> list[str]:
    return [each.dedupe_key for each in await claim(store, now=now, limit=limit)]


async def row(store: Store, number: int) -> Alert:
    """A row of the outbox as it stands."""
    with store.reading() as tx:
        found = tx.alert(number)
    assert found is not None
    return found


def urls(*ids: str) -> dict[FeedId, str]:
    """Feeds with their configured addresses."""
    return {FeedId(each): f"https://{each}.example/rss" for each in ids}


def stored_keys(tx: Transaction, keys: Iterable[str]) -> set[str]:
    """Which of `keys` have a row."""
    rows = tx._rows(select(items.c.key))
    return {row.key for row in rows} & set(keys)
