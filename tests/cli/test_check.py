"""check and schema: all mistakes of all files and of the environment in one run."""

import asyncio
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.config import load_watchlist
from monitor.config.shipped import SHIPPED
from monitor.store.transaction import open_store
from monitor.types import Entry, FeedId, NewItem, Placement, Role
from tests.command_line import CommandLine

REPO = Path(__file__).parents[2]


def wrong_files(monitor: CommandLine) -> None:
    monitor.set(access="everybody")
    monitor.write(".env", "MONITOR_LOG_FORMAT=xml\nMONITOR_RETENTION_DAYS=0\n")
    monitor.write("config/feeds.yaml", "feeds:\n  - {id: Aa, outlet: X, url: 'ftp://x'}\n  - {id: b, outlet: X}\n")
    monitor.write("config/watchlists/all.yaml", "leaders:\n  - {id: p, name: P, offic: []}\n")
    monitor.write("config/watchlists/tab.yaml", "events:\n\t- {}\n")
    monitor.write("config/watchlists/query.yaml", "events:\n  - {id: q, name: Q, match: ['(a OR']}\n")


HINT = "{động đất} holds 3 ways to say `động đất`: write {động đất} (warning)"


def test_files_that_are_right_are_summed_up_with_code_0(monitor: CommandLine) -> None:
    ended = monitor("check")
    assert ended.code == 0
    assert [line.partition(": ")[2] for line in ended.out.splitlines()] == [HINT]
    assert ended.err.startswith("2 feeds, 3 watches, version ")


def test_every_mistake_of_every_file_and_of_the_settings_is_told_in_one_run(monitor: CommandLine) -> None:
    wrong_files(monitor)
    ended = monitor("check")
    lines = ended.out.splitlines()
    places = {":".join(line.split(":")[:2]) for line in lines}
    assert places == {
        "environment:0",
        ".env:1",
        ".env:2",
        "config/feeds.yaml:2",
        "config/feeds.yaml:3",
        "config/watchlists/all.yaml:2",
        "config/watchlists/tab.yaml:2",
        "config/watchlists/query.yaml:2",
    }
    assert ended.code == 2
    assert ended.err == f"monitor check: {len(lines)} to mend\n"


def test_a_program_gets_the_same_as_json(monitor: CommandLine) -> None:
    wrong_files(monitor)
    lines, rows = monitor("check").out.splitlines(), monitor("check", "--json").rows
    assert [f"{row['file']}:{row['line']}:{row['column']}: {row['message']}" for row in rows] == lines
    assert {row["severity"] for row in rows} == {"error"}


def test_warnings_leave_the_code_0(monitor: CommandLine) -> None:
    monitor.write(
        "config/watchlists/all.yaml", "leaders:\n  - {id: p, name: Vladimir Putin, aliases: [Vladimir Putin]}\n"
    )
    monitor.set(acces="open")
    ended = monitor("check")
    assert (ended.code, len(ended.out.splitlines())) == (0, 2)
    assert all(line.endswith("(warning)") for line in ended.out.splitlines())
    assert [row["severity"] for row in monitor("check", "--json").rows] == ["warning", "warning"]


def test_the_folder_of_a_wrong_environment_is_checked_all_the_same(monitor: CommandLine) -> None:
    monitor.write(".env", "MONITOR_CONFIG_DIR=elsewhere\nMONITOR_ACCESS=all\n")
    monitor.write("elsewhere/feeds.yaml", "feeds: 5\n")
    ended = monitor("check")
    assert any(line.startswith("elsewhere/feeds.yaml:1:") for line in ended.out.splitlines())
    monitor.write(".env", "what is this\n")
    assert monitor("check").out.startswith(".env:1:1: ")


def test_the_token_is_never_shown(monitor: CommandLine) -> None:
    token = "70001:" + "s" * 35
    monitor.set(telegram_token=f"{token} {token}", access="x")
    for command in ("check", "match", "status", "run"):
        ended = monitor(command)
        assert ended.code == 2
        assert "sss" not in ended.out + ended.err


def test_channels_are_checked_with_the_others_and_no_address_is_shown(monitor: CommandLine) -> None:
    secret = "mat-khau-kenh"
    monitor.write(".env", f"MONITOR_CHANNEL_TIN=ntfy://u:{secret}@127.0.0.1/tin\n")
    right = "  - {id: tin, url_env: MONITOR_CHANNEL_TIN, follow: ['*']}\n"
    monitor.write("config/channels.yaml", f"channels:\n{right}")
    ended = monitor("check")
    assert ended.code == 0
    assert ended.err.rstrip().endswith(", 1 channels")
    monitor.write(
        "config/channels.yaml", f"channels:\n{right}  - {{id: x, url: 'nosuch://{secret}', follow: [nobody]}}\n"
    )
    ended = monitor("check")
    assert ended.code == 2
    url, target = ended.out.splitlines()
    assert url.startswith("config/channels.yaml:3:18: Apprise cannot read this address")
    assert target.startswith("config/channels.yaml:3:53: `nobody`: no watch has this id")
    assert secret not in ended.out + ended.err


@pytest.mark.skipif(not (REPO / "config").is_dir(), reason="an installed package has none")
def test_the_shipped_files_are_right(monitor: CommandLine) -> None:
    monitor.set(config_dir=str(REPO / "config"))
    ended = monitor("check")
    assert ended.code == 0
    assert "76 watches" in ended.err


def test_schemas_are_written_where_they_are_wanted(monitor: CommandLine) -> None:
    ended = monitor("schema", "here/schema")
    assert (ended.code, ended.out) == (0, "")
    written = sorted(path.name for path in (monitor.folder / "here/schema").iterdir())
    assert written == ["channels.schema.json", "feeds.schema.json", "watchlist.schema.json"]
    for name in written:
        json.loads((monitor.folder / "here/schema" / name).read_text())
    shutil.rmtree(monitor.folder / "here")
    monitor.write("here", "a file")
    refused = monitor("schema", "here/schema")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.count("\n") == 1


def test_a_word_that_hits_too_many_stored_items_is_warned_of(monitor: CommandLine) -> None:
    monitor.write("config/watchlists/all.yaml", "events:\n  - {id: mua, name: Mưa, match: ['mưa']}\n")
    database = f"sqlite:///{monitor.folder}/monitor.db"
    monitor.set(database_url=database)
    asyncio.run(_store_items(database, 150))
    ended = monitor("check")
    assert ended.code == 0
    assert "all.yaml:2:" in ended.out
    assert "150 of 150" in ended.out


# ---------------------------------------------------------------- what costs, as stored news shows it

LONGER = "leaders:\n  - id: {id}\n    name: Mai Sông\n"


def stored_shows(monitor: CommandLine, watch: str, title: str, *, days: int = 0, database: str = "") -> None:
    """Four articles of such titles, and a watch that refuses them."""
    monitor.write("config/watchlists/all.yaml", LONGER.format(id=watch))
    database = database or f"sqlite:///{monitor.folder}/monitor.db"
    monitor.set(database_url=database)
    asyncio.run(_store_items(database, 4, title, ago=timedelta(days=days)))


def test_what_costs_is_told_at_its_place_with_the_line_to_write(monitor: CommandLine) -> None:
    stored_shows(monitor, "co-ca", "Live show Mai Sông Live lần {n}")
    ended = monitor("check")
    assert ended.code == 0
    assert ended.out == (
        "config/watchlists/all.yaml:3:11: 4 full names in 4 stored items were refused: “Live” after it: a longer name; "
        "write `aliases: [Mai Sông Live]` if that is the same person (warning)\n"
    )
    [row] = monitor("check", "--json").rows
    assert (row["line"], row["severity"]) == (3, "warning")


def test_watches_that_ship_are_looked_at_only_when_asked_for(monitor: CommandLine) -> None:
    stored_shows(monitor, "putin", "Live show Mai Sông Live lần {n}")
    assert monitor("check").out == ""
    assert "refused" in monitor("check", "--all").out


def test_a_word_of_a_shipped_watch_that_hits_much_is_not_told_either(monitor: CommandLine) -> None:
    database = f"sqlite:///{monitor.folder}/monitor.db"
    monitor.set(database_url=database)
    asyncio.run(_store_items(database, 150))
    rain = "events:\n  - {id: %s, name: Mưa, match: ['mưa']}\n"
    monitor.write("config/watchlists/all.yaml", rain % "bao")
    assert monitor("check").out == ""
    assert "150 of 150" in monitor("check", "--all").out


def test_stored_news_can_be_left_out_and_old_news_is(monitor: CommandLine) -> None:
    stored_shows(monitor, "co-ca", "Live show Mai Sông Live lần {n}")
    assert monitor("check", "--no-history").out == ""
    (monitor.folder / "monitor.db").unlink()
    assert monitor("check").out == "", "no database, and none is made"
    assert not (monitor.folder / "monitor.db").exists()
    stored_shows(monitor, "co-ca", "Live show Mai Sông Live lần {n}", days=31)
    assert monitor("check").out == ""


def test_the_look_at_stored_news_ends_after_some_seconds(
    monitor: CommandLine, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setattr("monitor.cli.files.COSTS_SECONDS", 0)
    stored_shows(monitor, "co-ca", "Live show Mai Sông Live lần {n}", database=database_url)
    ended = monitor("check")
    assert (ended.code, ended.out) == (0, "")
    assert "the newest 1 of the stored items were read" in ended.err


@pytest.mark.skipif(not (REPO / "config").is_dir(), reason="an installed package has none")
def test_the_ids_of_the_watches_that_ship_are_known() -> None:
    assert {watch.id for watch in load_watchlist(REPO / "config").watches} == SHIPPED


async def _store_items(
    database: str, count: int, title: str = "Trời mưa ngày thứ {n}", *, ago: timedelta = timedelta()
) -> None:
    now = datetime.now(UTC) - ago
    async with await open_store(database) as store:
        with store.writing() as tx:
            drafts = [
                NewItem(
                    Entry(f"m:{n}", "", f"https://bao.example/{n}", title.format(n=n)),
                    FeedId("bao"),
                    "Báo",
                    now,
                    True,
                )
                for n in range(count)
            ]
            for item in tx.add_items(drafts):
                tx.save_detection(item, (), Placement(None, Role.NEW), version="v", now=now)
