"""An alert's row and its story -> the message a reader should see now.

Reads the store, decides no outcome and writes nothing: deliver.py sends and settles.
"""

import asyncio
import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from monitor.notify.render import alert_message, digest_message, notice_message
from monitor.pipeline.dedupe_keys import corrects_reply
from monitor.pipeline.following import follows
from monitor.store.transaction import Store, Transaction
from monitor.stories.changes.differences import since
from monitor.stories.summary.extract import summarise
from monitor.stories.summary.factcheck import texts_of, unsupported
from monitor.types import (
    Address,
    Alert,
    AlertKind,
    AlertState,
    Amendment,
    Card,
    Item,
    ItemId,
    Match,
    Message,
    Sentence,
    StoryView,
    Target,
    Version,
    Watch,
    WatchId,
)

_FIELDS = ("title", "summary", "body")
DIGEST_STORIES = 33  # one more than a digest shows, so that it can say that there are more
MAX_DOCS = 12  # newest articles of a story beside its face: a summary of three sentences needs no more
MAX_AMENDED = 2  # other articles of a story whose changes are shown
SUMMARY_SENTENCES = 3
SUMMARY_CHARS = 700  # a phone's screen, with title and buttons


@dataclass(frozen=True, slots=True)
class Composed:
    """A message; `content_hash` hashes what a reader would see and `shown` what he sees: equal ones need no sending."""

    message: Message
    content_hash: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    """What one reading of the store brought."""

    lang: str
    targets: Collection[Target]
    views: Sequence[tuple[Alert, StoryView]]
    first: Alert | None
    kept: Alert | None = None  # of an edit: another message of the chat, whose story turned out to be this one
    set_apart: tuple[tuple[str, str], ...] = ()  # titles and addresses of stories that it was taken for
    abstract: str = ""  # what a language model wrote of the story


class Composer:
    """Composes messages with the watchlist as it is at that moment."""

    def __init__(
        self,
        store: Store,
        *,
        watches: Callable[[], Mapping[WatchId, Watch]],
        zone: ZoneInfo,
        shows_abstracts: bool = False,
    ) -> None:
        """`retold`: show what a language model wrote, where it wrote something that still holds."""
        self._store = store
        self._shows_abstracts = shows_abstracts
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
            lambda: [self._card(each, view, read, brief=brief) for each, view in read.views]
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
                card = cards[0]
                if first.kind is AlertKind.UPDATE:
                    card = replace(card, is_update=True)  # laid out as the reply that it was
                edit = alert_message(card, address, lang=lang, alert_id=first.id, edits=first.message_id, now=local)
                # before its first edit the message still shows what the alert showed
                return _composed(edit, shown=alert.sent_hash or first.sent_hash)
            case _:
                assert_never(alert.kind)

    async def _read(self, alert: Alert) -> _Read:
        async with self._store.read() as tx:
            chat = await tx.chat(alert.address)
            targets = await tx.following(alert.address)
            now = await tx.alert(alert.id)
            if now is not None:  # its story may have merged or split since it was claimed
                alert = replace(alert, story_id=now.story_id, dedupe_key=now.dedupe_key, watch_ids=now.watch_ids)
            rows = await tx.digest_alerts(alert.id) if alert.kind is AlertKind.DIGEST else [alert]
            views = []
            for row in rows[:DIGEST_STORIES]:
                view = await tx.story(row.story_id) if row.story_id is not None else None
                if view is None or not view.items:
                    continue
                if _is_lost(row, view) and alert.kind is not AlertKind.EDIT:
                    continue  # its story is told in another message of this chat
                if alert.kind is not AlertKind.EDIT and not await self._is_wanted(tx, row, targets):
                    continue  # muted or unfollowed since it was written
                views.append((row, view))
            first = None
            if alert.story_id is not None and alert.kind in (AlertKind.UPDATE, AlertKind.EDIT):
                first = _first_message(alert, await tx.alerts_of_story(alert.story_id))
            kept, set_apart = None, []
            if views and alert.kind is AlertKind.EDIT and _is_lost(*views[0]):
                kept = _of_chat(alert.address, await tx.alerts_of_story(views[0][1].story.id))
                views = views if kept is not None else []
            elif views and alert.kind in (AlertKind.UPDATE, AlertKind.EDIT):
                for kin in await tx.split_kin(views[0][1].story.id):
                    told = _of_chat(alert.address, await tx.alerts_of_story(kin))
                    if told is None:
                        continue
                    if alert.kind is AlertKind.UPDATE and told.message_id is not None:
                        first = first if first and first.message_id is not None else told  # a reply to what he read
                    elif told.state is AlertState.SENT and told.message_id is None:
                        other = await tx.story(kin)
                        set_apart += [(item.title, item.url) for item in (other.items[:1] if other else ())]
            abstract = ""
            if self._shows_abstracts and views and alert.kind in (AlertKind.ALERT, AlertKind.EDIT):
                abstract = await tx.latest_abstract(views[0][1].story.id)
        return _Read(chat.lang if chat else "vi", targets, views, first, kept, tuple(set_apart), abstract)

    async def _is_wanted(self, tx: Transaction, alert: Alert, targets: Collection[Target]) -> bool:
        if alert.story_id is not None and alert.address in await tx.muted(alert.story_id):
            return False
        watches = self._watches()
        known = [watches[watch_id] for watch_id in alert.watch_ids if watch_id in watches]
        return not known or any(follows(watch, targets) for watch in known)

    def _wanted(self, alert: Alert, view: StoryView, targets: Collection[Target]) -> set[WatchId]:
        watches = self._watches()
        return set(alert.watch_ids) | {
            match.watch_id
            for matches in view.matches.values()
            for match in matches
            if match.watch_id in watches and follows(watches[match.watch_id], targets)
        }

    def _card(self, alert: Alert, view: StoryView, read: _Read, *, brief: bool) -> Card:
        first, wanted = read.first, self._wanted(alert, view, read.targets)
        if read.kept is not None and first is not None:
            earlier = self._wanted(read.kept, view, read.targets)
            told = card_of(view, earlier, zone=self._zone, opened_by=read.kept.item_id, brief=True)
            mine = card_of(view, wanted, zone=self._zone, opened_by=first.item_id, brief=True)
            return replace(mine, others=(), one_with=told.title, one_with_at=told.at)
        corrects = alert.kind is AlertKind.EDIT and first is not None
        shows = first if corrects and first is not None else alert
        told_by = shows.item_id if shows.kind is AlertKind.UPDATE else None
        told_at = first.settled_at if corrects and first is not None else None
        card = card_of(
            view, wanted, zone=self._zone, told_by=told_by, told_at=told_at, opened_by=shows.item_id, brief=brief
        )
        if read.abstract and told_by is None and not brief:
            card = _with_abstract(card, view, wanted, read.abstract)
        return replace(card, set_apart=read.set_apart if corrects and told_by is None else ())


def _with_abstract(card: Card, view: StoryView, wanted: Collection[WatchId], text: str) -> Card:
    """The card with what a language model wrote, if the articles bear it out as they stand at this moment."""
    if (
        unsupported(text, [texts_of((item.title, item.lead, item.body, item.outlet)) for item in view.items])
        is not None
    ):
        return card
    names = {
        evidence.text
        for matches in view.matches.values()
        for match in matches
        if match.watch_id in wanted and match.kind == "leader"
        for evidence in match.evidence
    }
    bold = [found.span() for name in names for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    return replace(card, summary=text, bold=tuple(sorted(bold)), is_generated=True)


def card_of(
    view: StoryView,
    wanted: Collection[WatchId],
    *,
    zone: ZoneInfo,
    told_by: ItemId | None = None,
    told_at: datetime | None = None,
    opened_by: ItemId | None = None,
    brief: bool = False,
) -> Card:
    """What an alert shows of a story to a reader of the watches `wanted`.

    Its face is the item `opened_by` that the chat was first told of, else the first that names one of them (of a
    development: the item `told_by`). `brief`: no summary.
    `told_at`: when the reader got the message that is edited; what outlets changed since is said.
    """
    naming = [item for item in view.items if any(m.watch_id in wanted for m in view.matches.get(item.id, ()))]
    face = next((item for item in view.items if item.id == told_by), None)
    # an older article that joins later, perhaps from a story that was merged, does not change what a message opens with
    face = face or next((item for item in naming if item.id == opened_by), None) or (naming or list(view.items))[0]
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
        development=view.reasons.get(face.id) if told_by is not None else None,
        amendments=tuple(
            replace(each, at=each.at.astimezone(zone))
            for each in _amendments(view, face, told_at, alone=told_by is not None)
        ),
    )


def _amendments(view: StoryView, face: Item, told_at: datetime | None, *, alone: bool) -> list[Amendment]:
    """What outlets did to the story's articles since it was told, the face's first; the same change is said once."""
    mine = list(_amended(face, "", view.versions.get(face.id, ()), told_at))
    others: dict[object, Amendment] = {}
    for item in () if alone else view.items:
        if item.id != face.id:
            for each in _amended(item, item.outlet, view.versions.get(item.id, ()), told_at):
                others.setdefault(item.id if each.gone else each.differences, each)
    known = {each.differences for each in mine if not each.gone}
    return mine + [each for each in others.values() if each.gone or each.differences not in known][:MAX_AMENDED]


def _amended(item: Item, outlet: str, versions: Sequence[Version], told_at: datetime | None) -> Iterator[Amendment]:
    if item.gone_at is not None:
        yield Amendment(item.gone_at, outlet, gone=True)
    changed = since(item, versions, told_at) if told_at is not None else ()
    if changed:
        yield Amendment(item.edited_at or versions[-1].replaced_at, outlet, changed)


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


def _is_lost(row: Alert, view: StoryView) -> bool:
    """Whether the story of a row was merged into one that this chat has an earlier row of."""
    return row.story_id is not None and row.story_id != view.story.id


def _of_chat(address: Address, rows: Collection[Alert]) -> Alert | None:
    return next((row for row in rows if row.address == address and row.kind is AlertKind.ALERT), None)


def _first_message(alert: Alert, rows: Collection[Alert]) -> Alert | None:
    """What an edit or reply holds on to: the story's first message, or the reply that is corrected."""
    mine = [row for row in rows if row.address == alert.address]
    if corrects_reply(alert):
        return next((row for row in mine if row.kind is AlertKind.UPDATE and row.item_id == alert.item_id), None)
    return _of_chat(alert.address, mine)


def _composed(message: Message, shown: str = "") -> Composed:
    content_hash = hashlib.sha256(f"{message.html}\n{message.buttons}".encode()).hexdigest()[:16]
    return Composed(message, content_hash, shown)
