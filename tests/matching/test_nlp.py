"""underthesea behind its port: one call at a time, sentences with a guard, a narrow veto."""

import asyncio
import logging

import pytest

from monitor.matching.nlp import UndertheseaNlp
from monitor.types import Evidence, Match, Rule, WatchId
from tests.newsroom import item


@pytest.fixture(scope="module")
def words() -> UndertheseaNlp:
    made = UndertheseaNlp()
    asyncio.run(made.warm_up())
    return made


def short(text: str, start: int, score: float = 0.85) -> Match:
    evidence = Evidence("title", start, start + len(text), text)
    return Match(WatchId("x"), "leader", "X", Rule.SHORT, score, (evidence,), by=text)


async def test_sentences_are_spans_without_bad_breaks(words: UndertheseaNlp) -> None:
    text = "Ông V. Putin đến hôm 3.5. Trang tin vidu.vn đưa ảnh.  Trời mưa to."
    spans = await words.sentences(text)
    assert [text[a:b] for a, b in spans] == ["Ông V. Putin đến hôm 3.5.", "Trang tin vidu.vn đưa ảnh.", "Trời mưa to."]
    assert await words.sentences("") == ()


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
    answers = await asyncio.gather(*(fresh.sentences(f"Câu một {n}. Câu hai.") for n in range(8)))
    assert all(len(answer) == 2 for answer in answers)


async def test_loading_leaves_logging_as_it_was() -> None:
    before = (logging.getLogger().handlers[:], logging.getLogger().level)
    await UndertheseaNlp().warm_up()
    assert (logging.getLogger().handlers[:], logging.getLogger().level) == before
