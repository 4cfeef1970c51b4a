"""Stories that merge and split, on both databases."""

from collections.abc import Sequence
from datetime import timedelta

from monitor.pipeline.dedupe_keys import first_key
from monitor.store.transaction import Store
from monitor.types import AlertKind, AlertState, Reason, ReasonCode, Refiled, Role, StoryId
from tests.store_samples import AN, BINH, DAY, MINUTE, NOW, alert, claim, enqueue, row, save_story

WHY = Reason(ReasonCode.MERGED)


async def merge(store: Store, gone: StoryId, into: StoryId) -> bool:
    with store.writing() as tx:
        return tx.merge_stories(gone, into, reason=WHY)


async def split(store: Store, story: StoryId, items: Sequence[str]) -> StoryId | None:
    with store.writing() as tx:
        view = tx.story(story)
        assert view is not None
        return tx.split_story(story, [i.id for i in view.items if i.key in items], reason=Reason(ReasonCode.PARTED))


async def keys(store: Store, story: StoryId) -> list[str]:
    with store.reading() as tx:
        view = tx.story(story)
    return [] if view is None else [item.key for item in view.items]


async def counts(store: Store) -> dict[tuple[str, str], tuple[int, int]]:
    with store.reading() as tx:
        found = tx.daily_counts(since=(NOW - DAY).date())
    return {(f"{each.day:%d}", each.watch_id): (each.items, each.stories) for each in found}


async def test_a_merged_story_is_asked_for_by_either_name(store: Store) -> None:
    into, gone = await save_story(store, "a"), await save_story(store, "b", seen_at=NOW + MINUTE)
    assert await merge(store, gone, into)
    with store.reading() as tx:
        mine, theirs = tx.story(into), tx.story(gone)
        assert mine == theirs
        assert tx.current_story(gone) == tx.current_story(into) == into
    assert mine is not None
    assert [item.key for item in mine.items] == ["a", "b"]
    assert list(mine.roles.values()) == [Role.NEW, Role.REPEAT]
    assert mine.reasons[mine.items[1].id] == WHY


async def test_merging_again_or_back_changes_nothing(store: Store) -> None:
    into, gone = await save_story(store, "a"), await save_story(store, "b")
    assert await merge(store, gone, into)
    assert not await merge(store, gone, into)
    assert not await merge(store, into, gone)
    assert not await merge(store, into, into)
    assert await keys(store, into) == await keys(store, gone) == ["a", "b"]


async def test_a_chain_of_merges_ends_at_the_story_of_today(store: Store) -> None:
    first, second, third = [await save_story(store, key) for key in "abc"]
    assert await merge(store, second, first)
    assert await merge(store, first, third)
    with store.reading() as tx:
        assert [tx.current_story(each) for each in (first, second, third)] == [third] * 3
    assert not await merge(store, third, second)
    assert await keys(store, second) == ["a", "b", "c"]


async def test_a_story_that_nobody_knows_merges_with_nothing(store: Store) -> None:
    into = await save_story(store, "a")
    for unknown in (StoryId("999"), StoryId("nobody")):
        assert not await merge(store, unknown, into)
        assert not await merge(store, into, unknown)
        with store.reading() as tx:
            assert tx.current_story(unknown) == unknown
            assert tx.story(unknown) is None


async def test_who_muted_either_story_has_muted_both(store: Store) -> None:
    into, gone = await save_story(store, "a"), await save_story(store, "b")
    with store.writing() as tx:
        tx.mute(AN, gone, now=NOW)
        tx.mute(BINH, into, now=NOW)
        tx.mute(BINH, gone, now=NOW)
    await merge(store, gone, into)
    with store.writing() as tx:
        assert tx.muted(into) == tx.muted(gone) == {AN, BINH}
        assert tx.unmute(AN, gone)
        assert tx.muted(into) == {BINH}
        tx.mute(AN, gone, now=NOW)
        assert tx.muted(into) == {AN, BINH}


async def test_a_day_counts_merged_stories_once_and_split_ones_twice(store: Store) -> None:
    into = await save_story(store, "a", "putin")
    gone = await save_story(store, "b", "putin", "abbas", seen_at=NOW + DAY)
    assert await counts(store) == {("23", "putin"): (1, 1), ("24", "putin"): (1, 1), ("24", "abbas"): (1, 1)}
    await merge(store, gone, into)
    assert await counts(store) == {("23", "putin"): (1, 1), ("24", "putin"): (1, 0), ("24", "abbas"): (1, 1)}
    assert await split(store, into, ["b"]) is not None
    assert await counts(store) == {("23", "putin"): (1, 1), ("24", "putin"): (1, 1), ("24", "abbas"): (1, 1)}


async def test_a_split_makes_a_story_of_its_own_that_knows_where_it_came_from(store: Store) -> None:
    old = await save_story(store, "a")
    for number, key in enumerate("bcd", 1):
        await save_story(store, key, joins=old, seen_at=NOW + number * MINUTE)
    new = await split(store, old, ["b", "d"])
    assert new is not None
    assert await keys(store, old) == ["a", "c"]
    assert await keys(store, new) == ["b", "d"]
    with store.reading() as tx:
        view = tx.story(new)
        assert tx.split_kin(new) == [old]
        assert tx.split_kin(old) == [new]
        kin = tx.kinship(since=NOW - DAY)
    assert view is not None
    assert view.story.opened_at == NOW + MINUTE
    assert list(view.roles.values()) == [Role.NEW, Role.REPEAT]
    assert set(map(frozenset, kin.apart)) == {frozenset((old, new))}
    assert kin.merged == ()


async def test_what_was_taken_apart_is_never_merged_again(store: Store) -> None:
    old, other = await save_story(store, "a"), await save_story(store, "z")
    await save_story(store, "b", joins=old)
    new = await split(store, old, ["b"])
    assert new is not None
    assert not await merge(store, new, old)
    assert not await merge(store, old, new)
    assert await merge(store, new, other)
    assert not await merge(store, other, old)
    with store.reading() as tx:
        kin = tx.kinship(since=NOW - DAY)
    assert frozenset((old, other)) in set(map(frozenset, kin.apart))
    assert kin.merged == (other,)


async def test_a_split_that_leaves_nothing_on_one_side_is_none(store: Store) -> None:
    old = await save_story(store, "a")
    await save_story(store, "b", joins=old)
    assert await split(store, old, []) is None
    assert await split(store, old, ["a", "b"]) is None
    assert await keys(store, old) == ["a", "b"]


async def test_a_split_that_takes_the_opening_along_leaves_the_rest_with_a_new_one(store: Store) -> None:
    old = await save_story(store, "a")
    await save_story(store, "b", joins=old, seen_at=NOW + MINUTE)
    await split(store, old, ["a"])
    with store.reading() as tx:
        view = tx.story(old)
    assert view is not None
    assert list(view.roles.values()) == [Role.NEW]


async def test_a_mute_holds_for_both_parts_only_when_both_were_known_then(store: Store) -> None:
    old = await save_story(store, "a")
    with store.writing() as tx:
        tx.mute(AN, old, now=NOW + MINUTE)
    await save_story(store, "b", joins=old, seen_at=NOW + 2 * MINUTE)
    with store.writing() as tx:
        tx.mute(BINH, old, now=NOW + 3 * MINUTE)
    new = await split(store, old, ["b"])
    assert new is not None
    with store.reading() as tx:
        assert tx.muted(old) == {AN, BINH}
        assert tx.muted(new) == {BINH}


async def test_two_rows_of_a_chat_may_change_places(store: Store) -> None:
    first, second = await save_story(store, "a"), await save_story(store, "b")
    await enqueue(store, alert(first_key(first), story=first), alert(first_key(second), story=second))
    with store.writing() as tx:
        tx.refile([Refiled(1, second, first_key(second)), Refiled(2, first, first_key(first), watch_ids=(), why="")])
    one, two = await row(store, 1), await row(store, 2)
    assert (one.story_id, one.dedupe_key) == (second, first_key(second))
    assert (two.story_id, two.dedupe_key, two.watch_ids) == (first, first_key(first), ())


async def test_a_row_that_is_being_sent_goes_on_under_its_new_story(store: Store) -> None:
    first, second = await save_story(store, "a"), await save_story(store, "b")
    await enqueue(store, alert(first_key(second), story=second))
    (taken,) = await claim(store)
    with store.writing() as tx:
        tx.refile([Refiled(taken.id, first, first_key(first))])
    with store.writing() as tx:
        tx.settle(taken, AlertState.SENT, now=NOW, message_id=7)
    settled = await row(store, taken.id)
    assert (settled.state, settled.message_id, settled.story_id) == (AlertState.SENT, 7, first)


async def test_who_was_told_elsewhere_is_not_told_again(store: Store) -> None:
    story = await save_story(store, "a")
    draft = alert(f"story:{story}", story=story)
    with store.writing() as tx:
        tx.note_told([(draft, AlertState.SENT)], now=NOW)
        tx.note_told([(draft, AlertState.SKIPPED)], now=NOW)
        tx.note_told([], now=NOW)
    assert await enqueue(store, draft) == 0
    assert (await row(store, 1)).state is AlertState.SENT
    assert (await row(store, 1)).kind is AlertKind.ALERT
    assert await claim(store, now=NOW + timedelta(days=1)) == []
