"""Bodies of feeds are read in a thread or apart, and what reads them apart is ended when it takes too much."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.hostile.bodies import filled, many_items, plain_bodies
from monitor.feeds import parser as module
from monitor.feeds.body import ORDINARY_BYTES, SLOW, BodyRead, FeedBody, is_ordinary, read_body
from monitor.feeds.decode import MAX_ENTRIES, MAX_FEED_BYTES
from monitor.feeds.parser import FeedParser, ParserProcess, open_parser
from monitor.types import Failed, FailureKind, FeedId
from tests.feeds.lying_child import LIES

SEEN = datetime(2026, 8, 14, 12, 0, tzinfo=UTC)
FEED = FeedId("thu")
SMALL = many_items(2_000, "<pubDate>Fri, 14 Aug 2026 10:00:00 +0700</pubDate>")
LARGE = many_items(ORDINARY_BYTES + 10_000, "<pubDate>Fri, 14 Aug 2026 10:00:00 +0700</pubDate>")
ENDLESS = b"<rss>endless".ljust(ORDINARY_BYTES + 1)  # the odd child takes it so
ASLEEP = b"<rss>asleep".ljust(ORDINARY_BYTES + 1)  # no work, so that only its parent's end can end it
HUNGRY = b"<rss>hungry".ljust(ORDINARY_BYTES + 1)
BUGGY = b"<rss>buggy".ljust(ORDINARY_BYTES + 1)


def body(data: bytes, *, known: str = "", known_items: str = "") -> FeedBody:
    return FeedBody(
        data, "https://bao.example/rss", "application/rss+xml", "Asia/Ho_Chi_Minh", SEEN, known, known_items
    )


def failure(read: BodyRead) -> Failed:
    assert isinstance(read.entries, Failed), read.entries
    assert read.entries.why
    assert "\n" not in read.entries.why
    return read.entries


def titles(read: BodyRead) -> list[str]:
    assert isinstance(read.entries, tuple), read.entries
    return [entry.title for entry in read.entries]


@pytest.fixture
async def parser() -> AsyncIterator[FeedParser]:
    async with open_parser() as opened:
        yield opened


@pytest.fixture
async def process() -> AsyncIterator[ParserProcess]:
    apart = ParserProcess()
    yield apart
    await apart.end()


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads apart is the real process, but that it finds some bodies endless, and one no body at all."""
    monkeypatch.setattr(module, "CHILD", "tests.feeds.odd_child")


def is_alive(pid: int) -> bool:
    """Whether the process is at work; one that is dead and not waited for is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except FileNotFoundError:
        return False


def told_of(pid: int | None, what: str) -> str:
    return Path(f"/proc/{pid}/{what}").read_text()


def exists(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


# ---------------------------------------------------------------- where it is read


async def test_an_ordinary_body_starts_no_process(parser: FeedParser) -> None:
    read = await parser.read(FEED, body(SMALL))
    assert titles(read)[:2] == ["Tin 0", "Tin 1"]
    assert parser.pid is None


async def test_a_large_body_is_read_apart_to_the_very_same(parser: FeedParser) -> None:
    read = await parser.read(FEED, body(LARGE))
    assert parser.pid is not None
    here = read_body(body(LARGE))
    assert replace(read, work=timedelta(0)) == here
    assert len(titles(read)) == len(titles(here)) > 1_000


async def test_a_large_body_is_cut_apart_as_it_is_here(parser: FeedParser) -> None:
    long = many_items(ORDINARY_BYTES + 10_000, f"<description>{'Mưa ' * 100}</description>")
    first = await parser.read(FEED, body(long))
    more = long.replace(b"<item>", b"<item><title>Tin sau</title><link>https://bay.example/sau</link></item><item>", 1)
    second = await parser.read(FEED, body(more, known_items=first.known_items))
    assert parser.pid is not None
    assert titles(second) == ["Tin sau"]
    assert second.known == len(titles(first))
    assert replace(second, work=timedelta(0)) == read_body(body(more, known_items=first.known_items))


async def test_bodies_are_counted_by_how_they_were_read(parser: FeedParser) -> None:
    first = await parser.read(FEED, body(SMALL))
    await parser.read(FEED, body(SMALL, known=first.fingerprint))
    await parser.read(FEED, body(SMALL, known_items=first.known_items))
    await parser.read(FEED, body(b"<html></html>"))
    await parser.read(FEED, body(SMALL.replace(b"<title>", b"<title type='text'>")))
    assert parser.counts == {"whole": 2, "same": 1, "cut": 1, "failed": 1, "plain": 2}


@pytest.mark.parametrize(
    "suspicious",
    [
        b"<rss>" + b"<a/>" * 5_000,
        b"<rss>" + b"&amp;" * 11_000,
        b"<rss>" + b"\n" * 21_000,
        b"<rss>".ljust(ORDINARY_BYTES + 1),
    ],
    ids=["tags", "references", "lines", "bytes"],
)
def test_what_was_seen_to_cost_too_much_is_not_ordinary(suspicious: bytes) -> None:
    assert not is_ordinary(suspicious)
    assert is_ordinary(suspicious[: len(suspicious) // 3])


async def test_a_known_body_brings_no_entries_here_or_apart(parser: FeedParser) -> None:
    for data in (SMALL, LARGE):
        known = await parser.read(FEED, body(data, known=read_body(body(data)).fingerprint))
        assert known.entries is None
    assert (await parser.read(FEED, body(LARGE.replace(b"Tin 7", b"Tin so 7"), known="x"))).entries is not None


async def test_what_fails_apart_fails_as_it_does_here(parser: FeedParser) -> None:
    page = b"<!DOCTYPE html><html><body>" + b"<p>x</p>" * 50_000
    read = await parser.read(FEED, body(page))
    assert replace(read, work=timedelta(0)) == read_body(body(page))
    assert failure(read).kind is FailureKind.NOT_A_FEED
    assert parser.pid is not None


async def test_a_feed_whose_last_body_was_dear_is_read_apart(
    parser: FeedParser, monkeypatch: pytest.MonkeyPatch
) -> None:
    dear = body(SMALL)
    monkeypatch.setattr(module, "_timed", lambda given: replace(read_body(given), work=SLOW * 2))
    await parser.read(FEED, dear)
    assert parser.pid is None
    await parser.read(FeedId("khac"), dear)
    assert parser.pid is None
    await parser.read(FEED, dear)
    assert parser.pid is not None


async def test_a_feed_that_is_cheap_again_is_read_here_again(parser: FeedParser) -> None:
    parser._dear[FEED] = SLOW * 2
    await parser.read(FEED, body(SMALL))
    first = parser.pid
    assert first is not None
    assert FEED not in parser._dear


# ---------------------------------------------------------------- what takes too much


@pytest.mark.slow
@pytest.mark.usefixtures("odd")
async def test_a_body_that_takes_too_much_work_is_a_failure_and_the_next_is_read(
    process: ParserProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_TIME", timedelta(minutes=2))  # a loaded machine is slow
    failed = failure(await process.read(body(ENDLESS)))
    assert failed.kind is FailureKind.TOO_LARGE
    assert "more work than a feed may" in failed.why
    assert process.pid is None
    assert len(titles(await process.read(body(LARGE)))) > 1_000


@pytest.mark.usefixtures("odd")
async def test_a_body_that_takes_too_long_is_a_failure_and_the_next_is_read(
    process: ParserProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    await process.read(body(SMALL))
    pid = process.pid
    assert pid is not None
    monkeypatch.setattr(module, "MAX_TIME", timedelta(seconds=0.3))
    failed = failure(await process.read(body(ENDLESS)))
    monkeypatch.setattr(module, "MAX_TIME", timedelta(minutes=2))
    assert failed.kind is FailureKind.TOO_LARGE
    assert not exists(pid)
    assert len(titles(await process.read(body(SMALL)))) > 10
    assert process.pid not in {None, pid}


@pytest.mark.usefixtures("odd")
async def test_a_body_that_takes_too_much_memory_or_meets_a_bug_is_a_failure(process: ParserProcess) -> None:
    hungry = failure(await process.read(body(HUNGRY)))
    assert hungry.kind is FailureKind.TOO_LARGE
    assert "192 MiB of memory" in hungry.why
    buggy = failure(await process.read(body(BUGGY)))
    assert (buggy.kind, buggy.why) == (FailureKind.MALFORMED, "reading it failed (KeyError: 'x')")
    assert titles(await process.read(body(SMALL)))


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
async def test_a_process_that_dies_between_two_bodies_is_replaced(process: ParserProcess, sign: signal.Signals) -> None:
    await process.read(body(SMALL))
    pid = process.pid
    assert pid is not None
    os.kill(pid, sign)
    first = await process.read(body(SMALL))
    second = await process.read(body(SMALL))
    assert isinstance(first.entries, Failed) or titles(first)
    assert titles(second)
    assert not exists(pid)


@pytest.mark.parametrize("lie", LIES)
async def test_a_process_that_answers_nonsense_is_a_failure_and_replaced(
    process: ParserProcess, monkeypatch: pytest.MonkeyPatch, lie: str
) -> None:
    monkeypatch.setattr(module, "CHILD", "tests.feeds.lying_child")
    failed = failure(await process.read(body(bytes([list(LIES).index(lie)]))))
    assert failed.kind is FailureKind.TOO_LARGE
    assert process.pid is None
    monkeypatch.undo()
    assert titles(await process.read(body(SMALL)))


async def test_a_process_that_cannot_start_is_a_failure_that_passes(
    process: ParserProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/khong/co/python")
    failed = failure(await process.read(body(SMALL)))
    assert failed.kind.is_passing
    monkeypatch.undo()
    assert titles(await process.read(body(SMALL)))


async def test_a_process_that_has_grown_or_served_long_is_replaced(
    process: ParserProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids = []
    monkeypatch.setattr(module, "MAX_BODIES", 2)
    for _ in range(2):
        await process.read(body(SMALL))
        pids.append(process.pid)
    assert [pid is None for pid in pids] == [False, True]
    monkeypatch.setattr(module, "MAX_BODIES", 100)
    monkeypatch.setattr(module, "MAX_RESIDENT", 1)
    await process.read(body(SMALL))
    assert process.pid is None


@pytest.mark.slow
async def test_a_swarm_of_hostile_bodies_ends_in_entries_or_failures(parser: FeedParser) -> None:
    many = {name: make() for name, make in plain_bodies(400_000).items()}
    reads = await asyncio.gather(
        *(parser.read(FeedId(name), body(data[:MAX_FEED_BYTES])) for name, data in many.items())
    )
    for name, read in zip(many, reads, strict=True):
        assert isinstance(read.entries, Failed) or len(read.entries or ()) <= MAX_ENTRIES, name
        assert not isinstance(read.entries, Failed) or read.entries.why, name


# ---------------------------------------------------------------- whose turn it is


async def test_cheap_bodies_go_before_dear_ones(parser: FeedParser) -> None:
    turns = parser._apart
    order: list[int] = []

    async def take(seconds: int) -> None:
        async with turns.turn(timedelta(seconds=seconds)):
            order.append(seconds)
            await asyncio.sleep(0)

    async with turns.turn(timedelta(0)):
        tasks = [asyncio.create_task(take(seconds)) for seconds in (8, 3, 5, 1)]
        await asyncio.sleep(0)
        tasks[1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == [1, 5, 8]


async def test_who_waits_too_long_for_a_turn_is_a_failure_that_passes(
    parser: FeedParser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_WAIT", timedelta(seconds=0.05))
    async with parser._apart.turn(timedelta(0)):
        failed = failure(await parser.read(FEED, body(LARGE)))
    assert failed.kind.is_passing
    assert titles(await parser.read(FEED, body(LARGE)))


@pytest.mark.usefixtures("odd")
async def test_an_ordinary_body_does_not_wait_for_one_that_is_read_apart(
    parser: FeedParser,
) -> None:
    await parser._process._child.start(module.CHILD)
    hostile = asyncio.create_task(parser.read(FeedId("bay"), body(ENDLESS)))
    assert titles(await parser.read(FEED, body(SMALL)))
    assert not hostile.done()
    hostile.cancel()
    await asyncio.wait([hostile])


# ---------------------------------------------------------------- nothing is left


def descriptors() -> set[str]:
    return set(os.listdir("/proc/self/fd"))


@pytest.mark.usefixtures("odd")
async def test_nothing_is_left_behind_the_parser() -> None:
    async with open_parser() as warm:
        await warm.read(FEED, body(LARGE))
    before = descriptors()
    pids = []
    for _ in range(3):
        async with open_parser() as parser:
            await parser.read(FEED, body(LARGE))
            pids.append(parser.pid)
            task = asyncio.create_task(parser.read(FEED, body(ENDLESS)))
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    assert descriptors() == before
    assert not any(exists(pid) for pid in pids if pid is not None)


@pytest.mark.usefixtures("odd")
async def test_a_poll_that_is_cancelled_ends_the_process_in_the_middle_of_its_body(parser: FeedParser) -> None:
    await parser._process._child.start(module.CHILD)
    pid = parser.pid
    assert pid is not None
    task = asyncio.create_task(parser.read(FEED, body(ENDLESS)))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert not exists(pid)
    assert titles(await parser.read(FEED, body(LARGE)))


OTHER = """
import asyncio, sys
from tests.feeds.test_parser import ASLEEP, SMALL, body
from monitor.feeds import parser
from monitor.feeds.parser import ParserProcess

parser.CHILD = "tests.feeds.odd_child"

async def main():
    process = ParserProcess()
    await process.read(body(SMALL))
    reading = asyncio.create_task(process.read(body(ASLEEP)))
    await asyncio.sleep(0.2)
    print(process.pid, flush=True)
    await reading

asyncio.run(main())
"""


@pytest.fixture
def other() -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Another process whose child is in the middle of a body, in a group of its own as in a terminal."""
    started = subprocess.Popen(
        [sys.executable, "-c", OTHER],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        process_group=0,
    )
    assert started.stdout is not None
    pid = int(started.stdout.readline())
    assert is_alive(pid)
    yield started, pid
    started.kill()
    started.communicate()
    if is_alive(pid):
        os.kill(pid, signal.SIGKILL)


@pytest.mark.slow
def test_the_process_dies_with_a_service_that_is_killed(other: tuple["subprocess.Popen[str]", int]) -> None:
    service, pid = other
    service.kill()
    service.wait()
    ends_soon(pid)


@pytest.mark.slow
def test_an_interrupt_in_the_terminal_prints_nothing_of_the_process(
    other: tuple["subprocess.Popen[str]", int],
) -> None:
    service, pid = other
    assert os.getsid(pid) == pid  # the terminal's signals go to a session
    os.killpg(service.pid, signal.SIGINT)
    _, said = service.communicate(timeout=30)
    ends_soon(pid)
    assert said.count("Traceback") <= 1 + said.count("During handling")  # the service's own, which handles none here
    assert "parser_child" not in said


def ends_soon(pid: int) -> None:
    """Wait for the end of a process that is nobody's child here."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([descriptor], [], [], 30.0)[0]
    finally:
        os.close(descriptor)


@pytest.mark.slow
async def test_the_process_has_none_of_the_services_secrets(
    process: ParserProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_TELEGRAM_TOKEN", "khoa-bi-mat")
    await process.read(body(SMALL))
    assert "khoa-bi-mat" not in told_of(process.pid, "environ")


async def test_the_process_may_take_so_much_and_no_more(process: ParserProcess) -> None:
    await process.read(body(filled("<a/>", 50_000)))
    lines = told_of(process.pid, "limits").splitlines()
    soft = {line[:26].strip(): line[26:].split()[0] for line in lines}
    assert soft["Max address space"].isdigit()
    assert soft["Max cpu time"].isdigit()
    assert soft["Max core file size"] == "0"
