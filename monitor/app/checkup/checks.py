"""One check of the place where the service lives, and the table of all of them.

Looks at nothing itself: machine.py, rows.py and outside.py do, each a group.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from monitor.config import Config, Settings, secrets_of

HIDDEN = "***"


class CheckState(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"  # works, and may not for long
    PROBLEM = "problem"  # does not work


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it is, and what to do about it (empty: nothing)."""

    name: str
    state: CheckState
    what: str
    do: str = ""


async def examine_all(settings: Settings, config: Config | None, *, now: datetime) -> list[Check]:
    """Every check in the order in which they depend on each other. `config` None: the files are wrong.

    Takes as long as servers let it wait, at most about 20 s. No secret stands in any of them.
    """
    from monitor.app.checkup import channel_servers, machine, outside, rows

    found = await asyncio.to_thread(machine.examine, settings)
    found += await rows.examine(settings, now=now)
    found += await outside.examine(settings, config.feeds if config else ())
    found += await channel_servers.examine(config.channels if config else ())
    return [without(secrets_of(settings), check) for check in found]


def without(secrets: Sequence[str], check: Check) -> Check:
    """The check with every secret cut out, wherever it came from."""
    what, do = check.what, check.do
    for secret in secrets:
        what, do = what.replace(secret, HIDDEN), do.replace(secret, HIDDEN)
    return replace(check, what=what, do=do)
