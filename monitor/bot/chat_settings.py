"""/pause, /resume and /lang: how a chat wishes to be spoken to.

Leaves what it follows to bot/follow.py. A paused chat misses nothing: what has waited long comes as one digest.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.bot.chat_request import Html, Talk
from monitor.bot.context import Desk
from monitor.bot.targets import fold
from monitor.types import Button, Chat, ChatState

LANG = "lang"
LONGEST_PAUSE = timedelta(days=365)
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
    if not folded or _SPAN.sub("", folded).strip():
        return None
    parts = [(int(number), _UNITS.get(unit)) for number, unit in _SPAN.findall(folded)]
    total = timedelta()
    for number, unit in parts:
        if unit is None:
            return None
        total += number * unit
    return total if timedelta(0) < total <= LONGEST_PAUSE else None


async def pause(desk: Desk, talk: Talk) -> None:
    """/pause [DURATION]: silence until /resume, or until that time has passed."""
    until: datetime | None = None
    if talk.argument:
        length = span(talk.argument)
        if length is None:
            await talk.reply(
                talk.gettext("For how long? For example: /pause 2h, /pause 30m, /pause 1d, or /pause alone.")
            )
            return
        until = desk.clock() + length
    await _save(desk, talk, state=ChatState.PAUSED, paused_until=until)
    if until is None:
        await talk.reply(talk.gettext("⏸ Paused. /resume brings the alerts back."))
    else:
        at = until.astimezone(desk.timezone)
        await talk.reply(
            talk.gettext("⏸ Paused until {at}. /resume brings the alerts back earlier.", at=f"{at:%H:%M %d/%m}")
        )


async def resume(desk: Desk, talk: Talk) -> None:
    """/resume: alerts again."""
    await _save(desk, talk, state=ChatState.ACTIVE, paused_until=None)
    await talk.reply(talk.gettext("▶️ Alerts are on."))


async def lang(desk: Desk, talk: Talk) -> None:
    """/lang vi|en; without either, buttons to choose."""
    chosen = _LANGUAGES.get(fold(talk.argument))
    if chosen is None:
        keyboard = [[Button("Tiếng Việt", f"{LANG}:vi"), Button("English", f"{LANG}:en")]]
        await talk.reply(Html("Ngôn ngữ? · Which language?"), keyboard)
        return
    await _save(desk, talk, lang=chosen)
    await talk.reply(_chosen(talk, chosen))


async def lang_button(desk: Desk, talk: Talk) -> None:
    """A language was pressed."""
    chosen = _LANGUAGES.get(talk.argument, "vi")
    await _save(desk, talk, lang=chosen)
    await talk.popup()
    await talk.redraw(_chosen(talk, chosen))


def _chosen(talk: Talk, lang: str) -> Html:
    return talk.speaking(lang).gettext("I speak English here from now on.")


async def _save(
    desk: Desk,
    talk: Talk,
    *,
    state: ChatState | None = None,
    paused_until: datetime | None = None,
    lang: str | None = None,
) -> None:
    async with desk.store.begin() as tx:
        chat = await tx.chat(talk.address) or Chat(
            talk.address, talk.kind, talk.title, talk.lang, joined_at=desk.clock()
        )
        if state is not None:
            chat = replace(chat, state=state, paused_until=paused_until)
        if lang is not None:
            chat = replace(chat, lang=lang)
        await tx.save_chat(chat)
