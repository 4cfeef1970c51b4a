"""Abstract summaries in the store: which stories wait for one, and that none is paid for twice."""

from datetime import timedelta

from monitor.pipeline.dedupe_keys import first_key
from monitor.store.transaction import Store
from monitor.types import Address, AlertKind, AlertState, ItemId, NewAlert, Placement, Role, StoryId
from tests.store_samples import DAY, MINUTE, NOW, draft, match, save_items

CHAT = Address(1001)


async def _told(store: Store, key: str, *, ago: timedelta = 5 * MINUTE) -> tuple[ItemId, StoryId]:
    """A story that a chat was told of."""
    (item,) = await save_items(store, draft(key))
    with store.writing() as tx:
        story_id = tx.save_detection(item, [match()], Placement(None, Role.NEW), version="v1", now=NOW)
        tx.enqueue([NewAlert(CHAT, AlertKind.ALERT, first_key(story_id), story_id=story_id)], now=NOW - ago)
        alerts = tx.alerts_of_story(story_id)
        tx.settle(alerts[0], AlertState.SENT, now=NOW - ago, message_id=7)
    return item.id, story_id


async def _due(store: Store, *, limit: int = 9) -> list[StoryId]:
    with store.reading() as tx:
        return tx.stories_without_abstract(told_after=NOW - DAY, told_before=NOW - MINUTE, limit=limit)


async def test_stories_wait_that_were_told_a_while_ago_and_not_too_long_ago_newest_first(store: Store) -> None:
    _, first = await _told(store, "a-1", ago=9 * MINUTE)
    _, second = await _told(store, "a-2", ago=5 * MINUTE)
    await _told(store, "a-3", ago=timedelta(seconds=5))
    await _told(store, "a-4", ago=2 * DAY)
    assert await _due(store) == [second, first]
    assert await _due(store, limit=1) == [second]


async def test_what_was_written_once_waits_no_more_whether_it_held_or_not(store: Store) -> None:
    _, held = await _told(store, "a-1")
    _, doubted = await _told(store, "a-2")
    with store.writing() as tx:
        tx.save_abstract(held, "d1", "Cầu đã thông xe.", why="", now=NOW)
        tx.save_abstract(doubted, "d2", "", why="name: Trump", now=NOW)
    assert await _due(store) == []
    with store.reading() as tx:
        assert tx.abstract(held, "d1") == ("Cầu đã thông xe.", "")
        assert tx.abstract(doubted, "d2") == ("", "name: Trump")
        assert tx.abstract(held, "d2") is None
        assert tx.latest_abstract(held) == "Cầu đã thông xe."
        assert tx.latest_abstract(doubted) == ""
        assert tx.latest_abstract(StoryId("999")) == ""


async def test_an_article_that_changed_since_makes_its_story_wait_again(store: Store) -> None:
    item_id, story_id = await _told(store, "a-1")
    with store.writing() as tx:
        tx.save_abstract(story_id, "d1", "Cầu đã thông xe.", why="", now=NOW - 4 * MINUTE)
        tx.reword(item_id, "Cầu chưa thông xe", "", now=NOW - 3 * MINUTE)
    assert await _due(store) == [story_id]
    with store.writing() as tx:
        tx.save_abstract(story_id, "d2", "Cầu chưa thông xe.", why="", now=NOW - 2 * MINUTE)
    assert await _due(store) == []
    with store.reading() as tx:
        assert tx.latest_abstract(story_id) == "Cầu chưa thông xe."


async def test_a_second_answer_to_one_question_takes_the_place_of_the_first(store: Store) -> None:
    _, story_id = await _told(store, "a-1")
    with store.writing() as tx:
        tx.save_abstract(story_id, "d1", "Một.", why="", now=NOW)
        tx.save_abstract(story_id, "d1", "", why="quote", now=NOW)
        assert tx.abstract(story_id, "d1") == ("", "quote")


async def test_old_texts_are_forgotten(store: Store) -> None:
    _, story_id = await _told(store, "a-1")
    with store.writing() as tx:
        tx.save_abstract(story_id, "d1", "Một.", why="", now=NOW - 2 * DAY)
        tx.save_abstract(story_id, "d2", "Hai.", why="", now=NOW)
        assert tx.forget_abstracts(before=NOW - DAY) == 1
        assert tx.abstract(story_id, "d1") is None
        assert tx.latest_abstract(story_id) == "Hai."


async def test_an_edit_of_one_story_asks_for_no_other_anew(store: Store) -> None:
    (item_id, edited), (_, other) = await _told(store, "a-1"), await _told(store, "a-2")
    with store.writing() as tx:
        for story_id in (edited, other):
            tx.save_abstract(story_id, "d1", "Cầu đã thông xe.", why="", now=NOW - 4 * MINUTE)
        tx.reword(item_id, "Cầu chưa thông xe", "", now=NOW - 3 * MINUTE)
    assert await _due(store) == [edited]
