"""An own watch in a reader's words: whom or what it finds, what it would have brought, and what is wrong with a text.

Says only; bot/own_watch.py asks and decides.
"""

from collections.abc import Iterator, Sequence

from monitor.bot.chat_request import Html, Request, bold, italic, plain
from monitor.errors import Problem
from monitor.i18n import translatable
from monitor.matching.learn.edits import FieldChange
from monitor.notify.html import cut
from monitor.pipeline.own_jobs import Looked
from monitor.types import Event, Leader, Watch

MOST_SAID = 6  # values of one kind; the YAML has them all
MOST_PROBLEMS = 5
WORD_UNITS = 160

_FIELDS = {
    "aliases": translatable("name"),
    "short": translatable("short form"),
    "offices": translatable("office"),
    "near": translatable("only with"),
    "not": translatable("not with"),
    "ignore": translatable("words that do not count"),
    "match": translatable("words"),
}


def in_words(request: Request, watch: Watch) -> Iterator[Html]:
    """Whom or what a watch finds, a line a kind."""
    if isinstance(watch, Leader):
        yield from _leader(request, watch)
    else:
        yield from _event(request, watch)


def _leader(request: Request, watch: Leader) -> Iterator[Html]:
    yield request.gettext("👤 A person: {names}", names=_values([watch.name, *watch.aliases]))
    if watch.short:
        yield request.gettext("With the full name nearby also: {names}", names=_values(watch.short))
    if watch.offices:
        yield request.gettext("In office: {names}", names=_values([office.title for office in watch.offices]))
    if watch.common:
        near = [*watch.near, *(() if watch.near else (office.title for office in watch.offices))]
        yield request.gettext("Many bear this name: only with {names} in the article", names=_values(near))
    if watch.exclude:
        yield request.gettext("Not where it says: {names}", names=_values(watch.exclude))


def _event(request: Request, watch: Event) -> Iterator[Html]:
    yield request.gettext("📰 What happens: articles with any of these")
    yield from _queries(watch.match)
    if watch.exclude:
        yield request.gettext("Not where it says:")
        yield from _queries(watch.exclude)


def _queries(queries: Sequence[str]) -> Iterator[Html]:
    for query in queries[:MOST_SAID]:
        yield Html(f"• <code>{plain(cut(query, WORD_UNITS))}</code>")
    if len(queries) > MOST_SAID:
        yield Html(f"+{len(queries) - MOST_SAID}")


def _values(values: Sequence[str]) -> Html:
    some = ", ".join(bold(cut(value, WORD_UNITS)) for value in values[:MOST_SAID])
    return Html(f"{some} +{len(values) - MOST_SAID}" if len(values) > MOST_SAID else some)


def how_much(request: Request, looked: Looked) -> Html:
    """How much it would have brought."""
    found = looked.examples
    if not found.items:
        return request.ngettext(
            "In the last day nothing would have come.", "In the last {n} days nothing would have come.", found.days
        )
    articles = request.ngettext("{n} article", "{n} articles", found.items)
    stories = request.ngettext("{n} story", "{n} stories", found.stories)
    return Html(
        f"{_within(request, found.days)} {articles} · {stories} · {about_a_day(request, found.stories, found.days)}"
    )


def _within(request: Request, days: int) -> Html:
    return request.ngettext("In the last day:", "In the last {n} days:", days)


def about_a_day(request: Request, stories: int, days: int) -> Html:
    """How many messages a day that comes to."""
    a_day = stories / days
    if a_day < 1:
        return request.gettext("less than one message a day")
    return request.ngettext("about {n} message a day", "about {n} messages a day", round(a_day))


def learnt(request: Request, looked: Looked) -> Iterator[Html]:
    """What marks taught, or that they taught nothing."""
    if not looked.changes:
        yield italic(
            request.gettext("The marks teach nothing that is sure enough: mark some more, right and wrong ones.")
        )
        return
    before, after = looked.agreeing
    yield bold(
        request.gettext(
            "Learnt: it agrees with {after} of your marks now, before with {before}.", before=before, after=after
        )
    )
    for change in looked.changes[:MOST_SAID]:
        yield _change(request, change)
    if len(looked.changes) > MOST_SAID:
        yield Html(f"+{len(looked.changes) - MOST_SAID}")


def _change(request: Request, change: FieldChange) -> Html:
    field = request.gettext(_FIELDS[change.field]) if change.field in _FIELDS else plain(change.field)
    sign = "+" if change.action == "add" else "-"
    return Html(f"{sign} {field}: <code>{plain(cut(change.value, WORD_UNITS))}</code>")


def problems_in(request: Request, problems: Sequence[Problem]) -> Html:
    """What is wrong with a text, each with its place and what to write."""
    said = [request.gettext("That cannot be taken:")]
    for problem in problems[:MOST_PROBLEMS]:
        place = request.gettext("line {line}, column {column}", line=problem.line, column=problem.column)
        what = plain(request.words.said(problem.message))
        said.append(Html(f"• {place}: {what}" if problem.line else f"• {what}"))
    if len(problems) > MOST_PROBLEMS:
        said.append(Html(f"+{len(problems) - MOST_PROBLEMS}"))
    return Html("\n".join(said))


def wrong_query(request: Request, query: str, column: int, message: str) -> Html:
    """What is wrong with a query, with a mark under the place."""
    place = request.gettext("column {column}", column=column)
    start = max(0, column - 30)
    shown, gap = query[start : start + 50].replace("\n", " "), " " * (column - 1 - start)
    return Html(f"{place}: {plain(request.words.said(message))}\n<pre>{plain(shown)}\n{gap}↑</pre>")
