"""The database: does it open, is it sound, which schema, who works on it; and whether the clock stands behind it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.app.checkup.checks import Check, CheckState
from monitor.app.checkup.workers import counted, judge_workers, name_of
from monitor.config import Settings
from monitor.errors import StoreError
from monitor.pipeline.workers_seen import WorkersTrouble, read_workers, wanted_parts
from monitor.store.engine import parse
from monitor.store.examination import Examination, examine_database
from monitor.store.migrations import HEAD, REVISIONS
from monitor.store.transaction import Transaction, open_store
from monitor.store.upgrading import fits
from monitor.store.worker_rows import WorkerSeen

LARGE_WAL = 256 * 2**20  # bytes; it is cut to 64 MiB after each checkpoint, unless somebody reads without end
BEHIND = timedelta(minutes=1)  # a poll may be on record a moment ahead of a clock that is being set


async def examine(settings: Settings, *, now: datetime) -> list[Check]:
    """All checks of this group. Makes no database and migrates none."""
    try:
        found = await asyncio.to_thread(examine_database, parse(settings.database_url))
        if found is None:
            return [Check("database", CheckState.OK, "none yet", "monitor run makes it")]
        checks = [judge_database(found)]
        if not _is_ours(found) or found.damage:
            return [*checks, _who(found, ())]
        async with await open_store(settings.database_url) as store:
            parts = wanted_parts(has_bot=settings.telegram_token is not None)
            workers, troubles, behind = await store.read(_workers_and_clock, parts, now)
        checks += [_who(found, workers), *judge_workers(workers, found, troubles), *_clock(behind)]
    except StoreError as error:
        what, _, do = str(error).partition("; ")
        return [Check("database", CheckState.PROBLEM, what, do or "see docs/operations.md, Backup and restore")]
    return checks


def _is_ours(found: Examination) -> bool:
    return found.schema == HEAD or (found.schema is not None and fits(found.works_with, found.schema))


def _workers_and_clock(
    tx: Transaction, parts: Sequence[str], now: datetime
) -> tuple[Sequence[WorkerSeen], Sequence[WorkersTrouble], timedelta]:
    behind = tx.clock_behind(now=now)
    return (tx.workers(), read_workers(tx, wanted=parts).troubles, behind) if tx.has_workers else ((), (), behind)


def _clock(behind: timedelta) -> list[Check]:
    if behind <= BEHIND:
        return []
    what = f"this machine's clock is {behind} behind the newest poll on record"
    return [Check("clock and database", CheckState.PROBLEM, what, "set the clock: timedatectl set-ntp true")]


def judge_database(found: Examination) -> Check:
    """Whether a database that opens is sound and ours to work on."""
    what = f"{found.kind}, schema {found.schema}, {found.size / 2**20:.1f} MiB"
    if found.damage:
        do = "stop the service and restore a backup: monitor restore FILE"
        return Check("database", CheckState.PROBLEM, f"{what}, damaged: {found.damage}", do)
    if found.schema is None:
        return Check("database", CheckState.OK, f"{found.kind}, empty", "monitor run makes the tables")
    if found.schema not in REVISIONS and fits(found.works_with, found.schema):
        do = "update this program when it suits"
        return Check("database", CheckState.WARNING, f"{what}: of a newer version, which works with ours ({HEAD})", do)
    if found.schema not in REVISIONS:
        do = "update this program, or restore a backup from before the update"
        return Check("database", CheckState.PROBLEM, f"{what}: written by a newer version (ours is {HEAD})", do)
    if found.schema != HEAD:
        do = f"monitor run brings it to {HEAD}; make a backup first: monitor backup FILE"
        return Check("database", CheckState.WARNING, f"{what}: of an older version", do)
    if found.wal > LARGE_WAL:
        do = "look for a program that reads without end, and restart the service"
        return Check("database", CheckState.WARNING, f"{what}, with a WAL of {found.wal / 2**20:.0f} MiB", do)
    return Check("database", CheckState.OK, what)


def _who(found: Examination, workers: Sequence[WorkerSeen]) -> Check:
    if alive := [name_of(each) for each in workers if each.is_alive]:
        return Check("service", CheckState.OK, f"at work: {counted(len(alive))}, {', '.join(alive)}")
    return Check("service", CheckState.OK, f"at work: {found.worker}" if found.worker else "not running")
