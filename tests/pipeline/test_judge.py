"""What an item comes to before anything is written: what counts of its body, and what the window is told of it."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.pipeline.judge import LONG_BODY, PROMINENT_WITHIN, Judge, is_prominent, judge_stored, without_body
from monitor.stories.grouping.window import StoryWindow
from monitor.types import Evidence, Item, ItemId, Leader, Match, Role, Rule, StoryId, WatchId, Watchlist
from tests.flow import MORNING

WATCHLIST = Watchlist("1", (Leader(WatchId("putin"), "Vladimir Putin", aliases=("Putin",)),))
ACTIVE = ActiveWatchlist.of(WATCHLIST)
FILLER = "Trời mưa to ở bến phà. "
IN_PASSING = FILLER * 60 + "Ông Putin cũng gửi lời thăm hỏi."
NEWS = Item(ItemId("1"), "Bến Sông", "Cầu Vàm Xanh thông xe", published_at=MORNING)


class Doubtful:
    """A second opinion that takes nothing, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Sequence[Match]] = []

    async def second_opinion(self, item: Item, matches: Sequence[Match]) -> tuple[Match, ...]:
        self.asked.append(matches)
        return ()


def evidence(*places: tuple[str, int]) -> Match:
    found = tuple(Evidence(field, at, at + 5, "Putin") for field, at in places)  # type: ignore[arg-type]
    return Match(WatchId("putin"), "leader", "Vladimir Putin", Rule.NAME, 0.9, found)


@pytest.mark.parametrize(
    ("places", "prominent"),
    [
        ([("title", 900)], True),
        ([("summary", 900)], True),
        ([("body", PROMINENT_WITHIN - 1)], True),
        ([("body", PROMINENT_WITHIN)], False),
        ([("body", 5_000), ("body", 9_000)], True),
        ([("body", 5_000), ("title", 3)], True),
    ],
)
def test_a_mention_is_prominent_above_the_body_early_in_it_or_twice(
    places: list[tuple[str, int]], prominent: bool
) -> None:
    assert is_prominent(evidence(*places)) is prominent


async def test_a_name_in_passing_counts_at_the_first_look_and_not_when_the_article_is_judged_anew() -> None:
    judge = Judge(StoryWindow())
    item = replace(NEWS, body=IN_PASSING)
    first, _ = await judge.first(item, ACTIVE, at=MORNING)
    anew, _ = await judge.first(replace(item, story_id=StoryId("7")), ACTIVE, at=MORNING)
    assert [match.watch_id for match in first.matches] == ["putin"]
    assert (
        anew.matches == (await judge.article(item, ACTIVE)).matches == judge_stored(ACTIVE.matcher, item).matches == ()
    )


async def test_a_prominent_name_counts_at_every_look() -> None:
    judge = Judge(StoryWindow())
    item = replace(NEWS, body="Ông Putin nói: “Cầu đã mở cửa hôm nay.” " + FILLER * 60, story_id=StoryId("7"))
    first, _ = await judge.first(item, ACTIVE, at=MORNING)
    for judged in (first, await judge.article(item, ACTIVE), judge_stored(ACTIVE.matcher, item)):
        assert [match.watch_id for match in judged.matches] == ["putin"]
        assert [quote.text for quote in judged.quotes] == ["Cầu đã mở cửa hôm nay"]


async def test_the_second_opinion_is_asked_of_what_was_found_and_its_word_counts() -> None:
    doubtful = Doubtful()
    judge = Judge(StoryWindow(), doubtful)
    item = replace(NEWS, title="Ông Putin đến Bắc Kinh")
    judged, _ = await judge.first(item, ACTIVE, at=MORNING)
    assert judged.matches == (await judge.article(item, ACTIVE)).matches == ()
    assert [[match.watch_id for match in asked] for asked in doubtful.asked] == [["putin"], ["putin"]]
    await judge.first(NEWS, ACTIVE, at=MORNING)
    await judge.article(NEWS, ACTIVE)
    assert len(doubtful.asked) == 2, "nothing found, nobody asked"


async def test_the_window_knows_an_item_by_title_and_lead_and_by_the_hour_it_came_when_it_names_none() -> None:
    window = StoryWindow()
    told = replace(NEWS, lead="Cầu Vàm Xanh bắc qua sông Trà Lý thông xe sáng nay sau ba năm xây dựng.")
    window.remember(told, StoryId("1"))
    copy = replace(told, id=ItemId("2"), outlet="Núi Cao", body=IN_PASSING, published_at=None)
    judge = Judge(window)
    _, soon = await judge.first(copy, ACTIVE, at=MORNING + timedelta(hours=1))
    _, late = await judge.first(copy, ACTIVE, at=MORNING + timedelta(days=30))
    assert (soon.story_id, soon.role) == (StoryId("1"), Role.REPEAT)
    assert late.story_id is None
    assert without_body(copy) == replace(copy, body="")


@pytest.mark.parametrize(("length", "in_a_thread"), [(LONG_BODY, False), (LONG_BODY + 1, True)])
async def test_only_a_long_article_is_read_in_a_thread(
    monkeypatch: pytest.MonkeyPatch, length: int, in_a_thread: bool
) -> None:
    threads: list[str] = []
    to_thread = asyncio.to_thread

    async def noted(*arguments: object) -> object:
        threads.append(threading.current_thread().name)
        return await to_thread(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncio, "to_thread", noted)
    item = replace(NEWS, body=("Ông Putin đến. " + FILLER * 2_000)[:length])
    judged = await Judge(StoryWindow()).article(item, ACTIVE)
    assert [match.watch_id for match in judged.matches] == ["putin"]
    assert len(threads) == (2 if in_a_thread else 0), "matching, and quotes"
