"""/status: is it well, and if not what helps; queues, delays, what is stuck, with buttons for administrators.

Says what /status of the bot says (pipeline/troubles.py). Other readers see queues, delays and how feeds do: nothing
that names a chat, a file or an article.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Any

from markupsafe import Markup

from monitor import __version__
from monitor.charts.multiples import sparkline
from monitor.i18n import translatable
from monitor.net.addresses import discreet
from monitor.notify.problem_words import problem_line
from monitor.notify.render import clock_time
from monitor.pipeline.status import StatusReport
from monitor.pipeline.stuck_desk import AGAIN, DROP, STUCK_NAME, StuckWork, end_stuck, ended_words, read_stuck
from monitor.pipeline.troubles import HelpAt, Trouble, troubles, troubles_for_all
from monitor.pipeline.worker_words import count_words, heard_words, parts_words, role_words
from monitor.store.health_rows import ChannelRow, Trip
from monitor.store.hour_rows import Hours
from monitor.store.tables import row_id
from monitor.store.transaction import Transaction
from monitor.types import AlertState, ChangeAction, StuckAlert
from monitor.web.hourly import by_hour, first_hour
from monitor.web.page import Answer, GoTo, Visit, WebPage, WrongInput
from monitor.web.signing import signed_by

MOST_TRIPS = 500  # messages of which delays are measured, the newest: enough to know nine of ten
LATE_IN_FEED = timedelta(hours=2)  # what stood in its feed later than that says nothing of us
MOST_SHOWN = 30  # of each kind of what is stuck; more come up when these are done
_PLACES = {None: "", HelpAt.FEEDS: "/feeds", HelpAt.STUCK: "#stuck", HelpAt.PROCESSES: "#processes"}
_PARTS = (
    ("found", translatable("until it stood in the feed and we asked")),
    ("written", translatable("until it was looked at and the message written")),
    ("sent", translatable("until the message was accepted")),
    ("all", translatable("altogether")),
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the rows say beside the report."""

    stored: Hours
    told: Hours
    trips: list[Trip]
    stuck: StuckWork = field(default_factory=StuckWork)
    channels: Sequence[ChannelRow] = ()
    database_bytes: int = 0


async def status_page(visit: Visit) -> Answer:
    """How everything stands at this moment."""
    report = await visit.site.status()
    is_admin, words, now = visit.viewer.is_admin, visit.words, visit.now

    def read(tx: Transaction) -> _Seen:
        first = first_hour(now)
        hours = tx.stored_by_hour(since=first), tx.told_by_hour(since=first)
        trips = tx.trips(since=now - timedelta(days=1), limit=MOST_TRIPS)
        if not is_admin:
            return _Seen(*hours, trips)
        return _Seen(*hours, trips, read_stuck(tx, words, now=now), tx.channels(), tx.database_bytes())

    seen = await visit.site.store.read(read)
    found = troubles if is_admin else troubles_for_all
    wrong = found(report, words, lambda at: _clock(visit, at), shown=discreet)
    data = _for_all(visit, report, seen, wrong) | (_for_administrators(visit, report, seen) if is_admin else {})
    extra = {
        "articles_line": _line(visit, seen.stored, translatable("Articles an hour: {n} in 24 hours, now {last}")),
        "messages_line": _line(visit, seen.told, translatable("Messages an hour: {n} in 24 hours, now {last}")),
        "done": _done(visit),
    }
    return WebPage("status.html", data, extra)


def _clock(visit: Visit, at: datetime) -> str:
    return clock_time(at.astimezone(visit.site.zone), visit.now)


def _line(visit: Visit, hours: Hours, label: str) -> Markup:
    counts = by_hour(visit.now, hours)
    said = visit.words.gettext(label, n=sum(counts), last=counts[-1])
    return Markup(sparkline(counts, said, width=280, height=48))  # noqa: S704 - drawn by us, its label escaped


def _for_all(visit: Visit, report: StatusReport, seen: _Seen, wrong: Sequence[Trouble]) -> dict[str, Any]:
    outbox = report.outbox
    return {
        "at": report.at,
        "is_well": not wrong,
        "troubles": [{"what": each.said, "help": _PLACES[each.help_at], "passes": each.passes} for each in wrong],
        "queues": {
            "articles_waiting": report.items_waiting,
            "messages_waiting": outbox.get(AlertState.PENDING, 0) + outbox.get(AlertState.SENDING, 0),
            "sent_in_a_day": report.sent_in_a_day,
            "refused": outbox.get(AlertState.REFUSED, 0),
            "late_by": report.late_by,
            "through_in": report.through_in,
        },
        "feeds": {"well": report.feeds_well, "failing": len(report.failing)},
        "delays": delays_of(seen.trips, visit),
        "articles_by_hour": by_hour(visit.now, seen.stored),
        "messages_by_hour": by_hour(visit.now, seen.told),
        "started_at": report.started_at,
    }


def delays_of(trips: Sequence[Trip], visit: Visit) -> dict[str, Any]:
    """How long messages took from published to sent, and where; of news that stood in its feed in time."""
    fresh = [trip for trip in trips if trip.seen_at - trip.published_at <= LATE_IN_FEED]
    spans = {
        "found": [trip.seen_at - trip.published_at for trip in fresh],
        "written": [trip.written_at - trip.seen_at for trip in fresh],
        "sent": [trip.sent_at - trip.written_at for trip in fresh],
        "all": [trip.sent_at - trip.published_at for trip in fresh],
    }
    parts = [
        {
            "part": part,
            "name": visit.words.gettext(name),
            "half": _share(spans[part], 5),
            "most": _share(spans[part], 9),
        }
        for part, name in _PARTS
    ]
    return {"messages": len(fresh), "parts": parts if fresh else []}


def _share(spans: Sequence[timedelta], tenths: int) -> timedelta:
    """The time within which so many of ten were through, to the second; clocks of servers may run ahead of ours."""
    if not spans:
        return timedelta(0)
    seconds = sorted(max(span.total_seconds(), 0.0) for span in spans)
    cut = seconds[0] if len(seconds) == 1 else quantiles(seconds, n=10, method="inclusive")[tenths - 1]
    return timedelta(seconds=round(cut))


# ---------------------------------------------------------------- for administrators


def _for_administrators(visit: Visit, report: StatusReport, seen: _Seen) -> dict[str, Any]:
    stuck = seen.stuck
    return {
        "stuck": {
            "articles": [
                {"name": f"item:{item.item_id}", "title": item.title, "why": item.why, "since": item.failed_at}
                for item in stuck.items[:MOST_SHOWN]
            ],
            "parked": _stuck(stuck, [each for each in stuck.alerts if each.state is AlertState.PARKED]),
            "uncertain": _stuck(stuck, [each for each in stuck.alerts if each.state is AlertState.UNCERTAIN]),
            "refused": _stuck(stuck, stuck.refused),
            "count": len(stuck.items) + len(stuck.alerts),
        },
        **_workers(visit, report),
        "errors": [{"at": each.at, "why": discreet(each.why)} for each in report.last_errors],
        "problems": [problem_line(visit.words, each) for each in report.problems],
        "channels": [{"name": each.name, "state": each.state, "waiting": each.waiting} for each in seen.channels],
        "subscribers": report.subscribers,
        "watches": report.watches,
        "complaints": report.feedback,
        "reworded": report.reworded,
        "gone": report.gone,
        "version": __version__,
        "watchlist_version": report.watchlist_version,
        "database_bytes": seen.database_bytes,
    }


def _workers(visit: Visit, report: StatusReport) -> dict[str, Any]:
    """The processes that share the database; nothing where there is one."""
    if report.workers is None:
        return {}
    shown = [
        {
            "host": each.host,
            "pid": each.pid,
            "is_alive": each.is_alive,
            "silent_for": each.silent_for,
            "heard": heard_words(visit.words, each),
            "started_at": each.started_at,
            "does": list(each.parts),
            "does_in_words": parts_words(visit.words, each),
            "roles": list(each.roles),
            "alone": [role_words(visit.words, role) for role in each.roles],
            "version": each.version,
            "schema": each.schema,
            "page": each.page,
            "trouble": each.trouble,
            "is_this": each.is_this,
        }
        for each in report.workers.workers
    ]
    return {"workers": shown, "workers_counted": count_words(visit.words, report.workers.workers)}


def _stuck(found: StuckWork, alerts: Sequence[StuckAlert]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"alert:{each.alert_id}",
            "to": found.places.get(each.chat_id, f"{each.chat_id}"),
            "title": each.title,
            "why": discreet(each.why),
            "since": each.since,
        }
        for each in alerts[:MOST_SHOWN]
    ]


async def end_stuck_form(visit: Visit) -> Answer:
    """Try something again, or give it up; then the same page, which says so."""
    name, what = visit.form.get("name", ""), visit.form.get("what", "")
    if not STUCK_NAME.fullmatch(name) or not name.isascii() or what not in (AGAIN, DROP):
        raise WrongInput(visit.words.gettext("That is nothing that is stuck. Load the page again."))
    by = await signed_by(visit, ChangeAction.STUCK)
    ended = await visit.site.store.write(end_stuck, name, again=what == AGAIN, by=by, now=visit.now)
    return GoTo(f"/status?{what}={ended}#stuck")


def _done(visit: Visit) -> str:
    """What the form has just done."""
    for what in (AGAIN, DROP):
        if (ended := row_id(visit.asked(what))) is not None:
            return ended_words(visit.words, ended, again=what == AGAIN)
    return ""
