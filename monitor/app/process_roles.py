"""Which roles this process holds among those that share a database: on SQLite, where one process works, all.

A role is what only one process at a time may do. How several processes agree is worker.py's.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from monitor.store.role_names import BOT, CHORES, GROUP, LOOKOUT


class Roles(Protocol):
    """Which roles this process holds."""

    def held(self) -> Mapping[str, int | None]:
        """Those that it holds at this moment, each with its fence; None where nobody else could hold it."""
        ...

    async def while_held(self, role: str, do: Callable[[], Awaitable[object]]) -> None:
        """Run `do` whenever the role is held here, and cancel it when it is not any more; until cancelled."""
        ...


class AllRoles:
    """The roles of the only process: all, always."""

    def held(self) -> Mapping[str, int | None]:
        """All of them."""
        return dict.fromkeys((LOOKOUT, GROUP, CHORES, BOT))

    async def while_held(self, role: str, do: Callable[[], Awaitable[object]]) -> None:
        """Run it."""
        await do()
