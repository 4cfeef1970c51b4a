"""What a page about one story asks beside the story itself. Both databases."""

from monitor.store.transaction import Store
from monitor.types import AlertKind, AlertState, Chat, ChatKind, StoryId
from tests.store_samples import AN, BINH, MINUTE, NOW, alert, chat, enqueue, save_story


async def test_who_was_told_is_listed_newest_first_without_edits(store: Store) -> None:
    story = await save_story(store, "1")
    with store.writing() as tx:
        tx.save_chat(chat(AN, title="An"))
        tx.save_chat(Chat(BINH, ChatKind.GROUP, title="Ban quốc tế", joined_at=NOW))
    await enqueue(store, alert("a", AN, story=story), alert("a", BINH, story=story))
    await enqueue(
        store,
        alert("b", AN, story=story, kind=AlertKind.UPDATE),
        alert("c", AN, story=story, kind=AlertKind.EDIT),
        now=NOW + MINUTE,
    )
    await enqueue(store, alert("d", AN, story=await save_story(store, "2")))
    with store.reading() as tx:
        told = tx.told_of(story, None, limit=10)
        assert [(each.title, each.kind, each.state) for each in told] == [
            ("An", AlertKind.UPDATE, AlertState.PENDING),
            ("Ban quốc tế", AlertKind.ALERT, AlertState.PENDING),
            ("An", AlertKind.ALERT, AlertState.PENDING),
        ]
        assert told[0].at == NOW + MINUTE
        assert [each.kind for each in tx.told_of(story, AN, limit=10)] == [AlertKind.UPDATE, AlertKind.ALERT]
        assert len(tx.told_of(story, None, limit=2)) == 2
        assert tx.told_count(story) == 3


async def test_a_chat_that_is_not_known_any_more_is_told_by_its_number(store: Store) -> None:
    story = await save_story(store, "1")
    await enqueue(store, alert("a", AN, story=story))
    with store.reading() as tx:
        (told,) = tx.told_of(story, None, limit=10)
    assert (told.address, told.title) == (AN, "")


async def test_stories_that_turned_out_to_be_one_are_named(store: Store) -> None:
    one, two = await save_story(store, "1"), await save_story(store, "2")
    with store.writing() as tx:
        tx.merge_stories(one, two, reason=None)  # type: ignore[arg-type]
    with store.reading() as tx:
        assert tx.merged_into(two) == [one]
        assert tx.merged_into(one) == []
        assert list(tx.titles_of([two, StoryId("99"), StoryId("²")])) == [two]


async def test_a_chat_mutes_and_complains_for_itself(store: Store) -> None:
    story = await save_story(store, "1")
    with store.writing() as tx:
        tx.mute(AN, story, now=NOW)
        tx.add_feedback(BINH, story, [], now=NOW)
    with store.reading() as tx:
        assert [tx.is_muted(each, story) for each in (AN, BINH)] == [True, False]
        assert [tx.has_complained(each, story) for each in (AN, BINH)] == [False, True]
