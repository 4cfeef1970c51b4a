"""A day for ten subscribers with digests: each alert told once, each digest in its minute, whatever dies meanwhile."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete

from monitor.pipeline.dedupe_keys import first_key
from monitor.pipeline.digest import prefer
from monitor.pipeline.pace import Pace
from monitor.store.tables import metadata
from monitor.store.transaction import Store
from monitor.types import (
    Address,
    AlertKind,
    Chat,
    ChatKind,
    ChatState,
    NewAlert,
    Preferences,
    Priority,
    Target,
    WatchId,
)
from tests.crashing import Crash, Fuse, crashing_store
from tests.fakes_sender import FakeSender
from tests.flow import ZONE, FakeClock, Flow
from tests.store_samples import enqueue, save_story

MINUTE = timedelta(minutes=1)
DAY = datetime(2026, 8, 23, tzinfo=ZONE)
TWICE = Preferences(digest_hours=("07:00", "18:00"))
IN_TWO_ZONES = replace(TWICE, zone="Asia/Tokyo")  # two hours before Vietnam
LATE_SLEEPER = replace(TWICE, quiet=("22:00", "08:30"))
SLEEPER = replace(TWICE, quiet=("22:00", "06:30"))
WISHES = [TWICE, TWICE, TWICE, SLEEPER, SLEEPER, SLEEPER, LATE_SLEEPER, LATE_SLEEPER, IN_TWO_ZONES, IN_TWO_ZONES]
READERS = {Address(2000 + number): wishes for number, wishes in enumerate(WISHES)}
HOURS = {  # when each is told together, in Vietnam
    TWICE: ("07:00", "18:00"),
    SLEEPER: ("07:00", "18:00"),
    LATE_SLEEPER: ("08:30", "18:00"),
    IN_TWO_ZONES: ("05:00", "16:00"),
}
URGENT = {3 * 60 + 10, 6 * 60 + 59, 12 * 60 + 1}  # minutes of the day, each with a story that passes


@dataclass
class Phones(FakeSender):
    """What each reader's phone shows, and when it rang."""

    clock: FakeClock = field(default_factory=FakeClock)
    rang: list[tuple[Address, datetime, str]] = field(default_factory=list)

    def accept(self, message):  # type: ignore[no-untyped-def]
        self.rang.append((message.address, self.clock().astimezone(ZONE), message.html))
        return super().accept(message)

    def told(self) -> Counter[tuple[Address, str]]:
        """How often each story was told in each chat."""
        return Counter((who, url) for who, _at, html in self.rang for url in re.findall(r"bai-\d+\.html", html))


@dataclass
class Day:
    """The rows, the phones and the clock: what survives a process."""

    store: Store
    clock: FakeClock = field(default_factory=lambda: FakeClock(DAY))
    readers: Mapping[Address, Preferences] = field(default_factory=lambda: READERS)

    def __post_init__(self) -> None:
        self.phones = Phones(clock=self.clock)

    def process(self, fuse: Fuse | None = None) -> Flow:
        store = crashing_store(self.store, fuse) if fuse else self.store
        return Flow(store, self.phones, clock=self.clock, pace=Pace(per_second=10_000, private=timedelta(0)))

    def subscribe(self) -> None:
        with self.store.writing() as tx:
            for address, wishes in self.readers.items():
                tx.save_chat(Chat(address, ChatKind.PRIVATE, state=ChatState.ACTIVE, joined_at=self.clock()))
                tx.follow(address, Target("*"), now=self.clock())
                chat = tx.locked_chat(address)
                assert chat is not None
                prefer(tx, chat, wishes, zone=ZONE, now=self.clock())

    async def publish(self, number: int) -> None:
        """A story that all of them are to hear of."""
        story = await save_story(self.store, f"bai-{number}", seen_at=self.clock())
        priority = Priority.HIGH if number in URGENT else Priority.NORMAL
        rows = [
            NewAlert(each, AlertKind.ALERT, first_key(story), story, watch_ids=(WatchId("putin"),), priority=priority)
            for each in self.readers
        ]
        await enqueue(self.store, *rows, now=self.clock())

    def restarted(self) -> Flow:
        """The next process: whatever the last one had in its hands is lost with it."""
        with self.store.writing() as tx:
            tx.forget_leases(now=self.clock())
        return self.process()


async def tick(flow: Flow) -> None:
    """What the service does each second."""
    await flow.tell_together()
    while alerts := await flow.deliver.claim(limit=10):
        for alert in alerts:
            await flow.deliver.deliver(alert)


def minutes(until: int = 24 * 60) -> Iterator[int]:
    """Each fifth of a day, and those around the hours at which something is due."""
    due = {int(each[:2]) * 60 + int(each[3:]) for hours in HOURS.values() for each in hours}
    near = {at + more for at in due for more in (-1, 0, 1)}
    return (each for each in range(until) if each % 5 == 0 or each in near or each in URGENT)


@pytest.mark.slow
async def test_a_day_of_digests_loses_nothing_and_repeats_nothing_also_over_a_restart_at_6_59(store: Store) -> None:
    day = Day(store)
    day.subscribe()
    flow = day.process()
    published = set()
    for minute in minutes():
        day.clock.now = DAY + minute * MINUTE
        if minute % 25 == 0 or minute in URGENT:
            await day.publish(minute)
            published.add(f"bai-{minute}.html")
        if minute == 6 * 60 + 59:
            held = await flow.deliver.claim(limit=10)  # and dies with them in its hands, before a word is sent
            assert held
            flow = day.restarted()
        await tick(flow)
        day.clock.now += MINUTE / 2
        await tick(flow)
    day.clock.now = DAY + timedelta(days=1, hours=9)
    await tick(flow)
    assert day.phones.told() == Counter({(who, url): 1 for who in READERS for url in published})
    for who, wishes in READERS.items():
        rang = [at for each, at, html in day.phones.rang if each == who and "🗞" in html and at.day == DAY.day]
        for hour in HOURS[wishes]:
            due = datetime.combine(DAY, datetime.strptime(hour, "%H:%M").time(), ZONE)  # noqa: DTZ007
            assert any(due <= at < due + MINUTE for at in rang), (who, hour, rang)
        assert len({f"{at:%H:%M}" for at in rang}) == len(HOURS[wishes]), "and at no other time"
    urgent = [at for _who, at, html in day.phones.rang if "🔔" in html]
    assert {at.hour * 60 + at.minute for at in urgent} == URGENT


TWO = dict(list(READERS.items())[:2])


async def emptied(store: Store) -> None:
    with store.writing() as tx:
        for table in reversed(metadata.sorted_tables):
            tx._change(delete(table))


async def morning(store: Store, fuse: Fuse) -> Day:
    """Twenty stories wait for two readers at seven; the fuse burns in the process that gathers them."""
    await emptied(store)
    day = Day(store, readers=TWO)
    day.subscribe()
    for number in range(20):
        await day.publish(number + 1)
    day.clock.now = DAY + timedelta(hours=7)
    dying = day.process(fuse)
    try:
        await dying.tell_together()
    except Crash:
        assert fuse.died_at
    await tick(day.restarted())
    return day


@pytest.mark.slow
async def test_a_crash_before_any_step_of_the_fold_loses_nothing_and_repeats_nothing(store: Store) -> None:
    fuse = Fuse()
    expected = Counter({(who, f"bai-{n + 1}.html"): 1 for who in TWO for n in range(20)})
    assert (await morning(store, fuse)).phones.told() == expected
    assert {"locked_chat", "waiting_news", "fold_alerts", "save_chat", "before commit"} <= set(fuse.trail)
    for step in range(1, fuse.steps + 1):
        deadly = Fuse(left=step)
        day = await morning(store, deadly)
        assert deadly.died_at
        assert day.phones.told() == expected, f"step {step}, {deadly.died_at}"
