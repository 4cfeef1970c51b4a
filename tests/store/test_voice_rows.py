"""Persons behind a chat, on both databases: who complained, and who brought the bot in."""

from sqlalchemy import select

from monitor.store.chat_tables import feedback
from monitor.store.transaction import Store
from monitor.types import Address, StoryId
from tests.store_samples import AN, NOW, chat, save_story

FORUM, TOPIC = Address(-100_77), Address(-100_77, 7)


async def test_each_person_counts_once_however_often_they_press(store: Store) -> None:
    story = await save_story(store, "k1")
    with store.writing() as tx:
        assert tx.add_voice(AN, story, 501) == (0, False)
        assert tx.add_feedback(AN, story, [], now=NOW)
        assert tx.add_voice(AN, story, 501) == (1, True)
        assert tx.add_voice(AN, story, 502) == (2, True)
        assert tx.add_voice(AN, story, 501) == (2, False)
        assert tx.add_voice(AN, StoryId("99"), 501) == (0, False)
        assert not tx.add_feedback(AN, story, [], now=NOW)
    with store.reading() as tx:
        assert [row.voices for row in tx._rows(select(feedback))] == [[501, 502]]


async def test_who_brought_the_bot_in_is_known_by_topic_and_else_by_chat(store: Store) -> None:
    with store.writing() as tx:
        assert tx.brought_by(FORUM) is None
        for address in (FORUM, TOPIC):
            tx.save_chat(chat(address))
        tx.set_brought_by(FORUM, 501)
        assert (tx.brought_by(FORUM), tx.brought_by(TOPIC)) == (501, 501)
        tx.set_brought_by(TOPIC, 502)
        tx.save_chat(chat(TOPIC))
        assert (tx.brought_by(FORUM), tx.brought_by(TOPIC)) == (501, 502)
        tx.move_chat(FORUM.chat_id, -100_88)
        assert (tx.brought_by(Address(-100_88)), tx.brought_by(TOPIC)) == (501, None)
