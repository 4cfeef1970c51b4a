"""A plan is a pure function of its seed; together the plans of CI have every kind of trouble."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.faults.house import REPO
from tests.faults.news import news, stories_of, story_of, subscribers
from tests.faults.outlets import Given
from tests.faults.plan import HOUSE, KINDS, Fault, Place, Size, active, plan, shown, sort_of_chat
from tests.faults.test_bench import PLANS, SMALL

LARGE = Size(seconds=600, outlets=200, chats=40)


def test_a_seed_has_one_plan_and_one_news() -> None:
    assert plan(7, SMALL, database="sqlite") == plan(7, SMALL, database="sqlite")
    assert news(7, SMALL) == news(7, SMALL)
    assert subscribers(7, SMALL) == subscribers(7, SMALL)
    assert plan(7, SMALL, database="sqlite") != plan(8, SMALL, database="sqlite")


def test_what_is_left_out_moves_nothing_else() -> None:
    whole = plan(7, SMALL, database="sqlite")
    assert plan(7, SMALL, database="sqlite", without=["outlet"]) == tuple(
        fault for fault in whole if fault.place is not Place.OUTLET
    )
    assert {fault.kind for fault in plan(7, SMALL, database="sqlite", only=["kill"])} <= {"kill"}


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_every_trouble_ends_before_the_plan_does(database: str) -> None:
    for seed in range(20):
        assert all(0 <= fault.at <= fault.until < SMALL.seconds for fault in plan(seed, SMALL, database=database))


def test_one_outlet_has_one_trouble_at_a_time() -> None:
    faults = [fault for fault in plan(3, LARGE, database="sqlite") if fault.place is Place.OUTLET]
    for who in range(LARGE.outlets):
        mine = [fault for fault in faults if fault.who == who]
        assert all(one.until < other.at for one, other in pairwise(mine))


def test_a_database_suffers_only_what_it_can_suffer() -> None:
    kinds = {fault.kind for seed in range(30) for fault in plan(seed, SMALL, database="sqlite")}
    assert "disk-full" in kinds
    assert "database-killed" not in kinds


def test_a_chat_suffers_only_what_its_sort_can_suffer() -> None:
    for seed in range(30):
        for fault in plan(seed, SMALL, database="sqlite"):
            sort = KINDS[fault.kind].chats
            assert sort in ("", "any") or sort == sort_of_chat(fault.who), fault


def test_the_plans_of_ci_have_every_kind_of_trouble() -> None:
    played = {fault.kind for seed, database in PLANS for fault in plan(seed, SMALL, database=database)}
    assert {name for name, kind in KINDS.items() if kind.weight} - played == set()


def test_what_an_outlet_suffers_from_is_known_by_the_second() -> None:
    faults = [Fault(5.0, "drips", 1, 2.0), Fault(5.0, "kill", HOUSE)]
    assert [active(faults, 1, at) for at in (4.9, 5.0, 6.9, 7.0)] == [None, faults[0], faults[0], None]
    assert active(faults, 2, 5.0) is None


def test_a_plan_can_be_read_by_a_person_and_by_the_outlets() -> None:
    faults = plan(7, SMALL, database="postgresql")
    assert all(fault.kind in shown(faults) for fault in faults)
    given = Given(7, SMALL, faults, "log")
    assert Given.read(given.written()) == given


# ---------------------------------------------------------------- the news


def test_every_story_names_one_watched_person_and_can_be_told_from_its_text() -> None:
    pieces = news(7, LARGE)
    assert all(story_of(piece.title) == piece.story for piece in pieces)
    assert stories_of(f"{pieces[0].title}\n{pieces[-1].title}") == {pieces[0].story, pieces[-1].story}
    assert any(one.story == other.story and one.title != other.title for one in pieces for other in pieces[:50])


def test_forty_chats_are_about_three_hundred_subscribers() -> None:
    readers = subscribers(7, LARGE)
    assert 280 <= len(readers) <= 320
    assert {sort_of_chat(reader.chat) for reader in readers} == {"private", "group", "forum"}


def test_the_bench_stands_where_the_monitor_does() -> None:
    assert (REPO / "monitor" / "__init__.py").exists()
    assert Path(__file__).is_relative_to(REPO)
