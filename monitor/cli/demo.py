"""demo: the service on a loopback newsroom, and a narrator beside it who says what happens."""

import asyncio
import logging
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.app.events import ServiceEvent
from monitor.app.logs import configure_logs
from monitor.app.observers import log_event
from monitor.app.service import Service
from monitor.app.wiring import open_service
from monitor.cli.exit_codes import ATTENTION, DONE, INTERRUPTED
from monitor.cli.run import stop_on_signals
from monitor.config import Settings, load_all, read_settings
from monitor.demo.narrator import Narrator
from monitor.demo.newsroom import Newsroom
from monitor.i18n import SOURCE, translator
from monitor.matching.explain import NearMiss
from monitor.notify.reason_words import reason_in_words
from monitor.pipeline.detect import Detected
from monitor.pipeline.logins import link_to, make_login, new_token
from monitor.pipeline.poll import Polled
from monitor.types import TERMINAL, Failed, FeedId, Fetched, Item, ItemId, Reason, Role, StoryId

EDIT_DELAY = timedelta(seconds=3)  # the demo has less than a minute
LINK_OF_DEMO = timedelta(hours=12)  # with --keep somebody may look at it after lunch


def run(*, keep: bool) -> int:
    """A newsroom on loopback, a database in a temporary folder, the shipped watchlists, and all else as in run."""
    settings, _ = read_settings()
    configure_logs("console", level=logging.ERROR)  # the narrator tells what happens
    with tempfile.TemporaryDirectory(prefix="monitor-demo-") as folder:
        return asyncio.run(_demo(settings.config_dir, Path(folder), keep=keep))


async def _demo(config_dir: Path, folder: Path, *, keep: bool) -> int:
    async with Newsroom(datetime.now(UTC), keep=keep) as room:
        room.write_config(folder)
        if (config_dir / "watchlists").is_dir():
            shutil.copytree(config_dir / "watchlists", folder / "watchlists")
        settings = Settings(
            config_dir=folder,
            database_url=f"sqlite:///{folder}/monitor.db",
            http_allow_private=True,
            http_port=0,
            web_access="open",  # its news is invented, and its port on loopback
            host_spacing=timedelta(milliseconds=100),
        )
        config = load_all(folder, timezone=settings.timezone)
        narrator = Narrator(sys.stdout, elapsed=lambda: room.elapsed)
        narrator.opened([feed.outlet for feed in room.feeds])
        observer = _Narration(narrator, room)
        async with open_service(
            settings, config, observers=[log_event, observer], stream=sys.stdout, edit_delay=EDIT_DELAY
        ) as service:
            observer.explain = lambda item: service.active.matcher.explain(item).near_misses
            observer.gone = service.stop
            interrupted = stop_on_signals(service)
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(service.run())
                    showing = group.create_task(_show_page(observer, service))
                    group.create_task(_end_of_demo(room, service, showing))
            except BaseExceptionGroup as several:
                raise several.exceptions[0] from None  # the other task was only cancelled for it
        try:
            differences = narrator.summary(room.expectations, until=room.elapsed)
        except SystemExit:
            raise BrokenPipeError from None
    return INTERRUPTED if interrupted.is_set() else ATTENTION if differences else DONE


async def _show_page(observer: "_Narration", service: Service) -> None:
    """Once the page is served, say where, with a link that logs a browser in."""
    await service.page.opened.wait()
    token = new_token()
    await service.store.write(make_login, TERMINAL, token, now=service.clock(), who="monitor demo", lasts=LINK_OF_DEMO)
    observer.page(link_to(service.page.url, token))


async def _end_of_demo(room: Newsroom, service: Service, showing: asyncio.Task[None]) -> None:
    """When the timetable is through and the last edits are out, the demo ends."""
    stopped = asyncio.create_task(service.stopped())
    await asyncio.wait({stopped, room.ended}, return_when=asyncio.FIRST_COMPLETED)
    while not stopped.done() and not await service.is_idle():
        await asyncio.wait({stopped}, timeout=0.2)
    service.stop()
    await stopped
    showing.cancel()


class _Narration:
    """The observer that lets the narrator speak."""

    def __init__(self, narrator: Narrator, room: Newsroom) -> None:
        self._narrator = narrator
        self._room = room
        self._read: set[FeedId] = set()
        self._down: set[FeedId] = set()
        self._titles: dict[str, str] = {}
        self._reworded: set[ItemId] = set()  # told as such; that they are looked at again is no news
        self._stories: dict[StoryId, str] = {}
        self.explain: Callable[[Item], Sequence[NearMiss]] = lambda item: ()
        self.gone: Callable[[], None] = lambda: None  # called when nobody can see us any more

    def page(self, link: str) -> None:
        """The web page is served."""
        self._saying(lambda: self._narrator.page(link))

    def __call__(self, event: ServiceEvent) -> None:
        self._saying(lambda: self._tell(event))

    def _saying(self, say: Callable[[], None]) -> None:
        try:
            say()
        except (BrokenPipeError, SystemExit):  # `monitor demo | head`; rich makes an exit of it, in the midst of a task
            self.gone()

    def _tell(self, event: ServiceEvent) -> None:
        match event:
            case Polled():
                self._polled(event)
            case Detected():
                self._detected(event)
            case _:
                pass  # alerts speak for themselves: the terminal shows them

    def _polled(self, polled: Polled) -> None:
        feed, result = polled.feed, polled.result
        if isinstance(result, Failed):
            self._down.add(feed.id)
            self._narrator.failed(feed.outlet, result.why)
            return
        if feed.id in self._down:
            self._down.remove(feed.id)
            self._narrator.recovered(feed.outlet)
        if not isinstance(result, Fetched):
            return
        if feed.id not in self._read:
            self._read.add(feed.id)
            self._narrator.baseline(feed.outlet, len(polled.new))
        else:
            self._narrator.polled(feed.outlet, len(polled.new))
        self._reworded.update(polled.reworded)
        new = {item.key for item in polled.new}
        for entry in result.entries:
            before = self._titles.get(entry.key)
            self._titles[entry.key] = entry.title
            if before is not None and before != entry.title and entry.key not in new:
                self._narrator.retitled(feed.outlet, entry.title, before)

    def _detected(self, detected: Detected) -> None:
        item, placement = detected.item, detected.placement
        if not item.alertable or item.id in self._reworded:
            return
        known = self._stories.get(detected.story_id)
        if known is not None:
            developed = placement.role is Role.UPDATE and detected.matches
            tell = self._narrator.developed if developed else self._narrator.grouped
            tell(item.outlet, item.title, known, _in_words(placement.reason))
        elif detected.alerts:
            self._stories[detected.story_id] = item.title
            self._narrator.alerted(item.outlet, item.title, [match.name for match in detected.matches])
        else:
            self._narrator.silent(item.outlet, item.title, self._why_silent(item))

    def _why_silent(self, item: Item) -> str:
        miss = next(iter(self.explain(item)), None)
        if miss is None:
            return "nothing that is watched"
        found = f"“{miss.evidence.text}” is not {miss.name}" if miss.evidence else miss.name
        return f"{found}: {miss.why}"


def _in_words(reason: Reason | None) -> str:
    return reason_in_words(reason, translator(SOURCE)) if reason is not None else ""
