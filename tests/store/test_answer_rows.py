"""Answers among the rows of the outbox: which may go at once, which wait, and that they are no news."""

from dataclasses import replace

from monitor.store.answer_rows import MOST_OF_CHAT, MOST_OF_STRANGER, MOST_OF_STRANGERS
from monitor.store.transaction import Store
from monitor.types import Address, AlertKind, AlertState, ChatState, DedupeKey, NewAlert
from tests.store_samples import AN, BINH, MINUTE, NOW, SECOND, alert, chat, claim, claimed_keys, enqueue

REST = NOW + SECOND


def answer(key: str, address: Address = AN, html: str = "Chào bạn", edits: int | None = None) -> NewAlert:
    return NewAlert(address, AlertKind.ANSWER, DedupeKey(key), payload={"html": html, "edits": edits})


def may_go(store: Store, address: Address = AN) -> bool:
    with store.reading() as tx:
        return tx.may_answer(address.chat_id, now=NOW)


def kept(store: Store, *answers: NewAlert) -> list[bool]:
    with store.writing() as tx:
        return [tx.keep_answer(each, now=NOW) for each in answers]


async def test_an_answer_goes_at_once_unless_its_chat_rests(store: Store) -> None:
    await enqueue(store, alert("news"))
    assert may_go(store)
    with store.writing() as tx:
        tx.hold_chat(AN.chat_id, REST)
    assert not may_go(store)
    assert may_go(store, BINH)


async def test_an_answer_does_not_go_beside_a_message_that_is_on_its_way(store: Store) -> None:
    await enqueue(store, alert("news"))
    (news,) = await claim(store)
    assert not may_go(store)
    with store.writing() as tx:
        tx.settle(news, AlertState.SENT, now=NOW, message_id=1)
    assert may_go(store)


async def test_an_answer_does_not_pass_one_that_waits(store: Store) -> None:
    kept(store, answer("first"))
    assert not may_go(store)
    assert may_go(store, BINH)


async def test_an_answer_that_waits_goes_before_the_news_of_its_chat(store: Store) -> None:
    await enqueue(store, alert("news"), alert("more"))
    kept(store, answer("answer"))
    assert await claimed_keys(store) == ["answer"]


async def test_a_paused_chat_gets_its_answers_and_notices_and_no_news(store: Store) -> None:
    with store.writing() as tx:
        tx.save_chat(replace(chat(AN), state=ChatState.PAUSED, paused_until=NOW + MINUTE))
    await enqueue(store, alert("news"), alert("notice", kind=AlertKind.NOTICE))
    with store.reading() as tx:
        assert tx.next_alert_at() == NOW
    kept(store, answer("answer"))
    for key in ("notice", "answer"):
        (claimed,) = await claim(store)
        assert claimed.dedupe_key == key
        with store.writing() as tx:
            tx.settle(claimed, AlertState.SENT, now=NOW, message_id=1)
    assert await claim(store) == []
    with store.reading() as tx:
        assert tx.next_alert_at() == NOW + MINUTE


async def test_of_a_message_that_is_to_be_edited_twice_only_the_last_look_counts(store: Store) -> None:
    assert kept(store, answer("edit:7", html="Trang 1", edits=7), answer("edit:7", html="Trang 2", edits=7)) == [
        True,
        True,
    ]
    (claimed,) = await claim(store)
    assert claimed.payload == {"html": "Trang 2", "edits": 7}
    kept(store, answer("edit:7", html="Trang 3", edits=7))  # while the second is on its way
    with store.writing() as tx:
        tx.settle(claimed, AlertState.SENT, now=NOW, message_id=7)
    (claimed,) = await claim(store)
    assert claimed.payload == {"html": "Trang 3", "edits": 7}
    with store.writing() as tx:
        tx.settle(claimed, AlertState.SENT, now=NOW, message_id=7)
    assert await claim(store) == []
    kept(store, answer("edit:7", html="Trang 1", edits=7))
    (claimed,) = await claim(store)
    assert (claimed.payload, claimed.attempts) == ({"html": "Trang 1", "edits": 7}, 1)


async def test_the_same_answer_to_the_same_question_is_kept_once(store: Store) -> None:
    assert kept(store, answer("1"), answer("1")) == [True, True]
    (claimed,) = await claim(store)
    with store.writing() as tx:
        tx.settle(claimed, AlertState.SENT, now=NOW, message_id=7)
    kept(store, answer("1"))  # its update came again after a crash
    assert await claim(store) == []


async def test_an_alert_whose_buttons_an_answer_changed_is_found_by_its_message(store: Store) -> None:
    await enqueue(store, alert("news"))
    (news,) = await claim(store)
    with store.writing() as tx:
        tx.settle(news, AlertState.SENT, now=NOW, message_id=7)
    kept(store, answer("edit:7", html="", edits=7))
    (change,) = await claim(store)
    with store.writing() as tx:
        tx.settle(change, AlertState.SENT, now=NOW, message_id=7)
        found = tx.alert_by_message(AN, 7)
    assert found is not None
    assert found.dedupe_key == "news"


async def test_no_chat_fills_the_outbox_with_answers(store: Store) -> None:
    with store.writing() as tx:
        tx.save_chat(chat(AN))
    assert kept(store, *(answer(f"{n}") for n in range(100))).count(True) == MOST_OF_CHAT
    assert kept(store, *(answer(f"{n}", BINH) for n in range(100))).count(True) == MOST_OF_STRANGER


async def test_nor_do_many_strangers_together(store: Store) -> None:
    crowd = [answer(f"{n}", Address(10_000 + n)) for n in range(MOST_OF_STRANGERS + 50)]
    assert kept(store, *crowd).count(True) == MOST_OF_STRANGERS
    with store.writing() as tx:
        tx.save_chat(chat(AN))
    assert kept(store, answer("known")) == [True]


async def test_a_flood_wait_is_told_apart_from_the_rest_after_a_message(store: Store) -> None:
    with store.writing() as tx:
        tx.hold_chat(AN.chat_id, REST)
        assert (tx.held_until(AN.chat_id), tx.flooded_until(AN.chat_id)) == (REST, None)
        tx.hold_chat(AN.chat_id, NOW + MINUTE, flooded=True)
        tx.hold_chat(AN.chat_id, REST)
        tx.hold_chat(AN.chat_id, NOW + 2 * MINUTE)
        tx.hold_chat(AN.chat_id, NOW + MINUTE / 2, flooded=True)
    with store.reading() as tx:
        assert (tx.held_until(AN.chat_id), tx.flooded_until(AN.chat_id)) == (NOW + 2 * MINUTE, NOW + MINUTE)


async def test_a_flood_wait_moves_with_its_group_and_with_the_clock(store: Store) -> None:
    with store.writing() as tx:
        tx.hold_chat(-5, NOW + MINUTE, flooded=True)
        tx.move_chat(-5, -1005)
        assert (tx.flooded_until(-5), tx.flooded_until(-1005)) == (None, NOW + MINUTE)
        tx.turn_back(MINUTE / 2, now=NOW - MINUTE / 2)
        assert tx.flooded_until(-1005) == NOW + MINUTE / 2
