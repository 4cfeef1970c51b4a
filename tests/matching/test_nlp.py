"""underthesea behind its port: one call at a time, a narrow veto."""

import asyncio
import logging

import pytest

from monitor.matching.nlp import UndertheseaNlp
from monitor.types import Evidence, Match, Rule, WatchId
from tests.newsroom import item


@pytest.fixture(scope="module")
def words() -> UndertheseaNlp:
    return UndertheseaNlp()


def short(text: str, start: int, score: float = 0.85) -> Match:
    evidence = Evidence("title", start, start + len(text), text)
    return Match(WatchId("x"), "leader", "X", Rule.SHORT, score, (evidence,), by=text)


async def test_the_beginning_of_a_longer_name_is_vetoed(words: UndertheseaNlp) -> None:
    title = "Ông Kim Sang-sik chốt danh sách đội tuyển"
    assert await words.second_opinion(item(title), [short("Ông Kim", 0)]) == ()


async def test_a_doubtful_name_that_ends_there_is_kept(words: UndertheseaNlp) -> None:
    match = short("Ông Tập", 0)
    assert await words.second_opinion(item("Ông Tập tiếp khách ở Bắc Kinh"), [match]) == (match,)


async def test_sure_matches_are_never_asked_about(words: UndertheseaNlp) -> None:
    sure = short("Ông Kim", 0, score=0.98)
    assert await words.second_opinion(item("Ông Kim Sang-sik chốt danh sách"), [sure]) == (sure,)


async def test_many_first_calls_at_once_do_not_race() -> None:
    fresh = UndertheseaNlp()
    title = "Ông Kim Sang-sik chốt danh sách đội tuyển"
    answers = await asyncio.gather(*(fresh.second_opinion(item(title), [short("Ông Kim", 0)]) for _ in range(8)))
    assert answers == [()] * 8


async def test_loading_leaves_logging_as_it_was() -> None:
    before = (logging.getLogger().handlers[:], logging.getLogger().level)
    await UndertheseaNlp().kinds([("Hà Nội", "Ông tới Hà Nội.")])
    assert (logging.getLogger().handlers[:], logging.getLogger().level) == before
