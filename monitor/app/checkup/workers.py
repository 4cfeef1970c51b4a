"""Several processes on one PostgreSQL: what none of them does, their versions and clocks, connections enough."""

from collections.abc import Sequence
from datetime import timedelta

from monitor.app.checkup.checks import Check, CheckState
from monitor.i18n import SOURCE, translator
from monitor.pipeline.worker_words import trouble_words
from monitor.pipeline.workers_seen import Lack, WorkersTrouble
from monitor.store.examination import Examination
from monitor.store.worker_rows import WorkerSeen

APART = timedelta(seconds=2)  # of a clock from the database's; NTP keeps milliseconds
CONNECTIONS_EACH = 20  # at most, of a worker: 15 of its own, and of children that look something up
BESIDE = 10  # for commands, backups, whoever looks


def judge_workers(
    seen: Sequence[WorkerSeen], found: Examination, troubles: Sequence[WorkersTrouble] = ()
) -> list[Check]:
    """All checks of this group; none while no worker is alive."""
    alive = [each for each in seen if each.is_alive]
    if not alive:
        return []
    return [*_work(troubles), _versions(alive), _clocks(alive), _connections(len(alive), found)]


def name_of(seen: WorkerSeen) -> str:
    """By what a person finds a worker."""
    return f"{seen.worker.host} ({seen.worker.pid})"


def counted(workers: int) -> str:
    """1 worker, 2 workers."""
    return "1 worker" if workers == 1 else f"{workers} workers"


def _work(troubles: Sequence[WorkersTrouble]) -> list[Check]:
    name, english = "workers' work", translator(SOURCE)
    if not troubles:
        return [Check(name, CheckState.OK, "somebody does each part, and none is unwell")]
    checks = []
    for each in troubles:
        what, do = trouble_words(english, each), "look into its log, and start it again"
        if each.lack is not Lack.UNWELL:
            what, _, do = what.partition(": ")
        checks.append(Check(name, CheckState.PROBLEM, what, do))
    return checks


def _versions(alive: Sequence[WorkerSeen]) -> Check:
    by_version: dict[str, list[str]] = {}
    for each in alive:
        of = f"{each.worker.version}, schema {each.worker.schema}"
        by_version.setdefault(of, []).append(name_of(each))
    if len(by_version) == 1:
        return Check("workers' versions", CheckState.OK, f"{counted(len(alive))} of {next(iter(by_version))}")
    what = "; ".join(f"{of}: {', '.join(names)}" for of, names in sorted(by_version.items()))
    do = "finish the update: install the newer version there, and start those workers again"
    return Check("workers' versions", CheckState.WARNING, what, do)


def _clocks(alive: Sequence[WorkerSeen]) -> Check:
    apart = [each for each in alive if abs(each.worker.clock_ahead) > APART]
    if not apart:
        return Check("workers' clocks", CheckState.OK, f"within {APART.seconds} s of the database's")
    what = ", ".join(f"{name_of(each)} {each.worker.clock_ahead.total_seconds():+.0f} s" for each in apart)
    do = "set the clocks there: timedatectl set-ntp true"
    return Check("workers' clocks", CheckState.WARNING, f"against the database's: {what}", do)


def _connections(workers: int, found: Examination) -> Check:
    name, needed = "connections", workers * CONNECTIONS_EACH + BESIDE
    if found.is_behind_pooler:
        what = f"a pooler stands before PostgreSQL, which allows {found.most_connections}"
        do = f"see that the pooler takes {needed} clients (PgBouncer: max_client_conn) for {counted(workers)}"
        return Check(name, CheckState.OK, what, do)
    what = f"PostgreSQL allows {found.most_connections}, {counted(workers)}: up to {needed}"
    if found.most_connections >= needed:
        return Check(name, CheckState.OK, what)
    do = f"set max_connections of PostgreSQL to {needed} or more, or put PgBouncer before it"
    return Check(name, CheckState.WARNING, what, do)
