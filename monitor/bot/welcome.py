"""/start, /help and /sources: what a newcomer reads.

Who is let in is decided in bot/access.py.
"""

import re
from collections.abc import Sequence

from monitor.bot.access import let_in, may_change, turn_away
from monitor.bot.chat_request import Html, Request, bold, lines, plain
from monitor.bot.context import BotContext
from monitor.bot.follow import follow_link
from monitor.bot.start_screen import show_start
from monitor.notify.html import cut

_FOLLOW_LINK = "follow_"  # of a deep link: t.me/BOT?start=follow_putin__trump
_LINK = re.compile(r"(?:(?P<code>.+?)_)??follow_(?P<names>.+)", re.DOTALL)  # an invitation may bring a wish along


async def start(context: BotContext, request: Request) -> None:
    """/start [CODE | follow_TARGET[__TARGET…] | CODE_follow_TARGET]: register the chat and show the first screen."""
    link = _LINK.fullmatch(request.argument)
    code = (link["code"] or "") if link else request.argument.removeprefix(_FOLLOW_LINK)
    chat = await let_in(context, request, code=code)
    if chat is None:
        await turn_away(context, request, code=code)
        return
    await show_start(context, request, note=_misread(context, request, code))
    if link is None:
        return
    if await may_change(context, request):
        await follow_link(context, request, link["names"])
    else:
        await refuse_change(request)


def _misread(context: BotContext, request: Request, code: str) -> Html:
    """That a link means nothing here; where invitations count, the door has spoken of them."""
    if not code or context.access == "invite":
        return Html()
    return request.gettext(
        "I do not know “{word}” of the link that you used. You need no code: just choose.", word=cut(code, 40)
    )


async def refuse_change(request: Request) -> None:
    """In groups only administrators change things; anybody may choose for themselves."""
    words = request.words
    refusal = words.gettext("Only administrators of this chat can change that.")
    await request.tell(
        f"{refusal} " + words.gettext("Ask one of them, or choose for yourself in a chat with me alone.")
    )


async def help_text(request: Request, sections: Sequence[tuple[str, Sequence[tuple[str, str, str]]]]) -> None:
    """/help: `sections` are a heading with its commands, each as (name, also, about)."""
    text = [request.gettext("You can send me a name, or one of these:")]
    for heading, commands in sections:
        text += [Html(), bold(request.gettext(heading))]
        text += [Html(f"/{name} · /{also} – {plain(request.gettext(about))}") for name, also, about in commands]
    text += [
        Html(),
        request.gettext("In groups and channels, administrators choose what comes; each topic of a forum for itself."),
    ]
    await request.reply(lines(text))


async def sources(context: BotContext, request: Request) -> None:
    """/sources: the newspapers, with how many feeds of each are read."""
    counts: dict[str, int] = {}
    for feed in context.running.feeds():
        if feed.enabled:
            counts[feed.outlet] = counts.get(feed.outlet, 0) + 1
    if not counts:
        await request.reply(request.gettext("No feeds."))
        return
    heading = request.ngettext("{n} newspaper is read:", "{n} newspapers are read:", len(counts))
    await request.reply(lines([heading, *(Html(f"• {plain(outlet)} ({n})") for outlet, n in sorted(counts.items()))]))
