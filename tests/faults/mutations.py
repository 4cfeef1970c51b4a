"""Broken monitors: each is a copy of monitor/ in which one promise does not hold, and the plan that must find it.

`python -m tests.faults.mutations` plays them all, minutes each; exit code 1 when one is not found. Where a promise only
breaks in a window of milliseconds, the window is opened to a second or two, so that a short plan meets it.
"""

import argparse
import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.faults.bench import play
from tests.faults.house import REPO
from tests.faults.judge import Verdict
from tests.faults.plan import Fault, Size

EMPTY_WITHIN = 60.0  # seconds after the plan; a healthy monitor needs twenty
SIZE = Size(seconds=60, outlets=8, chats=10, a_second=1.2)


def again(kind: str, every: float, *, lasts: float = 0.0, until: float = 58.0) -> tuple[Fault, ...]:
    """The same trouble over and over, from the third second on."""
    return tuple(Fault(3 + number * every, kind, -1, lasts) for number in range(int((until - 3) / every)))


KILLS = again("kill", 6.0)
SLOW = (Fault(2.0, "late-answers", -1, 56.0),)


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change of one file: `was` stands there once and becomes `now`."""

    name: str
    why: str  # which promise it breaks
    file: str
    was: str
    now: str
    faults: tuple[Fault, ...]  # that find it
    size: Size = SIZE
    seed: int = 1

    def applied(self, text: str) -> str:
        """The file with the change. Raises LookupError when the place is not there any more."""
        if text.count(self.was) != 1:
            raise LookupError(f"{self.name}: monitor/{self.file} holds its place {text.count(self.was)} times")
        return text.replace(self.was, self.now)


MUTATIONS = (
    Mutation(
        "bookmark-before-items",
        "T1: the bookmark is committed by itself, and the items after it",
        "pipeline/poll.py",
        "        polled = await or_failed(lambda: write(",
        "        if isinstance(result, Fetched):\n"
        "            after = after_success(state, feed, result, new=0, total=0, now=asked_at, jitter=0.5)\n"
        "            await self._store.write(Transaction.save_feed, after)\n"
        "            await __import__('asyncio').sleep(2)\n"
        "        polled = await or_failed(lambda: write(",
        KILLS,
        replace(SIZE, outlets=40),  # few articles each: the next one of the same feed would bring the lost one again
    ),
    Mutation(
        "matched-without-alerts",
        "T2: an item is done before its alerts are written",
        "pipeline/detect.py",
        "        alerts = dict(zip((each.item.id for each in ringing), tell.items(ringing), strict=True))\n",
        "        alerts: dict[object, int] = {}\n",
        KILLS,
    ),
    Mutation(
        "claim-not-written",
        "T3: a row that is being sent is not marked, so that the next look takes it too",
        "store/claim_rows.py",
        "            self._change(update(alerts).where(ours).values(taken))\n",
        "            _ = update(alerts).where(ours).values(taken)\n",
        SLOW,
        replace(SIZE, at_once=4),
    ),
    Mutation(
        "outcome-not-written",
        "T4: what Telegram took stays claimed",
        "pipeline/deliver.py",
        "                if tx.settle(alert, AlertState.SENT, now=now, message_id=message_id,"
        " sent_hash=composed.content_hash):\n"
        "                    tx.note_sent(alert, now=now)\n",
        "",
        KILLS,
    ),
    Mutation(
        "outcome-lost-when-cancelled",
        "T4: a send is dropped with its outcome when the service stops",
        "pipeline/deliver.py",
        "        await asyncio.wait([task], timeout=GRACE.total_seconds())\n        task.cancel()",
        "        task.cancel()",
        (Fault(2.0, "answers-at-the-last-moment", -1, 56.0), *again("term", 9.0)),
        replace(SIZE, at_once=4),
    ),
    Mutation(
        "flood-is-sent",
        "T4: an alert that was told to wait counts as sent",
        "pipeline/deliver.py",
        "tx.settle(alert, AlertState.PENDING, now=now, next_try_at=max(at, now + NEVER_LEFT), why=why)",
        "tx.settle(alert, AlertState.SENT, now=now, why=why)",
        again("flood-bot", 6.0, lasts=3.0),
    ),
    Mutation(
        "claims-of-the-dead-stay",
        "a dead process's claims are not taken back at the next start",
        "app/ground.py",
        "        tx.forget_leases(now=now)\n",
        "",
        (*SLOW, *KILLS),
    ),
)


@contextmanager
def mutated(mutation: Mutation) -> Iterator[Path]:
    """A folder with a copy of monitor/ in which the change is made."""
    with tempfile.TemporaryDirectory(prefix="faults-mutant-") as name:
        folder = Path(name)
        shutil.copytree(REPO / "monitor", folder / "monitor", ignore=shutil.ignore_patterns("__pycache__"))
        path = folder / "monitor" / mutation.file
        path.write_text(mutation.applied(path.read_text("utf-8")), "utf-8")
        yield folder


async def found(mutation: Mutation, database: str, *, healthy: bool = False) -> Verdict:
    """Play the plan that must find it; `healthy`: with the monitor as it is, which must pass."""
    with contextlib.nullcontext(REPO) if healthy else mutated(mutation) as package:
        run = await play(
            mutation.seed,
            mutation.size,
            database,
            faults=mutation.faults,
            package=package,
            empty_within=EMPTY_WITHIN,
        )
    return run.verdict


def main() -> None:
    """Play all of them, or those named; a line each."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.mutations", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {[each.name for each in MUTATIONS]}; none: all")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--healthy", action="store_true", help="the monitor as it is, under the same plans")
    given = parser.parse_args()
    wrong = 0
    for mutation in MUTATIONS:
        if given.names and mutation.name not in given.names:
            continue
        verdict = asyncio.run(found(mutation, given.database, healthy=given.healthy))
        wrong += verdict.guilty is given.healthy
        print(
            f"{'guilty' if verdict.guilty else 'passed'}  {mutation.name:28} due {verdict.due:3}, "
            f"lost {len(verdict.lost)}, late {len(verdict.late)}, repeated {len(verdict.repeated)} "
            f"(allowed {verdict.allowed_repeats}), ended {len(verdict.ended)} {'; '.join(verdict.notes)}",
            flush=True,
        )
    raise SystemExit(int(wrong > 0))


if __name__ == "__main__":
    main()
