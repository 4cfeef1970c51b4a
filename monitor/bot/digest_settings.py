"""/digest and /quiet: at which hours news is told together, and when it waits.

What follows for the news that waits is pipeline/digest.py's. Buttons carry all that they do, so that a restart forgets
nothing and a press that Telegram repeats does the same again:
    dg:+:0700   one more hour        dg:-:0700   one less
    dg:off      news one by one      dg:now      what waits, at once      dg:show
    qt:2200-0630, qt:off, qt:show
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from monitor.bot.chat_request import Request, bold, lines, plain
from monitor.bot.clock_words import quiet_in, times_in
from monitor.bot.context import BotContext
from monitor.bot.targets import fold
from monitor.bot.wishes import change_preferences, chat_here, digest_now, zone_here
from monitor.types import Button, Chat, ChatState, Preferences

DIGEST, QUIET, SETTINGS = "dg", "qt", "st"
HOURS = ("06:00", "07:00", "08:00", "09:00", "11:30", "12:00", "17:00", "18:00", "19:00", "20:00", "21:00", "22:00")
NIGHTS = (("22:00", "06:00"), ("22:00", "07:00"), ("23:00", "06:00"), ("23:00", "07:00"), ("00:00", "06:00"))
MOST_HOURS = 12  # digests a day
A_ROW = 4  # hours in a row of buttons
_OFF = frozenset({"off", "tat", "bo", "khong", "none", "no"})
_NOW = frozenset({"now", "ngay", "bay gio", "luon"})
_HOUR = re.compile(r"([+-]):([01][0-9]|2[0-3])([0-5][0-9])")
_NIGHT = re.compile(r"([01][0-9]|2[0-3])([0-5][0-9])-([01][0-9]|2[0-3])([0-5][0-9])")


# ---------------------------------------------------------------- /digest


async def digest(context: BotContext, request: Request) -> None:
    """/digest 07:00 18:00, off, now; alone: what is set, with buttons."""
    asked = fold(request.argument)
    if not asked:
        await draw_digest(context, request, await chat_here(context, request))
    elif asked in _NOW:
        await request.reply(plain(await _told_now(context, request)))
    elif asked in _OFF:
        await draw_digest(context, request, await change_preferences(context, request, _without_hours))
    else:
        hours = times_in(request.argument)
        if hours is None or len(set(hours)) > MOST_HOURS:
            await request.reply(
                request.gettext("At which hours? For example: /digest 07:00 18:00, /digest off, /digest now.")
            )
            return
        chat = await change_preferences(context, request, lambda wishes: _with_hours(wishes, hours))
        await draw_digest(context, request, chat)


async def digest_button(context: BotContext, request: Request) -> None:
    """An hour, or a word of the page, was pressed."""
    hour = _HOUR.fullmatch(request.argument)
    if request.argument == "now":
        await request.popup(await _told_now(context, request), loud=True)
        return
    await request.popup()
    if request.argument == "off":
        chat = await change_preferences(context, request, _without_hours)
    elif hour is not None:
        sign, face = hour[1], f"{hour[2]}:{hour[3]}"
        chat = await change_preferences(context, request, lambda wishes: _toggled(wishes, sign, face))
    else:
        chat = await chat_here(context, request)
    await draw_digest(context, request, chat)


def _without_hours(wishes: Preferences) -> Preferences:
    return replace(wishes, digest_hours=())


def _with_hours(wishes: Preferences, hours: Sequence[str]) -> Preferences:
    return replace(wishes, digest_hours=tuple(sorted(set(hours))))


def _toggled(wishes: Preferences, sign: str, face: str) -> Preferences:
    others = set(wishes.digest_hours) - {face}
    more = sign == "+" and len(others) < MOST_HOURS
    return _with_hours(wishes, [*others, *([face] if more else [])])


async def _told_now(context: BotContext, request: Request) -> str:
    chat = await chat_here(context, request)
    if chat.state is ChatState.PAUSED:
        return request.words.gettext("Alerts are paused here: /resume brings them back.")
    number = await digest_now(context, request)
    if not number:
        return request.words.gettext("Nothing waits for a digest here.")
    return request.words.ngettext("{n} story comes now.", "{n} stories come now.", number)


async def draw_digest(context: BotContext, request: Request, chat: Chat) -> None:
    """The page of the digest hours."""
    wishes = chat.preferences
    text = [bold(request.gettext("🗞 Digests"))]
    if wishes.digest_hours:
        at = chat.gather_until.astimezone(zone_here(context, chat)) if chat.gather_until else None
        text.append(
            request.gettext(
                "News comes together at {hours} ({zone}).", hours=_listed(wishes), zone=_zone(context, chat)
            )
        )
        if at is not None and chat.state is ChatState.ACTIVE:
            text.append(request.gettext("The next digest: {at}.", at=f"{at:%H:%M %d/%m}"))
    else:
        text.append(request.gettext("News comes one by one, as it happens."))
    text.append(request.gettext("Press hours, or send for example: /digest 07:00 18:00"))
    shown = sorted({*HOURS, *wishes.digest_hours})
    buttons = [_hour_button(face, on=face in wishes.digest_hours) for face in shown]
    words = request.words
    keyboard: list[Sequence[Button]] = [buttons[at : at + A_ROW] for at in range(0, len(buttons), A_ROW)]
    if wishes.digest_hours or wishes.quiet:
        keyboard.append([Button(words.gettext("Digest now"), f"{DIGEST}:now")])
    if wishes.digest_hours:
        keyboard.append([Button(words.gettext("One by one"), f"{DIGEST}:off")])
    await request.redraw(lines(text), [*keyboard, back_to_settings(request)])


def _hour_button(face: str, *, on: bool) -> Button:
    sign, mark = ("-", "✅ ") if on else ("+", "")
    return Button(f"{mark}{face}", f"{DIGEST}:{sign}:{face.replace(':', '')}")


# ---------------------------------------------------------------- /quiet


async def quiet(context: BotContext, request: Request) -> None:
    """/quiet 22:00-06:30, off; alone: what is set, with buttons."""
    asked = fold(request.argument)
    if not asked:
        await draw_quiet(context, request, await chat_here(context, request))
        return
    hours = None if asked in _OFF else quiet_in(request.argument)
    if hours is None and asked not in _OFF:
        await request.reply(request.gettext("From when until when? For example: /quiet 22:00-06:30, or /quiet off."))
        return
    await draw_quiet(context, request, await _with_quiet(context, request, hours))


async def quiet_button(context: BotContext, request: Request) -> None:
    """A night, or a word of the page, was pressed."""
    await request.popup()
    night = _NIGHT.fullmatch(request.argument)
    if night is not None:
        hours = f"{night[1]}:{night[2]}", f"{night[3]}:{night[4]}"
        chat = await _with_quiet(context, request, hours if hours[0] != hours[1] else None)
    elif request.argument == "off":
        chat = await _with_quiet(context, request, None)
    else:
        chat = await chat_here(context, request)
    await draw_quiet(context, request, chat)


async def _with_quiet(context: BotContext, request: Request, hours: tuple[str, str] | None) -> Chat:
    return await change_preferences(context, request, lambda wishes: replace(wishes, quiet=hours))


async def draw_quiet(context: BotContext, request: Request, chat: Chat) -> None:
    """The page of the quiet hours."""
    set_to = chat.preferences.quiet
    text = [bold(request.gettext("🌙 Quiet hours"))]
    if set_to is not None:
        text.append(
            request.gettext(
                "From {begin} until {end} ({zone}) news waits, and then comes as one digest; what is urgent passes.",
                begin=set_to[0],
                end=set_to[1],
                zone=_zone(context, chat),
            )
        )
    else:
        text.append(request.gettext("There are none: news comes at night, too."))
    text.append(request.gettext("Press a night, or send for example: /quiet 22:00-06:30"))
    buttons = [
        _night_button(night, on=night == set_to) for night in dict.fromkeys((*NIGHTS, *([set_to] if set_to else ())))
    ]
    keyboard: list[Sequence[Button]] = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    if set_to is not None:
        keyboard.append([Button(request.words.gettext("No quiet hours"), f"{QUIET}:off")])
    await request.redraw(lines(text), [*keyboard, back_to_settings(request)])


def _night_button(night: tuple[str, str], *, on: bool) -> Button:
    data = "off" if on else "-".join(each.replace(":", "") for each in night)
    return Button(f"{'✅ ' if on else ''}{night[0]}–{night[1]}", f"{QUIET}:{data}")


# ---------------------------------------------------------------- shared


def back_to_settings(request: Request) -> Sequence[Button]:
    """The row that leads to all settings."""
    return [Button(request.words.gettext("⚙️ All settings"), f"{SETTINGS}:root")]


def _listed(wishes: Preferences) -> str:
    return ", ".join(wishes.digest_hours)


def _zone(context: BotContext, chat: Chat) -> str:
    return zone_here(context, chat).key
