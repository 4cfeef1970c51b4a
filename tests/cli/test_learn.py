"""learn: marks in, a lesson out; the file is written after a yes, and kept marks speak again later."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.store.transaction import open_store
from monitor.types import Address, Entry, FeedId, Match, NewItem, Placement, Role, Rule, WatchId
from tests.command_line import CommandLine

FIRES = """\
events:
  - id: chay
    name: Cháy
    match: ['cháy']   # all of them
    tags: [nong]
"""
RIGHT = ("Cháy lớn ở xưởng mộc", "Kho vải bốc cháy giữa trưa", "Cháy chợ Đình lúc nửa đêm")
WRONG = ("Diễn tập chữa cháy ở xưởng may", "Công an xã diễn tập xử lý cháy", "Diễn tập cháy rừng tràm")
QUIET = [{"id": f"q{number}", "title": f"Giá rau ngày thứ {number} ổn định"} for number in range(20)]
ITEMS = [{"id": number, "title": title} for number, title in enumerate((*RIGHT, *WRONG))]
MARKS = [{"id": number, "right": number < len(RIGHT)} for number in range(len(ITEMS))]


@pytest.fixture
def newsroom(monitor: CommandLine) -> CommandLine:
    monitor.write("config/watchlists/chay.yaml", FIRES)
    monitor.write("items.jsonl", _lines([*ITEMS, *QUIET]))
    monitor.write("marks.jsonl", _lines(MARKS))
    return monitor


def _lines(rows: object) -> str:
    assert isinstance(rows, list)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_the_lesson_is_one_json_line_with_the_yaml_of_the_watch(newsroom: CommandLine) -> None:
    ended = newsroom("learn", "chay", "marks.jsonl", "items.jsonl")
    assert ended.code == 0
    [row] = ended.rows
    assert row["before"] == {"precision": 0.5, "recall": 1.0}
    assert row["after"] == {"precision": 1.0, "recall": 1.0}
    [change] = row["changes"]
    assert change["field"] == "not"
    assert change["why"].endswith("3 of 3 wrong ones are left out by it, none of the right ones")
    assert "diễn tập" in change["add"]
    head = "- id: chay\n  name: Cháy\n  not: ["
    assert row["yaml"].startswith(head)
    assert row["yaml"].endswith("]\n  match: ['cháy']   # all of them\n  tags: [nong]\n")
    assert (row["marks"], row["unmarked"]["items"], row["unmarked"]["gained"]) == (6, 20, 0)


def test_marks_come_from_standard_input_and_the_words_for_a_person_go_to_stderr(newsroom: CommandLine) -> None:
    ended = newsroom("learn", "chay", "-", "items.jsonl", "--explain", "--cross", given=MARKS)
    assert len(ended.rows) == 1
    assert "before: 3 right and 3 wrong are told, 0 right ones missed (precision 0.50" in ended.err
    assert "on marks that were not learnt from: precision" in ended.err
    assert "of 20 unmarked items 0 more and 0 fewer would be told" in ended.err


def test_nothing_is_written_without_a_yes(newsroom: CommandLine) -> None:
    path = Path("config/watchlists/chay.yaml")
    newsroom("learn", "chay", "marks.jsonl", "items.jsonl")
    assert path.read_text("utf-8") == FIRES
    asked = newsroom("learn", "chay", "marks.jsonl", "items.jsonl", "--write")
    assert asked.code == 2
    assert "add --yes" in asked.err
    assert path.read_text("utf-8") == FIRES


def test_a_yes_writes_the_change_and_leaves_every_other_byte(newsroom: CommandLine) -> None:
    path = Path("config/watchlists/chay.yaml")
    raw = b"\xef\xbb\xbf" + FIRES.replace("\n", "\r\n").encode()
    path.write_bytes(raw)
    ended = newsroom("learn", "chay", "marks.jsonl", "items.jsonl", "--write", "--yes")
    assert ended.code == 0
    [change] = ended.rows[0]["changes"]
    line = f"    not: ['{change['add']}']\r\n".encode()
    assert path.read_bytes() == raw.replace(b"    match:", line + b"    match:")
    assert newsroom("check").code == 0
    again = newsroom("learn", "chay", "marks.jsonl", "items.jsonl").rows[0]
    assert (again["changes"], again["before"]) == ([], {"precision": 1.0, "recall": 1.0})


def test_marks_that_are_kept_speak_when_the_watch_changes(newsroom: CommandLine) -> None:
    newsroom("learn", "chay", "marks.jsonl", "items.jsonl", "--write", "--yes", "--keep")
    assert len(Path("config/marks/chay.jsonl").read_text("utf-8").splitlines()) == 6
    assert "judged otherwise" not in newsroom("check").out
    newsroom.write("config/watchlists/chay.yaml", FIRES)
    check = newsroom("check")
    said = "config/marks/chay.jsonl:4:1: 3 of 6 marks of 'chay' are judged otherwise now: "
    assert said + f"“{WRONG[0]}” (wrong, told)" in check.out
    assert check.code == 0
    backtest = newsroom("backtest", "items.jsonl", "--watch", "chay")
    assert said in backtest.err
    assert backtest.code == 1
    assert newsroom("backtest", "items.jsonl", "--watch", "dong-dat").code == 0
    newsroom.write("config/watchlists/chay.yaml", FIRES + "    enabled: false\n")
    assert "judged otherwise" not in newsroom("check").out, "nobody asks a watch that is switched off"


def test_kept_marks_count_beside_new_ones(newsroom: CommandLine) -> None:
    newsroom("learn", "chay", "marks.jsonl", "items.jsonl", "--keep")
    one = [{"id": "new", "right": True, "title": "Cháy tàu ở bến sông", "summary": "", "published": "2025-11-03"}]
    ended = newsroom("learn", "chay", "-", "items.jsonl", given=one)
    assert "6 kept marks of chay count too" in ended.err
    assert ended.rows[0]["marks"] == 7


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ({"id": 99, "right": True}, "the item 99 is neither given nor stored"),
        ({"id": 0}, '"right" must be true or false'),
        ({"id": 0, "right": "yes"}, '"right" must be true or false'),
        ({"right": True}, '"id" is missing'),
    ],
)
def test_a_line_that_is_no_mark_is_reported_and_skipped(newsroom: CommandLine, line: object, why: str) -> None:
    ended = newsroom("learn", "chay", "-", "items.jsonl", given=[line, *MARKS])
    assert ended.code == 1
    assert f"<stdin>:1: {why}" in ended.err
    assert len(ended.rows) == 1


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (
            ("learn", "chai", "marks.jsonl", "items.jsonl"),
            "there is no watch 'chai' in the watchlists: did you mean chay?",
        ),
        (("learn", "chay"), "name a MARKS file"),
        (("learn", "chay", "nothing.jsonl", "items.jsonl"), "nothing.jsonl cannot be read"),
        (("learn", "chay", "--stored"), "there are no marks to learn from"),
    ],
)
def test_wrong_use_is_said_in_one_line(newsroom: CommandLine, typed: tuple[str, ...], why: str) -> None:
    ended = newsroom(*typed)
    assert ended.code == 2
    assert why in ended.err


def test_what_readers_called_wrong_is_learnt_from(newsroom: CommandLine, database_url: str) -> None:
    now = datetime.now(UTC)

    async def fill() -> None:
        async with await open_store(database_url) as store:
            with store.writing() as tx:
                tx.register_feeds({FeedId("a"): "https://a.example/rss"}, now=now)
                drafts = [
                    NewItem(
                        Entry(title, title, "", title, published_at=now - timedelta(days=3, minutes=number)),
                        FeedId("a"),
                        "Bến Sông",
                        now,
                        alertable=True,
                    )
                    for number, title in enumerate((*RIGHT, *WRONG, *(row["title"] for row in QUIET)))
                ]
                for stored in tx.add_items(drafts):
                    told = "cháy" in stored.title.lower()
                    match = Match(WatchId("chay"), "event", "Cháy", Rule.QUERY, 0.9, ())
                    story = tx.save_detection(
                        stored, (match,) if told else (), Placement(None, Role.NEW), version="1", now=now
                    )
                    if stored.title in WRONG:
                        evidence = [{"item": stored.id, "watch": "chay"}]
                        assert tx.add_feedback(Address(7), story, evidence, now=now)

    asyncio.run(fill())
    newsroom.set(database_url=database_url)
    ended = newsroom("learn", "chay", "--stored")
    assert ended.code == 0
    [row] = ended.rows
    assert (row["marks"], row["before"]["precision"], row["after"]["precision"]) == (6, 0.5, 1.0)
    assert row["unmarked"]["days"] == 30
