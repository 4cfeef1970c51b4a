"""All that the store knows of an alert which is about to be sent, read in one transaction.

Reads only. What is shown of it is card.py's, what is sent compose.py's.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.pipeline.dedupe_keys import corrects_reply
from monitor.pipeline.digest import SHORT_STORIES_A_PART, in_order
from monitor.pipeline.following import follows, may_see
from monitor.store.message_rows import MessageRead
from monitor.store.transaction import Transaction
from monitor.types import (
    AS_SHIPPED,
    Address,
    Alert,
    AlertKind,
    AlertState,
    Preferences,
    StoryId,
    StoryView,
    Target,
    Watch,
    WatchId,
)


@dataclass(frozen=True, slots=True)
class AlertRead:
    """What one reading of the store brought; no `views`: there is nothing to say any more."""

    lang: str
    targets: Collection[Target]
    preferences: Preferences = AS_SHIPPED
    views: Sequence[tuple[Alert, StoryView]] = ()
    first: Alert | None = None  # of an edit or reply: the message that it holds on to
    kept: Alert | None = None  # of an edit: another message of the chat, whose story turned out to be this one
    set_apart: tuple[tuple[str, str], ...] = ()  # titles and addresses of stories that it was taken for
    abstract: str = ""  # what a language model wrote of the story
    over: Alert | None = None  # the message that it replies to, of another story of its topic
    lines: Sequence[StoryView] = ()  # other stories that its message tells in a line each


def read_alert(tx: Transaction, alert: Alert, watches: Mapping[WatchId, Watch], *, shows_abstracts: bool) -> AlertRead:
    """Read everything that decides what `alert` shows, as it is at this moment."""
    row = tx.read_message(alert.id)
    read = AlertRead(row.lang or "vi", row.targets, row.preferences)
    if alert.kind in (AlertKind.NOTICE, AlertKind.ANSWER):
        return read
    if row.alert is not None:  # its story may have merged or split since it was claimed
        now = row.alert
        alert = replace(
            alert, story_id=now.story_id, dedupe_key=now.dedupe_key, watch_ids=now.watch_ids, under=now.under
        )
    read = replace(read, views=_views(tx, alert, row, watches))
    if alert.kind in (AlertKind.UPDATE, AlertKind.EDIT) and alert.story_id is not None:
        read = replace(read, first=_first_message(alert, _rows_in(tx, alert, alert.story_id)))
        read = _with_kin(tx, alert, read)
    read = _with_topic(tx, alert, read)
    if shows_abstracts and read.views and alert.kind in (AlertKind.ALERT, AlertKind.EDIT):
        read = replace(read, abstract=tx.latest_abstract(_story_of(read)))
    return read


def _views(
    tx: Transaction, alert: Alert, read: MessageRead, watches: Mapping[WatchId, Watch]
) -> list[tuple[Alert, StoryView]]:
    """The stories that the alert is about, with the row of each: one, or those that a digest took in."""
    rows = [alert]
    if alert.kind is AlertKind.DIGEST:
        rows = in_order(_with_lines(tx, read.taken_in))
        if alert.payload is None:  # written before digests had parts
            rows = rows[:SHORT_STORIES_A_PART]
    stories = tx.stories_now({row.story_id for row in rows if row.story_id is not None})
    views = []
    for row in rows:
        view = stories.get(row.story_id) if row.story_id is not None else None
        if view is None:
            continue  # swept
        if alert.kind is not AlertKind.EDIT:
            if is_lost(row, view):
                continue  # its story is told in another message of this chat
            if row.id in read.muted or not _is_wanted(row, read.targets, watches):
                continue  # muted or unfollowed since it was written
        views.append((row, view))
    return views


def _with_lines(tx: Transaction, rows: Sequence[Alert]) -> list[Alert]:
    """The rows that a digest took in, each with those that waited to be lines in its message."""
    lines = tx.lines_of([row.id for row in rows]) if rows else {}
    return [each for row in rows for each in (row, *lines.get(row.id, ()))]


def _with_topic(tx: Transaction, alert: Alert, read: AlertRead) -> AlertRead:
    """The message of another story that it replies to, and the stories that are lines in its own."""
    if not read.views or alert.kind is AlertKind.DIGEST:
        return read
    shown = read.first if alert.kind is AlertKind.EDIT else alert
    under = alert.under
    if under is None and alert.kind is AlertKind.UPDATE and read.first is not None and read.first.is_line:
        under = read.first.under
    if under is not None:
        read = replace(read, over=_message_of(tx, tx.alert(under)))
    elif alert.kind is AlertKind.UPDATE and read.first is not None:
        read = replace(read, over=_message_of(tx, read.first))
    lines = tx.lines_of([shown.id]).get(shown.id, []) if shown is not None else []
    if not lines:
        return read
    views = tx.stories_now({row.story_id for row in lines if row.story_id is not None})
    told = {_story_of(read)}
    kept: list[StoryView] = []
    for row in lines:
        view = views.get(row.story_id) if row.story_id is not None else None
        if view is not None and view.story.id not in told:  # several may have merged, or with the message's own
            told.add(view.story.id)
            kept.append(view)
    return replace(read, lines=kept)


def _message_of(tx: Transaction, row: Alert | None) -> Alert | None:
    """The row whose message tells of this one: itself, or the digest that took it in."""
    return tx.alert(row.digest_id) if row is not None and row.digest_id is not None else row


def _with_kin(tx: Transaction, alert: Alert, read: AlertRead) -> AlertRead:
    """What an edit or a reply must know of stories that its own was merged into or taken apart from."""
    if not read.views:
        return read
    if alert.kind is AlertKind.EDIT and is_lost(*read.views[0]):
        kept = _of_chat(alert.address, _rows_in(tx, alert, _story_of(read)))
        return replace(read, kept=kept, views=read.views if kept is not None else ())
    for kin in tx.split_kin(_story_of(read)):
        told = _of_chat(alert.address, _rows_in(tx, alert, kin))
        if told is None:
            continue
        if alert.kind is AlertKind.UPDATE and told.message_id is not None:
            if read.first is None or read.first.message_id is None:
                read = replace(read, first=told)  # a reply to what they read
        elif told.state is AlertState.SENT and told.message_id is None:
            other = tx.story(kin)
            opening = [(item.title, item.url) for item in (other.items[:1] if other else ())]
            read = replace(read, set_apart=(*read.set_apart, *opening))
    return read


def _is_wanted(alert: Alert, targets: Collection[Target], watches: Mapping[WatchId, Watch]) -> bool:
    seen = [watch_id for watch_id in alert.watch_ids if may_see(watch_id, targets)]
    if alert.watch_ids and not seen:
        return False  # this chat's own watch, which was ended meanwhile
    known = [watches[watch_id] for watch_id in seen if watch_id in watches]
    return not known or any(follows(watch, targets) for watch in known)


def is_lost(row: Alert, view: StoryView) -> bool:
    """Whether the story of a row was merged into one that this chat has an earlier row of."""
    return row.story_id is not None and row.story_id != view.story.id


def _story_of(read: AlertRead) -> StoryId:
    return read.views[0][1].story.id


def _rows_in(tx: Transaction, alert: Alert, story_id: StoryId) -> list[Alert]:
    """The rows of a story in the chat of an alert; of all chats there may be a hundred thousand."""
    return tx.alerts_of_story(story_id, chats=[alert.address.chat_id])


def _of_chat(address: Address, rows: Collection[Alert]) -> Alert | None:
    return next((row for row in rows if row.address == address and row.kind is AlertKind.ALERT), None)


def _first_message(alert: Alert, rows: Collection[Alert]) -> Alert | None:
    """What an edit or reply holds on to: the story's first message, or the reply that is corrected."""
    mine = [row for row in rows if row.address == alert.address]
    if corrects_reply(alert):
        return next((row for row in mine if row.kind is AlertKind.UPDATE and row.item_id == alert.item_id), None)
    return _of_chat(alert.address, mine)
