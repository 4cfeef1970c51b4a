"""What is wrong by a status report and what helps, a line each: the same sentences in the chat and on the page.

Each line says where one goes on, as a code: a command there, a link here. Decides nothing that the report does not say.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.i18n import Translator
from monitor.notify.failure_words import failure_words
from monitor.notify.problem_words import problem_line
from monitor.pipeline.status import FailingFeed, StatusReport
from monitor.pipeline.worker_words import trouble_words
from monitor.pipeline.workers_seen import Lack
from monitor.types import AlertState

MOST_FEEDS = 5


class HelpAt(StrEnum):
    """Where one goes on."""

    FEEDS = "feeds"
    STUCK = "stuck"
    PROCESSES = "processes"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One line, plain text. `passes`: it goes by itself; `is_inner`: it names a file or an article that is not told."""

    said: str
    help_at: HelpAt | None = None
    passes: bool = False
    is_inner: bool = False


def troubles(
    report: StatusReport,
    words: Translator,
    at: Callable[[datetime], str],
    *,
    shown: Callable[[str], str] = str,
) -> list[Trouble]:
    """All that is wrong; `at` writes a moment by the reader's clock, `shown` what they may read of an error."""
    return [
        *_of_workers(report, words),
        *_of_files(report, words),
        *_of_outside(report, words, at, shown),
        *_of_polls(report, words, at),
        *_of_stuck(report, words),
        *_of_queues(report, words),
    ]


def troubles_for_all(
    report: StatusReport, words: Translator, at: Callable[[datetime], str], *, shown: Callable[[str], str]
) -> list[Trouble]:
    """What every reader may know of it: no file, no article, no process is named, but that work is left undone is."""
    found = [
        each
        for each in troubles(report, words, at, shown=shown)
        if not each.is_inner and each.help_at is not HelpAt.STUCK
    ]
    lacks = [] if report.workers is None else report.workers.troubles
    if report.unasked_since is not None or any(each.lack is not Lack.UNWELL for each in lacks):
        said = words.gettext("A part of the service is not at work: news and answers may come late.")
        found.insert(0, Trouble(said))
    return found


def _of_workers(report: StatusReport, words: Translator) -> Iterator[Trouble]:
    if report.workers is not None:
        for each in report.workers.troubles:
            yield Trouble(trouble_words(words, each), HelpAt.PROCESSES, is_inner=True)


def _of_files(report: StatusReport, words: Translator) -> Iterator[Trouble]:
    if report.problems:
        said = words.gettext(
            "A file is wrong, the last good one is in force: {problem}. Correct it; it is taken up by itself.",
            problem=problem_line(words, report.problems[0]),
        )
        yield Trouble(said, is_inner=True)


def _of_outside(
    report: StatusReport, words: Translator, at: Callable[[datetime], str], shown: Callable[[str], str]
) -> Iterator[Trouble]:
    if report.telegram_out_since is not None:
        said = words.gettext(
            "Telegram out of reach since {at}. Nothing is lost, it goes on by itself. Is this machine online?",
            at=at(report.telegram_out_since),
        )
        yield Trouble(said)
    down = [feed for feed in report.failing if feed.announced]
    yield from (_of_feed(feed, words, at, shown) for feed in down[:MOST_FEEDS])
    if len(down) > MOST_FEEDS:
        more = words.ngettext("and {n} more feed", "and {n} more feeds", len(down) - MOST_FEEDS)
        yield Trouble(more, HelpAt.FEEDS)


def _of_polls(report: StatusReport, words: Translator, at: Callable[[datetime], str]) -> Iterator[Trouble]:
    if report.unasked_since is not None and (report.workers is None or report.workers.does("poll")):
        said = words.gettext(
            "No newspaper has been asked since {at}, though some are due: look into the log, then restart the service.",
            at=at(report.unasked_since),
        )
        yield Trouble(said, is_inner=True)


def _of_feed(
    feed: FailingFeed, words: Translator, at: Callable[[datetime], str], shown: Callable[[str], str]
) -> Trouble:
    since = words.gettext("since {at}", at=at(feed.since)) if feed.since else ""
    why = failure_words(words, feed.kind, shown(feed.why))
    said = words.gettext("{feed} {since}: {why}. Is the address still right?", feed=feed.id, since=since, why=why)
    return Trouble(said, HelpAt.FEEDS)


def _of_stuck(report: StatusReport, words: Translator) -> Iterator[Trouble]:
    if stuck := report.outbox.get(AlertState.UNCERTAIN, 0) + report.outbox.get(AlertState.PARKED, 0):
        yield Trouble(words.ngettext("{n} alert waits for you", "{n} alerts wait for you", stuck), HelpAt.STUCK)
    if report.parked:
        said = words.ngettext(
            "{n} article cannot be looked at: {title} — {why}. Try it again or drop it",
            "{n} articles cannot be looked at, like {title} — {why}. Try them again or drop them",
            len(report.parked),
            title=report.parked[0].title,
            why=report.parked[0].why,
        )
        yield Trouble(said, HelpAt.STUCK, is_inner=True)


def _of_queues(report: StatusReport, words: Translator) -> Iterator[Trouble]:
    if report.late_by and not report.is_sent:
        yield Trouble(words.gettext("Alerts are late by {late}.", late=words.span(report.late_by)))
    elif report.late_by:
        said = words.gettext(
            "Alerts are late by {late}; they are through in about {left}, by themselves.",
            late=words.span(report.late_by),
            left=words.span(report.through_in),
        )
        yield Trouble(said, passes=True)
    if report.waits_for == "alerts":
        yield Trouble(words.gettext("Overload: no article is looked at until alerts have left"), passes=True)
    if report.waits_for == "items":
        yield Trouble(words.gettext("Overload: no feed is polled until articles were looked at"), passes=True)
