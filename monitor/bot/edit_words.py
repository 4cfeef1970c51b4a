"""Changes of watches in words: why one was refused, what differs, what the last days would have brought.

Pure: makes text of values, and asks nobody.
"""

from collections.abc import Iterator, Sequence
from difflib import unified_diff
from typing import assert_never

from monitor.bot.chat_request import Html, Request, bold, italic, link, plain
from monitor.errors import Problem
from monitor.notify.html import cut, units
from monitor.notify.problem_words import problem_line
from monitor.pipeline.file_desk import FileRefused
from monitor.pipeline.file_words import file_refusal
from monitor.pipeline.watch_desk import EditCode, EditRefused, WatchProposal
from monitor.types import Item

MOST_PROBLEMS = 5
MOST_DIFFERENCE = 2_400  # units of a message, which has room for titles beside it
TITLE_UNITS = 140


def refused_lines(request: Request, refused: EditRefused | FileRefused) -> Iterator[Html]:
    """Why it was not done, and what to do."""
    if isinstance(refused, FileRefused):
        yield plain("❌ " + file_refusal(request.words, refused))
        yield from _problem_lines(request, refused.problems)
        return
    match refused.code:
        case EditCode.NO_WATCH:
            yield request.gettext("No watch has this id in the files. /watchlist shows all; send /edit with an id.")
        case EditCode.FILES_WRONG:
            yield request.gettext("The files themselves are wrong just now; mend them first:")
        case EditCode.TEXT_WRONG:
            yield request.gettext("❌ Not taken. Correct this, and reply to the form again with the whole text:")
        case EditCode.OTHER_ID:
            yield request.gettext(
                "❌ Not taken: the id must stay, for subscriptions hang on it. Change the name instead, or write a new "
                "watch into the file."
            )
        case EditCode.MORE_THAN_ONE:
            yield request.gettext("❌ Not taken: the text holds more than this one watch. Send this one alone.")
        case EditCode.SAME:
            yield request.gettext("That is what stands there already.")
        case EditCode.CHANGED_MEANWHILE:
            yield request.gettext(
                "❌ Not written: {file} was changed since, and this watch reads otherwise there. See it with /edit.",
                file=refused.file,
            )
        case EditCode.READ_ONLY:
            yield request.gettext(
                "❌ {file} cannot be written here ({why}). Change it where it comes from; it is taken up by itself.",
                file=refused.file,
                why=refused.why or request.gettext("read-only"),
            )
        case EditCode.NOTHING_LEARNT:
            yield request.gettext(
                "No line is surely meant by what readers marked wrong so far. Change it yourself: /edit"
            )
        case EditCode.NO_ARTICLE:
            yield request.gettext("The article is not stored any more; there is nothing to learn from.")
        case EditCode.BY_HAND:
            yield request.gettext(
                "❌ {file} is not changed by machine: {why}. Change it by hand.", file=refused.file, why=refused.why
            )
        case _:
            assert_never(refused.code)
    yield from _problem_lines(request, refused.problems)


def _problem_lines(request: Request, problems: Sequence[Problem]) -> Iterator[Html]:
    for problem in problems[:MOST_PROBLEMS]:
        yield Html(f"• {plain(problem_line(request.words, problem))}")


def difference_lines(before: str, after: str) -> Html:
    """What differs between two texts, as lines with + and -; cut where a message has no room for more."""
    rows = list(unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm=""))[2:]
    kept: list[str] = []
    room = MOST_DIFFERENCE
    for row in rows:
        if row.startswith("@@"):
            row = "⋯"
            if not kept:
                continue
        room -= units(plain(row)) + 1
        if room < 0:
            kept.append("…")
            break
        kept.append(row)
    return Html("<pre>" + "\n".join(plain(row) for row in kept) + "</pre>")


def proposal_lines(request: Request, proposal: WatchProposal) -> Iterator[Html]:
    """What would be written, and what it would have changed."""
    yield Html(f"✏️ {bold(proposal.name)} · {plain(proposal.file)}")
    yield difference_lines(proposal.before, proposal.after)
    if not proposal.items:
        yield request.gettext("No articles are stored to try it on.")
        return
    yield request.gettext(
        "Of the newest {n} articles it finds {after}, and found {before}.",
        n=proposal.items,
        after=proposal.told_after,
        before=proposal.told_before,
    )
    if proposal.gained_count:
        yield request.gettext("Gained: {n}", n=proposal.gained_count)
        yield from (_item("➕", item) for item in proposal.gained)
    if proposal.lost_count:
        yield request.gettext("Lost: {n}", n=proposal.lost_count)
        yield from (_item("➖", item) for item in proposal.lost)


def _item(sign: str, item: Item) -> Html:
    return Html(f"{sign} {link(cut(item.title, TITLE_UNITS), item.url)} {italic(item.outlet)}")
