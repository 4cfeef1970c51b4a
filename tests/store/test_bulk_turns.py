"""What very many are told is sent after what few are told, and no chat sees its messages in another order for it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.store.transaction import Store, Transaction
from monitor.types import Address, AlertKind, AlertState, Backlog, ChatState, NewAlert, Priority
from tests.store_samples import MINUTE, NOW, alert, chat, claim, enqueue, save_story

READER, OTHER, THIRD = Address(1), Address(2), Address(3)
ALL = 100


def urgent(key: str, address: Address) -> NewAlert:
    return replace(alert(key, address), priority=Priority.HIGH)


async def mass(store: Store, *new: NewAlert) -> None:
    await store.write(Transaction.enqueue, new, now=NOW, in_bulk=True)


async def keys(store: Store, *, limit: int = ALL) -> list[str]:
    """What is claimed, in order."""
    return [each.dedupe_key for each in await claim(store, limit=limit)]


async def test_what_few_are_told_goes_first_and_news_before_edits(store: Store) -> None:
    story = await save_story(store, "bai")
    await mass(
        store,
        alert("chung", READER),
        urgent("chung-gap", OTHER),
        alert("sua", THIRD, kind=AlertKind.EDIT, story=story),
    )
    await enqueue(store, alert("rieng", Address(4)), alert("rieng-sua", Address(5), kind=AlertKind.EDIT, story=story))
    due = await store.read(Transaction.due_chats, now=NOW, limit=ALL)
    assert due == [4, 5, 2, 1, 3]
    assert await store.read(Transaction.due_chats, now=NOW, limit=3) == due[:3]
    assert await keys(store) == ["rieng", "rieng-sua", "chung-gap", "chung", "sua"]
    assert await keys(store) == []


async def test_a_chat_that_waits_for_something_of_its_own_gets_all_in_its_order_at_once(store: Store) -> None:
    await mass(store, *(alert("chung", Address(number)) for number in range(1, 10)))
    await enqueue(store, alert("rieng", Address(9)))
    (first,) = await claim(store, limit=1)
    assert (first.address, first.dedupe_key) == (Address(9), "chung"), "before eight others, and before its own"
    await store.write(Transaction.settle, first, AlertState.SENT, now=NOW, message_id=1)
    (second,) = await claim(store, limit=1)
    assert (second.address, second.dedupe_key) == (Address(9), "rieng")


async def test_news_to_all_keeps_its_order_in_a_chat_and_between_chats(store: Store) -> None:
    for key in ("mot", "hai"):
        await mass(store, *(alert(key, address) for address in (READER, OTHER)))
    claimed = await claim(store, limit=ALL)
    assert [(each.address, each.dedupe_key) for each in claimed] == [(READER, "mot"), (OTHER, "mot")]
    assert await keys(store) == [], "while one is on its way"
    await store.write(Transaction.settle, claimed[1], AlertState.SENT, now=NOW, message_id=1)
    assert await keys(store) == ["hai"]


async def test_of_the_topics_of_one_chat_one_has_its_turn(store: Store) -> None:
    await mass(store, alert("chung", Address(1, 5)), alert("chung", Address(1, 7)), alert("chung", OTHER))
    assert [each.address for each in await claim(store, limit=ALL)] == [Address(1, 5), OTHER]


async def test_an_edit_to_all_waits_for_its_own_story_alone(store: Store) -> None:
    stories = [await save_story(store, key) for key in ("mot", "hai")]
    await mass(store, alert("tin", READER, story=stories[0]))
    await mass(store, *(alert(f"sua-{each}", READER, kind=AlertKind.EDIT, story=each) for each in stories))
    assert await keys(store) == ["tin"]
    assert await keys(store) == [f"sua-{stories[1]}"]


@pytest.mark.parametrize("state", [ChatState.PAUSED, ChatState.BLOCKED, ChatState.BARRED])
async def test_silent_chats_get_nothing_of_it_and_hold_up_nobody(store: Store, state: ChatState) -> None:
    with store.writing() as tx:
        tx.save_chat(chat(READER, state=state))
        tx.save_chat(replace(chat(OTHER), gather_from=NOW - MINUTE, gather_until=NOW + MINUTE))
        tx.hold_chat(3, NOW + MINUTE)
    await mass(store, *(alert("chung", Address(number)) for number in (1, 2, 3, 4)))
    await mass(store, urgent("gap", OTHER))
    assert await keys(store) == ["gap", "chung"]


async def test_a_hundred_thousand_such_alerts_stop_no_detection_and_make_nothing_late(store: Store) -> None:
    await mass(store, alert("chung", READER), alert("chung", OTHER))
    with store.reading() as tx:
        backlog = tx.backlog(now=NOW + MINUTE)
    assert backlog == Backlog(2, None, 0, 1, in_bulk=2)
    assert backlog.told_to_few == 0
    await enqueue(store, alert("rieng", READER), now=NOW + timedelta(seconds=1))
    with store.reading() as tx:
        backlog = tx.backlog(now=NOW + MINUTE)
    assert (backlog.told_to_few, backlog.since) == (1, NOW + timedelta(seconds=1))


async def test_an_edit_that_had_ended_wakes_as_what_it_is_now(store: Store) -> None:
    story = await save_story(store, "bai")
    edit = alert("sua", READER, kind=AlertKind.EDIT, story=story)
    await mass(store, edit)
    await enqueue(store, edit)
    with store.reading() as tx:
        assert tx.backlog(now=NOW).in_bulk == 1, "it waits where it waited"
    (claimed,) = await claim(store, limit=1)
    await store.write(Transaction.settle, claimed, AlertState.SENT, now=NOW)
    await enqueue(store, edit)
    with store.reading() as tx:
        assert tx.backlog(now=NOW) == Backlog(1, NOW, 0, 1)
