"""The ground of a service: its database, opened, taken over and made ready, and whether anything waits in it.

Imports no room of the newsroom, no network and no log: `monitor run --once` with nothing to do ends here, before they
are loaded. Runs no stage; service.py does.
"""

import contextlib
import hashlib
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from monitor import __version__
from monitor.app.process_roles import AllRoles, Roles
from monitor.config.file_changes import snapshot
from monitor.config.settings import Settings, channel_urls_of
from monitor.ports import Clock
from monitor.store.engine import is_shared
from monitor.store.migrations import HEAD
from monitor.store.process_rows import DatabaseLock
from monitor.store.role_names import PARTS
from monitor.store.sole_names import DONE_WITH
from monitor.store.transaction import Store, Transaction, open_store
from monitor.types import EVERYTHING, TERMINAL, AlertState, Chat, ChatKind, ChatState

if TYPE_CHECKING:
    from monitor.app.worker import SharedRoles

CLOCK_STEP = timedelta(seconds=30)  # back; less is a clock that is being put right, and nothing waits for long
SOON = timedelta(minutes=1)  # an alert that is due by then is work: a run waits for the rests of chats, of some seconds
STEPS_STAY = timedelta(days=5)  # an item that a story window holds (four days) has its step
EVENTS_STAY = timedelta(days=7)  # a page that was away for longer is loaded anew
SWEPT_AT_ONCE = 500  # rows a transaction: 34 ms, for which every writer waits


@dataclass(frozen=True, slots=True)
class ClockSetBack:
    """While nobody ran the clock went back by `by`; so many `rows` were brought back to it."""

    by: timedelta
    rows: int


@dataclass(frozen=True, slots=True)
class Ground:
    """A database that is open, with nothing left of a dead process, and what this one is there.

    On SQLite it is ours alone: `database_lock`. On PostgreSQL several share it: `shared` beats for this one. `clock` is
    what all go by.
    """

    store: Store
    roles: Roles
    clock: Clock
    parts: tuple[str, ...]
    database_lock: DatabaseLock | None = None
    shared: "SharedRoles | None" = None
    clock_set_back: ClockSetBack | None = None


@contextlib.asynccontextmanager
async def open_ground(
    database_url: str, *, clock: Clock | None = None, parts: Collection[str] = PARTS
) -> AsyncIterator[Ground]:
    """Open the database and begin to work there; what a dead process held is free at once.

    On SQLite we are the only one at work, on PostgreSQL one of several, which does these `parts`. Without a `clock` it
    is the machine's, or among several the database's. Raises StoreError when it cannot be opened, or when another
    monitor has it to itself.
    """
    async with contextlib.AsyncExitStack() as stack:
        if is_shared(database_url):
            yield await _open_shared(stack, database_url, clock, tuple(parts))
            return
        clock = clock or _machine_clock
        store = await open_store(database_url)
        stack.push_async_callback(store.close)
        database_lock = await stack.enter_async_context(store.sole_worker())
        set_back = await _take_over(store, now=clock())
        yield Ground(store, AllRoles(), clock, tuple(parts), database_lock, clock_set_back=set_back)


async def _open_shared(
    stack: contextlib.AsyncExitStack, database_url: str, clock: Clock | None, parts: tuple[str, ...]
) -> Ground:
    from monitor.app.worker import SharedClock, SharedRoles, new_worker, new_worker_id

    worker = new_worker(new_worker_id(), parts)
    store = await open_store(database_url, worker=worker.id)
    stack.push_async_callback(store.close)
    shared_clock = SharedClock()
    shared = SharedRoles(store, worker, clock=shared_clock)
    await shared.begin()
    stack.push_async_callback(shared.end)
    clock = clock or shared_clock
    set_back = await store.write(_join, worker.id, now=clock())
    return Ground(store, shared, clock, parts, shared=shared, clock_set_back=set_back)


def _machine_clock() -> datetime:
    return datetime.now(UTC)


def _join(tx: Transaction, worker_id: str, *, now: datetime) -> ClockSetBack | None:
    """Whoever comes first looks at the clock; what the dead held the look-out gives back."""
    tx.forget_foreign_events()
    others = any(each.is_alive and each.worker.id != worker_id for each in tx.workers())
    return None if others else _follow_clock_back(tx, now=now)


def _follow_clock_back(tx: Transaction, *, now: datetime) -> ClockSetBack | None:
    if (behind := tx.clock_behind(now=now)) > CLOCK_STEP:
        return ClockSetBack(behind, tx.turn_back(behind, now=now))
    return None


async def _take_over(store: Store, *, now: datetime) -> ClockSetBack | None:
    """Leases are forgotten, and rows of a later clock come back to this one."""

    def take(tx: Transaction) -> ClockSetBack | None:
        tx.forget_leases(now=now)
        tx.forget_foreign_events()
        return _follow_clock_back(tx, now=now)

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
        if tx.queue_counts().get(
            AlertState.SENDING
        ):  # of a dead process: among several a start frees nothing by itself
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
    await store.write(Transaction.sweep_steps, before=now - STEPS_STAY)
    await store.write(Transaction.sweep_sessions, now=now)
    if store.is_shared:
        await store.write(Transaction.sweep_hosts)
    return gone
