"""draft: what is typed, where the items come from, and that what is printed reads without a word from `check`."""

import asyncio
import io
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.config import load_all
from monitor.store.transaction import open_store
from monitor.types import Entry, FeedId, NewItem, Placement, Role
from tests.command_line import CommandLine

DRAFTED = "config/watchlists/drafted.yaml"
TOLD = [
    *(f"Tổng thống Chile Amara Dovelin thăm xưởng gốm lần {number}" for number in range(4)),
    *(f"Dovelin nói về mùa màng lần {number}" for number in range(3)),
    *(f"Bộ trưởng Y tế Đào Bến Lan thăm trạm xá lần {number}" for number in range(4)),
    "Bà Đào Bến Lan, 30 tuổi, mất xe",
    *(f"HLV Lee Ben Ho và thầy Lee chốt đội hình lần {number}" for number in range(4)),
    *(f"Giá rau ở chợ quê ngày thứ {number} ổn định" for number in range(40)),
]


def rows(titles: Iterable[str] = TOLD) -> list[dict[str, Any]]:
    start = datetime(2026, 3, 1, 8, tzinfo=UTC)
    return [
        {"id": f"i{number}", "outlet": "Bến Sông", "title": title, "published": str(start + timedelta(hours=number))}
        for number, title in enumerate(titles)
    ]


def assert_check_is_silent_of_the_draft(monitor: CommandLine) -> None:
    """What it says of the list that was there before is no matter of the draft's."""
    checked = monitor("check")
    assert checked.code == 0
    assert [line for line in checked.out.splitlines() if line.startswith(DRAFTED)] == []


def test_a_draft_of_given_items_is_yaml_with_its_evidence(monitor: CommandLine) -> None:
    ended = monitor("draft", "Amara Dovelin", "-", given=rows())
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("leaders:\n  - id: amara-dovelin\n    name: Amara Dovelin\n    # in 4 items\n")
    assert "      - Dovelin\n        # alone in 3 items" in ended.out
    assert "      - {title: Tổng thống Chile}\n" in ended.out


def test_a_program_gets_the_yaml_and_what_speaks_for_each_value(monitor: CommandLine) -> None:
    [row] = monitor("draft", "Amara Dovelin", "-", "--json", given=rows()).rows
    assert row["kind"] == "leader"
    assert row["yaml"].startswith("leaders:\n")
    office = {"field": "offices", "value": "Tổng thống Chile", "support": 4, "examples": ["i3", "i2", "i1"]}
    assert office in row["proposals"]


@pytest.mark.parametrize(
    "name",
    [
        "Amara Dovelin",
        "Đào Bến Lan",
        "dao ben lan",
        "Lee Ben Ho",
        "Không Ai Cả",
        "no: [x]",
        "Chile",
        "null",
        "Bến " * 40,
    ],
)
def test_check_has_nothing_to_say_of_a_draft(name: str, monitor: CommandLine) -> None:
    ended = monitor("draft", name, "-", given=rows())
    monitor.write(DRAFTED, ended.out)
    assert_check_is_silent_of_the_draft(monitor)


@pytest.mark.parametrize("words", ["giá rau ở chợ", "xưởng gốm, trạm xá", "đua thuyền", "khởi tố cán bộ", "và"])
def test_check_has_nothing_to_say_of_a_drafted_event(words: str, monitor: CommandLine) -> None:
    ended = monitor("draft", "--event", words, "-", given=rows())
    assert ended.out.split("events:\n")[1].startswith("  - id: ")
    monitor.write(DRAFTED, ended.out)
    assert_check_is_silent_of_the_draft(monitor)


def test_an_event_is_drafted_with_what_its_queries_find(monitor: CommandLine) -> None:
    [row] = monitor("draft", "--event", "giá rau", "-", "--json", given=rows()).rows
    assert row["kind"] == "event"
    query = row["proposals"][0]
    assert (query["field"], query["value"], query["support"]) == ("match", "rau NEAR/12 {giá}", 40)
    assert "title:{giá}" not in {each["value"] for each in row["proposals"]}


def test_what_nobody_writes_of_gives_the_name_alone_and_code_1(monitor: CommandLine) -> None:
    ended = monitor("draft", "Không Ai Cả", "-", given=rows())
    assert ended.code == 1
    assert "no item names 'Không Ai Cả'" in ended.out
    assert "leaders:\n  - id: khong-ai-ca\n    name: Không Ai Cả\n" in ended.out


def test_an_id_that_is_taken_gets_a_number(monitor: CommandLine) -> None:
    monitor.write("config/watchlists/more.yaml", "events: [{id: amara-dovelin, name: Gốm, match: [gốm]}]\n")
    assert "  - id: amara-dovelin-2\n" in monitor("draft", "Amara Dovelin", "-", given=rows()).out


def test_a_file_is_read_as_standard_input_is(monitor: CommandLine) -> None:
    path = monitor.write("news.jsonl", "".join(json.dumps(row) + "\n" for row in rows()))  # letters as escapes
    assert monitor("draft", "Đào Bến Lan", path).out == monitor("draft", "Đào Bến Lan", "-", given=rows()).out


def test_lines_that_are_no_items_are_told_once_and_the_rest_counts(monitor: CommandLine) -> None:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows())
    ended = monitor("draft", "Amara Dovelin", "-", given=lines + '{"id": 7}\n{\n')
    assert ended.code == 1
    assert re.findall(r"<stdin>:(\d+): ", ended.err) == ["57", "58"]
    assert "amara-dovelin" in ended.out


def test_since_counts_back_from_the_newest_item(monitor: CommandLine) -> None:
    assert "nothing was found" in monitor("draft", "Amara Dovelin", "-", "--since", "24h", given=rows()).err
    assert monitor("draft", "Amara Dovelin", "-", "--since", "7d", given=rows()).code == 0


@pytest.mark.parametrize("typed", [(), ("",), ("  ", "-"), ("--event", " ", "-")])
def test_without_a_name_it_is_wrong_use(typed: tuple[str, ...], monitor: CommandLine) -> None:
    ended = monitor("draft", *typed, given=rows())
    assert (ended.code, ended.out) == (2, "")
    assert "say whom" in ended.err


def test_a_name_that_no_watchlist_could_hold_is_refused(monitor: CommandLine) -> None:
    ended = monitor("draft", "Bến " * 60, "-", given=rows())
    assert (ended.code, ended.out) == (2, "")
    assert "at most 200" in ended.err


def test_stored_items_are_read(monitor: CommandLine, database_url: str) -> None:
    now = datetime.now(UTC)

    async def fill() -> None:
        async with await open_store(database_url) as store:
            with store.writing() as tx:
                tx.register_feeds({FeedId("a"): "https://a.example/rss"}, now=now)
                entries = [
                    NewItem(
                        Entry(title, title, "", title, published_at=now), FeedId("a"), "Bến Sông", now, alertable=True
                    )
                    for title in TOLD
                ]
                for stored in tx.add_items(entries):
                    tx.save_detection(stored, (), Placement(None, Role.NEW), version="1", now=now)

    asyncio.run(fill())
    monitor.set(database_url=database_url)
    ended = monitor("draft", "Amara Dovelin")
    assert (ended.code, ended.err) == (0, "")
    assert "      - Dovelin\n" in ended.out


def test_without_a_database_a_file_is_asked_for(monitor: CommandLine) -> None:
    ended = monitor("draft", "Amara Dovelin")
    assert ended.code == 2
    assert "name a FILE" in ended.err


def test_drafted_files_are_whole(monitor: CommandLine) -> None:
    ended = monitor("draft", "Lee Ben Ho", "-", given=rows())
    monitor.write(DRAFTED, ended.out)
    config = load_all(monitor.folder / "config", timezone="Asia/Ho_Chi_Minh")
    assert "lee-ben-ho" in {str(watch.id) for watch in config.watchlist.watches}
    assert io.StringIO(ended.out).readline() == "leaders:\n"


# ---------------------------------------------------------------- examples


def test_examples_alone_say_whom_or_what_to_watch(monitor: CommandLine) -> None:
    given = rows([*TOLD, *(f"Lò gốm ngập ở bến {number}" for number in range(5))])
    news = monitor.write("news.jsonl", "".join(json.dumps(row) + "\n" for row in given))
    ended = monitor("draft", "--like", "-", news, given=[row for row in given if "Đào Bến Lan" in row["title"]])
    assert (ended.code, ended.err) == (0, "")
    assert "  - id: dao-ben-lan\n" in ended.out
    assert "# finds 4 of the 5 examples\n# misses i11: Bà Đào Bến Lan, 30 tuổi, mất xe\n" in ended.out
    ended = monitor("draft", "--like", "-", news, given=[row for row in given if "Lò gốm" in row["title"]])
    assert "\nevents:\n" in ended.out
    assert "# finds 5 of the 5 examples" in ended.out


def test_an_example_that_the_draft_misses_is_named(monitor: CommandLine) -> None:
    news = monitor.write("news.jsonl", "".join(json.dumps(row) + "\n" for row in rows()))
    ended = monitor("draft", "Amara Dovelin", news, "--like", "-", given=[{"id": "x7", "title": "Chuyện khác"}])
    assert "# finds 0 of the 1 examples\n# misses x7: Chuyện khác\n" in ended.out


@pytest.mark.parametrize("examples", [[], [{"title": "Một"}, {"title": "Hai"}]])
def test_examples_with_nothing_in_common_are_no_watch(examples: list[object], monitor: CommandLine) -> None:
    news = monitor.write("news.jsonl", "".join(json.dumps(row) + "\n" for row in rows()))
    ended = monitor("draft", "--like", "-", news, given=examples)
    assert (ended.code, ended.out) == (2, "")
    assert "in common" in ended.err
