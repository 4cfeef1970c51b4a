"""The service as a process, and what its house does to it: kills, signals, a moved clock, edited files.

Starts it again whenever it ends, as systemd does, and keeps what each process came to.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from monitor.cli.exit_codes import WRONG
from tests.faults.grounds import Ground
from tests.faults.judge import Ended, Sample
from tests.faults.news import Piece, outlet_name, watch_id, watch_name, watches_of
from tests.faults.plan import Fault, Size

REPO = Path(__file__).parents[2]
AGAIN_AFTER = 0.5  # seconds between an end and the next start
STARTS_WITHIN = 15.0  # seconds, on a loaded machine
STOPS_WITHIN = 12.0  # seconds; ten are promised
SHIFT = 3600.0  # seconds by which a clock jumps
HIGH = 5  # every so many watch has `priority: high`


def write_config(folder: Path, ports: Sequence[int], size: Size) -> None:
    """The feeds and the watchlist."""
    (folder / "watchlists").mkdir(parents=True, exist_ok=True)
    rhythm = f"interval: {size.poll_every}s, min_interval: {size.poll_every}s, max_interval: {2 * size.poll_every}s"
    lines = [f"defaults: {{{rhythm}, fulltext: never}}", "feeds:"]
    for number, port in enumerate(ports):
        lines.append(f"  - {{id: to-{number}, outlet: {outlet_name(number)}, url: 'http://{host(number)}:{port}/rss'}}")
    (folder / "feeds.yaml").write_text("\n".join(lines) + "\n")
    write_watchlist(folder, size)


def write_watchlist(folder: Path, size: Size, *, edition: int = 0) -> None:
    """The people, and one more in each edition; saved as editors do, whole."""
    lines = ["leaders:"]
    for number in range(watches_of(size)):
        high = ", priority: high" if number % HIGH == 0 else ""
        lines.append(f"  - {{id: {watch_id(number)}, name: {watch_name(number)}{high}}}")
    if edition:
        lines.append(f"  - {{id: ai-do-{edition}, name: Khuất Kỳ Khôi}}")
    path = folder / "watchlists" / "people.yaml"
    draft = path.with_suffix(".draft")
    draft.write_text("\n".join(lines) + "\n")
    draft.replace(path)


def host(outlet: int) -> str:
    """The name of an outlet's server, which launch.py looks up."""
    return f"to-{outlet}.bao.test"


@dataclass
class House:
    """The process and its surroundings. `run` keeps it running until `stop`."""

    folder: Path
    ground: Ground
    size: Size
    api_url: str
    token: str
    package: Path = REPO  # where monitor/ stands: a mutated copy, or ours
    ended: list[Ended] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)  # of what befell the house
    number: int = -1  # of the process that runs, counted from 0
    _process: asyncio.subprocess.Process | None = None
    _wanted: str = ""  # how the process was asked to end
    _stopping: bool = False

    def __post_init__(self) -> None:
        self._names = {host(number): "127.0.0.1" for number in range(self.size.outlets)}
        self._shift = 0.0
        self._began = 0.0
        self._no_database = False
        self._tell_house()

    @property
    def config(self) -> Path:
        """The folder of YAML files."""
        return self.folder / "config"

    @property
    def log(self) -> Path:
        """What the processes wrote to stderr."""
        return self.folder / "monitor.log"

    # ------------------------------------------------------------ the process

    async def run(self) -> None:
        """Keep it running; each process gets a number, by which Telegram tells it from the others."""
        while not self._stopping:
            self.number += 1
            self._wanted = ""
            self._began = time.monotonic()
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "tests.faults.launch", "run"),
                env=self._environment(),
                cwd=self.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,  # no file: a full disk must not end the log
                start_new_session=True,
            )
            copying = asyncio.create_task(self._copy_log(self._process))
            code = await self._process.wait()
            await copying
            self._note_end(code)
            await asyncio.sleep(AGAIN_AFTER)

    async def stop(self) -> None:
        """End it for good, as an operator does."""
        self._stopping = True
        await self._ask_to_end(signal.SIGTERM)

    def kill_at_last(self) -> None:
        """Leave nothing behind."""
        self._stopping = True
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    def _environment(self) -> Mapping[str, str]:
        mine = {
            "PYTHONPATH": f"{self.package}{os.pathsep}{REPO}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "FAULTS_HOUSE": str(self.folder / "house.json"),
            "MONITOR_CONFIG_DIR": str(self.config),
            "MONITOR_DATABASE_URL": self.ground.url,
            "MONITOR_TELEGRAM_TOKEN": self.token,
            "MONITOR_TELEGRAM_API_URL": f"{self.api_url}/{self.number}",
            "MONITOR_HTTP_ALLOW_PRIVATE": "true",
            "MONITOR_HTTP_PORT": "off",
            "MONITOR_HOST_SPACING": "100ms",
            "MONITOR_SENDS_AT_ONCE": str(self.size.at_once),
            "MONITOR_LOG_FORMAT": "json",
            "MONITOR_CONTACT": "bench@example.org",
        }
        return {**{k: v for k, v in os.environ.items() if not k.startswith("MONITOR_")}, **mine}

    async def _copy_log(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        with self.log.open("ab", buffering=0) as out:
            while piece := await process.stderr.read(65_536):
                out.write(piece)

    def _note_end(self, code: int) -> None:
        now = time.monotonic()
        fitting = {"term": {0}, "interrupt": {130}, "kill": {-signal.SIGKILL}}.get(self._wanted, set())
        if now - self._began < STARTS_WITHIN:  # nobody is at home yet who would take a signal
            fitting |= {"term": {-signal.SIGTERM}, "interrupt": {-signal.SIGINT}}.get(self._wanted, set())
            if self._no_database:
                fitting |= {WRONG}  # as documented: what cannot be used at start ends the start
        self.ended.append(Ended(self.number, now, code, code in fitting, code < 0))

    async def _ask_to_end(self, number: signal.Signals) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        self._wanted = "interrupt" if number is signal.SIGINT else "term"
        process.send_signal(number)
        try:
            async with asyncio.timeout(STOPS_WITHIN):
                await process.wait()
        except TimeoutError:
            self._wanted = "too slow"  # which no code fits: the judge hears of it
            process.kill()

    def sample(self) -> None:
        """Note what the process holds now."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        try:
            pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
            files = len(list(Path(f"/proc/{process.pid}/fd").iterdir()))
        except OSError:
            return
        self.samples.append(Sample(time.monotonic(), self.number, pages * os.sysconf("SC_PAGE_SIZE"), files))

    # ------------------------------------------------------------ what befalls it

    async def play(self, fault: Fault) -> None:
        """One trouble, from now on for as long as it lasts."""
        began = time.monotonic()
        try:
            await self._befall(fault)
        finally:
            self.spans.append((began, time.monotonic()))

    async def _befall(self, fault: Fault) -> None:
        match fault.kind:
            case "kill":
                if self._process is not None and self._process.returncode is None:
                    self._wanted = "kill"
                    self._process.kill()
                    await self._process.wait()
            case "term":
                await self._ask_to_end(signal.SIGTERM)
            case "interrupt":
                await self._ask_to_end(signal.SIGINT)
            case "watchlist-edited":
                for edition in range(1, 1 + int(fault.lasts)):
                    write_watchlist(self.config, self.size, edition=edition)
                    await asyncio.sleep(1)
                write_watchlist(self.config, self.size)
            case "clock-back" | "clock-forward":
                await self._with_moved_clock(-SHIFT if fault.kind == "clock-back" else SHIFT, fault.lasts)
            case _:
                while self._process is None or self._process.returncode is not None:  # noqa: ASYNC110 - just killed
                    await asyncio.sleep(AGAIN_AFTER / 5)
                self._no_database = True
                async with self.ground.befall(fault.kind, self._process.pid):
                    await asyncio.sleep(fault.lasts)
                self._no_database = False

    async def _with_moved_clock(self, by: float, lasts: float) -> None:
        self._shift += by
        self._tell_house()
        try:
            await asyncio.sleep(lasts)
        finally:
            self._shift -= by
            self._tell_house()

    async def play_name(self, fault: Fault) -> None:
        """An outlet's name is not known for a while, or leads to where nobody is at home."""
        self._names[host(fault.who)] = "" if fault.kind == "unknown-name" else "127.0.0.99"
        self._tell_house()
        try:
            await asyncio.sleep(fault.lasts)
        finally:
            self._names[host(fault.who)] = "127.0.0.1"
            self._tell_house()

    def _tell_house(self) -> None:
        path = self.folder / "house.json"
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps({"shift": self._shift, "names": self._names}))
        draft.replace(path)


def stories_of_watch(pieces: Sequence[Piece]) -> dict[int, set[int]]:
    """By watch, the stories that name it."""
    found: dict[int, set[int]] = {}
    for piece in pieces:
        found.setdefault(piece.watch, set()).add(piece.story)
    return found
