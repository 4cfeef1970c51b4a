"""/feedback: open complaints one by one, with what led to the alert; a line for the watch is proposed by a button.

What is proposed is shown, tried and written as an edit is (edit_watch.py). Buttons:
    fb:at:PAGE                  another complaint
    fb:learn:STORY:N            what to change in the N-th watch that rang
    fb:done:STORY:PAGE  fb:refuse:STORY:PAGE
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from monitor.bot.chat_request import Html, Request, bold, lines, link, plain
from monitor.bot.context import BotContext
from monitor.bot.edit_watch import offer
from monitor.bot.edit_words import refused_lines
from monitor.bot.local_time import when
from monitor.bot.paging import page_number, turns
from monitor.bot.signatures import signed
from monitor.i18n import Translator
from monitor.notify.html import cut
from monitor.pipeline.admin_notices import place_words
from monitor.pipeline.watch_desk import EditRefused
from monitor.store.complaint_rows import Complaint
from monitor.store.transaction import Transaction
from monitor.types import Button, ChangeAction, ItemId, StoryId, WatchId

COMPLAINT = "fb"
MOST_ROWS = 5  # of evidence
MOST_PLACES = 3  # chats that are named
MOST_WATCHES = 3  # that a line may be proposed for
TITLE_UNITS = 300
NAME_UNITS = 40  # of a button

_ORDER = re.compile(r"(learn|done|refuse):([0-9]{1,18}):([0-9]{1,4})")


async def feedback(context: BotContext, request: Request) -> None:
    """/feedback: the newest open complaint."""
    await _draw(context, request, 0)


async def complaint_button(context: BotContext, request: Request) -> None:
    """A page was turned, a line asked for, or a complaint ended."""
    order = _ORDER.fullmatch(request.argument)
    if order is None:
        await request.popup()
        await _draw(context, request, page_number(request.argument.removeprefix("at:")))
    elif order[1] == "learn":
        await _learn(context, request, StoryId(order[2]), int(order[3]))
    else:
        await _close(context, request, StoryId(order[2]), "refused" if order[1] == "refuse" else "done")
        await _draw(context, request, page_number(order[3]))


async def _draw(context: BotContext, request: Request, page: int) -> None:
    found, places = await context.store.read(_open_with_places, request.words)
    if not found:
        await request.redraw(request.gettext("No complaints."))
        return
    page = min(page, len(found) - 1)
    one = found[page]
    watches = _watches(one)
    keyboard = [
        [
            Button(
                cut(request.words.gettext("✍️ Propose a line: {watch}", watch=name), NAME_UNITS),
                f"{COMPLAINT}:learn:{one.story_id}:{number}",
            )
        ]
        for number, name in enumerate(watches.values())
    ]
    ended = [
        Button(request.words.gettext("✅ Done"), f"{COMPLAINT}:done:{one.story_id}:{page}"),
        Button(request.words.gettext("🚫 The alert was right"), f"{COMPLAINT}:refuse:{one.story_id}:{page}"),
    ]
    pages = turns(page, len(found), lambda to: f"{COMPLAINT}:at:{to}")
    await request.redraw(lines(_shown(context, request, one, places[page])), [*keyboard, ended, pages])


def _open_with_places(tx: Transaction, words: Translator) -> tuple[list[Complaint], list[list[str]]]:
    """The open complaints, each with how its chats are called and how many of each say so."""
    found = tx.open_complaints()
    places = [
        [f"{place_words(words, tx, place)}{f' · 👎 {voices}' if voices > 1 else ''}" for place, voices in each.said_in]
        for each in found
    ]
    return found, places


def _watches(complaint: Complaint) -> Mapping[WatchId, str]:
    """The watches that rang, with their names; the most certain first, as they were stored."""
    named = {WatchId(str(row.get("watch"))): str(row.get("name")) for row in complaint.evidence if row.get("watch")}
    return dict(list(named.items())[:MOST_WATCHES])


def _shown(context: BotContext, request: Request, complaint: Complaint, places: Sequence[str]) -> Iterator[Html]:
    rows = complaint.evidence
    url = str(rows[0].get("url", "")) if rows else ""
    yield Html(f"👎 {when(context, request, complaint.at)} {link(cut(complaint.title, TITLE_UNITS), url)}")
    yield from (Html(f"   {plain(place)}") for place in places[:MOST_PLACES])
    if len(places) > MOST_PLACES:
        yield request.ngettext("from {n} chat", "from {n} chats", len(places))
    for row in rows[:MOST_ROWS]:
        reason = f"{row.get('rule')}: {row.get('by')}"
        yield Html(f"   {bold(row.get('name'))} ({plain(reason)}) “{plain(' / '.join(_spans(row)))}”")
        if row.get("title") and row.get("title") != complaint.title:
            yield Html(f"      {link(cut(str(row['title']), TITLE_UNITS), str(row.get('url', '')))}")


def _spans(row: Mapping[str, Any]) -> list[str]:
    hits = row.get("evidence")
    return [str(hit.get("text")) for hit in hits if isinstance(hit, Mapping)] if isinstance(hits, (list, tuple)) else []


async def _learn(context: BotContext, request: Request, story_id: StoryId, number: int) -> None:
    """Propose a line for a watch, by what is complained of in all open complaints about it."""

    def read(tx: Transaction) -> tuple[Complaint | None, list[Complaint]]:
        return tx.complaint(story_id), tx.open_complaints()

    complaint, others = await context.store.read(read)
    watches = list(_watches(complaint)) if complaint is not None else []
    desk = context.desk
    if complaint is None or number >= len(watches) or desk is None:
        await request.popup(request.words.gettext("This was answered already, or forgotten."), loud=True)
        return
    await request.popup(request.words.gettext("Looking for a line; that takes some seconds…"))
    watch_id = watches[number]
    wrong = {
        ItemId(str(row["item"])): None
        for each in (complaint, *others)
        for row in each.evidence
        if row.get("watch") == watch_id and "item" in row
    }
    proposal = await desk.learn(watch_id, list(wrong))
    if isinstance(proposal, EditRefused):
        await request.reply(Html(f"{bold(watch_id)}: {lines(refused_lines(request, proposal))}"))
    else:
        await offer(context, request, proposal)


async def _close(context: BotContext, request: Request, story_id: StoryId, how: str) -> None:
    now = context.clock()

    def close(tx: Transaction) -> None:
        complaint = tx.complaint(story_id)
        if complaint is not None and tx.close_complaint(story_id, now=now):
            tx.add_change(signed(request, ChangeAction.FEEDBACK, complaint.title, after=how), now=now)

    await context.store.write(close)
    await request.popup()
