"""How the service stands by its rows: what /status and `monitor status` show. Changes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.errors import Problem
from monitor.i18n import SOURCE, translator
from monitor.pipeline.outage import OUT_SINCE
from monitor.pipeline.overload import ITEMS_FULL, OUTBOX_FULL, WORTH_SAYING, behind, through_in
from monitor.pipeline.pace import Pace
from monitor.pipeline.worker_words import trouble_words
from monitor.pipeline.workers_seen import NEWS_PARTS, WorkersReport, read_workers
from monitor.store.transaction import Store, Transaction
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

UNASKED_FOR = timedelta(minutes=5)  # no newspaper at all: a single one may have to wait for its neighbours on one host


@dataclass(frozen=True, slots=True)
class FailingFeed:
    """A feed whose last poll failed: since when, and why in one line."""

    id: FeedId
    outlet: str
    kind: FailureKind | None
    why: str
    since: datetime | None = None
    announced: bool = False  # it has lasted for so long that admin chats were told


@dataclass(frozen=True, slots=True)
class PastError:
    """Trouble that came up lately, in one line."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class StatusReport:
    """How the service is, at one moment. `items_waiting` are items that no watchlist has seen yet."""

    at: datetime
    feeds_well: int = 0
    failing: tuple[FailingFeed, ...] = ()
    items_waiting: int = 0
    outbox: Mapping[AlertState, int] = field(default_factory=dict)  # without sent and skipped, where those are many
    sent_in_a_day: int = 0
    parked: tuple[ParkedItem, ...] = ()
    uncertain: tuple[StuckAlert, ...] = ()
    parked_alerts: tuple[StuckAlert, ...] = ()
    last_errors: tuple[PastError, ...] = ()  # newest first
    problems: tuple[Problem, ...] = ()  # of the files, when they were last read: what was in force stays
    feedback: int = 0
    reworded: int = 0  # articles whose outlet changed title or lead within a day
    gone: int = 0  # told articles whose page went within a day
    subscribers: int = 0
    watches: int = 0
    watchlist_version: str = ""
    started_at: datetime | None = None
    telegram_out_since: datetime | None = None
    late_by: timedelta = timedelta(0)  # of the oldest alert that might leave now; nothing where that is no delay
    through_in: timedelta = timedelta(0)  # about when what waits has left
    workers: WorkersReport | None = None  # None where there is one process, on SQLite
    unasked_since: datetime | None = None  # feeds are due, and none of all was asked since then
    waits_for: str = ""  # "alerts": no item is looked at until alerts have left; "items": no feed is polled, likewise

    @property
    def is_sent(self) -> bool:
        """Whether somebody sends alerts, so that those that wait go by themselves."""
        return self.workers is None or self.workers.does("deliver")


async def gather_status(
    store: Store | None,
    feeds: Sequence[Feed],
    watchlist: Watchlist,
    *,
    now: datetime,
    last_errors: Collection[PastError] = (),
    problems: Collection[Problem] = (),
    started_at: datetime | None = None,
    whole: bool = True,
    parts: Collection[str] = NEWS_PARTS,
) -> StatusReport:
    """How the service stands by its rows; without a store, as on a machine where it has never run.

    `whole`: the outbox is counted with all that was ever sent or skipped. `parts`: what some worker has to do.
    """
    watches = len(watchlist.watches)
    if store is None:
        return StatusReport(at=now, watches=watches, watchlist_version=watchlist.version)
    report = StatusReport(
        at=now,
        last_errors=tuple(last_errors),
        problems=tuple(problems),
        watches=watches,
        watchlist_version=watchlist.version,
        started_at=started_at,
    )
    return await store.read(_read, feeds, report, whole=whole, parts=parts)


def _read(
    tx: Transaction, feeds: Sequence[Feed], report: StatusReport, *, whole: bool, parts: Collection[str]
) -> StatusReport:
    """What the rows say, beside what the report says already."""
    now = report.at
    states = {state.feed_id: state for state in tx.feed_states()}
    stuck = tx.stuck_alerts()
    reworded, gone = tx.changed_since(now - timedelta(days=1))
    backlog = tx.backlog(now=now)
    full = "items" if tx.are_items_full(ITEMS_FULL) else ""
    full = full or ("alerts" if backlog.told_to_few >= OUTBOX_FULL else "")
    out_since = tx.fact(OUT_SINCE)
    late_by = behind(backlog, now)
    failing: list[FailingFeed] = []
    well = 0
    polled = [feed for feed in feeds if feed.enabled and feed.id in states]
    for feed in polled:
        state = states[feed.id]
        if not state.failures:
            well += state.last_success_at is not None
        else:
            kind, announced = state.failure_kind, state.announced is not None
            failing.append(FailingFeed(feed.id, feed.outlet, kind, state.last_error, state.failing_since, announced))
    return replace(
        report,
        feeds_well=well,
        failing=tuple(failing),
        items_waiting=tx.unmatched_count(),
        outbox=tx.outbox_counts() if whole else tx.queue_counts(),
        sent_in_a_day=sum(tx.told_by_hour(since=now - timedelta(days=1)).values()),
        parked=tuple(tx.parked_items()),
        uncertain=tuple(alert for alert in stuck if alert.state is AlertState.UNCERTAIN),
        parked_alerts=tuple(alert for alert in stuck if alert.state is AlertState.PARKED),
        feedback=tx.complaints_count(),
        reworded=reworded,
        gone=gone,
        subscribers=tx.chats_in([ChatState.ACTIVE, ChatState.PAUSED]),
        telegram_out_since=datetime.fromisoformat(out_since) if out_since else None,
        late_by=late_by if late_by >= WORTH_SAYING else timedelta(0),
        through_in=through_in(backlog, Pace()),
        unasked_since=None if full else _unasked_since([states[feed.id] for feed in polled], now),
        waits_for=full,
        workers=read_workers(tx, wanted=parts) if tx.has_workers else None,
    )


def _unasked_since(states: Sequence[FeedState], now: datetime) -> datetime | None:
    """Since when no feed was asked though one was due; None where that is not for long."""
    if not states:
        return None
    due = min(state.next_check_at for state in states)
    since = max([due, *(state.last_checked_at for state in states if state.last_checked_at is not None)])
    return since if now - since > UNASKED_FOR else None


def needs_a_person(report: StatusReport, states: Collection[FeedState]) -> list[str]:
    """Why somebody should look, a line each; empty when all is well."""
    english = translator(SOURCE)
    reasons = [] if report.workers is None else [trouble_words(english, each) for each in report.workers.troubles]
    reasons += [f"feed {state.feed_id} is down: {state.last_error}" for state in states if state.announced]
    if report.telegram_out_since is not None:
        reasons.append(f"Telegram is out of reach since {report.telegram_out_since:%Y-%m-%d %H:%M:%S} UTC")
    if report.waits_for:
        reasons.append(f"overload: work waits until {report.waits_for} have gone through")
    if report.parked:
        reasons.append(f"{_counted(len(report.parked), 'item')} parked: looked at three times, failed each time")
    if uncertain := report.outbox.get(AlertState.UNCERTAIN, 0):
        reasons.append(f"{_counted(uncertain, 'alert')} uncertain: Telegram may or may not have taken it")
    if parked := report.outbox.get(AlertState.PARKED, 0):
        reasons.append(f"{_counted(parked, 'alert')} parked: it could not be written, three times")
    return reasons


def _counted(number: int, what: str) -> str:
    return f"{number} {what} is" if number == 1 else f"{number} {what}s are"
