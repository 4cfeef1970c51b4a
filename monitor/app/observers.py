"""Who is told of service events: the log, the metrics, and the list of last errors that /status shows.

Each takes from an event what concerns it; none changes anything of the service.
"""

from collections import deque
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import assert_never, get_args

import structlog

from monitor.app.events import ArticleRead, JobFailed, Observer, Reloaded, ServiceEvent, Swept
from monitor.errors import StoreError
from monitor.pipeline.abstract import AbstractDone
from monitor.pipeline.deliver import NEWS, Delivered
from monitor.pipeline.detect import Detected, Parked
from monitor.pipeline.outage import OUT_SINCE
from monitor.pipeline.overload import behind
from monitor.pipeline.poll import Polled
from monitor.pipeline.recheck import Rechecked
from monitor.pipeline.status import PastError
from monitor.ports import Clock
from monitor.store.transaction import Store, Transaction
from monitor.stories.grouping.review import Merge, Split
from monitor.stories.summary.factcheck import Unsupported
from monitor.types import Abstract, AlertKind, AlertState, Backlog, Failed, FeedId, Fetched, ItemId, NotModified, Role
from monitor.web import DelayPart, Metrics

LAST_ERRORS = 10  # that /status shows
COUNT_ALL_EVERY = timedelta(minutes=15)  # alerts that were sent or skipped: nobody waits for those, and they are many
PULSE = "pulse"  # the name of a fact: when the database last took a write for /healthz
MEASURED_WITHIN = timedelta(
    hours=2
)  # twice the longest interval of the shipped feeds; older news came late into its feed
REMEMBERED = 10_000  # items whose alerts may still come: 5 MB
WELL = (AlertState.SENT, AlertState.SKIPPED)

_log = structlog.stdlib.get_logger("monitor")


# ---------------------------------------------------------------- the log


def log_event(event: ServiceEvent) -> None:
    """The observer that writes the log: a line an outcome, none for what changes nothing."""
    match event:
        case Polled():
            _log_polled(event)
        case Detected():
            _log_detected(event)
        case ArticleRead():
            _log_article(event)
        case Rechecked():
            _log_rechecked(event)
        case AbstractDone():
            _log_abstract(event)
        case Delivered():
            _log_delivered(event)
        case Parked() | Reloaded() | Swept() | JobFailed():
            _log_upkeep(event)
        case _:
            assert_never(event)


def _log_polled(polled: Polled) -> None:
    feed = polled.feed.id
    match polled.result:
        case Fetched(entries=entries, known=known):
            changed = {"reworded": len(polled.reworded)} if polled.reworded else {}
            _log.info("polled", feed=feed, items=len(entries) + known, new=len(polled.new), **changed)
        case NotModified():
            _log.debug("polled", feed=feed, unchanged=True)
        case Failed(kind=kind, why=why):
            _log.warning("poll_failed", feed=feed, kind=kind.value, why=why)
        case _:
            assert_never(polled.result)
    if polled.trouble:
        _log.warning("feed_trouble", feed=feed, trouble=polled.trouble)


def _log_detected(detected: Detected) -> None:
    item, placement = detected.item, detected.placement
    match detected.revision:
        case Merge(into=into, gone=gone):
            _log.info("stories_merged", into=into, gone=gone, by=item.id)
        case Split(story=story, items=items):
            _log.info("story_split", story=story, items=len(items), by=item.id)
        case None:
            pass
        case _:
            assert_never(detected.revision)
    if detected.matches or placement.role is not Role.NEW:
        _log.info(
            "detected",
            item=item.id,
            outlet=item.outlet,
            story=detected.story_id,
            role=placement.role.value,
            watches=[match.watch_id for match in detected.matches],
            alerts=detected.alerts,
        )


def _log_article(article: ArticleRead) -> None:
    item, found = article.item.id, article.found
    if isinstance(found, Failed):
        _log.info("article_failed", item=item, kind=found.kind.value, why=found.why)
    else:
        _log.info("article_read", item=item, watches=[match.watch_id for match in found])


def _log_rechecked(rechecked: Rechecked) -> None:
    item, seen = rechecked.item, rechecked.seen
    if rechecked.vanished or rechecked.returned:
        name = "article_gone" if rechecked.vanished else "article_back"
        _log.info(name, item=item.id, outlet=item.outlet, url=item.url, edits=rechecked.edits)
    else:
        _log.debug("page_asked", item=item.id, why=seen.why if isinstance(seen, Failed) else "it stands")


def _log_abstract(done: AbstractDone) -> None:
    match done.result:
        case Abstract():
            _log.info("retold", story=done.story_id, edits=done.edits)
        case Unsupported():
            _log.info("retelling_doubted", story=done.story_id, why=str(done.result))
        case Failed(kind=kind, why=why):
            _log.warning("retelling_failed", story=done.story_id, kind=kind.value, why=why)
        case _:
            assert_never(done.result)


def _log_delivered(delivered: Delivered) -> None:
    alert, state = delivered.alert, delivered.state
    write = _log.info if state in WELL else _log.warning
    facts = {"why": delivered.why} if delivered.why else {}
    write(
        "delivered",
        alert=alert.id,
        kind=alert.kind.value,
        chat=alert.address.chat_id,
        story=alert.story_id,
        state=state.value,
        **facts,
    )


def _log_upkeep(event: Parked | Reloaded | Swept | JobFailed) -> None:
    match event:
        case Parked(item=item, why=why):
            _log.error("parked", item=item.id, why=why)
        case Reloaded(version=version, problems=()):
            _log.info("reloaded", version=version)
        case Reloaded(version=version, problems=problems):
            _log.error("reload_refused", in_force=version, problems=[str(problem) for problem in problems])
        case Swept(items=items):
            _log.info("swept", items=items)
        case JobFailed():
            pass  # logged where it was caught, with its traceback
        case _:
            assert_never(event)


# ---------------------------------------------------------------- the last errors


class LastErrors:
    """The observer that keeps the last lines of trouble, newest first."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._lines: deque[PastError] = deque(maxlen=LAST_ERRORS)

    def __call__(self, event: ServiceEvent) -> None:
        """Keep what an event says of trouble, if it does."""
        if trouble := trouble_in(event):
            self._lines.appendleft(PastError(self._clock(), trouble))

    def __iter__(self) -> Iterator[PastError]:
        return iter(self._lines)


def trouble_in(event: ServiceEvent) -> str:
    """What an event says of trouble, in one line; empty when all went well or nothing new is wrong."""
    match event:
        case Polled(feed=feed, result=Failed(why=why)):
            return f"{feed.id}: {why}"
        case Parked(item=item, why=why):
            return f"item {item.id}: {why}"
        case Delivered(alert=alert, state=state, why=why) if state not in WELL:
            return f"alert {alert.id} to chat {alert.address.chat_id}: {why}"
        case Reloaded(problems=(first, *_)):
            return str(first)
        case JobFailed(why=why, again=False):
            return why
        case Polled() | Delivered() | Reloaded() | JobFailed():
            return ""
        case Detected() | ArticleRead() | Rechecked() | AbstractDone() | Swept():
            return ""  # no trouble of ours: a page that cannot be read, a model that does not answer
        case _:
            assert_never(event)


# ---------------------------------------------------------------- the metrics


def metrics_observer(metrics: Metrics, *, clock: Clock) -> Observer:
    """The observer that counts what happens."""
    return partial(_count, metrics, clock)


def _count(metrics: Metrics, clock: Clock, event: ServiceEvent) -> None:
    match event:
        case Polled():
            _count_polled(metrics, event)
        case Detected(matches=matches):
            for match in matches:
                metrics.match_found(match.kind)
        case Delivered(alert=alert, state=state):
            metrics.alert_settled(alert.kind.value, state.value)
            if state is AlertState.SENT and alert.kind is AlertKind.ALERT:
                metrics.alert_latency(clock() - alert.created_at)
        case AbstractDone():
            metrics.summary_written(event.outcome)
        case JobFailed(stage=stage):
            metrics.job_failed(stage)
        case Parked() | ArticleRead() | Rechecked() | Reloaded() | Swept():
            pass  # these are in the log
        case _:
            assert_never(event)


def _count_polled(metrics: Metrics, polled: Polled) -> None:
    match polled.result:
        case Failed(kind=kind):
            metrics.poll_done(kind.value, polled.took)
        case Fetched():
            metrics.poll_done("fetched", polled.took)
            metrics.items_added(len(polled.new))
        case NotModified():
            metrics.poll_done("not_modified", polled.took)
        case _:
            assert_never(polled.result)


class DelayObserver:
    """The observer that measures how long fresh news takes, from published to accepted by Telegram, part by part.

    Counts messages of kind ALERT and UPDATE about an item that may ring, that its outlet published at most
    MEASURED_WITHIN before the feed was asked, and that this process has polled: news after an outage, in a digest or
    from before a restart tells nothing of the way. An item that was worded otherwise meanwhile is left out too: what
    rings then is the new wording, and when that was published nobody knows.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._read: dict[ItemId, tuple[datetime, datetime, datetime]] = {}  # published, asked, answered; oldest first

    def __call__(self, event: ServiceEvent) -> None:
        """Take from an event what concerns it."""
        match event:
            case Polled():
                self._note(event)
            case Delivered(alert=alert, state=AlertState.SENT, on_wire=(put_at, accepted_at)) if alert.kind in NEWS:
                if alert.item_id is not None and (read := self._read.get(alert.item_id)) is not None:
                    moments = (*read, alert.created_at, put_at, accepted_at)
                    spans = (max(later - earlier, timedelta(0)) for earlier, later in pairwise(moments))
                    self._metrics.news_delayed(dict(zip(get_args(DelayPart), spans, strict=True)))
            case _:
                pass  # nothing else is a step on the way

    def _note(self, polled: Polled) -> None:
        for item_id in polled.reworded:
            self._read.pop(item_id, None)
        asked_at = polled.asked_at
        if asked_at is None:
            return
        for item in polled.new:
            if item.alertable and item.published_at is not None and asked_at - item.published_at <= MEASURED_WITHIN:
                self._read[item.id] = (item.published_at, asked_at, asked_at + polled.took)
        while len(self._read) > REMEMBERED:
            del self._read[next(iter(self._read))]


async def feel(metrics: Metrics, store: Store, *, now: datetime) -> str:
    """See that the database takes a write; what is wrong with it, empty when nothing is.

    A file that another program holds, or on a full disk, can still be read.
    """
    try:
        await store.write(Transaction.set_fact, PULSE, now.isoformat())
    except StoreError as wrong:
        return str(wrong)
    metrics.rows_read(now)
    return ""


async def measure_queues(
    metrics: Metrics, store: Store, feeds: Collection[FeedId], *, now: datetime, whole: bool = True
) -> str:
    """Set the gauges of queues; gives what is wrong with the database, empty when it answers and takes a write.

    `whole`: also those of alerts that were sent or skipped, for which the database reads all that there are.
    """

    def read(tx: Transaction) -> tuple[dict[str, int], int, Backlog, str]:
        alerts = tx.outbox_counts() if whole else tx.queue_counts()
        lengths = {f"alerts_{state.value}": count for state, count in alerts.items()}
        lengths["items"] = tx.unmatched_count()
        lengths["items_parked"] = tx.parked_count()
        failing = len(tx.failing_feeds().intersection(feeds))
        return lengths, failing, tx.backlog(now=now), tx.fact(OUT_SINCE)

    try:
        lengths, failing, backlog, out_since = await store.read(read)
    except StoreError as wrong:
        return str(wrong)
    if trouble := await feel(metrics, store, now=now):
        return trouble
    for queue, length in lengths.items():
        metrics.queue_length(queue, length)
    metrics.feeds_failing(failing, of=len(feeds))
    metrics.alerts_late(behind(backlog, now))
    metrics.telegram_out(now - datetime.fromisoformat(out_since) if out_since else timedelta(0))
    return ""
