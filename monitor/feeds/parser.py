"""Has the bodies of feeds read: ordinary ones in one thread, suspicious ones in a process apart that is ended in time.

Knows what a body costs, not what it says (body.py). One hostile feed costs itself, never the others.
"""

import asyncio
import heapq
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Literal

from monitor.feeds.body import SLOW, BodyRead, FeedBody, Way, is_ordinary, read_body
from monitor.feeds.decode import MAX_ENTRIES
from monitor.feeds.frames import (
    MAX_ENTRY_BYTES,
    MAX_REPLY_BYTES,
    entry_of,
    reply_header,
    request_header,
)
from monitor.net.child_process import ChildProcess
from monitor.types import Entry, Failed, FailureKind, FeedId

CHILD = "monitor.feeds.parser_child"
MAX_TIME = timedelta(seconds=10)  # for one body apart, by the clock on the wall; its work is bounded by the process
MAX_WAIT = timedelta(minutes=2)  # for a turn: a feed's lease is five minutes, and asking may have taken two
MAX_WAITING = 20  # bodies that wait to be read apart: more would take all places of polling from good feeds
MAX_BODIES = 500  # of one process: whatever it may have lost by then goes with it
MAX_RESIDENT = 96 * 2**20  # bytes that a process may keep between two bodies; it starts with 30 MB
_ENTRIES_A_BREATH = 50  # 1 ms


class _Turns:
    """One at a time; of those who wait the one that is expected to be done soonest."""

    def __init__(self) -> None:
        self._taken = False
        self._count = 0
        self._waiting: list[tuple[timedelta, int, asyncio.Future[None]]] = []

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(not turn.done() for _, _, turn in self._waiting)

    @asynccontextmanager
    async def turn(self, expected: timedelta) -> AsyncIterator[None]:
        if self._taken:
            turn = asyncio.get_running_loop().create_future()
            self._count += 1
            heapq.heappush(self._waiting, (expected, self._count, turn))
            try:
                await turn
            except BaseException:
                if turn.done() and not turn.cancelled():
                    self._pass_on()
                raise
        self._taken = True
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)  # it stays taken: nobody comes in between
                return
        self._taken = False


class FeedParser:
    """Reads bodies of feeds. What is learnt of a feed is how dear its last body was."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "parse")  # with six of them p99 was 31 ms and not 13, and the peak 212 MB
        self._beside = _Turns()
        self._apart = _Turns()
        self._process = ParserProcess()
        self._dear: dict[FeedId, timedelta] = {}  # feeds whose last body took more than SLOW
        self.counts: Counter[Way | Literal["plain"]] = Counter()  # bodies by how they were read; plain: no feedparser

    @property
    def pid(self) -> int | None:
        """Of the process that reads apart, while there is one."""
        return self._process.pid

    async def read(self, feed_id: FeedId, body: FeedBody) -> BodyRead:
        """What the body came to. A body that takes too much is a failure, never an exception."""
        read = await self._read(feed_id, body)
        self.counts[read.way] += 1
        self.counts["plain"] += read.is_plain
        return read

    async def _read(self, feed_id: FeedId, body: FeedBody) -> BodyRead:
        known = self._dear.get(feed_id)
        if known is None and is_ordinary(body.data):
            async with self._beside.turn(_guess(body)):
                read = await asyncio.get_running_loop().run_in_executor(self._thread, _timed, body)
        elif self._apart.waiting >= MAX_WAITING:
            why = f"no time to read it: {MAX_WAITING} other large feeds wait to be read"
            return BodyRead("", None, Failed(FailureKind.TIMEOUT, why))
        else:
            try:
                async with (
                    asyncio.timeout(MAX_WAIT.total_seconds()) as patience,
                    self._apart.turn(known or _guess(body)),
                ):
                    patience.reschedule(None)
                    read = await self._process.read(body)
            except TimeoutError:
                why = f"no time to read it: other large feeds took more than {MAX_WAIT.total_seconds():.0f} s"
                return BodyRead("", None, Failed(FailureKind.TIMEOUT, why))
        if read.work > SLOW:
            self._dear[feed_id] = read.work
        else:
            self._dear.pop(feed_id, None)
        return read

    async def close(self) -> None:
        """End what is at work; a thread in the middle of a body is not waited for."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        await self._process.end()


@asynccontextmanager
async def open_parser() -> AsyncIterator[FeedParser]:
    """A parser, with nothing left of it behind the block."""
    parser = FeedParser()
    try:
        yield parser
    finally:
        await parser.close()


def _guess(body: FeedBody) -> timedelta:
    """How long a body may take of which nothing is known: a second a MiB, as one of 1,000 items does at its worst."""
    return timedelta(seconds=len(body.data) / 2**20)


def _timed(body: FeedBody) -> BodyRead:
    begin = time.thread_time()
    read = read_body(body)
    return replace(read, work=timedelta(seconds=time.thread_time() - begin))


class ParserProcess:
    """The one child that reads bodies apart: started when it is needed, replaced when it died or has grown."""

    def __init__(self) -> None:
        self._child = ChildProcess()
        self._bodies = 0

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        return self._child.pid

    async def read(self, body: FeedBody) -> BodyRead:
        """Have one body read; only one at a time."""
        begin = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(MAX_TIME.total_seconds()):
                if await self._child.start(CHILD):
                    self._bodies = 0
                read, memory = await _ask(self._child, body)
        except TimeoutError:
            await self._child.kill()
            return _too_much(f"reading it takes more than {MAX_TIME.total_seconds():.0f} s", MAX_TIME)
        except (
            ValueError,
            RecursionError,
            ConnectionError,
            asyncio.IncompleteReadError,
        ):  # it died, or sent what is no reply
            status = await self._child.ended()
            took = timedelta(seconds=asyncio.get_running_loop().time() - begin)
            return _too_much(_end_in_words(status), max(took, SLOW * 2))
        except OSError as error:  # of starting it
            return BodyRead("", None, Failed(FailureKind.TIMEOUT, f"no process could be started to read it: {error}"))
        except BaseException:
            await self._child.kill()  # it is in the middle of something
            raise
        self._bodies += 1
        if memory > MAX_RESIDENT or self._bodies >= MAX_BODIES:
            await self._child.kill()
        return read

    async def end(self) -> None:
        """Nothing is left of it behind this."""
        await self._child.kill()


async def _ask(child: ChildProcess, body: FeedBody) -> tuple[BodyRead, int]:
    """Send the body and take the entries in. Raises ValueError when what comes is no reply."""
    await child.send(request_header(body))
    await child.send(body.data)
    read, count, memory = reply_header(await child.frame(most=MAX_ENTRY_BYTES))
    entries: list[Entry] = []
    size = 0
    for number in range(min(count, MAX_ENTRIES)):
        frame = await child.frame(most=MAX_ENTRY_BYTES)
        size += len(frame)
        if size > MAX_REPLY_BYTES:
            raise ValueError("a reply without end")
        entries.append(entry_of(frame))
        if not number % _ENTRIES_A_BREATH:
            await asyncio.sleep(0)
    return (replace(read, entries=tuple(entries)) if count else read), memory


def _too_much(why: str, work: timedelta) -> BodyRead:
    return BodyRead("", None, Failed(FailureKind.TOO_LARGE, why), work)


def _end_in_words(status: int | None) -> str:
    match status:
        case int() if status == -signal.SIGXCPU:
            return "reading it takes more work than a feed may: some seconds of a processor"
        case 1 | -9:  # no memory to say so, or the system's own guard of memory
            return "reading it takes more memory than a feed may"
        case _:
            return f"reading it ended the process that reads (status {status})"
