"""Spikes and silences are told once, to chats that follow the watch, and of outlets to administrators."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from monitor.pipeline.unusual import SETTLED_AFTER, WatchRhythms
from monitor.store.detection_rows import Detection
from monitor.store.tables import alerts
from monitor.store.transaction import Store
from monitor.types import (
    Address,
    Chat,
    ChatKind,
    ChatState,
    Event,
    Leader,
    Placement,
    Preferences,
    Role,
    Target,
    Watch,
    WatchId,
)
from tests.flow import FakeClock
from tests.store_samples import NOW, draft, match

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOUR = NOW.replace(minute=0)
PUTIN, STORM = WatchId("putin"), WatchId("bao")
WATCHES: dict[WatchId, Watch] = {
    PUTIN: Leader(PUTIN, "Vladimir Putin", tags=("nga",)),
    STORM: Event(STORM, "Bão, áp thấp nhiệt đới"),
}
ADMIN = 9001


def publish(store: Store, *hours_ago: float, watch: str = "", outlet: str = "Bến Sông", count: int = 1) -> None:
    new = []
    for ago in hours_ago:
        at = HOUR - timedelta(hours=ago - 0.5)
        for number in range(count):
            key = f"{watch or outlet}-{ago}-{number}"
            new.append(replace(draft(key, title=f"Tin {key}", published_at=at, seen_at=at), outlet=outlet))
    found = [match(watch)] if watch else []
    with store.writing() as tx:
        items = tx.add_items(new)
        opened = tx.reserve_stories(len(items))
        placed = Placement(None, Role.NEW)
        detections = [Detection(item, found, placed, story) for item, story in zip(items, opened, strict=True)]
        tx.save_detections(detections, version="v", now=NOW)


def seat(store: Store, number: int, *targets: str, lang: str = "en", state: ChatState = ChatState.ACTIVE) -> Address:
    address = Address(number)
    with store.writing() as tx:
        tx.save_chat(Chat(address, ChatKind.PRIVATE, lang=lang, state=state))
        for target in targets:
            tx.follow(address, Target(target), now=NOW)
    return address


def months(store: Store) -> None:
    """News of anything, every three hours, for five weeks."""
    publish(store, *range(1, 36 * 24, 3))


async def looked(store: Store, clock: FakeClock | None = None, *, watches: dict[WatchId, Watch] = WATCHES) -> None:
    clock = clock or FakeClock(HOUR - SETTLED_AFTER)
    rhythms = WatchRhythms(store, watches=lambda: watches, clock=clock, zone=ZONE, admins=[ADMIN])
    assert await rhythms.claim(limit=1) == [], "what came meanwhile is still coming in"
    clock.turn(SETTLED_AFTER)
    for hour in await rhythms.claim(limit=1):
        await rhythms.tell(hour)
    assert await rhythms.claim(limit=1) == [], "once an hour"


def rung(store: Store) -> list[tuple[int, str]]:
    with store.reading() as tx:
        return [(row.chat_id, row.text) for row in tx._rows(select(alerts).order_by(alerts.c.chat_id, alerts.c.id))]


def chats(store: Store) -> Sequence[int]:
    return [chat for chat, _ in rung(store)]


async def test_a_spike_is_told_once_to_those_who_follow_the_watch_and_want_to_hear(store: Store) -> None:
    months(store)
    publish(store, 20 * 24, watch="putin")
    publish(store, 2, watch="putin", count=9)
    seat(store, 1, "putin")
    seat(store, 2, "#nga", lang="vi")
    seat(store, 3, "bao")
    seat(store, 4, "putin", state=ChatState.PAUSED)
    unwilling = Chat(Address(5), ChatKind.PRIVATE, preferences=Preferences(spikes=False))
    with store.writing() as tx:
        tx.save_chat(unwilling)
        tx.follow(unwilling.address, Target("*"), now=NOW)
    await looked(store)
    assert chats(store) == [1, 2]
    text = rung(store)[0][1]
    assert "Vladimir Putin: 9 articles in the last 6 hours" in text
    assert "usually none" in text
    assert "/trend putin" in text
    assert "Tin putin-2-0\nhttps://ben-song.example/putin-2-0.html" in text
    await looked(store)
    await looked(store, FakeClock(HOUR + timedelta(hours=3) - SETTLED_AFTER))
    assert chats(store) == [1, 2]


async def test_a_watch_without_history_is_left_alone(store: Store) -> None:
    months(store)
    publish(store, 2, watch="putin", count=9)
    seat(store, 1, "putin")
    await looked(store)
    assert rung(store) == []


async def test_a_watch_that_nobody_has_any_more_is_not_looked_at(store: Store) -> None:
    months(store)
    publish(store, 20 * 24, watch="putin")
    publish(store, 2, watch="putin", count=9)
    seat(store, 1, "*")
    await looked(store, watches={STORM: WATCHES[STORM]})
    assert rung(store) == []


async def test_in_quiet_hours_it_waits_for_their_end(store: Store) -> None:
    months(store)
    publish(store, 20 * 24, watch="putin")
    publish(store, 2, watch="putin", count=9)
    address = seat(store, 1, "putin")
    ends = HOUR + timedelta(hours=5)
    with store.writing() as tx:
        known = tx.chat(address)
        assert known is not None
        tx.save_chat(replace(known, gather_from=HOUR - timedelta(hours=1), gather_until=ends))
    await looked(store)
    with store.reading() as tx:
        (row,) = tx._rows(select(alerts))
    assert row.next_try_at == ends


async def test_a_daily_watch_that_has_gone_quiet_is_told_once(store: Store) -> None:
    months(store)
    publish(store, *(day * 24 + part for day in range(2, 34) for part in (1, 6, 11)), watch="putin")
    seat(store, 1, "putin")
    await looked(store)
    await looked(store, FakeClock(HOUR + timedelta(hours=1) - SETTLED_AFTER))
    ((chat, text),) = rung(store)
    assert chat == 1
    assert "Vladimir Putin: no article since 11:00 21/08" in text


async def test_an_event_that_is_over_is_no_silence(store: Store) -> None:
    months(store)
    publish(store, *(day * 24 + part for day in range(2, 34) for part in (1, 6, 11)), watch="bao")
    seat(store, 1, "bao")
    await looked(store)
    assert rung(store) == []


async def test_of_a_newspaper_that_has_gone_quiet_administrators_hear_once(store: Store) -> None:
    months(store)
    publish(store, *range(40, 34 * 24, 2), outlet="Sao Mai")
    seat(store, 1, "*")
    seat(store, ADMIN)
    await looked(store)
    await looked(store, FakeClock(HOUR + timedelta(hours=1) - SETTLED_AFTER))
    ((chat, text),) = rung(store)
    assert chat == ADMIN
    assert "Sao Mai: no new article since" in text
