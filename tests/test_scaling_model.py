"""benchmarks/scaling/model.py adds up as it says, and docs/scaling.md shows its table."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.scaling.model import BUSIEST, LOADS, MEASURED, Load, needs, table

DOCS = Path(__file__).parents[1] / "docs" / "scaling.md"
HALF = Load(feeds=5_000, items=16, watches=5_000, chats=50_000, messages=10)
WHOLE = Load(feeds=10_000, items=16, watches=5_000, chats=100_000, messages=10)


def test_the_document_shows_what_the_model_says() -> None:
    assert table() in DOCS.read_text("utf-8"), "python -m benchmarks.scaling.model, and put its table there"


@pytest.mark.parametrize("name", ["polls_an_hour", "items_an_hour", "messages_an_hour", "cores", "gigabytes"])
def test_twice_as_much_takes_twice_as_much(name: str) -> None:
    half, whole = (getattr(needs(load, MEASURED), name) for load in (HALF, WHOLE))
    assert whole == pytest.approx(2 * half)


def test_a_core_is_what_a_second_of_the_busiest_hour_costs() -> None:
    nothing = replace(MEASURED, poll=(0, 0), item=(0, 0), match=0, message=(0, 0))
    load = Load(feeds=3_600, items=10 / BUSIEST, watches=1_000, chats=3_600, messages=10 / BUSIEST)
    assert needs(load, replace(nothing, polls_an_hour=1, poll=(500, 250))).cores == pytest.approx(0.5)
    assert needs(load, replace(nothing, item=(20, 10))).postgresql_cores == pytest.approx(0.1)
    assert needs(load, replace(nothing, match=20)).cores == pytest.approx(0.2)
    assert needs(load, replace(nothing, message=(0, 30))).postgresql_cores == pytest.approx(0.3)


def test_bots_and_processes_are_whole_and_at_least_one() -> None:
    least = needs(Load(1, 0, 1, 0, 0), MEASURED)
    assert (least.processes, least.bots) == (1, 1)
    a_second = Load(1, 0, 1, 3_600, 28.5 / BUSIEST)
    assert needs(a_second, MEASURED).bots == 2
    many = replace(MEASURED, polls_an_hour=3_600, poll_seconds=1, poll=(0, 0))
    assert [needs(Load(feeds, 0, 1, 0, 0), many).processes for feeds in (35, 36, 71)] == [1, 2, 3]


def test_more_lines_of_the_table_than_loads_there_are_none() -> None:
    assert table().count("\n") == len(LOADS) + 1
