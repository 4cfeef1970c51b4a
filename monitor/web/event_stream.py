"""/events: what comes and changes, to open pages, as server-sent events that go on behind Last-Event-ID.

Decides who is told what; live.py reads and renders. A stream that ends, for whatever reason, is begun again by the
browser, and goes on where it was.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from monitor.errors import StoreError
from monitor.i18n import translatable
from monitor.store.event_rows import EventNumber
from monitor.store.search import Search, answers
from monitor.store.transaction import Transaction
from monitor.types import Alert, StoryView
from monitor.web.live import Hub, LiveEvent, frame_for
from monitor.web.page import NotAllowed, PageError, TooOften, Visit
from monitor.web.site import Site
from monitor.web.story_filter import ASKED, asked_stories
from monitor.web.viewer import Viewer

if TYPE_CHECKING:
    from aiohttp import web

RETRY = 2_000  # ms until a browser tries again
BEAT = 15.0  # seconds between two lines that say nothing, so that no proxy takes the stream for dead
LOOK_AGAIN = 30.0  # seconds after which it is asked again who is looking: a session may have ended
BREATH = 1.0  # seconds in which it is noticed that a browser has gone
MOST_STREAMS = 120  # of the server's places; the rest is for pages
MOST_A_VIEWER = 60  # of one session, or of one address where nobody is logged in: a newsroom may stand behind a proxy

VisitOf = Callable[["web.Request"], Awaitable[Visit]]


class Full(PageError):
    """As many look as can."""

    status = 503


class Viewers:
    """How many streams are open, and whose."""

    def __init__(self) -> None:
        self._open = Counter[str]()

    @contextmanager
    def one_more(self, visit: Visit) -> Iterator[None]:
        """A place for the block. Raises TooOften or Full where there is none."""
        session = visit.viewer.session
        key = visit.peer if session is None else f"session {session.number}"
        if self._open[key] >= MOST_A_VIEWER:
            why = translatable("{n} pages of yours are live already: close some of them.")
            raise TooOften(visit.words.gettext(why, n=MOST_A_VIEWER))
        if self._open.total() >= MOST_STREAMS:
            raise Full(visit.words.gettext("So many people look that no more pages can be live: load this one again."))
        self._open[key] += 1
        try:
            yield
        finally:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]


def events_address(visit: Visit, seen: EventNumber) -> str:
    """Where the page of this visit hears what comes behind the event `seen`: with its own filters."""
    asked = {name: visit.asked(name) for name in ASKED if visit.asked(name)}
    return "/events?" + urlencode({**asked, "after": str(seen)})


def add_events(app: "web.Application", site: Site, visit_of: VisitOf) -> None:
    """The path of the stream. When the server ends, streams end at once."""
    from aiohttp import web

    hub, viewers = Hub(site.store), Viewers()

    async def events(request: web.Request) -> web.StreamResponse:
        try:
            visit = await visit_of(request)
            _check(visit)
            wanted = (await asked_stories(visit)).search  # what is wrong with it is said before anything else
            with viewers.one_more(visit):
                async with hub.looking():
                    return await _told(request, hub, visit_of, visit, wanted)
        except PageError as refused:
            return web.json_response({"error": refused.why}, status=refused.status)

    async def close(_: web.Application) -> None:
        hub.close()

    app.router.add_get("/events", events, allow_head=False)
    app.on_shutdown.append(close)


def _check(visit: Visit) -> None:
    if visit.is_from_elsewhere:
        raise NotAllowed(visit.words.gettext("This page is not shown inside of another site."))
    if not visit.may_read:
        raise visit.log_in_first()


async def _told(
    request: "web.Request", hub: Hub, visit_of: VisitOf, visit: Visit, wanted: Search | None
) -> "web.StreamResponse":
    from aiohttp import web

    place, is_known = await _place(visit, hub)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await response.prepare(request)
    # where it begins is said at once: what breaks before the first event goes on from here
    await response.write(f"retry: {RETRY}\nid: {place}\n\n".encode())
    if not is_known:
        await response.write(b"event: reload\ndata: {}\n\n")
    stream = Stream(request, response, hub, visit_of, visit, wanted, place)
    # gone, not allowed any more, or no rows at this moment: a browser that is there asks again, and is told why
    with suppress(ConnectionError, PageError, StoreError):
        await stream.run()
    return response


async def _place(visit: Visit, hub: Hub) -> tuple[EventNumber, bool]:
    """Behind which event the stream begins, and whether that is where this browser was."""
    given = visit.headers.get("last-event-id") or visit.asked("after")
    if not given:
        return hub.head, True
    number = EventNumber.read(given)
    if number is None or not await visit.site.store.read(Transaction.has_event, number):
        return hub.head, False
    return number, True


class Stream:
    """One open page: pulls what is behind its place, and passes on what its viewer may see and has asked for."""

    def __init__(
        self,
        request: "web.Request",
        response: "web.StreamResponse",
        hub: Hub,
        visit_of: VisitOf,
        visit: Visit,
        wanted: Search | None,
        place: EventNumber,
    ) -> None:
        self._request = request
        self._response = response
        self._hub = hub
        self._visit_of = visit_of
        self._visit = visit
        self._wanted, self._of = wanted, visit.site.watches()
        self._place = self._said = place

    async def run(self) -> None:
        """Until the browser goes, the server ends, or the session does. Raises PageError and StoreError."""
        clock = asyncio.get_running_loop().time
        beat_at, look_at = clock() + BEAT, clock() + LOOK_AGAIN
        while not self._hub.is_closed and self._is_there():
            batch = await self._hub.after(self._place, within=min(BREATH, BEAT, LOOK_AGAIN))
            if clock() >= look_at:
                self._visit = await self._visit_of(self._request)
                _check(self._visit)
                await self._ask_again()
                look_at = clock() + LOOK_AGAIN
            elif self._of is not self._visit.site.watches():  # watches came or went
                await self._ask_again()
            if batch is not None:
                for live in await self._passing(batch.events):
                    await self._response.write(await frame_for(live, self._visit))
                    self._said = live.event.number
                self._place = batch.last
            if clock() >= beat_at:
                await self._beat()
                beat_at = clock() + BEAT

    async def _ask_again(self) -> None:
        self._of = self._visit.site.watches()
        self._wanted = (await asked_stories(self._visit)).search

    async def _passing(self, events: Sequence[LiveEvent]) -> list[LiveEvent]:
        """Those that this viewer is told: what the list with the same address would show."""
        wanted, viewer = self._wanted, self._visit.viewer
        if wanted is None:
            return []
        mine = [live for live in events if live.alert is None or _hears_of(viewer, live.alert)]
        if not wanted.terms:
            return [live for live in mine if is_listed(live.story, wanted)]
        # full texts are looked through
        return await asyncio.to_thread(lambda: [live for live in mine if is_listed(live.story, wanted)])

    async def _beat(self) -> None:
        """A line that says nothing; and where the stream is, when all that came since was for others."""
        where = f"id: {self._place}\n" if self._place != self._said else ""
        await self._response.write(f":\n{where}\n".encode())
        self._said = self._place

    def _is_there(self) -> bool:
        transport = self._request.transport
        return transport is not None and not transport.is_closing()


def _hears_of(viewer: Viewer, alert: Alert) -> bool:
    """Whether somebody is told that a chat was told: administrators of all, others of their own chat."""
    return viewer.is_admin or (viewer.address is not None and alert.address == viewer.address)


def is_listed(story: StoryView, wanted: Search) -> bool:
    """Whether a list of what is wanted shows this story: one of its articles answers every wish."""
    return any(
        any(wanted.watch_ids is None or match.watch_id in wanted.watch_ids for match in story.matches.get(item.id, ()))
        and answers(item, wanted)
        for item in story.items
    )
