"""/pause, /resume and /lang: how a chat wishes to be spoken to.

Leaves what it follows to bot/follow.py. A paused chat misses nothing: what has waited long comes as one digest.
"""

import re
from datetime import datetime, timedelta

from monitor.bot.chat_request import Html, Request, lines
from monitor.bot.context import BotContext
from monitor.bot.targets import fold
from monitor.bot.wishes import change_language, chat_here, end_pause, pause_until, zone_here
from monitor.types import Button

LANG = "lang"
LONGEST_PAUSE = timedelta(days=365)
_SIGN = re.compile(r"[-−–+]\s*\d")  # no pause lasts less than nothing
_SPAN = re.compile(r"(\d{1,4}) ?([a-z]+)")
_UNITS = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "p", "ph", "phut"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hour", "hours", "g", "gio", "tieng"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day", "days", "ngay"), timedelta(days=1)),
    **dict.fromkeys(("w", "week", "weeks", "tuan"), timedelta(weeks=1)),
}
_LANGUAGES = {
    **dict.fromkeys(("vi", "vn", "tieng viet", "viet", "vietnamese"), "vi"),
    **dict.fromkeys(("en", "tieng anh", "anh", "english"), "en"),
}


def span(text: str) -> timedelta | None:
    """A duration as people write it ("2h", "30 phút", "1 day 12 hours"); None when it is none, or over a year."""
    folded = fold(text)
    if _SIGN.search(text) or not folded or _SPAN.sub("", folded).strip():
        return None
    parts = [(int(number), _UNITS.get(unit)) for number, unit in _SPAN.findall(folded)]
    total = timedelta()
    for number, unit in parts:
        if unit is None:
            return None
        total += number * unit
    return total if timedelta(0) < total <= LONGEST_PAUSE else None


async def pause(context: BotContext, request: Request) -> None:
    """/pause [DURATION]: silence until /resume, or until that time has passed."""
    until: datetime | None = None
    if request.argument:
        length = span(request.argument)
        if length is None:
            await request.reply(
                request.gettext("For how long? For example: /pause 2h, /pause 30m, /pause 1d, or /pause alone.")
            )
            return
        until = context.clock() + length
    await pause_until(context, request, until)
    if until is None:
        await request.reply(request.gettext("⏸ Paused. /resume brings the alerts back."))
    else:
        at = until.astimezone(zone_here(context, await chat_here(context, request)))
        await request.reply(
            request.gettext("⏸ Paused until {at}. /resume brings the alerts back earlier.", at=f"{at:%H:%M %d/%m}")
        )


async def resume(context: BotContext, request: Request) -> None:
    """/resume: alerts again; what was missed comes as one digest."""
    number = await end_pause(context, request)
    text = [request.gettext("▶️ Alerts are on.")]
    if number:
        text.append(
            request.ngettext(
                "{n} story was missed; it comes as a digest.",
                "{n} stories were missed; they come as one digest.",
                number,
            )
        )
    await request.reply(lines(text))


async def lang(context: BotContext, request: Request) -> None:
    """/lang vi|en; without either, buttons to choose."""
    chosen = _LANGUAGES.get(fold(request.argument))
    if chosen is None:
        keyboard = [[Button("Tiếng Việt", f"{LANG}:vi"), Button("English", f"{LANG}:en")]]
        await request.reply(Html("Ngôn ngữ? · Which language?"), keyboard)
        return
    await change_language(context, request, chosen)
    await request.reply(_chosen(request, chosen))


async def lang_button(context: BotContext, request: Request) -> None:
    """A language was pressed."""
    chosen = _LANGUAGES.get(request.argument)
    if chosen is None:  # no button of ours
        await request.popup()
        return
    await change_language(context, request, chosen)
    await request.popup()
    await request.redraw(_chosen(request, chosen))


def _chosen(request: Request, lang: str) -> Html:
    return request.speaking(lang).gettext("I speak English here from now on.")
