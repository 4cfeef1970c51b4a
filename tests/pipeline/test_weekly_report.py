"""The weekly report comes once a week at the chat's own hour, also where clocks are turned and when it is late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from monitor.pipeline.pictures import spec_of
from monitor.pipeline.weekly_report import SendReports
from monitor.store.tables import alerts
from monitor.store.tables import chats as chat_rows
from monitor.store.transaction import Store
from monitor.types import Address, Chat, ChatKind, ChatState, PictureKind, Preferences
from tests.flow import FakeClock

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 8, 24, 0, tzinfo=UTC)  # seven o'clock in Vietnam


def seat(
    store: Store, number: int, report_at: datetime | None, *, zone: str = "", state: ChatState = ChatState.ACTIVE
) -> None:
    with store.writing() as tx:
        preferences = Preferences(weekly_report=True, zone=zone)
        tx.save_chat(Chat(Address(number), ChatKind.PRIVATE, state=state, preferences=preferences))
        tx._change(update(chat_rows).where(chat_rows.c.chat_id == number).values(report_at=report_at))


async def sent(store: Store, clock: FakeClock) -> list[int]:
    reports = SendReports(store, clock=clock, zone=ZONE)
    due = await reports.claim(limit=10)
    for each in due:
        await reports.send(each)
    for each in due:  # a second process had claimed them, too
        await reports.send(each)
    with store.reading() as tx:
        return [row.chat_id for row in tx._rows(select(alerts).order_by(alerts.c.id))]


def next_report(store: Store, number: int) -> datetime:
    with store.reading() as tx:
        (row,) = tx._rows(select(chat_rows.c.report_at).where(chat_rows.c.chat_id == number))
    assert isinstance(row.report_at, datetime)
    return row.report_at


async def test_a_report_is_sent_when_it_is_due_and_a_week_later_again(store: Store) -> None:
    seat(store, 1, MONDAY)
    seat(store, 2, MONDAY + timedelta(hours=1))
    seat(store, 3, None)
    seat(store, 4, MONDAY, state=ChatState.PAUSED)
    clock = FakeClock(MONDAY + timedelta(seconds=20))
    assert await sent(store, clock) == [1]
    assert await sent(store, clock) == [1]
    clock.turn(timedelta(days=7))
    assert await sent(store, clock) == [1, 2, 1]
    with store.reading() as tx:
        rows = tx._rows(select(alerts.c.payload).where(alerts.c.chat_id == 1).order_by(alerts.c.id))
    specs = [spec_of(row.payload["picture"]) for row in rows]
    assert [(spec.kind, spec.until) for spec in specs] == [
        (PictureKind.WEEK, MONDAY.date() - timedelta(days=1)),
        (PictureKind.WEEK, MONDAY.date() + timedelta(days=6)),
    ]


async def test_after_a_long_stop_it_is_told_once_and_not_for_each_week(store: Store) -> None:
    seat(store, 1, MONDAY)
    assert await sent(store, FakeClock(MONDAY + timedelta(days=23))) == [1]
    assert next_report(store, 1) == MONDAY + timedelta(days=28)


@pytest.mark.parametrize(
    ("due", "following", "hours_more"),
    [
        (datetime(2026, 10, 19, 7, tzinfo=PARIS), datetime(2026, 10, 26, 7, tzinfo=PARIS), 1),
        (datetime(2026, 3, 23, 7, tzinfo=PARIS), datetime(2026, 3, 30, 7, tzinfo=PARIS), -1),
    ],
)
async def test_the_next_one_is_by_the_clocks_of_the_chat(
    store: Store, due: datetime, following: datetime, hours_more: int
) -> None:
    seat(store, 1, due, zone="Europe/Paris")
    assert await sent(store, FakeClock(due.astimezone(UTC))) == [1]
    assert next_report(store, 1) == following
    assert next_report(store, 1) - due.astimezone(UTC) == timedelta(days=7, hours=hours_more)


async def test_who_wants_no_more_of_them_gets_none_after_this_one(store: Store) -> None:
    seat(store, 1, MONDAY)
    with store.writing() as tx:
        chat = tx.chat(Address(1))
        assert chat is not None
        tx.save_chat(replace(chat, preferences=Preferences()))
    clock = FakeClock(MONDAY)
    assert await sent(store, clock) == [1]
    clock.turn(timedelta(days=8))
    assert await sent(store, clock) == [1]


@pytest.mark.parametrize("zone", ["Moon/Sea", "../etc", "Asia"])
async def test_a_zone_that_is_not_known_is_that_of_the_installation(store: Store, zone: str) -> None:
    seat(store, 1, MONDAY, zone=zone)
    assert await sent(store, FakeClock(MONDAY)) == [1]
    assert next_report(store, 1) == MONDAY + timedelta(days=7)
