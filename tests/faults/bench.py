"""Plays a plan: newspapers, Telegram, the house and the real service together; then waits, and has it judged."""

import asyncio
import contextlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.pipeline.digest import prefer
from monitor.store.transaction import open_store
from monitor.types import Address, Chat, ChatKind, Preferences, Target
from tests.bot_api import BotApi
from tests.faults.bot_faults import BotFaults
from tests.faults.grounds import GROUNDS, Ground
from tests.faults.house import REPO, STARTS_WITHIN, House, stories_of_watch, write_config
from tests.faults.judge import Due, Outage, Told, Verdict, grown, judged
from tests.faults.news import Piece, Subscriber, by_outlet, followers, news, stories_of, subscribers, watch_id
from tests.faults.outlets import LISTED, Given, Served
from tests.faults.plan import LOSES_THE_PLACE, Fault, Place, Size, plan, shown

TOKEN = "70001:" + "k" * 35
NAMES = frozenset(["unknown-name", "name-moves"])
NEVER_RINGS = frozenset(["dates-of-1970"])  # what is first seen so is too old for an alert, for ever
OPEN_WITHIN = 120.0  # seconds until every feed has had its baseline
EMPTY_WITHIN = 180.0  # seconds after the last trouble until nothing waits any more
LOOK_EVERY = 0.5
MARGIN = 60.0
MINUTE = timedelta(minutes=1)
UTC_ZONE = ZoneInfo("UTC")
FACES_AROUND = 120  # minutes before and after the start that are digest hours: a clock moves by an hour (house.py)
WAITS = {"digests": 60.0, "quiet": 120.0}  # seconds that news may wait to be told together


@dataclass
class Run:
    """What is known when a plan has been played."""

    seed: int
    size: Size
    faults: tuple[Fault, ...]
    verdict: Verdict
    house: House
    log: str = ""
    seconds: float = 0.0
    served: list[Served] = field(default_factory=list)


async def play(
    seed: int,
    size: Size,
    database: str,
    *,
    without: Collection[str] = (),
    only: Collection[str] = (),
    faults: tuple[Fault, ...] | None = None,
    package: Path = REPO,
    keep: Path | None = None,
    empty_within: float = EMPTY_WITHIN,
) -> Run:
    """Play the plan of that seed, or `faults`, on that kind of database, with the monitor that stands in `package`."""
    if faults is None:
        faults = plan(seed, size, database=database, without=without, only=only)
    folder = keep or Path(tempfile.mkdtemp(prefix="faults-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with GROUNDS[database]() as ground:
            return await Bench(seed, size, faults, ground, folder, package, empty_within).run()
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


class Bench:
    """One plan at play."""

    def __init__(
        self,
        seed: int,
        size: Size,
        faults: tuple[Fault, ...],
        ground: Ground,
        folder: Path,
        package: Path,
        empty_within: float,
    ) -> None:
        self._seed = seed
        self._size = size
        self._faults = faults
        self._ground = ground
        self._folder = folder
        self._package = package
        self._empty_within = empty_within
        self._pieces = news(seed, size)
        self._readers = subscribers(seed, size)
        self._served = folder / "served.jsonl"
        self._served.touch()

    async def run(self) -> Run:
        """From the empty house to the verdict."""
        begin = time.monotonic()
        async with BotApi(token=TOKEN, limits=True) as api, self._outlets() as (ports, outlets):
            write_config(self._folder / "config", ports, self._size)
            await self._subscribe(api)
            house = House(self._folder, self._ground, self._size, api.url, TOKEN, self._package)
            telegram = BotFaults(api, self._readers)
            running = asyncio.create_task(house.run())
            notes: list[str] = []
            try:
                await self._until(self._all_polled, OPEN_WITHIN, "not every feed had its baseline")
                opened = time.monotonic() + 0.5
                assert outlets.stdin is not None
                outlets.stdin.write(f"{opened}\n".encode())
                await outlets.stdin.drain()
                await self._play(opened, house, telegram)
                ended = time.monotonic()
                try:
                    await self._until(lambda: self._is_quiet(telegram, ended), self._empty_within, "work was left over")
                except TimeoutError as late:
                    notes.append(str(late))
                house.sample()
                notes += grown(house.samples)
                await house.stop()
                await asyncio.wait_for(running, 30)
            finally:
                house.kill_at_last()
                running.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await running
            verdict = self._judge(api, house, telegram, opened, notes)
        log = house.log.read_text("utf-8", errors="replace") if house.log.exists() else ""
        return Run(self._seed, self._size, self._faults, verdict, house, log, time.monotonic() - begin, self._answers())

    # ------------------------------------------------------------ the world

    @asynccontextmanager
    async def _outlets(self) -> AsyncIterator[tuple[list[int], asyncio.subprocess.Process]]:
        given = self._folder / "outlets.json"
        given.write_text(Given(self._seed, self._size, self._faults, str(self._served)).written())
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.outlets", str(given)),
            cwd=REPO,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            assert process.stdout is not None
            yield json.loads(await process.stdout.readline()), process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def _subscribe(self, api: BotApi) -> None:
        async with await open_store(self._ground.url) as store:
            with store.writing() as tx:
                for reader in self._readers:
                    address = Address(reader.chat_id, reader.thread_id)
                    kind = ChatKind.PRIVATE if reader.chat_id > 0 else ChatKind.GROUP
                    place = Chat(address, kind, joined_at=datetime.now(UTC))
                    tx.save_chat(place)
                    prefer(tx, place, wishes(reader, datetime.now(UTC)), zone=UTC_ZONE, now=datetime.now(UTC))
                    for watch in sorted(reader.watches):
                        tx.follow(address, Target(watch_id(watch)), now=datetime.now(UTC))
        topics: dict[int, list[int]] = {}
        for reader in self._readers:
            topics.setdefault(reader.chat_id, []).extend([reader.thread_id] if reader.thread_id else [])
        for chat, threads in topics.items():
            api.add_chat(chat, topics=threads)

    async def _play(self, opened: float, house: House, telegram: BotFaults) -> None:
        """Every trouble at its time; those of one database or one clock wait for each other."""
        turn = asyncio.Lock()

        async def one(fault: Fault) -> None:
            await asyncio.sleep(max(0.0, opened + fault.at - time.monotonic()))
            if fault.place is Place.TELEGRAM:
                await telegram.play(fault)
            elif fault.kind in NAMES:
                await house.play_name(fault)
            elif fault.place is Place.HOUSE:
                async with turn:
                    await house.play(fault)

        async def watch() -> None:
            while True:
                house.sample()
                await asyncio.sleep(LOOK_EVERY)

        watching = asyncio.create_task(watch())
        try:
            async with asyncio.TaskGroup() as group:
                for fault in self._faults:
                    group.create_task(one(fault))
                group.create_task(asyncio.sleep(max(0.0, opened + self._size.seconds - time.monotonic())))
        finally:
            watching.cancel()

    # ------------------------------------------------------------ waiting

    async def _until(self, holds: Callable[[], str], within: float, why: str) -> None:
        """Look until it holds; TimeoutError says what did not."""
        deadline = time.monotonic() + within
        while (left := await asyncio.to_thread(holds)) != "":
            if time.monotonic() > deadline:
                raise TimeoutError(f"{why} within {within:.0f} s: {left}")
            await asyncio.sleep(LOOK_EVERY)

    def _answers(self) -> list[Served]:
        lines = self._served.read_text("utf-8").splitlines()
        return [Served(**json.loads(line)) for line in lines if line.endswith("}")]

    def _all_polled(self) -> str:
        """Who has not come back with the bookmark of its baseline."""
        kept = {each.outlet for each in self._answers() if each.conditional}
        missing = sorted(set(range(self._size.outlets)) - kept)
        return f"outlets {missing[:9]}" if missing else ""

    def _is_quiet(self, telegram: BotFaults, ended: float) -> str:
        """What still waits: a feed that was not asked since the end, an item, an alert."""
        asked = {each.outlet for each in self._answers() if each.at > ended and each.how in ("well", "304")}
        missing = sorted(set(range(self._size.outlets)) - asked - self._away())
        if missing:
            return f"outlets {missing[:9]} not asked since"
        items = self._ground.ask("SELECT count(*) FROM items WHERE matched_at IS NULL AND parked_at IS NULL")[0][0]
        open_rows = self._ground.ask("SELECT chat_id FROM alerts WHERE state IN ('pending', 'sending')")
        lost = {chat for chat, _ in telegram.lost_since}  # their rows wait until they come back
        rows = [chat for (chat,) in open_rows if chat not in lost]
        return f"{items} items, {len(rows)} alerts of chats {sorted(set(rows))[:6]}" if items or rows else ""

    def _away(self) -> set[int]:
        """Outlets that asked to be left alone for hours, and were heard."""
        return {each.outlet for each in self._answers() if each.kind in LOSES_THE_PLACE}

    # ------------------------------------------------------------ judging

    def _judge(self, api: BotApi, house: House, telegram: BotFaults, opened: float, notes: Sequence[str]) -> Verdict:
        since, spoilt = due_since(self._answers(), self._pieces, self._size.outlets)
        names = {(reader.chat_id, reader.thread_id): number for number, reader in enumerate(self._readers)}
        of_watch = followers(self._readers)
        number_of = {id(reader): number for number, reader in enumerate(self._readers)}
        due, tolerated = [], set()
        for story, at in since.items():
            watch = next(piece.watch for piece in self._pieces if piece.story == story)
            for reader in of_watch.get(watch, ()):
                number = number_of[id(reader)]
                due.append(Due(number, story, at))
                lost = telegram.lost_since.get((reader.chat_id, reader.thread_id))
                if story in spoilt or (lost is not None and at > lost - MARGIN):
                    tolerated.add((number, story))
        by_watch = stories_of_watch(self._pieces)
        follows = {
            number: set().union(*(by_watch.get(watch, set()) for watch in reader.watches))
            for number, reader in enumerate(self._readers)
        }
        return judged(
            due,
            self._told(api, telegram, names),
            follows=follows,
            outages=self._outages(house, telegram, opened, names),
            ended=house.ended,
            tolerated=tolerated,
            margin=MARGIN,
            at_once=self._size.at_once,
            waits={n: WAITS[reader.gathers] for n, reader in enumerate(self._readers) if reader.gathers},
            notes=notes,
        )

    def _told(self, api: BotApi, telegram: BotFaults, names: dict[tuple[int, int], int]) -> list[Told]:
        told = []
        for call in api.accepted("sendMessage"):
            chat = int(call.params["chat_id"])
            address = (telegram.moved.get(chat, chat), int(call.params.get("message_thread_id") or 0))
            number = names.get(address)
            stories = stories_of(str(call.params["text"]))
            if number is None:
                continue  # a notice, or a message where a topic was closed
            told += [Told(number, story, call.at, int(call.who or 0), call.answered_after) for story in stories]
        return told

    def _outages(
        self, house: House, telegram: BotFaults, opened: float, names: dict[tuple[int, int], int]
    ) -> list[Outage]:
        """Everything that was wrong, with the time that a start takes behind each end."""
        spans = [Outage(begin, end + 1.0) for begin, end in house.spans]
        spans += [Outage(each.at, each.at + STARTS_WITHIN) for each in house.ended]
        for begin, end, chat in telegram.spans:
            mine = [None] if chat is None else [number for (each, _), number in names.items() if each == chat]
            spans += [Outage(begin, end + 11.0, number) for number in mine]
        return spans


def wishes(reader: Subscriber, now: datetime) -> Preferences:
    """When a reader wants to be told: each minute, not in this minute and the next one, or as news comes."""
    around = [(now + number * MINUTE).strftime("%H:%M") for number in range(-FACES_AROUND, FACES_AROUND)]
    match reader.gathers:
        case "digests":
            return Preferences(digest_hours=tuple(sorted(around)), zone="UTC", picture_of_day=reader.thread_id == 0)
        case "quiet":
            return Preferences(quiet=(around[FACES_AROUND], around[FACES_AROUND + 2]), zone="UTC")
        case _:
            return Preferences()


def due_since(answers: Sequence[Served], pieces: Sequence[Piece], outlets: int) -> tuple[dict[int, float], set[int]]:
    """When each story was first handed over by a newspaper, whole; and which were first seen under a false date.

    Of the last nobody can say whether they should ring: they are too old for it where that was taken.
    """
    shelves = by_outlet(pieces, outlets)
    since: dict[int, float] = {}
    spoilt: set[int] = set()
    taken = [0] * outlets
    for answer in answers:
        if answer.how not in ("well", "304", "spoiled"):
            continue
        shelf = shelves[answer.outlet]
        if answer.how == "spoiled":
            if answer.kind in NEVER_RINGS:
                spoilt.update(piece.story for piece in shelf[taken[answer.outlet] : answer.count])
            continue
        for piece in shelf[max(taken[answer.outlet], answer.count - LISTED) : answer.count]:
            since[piece.story] = min(since.get(piece.story, answer.at), answer.at)
        taken[answer.outlet] = max(taken[answer.outlet], answer.count)
    return since, spoilt


def report(run: Run, database: str) -> str:
    """What a person reads of a run."""
    samples = run.house.samples
    memory = f"{samples[0].memory / 2**20:.0f} → {samples[-1].memory / 2**20:.0f} MB" if samples else "?"
    files = f"{samples[0].files} → {samples[-1].files}" if samples else "?"
    return "\n".join(
        [
            f"seed {run.seed}, {run.size.seconds:.0f} s, {run.size.outlets} outlets, {database}",
            shown(run.faults),
            run.verdict.table(),
            f"processes  {len(run.house.ended):6}, memory {memory}, open files {files}, {run.seconds:.0f} s in all",
        ]
    )


if __name__ == "__main__":
    raise SystemExit("python -m tests.faults")
