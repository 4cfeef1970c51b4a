"""This program beside its peers over a farm of feeds on loopback: CPU and memory, in one run, one after another.

    python -m benchmarks.peers [--feeds 1000] [--items 40] [--only ours,newsboat] [--states new,two,304,same,idle]
                               [--install] [--profile] [--json FILE] [--idle-minutes 5] [--real]

States: every feed new; two items more in each; 304; the same body with 200 and no validators; idle, which is a run
while nothing is due, and the running service with 40 feeds for some minutes. See docs/performance.md.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

from benchmarks.peers import profiles
from benchmarks.peers.contestants import CONTESTANTS, REPO, Contestant, NotInstalled, Ours
from benchmarks.peers.farm import NEW, feed_urls, host
from benchmarks.peers.measuring import MemoryWatch, cpu_of, run
from benchmarks.peers.tables import STATES, Findings, Idle, Row, tables
from benchmarks.peers.texts import REAL

WITHIN = 3_600.0  # seconds, for one program in one state
SERVED = 40  # feeds of the idle service: so many are configured as it ships
SETTLES = 30.0  # seconds that the idle service gets before it is looked at


class FarmHandle:
    """The farm in its own process."""

    def __init__(self, port: int) -> None:
        self.port = port

    def become(self, state: str = "") -> dict[str, int]:
        """Take on a state; gives what was asked for since the last time."""
        request = Request(f"http://{host(0)}:{self.port}/become?state={state}", method="POST")
        with urlopen(request) as answer:
            counts: dict[str, int] = json.load(answer)
        return counts


@contextmanager
def farm(feeds: int, items: int, *, real: bool) -> Iterator[FarmHandle]:
    command = [sys.executable, "-m", "benchmarks.peers.farm", str(feeds), str(items), *(["--real"] if real else [])]
    started = subprocess.Popen(command, cwd=REPO, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert started.stdin is not None
    assert started.stdout is not None
    try:
        yield FarmHandle(int(started.stdout.readline()))
    finally:
        started.stdin.close()
        started.wait()


def entered(wish: argparse.Namespace, folder: Path, findings: Findings) -> list[Contestant]:
    """Who takes part; who is missing is noted."""
    there = []
    for name in wish.only:
        (folder / name).mkdir()
        contestant = CONTESTANTS[name](folder / name)
        try:
            findings.programs[name] = f"{contestant.version()}: {contestant.how}"
        except NotInstalled as missing:
            if not wish.install:
                findings.missing[name] = f"not installed ({missing}); --install brings it"
                continue
            contestant.install()
            findings.programs[name] = f"{contestant.version()}: {contestant.how}"
        there.append(contestant)
    return there


def measure(contestant: Contestant, state: str, farm: FarmHandle, expected: int, wish: argparse.Namespace) -> Row:
    """One program in one state, to its end."""
    log = contestant.folder / "said.log"
    if contestant.knows_when and state not in (
        "new",
        "two",
    ):  # what it put off, ours an edit of an alert, is done first
        run(contestant.command(due=False), env=contestant.env(), cwd=contestant.folder, log=log, within=WITHIN)
    farm.become()
    command = contestant.command(due=state != "idle")
    if wish.profile and isinstance(contestant, Ours):
        command = profiles.watched(command, contestant.folder / f"{state}.stacks")
    cost = run(command, env=contestant.env(), cwd=contestant.folder, log=log, within=WITHIN)
    try:
        stored = contestant.stored()
    except (OSError, ValueError, sqlite3.Error) as error:
        say(f"{contestant.name}: {error}")
        stored = -1
    row = Row(
        state, contestant.name, cost.cpu, cost.memory / 1e6, cost.wall, stored, expected, farm.become(), cost.code
    )
    say(f"{state:>5} {row.program:<11}{row.cpu:>8.2f} s CPU{row.memory:>7.0f} MB{row.wall:>8.1f} s  {row.answers}")
    if not row.is_right:
        say(f"{row.program} ended with {row.code} and has {stored} items, not {expected}; it said:")
        say(log.read_text("utf-8", "replace")[-2_000:])
    return row


def idle_service(folder: Path, farm: FarmHandle, wish: argparse.Namespace) -> Idle:
    """The service as a user leaves it alone: its default pace, feeds that answer 304."""
    ours = Ours(folder)
    ours.prepare(feed_urls(min(SERVED, wish.feeds), farm.port))
    log = folder / "said.log"
    run(ours.command(due=False), env=ours.env(), cwd=folder, log=log, within=WITHIN)
    env = {name: value for name, value in ours.env().items() if name != "MONITOR_HOST_SPACING"}
    with log.open("ab") as out:
        service = subprocess.Popen(
            [sys.executable, "-m", "monitor", "run"], env=env, cwd=folder, stdout=out, stderr=out
        )
    watch = MemoryWatch(service.pid)
    watch.start()
    try:
        time.sleep(SETTLES)
        farm.become()
        begin, used = time.monotonic(), cpu_of(service.pid)
        time.sleep(wish.idle_minutes * 60)
        seconds, used = time.monotonic() - begin, cpu_of(service.pid) - used
        memory = watch.end() / 1e6
        service.send_signal(signal.SIGTERM)
        code = service.wait(timeout=30)
    finally:
        service.kill()
    if code != 0:
        raise SystemExit(f"the service ended with {code}: {log.read_text('utf-8', 'replace')[-2_000:]}")
    return Idle(min(SERVED, wish.feeds), used / seconds, memory, seconds, farm.become())


def say(line: str) -> None:
    """Progress, beside the table."""
    print(line, file=sys.stderr, flush=True)


def compete(wish: argparse.Namespace, folder: Path) -> Findings:
    """Every state in its order, every program in each, one after another."""
    findings = Findings(
        wish.feeds, wish.items, f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    if wish.profile:
        profiles.ready(install=wish.install)
    contestants = entered(wish, folder, findings)
    with farm(wish.feeds, wish.items, real=wish.real) as handle:
        for contestant in contestants:
            contestant.prepare(feed_urls(wish.feeds, handle.port))
        expected = wish.feeds * wish.items
        for state in STATES:
            if not set(STATES[STATES.index(state) :]) & set(wish.states):
                break
            # what is not wished for is run all the same: a state is what was known before it (newsboat, for one, asks
            # with validators from the third time on)
            handle.become(state if state != "idle" else "304")
            expected += wish.feeds * NEW if state == "two" else 0
            for contestant in contestants:
                if state == "idle" and not contestant.knows_when:
                    continue
                row = measure(contestant, state, handle, expected, wish)
                if state in wish.states:
                    findings.rows.append(row)
                if wish.profile and isinstance(contestant, Ours):
                    findings.profiles[state] = profiles.shares(contestant.folder / f"{state}.stacks")
        if "idle" in wish.states and "ours" in wish.only and wish.idle_minutes:
            (folder / "service").mkdir()
            findings.service = idle_service(folder / "service", handle, wish)
    return findings


def wishes() -> argparse.Namespace:
    told = argparse.ArgumentParser(prog="python -m benchmarks.peers")
    told.add_argument("--feeds", type=int, default=1_000)
    told.add_argument("--items", type=int, default=40)
    told.add_argument(
        "--only", type=lambda words: words.split(","), default=list(CONTESTANTS), help="of " + ", ".join(CONTESTANTS)
    )
    told.add_argument(
        "--states", type=lambda words: words.split(","), default=list(STATES), help="of " + ", ".join(STATES)
    )
    told.add_argument("--idle-minutes", type=float, default=5.0, help="how long the idle service is looked at; 0: not")
    told.add_argument("--install", action="store_true", help="bring peers that are missing (apt-get, pip)")
    told.add_argument(
        "--profile", action="store_true", help="where ours spends it, by py-spy, whose own CPU is in the table then"
    )
    told.add_argument(
        "--real", action="store_true", help="titles and leads of newspapers, where they lie beside the repository"
    )
    told.add_argument("--json", type=Path, help="write what was found here, too")
    told.add_argument("--keep", type=Path, help="work in this new folder and leave it")
    wish = told.parse_args()
    for kind, known in (("only", CONTESTANTS), ("states", STATES)):
        if unknown := set(getattr(wish, kind)) - set(known):
            told.error(f"--{kind}: {', '.join(sorted(unknown))} is not known; write some of {','.join(known)}")
    if wish.real and not REAL.exists():
        told.error(f"--real: {REAL.name} does not lie beside the repository")
    if wish.items < NEW:
        told.error(f"--items: at least {NEW}")
    return wish


def main() -> int:
    wish = wishes()
    folder = wish.keep or Path(tempfile.mkdtemp(prefix="monitor-peers-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        findings = compete(wish, folder)
    finally:
        if wish.keep is None:
            shutil.rmtree(folder)
    print(f"{datetime.now(UTC):%Y-%m-%d}, {tables(findings)}")
    if wish.json is not None:
        wish.json.write_text(json.dumps(asdict(findings), ensure_ascii=False, indent=1), "utf-8")
    return 0 if all(row.is_right for row in findings.rows) else 1


if __name__ == "__main__":
    sys.exit(main())
