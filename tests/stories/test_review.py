"""When two stories are one, and when one is two: decided from likeness alone, and by the window over real words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.grouping.review import (
    APART,
    EACH_BELONGS,
    LEAST_GROUP,
    MOST_SPLIT,
    NEVER_BRIDGED,
    ONE_STORY,
    PARTED,
    TOGETHER,
    Merge,
    Split,
    are_one,
    capped,
    cut,
    is_strained,
)
from monitor.stories.grouping.window import StoryWindow
from monitor.types import Evidence, Item, ItemId, Match, Role, Rule, StoryId, WatchId

MORNING = datetime(2026, 8, 23, 1, 0, tzinfo=UTC)
ODDS = st.floats(-10, 10, allow_nan=False)
FIRE, RIVER, ONE = StoryId("fire"), StoryId("river"), StoryId("one")


def matrices(least: int, most: int) -> st.SearchStrategy[list[list[float]]]:
    def of(size: int) -> st.SearchStrategy[list[list[float]]]:
        half = st.lists(st.lists(ODDS, min_size=size, max_size=size), min_size=size, max_size=size)
        return half.map(lambda m: [[m[max(i, j)][min(i, j)] for j in range(size)] for i in range(size)])

    return st.integers(least, most).flatmap(of)


# ---------------------------------------------------------------- two stories that are one


def test_stories_whose_items_are_all_alike_are_one() -> None:
    assert are_one([[4.0, 3.0], [5.0, 4.0]]) == pytest.approx(4.0)


def test_one_copied_article_does_not_speak_for_a_whole_story() -> None:
    assert are_one([[12.0, -1.0], [-1.0, -1.0]]) is None


def test_an_item_that_came_in_by_mistake_does_not_pull_the_others_along() -> None:
    assert are_one([[6.0, 6.0], [6.0, 6.0], [0.0, 0.0]]) is None


def test_two_items_that_stood_alone_stay_as_the_first_look_left_them() -> None:
    assert are_one([[6.0]]) is None


@given(st.lists(st.lists(ODDS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_being_one_is_the_same_from_both_sides(across: list[list[float]]) -> None:
    turned = [list(line) for line in zip(*across, strict=True)]
    here, there = are_one(across), are_one(turned)
    assert (here is None) == (there is None) or min(here or 9, there or 9) == pytest.approx(ONE_STORY)


@given(st.lists(st.lists(ODDS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_what_is_merged_is_alike_throughout(across: list[list[float]]) -> None:
    if are_one(across) is not None:
        for line in (*across, *zip(*across, strict=True)):
            assert sum(map(capped, line)) / len(line) >= EACH_BELONGS


# ---------------------------------------------------------------- one story that is two

TWO_PAIRS = [[0.0, 5.0, -6.0, -6.0], [5.0, 0.0, -6.0, -6.0], [-6.0, -6.0, 0.0, 5.0], [-6.0, -6.0, 5.0, 0.0]]


def test_two_pairs_that_have_nothing_to_do_with_each_other_fall_apart() -> None:
    assert cut(TWO_PAIRS) == (frozenset({0, 1}), frozenset({2, 3}))


def test_a_weak_link_holds_nothing_together_and_a_real_one_does() -> None:
    weak = [line[:] for line in TWO_PAIRS]
    weak[1][2] = weak[2][1] = NEVER_BRIDGED - 0.1
    assert cut(weak) is not None
    weak[1][2] = weak[2][1] = NEVER_BRIDGED
    assert cut(weak) is None


def test_one_item_alone_is_never_put_out_of_its_story() -> None:
    assert cut([[0, 5, 5, -6], [5, 0, 5, -6], [5, 5, 0, -6], [-6, -6, -6, 0]]) is None


def test_a_story_that_many_tell_is_not_taken_apart() -> None:
    half = MOST_SPLIT // 2 + 1
    big = [[5.0 if (a < half) == (b < half) else -6.0 for b in range(2 * half)] for a in range(2 * half)]
    assert cut(big) is None


@given(matrices(1, MOST_SPLIT + 1))
def test_a_cut_parts_all_items_into_two_groups_that_hold_together(within: list[list[float]]) -> None:
    sides = cut(within)
    if sides is None:
        return
    assert sorted((*sides[0], *sides[1])) == list(range(len(within)))
    assert 0 in sides[0]
    assert min(map(len, sides)) >= LEAST_GROUP
    across = [capped(within[a][b]) for a in sides[0] for b in sides[1]]
    assert sum(across) / len(across) <= APART
    for side in sides:
        inside = [capped(within[a][b]) for a in side for b in side if a < b]
        assert sum(inside) / len(inside) >= TOGETHER


def test_only_an_item_that_is_like_some_and_unlike_others_strains_its_story() -> None:
    assert is_strained([3.0, -4.0, 2.0])
    assert not is_strained([3.0, 2.0, 4.0])
    assert not is_strained([-3.0, -2.0, -4.0])
    assert not is_strained([3.0, -4.0])


# ---------------------------------------------------------------- the window


def item(number: int, title: str, lead: str, *, outlet: str = "", minutes: int = 0) -> Item:
    return Item(
        ItemId(str(number)),
        outlet or f"Báo {number}",
        title,
        lead,
        key=f"bao-{number}:{number}",
        published_at=MORNING + timedelta(minutes=minutes or number * 10),
    )


MARKET = (
    item(1, "Cháy lớn tại chợ Bến Thuyền", "Ngọn lửa bùng lên ở dãy ki-ốt vải của chợ Bến Thuyền lúc rạng sáng 23/8."),
    item(2, "Chợ Bến Thuyền cháy lớn, hàng chục ki-ốt bị thiêu rụi", "Dãy ki-ốt vải chợ Bến Thuyền chìm trong lửa."),
    item(
        3,
        "Hàng chục ki-ốt vải ở chợ Bến Thuyền cháy rụi rạng sáng",
        "Lửa bùng lên tại dãy ki-ốt vải của chợ Bến Thuyền, lính cứu hỏa mất ba giờ mới dập tắt.",
    ),
)
FLOOD = (
    item(4, "Nước sông Lam Giang vượt báo động 3", "Lũ trên sông Lam Giang đã ngập hai xã ven bờ, dân được sơ tán."),
    item(5, "Lũ sông Lam Giang vượt báo động 3, hai xã sơ tán", "Nước sông Lam Giang lên nhanh, hai xã ven bờ ngập."),
)


def remembered(window: StoryWindow, story: StoryId, *items: Item) -> None:
    for each in items:
        window.remember(each, story)


def reviewed(window: StoryWindow, new: Item, story: StoryId) -> Merge | Split | None:
    assert new.at is not None
    return window.review(new, story, at=new.at)


def test_a_new_item_shows_that_two_stories_are_one_and_the_older_goes_on() -> None:
    window = StoryWindow()
    remembered(window, FIRE, MARKET[0])
    remembered(window, RIVER, MARKET[1])  # another name for the same fire
    assert reviewed(window, MARKET[2], RIVER) == Merge(into=FIRE, gone=RIVER)
    assert reviewed(window, MARKET[2], FIRE) == Merge(into=FIRE, gone=RIVER)


def test_stories_about_different_things_stay_two() -> None:
    window = StoryWindow()
    remembered(window, FIRE, *MARKET[:2])
    remembered(window, RIVER, FLOOD[0])
    assert reviewed(window, FLOOD[1], RIVER) is None
    assert reviewed(window, MARKET[2], FIRE) is None


def test_a_review_changes_nothing_and_a_merge_is_taken_in_once() -> None:
    window = StoryWindow()
    remembered(window, FIRE, MARKET[0])
    remembered(window, RIVER, MARKET[1])
    found = reviewed(window, MARKET[2], RIVER)
    assert reviewed(window, MARKET[2], RIVER) == found
    assert found is not None
    window.remember(MARKET[2], RIVER)
    window.revise(found)
    later = item(6, "Vụ cháy chợ Bến Thuyền: dãy ki-ốt vải cháy rụi", "Dãy ki-ốt vải của chợ Bến Thuyền cháy rụi.")
    placement = window.decide(later, at=MORNING)
    assert placement.story_id == FIRE
    assert reviewed(window, later, FIRE) is None


def test_a_known_article_of_a_merged_story_belongs_to_the_one_it_is_now() -> None:
    window = StoryWindow()
    remembered(window, FIRE, MARKET[0])
    remembered(window, RIVER, MARKET[1])
    remembered(window, ONE, FLOOD[0])
    window.revise(Merge(into=FIRE, gone=RIVER))
    window.revise(Merge(into=ONE, gone=FIRE))
    for each in MARKET[:2]:
        placement = window.decide(each, at=MORNING)
        assert (placement.story_id, placement.role) == (ONE, Role.REPEAT)


def named(watch: str, title: str) -> Match:
    evidence = (Evidence("title", 0, len(title), title),)
    return Match(WatchId(watch), "leader", watch, Rule.NAME, 0.9, evidence)


def test_stories_that_name_other_leaders_are_never_merged() -> None:
    window = StoryWindow()
    window.remember(MARKET[0], FIRE, [named("putin", "Putin")])
    window.remember(MARKET[1], RIVER, [named("abbas", "Abbas")])
    new = MARKET[2]
    assert new.at is not None
    assert window.review(new, RIVER, [named("abbas", "Abbas")], at=new.at) is None
    assert window.review(new, RIVER, [named("putin", "Putin")], at=new.at) == Merge(FIRE, RIVER)


def test_a_round_up_neither_merges_nor_splits() -> None:
    window = StoryWindow()
    remembered(window, FIRE, MARKET[0])
    remembered(window, RIVER, MARKET[1])
    round_up = item(9, "Điểm tin sáng 23/8: cháy chợ Bến Thuyền, hàng chục ki-ốt vải bị thiêu rụi", MARKET[0].lead)
    assert reviewed(window, round_up, RIVER) is None


def test_two_happenings_under_one_name_are_taken_apart_and_never_merged_again() -> None:
    window = StoryWindow()
    remembered(window, ONE, *MARKET[:2], FLOOD[0])
    found = reviewed(window, FLOOD[1], ONE)
    assert found == Split(ONE, (FLOOD[0].id, FLOOD[1].id), PARTED)
    window.remember(FLOOD[1], ONE)
    window.revise(found, FLOOD, RIVER)
    for each in FLOOD:
        assert window.decide(each, at=MORNING).story_id == RIVER
    for each in MARKET[:2]:
        assert window.decide(each, at=MORNING).story_id == ONE
    assert reviewed(window, MARKET[2], ONE) is None


def test_what_was_taken_apart_is_not_merged_after_a_restart_either() -> None:
    window = StoryWindow()
    remembered(window, FIRE, MARKET[0])
    remembered(window, RIVER, MARKET[1])
    window.know(apart=[(RIVER, FIRE)])
    assert reviewed(window, MARKET[2], RIVER) is None


def test_a_story_that_took_another_in_is_not_taken_apart() -> None:
    window = StoryWindow()
    remembered(window, ONE, *MARKET[:2], FLOOD[0])
    window.know(merged=[ONE])
    assert reviewed(window, FLOOD[1], ONE) is None


def test_a_split_without_a_name_for_the_new_story_is_a_bug() -> None:
    with pytest.raises(ValueError, match="story of their own"):
        StoryWindow().revise(Split(ONE, (ItemId("1"),)))
