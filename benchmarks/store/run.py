"""What the store costs: our transactions beside the same work by bare sqlite3. Prints one table.

    python benchmarks/store/run.py [--items 3000] [--alerts 300] [--waiting 20000] [--postgresql EMPTY-DATABASE]

Trust the ratios, not the rates: those are the disk's (every commit is synced) as much as ours.
"""

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.store.transaction import Store, open_store
from monitor.types import (
    Address,
    AlertKind,
    AlertState,
    Entry,
    Evidence,
    FeedId,
    Match,
    NewAlert,
    NewItem,
    Placement,
    Role,
    Rule,
    WatchId,
)

NOW = datetime(2026, 8, 23, 5, 20, tzinfo=UTC)
BATCH = 30  # items a transaction: what a poll of a busy feed brings
LEASE = timedelta(minutes=5)
TITLE = "Bến cảng phía nam mở thêm một tuyến phà đêm cho công nhân các khu chế xuất"
LEAD = TITLE + ", theo thông báo của ban quản lý cảng, phà chạy từ đầu tháng sau và miễn phí trong tuần đầu tiên. "
Row = tuple[str, int, float, str]


def drafts(count: int) -> Iterator[list[NewItem]]:
    """Batches of new items."""
    for start in range(0, count, BATCH):
        yield [
            NewItem(
                Entry(f"ben-song-{n}", f"guid-{n}", f"https://ben-song.example/{n}.html", TITLE, LEAD, NOW, "raw"),
                FeedId("ben-song"),
                "Bến Sông",
                NOW,
                True,
            )
            for n in range(start, start + BATCH)
        ]


class Stopwatch:
    """Collects lines of the table for one database."""

    def __init__(self, who: str, table: list[Row]) -> None:
        self.who, self.table = who, table

    def note(self, what: str, count: int, started: float) -> None:
        """`count` of them took from `started` until now."""
        self.table.append((what, count, time.perf_counter() - started, self.who))


async def ours(store: Store, watch: Stopwatch, items: int, alerts: int, waiting: int) -> None:
    """The store's own methods, a transaction for each step as the use cases have them."""
    started = time.perf_counter()
    for batch in drafts(items):
        with store.writing() as tx:
            tx.add_items(batch)
    watch.note(f"insert new items, {BATCH} a transaction", items, started)

    started = time.perf_counter()
    for batch in drafts(items):
        with store.writing() as tx:
            tx.add_items(batch)
    watch.note("the same items polled again", items, started)

    with store.writing() as tx:
        tx.enqueue([_alert(n) for n in range(alerts)], now=NOW)
    started = time.perf_counter()
    sent = 0
    while sent < alerts:
        with store.writing() as tx:
            (claimed,) = tx.claim_alerts(now=NOW, lease=LEASE, limit=1)
        with store.writing() as tx:
            tx.settle(claimed, AlertState.SENT, now=NOW, message_id=sent, sent_hash="x")
        sent += 1
    watch.note("claim 1 and settle it, a transaction each", alerts, started)

    with store.writing() as tx:
        tx.enqueue([_alert(n, "again") for n in range(alerts)], now=NOW)
    started = time.perf_counter()
    while True:
        with store.writing() as tx:
            batch_of_alerts = tx.claim_alerts(now=NOW, lease=LEASE, limit=BATCH)
        if not batch_of_alerts:
            break
        with store.writing() as tx:
            for each in batch_of_alerts:
                tx.settle(each, AlertState.SENT, now=NOW, message_id=each.id, sent_hash="x")
    watch.note(f"claim {BATCH} and settle them together", alerts, started)

    evidence = (Evidence("title", 0, 8, TITLE[:8]),)
    match = Match(WatchId("putin"), "leader", "Putin", Rule.NAME, 0.9, evidence)
    with store.reading() as tx:
        found = tx.unmatched_items(limit=items)
    started = time.perf_counter()
    for item in found[: len(found) // 4]:
        with store.writing() as tx:
            tx.save_detection(item, [match], Placement(None, Role.NEW), version="v1", now=NOW)
    watch.note("save a detection with a match and a new story", len(found) // 4, started)

    with store.writing() as tx:
        for item in found[len(found) // 4 :]:
            tx.save_detection(item, [], Placement(None, Role.NEW), version="v1", now=NOW)
    started = time.perf_counter()
    with store.reading() as tx:
        warmed = len(list(tx.placed_since(NOW - LEASE)))
    watch.note("warm the story window", warmed, started)

    with store.writing() as tx:
        tx.enqueue([_alert(n % 5_000, f"waiting-{n}") for n in range(waiting)], now=NOW)
    started = time.perf_counter()
    for _ in range(10):
        with store.writing() as tx:
            tx.claim_alerts(now=NOW, lease=LEASE, limit=BATCH)
    watch.note(f"claim {BATCH} while {waiting} wait in 5,000 chats", 10, started)


def _alert(chat: int, key: str = "story") -> NewAlert:
    return NewAlert(Address(chat), AlertKind.ALERT, f"{key}:{chat}")


def bare(file: Path, watch: Stopwatch, items: int, alerts: int) -> None:
    """The least that sqlite3 needs for the same rows in the same tables, which ours has made."""
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        for table in ("items", "alerts"):
            db.execute(f"DELETE FROM {table}")
        db.execute("PRAGMA synchronous = FULL")
        blank = "''," * 3
        insert = (
            "INSERT INTO items (key, feed_id, outlet, guid, url, title, lead, body, image, published_at, published_raw,"
            " seen_at, at, last_listed_at, alertable, matched_version, match_failures, parked_why, reason, score,"
            f" fulltext, fulltext_attempts) VALUES (?,?,?,?,?,?,?,'','',?,?,?,?,?,1,'',0,{blank[3:]}0,'auto',0)"
            " ON CONFLICT DO NOTHING"
        )
        moment = "2026-08-23 05:20:00.000000"
        for what in (f"insert new items, {BATCH} a transaction", "the same items polled again"):
            started = time.perf_counter()
            for batch in drafts(items):
                db.execute("BEGIN IMMEDIATE")
                rows = [
                    (
                        e.key,
                        "ben-song",
                        "Bến Sông",
                        e.guid,
                        e.url,
                        e.title,
                        e.lead,
                        moment,
                        "raw",
                        moment,
                        moment,
                        moment,
                    )
                    for e in (draft.entry for draft in batch)
                ]
                db.executemany(insert, rows)
                db.execute("COMMIT")
            watch.note(what, items, started)
        db.execute("BEGIN IMMEDIATE")
        db.executemany(
            "INSERT INTO alerts (chat_id, thread_id, kind, dedupe_key, state, attempts, created_at, next_try_at,"
            " watch_ids, text, sent_digest, revision, priority, why)"
            " VALUES (?, 0, 'alert', 'story', 'pending', 0, ?, ?, '[]', '', '', 0, 'normal', '')",
            [(n, moment, moment) for n in range(alerts)],
        )
        db.execute("COMMIT")
        started = time.perf_counter()
        for _ in range(alerts):
            db.execute("BEGIN IMMEDIATE")
            (number,) = db.execute(
                "SELECT id FROM alerts WHERE state IN ('pending', 'sending') AND state = 'pending' ORDER BY id LIMIT 1"
            ).fetchone()
            db.execute("UPDATE alerts SET state = 'sending', attempts = attempts + 1 WHERE id = ?", (number,))
            db.execute("COMMIT")
            db.execute("BEGIN IMMEDIATE")
            db.execute("UPDATE alerts SET state = 'sent', message_id = 1 WHERE id = ?", (number,))
            db.execute("COMMIT")
        watch.note("claim 1 and settle it, a transaction each", alerts, started)


async def measure(items: int, alerts: int, waiting: int, postgresql: str | None) -> list[Row]:
    table: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bare.db"
        await (await open_store(f"sqlite:///{file}")).close()
        bare(file, Stopwatch("sqlite3", table), items, alerts)
        async with await open_store(f"sqlite:///{folder}/ours.db") as store:
            await ours(store, Stopwatch("SQLite", table), items, alerts, waiting)
    if postgresql:
        async with await open_store(postgresql) as store:
            await ours(store, Stopwatch("PostgreSQL", table), items, alerts, waiting)
    return table


def show(table: list[Row]) -> None:
    base = {what: seconds / count for what, count, seconds, who in table if who == "sqlite3"}
    print(f"{'':<50} {'':<11} {'a second':>10} {'ms each':>9} {'times sqlite3':>14}")
    for what in dict.fromkeys(row[0] for row in table):
        for _, count, seconds, who in (row for row in table if row[0] == what):
            each = seconds / count
            ratio = f"{each / base[what]:.1f}" if what in base else ""
            print(f"{what:<50} {who:<11} {1 / each:>10,.0f} {each * 1000:>9.3f} {ratio:>14}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=3_000)
    parser.add_argument("--alerts", type=int, default=300)
    parser.add_argument("--waiting", type=int, default=20_000)
    parser.add_argument("--postgresql", metavar="URL")
    options = parser.parse_args()
    show(asyncio.run(measure(options.items, options.alerts, options.waiting, options.postgresql)))
