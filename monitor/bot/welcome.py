"""/start, /help and /sources: what a newcomer reads.

Who is let in is decided in bot/access.py.
"""

from collections.abc import Iterable, Sequence

from monitor.bot.access import is_operator, let_in, may_change, turn_away
from monitor.bot.chat_request import Html, Talk, lines, plain
from monitor.bot.context import Desk
from monitor.bot.follow import follow_wishes
from monitor.types import ChatState

_FOLLOW_LINK = "follow_"  # of a deep link: t.me/BOT?start=follow_putin


async def start(desk: Desk, talk: Talk) -> None:
    """/start [CODE | follow_TARGET]: register the chat and say what can be done."""
    code = "" if talk.argument.startswith(_FOLLOW_LINK) else talk.argument
    chat = await let_in(desk, talk, code=code)
    if chat is None:
        await turn_away(desk, talk)
        return
    text = [
        talk.gettext(
            "Hello! I read the Vietnamese press and tell you once, with a summary and its sources, "
            "when something happens about the leaders and events that you follow."
        ),
        talk.gettext("• /watchlist – choose from a list"),
        talk.gettext("• or just send a name, for example: Putin, Tô Lâm, #nga, động đất"),
        talk.gettext("• /help – all commands"),
    ]
    if chat.state is ChatState.PAUSED:
        text.append(talk.gettext("Alerts are paused here: /resume brings them back."))
    await talk.reply(lines(text))
    wish = talk.argument.removeprefix(_FOLLOW_LINK).strip()
    if talk.argument.startswith(_FOLLOW_LINK) and wish:
        if await may_change(desk, talk):
            await follow_wishes(desk, talk, wish)
        else:
            await refuse_change(talk)


async def refuse_change(talk: Talk) -> None:
    """In groups only administrators change things."""
    await talk.tell(talk.words.gettext("Only administrators of this chat can change that."))


async def help_text(desk: Desk, talk: Talk, commands: Sequence[tuple[str, str, str, bool]]) -> None:
    """/help: `commands` are (name, also, about, for admins)."""
    operator = is_operator(desk, talk)

    def listed(*, admin: bool) -> Iterable[Html]:
        for name, also, about, only_admin in commands:
            if only_admin is admin:
                yield Html(f"/{name} · /{also} – {plain(talk.gettext(about))}")

    text = [talk.gettext("You can send me a name, or one of these:"), *listed(admin=False)]
    if operator:
        text += [talk.gettext("For the editors of this bot:"), *listed(admin=True)]
    text.append(
        talk.gettext("In groups and channels, administrators choose what comes; each topic of a forum for itself.")
    )
    await talk.reply(lines(text))


async def sources(desk: Desk, talk: Talk) -> None:
    """/sources: the newspapers, with how many feeds of each are read."""
    counts: dict[str, int] = {}
    for feed in desk.feeds():
        if feed.enabled:
            counts[feed.outlet] = counts.get(feed.outlet, 0) + 1
    if not counts:
        await talk.reply(talk.gettext("No feeds."))
        return
    heading = talk.ngettext("{n} newspaper is read:", "{n} newspapers are read:", len(counts))
    await talk.reply(lines([heading, *(Html(f"• {plain(outlet)} ({n})") for outlet, n in sorted(counts.items()))]))
