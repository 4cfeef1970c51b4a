"""Own watches: a chat's alone, marked, kept, ended with what hangs on them, and gone when their chat is."""

from datetime import timedelta

from monitor.store.transaction import Store
from monitor.types import Address, ChatState, ItemId, OwnWatch, Target, WatchId, own_number
from tests.store_samples import AN, BINH, DAY, NOW, chat, draft, save_items


async def test_a_draft_is_nobodys_watch_until_it_is_kept(store: Store) -> None:
    with store.writing() as tx:
        tx.save_chat(chat())
        number = tx.add_own_watch(AN, asked="cháy rừng", now=NOW)
        tx.write_own_watch(number, asked="cháy rừng", text="events: []", now=NOW + DAY)
        assert tx.own_watch(number) == OwnWatch(number, AN, "events: []", "cháy rừng", NOW + DAY)
        assert tx.kept_own_watches() == []
        assert tx.owners([WatchId(f"own-{number}")]) == {}
        assert tx.own_watches_stand() == (0, None)
        tx.keep_own_watch(number, now=NOW + 2 * DAY)
        tx.keep_own_watch(number, now=NOW + 3 * DAY)
        (kept,) = tx.kept_own_watches()
        assert (kept.kept_at, kept.watch_id) == (NOW + 2 * DAY, f"own-{number}")
        assert tx.owners([kept.watch_id, WatchId("putin"), WatchId("own-999")]) == {kept.watch_id: AN}
        assert tx.own_watches_stand() == (1, NOW + 2 * DAY)
        assert tx.own_watches(BINH) == []


async def test_an_id_of_the_files_is_no_number() -> None:
    assert [own_number(each) for each in ("own-12", "own-", "own-x", "own-²", "putin", "12")] == [12, *[None] * 5]


async def test_what_is_ended_takes_marks_and_followers_along_and_its_number_is_not_given_again(store: Store) -> None:
    (item,) = await save_items(store, draft("k1"))
    with store.writing() as tx:
        tx.save_chat(chat())
        number = tx.add_own_watch(AN, asked="phà", now=NOW)
        tx.keep_own_watch(number, now=NOW)
        tx.follow(AN, Target(f"own-{number}"), now=NOW)
        assert tx.mark_own(number, item.id, True, now=NOW)
        tx.end_own_watch(number)
        assert (tx.own_watch(number), tx.own_marks(number), tx.following(AN)) == (None, {}, [])
        assert tx.add_own_watch(AN, asked="phà", now=NOW) > number


async def test_the_last_word_on_an_article_counts_and_can_be_taken_back(store: Store) -> None:
    one, other = await save_items(store, draft("k1"), draft("k2"))
    with store.writing() as tx:
        number = tx.add_own_watch(AN, asked="phà", now=NOW)
        for item, right in ((one, True), (other, False), (one, False)):
            assert tx.mark_own(number, item.id, right, now=NOW)
        assert tx.own_marks(number) == {one.id: False, other.id: False}
        tx.mark_own(number, one.id, None, now=NOW)
        assert tx.own_marks(number) == {other.id: False}
        assert not tx.mark_own(number, ItemId("99999"), True, now=NOW)
        assert not tx.mark_own(number, ItemId("x"), True, now=NOW)
        assert set(tx.items_named([one.id, ItemId("99999"), ItemId("x")])) == {one.id}


async def test_drafts_that_nobody_touches_are_swept(store: Store) -> None:
    with store.writing() as tx:
        old = tx.add_own_watch(AN, asked="cũ", now=NOW - 8 * DAY)
        kept = tx.add_own_watch(AN, asked="giữ", now=NOW - 8 * DAY)
        tx.keep_own_watch(kept, now=NOW - 8 * DAY)
        new = tx.add_own_watch(AN, asked="mới", now=NOW - DAY)
        assert tx.sweep_own_drafts(before=NOW - 7 * DAY) == 1
        assert [tx.own_watch(each) is not None for each in (old, kept, new)] == [False, True, True]


async def test_own_watches_end_when_their_chat_has_been_out_of_reach_for_long(store: Store) -> None:
    month = timedelta(days=30)
    with store.writing() as tx:
        for address in (AN, BINH):
            tx.save_chat(chat(address))
            number = tx.add_own_watch(address, asked="phà", now=NOW)
            tx.keep_own_watch(number, now=NOW)
            tx.follow(address, Target(f"own-{number}"), now=NOW)
        tx.lose_chat(AN.chat_id)
        tx.lose_chat(BINH.chat_id)
        assert tx.sweep_lost_own_watches(now=NOW, before=NOW - month) == 0
        tx.save_chat(chat(BINH, state=ChatState.ACTIVE))  # who comes back in between is not counted as gone
        assert tx.sweep_lost_own_watches(now=NOW + DAY, before=NOW + DAY - month) == 0
        tx.lose_chat(BINH.chat_id)
        later = NOW + month + timedelta(hours=1)
        assert tx.sweep_lost_own_watches(now=later, before=later - month) == 1
        assert [own.address for own in tx.kept_own_watches()] == [BINH]
        assert tx.following(AN) == []


async def test_own_watches_and_those_who_follow_them_go_with_a_group_that_moves(store: Store) -> None:
    group, moved = Address(-500, 3), Address(-100_500, 3)
    with store.writing() as tx:
        tx.save_chat(chat(group))
        number = tx.add_own_watch(group, asked="phà", now=NOW)
        tx.keep_own_watch(number, now=NOW)
        tx.follow(group, Target(f"own-{number}"), now=NOW)
        tx.move_chat(-500, -100_500)
        assert tx.owners([WatchId(f"own-{number}")]) == {f"own-{number}": moved}
        assert tx.following(moved) == [f"own-{number}"]
