"""/status: what is wrong now and what to do about it, else one green line; then how much waits, in three lines.

Answers in admin chats alone. Trouble that the bot reports by itself goes through the outbox.
"""

from collections.abc import Iterator

from monitor.bot.chat_request import Html, Request, bold, lines, plain
from monitor.bot.context import BotContext
from monitor.bot.local_time import clock_face
from monitor.pipeline.status import StatusReport
from monitor.pipeline.troubles import HelpAt, Trouble, troubles
from monitor.pipeline.worker_words import count_words, worker_line
from monitor.types import AlertState

MOST_ERRORS = 3
MOST_WORKERS = 20  # a message has room for no more


async def status(context: BotContext, request: Request) -> None:
    """/status: is it well, and what needs a person."""
    report = await context.running.status()
    trouble = troubles(report, request.words, lambda at: clock_face(context, request, at))
    head = (
        request.gettext("⚠️ {n} to look at · {at}", n=len(trouble), at=clock_face(context, request, report.at))
        if trouble
        else request.gettext("✅ All is well · {at}", at=clock_face(context, request, report.at))
    )
    await request.reply(
        lines([bold(head), *(_line(request, each) for each in trouble), Html(), *_facts(context, request, report)])
    )


def _line(request: Request, trouble: Trouble) -> Html:
    said = plain(f"{'⏳' if trouble.passes else '⚠️'} {trouble.said}")
    match trouble.help_at:
        case HelpAt.FEEDS:
            return request.gettext("{trouble} /feeds", trouble=said)
        case HelpAt.STUCK:
            return request.gettext("{trouble}: /stuck", trouble=said)
        case HelpAt.PROCESSES | None:  # they are listed below
            return said


def _facts(context: BotContext, request: Request, report: StatusReport) -> Iterator[Html]:
    outbox = {state: n for state, n in report.outbox.items() if n}
    yield request.gettext(
        "Feeds: {well} well, {failing} failing · articles waiting: {items}",
        well=report.feeds_well,
        failing=len(report.failing),
        items=report.items_waiting,
    )
    yield request.gettext(
        "Alerts: {waiting} waiting, {sent} sent in 24 hours, {refused} refused",
        waiting=outbox.get(AlertState.PENDING, 0) + outbox.get(AlertState.SENDING, 0),
        sent=report.sent_in_a_day,
        refused=outbox.get(AlertState.REFUSED, 0),
    )
    yield request.gettext("Subscribers: {chats}, watches: {watches}", chats=report.subscribers, watches=report.watches)
    if report.workers is not None:
        workers = report.workers.workers
        yield plain(f"{count_words(request.words, workers)}:")
        for each in workers[:MOST_WORKERS]:
            yield plain(f"  {'•' if each.is_alive else '✗'} {worker_line(request.words, each)}")
        if len(workers) > MOST_WORKERS:
            yield request.ngettext("and {n} more process", "and {n} more processes", len(workers) - MOST_WORKERS)
    if report.feedback:
        yield request.gettext("Complaints: {n} (/feedback)", n=report.feedback)
    if report.last_errors:
        yield (
            request.gettext("Last errors:")
            if report.workers is None
            else request.gettext("Last errors of this process:")
        )
        for error in report.last_errors[:MOST_ERRORS]:
            yield Html(f"  • {clock_face(context, request, error.at)} {plain(error.why)}")
    if report.started_at is not None:
        since = clock_face(context, request, report.started_at)
        if report.workers is None:
            yield request.gettext("Running since {at}", at=since)
        else:
            yield request.gettext("This process has run since {at}", at=since)
