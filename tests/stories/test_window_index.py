"""window_index.py of monitor/stories/grouping, with serials.py and known_keys.py: small tables answer as plain ones."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.grouping import features
from monitor.stories.grouping.known_keys import KnownKeys
from monitor.stories.grouping.members import Member
from monitor.stories.grouping.serials import SerialTable
from monitor.stories.grouping.similarity import Features, shipped_idf
from monitor.stories.grouping.window_index import KEY_MEMORY, MOST_TOLD, WindowIndex
from monitor.types import Item, ItemId, StoryId

NOON = datetime(2026, 3, 10, 5, tzinfo=UTC)
IDF = shipped_idf()
KEYS = st.sampled_from("abc")


def member(number: int, story: str, *, hours: float = 0, title: str = "Phà Cát Sơn chìm gần Hòn Khói") -> Member:
    item = Item(ItemId(str(number)), f"Báo {number % 5}", title, published_at=NOON + timedelta(hours=hours))
    words = features.words_of_reading(features.read(item), IDF.common)
    at = item.at
    assert at is not None
    return Member.of(item, at, Features.of(words, IDF)).placed(StoryId(story), (), at)


# ---------------------------------------------------------------- serials


@given(st.lists(st.tuples(KEYS, st.integers(0, 2_000), st.booleans()), max_size=120))
def test_a_table_of_serials_is_a_sorted_list_for_each_key(steps: list[tuple[str, int, bool]]) -> None:
    table, plain = SerialTable[str](), defaultdict[str, set[int]](set)
    for key, serial, adds in steps:
        if adds and serial not in plain[key]:
            table.add((key,), serial)
            plain[key].add(serial)
        elif not adds and serial in plain[key]:
            table.drop((key,), serial)
            plain[key].remove(serial)
        assert list(table.of(key)) == sorted(plain[key])
    assert len(table) == sum(map(bool, plain.values()))


# ---------------------------------------------------------------- keys

KEY_STEPS = st.lists(st.tuples(KEYS, st.sampled_from(("one", "two")), st.integers(0, 9), st.booleans()), max_size=30)


@given(KEY_STEPS, st.integers(0, 10), st.sampled_from((None, 1, 3)))
def test_keys_are_forgotten_by_the_hour_in_which_they_came_last(
    steps: list[tuple[str, str, int, bool]], until: int, most: int | None
) -> None:
    keys, plain = KnownKeys(), dict[str, tuple[str, int]]()
    for key, story, hour, stays in steps:
        take_back = keys.add(key, StoryId(story), NOON + timedelta(hours=hour))
        if stays:
            plain[key] = story, hour
        else:
            take_back()
    while keys.forget(NOON + timedelta(hours=until), most=most):
        pass
    for key in "abc":
        known = plain.get(key)
        assert keys.story_of(key) == (known[0] if known and known[1] >= until else None)


# ---------------------------------------------------------------- the window's index


@given(st.lists(st.integers(0, 99), max_size=40), st.integers(0, 100), st.integers(1, 7))
def test_forgetting_in_slices_ends_where_forgetting_at_once_ends(hours: list[int], until: int, most: int) -> None:
    sliced, at_once = WindowIndex(), WindowIndex()
    for index in (sliced, at_once):
        for number, hour in enumerate(hours):
            index.add(member(number, f"story-{number % 4}", hours=hour + 0.5))
    before = NOON + timedelta(hours=until)
    while sliced.forget(before, most=most):
        pass
    assert not at_once.forget(before)
    kept = [str(number) for number, hour in enumerate(hours) if hour + 0.5 >= until]
    assert [each.item_id for each in at_once.members.values()] == kept
    assert [each.item_id for each in sliced.members.values()] == kept
    for index in (sliced, at_once):
        assert index.stories == len({int(number) % 4 for number in kept})
        added = member(99, "story-1", hours=until)
        index.add(added)
        assert index.members_of(StoryId("story-1"))[-1] is added
        for one in added.features.terms:
            assert len(index.with_word(one)) == len(kept) + 1


class Watched(dict[int, Member]):
    """Members, and how often one was looked at."""

    looked = 0

    def __getitem__(self, serial: int) -> Member:
        self.looked += 1
        return super().__getitem__(serial)


def test_what_is_kept_is_not_looked_at_when_nothing_is_old() -> None:
    index = WindowIndex()
    for number in range(500):
        index.add(member(number, f"story-{number}", hours=number / 10))
    index.members = watched = Watched(index.members)
    index.forget(NOON + timedelta(hours=3))
    assert len(index) == 470
    assert watched.looked <= 45  # those that go, and the rest of their last hour


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.integers(1, 6), st.sets(st.integers(0, 6), max_size=2))
def test_a_word_is_own_when_few_stories_tell_it(told: list[int], few: int, as_one: set[int]) -> None:
    index = WindowIndex()
    for number, story in enumerate(told):
        index.add(member(number, f"story-{story}"))
    word = index.members[0].features.terms[0]
    stories = len(set(told)) - (len(set(told) & as_one) > 1)
    assert index.is_own(word, few, frozenset(StoryId(f"story-{each}") for each in as_one)) == (stories <= few)
    index.move(list(index.of_story(StoryId(f"story-{told[0]}"))), StoryId("story-0"))
    moved = {0 if story == told[0] else story for story in told}
    assert index.is_own(word, few) == (len(moved) <= few)


def test_a_word_that_very_many_items_have_is_nobodys_own() -> None:
    index = WindowIndex()
    for number in range(MOST_TOLD + 1):
        assert number == 0 or index.is_own(index.members[0].features.terms[0], 1)
        index.add(member(number, "one"))
    assert not index.is_own(index.members[0].features.terms[0], 1)


@pytest.mark.parametrize(("days", "known"), [(29, "one"), (31, None)])
def test_an_article_is_known_for_a_month_after_its_item_slid_out(days: int, known: str | None) -> None:
    index = WindowIndex()
    index.add_key("bao-1", StoryId("one"), NOON)
    index.forget(NOON + timedelta(days=days))
    assert index.story_of_key("bao-1") == known
    assert timedelta(days=30) == KEY_MEMORY
