"""doctor: what is wrong and what to do, over a real database, a newspaper and a Bot API on loopback."""

import asyncio
import json
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from monitor.app.checkup import Check, CheckState
from monitor.app.checkup.checks import without
from monitor.app.checkup.machine import judge_disk, judge_open_files
from monitor.app.checkup.outside import judge_clock
from monitor.app.checkup.rows import judge_database
from monitor.app.checkup.workers import judge_workers
from monitor.store.examination import Examination
from monitor.store.migrations import HEAD
from monitor.store.transaction import open_store
from monitor.store.worker_rows import Worker, WorkerSeen
from monitor.types import FeedId, FeedState
from tests.bot_api import BotApi
from tests.command_line import CommandLine, Ended
from tests.databases import GUARDED, Cluster
from tests.newsstand import Newsstand
from tests.pooler import Pooler
from tests.sinks import web_sink
from tests.store.test_archive import fill
from tests.store.test_backups import newer
from tests.store_samples import NOW, WORKER, work_here

TOKEN = "70001:" + "s" * 35
SECRETS = ("s" * 35, "mat-khau-csdl", "mat-khau-proxy", "sk-khoa-bi-mat")


def checks(ended: Ended) -> dict[str, dict[str, str]]:
    (report,) = ended.rows
    assert list(report) == ["checks"]
    for check in report["checks"]:
        assert list(check) == ["name", "state", "what", "do"]
        assert check["state"] == "ok" or check["do"], check
    return {check["name"]: check for check in report["checks"]}


async def doctor(monitor: CommandLine, *arguments: str) -> Ended:
    return await asyncio.to_thread(monitor, "doctor", *arguments)


@asynccontextmanager
async def outside(monitor: CommandLine) -> AsyncIterator[tuple[Newsstand, BotApi]]:
    """A newspaper and a Bot API that know us."""
    async with Newsstand() as stand, BotApi(token=TOKEN) as api:
        stand.write_config(monitor.folder / "config")
        monitor.set(http_allow_private="true", telegram_token=TOKEN, telegram_api_url=api.url)
        yield stand, api


async def test_where_all_is_well_it_says_so(monitor: CommandLine, database_url: str) -> None:
    monitor.set(database_url=database_url)
    async with outside(monitor), await open_store(database_url) as store, store.sole_worker():
        ended = await doctor(monitor, "--json")
        shown = await doctor(monitor)
    found = checks(ended)
    assert ended.code == 0, ended.out
    assert {check["state"] for check in found.values()} == {"ok"}, ended.out
    assert found["token"]["what"].startswith("the bot is @")
    assert found["network"]["what"] == "2 of 2 servers answer"
    assert "servers" in found["clock"]["what"]
    assert f"schema {HEAD}" in found["database"]["what"]
    at_work = f"process {os.getpid()}" if database_url.startswith("sqlite") else "session "
    assert found["service"]["what"].startswith(f"at work: {at_work}")
    assert shown.code == 0
    assert len(shown.out.splitlines()) == len(found)


async def test_a_wrong_token_is_told_from_a_wrong_address(monitor: CommandLine) -> None:
    async with outside(monitor) as (stand, _):
        monitor.set(telegram_token="70002:" + "f" * 35)
        refused = await doctor(monitor, "--json")
        monitor.set(telegram_token=TOKEN, telegram_api_url=stand.base)
        astray = await doctor(monitor, "--json")
        monitor.set(telegram_api_url="http://127.0.0.1:1")
        away = await doctor(monitor, "--json")
    assert (refused.code, astray.code, away.code) == (1, 1, 1)
    assert checks(refused)["token"]["what"].startswith("Telegram refuses it: ")
    assert "@BotFather" in checks(refused)["token"]["do"]
    assert "what answers there (HTTP 404) is no Bot API" in checks(astray)["token"]["what"]
    assert "MONITOR_TELEGRAM_API_URL" in checks(astray)["token"]["do"]
    assert "gives no answer of a Bot API" in checks(away)["token"]["what"]
    assert checks(away)["network"]["state"] == "warning"
    assert "f" * 35 not in refused.out


def test_without_a_network_it_says_what_it_does_not_know(monitor: CommandLine) -> None:
    monitor.write("config/feeds.yaml", "feeds:\n  - {id: a, outlet: A, url: 'http://127.0.0.1:1/rss'}\n")
    monitor.set(http_allow_private="true")
    ended = monitor("doctor", "--json")
    found = checks(ended)
    assert ended.code == 1
    assert found["network"]["state"] == "problem"
    assert found["clock"] == {
        "name": "clock",
        "state": "ok",
        "what": "not known: no server answered with its time",
        "do": "",
    }
    assert found["token"]["what"] == "none is set: alerts go to channels, or to the terminal"
    assert found["database"]["what"] == "none yet"
    assert not (monitor.folder / "data").exists()


async def test_a_clock_that_is_wrong_is_seen_by_what_servers_say(monitor: CommandLine) -> None:
    async def an_hour_ago(request: web.Request) -> web.Response:
        at = datetime.now(UTC) - timedelta(hours=1)
        return web.Response(text="", headers={"Date": at.strftime("%a, %d %b %Y %H:%M:%S GMT")})

    app = web.Application()
    app.router.add_get("/rss", an_hour_ago)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    monitor.write("config/feeds.yaml", f"feeds:\n  - {{id: a, outlet: A, url: 'http://127.0.0.1:{port}/rss'}}\n")
    monitor.set(http_allow_private="true")
    ended = await doctor(monitor, "--json")
    await runner.cleanup()
    clock = checks(ended)["clock"]
    assert (ended.code, clock["state"]) == (1, "problem")
    assert clock["what"].startswith("36")
    assert "ahead of" in clock["what"]


async def test_a_clock_behind_the_newest_poll_is_seen_without_a_network(monitor: CommandLine) -> None:
    url = f"sqlite:///{monitor.folder}/monitor.db"
    at = datetime.now(UTC) + timedelta(hours=2)
    async with await open_store(url) as store:
        with store.writing() as tx:
            tx.save_feed(FeedState(FeedId("ben-song"), at, last_checked_at=at))
    monitor.set(database_url=url)
    found = checks(await doctor(monitor, "--json"))
    assert found["clock and database"]["state"] == "problem"


def test_wrong_settings_and_files_end_with_2_and_the_rest_is_looked_at(monitor: CommandLine) -> None:
    monitor.set(access="everybody")
    monitor.write("config/watchlists/all.yaml", "leaders: 5\n")
    ended = monitor("doctor", "--json")
    found = checks(ended)
    assert ended.code == 2
    assert "MONITOR_ACCESS: `everybody` is not possible here" in found["settings"]["what"]
    assert "config/watchlists/all.yaml:1:" in found["config files"]["what"]
    assert found["disk"]["state"] == "ok"


def test_a_damaged_file_and_one_that_is_no_database(monitor: CommandLine) -> None:
    url = f"sqlite:///{monitor.folder}/monitor.db"
    fill(url)
    monitor.set(database_url=url)
    file = monitor.folder / "monitor.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_items_at'").fetchone()
        (page,) = connection.execute("PRAGMA page_size").fetchone()
    torn = bytearray(file.read_bytes())
    torn[(root - 1) * page : root * page] = b"\x00" * page
    file.write_bytes(torn)
    ended = monitor("doctor", "--json")
    assert ended.code == 1
    assert checks(ended)["database"]["state"] == "problem"
    assert "restore" in checks(ended)["database"]["do"]
    file.write_text("đây là một bài thơ" * 100)
    ended = monitor("doctor", "--json")
    assert ended.code == 1
    assert "restore a backup" in checks(ended)["database"]["do"]


@pytest.mark.parametrize("url", ["sqlite:////proc/nowhere/monitor.db", "sqlite:////dev/null", "postgresql://a@b@c/x"])
def test_a_place_where_no_database_can_be_is_a_problem_and_no_end(monitor: CommandLine, url: str) -> None:
    monitor.set(database_url=url)
    ended = monitor("doctor", "--json")
    assert ended.code == 1
    found = checks(ended)
    assert "problem" in (found["database"]["state"], found.get("disk", {}).get("state"))
    assert "token" in found


def test_a_database_of_another_version(monitor: CommandLine, database_url: str) -> None:
    monitor.set(database_url=database_url)
    with newer(database_url):
        ended = monitor("doctor", "--json")
    assert ended.code == 1
    assert "written by a newer version" in checks(ended)["database"]["what"]
    assert "update this program, or restore a backup" in checks(ended)["database"]["do"]


def test_postgresql_that_does_not_let_us_in(monitor: CommandLine, postgresql: Cluster) -> None:
    monitor.set(database_url=postgresql.url("migrated", user=GUARDED, password="mat-khau-sai"))
    ended = monitor("doctor", "--json")
    assert ended.code == 1
    assert checks(ended)["database"]["do"] == "check user and password in MONITOR_DATABASE_URL"
    assert "mat-khau-sai" not in ended.out + ended.err


@pytest.mark.parametrize("where", [".env", "token", "password"])
def test_a_secret_that_everybody_can_read_is_warned_of(monitor: CommandLine, where: str) -> None:
    if where == ".env":
        monitor.write(".env", "MONITOR_ACCESS=open\n")
    elif where == "password":
        nowhere = "postgresql://news@127.0.0.1:1/news"
        monitor.set(database_url=nowhere, database_password_file=monitor.write("password", "hush-hush"))
    else:
        monitor.set(telegram_token_file=monitor.write("token", TOKEN), telegram_api_url="http://127.0.0.1:1")
    (monitor.folder / where).chmod(0o644)
    permissions = checks(monitor("doctor", "--json"))["permissions"]
    assert permissions["state"] == "warning"
    assert permissions["do"].startswith("chmod o-rwx ")
    (monitor.folder / where).chmod(0o600)
    assert checks(monitor("doctor", "--json"))["permissions"]["state"] == "ok"


# ---------------------------------------------------------------- what is judged


def test_limits_are_judged() -> None:
    assert [judge_disk(free, Path("data")).state for free in (2 * 10**9, 5 * 10**8, 10**7)] == list(CheckState)
    assert [judge_open_files(limit).state for limit in (-1, 1_024, 512, 64)] == [CheckState.OK, *CheckState]
    seconds = [timedelta(seconds=each) for each in (1, -45, 400)]
    assert [judge_clock([each]).state for each in seconds] == list(CheckState)
    assert judge_clock([timedelta(0), timedelta(0), timedelta(days=3)]).state is CheckState.OK, (
        "one server is wrong itself"
    )
    states = [Examination("SQLite", schema, 1, wal=wal) for schema, wal in ((HEAD, 0), (HEAD, 2**30), ("0001", 0))]
    assert [judge_database(each).state for each in states] == [CheckState.OK, CheckState.WARNING, CheckState.WARNING]
    assert "monitor backup" in judge_database(states[2]).do
    newer = [Examination("PostgreSQL", "9999", 1, works_with=said) for said in (f"9999 {HEAD}", "9999 9998", "")]
    assert [judge_database(each).state for each in newer] == [
        CheckState.WARNING,
        CheckState.PROBLEM,
        CheckState.PROBLEM,
    ]


# ---------------------------------------------------------------- several processes


def a_worker(number: int, *, version: str = "1.4", ahead: float = 0.0) -> WorkerSeen:
    """One that has just beaten."""
    worker = replace(WORKER, id=f"w{number}", pid=number, version=version, clock_ahead=timedelta(seconds=ahead))
    return WorkerSeen(worker, NOW, NOW, timedelta(0))


def test_workers_are_compared_with_each_other_and_with_what_postgresql_allows() -> None:
    found = Examination("PostgreSQL", HEAD, 1, most_connections=87)
    alike = [a_worker(1), a_worker(2, ahead=1.9), a_worker(3, ahead=-1.9)]
    assert judge_workers([], found) == []
    assert judge_workers([replace(alike[0], silent_for=timedelta(seconds=30))], found) == []
    assert [each.state for each in judge_workers(alike, found)] == [CheckState.OK] * 4
    apart = [a_worker(1), a_worker(2, version="1.5", ahead=2.1), a_worker(3, ahead=-9), a_worker(4)]
    work, versions, clocks, connections = judge_workers(apart, found)
    assert work == Check("workers' work", CheckState.OK, "somebody does each part, and none is unwell")
    assert [each.state for each in (versions, clocks, connections)] == [CheckState.WARNING] * 3
    assert versions.what == (
        f"1.4, schema {HEAD}: ben-song (1), ben-song (3), ben-song (4); 1.5, schema {HEAD}: ben-song (2)"
    )
    assert clocks.what == "against the database's: ben-song (2) +2 s, ben-song (3) -9 s"
    assert "to 90 or more" in connections.do
    pooled = judge_workers(apart, replace(found, is_behind_pooler=True))[3]
    assert pooled.state is CheckState.OK
    assert "takes 90 clients" in pooled.do


def test_what_no_worker_does_is_a_problem(monitor: CommandLine, shared: str) -> None:
    monitor.set(database_url=shared)
    unwell = replace(WORKER, parts=("poll", "detect"), trouble="poll: has not looked for 300 s")
    asyncio.run(begin_to_work(shared, unwell))
    ended = monitor("doctor", "--json")
    assert ended.code == 1
    found = [each for each in ended.rows[0]["checks"] if each["name"] == "workers' work"]
    assert [(each["state"], each["what"], each["do"]) for each in found] == [
        ("problem", "Nobody sends alerts", "start a process with “monitor run --only deliver”"),
        (
            "problem",
            "ben-song (11) is unwell: poll: has not looked for 300 s",
            "look into its log, and start it again",
        ),
    ]


def test_a_living_worker_is_named_and_a_pooler_is_seen(monitor: CommandLine, postgresql: Cluster) -> None:
    url = postgresql.borrow()
    monitor.set(database_url=url)
    asyncio.run(begin_to_work(url))
    found = checks(monitor("doctor", "--json"))
    with Pooler(postgresql.port) as pooler:
        monitor.set(database_url=pooler.url(url))
        pooled = checks(monitor("doctor", "--json"))
    postgresql.give_back(url)
    assert found["service"]["what"] == "at work: 1 worker, ben-song (11)"
    assert found["workers' versions"]["what"] == f"1 worker of 1.0, schema {HEAD}"
    assert pooled["connections"]["what"] == "a pooler stands before PostgreSQL, which allows 197"
    assert found["connections"]["what"] == "PostgreSQL allows 197, 1 worker: up to 30"


async def begin_to_work(url: str, *workers: Worker) -> None:
    """A worker beats."""
    async with await open_store(url) as store:
        await store.write(work_here, *workers)


# ---------------------------------------------------------------- secrets


def test_a_secret_is_cut_out_wherever_it_came_from() -> None:
    check = without(("bi-mat",), Check("x", CheckState.OK, "a bi-mat b", "say bi-mat"))
    assert (check.what, check.do) == ("a *** b", "say ***")


@pytest.mark.slow
@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("in_file", [False, True])
def test_no_command_shows_a_secret(monitor: CommandLine, *, wrong: bool, in_file: bool) -> None:
    """Every command that reads settings, with right and with wrong ones; what they write to files, too."""
    fill(f"sqlite:///{monitor.folder}/data/monitor.db")
    lines = {
        "MONITOR_TELEGRAM_API_URL": "http://127.0.0.1:1",
        "MONITOR_TELEGRAM_PROXY": "http://desk:mat-khau-proxy@127.0.0.1:1",
        "MONITOR_SUMMARY_URL": "http://127.0.0.1:1",
        "MONITOR_SUMMARY_KEY": "sk-khoa-bi-mat" + (" x" if wrong else ""),
        "MONITOR_HTTP_ALLOW_PRIVATE": "true",
        "MONITOR_HOST_SPACING": "0",
    }
    monitor.write("config/feeds.yaml", "feeds:\n  - {id: a, outlet: A, url: 'http://127.0.0.1:1/rss'}\n")
    if in_file:
        monitor.write("token", TOKEN + (" and" if wrong else ""))
        lines["MONITOR_TELEGRAM_TOKEN_FILE"] = "token"
    else:
        lines["MONITOR_TELEGRAM_TOKEN"] = TOKEN + (" and" if wrong else "")
    if wrong:
        lines["MONITOR_TELEGRAM_PROXY"] = "ftp://desk:mat-khau-proxy@127.0.0.1:1"
        lines["MONITOR_DATABASE_URL"] = "mysql://desk:mat-khau-csdl@127.0.0.1:1/news"
    monitor.write(".env", "".join(f"{name}={value}\n" for name, value in lines.items()))
    written = set(monitor.folder.rglob("*"))
    codes: dict[str, Any] = {}
    for command in ("check", "doctor", "doctor --json", "status --json", "feeds", "export", "backup kept.db",
                    "restore kept.db", "run --once", "backtest", "suggest", "import", "match"):  # fmt: skip
        ended = monitor(*command.split())
        codes[command] = ended.code
        for secret in SECRETS:
            assert secret not in ended.out + ended.err, command
    assert codes["check"] == (2 if wrong else 0)
    assert codes["backup kept.db"] == (2 if wrong else 0)
    for path in {path for path in monitor.folder.rglob("*") if path.is_file()} - written:
        raw = path.read_bytes()
        assert not [secret for secret in SECRETS if secret.encode() in raw], path


def test_no_secret_stands_in_what_a_program_gets(monitor: CommandLine) -> None:
    monitor.set(database_url="postgresql://news:mat-khau-csdl@127.0.0.1:1/news", telegram_token=TOKEN)
    monitor.set(telegram_api_url="http://127.0.0.1:1")
    ended = monitor("doctor", "--json")
    assert ended.code == 1
    assert "is PostgreSQL running there" in json.dumps(checks(ended))
    assert not [secret for secret in SECRETS if secret in ended.out + ended.err]


async def test_channels_are_looked_at_and_their_addresses_shown_nowhere(
    monitor: CommandLine, unused_tcp_port: int
) -> None:
    secret = "mat-khau-kenh"
    async with outside(monitor), web_sink() as sink:
        well = f"  - {{id: chay, url: 'json://u:{secret}@127.0.0.1:{sink.port}/{secret}', follow: [putin]}}\n"
        lost = f"  - {{id: tat, url: 'json://u:{secret}@127.0.0.1:{unused_tcp_port}/', follow: [putin]}}\n"
        (monitor.folder / "config" / "channels.yaml").write_text(f"channels:\n{well}")
        found = checks(await doctor(monitor, "--json"))
        assert found["channels"]["what"] == "1, and 1 of 1 servers can be reached"
        (monitor.folder / "config" / "channels.yaml").write_text(f"channels:\n{well}{lost}")
        ended = await doctor(monitor, "--json")
    assert checks(ended)["channels"]["state"] == "problem"
    assert checks(ended)["channels"]["what"] == "1 of 2 cannot be reached; tat: ConnectionRefusedError"
    assert ended.code == 1
    assert secret not in ended.out + ended.err
    assert sink.taken == []
