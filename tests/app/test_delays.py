"""How long fresh news took from published to accepted, part by part; and which messages tell nothing of that."""

from datetime import timedelta

import pytest

from monitor.app.observers import MEASURED_WITHIN, REMEMBERED, DelayObserver
from monitor.pipeline.poll import Polled
from monitor.store.transaction import Store
from monitor.types import Bookmark, Feed, Fetched, FetchResult, Item, ItemId, Message, Outcome
from monitor.web import Metrics
from tests.app.test_measures import shown
from tests.fakes_fetcher import FakeFetcher
from tests.fakes_sender import FakeSender
from tests.flow import FEEDS, MORNING, READER, FakeClock, Flow
from tests.pipeline.flow_news import CALL, LEAD, QUAKE

FETCH, SEND = timedelta(seconds=2), timedelta(seconds=1)
MINUTES = timedelta(minutes=5)


class SlowFetcher(FakeFetcher):
    """Takes FETCH for an answer."""

    clock: FakeClock

    async def fetch(self, feed: Feed, bookmark: Bookmark) -> FetchResult:
        self.clock.turn(FETCH)
        return await super().fetch(feed, bookmark)


class SlowPhone(FakeSender):
    """Takes SEND for a message."""

    clock: FakeClock

    async def send(self, message: Message) -> Outcome:
        self.clock.turn(SEND)
        return await super().send(message)


class Watched:
    """A newsroom with one outlet, and an observer of its events."""

    def __init__(self, store: Store) -> None:
        self.clock = FakeClock()
        self.fetcher, phone = SlowFetcher(), SlowPhone()
        self.fetcher.clock = phone.clock = self.clock
        feeds = {FEEDS[0].id: FEEDS[0]}
        self.flow = Flow(store, sender=phone, fetcher=self.fetcher, clock=self.clock, feeds=feeds)
        self.metrics = Metrics("1")
        self.observer = DelayObserver(self.metrics)

    async def poll(self) -> None:
        for polled in await self.flow.poll_due():
            self.observer(polled)

    async def send(self) -> None:
        for delivered in await self.flow.send():
            self.observer(delivered)

    async def tell(self) -> None:
        await self.poll()
        await self.flow.look()
        await self.send()

    @property
    def messages(self) -> float:
        return shown(self.metrics)["monitor_news_delay_seconds_count"]


@pytest.fixture
async def room(store: Store) -> Watched:
    """A reader follows everything, and the feed has had its baseline."""
    room = Watched(store)
    await room.flow.subscribe(READER, "*")
    await room.flow.start()
    room.clock.turn(timedelta(hours=1))
    return room


async def test_the_parts_follow_each_other_from_published_to_accepted(room: Watched) -> None:
    room.fetcher.publish("ben-song", "1", CALL, LEAD, at=room.clock() - MINUTES)
    await room.poll()
    room.clock.turn(timedelta(seconds=3))
    await room.flow.look()
    room.clock.turn(timedelta(seconds=4))
    await room.send()
    numbers = shown(room.metrics)
    parts = {
        part: numbers[f'monitor_news_delay_part_seconds_sum{{part="{part}"}}']
        for part in ("poll", "fetch", "detect", "outbox", "send")
    }
    assert parts == {"poll": 300, "fetch": 2, "detect": 3, "outbox": 4, "send": 1}
    assert numbers["monitor_news_delay_seconds_sum"] == sum(parts.values())


async def test_what_is_said_of_the_date_of_tomorrow_was_published_as_it_was_asked_for(room: Watched) -> None:
    room.fetcher.publish("ben-song", "1", CALL, LEAD, at=room.clock() + MINUTES)
    await room.tell()
    assert room.messages == 1
    assert shown(room.metrics)['monitor_news_delay_part_seconds_sum{part="poll"}'] == 0


async def test_old_news_tells_nothing_of_the_way(room: Watched) -> None:
    room.fetcher.publish("ben-song", "1", CALL, LEAD, at=room.clock() - MEASURED_WITHIN - timedelta(seconds=1))
    await room.tell()
    assert room.flow.phone.new
    assert room.messages == 0


async def test_news_without_a_date_is_left_out(room: Watched) -> None:
    room.fetcher.publish("ben-song", "1", CALL, LEAD)
    await room.tell()
    assert room.flow.phone.new
    assert room.messages == 0


async def test_what_another_process_has_polled_is_left_out(room: Watched) -> None:
    room.fetcher.publish("ben-song", "1", CALL, LEAD, at=room.clock())
    await room.poll()
    room.observer = DelayObserver(room.metrics)
    await room.tell()
    assert room.flow.phone.new
    assert room.messages == 0


async def test_a_headline_that_names_a_watch_only_later_is_left_out(room: Watched) -> None:
    room.fetcher.publish("ben-song", "1", "Bản tin trưa nay", at=room.clock())
    await room.tell()
    room.clock.turn(timedelta(minutes=30))
    room.fetcher.reword("ben-song", "1", QUAKE, LEAD)
    await room.tell()
    assert room.flow.phone.new
    assert room.messages == 0


def test_no_more_is_remembered_than_may_still_ring() -> None:
    observer = DelayObserver(Metrics("1"))
    for number in range(REMEMBERED + 3):
        item = Item(ItemId(str(number)), "Bến Sông", CALL, published_at=MORNING)
        observer(Polled(FEEDS[0], Fetched((), Bookmark()), (item,), asked_at=MORNING))
    assert list(observer._read)[:1] == ["3"]
    assert len(observer._read) == REMEMBERED
