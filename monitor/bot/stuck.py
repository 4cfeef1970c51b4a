"""/stuck: what waits for a person, with a button to try each again and one to let it go. For admin chats alone.

The buttons name the rows, so that a press which Telegram repeats does the same again:
    stuck:WHAT:NAME        WHAT is again or drop; NAME is item:12, alert:7 or all
"""

import re
from collections.abc import Iterator

from monitor.bot.access import is_operator
from monitor.bot.chat_request import Html, Talk, bold, lines, plain
from monitor.bot.context import Desk
from monitor.ports import ParkedItem, UncertainAlert
from monitor.types import Button

STUCK = "stuck"
AGAIN, DROP = "again", "drop"
MOST_BUTTONS = 8  # rows of two; the rest is reached by its name, or comes up when these are done
TITLE_CHARS = 120

_ORDER = re.compile(rf"({AGAIN}|{DROP})[\s:]+(item:\d{{1,18}}|alert:\d{{1,18}}|all)")


async def stuck(desk: Desk, talk: Talk) -> None:
    """/stuck; /stuck again item:12; /stuck drop all."""
    if not talk.argument:
        await _draw(desk, talk)
        return
    order = _ORDER.fullmatch(talk.argument.casefold())
    if order is None:
        await talk.reply(talk.gettext("Send /stuck, /stuck again item:12 or /stuck drop all."))
        return
    await talk.reply(plain(await _carry_out(desk, talk, order[1], order[2])))


async def stuck_button(desk: Desk, talk: Talk) -> None:
    """Again or drop was pressed."""
    order = _ORDER.fullmatch(talk.argument)
    if order is None or not is_operator(desk, talk):
        await talk.popup()
        return
    await talk.popup(await _carry_out(desk, talk, order[1], order[2]))
    await _draw(desk, talk)


async def _carry_out(desk: Desk, talk: Talk, what: str, name: str) -> str:
    async with desk.store.begin() as tx:
        ended = await tx.end_stuck(name, again=what == AGAIN, now=desk.clock())
    if what == AGAIN:
        return talk.words.ngettext("{n} is tried again.", "{n} are tried again.", ended)
    return talk.words.ngettext("{n} is dropped.", "{n} are dropped.", ended)


async def _draw(desk: Desk, talk: Talk) -> None:
    async with desk.store.read() as tx:
        parked, uncertain = await tx.parked_items(), await tx.uncertain_alerts()
    if not parked and not uncertain:
        await talk.redraw(talk.gettext("Nothing is stuck."))
        return
    text = [*_items(talk, parked), *_alerts(talk, uncertain)]
    names = [f"item:{item.item_id}" for item in parked] + [f"alert:{alert.alert_id}" for alert in uncertain]
    if len(names) > 1:
        names.insert(0, "all")
    keyboard = [
        [
            Button(f"{sign} {_label(talk, name)}", f"{STUCK}:{what}:{name}")
            for what, sign in ((AGAIN, "🔁"), (DROP, "🗑"))
        ]
        for name in names[:MOST_BUTTONS]
    ]
    await talk.redraw(lines(text), keyboard)


def _label(talk: Talk, name: str) -> str:
    return talk.words.gettext("all") if name == "all" else name


def _items(talk: Talk, parked: list[ParkedItem]) -> Iterator[Html]:
    if parked:
        yield bold(talk.gettext("Parked: looked at three times, failed each time"))
    for item in parked:
        yield Html(f"• <code>item:{plain(item.item_id)}</code> {_title(item.title)} — {plain(item.why)}")


def _alerts(talk: Talk, uncertain: list[UncertainAlert]) -> Iterator[Html]:
    if uncertain:
        yield bold(talk.gettext("Uncertain: Telegram may or may not have taken it; again may bring a second copy"))
    for alert in uncertain:
        yield Html(
            f"• <code>alert:{alert.alert_id}</code> → <code>{alert.chat_id}</code> {_title(alert.title)}"
            f" — {plain(alert.why)}"
        )


def _title(title: str) -> Html:
    return plain(title if len(title) <= TITLE_CHARS else title[: TITLE_CHARS - 1] + "…")
