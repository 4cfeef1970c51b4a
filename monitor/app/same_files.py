"""Whether the processes that share a database read the same files.

Feeds that are not in the files of the one that was started last rest for all, and the one that groups tells by its own
watches. So the look-out says in a row what it reads, and each of the others holds its own against that. Changes nothing
of either: which of two is the right one, a person knows.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from monitor import __version__
from monitor.app.process_roles import Roles
from monitor.app.service import Service
from monitor.app.signals import Signals
from monitor.config import Config
from monitor.store.role_names import LOOKOUT
from monitor.store.transaction import Store, Transaction

LOOK_EVERY = timedelta(seconds=5)
APART_FOR = timedelta(minutes=1)  # an update of the files goes from machine to machine
READ_BY_LOOKOUT = "files_of_lookout"  # the name of the fact
TROUBLE = "its files are not those of the process that looks out: see that config/ is the same on all machines"


def what_is_read(config: Config) -> str:
    """Of files that say the same the same, in short; addresses of channels are each machine's own, and never shown.

    Begins with the release: another one may read the same files otherwise.
    """
    said = (config.watchlist.version, sorted(map(repr, config.feeds)), sorted(map(repr, config.channels)))
    return f"{__version__} {hashlib.sha256(repr(said).encode()).hexdigest()}"


class SameFiles:
    """What this process reads, held against what the look-out says. `reads` is of this moment."""

    def __init__(self, store: Store, roles: Roles, *, reads: Callable[[], str]) -> None:
        self._store = store
        self._roles = roles
        self._reads = reads
        self._apart_since: float | None = None

    async def look(self) -> None:
        """Say what is read here, as the look-out; else compare. Raises StoreError.

        Processes of two releases are not compared: they work side by side for the minutes of an update.
        """
        mine, said = self._reads(), await self._store.read(Transaction.fact, READ_BY_LOOKOUT)
        if mine == said:
            self._apart_since = None
        elif LOOKOUT in self._roles.held():
            await self._store.write(Transaction.set_fact, READ_BY_LOOKOUT, mine)
            self._apart_since = None
        elif mine.split()[:1] != said.split()[:1]:
            self._apart_since = None
        elif self._apart_since is None:
            self._apart_since = time.monotonic()

    def trouble(self) -> str:
        """What is wrong, once it has been so for APART_FOR; empty when nothing is."""
        since = self._apart_since
        return TROUBLE if since is not None and time.monotonic() - since >= APART_FOR.total_seconds() else ""


async def compare_files(signals: Signals, service: Service) -> None:
    """The background service that does so where there are several processes; its trouble is told with each beat."""
    shared = service.ground.shared
    if shared is None:
        return
    same = SameFiles(service.store, service.roles, reads=lambda: what_is_read(service.config))
    shared.troubles.append(same.trouble)
    while not signals.stopping.is_set():
        await signals.guarded(same.look, "same files")
        with suppress(TimeoutError):
            await asyncio.wait_for(signals.stopping.wait(), LOOK_EVERY.total_seconds())
