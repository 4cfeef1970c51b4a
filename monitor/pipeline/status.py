"""How the service stands by its rows: what /status and `monitor status` show. Changes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.store.transaction import Store
from monitor.types import (
    AlertState,
    ChatState,
    FailureKind,
    Feed,
    FeedId,
    FeedState,
    ParkedItem,
    StuckAlert,
    Watchlist,
)


@dataclass(frozen=True, slots=True)
class FailingFeed:
    """A feed whose last poll failed: since when, and why in one line."""

    id: FeedId
    outlet: str
    kind: FailureKind | None
    why: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class StatusReport:
    """How the service is, at one moment. `items_waiting` are items that no watchlist has seen yet."""

    at: datetime
    feeds_well: int = 0
    failing: tuple[FailingFeed, ...] = ()
    items_waiting: int = 0
    outbox: Mapping[AlertState, int] = field(default_factory=dict)
    parked: tuple[ParkedItem, ...] = ()
    stuck: tuple[StuckAlert, ...] = ()
    last_errors: tuple[str, ...] = ()  # newest first, each one line
    feedback: int = 0
    reworded: int = 0  # articles whose outlet changed title or lead within a day
    gone: int = 0  # told articles whose page went within a day
    subscribers: int = 0
    watches: int = 0
    watchlist_version: str = ""
    started_at: datetime | None = None


async def gather_status(
    store: Store | None,
    feeds: Sequence[Feed],
    watchlist: Watchlist,
    *,
    now: datetime,
    last_errors: Collection[str] = (),
    started_at: datetime | None = None,
) -> StatusReport:
    """How the service stands by its rows; without a store, as on a machine where it has never run."""
    watches = len(watchlist.watches)
    if store is None:
        return StatusReport(at=now, watches=watches, watchlist_version=watchlist.version)
    async with store.read() as tx:
        states = {state.feed_id: state for state in await tx.feed_states()}
        waiting = await tx.unmatched_count()
        outbox = await tx.outbox_counts()
        parked = await tx.parked_items()
        stuck = await tx.stuck_alerts()
        complaints = await tx.feedback(limit=100)
        reworded, gone = await tx.changed_since(now - timedelta(days=1))
        subscribers = await tx.chats({ChatState.ACTIVE, ChatState.PAUSED})
    failing: list[FailingFeed] = []
    well = 0
    for feed in feeds:
        state = states.get(feed.id)
        if not feed.enabled or state is None:
            continue
        if not state.failures:
            well += state.last_success_at is not None
        else:
            failing.append(FailingFeed(feed.id, feed.outlet, state.failure_kind, state.last_error, state.failing_since))
    return StatusReport(
        at=now,
        feeds_well=well,
        failing=tuple(failing),
        items_waiting=waiting,
        outbox=outbox,
        parked=tuple(parked),
        stuck=tuple(stuck),
        last_errors=tuple(last_errors),
        feedback=len(complaints),
        reworded=reworded,
        gone=gone,
        subscribers=len(subscribers),
        watches=watches,
        watchlist_version=watchlist.version,
        started_at=started_at,
    )


def needs_a_person(report: StatusReport, states: Collection[FeedState]) -> list[str]:
    """Why somebody should look, a line each; empty when all is well."""
    reasons = [f"feed {state.feed_id} is down: {state.last_error}" for state in states if state.announced]
    if report.parked:
        reasons.append(f"{_counted(len(report.parked), 'item')} parked: looked at three times, failed each time")
    if uncertain := report.outbox.get(AlertState.UNCERTAIN, 0):
        reasons.append(f"{_counted(uncertain, 'alert')} uncertain: Telegram may or may not have taken it")
    if parked := report.outbox.get(AlertState.PARKED, 0):
        reasons.append(f"{_counted(parked, 'alert')} parked: it could not be written, three times")
    return reasons


def _counted(number: int, what: str) -> str:
    return f"{number} {what} is" if number == 1 else f"{number} {what}s are"
