"""Where `monitor` spends its CPU, from stacks that py-spy took from outside, a hundred times a second.

A stack counts for the innermost package that has a name here, so that `re` or `json` count for who called them; all of
what happens while something is imported counts as imports.
"""

import os
import re
import subprocess
import sys
import sysconfig
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from benchmarks.peers.contestants import CACHE, REPO, NotInstalled

REQUIREMENT = "py-spy==0.4.3"
OWN = "the interpreter's own start and end"
RATE = 100  # a second
STDLIB, SITE = sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")
MONITOR = str(REPO / "monitor")
OPENED = ("feeds", "stories", "pipeline", "net")  # rooms of ours that are told part by part
TOLD = {"aiosqlite": "aiosqlite, sqlite3, in part asleep"}
WAITING = "EpollSelector.select"  # py-spy often takes a thread for busy that wakes up and goes to sleep all the time
_FRAME = re.compile(r"(?P<name>.*) \((?P<file>[^()]*?)(?::\d+)?\)\Z")
_PY_SPY = CACHE / REQUIREMENT.replace("==", "-") / "bin" / "py-spy"


def ready(*, install: bool) -> None:
    """See that py-spy is there. Raises NotInstalled."""
    if _PY_SPY.exists():
        return
    if not install:
        raise NotInstalled(f"pip install {REQUIREMENT}")
    subprocess.run([sys.executable, "-m", "venv", _PY_SPY.parents[1]], check=True)
    subprocess.run([_PY_SPY.with_name("python"), "-m", "pip", "install", "--quiet", REQUIREMENT], check=True)


def watched(command: Sequence[str], stacks: Path) -> list[str]:
    """The command under py-spy, which writes its stacks there; what it starts is looked at, too."""
    options = ["--format", "raw", "--rate", str(RATE), "--full-filenames", "--subprocesses", "--nonblocking"]
    return [str(_PY_SPY), "record", "--output", str(stacks), *options, "--", *command]


def shares(stacks: Path) -> dict[str, float]:
    """What part of all CPU each group has, the dearest first."""
    groups: Counter[str] = Counter()
    for line in stacks.read_text("utf-8").splitlines():
        frames, _, count = line.rpartition(" ")
        groups[group_of_stack(frames.split(";"))] += int(count)
    return {name: count / groups.total() for name, count in groups.most_common()}


def group_of_stack(frames: Iterable[str]) -> str:
    """The group of a stack, whose outermost frame comes first."""
    found = OWN
    for frame in frames:
        file = _FRAME.match(frame)
        if file is None:  # it names a process
            continue
        found = "others" if found == OWN else found
        if file["file"].startswith("<frozen importlib"):
            return "imports"
        if file["name"] == WAITING:
            return "asyncio: select, in part asleep"
        found = group_of_file(file["file"]) or found
    return found


@cache
def group_of_file(file: str) -> str:
    """The package that a file belongs to; empty for one that works on behalf of its caller."""
    if file.startswith(MONITOR + os.sep):
        parts = file.removeprefix(MONITOR).strip("/").removesuffix(".py").split("/")
        return ".".join(("monitor", *parts[: 2 if parts[0] in OPENED else 1]))
    if file.startswith(SITE):
        package = file.removeprefix(SITE).strip("/").split("/")[0].removesuffix(".py")
        return TOLD.get(package, package)
    if file.startswith(os.path.join(STDLIB, "asyncio")):
        return "asyncio"
    return ""
