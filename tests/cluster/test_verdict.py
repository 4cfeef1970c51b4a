"""Each broken promise is found in the logs that show it."""

import random

import pytest

from tests.bot_api import Call
from tests.cluster import verdict
from tests.cluster.fleet import AT_ONCE, SPACING, chat_id
from tests.cluster.press import Asked, Press, code_of
from tests.cluster.verdict import Ring


@pytest.fixture
async def press() -> Press:
    """Twenty articles about four people, all published."""
    made = Press(random.Random(7), items=20, people=4, hosts=2)
    for _ in made.pieces:
        made.publish()
    return made


def ring(press: Press, story: int, process: int = 0) -> Ring:
    return Ring(chat_id(press.person_of(story)), story, process, 0.0)


def all_told(press: Press) -> list[Ring]:
    return [ring(press, story) for story in sorted(press.told)]


async def test_what_never_rang_and_what_rang_elsewhere_is_found(press: Press) -> None:
    told = all_told(press)
    assert (verdict.never_rang(told, press), verdict.to_strangers(told, press)) == (set(), [])
    astray = Ring(chat_id(0), 3, 0, 0.0)
    assert verdict.never_rang([*told[:3], astray, *told[4:]], press) == {3}
    assert verdict.to_strangers([*told, astray], press) == [astray]


async def test_a_repeat_is_explained_by_a_kill_once_for_each_message_on_the_wire(press: Press) -> None:
    told = all_told(press)
    assert verdict.too_many_repeats(told, set()) == []
    again = [ring(press, 0, process=1), *told]
    assert verdict.too_many_repeats(again, {1}) == []
    assert verdict.too_many_repeats(again, set()), "its process lived"
    assert verdict.too_many_repeats([ring(press, 0, 1), ring(press, 4, 1), *told], {1}), "twice in one chat"
    many = [Ring(1000 + number, 100 + number, 1, 0.0) for number in range(AT_ONCE + 1)]
    assert verdict.too_many_repeats([*many, *many], {1}), "more than were on the wire"


async def test_a_story_after_a_later_one_is_found_where_one_feed_tells_all_and_repeats_do_not_count(
    press: Press,
) -> None:
    first, second = ring(press, 0), ring(press, 4)
    assert verdict.out_of_order([first, second, first], press) == []
    assert verdict.out_of_order([second, first], press) == [(second, first)]
    assert verdict.out_of_order([ring(press, 5), ring(press, 1)], press) == [], "two newspapers have no order"


async def test_a_host_that_was_asked_too_soon_or_by_two_at_once_is_found(press: Press) -> None:
    host = press.hosts[0]
    host.asked = [Asked(0.0, 1.0), Asked(1.0 + SPACING, 2.0)]
    assert verdict.too_soon(press) == []
    host.asked.append(Asked(2.1, 2.2))
    assert [number for number, _ in verdict.too_soon(press)] == [0]
    host.asked[2:] = [Asked(1.9, 9.0)]
    assert [number for number, _ in verdict.too_soon(press)] == [0]


def test_the_busiest_second_counts_edits_and_what_was_refused() -> None:
    calls = [Call(at / 16, "sendMessage", {}) for at in range(48)]
    assert verdict.busiest_second(calls) == 16
    more = [
        *calls,
        Call(1.5, "editMessageReplyMarkup", {}),
        Call(1.51, "editMessageText", {}, "Too Many Requests: retry after 1"),
        Call(0.5, "getUpdates", {}),
    ]
    assert (verdict.busiest_second(more), verdict.floods(more)) == (18, 1)


def test_two_receivers_and_bugs_are_found() -> None:
    conflict = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    assert verdict.conflicts([Call(0.0, "getUpdates", {}, conflict, who="2"), Call(0.0, "getUpdates", {})]) == ["2"]
    away = "job_failed why='StoreError: the database at 127.0.0.1:5432/x failed'"
    assert verdict.bugs(f"all is well\n{away}\nTask exception was never retrieved\n") == [
        "Task exception was never retrieved"
    ]


async def test_what_newspapers_publish_is_as_it_is_judged(press: Press) -> None:
    large = Press(random.Random(7), items=2_000, people=100, hosts=4)
    assert len(large.pieces) == 2_000
    assert {piece.story for piece in large.pieces} == set(range(max(piece.story for piece in large.pieces) + 1))
    assert all(code_of(piece.title) == piece.story for piece in large.pieces)
    feeds: dict[int, set[int]] = {}
    for piece in large.pieces:
        feeds.setdefault(large.person_of(piece.story), set()).add(piece.feed)
    assert all(len(each) == 1 for person, each in feeds.items() if large.is_ordered(person))
    assert any(len(each) > 1 for each in feeds.values())
