"""How workers stand: what is trouble and what is not, and how it is said to whoever asks."""

import asyncio
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from monitor.i18n import translator
from monitor.pipeline.status import StatusReport
from monitor.pipeline.troubles import troubles
from monitor.pipeline.worker_words import count_words, heard_words, trouble_words, worker_line
from monitor.pipeline.workers_seen import (
    Lack,
    WorkersReport,
    WorkerStatus,
    WorkersTrouble,
    lacks,
    read_workers,
    wanted_parts,
)
from monitor.store.migrations import HEAD
from monitor.store.role_names import BOT, CHORES, GROUP, LOOKOUT, PARTS
from monitor.store.role_rows import RoleSeen, db_now
from monitor.store.sole_names import DONE_WITH
from monitor.store.tables import roles
from monitor.store.transaction import Transaction, open_store
from monitor.store.worker_rows import WorkerSeen
from tests.command_line import CommandLine
from tests.store.test_worker_rows import A_LONG_SILENCE, fall_silent
from tests.store_samples import MINUTE, NOW, SECOND, WORKER, work_here

WANTED = wanted_parts(has_bot=True)
HELD = [RoleSeen(name, "w1", 1) for name in (BOT, CHORES, GROUP, LOOKOUT)]
ALL = WorkerSeen(WORKER, NOW - MINUTE, NOW, SECOND)


def only(*parts: str, age: timedelta = MINUTE, trouble: str = "") -> WorkerSeen:
    """A worker that does no more."""
    return WorkerSeen(replace(WORKER, parts=parts, trouble=trouble), NOW - age, NOW, timedelta(0))


@pytest.mark.parametrize(
    ("workers", "held", "trouble"),
    [
        ([ALL], HELD, []),
        ([], HELD, [(Lack.NOBODY, "")]),
        ([replace(ALL, silent_for=A_LONG_SILENCE)], HELD, [(Lack.NOBODY, "")]),
        ([ALL, replace(ALL, silent_for=A_LONG_SILENCE)], HELD, []),
        ([only("poll", "detect"), only("bot")], HELD, [(Lack.PART, "deliver")]),
        ([only("poll", "deliver"), only("web")], HELD, [(Lack.PART, "detect"), (Lack.PART, "bot")]),
        ([ALL], HELD[:3], [(Lack.ROLE, LOOKOUT)]),
        ([only(*PARTS, age=29 * SECOND)], HELD[:3], []),
        ([ALL], [*HELD[:3], RoleSeen(LOOKOUT, None, 2, 29 * SECOND)], []),
        ([ALL], [*HELD[:3], RoleSeen(LOOKOUT, None, 2, 30 * SECOND)], [(Lack.ROLE, LOOKOUT)]),
        ([only(*PARTS, trouble="poll: silent for 90 s")], HELD, [(Lack.UNWELL, "ben-song (11)")]),
    ],
    ids=[
        "one does all",
        "none",
        "one that is silent",
        "one of two is silent",
        "nobody sends",
        "nobody detects and hears",
        "nobody looks out, ever",
        "just begun",
        "free for a moment",
        "free for long",
        "one is unwell",
    ],
)
def test_trouble_is_what_nobody_does(
    workers: list[WorkerSeen], held: list[RoleSeen], trouble: list[tuple[Lack, str]]
) -> None:
    assert [(each.lack, each.about) for each in lacks(workers, held, wanted=WANTED)] == trouble


def test_a_bot_is_wanted_only_where_there_is_one() -> None:
    workers = [only("poll", "detect", "deliver")]
    assert lacks(workers, HELD, wanted=wanted_parts(has_bot=False)) == []
    assert lacks([*workers, only("bot")], HELD[1:], wanted=WANTED)[0].about == BOT, "it could, and does not"


async def test_the_rows_say_who_does_what_and_since_when_nobody_does(shared: str) -> None:
    other = replace(WORKER, id="w2", pid=12, parts=("poll",))
    async with await open_store(shared) as store:
        await store.write(work_here, WORKER, other)
        report = await store.read(read_workers, wanted=WANTED)
        assert [(each.pid, each.is_alive, each.parts) for each in report.workers] == [
            (11, True, PARTS),
            (12, True, ("poll",)),
        ]
        assert [each.roles for each in report.workers] == [("bot", "chores", "group", "lookout"), ()]
        assert report.troubles == ()
        await store.write(Transaction.end_worker, "w2")
        await store.write(Transaction.leave_role, "group", "w1")
        await store.write(lambda tx: tx._change(update(roles).values(kept_until=db_now(-MINUTE))))
        seen = {each.name: each for each in await store.read(Transaction.roles_seen)}
        assert (seen["group"].worker_id, seen["group"].fence) == (None, 1)
        assert MINUTE <= seen["group"].free_for < 2 * MINUTE


async def test_between_two_runs_of_cron_nobody_is_missed(shared: str) -> None:
    async with await open_store(shared) as store:
        assert [each.lack for each in (await store.read(read_workers, wanted=WANTED)).troubles] == [Lack.NOBODY]
        await store.write(Transaction.set_fact, DONE_WITH, "these files")
        assert (await store.read(read_workers, wanted=WANTED)).troubles == ()
        await store.write(work_here, replace(WORKER, parts=("web",)))
        assert (await store.read(read_workers, wanted=WANTED)).troubles != ()


# ---------------------------------------------------------------- in words


def test_what_is_wrong_is_said_with_what_to_do() -> None:
    found = [
        WorkersTrouble(Lack.NOBODY),
        WorkersTrouble(Lack.PART, "deliver"),
        WorkersTrouble(Lack.ROLE, GROUP, 40 * SECOND),
        WorkersTrouble(Lack.ROLE, LOOKOUT, 40 * SECOND),
        WorkersTrouble(Lack.UNWELL, "ben-song (11)", why="poll: silent for 90 s"),
    ]
    assert [trouble_words(translator("en"), each) for each in found] == [
        "No process is at work: start one with “monitor run”",
        "Nobody sends alerts: start a process with “monitor run --only deliver”",
        "For 40 seconds nobody groups stories, though a process could: look into the log of those that do “detect”, and"
        " start them again",
        "For 40 seconds nobody looks out for what is due, though any process could: look into their logs, and start"
        " them again",
        "ben-song (11) is unwell: poll: silent for 90 s",
    ]


@pytest.mark.parametrize(
    ("parts", "is_alive", "said"),
    [
        (PARTS, True, "Alerts are late by 5 minutes; they are through in about 10 seconds, by themselves."),
        (PARTS, False, "Alerts are late by 5 minutes."),
        (("poll", "web"), True, "Alerts are late by 5 minutes."),
    ],
)
def test_no_end_of_a_delay_is_foretold_while_nobody_sends(parts: tuple[str, ...], is_alive: bool, said: str) -> None:
    worker = WorkerStatus("a", 1, parts, (), is_alive, SECOND, NOW, NOW, "1", HEAD, "", "", timedelta(0))
    report = StatusReport(NOW, workers=WorkersReport((worker,)), late_by=5 * MINUTE, through_in=10 * SECOND)
    assert [each.said for each in troubles(report, translator("en"), str)] == [said]


@pytest.mark.parametrize(("parts", "is_said"), [(("poll",), True), (("deliver",), False)])
def test_that_no_newspaper_is_asked_is_said_only_while_somebody_could(parts: tuple[str, ...], is_said: bool) -> None:
    """Else it is said that nobody does, and what helps then."""
    worker = WorkerStatus("a", 1, parts, (), True, SECOND, NOW, NOW, "1", HEAD, "", "", timedelta(0))
    report = StatusReport(NOW, workers=WorkersReport((worker,)), unasked_since=NOW - 6 * MINUTE)
    found = [each.said for each in troubles(report, translator("en"), str)]
    assert [each.startswith("No newspaper has been asked") for each in found] == [True] * is_said


async def test_a_worker_is_one_line(shared: str) -> None:
    async with await open_store(shared) as store:
        await store.write(work_here)
        await store.write(fall_silent, "w1")
        [dead] = (await store.read(read_workers, wanted=())).workers
    alive = replace(dead, is_alive=True, roles=("group",), silent_for=SECOND)
    english = translator("en")
    assert worker_line(english, alive) == "ben-song (11): everything · groups stories · 1.0"
    assert worker_line(english, replace(alive, parts=("poll", "web"), is_this=True)) == (
        "ben-song (11): poll, web · groups stories · 1.0 · this process"
    )
    assert worker_line(english, dead) == "ben-song (11): everything · 1.0 · silent for 21 seconds"
    heard = [replace(alive, silent_for=span) for span in (SECOND, 5 * SECOND)]
    assert [heard_words(english, each) for each in heard] == ["just now", "5 seconds ago"]
    assert [count_words(english, each) for each in ([alive], heard, [alive, dead])] == [
        "1 process at work",
        "2 processes at work",
        "1 process at work, 1 silent",
    ]


async def test_the_living_come_first_and_whoever_looks_knows_itself(shared: str) -> None:
    async with await open_store(shared, worker="w3") as store:
        await store.write(work_here, *(replace(WORKER, id=f"w{pid}", pid=pid) for pid in (1, 2, 3)))
        await store.write(fall_silent, "w1")
        workers = (await store.read(read_workers, wanted=())).workers
    assert [(each.pid, each.is_alive, each.is_this) for each in workers] == [
        (2, True, False),
        (3, True, True),
        (1, False, False),
    ]


# ---------------------------------------------------------------- on the command line


async def fill(url: str) -> None:
    """A worker that is alive, and one that is not."""
    async with await open_store(url) as store:
        await store.write(work_here, WORKER, replace(WORKER, id="w2", pid=12, parts=("poll",), page=""))
        await store.write(fall_silent, "w2")


def test_status_lists_the_processes_for_a_person_and_for_a_program(monitor: CommandLine, shared: str) -> None:
    monitor.set(database_url=shared)
    asyncio.run(fill(shared))
    ended = monitor("status")
    assert (ended.code, ended.err) == (0, "")
    [counted, alive, page, silent] = ended.out.strip().splitlines()[-4:]
    assert counted == "1 process at work, 1 silent:"
    assert alive.startswith("  ben-song (11): everything · roles: bot, chores, group, lookout · last beat ")
    assert alive.endswith(" s ago · 1.0")
    assert page == "      http://127.0.0.1:9464", "whole, however narrow the terminal"
    assert re.fullmatch(r"  ben-song \(12\): poll · SILENT for 2\d seconds · 1\.0", silent)
    [row] = monitor("status", "--json").rows
    assert [(each["pid"], each["is_alive"], each["page"]) for each in row["workers"]] == [
        (11, True, "http://127.0.0.1:9464"),
        (12, False, ""),
    ]
    assert row["workers"][0]["roles"] == ["bot", "chores", "group", "lookout"]
    assert 21 <= row["workers"][1]["silent_for"] < 60
    assert row["workers_lack"] == []


def test_status_calls_for_a_person_when_nobody_is_at_work(monitor: CommandLine, shared: str) -> None:
    monitor.set(database_url=shared)
    ended = monitor("status")
    assert ended.code == 1
    assert ended.err == "needs a person: No process is at work: start one with “monitor run”\n"
    [row] = monitor("status", "--json").rows
    assert row["workers_lack"] == [{"lack": "nobody", "about": "", "lasts": 0.0, "why": ""}]


def test_on_sqlite_nothing_of_it_is_shown(monitor: CommandLine) -> None:
    monitor.set(database_url=f"sqlite:///{monitor.folder}/m.db")
    assert monitor("migrate").code == 0
    assert monitor("status").code == 0
    assert not {"workers", "workers_lack"} & json.loads(monitor("status", "--json").out).keys()
