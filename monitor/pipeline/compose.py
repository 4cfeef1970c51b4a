"""An alert's row and its story -> the message a reader should see now.

Reads the store (read_alert.py), decides no outcome and writes nothing: deliver.py sends and settles. What is shown of a
story is card.py's, how it looks is for notify/.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

import structlog

from monitor.errors import PictureError
from monitor.notify.digest_layout import DigestHead, DigestStory, Occasion, digest_message
from monitor.notify.render import alert_message, notice_message
from monitor.pipeline.card import Detail, card_of, lines_of, newest_development, with_abstract
from monitor.pipeline.digest import MOST_WITH_SENTENCES, leading_watch
from monitor.pipeline.following import follows
from monitor.pipeline.gathering import zone_of
from monitor.pipeline.newspapers import without_muted
from monitor.pipeline.pictures import Pictures, command_of, spec_of
from monitor.pipeline.read_alert import AlertRead, read_alert
from monitor.store.transaction import Store, Transaction
from monitor.types import Alert, AlertKind, Button, Card, ItemId, Message, StoryView, Target, Watch, WatchId

_log = structlog.stdlib.get_logger("monitor.compose")

OF_NO_STORY = (AlertKind.NOTICE, AlertKind.ANSWER, AlertKind.PICTURE)


@dataclass(frozen=True, slots=True)
class Composed:
    """A message. `content_hash` hashes what a reader would see, `shown` what they see: equal ones need no sending."""

    message: Message
    content_hash: str
    shown: str = ""


class Composer:
    """Composes messages with the watchlist as it is at that moment."""

    def __init__(
        self,
        store: Store,
        *,
        watches: Callable[[], Mapping[WatchId, Watch]],
        zone: ZoneInfo,
        shows_abstracts: bool = False,
        pictures: Pictures | None = None,
    ) -> None:
        """`shows_abstracts`: show what a language model wrote, where it wrote something that still holds.

        Without `pictures` none is drawn: what has words is told in words.
        """
        self._store = store
        self._pictures = pictures
        self._shows_abstracts = shows_abstracts
        self._watches = watches
        self._zone = zone

    async def compose(self, alert: Alert, *, now: datetime) -> Composed | None:
        """What to send for this row; None when there is nothing to say.

        That is so when the story was swept, or an edit or reply has no first message to hold on to.
        """
        read, cards = await self._store.read(self._read, alert)
        if "picture" in (alert.payload or {}):
            return await self._with_picture(alert, read, now)
        if not cards and alert.kind not in OF_NO_STORY:
            return None
        return self._message(alert, cards, read, now.astimezone(zone_of(read.preferences, self._zone)))

    async def _with_picture(self, alert: Alert, read: AlertRead, now: datetime) -> Composed | None:
        """A picture is drawn when it is sent; where it cannot be, its words are told. An answer has words of its own.

        Of a day or a week it is about what the chat follows.
        """
        message = answer_of(alert)
        sketch = None
        if self._pictures is not None:
            spec = spec_of((alert.payload or {})["picture"])
            if not spec.watch_ids:
                followed = (each.id for each in self._watches().values() if follows(each, read.targets))
                spec = replace(spec, watch_ids=tuple(followed))
            if spec.watch_ids:
                sketch = await self._pictures.sketch(spec, lang=read.lang, now=now)
        if sketch is None or self._pictures is None:
            return _composed(message) if message.html else None
        message = replace(message, html=message.html or sketch.caption, drawn_by=command_of(spec))
        try:
            return _composed(replace(message, picture=await self._pictures.render(sketch)))
        except PictureError as failed:
            _log.error("picture_not_drawn", why=str(failed))
            return _composed(message)

    def _read(self, tx: Transaction, alert: Alert) -> tuple[AlertRead, list[Card]]:
        """What the rows say, with the cards made of it: a summary takes milliseconds, which this thread has."""
        read = read_alert(tx, alert, self._watches(), shows_abstracts=self._shows_abstracts)
        return read, [self._card(each, view, read, _detail(alert)) for each, view in read.views]

    def _message(self, alert: Alert, cards: list[Card], read: AlertRead, local: datetime) -> Composed | None:
        address, lang, first = alert.address, read.lang, read.first
        match alert.kind:
            case AlertKind.ALERT:
                reply_to = read.over.message_id if read.over else None
                return _composed(
                    alert_message(cards[0], address, lang=lang, alert_id=alert.id, reply_to=reply_to, now=local)
                )
            case AlertKind.NOTICE:
                return _composed(notice_message(alert.text, address, lang=lang))
            case AlertKind.ANSWER:
                return _composed(answer_of(alert))
            case AlertKind.PICTURE:
                return None
            case AlertKind.DIGEST:
                return _composed(
                    digest_message(self._stories(cards, read), address, lang=lang, now=local, head=_head(alert, local))
                )
            case AlertKind.UPDATE:
                # without a first message to reply to (uncertain, or its group moved) the news is told all the same
                reply_to = first.message_id if first else None
                if reply_to is None and read.over is not None:
                    reply_to = read.over.message_id  # the story was a line in this one
                return _composed(
                    alert_message(cards[0], address, lang=lang, alert_id=alert.id, reply_to=reply_to, now=local)
                )
            case AlertKind.EDIT:
                if first is None or first.message_id is None:
                    return None
                # laid out as what it was: a first message, or a reply
                card = replace(cards[0], is_update=first.kind is AlertKind.UPDATE or first.under is not None)
                edit = alert_message(card, address, lang=lang, alert_id=first.id, edits=first.message_id, now=local)
                # before its first edit the message still shows what the alert showed
                return _composed(edit, shown=alert.sent_hash or first.sent_hash)
            case _:
                assert_never(alert.kind)

    def _stories(self, cards: Sequence[Card], read: AlertRead) -> list[DigestStory]:
        """The cards of a digest, each under the watch that its row stands for."""
        watches = self._watches()
        stories = []
        for (row, _view), card in zip(read.views, cards, strict=True):
            leading = leading_watch(row)
            watch = watches.get(leading) if leading is not None else None
            stories.append(DigestStory(watch.name if watch else next(iter(card.names), ""), card))
        return stories

    def _wanted(self, alert: Alert, view: StoryView, targets: Collection[Target]) -> set[WatchId]:
        """The watches that this chat wants to see named: those it was told for, and all others it follows."""
        watches = self._watches()
        return set(alert.watch_ids) | {
            match.watch_id
            for matches in view.matches.values()
            for match in matches
            if match.watch_id in watches and follows(watches[match.watch_id], targets)
        }

    def _card(self, alert: Alert, view: StoryView, read: AlertRead, detail: Detail) -> Card:
        lines = [without_muted(each, read.preferences.muted_outlets) for each in read.lines]
        return replace(self._bare_card(alert, view, read, detail), lines=lines_of(lines))

    def _bare_card(self, alert: Alert, view: StoryView, read: AlertRead, detail: Detail) -> Card:
        first, wanted = read.first, self._wanted(alert, view, read.targets)
        zone = zone_of(read.preferences, self._zone)
        if read.kept is not None and first is not None:
            earlier = self._wanted(read.kept, view, read.targets)
            told = card_of(
                view, earlier, zone=zone, opened_by=read.kept.item_id, detail=Detail.TITLE, preferences=read.preferences
            )
            mine = card_of(
                view, wanted, zone=zone, opened_by=first.item_id, detail=Detail.TITLE, preferences=read.preferences
            )
            return replace(mine, others=(), one_with=told.title, one_with_at=told.at)
        edited = first if alert.kind is AlertKind.EDIT else None
        shows = edited or alert
        told_by = shows.item_id if shows.kind is AlertKind.UPDATE else None
        card = card_of(
            view,
            wanted,
            zone=zone,
            told_by=told_by,
            told_at=edited.settled_at if edited else None,
            opened_by=_opening(shows, view, wanted, read, detail),
            detail=detail,
            preferences=read.preferences,
        )
        if told_by is not None:
            return card
        if read.abstract and detail is Detail.SUMMARY:
            card = with_abstract(card, view, wanted, read.abstract)
        return replace(card, set_apart=read.set_apart if edited else ())


def _opening(
    row: Alert, view: StoryView, wanted: Collection[WatchId], read: AlertRead, detail: Detail
) -> ItemId | None:
    """The article that a message opens with; a digest has no room for both what was and what has become of it."""
    if detail is Detail.SUMMARY:
        return row.item_id
    newest = newest_development(without_muted(view, read.preferences.muted_outlets), wanted)
    return newest or row.item_id


def _detail(alert: Alert) -> Detail:
    """How much an alert tells of a story: one of many a sentence, where there are not too many."""
    if alert.kind is not AlertKind.DIGEST:
        return Detail.SUMMARY
    return Detail.SENTENCE if (alert.payload or {}).get("stories", 0) <= MOST_WITH_SENTENCES else Detail.TITLE


def _head(alert: Alert, local: datetime) -> DigestHead:
    """What stands over a part of a digest; a row of an earlier version says nothing of itself."""
    if alert.payload is None:
        return DigestHead(Occasion.CROWD if alert.text == Occasion.CROWD else Occasion.LATE)
    said = alert.payload
    at = datetime.fromisoformat(said["at"]).astimezone(local.tzinfo)
    return DigestHead(Occasion(said["occasion"]), at, said["stories"], said["part"], said["parts"])


def answer_of(alert: Alert) -> Message:
    """An answer as it was when Telegram made it wait: its payload has `html`, `buttons`, `reply_to` and `edits`."""
    payload = alert.payload or {}
    buttons = tuple(tuple(Button(**button) for button in row) for row in payload.get("buttons", ()))
    return Message(alert.address, str(payload.get("html", "")), buttons, payload.get("reply_to"), payload.get("edits"))


def _composed(message: Message, shown: str = "") -> Composed:
    content_hash = hashlib.sha256(f"{message.html}\n{message.buttons}".encode()).hexdigest()[:16]
    return Composed(message, content_hash, shown)
