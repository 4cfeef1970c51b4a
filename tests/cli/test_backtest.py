"""backtest: what would have rung, by the very rules of the service."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.store.transaction import open_store
from monitor.types import Entry, FeedId, NewItem, Placement, Role
from tests.command_line import CommandLine
from tests.newsstand import WATCHLIST

MORNING = datetime(2026, 8, 23, 1, 0, tzinfo=UTC)
CALL = "Ông Putin điện đàm với ông Netanyahu về viện trợ nhân đạo"
CALL_LEAD = "Hai bên trao đổi tối thứ hai về viện trợ nhân đạo cho người dân vùng biên giới phía nam."
QUAKE = "Động đất 6,1 độ làm rung chuyển miền đông quần đảo"
QUAKE_LEAD = "Trận động đất mạnh 6,1 độ xảy ra ngoài khơi sáng chủ nhật, chưa có báo cáo về thương vong."


def item(number: int, title: str, lead: str = "", *, outlet: str = "Bến Sông", hours: float = 0) -> dict[str, Any]:
    at = MORNING + timedelta(hours=hours)
    return {"id": number, "outlet": outlet, "title": title, "summary": lead, "published": at.isoformat()}


NEWS = [
    item(1, CALL, CALL_LEAD),
    item(2, "Giá rau ổn định", hours=1),
    item(3, CALL, CALL_LEAD, outlet="Sao Mai", hours=2),
    item(4, QUAKE, QUAKE_LEAD, outlet="Sao Mai", hours=30),
]


def test_one_line_a_message_and_a_count_a_watch(monitor: CommandLine) -> None:
    ended = monitor("backtest", "-", given=NEWS)
    assert (ended.code, ended.err) == (0, "")
    *lines, total = ended.out.splitlines()
    assert [line[:18] for line in lines[:2]] == ["🔔 2026-08-23 08:00", "🔔 2026-08-24 14:00"]
    assert "Bến Sông" in lines[0]
    assert CALL in lines[0]
    assert "Vladimir Putin" in lines[0]
    assert sorted(lines[2:]) == [
        "dong-dat: 1 alerts, 0 developments, named in 1 items",
        "netanyahu: 1 alerts, 0 developments, named in 2 items",
        "putin: 1 alerts, 0 developments, named in 2 items",
    ]
    assert total.startswith("all: 2 messages")


def test_a_program_gets_lines_and_a_person_the_count(monitor: CommandLine) -> None:
    ended = monitor("backtest", "--json", "-", given=NEWS)
    first, second = ended.rows
    assert (first["kind"], sorted(first["watches"]), first["at"]) == (
        "alert",
        ["netanyahu", "putin"],
        "2026-08-23T08:00:00+07:00",
    )
    assert (second["watches"], second["outlet"], second["title"]) == (["dong-dat"], "Sao Mai", QUAKE)
    assert "all: 2 messages" in ended.err


def test_items_are_replayed_in_order_of_time(monitor: CommandLine) -> None:
    path = monitor.write("news.jsonl", "")
    straight = monitor("backtest", "--json", "-", given=NEWS).rows
    turned = monitor("backtest", "--json", "-", given=NEWS[::-1]).rows
    assert [row["title"] for row in turned] == [row["title"] for row in straight] == [CALL, QUAKE]
    assert turned[0]["outlet"] == "Bến Sông", "the first to tell"
    assert monitor("backtest", path).out == "all: 0 messages\n"


def test_one_watch_and_the_last_days_alone(monitor: CommandLine) -> None:
    assert [row["watches"] for row in monitor("backtest", "--json", "--watch", "putin", "-", given=NEWS).rows] == [
        ["putin"]
    ]
    assert [row["title"] for row in monitor("backtest", "--json", "--since", "6h", "-", given=NEWS).rows] == [QUAKE]


def test_the_difference_that_a_changed_watchlist_makes(monitor: CommandLine) -> None:
    changed = WATCHLIST.replace("aliases: [Putin]", "aliases: [Pu-tin]").replace(
        '"động đất"', '"động đất" OR "giá rau"'
    )
    monitor.write("changed/watchlists/all.yaml", changed)
    ended = monitor("backtest", "--against", "changed", "-", given=NEWS)
    lost, gained = ended.out.splitlines()
    assert (ended.code, lost[0], gained[0]) == (0, "-", "+")
    assert "| Vladimir Putin |" in lost
    assert "Giá rau" in gained
    assert ended.err == "2 messages by the present watchlists, 3 by the others: 1 gained, 1 lost\n"
    rows = monitor("backtest", "--json", "--against", "changed", "-", given=NEWS).rows
    assert [(row["change"], row["watches"]) for row in rows] == [("lost", ["putin"]), ("gained", ["dong-dat"])]
    same = monitor("backtest", "--against", "config", "-", given=NEWS)
    assert same.out == ""


def test_a_mention_deep_in_a_body_rings_for_nobody(monitor: CommandLine) -> None:
    filler = "Không có gì mới ở chợ hôm nay. " * 40
    given = [
        item(1, "Chợ quê") | {"body": f"{filler}Ông Putin. {filler}"},
        item(2, "Chợ phố") | {"body": f"Ông Putin. {filler}"},
    ]
    assert [row["title"] for row in monitor("backtest", "--json", "-", given=given).rows] == ["Chợ phố"]


def test_stored_items_of_the_last_days_are_replayed(monitor: CommandLine, database_url: str) -> None:
    now = datetime.now(UTC)
    stored = [
        ("a", CALL, CALL_LEAD, now - timedelta(days=9), timedelta()),
        ("b", QUAKE, QUAKE_LEAD, now - timedelta(days=6), timedelta()),
        (
            "c",
            "Ông Putin thăm nhà máy đóng tàu",
            "",
            now - timedelta(days=5),
            timedelta(days=3),
        ),  # seen three days late
    ]

    async def fill() -> None:
        async with await open_store(database_url) as store:
            with store.writing() as tx:
                for key, title, lead, at, late in stored:
                    entry = Entry(key, key, f"https://ben-song.example/{key}", title, lead, at)
                    (made,) = tx.add_items([NewItem(entry, FeedId("ben-song"), "Bến Sông", at + late, alertable=False)])
                    tx.save_detection(made, (), Placement(None, Role.NEW), version="v0", now=at + late)

    asyncio.run(fill())
    monitor.set(database_url=database_url)
    assert [row["title"] for row in monitor("backtest", "--json").rows] == [QUAKE]
    assert [row["title"] for row in monitor("backtest", "--json", "--since", "30d").rows] == [CALL, QUAKE]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("--watch", "putn", "-"), "did you mean putin?"),
        (("--since", "gestern", "-"), "--since"),
        (("--against", "nirgends", "-"), "nirgends"),
        (("nothing.jsonl",), "nothing.jsonl cannot be read"),
        ((), "nothing is stored yet"),
    ],
    ids=str,
)
def test_wrong_use_is_told_with_code_2(monitor: CommandLine, typed: tuple[str, ...], words: str) -> None:
    ended = monitor("backtest", *typed, given=NEWS)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err


def test_a_line_that_is_no_item_is_named_and_the_rest_replayed(monitor: CommandLine) -> None:
    ended = monitor("backtest", "--json", "-", given=[NEWS[0], {"id": 2}])
    assert (ended.code, len(ended.rows)) == (1, 1)
    assert ended.err.startswith("<stdin>:2: ")
