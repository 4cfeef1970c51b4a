"""What a reader does with an alert: asks why, silences the story, says that it is wrong; and looks back with /latest.

Alerts themselves are composed and sent elsewhere (compose.py, deliver.py).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from monitor.bot.chat_request import Html, Talk, bold, italic, lines, link
from monitor.bot.context import Desk
from monitor.bot.follow import shown, unknown
from monitor.bot.targets import watch_ids
from monitor.i18n import Translator
from monitor.notify.render import MUTE, WRONG, callback, clock_time, why_text
from monitor.pipeline.admin_notices import tell_admins
from monitor.stories.changes.differences import since
from monitor.types import Alert, AlertKind, Button, ChatKind, Difference, ItemId, Match, StoryView, Target, WatchId

DONE = "done"  # a button that has done its work
UNMUTE = "unmute"
LATEST = 5
LATEST_WITHIN = timedelta(days=14)


async def why_command(desk: Desk, talk: Talk) -> None:
    """/why in reply to an alert."""
    alert = await _replied_to(desk, talk)
    if alert is None:
        await talk.reply(talk.gettext("Reply to an alert with /why, and I say why you got it."))
        return
    await _explain(desk, talk, alert)


async def why_button(desk: Desk, talk: Talk) -> None:
    """Vì sao? was pressed: the evidence as a reply; in a channel as a note to the one who asked."""
    alert = await _named(desk, talk)
    if alert is None:
        await talk.popup(talk.words.gettext("I do not know this alert any more."), loud=True)
        return
    await _explain(desk, talk, alert)


async def _explain(desk: Desk, talk: Talk, alert: Alert) -> None:
    async with desk.store.read() as tx:
        rows = await tx.digest_alerts(alert.id) if alert.kind is AlertKind.DIGEST else [alert]
        views = [(row, await tx.story(row.story_id)) for row in rows if row.story_id is not None]
    now = desk.clock().astimezone(desk.timezone)
    texts = [
        Html(why_text(view, _concerned(row, view), talk.lang, zone=desk.timezone, now=now, changes=_changes(view)))
        for row, view in views
        if view is not None
    ]
    if not texts:
        await talk.tell(talk.words.gettext("I do not know this alert any more."))
        return
    if talk.query_id and talk.kind is ChatKind.CHANNEL:
        # an answer in the channel would go to every reader because one was curious
        reasons = [_reason(match) for row, view in views if view for match in _matches(view, _concerned(row, view))]
        await talk.popup("\n".join(dict.fromkeys(reasons)), loud=True)
        return
    await talk.popup()
    await talk.reply(
        texts[0] if len(texts) == 1 else lines(texts), to=talk.message_id if talk.query_id else talk.reply_to
    )


def _changes(view: StoryView) -> Mapping[ItemId, Sequence[Difference]]:
    return {item.id: since(item, view.versions[item.id]) for item in view.items if item.id in view.versions}


def _reason(match: Match) -> str:
    return f"{match.name}: “{match.evidence[0].text if match.evidence else match.by}”"


def _concerned(alert: Alert, view: StoryView) -> Collection[WatchId]:
    """Why this chat heard of it; a row without watches (the oldest ones) stands for all of the story's."""
    return alert.watch_ids or tuple({match.watch_id: None for each in view.matches.values() for match in each})


async def mute_command(desk: Desk, talk: Talk) -> None:
    """/mute in reply to an alert."""
    alert = await _replied_to(desk, talk)
    if alert is None or alert.story_id is None:
        await talk.reply(talk.gettext("Reply to an alert with /mute, and I say no more of its story."))
        return
    async with desk.store.begin() as tx:
        await tx.mute(alert.address, alert.story_id, now=desk.clock())
    await talk.reply(talk.gettext("🔇 No more of this story. In reply to the alert, /unmute brings it back."))


async def unmute_command(desk: Desk, talk: Talk) -> None:
    """/unmute in reply to an alert."""
    alert = await _replied_to(desk, talk)
    if alert is None or alert.story_id is None:
        await talk.reply(talk.gettext("Reply to an alert with /unmute, and I tell of its story again."))
        return
    async with desk.store.begin() as tx:
        await tx.unmute(alert.address, alert.story_id)
    await talk.reply(talk.gettext("🔔 I tell of this story again."))


async def mute_button(desk: Desk, talk: Talk) -> None:
    """Tạm im chuyện này was pressed; the button then takes it back."""
    alert = await _named(desk, talk)
    if alert is None or alert.story_id is None:
        await talk.popup(talk.words.gettext("I do not know this alert any more."), loud=True)
        return
    async with desk.store.begin() as tx:
        await tx.mute(alert.address, alert.story_id, now=desk.clock())
    await talk.popup(talk.words.gettext("🔇 No more of this story."))
    await _swap(talk, MUTE, Button(talk.words.gettext("Unmute this story"), callback(UNMUTE, alert.id)))


async def unmute_button(desk: Desk, talk: Talk) -> None:
    """Bật lại chuyện này was pressed; the button then mutes again."""
    alert = await _named(desk, talk)
    if alert is None or alert.story_id is None:
        await talk.popup(talk.words.gettext("I do not know this alert any more."), loud=True)
        return
    async with desk.store.begin() as tx:
        await tx.unmute(alert.address, alert.story_id)
    await talk.popup(talk.words.gettext("🔔 I tell of this story again."))
    await _swap(talk, UNMUTE, Button(talk.words.gettext("Mute this story"), callback(MUTE, alert.id)))


async def wrong_button(desk: Desk, talk: Talk) -> None:
    """Sai / không liên quan was pressed: kept with the evidence; the admins hear of each story once."""
    alert = await _named(desk, talk)
    if alert is None or alert.story_id is None:
        await talk.popup(talk.words.gettext("I do not know this alert any more."), loud=True)
        return
    async with desk.store.begin() as tx:
        view = await tx.story(alert.story_id)
        if view is not None:
            concerned = _concerned(alert, view)
            new = await tx.add_feedback(alert.address, alert.story_id, evidence_of(view, concerned), now=desk.clock())
            if new:
                await tell_admins(
                    tx,
                    desk.admin_chats,
                    lambda words: _complaint(words, view, concerned),
                    dedupe_key=f"feedback:{alert.story_id}",
                    now=desk.clock(),
                )
    await talk.popup(talk.words.gettext("Thank you. The editors will look at it."))
    await _swap(talk, WRONG, Button(talk.words.gettext("✔ Reported"), callback(DONE, alert.id)))


async def done_button(desk: Desk, talk: Talk) -> None:
    """A button that has done its work was pressed again."""
    await talk.popup()


def evidence_of(view: StoryView, concerned: Collection[WatchId]) -> list[Mapping[str, object]]:
    """The matches that led to an alert, as they are stored with a complaint: the item, the rule, the very words."""
    titles = {item.id: item for item in view.items}
    return [
        {
            "item": item_id,
            "title": titles[item_id].title,
            "outlet": titles[item_id].outlet,
            "url": titles[item_id].url,
            "watch": match.watch_id,
            "name": match.name,
            "rule": str(match.rule),
            "by": match.by,
            "score": match.score,
            "evidence": [asdict(each) for each in match.evidence],
        }
        for item_id, matches in view.matches.items()
        for match in matches
        if match.watch_id in concerned and item_id in titles
    ]


def _complaint(words: Translator, view: StoryView, concerned: Collection[WatchId]) -> str:
    reasons = "\n".join(dict.fromkeys(_reason(match) for match in _matches(view, concerned)))
    return words.gettext("👎 A reader says this alert is wrong: {title}", title=view.story.title) + f"\n{reasons}"


def _matches(view: StoryView, concerned: Collection[WatchId]) -> list[Match]:
    return [match for each in view.matches.values() for match in each if match.watch_id in concerned]


async def _named(desk: Desk, talk: Talk) -> Alert | None:
    """The alert whose id the button carries, if it went to this very chat: data of a press can be forged."""
    if not talk.argument.isdigit() or len(talk.argument) > 18:
        return None
    async with desk.store.read() as tx:
        alert = await tx.alert(int(talk.argument))
    return alert if alert is not None and alert.address.chat_id == talk.address.chat_id else None


async def _replied_to(desk: Desk, talk: Talk) -> Alert | None:
    if talk.reply_to is None:
        return None
    async with desk.store.read() as tx:
        return await tx.alert_by_message(talk.address, talk.reply_to)


async def _swap(talk: Talk, action: str, other: Button) -> None:
    """Put another button in the place of the one that was pressed."""
    pressed = f"{action}:{talk.argument}"
    keyboard = [[other if button.data == pressed else button for button in row] for row in talk.buttons]
    if keyboard:
        await talk.swap_buttons(keyboard)


# ---------------------------------------------------------------- looking back


async def latest(desk: Desk, talk: Talk) -> None:
    """/latest [TARGET]: the newest stories of what the chat follows, or of a target."""
    watchlist = desk.watchlist()
    targets: Sequence[Target]
    if talk.argument:
        found = (await desk.finder()).find(talk.argument)
        if not found.hits:
            await talk.reply(unknown(talk, talk.argument))
            return
        targets = found.hits if found.sure else found.hits[:1]
        heading = talk.gettext("Latest on {name}:", name=bold(shown(talk, targets[0], watchlist.named())))
    else:
        async with desk.store.read() as tx:
            targets = await tx.following(talk.address)
        if not targets:
            await talk.reply(talk.gettext("You follow nothing yet. Choose from /watchlist, or send: /follow Putin"))
            return
        heading = talk.gettext("Latest on what you follow:")
    wanted = watch_ids(targets, watchlist)
    now = desk.clock()
    async with desk.store.read() as tx:
        views = await tx.latest_stories(wanted, since=now - LATEST_WITHIN, limit=LATEST) if wanted else []
    if not views:
        await talk.reply(talk.gettext("Nothing in the last {n} days.", n=LATEST_WITHIN.days))
        return
    await talk.reply(lines([heading, *(_line(desk, view, set(wanted), now) for view in views)]))


def _line(desk: Desk, view: StoryView, wanted: Collection[WatchId], now: datetime) -> Html:
    names = list(dict.fromkeys(match.name for match in _matches(view, wanted)))[:2]
    first = view.items[0]
    outlets = list(dict.fromkeys(item.outlet for item in view.items))
    when = clock_time((first.at or view.story.opened_at).astimezone(desk.timezone), now)
    source = f"{outlets[0]}{f' +{len(outlets) - 1}' if len(outlets) > 1 else ''} · {when}"
    return Html(f"• {bold(', '.join(names))}: {link(first.title, first.url)} {italic(source)}")
