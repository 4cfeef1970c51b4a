"""Complaints are reviewed story by story, on both databases."""

from monitor.store.transaction import Store
from monitor.types import Address, StoryId
from tests.store_samples import MINUTE, NOW, save_story

AN, BA = Address(1), Address(2)


async def test_complaints_about_a_story_are_one_until_it_is_closed_and_again_after_a_new_one(store: Store) -> None:
    first, second = await save_story(store, "a-1"), await save_story(store, "a-2")
    with store.writing() as tx:
        assert (tx.open_complaints(), tx.complaints_count()) == ([], 0)
        tx.add_feedback(AN, first, [{"watch": "putin"}], now=NOW)
        tx.add_feedback(AN, second, [], now=NOW + MINUTE)
        tx.add_feedback(BA, first, [{"watch": "putin"}, {"watch": "bao"}], now=NOW + 2 * MINUTE)
        newest, other = tx.open_complaints()
        assert (newest.story_id, len(newest.said_in), newest.at) == (first, 2, NOW + 2 * MINUTE)
        assert [row["watch"] for row in newest.evidence] == ["putin", "bao"]
        assert (other.story_id, len(other.said_in), tx.complaints_count()) == (second, 1, 2)
        assert [tx.close_complaint(first, now=NOW) for _ in range(2)] == [2, 0]
        assert [one.story_id for one in tx.open_complaints()] == [second]
        closed = tx.complaint(first)
        assert closed is not None
        assert len(closed.said_in) == 2
        tx.add_feedback(Address(3), first, [], now=NOW + 3 * MINUTE)
        assert [one.story_id for one in tx.open_complaints()] == [first, second]
        assert tx.complaint(StoryId("999")) is None
        assert tx.close_complaint(StoryId("²"), now=NOW) == 0
