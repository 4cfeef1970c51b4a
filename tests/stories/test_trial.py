"""StoryWindow.trial: what a batch that failed has taught the window is taken back, exactly."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.grouping.review import Merge, Split
from monitor.stories.grouping.window import StoryWindow
from monitor.types import Item, ItemId, StoryId

MORNING = datetime(2026, 8, 23, 1, 0, tzinfo=UTC)
WORDS = (
    *("cháy lớn tại chợ Bến Thuyền", "dãy ki-ốt vải bị thiêu rụi", "lính cứu hỏa dập lửa ba giờ"),
    *("lũ sông Lam Giang vượt báo động", "hai xã ven bờ ngập sâu", "dân vùng lũ được sơ tán"),
    *("phà Cát Sơn chìm gần Hòn Khói", "12 người mất tích trên biển", "sóng lớn đánh bật cửa mũi"),
)
STORIES = tuple(StoryId(name) for name in ("one", "two", "three", "four"))


class BatchFailed(Exception):
    pass


def item(number: int, parts: Sequence[int]) -> Item:
    title, *lead = (WORDS[part] for part in parts)
    return Item(
        ItemId(str(number)),
        f"Báo {number % 3}",
        title.capitalize(),
        ". ".join(lead).capitalize(),
        key=f"bao:{number % 7}",
        published_at=MORNING + timedelta(minutes=11 * number),
    )


@dataclass(frozen=True)
class Learn:
    parts: tuple[int, ...]
    story: StoryId | None  # None: where the window places it


@dataclass(frozen=True)
class Join:
    into: StoryId
    gone: StoryId


@dataclass(frozen=True)
class Part:
    story: StoryId
    apart: StoryId
    every: int


PARTS = st.lists(st.integers(0, len(WORDS) - 1), min_size=1, max_size=4, unique=True).map(tuple)
TWO = st.permutations(STORIES).map(lambda order: order[:2])
STEPS = st.lists(
    st.one_of(
        st.builds(Learn, PARTS, st.sampled_from((*STORIES, None, None))),
        TWO.map(lambda two: Join(two[0], two[1])),
        st.builds(lambda two, every: Part(two[0], two[1], every), TWO, st.integers(1, 3)),
    ),
    max_size=12,
)


class Newsroom:
    """A window, and the items that it was told."""

    def __init__(self) -> None:
        self.window = StoryWindow()
        self.told: list[Item] = []

    def take(self, steps: Sequence[Learn | Join | Part]) -> list[object]:
        """What the window said to each step."""
        said: list[object] = []
        for step in steps:
            match step:
                case Learn(parts, story):
                    new = item(len(self.told), parts)
                    placed = self.window.decide(new, at=MORNING)
                    into = story or placed.story_id or StoryId(f"story-{new.id}")
                    said += [placed, self.window.review(new, into, at=MORNING)]
                    self.window.remember(new, into)
                    self.told.append(new)
                case Join(into, gone):
                    self.window.revise(Merge(into, gone))
                case Part(story, apart, every):
                    moved = self.told[::every]
                    self.window.revise(Split(story, tuple(one.id for one in moved)), moved, apart)
        return said


PROBES = tuple(item(100 + number, (number, (number + 1) % len(WORDS))) for number in range(len(WORDS)))


def opinions(window: StoryWindow) -> list[object]:
    """Where the window places a handful of items, and what they would show it."""
    said: list[object] = [len(window)]
    for probe in PROBES:
        placed = window.decide(probe, at=MORNING)
        said += [placed, window.review(probe, placed.story_id or StoryId("new"), at=MORNING)]
    return said


@given(before=STEPS, failed=STEPS, later=STEPS)
def test_a_batch_that_failed_leaves_no_trace(
    before: list[Learn | Join | Part], failed: list[Learn | Join | Part], later: list[Learn | Join | Part]
) -> None:
    tried, spared = Newsroom(), Newsroom()
    assert tried.take(before) == spared.take(before)
    known = list(tried.told)
    with suppress(BatchFailed), tried.window.trial():
        tried.take(failed)
        raise BatchFailed
    tried.told = known
    assert opinions(tried.window) == opinions(spared.window)
    assert tried.take(later) == spared.take(later)
    tried.window.forget(MORNING + timedelta(minutes=50))
    spared.window.forget(MORNING + timedelta(minutes=50))
    assert opinions(tried.window) == opinions(spared.window)


@given(before=STEPS, kept=STEPS, failed=STEPS)
def test_a_batch_that_came_through_stays_though_a_part_of_it_failed(
    before: list[Learn | Join | Part], kept: list[Learn | Join | Part], failed: list[Learn | Join | Part]
) -> None:
    tried, plain = Newsroom(), Newsroom()
    tried.take(before)
    with tried.window.trial():
        tried.take(kept)
        known = list(tried.told)
        with suppress(BatchFailed), tried.window.trial():
            tried.take(failed)
            raise BatchFailed
    tried.told = known
    plain.take(before)
    plain.take(kept)
    assert opinions(tried.window) == opinions(plain.window)


def test_an_article_that_a_failed_batch_brought_is_new_again() -> None:
    window = StoryWindow()
    new = item(1, (0, 1))
    with suppress(BatchFailed), window.trial():
        window.remember(new, STORIES[0])
        assert window.decide(new, at=MORNING).story_id == STORIES[0]
        raise BatchFailed
    assert window.decide(new, at=MORNING).story_id is None
    assert len(window) == 0


def test_nothing_is_forgotten_in_a_trial_because_it_could_not_come_back() -> None:
    window = StoryWindow()
    window.remember(item(1, (0, 1)), STORIES[0])
    with pytest.raises(RuntimeError, match="forget before the trial"), window.trial():
        window.forget(MORNING + timedelta(days=1))
    assert len(window) == 1
