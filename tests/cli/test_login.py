"""monitor login: a link on stdout, or in words why there is none."""

import asyncio
import platform
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.cli.login import page_among
from monitor.cli.streams import SourceError
from monitor.config import Settings
from monitor.pipeline.logins import MOST_MADE, hash_of
from monitor.store.session_rows import LoginLink
from monitor.store.transaction import open_store
from monitor.store.worker_rows import Worker, WorkerSeen
from monitor.types import TERMINAL, Address, Chat, ChatKind, ChatState
from tests.command_line import CommandLine
from tests.store_samples import MINUTE, NOW, SECOND, WORKER, work_here


async def stored(url: str, *chats: Chat) -> None:
    async with await open_store(url) as store:
        with store.writing() as tx:
            for chat in chats:
                tx.save_chat(chat)


async def link_of(url: str, line: str) -> LoginLink | None:
    async with await open_store(url) as store:
        with store.reading() as tx:
            return tx.login_link(hash_of(line.strip().partition("token=")[2]), now=NOW)


def an(state: ChatState = ChatState.ACTIVE) -> Chat:
    return Chat(Address(101), ChatKind.PRIVATE, "An", state=state)


async def test_an_administrators_link_is_all_that_stdout_holds(monitor: CommandLine, database_url: str) -> None:
    monitor.set(database_url=database_url)
    ended = await asyncio.to_thread(monitor, "login")
    assert ended.code == 0
    assert ended.out.startswith("http://127.0.0.1:9464/login?token=")
    assert len(ended.out.splitlines()) == 1
    assert "within ten minutes" in ended.err
    link = await link_of(database_url, ended.out)
    assert link is not None
    assert (link.address, link.who) == (TERMINAL, "monitor login")


async def test_a_link_of_a_chat_while_the_service_works(monitor: CommandLine, database_url: str) -> None:
    await stored(database_url, an())
    monitor.set(database_url=database_url, web_url="https://tin.example")
    async with await open_store(database_url) as store, store.sole_worker():
        ended = await asyncio.to_thread(monitor, "login", "--chat", "101")
    assert ended.code == 0
    assert ended.out.startswith("https://tin.example/login?token=")
    link = await link_of(database_url, ended.out)
    assert link is not None
    assert link.address == Address(101)


async def test_an_admin_chat_needs_not_to_have_written(monitor: CommandLine, database_url: str) -> None:
    monitor.set(database_url=database_url, admin_chats="909")
    assert (await asyncio.to_thread(monitor, "login", "--chat", "909")).code == 0


@pytest.mark.parametrize(
    ("chat", "why"),
    [("102", "is no chat of this service"), ("101", "is barred"), ("101:7", "is no chat"), ("An", "is no chat")],
)
async def test_a_chat_that_may_not_is_wrong_use(monitor: CommandLine, database_url: str, chat: str, why: str) -> None:
    await stored(database_url, an(ChatState.BARRED))
    monitor.set(database_url=database_url)
    ended = await asyncio.to_thread(monitor, "login", "--chat", chat)
    assert (ended.code, ended.out) == (2, "")
    assert why in ended.err


@pytest.mark.parametrize(("port", "why"), [("off", "there is no page"), ("0", "set MONITOR_WEB_URL")])
async def test_where_no_page_can_be_found_it_says_so(
    monitor: CommandLine, database_url: str, port: str, why: str
) -> None:
    monitor.set(database_url=database_url, http_port=port)
    ended = await asyncio.to_thread(monitor, "login")
    assert (ended.code, ended.out) == (2, "")
    assert why in ended.err


HERE = replace(WORKER, host="here", page="http://127.0.0.1:9464")


@pytest.mark.parametrize(
    ("workers", "page"),
    [
        ([], "http://127.0.0.1:9464"),
        ([HERE], "http://127.0.0.1:9464"),
        ([replace(HERE, parts=("poll",)), replace(HERE, page="http://127.0.0.1:9465")], "http://127.0.0.1:9465"),
        ([replace(HERE, page="http://127.0.0.1:9465"), HERE], "http://127.0.0.1:9464"),
        ([replace(HERE, page="http://3f2a91:9464")], "http://127.0.0.1:9464"),
        ([replace(HERE, host="there", page="http://there:9470")], "http://there:9470"),
        ([replace(HERE, host="there")], "the page is shown to there alone: type this there, or set MONITOR_WEB_URL"),
        ([replace(HERE, parts=("poll",))], "no process shows the page: start one with `monitor run --only web`"),
        ([replace(HERE, page="")], "http://127.0.0.1:9464"),
    ],
    ids=[
        "nobody is at work yet",
        "one",
        "another one has the port",
        "two show it",
        "one that listens everywhere is asked here",
        "on another machine",
        "on another machine, for it alone",
        "nobody shows it",
        "its port is not open yet",
    ],
)
def test_of_several_processes_the_link_leads_to_one_that_shows_the_page(workers: list[Worker], page: str) -> None:
    seen = [WorkerSeen(each, NOW, NOW, SECOND) for each in workers]
    silent = WorkerSeen(replace(HERE, page="http://127.0.0.1:9999"), NOW, NOW, MINUTE)
    try:
        found = page_among(Settings(), [silent, *seen], here="here")
    except SourceError as wrong:
        found = str(wrong)
    assert found == page
    everywhere = Settings(web_url="https://tin.example")
    if not page.startswith("no process"):
        assert page_among(everywhere, seen, here="here") == "https://tin.example"


async def test_the_rows_say_where_the_page_is(monitor: CommandLine, shared: str) -> None:
    monitor.set(database_url=shared)
    async with await open_store(shared) as store:
        await store.write(work_here, replace(HERE, host=platform.node(), page="http://127.0.0.1:9471"))
    ended = await asyncio.to_thread(monitor, "login")
    assert ended.out.startswith("http://127.0.0.1:9471/login?token=")


def test_where_the_service_never_ran_it_makes_no_database(monitor: CommandLine, tmp_path: Path) -> None:
    ended = monitor("login")
    assert (ended.code, ended.out) == (2, "")
    assert "monitor run" in ended.err
    assert not (tmp_path / "data").exists()


async def test_too_many_links_are_refused(monitor: CommandLine, database_url: str) -> None:
    monitor.set(database_url=database_url)
    codes = [(await asyncio.to_thread(monitor, "login")).code for _ in range(MOST_MADE + 1)]
    assert codes == [0] * MOST_MADE + [2]


def test_help_says_what_it_gives(monitor: CommandLine) -> None:
    ended = monitor("login", "--help")
    assert ended.code == 0
    assert "one-time link" in ended.out
    assert "--chat ID[:TOPIC]" in ended.out
