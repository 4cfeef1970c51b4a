"""/start, /help and /sources: what a newcomer reads.

Who is let in is decided in bot/access.py.
"""

from collections.abc import Iterable, Sequence

from monitor.bot.access import is_admin_chat, let_in, may_change, turn_away
from monitor.bot.chat_request import Html, Request, lines, plain
from monitor.bot.context import BotContext
from monitor.bot.follow import follow_wishes
from monitor.types import ChatState

_FOLLOW_LINK = "follow_"  # of a deep link: t.me/BOT?start=follow_putin


async def start(context: BotContext, request: Request) -> None:
    """/start [CODE | follow_TARGET]: register the chat and say what can be done."""
    code = "" if request.argument.startswith(_FOLLOW_LINK) else request.argument
    chat = await let_in(context, request, code=code)
    if chat is None:
        await turn_away(context, request, code=code)
        return
    text = [
        request.gettext(
            "Hello! I read the Vietnamese press and tell you once, with a summary and its sources, "
            "when something happens about the leaders and events that you follow."
        ),
        request.gettext("• /watchlist – choose from a list"),
        request.gettext("• or just send a name, for example: Putin, Tô Lâm, #nga, động đất"),
        request.gettext("• /help – all commands"),
    ]
    if chat.state is ChatState.PAUSED:
        text.append(request.gettext("Alerts are paused here: /resume brings them back."))
    await request.reply(lines(text))
    wish = request.argument.removeprefix(_FOLLOW_LINK).strip()
    if request.argument.startswith(_FOLLOW_LINK) and wish:
        if await may_change(context, request):
            await follow_wishes(context, request, wish)
        else:
            await refuse_change(request)


async def refuse_change(request: Request) -> None:
    """In groups only administrators change things."""
    await request.tell(request.words.gettext("Only administrators of this chat can change that."))


async def help_text(context: BotContext, request: Request, commands: Sequence[tuple[str, str, str, bool]]) -> None:
    """/help: `commands` are (name, also, about, for admins)."""
    operator = is_admin_chat(context, request)

    def listed(*, admin: bool) -> Iterable[Html]:
        for name, also, about, only_admin in commands:
            if only_admin is admin:
                yield Html(f"/{name} · /{also} – {plain(request.gettext(about))}")

    text = [request.gettext("You can send me a name, or one of these:"), *listed(admin=False)]
    if operator:
        text += [request.gettext("For the editors of this bot:"), *listed(admin=True)]
    text.append(
        request.gettext("In groups and channels, administrators choose what comes; each topic of a forum for itself.")
    )
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
