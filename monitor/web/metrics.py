"""Counters, gauges and histograms for Prometheus.

Counts what it is told; a fresh registry an instance, so that two services in one process do not mix.
"""

import platform
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

# an alert within seconds is the aim; feeds are polled every few minutes; a day is a catch-up
_LATENCY_BUCKETS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600, 86_400)
# of what passes here it is milliseconds, of a newspaper that is asked once an hour hours
_DELAY_BUCKETS = (
    *(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60),
    *(120, 300, 600, 1_200, 1_800, 3_600, 7_200),
)
_LAG_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1)
_FETCH_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60)

DelayPart = Literal["poll", "fetch", "detect", "outbox", "send"]
"""Until the feed was asked, until its answer was read, until the alert was written, until it left, until it arrived."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class WorkerFigures:
    """How a worker stands: how many are `alive` (None: not known yet), and which of the roles it wants it holds."""

    alive: int | None
    beat_age: timedelta
    wanted: Collection[str]
    held: Mapping[str, int | None]


class Metrics:
    """What the parts report. Labels come from closed sets (outcomes, kinds, queues), never from feeds or chats."""

    def __init__(self, version: str) -> None:
        # loaded here and not above: commands that only read a file pay nothing for it (70 ms)
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector

        self._registry = registry = CollectorRegistry()
        self._of_whole = whole = CollectorRegistry()  # what one process of several measures for all
        self._shows_whole: Callable[[], bool] = lambda: True
        ProcessCollector(registry=registry)
        Info("monitor_build", "Which program this is.", registry=registry).info(
            {"version": version, "python": platform.python_version()}
        )
        self._polls = Counter("monitor_polls", "Feeds polled.", ["outcome"], registry=registry)
        self._fetch = Histogram(
            "monitor_fetch_seconds", "From request to body.", buckets=_FETCH_BUCKETS, registry=registry
        )
        self._items = Counter("monitor_items", "New items stored.", registry=registry)
        self._matches = Counter("monitor_matches", "Watches found in items.", ["kind"], registry=registry)
        self._alerts = Counter("monitor_alerts", "Messages settled.", ["kind", "outcome"], registry=registry)
        self._latency = Histogram(
            "monitor_alert_latency_seconds",
            "From an alert written to its message sent.",
            buckets=_LATENCY_BUCKETS,
            registry=registry,
        )
        self._retold = Counter("monitor_summaries", "Summaries asked of a model.", ["outcome"], registry=registry)
        self._queues = Gauge(
            "monitor_queue_length", "Rows: items to match, and alerts by state.", ["queue"], registry=whole
        )
        self._feeds = Gauge("monitor_feeds", "Feeds that are asked.", registry=whole)
        self._failing = Gauge("monitor_feeds_failing", "Feeds whose last poll failed.", registry=whole)
        self._late = Gauge(
            "monitor_alerts_late_seconds", "How long the oldest alert that may leave has been due.", registry=whole
        )
        self._out = Gauge(
            "monitor_telegram_out_seconds", "How long Telegram has been out of reach; 0: it is not.", registry=whole
        )
        self._rows_read = Gauge(
            "monitor_rows_read_timestamp_seconds", "When the database last took a read and a write.", registry=registry
        )
        self._jobs_failed = Counter(
            "monitor_job_failures", "Jobs that ended with an exception.", ["job"], registry=registry
        )
        self._refused = Counter(
            "monitor_http_refused", "Connections and requests turned away at this port.", ["why"], registry=registry
        )
        self._open_delays()
        # a counter that is not there yet cannot rise, and a rule would not see its first step
        for outcome in ("fetched", "not_modified"):
            self._polls.labels(outcome)
        for part in get_args(DelayPart):
            self._delay_parts.labels(part)
        for why in ("full", "host"):
            self._refused.labels(why)

    def _open_delays(self) -> None:
        from prometheus_client import Histogram

        registry = self._registry
        self._delay = Histogram(
            "monitor_news_delay_seconds",
            "From an article published to its alert accepted, a message each.",
            buckets=_DELAY_BUCKETS,
            registry=registry,
        )
        self._delay_parts = Histogram(
            "monitor_news_delay_part_seconds",
            "The same in its parts, which follow each other.",
            ["part"],
            buckets=_DELAY_BUCKETS,
            registry=registry,
        )
        self._lag = Histogram(
            "monitor_loop_lag_seconds", "How late a timer runs.", buckets=_LAG_BUCKETS, registry=registry
        )

    def poll_done(self, outcome: str, took: timedelta | None = None) -> None:
        """A feed was polled: fetched, not_modified, or a FailureKind. `took` is the time of the request."""
        self._polls.labels(outcome).inc()
        if took is not None:
            self._fetch.observe(took.total_seconds())

    def items_added(self, count: int) -> None:
        """New items were stored."""
        self._items.inc(count)

    def match_found(self, kind: str) -> None:
        """A leader or an event was found in an item."""
        self._matches.labels(kind).inc()

    def alert_settled(self, kind: str, outcome: str) -> None:
        """A message (AlertKind: alert, update, edit, digest, notice) was tried.

        `outcome` is the state of its row: pending (it is tried once more), sent, refused, uncertain or skipped.
        """
        self._alerts.labels(kind, outcome).inc()

    def alert_latency(self, written_to_sent: timedelta) -> None:
        """How long an alert took from written to sent."""
        self._latency.observe(written_to_sent.total_seconds())

    def news_delayed(self, parts: Mapping[DelayPart, timedelta]) -> None:
        """A message about fresh news arrived: how long each part of the way took; the whole is their sum."""
        for part, took in parts.items():
            self._delay_parts.labels(part).observe(took.total_seconds())
        self._delay.observe(sum(parts.values(), timedelta(0)).total_seconds())

    def loop_late(self, seconds: float) -> None:
        """A timer of the event loop ran so late."""
        self._lag.observe(seconds)

    def count_bodies(self, counts: Callable[[], Mapping[str, int]]) -> None:
        """Show what FeedParser counts, as it stands when somebody asks: bodies by how they were read, and `plain`."""
        self._registry.register(_Bodies(counts))

    def show_whole_if(self, measured_here: Callable[[], bool]) -> None:
        """Show what is of all processes (queues, feeds, delays) only while this one measures it."""
        self._shows_whole = measured_here

    def show_worker(self, figures: Callable[[], WorkerFigures]) -> None:
        """Show how this worker stands among the others, as it is when somebody asks."""
        self._registry.register(_Worker(figures))

    def summary_written(self, outcome: str) -> None:
        """A model was asked for a summary: written, doubt_ and what was in doubt, or failed_ and a FailureKind."""
        self._retold.labels(outcome).inc()

    def queue_length(self, queue: str, length: int) -> None:
        """Rows: items to match, and alerts by state, also those that are done."""
        self._queues.labels(queue).set(length)

    def feeds_failing(self, count: int, *, of: int) -> None:
        """Feeds whose last poll failed, of all that are asked."""
        self._failing.set(count)
        self._feeds.set(of)

    def alerts_late(self, by: timedelta) -> None:
        """How long the oldest alert that may leave has been due."""
        self._late.set(by.total_seconds())

    def telegram_out(self, for_so_long: timedelta) -> None:
        """How long Telegram has been out of reach; nothing when it is well."""
        self._out.set(for_so_long.total_seconds())

    def rows_read(self, at: datetime) -> None:
        """The database took a read and a write: what was counted in rows is true of this moment."""
        self._rows_read.set(at.timestamp())

    def jobs_known(self, jobs: Iterable[str]) -> None:
        """Which jobs there are, so that the first failure of one is seen as a rise."""
        for job in jobs:
            self._jobs_failed.labels(job)

    def job_failed(self, job: str) -> None:
        """A job ended with an exception that its wrapper logged."""
        self._jobs_failed.labels(job).inc()

    def http_refused(self, why: str) -> None:
        """Somebody at the HTTP port was turned away: `full` (too many connections), `host` (a foreign name)."""
        self._refused.labels(why).inc()

    def exposition(self) -> bytes:
        """All of it in Prometheus' text format."""
        from prometheus_client import generate_latest

        of_whole: bytes = generate_latest(self._of_whole) if self._shows_whole() else b""
        mine: bytes = generate_latest(self._registry)
        return mine + of_whole


class _Worker:
    """One worker among several."""

    def __init__(self, figures: Callable[[], WorkerFigures]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Any]:
        """What Prometheus' library asks for."""
        from prometheus_client.core import GaugeMetricFamily

        figures = self._figures()
        if figures.alive is not None:
            yield GaugeMetricFamily("monitor_workers", "Workers that are alive.", value=figures.alive)
        yield GaugeMetricFamily(
            "monitor_worker_beat_age_seconds",
            "Since when this worker has not been able to say that it is alive.",
            value=figures.beat_age.total_seconds(),
        )
        held = GaugeMetricFamily("monitor_role_held", "Whether this worker holds the role.", labels=["role"])
        fences = GaugeMetricFamily("monitor_role_fence", "How often the role has changed hands.", labels=["role"])
        for role in figures.wanted:
            fence = figures.held.get(role)
            held.add_metric([role], 0 if fence is None else 1)
            if fence is not None:
                fences.add_metric([role], fence)
        yield held
        yield fences


class _Bodies:
    """The bodies of feeds by how they were read, counted by who reads them."""

    def __init__(self, counts: Callable[[], Mapping[str, int]]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Any]:
        """What Prometheus' library asks for."""
        from prometheus_client.core import CounterMetricFamily

        counts = self._counts()
        ways = CounterMetricFamily("monitor_feed_bodies", "Bodies of feeds by how they were read.", labels=["way"])
        for way in ("whole", "cut", "same", "failed"):
            ways.add_metric([way], counts.get(way, 0))
        yield ways
        yield CounterMetricFamily(
            "monitor_feed_bodies_plain", "Of these, what needed no feedparser.", value=counts.get("plain", 0)
        )
