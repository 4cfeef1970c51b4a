"""The files in force: read and compiled as a whole in a thread, swapped in as a whole, and followed as they change.

The watches that chats wrote for themselves stand beside them and change without them (own_in_force.py).
Leaves alone how files are read (config/) and how a watchlist is compiled (matching/).
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from monitor.app.events import Reloaded
from monitor.app.own_in_force import OwnInForce
from monitor.app.signals import Signals
from monitor.config import Config, Places, Settings, channel_urls_of, load_all
from monitor.config.file_changes import Snapshot, changes, snapshot
from monitor.errors import ConfigError, Problem
from monitor.i18n import Translator
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.notify.problem_words import problem_line
from monitor.pipeline.admin_notices import Wording, tell_admins
from monitor.pipeline.config_changes import NOTHING_CHANGED, ConfigChanges, FilesRead, change_lines, config_changes
from monitor.pipeline.dedupe_keys import notice_key
from monitor.ports import Clock
from monitor.store.transaction import Store
from monitor.types import Feed, FeedId

OWN_EVERY = timedelta(seconds=3)  # a change is taken up within five
MOST_SHOWN = 10  # problems in one notice; a wrong file has them all for the same reason


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """What the YAML files say, and what detection made of it."""

    config: Config
    active: ActiveWatchlist


def load_config(config_dir: Path, *, timezone: str, channel_urls: Mapping[str, str] | None = None) -> LoadedConfig:
    """Read the files and compile the watchlist: 1–2 s for 10,000 watches, so call it in a thread.

    Raises ConfigError with every mistake of every file.
    """
    return compile_config(load_all(config_dir, timezone=timezone, channel_urls=channel_urls))


def compile_config(config: Config) -> LoadedConfig:
    """Compile what was read: up to a second for 10,000 watches, so call it in a thread.

    Leaves out where in the files things stand, which only an editor's check asks.
    """
    return LoadedConfig(replace(config, places=Places()), ActiveWatchlist.of(config.watchlist))


def by_id(feeds: Iterable[Feed]) -> Mapping[FeedId, Feed]:
    """The feeds by id."""
    return {feed.id: feed for feed in feeds}


class Reload:
    """Holds what is in force. `register` is told what the files say before it is."""

    def __init__(
        self,
        settings: Settings,
        loaded: LoadedConfig,
        store: Store,
        signals: Signals,
        *,
        register: Callable[[Config], Awaitable[None]],
        clock: Clock,
    ) -> None:
        self.loaded = loaded
        self.feeds: Mapping[FeedId, Feed] = by_id(loaded.config.feeds)  # in force; drawn up once a configuration
        self.problems: tuple[Problem, ...] = ()  # of the last reading
        self._settings = settings
        self._store = store
        self._signals = signals
        self.register = register
        self._clock = clock
        self._own = OwnInForce(store)
        self._seen = snapshot(settings.config_dir)
        self._told_of: Snapshot | None = None  # the wrong files that admin chats know of; None: they think all is well
        self._changes: ConfigChanges = NOTHING_CHANGED  # the last ones of this run
        self._changed_at: datetime | None = None
        self._reloading = asyncio.Lock()

    @property
    def config(self) -> Config:
        """The files in force."""
        return self.loaded.config

    @property
    def active(self) -> ActiveWatchlist:
        """What detection works with at this moment."""
        return self.loaded.active

    async def reload(self) -> FilesRead:
        """Read the files again and swap them in whole; with problems nothing changes, and admin chats hear of it."""
        async with self._reloading:  # two at once might end with the older reading
            return await self._reload()

    async def follow(self) -> None:
        """Reload whenever the files have changed, until the service stops."""
        async for _ in changes(self._settings.config_dir, self._signals.stopping, seen=self._seen):
            await self._signals.guarded(self.reload, "reload")

    async def take_up_own(self) -> None:
        """Have the own watches of this moment at work, whatever has become of the files."""
        async with self._reloading:
            self.loaded = await self._with_own(self.loaded)

    async def follow_own(self) -> None:
        """Take own watches up whenever they have changed, in whichever process, until the service stops."""
        while not self._signals.stopping.is_set():
            await self._signals.guarded(self._look_at_own, "own watches")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._signals.stopping.wait(), OWN_EVERY.total_seconds())

    async def _look_at_own(self) -> None:
        if await self._own.have_changed():
            await self.take_up_own()

    async def _with_own(self, loaded: LoadedConfig) -> LoadedConfig:
        return replace(loaded, active=await self._own.beside(loaded.active, loaded.config.watchlist))

    async def _reload(self) -> FilesRead:
        settings = self._settings
        looks = await asyncio.to_thread(snapshot, settings.config_dir)  # before: what is saved meanwhile is told, too
        try:
            loaded = await asyncio.to_thread(
                load_config,
                settings.config_dir,
                timezone=settings.timezone,
                channel_urls=channel_urls_of(settings),
            )
        except ConfigError as wrong:
            if looks != self._told_of:
                await self._tell_wrong(wrong.problems, looks)
                self._told_of = looks
            self.problems = wrong.problems
            self._signals.tell(Reloaded(self.active.version, wrong.problems))
            return FilesRead(self.active.version, wrong.problems)
        loaded = await self._with_own(loaded)
        await self.register(loaded.config)
        old, new = self.loaded.config, loaded.config
        changed = config_changes(old.feeds, old.watchlist, new.feeds, new.watchlist)
        if changed:
            self._changes, self._changed_at = changed, self._clock()
        self.loaded, self.feeds, self.problems = loaded, by_id(new.feeds), ()
        if self._told_of is not None:
            await self._tell_mended(changed, self._told_of)
            self._told_of = None
        self._signals.tell(Reloaded(loaded.active.version))
        self._signals.wake("poll")
        self._signals.wake("detect")
        return FilesRead(loaded.active.version, (), bool(changed), self._changes, self._changed_at)

    async def _tell_wrong(self, problems: tuple[Problem, ...], looks: Snapshot) -> None:
        def wording(_: Translator) -> str:
            return _.gettext(
                "⚠️ The files were changed but are wrong; the last good ones stay in force:\n{problems}",
                problems="\n".join(problem_line(_, problem) for problem in problems[:MOST_SHOWN]),
            )

        await self._tell_admins(wording, "wrong", looks)

    async def _tell_mended(self, changed: ConfigChanges, looks: Snapshot) -> None:
        def wording(_: Translator) -> str:
            said = _.gettext("✅ The files are right again, and in force.")
            return "\n".join([said, *change_lines(_, changed)])

        await self._tell_admins(wording, "mended", looks)

    async def _tell_admins(self, wording: Wording, of: str, looks: Snapshot) -> None:
        """A notice of the files as they looked: two savings within a second, or a stopped clock, are still two."""
        now = self._clock()
        digest = hashlib.sha256(repr(sorted(looks)).encode()).hexdigest()[:12]
        await self._store.write(
            tell_admins,
            self._settings.admin_chats,
            wording,
            dedupe_key=notice_key("config", of, digest, now.isoformat()),
            now=now,
        )
        self._signals.wake("deliver")
