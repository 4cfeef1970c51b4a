"""suggest: who rises, who is spelt anew, who took an office over; and what it says to paste reads as it says."""

import asyncio
import json
import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.cli import suggest
from monitor.config import load_watchlist
from monitor.matching.lint import crowded
from monitor.matching.name_similarity import sound
from monitor.matching.nlp import UndertheseaNlp
from monitor.matching.romanisation import distance
from monitor.matching.suggest.proposals import Proposal
from monitor.matching.suggest.rises import log_likelihood
from monitor.matching.suggest.survey import Survey
from monitor.store.transaction import open_store
from monitor.types import Entry, FeedId, Item, ItemId, Leader, NewItem, Placement, Role, Watchlist
from tests.command_line import CommandLine
from tests.newsroom import CHINH, LAVROV, MODI, PUTIN, STORM, THANG, TO_LAM, TRUCE, TRUMP

WATCHES = Watchlist("1", (PUTIN, TRUMP, LAVROV, MODI, TO_LAM, CHINH, THANG, TRUCE, STORM))
START = datetime(2026, 3, 1, 3, tzinfo=UTC)
WEEK = timedelta(days=7)
OUTLETS = ("Bến Sông", "Sao Mai", "Đồng Quê")


def news(*told: tuple[int, str], days: int = 28) -> list[Item]:
    """Quiet days of three outlets, and on top the titles told: (day, title), one outlet after the other."""
    lines = [(day, f"Giá rau ở chợ quê ngày thứ {day} ổn định") for day in range(days) for _ in range(4)]
    return [
        Item(ItemId(str(number)), OUTLETS[number % 3], title, published_at=START + timedelta(days=day))
        for number, (day, title) in enumerate([*lines, *told])
    ]


def proposed(items: Iterable[Item], *kinds: str, recent: timedelta = WEEK) -> list[Proposal]:
    survey = Survey(WATCHES)
    for each in items:
        survey.note(each)
    return [one for one in survey.proposals(recent=recent, limit=20) if one.kind in (kinds or ("name",))]


# ---------------------------------------------------------------- rising names

WAVE = [(22 + number % 5, f"Mưa lớn ở vùng núi vì áp thấp Kalimera lần {number}") for number in range(9)]


def test_a_name_that_rises_is_proposed_with_its_sentences() -> None:
    [one] = proposed(news(*WAVE))
    assert (one.name, one.items, one.first) == ("Kalimera", 9, date(2026, 3, 23))
    assert len(one.examples) == 3
    assert all("Kalimera" in quote.text for quote in one.examples)
    assert {quote.outlet for quote in one.examples} <= set(OUTLETS)


def test_a_name_that_was_always_there_does_not_rise() -> None:
    steady = [(day, "Hàng hóa qua cảng Kalimera vẫn đều") for day in range(28)]
    assert proposed(news(*steady)) == []


@pytest.mark.parametrize(
    "title",
    [
        "Người dân chào đón ông Putin trong mưa lần {}",  # watched
        "Người dân gần Hà Nội và Qatar đón mưa lần {}",  # a province and a state
        "Người dân nói gì về giá của Rau lần {}",  # one Vietnamese syllable
        "KALIMERA GÂY MƯA LỚN Ở VÙNG NÚI LẦN {}",  # capitals say nothing here
        "Kalimera lần {}",  # a first word is large in any case
        "Chương trình của Sao Mai lần {}",  # an outlet's own name, in its own pages, is below the threshold elsewhere
    ],
)
def test_what_is_no_news_name_is_not_proposed(title: str) -> None:
    items = news(*[(22 + number % 5, title.format(number)) for number in range(9)])
    if "Sao Mai" in title:
        items = [each for each in items if "Sao Mai" not in each.title or each.outlet == "Sao Mai"]
    assert proposed(items) == []


def test_what_one_of_several_outlets_writes_of_alone_is_its_own_affair() -> None:
    alone = [each for each in news(*WAVE, *WAVE, *WAVE) if "Kalimera" not in each.title or each.outlet == "Sao Mai"]
    assert sum("Kalimera" in each.title for each in alone) >= 5
    assert proposed(alone) == []


def test_last_names_go_with_the_full_name_and_offices_say_who_it_is() -> None:
    told = [(22 + number % 5, f"Họp bàn với Tổng thống Chile Amara Dovelin lần {number}") for number in range(6)]
    told += [(22 + number % 5, f"Phát biểu của bà Dovelin lần {number}") for number in range(6)]
    [one] = proposed(news(*told))
    assert (one.name, one.aliases, one.office, one.nature) == (
        "Amara Dovelin",
        ("Dovelin",),
        "Tổng thống Chile",
        "person",
    )


def test_both_orders_of_a_name_are_one() -> None:
    told = [(22 + number % 5, f"Gặp gỡ nghị sĩ Haruko Tanemori lần {number}") for number in range(6)]
    told += [(22 + number % 5, f"Gặp gỡ nghị sĩ Tanemori Haruko lần {number}") for number in range(5)]
    [one] = proposed(news(*told))
    assert (one.name, one.items) == ("Haruko Tanemori", 11)


def test_a_vietnamese_word_of_two_syllables_comes_whole() -> None:
    told = [(22 + number % 5, f"Người dân mong Tết Nước sạch lần {number}") for number in range(9)]
    [one] = proposed(news(*told))
    assert (one.name, one.nature) == ("Tết Nước sạch", "other")


def test_the_tagger_is_asked_only_about_what_the_texts_leave_open() -> None:
    told = [(22 + number % 5, f"Gặp ông Trần Văn Bờ lần {number}") for number in range(9)]
    survey = Survey(WATCHES)
    for each in news(*WAVE, *told):
        survey.note(each)
    asked: list[str] = []

    def natures(proposals: Iterable[Proposal]) -> list[Any]:
        asked.extend(one.name for one in proposals)
        return ["other"] * len(asked)

    found = {one.name: one.nature for one in survey.proposals(recent=WEEK, limit=5, natures=natures)}
    assert (asked, found) == (["Kalimera"], {"Kalimera": "other", "Trần Văn Bờ": "person"})


@settings(max_examples=30)
@given(st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_matter(chance: random.Random) -> None:
    items = news(*WAVE, *HANDOVER, *SLIPS, days=10)
    mixed = items[:]
    chance.shuffle(mixed)
    assert proposed(mixed, "name", "holder", "spelling") == proposed(items, "name", "holder", "spelling")


@given(st.integers(0, 50), st.integers(1, 500), st.integers(0, 50), st.integers(1, 500))
def test_log_likelihood_is_never_negative_and_nought_for_equal_shares(a: int, n: int, b: int, m: int) -> None:
    assert log_likelihood(min(a, n), n, min(b, m), m) >= -1e-9
    assert abs(log_likelihood(min(a, n), n, min(a, n), n)) < 1e-9


# ---------------------------------------------------------------- new holders

HANDOVER = [
    *((day, f"Thủ tướng Ấn Độ Narendra Modi thăm chợ quê lần {day}") for day in range(12)),
    *((day, f"Thủ tướng Ấn Độ Rohan Velkar thăm chợ quê lần {day}") for day in range(15, 25)),
    (16, "Thủ tướng Ấn Độ Velkar họp nội các"),
]


def test_an_office_that_goes_to_another_name_is_a_new_holder() -> None:
    [one] = proposed(news(*HANDOVER), "holder")
    assert (one.name, one.aliases, one.leader, one.office, one.office_index, one.first) == (
        "Rohan Velkar",
        ("Velkar",),
        "modi",
        "Thủ tướng Ấn Độ",
        0,
        date(2026, 3, 16),
    )
    assert len(one.examples) == 3


def test_a_watched_leader_who_takes_an_office_over_is_named_as_such() -> None:
    told = [(day, f"Ngoại trưởng Nga Putin thăm chợ quê lần {day}") for day in range(15, 25)]
    [one] = proposed(news(*told), "holder")
    assert (one.name, one.known, one.leader) == ("Vladimir Putin", "putin", "lavrov")


@pytest.mark.parametrize(
    "title",
    [
        "Cựu Thủ tướng Ấn Độ Rohan Velkar thăm chợ quê lần {}",
        "Thủ tướng Nepal Rohan Velkar thăm chợ quê lần {}",
        "Thủ tướng Rohan Velkar thăm chợ quê lần {}",  # whose, nobody says
        "Phó Thủ tướng Trần Văn Bờ thăm chợ quê lần {}",  # several hold it
    ],
)
def test_not_every_office_before_a_name_is_a_handover(title: str) -> None:
    assert proposed(news(*[(day, title.format(day)) for day in range(15, 25)]), "holder") == []


def test_a_holder_who_is_named_more_often_still_holds_the_office() -> None:
    told = [(day, "Thủ tướng Ấn Độ Modi thăm chợ quê") for day in range(28)]
    slips = [(day, "Thủ tướng Ấn Độ Rohan Velkar thăm chợ quê") for day in range(20, 24)]
    assert proposed(news(*told, *slips), "holder") == []


def test_the_home_office_goes_to_a_vietnamese_name_in_home_news() -> None:
    told = [(day, f"Thủ tướng Trần Văn Bờ kiểm tra đê lần {day}") for day in range(15, 25)]
    assert [(one.name, one.leader) for one in proposed(news(*told), "holder")] == [("Trần Văn Bờ", "pham-minh-chinh")]


# ---------------------------------------------------------------- spellings

SLIPS = [(day, f"Ngoại trưởng Nga Lavrốpp nói về mùa màng lần {day}") for day in range(20, 24)]


@pytest.mark.parametrize(
    ("title", "leader", "name"),
    [
        ("Ngoại trưởng Nga Sergey Lavrov nói về mùa màng lần {}", "lavrov", "Sergey Lavrov"),
        ("Ngoại trưởng Nga La-vrốp và ông Xéc-gây La-vrốp nói về mùa màng lần {}", "lavrov", "Xéc-gây La-vrốp"),
        ("Ngoại trưởng Nga Lavrov nói về mùa màng lần {}", "lavrov", "Lavrov"),
        ("Thủ tướng Ấn Độ Modi Narendraa nói về mùa màng lần {}", None, ""),
        ("Thủ tướng Ấn Độ Narendra Mody nói về mùa màng lần {}", "modi", "Narendra Mody"),
        ("Kịch bản về Sergey Lavrov ở chợ quê lần {}", None, ""),  # no company speaks for him
    ],
)
def test_a_spelling_that_the_aliases_miss(title: str, leader: str | None, name: str) -> None:
    found = proposed(news(*[(day, title.format(day)) for day in range(20, 24)]), "spelling")
    assert [(one.leader, one.name) for one in found if leader is None or one.name == name] == (
        [(leader, name)] if leader else []
    )


def test_a_missed_spelling_is_no_new_holder() -> None:
    items = news(*[(day, f"Ngoại trưởng Nga Sergey Lavrov nói lần {day}") for day in range(20, 24)])
    assert proposed(items, "holder", "name") == []


def test_names_that_sound_alike_in_vietnamese_papers() -> None:
    assert sound("Pu-tin") == sound("Putin")
    assert sound("Xéc-gây") != sound("Modi")
    assert distance(sound("Dê-len-xki"), sound("Zelensky"), 2) <= 2


@given(st.text("abcd", max_size=8), st.text("abcd", max_size=8), st.text("abcd", max_size=8))
def test_distance_is_one(one: str, other: str, third: str) -> None:
    assert distance(one, other, 9) == distance(other, one, 9)
    assert (distance(one, other, 9) == 0) == (one == other)
    assert distance(one, third, 99) <= distance(one, other, 99) + distance(other, third, 99)


# ---------------------------------------------------------------- the command

BLOCK = """\
leaders:
  # Nga
  - id: putin
    name: Vladimir Putin
    aliases:
      - Putin
    offices:
      - {title: Tổng thống Nga, since: 2012-05-07}
  - id: lavrov
    name: Sergei Lavrov
    offices:
      - title: Ngoại trưởng Nga
        since: 2004-03-09
  - {id: modi, name: Narendra Modi, aliases: [Modi], offices: [{title: Thủ tướng Ấn Độ, since: 2014-05-26}]}
  - id: to-lam
    name: Tô Lâm
    offices: [{title: Tổng Bí thư, since: 2024-08-03}]
events:
  - {id: dong-dat, name: Động đất, match: ['"động đất"']}
"""
FLOW = """\
leaders: [{id: putin, name: Vladimir Putin, offices: [{title: Tổng thống Nga, since: 2012-05-07}]},
  {id: lavrov, name: Sergei Lavrov, offices: [{title: Ngoại trưởng Nga, since: 2004-03-09}]},
  {id: modi, name: Narendra Modi, aliases: [Modi], offices: [{title: Thủ tướng Ấn Độ, since: 2014-05-26}]}]
events: [{id: dong-dat, name: Động đất, match: ['"động đất"']}]
"""


def rows(*more: tuple[int, str]) -> list[dict[str, Any]]:
    told = [
        *WAVE,
        *HANDOVER,
        *((day, f"Ngoại trưởng Nga Lavrov nói về mùa màng lần {day}") for day in range(20, 24)),
        *((22 + number % 5, f"Họp bàn với Tổng thống Chile Amara Dovelin lần {number}") for number in range(6)),
        *more,
    ]
    return [
        {"id": each.id, "outlet": each.outlet, "title": each.title, "published": str(each.published_at)}
        for each in news(*told)
    ]


def lines(given_rows: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in given_rows)


def run(source: str | None, **options: Any) -> int:
    return suggest.run(**{"source": source, "since": WEEK, "limit": 10, "as_json": True, **options})


@pytest.fixture
def tagged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []

    async def kinds(_: UndertheseaNlp, names: list[tuple[str, str]]) -> tuple[str, ...]:
        asked.extend(name for name, _ in names)
        return ("",) * len(names)

    monkeypatch.setattr(UndertheseaNlp, "kinds", kinds)
    return asked


def pasted(folder: Path, pastes: Iterable[dict[str, Any]]) -> None:
    """As an editor does it: from the bottom up, so that the places above stay right."""
    for paste in sorted(pastes, key=lambda one: (one["line"], one["column"]), reverse=True):
        path = folder / paste["file"]
        text = path.read_text("utf-8").splitlines(keepends=True) if path.exists() else [""]
        line = text[paste["line"] - 1]
        text[paste["line"] - 1] = line[: paste["column"] - 1] + paste["text"] + line[paste["column"] - 1 :]
        path.write_text("".join(text), "utf-8")


@pytest.mark.parametrize("written", [BLOCK, FLOW])
def test_what_is_pasted_as_told_reads_as_told(
    written: str, monitor: CommandLine, tagged: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    monitor.write("config/watchlists/all.yaml", written)
    assert run(monitor.write("news.jsonl", lines(rows()))) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["kind"], one["name"]) for one in found] == [
        ("holder", "Rohan Velkar"),
        ("spelling", "Lavrov"),
        ("name", "Amara Dovelin"),
        ("name", "Kalimera"),
    ]
    assert all(1 <= len(one["evidence"]) <= 3 for one in found)
    pasted(monitor.folder, [paste for one in found for paste in one["paste"]])
    after = load_watchlist(monitor.folder / "config").named()
    modi, velkar, lavrov, dovelin = (after[key] for key in ("modi", "rohan-velkar", "lavrov", "amara-dovelin"))  # type: ignore[index]
    assert isinstance(modi, Leader)
    assert isinstance(velkar, Leader)
    assert isinstance(lavrov, Leader)
    assert isinstance(dovelin, Leader)
    assert modi.offices[0].until == velkar.offices[0].since == date(2026, 3, 16)
    assert velkar.aliases == ("Velkar",)
    assert lavrov.aliases == ("Lavrov",)
    assert dovelin.offices[0].title == "Tổng thống Chile"
    assert "kalimera" in after
    assert tagged == ["Kalimera"]


def test_a_person_reads_sentences_and_lines_to_paste(
    monitor: CommandLine, tagged: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    monitor.write("config/watchlists/all.yaml", BLOCK)
    assert run(monitor.write("news.jsonl", lines(rows())), as_json=False) == 0
    out = capsys.readouterr().out
    assert "new holder: Rohan Velkar - 11 items call Rohan Velkar Thủ tướng Ấn Độ since 2026-03-16" in out
    assert (
        "config/watchlists/all.yaml:3:1: paste before what stands there:\n  |  - id: amara-dovelin\n  |    name:" in out
    )
    column = BLOCK.splitlines()[13].index("title:") + 1
    assert f"config/watchlists/all.yaml:14:{column}: paste before what stands there:\n  |until: 2026-03-16, \n" in out


def test_an_id_is_taken_once_and_odd_lines_are_told(
    monitor: CommandLine, tagged: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    monitor.write("config/watchlists/all.yaml", BLOCK.replace("id: dong-dat", "id: kalimera"))
    assert run(monitor.write("news.jsonl", lines([*rows(), {"title": "Chợ quê"}]) + "{\n")) == 1
    captured = capsys.readouterr()
    assert "id: kalimera-2" in captured.out
    assert "1 items without" in captured.err
    assert "not JSON" in captured.err


def test_without_anything_new_nothing_is_proposed(
    monitor: CommandLine, tagged: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    quiet = [{"title": "Giá rau ổn định", "published": "2026-03-01T08:00:00+07:00"}]
    assert run(monitor.write("news.jsonl", lines(quiet))) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.endswith("nothing can be said to rise\nnothing to propose\n")
    assert tagged == []


def test_stored_items_are_surveyed(
    monitor: CommandLine, database_url: str, tagged: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)

    async def fill() -> None:
        async with await open_store(database_url) as store:
            with store.writing() as tx:
                tx.register_feeds({FeedId("a"): "https://a.example/rss"}, now=now)
                drafts = [
                    NewItem(
                        Entry(
                            each.id, each.id, "", each.title, published_at=now - timedelta(days=27) + (each.at - START)
                        ),
                        FeedId("a"),
                        each.outlet,
                        now,
                        alertable=True,
                    )
                    for each in news(*WAVE)
                    if each.at is not None
                ]
                for stored in tx.add_items(drafts):
                    tx.save_detection(stored, (), Placement(None, Role.NEW), version="1", now=now)

    asyncio.run(fill())
    monitor.set(database_url=database_url)
    assert run(None) == 0
    assert [json.loads(line)["name"] for line in capsys.readouterr().out.splitlines()] == ["Kalimera"]


async def test_the_tagger_says_what_a_name_is() -> None:
    words = UndertheseaNlp()
    kinds = await words.kinds(
        [("Nguyễn Văn Thắng", "Chiều qua, ông Nguyễn Văn Thắng thăm Hà Nội."), ("Xyz", "Chợ quê.")]
    )
    assert kinds == ("PER", "")


# ---------------------------------------------------------------- crowded aliases


def test_an_alias_or_a_query_that_hits_too_much_is_pointed_at() -> None:
    told = [(day, "Bão số 3 tới gần, ông Putin gọi điện") for day in range(28)]
    found = crowded(WATCHES, news(*told), share=0.15)
    assert [(one.where, one.message.split(":")[0]) for one in found] == [
        ("bao.match[0]", '`"bão số" OR ="bão *"` hits 28 of 140 items (20%)'),
        ("putin.aliases[0]", "`Putin` hits 28 of 140 items (20%)"),
    ]
    assert crowded(WATCHES, news(*told), share=0.25) == []
    assert crowded(WATCHES, news(*told)[-50:], share=0.25) == [], "of a few items no share is worth a word"
