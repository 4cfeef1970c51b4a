"""How the workers that share a database stand: who is alive, who does what, and what nobody does. Changes nothing.

A worker that is silent is no trouble by itself: what it held is free, and others take it over. Trouble is what nobody
does.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.store.role_names import BOT, CHORES, GROUP, LOOKOUT, PARTS, roles_of
from monitor.store.role_rows import RoleSeen
from monitor.store.sole_names import DONE_WITH
from monitor.store.transaction import Transaction
from monitor.store.worker_rows import WorkerSeen

FREE_FOR = timedelta(seconds=30)  # a role changes hands within 5 s, so after that nobody can
NEWS_PARTS = ("poll", "detect", "deliver")  # without one of these no news arrives


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """One process, as it said of itself with its last beat, `silent_for` ago."""

    host: str
    pid: int
    parts: tuple[str, ...]
    roles: tuple[str, ...]
    is_alive: bool
    silent_for: timedelta
    beat_at: datetime
    started_at: datetime
    version: str
    schema: str
    page: str
    trouble: str
    clock_ahead: timedelta
    is_this: bool = False  # it is the very process that looks

    @property
    def name(self) -> str:
        """By what a person finds it."""
        return f"{self.host} ({self.pid})"


class Lack(StrEnum):
    """What is wrong with the workers as a whole."""

    NOBODY = "nobody"  # no worker is alive
    PART = "part"  # no living worker does this part of the work
    ROLE = "role"  # nobody holds this role, though somebody could
    UNWELL = "unwell"  # a living worker says that something is wrong with it


@dataclass(frozen=True, slots=True)
class WorkersTrouble:
    """One thing that is wrong: `about` which part, role or worker, for how long, and what that worker says."""

    lack: Lack
    about: str = ""
    lasts: timedelta = timedelta(0)
    why: str = ""


@dataclass(frozen=True, slots=True)
class WorkersReport:
    """All workers, the oldest first, behind them those that fell silent in the last hour, and what is wrong."""

    workers: tuple[WorkerStatus, ...]
    troubles: tuple[WorkersTrouble, ...] = ()

    def does(self, part: str) -> bool:
        """Whether somebody who is alive does this part of the work."""
        return any(each.is_alive and part in each.parts for each in self.workers)


def read_workers(tx: Transaction, *, wanted: Collection[str]) -> WorkersReport:
    """By their rows. `wanted`: the parts of the work that somebody has to do.

    Between two `run --once` nobody is at work, and nobody is missed.
    """
    seen, roles = tx.workers(), tx.roles_seen()
    is_missed = not tx.fact(DONE_WITH) or any(each.is_alive for each in seen)
    troubles = lacks(seen, roles, wanted=wanted) if is_missed else []
    shown = [_status(each, looks=tx.worker) for each in sorted(seen, key=lambda each: not each.is_alive)]
    return WorkersReport(tuple(shown), tuple(troubles))


def _status(seen: WorkerSeen, *, looks: str | None = None) -> WorkerStatus:
    worker = seen.worker
    return WorkerStatus(
        worker.host,
        worker.pid,
        worker.parts,
        seen.roles if seen.is_alive else (),
        seen.is_alive,
        seen.silent_for,
        seen.beat_at,
        seen.started_at,
        worker.version,
        worker.schema,
        worker.page,
        worker.trouble,
        worker.clock_ahead,
        worker.id == looks,
    )


def wanted_parts(*, has_bot: bool) -> tuple[str, ...]:
    """Which parts somebody has to do: the page is a matter of taste, and a bot there is only with a token."""
    return (*NEWS_PARTS, "bot") if has_bot else NEWS_PARTS


def lacks(workers: Sequence[WorkerSeen], roles: Sequence[RoleSeen], *, wanted: Collection[str]) -> list[WorkersTrouble]:
    """What is wrong, the worst first."""
    alive = [each for each in workers if each.is_alive]
    if not alive:
        return [WorkersTrouble(Lack.NOBODY)]
    done = {part for each in alive for part in each.worker.parts}
    found = [WorkersTrouble(Lack.PART, part) for part in PARTS if part in wanted and part not in done]
    known = {role.name: role for role in roles}
    for name in (LOOKOUT, GROUP, CHORES, BOT):
        ages = [_age(each) for each in alive if name in roles_of(each.worker.parts)]
        role = known.get(name)
        free_for = role.free_for if role is not None else timedelta.max
        lasts = min(free_for, max(ages, default=timedelta(0)))
        if lasts >= FREE_FOR:
            found.append(WorkersTrouble(Lack.ROLE, name, lasts))
    unwell = [each for each in alive if each.worker.trouble]
    found += [WorkersTrouble(Lack.UNWELL, _status(each).name, why=each.worker.trouble) for each in unwell]
    return found


def _age(worker: WorkerSeen) -> timedelta:
    return worker.beat_at - worker.started_at + worker.silent_for
