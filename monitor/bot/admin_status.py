"""/status: what is wrong now and what to do about it, else one green line; then how much waits, in three lines.

Answers in admin chats alone. Trouble that the bot reports by itself goes through the outbox.
"""

from collections.abc import Iterator

from monitor.bot.chat_request import Html, Request, bold, lines, plain
from monitor.bot.context import BotContext
from monitor.bot.local_time import clock_face
from monitor.notify.failure_words import failure_words
from monitor.notify.problem_words import problem_line
from monitor.pipeline.status import FailingFeed, StatusReport
from monitor.types import AlertState

MOST_FEEDS = 5
MOST_ERRORS = 3


async def status(context: BotContext, request: Request) -> None:
    """/status: is it well, and what needs a person."""
    report = await context.running.status()
    trouble = list(_trouble(context, request, report))
    head = (
        request.gettext("⚠️ {n} to look at · {at}", n=len(trouble), at=clock_face(context, request, report.at))
        if trouble
        else request.gettext("✅ All is well · {at}", at=clock_face(context, request, report.at))
    )
    await request.reply(lines([bold(head), *trouble, Html(), *_facts(context, request, report)]))


def _trouble(context: BotContext, request: Request, report: StatusReport) -> Iterator[Html]:
    """A line each: what is wrong, and the command or deed that helps."""
    if report.problems:
        yield request.gettext(
            "⚠️ A file is wrong, the last good one is in force: {problem}. Correct it; it is taken up by itself.",
            problem=problem_line(request.words, report.problems[0]),
        )
    if report.telegram_out_since is not None:
        yield request.gettext(
            "⚠️ Telegram out of reach since {at}. Nothing is lost, it goes on by itself. Is this machine online?",
            at=clock_face(context, request, report.telegram_out_since),
        )
    announced = [feed for feed in report.failing if feed.announced]
    if announced:
        yield from _failing(context, request, announced)
    if stuck := report.outbox.get(AlertState.UNCERTAIN, 0) + report.outbox.get(AlertState.PARKED, 0):
        yield request.ngettext("⚠️ {n} alert waits for you: /stuck", "⚠️ {n} alerts wait for you: /stuck", stuck)
    if report.parked:
        yield request.ngettext(
            "⚠️ {n} article cannot be looked at: {title} — {why}. Try it again or drop it: /stuck",
            "⚠️ {n} articles cannot be looked at, like {title} — {why}. Try them again or drop them: /stuck",
            len(report.parked),
            title=report.parked[0].title,
            why=report.parked[0].why,
        )
    if report.late_by:
        yield request.gettext(
            "⏳ Alerts are late by {late}; they are through in about {left}, by themselves.",
            late=request.words.span(report.late_by),
            left=request.words.span(report.through_in),
        )
    if report.waits_for == "alerts":
        yield request.gettext("⏳ Overload: no article is looked at until alerts have left")
    if report.waits_for == "items":
        yield request.gettext("⏳ Overload: no feed is polled until articles were looked at")


def _failing(context: BotContext, request: Request, failing: list[FailingFeed]) -> Iterator[Html]:
    for feed in failing[:MOST_FEEDS]:
        since = request.gettext("since {at}", at=clock_face(context, request, feed.since)) if feed.since else Html()
        why = failure_words(request.words, feed.kind, feed.why)
        yield request.gettext(
            "⚠️ {feed} {since}: {why}. Is the address still right? /feeds", feed=bold(feed.id), since=since, why=why
        )
    if len(failing) > MOST_FEEDS:
        yield request.gettext("  and {n} more: /feeds", n=len(failing) - MOST_FEEDS)


def _facts(context: BotContext, request: Request, report: StatusReport) -> Iterator[Html]:
    outbox = {state: n for state, n in report.outbox.items() if n}
    yield request.gettext(
        "Feeds: {well} well, {failing} failing · articles waiting: {items}",
        well=report.feeds_well,
        failing=len(report.failing),
        items=report.items_waiting,
    )
    yield request.gettext(
        "Alerts: {waiting} waiting, {sent} sent, {refused} refused",
        waiting=outbox.get(AlertState.PENDING, 0) + outbox.get(AlertState.SENDING, 0),
        sent=outbox.get(AlertState.SENT, 0),
        refused=outbox.get(AlertState.REFUSED, 0),
    )
    yield request.gettext("Subscribers: {chats}, watches: {watches}", chats=report.subscribers, watches=report.watches)
    if report.feedback:
        yield request.gettext("Complaints: {n} (/feedback)", n=report.feedback)
    if report.last_errors:
        yield request.gettext("Last errors:")
        for error in report.last_errors[:MOST_ERRORS]:
            yield Html(f"  • {clock_face(context, request, error.at)} {plain(error.why)}")
    if report.started_at is not None:
        yield request.gettext("Running since {at}", at=clock_face(context, request, report.started_at))
