"""What a command and all its descendants cost: CPU seconds, memory, seconds on the wall. Linux only.

Knows nothing of feeds. CPU is what the kernel has charged to every process that was waited for: descendants whose own
parent does not wait for them become ours (PR_SET_CHILD_SUBREAPER) and are waited for here.
"""

import ctypes
import os
import re
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LOOK_EVERY = 0.05  # seconds, between two looks at the memory of the tree
_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
_TICK = os.sysconf("SC_CLK_TCK")
_RESIDENT = re.compile(r"^Vm(RSS|HWM):\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cost:
    """`memory` in bytes: the most that the processes of the tree held together, or one alone at its peak."""

    cpu: float  # seconds, user and system
    memory: int
    wall: float
    code: int


def run(command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path, within: float) -> Cost:
    """Run to its end, at most so many seconds; what it says goes to `log`."""
    _adopt(True)
    begin = time.monotonic()
    with log.open("ab") as out:
        started = subprocess.Popen(
            command, env=dict(env), cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )
    watch = MemoryWatch(started.pid)
    watch.start()
    limit = threading.Timer(within, os.killpg, (started.pid, signal.SIGKILL))
    limit.start()
    try:
        _, status, usage = os.wait4(started.pid, 0)
        wall = time.monotonic() - begin
        cpu = sum(each.ru_utime + each.ru_stime for each in (usage, *_orphans(started.pid)))
    except BaseException:
        os.killpg(started.pid, signal.SIGKILL)
        raise
    finally:
        limit.cancel()
        memory = watch.end()
        _adopt(False)
    started.returncode = os.waitstatus_to_exitcode(status)  # so that Popen does not wait for it again
    return Cost(cpu, memory, wall, started.returncode)


def _adopt(wanted: bool) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, int(wanted), 0, 0, 0):
        raise OSError(ctypes.get_errno(), "PR_SET_CHILD_SUBREAPER")


def _orphans(group: int) -> Iterator[resource.struct_rusage]:
    """What each process that its own parent left behind has used, once it has ended."""
    while True:
        try:
            yield os.wait4(-group, 0)[2]
        except ChildProcessError:
            return


class MemoryWatch(threading.Thread):
    """Looks at a tree again and again. RSS is added up, so that pages two processes share count twice.

    The kernel's ru_maxrss will not do: a process begins with that of the one that started it.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._most, self._ended = pid, 0, threading.Event()

    def run(self) -> None:
        """Until `end`."""
        is_over = False
        while not is_over:
            looks = [_resident(pid) for pid in tree(self._pid)]
            self._most = max(self._most, sum(now for now, _ in looks), *(peak for _, peak in looks))
            is_over = self._ended.wait(LOOK_EVERY)

    def end(self) -> int:
        """The most that was seen, in bytes."""
        self._ended.set()
        self.join()
        return self._most


def tree(pid: int) -> list[int]:
    """The process and its living descendants."""
    found = [pid]
    for each in found:
        try:
            for task in Path(f"/proc/{each}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:  # it has ended
            continue
    return found


def _resident(pid: int) -> tuple[int, int]:
    """Bytes that a process has in memory now, and had at its peak."""
    try:
        found = dict(_RESIDENT.findall(Path(f"/proc/{pid}/status").read_text()))
    except OSError:
        found = {}
    return int(found.get("RSS", 0)) * 1024, int(found.get("HWM", 0)) * 1024


def cpu_of(pid: int) -> float:
    """Seconds that a running tree has used until now, with those of its descendants that it waited for."""
    total = 0
    for each in tree(pid):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))  # utime, stime, cutime, cstime
    return total / _TICK
