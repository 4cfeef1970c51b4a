"""What is said once something is followed: its newest story, how many messages to expect, and a button to undo it.

Follows nothing itself; bot/follow.py does.
"""

from collections.abc import Sequence
from datetime import timedelta

from monitor.bot.chat_request import Html, Keyboard, Request, bold
from monitor.bot.context import BotContext
from monitor.bot.popular import DAYS, stories_a_day
from monitor.bot.story_lines import title_line
from monitor.bot.targets import Named, label, token, watch_ids
from monitor.store.count_rows import DailyCount
from monitor.store.transaction import Transaction
from monitor.types import EVERYTHING, Button, StoryView, Target

NEWEST_WITHIN = timedelta(days=14)
MOST_SHOWN = 3  # of several targets followed at once: with a story, and with a button


async def after_following(
    context: BotContext, request: Request, new: Sequence[Target], named: Named, *, undo: str
) -> tuple[list[Html], Keyboard]:
    """Lines and buttons about what is newly followed; `undo` is the beginning of a button's data."""
    if not new:
        return [], ()
    watchlist, now = context.running.watchlist(), context.clock()
    local = now.astimezone(context.timezone)
    wanted = [watch_ids([target], watchlist) for target in new]

    def read(tx: Transaction) -> tuple[list[StoryView | None], list[DailyCount]]:
        newest = [
            next(iter(tx.latest_stories(ids, since=now - NEWEST_WITHIN, limit=1)), None) if ids else None
            for ids in wanted[:MOST_SHOWN]
        ]
        return newest, tx.daily_counts(since=local.date() - timedelta(days=DAYS))

    newest, counts = await context.store.read(read)
    text: list[Html] = []
    for target, view in zip(new, newest, strict=False):
        if view is not None:
            line = title_line(view, zone=context.timezone, now=local)
            only = request.gettext("Newest: {story}", story=line)
            named_line = Html(f"• {bold(_name(request, target, named))}: {line}")
            text.append(only if len(new) == 1 else named_line)
    a_day = stories_a_day(counts, {each for ids in wanted for each in ids}, today=local.date())
    if words := expected(request, a_day):
        text.append(request.gettext("To expect: {messages}.", messages=words))
    back = request.words.gettext("↩ Undo")
    keyboard: list[Sequence[Button]] = [
        [Button(back if len(new) == 1 else f"✖ {_name(request, target, named)}", undo + token(target))]
        for target in new[:MOST_SHOWN]
    ]
    return text, keyboard


def _name(request: Request, target: Target, named: Named) -> str:
    return request.words.gettext("everything") if target == EVERYTHING else label(target, named)


def expected(request: Request, a_day: float | None) -> Html:
    """How many messages to expect, in words; empty where nobody can know yet."""
    if a_day is None:
        return Html()
    if a_day >= 1:
        return request.ngettext("about {n} message a day", "about {n} messages a day", round(a_day))
    a_week = round(a_day * 7)
    if a_week == 0:
        return request.gettext("less than one message a week")
    return request.ngettext("about {n} message a week", "about {n} messages a week", a_week)
