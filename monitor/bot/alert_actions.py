"""What a reader does with an alert: asks why, silences the story, says that it is wrong; and looks back with /latest.

Alerts themselves are composed and sent elsewhere (compose.py, deliver.py).
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from monitor.bot.access import may_change
from monitor.bot.chat_request import MAX_POPUP, Html, Request, bold, lines
from monitor.bot.context import BotContext
from monitor.bot.follow import shown, unknown
from monitor.bot.own_watch import wrong_of_own
from monitor.bot.story_lines import story_line
from monitor.bot.targets import watch_ids
from monitor.i18n import Translator
from monitor.notify.render import MUTE, WRONG, callback
from monitor.notify.why import why_note, why_text
from monitor.pipeline.complaining import complain, concerned, matches_of, reason_of
from monitor.store.transaction import Transaction
from monitor.stories.changes.differences import since
from monitor.types import (
    Alert,
    AlertKind,
    Button,
    ChatKind,
    Difference,
    ItemId,
    StoryId,
    StoryView,
    Target,
)

DONE = "done"  # a button that has done its work
UNMUTE = "unmute"
LATEST = 5
LATEST_WITHIN = timedelta(days=14)


async def why_command(context: BotContext, request: Request) -> None:
    """/why in reply to an alert."""
    alert = await _replied_to(context, request)
    if alert is None:
        await request.reply(request.gettext("Reply to an alert with /why, and I say why you got it."))
        return
    await _explain(context, request, alert)


async def why_button(context: BotContext, request: Request) -> None:
    """Vì sao? was pressed: the evidence as a reply; in a group or channel as a note to the one who asked."""
    alert = await _named(context, request)
    if alert is None:
        await request.popup(_forgotten(request.words), loud=True)
        return
    await _explain(context, request, alert)


async def _explain(context: BotContext, request: Request, alert: Alert) -> None:
    views = await context.store.read(_stories_of, alert)
    now = context.clock().astimezone(context.timezone)
    texts = [
        Html(
            why_text(
                view,
                concerned(row.watch_ids, view),
                request.lang,
                zone=context.timezone,
                now=now,
                changes=_changes(view),
            )
        )
        for row, view in views
        if view is not None
    ]
    if not texts:
        await request.tell(_forgotten(request.words))
        return
    if request.query_id and request.kind is not ChatKind.PRIVATE:
        # an answer would go to everybody because one was curious
        await request.popup(_note(views), loud=True)
        return
    await request.popup()
    await request.reply(
        texts[0] if len(texts) == 1 else lines(texts), to=request.message_id if request.query_id else request.reply_to
    )


def _forgotten(words: Translator) -> str:
    return words.gettext("I do not know this alert any more.") + " " + words.gettext("The newest stories: /latest")


def _stories_of(tx: Transaction, alert: Alert) -> list[tuple[Alert, StoryView | None]]:
    """The stories that an alert told of, each with its row: a digest took in several."""
    rows = tx.digest_alerts(alert.id) if alert.kind is AlertKind.DIGEST else [alert]
    return [(row, tx.story(row.story_id)) for row in rows if row.story_id is not None]


def _note(views: Sequence[tuple[Alert, StoryView | None]]) -> str:
    """Why, in a note of few characters; of a digest the names and words alone."""
    known = [(row, view) for row, view in views if view is not None]
    if len(known) == 1:
        [(row, view)] = known
        return why_note(view, concerned(row.watch_ids, view), MAX_POPUP)
    reasons = [reason_of(match) for row, view in known for match in matches_of(view, concerned(row.watch_ids, view))]
    return "\n".join(dict.fromkeys(reasons))


def _changes(view: StoryView) -> Mapping[ItemId, Sequence[Difference]]:
    return {item.id: since(item, view.versions[item.id]) for item in view.items if item.id in view.versions}


async def mute_command(context: BotContext, request: Request) -> None:
    """/mute in reply to an alert."""
    alert = await _replied_to(context, request)
    if alert is None or alert.story_id is None:
        await request.reply(request.gettext("Reply to an alert with /mute, and I say no more of its story."))
        return
    await context.store.write(Transaction.mute, alert.address, alert.story_id, now=context.clock())
    await request.reply(request.gettext("🔇 No more of this story. In reply to the alert, /unmute brings it back."))


async def unmute_command(context: BotContext, request: Request) -> None:
    """/unmute in reply to an alert."""
    alert = await _replied_to(context, request)
    if alert is None or alert.story_id is None:
        await request.reply(request.gettext("Reply to an alert with /unmute, and I tell of its story again."))
        return
    await context.store.write(Transaction.unmute, alert.address, alert.story_id)
    await request.reply(request.gettext("🔔 I tell of this story again."))


async def mute_button(context: BotContext, request: Request) -> None:
    """Tạm im chuyện này was pressed; the button then takes it back."""
    known = await _known_story(context, request)
    if known is None:
        return
    alert, story_id = known
    await context.store.write(Transaction.mute, alert.address, story_id, now=context.clock())
    await request.popup(request.words.gettext("🔇 No more of this story."))
    await _swap(request, MUTE, Button(request.words.gettext("Unmute this story"), callback(UNMUTE, alert.id)))


async def unmute_button(context: BotContext, request: Request) -> None:
    """Bật lại chuyện này was pressed; the button then mutes again."""
    known = await _known_story(context, request)
    if known is None:
        return
    alert, story_id = known
    await context.store.write(Transaction.unmute, alert.address, story_id)
    await request.popup(request.words.gettext("🔔 I tell of this story again."))
    await _swap(request, UNMUTE, Button(request.words.gettext("Mute this story"), callback(MUTE, alert.id)))


async def wrong_button(context: BotContext, request: Request) -> None:
    """Sai / không liên quan was pressed: kept with the evidence; the admins hear of each story once.

    Anybody's word counts once, and silences nothing. Where many read, they are counted and the alert stays as it is
    for all; only in a private chat the button says that it was pressed.
    """
    known = await _known_story(context, request)
    if known is None:
        return
    alert, story_id = known
    if await wrong_of_own(context, request, alert, may_mark=lambda: may_change(context, request)):
        return
    voices, is_new = await context.store.write(
        complain,
        alert.address,
        story_id,
        alert.watch_ids,
        request.user_id or 0,
        admins=context.admin_chats,
        now=context.clock(),
    )
    if request.kind is ChatKind.PRIVATE:
        await request.popup(request.words.gettext("Thank you. The editors will look at it."))
        await _swap(request, WRONG, Button(request.words.gettext("✔ Reported"), callback(DONE, alert.id)))
    elif is_new:
        await request.popup(request.words.gettext("Noted ({n}). The editors will look at it.", n=voices))
    else:
        await request.popup(request.words.gettext("You have said so already ({n}).", n=voices))


async def done_button(context: BotContext, request: Request) -> None:
    """A button that has done its work was pressed again."""
    await request.popup()


async def _known_story(context: BotContext, request: Request) -> tuple[Alert, StoryId] | None:
    """The alert whose button was pressed and its story; None, and the reader is told, when it is not known any more."""
    alert = await _named(context, request)
    if alert is None or alert.story_id is None:
        await request.popup(_forgotten(request.words), loud=True)
        return None
    return alert, alert.story_id


async def _named(context: BotContext, request: Request) -> Alert | None:
    """The alert whose id the button carries, if it went to this very chat: data of a press can be forged."""
    if not re.fullmatch(r"[0-9]{1,18}", request.argument):
        return None
    alert = await context.store.read(Transaction.alert, int(request.argument))
    return alert if alert is not None and alert.address.chat_id == request.address.chat_id else None


async def _replied_to(context: BotContext, request: Request) -> Alert | None:
    if request.reply_to is None:
        return None
    return await context.store.read(Transaction.alert_by_message, request.address, request.reply_to)


async def _swap(request: Request, action: str, other: Button) -> None:
    """Put another button in the place of the one that was pressed."""
    pressed = f"{action}:{request.argument}"
    keyboard = [[other if button.data == pressed else button for button in row] for row in request.buttons]
    if keyboard:
        await request.swap_buttons(keyboard)


# ---------------------------------------------------------------- looking back


async def latest(context: BotContext, request: Request) -> None:
    """/latest [TARGET]: the newest stories of what the chat follows, or of a target."""
    watchlist = context.watchlist_of(request.address)
    targets: Sequence[Target]
    if request.argument:
        found = await context.find(request.argument, request.address)
        if not found.hits:
            await request.reply(unknown(request, request.argument))
            return
        targets = found.hits if found.sure else found.hits[:1]
        heading = request.gettext("Latest on {name}:", name=bold(shown(request, targets[0], watchlist.named())))
    else:
        targets = await context.store.read(Transaction.following, request.address)
        if not targets:
            await request.reply(
                request.gettext("You follow nothing yet. Choose from /watchlist, or send: /follow Putin")
            )
            return
        heading = request.gettext("Latest on what you follow:")
    wanted = watch_ids(targets, watchlist)
    now = context.clock().astimezone(context.timezone)
    views: Sequence[StoryView] = ()
    if wanted:
        views = await context.store.read(Transaction.latest_stories, wanted, since=now - LATEST_WITHIN, limit=LATEST)
    if not views:
        await request.reply(request.gettext("Nothing in the last {n} days.", n=LATEST_WITHIN.days))
        return
    await request.reply(lines([heading, *(story_line(view, wanted, zone=context.timezone, now=now) for view in views)]))
