"""Which roles this process holds among those that share a database: on SQLite, where one process works, all.

A role is what only one process at a time may do. How several processes agree is worker.py's.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Protocol

LOOKOUT = "lookout"  # which keys are due, and what the dead held
GROUP = "group"  # detection: grouping is decided with what came before
CHORES = "chores"  # what one process does for all: digests, reports, the search index, housekeeping
BOT = "bot"  # receives what Telegram has for the bot
PARTS = ("poll", "detect", "deliver", "bot", "web")  # of the work, as `--only` names them
ROLES_OF = {"detect": (GROUP, CHORES), "bot": (BOT,)}  # what whoever does a part may have to hold


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


def roles_of(parts: Collection[str]) -> tuple[str, ...]:
    """Which roles a process that does these parts wants; the look-out is anybody's."""
    return (LOOKOUT, *(role for part in parts for role in ROLES_OF.get(part, ())))
