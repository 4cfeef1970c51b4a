"""One key, one alert: no two kinds of rows meet in one, and a row that moves keeps its kind."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from monitor.pipeline.dedupe_keys import (
    correction_key,
    corrects_reply,
    digest_key,
    edit_key,
    first_key,
    moved_key,
    notice_key,
    picture_key,
    update_key,
)
from monitor.types import Address, Alert, AlertKind, AlertState, DedupeKey, ItemId, StoryId
from tests.flow import MORNING

stories = st.integers(1, 10**9).map(lambda number: StoryId(str(number)))
numbers = st.integers(1, 10**9).map(lambda number: ItemId(str(number)))


def row(kind: AlertKind, key: DedupeKey, item: ItemId) -> Alert:
    return Alert(1, Address(1), kind, key, AlertState.SENT, 1, MORNING, MORNING, item_id=item)


@given(stories, numbers)
def test_no_two_kinds_of_alerts_share_a_key(story: StoryId, item: ItemId) -> None:
    keys = [
        first_key(story),
        edit_key(story),
        update_key(story, item),
        correction_key(story, item),
        digest_key(int(item)),
        picture_key(int(item)),
        notice_key("feedback", story),
    ]
    assert len(set(keys)) == len(keys)


@given(st.lists(st.tuples(stories, numbers), min_size=2, max_size=5, unique=True))
def test_two_stories_or_two_items_never_share_one(pairs: list[tuple[StoryId, ItemId]]) -> None:
    for one, other in itertools.combinations(pairs, 2):
        assert update_key(*one) != update_key(*other)
        assert correction_key(*one) != correction_key(*other)
        assert (first_key(one[0]) == first_key(other[0])) is (one[0] == other[0])


@given(stories, stories, numbers)
def test_a_row_that_moves_to_another_story_has_the_key_that_it_would_have_had_there(
    here: StoryId, there: StoryId, item: ItemId
) -> None:
    assert moved_key(row(AlertKind.ALERT, first_key(here), item), there) == first_key(there)
    assert moved_key(row(AlertKind.EDIT, edit_key(here), item), there) == edit_key(there)
    assert moved_key(row(AlertKind.UPDATE, update_key(here, item), item), there) == update_key(there, item)
    correction = row(AlertKind.EDIT, correction_key(here, item), item)
    assert corrects_reply(correction)
    assert moved_key(correction, there) == correction_key(there, item)
