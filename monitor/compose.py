"""An alert's row and its story -> the message a reader should see now.

Reads the store, decides no outcome and writes nothing: deliver.py sends and settles.
"""

import asyncio
import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from monitor.detect import follows
from monitor.notify.render import alert_message, digest_message, notice_message
from monitor.ports import Store, Transaction
from monitor.stories.summary import summarise
from monitor.types import (
    Address,
    Alert,
    AlertKind,
    Card,
    Item,
    ItemId,
    Match,
    Message,
    Sentence,
    StoryView,
    Target,
    Watch,
    WatchId,
)

_FIELDS = ("title", "summary", "body")
DIGEST_STORIES = 33  # one more than a digest shows, so that it can say that there are more
MAX_DOCS = 12  # newest articles of a story beside its face: a summary of three sentences needs no more
SUMMARY_SENTENCES = 3
SUMMARY_CHARS = 700  # a phone's screen, with title and buttons


@dataclass(frozen=True, slots=True)
class Composed:
    """A message; `digest` hashes what a reader would see and `shown` what he sees: equal ones need no sending."""

    message: Message
    digest: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    """What one reading of the store brought."""

    lang: str
    targets: Collection[Target]
    views: Sequence[tuple[Alert, StoryView]]
    first: Alert | None


class Composer:
    """Composes messages with the watchlist as it is at that moment."""

    def __init__(self, store: Store, *, watches: Callable[[], Mapping[WatchId, Watch]], zone: ZoneInfo) -> None:
        self._store = store
        self._watches = watches
        self._zone = zone

    async def compose(self, alert: Alert, *, now: datetime) -> Composed | None:
        """What to send for this row; None when there is nothing to say.

        That is so when the story was swept, or an edit or reply has no first message to hold on to.
        """
        read = await self._read(alert)
        local = now.astimezone(self._zone)
        address, lang = alert.address, read.lang
        if alert.kind is AlertKind.NOTICE:
            return _composed(notice_message(alert.text, address, lang=lang))
        brief = alert.kind is AlertKind.DIGEST  # a line a story: no summaries
        cards = await asyncio.to_thread(
            lambda: [self._card(each, view, read.targets, brief=brief) for each, view in read.views]
        )
        if not cards:
            return None
        first = read.first
        match alert.kind:
            case AlertKind.ALERT:
                return _composed(alert_message(cards[0], address, lang=lang, alert_id=alert.id, now=local))
            case AlertKind.DIGEST:
                return _composed(digest_message(cards, address, lang=lang, now=local))
            case AlertKind.UPDATE:
                # without a first message to reply to (uncertain, or its group moved) the news is told all the same
                reply_to = first.message_id if first else None
                return _composed(
                    alert_message(cards[0], address, lang=lang, alert_id=alert.id, reply_to=reply_to, now=local)
                )
            case AlertKind.EDIT:
                if first is None or first.message_id is None:
                    return None
                edit = alert_message(cards[0], address, lang=lang, alert_id=first.id, edits=first.message_id, now=local)
                # before its first edit the message still shows what the alert showed
                return _composed(edit, shown=alert.sent_digest or first.sent_digest)
            case _:
                assert_never(alert.kind)

    async def _read(self, alert: Alert) -> _Read:
        async with self._store.read() as tx:
            chat = await tx.chat(alert.address)
            targets = await tx.following(alert.address)
            rows = await tx.digest_alerts(alert.id) if alert.kind is AlertKind.DIGEST else [alert]
            views = []
            for row in rows[:DIGEST_STORIES]:
                view = await tx.story(row.story_id) if row.story_id is not None else None
                if view is None or not view.items:
                    continue
                if alert.kind is not AlertKind.EDIT and not await self._is_wanted(tx, row, targets):
                    continue  # muted or unfollowed since it was written
                views.append((row, view))
            first = None
            if alert.story_id is not None and alert.kind in (AlertKind.UPDATE, AlertKind.EDIT):
                first = _first_message(alert.address, await tx.alerts_of_story(alert.story_id))
        return _Read(chat.lang if chat else "vi", targets, views, first)

    async def _is_wanted(self, tx: Transaction, alert: Alert, targets: Collection[Target]) -> bool:
        if alert.story_id is not None and alert.address in await tx.muted(alert.story_id):
            return False
        watches = self._watches()
        known = [watches[watch_id] for watch_id in alert.watch_ids if watch_id in watches]
        return not known or any(follows(watch, targets) for watch in known)

    def _card(self, alert: Alert, view: StoryView, targets: Collection[Target], *, brief: bool) -> Card:
        watches = self._watches()
        wanted = set(alert.watch_ids) | {
            match.watch_id
            for matches in view.matches.values()
            for match in matches
            if match.watch_id in watches and follows(watches[match.watch_id], targets)
        }
        told_by = alert.item_id if alert.kind is AlertKind.UPDATE else None
        return card_of(view, wanted, zone=self._zone, told_by=told_by, brief=brief)


def card_of(
    view: StoryView, wanted: Collection[WatchId], *, zone: ZoneInfo, told_by: ItemId | None = None, brief: bool = False
) -> Card:
    """What an alert shows of a story to a reader of the watches `wanted`.

    Its face is the first item that names one of them (of a development: the item `told_by`). `brief`: no summary.
    """
    naming = [item for item in view.items if any(m.watch_id in wanted for m in view.matches.get(item.id, ()))]
    face = next((item for item in view.items if item.id == told_by), None) or (naming or list(view.items))[0]
    about = [match for match in view.matches.get(face.id, ()) if match.watch_id in wanted]
    docs = [face] if told_by is not None else [face, *(item for item in view.items if item.id != face.id)]
    docs = [docs[0], *docs[1:][-MAX_DOCS:]]
    sentences = (
        () if brief else summarise(docs, sentences=SUMMARY_SENTENCES, chars=SUMMARY_CHARS, about=about, opening="first")
    )
    summary, bold = _joined(sentences, {item.id: view.matches.get(item.id, ()) for item in docs}, wanted)
    at = face.at
    if at is None:
        raise ValueError(f"item {face.id} has no time")
    others = list(dict.fromkeys(item.outlet for item in view.items if item.outlet and item.outlet != face.outlet))
    return Card(
        names=_names(view, face, wanted),
        title=face.title,
        url=face.url,
        summary=summary,
        outlet=face.outlet,
        at=at.astimezone(zone),
        others=() if told_by is not None else tuple(others),
        bold=bold,
        development=view.reasons.get(face.id, "") if told_by is not None else "",
    )


def _names(view: StoryView, face: Item, wanted: Collection[WatchId]) -> tuple[str, ...]:
    """The watched names: first leaders, then events, each as a reader meets them; those of the face first."""
    places: dict[str, tuple[bool, bool, int, int]] = {}
    for item in view.items:
        for match in view.matches.get(item.id, ()):
            if match.watch_id in wanted:
                where = min(((_FIELDS.index(each.field), each.start) for each in match.evidence), default=(9, 0))
                place = (match.kind == "event", item.id != face.id, *where)
                places[match.name] = min(place, places.get(match.name, place))
    return tuple(sorted(places, key=lambda name: places[name]))


def _joined(
    sentences: Sequence[Sentence], matches: Mapping[ItemId, Sequence[Match]], wanted: Collection[WatchId]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The sentences as one text, with the spans of the watched names in it."""
    text, bold = "", []
    for sentence in sentences:
        text += " " if text else ""
        shift = len(text) - sentence.start
        for match in matches.get(sentence.doc, ()):
            if match.watch_id in wanted and match.kind == "leader":
                bold += [
                    (each.start + shift, each.end + shift)
                    for each in match.evidence
                    if each.field == sentence.field and sentence.start <= each.start and each.end <= sentence.end
                ]
        text += sentence.text
    return text, tuple(sorted(set(bold)))


def _first_message(address: Address, rows: Collection[Alert]) -> Alert | None:
    return next((row for row in rows if row.address == address and row.kind is AlertKind.ALERT), None)


def _composed(message: Message, shown: str = "") -> Composed:
    digest = hashlib.sha256(f"{message.html}\n{message.buttons}".encode()).hexdigest()[:16]
    return Composed(message, digest, shown)
