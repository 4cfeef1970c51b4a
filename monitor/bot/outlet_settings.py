"""Pages of newspapers: those that ring nobody in a chat, and those whose article is shown first.

What follows from it is pipeline/alerts.py's and pipeline/card.py's. Buttons: so:LIST:PAGE shows, so:LIST:PAGE:SIGN:HASH
sets; LIST is m (muted) or p (preferred), HASH stands for a name.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from monitor.bot.chat_request import Html, Request, bold
from monitor.bot.context import BotContext
from monitor.bot.digest_settings import back_to_settings
from monitor.bot.paging import page_number, page_of, turns
from monitor.bot.wishes import change_preferences, chat_here
from monitor.types import Button, Chat, Preferences

OUTLETS = "so"
MUTED, PREFERRED = "m", "p"
MOST_OUTLETS = 200  # of one list
_SET = re.compile(r"([mp]):([0-9]{1,4}):([+-]):([0-9a-f]{10})")
_SHOW = re.compile(r"([mp]):([0-9]{1,4})")


async def outlet_button(context: BotContext, request: Request) -> None:
    """A newspaper or another page was pressed."""
    await request.popup()
    pressed = _SET.fullmatch(request.argument)
    if pressed is not None:
        which, page, sign, asked = pressed.groups()
        known = await chat_here(context, request)
        name = next((each for each in outlets(context, known) if short_name(each) == asked), None)
        if name is not None:
            known = await change_preferences(context, request, lambda wishes: _toggled(wishes, which, sign, name))
        await _draw(context, request, known, which, page_number(page))
        return
    shown = _SHOW.fullmatch(request.argument)
    which, page = (shown[1], shown[2]) if shown is not None else (MUTED, "0")
    await _draw(context, request, await chat_here(context, request), which, page_number(page))


def _toggled(wishes: Preferences, which: str, sign: str, name: str) -> Preferences:
    """A newspaper is muted or preferred, not both."""
    muted = [each for each in wishes.muted_outlets if each != name]
    preferred = [each for each in wishes.preferred_outlets if each != name]
    mine = muted if which == MUTED else preferred
    if sign == "+" and len(mine) < MOST_OUTLETS:
        mine.append(name)
    elif sign == "-":  # the other list is none of this button's business
        other = wishes.preferred_outlets if which == MUTED else wishes.muted_outlets
        return replace(
            wishes,
            muted_outlets=tuple(muted) if which == MUTED else other,
            preferred_outlets=tuple(preferred) if which == PREFERRED else other,
        )
    return replace(wishes, muted_outlets=tuple(muted), preferred_outlets=tuple(preferred))


def outlets(context: BotContext, chat: Chat) -> list[str]:
    """The newspapers that are read, and those that a chat has chosen before."""
    read = {feed.outlet for feed in context.running.feeds() if feed.enabled}
    return sorted({*read, *chat.preferences.muted_outlets, *chat.preferences.preferred_outlets}, key=str.casefold)


def short_name(outlet: str) -> str:
    """A newspaper in callback data, which Telegram ends at 64 bytes."""
    return hashlib.sha256(outlet.encode(errors="replace")).hexdigest()[:10]


async def draw_muted(context: BotContext, request: Request, chat: Chat) -> None:
    """The page of the newspapers that ring nobody here."""
    await _draw(context, request, chat, MUTED, 0)


async def draw_preferred(context: BotContext, request: Request, chat: Chat) -> None:
    """The page of the newspapers that are shown first."""
    await _draw(context, request, chat, PREFERRED, 0)


async def _draw(context: BotContext, request: Request, chat: Chat, which: str, page: int) -> None:
    wishes = chat.preferences
    if which == MUTED:
        chosen = wishes.muted_outlets
        title, hint = (
            request.gettext("🔇 Muted newspapers"),
            request.gettext("Their articles ring nobody here, and count in no story."),
        )
    else:
        chosen = wishes.preferred_outlets
        title, hint = (
            request.gettext("⭐ Newspapers shown first"),
            request.gettext("Where one of them has the story, it is its title and link that are shown."),
        )
    on_page, page, pages = page_of(outlets(context, chat), page)
    keyboard: list[Sequence[Button]] = [[_button(name, which, page, on=name in chosen)] for name in on_page]
    keyboard.append(turns(page, pages, lambda to: f"{OUTLETS}:{which}:{to}"))
    keyboard.append(back_to_settings(request))
    await request.redraw(Html(f"{bold(title)}\n{hint}"), keyboard)


def _button(name: str, which: str, page: int, *, on: bool) -> Button:
    sign, mark = ("-", "✅ ") if on else ("+", "")
    return Button(f"{mark}{name}", f"{OUTLETS}:{which}:{page}:{sign}:{short_name(name)}")
