"""The process that reads suspicious bodies apart, by frames on its standard input and output: `parser.py` starts it.

It may take so much memory and time and no more, has none of the service's secrets in its environment, and ends with the
service however that ends.
"""

import os
import resource
import sys
import time
from dataclasses import replace
from datetime import timedelta

from monitor.feeds.body import BodyRead, read_body
from monitor.feeds.feedparsed import load_feedparser
from monitor.feeds.frames import MAX_FRAME_BYTES, reply_frames, requested
from monitor.net.child_side import die_with_parent, framed, next_frame
from monitor.types import Failed, FailureKind

MAX_MEMORY = 192 * 2**20  # bytes of addresses: 31 MiB to begin with, 142 with one title of 8 MiB, 60 with 1,000 items
MAX_WORK = 4  # seconds of a processor a body
NICE = 10  # the service and its readers go first


def main() -> None:
    """Read bodies until the input ends."""
    die_with_parent()
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, MAX_MEMORY)
    os.nice(NICE)
    load_feedparser()  # no body pays for it
    given, answers = sys.stdin.buffer, sys.stdout.buffer
    while (header := next_frame(given, most=MAX_FRAME_BYTES)) is not None and (
        data := next_frame(given, most=MAX_FRAME_BYTES)
    ) is not None:
        _allow_work()
        begin = time.process_time()
        try:
            read = read_body(requested(header, data))
        except MemoryError:
            read = _failed(FailureKind.TOO_LARGE, f"reading it takes more than {MAX_MEMORY >> 20} MiB of memory")
        except Exception as error:  # parse_feed raises nothing: a bug, and one feed's trouble
            read = _failed(FailureKind.MALFORMED, f"reading it failed ({type(error).__name__}: {error!s:.100})")
        del header, data
        read = replace(read, work=timedelta(seconds=time.process_time() - begin))
        for frame in reply_frames(read, memory=_memory()):
            answers.write(framed(frame))
        answers.flush()


def _failed(kind: FailureKind, why: str) -> BodyRead:
    return BodyRead("", None, Failed(kind, " ".join(why.split())))


def _allow_work() -> None:
    """So much from now on: the limit counts from the start of the process. Whoever passes it is ended (SIGXCPU)."""
    _limit(resource.RLIMIT_CPU, int(time.process_time()) + 1 + MAX_WORK)


def _limit(what: int, most: int) -> None:
    """Set the limit that counts, and leave the hard one, which may be lower already."""
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _memory() -> int:
    """Bytes that the process has now; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as sizes:
            return int(sizes.read().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


if __name__ == "__main__":
    main()
