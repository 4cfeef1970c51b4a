"""What open pages are told: the log of news events, read once for all of them, and rendered once a card key.

Knows no HTTP; event_stream.py does. A stream pulls: it asks for what comes behind its own place, so that one that takes
slowly costs nothing but that place, and one that was away goes on from the rows.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from monitor.errors import StoreError
from monitor.store.event_rows import NO_EVENT, EventKind, EventNumber, NewsEvent
from monitor.store.transaction import Store, Transaction
from monitor.types import Alert, StoryView, Watch, WatchId, own_number
from monitor.web.page import Visit
from monitor.web.rendering import json_of, rendered
from monitor.web.story_card import story_card

TICK = 0.25  # seconds between two looks at the rows, while somebody looks at a page
AFTER_TROUBLE = 2.0  # seconds, when the database did not answer
AT_ONCE = 50  # events that are read together
KEPT = 16  # batches with what was rendered of them, 10 kB an event: for streams that come a moment later

CardKey = tuple[str, frozenset[WatchId]]
"""What the card of a story depends on: the language, and which own watches of its reader it names."""

_log = logging.getLogger("monitor.web")


@dataclass(frozen=True, slots=True, eq=False)
class LiveEvent:
    """A news event with what it is about, as the rows were when it was read."""

    event: NewsEvent
    story: StoryView
    alert: Alert | None = None
    chat: str = ""  # whom the alert went to, by title
    frames: dict[CardKey, asyncio.Task[bytes]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class LiveBatch:
    """Some events, of each story the last; the next batch is behind `last`."""

    events: Sequence[LiveEvent]
    last: EventNumber


class Hub:
    """The one reader of the log in this process. Reads only while somebody is `looking`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looking = 0
        self._reading: asyncio.Task[None] | None = None
        self._begun = asyncio.Event()
        self._moved = asyncio.Event()  # set, and replaced, when there is something behind what was `head`
        self._batches: OrderedDict[EventNumber, asyncio.Future[LiveBatch]] = OrderedDict()
        self.head = NO_EVENT  # how far it has read
        self.is_closed = False

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        """Read on for the block; waits until it is known how far the log goes."""
        self._looking += 1
        try:
            if self._reading is None:
                self._begun = asyncio.Event()
                self._reading = asyncio.create_task(self._read_on(self._begun), name="live")
            await self._begun.wait()
            yield
        finally:
            self._looking -= 1
            if not self._looking and self._reading is not None:
                self._reading.cancel()
                self._reading = None
                self._batches.clear()

    def close(self) -> None:
        """Nothing more is told: streams end."""
        self.is_closed = True
        self._moved.set()
        self._begun.set()

    async def after(self, place: EventNumber, *, within: float) -> LiveBatch | None:
        """What comes behind a place; None where nothing came within so many seconds. Raises StoreError."""
        if place >= self.head and not self.is_closed:
            try:
                async with asyncio.timeout(within):
                    await self._moved.wait()
            except TimeoutError:
                return None
        if place >= self.head or self.is_closed:
            return None
        batch = self._batches.get(place)
        if batch is None:
            batch = self._keep(place, asyncio.ensure_future(self._store.read(read_batch, place)))
        try:
            return await asyncio.shield(batch)
        except Exception:
            self._batches.pop(place, None)
            raise

    def _keep(self, place: EventNumber, batch: asyncio.Future[LiveBatch]) -> asyncio.Future[LiveBatch]:
        self._batches[place] = batch
        while len(self._batches) > KEPT:
            self._batches.popitem(last=False)
        return batch

    async def _read_on(self, begun: asyncio.Event) -> None:
        while True:
            try:
                if not begun.is_set():
                    self.head = await self._store.read(Transaction.last_event)
                    begun.set()
                batch = await self._store.read(read_batch, self.head)
            except StoreError:
                await asyncio.sleep(AFTER_TROUBLE)
                continue
            except Exception:
                _log.exception("news events could not be read")
                await asyncio.sleep(AFTER_TROUBLE)
                continue
            if batch.last == self.head:
                await asyncio.sleep(TICK)
                continue
            known = asyncio.get_running_loop().create_future()
            known.set_result(batch)
            self._keep(self.head, known)
            self.head = batch.last
            moved, self._moved = self._moved, asyncio.Event()
            moved.set()


def read_batch(tx: Transaction, place: EventNumber) -> LiveBatch:
    """The next events behind a place with what they are about; what is not stored any more is passed over."""
    events = tx.events_after(place, limit=AT_ONCE)
    stories = tx.stories_now({each.story_id for each in events if each.story_id is not None})
    found: list[LiveEvent] = []
    told = set()
    for event in reversed(events):
        story = stories.get(event.story_id) if event.story_id is not None else None
        if story is None:
            continue
        if event.kind is EventKind.STORY:
            if event.story_id not in told:
                found.append(LiveEvent(event, story))
            told.add(event.story_id)
        elif event.alert_id is not None and (alert := tx.alert(event.alert_id)) is not None:
            chat = tx.chat(alert.address)
            found.append(LiveEvent(event, story, alert, "" if chat is None else chat.title))
    return LiveBatch(found[::-1], events[-1].number if events else place)


def own_of(story: StoryView, visit: Visit) -> frozenset[WatchId]:
    """The own watches that a story names and this viewer may see."""
    named = {match.watch_id for found in story.matches.values() for match in found}
    return frozenset(each for each in named if own_number(each) is not None and visit.may_see(each))


async def frame_for(live: LiveEvent, visit: Visit) -> bytes:
    """An event as it goes over the wire to this viewer; rendered once for all to whom it reads the same."""
    key = (visit.viewer.lang, own_of(live.story, visit))
    if key not in live.frames:
        visit = replace(visit, now=visit.site.clock())
        # a story of a hundred articles takes tens of milliseconds
        live.frames[key] = asyncio.create_task(asyncio.to_thread(_frame, live, visit, visit.watches()))
    return await asyncio.shield(live.frames[key])


def _frame(live: LiveEvent, visit: Visit, watches: Mapping[WatchId, Watch]) -> bytes:
    try:
        data = _story(live, visit, watches) if live.alert is None else _alert(live, live.alert)
        text = json_of(data, visit.site.zone, visit.words).decode().strip()
    except Exception:
        _log.exception("news event %s of story %s could not be shown", live.event.number, live.story.story.id)
        return f"id: {live.event.number}\n\n".encode()  # else each page would stumble over it for ever
    return f"event: {live.event.kind.value}\nid: {live.event.number}\ndata: {text}\n\n".encode()


def _story(live: LiveEvent, visit: Visit, watches: Mapping[WatchId, Watch]) -> dict[str, object]:
    card = story_card(live.story, watches, visit.words)
    data: dict[str, object] = {"story": card, "html": rendered("story_card.html", {"card": card}, visit)}
    return data if live.event.story_id == card["id"] else data | {"was": live.event.story_id}


def _alert(live: LiveEvent, alert: Alert) -> dict[str, object]:
    kind = "digest" if alert.digest_id is not None else alert.kind.value
    return {"story": live.story.story.id, "chat": live.chat, "at": live.event.at, "kind": kind}
