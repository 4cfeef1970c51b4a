"""/stuck: what waits for a person, with a button to try each again and one to let it go. For admin chats alone.

The buttons name the rows, so that a press which Telegram repeats does the same again:
    stuck:WHAT:NAME        WHAT is again or drop; NAME is item:12, alert:7 or all
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from monitor.bot.chat_request import Html, Request, bold, lines, plain
from monitor.bot.context import BotContext
from monitor.bot.signatures import signed
from monitor.pipeline.stuck_desk import AGAIN, DROP, STUCK_NAME, end_stuck, ended_words, read_stuck
from monitor.types import AlertState, Button, ChangeAction, ParkedItem, StuckAlert

STUCK = "stuck"
MOST_BUTTONS = 8  # rows of two; the rest is reached by its name, or comes up when these are done
TITLE_CHARS = 120

_ORDER = re.compile(rf"({AGAIN}|{DROP})[\s:]+({STUCK_NAME.pattern})")


async def stuck(context: BotContext, request: Request) -> None:
    """/stuck; /stuck again item:12; /stuck drop all."""
    if not request.argument:
        await _draw(context, request)
        return
    order = _ORDER.fullmatch(request.argument.casefold())
    if order is None:
        await request.reply(request.gettext("Send /stuck, /stuck again item:12 or /stuck drop all."))
        return
    await request.reply(plain(await _carry_out(context, request, order[1], order[2])))


async def stuck_button(context: BotContext, request: Request) -> None:
    """Again or drop was pressed."""
    order = _ORDER.fullmatch(request.argument)
    if order is None:
        await request.popup()
        return
    await request.popup(await _carry_out(context, request, order[1], order[2]))
    await _draw(context, request)


async def _carry_out(context: BotContext, request: Request, what: str, name: str) -> str:
    again, by, now = what == AGAIN, signed(request, ChangeAction.STUCK), context.clock()
    ended = await context.store.write(end_stuck, name, again=again, by=by, now=now)
    return ended_words(request.words, ended, again=again)


async def _draw(context: BotContext, request: Request) -> None:
    found = await context.store.read(read_stuck, request.words, now=context.clock())
    parked, alerts = found.items, found.alerts
    if not parked and not alerts:
        await request.redraw(request.gettext("Nothing is stuck."))
        return
    text = [*_items(request, parked), *_alerts(request, alerts, found.places)]
    names = [f"item:{item.item_id}" for item in parked] + [f"alert:{alert.alert_id}" for alert in alerts]
    if len(names) > 1:
        names.insert(0, "all")
    keyboard = [
        [
            Button(f"{sign} {_label(request, name)}", f"{STUCK}:{what}:{name}")
            for what, sign in ((AGAIN, "🔁"), (DROP, "🗑"))
        ]
        for name in names[:MOST_BUTTONS]
    ]
    await request.redraw(lines(text), keyboard)


def _label(request: Request, name: str) -> str:
    return request.words.gettext("all") if name == "all" else name


def _items(request: Request, parked: Sequence[ParkedItem]) -> Iterator[Html]:
    if parked:
        yield bold(request.gettext("Parked: looked at three times, failed each time"))
    for item in parked:
        yield Html(f"• <code>item:{plain(item.item_id)}</code> {_title(item.title)} — {plain(item.why)}")


def _alerts(request: Request, alerts: Sequence[StuckAlert], chats: Mapping[int, str]) -> Iterator[Html]:
    parked = [alert for alert in alerts if alert.state is AlertState.PARKED]
    uncertain = [alert for alert in alerts if alert not in parked]
    if parked:
        yield bold(request.gettext("Alerts that could not be written, three times"))
        yield from (_alert(alert, chats) for alert in parked)
    if uncertain:
        yield bold(request.gettext("Uncertain: Telegram may or may not have taken it; again may bring a second copy"))
        yield from (_alert(alert, chats) for alert in uncertain)


def _alert(alert: StuckAlert, chats: Mapping[int, str]) -> Html:
    where = f"<code>alert:{alert.alert_id}</code> → {plain(chats[alert.chat_id])}"
    return Html(f"• {where} {_title(alert.title)} — {plain(alert.why)}")


def _title(title: str) -> Html:
    return plain(title if len(title) <= TITLE_CHARS else title[: TITLE_CHARS - 1] + "…")
