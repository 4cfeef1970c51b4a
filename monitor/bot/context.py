"""What every conversation of the bot stands on: the store, the watchlist of the moment, and who administers.

Holds no conversation and no state of one: the database is the truth, and a restart forgets nothing but who has just
asked too much.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import telegram

from monitor.bot.errands import Errands
from monitor.bot.storms import (
    COMMANDS_OF_GROUP,
    COMMANDS_OF_PERSON,
    PAGES_READ,
    PRESSES_OF_GROUP,
    PRESSES_OF_PERSON,
    QUERIES_OF_PERSON,
    WRONG_CODES,
    Storms,
)
from monitor.bot.targets import Finder, Found
from monitor.pipeline.answers import Answers
from monitor.pipeline.ask_missed import AskMissed
from monitor.pipeline.config_changes import FilesRead
from monitor.pipeline.file_desk import FileDesk
from monitor.pipeline.own_watches import OwnDesk
from monitor.pipeline.pictures import Pictures
from monitor.pipeline.recent import Recent
from monitor.pipeline.status import StatusReport
from monitor.pipeline.try_feed import TriedFeed
from monitor.pipeline.watch_desk import WatchDesk
from monitor.ports import Clock
from monitor.store.transaction import Store
from monitor.types import EVERYTHING, Address, Failed, Feed, Watch, WatchId, Watchlist

Access = Literal["open", "invite", "closed"]
RIGHTS_KEPT = timedelta(minutes=1)  # how long a look at a group's administrators holds: a menu is many presses


class MustWait(Exception):
    """Telegram would have to be asked something, and wants silence for the moment."""


@dataclass(frozen=True, slots=True)
class Running:
    """What the bot asks of the service that it runs in: its files, how it does, and to read the files again.

    `try_feed` asks an address as a poll would; None: nothing is asked here.
    """

    watchlist: Callable[[], Watchlist]
    feeds: Callable[[], Sequence[Feed]]
    status: Callable[[], Awaitable[StatusReport]]
    reload: Callable[[], Awaitable[FilesRead]]
    try_feed: Callable[[str], Awaitable[TriedFeed | Failed | None]] | None = None
    own: Callable[[], Mapping[WatchId, tuple[Address, Watch]]] = dict  # what chats watch for themselves, and whose
    page: Callable[[], str] = str  # what links to the web page begin with; empty where there is none


@dataclass(slots=True)
class BotContext:
    """Built once, where the program is wired. `new_code` makes a word for an invitation."""

    bot: telegram.Bot
    answers: Answers
    store: Store
    running: Running
    clock: Clock
    timezone: ZoneInfo
    admin_chats: frozenset[int]
    access: Access
    fence: int | None = None  # since when this process is the one of several that receives
    receives: Callable[[], bool] = lambda: True  # whether it surely is at this moment
    missed: AskMissed | None = None  # answers /missed
    desk: WatchDesk | None = None  # answers /edit
    files: FileDesk | None = None  # takes changes of whole files back, which the page makes
    pictures: Pictures | None = None  # draws /trend and /who
    own: OwnDesk | None = None  # answers /watch
    errands: Errands = field(default_factory=Errands)
    new_code: Callable[[], str] = lambda: secrets.token_urlsafe(9)
    commands: Storms = field(default_factory=lambda: Storms(COMMANDS_OF_PERSON, COMMANDS_OF_GROUP))
    presses: Storms = field(default_factory=lambda: Storms(PRESSES_OF_PERSON, PRESSES_OF_GROUP))
    wrong_codes: Recent = field(default_factory=lambda: Recent(WRONG_CODES))
    inline: Recent = field(default_factory=lambda: Recent(QUERIES_OF_PERSON))
    pages_read: Recent = field(default_factory=lambda: Recent(PAGES_READ))
    _finder: Finder | None = field(default=None, init=False)
    _rights: dict[tuple[int, int], tuple[datetime, bool]] = field(default_factory=dict, init=False)

    def watchlist_of(self, address: Address) -> Watchlist:
        """The watchlist as one chat sees it: the files' watches, and those that it wrote for itself."""
        watchlist = self.running.watchlist()
        mine = tuple(watch for owner, watch in self.running.own().values() if owner == address)
        return replace(watchlist, watches=(*watchlist.watches, *mine)) if mine else watchlist

    async def finder(self) -> Finder:
        """The finder for the present watchlist; 10,000 watches take seconds to index, so off the loop."""
        watchlist = self.running.watchlist()
        if self._finder is None or self._finder.version != watchlist.version:
            self._finder = await asyncio.to_thread(Finder, watchlist)
        return self._finder

    async def find(self, text: str, address: Address | None = None) -> Found:
        """What a reader may mean; up to 0.1 s a name with 10,000 watches, and a message may name thirty: off the loop.

        `address`: the chat whose own watches may be meant, too; they are the likelier ones.
        """
        found = await asyncio.to_thread((await self.finder()).find, text)
        mine = tuple(watch for owner, watch in self.running.own().values() if owner == address)
        if not mine:
            return found
        own = Finder(Watchlist("", mine)).find(text)
        own_hits = tuple(each for each in own.hits if each not in (EVERYTHING, *found.hits))
        if own.sure and own_hits and not found.sure:
            return Found(own_hits, True)
        return Found((*own_hits, *found.hits), found.sure and not own_hits)

    async def administers(self, chat_id: int, user_id: int) -> bool:
        """Whether Telegram says that this user administers that chat.

        Raises TelegramError when it cannot be asked, MustWait while
        it wants silence there.
        """
        now = self.clock()
        known = self._rights.get((chat_id, user_id))
        if known is None or now - known[0] > RIGHTS_KEPT:
            if not await self.answers.may_call(chat_id):
                raise MustWait
            member = await self.bot.get_chat_member(chat_id, user_id)
            known = (now, member.status in (member.ADMINISTRATOR, member.OWNER))
            self._rights = {key: each for key, each in self._rights.items() if now - each[0] <= RIGHTS_KEPT}
            self._rights[chat_id, user_id] = known
        return known[1]
