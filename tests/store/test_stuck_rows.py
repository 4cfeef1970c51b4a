"""What waits for a person is ended by one: in the bot, on the command line, in both databases."""

from dataclasses import replace

import pytest
import telegram

from monitor.store.transaction import Store
from monitor.types import AlertState, ChatState
from tests.bot.house import EDITOR, READER, House, house
from tests.cli.test_feeds_status import alerts, fill, on, parked
from tests.command_line import CommandLine
from tests.store_samples import DAY, MINUTE, NOW, alert, chat, claim, enqueue, row

__all__ = ["house", "on"]
BOTH = (parked, alerts(AlertState.UNCERTAIN))


async def stuck(store: Store) -> None:
    """One parked item and one uncertain alert."""
    await parked(store)
    await alerts(AlertState.UNCERTAIN)(store)


async def waiting(store: Store) -> tuple[int, int]:
    """How many items wait for detection, and alerts to be sent."""
    with store.reading() as tx:
        return len(tx.unmatched_items(limit=10)), (tx.outbox_counts())[AlertState.PENDING]


async def left(store: Store) -> tuple[int, int]:
    with store.reading() as tx:
        return len(tx.parked_items()), len(tx.stuck_alerts())


# ---------------------------------------------------------------- the rows


async def test_what_is_tried_again_waits_like_new(store: Store) -> None:
    await stuck(store)
    with store.writing() as tx:
        (item,), (row_,) = tx.parked_items(), tx.stuck_alerts()
        assert tx.end_stuck(f"item:{item.item_id}", again=True, now=NOW) == 1
        assert tx.end_stuck(f"item:{item.item_id}", again=True, now=NOW) == 0, "a repeated press"
        assert tx.end_stuck(f"alert:{row_.alert_id}", again=True, now=NOW) == 1
    assert await waiting(store) == (1, 1)
    (again,) = await claim(store)
    assert again.attempts == 1, "two more tries, as of a new one"
    with store.writing() as tx:
        assert not tx.note_failure(item.item_id, "again", park_after=3, now=NOW)


async def test_what_is_dropped_is_never_looked_at_again(store: Store) -> None:
    await stuck(store)
    with store.writing() as tx:
        assert tx.end_stuck("all", again=False, now=NOW) == 2
    assert (await waiting(store), await left(store)) == ((0, 0), (0, 0))
    assert (await row(store, 1)).state is AlertState.SKIPPED


async def test_what_was_refused_lately_is_tried_again_by_its_number_alone(store: Store) -> None:
    await alerts(AlertState.REFUSED)(store)
    with store.writing() as tx:
        [refused] = tx.refused_alerts(since=NOW - DAY)
        assert tx.refused_alerts(since=refused.since + MINUTE) == []
        assert tx.end_stuck("all", again=True, now=NOW) == 0
        assert tx.end_stuck(f"alert:{refused.alert_id}", again=True, now=NOW) == 1
        assert tx.refused_alerts(since=NOW - DAY) == []
    assert await waiting(store) == (0, 1)


@pytest.mark.parametrize("name", ["", "item", "item:", "item:x", "item:٣", "story:1", "alert:" + "9" * 30, "ALL"])
async def test_other_names_touch_nothing(store: Store, name: str) -> None:
    await stuck(store)
    with pytest.raises(ValueError, match="neither item:NUMBER"), store.writing() as tx:
        tx.end_stuck(name, again=False, now=NOW)
    assert await left(store) == (1, 1)


# ---------------------------------------------------------------- the command line


def test_status_is_well_again_after_what_it_named_was_ended(on: tuple[CommandLine, str]) -> None:
    monitor, url = on
    fill(url, *BOTH)
    ended = monitor("status")
    assert ended.code == 1
    assert "parked: item:1 «" in ended.out
    assert "uncertain: alert:1 to chat 101 «" in ended.out
    ended = monitor("status", "--drop", "item:1")
    assert (ended.code, "item:1: 1 dropped" in ended.err) == (1, True)
    ended = monitor("status", "--again", "alert:1")
    assert (ended.code, "alert:1: 1 to be tried again" in ended.err) == (0, True)


def test_a_name_that_is_none_is_told_with_code_2(on: tuple[CommandLine, str]) -> None:
    monitor, url = on
    fill(url, *BOTH)
    ended = monitor("status", "--drop", "everything")
    assert (ended.code, ended.out) == (2, "")
    assert "--drop" in ended.err
    assert "item:NUMBER" in ended.err


# ---------------------------------------------------------------- the bot


async def test_an_admin_ends_them_by_buttons(house: House) -> None:
    assert isinstance(house.store, Store)
    await stuck(house.store)
    async with house.serving(admins=[EDITOR]):
        shown = await house.ask("/stuck", EDITOR)
        assert "item:1" in shown.text
        assert "alert:1 → 101" in shown.text
        assert shown.labels() == ["🔁 tất cả", "🗑 tất cả", "🔁 item:1", "🗑 item:1", "🔁 alert:1", "🗑 alert:1"]
        assert "1" in await house.press(shown, "🗑 item:1", user=EDITOR)
        assert house.again(shown).labels() == ["🔁 alert:1", "🗑 alert:1"]
        await house.press(house.again(shown), "🔁 alert:1", user=EDITOR)
        assert house.again(shown).text == "Không có gì mắc kẹt."
        await house.ask("/lang en", EDITOR)
        log = (await house.ask("/changes", EDITOR)).text.splitlines()
    assert [line.partition(": ")[2] for line in log] == ["tried again: alert:1", "given up: item:1"]
    assert await waiting(house.store) == (0, 1)


async def test_an_admin_ends_them_by_words(house: House) -> None:
    assert isinstance(house.store, Store)
    await stuck(house.store)
    async with house.serving(admins=[EDITOR]):
        assert "/macket" in (await house.ask("/stuck drop everything", EDITOR)).text
        assert "2" in (await house.ask("/macket drop all", EDITOR)).text
    assert await left(house.store) == (0, 0)


async def test_a_forged_press_of_a_reader_ends_nothing(house: House) -> None:
    assert isinstance(house.store, Store)
    await stuck(house.store)
    async with house.serving(admins=[EDITOR]):
        await house.ask("/start")
        button = telegram.InlineKeyboardButton("?", callback_data="stuck:drop:all")
        forged = await house.bot.send_message(
            READER, "x", reply_markup=telegram.InlineKeyboardMarkup.from_button(button)
        )
        house.api.press(READER, forged.message_id, "stuck:drop:all")
        await house.settled()
    assert await left(house.store) == (1, 1)


# ---------------------------------------------------------------- when the next alert may go out


async def test_a_pause_puts_off_the_next_alert_until_its_end(store: Store) -> None:
    await enqueue(store, alert("a"))
    with store.writing() as tx:
        tx.save_chat(replace(chat(state=ChatState.PAUSED), paused_until=NOW + DAY))
        assert tx.next_alert_at() == NOW + DAY
        tx.save_chat(replace(chat(state=ChatState.PAUSED), paused_until=None))
        assert tx.next_alert_at() is None
        tx.save_chat(chat())
        tx.hold_chat(chat().address.chat_id, NOW + MINUTE)
        assert tx.next_alert_at() == NOW + MINUTE
