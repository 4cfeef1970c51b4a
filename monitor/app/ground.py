"""The ground of a service: its database, opened, taken over and made ready, and whether anything waits in it.

Imports no room of the newsroom, no network and no log: `monitor run --once` with nothing to do ends here, before they
are loaded. Runs no stage; service.py does.
"""

import contextlib
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor import __version__
from monitor.config.file_changes import snapshot
from monitor.config.settings import Settings, channel_urls_of
from monitor.ports import Clock
from monitor.store.migrations import HEAD
from monitor.store.process_rows import DatabaseLock
from monitor.store.transaction import Store, Transaction, open_store
from monitor.types import EVERYTHING, TERMINAL, Chat, ChatKind, ChatState

CLOCK_STEP = timedelta(seconds=30)  # back; less is a clock that is being put right, and nothing waits for long
SOON = timedelta(minutes=1)  # an alert that is due by then is work: a run waits for the rests of chats, of some seconds
DONE_WITH = "files_of_last_run"  # the name of a fact: what `files_seen` gave when `run --once` had nothing left to do
EVENTS_STAY = timedelta(days=7)  # a page that was away for longer is loaded anew
SWEPT_AT_ONCE = 500  # rows a transaction: 34 ms, for which every writer waits


@dataclass(frozen=True, slots=True)
class ClockSetBack:
    """While nobody ran the clock went back by `by`; so many `rows` were brought back to it."""

    by: timedelta
    rows: int


@dataclass(frozen=True, slots=True)
class Ground:
    """A database that is open and ours alone, with nothing left of a dead process."""

    store: Store
    database_lock: DatabaseLock
    clock_set_back: ClockSetBack | None


@contextlib.asynccontextmanager
async def open_ground(database_url: str, *, clock: Clock) -> AsyncIterator[Ground]:
    """Open the database and be the only one at work there; what a dead process held is free at once.

    Raises StoreError when it cannot be opened or another monitor works on it.
    """
    async with contextlib.AsyncExitStack() as stack:
        store = await open_store(database_url)
        stack.push_async_callback(store.close)
        database_lock = await stack.enter_async_context(store.sole_worker())
        yield Ground(store, database_lock, await _take_over(store, now=clock()))


async def _take_over(store: Store, *, now: datetime) -> ClockSetBack | None:
    """Leases are forgotten, and rows of a later clock come back to this one."""

    def take(tx: Transaction) -> ClockSetBack | None:
        tx.forget_leases(now=now)
        tx.forget_foreign_events()
        if (behind := tx.clock_behind(now=now)) > CLOCK_STEP:
            return ClockSetBack(behind, tx.turn_back(behind, now=now))
        return None

    return await store.write(take)


async def register_terminal(store: Store, *, is_told_elsewhere: bool, now: datetime) -> None:
    """See that alerts without Telegram and channels have a chat, and else the terminal is none."""

    def write(tx: Transaction) -> None:
        known = tx.chat(TERMINAL)
        if not is_told_elsewhere:
            tx.save_chat(Chat(TERMINAL, ChatKind.TERMINAL, "terminal", joined_at=now))
            tx.follow(TERMINAL, EVERYTHING, now=now)
        elif known is not None:
            tx.save_chat(replace(known, state=ChatState.BARRED))  # nobody writes there

    await store.write(write)


def files_seen(settings: Settings) -> str:
    """What decides how the files are read, in short: another text when they, the program or the settings changed."""
    urls = sorted(channel_urls_of(settings).items())
    read_by = (__version__, HEAD, settings.timezone, settings.telegram_token is None, urls)
    return hashlib.sha256(repr((read_by, sorted(snapshot(settings.config_dir)))).encode()).hexdigest()


async def is_quiet(ground: Ground, seen: str, *, now: datetime) -> bool:
    """Whether a run would find nothing to do: nothing is due, and the last one ended with these very files.

    That one has registered their feeds, and asked their watchlist about what was stored.
    """

    def read(tx: Transaction) -> bool:
        if tx.fact(DONE_WITH) != seen or tx.is_news_due(now=now):
            return False
        due_at = tx.next_alert_at()
        return due_at is None or due_at > now + SOON

    return ground.clock_set_back is None and await ground.store.read(read)


async def housekeep(store: Store, *, before: datetime, now: datetime) -> int:
    """Delete what nothing has been heard of since `before`, in small transactions; how many items went.

    What has its own time to stay goes as well.
    """
    gone, swept = 0, SWEPT_AT_ONCE
    while swept >= SWEPT_AT_ONCE:
        swept = await store.write(Transaction.sweep, before=before, limit=SWEPT_AT_ONCE)
        gone += swept
    swept = SWEPT_AT_ONCE
    while swept >= SWEPT_AT_ONCE:
        swept = await store.write(Transaction.sweep_outbox, before=before, limit=SWEPT_AT_ONCE)
    await store.write(Transaction.forget_abstracts, before=before)
    await store.write(Transaction.sweep_events, before=now - EVENTS_STAY)
    await store.write(Transaction.sweep_sessions, now=now)
    if store.is_shared:
        await store.write(Transaction.sweep_hosts)
    return gone
