"""What every page of the web stands on: the store, what is in force at this moment, and who administers.

Holds no page and no state of one: rows are the truth, and a restart forgets nothing but who has just guessed.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from monitor.notify.mini_app import AppUser
from monitor.pipeline.file_desk import FileDesk
from monitor.pipeline.recent import Limit, Recent
from monitor.pipeline.status import StatusReport
from monitor.pipeline.try_feed import TriedFeed
from monitor.pipeline.watch_desk import ShownWatch, WatchDesk
from monitor.ports import Clock
from monitor.store.transaction import Store
from monitor.types import TERMINAL, Address, Failed, Feed, Watch, WatchId, Watchlist

ADMINISTRATOR = TERMINAL  # who got in by `monitor login` without a chat: whoever can run it has the files anyway
WRONG_TOKENS = Limit(10, timedelta(minutes=1))  # of one peer; 256 bits are not guessed, but each try asks the rows


@dataclass(frozen=True, slots=True)
class Site:
    """The page as a whole. `url` gives what links to it begin with, without a slash at its end.

    `watches` are those in force, own ones of chats among them; `owners` says whose those are. `watchlist` is that of
    the files alone.
    """

    store: Store
    watchlist: Callable[[], Watchlist]
    watches: Callable[[], Mapping[WatchId, Watch]]
    owners: Callable[[], Mapping[WatchId, Address]]
    feeds: Callable[[], Sequence[Feed]]
    status: Callable[[], Awaitable[StatusReport]]
    clock: Clock
    zone: ZoneInfo
    admin_chats: frozenset[int]
    access: Literal["login", "open"]
    url: Callable[[], str]
    try_feed: Callable[[str], Awaitable[TriedFeed | Failed | None]] | None = None  # asks an address as a poll would
    file_desk: FileDesk | None = None  # edits files of watchlists
    watch_desk: WatchDesk | None = None  # takes changes of single watches back
    app_user: Callable[[str, datetime], AppUser | None] | None = None  # whom Telegram signed for; None: no Mini App
    watch_text: Callable[[WatchId], Awaitable[ShownWatch | None]] | None = None  # a watch as its file writes it
    wrong_tokens: Recent = field(default_factory=lambda: Recent(WRONG_TOKENS))

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by HTTPS: then the cookie travels by nothing else."""
        return self.url().startswith("https://")

    def is_admin(self, address: Address) -> bool:
        """Whether a login as this chat administers."""
        return address == ADMINISTRATOR or address.chat_id in self.admin_chats
