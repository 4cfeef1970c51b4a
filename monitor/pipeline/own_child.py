"""The process that looks things up in stored news, apart from the service: one job each, by standard input and output.

What it is given is a pickle of the service's own; what it says is JSON, so that whatever the news did to it runs
nothing here. It goes behind everybody else (nice), may take so much memory and time and no more, and is ended
when the service stops waiting.
"""

import asyncio
import contextlib
import json
import os
import pickle
import resource
import sys
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from monitor.errors import MonitorError
from monitor.store.transaction import Transaction, open_store
from monitor.types import ItemId, Watchlist

MAX_TIME = timedelta(seconds=90)  # of one job, on a machine that is busy
MAX_WORK = 60  # seconds of a processor: 60,000 items take about six
MAX_MEMORY = 1_500 * 2**20  # bytes of addresses: 60,000 items are 150 MB
MOST_SAID = 2**20  # bytes of an answer
AT_ONCE = 500  # watches pickled in one go: 10,000 would hold up every thread for 40 ms
NICE = 10
_SELF = "monitor.pipeline.own_child"

Said = dict[str, Any]
Runner = Callable[[bytes], Awaitable[Said]]


class Job(Protocol):
    """What is to be looked up: a dataclass of plain values, nouns and watchlists."""

    def said(self, tx: Transaction) -> Said:
        """Do it over stored news, and say what came of it as JSON."""
        ...


class LookupFailed(MonitorError):
    """A job took too long, or its process died; the message is for the log."""


def packed(job: Any) -> bytes:
    """A job as bytes, the watches of its watchlists in portions; call it in a thread."""
    portions: dict[str, list[bytes]] = {}
    for each in fields(job):
        if isinstance(listed := getattr(job, each.name), Watchlist):
            watches = listed.watches
            firsts = range(0, len(watches), AT_ONCE)
            portions[each.name] = [pickle.dumps(watches[first : first + AT_ONCE]) for first in firsts]
            job = replace(job, **{each.name: replace(listed, watches=())})
    return pickle.dumps((job, portions))


def unpacked(given: bytes) -> Any:
    """What `packed` packed."""
    job, portions = pickle.loads(given)  # noqa: S301 – our own bytes
    for name, pieces in portions.items():
        watches = tuple(watch for piece in pieces for watch in pickle.loads(piece))  # noqa: S301
        job = replace(job, **{name: replace(getattr(job, name), watches=watches)})
    return job


def in_process(database_url: str) -> Runner:
    """Runs each job in a process of its own, which reads that database."""

    async def run(given: bytes) -> Said:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            _SELF,
            stdin=PIPE,
            stdout=PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": str(Path(__file__).parents[2])},  # and nothing else: the service's has the token
            start_new_session=True,  # Ctrl-C in the terminal is the service's alone
        )
        try:
            async with asyncio.timeout(MAX_TIME.total_seconds()):
                answer, _ = await process.communicate(pickle.dumps((database_url, given)))
        except TimeoutError:
            raise LookupFailed(f"it took more than {MAX_TIME.total_seconds():.0f} s") from None
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode != 0 or len(answer) > MOST_SAID:
            raise LookupFailed(f"its process ended with {process.returncode}")
        said: Said = json.loads(answer)
        return said

    return run


def said_of(looked: Any) -> Said:
    """What came of a job, as JSON."""
    from monitor.matching.draft.draft_yaml import yaml_of_watch

    examples = looked.examples
    return {
        "text": yaml_of_watch(looked.watch),
        "found": looked.found,
        "numbers": [examples.items, examples.stories, examples.days],
        "caught": list(map(str, examples.caught)),
        "near": list(map(str, examples.near)),
        "changes": [[one.field, one.action, one.value] for one in looked.changes],
        "agreeing": list(looked.agreeing),
    }


def item_ids(said: Said, key: str) -> tuple[ItemId, ...]:
    """The items that an answer names."""
    return tuple(map(ItemId, said[key]))


# ---------------------------------------------------------------- the process itself


def main() -> None:
    """Do the one job on standard input and say what came of it."""
    os.nice(NICE)
    for what, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, MAX_MEMORY), (resource.RLIMIT_CPU, MAX_WORK)):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    database_url, given = pickle.load(sys.stdin.buffer)  # noqa: S301 – the service's own
    print(json.dumps(asyncio.run(_looked_up(database_url, unpacked(given)))))


async def _looked_up(database_url: str, job: Job) -> Said:
    async with await open_store(database_url) as store:
        return await store.read(job.said)


if __name__ == "__main__":
    main()
