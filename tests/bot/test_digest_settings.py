"""/digest, /quiet and the end of a pause, as people use them in the chat."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from monitor.pipeline.dedupe_keys import first_key
from monitor.store.tables import alerts
from monitor.types import Address, AlertKind, AlertState, Chat, NewAlert, WatchId
from tests.bot.house import CHIEF, GROUP, MEMBER, MORNING, READER, House
from tests.bot_api import Shown


def chat(house: House, who: int = READER) -> Chat:
    with house.store.reading() as tx:
        found = tx.chat(Address(who))
    assert found is not None
    return found


def waiting(house: House, number: int) -> None:
    for n in range(number):
        story = house.story(f"Ông Putin thăm nhà máy số {n}", key=f"k{n}")
        row = NewAlert(Address(READER), AlertKind.ALERT, first_key(story), story, watch_ids=(WatchId("putin"),))
        with house.store.writing() as tx:
            tx.enqueue([row], now=house.clock.now)


def kinds(house: House) -> list[tuple[str, str]]:
    with house.store.reading() as tx:
        return [(row.kind, row.state) for row in tx._rows(select(alerts).order_by(alerts.c.id))]


async def english(house: House) -> None:
    await house.ask("/lang en")


def ticked(shown: Shown) -> list[str]:
    return [label.removeprefix("✅ ") for label in shown.labels() if label.startswith("✅")]


async def test_digest_hours_are_set_by_a_line_and_shown_with_the_next_one(house: House) -> None:
    async with house.serving():
        await english(house)
        page = await house.ask("/digest 18h và 7h")
        assert "at 07:00, 18:00 (Asia/Ho_Chi_Minh)" in page.text
        assert "The next digest: 18:00 23/08" in page.text
        assert ticked(page) == ["07:00", "18:00"]
        assert chat(house).preferences.digest_hours == ("07:00", "18:00")
        assert chat(house).gather_until == MORNING + timedelta(hours=10)


async def test_hours_are_switched_by_buttons_also_after_a_restart(house: House) -> None:
    async with house.serving():
        await english(house)
        page = await house.ask("/bantin")
        await house.press(page, "07:00")
        await house.press(house.again(page), "18:00")
        assert ticked(house.again(page)) == ["07:00", "18:00"]
        await house.press(house.again(page), "07:00")
        assert chat(house).preferences.digest_hours == ("18:00",)
    async with house.serving():  # after a restart
        await house.press(house.again(page), "One by one")
        assert chat(house).preferences.digest_hours == ()
        assert chat(house).gather_from is None


async def test_hours_of_ones_own_stand_among_the_buttons(house: House) -> None:
    async with house.serving():
        page = await house.ask("/digest 6h45")
        assert ticked(page) == ["06:45"]


@pytest.mark.parametrize("text", ["25:00", "khi rảnh", "-", " ".join(f"{hour}:00" for hour in range(13))])
async def test_hours_that_are_none_get_an_example(house: House, text: str) -> None:
    async with house.serving():
        await english(house)
        assert "/digest 07:00 18:00" in (await house.ask(f"/digest {text}")).text
        assert chat(house).preferences.digest_hours == ()


async def test_digest_now_tells_what_waits_and_says_when_nothing_does(house: House) -> None:
    async with house.serving():
        await english(house)
        await house.ask("/digest 18:00")
        assert "Nothing waits" in (await house.ask("/digest now")).text
        waiting(house, 2)
        assert "2 stories come now" in (await house.ask("/digest now")).text
        assert kinds(house) == [("alert", "skipped"), ("alert", "skipped"), ("digest", "pending")]
        assert chat(house).gather_until == MORNING + timedelta(hours=10), "and the hour stays"


async def test_when_digests_end_what_waits_comes_as_one(house: House) -> None:
    async with house.serving():
        await house.ask("/digest 18:00")
        waiting(house, 2)
        await house.ask("/digest tắt")
        assert kinds(house)[-1] == ("digest", "pending")


@pytest.mark.parametrize("text", ["22:00-06:30", "22h-6h30", "22:00 đến 6:30", "22 giờ tới 6 giờ 30"])
async def test_quiet_hours_are_understood_as_people_type_them(house: House, text: str) -> None:
    async with house.serving():
        await english(house)
        page = await house.ask(f"/quiet {text}")
        assert "From 22:00 until 06:30" in page.text
        assert ticked(page) == ["22:00–06:30"]
        found = chat(house)
        assert found.preferences.quiet == ("22:00", "06:30")
        assert (found.gather_from, found.gather_until) == (
            MORNING + timedelta(hours=14),
            MORNING + timedelta(hours=22, minutes=30),
        )


@pytest.mark.parametrize("text", ["22:00", "22:00-22:00", "ban đêm", "25h-6h"])
async def test_quiet_hours_that_are_none_get_an_example(house: House, text: str) -> None:
    async with house.serving():
        await english(house)
        assert "/quiet 22:00-06:30" in (await house.ask(f"/gioyen {text}")).text
        assert chat(house).preferences.quiet is None


async def test_quiet_hours_are_set_and_ended_by_buttons(house: House) -> None:
    async with house.serving():
        await english(house)
        page = await house.ask("/quiet")
        await house.press(page, "23:00–06:00")
        assert chat(house).preferences.quiet == ("23:00", "06:00")
        await house.press(house.again(page), "No quiet hours")
        assert chat(house).preferences.quiet is None


async def test_in_a_group_only_administrators_set_hours(house: House) -> None:
    async with house.serving():
        await house.ask("/digest 18:00", GROUP, user=CHIEF)
        await house.ask("/digest 07:00", GROUP, user=MEMBER)
        page = await house.ask("/quiet 22-6", GROUP, user=CHIEF)
        await house.press(page, "22:00–07:00", user=MEMBER)
        found = chat(house, GROUP).preferences
        assert (found.digest_hours, found.quiet) == (("18:00",), ("22:00", "06:00"))


async def test_resume_gives_what_was_missed_as_one_digest(house: House) -> None:
    async with house.serving():
        await english(house)
        await house.ask("/pause")
        waiting(house, 3)
        assert "3 stories were missed" in (await house.ask("/resume")).text
        assert [kind for kind, _ in kinds(house)] == ["alert"] * 3 + ["digest"]
        assert "missed" not in (await house.ask("/resume")).text


@pytest.mark.parametrize("length", ["-2h", "0", "0h", "mai", "2 parsec"])
async def test_a_pause_that_is_none_gets_an_example(house: House, length: str) -> None:
    async with house.serving():
        await english(house)
        assert "/pause 2h" in (await house.ask(f"/pause {length}")).text
        assert chat(house).paused_until is None


async def test_a_pause_ends_when_its_gathering_does(house: House) -> None:
    async with house.serving():
        await house.ask("/pause 2h")
        assert chat(house).gather_until == MORNING + timedelta(hours=2)


async def test_why_in_reply_to_a_digest_says_so_of_each_story(house: House) -> None:
    async with house.serving():
        await english(house)
        await house.ask("/digest 18:00")
        waiting(house, 2)
        sent = await house.ask("/digest now")  # any message of the bot's stands for that of the digest
        with house.store.writing() as tx:
            (claimed,) = tx.claim_alerts(now=house.clock.now, lease=timedelta(minutes=1), limit=1)
            tx.settle(claimed, AlertState.SENT, now=house.clock.now, message_id=sent.message_id)
        why = (await house.ask("/why", reply_to=sent.message_id)).text
        assert all(f"nhà máy số {n}" in why for n in range(2))
