"""Transactions 2 to 4: the outbox is written, claimed and settled."""

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.store.attempts import EDIT_TRIES, TRIES, after_unknown
from monitor.store.outbox_turns import FRESH
from monitor.store.transaction import Store, Transaction, open_store
from monitor.types import (
    Address,
    Alert,
    AlertKind,
    AlertState,
    ChatState,
    DedupeKey,
    FeedId,
    Priority,
    StoryId,
    WatchId,
)
from tests.store_samples import (
    AN,
    BINH,
    DAY,
    MINUTE,
    NOW,
    SECOND,
    alert,
    chat,
    claim,
    claimed_keys,
    enqueue,
    row,
    save_story,
    urls,
)

EDIT = AlertKind.EDIT
RUNS = count()
FEED = FeedId("ben-song")


async def _settle(store: Store, claimed: Alert, state: AlertState = AlertState.SENT, **named: object) -> None:
    with store.writing() as tx:
        tx.settle(claimed, state, **({"now": NOW} | named))  # type: ignore[arg-type]


async def _claim_one(store: Store, *, now: object = NOW) -> Alert:
    (claimed,) = await claim(store, now=now)  # type: ignore[arg-type]
    return claimed


# ---------------------------------------------------------------- enqueue


async def test_the_same_alert_is_written_once_for_ever(store: Store) -> None:
    assert await enqueue(store, alert("a"), alert("b"), alert("a"), alert("a", BINH)) == 3
    assert await enqueue(store, alert("a"), alert("c")) == 1
    await _settle(store, await _first_of(store, AN))
    assert await enqueue(store, alert("a")) == 0
    assert await enqueue(store) == 0
    with store.reading() as tx:
        counts = tx.outbox_counts()
    assert counts == dict.fromkeys(AlertState, 0) | {AlertState.PENDING: 2, AlertState.SENDING: 1, AlertState.SENT: 1}


async def test_what_a_chat_was_told_of_since_a_moment_is_known_by_topic(store: Store) -> None:
    topic = Address(AN.chat_id, 7)
    await enqueue(store, replace(alert("a"), watch_ids=(WatchId("putin"), WatchId("trump"))))
    await enqueue(store, replace(alert("b", topic), watch_ids=(WatchId("bao"),)), replace(alert("c", BINH)))
    await enqueue(store, replace(alert("d", kind=AlertKind.EDIT), watch_ids=(WatchId("tap"),)))
    with store.reading() as tx:
        heard = tx.heard({AN.chat_id}, since=NOW)
        assert heard == {AN: {WatchId("putin"), WatchId("trump")}, topic: {WatchId("bao")}}
        assert tx.heard({AN.chat_id}, since=NOW + MINUTE) == {}
        assert tx.heard([], since=NOW) == {}


async def _first_of(store: Store, address: Address) -> Alert:
    return next(each for each in await claim(store) if each.address == address)


async def test_every_field_of_an_alert_survives(store: Store) -> None:
    story_id = await save_story(store, "a-1")
    drafted = replace(
        alert("a", Address(-100123, 7), kind=AlertKind.UPDATE, story=story_id, not_before=NOW + MINUTE),
        text="Lời cho quản trị",
        priority=Priority.HIGH,
    )
    await enqueue(store, drafted)
    assert await row(store, 1) == Alert(
        1,
        Address(-100123, 7),
        AlertKind.UPDATE,
        DedupeKey("a"),
        AlertState.PENDING,
        attempts=0,
        created_at=NOW,
        next_try_at=NOW + MINUTE,
        story_id=story_id,
        watch_ids=drafted.watch_ids,
        text="Lời cho quản trị",
        priority=Priority.HIGH,
    )


async def test_a_storys_rows_are_found_oldest_first(store: Store) -> None:
    story_id, other = await save_story(store, "a-1"), await save_story(store, "a-2")
    await enqueue(store, alert("z", BINH, story=story_id), alert("other", story=other))
    await enqueue(store, alert("a", AN, story=story_id))
    with store.writing() as tx:
        assert [each.dedupe_key for each in tx.alerts_of_story(story_id)] == ["z", "a"]
        assert tx.alerts_of_story(StoryId("x")) == []


# ---------------------------------------------------------------- claim: whose turn


async def test_one_row_a_chat_oldest_first_however_many_are_due(store: Store) -> None:
    await enqueue(store, alert("a"), alert("b"), alert("c"))
    first = await _claim_one(store)
    assert (first.dedupe_key, first.state, first.attempts) == ("a", AlertState.SENDING, 1)
    assert await claim(store) == []
    await _settle(store, first)
    assert await claimed_keys(store) == ["b"]


async def test_an_earlier_row_that_must_wait_holds_back_the_later_ones(store: Store) -> None:
    await enqueue(store, alert("later", not_before=NOW + MINUTE), alert("now"))
    assert await claim(store) == []
    assert await claimed_keys(store, now=NOW + MINUTE) == ["later"]


async def test_an_urgent_alert_passes_what_waits_before_it_in_its_chat(store: Store) -> None:
    waiting = [alert("later", not_before=NOW + MINUTE), alert("a"), alert("b")]
    await enqueue(store, *waiting, replace(alert("urgent"), priority=Priority.HIGH))
    first = await _claim_one(store)
    assert first.dedupe_key == "urgent"
    await _settle(store, first)
    assert await claim(store) == []
    assert await claimed_keys(store, now=NOW + MINUTE) == ["later"]


async def test_an_urgent_development_takes_the_message_that_it_answers_along(store: Store) -> None:
    story = await save_story(store, "bao")
    urgent = replace(alert("urgent", kind=AlertKind.UPDATE, story=story), priority=Priority.HIGH)
    await enqueue(store, alert("other"))
    await enqueue(store, alert("first", story=story), urgent)
    keys = []
    for _ in range(3):
        claimed = await _claim_one(store)
        keys.append(claimed.dedupe_key)
        await _settle(store, claimed)
    assert keys == ["first", "urgent", "other"]


async def test_fresh_news_of_one_chat_passes_the_backlog_of_another(store: Store) -> None:
    later = NOW + FRESH + MINUTE
    await enqueue(store, alert("old", Address(1)))
    await enqueue(store, alert("fresh", Address(2)), now=later)
    assert await claimed_keys(store, now=later, limit=1) == ["fresh"]
    assert await claimed_keys(store, now=later, limit=1) == ["old"]


async def test_a_chat_with_a_long_backlog_lets_others_have_their_turn(store: Store) -> None:
    await enqueue(store, *(alert(f"{n}", Address(1)) for n in range(3)))
    await enqueue(store, *(alert(f"{n}", Address(2), not_before=NOW + MINUTE / 2) for n in range(3)))
    turns, now = [], NOW + MINUTE
    for _ in range(4):
        (row_,) = await claim(store, now=now, limit=1)
        turns.append(row_.address.chat_id)
        now += MINUTE / 60
        with store.writing() as tx:
            tx.settle(row_, AlertState.SENT, now=now, message_id=1)
            tx.hold_chat(row_.address.chat_id, now)
    assert turns == [1, 2, 1, 2]


async def test_chats_take_turns_by_how_long_their_row_is_due(store: Store) -> None:
    for number, minutes in enumerate((3, 1, 2)):
        await enqueue(store, alert("a", Address(number), not_before=NOW - minutes * MINUTE))
    assert [each.address.chat_id for each in await claim(store, limit=2)] == [0, 2]
    assert [each.address.chat_id for each in await claim(store, limit=2)] == [1]


async def test_topics_of_a_forum_take_turns_and_a_waiting_topic_holds_back_no_other(store: Store) -> None:
    one, two = Address(-5, 1), Address(-5, 2)
    await enqueue(store, alert("late", one, not_before=NOW + DAY), alert("a", two), alert("b", two))
    first = await _claim_one(store)
    assert first.dedupe_key == "a"
    await enqueue(store, alert("c", Address(-5, 3)))
    assert await claim(store) == []  # one at a time in the whole chat
    await _settle(store, first)
    assert await claimed_keys(store) == ["b"]


@pytest.mark.parametrize("state", [ChatState.PAUSED, ChatState.BLOCKED, ChatState.BARRED])
async def test_a_chat_that_wants_or_may_have_nothing_gets_nothing(store: Store, state: ChatState) -> None:
    with store.writing() as tx:
        tx.save_chat(chat(AN, state=state))
        tx.save_chat(chat(BINH))
    await enqueue(store, alert("a", AN), alert("b", BINH))
    assert await claimed_keys(store) == ["b"]
    with store.writing() as tx:
        tx.save_chat(chat(AN))
    assert await claimed_keys(store) == ["a"]


async def test_a_pause_with_an_end_ends(store: Store) -> None:
    with store.writing() as tx:
        tx.save_chat(replace(chat(AN, state=ChatState.PAUSED), paused_until=NOW + MINUTE))
    await enqueue(store, alert("a"))
    assert await claim(store, now=NOW + MINUTE - SECOND) == []
    assert await claimed_keys(store, now=NOW + MINUTE) == ["a"]


async def test_an_admin_chat_need_not_have_subscribed(store: Store) -> None:
    await enqueue(store, alert("feed-down", Address(999), kind=AlertKind.NOTICE))
    assert await claimed_keys(store) == ["feed-down"]


async def test_a_held_chat_is_left_alone_with_all_its_topics_and_no_hold_shortens_another(store: Store) -> None:
    await enqueue(store, alert("a", Address(-5, 1)), alert("b", Address(-5, 2)), alert("c"))
    with store.writing() as tx:
        tx.hold_chat(-5, NOW + MINUTE)
        tx.hold_chat(-5, NOW + SECOND)
    free = await _claim_one(store)
    assert free.dedupe_key == "c"
    await _settle(store, free)
    assert await claim(store, now=NOW + MINUTE - SECOND) == []
    with store.writing() as tx:
        tx.hold_chat(-5, NOW + 2 * MINUTE)
    assert await claim(store, now=NOW + MINUTE) == []
    assert await claimed_keys(store, now=NOW + 2 * MINUTE) == ["a"]


async def test_nothing_is_claimed_of_an_empty_outbox(store: Store) -> None:
    assert await claim(store) == []


# ---------------------------------------------------------------- edits


async def test_an_edit_waits_for_its_own_story_alone_and_blocks_nobody(store: Store) -> None:
    one, two = await save_story(store, "a-1"), await save_story(store, "a-2")
    await enqueue(store, alert("one", story=one), alert("two", story=two))
    await enqueue(store, alert("edit-two", kind=EDIT, story=two), alert("edit-one", kind=EDIT, story=one))
    first = await _claim_one(store)
    assert first.dedupe_key == "one"
    assert await claim(store) == []  # edit-one waits for one, edit-two for two, two for one
    await _settle(store, first)
    second = await _claim_one(store)
    assert second.dedupe_key == "two"
    third = await _claim_one(store)  # while "two" is on its way
    assert third.dedupe_key == "edit-one"
    await _settle(store, second)
    await enqueue(store, alert("three"))
    assert await claimed_keys(store) == ["three"]  # news goes before an edit that is due, edit-one under way or not
    assert await claimed_keys(store) == ["edit-two"]


async def _an_edit(store: Store) -> StoryId:
    story_id = await save_story(store, "a-1")
    await enqueue(store, alert("edit", kind=EDIT, story=story_id))
    return story_id


@pytest.mark.parametrize(
    "ended", [AlertState.SENT, AlertState.REFUSED, AlertState.SKIPPED, AlertState.UNCERTAIN], ids=str
)
async def test_an_edit_that_had_ended_is_woken(store: Store, ended: AlertState) -> None:
    story_id = await _an_edit(store)
    await _settle(store, await _claim_one(store), ended, message_id=9, sent_hash="ab")
    assert await enqueue(store, alert("edit", kind=EDIT, story=story_id, not_before=NOW + MINUTE), now=NOW) == 0
    woken = await row(store, 1)
    assert (woken.state, woken.attempts, woken.next_try_at) == (AlertState.PENDING, 0, NOW + MINUTE)
    assert (woken.message_id, woken.sent_hash) == (9, "ab")


async def test_an_edit_that_waits_keeps_its_earlier_time(store: Store) -> None:
    story_id = await _an_edit(store)
    await enqueue(store, alert("edit", kind=EDIT, story=story_id, not_before=NOW + DAY))
    waiting = await row(store, 1)
    assert (waiting.state, waiting.next_try_at) == (AlertState.PENDING, NOW)


async def test_an_edit_wanted_again_while_one_is_on_its_way_goes_again(store: Store) -> None:
    story_id = await _an_edit(store)
    first = await _claim_one(store)
    await enqueue(store, alert("edit", kind=EDIT, story=story_id))
    assert (await row(store, 1)).state is AlertState.SENDING
    await _settle(store, first, message_id=9, sent_hash="ab")
    again = await row(store, 1)
    assert (again.state, again.attempts, again.sent_hash) == (AlertState.PENDING, 0, "ab")
    await _settle(store, await _claim_one(store), sent_hash="cd")
    assert (await row(store, 1)).state is AlertState.SENT


async def test_a_first_message_is_never_woken(store: Store) -> None:
    story_id = await save_story(store, "a-1")
    await enqueue(store, alert("a", story=story_id))
    await _settle(store, await _claim_one(store))
    await enqueue(store, alert("a", kind=EDIT, story=story_id))
    assert (await row(store, 1)).state is AlertState.SENT


# ---------------------------------------------------------------- settle


async def test_what_was_sent_is_known_by_its_message(store: Store) -> None:
    await enqueue(store, alert("a"))
    await _settle(store, await _claim_one(store), message_id=77, sent_hash="ab")
    sent = await row(store, 1)
    assert (sent.state, sent.message_id, sent.sent_hash) == (AlertState.SENT, 77, "ab")
    with store.reading() as tx:
        assert tx.alert_by_message(AN, 77) == sent
        assert tx.alert_by_message(BINH, 77) is None
        assert tx.alert_by_message(AN, 78) is None
        assert tx.alert(2) is None
        assert tx.alert(-1) is None


async def test_a_message_is_known_by_the_row_that_opened_it_not_by_its_edit(store: Store) -> None:
    story_id = await save_story(store, "a-1")
    await enqueue(store, alert("a", story=story_id), alert("edit", kind=EDIT, story=story_id))
    for _ in range(2):
        await _settle(store, await _claim_one(store), message_id=77)
    with store.reading() as tx:
        found = tx.alert_by_message(AN, 77)
    assert found is not None
    assert found.kind is AlertKind.ALERT


async def test_a_row_put_off_waits_its_time_and_does_not_use_up_its_tries(store: Store) -> None:
    await enqueue(store, alert("a"))
    for minute in range(5):
        claimed = await _claim_one(store, now=NOW + minute * MINUTE)
        assert claimed.attempts == 1
        later = NOW + (minute + 1) * MINUTE
        await _settle(store, claimed, AlertState.PENDING, next_try_at=later, now=NOW + minute * MINUTE, why="429")
        assert await claim(store, now=later - SECOND) == []


async def test_a_lease_that_ran_out_is_one_more_try_and_then_uncertain(store: Store) -> None:
    await enqueue(store, alert("a"), alert("b"))
    await claim(store)
    assert await claim(store, now=NOW + MINUTE - SECOND) == []
    again = await _claim_one(store, now=NOW + MINUTE)
    assert (again.dedupe_key, again.attempts) == ("a", 2)
    assert await claimed_keys(store, now=NOW + 2 * MINUTE) == ["b"]
    assert (await row(store, again.id)).state is AlertState.UNCERTAIN


async def test_an_edit_whose_lease_ran_out_is_tried_some_times(store: Store) -> None:
    await _an_edit(store)
    tries = [len(await claim(store, now=NOW + n * MINUTE)) for n in range(EDIT_TRIES + 2)]
    assert tries == [1] * EDIT_TRIES + [0, 0]
    assert (await row(store, 1)).state is AlertState.UNCERTAIN


async def test_truth_that_comes_late_is_still_the_truth(store: Store) -> None:
    await enqueue(store, alert("a"), alert("b", BINH))
    for claimed in await claim(store):
        await claim(store, now=NOW + MINUTE, limit=0)  # expires both, claims none
        await _settle(store, claimed, message_id=5)
    with store.reading() as tx:
        assert (tx.outbox_counts())[AlertState.SENT] == 2


async def test_a_claim_that_was_overtaken_has_a_say_only_if_it_was_sent(store: Store) -> None:
    await enqueue(store, alert("a"))
    first = await _claim_one(store)
    second = await _claim_one(store, now=NOW + MINUTE)
    await _settle(store, first, AlertState.REFUSED)
    assert (await row(store, 1)).state is AlertState.SENDING
    await _settle(store, first, AlertState.SENT, message_id=5)
    await _settle(store, second, AlertState.UNCERTAIN)
    assert (await row(store, 1)).state is AlertState.SENT
    assert (await row(store, 1)).message_id == 5


async def test_a_claim_that_was_taken_back_from_a_dead_process_has_no_say_in_the_next_one(store: Store) -> None:
    await enqueue(store, alert("a"))
    first = await _claim_one(store)
    with store.writing() as tx:
        tx.forget_leases(now=NOW)
    second = await _claim_one(store)
    assert first.attempts == second.attempts, "the death was no try"
    await _settle(store, first, AlertState.PENDING)
    assert (await row(store, 1)).state is AlertState.SENDING


async def test_a_row_that_is_gone_is_settled_as_nothing(store: Store) -> None:
    await enqueue(store, alert("a"))
    claimed = await _claim_one(store)
    await _settle(store, replace(claimed, id=99))
    assert (await row(store, 1)).state is AlertState.SENDING


async def test_the_only_process_frees_at_its_start_what_a_crash_left_claimed(store: Store) -> None:
    await enqueue(store, alert("a"), alert("b", BINH))
    with store.writing() as tx:
        tx.register_feeds(urls(FEED), now=NOW)
        tx.claim_due_feeds(lambda each: each == FEED, now=NOW, lease=DAY, limit=5)
    await claim(store, lease=DAY)
    with store.writing() as tx:
        assert tx.forget_leases(now=NOW + SECOND) == 2
        assert len(tx.claim_due_feeds(lambda each: each == FEED, now=NOW + SECOND, lease=DAY, limit=5)) == 1
    assert await claimed_keys(store, now=NOW + SECOND) == ["a", "b"]


@given(st.sampled_from(AlertKind), st.integers(1, 50))
def test_an_unknown_end_never_leads_to_a_third_copy(kind: AlertKind, attempts: int) -> None:
    tries = EDIT_TRIES if kind is EDIT else TRIES
    assert (after_unknown(kind, attempts) is AlertState.PENDING) == (attempts < tries)


# ---------------------------------------------------------------- digests


async def test_late_alerts_become_one_digest_in_their_place(store: Store) -> None:
    story_id = await save_story(store, "a-1")
    await enqueue(
        store, alert("a", story=story_id), alert("b"), alert("edit", kind=EDIT, story=story_id), now=NOW - DAY
    )
    await enqueue(store, alert("notice", kind=AlertKind.NOTICE), now=NOW - DAY)
    await enqueue(store, alert("young"), alert("a", BINH))
    with store.writing() as tx:
        overdue = tx.overdue_alerts(AN, before=NOW - MINUTE)
        assert [each.dedupe_key for each in overdue] == ["a", "b"]
        tx.fold_alerts([each.id for each in overdue], alert("digest", kind=AlertKind.DIGEST), now=NOW)
        assert tx.overdue_alerts(AN, before=NOW - MINUTE) == []
        digest = next(each for each in _rows_in_turn(tx) if each.kind is AlertKind.DIGEST)
        taken = tx.digest_alerts(digest.id)
    assert [(each.dedupe_key, each.state) for each in taken] == [("a", AlertState.SKIPPED), ("b", AlertState.SKIPPED)]
    assert taken[0].story_id == story_id


def _rows_in_turn(tx: Transaction) -> list[Alert]:
    """What chat AN gets, one after the other, inside an open transaction."""
    rows: list[Alert] = []
    while claimed := [each for each in tx.claim_alerts(now=NOW, lease=MINUTE, limit=9) if each.address == AN]:
        rows += claimed
        tx.settle(claimed[0], AlertState.SENT, now=NOW)
    return rows


async def test_only_waiting_rows_of_the_digests_chat_are_folded(store: Store) -> None:
    await enqueue(store, alert("a"), alert("b"), alert("a", BINH))
    (first,) = [each for each in await claim(store, limit=1) if each.address == AN]
    digest = alert("digest", kind=AlertKind.DIGEST)
    with store.writing() as tx:
        tx.fold_alerts([1, 2, 3], digest, now=NOW)
        assert [each.id for each in tx.digest_alerts(4)] == [2]
    assert (await row(store, first.id)).state is AlertState.SENDING
    assert (await row(store, 3)).state is AlertState.PENDING


async def test_nothing_to_fold_makes_no_digest(store: Store) -> None:
    with store.writing() as tx:
        tx.fold_alerts([], alert("digest", kind=AlertKind.DIGEST), now=NOW)
        tx.fold_alerts([5], alert("digest", kind=AlertKind.DIGEST), now=NOW)
        assert sum((tx.outbox_counts()).values()) == 0


async def test_rows_are_not_folded_into_a_digest_that_has_gone_out(store: Store) -> None:
    digest = alert("digest", kind=AlertKind.DIGEST)
    await enqueue(store, digest)
    await _settle(store, await _claim_one(store))
    await enqueue(store, alert("a"))
    with pytest.raises(ValueError, match="no digest that waits"), store.writing() as tx:
        tx.fold_alerts([2], digest, now=NOW)
    assert (await row(store, 2)).state is AlertState.PENDING


# ---------------------------------------------------------------- laws


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 1)), max_size=12), st.integers(1, 4))
async def test_every_row_is_sent_once_and_in_order_within_its_topic(
    database_url: str, places: list[tuple[int, int]], limit: int
) -> None:
    async with await open_store(database_url) as store:
        run = next(RUNS)  # chats of their own for each example: the database is one for all
        base = 1_000_000 + run * 10
        drafts = [alert(f"{run}:{n}", Address(base + c, t)) for n, (c, t) in enumerate(places)]
        await enqueue(store, *drafts)
        sent: list[Alert] = []
        while claimed := await claim(store, limit=limit):
            assert len({each.address.chat_id for each in claimed}) == len(claimed) <= limit
            for each in claimed:
                await _settle(store, each)
            sent += claimed
        mine = [each for each in sent if each.dedupe_key.startswith(f"{run}:")]
        assert len(mine) == len({(each.address, each.dedupe_key) for each in drafts})
        for address in {each.address for each in mine}:
            ids = [each.id for each in mine if each.address == address]
            assert ids == sorted(ids)
