"""backtest: what would have rung, by the very rules of the service."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.store.transaction import open_store
from monitor.types import Entry, FeedId, NewItem, Placement, Role
from tests.command_line import FEEDS, CommandLine
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


FILLER = "Không có gì mới ở chợ hôm nay. " * 40


def rings_for(monitor: CommandLine, given: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    return [(row["title"], row["watches"]) for row in monitor("backtest", "--json", "-", given=given).rows]


def test_a_mention_deep_in_a_body_rings_for_nobody(monitor: CommandLine) -> None:
    given = [
        item(1, "Ông Netanyahu ra chợ quê") | {"body": f"{FILLER}Ông Putin. {FILLER}"},
        item(2, "Ông Netanyahu thăm phố cổ", hours=2) | {"body": f"Ông Putin. {FILLER}"},
    ]
    rows = monitor("backtest", "--json", "--watch", "putin", "-", given=given).rows
    assert [row["title"] for row in rows] == ["Ông Netanyahu thăm phố cổ"]


def test_the_article_behind_an_item_that_names_nothing_is_not_read(monitor: CommandLine) -> None:
    given = [item(1, "Chợ phố đông khách") | {"body": f"Ông Putin. {FILLER}", "feed": "ben-song"}]
    assert rings_for(monitor, given) == [], "the service asks for no such page"
    monitor.write("config/feeds.yaml", FEEDS.replace("section: Thế giới", "fulltext: always"))
    assert rings_for(monitor, given) == [("Chợ phố đông khách", ["putin"])]
    monitor.write("config/feeds.yaml", FEEDS.replace("section: Thế giới", "fulltext: never"))
    named = [item(1, "Ông Netanyahu ra chợ") | {"body": f"Ông Putin. {FILLER}", "feed": "ben-song"}]
    assert rings_for(monitor, named) == [("Ông Netanyahu ra chợ", ["netanyahu"])]


def test_related_headlines_and_roundups_ring_as_in_the_service(monitor: CommandLine) -> None:
    related = (
        '<a href="https://ben-song.example/">Chợ đông khách.</a><ul><li><a href="x">Ông Putin ra chợ</a></li></ul>'
    )
    given = [
        item(1, "Chợ quê", related),
        item(2, CALL, CALL_LEAD, hours=1),
        item(3, "Điểm tin: Ông Putin trồng cây, giá rau ổn định", hours=2),
    ]
    assert rings_for(monitor, given) == [(CALL, ["netanyahu", "putin"])]


# ---------------------------------------------------------------- what came close

NEAR = [
    item(1, "Cựu Tổng thống Nga trồng cây"),
    item(2, "Đại sứ quán Putin Park khai trương", hours=1),
    item(3, "Nguyên Tổng thống Nga về quê", hours=2),
    item(4, "Ông Putin trồng cây", hours=3),
]


def test_near_misses_of_one_watch_stand_beside_its_hits_by_reason(monitor: CommandLine) -> None:
    lines = monitor("backtest", "--watch", "putin", "-", given=NEAR).out.splitlines()
    assert [line[:7] for line in lines] == [
        "🔔 2026-",
        "near: 2",
        "    202",
        "    202",
        "near: 1",
        "    202",
        "putin: ",
        "all: 1 ",
    ]
    assert "cựu 1" in lines[1]
    assert "nguyên 1" in lines[1]
    assert lines[2] == "    2026-08-23 10:00 | Bến Sông | “Tổng thống Nga” | Nguyên Tổng thống Nga về quê", (
        "newest first"
    )
    assert "“Park” after it: a longer name" in lines[4]
    assert not any(line.startswith("near") for line in monitor("backtest", "-", given=NEAR).out.splitlines())


def test_a_program_gets_near_misses_as_lines_of_their_own_kind(monitor: CommandLine) -> None:
    rows = monitor("backtest", "--json", "--watch", "putin", "-", given=NEAR).rows
    assert [row["kind"] for row in rows] == ["alert", "near_miss", "near_miss"]
    assert (rows[1]["watch"], rows[1]["count"]) == ("putin", 2)
    assert [each["title"] for each in rows[1]["items"]] == [NEAR[2]["title"], NEAR[0]["title"]]


def test_of_many_near_misses_the_three_newest_are_shown_and_all_counted(monitor: CommandLine) -> None:
    many = [item(n, f"Cựu Tổng thống Nga trồng cây thứ {n}", hours=n) for n in range(5)]
    [row] = monitor("backtest", "--json", "--watch", "putin", "-", given=many).rows
    assert (row["count"], [each["title"][-1] for each in row["items"]]) == (5, ["4", "3", "2"])


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
