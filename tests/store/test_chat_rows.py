"""Subscribers: what they follow and mute, how they get in, get lost, and move."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from monitor.store.tables import invites
from monitor.store.transaction import Store
from monitor.types import (
    EVERYTHING,
    Address,
    Alert,
    AlertKind,
    AlertState,
    Chat,
    ChatKind,
    ChatState,
    StoryId,
    Target,
    WatchId,
)
from tests.store_samples import AN, BINH, DAY, MINUTE, NOW, alert, chat, claim, enqueue, match, row, save_story

PUTIN, NGA, GAZA = Target("putin"), Target("#nga"), Target("ngung-ban-gaza")
OLD, NEW = -500, -100_500


async def test_a_subscriber_is_kept_whole_and_keeps_the_day_he_joined(store: Store) -> None:
    first = Chat(Address(-5, 3), ChatKind.GROUP, "Nhóm đọc báo", "en", ChatState.PAUSED, NOW - DAY, NOW + DAY)
    with store.writing() as tx:
        assert tx.chat(first.address) is None
        tx.save_chat(first)
        assert tx.chat(first.address) == first
        tx.save_chat(Chat(first.address, ChatKind.CHANNEL, "Kênh"))
        assert tx.chat(first.address) == Chat(first.address, ChatKind.CHANNEL, "Kênh", joined_at=NOW - DAY)
        tx.save_chat(replace(first, joined_at=NOW))
        assert tx.chat(first.address) == replace(first, joined_at=NOW)
        assert tx.chat(Address(-5)) is None


async def test_subscribers_are_listed_by_state(store: Store) -> None:
    known = [chat(Address(n), state=state) for n, state in enumerate(ChatState)]
    with store.writing() as tx:
        for each in known:
            tx.save_chat(each)
        assert tx.chats() == known
        assert tx.chats([ChatState.BARRED, ChatState.ACTIVE]) == [known[0], known[3]]
        assert tx.chats([]) == []


async def test_targets_are_followed_in_the_order_asked_and_once(store: Store) -> None:
    with store.writing() as tx:
        tx.save_chat(chat())
        assert [tx.follow(AN, target, now=NOW) for target in (PUTIN, EVERYTHING, NGA, PUTIN)] == [
            True,
            True,
            True,
            False,
        ]
        assert tx.following(AN) == [PUTIN, EVERYTHING, NGA]
        assert tx.unfollow(AN, EVERYTHING)
        assert not tx.unfollow(AN, EVERYTHING)
        assert tx.following(AN) == [PUTIN, NGA]
        assert tx.following(BINH) == []


async def test_who_was_never_saved_cannot_follow(store: Store) -> None:
    with pytest.raises(IntegrityError), store.writing() as tx:
        tx.follow(AN, PUTIN, now=NOW)


async def test_subscribers_of_targets_are_those_that_may_listen(store: Store) -> None:
    with store.writing() as tx:
        for number, state in enumerate(ChatState):
            tx.save_chat(chat(Address(number), state=state))
            tx.follow(Address(number), PUTIN, now=NOW)
        tx.save_chat(chat(AN))
        for target in (GAZA, NGA, EVERYTHING):
            tx.follow(AN, target, now=NOW)
        targets: dict[Target, WatchId | None] = {PUTIN: WatchId("putin"), NGA: None, EVERYTHING: None}
        found = [(one.address.chat_id, followed) for one, followed in tx.subscribers(targets)]
        assert found == [(0, (PUTIN,)), (1, (PUTIN,)), (AN.chat_id, (NGA, EVERYTHING))]
        assert tx.subscribers({}) == []


async def test_a_story_is_muted_by_the_chat_that_asked(store: Store) -> None:
    story_id = await save_story(store, "a-1")
    with store.writing() as tx:
        tx.mute(AN, story_id, now=NOW)
        tx.mute(AN, story_id, now=NOW)
        tx.mute(AN, StoryId("999"), now=NOW)
        assert tx.muted(story_id) == {AN}
        assert tx.muted(StoryId("999")) == set()


async def test_a_complaint_is_kept_once_a_chat_with_its_evidence_newest_first(store: Store) -> None:
    one, two = await save_story(store, "a-1"), await save_story(store, "a-2")
    evidence = [{"watch": "putin", "text": "Pu-tin \0", "score": 0.5}]
    with store.writing() as tx:
        assert tx.add_feedback(AN, one, evidence, now=NOW)
        assert not tx.add_feedback(AN, one, [], now=NOW)
        assert tx.add_feedback(AN, two, [], now=NOW + MINUTE)
        assert not tx.add_feedback(AN, StoryId("999"), [], now=NOW)
        newest, oldest = tx.feedback(limit=5)
        assert [newest] == tx.feedback(limit=1)
    assert (newest["story_id"], newest["evidence"]) == (two, [])
    assert oldest == {
        "chat_id": AN.chat_id,
        "thread_id": 0,
        "voices": 0,
        "story_id": one,
        "title": "Bến cảng mở thêm một tuyến phà",
        "at": NOW,
        "evidence": [{"watch": "putin", "text": "Pu-tin \ufffd", "score": 0.5}],
    }


async def test_an_invitation_lets_one_chat_in_as_often_as_it_likes(store: Store) -> None:
    with store.writing() as tx:
        tx.add_invite("sao-mai", now=NOW)
        tx.add_invite("sao-mai", now=NOW)
        assert not tx.use_invite("hai-dang", AN, now=NOW)
        assert tx.use_invite("sao-mai", AN, now=NOW)
        assert not tx.use_invite("sao-mai", BINH, now=NOW)
        assert tx.use_invite("sao-mai", AN, now=NOW)
        tx.add_invite("sao-mai", now=NOW)
        assert not tx.use_invite("sao-mai", BINH, now=NOW)


async def test_an_invitation_expires_for_all_but_who_used_it(store: Store) -> None:
    with store.writing() as tx:
        tx.add_invite("sao-mai", now=NOW, lasts=MINUTE)
        tx.add_invite("hai-dang", now=NOW, lasts=MINUTE)
        assert tx.use_invite("sao-mai", AN, now=NOW)
        assert not tx.use_invite("hai-dang", BINH, now=NOW + MINUTE)
        assert tx.use_invite("sao-mai", AN, now=NOW + MINUTE)


async def test_open_invitations_are_listed_by_names_that_let_nobody_in_and_taken_back(store: Store) -> None:
    with store.writing() as tx:
        name = tx.add_invite("sao-mai", now=NOW)
        other = tx.add_invite("hai-dang", now=NOW, lasts=MINUTE)
        used = tx.add_invite("ben-song", now=NOW)
        assert tx.use_invite("ben-song", AN, now=NOW)
        assert [(one.name, one.expires_at) for one in tx.open_invites(now=NOW)] == [
            (other, NOW + MINUTE),
            (name, NOW + timedelta(days=7)),
        ]
        assert not tx.use_invite(name, BINH, now=NOW)
        assert [one.name for one in tx.open_invites(now=NOW + MINUTE)] == [name]
        assert tx.end_invite(name)
        assert not tx.end_invite(name)
        assert not tx.end_invite(used)
        assert not tx.use_invite("sao-mai", BINH, now=NOW)


@pytest.mark.parametrize("code", ["", "x" * 5_000, "\0", "\ud800", "Đ' OR 1=1 --", "%"])
async def test_any_word_may_be_tried_as_an_invitation(store: Store, code: str) -> None:
    with store.writing() as tx:
        tx.add_invite("sao-mai", now=NOW)
        assert not tx.use_invite(code, AN, now=NOW)


async def test_the_word_of_an_invitation_stands_nowhere_in_the_database(store: Store) -> None:
    with store.writing() as tx:
        tx.add_invite("sao-mai", now=NOW)
        assert [row.code for row in tx._rows(select(invites)) if "sao-mai" in row.code] == []


async def test_a_lost_chat_is_lost_with_all_its_topics_and_a_barred_one_stays_barred(store: Store) -> None:
    with store.writing() as tx:
        tx.save_chat(chat(Address(-5, 1)))
        tx.save_chat(chat(Address(-5, 2), state=ChatState.PAUSED))
        tx.save_chat(chat(Address(-5, 3), state=ChatState.BARRED))
        tx.save_chat(chat(AN))
        tx.lose_chat(-5)
        assert [one.state for one in tx.chats()] == [
            ChatState.BLOCKED,
            ChatState.BLOCKED,
            ChatState.BARRED,
            ChatState.ACTIVE,
        ]


async def test_a_chat_moves_with_all_it_has(store: Store) -> None:
    story_id = await save_story(store, "a-1")
    old, new = Address(OLD), Address(NEW)
    with store.writing() as tx:
        tx.save_chat(chat(old, title="Nhóm cũ"))
        for target in (PUTIN, NGA, GAZA):
            tx.follow(old, target, now=NOW)
        tx.mute(old, story_id, now=NOW)
        tx.add_feedback(old, story_id, [], now=NOW)
        tx.hold_chat(OLD, NOW + MINUTE)
        tx.add_invite("sao-mai", now=NOW)
        tx.use_invite("sao-mai", old, now=NOW)
        tx.enqueue([alert("a", old, story=story_id), alert("b", old)], now=NOW)
        tx.move_chat(OLD, NEW)
        assert tx.chats() == [chat(new, title="Nhóm cũ")]
        assert tx.following(new) == [PUTIN, NGA, GAZA]
        assert tx.muted(story_id) == {new}
        assert [said["chat_id"] for said in tx.feedback(limit=5)] == [NEW]
        assert tx.use_invite("sao-mai", new, now=NOW)
        assert tx.claim_alerts(now=NOW, lease=MINUTE, limit=5) == []
        (first,) = tx.claim_alerts(now=NOW + MINUTE, lease=MINUTE, limit=5)
    assert (first.address, first.dedupe_key) == (new, "a")


async def test_an_alert_under_way_while_its_chat_moves_is_sent_to_the_new_place(store: Store) -> None:
    await enqueue(store, alert("a", Address(OLD)))
    (claimed,) = await claim(store)
    with store.writing() as tx:
        tx.settle(claimed, AlertState.PENDING, now=NOW, next_try_at=NOW)
        tx.move_chat(OLD, NEW)
        tx.move_chat(OLD, NEW)
        tx.move_chat(NEW, NEW)
    (again,) = await claim(store)
    assert (again.id, again.address) == (claimed.id, Address(NEW))


async def test_messages_of_the_old_group_are_forgotten_because_their_numbers_start_again(store: Store) -> None:
    await enqueue(store, alert("a", Address(OLD)))
    (claimed,) = await claim(store)
    with store.writing() as tx:
        tx.settle(claimed, AlertState.SENT, now=NOW, message_id=5)
        tx.move_chat(OLD, NEW)
        assert tx.alert_by_message(Address(NEW), 5) is None
    moved = await row(store, claimed.id)
    assert (moved.state, moved.address, moved.message_id) == (AlertState.SENT, Address(NEW), None)


async def test_two_chats_that_become_one_keep_what_either_had(store: Store) -> None:
    one, two = await save_story(store, "a-1"), await save_story(store, "a-2")
    old, new, topic = Address(OLD), Address(NEW), Address(OLD, 4)
    with store.writing() as tx:
        tx.save_chat(chat(old, title="Cũ", state=ChatState.PAUSED))
        tx.save_chat(chat(new, title="Mới"))
        tx.save_chat(chat(topic))
        for address, target in ((new, GAZA), (new, PUTIN), (old, PUTIN), (old, NGA), (topic, NGA)):
            tx.follow(address, target, now=NOW)
        tx.mute(old, one, now=NOW)
        tx.mute(new, one, now=NOW)
        tx.mute(old, two, now=NOW)
        tx.add_feedback(old, one, [{"a": 1}], now=NOW)
        tx.add_feedback(new, one, [{"b": 2}], now=NOW)
        tx.hold_chat(OLD, NOW + DAY)
        tx.hold_chat(NEW, NOW + MINUTE)
        tx.move_chat(OLD, NEW)
        assert tx.chats() == [chat(new, title="Mới"), chat(Address(NEW, 4))]
        assert tx.following(new) == [GAZA, PUTIN, NGA]
        assert tx.following(Address(NEW, 4)) == [NGA]
        assert tx.muted(one) == tx.muted(two) == {new}
        assert [said["evidence"] for said in tx.feedback(limit=5)] == [[{"b": 2}]]
        tx.enqueue([alert("a", new)], now=NOW)
        assert tx.claim_alerts(now=NOW + DAY - MINUTE, lease=MINUTE, limit=5) == []


async def test_what_one_of_two_merged_chats_was_told_is_not_told_again(store: Store) -> None:
    old, new = Address(OLD), Address(NEW)
    await enqueue(store, alert("told", old), alert("both", old), alert("folded", old), alert("mine", old))
    (told,) = await claim(store)
    with store.writing() as tx:
        tx.settle(told, AlertState.SENT, now=NOW, message_id=5)
        tx.fold_alerts([3], alert("digest", old, kind=AlertKind.DIGEST), now=NOW)
        waiting = [alert("told", new), alert("both", new), alert("digest", new, kind=AlertKind.DIGEST)]
        tx.enqueue(waiting, now=NOW)
        tx.move_chat(OLD, NEW)
    sent: list[Alert] = []
    while claimed := await claim(store):
        sent += claimed
        with store.writing() as tx:
            for each in claimed:
                tx.settle(each, AlertState.SENT, now=NOW)
    assert sorted(each.dedupe_key for each in sent) == ["both", "digest", "mine"]
    digest = next(each for each in sent if each.kind is AlertKind.DIGEST)
    with store.reading() as tx:
        assert [each.dedupe_key for each in tx.digest_alerts(digest.id)] == ["folded"]


async def test_evidence_survives_with_its_marks(store: Store) -> None:
    story_id = await save_story(store, "a-1")
    with store.reading() as tx:
        view = tx.story(story_id)
    assert view is not None
    assert list(view.matches.values()) == [(match(),)]
