"""The page of /settings about the web page: which browsers are logged in as this chat, and their end.

The links by which they came are web_link.py's; the page ends them one by one (web/settings_page.py).
"""

from monitor.bot.chat_request import Html, Request, bold, lines, plain
from monitor.bot.context import BotContext
from monitor.bot.digest_settings import SETTINGS, back_to_settings
from monitor.bot.wishes import zone_here
from monitor.store.session_rows import Session
from monitor.store.transaction import Transaction
from monitor.types import Button, Chat

MOST_SHOWN = 10  # browsers
LOGINS = "web"  # the page, in data of buttons


async def logins_button(context: BotContext, request: Request) -> Button:
    """The button that leads there."""
    count = len(await _open_ones(context, request))
    return Button(request.words.gettext("💻 Logged in on the web page: {n}", n=count), f"{SETTINGS}:{LOGINS}")


async def draw_logins(context: BotContext, request: Request, chat: Chat) -> None:
    """The page: who is logged in, and a button that ends all of it."""
    found = await _open_ones(context, request)
    text = [bold(request.gettext("💻 The web page"))]
    if found:
        text.append(request.gettext("These browsers are logged in as this chat:"))
        text += [_line(context, request, chat, each) for each in found[:MOST_SHOWN]]
        if len(found) > MOST_SHOWN:
            text.append(request.ngettext("and {n} more", "and {n} more", len(found) - MOST_SHOWN))
    else:
        text.append(request.gettext("No browser is logged in as this chat."))
    text.append(request.gettext("A link that lets one in: /web"))
    end = [Button(request.words.gettext("End all of them"), f"{SETTINGS}:{LOGINS}:end")] if found else []
    await request.redraw(lines(text), [end, back_to_settings(request)])


async def end_logins(context: BotContext, request: Request) -> None:
    """End them all, and the links that nobody has used."""
    await context.store.write(Transaction.end_sessions, request.address)


async def _open_ones(context: BotContext, request: Request) -> list[Session]:
    return await context.store.read(Transaction.sessions_of, request.address, now=context.clock())


def _line(context: BotContext, request: Request, chat: Chat, session: Session) -> Html:
    seen = session.seen_at.astimezone(zone_here(context, chat))
    browser = session.browser or request.words.gettext("Unknown browser")
    said = [browser, *([session.who] if session.who else []), f"{seen:%H:%M %d/%m}"]
    return Html(f"• {plain(' · '.join(said))}")
