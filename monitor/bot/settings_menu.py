"""/settings: all that a chat can set, as one message with buttons that edits itself.

Hours are digest_settings.py's, newspapers outlet_settings.py's. The buttons carry what they do and no more, so that a
restart forgets nothing and a press that Telegram repeats does the same again: st:PAGE shows, st:WHAT:VALUE sets.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from monitor.bot.chat_request import Html, Keyboard, Request, bold, lines
from monitor.bot.clock_words import zone_called
from monitor.bot.context import BotContext
from monitor.bot.digest_settings import SETTINGS, back_to_settings, draw_digest, draw_quiet
from monitor.bot.outlet_settings import draw_muted, draw_preferred
from monitor.bot.targets import fold
from monitor.bot.web_logins import LOGINS, draw_logins, end_logins, logins_button
from monitor.bot.wishes import change_language, change_preferences, chat_here, end_pause, pause_until, zone_here
from monitor.i18n import Translator, translatable
from monitor.pipeline.gathering import zone_named
from monitor.types import Button, Chat, ChatState, Preferences

LEAST = (1, 2, 3, 5)  # newspapers that must tell a story
PAUSES = {"1h": timedelta(hours=1), "3h": timedelta(hours=3), "8h": timedelta(hours=8), "1d": timedelta(days=1)}
ZONES = (
    "Asia/Ho_Chi_Minh",
    "Asia/Tokyo",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Australia/Sydney",
    "Europe/Moscow",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/London",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
)
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
_ZONE_WORDS = ("zone", "timezone", "time zone", "mui gio")
_SWITCHES = {  # in the buttons -> what is switched, how it is called
    "upd": ("updates", translatable("↪️ Developments as replies")),
    "pic": ("picture_of_day", translatable("🖼 Picture of the day on digests")),
    "rep": ("weekly_report", translatable("📊 Weekly report, Mondays")),
    "spk": ("spikes", translatable("📈 Told of unusual numbers")),
}


async def settings(context: BotContext, request: Request) -> None:
    """/settings; /settings zone Europe/Paris sets the zone by its name."""
    asked = fold(request.argument)
    word = next((word for word in _ZONE_WORDS if asked == word or asked.startswith(f"{word} ")), None)
    if word is None:
        await _draw_root(context, request, await chat_here(context, request))
        return
    name = zone_called(_behind(request.argument, word))
    if name is None:
        await request.reply(
            request.gettext("Which time zone? For example: /settings zone Europe/Paris, or /settings zone Tokyo.")
        )
        return
    chat = await change_preferences(context, request, lambda wishes: replace(wishes, zone=name))
    await _draw_root(context, request, chat)


def _behind(argument: str, word: str) -> str:
    """What stands behind the word or two that say what is set."""
    return " ".join(argument.split()[len(word.split()) :])


async def settings_button(context: BotContext, request: Request) -> None:
    """A page was asked for, or something was set."""
    page, _, value = request.argument.partition(":")
    await request.popup()
    draw = _PAGES.get(page)
    if draw is not None and not value:
        await draw(context, request, await chat_here(context, request))
    else:
        await _set(context, request, page, value)


async def _set(context: BotContext, request: Request, page: str, value: str) -> None:
    """Set what the button says, and show the settings as they are then; what is no button of ours sets nothing."""
    if page == "lang" and value in LANGUAGES:
        await _draw_root(context, request.speaking(value), await change_language(context, request, value))
        return
    if page == LOGINS and value == "end":
        await end_logins(context, request)
        await draw_logins(context, request, await chat_here(context, request))
        return
    change = _change(page, value)
    if change is not None:
        chat = await change_preferences(context, request, change)
    elif page == "pause" and value in PAUSES:
        await pause_until(context, request, context.clock() + PAUSES[value])
        chat = await chat_here(context, request)
    elif page == "pause" and value == "open":
        await pause_until(context, request, None)
        chat = await chat_here(context, request)
    elif page == "pause" and value == "end":
        await end_pause(context, request)
        chat = await chat_here(context, request)
    else:
        chat = await chat_here(context, request)
    await _draw_root(context, request, chat)


def _change(page: str, value: str) -> Callable[[Preferences], Preferences] | None:
    """What a button changes of the preferences; None: it is none that does."""
    if page in _SWITCHES and value in ("0", "1"):
        field, _name = _SWITCHES[page]
        switched: dict[str, Any] = {field: value == "1"}
        return lambda wishes: replace(wishes, **switched)
    if page == "least" and value in map(str, LEAST):
        return lambda wishes: replace(wishes, least_outlets=int(value))
    if page == "zone" and (value == "-" or zone_named(value) is not None):
        return lambda wishes: replace(wishes, zone="" if value == "-" else value)
    return None


# ---------------------------------------------------------------- pages


def _least_label(words: Translator, least: int) -> str:
    if least == 1:
        return words.gettext("📰 Rings at the first newspaper")
    return words.gettext("📰 Rings from {n} newspapers on", n=least)


async def _draw_root(context: BotContext, request: Request, chat: Chat) -> None:
    words, wishes = request.words, chat.preferences
    other = "en" if chat.lang == "vi" else "vi"
    hours = ", ".join(wishes.digest_hours) or words.gettext("one by one")
    night = "–".join(wishes.quiet) if wishes.quiet else words.gettext("none")
    rows = [
        Button(f"🌐 {LANGUAGES.get(chat.lang, chat.lang)}", f"{SETTINGS}:lang:{other}"),
        Button(words.gettext("🗞 Digests: {hours}", hours=hours), f"{SETTINGS}:digest"),
        Button(words.gettext("🌙 Quiet hours: {hours}", hours=night), f"{SETTINGS}:quiet"),
        Button(_pause_label(context, words, chat), f"{SETTINGS}:pause"),
        Button(_least_label(words, wishes.least_outlets), f"{SETTINGS}:least"),
        Button(words.gettext("🔇 Muted newspapers: {n}", n=len(wishes.muted_outlets)), f"{SETTINGS}:muted"),
        Button(words.gettext("⭐ Shown first: {n}", n=len(wishes.preferred_outlets)), f"{SETTINGS}:first"),
        Button(words.gettext("🕒 Time zone: {zone}", zone=zone_here(context, chat).key), f"{SETTINGS}:zone"),
    ]
    if context.running.page():
        rows.append(await logins_button(context, request))
    switches = [_switch(words, data, wishes) for data in _SWITCHES]
    text = [bold(request.gettext("⚙️ Settings of this chat")), request.gettext("Press what you would like to change.")]
    await request.redraw(lines(text), [[row] for row in (*rows, *switches)])


def _switch(words: Translator, data: str, wishes: Preferences) -> Button:
    field, name = _SWITCHES[data]
    is_on = bool(getattr(wishes, field))
    return Button(f"{'✅' if is_on else '⬜'} {words.gettext(name)}", f"{SETTINGS}:{data}:{0 if is_on else 1}")


def _pause_label(context: BotContext, words: Translator, chat: Chat) -> str:
    if chat.state is not ChatState.PAUSED:
        return words.gettext("⏸ Pause: none")
    if chat.paused_until is None:
        return words.gettext("⏸ Paused until /resume")
    at = chat.paused_until.astimezone(zone_here(context, chat))
    return words.gettext("⏸ Paused until {at}", at=f"{at:%H:%M %d/%m}")


async def _draw_pause(context: BotContext, request: Request, chat: Chat) -> None:
    words = request.words
    if chat.state is ChatState.PAUSED:
        keyboard = [[Button(words.gettext("▶️ Alerts again"), f"{SETTINGS}:pause:end")]]
    else:
        lengths = [
            (words.gettext("1 hour"), "1h"),
            (words.gettext("3 hours"), "3h"),
            (words.gettext("8 hours"), "8h"),
            (words.gettext("1 day"), "1d"),
            (words.gettext("Until /resume"), "open"),
        ]
        keyboard = [[Button(name, f"{SETTINGS}:pause:{value}")] for name, value in lengths]
    title = request.gettext("⏸ Silence for a while; what is missed then comes as one digest.")
    await _page(request, title, keyboard)


async def _draw_least(context: BotContext, request: Request, chat: Chat) -> None:
    mine = chat.preferences.least_outlets
    row = [Button(f"✅ {n}" if n == mine else str(n), f"{SETTINGS}:least:{n}") for n in LEAST]
    title = request.gettext("📰 How many newspapers must tell a story before it rings here?")
    await _page(request, title, [row])


async def _draw_zone(context: BotContext, request: Request, chat: Chat) -> None:
    mine = zone_here(context, chat).key
    shown = list(dict.fromkeys((context.timezone.key, *ZONES, mine)))
    buttons = [_zone_button(name, context.timezone.key, on=name == mine) for name in shown]
    text = [
        request.gettext("🕒 In which time zone are hours meant here?"),
        request.gettext("Others by name, for example: /settings zone Europe/Paris"),
    ]
    await _page(request, lines(text), [buttons[at : at + 2] for at in range(0, len(buttons), 2)])


def _zone_button(name: str, default: str, *, on: bool) -> Button:
    value = "-" if name == default else name
    return Button(f"{'✅ ' if on else ''}{name}", f"{SETTINGS}:zone:{value}")


async def _page(request: Request, text: Html, keyboard: Sequence[Sequence[Button]]) -> None:
    whole: Keyboard = [*keyboard, back_to_settings(request)]
    await request.redraw(text, whole)


_PAGES = {
    "root": _draw_root,
    "digest": draw_digest,
    "quiet": draw_quiet,
    "pause": _draw_pause,
    "least": _draw_least,
    "muted": draw_muted,
    "first": draw_preferred,
    "zone": _draw_zone,
    LOGINS: draw_logins,
}
